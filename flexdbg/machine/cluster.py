"""Cluster: the typed Python face of the simulator core. The debugger, the stubs and the UIs use only this."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from flexdbg.errors import (
    HistoryError,
    InterruptedSearchError,
    MachineError,
    MemoryAccessError,
    TargetRunningError,
)
from flexdbg.machine import registers
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import Program
from flexdbg.machine.native import StopEvent, core
from flexdbg.machine.tracing import Tracer

__all__ = ["ALL_HARTS", "CAUSES", "Cluster", "Condition", "Hart", "StepRecord", "StopEvent", "TraceRecord"]

ALL_HARTS = (1 << 32) - 1
# Nodes (operator, bits, signed, operands unsigned, value, left, right), see core/condition.hpp.
Condition = list[tuple[str, int, bool, bool, int | str, int, int]]
CAUSES: tuple[str, ...] = core.CAUSES  # what a cycle of a hart can be charged to, by number

# Most records that one look at the recorded run returns.
_MOST_RECORDS = 1 << 22


class TraceRecord(NamedTuple):
    """What happened in a cycle; docs/architecture.md says what `a`, `b` and `size` are for each kind."""

    cycle: int
    hart: int
    kind: str
    pc: int
    a: int
    b: int
    size: int
    old: int


class StepRecord(NamedTuple):
    """Where a hart stood behind its step number `number`: the cycle, and the pc of its next instruction."""

    cycle: int
    number: int
    pc: int


# Refuse absurd reads before they ask for gigabytes.
_LARGEST_ACCESS = 64 * 1024 * 1024


class Hart:
    """One hart of a cluster: registers by name or number, state, counters."""

    def __init__(self, cluster: "Cluster", index: int) -> None:
        self._cluster = cluster
        self.index = index

    @property
    def name(self) -> str:
        return "fc" if self.index == self._cluster.config.harts else f"hart {self.index}"

    @property
    def pc(self) -> int:
        return self.read("pc")

    @property
    def state(self) -> str:
        """running, sleeping, off or halted."""
        return self._cluster.native.hart_state(self.index)

    @property
    def wait(self) -> str:
        """What the hart waits for, as a sentence, or nothing."""
        return self._cluster.native.hart_wait(self.index)

    def read(self, register: str | int) -> int:
        return self._cluster.read_register(self.index, register)

    def write(self, register: str | int, value: int) -> None:
        self._cluster.write_register(self.index, register, value)

    def all_registers(self) -> list[int]:
        """The numbered registers 0..41, as `Cluster.registers`."""
        return self._cluster.registers(self.index)

    @property
    def ledger(self) -> dict[str, int]:
        """Cause to cycles; the causes add up to the cycles this hart has existed."""
        return self._cluster.native.ledger(self.index)

    @property
    def counters(self) -> dict[str, int]:
        return self._cluster.native.counters(self.index)

    def __repr__(self) -> str:
        return f"<Hart {self.index} {self.state} pc=0x{self.pc:08x}>"


class _Moving:
    """Around what moves the machine: one caller at a time, and not while it shows its past. Debuggers step
    a lot: a generator would take as long as the step."""

    __slots__ = ("_cluster",)

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def __enter__(self) -> None:
        cluster = self._cluster
        if cluster._running:
            raise TargetRunningError("the machine is running; interrupt it first")
        if cluster.native.away:
            raise MachineError("the machine shows its past; it can run only from the present")
        cluster._running = True

    def __exit__(self, *_: object) -> None:
        self._cluster._running = False


class Cluster:
    """One simulated cluster. Exactly one thread calls it at a time; only `interrupt` may come from others."""

    def __init__(self, config: ClusterConfig | None = None, *, harness: dict[str, Any] | None = None) -> None:
        """`harness` scripts ports and interrupts as the conformance programs describe them."""
        self.config = config or ClusterConfig()
        settings = self.config.as_dict()
        if harness is not None:
            settings["harness"] = harness
        self.native = core.Cluster(settings)
        self.harts = tuple(Hart(self, index) for index in range(self.native.hart_count))
        self._running = False
        self._moving = _Moving(self)
        self._tracer: Tracer | None = None
        self.history_budget = self.config.history_mb << 20  # bytes
        self._interrupted = False  # since the excursion began
        self.generation = 0  # changes when recorded cycles are no longer what they were
        # Called with the present and the last recorded cycle when a change drops the recorded future.
        self.on_new_future: Callable[[int, int], None] = lambda now, last: None

    # Time

    @property
    def cycle(self) -> int:
        return self.native.cycle

    @property
    def exit_status(self) -> int | None:
        """The program's exit status, None while it has not exited."""
        return self.native.exit_status

    def reset(self) -> None:
        """Back to cycle 0 with memory cleared: load the program again. Breakpoints stay."""
        self._start_anew()
        self.native.reset()

    def run(self, max_cycles: int | None = None, *, fast: bool = True, held: int = 0) -> list[StopEvent]:
        """Run until something stops the machine or `max_cycles` more cycles have passed.

        `fast` lets the core run harts ahead where nobody can tell; it never changes a number. Harts of the
        mask `held` stand still meanwhile.
        """
        if held:
            self._change_present()
        with self._moving:
            return self._advance(max_cycles, lambda limit, _: self.native.run(limit, fast=fast, held=held))

    def step(
        self,
        hart: int,
        count: int = 1,
        *,
        alone: bool = False,
        held: int = 0,
        max_cycles: int | None = None,
        go_on: bool = False,
    ) -> list[StopEvent]:
        """Step one hart by instructions; the others advance by the same cycles.

        They are frozen if `alone`, those of the mask `held` otherwise. A step that takes more than
        `max_cycles` cycles ends with a stop for "cycles"; with `go_on`, the next call completes it.
        """
        if alone or held:
            self._change_present()
        with self._moving:
            return self._advance(
                max_cycles,
                lambda limit, again: self.native.step(
                    self._hart(hart), count, alone=alone, held=held, max_cycles=limit, go_on=go_on or again
                ),
            )

    def step_cycles(self, count: int) -> list[StopEvent]:
        with self._moving:
            return self._advance(count, lambda limit, _: self.native.step_cycles(limit or 0))

    def _advance(
        self, limit: int | None, advance: Callable[[int | None, bool], list[StopEvent]]
    ) -> list[StopEvent]:
        if self._tracer is None:
            return advance(limit, False)
        return self._tracer.run(limit, advance)

    def interrupt(self) -> None:
        """Stop a running machine at the next opportunity; may be called from any thread."""
        self._interrupted = True
        self.native.interrupt()

    @property
    def running(self) -> bool:
        return self._running

    # Program

    def load_program(self, program: Program) -> None:
        """Place a program's segments and set the entry point; the machine should be at reset."""
        program.check_fits(self.config)
        self._start_anew()
        for segment in program.segments:
            if segment.data:
                self.native.load(segment.address, segment.data)
        self.native.set_entry(program.entry)

    def load(self, address: int, data: bytes) -> None:
        self._check_range(address, len(data))
        self._start_anew()
        with _memory_errors(address, len(data)):
            self.native.load(address, data)

    def set_entry(self, address: int) -> None:
        self._start_anew()
        self.native.set_entry(address)

    # State

    def read_register(self, hart: int, register: str | int) -> int:
        number = registers.number_of(register) if isinstance(register, str) else register
        return self.native.read_register(self._hart(hart), number)

    def write_register(self, hart: int, register: str | int, value: int) -> None:
        number = registers.number_of(register) if isinstance(register, str) else register
        self._change_present()
        self.native.write_register(self._hart(hart), number, value & 0xFFFF_FFFF)

    def registers(self, hart: int) -> list[int]:
        """All numbered registers 0..41 (x registers, pc, NN registers, hidden counters) in one call."""
        return self.native.registers(self._hart(hart))

    def register_bytes(self, hart: int) -> bytes:
        """x0..x31 and pc as 132 bytes, little-endian."""
        return self.native.register_bytes(self._hart(hart))

    def read_memory(self, address: int, size: int) -> bytes:
        """Bytes of memory; reading devices this way has no side effects."""
        self._check_range(address, size)
        with _memory_errors(address, size):
            return self.native.read_memory(address, size)

    def write_memory(self, address: int, data: bytes) -> None:
        self._check_range(address, len(data))
        self._change_present()
        with _memory_errors(address, len(data)):
            self.native.write_memory(address, data)

    def read_word(self, address: int) -> int:
        return int.from_bytes(self.read_memory(address, 4), "little")

    # Breakpoints

    def add_breakpoint(
        self, address: int, hart_mask: int = ALL_HARTS, ignore: int = 0, condition: "Condition | None" = None
    ) -> int:
        """Stop before the instruction at an address; `condition` as in core/condition.hpp."""
        return self.native.add_breakpoint(address, hart_mask, ignore, condition)

    def add_watchpoint(self, address: int, size: int, access: str, hart_mask: int = ALL_HARTS) -> int:
        """`access` is "read", "write" or "access"; returns the number that `remove` takes."""
        return self.native.add_watchpoint(address, size, access, hart_mask)

    def add_event(self, kind: str, hart_mask: int = ALL_HARTS, **limits: Any) -> int:
        """Stop behind the cycle of a trace record of a kind; returns the number that `remove` takes.

        `limits`: `a` and `b` as (first, last), `size` as (mask, value), `changed` a mask of bits in which
        old and new value differ, `bank` of the address, `pc` (kind retire) for instructions behind which the
        pc is another, `condition` as in core/condition.hpp. While events are armed the machine runs in step.
        """
        return self.native.add_event(kind, hart_mask, limits)

    def condition_value(self, hart: int, condition: "Condition") -> int | None:
        """What a condition comes to on a hart as it stands; None if it cannot be evaluated."""
        return self.native.condition_value(self._hart(hart), condition)

    def remove(self, identifier: int) -> None:
        self.native.remove(identifier)

    # Accounting and devices

    def ledger(self, hart: int) -> dict[str, int]:
        return self.native.ledger(self._hart(hart))

    def counters(self, hart: int) -> dict[str, int]:
        return self.native.counters(self._hart(hart))

    def performance_events(self, hart: int) -> dict[str, int]:
        """What PCCR 0..16 would hold had they counted from the start, by the names of the PCER bits."""
        return self.native.performance_events(self._hart(hart))

    def bank_counters(self) -> list[dict[str, int]]:
        return self.native.bank_counters()

    def conflict_matrix(self) -> list[list[int]]:
        return self.native.conflict_matrix()

    def icache_counters(self) -> dict[str, Any]:
        return self.native.icache_counters()

    def event_unit(self) -> dict[str, Any]:
        return self.native.event_unit()

    def dma(self) -> dict[str, Any]:
        return self.native.dma()

    def banks(self) -> list[dict[str, Any]]:
        return self.native.banks()

    def take_output(self) -> list[tuple[int, bytes]]:
        """What the program printed since the last call: (hart, bytes)."""
        return self.native.take_output()

    def take_warnings(self) -> list[dict[str, Any]]:
        """Lint findings since reset: where and when first, how often, and why."""
        return self.native.take_warnings()

    # History

    def snapshot(self) -> int:
        return self.native.snapshot()

    def drop_snapshot(self, identifier: int) -> None:
        self.native.drop_snapshot(identifier)

    def restore(self, identifier: int) -> None:
        with self._moving:
            self._start_anew()
            self.native.restore(identifier)

    def goto_cycle(self, cycle: int) -> list[StopEvent]:
        """Go to an earlier or later cycle by replay; the machine is deterministic, so it lands exactly."""
        first, last = self.history_bounds()
        if cycle < first:
            raise HistoryError(f"cycle {cycle} is not recorded: history begins at cycle {first}")
        with self._looking():
            try:
                return self.native.goto_cycle(cycle)
            except (ValueError, IndexError) as error:
                raise HistoryError(f"cannot go to cycle {cycle}: history holds {first} to {last}") from error

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Look at other cycles: inside, `goto_cycle` goes anywhere in the recorded run, and nothing changes.

        Behind it the machine is where it was. Nothing is printed, warned of or stopped for meanwhile.
        """
        if self.native.away:
            yield
            return
        with self._looking():
            self._interrupted = False
            self.native.leave()
        try:
            yield
        finally:
            self.native.come_back()

    def records(
        self,
        first: int,
        last: int,
        kinds: Sequence[str],
        hart_mask: int = ALL_HARTS,
        limit: int = _MOST_RECORDS,
    ) -> list[TraceRecord]:
        """Trace records of the recorded cycles `first` to `last` - 1, by replay; the machine stays.

        Raises InterruptedSearchError, and HistoryError if there are more than `limit` records.
        """
        first, last = self._recorded(first, last)
        with self._looking():
            found = self.native.record(first, last, list(kinds), hart_mask, limit)
        if found is None:
            raise InterruptedSearchError("interrupted")
        if len(found) >= limit:
            raise HistoryError(
                f"cycles {first} to {last} hold more than {limit} trace records: ask for fewer"
            )
        return list(map(TraceRecord._make, found))

    def steps(self, hart: int, first: int, last: int) -> list[StepRecord]:
        """Where a hart stood behind each of its steps `first` to `last`, counted from reset; in order."""
        with self._looking():
            found = self.native.steps(self._hart(hart), max(first, 0), max(last, 0))
        if found is None:
            raise InterruptedSearchError("interrupted")
        return list(map(StepRecord._make, found))

    def step_count(self, hart: int) -> int:
        """Steps of a hart since reset: instructions, and what broke the flow without being one."""
        return self.native.step_count(self._hart(hart))

    def first_step(self, hart: int) -> StepRecord:
        """Where a hart stood at the first recorded cycle."""
        return StepRecord._make(self.native.first_step(self._hart(hart)))

    def scan(self, first: int, last: int) -> list[StopEvent]:
        """What the armed triggers saw in the recorded cycles `first` to `last` - 1, in order of time."""
        first, last = self._recorded(first, last)
        with self._looking():
            found = self.native.scan(first, last)
        if found is None:
            raise InterruptedSearchError("interrupted")
        return found

    def checkpoint_before(self, cycle: int) -> int:
        """The cycle of the last checkpoint before `cycle`: from there replay begins."""
        return self.native.checkpoint_before(cycle)

    def history_size(self) -> tuple[int, int]:
        """Checkpoints, and the bytes they take."""
        return self.native.history_size()

    def _recorded(self, first: int, last: int) -> tuple[int, int]:
        begin, end = self.history_bounds()
        if first > last:
            raise HistoryError(f"cycles {first} to {last}: the first comes after the last")
        return min(max(first, begin), end), min(max(last, begin), end)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        if self._running:
            raise TargetRunningError("the machine is running; interrupt it first")
        if self._interrupted and self.native.away:
            raise InterruptedSearchError("interrupted")  # the core hears it only while it runs
        self._running = True
        try:
            yield
        finally:
            self._running = False

    def _change_present(self) -> None:
        """Whoever changes the machine in its past gives up the recorded future."""
        if self.native.away:
            raise MachineError("the machine shows its past; only the present can be changed")
        now, (_, last) = self.cycle, self.history_bounds()
        if now < last:
            self.generation += 1
            self.on_new_future(now, last)

    def _start_anew(self) -> None:
        if self.native.away:
            raise MachineError("the machine shows its past; only the present can be changed")
        self.generation += 1

    def history_bounds(self) -> tuple[int, int]:
        return self.native.history_bounds()

    def set_history_budget(self, size: int) -> None:
        """Bytes that the record may take; where it grows beyond, its oldest part thins out."""
        self.history_budget = size
        self.native.set_history_budget(size)

    def state_digest(self) -> str:
        """A hash of the whole machine: equal digests mean equal machines."""
        return self.native.state_digest()

    # Observation

    def trace_start(self, kinds: Sequence[str], hart_mask: int = ALL_HARTS, capacity: int = 1 << 16) -> None:
        self.native.trace_start(kinds, hart_mask, capacity)

    def trace_stop(self) -> None:
        self.native.trace_stop()

    def trace_records(self) -> list[TraceRecord]:
        """The records in the ring, oldest first; the ring is empty afterwards."""
        return list(map(TraceRecord._make, self.native.trace_records()))

    @contextmanager
    def tracing(
        self,
        callback: Callable[[list[TraceRecord]], None],
        kinds: Sequence[str],
        hart_mask: int = ALL_HARTS,
    ) -> Iterator[None]:
        """Call `callback` with all trace records of what runs inside, in order of time and many at once.

        It is called between pieces of a run and may look at the machine, but not move it. Exceptions of it
        end the run. No number changes; without it, nothing costs anything. MachineError inside another one.
        """
        if self._tracer is not None:
            raise MachineError("the machine is traced already")

        def deliver() -> None:
            if records := self.trace_records():
                callback(records)

        self._tracer = Tracer(self.native, deliver, kinds, hart_mask)
        try:
            yield
        finally:
            self._tracer = None
            self.native.trace_stop()

    # Checks

    def _hart(self, hart: int) -> int:
        if not 0 <= hart < len(self.harts):
            raise MachineError(f"no hart {hart}: harts are 0 to {len(self.harts) - 1}")
        return hart

    @staticmethod
    def _check_range(address: int, size: int) -> None:
        if not 0 <= address < 1 << 32:
            raise MemoryAccessError(address, size, "addresses have 32 bits")
        if size < 0 or size > _LARGEST_ACCESS or address + size > 1 << 32:
            raise MemoryAccessError(address, size, "the range does not fit")


@contextmanager
def _memory_errors(address: int, size: int) -> Iterator[None]:
    """The core says ValueError or IndexError for a bad guest address."""
    try:
        yield
    except (ValueError, IndexError) as error:
        raise MemoryAccessError(address, size) from error
