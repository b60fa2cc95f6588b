"""Programs on machines of every size and preset, and programs of other run-time systems unmodified."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from flexdbg.catalog import bundled_program
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.loader import load_program

from .rig import Assembled, causes_sum, compute, foreign, machine, reasons, run_out

EXPECTED: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "programs" / "expected.json").read_text(encoding="utf-8")
)
# The flag at 0x1003FFF0 wraps in the TCDM; a file is opened where none may be.
WARNINGS = {"cluster": {"tcdm-wrap"}, "semihost": {"device"}}


def lines(cluster: Cluster) -> dict[str, list[str]]:
    """What each hart printed, line by line."""
    written: defaultdict[str, bytes] = defaultdict(bytes)
    for hart, data in cluster.take_output():
        written["fc" if hart == cluster.config.harts else str(hart)] += data
    return {hart: data.decode().splitlines() for hart, data in written.items()}


@pytest.mark.parametrize("preset", ["flexv", "gvsoc", "rtl", "gap8"])
@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("name", EXPECTED)
def test_foreign_programs(name: str, fast: bool, preset: str) -> None:
    wanted = EXPECTED[name]
    cluster = foreign(name, preset)
    assert cluster.config.boot == wanted["boot"]
    assert reasons(run_out(cluster, fast=fast)) == ["exit"]
    assert cluster.exit_status == wanted["status"]
    assert lines(cluster) == wanted["output"]
    assert causes_sum(cluster) == [cluster.cycle] * len(cluster.harts)
    assert {warning["kind"] for warning in cluster.take_warnings()} == WARNINGS.get(name, set())


@pytest.mark.parametrize("boot", ["fc", "cluster"])
@pytest.mark.parametrize("harts", range(1, 17))
def test_any_number_of_harts(harts: int, boot: str) -> None:
    cluster = machine("hello", harts=harts, boot=boot, fc=int(boot == "fc"))
    assert reasons(run_out(cluster)) == ["exit"]
    text = b"".join(data for _, data in cluster.take_output()).decode()
    assert text.splitlines() == [f"hello from hart {hart} of {harts}" for hart in range(harts)]
    assert cluster.exit_status == 0
    assert causes_sum(cluster) == [cluster.cycle] * len(cluster.harts)


@pytest.mark.parametrize("arbiter", ["hci", "classic", "classic12", "round_robin"])
@pytest.mark.parametrize("banks", [1, 4, 8, 16, 32, 64])
def test_any_number_of_banks(banks: int, arbiter: str) -> None:
    cluster = machine("barrier", tcdm_banks=banks, tcdm_arbiter=arbiter)
    assert reasons(run_out(cluster)) == ["exit"]
    text = b"".join(data for _, data in cluster.take_output()).decode()
    assert len(re.findall(r"arrived at +\d+, left at +\d+", text)) == 24
    assert len(cluster.banks()) == len(cluster.bank_counters()) == banks


def test_fewer_banks_mean_more_conflicts() -> None:
    conflicts = []
    for banks in (1, 4, 16, 64):
        cluster = compute(8).on(harts=8, tcdm_banks=banks)
        run_out(cluster)
        conflicts.append(sum(bank["conflicts"] for bank in cluster.bank_counters()))
        lost = sum(sum(row) for row in cluster.conflict_matrix())
        charged = sum(hart.ledger["bank_conflict"] for hart in cluster.harts)
        assert lost <= conflicts[-1] == charged  # a test-and-set wins as nobody
    assert conflicts[0] > conflicts[1] > conflicts[2] >= conflicts[3]


@pytest.mark.parametrize("preset", ["flexv", "gvsoc", "rtl", "gap8"])
@pytest.mark.parametrize("name", ["hello", "barrier", "dma-copy", "bankfight"])
def test_presets(name: str, preset: str) -> None:
    cluster = machine(name, preset)
    assert reasons(run_out(cluster)) == ["exit"]
    assert cluster.exit_status == 0
    text = b"".join(data for _, data in cluster.take_output()).decode()
    assert text and "wrong" not in text.replace(" 0 words wrong", "")


@pytest.mark.parametrize(
    "settings",
    [
        {
            "icache_private_size": 64,
            "icache_private_ways": 1,
            "icache_shared_size": 256,
            "icache_shared_ways": 1,
        },
        {"icache_shared_banks": 1},
        {"icache_shared_banks": 4, "icache_shared_ways": 2},
        {"icache_l2_first_beat": 1},
        {"icache_l2_first_beat": 100},
        {"icache_prefetch": True},
        {"l2_latency_load": 1, "l2_latency_store": 1},
        {"l2_latency_load": 300, "l2_latency_store": 7},
        {"soc_periph_latency": 1, "cluster_periph_latency": 1},
        {"demux_latency": 3},
        {"fc_fetch_latency": 7, "fc_l2_latency": 9, "fc_tcdm_latency": 1},
        {"eu_barrier_to_grant": 9, "eu_event_to_grant": 5, "elw_grant_to_next_ex": 9},
        {"elw_grant_to_next_ex": 1},
        {"dma_startup": 1, "dma_bytes_per_cycle": 1, "dma_burst": 8, "dma_outstanding": 1},
        {"dma_bytes_per_cycle": 64, "dma_port_queue": 1, "dma_global_queue": 1, "dma_2d_queue": 1},
        {"tas_extra_bank_cycles": 0},
        {"tcdm_size": 65536, "tcdm_banks": 2},
        {"quirks": "rtl"},
    ],
    ids=lambda settings: ", ".join(f"{key}={value}" for key, value in settings.items()),
)
def test_every_latency_and_size(settings: dict[str, object]) -> None:
    """The program's result does not depend on them; the ledger sums, and both ways to run agree."""
    for make in (lambda: machine("dma-copy", **settings), lambda: foreign("runtime", **settings)):
        ahead, step = make(), make()
        assert reasons(run_out(ahead)) == reasons(run_out(step, fast=False)) == ["exit"]
        assert ahead.exit_status == 0
        assert (ahead.cycle, ahead.state_digest()) == (step.cycle, step.state_digest())
        assert causes_sum(ahead) == [ahead.cycle] * len(ahead.harts)


