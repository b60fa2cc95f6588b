"""Going back through the debug engine: every verb, breakpoints on the way, and the way forward again."""

from __future__ import annotations

import random
import threading
import time

import pytest

from flexdbg.catalog import bundled_program
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Reason, Stop
from flexdbg.errors import CommandError, TargetRunningError
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.machine.loader import load_program


def session(name: str = "matmul-a8w8") -> Session:
    return Session(Cluster(load_config()), load_program(bundled_program(name).path))


def test_stepping_back_visits_the_places_of_stepping_forward() -> None:
    debug = session()
    debug.resume(30_000)
    for hart in (0, 3, 7):
        debug.select(hart)
        places = []
        for _ in range(60):
            places.append((debug.cluster.cycle, debug.pc, debug.cluster.state_digest()))
            debug.step_instructions()
        for place in reversed(places):
            stop = debug.reverse_step_instructions()
            assert stop.reason is Reason.STEP
            assert (debug.cluster.cycle, debug.pc, debug.cluster.state_digest()) == place or place is places[
                0
            ]
        assert debug.pc == places[0][1]


def test_a_thousand_moves() -> None:
    """Forward and back at random, checked against a machine that has only ever run forward."""
    rng = random.Random(11)
    debug, fresh = session(), session().cluster
    digests: dict[int, str] = {}
    debug.resume(60_000)
    moves = [
        lambda: debug.step_instructions(rng.randrange(1, 20)),
        lambda: debug.reverse_step_instructions(rng.randrange(1, 200)),
        lambda: debug.step_cycles(rng.randrange(1, 500)),
        lambda: debug.reverse_cycles(rng.randrange(1, 500)),
        lambda: debug.next_instructions(),
        lambda: debug.reverse_next_instructions(),
        lambda: debug.goto_cycle(rng.randrange(60_000)),
        lambda: debug.records(max(debug.cluster.cycle - 100, 0), debug.cluster.cycle, ["retire", "load"]),
    ]
    seen = []
    for _ in range(1000):
        debug.select(rng.randrange(8))
        rng.choice(moves)()
        seen.append((debug.cluster.cycle, debug.cluster.state_digest()))
    wanted = sorted(set(seen))
    for cycle, digest in wanted:
        fresh.run(cycle - fresh.cycle)
        digests[cycle] = fresh.state_digest()
        assert digest == digests[cycle]


def places(debug: Session, count: int) -> list[tuple[Reason, int, int, tuple[int, ...]]]:
    out = []
    for _ in range(count):
        stop = debug.resume()
        out.append((stop.reason, stop.hart, stop.cycle, stop.breakpoints))
    return out


def test_back_to_breakpoints_and_forward_again() -> None:
    debug = session()
    debug.resume(40_000)
    pc = debug.cluster.harts[2].pc
    debug.add_breakpoint(f"*0x{pc:x}", condition="$a0 % 3 != 1")
    forward = places(debug, 12)
    back = []
    for _ in range(11):
        stop = debug.reverse_resume()
        back.append((stop.reason, stop.hart, stop.cycle, stop.breakpoints))
    cycles = sorted({cycle for _, _, cycle, _ in forward})
    assert [cycle for _, _, cycle, _ in back[: len(cycles) - 1]] == cycles[-2::-1]
    debug.goto_cycle(39_999)
    again = places(debug, 12)
    assert again == forward


def source_session(name: str = "matmul-a4w2") -> Session:
    debug = session(name)
    debug.add_breakpoint("main", hart=2, temporary=True)
    debug.resume()
    return debug


@pytest.mark.parametrize("verb", ["step_lines", "next_lines"])
def test_lines_backwards_are_the_lines_of_forward_steps(verb: str) -> None:
    """Back from each place that a line step reached, to the start of the line before it in this function."""
    debug = source_session()
    lines = []
    for _ in range(10):
        getattr(debug, verb)()
        row = debug.symbols.row_at(debug.pc)
        lines.append((debug.cluster.cycle, row.line.line if row else 0, debug.pc))
    back = []
    for _ in range(12):
        stop = getattr(debug, f"reverse_{verb}")()
        assert stop.reason is Reason.STEP
        row = debug.symbols.row_at(debug.pc)
        assert row is None or row.start == debug.pc, "a line begins here"
        back.append((debug.cluster.cycle, row.line.line if row else 0, debug.pc))
    cycles = [cycle for cycle, _, _ in back]
    assert cycles == sorted(cycles, reverse=True) and len(set(cycles)) == len(cycles)
    # Stepping forward from the last place back meets the places gone through.
    there = {cycle for cycle, _, _ in lines}
    assert there & set(cycles)


