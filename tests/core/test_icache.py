"""The instruction-cache model against fetches recorded on the RTL (family H, groups icache-*)."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests" / "data" / "conformance" / "H-fetch.json.gz"
OPERATIONS = {"enable": 0, "disable": 1, "flush": 2, "flushp": 3, "sel": 4}  # ICache::Op


def recordings() -> list[dict[str, Any]]:
    with gzip.open(RECORDINGS) as file:
        tests: list[dict[str, Any]] = json.load(file)["tests"]
    return [test for test in tests if "icache" in test["instr_port"]]


def redirects(test: dict[str, Any], result: dict[str, Any]) -> dict[int, list[int]]:
    """Target address -> cycles in which the fetch unit learns of it: a jump in ID, a taken branch in EX."""
    names = {int(pc, 16): name for pc, _, name in test["asm"]}
    found: dict[int, list[int]] = {}
    for (cycle, pc), (_, target) in pairwise(result["trace"]):
        name = names[int(pc, 16)].split(" ")[0]
        taken = int(target, 16) - int(pc, 16) not in (2, 4)
        if taken and name.removeprefix("c.").removeprefix("p.").startswith(("b", "j")):
            in_execute = not name.removeprefix("c.").startswith("j")
            found.setdefault(int(target, 16) & ~1, []).append(result["start"] + cycle + in_execute)
    return found


def fetch_lines(test: dict[str, Any], core: int, result: dict[str, Any]) -> Iterator[str]:
    """One line a fetch; the last column: from which cycle its address is on the port, 0 if in order."""
    found = redirects(test, result)
    previous = None
    for grant, arrival, text in result["fetches"]:
        address = int(text, 16)
        known = 0
        if previous is not None and address != (previous[1] & ~3) + 4:
            known = max((c for c in found.get(address, []) if c <= grant), default=previous[0])
        yield f"fetch {core} {grant} {arrival} {text} {known}"
        previous = (arrival, address)


def as_text(test: dict[str, Any]) -> Iterator[str]:
    """The lines that icache_test.cpp reads: one recording from `test` to `end`."""
    port, expect = test["instr_port"], test["expect"]
    cache = port["icache"]
    flags = f"{cache['enabled']:d} {cache['prefetch']:d} {cache['l2_first_beat']}"
    yield f"test {test['name']} {flags} {test['cores']}"
    done = {(what, asked): cycle for what, asked, cycle in expect.get("control_done", [])}
    for cycle, what in port.get("control", []):
        operation, _, address = what.partition("=")
        yield f"control {cycle} {OPERATIONS[operation]} {address or 0} {done.get((what, cycle), '-')}"
    for core, result in enumerate(expect["per_core"]):
        yield from fetch_lines(test, core, result)
        yield f"tail {core} {result['start'] + result['halt_cycle']} {result['trace'][-1][1]}"
        counters = result["private"]
        yield f"private {core} " + " ".join(
            str(counters[name]) for name in ("hit", "transactions", "miss", "congestion")
        )
    for cycle, address in expect["refills"]:
        yield f"refill {cycle} {address}"
    shared = expect["shared"]
    yield "shared " + " ".join(map(str, shared["transactions"] + shared["miss"]))
    yield "end"


def test_every_recorded_fetch_arrives_in_its_cycle(build_core_test: Callable[..., Path]) -> None:
    replay = build_core_test("icache_test.cpp", "icache.cpp")
    text = "\n".join(line for test in recordings() for line in as_text(test))
    result = subprocess.run([replay], input=text, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
    assert f"{len(recordings())} recordings, 0 differ" in result.stdout


def test_every_fetch_and_operation_ends(build_core_test: Callable[..., Path]) -> None:
    stress = build_core_test("icache_stress_test.cpp", "icache.cpp")
    result = subprocess.run([stress], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
