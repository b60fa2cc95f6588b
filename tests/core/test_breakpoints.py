"""Breakpoints: every hit of every hart is reported once, before anything of its cycle has happened."""

from __future__ import annotations

from collections import Counter

import pytest

from flexdbg.machine.cluster import Cluster

from .rig import Assembled, compute, interrupts, machine, reasons, run_out

COUNT = Assembled("""
  csrr s0, mhartid
  li a0, 0
  li a1, 10
loop:
  addi a0, a0, 1
here:
  addi a2, a2, 1
  bne a0, a1, loop
  ebreak
""")

FETCH = pytest.mark.parametrize("fetch", ["ideal", "icache"])


def hits(cluster: Cluster, slice_: int | None = None) -> list[tuple[int, int]]:
    """(hart, cycle) of all breakpoint hits up to another stop."""
    found = []
    while True:
        stops = cluster.run(slice_)
        events = [stop for stop in stops if stop.reason == "breakpoint"]
        found += [(stop.hart, stop.cycle) for stop in events]
        assert all(stop.cycle == cluster.cycle for stop in events)
        if not events and reasons(stops) != ["cycles"]:
            return found


@FETCH
def test_stands_before_the_instruction(fetch: str) -> None:
    cluster = COUNT.on(fetch=fetch)
    number = cluster.add_breakpoint(COUNT["here"])
    for round_ in range(1, 11):
        (stop,) = run_out(cluster)
        assert (stop.reason, stop.hart, stop.pc, stop.ids) == ("breakpoint", 0, COUNT["here"], [number])
        assert cluster.harts[0].pc == COUNT["here"]
        assert cluster.read_register(0, "a0") == round_
        assert cluster.read_register(0, "a2") == round_ - 1
    assert reasons(run_out(cluster)) == ["ebreak"]


@FETCH
@pytest.mark.parametrize("slice_", [None, 1, 3])
def test_no_hit_is_lost_or_seen_twice(fetch: str, slice_: int | None) -> None:
    """Harts that follow each other by a cycle, and slices that end between them."""
    program = compute(8)
    cluster = program.on(harts=8, fetch=fetch)
    cluster.add_breakpoint(program["both"])
    found = hits(cluster, slice_)
    assert Counter(hart for hart, _ in found) == dict.fromkeys(range(8), 60)
    assert len(set(found)) == len(found)
    plain = program.on(harts=8, fetch=fetch)
    run_out(plain)
    assert (cluster.cycle, cluster.state_digest()) == (plain.cycle, plain.state_digest())


def test_harts_of_one_cycle_stop_together() -> None:
    cluster = COUNT.on(harts=4)
    cluster.add_breakpoint(COUNT["here"])
    stops = run_out(cluster)
    assert [(stop.hart, stop.reason) for stop in stops] == [(hart, "breakpoint") for hart in range(4)]


def test_hart_mask() -> None:
    cluster = COUNT.on(harts=4)
    cluster.add_breakpoint(COUNT["here"], hart_mask=0b0110)
    assert Counter(hart for hart, _ in hits(cluster)) == {1: 10, 2: 10}


def test_ignore_count() -> None:
    cluster = COUNT.on()
    cluster.add_breakpoint(COUNT["here"], ignore=7)
    run_out(cluster)
    assert cluster.read_register(0, "a0") == 8
    assert len(hits(cluster)) == 2


def test_ignore_counts_each_hit_once_while_the_bank_is_refused() -> None:
    program = Assembled("""
  li a0, 0x10000000
  li a1, 20
loop:
  addi a1, a1, -1
here:
  lw a2, 0(a0)
  bnez a1, loop
  ebreak
""")
    cluster = program.on(harts=8)
    cluster.add_breakpoint(program["here"], hart_mask=1 << 7, ignore=15)
    run_out(cluster)
    assert cluster.read_register(7, "a1") == 4


def test_two_at_one_address() -> None:
    cluster = COUNT.on()
    first = cluster.add_breakpoint(COUNT["here"], ignore=1)
    second = cluster.add_breakpoint(COUNT["here"])
    assert [run_out(cluster)[0].ids for _ in range(3)] == [[second], [first, second], [first, second]]
    cluster.remove(second)
    assert run_out(cluster)[0].ids == [first]
    cluster.remove(first)
    assert reasons(run_out(cluster)) == ["ebreak"]
    with pytest.raises(ValueError, match="id"):
        cluster.remove(first)


@FETCH
def test_a_loop_of_one_instruction_hits_every_time(fetch: str) -> None:
    program = Assembled("  nop\nself:\n  j self")
    cluster = program.on(fetch=fetch)
    cluster.add_breakpoint(program["self"])
    cycles = [run_out(cluster)[0].cycle for _ in range(5)]
    assert cycles == sorted(set(cycles))


def test_on_the_first_instruction() -> None:
    cluster = COUNT.on()
    cluster.add_breakpoint(COUNT.entry)
    (stop,) = run_out(cluster)
    assert (stop.reason, stop.pc) == ("breakpoint", COUNT.entry)
    assert cluster.counters(0)["instructions"] == 0
    assert reasons(run_out(cluster)) == ["ebreak"]


