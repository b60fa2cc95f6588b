#!/usr/bin/env python3
"""Renews the measured tables of docs/benchmarks.md: `python docs/renew_benchmarks.py [-j N] [TABLE ...]`.

A table stands between `<!-- NAME -->` and `<!-- end -->`. Results are cached, so a second run costs nothing.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from flexdbg.bench import fig7, permutations, table3
from flexdbg.bench.cache import ResultCache
from flexdbg.bench.measurement import Job, Measurement
from flexdbg.bench.published import TABLE_III
from flexdbg.bench.runner import run_jobs
from flexdbg.catalog import bundled_program
from flexdbg.machine.config import ClusterConfig, load_config

PAGE = Path(__file__).with_name("benchmarks.md")
PIXELS_PER_HART, CHANNEL_BLOCKS = 32, 16
MACHINES: dict[str, dict[str, object]] = {
    "hci (default)": {},
    "classic": {"tcdm_arbiter": "classic"},
    "classic12": {"tcdm_arbiter": "classic12"},
    "round_robin": {"tcdm_arbiter": "round_robin"},
    "ideal fetch": {"fetch": "ideal"},
}
HARTS = (1, 2, 4, 8, 16)
# Columns of the ledger table and the causes that each sums up.
CAUSES = {
    "instructions": ("issue", "multi_cycle"),
    "load use": ("load_use", "macload_hazard"),
    "branches, jumps": ("branch", "jump", "jump_register"),
    "instruction fetch": ("fetch", "icache"),
    "bank conflicts": ("bank_conflict",),
    "barrier": ("barrier", "elw"),
}

Measure = Callable[[Sequence[Job]], list[Measurement]]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cells(measure: Measure) -> str:
    jobs = table3.jobs(ClusterConfig())
    rows = []
    results = measure(jobs)
    for record, result in zip(
        table3.report(jobs, dict(zip(jobs, results, strict=True))).records, results, strict=True
    ):
        figures = (f"{result.cycles:,}", f"{result.mac_per_cycle:.2f}", f"{record['paper']:g}")
        tail = (f"{100 * (result.mac_per_cycle / record['paper'] - 1):+.1f} %", f"{result.tops_per_watt:.2f}")
        rows.append((record["core"], record["pair"], *figures, *tail, f"{record['paper_tops_per_watt']:.2f}"))
    heads = ("core", "pair", "cycles", "MAC/cycle", "Table III", "residual", "TOPS/W", "Table III")
    return table(heads, rows)


def variants(measure: Measure) -> str:
    jobs = table3.jobs(ClusterConfig(), variants=True)
    results = dict(zip(jobs, measure(jobs), strict=True))
    rates = {job.program: result.mac_per_cycle for job, result in results.items()}
    rows = []
    for job in jobs:
        base = bundled_program(job.program).variant_of
        if base is None:
            continue
        core, pair = job.config.core, bundled_program(job.program).pair
        assert pair is not None
        paper, rate = TABLE_III[core][pair], rates[job.program]
        changes = (f"{100 * (rate / rates[base] - 1):+.1f} %", f"{100 * (rate / paper - 1):+.1f} %")
        rows.append(
            (f"`{job.program}`", f"{rates[base]:.2f}", f"{rate:.2f}", changes[0], f"{paper:g}", changes[1])
        )
    heads = ("program", "base", "variant", "against base", "Table III", "against Table III")
    return table(heads, rows)


def inner_loop(program: str) -> tuple[int, int]:
    """Instructions and iterations of the hardware loop over K."""
    bundled = bundled_program(program)
    lines = bundled.path.with_suffix(".S").read_text(encoding="utf-8").splitlines()
    code = [re.sub(r"//.*", "", line).strip() for line in lines]
    start = next(i for i, line in enumerate(code) if re.match(r"lp\.(?:setup|endi)\s+x0", line))
    end = code.index(code[start].split(",")[-1].strip() + ":")
    count = sum(bool(line) and not re.match(r"[.#]|.*:$", line) for line in code[start + 1 : end + 2])
    assert bundled.pair is not None and bundled.shape is not None
    return count, bundled.shape.k * int(bundled.pair[3]) // 32


def ledger(measure: Measure) -> str:
    jobs = table3.jobs(ClusterConfig())
    rows = []
    for job, result in zip(jobs, measure(jobs), strict=True):
        core, pair = job.config.core, bundled_program(job.program).pair
        assert pair is not None
        blocks = PIXELS_PER_HART // (2 if core in ("ri5cy", "mpic") else 4) * CHANNEL_BLOCKS
        shares = [sum(result.ledger.get(cause, 0) for cause in causes) / blocks for causes in CAUSES.values()]
        count, iterations = inner_loop(job.program)
        published = result.macs / TABLE_III[core][pair] / blocks
        loop = f"{count} x {iterations} = {count * iterations}"
        figures = (f"{shares[0] - count * iterations:.1f}", *(f"{share:.1f}" for share in shares[1:]))
        rows.append((core, pair, loop, *figures, f"{result.cycles / blocks:.0f}", f"{published:.0f}"))
    heads = ("core", "pair", "inner loop", "other instructions", *list(CAUSES)[1:], "sum", "Table III")
    return table(heads, rows)


def machines(measure: Measure) -> str:
    rows = []
    for core, pairs in TABLE_III.items():
        for machine, settings in MACHINES.items():
            config = ClusterConfig().changed({"core": core, **settings})
            results = measure([Job(table3.kernel_name(core, pair), config) for pair in pairs])
            rates = dict(zip(pairs, (f"{result.mac_per_cycle:.2f}" for result in results), strict=True))
            rows.append((core, machine, *(rates.get(pair, "") for pair in TABLE_III["flexv"])))
    return table(("core", "machine", *TABLE_III["flexv"]), rows)


def speed_up(measure: Measure) -> str:
    rows = []
    for core, pairs in TABLE_III.items():
        runs = {}
        for harts in HARTS:
            config = ClusterConfig().changed({"core": core, "harts": harts})
            runs[harts] = measure([Job(table3.kernel_name(core, pair), config) for pair in pairs])
        for harts in HARTS[1:]:
            ratios = [one.cycles / many.cycles for one, many in zip(runs[1], runs[harts], strict=True)]
            shown = dict(zip(pairs, (f"{ratio:.2f}" for ratio in ratios), strict=True))
            rows.append((core, str(harts), *(shown.get(pair, "") for pair in TABLE_III["flexv"])))
    return table(("core", "harts", *TABLE_III["flexv"]), rows)


def figure_7(measure: Measure) -> str:
    jobs = fig7.jobs(ClusterConfig())
    report = fig7.report(jobs, dict(zip(jobs, measure(jobs), strict=True)))
    heads = [column.heading for column in report.columns]
    return table(heads, report.rows) + "\n\n" + "\n".join(f"- {note}" for note in report.notes[:3])


def gap8(measure: Measure) -> str:
    jobs = permutations.jobs(load_config("gap8"))
    records = permutations.report(jobs, dict(zip(jobs, measure(jobs), strict=True))).records
    rates = {(r["weight_bits"], r["input_bits"], r["output_bits"]): r["mac_per_cycle"] for r in records}
    bits = (8, 4, 2)
    rows = [(str(w), str(a), *(f"{rates[w, a, out]:.2f}" for out in bits)) for w in bits for a in bits]
    return table(("weights", "inputs", *(f"outputs {out}" for out in bits)), rows)


TABLES = {
    "fig7": figure_7,
    "permutations": gap8,
    "cells": cells,
    "variants": variants,
    "ledger": ledger,
    "machines": machines,
    "speed-up": speed_up,
}


def renewed(text: str, names: Sequence[str], measure: Measure) -> str:
    """The page with these tables measured."""
    for name in names:
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        made = TABLES[name](measure).replace("\\", r"\\")
        text, found = pattern.subn(rf"\1\n{made}\n\n\2", text)
        assert found == 1, f"docs/benchmarks.md has no place for {name}"
    return text


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("-j", type=int, default=1, metavar="N", help="processes at a time")
    options = parser.parse_args()
    if unknown := set(options.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")

    def measure(jobs: Sequence[Job]) -> list[Measurement]:
        results = run_jobs(jobs, processes=options.j, cache=ResultCache(), progress=True)
        if len(results) < len(set(jobs)):
            raise SystemExit("interrupted; the same command goes on from here")
        return [results[job] for job in jobs]

    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(renewed(text, options.tables or list(TABLES), measure), encoding="utf-8")


if __name__ == "__main__":
    main()
