"""The disassembler: canonical text, round trips, views."""

from __future__ import annotations

import random

import pytest
from flexdbg.isa import assemble, disassemble, disassemble_bytes, explain, isa_model
from hypothesis import given, settings
from hypothesis import strategies as st


def back(text: str, **options: object) -> int:
    (encoded,) = assemble(text, **options)  # type: ignore[arg-type]
    return encoded.word


@pytest.mark.parametrize("pseudo", [True, False])
def test_reference_words_round_trip(reference_lines: list[tuple[str, int]], pseudo: bool) -> None:
    for line, word in reference_lines:
        text = disassemble(word, pseudo=pseudo)
        assert not text.startswith("."), line
        assert back(text) == word, (line, text)


def test_every_16_bit_word_round_trips() -> None:
    for word in range(1 << 16):
        if word & 3 != 3:
            encoded = assemble(disassemble(word))
            assert [(e.word, e.length) for e in encoded] == [(word, 2)], hex(word)


def fill(match: int, mask: int, bits: int) -> int:
    return match | bits & ~mask & 0xFFFFFFFF


def test_random_operands_of_every_row_round_trip() -> None:
    rng = random.Random(5)
    for row in isa_model().instructions:
        for _ in range(12):
            word = fill(row.match, row.mask, rng.getrandbits(8 * row.length))
            assert back(disassemble(word)) == word, row.id


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, (1 << 32) - 1), st.booleans(), st.sampled_from([None, "flexv", "xpulpnn", "ri5cy", "mpic"])
)
def test_any_word_has_text_that_assembles_to_it(bits: int, pseudo: bool, core: str | None) -> None:
    word = bits | 3
    assert back(disassemble(word, core=core, pseudo=pseudo)) == word


@settings(max_examples=200, deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 31) - 1))
def test_absolute_targets_round_trip_at_their_address(bits: int, half: int) -> None:
    word, pc = bits & ~0x7F | 0x63, half * 2
    assert back(disassemble(word, pc), origin=pc, addresses=True) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (0x0045A50B, "p.lw a0, 4(a1!)"),
        (0x0642D07B, "lp.setupi x0, 100, .+10"),
        (0xD9058577, "pv.mlsdotsup.h a0, a1, 16"),
        (0x00D51073, "csrw simd_fmt, a0"),
        (0x10502573, "csrr a0, w_rollback"),
        (0x00008067, "ret"),
        (0x4581, "c.li a1, 0"),
        (0xFFFFFFFF, ".4byte 0xffffffff"),
        (0x0000, ".2byte 0x0000"),
        (0x02C58557, ".4byte 0x02c58557 # pv.add.h a0, a1, a2"),
        (0xB0F5F557, ".4byte 0xb0f5f557 # pv.insert.b a0, a1, 30"),
    ],
)
def test_canonical_text(word: int, text: str) -> None:
    assert disassemble(word) == text


def test_targets_are_absolute_when_the_address_is_known() -> None:
    word = back("bnez a0, -8")
    assert disassemble(word) == "bnez a0, .-8"
    assert disassemble(word, 0x1C008080) == "bnez a0, 0x1c008078"
    assert disassemble(word, 0x1C008080, symbol=lambda a: "loop") == "bnez a0, 0x1c008078 <loop>"


def test_csr_driven_view_names_the_operation_only() -> None:
    for name in ("pv.add.h", "pv.add.b", "pv.add.n", "pv.add.c"):
        word = back(f"{name} a0, a1, a2")
        assert disassemble(word, core="flexv", view="virtual") == "pv.add.v a0, a1, a2"
    assert disassemble(back("pv.sdotsp.sci.b a0, a1, -3"), view="virtual") == "pv.sdotsp.sci.v a0, a1, -3"
    assert disassemble(back("pv.mlsdotusp.n a0, a1, 9"), view="virtual") == "pv.mlsdotusp.v a0, a1, 9"
    assert disassemble(back("pv.pack a0, a1, a2"), view="virtual") == "pv.pack a0, a1, a2"


def test_cores_decide_what_is_an_instruction() -> None:
    macload = back("pv.mlsdotup.b a0, x0, 1")
    assert explain(macload, "flexv").row is not None
    assert explain(macload, "mpic").row is None
    v2 = back("pv.mlsdotup.b.1 a0, a1, a2")
    assert explain(v2, "xpulpnn").row is not None
    assert explain(v2, "flexv").row is None
    assert explain(back("pv.cplxconj.h a0, a1"), "xpulpnn").row is None


def test_xpulpnn_words_are_foreign_elsewhere() -> None:
    word = back("pv.add.n a0, a1, a2")
    assert explain(word, "flexv").foreign
    assert not explain(word, "xpulpnn").foreign


def test_both_reload_bits_are_illegal() -> None:
    word = back("pv.mlsdotup.b a0, x0, 0")
    for imm in range(32):
        found = explain(word | imm << 20, "flexv")
        assert (found.row is None) == (imm >= 24), imm


def test_a_piece_of_memory() -> None:
    data = b"".join(e.data for e in assemble("c.nop\nj 4\nc.nop\nret"))
    lines = list(disassemble_bytes(data, 0x100))
    assert [(a, t) for a, _, t in lines] == [
        (0x100, "c.nop"),
        (0x102, "j 0x106"),
        (0x106, "c.nop"),
        (0x108, "ret"),
    ]
    assert len(list(disassemble_bytes(data[:-1]))) == 3
