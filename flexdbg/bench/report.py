"""What a benchmark shows: a table with bars for people, JSON, CSV and HTML for everything else."""

import csv
import html
import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flexdbg.render.tables import bar

__all__ = ["Column", "Report"]

# Cells of a bar, as the terminal allows.
_SHORTEST_BAR, _LONGEST_BAR = 8, 30
# Wide enough for every column where the output is not a terminal.
_PLAIN_WIDTH = 132
_GAP = 2

_STYLE = """\
body { font: 15px system-ui, sans-serif; margin: 2em; }
table { border-collapse: collapse; }
td, th { padding: .2em .8em; text-align: left; white-space: nowrap; }
.r { text-align: right; font-variant-numeric: tabular-nums; }
tr.first td { border-top: 1px solid #8888; }
.bar { position: relative; width: 16em; height: 1em; background: #8882; }
.bar i { position: absolute; left: 0; top: 0; height: 100%; background: #2a7; }
.bar b { position: absolute; top: -.15em; height: 1.3em; border-left: 2px solid #d33; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } }
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and how its cells are aligned."""

    heading: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Rows as text, as records, and a bar each: a share of 0 to 1, with a mark to compare with or None."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]  # rows of one group stand together
    bars: tuple[tuple[float, float | None], ...]
    bar_title: str
    notes: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]

    def as_json(self) -> str:
        return json.dumps(list(self.records), indent=2)

    def as_csv(self) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.records[0]) if self.records else [], lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.records)
        return out.getvalue()

    def as_html(self) -> str:
        """A page of its own, without scripts or anything from elsewhere."""
        heads = [_cell("th", column.heading, column.right) for column in self.columns]
        lines = []
        for index, row in enumerate(self.rows):
            cells = [_cell("td", text, column.right) for text, column in zip(row, self.columns, strict=True)]
            share, mark = self.bars[index]
            drawn = f'<i style="width:{100 * share:.1f}%"></i>'
            if mark is not None:
                drawn += f'<b style="left:{100 * mark:.1f}%"></b>'
            first = ' class="first"' if self._begins_group(index) else ""
            lines.append(f'<tr{first}>{"".join(cells)}<td><div class="bar">{drawn}</div></td></tr>')
        title = html.escape(self.title)
        return "\n".join(
            (
                f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title}</title>',
                f"<style>\n{_STYLE}</style>",
                f"<h1>{title}</h1>",
                f"<table>\n<tr>{''.join(heads)}<th>{html.escape(self.bar_title)}</th></tr>",
                *lines,
                "</table>",
                *(f"<p>{html.escape(note)}</p>" for note in self.notes),
                "</html>\n",
            )
        )

    def print(self) -> None:
        """The table on standard output, coloured on a terminal."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        width = None if sys.stdout.isatty() else _PLAIN_WIDTH
        console = Console(file=sys.stdout, width=width, highlight=False)
        size = min(_LONGEST_BAR, max(_SHORTEST_BAR, console.width - self._text_width()))
        table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
        for column in self.columns:
            table.add_column(
                column.heading, justify="right" if column.right else "left", header_style="bold", no_wrap=True
            )
        table.add_column("", no_wrap=True)
        for index, row in enumerate(self.rows):
            if index and self._begins_group(index):
                table.add_row()
            table.add_row(*row, Text(_marked(*self.bars[index], size), style="green"))
        console.print(Text(self.title, style="bold"))
        console.print()
        console.print(table)
        console.print()
        for note in (self.bar_title, *self.notes):
            console.print(Text(note, style="dim"))

    def _text_width(self) -> int:
        """Columns that everything but the bars takes."""
        cells = [tuple(column.heading for column in self.columns), *self.rows]
        return sum(max(map(len, column)) + _GAP for column in zip(*cells, strict=True))

    def _begins_group(self, index: int) -> bool:
        return index == 0 or self.groups[index] != self.groups[index - 1]


def _cell(tag: str, text: str, right: bool) -> str:
    style = ' class="r"' if right else ""
    return f"<{tag}{style}>{html.escape(text)}</{tag}>"


def _marked(share: float, mark: float | None, size: int) -> str:
    """A bar with a stroke where the figure to compare with would end."""
    drawn = bar(share, size)
    if mark is None:
        return drawn.rstrip()
    place = min(size - 1, max(0, round(mark * size) - 1))
    return (drawn[:place] + "┃" + drawn[place + 1 :]).rstrip()
