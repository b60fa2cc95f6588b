"""Questions to the recorded run: who wrote, read or executed what, and when. The machine stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from flexdbg.debug.expressions import compile_expression
from flexdbg.debug.kinds import Kind, kind_named
from flexdbg.debug.register_watch import RegisterPlace, register_filter, register_place
from flexdbg.debug.reverse import search_back
from flexdbg.debug.stops import Reason, Stop
from flexdbg.errors import CommandError, ExpressionError
from flexdbg.machine import registers
from flexdbg.machine.cluster import ALL_HARTS, StopEvent

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Access", "AccessKind", "Target", "accesses", "executions", "last_access", "target_of", "type_of"]

AccessKind = Literal["write", "read"]

_DMA = 1 << 31
# Cycles looked through at once, so that an interrupt is heard and results do not pile up.
_STRETCH = 1 << 20
_MOST_ACCESSES = 100_000


@dataclass(frozen=True, slots=True)
class Target:
    """A place in memory, or a register of one hart or of all (`hart` None)."""

    text: str
    address: int = 0
    size: int = 0
    register: str = ""
    hart: int | None = None
    register_place: RegisterPlace | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """One access of the recorded run: made in `cycle`, by the instruction at `pc` of a hart.

    `hart` is None for the DMA. `address` and `size` are those of the access, which may be wider or narrower
    than the place asked for; for a register `register` names it. `note` says if the host made it.
    """

    cycle: int
    hart: int | None
    pc: int
    kind: str  # "write", "read" or "execute"
    address: int
    size: int
    old: int
    new: int
    register: str = ""
    note: str = ""


def target_of(session: "Session", text: str) -> Target:
    """What an expression names: `counter`, `weights`, `*0x10000400@8`, `0x10000400`, `$a0`, `$nn_w0`."""
    name = text.strip().lower()
    if registers.find(name) is not None and session.symbols.find(name) is None:
        text = f"${name}"  # as `x` of a place, registers are written without $ where no symbol hides them
    place = register_place(compile_expression(text))
    if place is not None:
        written = text.strip()
        return Target(written, register=written.removeprefix("$"), hart=session.hart, register_place=place)
    address, size = session.place_of(text)
    return Target(text.strip(), address, size)


def last_access(
    session: "Session", target: Target, kind: AccessKind = "write", before: int | None = None
) -> Access | None:
    """The last access before a cycle, by default the present one; None if the record holds none."""
    cluster = session.cluster
    first, _ = cluster.history_bounds()
    found: list[Access] = []

    def judge(cycle: int, events: list[StopEvent]) -> Stop | None:
        found.extend(_access(event, target) for event in _of(events, armed))
        return session.standing(Reason.STEP) if found else None

    with _armed(session, target, kind, ALL_HARTS) as armed:
        search_back(cluster, first, cluster.cycle if before is None else before, judge)
    return found[-1] if found else None


def accesses(
    session: "Session",
    target: Target,
    kind: AccessKind = "write",
    first: int | None = None,
    last: int | None = None,
    by: int | Literal["dma"] | None = None,
    newest: int | None = None,
) -> list[Access]:
    """Accesses in the recorded cycles `first` to `last` - 1, in order of time, by default up to now.

    `newest` asks for the last so many only, which is faster in a long run. Raises CommandError if there are
    more than a hundred thousand.
    """
    cluster = session.cluster
    begin, _ = cluster.history_bounds()
    first = begin if first is None else first
    last = cluster.cycle if last is None else last
    mask = ALL_HARTS if by is None else _DMA if by == "dma" else 1 << by
    if target.register and isinstance(by, int):
        target = replace(target, hart=by)
    found: list[Access] = []
    if newest is not None:

        def judge(cycle: int, events: list[StopEvent]) -> Stop | None:
            found.extend(_access(event, target) for event in reversed(_of(events, armed)))
            return session.standing(Reason.STEP) if len(found) >= newest else None

        with _armed(session, target, kind, mask) as armed:
            search_back(cluster, first, last, judge)
        return found[:newest][::-1]
    with _armed(session, target, kind, mask) as armed:
        for event in _events(session, first, last, armed):
            found.append(_access(event, target))
    return found


def executions(
    session: "Session",
    addresses: tuple[int, ...],
    first: int | None = None,
    last: int | None = None,
    by: int | None = None,
) -> list[Access]:
    """When harts were about to execute the instructions at some addresses, in order of time."""
    cluster = session.cluster
    begin, _ = cluster.history_bounds()
    mask = ALL_HARTS if by is None else 1 << by
    with session.breakpoints.suspended(), cluster.excursion():
        identifiers = {cluster.add_breakpoint(address, mask) for address in addresses}
        first = begin if first is None else first
        last = cluster.cycle if last is None else last
        try:
            return [
                Access(event.cycle, event.hart, event.pc, "execute", event.pc, 0, 0, 0)
                for event in _events(session, first, last, identifiers)
            ]
        finally:
            for identifier in identifiers:
                cluster.remove(identifier)


def _of(events: list[StopEvent], armed: set[int]) -> list[StopEvent]:
    """What the question's own triggers saw: a client of the machine may have armed others."""
    return [event for event in events if not armed.isdisjoint(event.ids)]


