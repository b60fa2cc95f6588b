"""All harts at a glance: place, state, why it does not issue, instructions a cycle, where the cycles went."""

import re
from collections.abc import Sequence
from typing import Any

from flexdbg.render.tables import bar
from flexdbg.render.text import Line
from flexdbg.tui.causes import CLASS_OF, CLASSES, SHORT, classes_of
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Pane
from flexdbg.tui.snapshot import HartView, Snapshot
from flexdbg.tui.text import wrap_line
from flexdbg.tui.themes import hart_style

__all__ = ["PANE", "strip"]


def activity(snapshot: Snapshot, hart: HartView) -> tuple[str, str, str]:
    """(style, few words, glyph): what the hart did in the last cycle, or what it waits for."""
    stop = snapshot.stop
    if hart.state == "off":
        return "off", "off", hart.glyph
    if hart.state == "halted":
        return "off", "halted", hart.glyph
    if hart.state == "sleeping":
        return "sync", hart.wait or "asleep", hart.glyph
    here = stop is not None and stop.cycle == snapshot.cycle and not snapshot.running
    if here and stop is not None and stop.hart == hart.index and stop.reason.value not in _OWN_WISH:
        return "breakpoint", f"stopped: {stop.reason.value}", "●"
    if snapshot.why:
        cause = snapshot.why[hart.index]
        if cause.issued:
            return "issue", "issues", "▶"
        words = SHORT.get(cause.cause, cause.cause)
        if cause.bank is not None and cause.harts:
            words = f"bank {cause.bank} ← {cause.harts[0]}"
        return CLASS_OF.get(cause.cause, "memory"), words, "◌"
    if hart.wait:
        return "memory" if "bank" in hart.wait else "fetch", _short_words(hart.wait), "◌"
    return "issue", "issues", "▶"


# Stops that the user asked for: the hart did nothing remarkable.
_OWN_WISH = ("step", "cycles", "interrupted")


# Causes that are cut badly to five characters.
_MARKS = {"icache": "miss", "branch": "brnch", "ld-use": "lduse", "periph": "io", "stopped": "stop"}


def _mark(hart: HartView, style: str, words: str) -> str:
    """The same in five characters: `b9<5` lost bank 9 to hart 5."""
    if style == "sync":
        found = hart.wait.replace(",", "").split()
        if "barrier" in found:
            return "barr" + found[found.index("barrier") + 1]
        return "wfi" if "wfi" in found else "event"
    if style == "issue":
        return f"{hart.ipc:.2f}"[-3:] if hart.ipc else ""
    if style == "breakpoint":
        return "stop"
    if words in _MARKS:
        return _MARKS[words]
    for lead, short in (("bank ", "b"), (" ← ", "<"), (", taken by hart ", "<"), (", taken by ", "<")):
        words = words.replace(lead, short)
    return words


