"""Session: one machine, one program, the current hart, breakpoints, and the verbs that move time."""

from collections.abc import Callable
from pathlib import Path

from flexdbg.debug import stepping, unwind
from flexdbg.debug.breakpoints import Breakpoint, BreakpointTable
from flexdbg.debug.expressions import Expression, compile_expression
from flexdbg.debug.instructions import Instruction, instruction_at
from flexdbg.debug.locations import resolve
from flexdbg.debug.scope import Scope
from flexdbg.debug.stops import Change, Reason, Stop
from flexdbg.debug.symbols import SymbolTable
from flexdbg.debug.values import Value
from flexdbg.debug.worker import call_directly, call_on_worker
from flexdbg.errors import CommandError, ExpressionError
from flexdbg.machine.cluster import Cluster, Hart, StopEvent
from flexdbg.machine.loader import Program, load_program

__all__ = ["Session"]

Output = list[tuple[int, bytes]]

# Cycles between two looks at the program's output: about a tenth of a second of simulation.
_SLICE = 1 << 20

# What the core stops for, most important first, where several happen in one cycle.
_IMPORTANCE = (
    "exit",
    "error",
    "trap",
    "deadlock",
    "ebreak",
    "watchpoint",
    "breakpoint",
    "step",
    "cycles",
    "interrupted",
    "halted",
    "history_start",
)


# Stops of the whole machine: the current hart stays the current one.
_OF_NO_HART = (Reason.CYCLES, Reason.INTERRUPTED, Reason.DEADLOCK, Reason.HALTED, Reason.HISTORY_START)


