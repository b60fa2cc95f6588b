"""Plain aligned tables and bars."""

from collections.abc import Sequence

from flexdbg.render.text import Fragment, Line

__all__ = ["bar", "count", "key_values", "table"]

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def count(number: int) -> str:
    """A count with thin separators, the same everywhere."""
    return f"{number:,}"


def bar(share: float, width: int = 20) -> str:
    """A horizontal bar for a share of 0 to 1."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: str = "", styles: Sequence[str] = ()
) -> list[Line]:
    """Columns padded to their widest cell; `right` has an `r` for each right-aligned column, else a `-`."""
    cells = [list(header), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines: list[Line] = []
    for number, row in enumerate(cells):
        line: list[Fragment] = []
        for index, cell in enumerate(row):
            aligned = (
                cell.rjust(widths[index]) if right[index : index + 1] == "r" else cell.ljust(widths[index])
            )
            style = "heading" if number == 0 else (styles[index] if index < len(styles) else "")
            line += [(style, aligned), ("", "  ")]
        lines.append(line[:-1])
    return lines


def key_values(pairs: Sequence[tuple[str, str]]) -> list[Line]:
    """Names and values in two columns."""
    width = max((len(name) for name, _ in pairs), default=0)
    return [[("heading", name.ljust(width)), ("", "  " + value)] for name, value in pairs]
