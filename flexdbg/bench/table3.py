"""`flexdbg bench table3`: Table III of the Flex-V paper, rerun cell by cell on the cycle model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flexdbg.bench.measurement import Job, Measurement, Results
from flexdbg.bench.published import TABLE_III, TABLE_III_SOURCE, TABLE_III_TOPS_PER_WATT
from flexdbg.bench.report import Column, Report
from flexdbg.catalog import bundled_program, bundled_programs
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig
from flexdbg.render.tables import count

__all__ = ["Cell", "jobs", "kernel_name", "report"]

_HARTS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table, measured."""

    core: str
    pair: str
    paper: float
    program: str
    measurement: Measurement

    @property
    def residual_percent(self) -> float:
        return 100 * (self.measurement.mac_per_cycle / self.paper - 1)

    @property
    def paper_tops_per_watt(self) -> float:
        return TABLE_III_TOPS_PER_WATT[self.core][self.pair]

    def as_dict(self, *, named: bool) -> dict[str, Any]:
        """The keys that scripts rely on (docs/cli.md), with the program where there are variants."""
        record = {
            "core": self.core,
            "pair": self.pair,
            "mac_per_cycle": round(self.measurement.mac_per_cycle, 3),
            "paper": self.paper,
            "residual_percent": round(self.residual_percent, 2),
            "tops_per_watt": round(self.measurement.tops_per_watt, 3),
            "cycles": self.measurement.cycles,
            "paper_tops_per_watt": self.paper_tops_per_watt,
        }
        return record | ({"program": self.program} if named else {})


def kernel_name(core: str, pair: str) -> str:
    """The bundled program that stands for a cell."""
    return f"matmul-{pair}" if core == "flexv" else f"matmul-{pair}-{core}"


def jobs(config: ClusterConfig, *, variants: bool = False) -> list[Job]:
    """One job for each cell that the paper fills, all with the same configuration but for the core.

    With `variants`, each is followed by the programs that compute the same with another kernel.
    """
    if config.harts != _HARTS:
        raise FlexdbgError(f"Table III is of {_HARTS} cores, not of {config.harts}")
    chosen = []
    for core, pairs in TABLE_III.items():
        for name in (kernel_name(core, pair) for pair in pairs):
            others = [program.name for program in bundled_programs() if program.variant_of == name]
            for program in (name, *(others if variants else ())):
                chosen.append(Job(program, config.changed({"core": core})))
    return chosen


def report(jobs: Sequence[Job], results: Results) -> Report:
    """What was measured of `jobs`, in its order, beside the published figures."""
    cells = []
    for job in jobs:
        core, pair = job.config.core, bundled_program(job.program).pair
        assert pair is not None
        if job in results:
            cells.append(Cell(core, pair, TABLE_III[core][pair], job.program, results[job]))
    named = any(bundled_program(job.program).variant_of for job in jobs)
    highest = max((max(cell.paper, cell.measurement.mac_per_cycle) for cell in cells), default=1.0)
    rows = [
        (
            cell.core,
            cell.pair,
            count(cell.measurement.cycles),
            f"{cell.measurement.mac_per_cycle:.2f}",
            f"{cell.paper:.2f}",
            f"{cell.residual_percent:+.1f} %",
            f"{cell.measurement.tops_per_watt:.2f}",
            f"{cell.paper_tops_per_watt:.2f}",
            *([cell.program] if named else []),
        )
        for cell in cells
    ]
    return Report(
        title="MatMul, 256 pixels x 64 channels x K = 288, eight harts",
        columns=(
            Column("core"),
            Column("pair"),
            Column("cycles", right=True),
            Column("MAC/cycle", right=True),
            Column("paper", right=True),
            Column("residual", right=True),
            Column("TOPS/W", right=True),
            Column("paper", right=True),
            *([Column("program")] if named else []),
        ),
        rows=tuple(rows),
        groups=tuple(cell.core for cell in cells),
        bars=tuple((cell.measurement.mac_per_cycle / highest, cell.paper / highest) for cell in cells),
        bar_title="█ measured  ┃ paper",
        notes=(
            f"paper: {TABLE_III_SOURCE}",
            "TOPS/W is an estimate for the cluster (250 MHz model), and beside it the paper's figure",
        ),
        records=tuple(cell.as_dict(named=named) for cell in cells),
    )
