"""Run-ahead, lockstep, tracing and any slicing of a run give one and the same machine at every cycle."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache

import pytest

from flexdbg.machine.cluster import Cluster

from .random_code import FEATURES, random_program
from .rig import compute, foreign, interrupts, machine, reasons, run_out

Make = Callable[[], Cluster]

MACHINES: dict[str, Make] = {
    "hello": lambda: machine("hello"),
    "barrier": lambda: machine("barrier"),
    "bankfight": lambda: machine("bankfight"),
    "dotp": lambda: machine("dotp"),
    "dma-copy": lambda: machine("dma-copy"),
    "matmul-a8w8": lambda: machine("matmul-a8w8"),
    "matmul-a4w2": lambda: machine("matmul-a4w2"),
    "matmul-a2w2 rtl": lambda: machine("matmul-a2w2", "rtl"),
    "dma-copy gvsoc": lambda: machine("dma-copy", "gvsoc"),
    "dma-copy gap8": lambda: machine("dma-copy", "gap8"),
    "barrier rtl": lambda: machine("barrier", "rtl"),
    "bankfight classic": lambda: machine("bankfight", tcdm_arbiter="classic"),
    "bankfight classic12": lambda: machine("bankfight", tcdm_arbiter="classic12"),
    "bankfight round robin": lambda: machine("bankfight", tcdm_arbiter="round_robin"),
    "dma-copy round robin": lambda: machine("dma-copy", tcdm_arbiter="round_robin", fetch="ideal"),
    "matmul-a8w4 ideal": lambda: machine("matmul-a8w4", fetch="ideal"),
    "barrier ideal": lambda: machine("barrier", fetch="ideal"),
    "hello prefetch": lambda: machine("hello", icache_prefetch=True),
    "dotp cluster": lambda: machine("dotp", boot="cluster", fc=0),
    "dotp 16 harts": lambda: machine("dotp", harts=16),
    "runtime": lambda: foreign("runtime"),
    "sdk": lambda: foreign("sdk"),
    "cluster": lambda: foreign("cluster"),
    "semihost": lambda: foreign("semihost"),
    "compute": lambda: compute(8).on(harts=8),
    "compute icache": lambda: compute(8).on(harts=8, fetch="icache"),
    "compute 4 banks": lambda: compute(5).on(harts=5, tcdm_banks=4),
    "interrupts": lambda: interrupts(4).on(harts=4),
    "interrupts icache": lambda: interrupts(4).on(harts=4, fetch="icache"),
    "interrupts, mask late": lambda: interrupts(4, mask_first=False).on(harts=4),
    "interrupts alone": lambda: interrupts(1).on(),
}
LONGEST = 120_000


@cache
def recorded(name: str) -> tuple[list[int], list[str], int]:
    """Stop cycles at random, the digests of a run in lockstep at them, and the cycle of the exit."""
    rng = random.Random(name)
    end = MACHINES[name]()
    stops = end.run(LONGEST, fast=False)
    assert reasons(stops)[0] in ("exit", "cycles")
    cycles = sorted({rng.randrange(1, end.cycle) for _ in range(16)} | {end.cycle})
    cluster = MACHINES[name]()
    digests = []
    for cycle in cycles:
        cluster.run(cycle - cluster.cycle, fast=False)
        assert cluster.cycle == cycle
        digests.append(cluster.state_digest())
    assert digests[-1] == end.state_digest(), "slices of a run in lockstep differ from the whole"
    return cycles, digests, end.cycle


def visit(cluster: Cluster, cycles: list[int], **mode: bool) -> list[str]:
    digests = []
    for cycle in cycles:
        cluster.run(cycle - cluster.cycle, **mode)
        digests.append(cluster.state_digest())
    return digests


@pytest.mark.parametrize("name", MACHINES)
def test_run_ahead_equals_lockstep(name: str) -> None:
    cycles, digests, _ = recorded(name)
    assert visit(MACHINES[name](), cycles, fast=True) == digests


@pytest.mark.parametrize("name", MACHINES)
def test_one_long_run_ahead_equals_slices(name: str) -> None:
    cycles, digests, _ = recorded(name)
    for index in (3, 9, len(cycles) - 1):
        cluster = MACHINES[name]()
        cluster.run(cycles[index])
        assert (cluster.cycle, cluster.state_digest()) == (cycles[index], digests[index])


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("history", [True, False])
def test_stops_nobody_planned(name: str, history: bool) -> None:
    """The exit, and breakpoints on code that the machine was found in: harts may be ahead of them or not."""
    cycles, digests, end = recorded(name)
    there = MACHINES[name]()
    there.run(cycles[5], fast=False)
    places = {hart.pc for hart in there.harts}
    met: dict[bool, list[tuple[int, list[str], str]]] = {}
    for fast in (False, True):
        cluster = MACHINES[name]()
        if not history:
            cluster.set_history_budget(0)
        identifiers = [cluster.add_breakpoint(pc) for pc in sorted(places)]
        met[fast] = []
        for hits in range(12):
            stops = cluster.run(LONGEST - cluster.cycle, fast=fast)
            met[fast].append((cluster.cycle, reasons(stops), cluster.state_digest()))
            if reasons(stops)[0] != "breakpoint" or hits == 10:
                break
        for identifier in identifiers:
            cluster.remove(identifier)
        cluster.run(LONGEST - cluster.cycle, fast=fast)
        assert (cluster.cycle, cluster.state_digest()) == (end, digests[-1])
    assert met[True] == met[False]


@pytest.mark.parametrize("name", ["hello", "dma-copy", "sdk", "compute icache", "interrupts", "dotp"])
@pytest.mark.parametrize("slice_", [1, 7, 50])
def test_small_slices(name: str, slice_: int) -> None:
    """Also where a slice ends in the middle of everything."""
    cycles, digests, _ = recorded(name)
    cluster = MACHINES[name]()
    for cycle, digest in zip(cycles[:4], digests[:4], strict=True):
        cluster.run(max(0, cycle - 400 - cluster.cycle))
        while cluster.cycle < cycle:
            cluster.run(min(slice_, cycle - cluster.cycle))
        assert cluster.state_digest() == digest


@pytest.mark.parametrize("name", MACHINES)
def test_tracing_breakpoints_and_looking_change_nothing(name: str) -> None:
    cycles, digests, _ = recorded(name)
    cluster = MACHINES[name]()
    cluster.trace_start(["retire", "register", "load", "store", "denied", "stall", "fetch", "irq_ack", "elw"])
    cluster.add_breakpoint(0x1C17FFF0)
    cluster.add_watchpoint(0x1C180000, 64, "access")
    found = []
    for cycle in cycles:
        cluster.run(cycle - cluster.cycle)
        look(cluster)
        found.append(cluster.state_digest())
        look(cluster)
        if cycle == cycles[8]:
            cluster.trace_stop()
    assert found == digests


def look(cluster: Cluster) -> None:
    """Everything that a debugger may read."""
    for hart in cluster.harts:
        cluster.registers(hart.index)
        for csr in (0x300, 0x780, 0xB00, 0x100, 0x7C0, 0xF14):
            cluster.read_register(hart.index, 0x1000 + csr)
        _ = hart.state, hart.wait, hart.ledger, hart.counters, hart.pc
    cluster.read_memory(0x10000000, 256)
    cluster.read_memory(0x1C008000, 256)
    cluster.read_memory(0x10204000, 0x100)  # event unit: reading the buffer here does not clear it
    cluster.read_memory(0x10200400, 0x20)
    cluster.read_memory(0x10201800, 8)
    cluster.event_unit()
    cluster.dma()
    cluster.banks()
    cluster.bank_counters()
    cluster.conflict_matrix()
    cluster.icache_counters()
    cluster.history_bounds()
    cluster.trace_records()


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("harts", [1, 3, 8])
@pytest.mark.parametrize("busy", [False, True])
def test_random_programs(harts: int, fetch: str, busy: bool) -> None:
    for seed in range(8):
        features = random.Random(seed).sample(FEATURES, 4) if busy else ()
        program = random_program(seed, harts, features=features)
        ahead, step = (program.on(harts=harts, fetch=fetch) for _ in range(2))
        stops = run_out(step, fast=False)
        assert reasons(stops) == ["exit"], stops
        rng = random.Random(seed)
        cycles = sorted(rng.randrange(1, step.cycle) for _ in range(12))
        reference = program.on(harts=harts, fetch=fetch)
        for cycle in cycles:
            reference.run(cycle - reference.cycle, fast=False)
            ahead.run(cycle - ahead.cycle, fast=True)
            assert ahead.state_digest() == reference.state_digest(), f"seed {seed}, cycle {cycle}"
        assert reasons(run_out(ahead)) == ["exit"]
        assert (ahead.cycle, ahead.state_digest()) == (step.cycle, step.state_digest()), f"seed {seed}"


def test_the_same_run_twice() -> None:
    first, second = machine("dma-copy"), machine("dma-copy")
    run_out(first)
    run_out(second)
    assert first.state_digest() == second.state_digest()
    assert [h.ledger for h in first.harts] == [h.ledger for h in second.harts]


def test_a_digest_sees_a_bit() -> None:
    cluster = machine("hello")
    cluster.run(3000)
    before = cluster.state_digest()
    cluster.write_register(3, "t3", cluster.read_register(3, "t3") ^ 1)
    assert cluster.state_digest() != before
    cluster.write_register(3, "t3", cluster.read_register(3, "t3") ^ 1)
    assert cluster.state_digest() == before
    cluster.write_memory(0x10000123, bytes([cluster.read_memory(0x10000123, 1)[0] ^ 1]))
    assert cluster.state_digest() != before
