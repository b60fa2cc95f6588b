"""Going back: to earlier steps, lines and calls of a hart, and to the last hit of a breakpoint of any.

The machine replays; nothing is undone. A hart stands "behind step n" from the cycle in which step n
completes on: going back by one step goes to where the hart stood behind the step before, the very place
where stepping forward had stopped. Breakpoints that a way back passes end it, the latest first, at the cycle
in which they had stopped the machine; watchpoints end it right before the access. Conditions of watchpoints
see the machine behind the access, as they do forward, so that both directions stop at the same accesses.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from flexdbg.debug import judging
from flexdbg.debug.statements import function_at, statement_ranges
from flexdbg.debug.stops import Reason, Stop
from flexdbg.errors import CommandError, MemoryAccessError
from flexdbg.machine import registers
from flexdbg.machine.cluster import Cluster, StepRecord, StopEvent

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.scopes import Block
    from flexdbg.debug.session import Session

__all__ = [
    "BackwardSearch",
    "StepHistory",
    "back_cycles",
    "back_finish",
    "back_instructions",
    "back_line",
    "back_next_instruction",
    "back_to_event",
    "last_hit",
    "resume_back",
    "search_back",
]

_FIRST_CHUNK, _LONGEST_CHUNK = 64, 16384
# Between two looks at what else is to be done.
_PIECE_SECONDS = 0.1

Ranges = list[tuple[int, int]]
T = TypeVar("T")


class StepHistory:
    """Where one hart stood behind each of its steps, looked up from the newest backwards."""

    def __init__(self, cluster: Cluster, hart: int) -> None:
        self._cluster = cluster
        self._hart = hart
        self._chunk = _FIRST_CHUNK
        self._first = 0
        self._records: list[StepRecord] = []
        self.origin = cluster.first_step(hart)

    def behind(self, count: int) -> StepRecord:
        """Where the hart stood behind step `count`, which has been made; history begins at `origin`."""
        if count <= self.origin.number:
            return self.origin
        if not self._records or not self._first <= count <= self._records[-1].number:
            self._first = max(self.origin.number + 1, count - self._chunk + 1)
            self._records = self._cluster.steps(self._hart, self._first, count)
            self._chunk = min(2 * self._chunk, _LONGEST_CHUNK)
        return self._records[count - self._first]


# --- verbs; each answers with the stop at the place it has gone to ---


def resume_back(session: "Session") -> Stop:
    """To the last hit of a breakpoint or watchpoint, or to the start of the history."""
    first, _ = session.cluster.history_bounds()
    return _travel(session, first, Reason.HISTORY_START)


def back_to_event(session: "Session", internal: frozenset[int]) -> Stop:
    """Right before the last event that one of the triggers sees."""
    first, _ = session.cluster.history_bounds()
    return _travel(session, first, Reason.HISTORY_START, internal)


def back_cycles(session: "Session", count: int) -> Stop:
    first, _ = session.cluster.history_bounds()
    target = session.cluster.cycle - count
    if target < first:
        return _travel(session, first, Reason.HISTORY_START)
    return _travel(session, target, Reason.CYCLES)


def back_instructions(session: "Session", count: int) -> Stop:
    """To where the current hart stood `count` steps ago."""
    steps = StepHistory(session.cluster, session.hart)
    return _to_step(session, steps, session.cluster.step_count(session.hart) - count)


def back_next_instruction(session: "Session") -> Stop:
    """One step back, a call that has returned taken as one."""
    with session.cluster.excursion():
        steps = StepHistory(session.cluster, session.hart)
        count = _before(session, steps, session.cluster.step_count(session.hart), over_calls=True)
    return _to_step(session, steps, count)


def back_line(session: "Session", *, into_calls: bool) -> Stop:
    """To the start of the line that the current hart is in the midst of, or else of the line before."""
    with session.cluster.excursion():
        steps = StepHistory(session.cluster, session.hart)
        count = _line_start(session, steps, into_calls)
    return _to_step(session, steps, count)


def back_finish(session: "Session") -> Stop:
    """To the call of the current function."""
    frames = session.frames(2)
    if len(frames) < 2:
        raise CommandError('"reverse-finish" not meaningful in the outermost frame.')
    with session.cluster.excursion():
        steps = StepHistory(session.cluster, session.hart)
        count = _call_before(session, session.cluster.cycle, frames[1].pc, frames[0].cfa)
    if count is None:
        first, _ = session.cluster.history_bounds()
        return _travel(session, first, Reason.HISTORY_START)
    return _to_step(session, steps, count)


# --- hits ---


def last_hit(
    session: "Session", first: int, last: int, internal: frozenset[int] = frozenset()
) -> Stop | None:
    """The stop of the latest cycle in `first` to `last` - 1 for which a breakpoint accepts; counts hits and
    ignores on the way, as a run does."""
    if not internal and not any(b.enabled for b in session.breakpoints):
        return None
    search = BackwardSearch(
        session.cluster, first, last, lambda cycle, events: _judge(session, cycle, events, internal)
    )
    while not search.proceed(_PIECE_SECONDS):
        session.on_slice()
    return search.found


class BackwardSearch(Generic[T]):
    """Hits of the armed triggers, cycle by cycle from the latest of `first` to `last` - 1 back, until
    `judge` answers; in pieces, between which the machine stands in the present."""

    def __init__(
        self, cluster: Cluster, first: int, last: int, judge: Callable[[int, list[StopEvent]], T | None]
    ) -> None:
        self._cluster, self._judge = cluster, judge
        self._first, self._last = first, last
        self.found: T | None = None

    def proceed(self, seconds: float = inf) -> bool:
        """Search for about so long; whether the search is over. Raises InterruptedSearchError."""
        until = monotonic() + seconds
        with self._cluster.excursion():
            while self._last > self._first and self.found is None:
                self._scan()
                if monotonic() > until:
                    break
        return self._last <= self._first or self.found is not None

    def _scan(self) -> None:
        """The part behind the last checkpoint."""
        begin = max(self._first, self._cluster.checkpoint_before(self._last))
        events = self._cluster.scan(begin, self._last)
        for cycle, together in groupby(reversed(events), key=lambda event: event.cycle):
            self.found = self._judge(cycle, list(together)[::-1])
            if self.found is not None:
                return
        self._last = begin


def search_back(
    cluster: Cluster, first: int, last: int, judge: Callable[[int, list[StopEvent]], T | None]
) -> T | None:
    """The same in one piece: what `judge` answered."""
    search = BackwardSearch(cluster, first, last, judge)
    search.proceed()
    return search.found


def _judge(session: "Session", cycle: int, events: list[StopEvent], internal: frozenset[int]) -> Stop | None:
    before = [event for event in events if event.reason == "breakpoint"]
    behind = [event for event in events if event.reason != "breakpoint"]
    accepted = []
    if behind:
        accepted += judging.accepted(session, behind, internal, at=cycle + 1)
    if before:
        accepted += judging.accepted(session, before, internal, at=cycle)
    return judging.report(session, accepted) if accepted else None


def _travel(session: "Session", target: int, reason: Reason, internal: frozenset[int] = frozenset()) -> Stop:
    """Back to a cycle, or to the last hit on the way there."""
    now = session.cluster.cycle
    stop = last_hit(session, target, now, internal)
    goal = target if stop is None else stop.cycle
    session.cluster.goto_cycle(goal)
    if session.cluster.cycle != goal:
        return session.standing(Reason.INTERRUPTED)
    return stop or session.standing(reason)


def _to_step(session: "Session", steps: StepHistory, count: int) -> Stop:
    if count < steps.origin.number:
        return _travel(session, steps.origin.cycle, Reason.HISTORY_START)
    return _travel(session, steps.behind(count).cycle, Reason.STEP)


# --- calls ---


def _before(session: "Session", steps: StepHistory, count: int, *, over_calls: bool) -> int:
    """The step before step `count`: with `over_calls` the call, where that step is the return from one."""
    executed = steps.behind(count - 1)
    if not over_calls or count - 1 < steps.origin.number or not _returns(session, executed.pc):
        return count - 1
    here = steps.behind(count)
    session.cluster.goto_cycle(here.cycle)
    sp = session.cluster.read_register(session.hart, registers.SP)
    call = _call_before(session, executed.cycle, here.pc, sp)
    return count - 1 if call is None else call


def _returns(session: "Session", pc: int) -> bool:
    try:
        return session.instruction(pc).is_return
    except MemoryAccessError:
        return False


def _call_before(session: "Session", cycle: int, return_to: int, sp: int) -> int | None:
    """Steps made when the current hart last stood at the call that returns to `return_to`, before `cycle`."""
    cluster, hart = session.cluster, session.hart
    calls = []
    for address in (return_to - 4, return_to - 2):
        try:
            instruction = session.instruction(address)
        except MemoryAccessError:
            continue
        if instruction.is_call and instruction.end == return_to:
            calls.append(address)
    identifiers = {cluster.add_breakpoint(address, 1 << hart) for address in calls}

    def judge(at: int, events: list[StopEvent]) -> Stop | None:
        if not any(identifiers & set(event.ids) for event in events):
            return None
        cluster.goto_cycle(at)
        same_frame = cluster.read_register(hart, registers.SP) == sp
        return session.standing(Reason.STEP) if same_frame else None

    first, _ = cluster.history_bounds()
    try:
        with cluster.excursion():
            if search_back(cluster, first, cycle, judge) is None:
                return None
            return cluster.step_count(hart)
    finally:
        for identifier in identifiers:
            cluster.remove(identifier)


# --- lines ---


def _line_start(session: "Session", steps: StepHistory, into_calls: bool) -> int:
    """Steps made where the line began whose middle, or end, the current hart is at."""
    count = session.cluster.step_count(session.hart)
    here = steps.behind(count).pc
    scope = None if into_calls else function_at(session, here)
    ranges = _ranges(session, here, scope)
    if not ranges:
        return _before(session, steps, count, over_calls=not into_calls)
    if not (_is_start(session, here) and _entered(steps, count, ranges)):
        # In the midst of a line.
        return _first_of(session, steps, count, ranges, into_calls)
    count = _before(session, steps, count, over_calls=not into_calls)
    if count < steps.origin.number:
        return count
    count = _leave_unknown(session, steps, count)
    ranges = _ranges(session, steps.behind(count).pc, scope)
    return _first_of(session, steps, count, ranges, into_calls) if ranges else count


def _first_of(session: "Session", steps: StepHistory, count: int, ranges: Ranges, into_calls: bool) -> int:
    """The first of the steps in the ranges that lead to `count`, calls made from there included."""
    while count > steps.origin.number:
        earlier = _before(session, steps, count, over_calls=False)
        pc = steps.behind(earlier).pc
        if not _contains(ranges, pc):
            if not _returns(session, pc):
                return count
            # Back into a function that this line has called.
            if into_calls and session.symbols.line_at(pc) is not None:
                inner = _ranges(session, pc)
                return _first_of(session, steps, earlier, inner, into_calls) if inner else earlier
            earlier = _before(session, steps, count, over_calls=True)
            if not _contains(ranges, steps.behind(earlier).pc):
                return count
        count = earlier
    return count


def _leave_unknown(session: "Session", steps: StepHistory, count: int) -> int:
    """Out of a called function that has no lines, to its call."""
    pc = steps.behind(count).pc
    if session.symbols.line_at(pc) is not None or not _returns(session, pc):
        return count
    return _before(session, steps, count + 1, over_calls=True)


def _entered(steps: StepHistory, count: int, ranges: Ranges) -> bool:
    """Whether the hart came to the ranges with this very step, rather than going round in them."""
    return count <= steps.origin.number or not _contains(ranges, steps.behind(count - 1).pc)


def _ranges(session: "Session", pc: int, scope: "Block | None" = None) -> Ranges:
    """The code of the line at a pc, with the calls inlined there into the function `scope`."""
    ranges = statement_ranges(session, pc, scope)
    if ranges:
        return ranges
    function = session.symbols.function_at(pc)
    return [(function.address, function.end)] if function is not None and function.size else []


def _is_start(session: "Session", pc: int) -> bool:
    row = session.symbols.row_at(pc)
    return row is None or row.start == pc


def _contains(ranges: Iterable[tuple[int, int]], address: int) -> bool:
    return any(start <= address < end for start, end in ranges)