def test_calls_backwards() -> None:
    debug = source_session()
    debug.add_breakpoint("matmul_4x4_a4w2", hart=2)
    stop = debug.resume()
    assert stop.reason is Reason.BREAKPOINT
    inside, depth = debug.cluster.cycle, len(debug.frames())
    debug.breakpoints.clear()
    stop = debug.reverse_finish()
    assert stop.reason is Reason.STEP
    call = debug.instruction(debug.pc)
    assert call.is_call and len(debug.frames()) == depth - 1
    at_call = (debug.cluster.cycle, debug.pc)
    debug.step_instructions()
    assert debug.cluster.cycle <= inside
    stop = debug.finish()
    assert stop.reason is Reason.STEP and debug.pc == call.end
    debug.reverse_next_instructions()
    assert (debug.cluster.cycle, debug.pc) == at_call
    debug.next_instructions()
    assert debug.pc == call.end
    with pytest.raises(CommandError, match="outermost"):
        for _ in range(20):
            debug.reverse_finish()


def test_who_wrote_it_last() -> None:
    debug = session("dma-copy")
    debug.add_breakpoint("main", temporary=True)
    debug.resume(30_000)
    debug.resume(30_000)
    place = debug.symbols.find("target")
    assert place is not None
    now, digest = debug.cluster.cycle, debug.cluster.state_digest()
    last = debug.last_write("target")
    assert last is not None and last.hart is None and last.note == "written by the DMA"
    assert (debug.cluster.cycle, debug.cluster.state_digest()) == (now, digest)
    debug.add_watchpoint("target")
    stop = debug.reverse_resume()
    assert stop.reason is Reason.WATCHPOINT
    change = stop.changes[0]
    assert change.hart is None and debug.cluster.cycle == stop.cycle
    before = debug.cluster.read_memory(change.address, change.size)
    assert int.from_bytes(before, "little") == change.old
    debug.breakpoints.clear()
    debug.step_cycles(1)
    after = debug.cluster.read_memory(change.address, change.size)
    assert int.from_bytes(after, "little") == change.new
    everything = debug.accesses("target", "write", 0, now)
    assert everything[-1] == last
    assert debug.accesses("target", "write", 0, now, newest=3) == everything[-3:]
    assert debug.accesses("target", "write", 0, now, by="dma") == [a for a in everything if a.hart is None]
    earlier = next(a for a in reversed(everything) if a.cycle < last.cycle)
    assert debug.last_write("target", before=last.cycle) == earlier


def test_register_history_is_that_of_a_traced_run() -> None:
    debug = session("matmul-a4w2")
    debug.resume(33_000)
    debug.select(3)
    records = debug.records(32_000, 33_000, ["register", "nn", "csr"], harts=[3])
    for name, number in (("a0", 10), ("nn_w1", 34), ("lpcount0", 0x1000 + 0x7C2), ("s0", 8)):
        wanted = [(r.cycle, r.pc, r.old, r.b) for r in records if r.a == number]
        found = debug.accesses(f"${name}", first=32_000, last=33_000)
        assert [(a.cycle, a.pc, a.old, a.new) for a in found] == wanted
        if wanted:
            assert wanted[-1][3] == debug.current.read(name)
            last = debug.last_write(f"${name}")
            assert last is not None and (last.cycle, last.pc, last.old, last.new) == wanted[-1]


@pytest.mark.parametrize(
    "event", ["conflict", "nn-write", "mlc-wrap", "clip", "stall branch", "conflict bank==5"]
)
def test_events_forward_and_backward(event: str) -> None:
    debug = session("matmul-a4w2")
    debug.resume(32_000)
    debug.add_event(event, hart=4)
    forward = places(debug, 8)
    assert all(reason is Reason.EVENT and hart == 4 for reason, hart, _, _ in forward)
    end, digest = debug.cluster.cycle, debug.cluster.state_digest()
    back = [debug.reverse_resume() for _ in range(8)]
    assert [stop.cycle for stop in back] == [cycle for _, _, cycle, _ in reversed(forward)]
    assert places(debug, 8) == forward
    assert (debug.cluster.cycle, debug.cluster.state_digest()) == (end, digest)
    debug.breakpoints.clear()
    debug.select(4)
    assert debug.reverse_step_to(event).cycle == forward[-1][2]
    assert debug.step_to(event).cycle == forward[-1][2]


