"""The whole run, or a part of it: where the cycles of every hart went, over time."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from flexdbg.render.tables import count
from flexdbg.render.text import Line
from flexdbg.tui.causes import CLASS_OF, CLASSES
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.samples import Sample
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import runs
from flexdbg.tui.themes import hart_style

__all__ = ["PANE", "Part", "column_classes"]

_LEAD = 4
# Windows up to this many cycles are replayed, so that every cycle is known.
_REPLAYED = 4096
_NAMES = tuple(CLASSES)


@dataclass(frozen=True, slots=True)
class Part:
    """Cycles by class for each hart and column: `columns[hart][x]` is a tuple in the order of CLASSES."""

    first: int
    last: int
    exact: bool
    columns: tuple[tuple[tuple[float, ...], ...], ...]


def _window(snapshot: Snapshot, zoom: int) -> tuple[int, int]:
    """The cycles to show: everything, or 2^-zoom of it around now."""
    first, last = snapshot.first, max(snapshot.last, snapshot.first + 1)
    span = max((last - first) >> zoom, min(64, last - first))
    start = min(max(snapshot.cycle - span // 2, first), last - span)
    return start, start + span


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    snapshot = gathering.snapshot
    first, last = _window(snapshot, options.zoom)
    size = max(width - _LEAD - 1, 4)
    if last - first <= _REPLAYED and not snapshot.running:
        return Part(first, last, True, _replayed(gathering, first, last, size))
    samples = gathering.samples.all()
    harts = len(snapshot.harts)
    columns = tuple(column_classes(samples, hart, first, last, size) for hart in range(harts))
    return Part(first, last, False, columns)


def column_classes(
    samples: tuple[Sample, ...], hart: int, first: int, last: int, size: int
) -> tuple[tuple[float, ...], ...]:
    """Shares of the classes in each column, from the ledgers of the samples around it."""
    cycles = [sample.cycle for sample in samples]
    nothing = tuple(0.0 for _ in _NAMES)
    found = []
    for x in range(size):
        start = first + (last - first) * x // size
        end = max(first + (last - first) * (x + 1) // size, start + 1)
        at = bisect_right(cycles, start) - 1
        to = bisect_right(cycles, end - 1)
        if at < 0 or to >= len(samples):
            found.append(nothing)
            continue
        before, after = samples[at].classes[hart], samples[to].classes[hart]
        total = sum(after) - sum(before)
        found.append(
            tuple((b - a) / total for a, b in zip(before, after, strict=True)) if total > 0 else nothing
        )
    return tuple(found)


def _replayed(
    gathering: Gathering, first: int, last: int, size: int
) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """The same from records: a cycle in which an instruction retires is an issue, a stall is what it says."""
    harts = len(gathering.snapshot.harts)
    totals = [[[0.0] * len(_NAMES) for _ in range(size)] for _ in range(harts)]
    where = {name: number for number, name in enumerate(_NAMES)}
    causes = [where[CLASS_OF.get(cause, "memory")] for cause in gathering.recent.causes]
    span = last - first

    def add(hart: int, cycle: int, which: int) -> None:
        if first <= cycle < last and hart >= 0:  # the DMA has no row
            totals[hart][(cycle - first) * size // span][which] += 1

    for cycle, hart, kind, _, a, b, *_ in gathering.recent.between(
        first, last, ("retire", "stall", "denied")
    ):
        if kind == "retire":
            add(hart, cycle, 0)
        elif kind == "denied":
            add(hart, cycle, where["memory"])
        else:
            for late in range(min(b, span)):
                add(hart, cycle + late, causes[a])
    result = []
    for hart in range(harts):
        columns = []
        for x, cell in enumerate(totals[hart]):
            start, end = first + span * x // size, first + span * (x + 1) // size
            there = max(end - start, 1)
            columns.append(tuple(min(n / there, 1.0) for n in cell))
        result.append(tuple(columns))
    return tuple(result)


# What the classes wait for, in the words of the legend.
_WORDS = {"depend": "result", "memory": "memory", "fetch": "fetch", "sync": "asleep", "off": "off"}
_HEIGHTS = " ▁▂▃▄▅▆▇█"


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """A row a hart: the height is the share of issuing cycles, else the letter of the worst class."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    size = max(width - _LEAD - 1, 4)
    lines: list[Line] = []
    rows: dict[int, int] = {}  # line -> hart
    tall = height >= 2 * len(snapshot.harts) + 2
    for hart in snapshot.harts:
        if hart.index >= len(part.columns):
            continue
        rows[len(lines)] = hart.index
        rows[len(lines) + int(tall)] = hart.index
        head: Line = [(hart_style(hart.index), f"{hart.name:>2} "), ("frame", "▕")]
        upper, lower = _row(part.columns[hart.index][:size], tall=tall)
        lines.append([*head, *upper])
        if tall:
            lines.append([("faint", "   "), ("frame", "▕"), *lower])
    ruler = len(lines)
    lines.append(_ruler(snapshot, part, size))
    legend: Line = [("issue", "▆"), ("faint", " share that issues  ")]
    for name in _NAMES[1:]:
        legend += [(name, CLASSES[name][0]), ("faint", f" {_WORDS[name]}  ")]
    lines.append(legend)
    heading: Line = [
        ("", f"cycles {count(part.first)} to {count(part.last)} "),
        ("faint", "every cycle" if part.exact else "from samples"),
    ]

    def at(line: int, column: int) -> str | None:
        cycle = part.first + (part.last - part.first) * max(column - _LEAD, 0) // size
        if line == ruler:
            return f"goto {cycle}"
        if line not in rows:
            return None
        return f"@ask why {rows[line]} {cycle}" if column >= _LEAD else f"hart {rows[line]}"

    return Drawing(lines, heading, at=at)


