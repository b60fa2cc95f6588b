"""Lines of fixed width: clipping, padding, and room for text that is wider than it looks."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import east_asian_width

from flexdbg.render.text import Fragment, Line

__all__ = [
    "cells",
    "clean",
    "columns",
    "fit",
    "join_columns",
    "pad_lines",
    "runs",
    "shift",
    "wrap",
    "wrap_line",
]


def clean(text: str) -> str:
    """Text without characters that would move the cursor."""
    if text.isascii() and text.isprintable():
        return text
    text = text.expandtabs(8)
    return "".join(c if c.isprintable() else "·" for c in text)


def _cell(char: str) -> int:
    return 2 if char > "\u10ff" and east_asian_width(char) in "WF" else 1


def cells(text: str) -> int:
    """Columns that a text takes."""
    return len(text) if text.isascii() else _cells(text)


@lru_cache(maxsize=1 << 13)
def _cells(text: str) -> int:
    return sum(_cell(c) for c in text)


def _clip(text: str, room: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _cell(char)
        if used > room:
            return text[:index]
    return text


def fit(line: Line, width: int, fill: str = "") -> Line:
    """The line cut and padded to exactly `width` columns; a cut is marked with an ellipsis."""
    total = sum(cells(text) for _, text in line)
    if total <= width:
        return [*line, (fill, " " * (width - total))] if total < width else list(line)
    if width <= 0:
        return []
    out: Line = []
    room = width - 1
    for style, text in line:
        size = cells(text)
        if size <= room:
            out.append((style, text))
            room -= size
            continue
        part = _clip(text, room)
        out.append((style, part + "…" + " " * (room - cells(part))))
        return out
    return [*out, ("", "…")]


def shift(line: Line, columns: int) -> Line:
    """The line without its first columns."""
    if columns <= 0:
        return line
    out: Line = []
    for style, text in line:
        if columns >= len(text):
            columns -= len(text)
            continue
        out.append((style, text[columns:]))
        columns = 0
    return out


def runs(styles: Sequence[str], glyphs: Sequence[str]) -> Line:
    """A line from a style and a glyph for each column, with what has the same style in one piece."""
    line: Line = []
    start = 0
    for end in range(1, len(glyphs) + 1):
        if end == len(glyphs) or styles[end] != styles[start]:
            line.append((styles[start], "".join(glyphs[start:end])))
            start = end
    return line


def pad_lines(lines: Sequence[Line], width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width` columns."""
    shown = [fit(line, width) for line in lines[:height]]
    return shown + [[("", " " * width)] for _ in range(height - len(shown))]


def wrap(text: str, width: int) -> list[str]:
    """Text in pieces that fit; words are kept whole where they can be."""
    width = max(width, 1)
    pieces: list[str] = []
    for part in text.split("\n"):
        while len(part) > width:
            cut = part.rfind(" ", 1, width + 1)
            cut = cut if cut > width // 2 else width
            pieces.append(part[:cut].rstrip())
            part = part[cut:].lstrip()
        pieces.append(part)
    return pieces


def wrap_line(line: Line, width: int) -> list[Line]:
    """A line in pieces that fit, each with its styles; it breaks at spaces where it can."""
    if sum(cells(text) for _, text in line) <= width:
        return [line]
    pieces: list[Line] = []
    styled = [(style, char) for style, text in line for char in text]
    while styled:
        end, used = 0, 0
        while end < len(styled) and used + cells(styled[end][1]) <= width:
            used += cells(styled[end][1])
            end += 1
        if end < len(styled):
            space = next((i for i in range(end, width // 2, -1) if styled[i][1] == " "), None)
            end = max(end if space is None else space, 1)
        pieces.append(runs([style for style, _ in styled[:end]], [char for _, char in styled[:end]]))
        styled = styled[end:]
        while styled and styled[0][1] == " ":
            styled.pop(0)
    return pieces


def columns(cells_: Sequence[Line], width: int, cell: int, *, down: bool = True) -> list[Line]:
    """Cells of one width in as many columns as fit, filled downwards or across."""
    count = max(1, (width + 1) // (cell + 1))
    rows = -(-len(cells_) // count) if cells_ else 0
    lines: list[Line] = []
    for row in range(rows):
        line: Line = []
        for column in range(count):
            index = column * rows + row if down else row * count + column
            if index < len(cells_):
                line += fit(cells_[index], cell)
                line.append(("", " "))
        lines.append(line[:-1])
    return lines


def join_columns(parts: Iterable[tuple[list[Line], int]], separator: Fragment = ("frame", "│")) -> list[Line]:
    """Blocks of equal height side by side."""
    blocks = [pad_lines(lines, width, len(lines)) for lines, width in parts]
    joined: list[Line] = []
    for rows in zip(*blocks, strict=True):
        line: Line = []
        for number, row in enumerate(rows):
            if number:
                line.append(separator)
            line += row
        joined.append(line)
    return joined
