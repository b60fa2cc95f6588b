"""`flexdbg bench scaling`: one kernel on 1 to 8 harts and 4 to 32 banks."""

from collections.abc import Sequence

from flexdbg.bench.measurement import Job, Results
from flexdbg.bench.report import Column, Report
from flexdbg.catalog import bundled_program
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig
from flexdbg.render.tables import count

__all__ = ["BANKS", "HARTS", "jobs", "report"]

HARTS = tuple(range(1, 9))
BANKS = (4, 8, 16, 32)


def jobs(program: str, config: ClusterConfig) -> list[Job]:
    """Every number of banks with every number of harts."""
    bundled = bundled_program(program)
    if bundled.shape is None:
        raise FlexdbgError(f"{program} measures nothing; take a kernel, such as matmul-a8w4")
    core = bundled.runs_on or config.core
    return [
        Job(program, config.changed({"core": core, "tcdm_banks": banks, "harts": harts}))
        for banks in BANKS
        for harts in HARTS
    ]


def report(jobs: Sequence[Job], results: Results) -> Report:
    """What was measured of `jobs`, in its order; the speed-up is over one hart with the same banks."""
    program = jobs[0].program
    alone = {
        job.config.tcdm_banks: results[job].cycles for job in jobs if job.config.harts == 1 and job in results
    }
    rows, groups, bars, records = [], [], [], []
    for job in jobs:
        banks, harts = job.config.tcdm_banks, job.config.harts
        if job not in results or banks not in alone:
            continue
        measurement = results[job]
        speed_up = alone[banks] / measurement.cycles
        lost = measurement.ledger.get("bank_conflict", 0.0) / measurement.cycles
        rows.append(
            (
                str(banks),
                str(harts),
                count(measurement.cycles),
                f"{measurement.mac_per_cycle:.2f}",
                f"{speed_up:.2f}",
                f"{100 * lost:.1f} %",
            )
        )
        groups.append(str(banks))
        bars.append((speed_up / HARTS[-1], harts / HARTS[-1]))
        records.append(
            {
                "program": program,
                "banks": banks,
                "harts": harts,
                "cycles": measurement.cycles,
                "mac_per_cycle": round(measurement.mac_per_cycle, 3),
                "speed_up": round(speed_up, 3),
                "bank_conflict_percent": round(100 * lost, 2),
            }
        )
    headings = ("banks", "harts", "cycles", "MAC/cycle", "speed-up", "bank conflicts")
    return Report(
        title=f"{program}: harts and TCDM banks",
        columns=tuple(Column(heading, right=True) for heading in headings),
        rows=tuple(rows),
        groups=tuple(groups),
        bars=tuple(bars),
        bar_title="█ speed-up  ┃ ideal",
        notes=("bank conflicts: share of the cycles that a hart waits for a bank, on average",),
        records=tuple(records),
    )