@FETCH
def test_in_hardware_loops(fetch: str) -> None:
    program = Assembled("""
  li a0, 5
  lp.setup x1, a0, outer
  addi a1, a1, 1
  lp.setupi x0, 4, inner
  addi a2, a2, 1
inner:
  addi a3, a3, 1
  nop
outer:
  addi a4, a4, 1
  ebreak
""")
    for label, times in (("inner", 20), ("outer", 5)):
        cluster = program.on(fetch=fetch)
        cluster.add_breakpoint(program[label])
        assert len(hits(cluster)) == times
        assert [cluster.read_register(0, f"a{n}") for n in range(1, 5)] == [5, 20, 20, 5]


@FETCH
def test_on_an_event_load_and_a_slow_one(fetch: str) -> None:
    """Sleeping in the instruction and being woken is not another hit."""
    program = compute(4)
    cluster = program.on(harts=4, fetch=fetch)
    cluster.add_breakpoint(program["finish"] + 4 + 4 * 0)
    text = Counter(hart for hart, _ in hits(cluster))
    assert text == dict.fromkeys(range(4), 1)
    program = Assembled("  li a0, 0x1c080000\nhere:\n  lw a1, 0(a0)\n  ebreak")
    cluster = program.on(fetch=fetch)
    cluster.add_breakpoint(program["here"])
    assert len(hits(cluster)) == 1


@FETCH
def test_in_interrupt_handlers(fetch: str) -> None:
    program = interrupts(4)
    cluster = program.on(harts=4, fetch=fetch)
    cluster.add_breakpoint(program["handler"])
    found = Counter(hart for hart, _ in hits(cluster))
    counted = {hart: cluster.read_word(0x10000800 + 16 * hart) for hart in range(4)}
    assert found == counted == dict.fromkeys(range(4), 15)


def test_an_interrupted_instruction_is_met_again() -> None:
    """Hit, interrupted before it executes, met again behind the handler: two stops, two different moments."""
    program = interrupts(2)
    cluster = program.on(harts=2)
    cluster.add_breakpoint(program["receive"])
    found = Counter(hart for hart, _ in hits(cluster))
    assert all(120 <= found[hart] <= 135 for hart in range(2))


def test_going_to_a_hit_and_running_on_passes_it() -> None:
    program = compute(3)
    cluster = program.on(harts=3)
    cluster.add_breakpoint(program["both"])
    found = hits(cluster)
    hart, cycle = found[40]
    cluster.goto_cycle(cycle)
    assert cluster.harts[hart].pc == program["both"]
    assert hits(cluster) == [hit for hit in found if hit[1] > cycle]


def test_going_to_before_a_hit_meets_it_again() -> None:
    program = compute(3)
    cluster = program.on(harts=3)
    cluster.add_breakpoint(program["both"])
    found = hits(cluster)
    cluster.goto_cycle(found[40][1] - 1)
    (stop, *_) = run_out(cluster)
    assert (stop.hart, stop.cycle) == found[40]


def test_on_the_fc() -> None:
    cluster = machine("hello")
    fc = cluster.config.harts
    cluster.run(40)
    pc = cluster.harts[fc].pc
    cluster.reset()
    cluster = machine("hello")
    cluster.add_breakpoint(pc, hart_mask=1 << fc)
    (stop, *_) = run_out(cluster)
    assert (stop.reason, stop.hart, stop.pc) == ("breakpoint", fc, pc)


def test_written_code_keeps_its_breakpoints() -> None:
    cluster = COUNT.on()
    cluster.add_breakpoint(COUNT["here"])
    run_out(cluster)
    cluster.write_memory(COUNT["here"], Assembled("  addi a2, a2, 0x10").image)
    run_out(cluster)
    assert cluster.read_register(0, "a2") == 0x10
    assert reasons(run_out(cluster)) == ["breakpoint"]


def test_memory_shows_no_breakpoints() -> None:
    cluster = COUNT.on()
    before = cluster.read_memory(COUNT["loop"], 8)
    cluster.add_breakpoint(COUNT["here"])
    assert cluster.read_memory(COUNT["loop"], 8) == before


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
def test_running_ahead_meets_breakpoints_where_stepping_does(fetch: str) -> None:
    """Every address of a program, first and second hit: the same stops in the same machines."""
    program = compute(3, 25)
    cluster = program.on(harts=3, fetch=fetch)
    cluster.trace_start(["retire"], 0b111, 1 << 20)
    run_out(cluster)
    addresses = sorted({record[3] for record in cluster.trace_records()})
    for number, address in enumerate(addresses[::2]):
        seen = []
        for fast in (True, False):
            cluster = program.on(harts=3, fetch=fetch)
            cluster.add_breakpoint(address, ignore=number % 3)
            runs = []
            for _ in range(3):
                stops = cluster.run(5000, fast=fast)
                runs.append((cluster.cycle, cluster.state_digest()))
                runs += [(stop.reason, stop.hart, stop.pc, stop.cycle) for stop in stops]
            seen.append(runs)
        assert seen[0] == seen[1], hex(address)
