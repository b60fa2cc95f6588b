"""The summary of a run as rich tables; plain text where the output is not a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flexdbg.render.tables import bar, count

__all__ = ["BankRow", "HartRow", "Summary", "summary"]

# One colour per cause on the bars; the legend names them, so colour is never alone.
_COLOURS = ("green", "yellow", "red", "blue", "magenta", "cyan", "bright_red", "bright_blue", "bright_black")
_GLYPHS = "█▓▒░▞▚▤▥·"


@dataclass(frozen=True, slots=True)
class HartRow:
    """What one hart did."""

    name: str
    instructions: int
    ledger: Mapping[str, int]

    @property
    def cycles(self) -> int:
        return sum(self.ledger.values())


@dataclass(frozen=True, slots=True)
class BankRow:
    accesses: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything the summary shows."""

    title: str
    facts: Sequence[tuple[str, str]]
    harts: Sequence[HartRow]
    banks: Sequence[BankRow]
    notes: Sequence[str]


def summary(data: Summary, *, full: bool) -> RenderableType:
    """The facts, the harts with their stall ledger, the banks; `full` adds all causes in numbers."""
    parts: list[RenderableType] = [
        Text(data.title, style="bold"),
        _facts(data.facts),
        Text(),
        _harts(data.harts),
    ]
    if full:
        parts += [Text(), _causes(data.harts)]
    if any(bank.accesses for bank in data.banks):
        parts += [Text(), _banks(data.banks)]
    parts += [Text(note, style="yellow") for note in data.notes]
    return Group(*parts)


def _facts(facts: Sequence[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2))
    for name, value in facts:
        table.add_row(Text(name, style="cyan"), value)
    return table


def _main_causes(harts: Sequence[HartRow]) -> list[str]:
    """The causes that matter in this run, largest first; the rest is drawn as one."""
    totals: dict[str, int] = {}
    for hart in harts:
        for cause, cycles in hart.ledger.items():
            totals[cause] = totals.get(cause, 0) + cycles
    ranked = sorted((cause for cause in totals if totals[cause]), key=lambda cause: (-totals[cause], cause))
    if "issue" in ranked:
        ranked.remove("issue")
        ranked.insert(0, "issue")
    return ranked[: len(_GLYPHS) - 1]


def _harts(harts: Sequence[HartRow], width: int = 40) -> RenderableType:
    # The FC sleeps through most runs: its causes would crowd out those of the cluster.
    causes = _main_causes([hart for hart in harts if hart.name != "fc"])
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for heading in ("hart", "instructions", "IPC"):
        table.add_column(heading, justify="left" if heading == "hart" else "right", no_wrap=True)
    table.add_column("where the cycles went", no_wrap=True)
    for hart in harts:
        ipc = hart.instructions / hart.cycles if hart.cycles else 0.0
        table.add_row(hart.name, count(hart.instructions), f"{ipc:.3f}", _stacked(hart, causes, width))
    legend = Text("  ")
    for index, cause in enumerate(causes):
        legend.append(_GLYPHS[index], style=_COLOURS[index])
        legend.append(f" {cause}  ")
    legend.append(f"{_GLYPHS[-1]} other", style=_COLOURS[-1])
    return Group(table, legend)


def _stacked(hart: HartRow, causes: Sequence[str], width: int) -> Text:
    """A bar of `width` cells; every cause that took a whole cell is visible, rounding goes to the largest."""
    cycles = hart.cycles or 1
    cells = [width * hart.ledger.get(cause, 0) // cycles for cause in causes]
    other = width * (hart.cycles - sum(hart.ledger.get(cause, 0) for cause in causes)) // cycles
    if cells:
        cells[cells.index(max(cells))] += width - sum(cells) - other
    text = Text()
    for index, size in enumerate(cells):
        text.append(_GLYPHS[index] * size, style=_COLOURS[index])
    text.append(_GLYPHS[-1] * other, style=_COLOURS[-1])
    return text


def _causes(harts: Sequence[HartRow]) -> Table:
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    table.add_column("stall ledger, cycles", no_wrap=True)
    for hart in harts:
        table.add_column(hart.name, justify="right", no_wrap=True)
    table.add_column("share", justify="right")
    causes: dict[str, int] = {}
    for hart in harts:
        for cause, cycles in hart.ledger.items():
            causes[cause] = causes.get(cause, 0) + cycles
    total = sum(causes.values()) or 1
    for cause in sorted((c for c in causes if causes[c]), key=lambda c: (-causes[c], c)):
        cells = [count(hart.ledger.get(cause, 0)) for hart in harts]
        table.add_row(cause, *cells, f"{100 * causes[cause] / total:.1f} %")
    table.add_row("total", *[count(hart.cycles) for hart in harts], "", style="bold")
    return table


def _banks(banks: Sequence[BankRow]) -> Table:
    table = Table(box=None, padding=(0, 2), pad_edge=False)
    for heading in ("bank", "accesses", "conflicts"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("cycles lost per access", no_wrap=True)
    for number, bank in enumerate(banks):
        share = bank.conflicts / bank.accesses if bank.accesses else 0.0
        drawn = Text(bar(share, 20).rstrip(), style="red")
        drawn.append(f" {share:.3f}" if share else "-", style="default")
        table.add_row(str(number), count(bank.accesses), count(bank.conflicts), drawn)
    return table
