"""The assembler: syntax, values, and messages."""

from __future__ import annotations

import re

import pytest
from flexdbg.isa import AssemblyError, Memory, State, assemble, step
from hypothesis import given
from hypothesis import strategies as st


def words(text: str, **options: object) -> list[int]:
    return [e.word for e in assemble(text, **options)]  # type: ignore[arg-type]


def test_every_reference_line_gives_the_reference_word(reference_lines: list[tuple[str, int]]) -> None:
    assert len(reference_lines) > 700
    wrong = [(line, hex(word)) for line, word in reference_lines if words(line) != [word]]
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "P.LW A0, 4(A1!)",
        "p.lw x10,4(x11!)",
        "  p.lw a0 , 0x4 ( a1 ! )  # comment",
        "p.lw a0, 2+2(a1!) // comment",
        "p.lw a0, /* inside */ 4(a1!)",
        "here: p.lw a0, '\\4'-'\\4'+4(a1!)",
        ".equ N, 4\np.lw a0, N(a1!)",
        "N = 4; p.lw a0, N(a1!)",
    ],
)
def test_spellings_of_one_instruction(text: str) -> None:
    assert words(text) == [0x0045A50B]


def test_fp_is_s0() -> None:
    assert words("add fp, s0, x8") == words("add x8, x8, x8")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("nop", "addi x0, x0, 0"),
        ("mv a0, a1", "addi a0, a1, 0"),
        ("not a0, a1", "xori a0, a1, -1"),
        ("neg a0, a1", "sub a0, x0, a1"),
        ("seqz a0, a1", "sltiu a0, a1, 1"),
        ("j 8", "jal x0, 8"),
        ("jr a0", "jalr x0, 0(a0)"),
        ("ret", "jalr x0, 0(x1)"),
        ("jal 8", "jal x1, 8"),
        ("jalr a0", "jalr x1, 0(a0)"),
        ("beqz a0, 8", "beq a0, x0, 8"),
        ("bgt a0, a1, 8", "blt a1, a0, 8"),
        ("csrr a0, simd_fmt", "csrrs a0, 0x00d, x0"),
        ("csrw IVEC_FMT, a0", "csrrw x0, 13, a0"),
        ("csrw a_skip, 3", "csrrwi x0, 0x106, 3"),
        ("csrwi LEGACY_MODE, 0", "csrrwi x0, 0x010, 0"),
        ("add a0, a1, 5", "addi a0, a1, 5"),
        ("p.sw a0, 4(a1)", "sw a0, 4(a1)"),
        ("lw a0, (a1)", "lw a0, 0(a1)"),
        ("fence", "fence iorw, iorw"),
        ("pv.add.v a0, a1, a2", "pv.add.h a0, a1, a2"),
        ("pv.sdotsp.sc.v a0, a1, a2", "pv.sdotsp.sc.h a0, a1, a2"),
        ("pv.mlsdotsup.v a0, x0, 9", "pv.mlsdotsup.h a0, x0, 9"),
        ("p.macs a0, a1, a2", "p.macsn a0, a1, a2, 0"),
    ],
)
def test_other_names(text: str, plain: str) -> None:
    assert words(text) == words(plain)


def test_statements_share_a_line_and_labels_stand_before_them() -> None:
    assert words("a: b: nop; nop\nj a; j b") == [0x13, 0x13, *words("j -8"), *words("j -12")]


def test_numeric_labels_look_forwards_and_backwards() -> None:
    source = "1: nop\n j 1f\n1: nop\n bnez a0, 1b\n lp.setup x0, a2, 1f\n nop\n1: nop"
    assert words(source)[1] == words("j 4")[0]
    assert words(source)[3] == words("bnez a0, -4")[0]
    assert words("0: nop\n bnez a0, 0b")[1] == words("bnez a0, -4")[0]  # not a binary number
    assert words(source)[4] == words("lp.setup x0, a2, 8")[0]


def test_targets_are_distances_unless_addresses_are_asked_for() -> None:
    assert words("beq a0, a1, 16", origin=0x100) == words("beq a0, a1, .+16")
    assert words("beq a0, a1, 0x110", origin=0x100, addresses=True) == words("beq a0, a1, 16")


