"""The scripted ports against the grant cycles recorded on the RTL (family H)."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests" / "data" / "conformance" / "H-fetch.json.gz"


def as_text(test: dict[str, Any]) -> Iterator[str]:
    """The lines that fetch_port_test.cpp reads for one recording."""
    port = test["instr_port"]
    yield f"test {test['name']}"
    if "refuse" in port:
        yield "refuse " + " ".join(map(str, port["refuse"]))
    if "grant_pattern" in port:
        yield f"pattern {port['grant_pattern']}"
    yield "latency " + " ".join(map(str, port.get("latency", [1])))
    yield from (f"fetch {cycle}" for cycle, _ in test["expect"]["fetches"])


def test_recorded_fetches_are_never_refused(build_core_test: Callable[..., Path]) -> None:
    program = build_core_test("fetch_port_test.cpp")
    with gzip.open(RECORDINGS) as file:
        tests = json.load(file)["tests"]
    text = "\n".join(line for test in tests if "icache" not in test["instr_port"] for line in as_text(test))
    result = subprocess.run([program], input=text, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
