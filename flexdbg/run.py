"""`flexdbg run`: one program from reset to its end, and what there is to say about the run."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from flexdbg.catalog import BundledProgram, bundled_programs
from flexdbg.debug.symbols import SymbolTable
from flexdbg.errors import ProgramError, UnknownProgramError, did_you_mean
from flexdbg.layers import load_bundled
from flexdbg.machine.cluster import Cluster, StopEvent, TraceRecord
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.energy import ASLEEP, Energy, estimate
from flexdbg.machine.loader import Program, load_program

if TYPE_CHECKING:
    from rich import progress as rich_progress

__all__ = ["Report", "RunOptions", "find_program", "run_program"]

# Statuses of this command for runs that the program did not end itself, after timeout(1) and env(1).
STATUS_LIMIT, STATUS_STOPPED = 124, 125

_SLICE = 2_000_000
_RESULT_MAGIC = 0x52584C46


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run; everything else is in the configuration."""

    max_cycles: int | None = None
    trace: Path | None = None
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """The result block that bundled programs fill (firmware/README.md)."""

    harts: int
    cycles: int
    macs: int
    correct: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to."""

    program: str
    config: ClusterConfig
    cycles: int
    exit_status: int | None
    stop: str  # "exit", "limit", or why the machine stopped
    diagnosis: str
    measured: Measured | None
    macs: int
    counters: tuple[dict[str, int], ...]  # cluster harts, then the FC
    ledgers: tuple[dict[str, int], ...]
    banks: tuple[dict[str, int], ...]
    icache: dict[str, Any]
    energy: Energy
    warnings: tuple[dict[str, Any], ...]
    file_warnings: tuple[str, ...] = ()  # about the program file

    @property
    def instructions(self) -> int:
        return sum(counters["instructions"] for counters in self.counters[: self.config.harts])

    @property
    def mac_per_cycle(self) -> float:
        """Of the measured region where the program has one, else of the whole run."""
        cycles = self.measured.cycles if self.measured else self.cycles
        return self.macs / cycles if cycles else 0.0

    @property
    def status(self) -> int:
        """The exit status of the command: the program's, or why there is none."""
        if self.exit_status is None:
            return STATUS_LIMIT if self.stop == "limit" else STATUS_STOPPED
        # exit(-1) reads back as 31 ones; a shell sees 8 bits and must not see success.
        return self.exit_status & 0xFF or (1 if self.exit_status else 0)

    def as_json(self) -> str:
        """One object with the keys that scripts rely on (docs/cli.md)."""
        harts = self.config.harts
        document = {
            "program": self.program,
            "core": self.config.core,
            "harts": harts,
            "cycles": self.cycles,
            "instructions": self.instructions,
            "macs": self.macs,
            "mac_per_cycle": round(self.mac_per_cycle, 4),
            "exit_status": self.exit_status,
            "ledger": list(self.ledgers[:harts]),
            "bank_conflicts": [bank["conflicts"] for bank in self.banks],
            "energy_uj": round(self.energy.total, 6),
            "stop": self.stop,
            "diagnosis": self.diagnosis,
            "region_cycles": self.measured.cycles if self.measured else None,
            "output_correct": self.measured.correct if self.measured else None,
            "counters": list(self.counters[:harts]),
            "fc": self._fc(),
            "icache": self.icache,
            "warnings": list(self.warnings),
        }
        return json.dumps(document)

    def _fc(self) -> dict[str, Any] | None:
        if len(self.counters) == self.config.harts:
            return None
        return {"counters": self.counters[-1], "ledger": self.ledgers[-1]}


def find_program(name: str, config: ClusterConfig | None = None) -> tuple[Program, BundledProgram | None]:
    """A bundled program by name, or a program file by path."""
    bundled = {program.name: program for program in bundled_programs()}
    if name in bundled:
        return load_bundled(bundled[name], config), bundled[name]
    try:
        is_file = Path(name).is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file or "/" in name or Path(name).suffix in (".elf", ".bin", ".hex"):
        return load_program(name), None
    hint = did_you_mean(name, bundled) or "; `flexdbg list` shows the bundled ones"
    raise UnknownProgramError(f"no bundled program and no file is called {name!r}{hint}")


def run_program(name: str, config: ClusterConfig, options: RunOptions, output: TextIO) -> Report:
    """Run a program to its end, printing what it prints."""
    program, bundled = find_program(name, config)
    if bundled is not None and not bundled.fewest_harts <= config.harts <= bundled.most_harts:
        raise ProgramError(
            f"{name} runs on {bundled.fewest_harts} to {bundled.most_harts} harts, not on {config.harts}"
        )
    cluster = Cluster(config)
    cluster.load_program(program)
    symbols = SymbolTable(program)
    with _Progress(options.progress) as progress, _tracing(options.trace, cluster, symbols):
        events = _run(cluster, options, output, progress)
    report = _report(bundled.name if bundled else program.name, cluster, symbols, events)
    return replace(report, file_warnings=(*program.warnings, *symbols.take_damage()))


