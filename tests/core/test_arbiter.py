"""The bank arbiters against recorded decisions of the RTL interconnects."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data" / "arbiter.json.gz"
TCDM_BASE = 0x10000000
EXTERNAL = 16  # request bit of the first port that is not a hart
HARTS = 8


def recordings() -> dict[str, Any]:
    with gzip.open(DATA, "rt") as file:
        data: dict[str, Any] = json.load(file)
    return data


def request_bit(port: int, harts: int) -> int:
    """The arbiter's request bit of a recorded port; recorded ports other than harts follow the harts."""
    return port if port < harts else port - harts + EXTERNAL


def trace_lines(test: dict[str, Any], kind: str, harts: int, channel0: int) -> list[str]:
    last_winner = int(test.get("policy", "").startswith("last-winner"))
    lines = [f"arbiter {kind} {harts} {last_winner}"]
    for trace in test["traces"]:
        masks = [int(mask, 16) for mask in trace["req"]]
        if any(mask >> port & 1 for mask in masks for port in range(harts, channel0)):
            continue  # asks at an accelerator port
        lines.append("reset")
        for mask, winner in zip(masks, trace["winner"], strict=True):
            bits = 0
            for port in range(32):
                if mask >> port & 1:
                    index = port if port < channel0 else port - channel0 + harts
                    bits |= 1 << request_bit(index, harts)
            index = -1 if winner is None else winner if winner < channel0 else winner - channel0 + harts
            lines.append(f"r {bits:x} {index if index < 0 else request_bit(index, harts)}")
    for table in test.get("table", []):
        winners = " ".join(map(str, table["winner_for_mask_1_to_255"]))
        lines.append(f"table {table['pointer']} {winners}")
    return lines


def recorded_lines() -> list[str]:
    data = recordings()
    lines: list[str] = []
    for test in data["arbitration"]:
        if test["interconnect"] == "hci":
            lines += trace_lines(test, "hci", HARTS, HARTS)
            continue
        # Twelve ports on the cores' channel: as twelve harts, and as eight with silent accelerators.
        lines += trace_lines(test, "classic", test["ports_ch0"], test["ports_ch0"])
        if test["ports_ch0"] > HARTS:
            lines += trace_lines(test, "classic12", HARTS, test["ports_ch0"])
    for run in data["contention"]:
        lines.append(f"arbiter {run['interconnect']} {HARTS} 0")
        for hart, accesses in enumerate(run["per_core"]):
            for entry in accesses:
                address = int(entry[3], 16)
                assert TCDM_BASE <= address < TCDM_BASE + 0x20000
                lines.append(f"a {hart} {entry[0]} {entry[1]} {address >> 2 & 15}")
        lines.append("contend")
    return lines


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("arbiter") / "arbiter_test"
    flags = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-O1"]
    subprocess.run(["g++", *flags, str(HERE / "arbiter_test.cpp"), "-o", str(target)], check=True)
    return target


def test_every_recorded_decision(program: Path, tmp_path: Path) -> None:
    trace = tmp_path / "decisions.txt"
    trace.write_text("\n".join(recorded_lines()) + "\n")
    done = subprocess.run([str(program), str(trace)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_for_every_number_of_harts(program: Path) -> None:
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
