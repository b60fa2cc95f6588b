"""What stock GCC does not know of these cores: hardware loops, and Mac&Load results that come one stage late.

A loop is marked by `xpulp.begin COUNT` before it and `xpulp.again REG` ahead of its closing branch
(kernels/published/published.h).
PULP's own GCC makes such loops by itself (pulp-platform/pulp-riscv-gcc:gcc/config/riscv/riscv.md).
"""

from __future__ import annotations

import re

__all__ = ["HardwareLoopError", "finish"]

_NOISE = re.compile(r"#|\s*\.(file|ident)\b")
_BEGIN = re.compile(r"\s*xpulp\.begin\s+(\w+)")
_AGAIN = re.compile(r"\s*xpulp\.again\s+(\w+)")
_MACLOAD = re.compile(r"\s*pv\.mlsdot\S+\s+(\w+)")
_LABEL = re.compile(r"(\.L\w+):")
_BRANCH = re.compile(r"\s*(b\w+)\s+(\w+),(?:zero,)?(\.L\w+)")
_CODE = re.compile(r"\s+[a-z]")
_JUMP = re.compile(r"\s*(b\w+|j|jr|jal|jalr|call|tail|ret)\b")


class HardwareLoopError(ValueError):
    """A marked loop that is not straight code between its label and its branch."""


def finish(assembly: str, source: str) -> str:
    """Assembly that GCC made of `source`, with its marked loops made hardware loop 0."""
    lines = [line for line in assembly.splitlines() if not _NOISE.match(line)]
    lines.insert(0, f"// Compiled from firmware/{source}, hardware loops by firmware/kernels/xpulp_code.py.")
    lines.insert(1, "\t.cfi_sections\t.debug_frame")
    while (end := _first(lines, _AGAIN)) is not None:
        lines = _convert(lines, end)
    if _first(lines, _BEGIN) is not None:
        raise HardwareLoopError("a loop begins that has no end")
    return "\n".join(_spaced(lines)) + "\n"


def _spaced(lines: list[str]) -> list[str]:
    """A nop between a Mac&Load and an instruction right behind it that would read its old result."""
    spaced: list[str] = []
    result = None
    for line in lines:
        if _CODE.match(line):
            operands = line.split(None, 1)[1] if len(line.split()) > 1 else ""
            if result and result != "zero" and re.search(rf"\b{result}\b", operands):
                spaced.append("\tnop")
            macload = _MACLOAD.match(line)
            result = macload[1] if macload else None
        spaced.append(line)
    return spaced


def _first(lines: list[str], pattern: re.Pattern[str]) -> int | None:
    return next((index for index, line in enumerate(lines) if pattern.match(line)), None)


def _writes(line: str, register: str) -> bool:
    """Whether an instruction may change a register; its first operand is the one it writes, stores apart."""
    return bool(re.match(rf"\s+(?!s[bhw]\b)[a-z][\w.]*\s+{register}\b", line))


def _convert(lines: list[str], again: int) -> list[str]:
    marker = _AGAIN.match(lines[again])
    assert marker is not None
    branch = next(i for i in range(again + 1, len(lines)) if _JUMP.match(lines[i]))
    taken = _BRANCH.match(lines[branch])
    if taken is None or taken[1] != "bne" or taken[2] != marker[1]:
        raise HardwareLoopError(f"the loop ends with {lines[branch].strip()!r}")
    top = next((i for i, line in enumerate(lines) if line.startswith(taken[3] + ":")), None)
    if top is None or top > again:
        raise HardwareLoopError(f"the loop does not begin at {taken[3]}")
    body = [line for i, line in enumerate(lines[top + 1 : branch], top + 1) if i != again]
    if any(_JUMP.match(line) or _LABEL.match(line) for line in body):
        raise HardwareLoopError(f"loop {taken[3]} is not straight code")
    begin = max((i for i in range(top) if _BEGIN.match(lines[i])), default=None)
    if begin is None or any(_JUMP.match(line) for line in lines[begin + 1 : top]):
        raise HardwareLoopError(f"no count reaches loop {taken[3]}")
    count = _BEGIN.match(lines[begin])
    assert count is not None
    between = lines[begin + 1 : top]
    last = max(i for i, line in enumerate(body) if _CODE.match(line))
    closing = f".Lend_{taken[3][2:]}"
    body.insert(last, f"{closing}:")
    start = [f"\tlp.setup\tx0,{count[1]},{closing}"]
    if any(_writes(line, count[1]) for line in between):
        start = [f"\tlp.starti\tx0,{taken[3]}", f"\tlp.endi\tx0,{closing}"]
        between = [f"\tlp.count\tx0,{count[1]}", *between]
    # As `-mhwloopalign` of PULP's GCC: a 32-bit instruction at 2 mod 4 costs a cycle as the start of a loop.
    start.insert(0, "\t.balign\t4")
    return [*lines[:begin], *between, *start, f"{taken[3]}:", *body, *lines[branch + 1 :]]
