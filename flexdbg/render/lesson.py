"""Lesson texts wrapped to a width, and the list of lessons with progress."""

import textwrap
from collections.abc import Sequence

from flexdbg.render.assembly import highlight
from flexdbg.render.tables import bar
from flexdbg.render.text import Line

__all__ = ["lesson_list", "marked", "step_lines", "wrapped"]


def marked(text: str) -> Line:
    """Words with what stands between backquotes coloured; the quotes stay, for there may be no colours."""
    parts = enumerate(text.split("`"))
    return [("mnemonic", f"`{part}`") if number % 2 else ("", part) for number, part in parts]


def wrapped(text: str, width: int = 80) -> list[Line]:
    """Paragraphs filled to the width; indented lines stay as they are."""
    lines: list[Line] = []
    for number, paragraph in enumerate(text.strip("\n").split("\n\n")):
        if number:
            lines.append([])
        if paragraph.startswith("  "):
            lines += [marked(line) for line in paragraph.split("\n")]
        else:
            # A space inside backquotes must not break: the colours are set line by line.
            parts = paragraph.replace("\n", " ").split("`")
            kept = "`".join(p.replace(" ", "\0") if k % 2 else p for k, p in enumerate(parts))
            filled = textwrap.wrap(kept, width, break_long_words=False, break_on_hyphens=False)
            lines += [marked(line.replace("\0", " ")) for line in filled]
    return lines


def step_lines(
    title: str,
    position: tuple[int, int],
    kind: str,
    text: str,
    *,
    solved: bool,
    commands: Sequence[str] = (),
    code: str = "",
    footer: str = "",
    width: int = 80,
) -> list[Line]:
    """One step of a lesson."""
    state = {"text": "", "question": "question", "exercise": "exercise"}[kind]
    done = " (solved)" if solved and kind != "text" else ""
    head: Line = [("heading", title), ("faint", f"   step {position[0]} of {position[1]}  {state}{done}")]
    lines = [head, [("faint", "─" * min(width, 80))], *wrapped(text, width)]
    if code:
        lines += [[], *[_code(line) for line in code.strip("\n").split("\n")]]
    if commands:
        lines += [[], [("faint", "try: "), *_joined(commands)]]
    if footer:
        lines += [[], marked(footer)]
    return lines


def _code(text: str) -> Line:
    label = text.rstrip().endswith(":")
    return [("", "    "), ("symbol", text)] if label else [("", "    "), *highlight(text)]


def _joined(commands: Sequence[str]) -> Line:
    line: Line = []
    for number, command in enumerate(commands):
        line += [("faint", ", ")] if number else []
        line.append(("mnemonic", command))
    return line


def lesson_list(rows: Sequence[tuple[int, str, str, str, int, int]]) -> list[Line]:
    """(number, name, title, summary, solved, to solve) of every lesson."""
    names = max(len(row[1]) for row in rows)
    titles = max(len(row[2]) for row in rows)
    lines: list[Line] = []
    for number, name, title, summary, solved, total in rows:
        done = solved == total
        lines.append(
            [
                ("number", f"{number:>2}  "),
                ("mnemonic", name.ljust(names)),
                ("", f"  {title.ljust(titles)}  "),
                ("changed" if done else "bar", bar(solved / max(total, 1), 8)),
                ("faint", f" {solved}/{total}"),
            ]
        )
        lines.append([("faint", f"      {summary}")])
    return lines
