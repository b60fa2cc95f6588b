"""Stops as sentences, in gdb's words where gdb has words for them."""

from flexdbg.debug.stops import Reason, Stop
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = ["hart_name", "stop_lines"]


def hart_name(hart: int, harts: int) -> str:
    """`hart 3`, or `fc` for the fabric controller, which comes behind the cluster's harts."""
    return "fc" if hart >= harts else f"hart {hart}"


def stop_lines(stop: Stop, harts: int, kinds: dict[int, str], texts: dict[int, str]) -> list[Line]:
    """What happened, without the place; `kinds` and `texts` describe the breakpoints by number."""
    name = hart_name(stop.hart, harts)
    thread = f"Thread {stop.hart + 1} ({name})"
    lines: list[Line] = []
    if stop.reason is Reason.BREAKPOINT:
        number = stop.breakpoints[0]
        what = "Temporary breakpoint" if stop.temporary else "Breakpoint"
        lines.append([("breakpoint", f"{thread} hit {what} {number}")])
    elif stop.reason is Reason.WATCHPOINT:
        lines += _watchpoint(stop, thread, kinds, texts)
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


def _watchpoint(stop: Stop, thread: str, kinds: dict[int, str], texts: dict[int, str]) -> list[Line]:
    lines: list[Line] = []
    for change in stop.changes:
        kind = {"rwatch": "read watchpoint", "awatch": "access (read/write) watchpoint"}.get(
            kinds.get(change.number, ""), "watchpoint"
        )
        text = texts.get(change.number, "")
        lines.append([("breakpoint", f"{thread} hit {kind} {change.number}: {text}")])
        lines.append([])
        if change.access == "write":
            lines.append([("", "Old value = "), ("number", _signed(change.old, change.size))])
            lines.append([("", "New value = "), ("changed", _signed(change.new, change.size))])
        else:
            lines.append([("", "Value = "), ("number", _signed(change.new, change.size))])
    return lines


def _signed(value: int, size: int) -> str:
    bits = 8 * size
    number = value & ((1 << bits) - 1)
    if bits and number >> (bits - 1):
        number -= 1 << bits
    return f"{number} (0x{value & ((1 << bits) - 1):x})"


def _status(code: int) -> str:
    return str(code if code < 1 << 30 else f"-{(1 << 31) - code}")