class Session:
    """A debugging session. `threaded` lets Ctrl-C on the main thread interrupt a running machine."""

    def __init__(self, cluster: Cluster, program: Program | None = None, *, threaded: bool = False) -> None:
        self.cluster = cluster
        self.program = program
        self.symbols = SymbolTable(program)
        self.breakpoints = BreakpointTable(cluster)
        self.hart = len(cluster.harts) - 1 if cluster.config.boot == "fc" else 0
        self.scheduler_locking = "off"
        self.on_output: Callable[[Output], None] = lambda output: None
        # Cycles between two looks at output and interrupts, and who else wants to look then: called on the
        # thread that runs the machine, while the machine stands still.
        self.slice_cycles = _SLICE
        self.on_slice: Callable[[], None] = lambda: None
        self.last_stop: Stop | None = None
        self.scope = Scope(self)
        self._call = call_on_worker if threaded else call_directly
        self._interrupted = False
        if program is not None:
            cluster.load_program(program)

    # Program

    def load(self, path: str | Path) -> Program:
        """Replace the program and go back to reset."""
        program = load_program(path)
        program.check_fits(self.cluster.config)
        self.program = program
        self.symbols = SymbolTable(program)
        self.restart()
        return program

    def restart(self) -> None:
        """Back to reset with the program loaded; breakpoints stay."""
        self.cluster.reset()
        if self.program is not None:
            self.cluster.load_program(self.program)
        self.last_stop = None
        self.hart = len(self.cluster.harts) - 1 if self.cluster.config.boot == "fc" else 0

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
        self.hart = hart
        return self.current

    def instruction(self, address: int) -> Instruction:
        return instruction_at(self.cluster, address, self.hart)

    def frames(self, limit: int = 64) -> list[unwind.Frame]:
        return unwind.frames(self, limit)

    # Expressions

    def evaluate(self, text: str | Expression) -> Value:
        expression = compile_expression(text) if isinstance(text, str) else text
        return expression.evaluate(self.scope)

    def address_of(self, text: str) -> int:
        """The number of an expression, as an address."""
        return self.evaluate(text).scalar() & 0xFFFF_FFFF

    def locate(self, text: str, *, skip_prologue: bool = True) -> tuple[int, ...]:
        return resolve(text, self.symbols, self.pc, self.address_of, skip_prologue=skip_prologue)

    # Breakpoints

    def add_breakpoint(
        self, location: str, *, condition: str = "", hart: int | None = None, temporary: bool = False
    ) -> Breakpoint:
        addresses = self.locate(location)
        compiled = compile_expression(condition) if condition else None
        return self.breakpoints.add(
            "breakpoint", location, addresses, condition=compiled, hart=hart, temporary=temporary
        )

    def add_watchpoint(
        self, expression: str, *, kind: str = "watchpoint", condition: str = "", hart: int | None = None
    ) -> Breakpoint:
        """Watch the place that an expression names; a plain number is an address of one word."""
        value = self.evaluate(expression)
        if value.place is not None and value.place.address is not None:
            address = value.place.address
            size = value.kind.size * (len(value.elements) if value.elements is not None else 1)
        elif value.place is None and value.elements is None:
            address, size = value.scalar() & 0xFFFF_FFFF, 4
        else:
            raise CommandError(f"cannot watch {expression}: it is a register, not a place in memory")
        compiled = compile_expression(condition) if condition else None
        return self.breakpoints.add(kind, expression, (address,), size=size, condition=compiled, hart=hart)

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

    def goto_cycle(self, cycle: int) -> Stop:
        """Go to a cycle of the recorded run, or forward to a later one."""

        def go() -> Stop:
            self.cluster.goto_cycle(cycle)
            return self._stop(Reason.CYCLES, self.hart)

        return self._finish(self._call(go, self.interrupt))

    def interrupt(self) -> None:
        """Stop the running machine; may be called from another thread or a signal handler."""
        self._interrupted = True
        self.cluster.interrupt()

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
                return self._stop(Reason.INTERRUPTED, self.hart)
            # Only breakpoints that declined: the step is not complete yet.

    # The inside

    def _act(self, verb: Callable[[], Stop], count: int = 1) -> Stop:
        if self.program is None:
            raise CommandError("No program: load one with `file PATH`.")
        if self.exited:
            raise CommandError("The program has exited; `run` starts it again.")
        if count < 1:
            raise CommandError(f"{count}: the count must be at least 1")

        def repeat() -> Stop:
            for _ in range(count):
                stop = verb()
                if self._interrupted and stop.reason is Reason.STEP:
                    return self._stop(Reason.INTERRUPTED, self.hart)
                if stop.reason is not Reason.STEP:
                    break
            return stop

        self._interrupted = False
        return self._finish(self._call(repeat, self.interrupt))

    def _finish(self, stop: Stop) -> Stop:
        self._drain()
        for number in stop.breakpoints:
            if self.breakpoints.get(number).temporary:
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
                return self._stop(Reason.CYCLES, self.hart)
            events = self.cluster.run(budget)
            self._drain()
            self.on_slice()
            stop = self._judge(events, frozenset(internal))
            if stop is not None and stop.reason is not Reason.CYCLES:
                return stop
            if self._interrupted:
                return self._stop(Reason.INTERRUPTED, self.hart)

    def _stop(self, reason: Reason, hart: int) -> Stop:
        return Stop(reason, hart, self.cluster.harts[hart].pc, self.cluster.cycle)

    def _judge(self, events: list[StopEvent], internal: frozenset[int]) -> Stop | None:
        """The stop to report for the events of one cycle, None if every breakpoint among them declined."""
        accepted: list[tuple[StopEvent, tuple[Breakpoint, ...], bool]] = []
        for event in events:
            if event.reason not in ("breakpoint", "watchpoint"):
                accepted.append((event, (), False))
                continue
            mine = any(identifier in internal for identifier in event.ids)
            hit = tuple(b for b in self._owners(event) if self._accepts(b, event))
            if hit or mine:
                accepted.append((event, hit, mine and not hit))
        if not accepted:
            return None
        # A user's breakpoint goes before the end of a step in the same cycle: the step would hide it.
        accepted.sort(
            key=lambda item: (_IMPORTANCE.index(item[0].reason), item[2], item[0].hart != self.hart)
        )
        event, hit, mine = accepted[0]
        reason = Reason.STEP if mine else Reason(event.reason)
        if reason in _OF_NO_HART:
            return Stop(reason, self.hart, self.pc, self.cluster.cycle, message=event.message)
        others = tuple((e.hart, e.reason) for e, _, _ in accepted[1:] if e.reason != "cycles")
        changes = tuple(
            Change(b.number, event.access, event.address, event.size, event.old, event.new)
            for b in hit
            if b.is_watch
        )
        return Stop(
            reason,
            event.hart,
            event.pc,
            event.cycle,
            tuple(b.number for b in hit),
            any(b.temporary for b in hit),
            changes,
            event.code,
            event.message,
            others=others,
        )

    def _owners(self, event: StopEvent) -> list[Breakpoint]:
        owners = (self.breakpoints.owner_of(identifier) for identifier in event.ids)
        return [owner for owner in owners if owner is not None]

    def _accepts(self, breakpoint_: Breakpoint, event: StopEvent) -> bool:
        # As in gdb: `watch` stops only when the value changes.
        if breakpoint_.kind == "watchpoint" and event.old == event.new:
            return False
        if breakpoint_.condition is not None:
            selected, self.hart = self.hart, event.hart
            try:
                if not self.evaluate(breakpoint_.condition).scalar():
                    return False
            except ExpressionError as error:
                # Stop, so that the user sees that the condition cannot be tested.
                raise CommandError(
                    f"Error in testing condition for breakpoint {breakpoint_.number}: {error}"
                ) from error
            finally:
                self.hart = selected
        breakpoint_.hits += 1
        if breakpoint_.ignore > 0:
            breakpoint_.ignore -= 1
            return False
        return True
