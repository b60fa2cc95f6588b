"""Single steps: exactly one instruction of one hart, in every situation."""

from __future__ import annotations

import random

import pytest

from flexdbg.machine.cluster import Cluster

from .random_code import random_program
from .rig import CODE, EXIT, START, TCDM, Assembled, causes_sum, compute, machine, reasons, run_out

FETCH = pytest.mark.parametrize("fetch", ["ideal", "icache"])


def executed(cluster: Cluster, hart: int) -> list[int]:
    """The program counters of all instructions of one hart, from a trace."""
    cluster.trace_start(["retire"], 1 << hart, 1 << 20)
    run_out(cluster)
    return [record[3] for record in cluster.trace_records()]


@FETCH
def test_steps_visit_what_a_run_executes(fetch: str) -> None:
    """Branches, nested hardware loops, slow and refused accesses, sleep."""
    program = compute(3, 20)
    for hart in range(3):
        wanted = executed(program.on(harts=3, fetch=fetch), hart)
        cluster = program.on(harts=3, fetch=fetch)
        seen = []
        while True:
            before = cluster.counters(hart)["instructions"]
            (stop, *rest) = cluster.step(hart)
            if stop.reason != "step":
                break
            assert not rest
            assert (stop.hart, stop.cycle) == (hart, cluster.cycle)
            assert stop.pc == cluster.harts[hart].pc
            assert cluster.counters(hart)["instructions"] == before + 1
            seen.append(stop.pc)
        assert len(seen) in (len(wanted) - 1, len(wanted))  # where it stands at the end did not execute
        assert seen[: len(wanted) - 1] == wanted[1:]


@FETCH
def test_stepping_changes_no_timing(fetch: str) -> None:
    program = compute(4, 30)
    plain, stepped = program.on(harts=4, fetch=fetch), program.on(harts=4, fetch=fetch)
    rng = random.Random(1)
    while True:
        stops = stepped.step(rng.randrange(4), rng.randrange(1, 30))
        if reasons(stops) != ["step"]:
            break
    run_out(plain)
    assert reasons(stops) == ["exit"]
    assert (stepped.cycle, stepped.state_digest()) == (plain.cycle, plain.state_digest())


def test_over_hardware_loops() -> None:
    program = Assembled("""
  lp.setupi x0, 3, last
  addi a0, a0, 1
last:
  addi a1, a1, 1
behind:
  nop
  ebreak
""")
    cluster = program.on()
    pcs = [cluster.step(0)[0].pc - CODE for _ in range(7)]
    assert pcs == [4, 8, 4, 8, 4, 8, 12]
    assert [cluster.read_register(0, name) for name in ("a0", "a1")] == [3, 3]


def test_counts() -> None:
    program = Assembled("  addi a0, a0, 1\n" * 40 + "  ebreak")
    cluster = program.on()
    (stop,) = cluster.step(0, 25)
    assert (stop.reason, cluster.read_register(0, "a0")) == ("step", 25)
    (stop,) = cluster.step(0, 25)
    assert (stop.reason, cluster.read_register(0, "a0")) == ("ebreak", 40)


@FETCH
def test_others_advance_by_the_same_cycles(fetch: str) -> None:
    cluster = compute(4).on(harts=4, fetch=fetch)
    cluster.run(700)
    for _ in range(50):
        cluster.step(2)
        assert causes_sum(cluster) == [cluster.cycle] * 4
    assert min(hart.counters["instructions"] for hart in cluster.harts) > 100


@FETCH
def test_alone(fetch: str) -> None:
    cluster = compute(4).on(harts=4, fetch=fetch)
    cluster.run(900)
    for hart in (0, 3, 1):
        frozen = [other for other in range(4) if other != hart]
        before = {other: (cluster.registers(other), cluster.counters(other)) for other in frozen}
        count = cluster.counters(hart)["instructions"]
        for _ in range(9):
            assert reasons(cluster.step(hart, alone=True)) == ["step"]
        assert cluster.counters(hart)["instructions"] == count + 9
        assert {other: (cluster.registers(other), cluster.counters(other)) for other in frozen} == before
        assert causes_sum(cluster) == [cluster.cycle] * 4
    assert reasons(run_out(cluster)) == ["exit"]


def test_alone_while_others_fetch() -> None:
    """Held harts lose no answer of the cache that arrives meanwhile."""
    program = random_program(3, 4, features=("traps", "mutex"))
    for hart, start in ((2, 90), (0, 200), (1, 410), (3, 700)):
        cluster = program.on(harts=4, fetch="icache")
        cluster.run(start)
        for _ in range(3):
            if cluster.harts[hart].state == "running":
                cluster.step(hart, alone=True)
            assert causes_sum(cluster) == [cluster.cycle] * 4
        assert reasons(run_out(cluster)) == ["exit"]


def test_harts_held_resume_as_if_nothing_had_been() -> None:
    """Holding harts delays them; what they compute stays the same."""
    program = compute(4, 30)
    cluster, plain = program.on(harts=4), program.on(harts=4)
    cluster.run(500)
    for _ in range(20):
        cluster.step(1, alone=True)
    run_out(cluster)
    run_out(plain)
    for hart in range(4):
        assert cluster.counters(hart)["loads"] > 0
        assert cluster.read_register(hart, "a0") == plain.read_register(hart, "a0")


