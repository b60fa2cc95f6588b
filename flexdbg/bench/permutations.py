"""`flexdbg bench permutations`: the 27 kernels of the PULP-NN-mixed paper on a GAP-8 class cluster."""

from collections.abc import Sequence

from flexdbg.bench.measurement import Job, Results
from flexdbg.bench.published import GAP8_PEAK, GAP8_SOURCE
from flexdbg.bench.report import Column, Report
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig
from flexdbg.render.tables import count

__all__ = ["jobs", "report"]

_BITS = (8, 4, 2)
_POINTS = tuple((weight, inputs, out) for weight in _BITS for inputs in _BITS for out in _BITS)


def jobs(config: ClusterConfig) -> list[Job]:
    """One job for each permutation, grouped by the width of the weights, which decides the speed."""
    if config.core != "ri5cy":
        raise FlexdbgError(f"the permutations are kernels of ri5cy, not of {config.core}: --config gap8")
    return [Job(f"conv-a{inputs}w{weight}o{out}-ri5cy", config) for weight, inputs, out in _POINTS]


def report(jobs: Sequence[Job], results: Results) -> Report:
    """What was measured of `jobs`, in its order."""
    highest = max(GAP8_PEAK, *(measurement.mac_per_cycle for measurement in results.values()), 0.0)
    rows, groups, records, bars = [], [], [], []
    for (weight, inputs, out), job in zip(_POINTS, jobs, strict=True):
        if job not in results:
            continue
        measurement = results[job]
        groups.append(str(weight))
        paper = GAP8_PEAK if weight == inputs == out == 8 else None
        rate = measurement.mac_per_cycle
        rows.append(
            (
                str(weight),
                str(inputs),
                str(out),
                count(measurement.cycles),
                f"{rate:.2f}",
                f"{paper:.1f}" if paper else "",
                f"{measurement.tops_per_watt:.2f}",
            )
        )
        bars.append((rate / highest, paper / highest if paper else None))
        records.append(
            {
                "weight_bits": weight,
                "input_bits": inputs,
                "output_bits": out,
                "mac_per_cycle": round(rate, 3),
                "paper": paper,
                "residual_percent": round(100 * (rate / paper - 1), 2) if paper else None,
                "tops_per_watt": round(measurement.tops_per_watt, 3),
                "cycles": measurement.cycles,
            }
        )
    headings = ("weights", "inputs", "outputs", "cycles", "MAC/cycle", "paper", "TOPS/W")
    return Report(
        title="Convolution 3x3, 16x16x32 to 16x16x64, XpulpV2 kernels",
        columns=tuple(Column(heading, right=True) for heading in headings),
        rows=tuple(rows),
        groups=tuple(groups),
        bars=tuple(bars),
        bar_title="█ measured  ┃ paper",
        notes=(f"paper: {GAP8_SOURCE}, its peak", "TOPS/W is an estimate for the cluster (250 MHz model)"),
        records=tuple(records),
    )
