"""The cause of one cycle of a hart as text, and those of all harts as a list."""

from collections.abc import Sequence

from flexdbg.render.assembly import highlight
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = ["cause_rows", "why_lines"]


def sentence(text: str) -> Line:
    """Plain words with the code between backquotes coloured; the quotes stay, for there may be no colours."""
    line: Line = []
    for number, part in enumerate(text.split("`")):
        line += [("faint", "`"), *highlight(part), ("faint", "`")] if number % 2 else [("", part)]
    return line


def why_lines(
    name: str, cycle: int, cause: str, text: str, place: str, instruction: str, since: int | None
) -> list[Line]:
    """`cycle 1,100: hart 2 lost bank 0 ...` and the instruction that waits."""
    head: Line = [
        ("faint", f"cycle {count(cycle)}: "),
        ("heading", name),
        ("", " "),
        *sentence(text),
        ("", "."),
    ]
    if cause == "issue":
        return [head]
    waits: Line = [("faint", "waiting:  "), ("address", place), ("", "  "), *highlight(instruction)]
    if since is not None and since < cycle:
        waits.append(("faint", f"   nothing executed since cycle {count(since)}"))
    waits.append(("faint", f"   [{cause}]"))
    return [head, waits]


def cause_rows(cycle: int, rows: Sequence[tuple[str, str, str]]) -> list[Line]:
    """All harts in one cycle: (name, cause, text)."""
    names = max((len(name) for name, _, _ in rows), default=0)
    causes = max((len(cause) for _, cause, _ in rows), default=0)
    lines: list[Line] = [[("faint", f"cycle {count(cycle)}")]]
    for name, cause, text in rows:
        style = "" if cause == "issue" else "warning"
        lines.append(
            [
                ("heading", name.ljust(names)),
                ("", "  "),
                (style, cause.ljust(causes)),
                ("", "  "),
                *sentence(text),
            ]
        )
    return lines
