"""Going back: checkpoints and replay land on the very machine that was there, whatever happened meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from flexdbg.errors import HistoryError
from flexdbg.machine.cluster import Cluster

from .random_code import FEATURES, random_program
from .rig import (
    TCDM,
    Assembled,
    causes_sum,
    compute,
    foreign,
    interrupts,
    machine,
    reasons,
    run_out,
)

Make = Callable[[], Cluster]

MACHINES: dict[str, Make] = {
    "hello": lambda: machine("hello"),
    "barrier": lambda: machine("barrier"),
    "dma-copy": lambda: machine("dma-copy"),
    "matmul-a4w2": lambda: machine("matmul-a4w2"),
    "matmul-a8w8 rtl": lambda: machine("matmul-a8w8", "rtl"),
    "sdk": lambda: foreign("sdk"),
    "runtime": lambda: foreign("runtime"),
    "compute": lambda: compute(8).on(harts=8),
    "compute icache": lambda: compute(8, 200).on(harts=8, fetch="icache"),
    "interrupts icache": lambda: interrupts(4, 300).on(harts=4, fetch="icache"),
    "random": lambda: random_program(5, 4, 200).on(harts=4, fetch="icache"),
    "random, everything": lambda: random_program(6, 4, 150, FEATURES).on(harts=4, fetch="icache"),
    "random, everything, ideal": lambda: random_program(7, 4, 150, FEATURES).on(harts=4),
}


def recorded(cluster: Cluster, rng: random.Random, count: int, longest: int = 90_000) -> dict[int, str]:
    """Digests of a run with stops at random cycles, and at those where checkpoints are made."""
    cycles = sorted({rng.randrange(longest) for _ in range(count)} | {0, 16384, 16385, 32768, 49152, 49151})
    digests = {}
    for cycle in cycles:
        stops = cluster.run(cycle - cluster.cycle, fast=rng.random() < 0.7) if cycle > cluster.cycle else []
        digests[cluster.cycle] = cluster.state_digest()
        if stops and reasons(stops) != ["cycles"]:
            break
    return digests


@pytest.mark.parametrize("name", MACHINES)
def test_random_walk(name: str) -> None:
    rng = random.Random(name)
    cluster = MACHINES[name]()
    digests = recorded(cluster, rng, 25)
    first, last = cluster.history_bounds()
    assert (first, last) == (0, max(digests))
    for _ in range(25):
        cycle = rng.choice(list(digests))
        assert cluster.goto_cycle(cycle) == []
        assert (cluster.cycle, cluster.state_digest()) == (cycle, digests[cycle])
        assert causes_sum(cluster) == [cycle] * len(cluster.harts)
        assert cluster.history_bounds()[1] == last


@pytest.mark.parametrize("name", ["dma-copy", "compute icache", "interrupts icache", "matmul-a4w2"])
def test_running_on_from_the_past_repeats_the_future(name: str) -> None:
    rng = random.Random(name)
    cluster = MACHINES[name]()
    digests = recorded(cluster, rng, 30)
    cycles = sorted(digests)
    for _ in range(12):
        index = rng.randrange(len(cycles) - 1)
        later = rng.randrange(index + 1, len(cycles))
        cluster.goto_cycle(cycles[index])
        cluster.run(cycles[later] - cycles[index], fast=rng.random() < 0.5)
        assert (cluster.cycle, cluster.state_digest()) == (cycles[later], digests[cycles[later]])


def test_a_small_budget_thins_history_but_keeps_it_right() -> None:
    cluster = machine("matmul-a8w8", fetch="ideal")
    cluster.set_history_budget(400_000)
    digests = {}
    while cluster.exit_status is None:
        cluster.run(7001)
        digests[cluster.cycle] = cluster.state_digest()
    assert cluster.history_bounds()[0] == 0
    rng = random.Random(1)
    for cycle in rng.sample(sorted(digests), 20):
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]
        if rng.random() < 0.2:
            cluster.set_history_budget(rng.choice([100_000, 300_000, 1 << 27]))


def test_beyond_the_ends() -> None:
    cluster = machine("hello")
    cluster.run(3000)
    snapshot = cluster.snapshot()
    cluster.restore(snapshot)
    with pytest.raises(HistoryError, match="2999 is not recorded: history begins at cycle 3000"):
        cluster.goto_cycle(2999)
    reference = machine("hello")
    reference.run(5000)
    cluster.goto_cycle(5000)
    assert (cluster.cycle, cluster.state_digest()) == (5000, reference.state_digest())


def test_stops_on_the_way_are_passed() -> None:
    cluster = machine("dma-copy")
    cluster.run(20_000)
    digest = cluster.state_digest()
    cluster.add_breakpoint(cluster.harts[2].pc)
    cluster.add_watchpoint(TCDM, 4096, "access")
    cluster.goto_cycle(100)
    cluster.goto_cycle(20_000)
    assert cluster.state_digest() == digest


def test_state_at_any_stop_is_the_state_of_its_cycle() -> None:
    """A breakpoint stops before anything of its cycle has happened, devices included."""
    program = compute(6)
    for label in ("round", "both", "take", "finish"):
        for fetch in ("ideal", "icache"):
            cluster = program.on(harts=6, fetch=fetch)
            cluster.add_breakpoint(program[label])
            plain = program.on(harts=6, fetch=fetch)
            for _ in range(8):
                if reasons(run_out(cluster))[0] == "exit":
                    break
                plain.run(cluster.cycle - plain.cycle)
                assert plain.state_digest() == cluster.state_digest()
            digest, cycle = cluster.state_digest(), cluster.cycle
            cluster.goto_cycle(cycle // 2)
            cluster.goto_cycle(cycle)
            assert cluster.state_digest() == digest


def test_debugger_writes_are_replayed() -> None:
    rng = random.Random(3)
    cluster = compute(4, 300).on(harts=4, fetch="icache")
    digests = {}
    for _ in range(40):
        cluster.run(rng.randrange(1, 1500))
        hart = rng.randrange(4)
        kind = rng.random()
        if kind < 0.3:
            cluster.write_register(hart, rng.choice(["a3", "a5", "a6", "a7", "t3"]), rng.getrandbits(32))
        elif kind < 0.5:
            cluster.write_memory(TCDM + 4 * rng.randrange(64, 600), rng.randbytes(rng.randrange(1, 9)))
        elif kind < 0.6:
            cluster.write_register(hart, "nn_w1", rng.getrandbits(32))
        elif kind < 0.7:
            cluster.write_register(hart, "a_stride", rng.getrandbits(8))
        digests[cluster.cycle] = cluster.state_digest()
    cluster.run(100)
    digests[cluster.cycle] = cluster.state_digest()
    for cycle in rng.sample(sorted(digests), 30):
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]
    cycles = sorted(digests)
    cluster.goto_cycle(cycles[4])
    cluster.run(cycles[-1] - cycles[4])  # running on meets the recorded writes as well
    assert cluster.state_digest() == digests[cycles[-1]]


def test_a_write_in_the_past_starts_a_new_future() -> None:
    def prepared() -> Cluster:
        return compute(4, 100).on(harts=4)

    cluster = prepared()
    cluster.run(8000)
    old = cluster.state_digest()
    cluster.goto_cycle(2500)
    cluster.write_register(2, "s4", 64)
    assert cluster.history_bounds() == (0, 2500)
    cluster.run(5500)
    new = cluster.state_digest()
    assert new != old

    fresh = prepared()
    fresh.run(2500)
    fresh.write_register(2, "s4", 64)
    fresh.run(5500, fast=False)
    assert fresh.state_digest() == new
    cluster.goto_cycle(1000)
    cluster.goto_cycle(8000)
    assert cluster.state_digest() == new


def test_a_write_to_pc_is_replayed() -> None:
    for fetch in ("ideal", "icache"):
        program = compute(3, 100)
        cluster = program.on(harts=3, fetch=fetch)
        cluster.run(900)
        cluster.write_register(1, "pc", program["both"])
        assert cluster.harts[1].pc == program["both"]
        at_once = cluster.state_digest()
        cluster.run(3000)
        assert causes_sum(cluster) == [3900] * 3
        later = cluster.state_digest()
        cluster.goto_cycle(900)
        assert cluster.state_digest() == at_once
        cluster.goto_cycle(10)
        cluster.run(3890)
        assert cluster.state_digest() == later


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
def test_a_write_to_pc_at_any_cycle(fetch: str) -> None:
    program = compute(2, 4)
    for cycle in [*range(12), *range(60, 400, 7)]:
        cluster = program.on(harts=2, fetch=fetch)
        cluster.run(cycle)
        cluster.write_register(0, "pc", program["both"])
        assert causes_sum(cluster) == [cycle] * 2
        instructions = cluster.counters(0)["instructions"]
        cluster.run(3000)  # it may end in a deadlock: the way back from a lock or to a barrier was left out
        assert cluster.counters(0)["instructions"] > instructions + 20
        assert causes_sum(cluster) == [cluster.cycle] * 2


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
def test_a_write_to_the_address_of_a_waiting_access(fetch: str) -> None:
    """From L2 to TCDM, a device, nowhere and back: the access moves, no cycle is lost or charged twice."""
    program = Assembled("  li a0, 0x1c080000\nagain:\n  lw a1, 0(a0)\n  addi a2, a2, 1\n  j again")
    places = [TCDM, 0x1C080000, 0x10200400, 0x30000000, TCDM + 2, TCDM + 0x100000, 0x1A10F000, 0x1C080002]
    rng = random.Random(9)
    cluster = program.on(harts=2, fetch=fetch)
    digests = {}
    for _ in range(300):
        cluster.run(rng.randrange(1, 9))
        cluster.write_register(rng.randrange(2), "a0", rng.choice(places))
        assert causes_sum(cluster) == [cluster.cycle] * 2
        digests[cluster.cycle] = cluster.state_digest()
    for cycle in rng.sample(sorted(digests), 20):
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]


def test_code_written_by_the_debugger_runs_at_once_and_goes_away_in_the_past() -> None:
    program = Assembled("loop:\n  addi a0, a0, 1\n  nop\n  j loop")
    cluster = program.on(harts=2)
    cluster.run(1000)
    before = cluster.read_register(0, "a0")
    cluster.write_memory(program["loop"], Assembled("  addi a0, a0, 0x100").image)
    cluster.run(100)
    after = cluster.read_register(0, "a0")
    assert after - before > 0x1000
    digest = cluster.state_digest()
    cluster.goto_cycle(500)
    first = cluster.read_register(0, "a0")
    cluster.run(400)
    assert 0 < cluster.read_register(0, "a0") - first < 200
    cluster.goto_cycle(1100)
    assert cluster.read_register(0, "a0") == after
    assert cluster.state_digest() == digest


def test_self_modifying_code_replays() -> None:
    program = Assembled("""
  la a0, patch
  li a1, 0x00150513        # addi a0, a0, 1
  li a3, 400