def test_alone_into_sleep_is_a_deadlock() -> None:
    program = Assembled(
        START.format(everybody=3) + "here:\n  p.elw a0, 0x21c(t6)\n  li a1, 1\n" + EXIT,
    )
    cluster = program.on(harts=2)
    while cluster.harts[0].pc != program["here"]:
        cluster.step(0, alone=True)
    (stop,) = cluster.step(0, alone=True)
    assert (stop.reason, stop.hart) == ("deadlock", 0)
    assert "hart 0: asleep at barrier 0, hart 1 missing" in stop.message
    assert "held" in stop.message
    assert reasons(run_out(cluster)) == ["exit"]


def test_a_sleeping_hart_steps_when_it_is_woken() -> None:
    program = compute(3)
    cluster = program.on(harts=3)
    while cluster.harts[1].state != "sleeping":
        cluster.run(1)
    instructions = cluster.counters(1)["instructions"]
    assert reasons(cluster.step(1)) == ["step"]
    assert cluster.counters(1)["instructions"] == instructions + 1
    assert cluster.harts[1].state == "running"


def test_a_hart_that_is_off_cannot_step() -> None:
    cluster = machine("hello")
    (stop,) = cluster.step(3)
    assert (stop.reason, stop.hart, cluster.cycle) == ("error", 3, 0)
    assert "fetch not enabled" in stop.message


def test_a_step_onto_a_breakpoint_reports_it_and_passes() -> None:
    program = Assembled("  nop\n  nop\nhere:\n  addi a0, a0, 1\n  nop\n  ebreak")
    cluster = program.on()
    number = cluster.add_breakpoint(program["here"])
    assert reasons(cluster.step(0)) == ["step"]
    stops = cluster.step(0)
    assert reasons(stops) == ["step", "breakpoint"]
    assert stops[1].ids == [number] and stops[1].pc == program["here"] == cluster.harts[0].pc
    assert reasons(cluster.step(0)) == ["step"]
    assert cluster.read_register(0, "a0") == 1
    assert reasons(run_out(cluster)) == ["ebreak"]


def test_a_breakpoint_of_another_hart_ends_a_step() -> None:
    program = Assembled("""
  csrr a0, mhartid
  bnez a0, one
  li a1, 77
  div a2, a1, a0
  j 0f
one:
  nop
here:
  nop
0:
  ebreak
""")
    cluster = program.on(harts=2)
    cluster.add_breakpoint(program["here"])
    cluster.step(0, 4)  # the division is in EX
    stops = cluster.step(0)
    assert [(stop.reason, stop.hart) for stop in stops] == [("breakpoint", 1)]
    assert reasons(run_out(cluster)) == ["ebreak"]


@FETCH
def test_into_traps_and_interrupts(fetch: str) -> None:
    program = Assembled(
        "  j 0f\n" * 32 + "  li a0, 1\nhere:\n  ecall\n  nop\n0:\n  csrr a1, mcause\n  mret", CODE - 0x80
    )
    cluster = program.on(fetch=fetch)
    while cluster.harts[0].pc != program["here"]:
        cluster.step(0)
    assert cluster.step(0)[0].pc == CODE - 0x80
    cluster.step(0, 2)
    assert cluster.read_register(0, "a1") == 11
    assert cluster.step(0)[0].pc == program["here"]


def test_steps_of_the_fc() -> None:
    cluster = machine("hello")
    fc = cluster.config.harts
    pcs = []
    while (stop := cluster.step(fc)[0]).reason == "step":
        pcs.append(stop.pc)
    wanted = executed(machine("hello"), fc)
    assert len(wanted) > 80
    assert pcs[: len(wanted) - 1] == wanted[1:]


def test_writes_between_steps() -> None:
    """A changed address register moves the access that has been presented."""
    program = Assembled(f"  li a0, {TCDM}\n  li a1, 5\nhere:\n  sw a1, 0(a0)\n  ebreak")
    cluster = program.on()
    cluster.write_memory(TCDM, bytes(64))
    while cluster.harts[0].pc != program["here"]:
        cluster.step(0)
    cluster.write_register(0, "a0", TCDM + 0x20)
    cluster.write_register(0, "a1", 9)
    cluster.step(0)
    assert (cluster.read_word(TCDM), cluster.read_word(TCDM + 0x20)) == (0, 9)
    cluster.write_register(0, "pc", program["here"])
    cluster.write_register(0, "a0", 0x1C080000)
    assert reasons(cluster.step(0)) == ["step"]
    assert cluster.read_word(0x1C080000) == 9
    assert causes_sum(cluster) == [cluster.cycle]


def test_a_run_with_held_harts_and_its_replay() -> None:
    """Held harts execute nothing, and a replay holds them in the same cycles."""
    program = compute(3, 30)
    cluster = program.on(harts=3)
    cluster.run(40)
    before = [cluster.counters(hart)["instructions"] for hart in range(3)]
    cluster.run(50, held=0b101)
    after = [cluster.counters(hart)["instructions"] for hart in range(3)]
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] > before[1]
    cluster.run(60)
    end, digest = cluster.cycle, cluster.state_digest()
    cluster.goto_cycle(10)
    cluster.goto_cycle(end)
    assert cluster.state_digest() == digest


def test_a_step_cut_short_is_completed() -> None:
    """Whatever the limit, a step ends where an unlimited one does."""
    program = compute(2, 20)
    whole, pieces = program.on(harts=2), program.on(harts=2)
    for _ in range(60):
        (stop, *_) = whole.step(0)
        go_on = False
        while True:
            (other, *_) = pieces.step(0, max_cycles=1, go_on=go_on)
            if other.reason != "cycles":
                break
            go_on = True
        assert (stop.reason, stop.cycle, stop.pc) == (other.reason, other.cycle, other.pc)
        assert whole.state_digest() == pieces.state_digest()
