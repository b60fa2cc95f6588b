"""Styled text: lines of (class, text) fragments, turned into plain text or ANSI at the very end."""

from collections.abc import Iterable, Sequence

from flexdbg.render.theme import ANSI

__all__ = ["Fragment", "Line", "ansi", "column", "join", "line", "plain"]

Fragment = tuple[str, str]
Line = list[Fragment]


def line(*parts: "Fragment | str") -> Line:
    """A line from fragments and plain words."""
    return [("", part) if isinstance(part, str) else part for part in parts]


def join(lines: Sequence[Line], separator: Fragment = ("", "  ")) -> Line:
    """Several lines behind each other as one."""
    joined: Line = []
    for number, item in enumerate(lines):
        if number:
            joined.append(separator)
        joined.extend(item)
    return joined


def width(item: Line) -> int:
    return sum(len(text) for _, text in item)


def column(item: Line, size: int) -> Line:
    """A line padded to a width."""
    missing = size - width(item)
    return [*item, ("", " " * missing)] if missing > 0 else item


def plain(lines: Iterable[Line]) -> str:
    return "\n".join("".join(text for _, text in item).rstrip() for item in lines)


def ansi(lines: Iterable[Line]) -> str:
    """Text with escape sequences, one class a fragment."""
    out = []
    for item in lines:
        pieces = []
        for style, text in item:
            code = ANSI.get(style, "")
            pieces.append(f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text)
        out.append("".join(pieces).rstrip(" "))
    return "\n".join(out)