def _events(session: "Session", first: int, last: int, armed: set[int]) -> list[StopEvent]:
    cluster = session.cluster
    found: list[StopEvent] = []
    with cluster.excursion():
        while first < last:
            end = min(first + _STRETCH, last)
            found += _of(cluster.scan(first, end), armed)
            if len(found) > _MOST_ACCESSES:
                raise CommandError(
                    f"more than {_MOST_ACCESSES} accesses up to cycle {end}: ask for fewer cycles"
                )
            first = end
    return found


@contextmanager
def _armed(session: "Session", target: Target, kind: AccessKind, mask: int) -> Iterator[set[int]]:
    """Of the session, nothing but the triggers of a target is armed; their identifiers."""
    cluster = session.cluster
    with session.breakpoints.suspended(), cluster.excursion():
        if target.register_place is not None:
            if target.hart is not None:
                mask &= 1 << target.hart
            # A lane counts as written where it changes; a register wherever it is written.
            filter_ = register_filter(
                target.register_place, kind, changes=target.register_place.lane is not None
            )
            identifiers = {cluster.add_event(trace, mask, **limits) for trace, limits in filter_.triggers}
        else:
            identifiers = {cluster.add_watchpoint(target.address, target.size, kind, mask)}
        try:
            yield identifiers
        finally:
            for identifier in identifiers:
                cluster.remove(identifier)


def _access(event: StopEvent, target: Target) -> Access:
    lane = target.register_place.lane if target.register_place is not None else None
    return Access(
        event.cycle,
        event.hart if event.hart >= 0 else None,
        event.pc,
        event.access or "write",
        0 if target.register else event.address,
        event.size,
        lane.of(event.old) if lane else event.old,
        lane.of(event.new) if lane else event.new,
        target.register,
        event.message,
    )


def place_of(session: "Session", expression: str) -> tuple[int, int]:
    """Address and bytes of the place that an expression names; a plain number is the address of one word."""
    value = session.designate(expression)
    if value.place is not None and value.place.within is not None:
        return value.place.within[:2]
    if value.address is not None:
        return value.address, value.kind.size
    if value.place is None and value.elements is None and not value.kind.aggregate:
        return value.scalar() & 0xFFFF_FFFF, 4
    if value.place is not None and value.elements is None:
        raise ExpressionError(f"{expression}: it is in a register here; `info scope` says which, watch that")
    raise ExpressionError(f"{expression}: no place in memory and no whole register")


def type_of(session: "Session", expression: str) -> Kind | None:
    """C's type of the place that an expression names; None where the program does not say."""
    value = session.designate(expression)
    return value.kind if value.place is not None and kind_named(value.kind.name) is not value.kind else None