def test_directives() -> None:
    text = ".half 1, -1; .byte 'A'\n.align 2\n.word end, 0xffffffff\n.space 2\n.asciz \"h;\\n\"\nend:"
    data = b"".join(e.data for e in assemble(text, 0x1000))
    assert data[:5] == b"\x01\0\xff\xffA"
    assert data[8:12] == (0x1000 + len(data)).to_bytes(4, "little")
    assert data.endswith(b"\xff\xff\xff\xff\0\0h;\n\0")


def test_alignment_of_code_is_filled_with_instructions_that_do_nothing() -> None:
    assert words("c.nop\n.align 3\nnop") == [1, 1, 0x13, 0x13]


@given(st.integers(-(1 << 31), (1 << 32) - 1))
def test_li_loads_any_word(value: int) -> None:
    memory, state = Memory(), State()
    encoded = assemble(f"li a0, {value}")
    for e in encoded:
        memory.load(e.address, e.data)
    for _ in encoded:
        step(state, memory)
    assert state.x[10] == value & 0xFFFFFFFF
    assert len(encoded) <= 2


def test_li_of_a_later_symbol_keeps_the_addresses() -> None:
    encoded = assemble("li a0, later\nj end\n.equ later, 5\nend: nop")
    assert [e.address for e in encoded] == [0, 4, 8, 12]


def test_la_and_call_reach_their_label() -> None:
    memory, state = Memory(), State(pc=0x1C008000)
    for e in assemble("la a0, data\ncall code\nnop\ncode: nop\ndata: .word 7", 0x1C008000):
        memory.load(e.address, e.data)
    for _ in range(4):
        step(state, memory)
    assert state.x[10] == 0x1C008018
    assert state.pc == 0x1C008014
    assert state.x[1] == 0x1C008010


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nop\naddi a0, a1, 5000", "line 2: addi: operand 3: value 5000 is not in -2048..2047"),
        ("beq a0, a1, 3", "distance to the target 3 is not in -4096..4094 in steps of 2"),
        ("pv.sdotsp.sci.b a0, a1, -33", "operand 3: value -33 is not in -32..31"),
        ("pv.extract.b a0, a1, 4", "value 4 is not in 0..3"),
        ("pv.mlsdotsup.b a0, a1, 24", "operand 3: value 24 is not in 0..23"),
        ("p.lw a0, 4(q1!)", "operand 3: 'q1' is no register"),
        ("c.lw a0, 4(t0)", "register t0 is not allowed here; wanted x8..x15"),
        ("lp.setup 0, a1, 8", "operand 1: '0' is no hardware loop; write x0 or x1"),
        ("csrr a0, a_adr", "'a_adr' is no CSR.*did you mean a_addr"),
        ("pv.sdtosp.b a0, a1, a2", "unknown instruction 'pv.sdtosp.b'; did you mean pv.sdotsp.b"),
        ("add a0, a1", "add takes 'rd, rs1, rs2'"),
        ("addi a0, a1, a2", "operand 3: a2 is a register, wanted a number in -2048..2047"),
        ("j nowhere", "unknown symbol 'nowhere'"),
        ("lop: j loop", "unknown symbol 'loop'; did you mean lop"),
        ("c.addi4spn a0, sp, 0", "imm != 0 is required"),
        (".wrod 1", "unknown directive '.wrod'; did you mean .word"),
        ("a: nop\na: nop", "line 2: label 'a' is defined twice"),
        ("li a0, 1 +", "the expression stops short"),
        ("li a0, 1/0", "division by zero"),
        (".equ a, a\nli a0, a", "'a' is defined by itself"),
        ("lui a0, 0x100000", "value 1048576 is not in 0..1048575"),
    ],
)
def test_messages(text: str, message: str) -> None:
    with pytest.raises(AssemblyError, match="line") as caught:
        assemble(text)
    assert re.search(message, str(caught.value)), str(caught.value)


def test_an_instruction_of_another_core_is_refused() -> None:
    assert words("pv.mlsdotup.b a0, x0, 1", core="flexv")
    with pytest.raises(AssemblyError, match=r"pv\.mlsdotup\.b does not exist on ri5cy, only on flexv"):
        assemble("pv.mlsdotup.b a0, x0, 1", core="ri5cy")
    with pytest.raises(AssemblyError, match=r"pv\.add\.n does not exist on flexv"):
        assemble("pv.add.n a0, a1, a2", core="flexv")