def strip(snapshot: Snapshot, width: int, rows: int) -> list[Line]:
    """The strip at the top of the screen: every hart in one cell, in as many rows as there are."""
    per_row = -(-len(snapshot.harts) // rows)
    cell = width // per_row
    lines: list[Line] = []
    for row in range(rows):
        line: Line = []
        for hart in snapshot.harts[row * per_row : (row + 1) * per_row]:
            line += _cell(snapshot, hart, cell)
        lines.append(line)
    return lines


_BARRIER = re.compile(r"asleep at barrier (\d+), (.*) missing")


def _ranges(numbers: Sequence[int]) -> str:
    """`0,2-5`"""
    parts: list[tuple[int, int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1] = parts[-1][0], number
        else:
            parts.append((number, number))
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _short_words(words: str) -> str:
    """A wait in few words, for narrow places."""
    barrier = _BARRIER.match(words)
    if barrier is not None:
        return f"barrier {barrier[1]} ← {_ranges(sorted(map(int, re.findall(r'[0-9]+', barrier[2]))))}"
    for lead in ("asleep with ", "asleep ", "next instruction not there: ", "waits: ", "waits for "):
        words = words.removeprefix(lead)
    return words


def _short_place(place: str, room: int) -> str:
    """A place cut in the name, never in the offset."""
    if len(place) <= room or "+" not in place:
        return place[:room]
    name, _, offset = place.rpartition("+")
    return f"{name[: max(room - len(offset) - 2, 1)]}…+{offset}"[:room]


def _cell(snapshot: Snapshot, hart: HartView, width: int) -> Line:
    style, words, glyph = activity(snapshot, hart)
    words = _short_words(words)
    chosen = hart.index == snapshot.hart
    name = hart.name.rjust(2) if width >= 14 else hart.name
    head: Line = [("focus" if chosen else hart_style(hart.index), name), (style, glyph)]
    room = width - len(name) - 2
    if width < 14:
        return [*head, (style, _mark(hart, style, words)[:room].ljust(room)), ("", " ")]
    place = hart.place or f"{hart.pc:08x}"
    if width < 30:
        text = _short_place(place, room - 1) if style == "issue" else words
        return [*head, ("" if style == "issue" else style, f" {text}"[:room].ljust(room)), ("", " ")]
    meter: Line = []
    if style != "off":
        share = f"{hart.ipc:.2f}".removeprefix("0") if hart.ipc < 0.995 else "1.0"
        meter = [("number", f" {share:>3}"), ("bar", bar(hart.ipc, 5))]
        room -= 9
    shown = _short_place(place, max(room - len(words) - 2, min(room // 2, 14)))
    rest = f" {words}"[: room - len(shown) - 1].ljust(room - len(shown) - 1)
    return [*head, ("symbol", f" {shown}"), (style, rest), *meter, ("", " ")]


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """One line a hart, with a bar of its cycles by class."""
    wide = width >= 100
    lines: list[Line] = []
    clicks: dict[int, str] = {}
    place_width = max((len(h.place) for h in snapshot.harts), default=8)
    place_width = min(max(place_width, 8), 28 if wide else 18)
    bar_width = max(8, width - place_width - (58 if wide else 50))
    title = "cycles by class" if bar_width >= 15 else "cycles"
    header = "hart    " + "at".ljust(place_width) + "  ipc  " + title.ljust(bar_width + 1)
    lines.append([("heading", header + "now")])
    for hart in snapshot.harts:
        style, words, glyph = activity(snapshot, hart)
        chosen = hart.index == snapshot.hart
        clicks[len(lines)] = f"hart {hart.index}"
        place = hart.place or f"0x{hart.pc:08x}"
        line: Line = [
            ("focus" if chosen else hart_style(hart.index), f"{hart.name:>3} "),
            (style, f"{glyph} "),
            ("symbol", "  " + _short_place(place, place_width).ljust(place_width)),
            ("number", f" {hart.ipc:5.2f}  " if hart.state != "off" else "   -    "),
        ]
        line += _class_bar(hart, bar_width)
        line.append((style, f" {words}" if not snapshot.why else f" {_sentence(snapshot, hart, words)}"))
        lines.append(line)
    legend: Line = [("faint", "        ")]
    for name, (letter, words) in CLASSES.items():
        legend += [(name, letter), ("faint", f" {words}   ")]
    lines += [[], *wrap_line(legend, width)]
    total = sum(h.ipc for h in snapshot.harts[: snapshot.cluster_harts])
    heading: Line = [("faint", f"{total:.2f} instructions/cycle together")]
    if snapshot.locking != "off":
        heading += [("warning", f"  stepping: {snapshot.locking}, the others are frozen")]
    return Drawing(lines, heading, clicks, fixed=1)


def _sentence(snapshot: Snapshot, hart: HartView, words: str) -> str:
    cause = snapshot.why[hart.index]
    return words if cause.issued or hart.state != "running" else cause.text.replace("`", "")


def _class_bar(hart: HartView, width: int) -> Line:
    """The ledger as one bar, a letter and a colour for each class."""
    classes = classes_of(hart.ledger)
    total = sum(classes)
    if not total:
        return [("faint", "·" * width)]
    line: Line = []
    drawn = 0
    running = 0
    for (name, (letter, _)), cycles in zip(CLASSES.items(), classes, strict=True):
        running += cycles
        end = round(running * width / total)
        if end > drawn:
            line.append((name, letter * (end - drawn)))
            drawn = end
    return line


PANE = Pane(
    "harts",
    "Harts",
    "0",
    "Every hart: where it is, what it waits for, how many instructions a cycle, and its cycles by class.",
    draw,
)
