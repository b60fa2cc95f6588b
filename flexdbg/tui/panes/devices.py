"""The DMA, and the event unit with its barriers."""

from dataclasses import dataclass
from typing import Any

from flexdbg.render.tables import bar, count
from flexdbg.render.text import Line
from flexdbg.tui.causes import CLASSES
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.themes import hart_style

__all__ = ["DMA", "EVENTS"]


def _answer(gathering: Gathering, command: str) -> list[Line]:
    """What a command says, without putting it on the console."""
    lines: list[Line] = []
    context = gathering.context
    emit, context.emit = context.emit, lines.extend
    try:
        context.execute(command)
    finally:
        context.emit = emit
    return lines


@dataclass(frozen=True, slots=True)
class DmaPart:
    state: dict[str, Any]
    answer: tuple[Line, ...]


def gather_dma(gathering: Gathering, options: PaneOptions, width: int, height: int) -> DmaPart:
    return DmaPart(gathering.session.cluster.dma(), tuple(_answer(gathering, "info dma")))


def draw_dma(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Transfers with how far they are, then what waits."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    lines: list[Line] = []
    for transfer in part.state["ids"]:
        done, total = transfer["bytes_done"], transfer["bytes_total"]
        share = done / total if total else 1.0
        who = snapshot.hart_name(transfer["port"]) if transfer["port"] < snapshot.cluster_harts else "others"
        lines.append(
            [
                ("", f"id {transfer['id']:<2} "),
                (hart_style(transfer["port"]), f"{who:<7} "),
                ("bar", bar(share, 20)),
                ("number", f" {count(done)} of {count(total)} bytes"),
                ("faint", "" if transfer["busy"] else "  done, id not freed"),
            ]
        )
    if lines:
        lines.append([])
    return Drawing([*lines, *part.answer], [("faint", f"{count(part.state['bytes_moved'])} bytes moved")])


DMA = Pane("dma", "DMA", "`", "Transfers under way with their progress, and the queue.", draw_dma, gather_dma)


@dataclass(frozen=True, slots=True)
class EventPart:
    barriers: tuple[dict[str, Any], ...]
    asleep_since: tuple[int | None, ...]  # by hart
    answer: tuple[Line, ...]


def gather_events(gathering: Gathering, options: PaneOptions, width: int, height: int) -> EventPart:
    unit = gathering.session.cluster.event_unit()
    since = tuple(hart["wait_since"] if hart["wait"] else None for hart in unit["harts"])
    return EventPart(tuple(unit["barriers"]), since, tuple(_answer(gathering, "info eu")))


def draw_events(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Barriers with who has come; how long everybody waits; then the event unit in words."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    lines: list[Line] = [[("heading", "barrier  arrived (. missing)")]]
    for number, barrier in enumerate(part.barriers):
        needed, arrived = barrier["trigger_mask"], barrier["status"]
        if not needed and not arrived:
            continue
        line: Line = [("", f"{number:>4}     ")]
        for hart in range(snapshot.cluster_harts):
            if needed >> hart & 1:
                there = arrived >> hart & 1
                line.append((hart_style(hart) if there else "faint", f"{hart:x} " if there else ". "))
        missing = [str(h) for h in range(snapshot.cluster_harts) if (needed & ~arrived) >> h & 1]
        if arrived and missing:
            line.append(("warning", f" waits for {', '.join(missing)}"))
        lines.append(line)
    if len(lines) == 1:
        lines.append([("faint", "   none is set up")])
    waiting = [(h, s) for h, s in enumerate(part.asleep_since) if s is not None]
    if waiting:
        lines += [[], [("heading", "asleep, in the order of falling asleep")]]
        longest = max(snapshot.cycle - since for _, since in waiting) or 1
        for hart, since in sorted(waiting, key=lambda item: item[1]):
            span = max(snapshot.cycle - since, 0)
            letter = CLASSES["sync"][0]
            lines.append(
                [
                    (hart_style(hart), f" hart {hart:<2} "),
                    ("number", f"{count(span):>9} cycles "),
                    ("sync", letter * max(1, round(20 * span / longest))),
                ]
            )
    return Drawing([*lines, [], *part.answer])


EVENTS = Pane(
    "events",
    "Events",
    "8",
    "Barriers with the harts that have come and those missing, who sleeps since when, and the event unit.",
    draw_events,
    gather_events,
)
