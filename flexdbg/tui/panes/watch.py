"""Expressions that the user watches: the `display` list, with what each was at the last stop."""

from dataclasses import dataclass
from typing import Any

from flexdbg.commands.printing import value_text
from flexdbg.errors import FlexdbgError
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.snapshot import Snapshot

__all__ = ["PANE"]


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
    expression: str
    value: str
    before: str
    wrong: bool


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> tuple[Entry, ...]:
    session = gathering.session
    kept: dict[int, tuple[int, str, str]] = gathering.marks.setdefault("watch", {})
    now = gathering.snapshot.cycle
    entries = []
    for display in gathering.context.displays:
        wrong = False
        try:
            value = session.evaluate(display.expression)
            letter = display.format[-1:] if display.format[-1:].isalpha() else ""
            text = value_text(gathering.context, value, letter)
        except FlexdbgError as error:
            text, wrong = str(error), True
        cycle, shown, before = kept.get(display.number, (now, text, ""))
        if cycle != now:
            before = shown
        kept[display.number] = (now, text, before)
        entries.append(Entry(display.number, display.expression, text, before, wrong))
    return tuple(entries)


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """One line an expression."""
    if not part:
        return Drawing(
            [
                [("faint", "nothing is watched: Enter here, or `display EXPRESSION`, such as")],
                [("faint", "  display $a0     display/x $nn_w0     display counter")],
            ]
        )
    size = min(max(len(entry.expression) for entry in part), width // 2)
    lines: list[Line] = []
    for entry in part:
        changed = bool(entry.before) and entry.before != entry.value
        line: Line = [
            ("faint", f"{entry.number:>2} "),
            ("register", entry.expression[:size].ljust(size) + " "),
            ("error" if entry.wrong else "changed" if changed else "number", entry.value),
        ]
        if changed:
            line.append(("faint", f"  was {entry.before}"))
        lines.append(line)
    return Drawing(lines, [("", f"hart {snapshot.selected.name}")])


def _add(options: PaneOptions, snapshot: Snapshot) -> str:
    return "@type display"


def _delete(options: PaneOptions, snapshot: Snapshot) -> str:
    return "@type undisplay"


PANE = Pane(
    "watch",
    "Watch",
    "-",
    "Expressions and their values, with the value at the last stop.",
    draw,
    gather,
    keys=(
        PaneKey("enter", "watch another expression", _add),
        PaneKey("d", "delete one by its number", _delete),
    ),
)
