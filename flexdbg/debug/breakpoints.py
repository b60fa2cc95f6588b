"""Breakpoints and watchpoints as the user sees them: numbers, conditions, ignore counts, hit counts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from flexdbg.debug.events import EventFilter
from flexdbg.debug.expressions import Expression
from flexdbg.debug.kinds import Kind
from flexdbg.errors import CommandError
from flexdbg.machine.cluster import ALL_HARTS, Cluster, Condition

__all__ = ["WATCHED_ACCESS", "Breakpoint", "BreakpointTable", "Scope"]

# Kind of a watchpoint -> the accesses that the core has to report.
WATCHED_ACCESS: dict[str, Literal["write", "read", "access"]] = {
    "watchpoint": "write",
    "rwatch": "read",
    "awatch": "access",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A frame that a watched variable ends with: where its caller goes on, and with which stack pointer."""

    hart: int
    pc: int
    cfa: int


@dataclass(slots=True)
class Breakpoint:
    """One entry of `info breakpoints`; it may stand at several addresses."""

    number: int
    kind: str  # "breakpoint", "watchpoint", "rwatch", "awatch" or "event"
    text: str  # as the user wrote it
    addresses: tuple[int, ...]
    size: int = 0  # bytes watched
    hart: int | None = None
    condition: Expression | None = None
    temporary: bool = False
    enabled: bool = True
    ignore: int = 0
    hits: int = 0
    event: EventFilter | None = None  # also of a watchpoint on a register
    core_ids: list[int] = field(default_factory=list)
    watched: Kind | None = None  # C's type of what is watched
    scope: Scope | None = None  # of a watched local variable

    @property
    def is_watch(self) -> bool:
        return self.kind in WATCHED_ACCESS


class BreakpointTable:
    """All breakpoints of a session, kept in step with the core."""

    def __init__(
        self, cluster: Cluster, translate: Callable[[Breakpoint], Condition | None] = lambda _: None
    ) -> None:
        """`translate` makes a condition of the core of a breakpoint's, where that is possible."""
        self._cluster = cluster
        self._translate = translate
        self._by_number: dict[int, Breakpoint] = {}
        self._next = 1

    def __iter__(self) -> Iterator[Breakpoint]:
        return iter(self._by_number.values())

    def __len__(self) -> int:
        return len(self._by_number)

    def add(self, kind: str, text: str, addresses: tuple[int, ...], **details: object) -> Breakpoint:
        breakpoint_ = Breakpoint(self._next, kind, text, addresses, **details)  # type: ignore[arg-type]
        self._insert(breakpoint_)
        self._by_number[breakpoint_.number] = breakpoint_
        self._next += 1
        return breakpoint_

    def get(self, number: int) -> Breakpoint:
        try:
            return self._by_number[number]
        except KeyError:
            raise CommandError(f"No breakpoint number {number}.") from None

    def remove(self, number: int) -> None:
        self._withdraw(self.get(number))
        del self._by_number[number]

    def put_back(self, breakpoint_: Breakpoint) -> None:
        """Set a removed breakpoint again, under its number."""
        if breakpoint_.number in self._by_number:
            raise CommandError(f"Breakpoint {breakpoint_.number} is set already.")
        if breakpoint_.enabled:
            self._insert(breakpoint_)
        self._by_number[breakpoint_.number] = breakpoint_
        self._by_number = dict(sorted(self._by_number.items()))

    def clear(self) -> None:
        for number in list(self._by_number):
            self.remove(number)

    def enable(self, number: int, enabled: bool) -> None:
        breakpoint_ = self.get(number)
        if breakpoint_.enabled == enabled:
            return
        breakpoint_.enabled = enabled
        if enabled:
            self._insert(breakpoint_)
        else:
            self._withdraw(breakpoint_)

    def set_condition(self, number: int, condition: Expression | None) -> None:
        chosen = self.get(number)
        chosen.condition = condition
        if chosen.enabled:
            self._withdraw(chosen)
            self._insert(chosen)

    def renew(self) -> None:
        """Arm everything anew: symbols in conditions may stand for other places."""
        with self.suspended():
            pass

    @contextmanager
    def suspended(self) -> Iterator[None]:
        """Nothing of the table is armed."""
        armed = [b for b in self if b.enabled]
        for breakpoint_ in armed:
            self._withdraw(breakpoint_)
        try:
            yield
        finally:
            for breakpoint_ in armed:
                self._insert(breakpoint_)

    def owner_of(self, core_id: int) -> Breakpoint | None:
        """The breakpoint that an identifier of the core belongs to."""
        for breakpoint_ in self._by_number.values():
            if core_id in breakpoint_.core_ids:
                return breakpoint_
        return None

    def at(self, address: int) -> list[Breakpoint]:
        return [b for b in self if b.kind == "breakpoint" and address in b.addresses]

    def _insert(self, breakpoint_: Breakpoint) -> None:
        mask = ALL_HARTS if breakpoint_.hart is None else 1 << breakpoint_.hart
        condition = self._translate(breakpoint_)
        if breakpoint_.event is not None:
            breakpoint_.core_ids += [
                self._cluster.add_event(kind, mask, **limits, condition=condition)
                for kind, limits in breakpoint_.event.triggers
            ]
        for address in breakpoint_.addresses:
            if breakpoint_.is_watch:
                access = WATCHED_ACCESS[breakpoint_.kind]
                identifier = self._cluster.add_watchpoint(address, breakpoint_.size, access, mask)
            else:
                identifier = self._cluster.add_breakpoint(address, mask, 0, condition)
            breakpoint_.core_ids.append(identifier)
        if breakpoint_.scope is not None:
            identifier = self._cluster.add_breakpoint(breakpoint_.scope.pc, 1 << breakpoint_.scope.hart)
            breakpoint_.core_ids.append(identifier)

    def _withdraw(self, breakpoint_: Breakpoint) -> None:
        for identifier in breakpoint_.core_ids:
            self._cluster.remove(identifier)
        breakpoint_.core_ids.clear()
