"""The machine that all clients share: who is to run, one slice of time after the other, and what stopped.

Time passes only in `advance`, on the thread of the server. A hart that no client resumed either runs along or
stands still: in all-stop mode `step_mode` says which ("cluster": it runs along, "frozen": it stands still),
in non-stop mode it always stands still.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError, MachineError
from flexdbg.gdb.registers import RegisterTable, register_table
from flexdbg.gdb.stops import HartStop
from flexdbg.gdb.triggers import Trigger, TriggerTable
from flexdbg.machine.cluster import StopEvent

__all__ = ["SharedMachine", "Step"]

# A slice lasts about this long, so that an interrupt is answered well within a tenth of a second.
_SLICE_SECONDS = 0.015
# Each piece of a search backwards begins with a way into the past: longer ones have less of that.
_SEARCH_SECONDS = 0.06
_MOST_BEGUN = 1 << 16
_FEWEST_CYCLES, _MOST_CYCLES = 1 << 8, 1 << 22

# Which of several stops in one cycle is reported first.
_IMPORTANCE = ("exit", "error", "trap", "deadlock", "ebreak", "watchpoint", "breakpoint", "event", "step")
_TRIGGERED = ("breakpoint", "watchpoint", "event")
_OF_OTHERS = (*_TRIGGERED, "ebreak", "trap")  # what can wait while one hart steps by itself


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, or as many as it takes to leave `start` to `end` - 1."""

    start: int = 0
    end: int = 0

    def goes_on_at(self, pc: int) -> bool:
        return self.start <= pc < self.end


class Search(Protocol):
    """A way back that is under way; see gdb/reverse.py."""

    def proceed(self, seconds: float) -> list[HartStop]: ...