@pytest.mark.parametrize("core", ["ri5cy", "xpulpnn", "mpic", "flexv"])
def test_cores(core: str) -> None:
    for name in ("hello", "bankfight"):
        assert reasons(run_out(machine(name, core=core))) == ["exit"]


def test_reset_starts_over() -> None:
    cluster, fresh = machine("hello"), machine("hello")
    cluster.run(4000)
    cluster.reset()
    assert cluster.cycle == 0
    assert cluster.exit_status is None
    assert cluster.history_bounds() == (0, 0)
    assert cluster.read_memory(0x1C000000, 0x10000) == bytes(0x10000)
    cluster.load_program(load_program(bundled_program("hello").path))
    assert cluster.state_digest() == fresh.state_digest()
    assert [hart.state for hart in cluster.harts] == [hart.state for hart in fresh.harts]
    cluster.run(3000)
    fresh.run(3000)
    assert cluster.state_digest() == fresh.state_digest()


def test_a_cluster_without_memory_of_earlier_runs() -> None:
    """A second machine in the same process is independent."""
    one, two = machine("hello"), compute(4).on(harts=4)
    for _ in range(50):
        one.run(37)
        two.run(41)
    alone = compute(4).on(harts=4)
    alone.run(50 * 41)
    assert two.state_digest() == alone.state_digest()


STOPPING = """
  csrr s0, mhartid
  li s1, 0x10200000
  bnez s0, work
  li s2, {first}
1:
  addi s2, s2, -1
  bnez s2, 1b
  li t0, 3
  sw t0, 8(s1)             # harts 2 and 3 stop
  li s2, {second}
1:
  addi s2, s2, -1
  bnez s2, 1b
  li t0, 15
  sw t0, 8(s1)             # and start again at their boot address
  li s2, 80
1:
  addi s2, s2, -1
  bnez s2, 1b
  ebreak
work:
  li s3, {place}
again:
  addi a0, a0, 1
  lw a2, 0(s3)
  lw a2, 4(s3)
  div a3, a0, a2
  csrr a4, mhartid
  j again
"""


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("place", [0x10000000, 0x1C080000], ids=["tcdm", "l2"])
def test_harts_that_are_stopped_and_started_again(place: int, fetch: str) -> None:
    """In the middle of whatever they do: fetching, dividing, waiting for memory."""
    for first in range(1, 40, 2):
        program = Assembled(STOPPING.format(place=place, first=first, second=first % 7 + 1))
        step, ahead = (program.on(harts=4, fetch=fetch) for _ in range(2))
        seen = set()
        while True:
            stops = step.run(5, fast=False)
            assert causes_sum(step) == [step.cycle] * 4
            if reasons(stops) != ["cycles"]:
                break
            seen.add(step.harts[3].state)
            executed = step.counters(3)["instructions"]
            if step.harts[3].state == "off":
                assert step.harts[2].state == "off"
                step.run(1, fast=False)
                assert step.counters(3)["instructions"] == executed
        assert reasons(stops) == ["ebreak"]
        assert seen == {"running", "off"}
        assert step.counters(3)["instructions"] > 30
        assert reasons(run_out(ahead)) == ["ebreak"]
        assert (ahead.cycle, ahead.state_digest()) == (step.cycle, step.state_digest())


def test_output_keeps_order_and_authors() -> None:
    cluster = machine("hello")
    run_out(cluster)
    pieces = cluster.take_output()
    assert cluster.take_output() == []
    assert {hart for hart, _ in pieces} <= set(range(9))


def test_counters_add_up() -> None:
    program = Assembled("""
  li a0, 0x10000000
  lw a1, 0(a0)
  sw a1, 4(a0)
  lw a1, 2(a0)
  pv.dotsp.b a2, a1, a1
  pv.sdotsp.h a2, a1, a1
  li a3, 0x1c080000
  lw a4, 0(a3)
  beqz zero, on
  nop
on:
  jal ra, there
there:
  ebreak
""")
    cluster = program.on()
    run_out(cluster)
    counters = cluster.counters(0)
    wanted = {"instructions": 10, "loads": 3, "stores": 1, "tcdm_accesses": 4, "l2_accesses": 1, "dotps": 2}
    wanted |= {"macs": 6}
    wanted |= {"branches": 1, "taken_branches": 1, "jumps": 1, "periph_accesses": 0}
    assert {name: counters[name] for name in wanted} == wanted
    assert sum(bank["accesses"] for bank in cluster.bank_counters()) == 4