def _row(columns: tuple[tuple[float, ...], ...], *, tall: bool) -> tuple[Line, Line]:
    """One hart: heights, and where there is room the letters below them, else mixed."""
    heights: list[str] = []
    letters: list[str] = []
    worsts: list[str] = []
    issuing: list[bool] = []
    for shares in columns:
        issue = shares[0]
        worst = max(range(1, len(_NAMES)), key=shares.__getitem__)
        name = _NAMES[worst]
        heights.append(_HEIGHTS[min(round(issue * 8), 8)])
        letters.append(CLASSES[name][0] if shares[worst] >= 0.1 else " ")
        worsts.append(name)
        issuing.append(tall or issue >= shares[worst])
    upper = runs(
        ["issue" if i else worst for i, worst in zip(issuing, worsts, strict=True)],
        [high if i else letter for i, high, letter in zip(issuing, heights, letters, strict=True)],
    )
    return upper, runs(worsts, letters)


def _ruler(snapshot: Snapshot, part: Part, size: int) -> Line:
    """Where now and the bookmarks are."""
    span = max(part.last - part.first, 1)
    cells = [" "] * size
    styles = ["frame"] * size
    for name, cycle in snapshot.bookmarks.items():
        if part.first <= cycle < part.last:
            at = (cycle - part.first) * size // span
            cells[at], styles[at] = name[:1], "warning"
    if part.first <= snapshot.cycle <= part.last:
        at = min((snapshot.cycle - part.first) * size // span, size - 1)
        cells[at], styles[at] = "▲", "changed"
    return [("", "    "), *runs(styles, cells)]


def _finer(options: PaneOptions, snapshot: Snapshot) -> None:
    options.zoom = min(options.zoom + 1, 40)


def _coarser(options: PaneOptions, snapshot: Snapshot) -> None:
    options.zoom = max(options.zoom - 1, 0)


def _sideways(options: PaneOptions, snapshot: Snapshot, columns: int) -> None:
    options.shift = 0


PANE = Pane(
    "timeline",
    "Timeline",
    "7",
    "The run so far, a row for each hart: how many of the cycles issued, and what most of the others waited "
    "for. Zoomed in far enough, every cycle is replayed. A click says why, one on the ruler goes there.",
    draw,
    gather,
    keys=(
        PaneKey("+", "zoom in around now", _finer),
        PaneKey("_", "zoom out", _coarser),
    ),
    sideways=_sideways,
)
