"""What the panes see of the machine: one frozen picture, taken between two moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flexdbg.debug.session import Session
from flexdbg.debug.stops import Stop
from flexdbg.debug.why import Why
from flexdbg.machine import registers
from flexdbg.machine.cluster import Hart
from flexdbg.tui.samples import Samples

__all__ = ["BreakpointView", "HartView", "Registers", "Snapshot", "take_snapshot"]


@dataclass(frozen=True, slots=True)
class HartView:
    """One hart: where it is, what it does, what it waits for."""

    index: int
    name: str  # "0", or "fc"
    state: str  # running, sleeping, off or halted
    wait: str  # a sentence, or nothing
    pc: int
    place: str  # symbol+0x12
    ipc: float  # instructions a cycle, over the last stretch
    registers: tuple[int, ...]  # numbers 0..41
    ledger: Mapping[str, int]

    @property
    def glyph(self) -> str:
        """One character for the state; whether a running hart issued is not the hart's to say."""
        if self.state == "off":
            return "·"
        if self.state == "sleeping":
            return "z"
        if self.state == "halted":
            return "■"
        return "▶"


@dataclass(frozen=True, slots=True)
class Registers:
    """Registers and CSRs of one hart at an earlier stop, to show what has changed."""

    hart: int
    cycle: int
    values: tuple[int, ...]
    csrs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BreakpointView:
    number: int
    kind: str
    addresses: tuple[int, ...]
    enabled: bool
    hart: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The machine at one cycle. `parts` holds what single panes asked for, by pane name."""

    program: str
    core: str
    banks: int
    tcdm: tuple[int, int]  # first address, size
    cluster_harts: int
    cycle: int
    first: int  # recorded cycles
    last: int
    exit_status: int | None
    running: bool
    hart: int
    harts: tuple[HartView, ...]
    csrs: Mapping[str, int]  # of the selected hart
    before: Registers | None
    stop: Stop | None
    breakpoints: tuple[BreakpointView, ...]
    locking: str
    macs_per_cycle: float | None
    bookmarks: Mapping[str, int]
    why: tuple[Why, ...] = ()  # causes of the last cycle, by hart; empty while running and at reset
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def selected(self) -> HartView:
        return self.harts[self.hart]

    def hart_name(self, index: int) -> str:
        """`hart 3`, `fc` or `dma`, by the number of a requester."""
        if index < self.cluster_harts:
            return f"hart {index}"
        return "fc" if index == self.cluster_harts else "dma"

    def bank_of(self, address: int) -> int | None:
        """The TCDM bank of an address, None outside."""
        base, size = self.tcdm
        if not base <= address < base + size:
            return None
        return (address - base) // 4 % self.banks


def take_snapshot(session: Session, samples: Samples, before: Registers | None, *, running: bool) -> Snapshot:
    """Look at the machine; call it on the thread that drives the machine, between its moves."""
    cluster = session.cluster
    config = cluster.config
    first, last = cluster.history_bounds()
    cycle = cluster.cycle
    # Rates over the last stretch of at least 256 cycles, as far as there is one.
    base = samples.before(max(cycle - 256, 0))
    span = cycle - base.cycle if base else 0
    macs = sum(hart.counters["macs"] for hart in cluster.harts)
    harts = tuple(
        _hart_view(session, hart, base.classes[hart.index][0] if base and span else None, span)
        for hart in cluster.harts
    )
    program = session.program
    return Snapshot(
        program=program.name.removesuffix(".elf") if program else "no program",
        core=config.core,
        banks=config.tcdm_banks,
        tcdm=(config.tcdm_base, config.tcdm_size),
        cluster_harts=config.harts,
        cycle=cycle,
        first=first,
        last=max(last, cycle),
        exit_status=cluster.exit_status,
        running=running,
        hart=session.hart,
        harts=harts,
        csrs=csrs_of(session, session.current),
        before=before,
        stop=session.last_stop,
        breakpoints=tuple(
            BreakpointView(b.number, b.kind, b.addresses, b.enabled, b.hart) for b in session.breakpoints
        ),
        locking=session.scheduler_locking,
        macs_per_cycle=(macs - base.macs) / span if base and span else None,
        bookmarks=dict(session.timeline.bookmarks),
    )


def csrs_of(session: Session, hart: Hart) -> dict[str, int]:
    """CSRs of a hart by name."""
    core = session.cluster.config.core if hart.index < session.cluster.config.harts else "ri5cy"
    return {csr.name: hart.read(csr.name) for csr in registers.csrs_of(core)}


def _hart_view(session: Session, hart: Hart, issued_before: int | None, span: int) -> HartView:
    ledger = hart.ledger
    values = tuple(hart.all_registers())
    pc = values[registers.PC]
    ipc = (ledger["issue"] - issued_before) / span if issued_before is not None and span else 0.0
    return HartView(
        index=hart.index,
        name="fc" if hart.index == session.cluster.config.harts else str(hart.index),
        state=hart.state,
        wait=hart.wait,
        pc=pc,
        place=session.symbols.name_of(pc),
        ipc=ipc,
        registers=values,
        ledger=ledger,
    )
