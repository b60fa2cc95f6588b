"""The event unit against recorded RTL runs: every grant cycle and every value read."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[1] / "flexdbg" / "core"
DATA = HERE.parent / "data" / "event_unit.json.gz"
EVENT_UNIT = 0x10204000
MASK32 = 0xFFFFFFFF
MHARTID = 0xF14

Values = dict[int, "int | None"]


def signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def execute(
    word: int, hart: int, x: Values, memory: dict[int, int]
) -> tuple[int, int | None, int | None] | None:
    """One instruction of the recorded programs; a memory access as (address, stored value, loaded register).

    Registers whose value depends on the event unit are None. Jumps are not followed: the trace does that.
    """
    opcode, rd, funct3 = word & 0x7F, word >> 7 & 31, word >> 12 & 7
    a, b = x[word >> 15 & 31], x[word >> 20 & 31]
    imm = signed(word >> 20, 12)
    result: int | None = None
    access: tuple[int, int | None, int | None] | None = None
    if opcode == 0x37:
        result = word & 0xFFFFF000
    elif opcode == 0x13 and a is not None:
        result = {0: a + imm, 1: a << (imm & 31), 7: a & imm}[funct3]
    elif opcode == 0x33 and a is not None and b is not None:
        result = {(0, 0): a + b, (0, 1): a << (b & 31), (0, 4): a ^ b, (1, 0): a * b}[word >> 25, funct3]
    elif opcode == 0x73 and word >> 20 == MHARTID:
        result = hart
    elif opcode == 0x03:
        assert a is not None
        address = (a + imm) & MASK32
        access = (address, None, rd)
        result = memory.get(address, 0) if address < EVENT_UNIT else None
    elif opcode == 0x23:
        assert a is not None and b is not None, "a stored value depends on the event unit"
        access = ((a + signed(word >> 25 << 5 | rd, 12)) & MASK32, b, None)
    if opcode in (0x37, 0x13, 0x33, 0x73, 0x03) and rd:
        x[rd] = None if result is None else result & MASK32
    return access


def replay_lines(test: dict[str, Any]) -> list[str]:
    """One recorded program as the requests that the event unit sees."""
    code = {
        int(at, 16) + 4 * i: int(word, 16)
        for at, words in test["load"].items()
        for i, word in enumerate(words)
    }
    lines = [f"test {test['name']}"]
    for event in test.get("external_events", []):
        lines.append(f"raise {event['cycle']} {event['lines']} {event['core_mask']}")
    for hart, core in enumerate(test["per_core"]):
        x: Values = dict.fromkeys(range(32), 0)
        found: list[tuple[int, int | None, int | None]] = []
        last_write: dict[int, int] = {}  # register -> number of the access that loaded its final value
        for _, pc in core["trace"]:
            word = code[int(pc, 16)]
            access = execute(word, hart, x, code)
            if access is not None:
                found.append(access)
            if word & 0x7F in (0x37, 0x13, 0x33, 0x73, 0x03):
                last_write[word >> 7 & 31] = len(found) - 1 if access is not None else -1
        recorded = core["data_accesses"]
        assert [address for address, _, _ in found] == [int(entry[3], 16) for entry in recorded]
        for number, (entry, (address, stored, rd)) in enumerate(zip(recorded, found, strict=True)):
            if address < EVENT_UNIT:
                continue
            known = rd is not None and last_write.get(rd) == number
            expected = core["gpr"][rd] if known else "-"
            value = "0" if stored is None else f"{stored:x}"
            lines.append(
                f"{entry[2]} {hart} {entry[0]} {entry[1]} {address - EVENT_UNIT:x} {value} {expected}"
            )
    return [*lines, "end"]


def recorded_tests() -> list[dict[str, Any]]:
    with gzip.open(DATA, "rt") as file:
        tests: list[dict[str, Any]] = json.load(file)["tests"]
    return tests


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("event_unit") / "event_unit_test"
    sources = [HERE / "event_unit_test.cpp", *sorted(CORE.glob("event_unit*.cpp"))]
    flags = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-O1"]
    subprocess.run(["g++", *flags, *map(str, sources), "-o", str(target)], check=True)
    return target


def test_recorded_waits_are_listed_among_the_accesses() -> None:
    for test in recorded_tests():
        for wait in test["elw"]:
            grants = {(entry[0], entry[1]) for entry in test["per_core"][wait["core"]]["data_accesses"]}
            assert (wait["T"], wait["grant"]) in grants


def test_every_recorded_grant_and_value(program: Path, tmp_path: Path) -> None:
    trace = tmp_path / "replay.txt"
    trace.write_text("\n".join(line for test in recorded_tests() for line in replay_lines(test)) + "\n")
    done = subprocess.run([str(program), str(trace)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_behaviour_without_recordings(program: Path) -> None:
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
