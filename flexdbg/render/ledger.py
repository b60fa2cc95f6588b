"""The stall ledger: where every cycle of every hart went, as numbers and bars."""

from collections.abc import Mapping, Sequence

from flexdbg.render.tables import bar, count, table
from flexdbg.render.text import Line

__all__ = ["ledger_bars", "ledger_table"]


def ledger_bars(ledger: Mapping[str, int], width: int = 30) -> list[Line]:
    """One hart: cause, cycles, share, bar; largest first."""
    total = sum(ledger.values())
    name_width = max((len(cause) for cause in ledger), default=0)
    lines: list[Line] = []
    for cause, cycles in sorted(ledger.items(), key=lambda item: (-item[1], item[0])):
        if not cycles:
            continue
        share = cycles / total
        lines.append(
            [
                ("", cause.ljust(name_width)),
                ("number", f"  {count(cycles):>14}"),
                ("", f"  {100 * share:5.1f} %  "),
                ("bar", bar(share, width).rstrip()),
            ]
        )
    lines.append([("heading", "total".ljust(name_width)), ("number", f"  {count(total):>14}")])
    return lines


def ledger_table(names: Sequence[str], ledgers: Sequence[Mapping[str, int]]) -> list[Line]:
    """All harts: one column a hart, one row a cause, in per cent of the hart's cycles."""
    totals = [max(sum(ledger.values()), 1) for ledger in ledgers]
    causes: dict[str, int] = {}
    for ledger in ledgers:
        for cause, cycles in ledger.items():
            causes[cause] = causes.get(cause, 0) + cycles
    rows = []
    for cause in sorted((c for c, cycles in causes.items() if cycles), key=lambda c: (-causes[c], c)):
        shares = [100 * ledger.get(cause, 0) / total for ledger, total in zip(ledgers, totals, strict=True)]
        rows.append([cause, *[f"{share:.1f}" if share else "-" for share in shares]])
    rows.append(["cycles", *[count(sum(ledger.values())) for ledger in ledgers]])
    return table(["% of cycles", *names], rows, right="-" + "r" * len(names))
