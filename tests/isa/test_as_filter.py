"""The source filter in front of GNU as."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flexdbg.isa import as_filter, assemble
from flexdbg.isa.as_filter import FilterError, rewrite

GCC = "riscv64-unknown-elf-gcc"
OBJCOPY = "riscv64-unknown-elf-objcopy"


def word(text: str) -> str:
    return f"0x{assemble(text)[0].word:08x}"


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("p.lw a0, 4(a1!)", f".insn 4, {word('p.lw a0, 4(a1!)')}"),
        ("l: P.LW A0,(a1!) ; nop # p.lw", f"l: .insn 4, {word('p.lw a0, (a1!)')} ; nop # p.lw"),
        ("lp.setup x0, a2, 1f", ".4byte 0x0006407b|((((1f)-.)>>1)<<20)"),
        ("p.beqimm a0, -1, loop", ".insn b 0x63, 2, x10, x31, loop"),
        ("p.lw a0, %lo(x)(a1)", "lw a0, %lo(x)(a1)"),
        ("csrw simd_fmt, a0", "csrw 0xd, a0"),
        ("csrr a0, mstatus", "csrr a0, 0x300"),
        ("csrr a0, 0x100", "csrr a0, 0x100"),
        ("pv.sdotsp.b \\d, \\a, \\b", ".insn r 0x57, 1, 0x5c, \\d, \\a, \\b"),
        ("p.lw \\d, 4(\\a!)", ".insn i 0xb, 2, \\d, 4(\\a)"),
        ("p.sw \\d, 4(\\a!)", ".insn s 0x2b, 2, \\d, 4(\\a)"),
        ('.string "p.lw a0, (a1!) ; # no"', '.string "p.lw a0, (a1!) ; # no"'),
        ("addi a0, a0, 1 // p.mac", "addi a0, a0, 1 // p.mac"),
    ],
)
def test_statements(source: str, result: str) -> None:
    assert rewrite(source)[0] == result


def test_lines_and_foreign_text_stay() -> None:
    source = '# 1 "k.S"\n\t.text\n/* p.lw\n*/ p.mac a0, a1, a2\n\t.loc 1 2 3\n'
    made, loops = rewrite(source)
    assert made.count("\n") == source.count("\n")
    assert made.replace(f".insn 4, {word('p.mac a0, a1, a2')}", "p.mac a0, a1, a2") == source
    assert not loops


def test_a_macro_of_the_source_hides_an_unknown_name() -> None:
    source = ".macro p.load d\n nop\n.endm\np.load a0\n"
    assert rewrite(source)[0] == source


def test_errors_name_the_line() -> None:
    with pytest.raises(FilterError, match=r"did you mean pv\.sdotsp\.b") as caught:
        rewrite("nop\npv.sdtosp.b a0, a1, a2")
    assert caught.value.line == 2
    with pytest.raises(FilterError, match=r"value 5000 is not in -2048\.\.2047"):
        rewrite("p.lw a0, 5000(a1!)")


KERNEL = """
#define STEP 4
        .equ    COUNT, 12
        .macro  dot d, a, b
        pv.sdotsp.b \\d, \\a, \\b
        pv.mlsdotsup.b \\d, zero, 9
        .endm
        .globl  f
f:      p.lw    a0, STEP(a1!) ; p.lw a2, (a1!)
        lp.setup x0, a2, 1f
        pv.sdotsp.sci.b a0, a1, -3
1:      p.mac   a0, a1, a2
        lp.setupi x1, COUNT, 2f
        nop
2:      nop
        p.bneimm a0, -1, f
        csrw    a_addr, a0
        dot     a0, a1, a2
"""
# What the assembler of this package makes of the same program, with the macro written out.
PLAIN = """
.equ COUNT, 12; .equ STEP, 4
f: p.lw a0, STEP(a1!) ; p.lw a2, (a1!)
lp.setup x0, a2, 1f
pv.sdotsp.sci.b a0, a1, -3
1: p.mac a0, a1, a2
lp.setupi x1, COUNT, 2f
nop
2: nop
p.bneimm a0, -1, f
csrw a_addr, a0
pv.sdotsp.b a0, a1, a2
pv.mlsdotsup.b a0, zero, 9
"""


@pytest.fixture
def tools(tmp_path: Path, tool: Callable[[str], str]) -> Path:
    tool(GCC)
    as_filter.install(tmp_path / "bin")
    return tmp_path / "bin"


def compile_text(tools: Path, folder: Path, name: str, text: str, *options: str) -> bytes:
    (folder / name).write_text(text)
    flags = ["-B", str(tools), "-march=rv32im_zicsr", "-mabi=ilp32", "-O2", "-g", *options]
    subprocess.run(
        [GCC, *flags, "-c", name, "-o", "out.o"], cwd=folder, check=True, capture_output=True, text=True
    )
    subprocess.run([OBJCOPY, "-O", "binary", "-j", ".text", "out.o", "out.bin"], cwd=folder, check=True)
    return (folder / "out.bin").read_bytes()


@pytest.mark.parametrize("options", [(), ("-pipe",)])
def test_gcc_assembles_a_kernel_as_this_assembler_does(
    tools: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    expected = b"".join(e.data for e in assemble(PLAIN))
    assert compile_text(tools, tmp_path, "k.S", KERNEL, *options) == expected


def test_inline_assembly(tools: Path, tmp_path: Path) -> None:
    code = (
        'int f(int *p) { int v; asm volatile("p.lw %0, 4(%1!)" : "=r"(v), "+r"(p) :: "memory"); return v; }'
    )
    data = compile_text(tools, tmp_path, "k.c", code)
    assert int(word("p.lw a5, 4(a0!)"), 16) & 0xFFF0707F in {
        int.from_bytes(data[k : k + 4], "little") & 0xFFF0707F for k in range(0, len(data), 4)
    }


def test_gcc_reports_file_and_line(tools: Path, tmp_path: Path) -> None:
    (tmp_path / "k.S").write_text("nop\n\npv.foo a0, a1\n")
    done = subprocess.run(
        [GCC, "-B", str(tools), "-c", "k.S"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "k.S:3: Error: unknown instruction 'pv.foo'" in done.stderr


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-I", str(as_filter.__file__), "-o", "x.o", "missing.s"]
    env = {"FLEXDBG_AS": "/bin/false", "PATH": "/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "as: missing.s: No such file or directory\n")
