"""The whole screen from a snapshot, as a pure function: status, harts, panes, what changed, why, time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flexdbg.commands.report import event_text
from flexdbg.errors import FlexdbgError
from flexdbg.render.tables import count
from flexdbg.render.text import Line
from flexdbg.tui.layout import Layout, Placed
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.harts import activity, strip
from flexdbg.tui.panes.pane import Drawing, Pane
from flexdbg.tui.panes.registers import changes
from flexdbg.tui.scrub import scrub_bar
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import cells, fit, pad_lines, shift, wrap, wrap_line
from flexdbg.tui.themes import hart_style

__all__ = ["SMALLEST", "Region", "Screen", "View", "chrome_rows", "compose", "placed_panes"]

SMALLEST = (40, 12)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle that the mouse can hit: a pane's content, its title, the strip, the bar of time."""

    kind: str
    name: str
    x: int
    y: int
    width: int
    height: int
    action: Callable[[int, int], str | None] = lambda row, column: None  # of a click, from the upper left

    def holds(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(slots=True)
class Screen:
    lines: list[Line]
    regions: list[Region]


@dataclass(slots=True)
class View:
    """What the user has arranged; `message` is the last word of the program."""

    panes: Mapping[str, Pane]
    layout: Layout
    options: Mapping[str, PaneOptions]
    message: Line = field(default_factory=list)
    overlay: tuple[str, list[Line], int] | None = None  # title, lines, scroll


def chrome_rows(width: int, height: int, harts: int) -> tuple[int, int]:
    """(rows above the panes, rows below them)."""
    if width >= 30 * harts:
        strip_rows = 1
    elif height < 30:
        strip_rows = 1 if width // harts >= 8 else 2
    else:
        strip_rows = min(-(-30 * harts // width), 3 if height >= 40 else 2)
    return 1 + strip_rows, 4


def placed_panes(layout: Layout, width: int, height: int, harts: int) -> list[Placed]:
    """The stacks with their places on the screen; each includes its title row."""
    above, below = chrome_rows(width, height, harts)
    return [
        Placed(p.leaf, p.x, p.y + above, p.width, p.height)
        for p in layout.visible(width, height - above - below)
    ]


def compose(snapshot: Snapshot, view: View, width: int, height: int) -> Screen:
    """All rows of the screen but the command line, and the places the mouse can hit."""
    if width < SMALLEST[0] or height < SMALLEST[1]:
        words: Line = [("warning", f"too small: {width}x{height}, at least {SMALLEST[0]}x{SMALLEST[1]}")]
        return Screen(pad_lines([words], width, height), [])
    above, below = chrome_rows(width, height, len(snapshot.harts))
    body = height - above - below
    lines: list[Line] = [_status(snapshot, width)]
    lines += pad_lines(strip(snapshot, width, above - 1), width, above - 1)
    regions = [Region("strip", "harts", 0, 1, width, above - 1)]
    rows, found = _body(snapshot, view, width, height, body)
    regions += found
    if view.overlay is not None:
        # A sheet from below, no higher than it has to be: what was asked about stays in view.
        sheet = _overlay(view.overlay, width, body)
        rows = rows[: body - len(sheet)] + sheet
        regions.append(Region("sheet", "", 0, above + body - len(sheet), width, len(sheet)))
    lines += rows
    bar_line = height - 2
    lines.append(fit(_changed(snapshot), width))
    lines.append(fit(_why(snapshot, width), width))
    regions.append(Region("time", "", 0, bar_line, width, 1))
    lines.append(fit(scrub_bar(snapshot, width), width))
    lines.append(fit(view.message or _hint(width), width))
    return Screen(lines, regions)


def _status(snapshot: Snapshot, width: int) -> Line:
    left: Line = [
        ("status", f" {snapshot.program} "),
        ("status", f" {snapshot.core}  cycle {count(snapshot.cycle)} "),
    ]
    if snapshot.macs_per_cycle:
        left.append(("status", f" MAC/cycle {snapshot.macs_per_cycle:.1f} "))
    state: tuple[str, str]
    if snapshot.running:
        state = ("running", " ▶ running, Ctrl-C stops ")
    elif snapshot.exit_status is not None:
        state = ("stopped", f" ■ exited with status {snapshot.exit_status} ")
    elif snapshot.stop is None:
        state = ("stopped", " ■ at reset ")
    else:
        state = ("stopped", f" ● {stop_words(snapshot)} ")
    used = sum(cells(t) for _, t in left)
    told = f" ● {_event_words(snapshot)} "
    if state[1] == f" ● {stop_words(snapshot)} " and used + cells(told) <= width:
        state = ("stopped", told)
    room = width - used - cells(state[1])
    if room < 0:
        return fit([*left[:1], state, *left[1:]], width, "status")
    return [*left, state, ("status", " " * room)]


# Events in few words, by their kind in records.
_EVENTS = {
    "denied": "lost a bank",
    "nn": "NN register written",
    "register": "register written",
    "csr": "CSR written",
    "mlc": "walker moved",
    "clip": "saturated",
    "sleep": "fell asleep",
    "wake": "woke up",
    "dma_read": "DMA read",
    "dma_write": "DMA write",
    "charge": "stall",
}


def stop_words(snapshot: Snapshot) -> str:
    """The last stop in few words."""
    stop = snapshot.stop
    if stop is None:
        return "at reset"
    where = snapshot.hart_name(stop.hart)
    if stop.breakpoints and stop.event is None:
        kind = "watchpoint" if stop.changes else "breakpoint"
        return f"{kind} {stop.breakpoints[0]}, {where}"
    if stop.reason.value in ("cycles", "interrupted", "history_start"):
        return {"cycles": "stopped", "interrupted": "interrupted", "history_start": "first recorded cycle"}[
            stop.reason.value
        ]
    if stop.event is not None:
        return f"{_EVENTS.get(stop.event.kind, stop.event.kind)}, {where}"
    return f"{stop.reason.value}, {where}"


def _event_words(snapshot: Snapshot) -> str:
    """An event in words, with the breakpoint that wanted it."""
    stop = snapshot.stop
    if stop is None or stop.event is None:
        return stop_words(snapshot)
    number = f"event breakpoint {stop.breakpoints[0]}, " if stop.breakpoints else ""
    return f"{number}{snapshot.hart_name(stop.hart)}: {event_text(stop.event, snapshot.cluster_harts)}"


def _body(
    snapshot: Snapshot, view: View, width: int, height: int, body: int
) -> tuple[list[Line], list[Region]]:
    above, _ = chrome_rows(width, height, len(snapshot.harts))
    placed = placed_panes(view.layout, width, height, len(snapshot.harts))
    # Rows are put together from pieces that lie beside each other.
    pieces: list[list[tuple[Placed, Line]]] = [[] for _ in range(body)]
    regions = []
    for place in placed:
        pane = view.panes[place.leaf.active]
        options = view.options[pane.name]
        rows = max(place.height - 1, 0)
        part = snapshot.parts.get(pane.name)
        if isinstance(part, FlexdbgError):
            drawing = Drawing([[("error", piece)] for piece in wrap(str(part), place.width)])
        else:
            drawing = pane.draw(snapshot, part, place.width, rows, options)
        content, first = _window(drawing, pane, options, place.width, rows)
        title, found = _title(view, place, pane, drawing)
        regions += found
        top = place.y - above
        pieces[top].append((place, title))
        for index, content_line in enumerate(content):
            pieces[top + 1 + index].append((place, content_line))
        action = _clicks(drawing, first, options.shift)
        regions.append(Region("pane", pane.name, place.x, place.y + 1, place.width, rows, action))
    lines = []
    for parts in pieces:
        line: Line = []
        at = 0
        for place, piece in sorted(parts, key=lambda item: item[0].x):
            if place.x > at:
                line.append(("frame", "│" * (place.x - at)))
            line += piece
            at = place.x + place.width
        if at < width:
            line.append(("", " " * (width - at)))
        lines.append(line)
    return lines, regions


def _clicks(drawing: Drawing, first: int, shifted: int) -> Callable[[int, int], str | None]:
    """(row, column) of a pane's content to the action of a click there."""

    def action(row: int, column: int) -> str | None:
        line = row if row < drawing.fixed else row + first
        found = drawing.at(line, column + shifted) if drawing.at is not None else None
        return found or drawing.clicks.get(line)

    return action


def _window(
    drawing: Drawing, pane: Pane, options: PaneOptions, width: int, rows: int
) -> tuple[list[Line], int]:
    """The rows that are shown, and how many lines are scrolled away."""
    head, rest = drawing.lines[: drawing.fixed], drawing.lines[drawing.fixed :]
    room = max(rows - len(head), 0)
    most = max(len(rest) - room, 0)
    if pane.follows_end:
        first = max(most - options.scroll, 0)
        options.scroll = min(options.scroll, most)
    else:
        options.scroll = first = min(options.scroll, most)
        if drawing.cursor is not None and not options.scroll:
            line = drawing.cursor - drawing.fixed
            if line >= room:
                first = min(line - room + 2, most)
    shown = [shift(line, options.shift) for line in rest[first : first + room]]
    return pad_lines([*head, *shown], width, rows), first


def _title(view: View, place: Placed, pane: Pane, drawing: Drawing) -> tuple[Line, list[Region]]:
    """The title row with the panes behind this one, by title or by key, and where the mouse finds them."""
    focused = view.layout.focus == pane.name
    line: Line = [
        ("frame", "─"),
        ("focus" if focused else "title", f" {pane.key} {pane.title} "),
        ("", " "),
        *drawing.heading,
        ("", " "),
    ]
    regions = [Region("title", pane.name, place.x, place.y, place.width, 1)]
    if view.layout.zoomed:
        tabs: list[tuple[Line, str]] = [([("warning", " zoomed, z returns ")], "")]
    else:
        # The keys of the panes behind stay, whatever the heading has to say.
        keys = sum(len(view.panes[name].key) + 1 for name in place.leaf.panes)
        room = max(place.width - keys, place.width // 2)
        line = fit(line, room) if sum(cells(t) for _, t in line) > room else line
        tabs = _tabs(view, place, pane, place.width - sum(cells(t) for _, t in line))
    size = sum(cells(t) for words, _ in tabs for _, t in words)
    rest = place.width - sum(cells(t) for _, t in line) - size
    if rest < 0:
        return fit(line, place.width), regions
    line.append(("frame", "─" * rest))
    x = place.x + place.width - size
    for words, name in tabs:
        line += words
        width = sum(cells(t) for _, t in words)
        if name:
            regions.append(Region("title", name, x, place.y, width, 1))
        x += width
    return line, regions


def _tabs(view: View, place: Placed, pane: Pane, room: int) -> list[tuple[Line, str]]:
    others = [view.panes[name] for name in place.leaf.panes if name != pane.name]
    if sum(len(p.key) + len(p.title) + 3 for p in others) <= room:
        return [([("key", f" {p.key}"), ("tab", f" {p.title} ")], p.name) for p in others]
    if sum(len(p.key) + 1 for p in others) < room:
        return [([("tab", " ")], ""), *(([("key", f"{p.key} ")], p.name) for p in others)]
    return []


def _changed(snapshot: Snapshot) -> Line:
    """What the last move changed."""
    if snapshot.running:
        return [("faint", " changed  "), ("faint", "running")]
    found = changes(snapshot)
    line: Line = [("heading", " changed ")]
    before = snapshot.before
    if before is None or before.hart != snapshot.hart:
        return [*line, ("faint", " nothing yet: step with s, cycle with y, continue with c")]
    if not found:
        return [*line, ("faint", f" no register of hart {snapshot.selected.name}")]
    for name, old, new in found[:6]:
        line += [
            ("register", f" {name} "),
            ("changed", f"{new:08x}"),
            ("faint", f" was {old:08x} "),
        ]
    if len(found) > 6:
        line.append(("faint", f" and {len(found) - 6} more"))
    return line


_ADDRESSES = re.compile(r" \(for [^)]*\)|, for 0x[^,;]*")


def _why(snapshot: Snapshot, width: int) -> Line:
    """What the selected hart did in the last cycle, or why it did nothing."""
    hart = snapshot.selected
    line: Line = [
        ("heading", " why     "),
        (hart_style(hart.index), f" {snapshot.hart_name(hart.index)} "),
    ]
    stop = snapshot.stop
    if stop is not None and stop.message and not snapshot.running and stop.cycle == snapshot.cycle:
        return [*line, ("error", stop.message)]
    style, words, _ = activity(snapshot, hart)
    if snapshot.why and not snapshot.running:
        words = snapshot.why[hart.index].text.replace("`", "")
        if len(words) > width - 20:
            words = _ADDRESSES.sub("", words)  # who matters more than what for
        lost = [w for w in snapshot.why if w.cause == "bank_conflict" and w.hart != hart.index]
        more = ", ".join(f"{w.hart} (bank {w.bank} ← {w.harts[0] if w.harts else 'dma'})" for w in lost)
        tail: Line = [("faint", f"   also lost a bank: {more}")] if lost else []
        return [*line, ("" if style == "issue" else style, words), *tail]
    return [*line, (style, words)]


_HINTS = (
    (("s", "line"), ("i", "instruction"), ("y", "cycle"), ("c", "continue"), ("SHIFT", "back")),
    ((":", "command"), ("?", "keys")),
    (("[ ]", "hart"), ("Tab 1-9", "pane"), ("z", "zoom")),
    (("w", "why"), ("e", "explain"), ("t", "breakpoint"), ("K", "bookmark"), ("T", "theme"), ("q", "quit")),
)


def _hint(width: int) -> Line:
    """The keys that matter most, as many as fit."""
    line: Line = []
    used = 1
    for group in _HINTS:
        for key, words in group:
            size = len(key) + len(words) + 3
            if used + size > width:
                return line
            line += [("key", f" {key}"), ("faint", f" {words} ")]
            used += size
    return line


def _overlay(overlay: tuple[str, list[Line], int], width: int, height: int) -> list[Line]:
    title, unwrapped, scroll = overlay
    lines = [piece for line in unwrapped for piece in wrap_line(line, width)]
    height = min(height, len(lines) + 2)
    most = max(len(lines) - (height - 2), 0)
    scroll = min(scroll, most)
    more = f"  lines {scroll + 1} to {min(scroll + height - 2, len(lines))} of {len(lines)}" if most else ""
    head: Line = [("frame", "─"), ("focus", f" {title} "), ("faint", f"{more}  Esc closes ")]
    room = width - sum(cells(t) for _, t in head)
    head.append(("frame", "─" * max(room, 0)))
    return pad_lines([head, [], *lines[scroll : scroll + height - 2]], width, height)