def test_conditions_and_counts_backwards() -> None:
    debug = session()
    debug.resume(40_000)
    pc = debug.cluster.harts[2].pc
    number = debug.add_breakpoint(f"*0x{pc:x}", hart=2).number
    cycles = [cycle for _, _, cycle, _ in places(debug, 10)]
    breakpoint_ = debug.breakpoints.get(number)
    breakpoint_.ignore, breakpoint_.hits = 3, 0
    stop = debug.reverse_resume()
    assert stop.cycle == cycles[-5]
    assert (breakpoint_.hits, breakpoint_.ignore) == (4, 0)
    debug.add_event("", condition="hart == 6 && $_cycle % 100 == 7")
    stop = debug.reverse_resume()
    assert stop.reason in (Reason.BREAKPOINT, Reason.EVENT)


def test_a_new_future_is_announced_once() -> None:
    debug = session()
    debug.resume(20_000)
    old = debug.cluster.state_digest()
    debug.reverse_cycles(5_000)
    told: list[tuple[int, int]] = []
    debug.on_new_future = lambda now, last: told.append((now, last))
    generation = debug.cluster.generation
    debug.evaluate("$a5 = 17")
    debug.evaluate("$a5 = 18")
    assert told == [(15_000, 20_000)]
    assert debug.cluster.generation == generation + 1
    assert debug.timeline.bounds == (0, 15_000)
    debug.resume(5_000)
    new = debug.cluster.state_digest()
    debug.goto_cycle(3)
    debug.goto_cycle(20_000)
    assert debug.cluster.state_digest() == new != old


def test_clients_see_each_others_stops() -> None:
    debug = session()
    seen: list[Stop] = []
    debug.subscribe(seen.append)
    stops = [debug.step_cycles(900), debug.reverse_cycles(5), debug.goto_cycle(100), debug.reverse_resume()]
    assert seen == stops
    debug.unsubscribe(seen.append)
    debug.step_cycles(5)
    assert len(seen) == 4

    started = threading.Event()
    refused: list[str] = []
    debug.slice_cycles = 1 << 12
    debug.on_slice = started.set
    runner = threading.Thread(target=lambda: seen.append(debug.resume()))
    endless = debug.add_breakpoint("*0x1c008080", condition="0")
    runner.start()
    assert started.wait(10)
    for verb in (debug.resume, debug.reverse_resume, lambda: debug.records(0, 10, ["retire"])):
        if debug.running:
            try:
                verb()
            except TargetRunningError as error:
                refused.append(str(error))
    debug.interrupt()
    runner.join(10)
    assert not runner.is_alive() and not debug.running
    assert seen[-1].reason in (Reason.INTERRUPTED, Reason.EXIT)
    assert all("interrupt it first" in text for text in refused)
    debug.breakpoints.remove(endless.number)


def test_several_harts_in_one_cycle_are_all_named() -> None:
    debug = session("barrier")
    debug.add_event("barrier")
    forward = [debug.resume() for _ in range(8)]
    assert any(stop.others for stop in forward)
    by_cycle = {stop.cycle: {stop.hart, *(hart for hart, _ in stop.others)} for stop in forward}
    assert max(len(harts) for harts in by_cycle.values()) == 8
    for expected in reversed(forward):
        stop = debug.reverse_resume()
        assert stop.cycle == expected.cycle
        assert {stop.hart, *(hart for hart, _ in stop.others)} == by_cycle[stop.cycle]


@pytest.mark.parametrize("condition", ["", "$a0 == 0x12345"])
def test_a_search_can_be_interrupted(condition: str) -> None:
    """Also one that spends its time on conditions; the machine stays where it is."""
    debug = session("matmul-a8w8")
    debug.resume(200_000)
    now, digest = debug.cluster.cycle, debug.cluster.state_digest()
    if condition:
        pc = debug.cluster.harts[2].pc
        debug.add_breakpoint(f"*0x{pc:x}", condition=condition)
    else:
        debug.add_event("csr mscratch")
    timer = threading.Timer(0.03, debug.interrupt)
    timer.start()
    started = time.monotonic()
    stop = debug.reverse_resume()
    timer.join()
    assert time.monotonic() - started < 5
    assert stop.reason in (Reason.INTERRUPTED, Reason.HISTORY_START)
    if stop.reason is Reason.INTERRUPTED:
        assert (debug.cluster.cycle, debug.cluster.state_digest()) == (now, digest)
    debug.breakpoints.clear()
    assert debug.reverse_step_instructions().reason is Reason.STEP or debug.cluster.cycle == 0