loop:
  lw a2, 0(a0)
  sw a1, 0(a0)
  mv a4, a0
patch:
  addi a0, a0, 0x7ff
  mv a0, a4
  sw a2, 0(a0)
  addi a3, a3, -1
  bnez a3, loop
  ebreak
""")
    cluster, ahead = program.on(), program.on()
    digests = {}
    while True:
        stops = cluster.run(97, fast=False)
        digests[cluster.cycle] = cluster.state_digest()
        if reasons(stops) != ["cycles"]:
            break
    run_out(ahead)
    assert ahead.state_digest() == cluster.state_digest()
    for cycle in random.Random(2).sample(sorted(digests), 15):
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]


def test_steps_of_one_hart_alone_are_replayed() -> None:
    cluster = compute(4, 100).on(harts=4, fetch="icache")
    cluster.run(1500)
    digests = {}
    for hart in (0, 2, 2, 3, 1):
        for _ in range(5):
            stops = cluster.step(hart, alone=True)
            assert reasons(stops)[0] == "step"
            digests[cluster.cycle] = cluster.state_digest()
        cluster.run(300)
        digests[cluster.cycle] = cluster.state_digest()
    for cycle in random.Random(4).sample(sorted(digests), 25):
        cluster.goto_cycle(cycle)
        assert cluster.state_digest() == digests[cycle]


def test_snapshots() -> None:
    for make in (lambda: machine("dma-copy"), lambda: interrupts(4).on(harts=4, fetch="icache")):
        cluster = make()
        cluster.run(4321)
        digest, shot = cluster.state_digest(), cluster.snapshot()
        cluster.run(2000)
        later = cluster.state_digest()
        cluster.write_memory(TCDM + 0x600, bytes(range(64)))
        cluster.run(3000)
        for fast in (True, False):
            cluster.restore(shot)
            assert (cluster.cycle, cluster.state_digest()) == (4321, digest)
            cluster.run(2000, fast=fast)
            assert cluster.state_digest() == later
            assert cluster.history_bounds() == (4321, 6321)
        cluster.native.drop_snapshot(shot)
        with pytest.raises(ValueError, match="snapshot"):
            cluster.restore(shot)


def test_output_is_handed_out_once() -> None:
    whole = machine("hello")
    run_out(whole)
    text = b"".join(data for _, data in whole.take_output())
    assert text.count(b"hello from hart") == 8

    cluster = machine("hello")
    rng = random.Random(7)
    taken = b""
    furthest = 0
    while cluster.exit_status is None:
        cluster.run(rng.randrange(1, 900))
        taken += b"".join(data for _, data in cluster.take_output())
        furthest = cluster.cycle
        cluster.goto_cycle(rng.randrange(cluster.cycle))
        assert cluster.take_output() == []
        cluster.run(furthest - cluster.cycle)
        assert cluster.cycle == furthest
        taken += b"".join(data for _, data in cluster.take_output())
    assert taken == text


def test_output_of_a_new_future_is_handed_out() -> None:
    cluster = machine("hello")
    run_out(cluster)
    text = b"".join(data for _, data in cluster.take_output())
    cluster.goto_cycle(2000)
    cluster.write_register(4, "t4", 0)
    run_out(cluster)
    again = b"".join(data for _, data in cluster.take_output())
    assert text.endswith(again) and b"hello from hart 7" in again


def test_warnings_are_counted_once() -> None:
    program = Assembled("""
  li a0, 50
  li a1, 0x10000000
loop:
  csrwi 0x305, 4           # mtvec is fixed: one warning
  addi a0, a0, -1
  bnez a0, loop
  ebreak
""")
    cluster = program.on()
    run_out(cluster)
    (warning,) = cluster.take_warnings()
    assert warning["count"] == 50
    cluster.goto_cycle(20)
    cluster.goto_cycle(100)
    cluster.run(30)
    run_out(cluster)
    assert [w["count"] for w in cluster.take_warnings()] == [50]