def _run(cluster: Cluster, options: RunOptions, output: TextIO, progress: "_Progress") -> list[StopEvent]:
    limit = options.max_cycles
    while True:
        size = _SLICE if limit is None else min(_SLICE, limit - cluster.cycle)
        if size <= 0:
            return []
        events = cluster.run(size)
        pieces = cluster.take_output()
        if pieces:
            with progress.paused():
                output.writelines(data.decode("utf-8", "replace") for _, data in pieces)
                output.flush()
        progress.show(cluster.cycle)
        if any(event.reason != "cycles" for event in events):
            return events


def _report(name: str, cluster: Cluster, symbols: SymbolTable, events: list[StopEvent]) -> Report:
    config = cluster.config
    counters = tuple(hart.counters for hart in cluster.harts)
    ledgers = tuple(hart.ledger for hart in cluster.harts)
    measured = _measured(cluster, symbols)
    counted = sum(c["macs"] for c in counters[: config.harts])
    status = cluster.exit_status
    stop, diagnosis = ("exit", "") if status is not None else _diagnosis(cluster, symbols, events)
    icache = cluster.icache_counters()
    energy = estimate(
        cluster.cycle,
        zip(counters[: config.harts], ledgers[: config.harts], strict=True),
        asleep=ASLEEP,
        refills=sum(bank["misses"] for bank in icache["shared"]),
        dma_bytes=cluster.dma()["bytes_moved"],
        clock_mhz=config.clock_mhz,
    )
    return Report(
        program=name,
        config=config,
        cycles=cluster.cycle,
        exit_status=status,
        stop=stop,
        diagnosis=diagnosis,
        measured=measured,
        macs=measured.macs if measured else counted,
        counters=counters,
        ledgers=ledgers,
        banks=tuple(cluster.bank_counters()),
        icache=icache,
        energy=energy,
        warnings=tuple(cluster.take_warnings()),
    )


def _measured(cluster: Cluster, symbols: SymbolTable) -> Measured | None:
    symbol = symbols.find("flexdbg_result")
    if symbol is None or symbol.size < 32:
        return None
    data = cluster.read_memory(symbol.address, 32)
    magic, harts, cycles, macs, checksum, expected, *_ = (
        int.from_bytes(data[i : i + 4], "little") for i in range(0, 32, 4)
    )
    if magic != _RESULT_MAGIC or not macs:
        return None
    return Measured(harts, cycles, macs, checksum == expected)


def _diagnosis(cluster: Cluster, symbols: SymbolTable, events: list[StopEvent]) -> tuple[str, str]:
    for event in events:
        if event.reason == "cycles":
            continue
        label = symbols.name_of(event.pc)
        line = symbols.line_at(event.pc)
        name = cluster.harts[event.hart].name
        where = (
            f"{name} at 0x{event.pc:08x}{f' <{label}>' if label else ''}{f' ({line.short})' if line else ''}"
        )
        return event.reason, f"{where}, cycle {event.cycle:,}: {event.message or event.reason}"
    waits = [
        f"{hart.name} is {hart.state} at {symbols.name_of(hart.pc) or hex(hart.pc)}" for hart in cluster.harts
    ]
    return "limit", f"still running after {cluster.cycle:,} cycles: {'; '.join(waits)}"


@contextmanager
def _tracing(path: Path | None, cluster: Cluster, symbols: SymbolTable) -> Iterator[None]:
    """Write one line a retired instruction to a file: cycle, hart, pc, symbol, instruction."""
    if path is None:
        yield
        return
    from flexdbg.debug.instructions import instruction_at

    texts: dict[int, str] = {}

    def text(hart: int, pc: int) -> str:
        if pc not in texts:
            texts[pc] = f"{pc:08x} {symbols.name_of(pc) or '-'} {instruction_at(cluster, pc, hart).text}"
        return texts[pc]

    def write(records: list[TraceRecord]) -> None:
        with _write_errors(path):
            file.writelines(f"{r.cycle} {r.hart} {text(r.hart, r.pc)}\n" for r in records)

    with _write_errors(path):
        file = path.open("w", encoding="utf-8")
        file.write("# cycle hart pc symbol instruction\n")
    try:
        with cluster.tracing(write, ["retire"]):
            yield
    finally:
        with _write_errors(path):
            file.close()


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ProgramError(f"cannot write the trace to {path}: {error.strerror}") from error


class _Progress:
    """Simulated cycles and elapsed time on one line of the terminal, or nothing at all."""

    def __init__(self, wanted: bool) -> None:
        self._bar: rich_progress.Progress | None = None
        if not wanted:
            return
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        self._bar = Bar(
            *columns,
            console=Console(file=sys.stderr),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("running")

    def __enter__(self) -> "_Progress":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, cycle: int) -> None:
        if self._bar:
            self._bar.update(self._task, description=f"{cycle / 1e6:.1f} M cycles")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the line away while the program's own output is written."""
        if self._bar:
            self._bar.stop()
        yield
        if self._bar:
            self._bar.start()
