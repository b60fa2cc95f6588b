"""Malformed input: the assembler gives its own error, the disassembler text, both in bounded time."""

from __future__ import annotations

import contextlib
import time

from flexdbg.isa import AssemblyError, assemble, disassemble, disassemble_bytes, isa_model
from flexdbg.isa.as_filter import FilterError, rewrite
from hypothesis import given, settings
from hypothesis import strategies as st

PIECES = st.sampled_from(
    [*sorted(isa_model().by_name)[::7], "a0", "x31", "a1!", "4(a1!)", "(", ")", ",", "!", "-", "1f", "1:",
     "label:", "label", ".", ".equ", ".word", ".align", ".org", ".space", "0x", "0xffffffff", "-2049", "'",
     '"', "%lo(", "%hi(a)", "#", "//", "/*", "*/", ";", "\n", "=", "<<", "\\x", "99999999999999999999",
     "simd_fmt", "é",
     "\0", "li", "call"]
)  # fmt: skip
LINES = st.lists(PIECES, max_size=12).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(st.one_of(LINES, st.text(max_size=80)))
def test_assembler(text: str) -> None:
    with contextlib.suppress(AssemblyError):
        for e in assemble(text):
            assert 0 <= e.word < 1 << 8 * e.length


@settings(max_examples=200, deadline=None)
@given(st.one_of(LINES, st.text(max_size=80)))
def test_filter(text: str) -> None:
    with contextlib.suppress(FilterError):
        assert rewrite(text)[0].count("\n") == text.count("\n")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, (1 << 32) - 1), st.sampled_from(["", "virtual"]))
def test_disassembler(word: int, pc: int, view: str) -> None:
    assert disassemble(word, pc, view=view)


@given(st.binary(max_size=64))
def test_memory(data: bytes) -> None:
    lines = list(disassemble_bytes(data))
    assert len(lines) <= len(data) // 2 + 1


def test_hostile_sizes_end_quickly() -> None:
    start = time.monotonic()
    for text in (
        ".space 99999999999", ".org 0x7fffffffffff", ".align 63", "(" * 5000, "li a0, " + "-" * 3000 + "1",
        "li a0, 1" + "<<62" * 500, "li a0, " + "(" * 2000 + "1", ".equ a, b; .equ b, a; li a0, a",
        "a:" * 3000,
        "".join(f".equ s{k}, s{k + 1}+s{k + 1}\n" for k in range(60)) + "li a0, s0", "/*" * 5000, '"' * 5001,
        "".join(f".equ s{k}, s{k + 1}\n" for k in range(3000)) + "li a0, s0",
        "".join(f".equ s{k}, {'(' * 50}s{k + 1}{')' * 50}\n" for k in range(39)) + ".equ s39, 1\nli a0, s0",
        "".join(f".equ s{k}, s{k + 1}+s{k + 1}\n" for k in range(39)) + ".equ s39, 1\nli a0, s0",
    ):  # fmt: skip
        with contextlib.suppress(AssemblyError):
            assemble(text)
    assert time.monotonic() - start < 5
