"""The record of a run: looking at other cycles, thinning, searching, and what triggers see in it."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flexdbg.errors import HistoryError, MachineError
from flexdbg.machine.cluster import CAUSES, Cluster

from .random_code import FEATURES, random_program
from .rig import TCDM, Assembled, compute, machine, reasons, run_out, symbol

KINDS = [
    "retire",
    "register",
    "nn",
    "csr",
    "mlc",
    "load",
    "store",
    "dma_read",
    "dma_write",
    "denied",
    "stall",
]


def traced(cluster: Cluster, cycles: int) -> list[tuple]:
    cluster.trace_start(KINDS, capacity=1 << 22)
    cluster.run(cycles)
    records = cluster.trace_records()
    cluster.trace_stop()
    return records


@pytest.mark.parametrize("name", ["matmul-a4w2", "dma-copy", "bankfight", "barrier"])
def test_records_are_those_of_a_traced_run(name: str) -> None:
    """Retire records carry the cycle in which the instruction left ID, which may lie before the range."""
    reference = machine(name)
    everything = traced(reference, 30_000)
    end = reference.cycle
    cluster = machine(name)
    cluster.run(end)
    digest, output = cluster.state_digest(), cluster.take_output()
    rng = random.Random(name)
    for _ in range(12):
        first = rng.randrange(end)
        last = min(first + rng.randrange(1, 900), end)
        found = cluster.records(first, last, KINDS)
        assert (cluster.cycle, cluster.state_digest()) == (end, digest)
        exact = [r for r in everything if r.kind != "retire" and first <= r.cycle < last]
        assert [r for r in found if r.kind not in ("retire", "stall")] == [
            r for r in exact if r.kind != "stall"
        ]
    assert cluster.take_output() == [] and output is not None
    assert cluster.take_warnings() == machine_warnings(name, end)


def machine_warnings(name: str, cycles: int) -> list[dict]:
    cluster = machine(name)
    cluster.run(cycles)
    return cluster.take_warnings()


def test_an_excursion_leaves_no_trace() -> None:
    cluster = compute(4, 300).on(harts=4, fetch="icache")
    cluster.run(20_000)
    cluster.goto_cycle(9_000)
    cluster.add_watchpoint(TCDM, 4096, "access")
    cluster.trace_start(["retire"], capacity=64)
    before = (cluster.cycle, cluster.state_digest(), cluster.history_bounds())
    with cluster.excursion():
        for cycle in (0, 20_000, 123, 16_384, 19_999):
            cluster.goto_cycle(cycle)
        with cluster.excursion():
            cluster.goto_cycle(5)
        for change in (
            lambda: cluster.run(10),
            lambda: cluster.step(0),
            lambda: cluster.write_register(0, "a0", 1),
            lambda: cluster.write_memory(TCDM, b"\0"),
            cluster.reset,
        ):
            with pytest.raises(MachineError, match="past"):
                change()
    assert (cluster.cycle, cluster.state_digest(), cluster.history_bounds()) == before
    assert cluster.trace_records() == []
    fresh = compute(4, 300).on(harts=4, fetch="icache")
    fresh.run(15_000)
    cluster.trace_stop()
    cluster.native.remove(1)
    cluster.run(6_000)
    assert cluster.state_digest() == fresh.state_digest()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 20),
    moves=st.lists(st.tuples(st.sampled_from("grwsebt"), st.integers(0, 1 << 30)), min_size=1, max_size=20),
)
def test_any_moves_land_where_a_fresh_run_lands(seed: int, moves: list[tuple[str, int]]) -> None:
    """g: goto, r: run, w: write, s: step alone, e: excursion, b: budget, t: records."""

    def make() -> Cluster:
        return random_program(seed % 3, 3, 150, FEATURES).on(harts=3, fetch=("icache", "ideal")[seed % 2])

    cluster = make()
    inputs: list[tuple[int, int, int]] = []  # cycle, hart, value
    cluster.run(20_000)
    for move, number in moves:
        _, last = cluster.history_bounds()
        if move == "g":
            cluster.goto_cycle(number % (last + 1))
        elif move == "r":
            cluster.run(number % 9000, fast=bool(number & 1 << 20))
        elif move == "w":
            inputs = [x for x in inputs if x[0] <= cluster.cycle]
            inputs.append((cluster.cycle, number % 3, number & 0xFFFF))
            cluster.write_register(number % 3, "s7", number & 0xFFFF)
        elif move == "e":
            with cluster.excursion():
                cluster.goto_cycle(number % (last + 1))
        elif move == "b":
            cluster.set_history_budget((number % 40 + 1) * 100_000)
        elif move == "t":
            cluster.records(number % (last + 1), number % (last + 1) + 50, ["retire"])
    fresh = make()

    def go(cycle: int) -> None:
        while fresh.cycle < cycle:
            fresh.run(cycle - fresh.cycle)

    for cycle, hart, value in inputs:
        if cycle > cluster.cycle:
            break
        go(cycle)
        fresh.write_register(hart, "s7", value)
    go(cluster.cycle)
    assert fresh.state_digest() == cluster.state_digest()


def test_the_record_keeps_to_its_budget() -> None:
    cluster = compute(8, 10**6).on(harts=8)
    budget = 3 << 20
    cluster.set_history_budget(budget)
    digests = {}
    rng = random.Random(5)
    for _ in range(40):
        cluster.run(rng.randrange(60_000, 120_000))
        digests[cluster.cycle] = cluster.state_digest()
        _, size = cluster.history_size()
        assert size <= budget + (1 << 17)
    end = cluster.cycle
    assert cluster.history_bounds() == (0, end)
    for cycle in [*rng.sample(sorted(digests), 12), end]:
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]
        assert cluster.history_size()[1] <= budget + (1 << 17)
    # The recent past is dense, the far one sparse.
    gaps = []
    cycle = end
    while cycle > 0:
        earlier = cluster.checkpoint_before(cycle)
        gaps.append(cycle - earlier)
        cycle = earlier
    assert max(gaps[:4]) <= 4 * 16384 < max(gaps)


def test_a_scan_sees_what_a_run_had_stopped_at() -> None:
    program = compute(6, 40)
    cluster = program.on(harts=6, fetch="icache")
    cluster.add_breakpoint(program["round"])
    cluster.add_watchpoint(TCDM + 64, 64, "write")
    stops: list[tuple] = []
    while cluster.cycle < 12_000:
        found = run_out(cluster)
        if reasons(found)[0] not in ("breakpoint", "watchpoint"):
            break
        stops += [(e.reason, e.hart, e.pc, e.cycle, e.old, e.new) for e in found]
    end = cluster.cycle
    rng = random.Random(3)
    for _ in range(20):
        first = rng.randrange(end)
        last = rng.randrange(first, end)
        seen = [(e.reason, e.hart, e.pc, e.cycle, e.old, e.new) for e in cluster.scan(first, last)]
        assert sorted(seen) == sorted(s for s in stops if first <= s[3] < last)


def test_steps_are_where_stepping_stops() -> None:
    for make in (lambda: machine("matmul-a8w4"), lambda: compute(4, 50).on(harts=4, fetch="icache")):
        cluster = make()
        cluster.run(3_000)
        places = []
        hart = 2
        while len(places) < 60:
            stops = cluster.step(hart)
            if reasons(stops)[0] != "step":
                break
            places.append((cluster.cycle, cluster.step_count(hart), cluster.harts[hart].pc))
        first, last = places[0][1], places[-1][1]
        assert [tuple(r) for r in cluster.steps(hart, first, last)] == places
        origin = cluster.first_step(hart)
        assert (origin.cycle, origin.number) == (0, 0)


def test_the_dma_is_watched_on_both_sides() -> None:
    source, target = symbol("dma-copy", "source") + 64, symbol("dma-copy", "target") + 64
    cluster = machine("dma-copy")
    run_out(cluster)
    end = cluster.cycle
    moved = cluster.records(0, end, ["dma_read", "dma_write"])
    assert {r.hart for r in moved} == {-1}
    assert sum(r.size for r in moved if r.kind == "dma_write") == cluster.dma()["bytes_moved"]
    for place in (source, target):
        for access, kind in (("read", "dma_read"), ("write", "dma_write")):
            wanted = [r for r in moved if r.kind == kind and r.a <= place < r.a + r.size]
            number = cluster.add_watchpoint(place, 1, access)
            seen = [e for e in cluster.scan(0, end) if e.hart == -1]
            cluster.remove(number)
            assert [(e.cycle, e.address) for e in seen] == [(r.cycle, r.a) for r in wanted]
            if wanted:
                assert all(
                    e.message == f"{'written' if access == 'write' else 'read'} by the DMA" for e in seen
                )


def test_event_triggers_see_what_records_show() -> None:
    cluster = machine("matmul-a4w2")
    cluster.run(40_000)
    first, last = 31_000, 34_000
    for kind in ("denied", "nn", "mlc", "csr", "register", "clip", "store"):
        records = cluster.records(first, last, [kind])
        number = cluster.add_event(kind)
        events = cluster.scan(first, last)
        cluster.remove(number)
        assert [(e.cycle, e.hart, e.address, e.new) for e in events] == [
            (r.cycle, r.hart, r.a, r.b) for r in records
        ], kind
        assert records or kind == "csr"
    number = cluster.add_event("denied", bank=3)
    for event in cluster.scan(first, last):
        assert (event.address - TCDM) // 4 % 16 == 3
    cluster.remove(number)
    wraps = cluster.records(first, last, ["mlc"])
    assert Counter(r.size & 2 for r in wraps)[2] > 10
    assert all((r.size & 2 != 0) == (r.old >= cluster_skip(cluster, r)) for r in wraps)


def cluster_skip(cluster: Cluster, record: tuple) -> int:
    return cluster.read_register(record[1], "w_skip" if record[6] & 1 else "a_skip")


@pytest.mark.parametrize(
    "cause", ["bank_conflict", "load_use", "barrier", "branch", "macload_hazard", "icache"]
)
def test_stall_events_stand_at_the_start_of_every_stall(cause: str) -> None:
    """Against the ledger, cycle by cycle."""
    name = "matmul-a8w8" if cause != "barrier" else "barrier"
    start = 900 if cause in ("icache", "barrier") else 30_000
    cluster = machine(name)
    cluster.run(start)
    expected = []
    ledgers = [cluster.ledger(hart)[cause] for hart in range(9)]
    charged = [True] * 9
    for _ in range(700):
        cycle = cluster.cycle
        cluster.step_cycles(1)
        now = [cluster.ledger(hart)[cause] for hart in range(9)]
        for hart in range(9):
            grown = now[hart] > ledgers[hart]
            if grown and not charged[hart]:
                expected.append((cycle, hart))
            charged[hart] = grown
        ledgers = now
    number = CAUSES.index(cause)
    cluster.add_event("charge", a=(number, number))
    seen = [(e.cycle, e.hart) for e in cluster.scan(start + 1, start + 700)]
    assert [x for x in expected if x[0] > start] == seen
    # Running forward meets the same ones.
    cluster.goto_cycle(start + 300)
    met = []
    while cluster.cycle < start + 500:
        met += [(e.cycle, e.hart) for e in cluster.run(start + 500 - cluster.cycle) if e.reason == "event"]
    assert met == [x for x in seen if start + 300 <= x[0] < start + 500]


def test_semihosting_is_the_hosts_access(tmp_path) -> None:
    program = Assembled("""
  la a1, text
  li a0, 4
  slli x0, x0, 31
  ebreak
  srai x0, x0, 7
  ebreak
text:
  .word 0x00000a69
""")
    cluster = program.on()
    cluster.add_watchpoint(program["text"], 1, "read")
    stop = run_out(cluster)[0]
    assert (stop.reason, stop.hart, stop.access) == ("watchpoint", 0, "read")
    assert stop.message == "read by the host, on a semihosting call"


def test_bad_ranges() -> None:
    cluster = machine("hello")
    cluster.run(1000)
    with pytest.raises(HistoryError, match="the first comes after the last"):
        cluster.records(10, 5, ["retire"])
    with pytest.raises(ValueError, match="unknown trace kind"):
        cluster.records(0, 5, ["everything"])
    with pytest.raises(HistoryError, match="more than 10 trace records"):
        cluster.records(0, 1000, ["retire"], limit=10)
    assert cluster.records(5000, 6000, ["retire"]) == []
    assert cluster.cycle == 1000
