"""Instruction semantics against results recorded from the Flex-V RTL.

tests/data holds the vectors: conformance B (legacy mode) and C (virtual formats) come from
pulp-platform/flex-v@main:rtl, rtl-vectors.csv from AlSaqr-platform/riscv_nn@shaheen:rtl.
semantics_test.cpp decodes and executes them.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
COMPILER = os.environ.get("CXX", "g++")


# The packed operations as the specification defines them, one lane at a time.

UNIFORM = {1: 16, 2: 8, 3: 4, 4: 2}
ZERO_EXTENDED = {"avgu", "minu", "maxu", "cmpgtu", "cmpgeu", "cmpltu", "cmpleu"}


def signed(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


# (a, b, width) -> lane; a and b unsigned, the result is cut to the lane.
OPERATIONS: dict[str, Callable[[int, int, int], int]] = {
    "add": lambda a, b, n: a + b,
    "sub": lambda a, b, n: a - b,
    "avg": lambda a, b, n: signed(a + b, n) >> 1,
    "avgu": lambda a, b, n: ((a + b) % (1 << n)) >> 1,
    "min": lambda a, b, n: min(signed(a, n), signed(b, n)),
    "max": lambda a, b, n: max(signed(a, n), signed(b, n)),
    "minu": lambda a, b, n: min(a, b),
    "maxu": lambda a, b, n: max(a, b),
    "srl": lambda a, b, n: a >> (b % n),
    "sra": lambda a, b, n: signed(a, n) >> (b % n),
    "sll": lambda a, b, n: a << (b % n),
    "or": lambda a, b, n: a | b,
    "xor": lambda a, b, n: a ^ b,
    "and": lambda a, b, n: a & b,
    "abs": lambda a, b, n: abs(signed(a, n)),
    "cmpeq": lambda a, b, n: -(a == b),
    "cmpne": lambda a, b, n: -(a != b),
    "cmpgt": lambda a, b, n: -(signed(a, n) > signed(b, n)),
    "cmpge": lambda a, b, n: -(signed(a, n) >= signed(b, n)),
    "cmplt": lambda a, b, n: -(signed(a, n) < signed(b, n)),
    "cmple": lambda a, b, n: -(signed(a, n) <= signed(b, n)),
    "cmpgtu": lambda a, b, n: -(a > b),
    "cmpgeu": lambda a, b, n: -(a >= b),
    "cmpltu": lambda a, b, n: -(a < b),
    "cmpleu": lambda a, b, n: -(a <= b),
}


def second_operand(operation: str, mode: str, word: int, rs2: int, replicated: int) -> int:
    if mode == "sci":
        field = ((word >> 20) & 31) << 1 | ((word >> 25) & 1)
        rs2 = field if operation in ZERO_EXTENDED else signed(field, 6)
    if mode == "vv":
        return rs2
    element = rs2 & ((1 << replicated) - 1)
    return sum(element << i for i in range(0, 32, replicated))


def clean_result(name: str, fmt: int, word: int, rs1: int, rs2: int) -> int | None:
    """Result of a virtual operation such as 'pv.add.sc.v/4x4' in format `fmt`; None for dot products."""
    parts = name.split("/")[0].split(".")
    operation, mode = parts[1], parts[2] if parts[2] in ("sc", "sci") else "vv"
    if operation not in OPERATIONS:
        return None
    width = UNIFORM.get(fmt, 32)
    b = second_operand(operation, mode, word, rs2, min(width, 16))
    result = 0
    for i in range(0, 32, width):
        mask = (1 << width) - 1
        result |= (OPERATIONS[operation]((rs1 >> i) & mask, (b >> i) & mask, width) & mask) << i
    return result


@dataclass(frozen=True)
class Case:
    """One recorded instruction; operands as hexadecimal text."""

    name: str
    word: str
    registers: tuple[int, int, int]  # rs1, rs2, rd
    values: tuple[str, str, str]
    legacy: int
    fmt: int
    cycle: int
    result: str

    def line(self, variant: str) -> str:
        """As semantics_test.cpp reads it; variant r has the defects of the RTL, c is clean."""
        operands = " ".join(f"{n} {v}" for n, v in zip(self.registers, self.values, strict=True))
        state = f"{self.legacy} {self.fmt} {self.cycle}"
        return f"{variant} {self.name} {self.word} {operands} {state} {self.result}"


def conformance_cases(name: str) -> Iterator[Case]:
    with gzip.open(DATA / "conformance" / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        groups: list[dict[str, Any]] = json.load(file)["groups"]
    for group in groups:
        legacy, fmt = group["state"]["sb_legacy"], group["state"].get("simd_fmt", 0)
        for row in group["vectors"]:
            v = dict(zip(group["columns"], row, strict=True))
            values = (v["rs1"], v["rs2"], v["rd_before"])
            cycle = v.get("mix_cycle_before", 0)
            yield Case(group["name"], v["instr"], (5, 6, 7), values, legacy, fmt, cycle, v["rd_after"])


def recorded(name: str) -> Iterator[str]:
    return (case.line("r") for case in conformance_cases(name))


def specified() -> Iterator[str]:
    """The lane operations of C again, with the results the specification wants."""
    for case in conformance_cases("C-mixed-vectors"):
        rs1, rs2, _ = (int(value, 16) for value in case.values)
        result = clean_result(case.name, case.fmt, int(case.word, 16), rs1, rs2)
        if result is not None:
            yield replace(case, result=f"{result:08x}").line("c")


def sister_branch() -> Iterator[str]:
    with gzip.open(DATA / "rtl-vectors.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = (row["rs1_x8"][2:], row["rs2_x9"][2:], row["rd_x20_before"][2:])
            state = (int(row["legacy_mode"]), int(row["ivec_fmt"]), int(row["mixed_cycle"]))
            name = row["name"].replace(" ", "_")
            case = Case(name, row["word"][2:], (8, 9, 20), values, *state, row["rd_x20_after"][2:])
            yield case.line("r")
            # The reference of the rows "model with ... carry" has the defect.
            if row["matches_reference"] == "1" and "carry" not in name:
                yield case.line("c")


@pytest.fixture(scope="module", params=["x86-64-v2", "x86-64"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test program with the vector instructions of the host, and with the portable code."""
    folder = tmp_path_factory.mktemp("semantics")
    subprocess.run([sys.executable, ROOT / "isa" / "generate.py", folder / "isa_gen.hpp"], check=True)
    output = folder / "semantics_test"
    source = ROOT / "tests" / "core" / "semantics_test.cpp"
    command = [COMPILER, "-std=c++20", "-O1", "-Wall", "-Wextra", f"-I{ROOT / 'flexdbg' / 'core'}"]
    command += [f"-I{folder}", "-o", str(output), str(source)]
    if os.uname().machine == "x86_64":
        command.append(f"-march={request.param}")
    subprocess.run(command, check=True)
    return output


def run(program: Path, lines: Iterator[str] | None = None) -> None:
    text = None if lines is None else "\n".join(lines)
    command = [str(program)] if text is None else [str(program), "-"]
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def test_lanes_and_kernels_agree_with_their_definition(program: Path) -> None:
    run(program)


def test_legacy_results_equal_the_rtl(program: Path) -> None:
    run(program, recorded("B-functional"))


def test_virtual_results_equal_the_rtl(program: Path) -> None:
    run(program, recorded("C-mixed-vectors"))


def test_clean_lane_results_equal_the_specification(program: Path) -> None:
    run(program, specified())


def test_sister_branch_results_equal(program: Path) -> None:
    run(program, sister_branch())
