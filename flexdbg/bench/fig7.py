"""`flexdbg bench fig7`: a 3x3 convolution on every core, beside the text on Figure 7 of the paper."""

from collections.abc import Sequence

from flexdbg.bench.measurement import Job, Results
from flexdbg.bench.published import FIGURE_7_PEAK, FIGURE_7_SPEED_UPS, TABLE_III, TABLE_III_SOURCE
from flexdbg.bench.report import Column, Report
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig
from flexdbg.render.tables import count

__all__ = ["jobs", "report"]

_HARTS = 8
_CORES = tuple(TABLE_III)
_PAIRS = tuple(TABLE_III["flexv"])
# 64-bit batch normalization out of line is what the published figures fit; inlined 32-bit code gives the
# same outputs of this layer sooner.
_PATHS = ("bn64_call", "bn32")


def jobs(config: ClusterConfig) -> list[Job]:
    """Every core, pair and way of requantization."""
    if config.harts != _HARTS:
        raise FlexdbgError(f"Figure 7 is of {_HARTS} cores, not of {config.harts}")
    return [
        Job(_program(core, pair), config.changed({"core": core}), (("path", path),))
        for core in _CORES
        for pair in _PAIRS
        for path in _PATHS
    ]


def report(jobs: Sequence[Job], results: Results) -> Report:
    """What was measured of `jobs`, in its order; a row needs both ways of requantization."""
    points = [(core, pair, path) for core in _CORES for pair in _PAIRS for path in _PATHS]
    found = {point: results[job] for point, job in zip(points, jobs, strict=True) if job in results}
    rates = {
        (core, pair): result.mac_per_cycle
        for (core, pair, path), result in found.items()
        if path == _PATHS[0]
    }
    highest = max(FIGURE_7_PEAK, *rates.values(), 0.0)
    rows, groups, bars, records = [], [], [], []
    for core in _CORES:
        for pair in _PAIRS:
            if any((core, pair, path) not in found for path in _PATHS):
                continue
            result, inlined = (found[core, pair, path] for path in _PATHS)
            paper = FIGURE_7_PEAK if (core, pair) == ("flexv", "a2w2") else None
            ahead = rates["flexv", pair] / result.mac_per_cycle if ("flexv", pair) in rates else None
            rows.append(
                (
                    core,
                    pair,
                    count(result.cycles),
                    f"{result.mac_per_cycle:.2f}",
                    f"{paper:.1f}" if paper else "",
                    f"{ahead:.2f}" if ahead else "",
                    f"{inlined.mac_per_cycle:.2f}",
                )
            )
            groups.append(core)
            bars.append((result.mac_per_cycle / highest, paper / highest if paper else None))
            records.append(
                {
                    "core": core,
                    "pair": pair,
                    "mac_per_cycle": round(result.mac_per_cycle, 3),
                    "paper": paper,
                    "residual_percent": round(100 * (result.mac_per_cycle / paper - 1), 2) if paper else None,
                    "flexv_speed_up": round(ahead, 3) if ahead else None,
                    "tops_per_watt": round(result.tops_per_watt, 3),
                    "cycles": result.cycles,
                    "inlined_mac_per_cycle": round(inlined.mac_per_cycle, 3),
                    "inlined_cycles": inlined.cycles,
                }
            )
    return Report(
        title="Convolution 3x3, 16x16x32 to 16x16x64, eight harts, 64-bit batch normalization out of line",
        columns=(
            Column("core"),
            Column("pair"),
            *(
                Column(heading, right=True)
                for heading in ("cycles", "MAC/cycle", "paper", "Flex-V ahead", "inlined 32-bit")
            ),
        ),
        rows=tuple(rows),
        groups=tuple(groups),
        bars=tuple(bars),
        bar_title="█ measured  ┃ paper",
        notes=(*_claims(rates), f"paper: {TABLE_III_SOURCE.replace('Table III', 'text on Figure 7')}"),
        records=tuple(records),
    )


def _program(core: str, pair: str) -> str:
    return f"conv-{pair}o8" if core == "flexv" else f"conv-{pair}o8-{core}"


def _claims(rates: dict[tuple[str, str], float]) -> list[str]:
    """What the text of the paper says, and what was measured."""
    lines = []
    for core, claim in FIGURE_7_SPEED_UPS.items():
        pairs = [pair for pair in _PAIRS if (core, pair) in rates and ("flexv", pair) in rates]
        if len(pairs) < len(_PAIRS):
            continue  # the best of a part says nothing
        ahead = {pair: rates["flexv", pair] / rates[core, pair] for pair in pairs}
        pair = max(ahead, key=lambda pair: ahead[pair])
        best = f"{ahead[pair]:.2f} ({pair})"
        residual = 100 * (ahead[pair] / claim - 1)
        lines.append(f"Flex-V against {core}: up to {best}, paper {claim}, {residual:+.1f} %")
    return lines
