"""`flexdbg bench fig7`: a 3x3 convolution on every core, beside the text on Figure 7 of the paper."""

from collections.abc import Sequence
from typing import TypeAlias

from flexdbg.bench.measurement import Job, Measurement, Results
from flexdbg.bench.published import FIGURE_7_PEAK, FIGURE_7_SPEED_UPS, TABLE_III, TABLE_III_SOURCE
from flexdbg.bench.report import Column, Report
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig
from flexdbg.render.tables import count

__all__ = ["jobs", "report"]

_HARTS = 8
_CORES = tuple(TABLE_III)
_PAIRS = tuple(TABLE_III["flexv"])
_Rates: TypeAlias = dict[tuple[str, str], float]  # MAC/cycle by core and pair

# Each convolution runs with 64-bit batch normalization out of line, which the published figures fit: with the
# MatMul that stands for the published one in Table III, and with ours. Where our assembly stands for it, the
# two are one. The third is ours with inlined 32-bit code, which gives the same outputs of this layer sooner.
_PUBLISHED, _CALLED, _INLINED = "bn64_published", "bn64_call", "bn32"
_PATHS = (_PUBLISHED, _CALLED, _INLINED)


def _compiled(core: str, pair: str) -> bool:
    """Whether C stands for the published MatMul (docs/benchmarks.md)."""
    return core in ("ri5cy", "mpic") or (core == "xpulpnn" and pair[1] != pair[3])


def _path(core: str, pair: str, path: str) -> str:
    return _CALLED if path == _PUBLISHED and not _compiled(core, pair) else path


def _job(core: str, pair: str, path: str, config: ClusterConfig) -> Job:
    changes = (("path", _path(core, pair, path)),)
    return Job(_program(core, pair), config.changed({"core": core}), changes)


def jobs(config: ClusterConfig) -> list[Job]:
    """Every core, pair and way of requantization."""
    if config.harts != _HARTS:
        raise FlexdbgError(f"Figure 7 is of {_HARTS} cores, not of {config.harts}")
    points = ((core, pair, path) for core in _CORES for pair in _PAIRS for path in _PATHS)
    return list(dict.fromkeys(_job(*point, config) for point in points))


def report(jobs: Sequence[Job], results: Results) -> Report:
    """What was measured of `jobs`; a row needs all ways of requantization."""
    config = jobs[0].config
    cells: dict[tuple[str, str], tuple[Measurement, ...]] = {}
    for core in _CORES:
        for pair in _PAIRS:
            wanted = [_job(core, pair, path, config) for path in _PATHS]
            if all(job in results for job in wanted):
                cells[core, pair] = tuple(results[job] for job in wanted)
    faithful = {cell: found[0].mac_per_cycle for cell, found in cells.items()}
    ours = {cell: found[1].mac_per_cycle for cell, found in cells.items()}
    highest = max(FIGURE_7_PEAK, *faithful.values(), 0.0)
    rows, bars, records = [], [], []
    for (core, pair), (published, called, inlined) in cells.items():
        paper = FIGURE_7_PEAK if (core, pair) == ("flexv", "a2w2") else None
        ahead, ours_ahead = (_ahead(rates, core, pair) for rates in (faithful, ours))
        rows.append(
            (
                core,
                pair,
                count(published.cycles),
                f"{published.mac_per_cycle:.2f}",
                f"{paper:.1f}" if paper else "",
                f"{ahead:.2f}" if ahead else "",
                f"{called.mac_per_cycle:.2f}",
                f"{ours_ahead:.2f}" if ours_ahead else "",
                f"{inlined.mac_per_cycle:.2f}",
            )
        )
        bars.append((published.mac_per_cycle / highest, paper / highest if paper else None))
        records.append(
            {
                "core": core,
                "pair": pair,
                "mac_per_cycle": round(published.mac_per_cycle, 3),
                "paper": paper,
                "residual_percent": round(100 * (published.mac_per_cycle / paper - 1), 2) if paper else None,
                "flexv_speed_up": round(ahead, 3) if ahead else None,
                "tops_per_watt": round(published.tops_per_watt, 3),
                "cycles": published.cycles,
                "our_mac_per_cycle": round(called.mac_per_cycle, 3),
                "our_flexv_speed_up": round(ours_ahead, 3) if ours_ahead else None,
                "our_cycles": called.cycles,
                "inlined_mac_per_cycle": round(inlined.mac_per_cycle, 3),
                "inlined_cycles": inlined.cycles,
            }
        )
    headings = (
        "cycles",
        "MAC/cycle",
        "paper",
        "Flex-V ahead",
        "our MatMul",
        "Flex-V ahead",
        "inlined 32-bit",
    )
    return Report(
        title="Convolution 3x3, 16x16x32 to 16x16x64, eight harts, 64-bit batch normalization out of line",
        columns=(Column("core"), Column("pair"), *(Column(heading, right=True) for heading in headings)),
        rows=tuple(rows),
        groups=tuple(core for core, _ in cells),
        bars=tuple(bars),
        bar_title="█ measured  ┃ paper",
        notes=(
            *_claims(faithful, ours),
            f"paper: {TABLE_III_SOURCE.replace('Table III', 'text on Figure 7')}",
        ),
        records=tuple(records),
    )


def _ahead(rates: _Rates, core: str, pair: str) -> float | None:
    """How many times as fast Flex-V is."""
    return rates["flexv", pair] / rates[core, pair] if ("flexv", pair) in rates else None


def _program(core: str, pair: str) -> str:
    return f"conv-{pair}o8" if core == "flexv" else f"conv-{pair}o8-{core}"


def _claims(faithful: _Rates, ours: _Rates) -> list[str]:
    """What the text of the paper says, and what was measured."""
    lines = []
    for core, claim in FIGURE_7_SPEED_UPS.items():
        (best, pair), (ours_best, ours_pair) = _best(faithful, core), _best(ours, core)
        if best is None or ours_best is None:
            continue
        residual = 100 * (best / claim - 1)
        lines.append(
            f"Flex-V against {core}: up to {best:.2f} ({pair}), paper {claim}, {residual:+.1f} %; "
            f"against our MatMul {ours_best:.2f} ({ours_pair})"
        )
    return lines


def _best(rates: _Rates, core: str) -> tuple[float | None, str]:
    """The largest ratio over all pairs, and its pair."""
    ratios = [(_ahead(rates, core, pair), pair) for pair in _PAIRS if (core, pair) in rates]
    known = [(ratio, pair) for ratio, pair in ratios if ratio is not None]
    # The best of a part says nothing.
    return max(known) if len(known) == len(_PAIRS) else (None, "")
