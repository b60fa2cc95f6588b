"""All harts at a glance: place, state, why it does not issue, instructions a cycle, where the cycles went."""

from typing import Any

from flexdbg.render.tables import bar
from flexdbg.render.text import Line
from flexdbg.tui.causes import CLASSES, classes_of
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Pane
from flexdbg.tui.snapshot import HartView, Snapshot
from flexdbg.tui.themes import hart_style

__all__ = ["PANE", "strip"]


def activity(snapshot: Snapshot, hart: HartView) -> tuple[str, str]:
    """(style, words): what the hart does or waits for now."""
    stop = snapshot.stop
    if hart.state == "off":
        return "off", "off"
    if hart.state == "halted":
        return "off", "halted"
    if hart.state == "sleeping":
        return "sync", hart.wait.removeprefix("asleep ") or "asleep"
    if stop is not None and stop.cycle == snapshot.cycle and not snapshot.running:
        if stop.hart == hart.index and stop.reason.value not in ("step", "cycles", "interrupted"):
            return "breakpoint", f"stopped: {stop.reason.value}"
    if hart.wait:
        return "memory" if "bank" in hart.wait else "fetch", hart.wait
    return "issue", "issues"


def _wait_mark(hart: HartView) -> str:
    """The wait in five characters: `b9<5` waits for bank 9, taken by hart 5."""
    words = hart.wait.replace(",", "").split()
    if hart.state == "sleeping":
        if "barrier" in words:
            return "barr" + words[words.index("barrier") + 1]
        return "wfi" if "wfi" in words else "event"
    if "bank" in words:
        winner = words[-1] if words[-1].isdigit() else words[-1][:3].lower()
        return f"b{words[words.index('bank') + 1]}<{winner}"
    return hart.wait.rpartition(": ")[2][:5]


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


def _short_words(words: str) -> str:
    """A wait in few words, for narrow places."""
    return (
        words.removeprefix("next instruction not there: ").removeprefix("waits: ").replace("waits for ", "")
    )


def _short_place(place: str, room: int) -> str:
    """A place cut in the name, never in the offset."""
    if len(place) <= room or "+" not in place:
        return place[:room]
    name, _, offset = place.rpartition("+")
    return f"{name[: max(room - len(offset) - 2, 1)]}…+{offset}"[:room]


def _cell(snapshot: Snapshot, hart: HartView, width: int) -> Line:
    style, words = activity(snapshot, hart)
    words = _short_words(words)
    chosen = hart.index == snapshot.hart
    name = hart.name.rjust(2) if width >= 14 else hart.name
    glyph = "●" if style == "breakpoint" else hart.glyph
    head: Line = [("focus" if chosen else hart_style(hart.index), name), (style, glyph)]
    room = width - len(name) - 2
    if width < 14:
        text = "off" if style == "off" else _wait_mark(hart) if hart.wait else ""
        return [*head, (style, text[:room].ljust(room)), ("", " ")]
    place = hart.place or f"{hart.pc:08x}"
    if width < 30:
        issues = style in ("issue", "off")
        text = words if not issues or style == "off" else _short_place(place, room - 1)
        return [*head, (style if not issues else "", f" {text}"[:room].ljust(room)), ("", " ")]
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
    bar_width = max(8, width - place_width - (58 if wide else 36))
    header = "hart    " + "at".ljust(place_width) + "  ipc  " + "cycles by class".ljust(bar_width + 1)
    lines.append([("heading", header + "now")])
    for hart in snapshot.harts:
        style, words = activity(snapshot, hart)
        chosen = hart.index == snapshot.hart
        clicks[len(lines)] = f"hart {hart.index}"
        place = hart.place or f"0x{hart.pc:08x}"
        line: Line = [
            ("focus" if chosen else hart_style(hart.index), f"{hart.name:>3} "),
            (style, f"{hart.glyph} "),
            ("symbol", "  " + place[:place_width].ljust(place_width)),
            ("number", f" {hart.ipc:5.2f}  " if hart.state != "off" else "   -    "),
        ]
        line += _class_bar(hart, bar_width)
        line.append((style, f" {words}"))
        lines.append(line)
    legend: Line = [("faint", "        ")]
    for name, (letter, words) in CLASSES.items():
        legend += [(name, letter), ("faint", f" {words}   ")]
    lines += [[], legend]
    total = sum(h.ipc for h in snapshot.harts[: snapshot.cluster_harts])
    heading: Line = [("faint", f"{total:.2f} instructions/cycle together")]
    if snapshot.locking != "off":
        heading += [("warning", f"  stepping: {snapshot.locking}, the others are frozen")]
    return Drawing(lines, heading, clicks, fixed=1)


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