class SharedMachine:
    """Runs a session's cluster for any number of clients."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.cluster = session.cluster
        self.harts = len(self.cluster.harts)
        causes, counters = tuple(self.cluster.ledger(0)), tuple(self.cluster.counters(0))
        self.registers: RegisterTable = register_table(self.cluster.config.core, causes, counters)
        self.triggers: list[TriggerTable] = []
        self.step_mode = "cluster"
        self.non_stop = False
        self.resumed: dict[int, Step | None] = {}
        self.search: Search | None = None  # time goes back
        self.pending: list[HartStop] = []
        self.stopped: dict[int, str] = {}  # hart -> why it stands, for the text of its state
        self.version = 0  # counts changes of state by debuggers
        self.say: Callable[[str], None] = lambda text: None
        # Where steps of a hart began: (hart, its number of steps) -> cycle. A hart may stand at one
        # instruction for many cycles; going back ends in the one in which the step forward had begun.
        self.began: dict[tuple[int, int], int] = {}
        self._generation = self.cluster.generation
        self._begun = False  # a step is under way that a slice cut short
        self._solo = False
        # Hart -> its steps when GDB moved it past a breakpoint: should time go back into that step, to a stop
        # of another hart, the breakpoint is old news.
        self._left: dict[int, int] = {}
        self._slice = 1 << 14
        self._pending_version = 0
        self._pending_back = False

    # Asking

    @property
    def running(self) -> bool:
        return bool(self.resumed) or self.search is not None

    def resume(self, actions: Mapping[int, Step | None], *, solo: bool = False) -> None:
        """Let harts run (None) or step. `solo`: GDB moves one hart past a breakpoint it has taken out."""
        self._solo = solo and not self.non_stop
        if not self._solo:
            self.settle()
        if self.non_stop:
            self.resumed.update(actions)
        else:
            self.resumed = dict(actions)
            self.stopped.clear()
        if self.non_stop:
            for hart in actions:
                self.stopped.pop(hart, None)
        for hart, step in actions.items():
            if step is not None:
                self._remember(hart)
            if self._solo:
                self._left[hart] = self.cluster.step_count(hart)
        self._begun = False

    def _remember(self, hart: int) -> None:
        if self._generation != self.cluster.generation or len(self.began) > _MOST_BEGUN:
            self.began.clear()
            self._generation = self.cluster.generation
        self.began[hart, self.cluster.step_count(hart)] = self.cluster.cycle

    def began_at(self, hart: int, count: int) -> int | None:
        """The cycle in which the step behind step `count` of a hart was last begun by a client."""
        return self.began.get((hart, count)) if self._generation == self.cluster.generation else None

    def halt(self, harts: Iterable[int] | None = None) -> None:
        """Stop harts, all by default; they stand between two cycles."""
        if harts is None:
            self.resumed.clear()
            self.search = None
        else:
            for hart in harts:
                self.resumed.pop(hart, None)
        self._begun = False

    def changed(self) -> None:
        """A debugger changed registers, memory or time."""
        self.version += 1
        self._left.clear()

    def moved(self) -> None:
        """Time was moved by other means: what waited to be reported is of another time."""
        self.version += 1
        self.pending.clear()
        self.stopped.clear()
        self._left.clear()
        self._begun = False

    def settle(self) -> None:
        """Breakpoints that were taken out are gone for good."""
        for table in self.triggers:
            table.settle()

    def restart(self) -> None:
        self.halt()
        self.session.restart()
        self.moved()

    # Running

    def advance(self) -> list[HartStop]:
        """Run for a slice; the stops of the one cycle in which something happened, the most important
        first."""
        if self.search is not None:
            return self.search.proceed(_SEARCH_SECONDS)
        began = perf_counter()
        while True:
            events = self._move()
            stops = self._judge(events)
            if stops:
                if len(stops) > 1:
                    stops.sort(key=self._rank)
                return stops
            took = perf_counter() - began
            if took > _SLICE_SECONDS or not self.resumed:
                self._adapt(took)
                return []
            if len(events) == 1 and events[0].reason == "cycles" and self._slice < _MOST_CYCLES:
                self._slice *= 2

    def _adapt(self, took: float) -> None:
        if took > 2 * _SLICE_SECONDS:
            self._slice = max(_FEWEST_CYCLES, int(self._slice * _SLICE_SECONDS / took))

    def _move(self) -> list[StopEvent]:
        steps = [hart for hart, step in self.resumed.items() if step is not None]
        held = 0
        if self.non_stop or self.step_mode == "frozen":
            held = sum(1 << hart for hart in range(self.harts) if hart not in self.resumed)
        if not steps:
            return self.cluster.run(self._slice, held=held)
        if len(steps) > 1:
            return self._move_several(steps, held)
        events = self.cluster.step(steps[0], held=held, max_cycles=self._slice, go_on=self._begun)
        self._begun = True
        return events

    def _move_several(self, steps: list[int], held: int) -> list[StopEvent]:
        """Several harts step at once: cycle by cycle until one of them has executed an instruction."""
        before = {hart: self._instructions(hart) for hart in steps}
        for _ in range(_FEWEST_CYCLES):
            events = self.cluster.run(1, held=held)
            if any(event.reason != "cycles" for event in events):
                return events
            done = [hart for hart in steps if self._instructions(hart) != before[hart]]
            if done:
                return [_Stepped(hart, self.cluster.cycle) for hart in done]  # type: ignore[misc]
        return events

    def _instructions(self, hart: int) -> int:
        return self.cluster.counters(hart)["instructions"]

    # Judging

    def judge_back(self, cycle: int, events: list[StopEvent], alone: int | None) -> list[HartStop]:
        """The hits of one recorded cycle; conditions see what they saw when time went forward: breakpoints
        the cycle itself, watchpoints the one behind the access. `alone` is the hart that GDB takes past a
        breakpoint which it has removed. On an excursion."""
        stops = []
        for event in events:
            at = cycle if event.reason == "breakpoint" else cycle + 1
            if self._is_conditional(event) and self.cluster.cycle != at:
                self.cluster.goto_cycle(at)
            removed_too = alone is not None and event.hart != alone
            stop = self._triggered(event, at, commands=False, removed_too=removed_too)
            if stop is not None:
                stops.append(stop)
        return stops

    def _is_conditional(self, event: StopEvent) -> bool:
        return any(trigger.conditions for table in self.triggers for trigger in table.of(event))

    def _judge(self, events: list[StopEvent]) -> list[HartStop]:
        stops: list[HartStop] = []
        for event in events:
            reason = event.reason
            if reason == "cycles":
                continue
            if reason in _TRIGGERED:
                stop = self._triggered(event, removed_too=self._solo and event.hart not in self.resumed)
            elif reason == "step":
                stop = self._stepped(event)
            else:
                stop = self._other(event)
            if stop is None:
                continue
            if self._solo and stop.hart not in self.resumed and reason in _OF_OTHERS:
                # GDB moves one hart past a breakpoint that it has taken out, and takes no news of others.
                self.keep([stop])
            else:
                stops.append(stop)
        if len(stops) < 2:
            return stops
        hit = {stop.hart for stop in stops if stop.reason == "breakpoint"}
        # The end of a step at a breakpoint is the breakpoint.
        return [stop for stop in stops if stop.reason != "step" or stop.hart not in hit]

    def _triggered(
        self, event: StopEvent, at: int | None = None, *, commands: bool = True, removed_too: bool
    ) -> HartStop | None:
        """What an event means to the clients; with `removed_too`, breakpoints that GDB has taken out for
        the hart that it steps hold for the others."""
        hart = self._hart_of(event)
        if event.reason == "breakpoint" and at is None and self._is_left(hart):
            return None
        hits: list[Trigger] = []
        for table in self.triggers:
            for trigger in table.of(event):
                if trigger.kind == 2 and event.old == event.new:
                    continue  # as gdb's `watch`: only a change counts
                if not trigger.holds(hart):
                    continue
                if trigger.removed and not removed_too:
                    continue
                if trigger.commands and not commands:
                    continue
                if trigger.commands:
                    for text in trigger.run_commands(hart):
                        self.say(text)
                else:
                    hits.append(trigger)
        monitor = self._monitor_hits(event, at)
        if hits or monitor:
            for trigger in hits:
                trigger.hits += 1
            return self._stop(event, tuple(hits), monitor)
        return None

    def _is_left(self, hart: int) -> bool:
        return hart in self._left and self._left[hart] == self.cluster.step_count(hart)

    def _monitor_hits(self, event: StopEvent, at: int | None) -> tuple[int, ...]:
        """Breakpoints of the `break` and `watch` of monitor commands that want this event."""
        if not len(self.session.breakpoints):
            return ()
        try:
            return tuple(breakpoint_.number for breakpoint_ in self.session.hits(event, at))
        except FlexdbgError as error:
            self.say(f"{error}\n")
            return ()

    def _stepped(self, event: StopEvent) -> HartStop | None:
        step = self.resumed.get(event.hart)
        self._begun = False
        if step is not None and step.goes_on_at(event.pc):
            return None
        return HartStop("step", event.hart, event.cycle)

    def _other(self, event: StopEvent) -> HartStop:
        reason, message = event.reason, event.message
        hart = event.hart
        if reason == "error" and not event.access and hart in self.resumed and self._begun:
            reason = "cycles"  # a hart that is switched off cannot step
        return HartStop(reason, hart, event.cycle, self._instructions(hart), (), event, event.code, message)

    def _stop(self, event: StopEvent, hits: tuple[Trigger, ...], monitor: tuple[int, ...]) -> HartStop:
        hart = self._hart_of(event)
        count = self._instructions(hart)
        return HartStop(event.reason, hart, event.cycle, count, hits, event, 0, event.message, monitor)

    def _hart_of(self, event: StopEvent) -> int:
        """The hart that a stop is reported for: what the DMA does concerns the one that is looked at."""
        return event.hart if event.hart >= 0 else self.session.hart

    def _rank(self, stop: HartStop) -> tuple[int, bool, int]:
        order = _IMPORTANCE.index(stop.reason) if stop.reason in _IMPORTANCE else len(_IMPORTANCE)
        return (order, stop.hart not in self.resumed or self.resumed[stop.hart] is None, stop.hart)

    # Stops that wait to be reported

    def keep(self, stops: list[HartStop], *, back: bool = False) -> None:
        """Remember stops that could not be reported yet; `back`: they lay on a way back."""
        if not self.pending:
            self._pending_version, self._pending_back = self.version, back
        self.pending += stops

    def due(self, *, back: bool = False) -> list[HartStop]:
        """Before harts run, or time goes `back`: stops that wait and still hold, those met first. Time goes
        to their cycle if it has passed it. If the direction has changed, they lie ahead again."""
        if not self.pending:
            return []
        waiting = [stop for stop in self.pending if self._holds(stop)] if back == self._pending_back else []
        self.pending.clear()
        if not waiting:
            return []
        first = (max if back else min)(stop.cycle for stop in waiting)
        stops = [stop for stop in waiting if stop.cycle == first]
        if not back and all(self._stands(stop) for stop in stops):
            return stops
        if self.version != self._pending_version:
            for stop in stops:
                name = self.cluster.harts[stop.hart].name
                self.say(
                    f"{name} met a {stop.words} in cycle {stop.cycle:,}, while another hart stepped; "
                    "state has been changed since, so time cannot go there\n"
                )
            return []
        try:
            self.cluster.goto_cycle(first)
        except MachineError as error:
            self.say(f"{error}\n")
            return []
        return stops

    def _holds(self, stop: HartStop) -> bool:
        if stop.reason not in _TRIGGERED:
            return True
        return bool(stop.monitor) or any(not trigger.removed for trigger in stop.triggers)

    def _stands(self, stop: HartStop) -> bool:
        return stop.cycle == self.cluster.cycle or (
            self._instructions(stop.hart) == stop.instructions and stop.reason == "breakpoint"
        )


@dataclass(frozen=True, slots=True)
class _Stepped:
    """Stands in for the core's event where several harts step at once."""

    hart: int
    cycle: int
    reason: str = "step"

    @property
    def pc(self) -> int:
        return 0
