"""Going back through the debug engine: every verb, breakpoints on the way, and the way forward again."""

from __future__ import annotations

import random

from flexdbg.catalog import bundled_program
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Reason
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
