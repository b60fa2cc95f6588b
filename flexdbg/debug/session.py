"""Session: one machine, one program, the current hart, breakpoints, and the verbs that move time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Literal

from flexdbg.debug import judging, queries, reverse, stepping, unwind
from flexdbg.debug.breakpoints import WATCHED_ACCESS, Breakpoint, BreakpointTable
from flexdbg.debug.breakpoints import Scope as FrameScope
from flexdbg.debug.conditions import core_condition
from flexdbg.debug.events import EVENT_NAMES, event_filter
from flexdbg.debug.expressions import Expression, compile_expression
from flexdbg.debug.instructions import Instruction, instruction_at
from flexdbg.debug.locations import resolve
from flexdbg.debug.queries import Access
from flexdbg.debug.register_watch import register_filter, register_place
from flexdbg.debug.scope import Scope
from flexdbg.debug.stops import Reason, Stop
from flexdbg.debug.symbols import SymbolTable
from flexdbg.debug.timeline import Timeline
from flexdbg.debug.undo import UndoLog
from flexdbg.debug.values import Value
from flexdbg.debug.worker import call_directly, call_on_worker
from flexdbg.errors import (
    CommandError,
    ExpressionError,
    InterruptedSearchError,
    TargetRunningError,
    did_you_mean,
)
from flexdbg.machine.cluster import Cluster, Hart, StopEvent, TraceRecord
from flexdbg.machine.loader import Program, load_program

__all__ = ["Session"]

Output = list[tuple[int, bytes]]

# Cycles between two looks at the program's output: about a tenth of a second of simulation.
_SLICE = 1 << 20


class Session:
    """A debugging session. `threaded` lets Ctrl-C on the main thread interrupt a running machine."""

    def __init__(self, cluster: Cluster, program: Program | None = None, *, threaded: bool = False) -> None:
        self.cluster = cluster
        self.program = program
        self.symbols = SymbolTable(program)
        self.breakpoints = BreakpointTable(
            cluster, lambda one: core_condition(self, one.condition, one.addresses)
        )
        self.hart = len(cluster.harts) - 1 if cluster.config.boot == "fc" else 0
        self.scheduler_locking = "off"
        self.on_output: Callable[[Output], None] = lambda output: None
        # Cycles between two looks at output and interrupts, and who else wants to look then: called on the
        # thread that runs the machine, while the machine stands still.
        self.slice_cycles = _SLICE
        self.on_slice: Callable[[], None] = lambda: None
        self.last_stop: Stop | None = None
        self._selected = (0, 0, 0)  # hart, cycle, level of its frame
        self.stepped_in: tuple[int, int] | None = None  # hart and cycle of a step into an inlined call
        self.judged: StopEvent | None = None  # the event that a condition is evaluated for
        self.timeline = Timeline(self)
        # What a change in the past has cost: called with the present cycle and the last one forgotten.
        self.on_new_future: Callable[[int, int], None] = lambda now, last: None
        cluster.on_new_future = lambda now, last: self.on_new_future(now, last)
        self._observers: list[Callable[[Stop], None]] = []
        self._owner = RLock()  # held by the thread that moves the machine
        self._running = False
        self.scope = Scope(self)
        self.undo_log = UndoLog(self)
        self._call = call_on_worker if threaded else call_directly
        self._interrupted = False
        if program is not None:
            cluster.load_program(program)

    # Program

    def load(self, path: str | Path) -> Program:
        """Replace the program and go back to reset."""
        return self.adopt(load_program(path))

    def adopt(self, program: Program) -> Program:
        """Replace the program by one that is not, or not only, in a file, and go back to reset."""
        program.check_fits(self.cluster.config)
        self.program = program
        self.symbols = SymbolTable(program)
        self.breakpoints.renew()
        self.restart()
        return program

    def restart(self) -> None:
        """Back to reset with the program loaded; breakpoints stay."""
        self.cluster.reset()
        if self.program is not None:
            self.cluster.load_program(self.program)
        self.last_stop = None
        self.timeline.bookmarks.clear()
        self.hart = len(self.cluster.harts) - 1 if self.cluster.config.boot == "fc" else 0

    # Several clients

    def subscribe(self, callback: Callable[[Stop], None]) -> None:
        """Call `callback` with the stop of every finished verb, on the thread of whoever asked for it."""
        self._observers.append(callback)

    def unsubscribe(self, callback: Callable[[Stop], None]) -> None:
        self._observers.remove(callback)

    @property
    def running(self) -> bool:
        """Whether a verb is under way. Only `interrupt` may be called then, from other threads."""
        return self._running

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One thread at a time moves the machine; the others are told."""
        if not self._owner.acquire(timeout=0.0 if self._running else 1.0):
            raise TargetRunningError("the machine is running; interrupt it first")
        before, self._running = self._running, True
        try:
            yield
        finally:
            self._running = before
            self._owner.release()

    # Where we are

    @property
    def current(self) -> Hart:
        return self.cluster.harts[self.hart]

    @property
    def pc(self) -> int:
        return self.current.pc

    @property
    def exited(self) -> bool:
        return self.cluster.exit_status is not None

    def select(self, hart: int) -> Hart:
        count = len(self.cluster.harts)
        if not 0 <= hart < count:
            raise CommandError(f"no hart {hart}: harts are 0 to {count - 1}")
        if hart != self.hart:
            self.hart = hart
            self._selected = (hart, 0, 0)
        return self.current

    def instruction(self, address: int) -> Instruction:
        return instruction_at(self.cluster, address, self.hart)

    # Frames

    def frames(self, limit: int = 64) -> list[unwind.Frame]:
        """The call chain of the current hart, innermost first."""
        return unwind.frames(self, limit)

    def stack(self, limit: int = 64) -> list[unwind.Frame]:
        """The same with inlined calls as frames of their own, and the scopes of the source."""
        return unwind.stack(self, limit)

    @property
    def frame_level(self) -> int:
        """The selected frame of the current hart, a level of `stack`; 0 again when the machine moves."""
        hart, cycle, level = self._selected
        return level if (hart, cycle) == (self.hart, self.cluster.cycle) else 0

    @property
    def selected(self) -> unwind.Frame:
        """The frame whose variables and registers expressions see."""
        level = self.frame_level
        found = self.stack(level + 1)
        return found[min(level, len(found) - 1)]

    def select_frame(self, level: int) -> unwind.Frame:
        found = self.stack(level + 1)
        if not 0 <= level < len(found):
            raise CommandError(f"No frame at level {level}.")
        self._selected = (self.hart, self.cluster.cycle, level)
        return found[level]

    def locals_of(self, frame: unwind.Frame, *, parameters: bool) -> list[tuple[str, Value]]:
        """Names and values of a frame's parameters, or of its other variables, innermost block first."""
        from flexdbg.debug.variables import named_values

        return named_values(self, frame, parameters=parameters)

    def places_at(self, address: int) -> list[tuple[str, int, str]]:
        """The variables in scope at an address: name, size in bytes, and where it is kept in words."""
        from flexdbg.debug.dwarf.places import place_text
        from flexdbg.debug.variables import everything_at

        dwarf = self.symbols.dwarf

        def read() -> list[tuple[str, int, str]]:
            return [(one.name, one.kind.size, place_text(one, dwarf)) for one in everything_at(self, address)]

        none: list[tuple[str, int, str]] = []
        return self.symbols.readable("debug information", read, none)

    # Expressions

    def compile(self, text: str) -> Expression:
        """Read an expression; its types are those of the program."""
        return compile_expression(text, self.scope.type_named)

    def evaluate(self, text: str | Expression) -> Value:
        """The value of an expression now. Structs and arrays are read when they are looked into."""
        value = self.designate(text)
        if not value.kind.aggregate and value.elements is None:
            value.settle()
        return value

    def designate(self, text: str | Expression) -> Value:
        """What an expression names, without reading it: for its place or its type."""
        expression = self.compile(text) if isinstance(text, str) else text
        return expression.evaluate(self.scope)

    def address_of(self, text: str) -> int:
        """The number of an expression, as an address."""
        return self.evaluate(text).scalar() & 0xFFFF_FFFF

    def locate(self, text: str, *, skip_prologue: bool = True) -> tuple[int, ...]:
        return resolve(text, self.symbols, self.pc, self.address_of, skip_prologue=skip_prologue)

    def place_of(self, expression: str) -> tuple[int, int]:
        """Address and bytes of the place that an expression names; a plain number is a word's address."""
        return queries.place_of(self, expression)

    # Breakpoints

    def add_breakpoint(
        self, location: str, *, condition: str = "", hart: int | None = None, temporary: bool = False
    ) -> Breakpoint:
        addresses = self.locate(location)
        compiled = self.compile(condition) if condition else None
        if compiled is not None:
            self.scope.check_names(compiled.names, addresses)
        return self.breakpoints.add(
            "breakpoint", location, addresses, condition=compiled, hart=hart, temporary=temporary
        )

    def add_watchpoint(
        self, expression: str, *, kind: str = "watchpoint", condition: str = "", hart: int | None = None
    ) -> Breakpoint:
        """Watch the place that an expression names: memory, a register, or a lane of one.

        A plain number is an address of one word. A register is that of the given or else the current hart.
        """
        compiled = self.compile(condition) if condition else None
        register = register_place(self.compile(expression))
        if register is not None:
            chosen = self.hart if hart is None else hart
            filter_ = register_filter(register, WATCHED_ACCESS[kind])
            return self.breakpoints.add(
                kind, expression, (), size=4, condition=compiled, hart=chosen, event=filter_
            )
        try:
            address, size = self.place_of(expression)
        except ExpressionError as error:
            raise CommandError(f"cannot watch {error}") from error
        return self.breakpoints.add(
            kind,
            expression,
            (address,),
            size=size,
            condition=compiled,
            hart=hart,
            watched=queries.type_of(self, expression),
            scope=self._scope_of(expression, address),
        )

    def _scope_of(self, expression: str, address: int) -> FrameScope | None:
        """The selected frame, if the expression names a variable on its part of the stack."""
        frame = self.selected
        named = expression.lstrip()[:1].isalpha() or expression.lstrip()[:1] == "_"
        if frame.block is None or not named or not frame.sp <= address < frame.cfa:
            return None
        outside = self.frames(frame.index + 2)[frame.index + 1 :]
        return FrameScope(self.hart, outside[0].pc, frame.cfa) if outside else None

    def add_event(
        self, text: str, *, condition: str = "", hart: int | None = None, temporary: bool = False
    ) -> Breakpoint:
        """Stop on an event (debug/events.py lists them); without a text, behind every instruction."""
        filter_ = event_filter(self.cluster, text)
        if filter_ is None:
            raise CommandError(f"no event {text!r}{did_you_mean(text.split()[0], EVENT_NAMES)}")
        compiled = self.compile(condition) if condition else None
        return self.breakpoints.add(
            "event",
            filter_.text,
            (),
            condition=compiled,
            hart=hart,
            temporary=temporary,
            event=filter_,
        )

    # Time

    def resume(self, max_cycles: int | None = None) -> Stop:
        """Run until something stops the machine."""
        return self._act(lambda: self._run(max_cycles))

    def step_cycles(self, count: int) -> Stop:
        """Advance the whole cluster by cycles."""
        return self._act(lambda: self._run(count))

    def step_instructions(self, count: int = 1) -> Stop:
        """Step the current hart by instructions, into calls."""
        return self._act(self.step_quietly, count)

    def next_instructions(self, count: int = 1) -> Stop:
        return self._act(lambda: stepping.next_instruction(self), count)

    def step_lines(self, count: int = 1) -> Stop:
        return self._act(lambda: stepping.step_line(self), count)

    def next_lines(self, count: int = 1) -> Stop:
        return self._act(lambda: stepping.next_line(self), count)

    def until(self) -> Stop:
        """Like `next`, but never goes back to an earlier line: it leaves loops."""
        return self._act(lambda: stepping.until_line(self))

    def finish(self) -> Stop:
        """Run until the current function returns."""
        return self._act(lambda: stepping.finish(self))

    def advance(self, location: str) -> Stop:
        """Run until the current hart reaches a location, or its function returns."""
        addresses = self.locate(location)
        return self._act(lambda: stepping.advance(self, addresses))

    def step_to(self, text: str, count: int = 1) -> Stop:
        """Run to the next event of the current hart; the machine stands behind the cycle of the event."""

        def run() -> Stop:
            with self._event_triggers(text) as identifiers:
                return self._run(None, identifiers)

        return self._act(run, count)

    def reverse_step_to(self, text: str, count: int = 1) -> Stop:
        """Back to the cycle of the last event of the current hart; the machine stands right before it."""

        def back() -> Stop:
            with self._event_triggers(text) as identifiers:
                return reverse.back_to_event(self, frozenset(identifiers))

        return self._go(back, count)

    @contextmanager
    def _event_triggers(self, text: str) -> Iterator[set[int]]:
        filter_ = event_filter(self.cluster, text) if text.strip() else None
        if filter_ is None:
            raise CommandError(f"no event {text.strip()!r}: events are {', '.join(EVENT_NAMES)}")
        mask = 1 << self.hart | (1 << 31 if filter_.text.startswith("dma") else 0)
        identifiers = {self.cluster.add_event(kind, mask, **limits) for kind, limits in filter_.triggers}
        try:
            yield identifiers
        finally:
            for identifier in identifiers:
                self.cluster.remove(identifier)

    def goto_cycle(self, cycle: int) -> Stop:
        """Go to a cycle of the recorded run, or forward to a later one."""

        def go() -> Stop:
            self.cluster.goto_cycle(cycle)
            return self.standing(Reason.CYCLES if self.cluster.cycle == cycle else Reason.INTERRUPTED)

        return self._go(go)

    # Time, backwards; see debug/reverse.py for what exactly the verbs go back to

    def reverse_resume(self) -> Stop:
        """Back to the last hit of a breakpoint or watchpoint of any hart, or to the start of the history."""
        return self._go(lambda: reverse.resume_back(self))

    def reverse_cycles(self, count: int) -> Stop:
        """The whole cluster back by cycles."""
        return self._go(lambda: reverse.back_cycles(self, _positive(count)))

    def reverse_step_instructions(self, count: int = 1) -> Stop:
        """Back to where the current hart stood `count` instructions ago."""
        return self._go(lambda: reverse.back_instructions(self, _positive(count)))

    def reverse_next_instructions(self, count: int = 1) -> Stop:
        """The same, calls taken as one."""
        return self._go(lambda: reverse.back_next_instruction(self), count)

    def reverse_step_lines(self, count: int = 1) -> Stop:
        """Back to the start of the line the current hart is in the midst of, or else of the line before."""
        return self._go(lambda: reverse.back_line(self, into_calls=True), count)

    def reverse_next_lines(self, count: int = 1) -> Stop:
        """The same, calls taken as part of their line."""
        return self._go(lambda: reverse.back_line(self, into_calls=False), count)

    def reverse_finish(self) -> Stop:
        """Back to the call of the current function."""
        return self._go(lambda: reverse.back_finish(self))

    def records(
        self, first: int, last: int, kinds: Iterable[str], harts: Iterable[int] | None = None
    ) -> list[TraceRecord]:
        """Trace records of the recorded cycles `first` to `last` - 1, in order of time; the machine stays.

        `kinds` are some of `timeline.TRACE_KINDS`. Raises InterruptedSearchError after `interrupt`,
        TargetRunningError while another thread runs the machine.
        """
        with self._alone():
            return self.timeline.records(first, last, kinds, harts)

    def interrupt(self) -> None:
        """Stop the running machine; may be called from another thread or a signal handler."""
        self._interrupted = True
        self.cluster.interrupt()

    @property
    def interrupted(self) -> bool:
        """Whether `interrupt` was called since the last verb began."""
        return self._interrupted

    def forget_interrupt(self) -> None:
        self._interrupted = False

    # Questions to the recorded run; see debug/queries.py

    def last_access(
        self, place: str, kind: queries.AccessKind = "write", before: int | None = None
    ) -> Access | None:
        """The last write or read of a place or register before a cycle, by default the present one."""
        with self._alone():
            return queries.last_access(self, queries.target_of(self, place), kind, before)

    def last_write(self, place: str, before: int | None = None) -> Access | None:
        return self.last_access(place, "write", before)

    def last_read(self, place: str, before: int | None = None) -> Access | None:
        return self.last_access(place, "read", before)

    def accesses(
        self,
        place: str,
        kind: queries.AccessKind = "write",
        first: int | None = None,
        last: int | None = None,
        by: int | Literal["dma"] | None = None,
        newest: int | None = None,
    ) -> list[Access]:
        """Accesses to a place or register in cycles `first` to `last` - 1, by a hart, the DMA or anybody."""
        with self._alone():
            return queries.accesses(self, queries.target_of(self, place), kind, first, last, by, newest)

    def executions(
        self, location: str, first: int | None = None, last: int | None = None, by: int | None = None
    ) -> list[Access]:
        """When harts were about to execute the instruction at a location."""
        with self._alone():
            addresses = self.locate(location, skip_prologue=False)
            return queries.executions(self, addresses, first, last, by)

    # Building blocks of stepping; they do not report, and run on whatever thread the verb runs on

    def run_until(self, addresses: tuple[int, ...], accept: Callable[[], bool]) -> Stop:
        """Run until the current hart stands on an address and `accept` agrees, or anything else stops."""
        identifiers = {self.cluster.add_breakpoint(address, 1 << self.hart) for address in set(addresses)}
        try:
            while True:
                stop = self._run(None, identifiers)
                if stop.reason is not Reason.STEP or accept():
                    return stop
        finally:
            for identifier in identifiers:
                self.cluster.remove(identifier)

    def step_quietly(self) -> Stop:
        """One instruction of the current hart."""
        alone = self.scheduler_locking in ("on", "step")
        while True:
            events = self.cluster.step(self.hart, alone=alone)
            stop = self._judge(events, frozenset())
            if stop is not None:
                return stop
            if self._interrupted:
                return self.standing(Reason.INTERRUPTED)
            # Only breakpoints that declined: the step is not complete yet.

    # The inside

    def _act(self, verb: Callable[[], Stop], count: int = 1) -> Stop:
        """A verb that runs the program, as often as asked."""
        if self.program is None:
            raise CommandError("No program: load one with `file PATH`.")
        if self.exited:
            raise CommandError("The program has exited; `run` starts it again.")
        return self._go(verb, count)

    def _go(self, verb: Callable[[], Stop], count: int = 1) -> Stop:
        """A verb that moves the machine, as often as asked."""
        _positive(count)

        def repeat() -> Stop:
            for _ in range(count):
                stop = verb()
                if self._interrupted and stop.reason is Reason.STEP:
                    return self.standing(Reason.INTERRUPTED)
                if stop.reason is not Reason.STEP:
                    break
            return stop

        def move() -> Stop:
            with self._alone():
                self._interrupted = False
                try:
                    return self._finish(repeat())
                except InterruptedSearchError:
                    return self._finish(self.standing(Reason.INTERRUPTED))

        stop = self._call(move, self.interrupt)
        for observer in tuple(self._observers):
            observer(stop)
        return stop

    def _finish(self, stop: Stop) -> Stop:
        self._drain()
        for number in stop.breakpoints:
            if self.breakpoints.get(number).temporary or number in stop.left:
                self.breakpoints.remove(number)
        self.hart = stop.hart
        self.last_stop = stop
        return stop

    def _drain(self) -> None:
        output = self.cluster.take_output()
        if output:
            self.on_output(output)

    def _run(self, max_cycles: int | None, internal: "set[int] | frozenset[int]" = frozenset()) -> Stop:
        deadline = None if max_cycles is None else self.cluster.cycle + max_cycles
        while True:
            budget = self.slice_cycles
            if deadline is not None:
                budget = min(budget, deadline - self.cluster.cycle)
            if budget <= 0:
                return self.standing(Reason.CYCLES)
            events = self.cluster.run(budget)
            self._drain()
            self.on_slice()
            stop = self._judge(events, frozenset(internal))
            if stop is not None and stop.reason is not Reason.CYCLES:
                return stop
            if self._interrupted:
                return self.standing(Reason.INTERRUPTED)

    def standing(self, reason: Reason) -> Stop:
        """A stop of the current hart where it stands."""
        return Stop(reason, self.hart, self.pc, self.cluster.cycle)

    def _judge(self, events: list[StopEvent], internal: frozenset[int]) -> Stop | None:
        """The stop to report for the events of one cycle, None if every breakpoint among them declined."""
        found = judging.accepted(self, events, internal)
        return judging.report(self, found) if found else None

    def hits(self, event: StopEvent, at: int | None = None) -> tuple[Breakpoint, ...]:
        """The session's breakpoints that want to stop for an event; hits and ignore counts are counted."""
        return judging.hits(self, event, at)


def _positive(count: int) -> int:
    if count < 1:
        raise CommandError(f"{count}: the count must be at least 1")
    return count
