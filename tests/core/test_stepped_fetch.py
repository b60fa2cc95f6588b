"""Fast instruction fetch against the stepped fetch unit, on recorded programs under random ports."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from flexdbg.machine.cluster import Cluster
from flexdbg.selftest.machine import cluster_for

from .rig import interrupts, reasons, run_out

DATA = Path(__file__).parents[1] / "data" / "conformance"
FAMILIES = ("A-timing", "C-mixed-programs", "D-macload", "E-matmul", "H-fetch")
KINDS = ["retire", "load", "store", "irq_ack"]


def recorded_programs() -> list[dict[str, Any]]:
    found = []
    for family in FAMILIES:
        tests = json.loads(gzip.decompress((DATA / f"{family}.json.gz").read_bytes()))["tests"]
        found += [test for test in tests if test.get("cores", 1) == 1]
    return found


def with_random_ports(test: dict[str, Any], pick: random.Random) -> dict[str, Any]:
    changed = {key: value for key, value in test.items() if key not in ("data_grant", "data_port")}
    changed["instr_port"] = {}
    if pick.random() < 0.6:
        changed["instr_port"]["icache"] = {
            "private_bytes": 512,
            "private_ways": 4,
            "shared_bytes": 4096,
            "shared_banks": 2,
            "shared_ways": 4,
            "line_bytes": 16,
            "enabled": True,
            "prefetch": pick.random() < 0.1,
            "l2_first_beat": pick.choice([3, 5, 15]),
        }
    if pick.random() < 0.6:
        refuse = [pick.choice([0, 0, 0, 1, 2, 5]) for _ in range(pick.randint(1, 5))]
        changed["data_port"] = {"refuse": refuse}
        if pick.random() < 0.5:
            changed["data_port"]["latency"] = [
                pick.choice([1, 1, 2, 3, 7]) for _ in range(pick.randint(1, 5))
            ]
    if "irq" in test and pick.random() < 0.7:
        changed["irq"] = [[pick.randint(5, 60), 3]]
    return changed


def observed(test: dict[str, Any], *, exact: bool) -> tuple[object, ...]:
    cluster = cluster_for(test, exact=exact)
    cluster.trace_start(KINDS, capacity=1 << 16)
    stop = cluster.run(6000)[0].reason
    return stop, *seen_of(cluster)


def seen_of(cluster: Cluster) -> tuple[object, ...]:
    assert all(sum(hart.ledger.values()) == cluster.cycle for hart in cluster.harts)
    registers = [cluster.registers(hart.index) for hart in cluster.harts]
    counted = [cluster.performance_events(hart.index) for hart in cluster.harts]
    return cluster.cycle, sorted(cluster.trace_records()), registers, counted


@pytest.mark.parametrize("seed", range(4))
def test_fast_fetch_equals_the_stepped_fetch_unit(seed: int) -> None:
    pick = random.Random(seed)
    programs = recorded_programs()
    for _ in range(300):
        test = with_random_ports(pick.choice(programs), pick)
        assert observed(test, exact=False) == observed(test, exact=True), (
            test["name"],
            test.get("data_port"),
        )


@pytest.mark.parametrize("seed", range(2))
def test_interrupts_and_slices_with_late_data(seed: int) -> None:
    """What the mode could change while an access waits in EX or WB: who gets the interrupt, and the slice."""
    pick = random.Random(seed)
    programs = [t for t in recorded_programs() if "irq" in t or "back-to-back" in t["name"]]
    for _ in range(400):
        test = with_random_ports(pick.choice(programs), pick)
        test["data_port"] = {
            "refuse": [pick.choice([0, 0, 1, 2, 5, 9]) for _ in range(pick.randint(1, 5))],
            "latency": [pick.choice([1, 1, 2, 3, 7]) for _ in range(pick.randint(1, 5))],
        }
        assert observed(test, exact=False) == observed(test, exact=True), (
            test["name"],
            test["data_port"],
        )


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("harts", [1, 4])
def test_interrupts_of_the_event_unit(harts: int, fetch: str) -> None:
    """Acknowledged in the same cycle, also in front of and behind an access to L2."""
    seen = []
    for exact in (False, True):
        cluster = interrupts(harts).on(harness={"exact": exact}, harts=harts, fetch=fetch)
        cluster.trace_start(KINDS, capacity=1 << 20)
        assert reasons(run_out(cluster)) == ["exit"]
        seen.append(seen_of(cluster))
    assert seen[0] == seen[1]
