"""Stops as sentences, in gdb's words where gdb has words for them."""

from collections.abc import Callable

from flexdbg.debug.stops import Change, Event, Reason, Stop
from flexdbg.machine.cluster import CAUSES
from flexdbg.machine.registers import name_of as register_name
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = ["change_text", "hart_name", "stop_lines"]


def hart_name(hart: int, harts: int) -> str:
    """`hart 3`, or `fc` for the fabric controller, which comes behind the cluster's harts."""
    return "fc" if hart >= harts else f"hart {hart}"


def stop_lines(
    stop: Stop,
    harts: int,
    kinds: dict[int, str],
    texts: dict[int, str],
    show: Callable[[int, Change], str] | None = None,
) -> list[Line]:
    """What happened, without the place; `kinds` and `texts` describe the breakpoints by number.

    `show` gives the text of a watched value.
    """
    name = hart_name(stop.hart, harts)
    thread = f"Thread {stop.hart + 1} ({name})"
    lines: list[Line] = []
    if stop.reason is Reason.BREAKPOINT:
        number = stop.breakpoints[0]
        what = "Temporary breakpoint" if stop.temporary else "Breakpoint"
        lines.append([("breakpoint", f"{thread} hit {what} {number}")])
    elif stop.reason is Reason.EVENT:
        lines += _event(stop, thread, harts, texts)
    elif stop.reason is Reason.WATCHPOINT:
        lines += _watchpoint(stop, thread, kinds, texts, show or change_text)
        for number in stop.left:
            lines += [[], [("", f"Watchpoint {number} deleted because the program has left the block in")]]
            lines.append([("", "which its expression is valid.")])
    elif stop.reason is Reason.EXIT:
        lines.append(
            [("heading", f"[program exited with status {_status(stop.code)} at cycle {count(stop.cycle)}]")]
        )
    elif stop.reason is Reason.INTERRUPTED:
        lines.append([("warning", f"{thread} interrupted.")])
    elif stop.reason is Reason.EBREAK:
        lines.append([("warning", f"{thread} stopped at ebreak.")])
    elif stop.reason in (Reason.ERROR, Reason.DEADLOCK, Reason.TRAP):
        title = {"error": "Error", "deadlock": "Deadlock", "trap": "Trap"}[stop.reason.value]
        lines.append([("error", f"{title}: {stop.message or f'{thread} stopped, code {stop.code}'}")])
    elif stop.reason is Reason.HALTED:
        lines.append([("heading", "[every hart has halted]")])
    elif stop.reason is Reason.HISTORY_START:
        lines.append([("warning", "No more history: this is the first recorded cycle.")])
    if stop.others:
        also = ", ".join(f"{hart_name(hart, harts)} ({reason})" for hart, reason in stop.others)
        lines.append([("faint", f"in the same cycle: {also}")])
    return lines


def _event(stop: Stop, thread: str, harts: int, texts: dict[int, str]) -> list[Line]:
    assert stop.event is not None
    who = thread if stop.event.hart is not None else "The DMA"
    if stop.breakpoints:
        number = stop.breakpoints[0]
        who += f" hit event breakpoint {number}: {texts.get(number, '')}"
    text = event_text(stop.event, harts)
    return [[("breakpoint", who), ("", f": {text}" if text else "")]]


def event_text(event: Event, harts: int) -> str:
    """What happened, in a few words."""
    place = f"0x{event.address:08x}"
    if event.kind == "denied":
        return f"refused at {place}, taken by {port_name(event.new, harts)}"
    if event.kind in ("dma_read", "dma_write"):
        return f"{'read' if event.kind == 'dma_read' else 'wrote'} 0x{event.new:x} at {place}"
    if event.kind == "charge":
        return f"stalls: {CAUSES[event.address]}"
    if event.kind == "sleep":
        return f"goes to sleep: {CAUSES[event.address]}"
    if event.kind == "wake":
        return f"wakes after {event.new} cycles: {CAUSES[event.address]}"
    if event.kind == "mlc":
        walker = "weights" if event.size & 1 else "activations"
        return f"address walker of {walker} rolls back from {place} to 0x{event.new:08x}"
    if event.kind == "clip":
        return f"0x{event.address:x} clipped to 0x{event.new:x}"
    if event.kind in ("nn", "csr", "register"):
        return f"{register_name(event.address)}: 0x{event.old:x} to 0x{event.new:x}"
    return ""


def port_name(port: int, harts: int) -> str:
    """Who won a bank, by the number that conflict records give."""
    if port == 255:
        return "a test-and-set"
    return hart_name(port, harts) if port <= harts else "the DMA"


def _watchpoint(
    stop: Stop,
    thread: str,
    kinds: dict[int, str],
    texts: dict[int, str],
    show: Callable[[int, Change], str],
) -> list[Line]:
    lines: list[Line] = []
    for change in stop.changes:
        kind = {"rwatch": "read watchpoint", "awatch": "access (read/write) watchpoint"}.get(
            kinds.get(change.number, ""), "watchpoint"
        )
        text = texts.get(change.number, "")
        who = thread if change.hart is not None else "The DMA"
        note = " (the host, on a semihosting call)" if change.hart is not None and change.note else ""
        lines.append([("breakpoint", f"{who} hit {kind} {change.number}: {text}{note}")])
        lines.append([])
        if change.access == "write":
            lines.append([("", "Old value = "), ("number", show(change.old, change))])
            lines.append([("", "New value = "), ("changed", show(change.new, change))])
        else:
            lines.append([("", "Value = "), ("number", show(change.new, change))])
    return lines


def change_text(value: int, change: Change) -> str:
    """Signed, as gdb shows an int, and in hexadecimal."""
    bits = change.width
    word = value & ((1 << bits) - 1)
    number = value if change.bits else word
    if not change.bits and bits and word >> (bits - 1):
        number -= 1 << bits
    return f"{number} (0x{word:x})"


def _status(code: int) -> str:
    return str(code if code < 1 << 30 else f"-{(1 << 31) - code}")
