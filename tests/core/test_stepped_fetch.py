"""Fast instruction fetch against the stepped fetch unit, on recorded programs under random ports."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest

from flexdbg.selftest.machine import cluster_for

DATA = Path(__file__).parents[1] / "data" / "conformance"
FAMILIES = ("A-timing", "C-mixed-programs", "D-macload", "E-matmul", "H-fetch")
KINDS = ["retire", "load", "store"]


def recorded_programs() -> list[dict[str, Any]]:
    found = []
    for family in FAMILIES:
        tests = json.loads(gzip.decompress((DATA / f"{family}.json.gz").read_bytes()))["tests"]
        found += [test for test in tests if test.get("cores", 1) == 1]
    return found


def with_random_ports(test: dict[str, Any], pick: random.Random) -> dict[str, Any]:
    changed = {key: value for key, value in test.items() if key not in ("data_grant", "data_port", "irq")}
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
    return changed


def observed(test: dict[str, Any], *, exact: bool) -> tuple[object, ...]:
    cluster = cluster_for(test, exact=exact)
    cluster.trace_start(KINDS, capacity=1 << 16)
    stop = cluster.run(6000)[0].reason
    hart = cluster.harts[0]
    assert sum(hart.ledger.values()) == cluster.cycle
    registers = [cluster.read_register(0, number) for number in range(32)]
    return stop, cluster.cycle, cluster.trace_records(), registers


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
