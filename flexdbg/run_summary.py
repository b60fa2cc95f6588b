"""The summary that `flexdbg run` prints: facts, harts with their stall ledger, banks, warnings."""

import sys

from rich.console import Console

from flexdbg.render.summary import BankRow, HartRow, Summary, summary
from flexdbg.render.tables import count, table
from flexdbg.render.text import plain
from flexdbg.run import Report

__all__ = ["print_summary"]

# Wide enough for eight harts with all causes; a narrower terminal wraps.
_PLAIN_WIDTH = 132
_SHOWN_WARNINGS = 5


def print_summary(report: Report, *, full: bool) -> None:
    """Print the summary to standard output, coloured on a terminal."""
    terminal = sys.stdout.isatty()
    console = Console(file=sys.stdout, width=None if terminal else _PLAIN_WIDTH, highlight=False)
    console.print()
    console.print(summary(_summary(report), full=full))
    if full:
        console.print()
        console.print(_counters(report), markup=False)


def _facts(report: Report) -> list[tuple[str, str]]:
    harts = report.config.harts
    seconds = report.cycles / (report.config.clock_mhz * 1e6)
    facts = [
        ("cycles", f"{count(report.cycles)}   ({seconds * 1e3:.3f} ms at {report.config.clock_mhz:g} MHz)")
    ]
    ipc = report.instructions / report.cycles if report.cycles else 0.0
    facts.append(("instructions", f"{count(report.instructions)} on {harts} harts   (IPC {ipc:.2f} summed)"))
    if report.macs:
        region = ""
        if report.measured:
            region = f"   in the measured region of {count(report.measured.cycles)} cycles"
        facts.append(("MAC", count(report.macs)))
        facts.append(("MAC/cycle", f"{report.mac_per_cycle:.2f}{region}"))
    if report.measured:
        facts.append(
            ("output", "correct" if report.measured.correct else "WRONG: differs from the golden model")
        )
    accesses = sum(bank["accesses"] for bank in report.banks)
    conflicts = sum(bank["conflicts"] for bank in report.banks)
    if accesses:
        lost = conflicts / accesses
        facts.append(
            (
                "bank conflicts",
                f"{count(conflicts)} cycles lost in {count(accesses)} accesses ({lost:.3f} each)",
            )
        )
    each = report.energy.picojoule_per(report.macs)
    per_mac = f"   ({each:.2f} pJ per MAC)" if each is not None else ""
    facts.append(("energy, estimate", f"{report.energy.total:.2f} uJ{per_mac}   cluster only, 250 MHz model"))
    shown = "none" if report.exit_status is None else str(report.exit_status)
    facts.append(("exit status", shown))
    return facts


def _summary(report: Report) -> Summary:
    config = report.config
    names = [f"hart {index}" for index in range(config.harts)] + ["fc"] * (len(report.ledgers) - config.harts)
    harts = [
        HartRow(name, counters["instructions"], ledger)
        for name, counters, ledger in zip(names, report.counters, report.ledgers, strict=True)
    ]
    banks = [BankRow(bank["accesses"], bank["conflicts"]) for bank in report.banks]
    notes = [f"warning: {names[w['hart']]}: {w['message']}" for w in report.warnings[:_SHOWN_WARNINGS]]
    if len(report.warnings) > _SHOWN_WARNINGS:
        notes.append(f"and {len(report.warnings) - _SHOWN_WARNINGS} more warnings; --json lists all")
    title = f"{report.program}   core {config.core}, {config.harts} harts"
    return Summary(title, _facts(report), harts, banks, notes)


def _counters(report: Report) -> str:
    names = [f"hart {i}" for i in range(report.config.harts)] + ["fc"] * (
        len(report.counters) - report.config.harts
    )
    rows = [[key, *[count(c.get(key, 0)) for c in report.counters]] for key in report.counters[0]]
    lines = table(("counter", *names), rows, right="-" + "r" * len(names))
    levels = []
    for level in ("private", "shared"):
        hits, misses = (sum(one[what] for one in report.icache[level]) for what in ("hits", "misses"))
        levels.append([level, count(hits), count(misses)])
    lines += [[], *table(("instruction cache", "hits", "misses"), levels, right="-rr")]
    return plain(lines)
