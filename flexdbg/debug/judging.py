"""Which events of the core are stops: conditions, ignore counts, and the most important of one cycle."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flexdbg.debug.breakpoints import Breakpoint
from flexdbg.debug.stops import Change, Event, Reason, Stop
from flexdbg.errors import CommandError, ExpressionError
from flexdbg.machine import registers
from flexdbg.machine.cluster import StopEvent

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Accepted", "accepted", "hits", "report"]

# An event, the breakpoints that it hits, and whether it only ends a step.
Accepted = tuple[StopEvent, tuple[Breakpoint, ...], bool]

# What the core stops for, most important first, where several happen in one cycle.
_IMPORTANCE = (
    "exit",
    "error",
    "trap",
    "deadlock",
    "ebreak",
    "watchpoint",
    "event",
    "breakpoint",
    "step",
    "cycles",
    "interrupted",
    "halted",
    "history_start",
)


# Stops of the whole machine: the current hart stays the current one.
_TRIGGERED = ("breakpoint", "watchpoint", "event")
_OF_NO_HART = (Reason.CYCLES, Reason.INTERRUPTED, Reason.DEADLOCK, Reason.HALTED, Reason.HISTORY_START)


def accepted(
    session: "Session", events: list[StopEvent], internal: frozenset[int], at: int | None = None
) -> list[Accepted]:
    """The events that count: those that no breakpoint has to accept, or some does.

    With `at`, conditions see the machine of that cycle; the caller is on an excursion.
    """
    found: list[Accepted] = []
    for event in events:
        if event.reason not in _TRIGGERED:
            found.append((event, (), False))
            continue
        mine = any(identifier in internal for identifier in event.ids)
        hit = session.hits(event, at)
        if hit or mine:
            found.append((event, hit, mine and not hit))
    return found


def report(session: "Session", found: list[Accepted]) -> Stop:
    """The most important of the events of one cycle as a stop that names the others."""
    # A user's breakpoint goes before the end of a step in the same cycle: the step would hide it.
    ranked = sorted(
        found, key=lambda item: (_IMPORTANCE.index(item[0].reason), item[2], item[0].hart != session.hart)
    )
    event, hit, mine = ranked[0]
    reason = Reason(event.reason)
    if mine and reason is Reason.BREAKPOINT:
        reason = Reason.STEP
    if reason in _OF_NO_HART:
        return Stop(reason, session.hart, session.pc, session.cluster.cycle, message=event.message)
    by_hart = event.hart >= 0
    return Stop(
        reason if not any(b.is_watch for b in hit) else Reason.WATCHPOINT,
        event.hart if by_hart else session.hart,
        event.pc if by_hart else session.pc,
        event.cycle,
        tuple(sorted({b.number for _, numbers, _ in ranked for b in numbers})),
        any(b.temporary for b in hit),
        tuple(_change(b, e) for e, numbers, _ in ranked for b in numbers if b.is_watch and not _ends(b, e)),
        event.code,
        event.message,
        event=_event(event) if event.reason == "event" else None,
        others=tuple(_others(event, ranked[1:])),
        locations=tuple(b.text.rpartition(":")[2] for _, numbers, _ in ranked for b in numbers),
        left=tuple(b.number for e, numbers, _ in ranked for b in numbers if _ends(b, e)),
    )


def _ends(breakpoint_: Breakpoint, event: StopEvent) -> bool:
    """Whether an event is the end of the scope of a watched variable."""
    return breakpoint_.is_watch and event.reason == "breakpoint"


def _others(first: StopEvent, rest: list[Accepted]) -> Iterator[tuple[int, str]]:
    """What else happened in the cycle, without more hits of the hart that is told of: they are changes."""
    for event, hit, _ in rest:
        if event.reason != "cycles" and not (hit and event.hart == first.hart and event.kind):
            yield event.hart, event.reason


def hits(session: "Session", event: StopEvent, at: int | None = None) -> tuple[Breakpoint, ...]:
    """The session's breakpoints that want to stop for an event; hits and ignore counts are counted."""
    owners = (session.breakpoints.owner_of(identifier) for identifier in event.ids)
    return tuple(b for b in owners if b is not None and _accepts(session, b, event, at))


def _accepts(session: "Session", breakpoint_: Breakpoint, event: StopEvent, at: int | None) -> bool:
    if breakpoint_.is_watch and event.reason == "breakpoint":
        return at is None and _has_left(session, breakpoint_, event)
    # As in gdb: `watch` stops only when the value changes.
    if breakpoint_.kind == "watchpoint" and event.old == event.new:
        return False
    if breakpoint_.condition is not None:
        if at is not None and session.cluster.cycle != at:
            session.cluster.goto_cycle(at)
        selected, session.hart = session.hart, event.hart if event.hart >= 0 else session.hart
        session.judged = event
        try:
            if not session.evaluate(breakpoint_.condition).scalar():
                return False
        except ExpressionError as error:
            # Stop, so that the user sees that the condition cannot be tested.
            raise CommandError(
                f"Error in testing condition for breakpoint {breakpoint_.number}: {error}"
            ) from error
        finally:
            session.hart, session.judged = selected, None
    breakpoint_.hits += 1
    if breakpoint_.ignore > 0:
        breakpoint_.ignore -= 1
        return False
    return True


def _has_left(session: "Session", breakpoint_: Breakpoint, event: StopEvent) -> bool:
    """Whether the function has returned whose variable is watched; what it has called may be recursive."""
    scope = breakpoint_.scope
    sp = session.cluster.read_register(event.hart, registers.SP)
    return scope is not None and sp >= scope.cfa


def _change(breakpoint_: Breakpoint, event: StopEvent) -> Change:
    register = breakpoint_.text.removeprefix("$") if breakpoint_.event is not None else ""
    lane = breakpoint_.event.lane if breakpoint_.event is not None else None
    return Change(
        breakpoint_.number,
        event.access or "write",
        event.address,
        event.size,
        lane.of(event.old) if lane else event.old,
        lane.of(event.new) if lane else event.new,
        register,
        event.hart if event.hart >= 0 else None,
        event.pc,
        event.message,
        lane.kind.bits if lane else 0,
    )


def _event(event: StopEvent) -> Event:
    return Event(
        event.kind,
        event.hart if event.hart >= 0 else None,
        event.pc,
        event.cycle,
        event.address,
        event.old,
        event.new,
        event.size,
    )
