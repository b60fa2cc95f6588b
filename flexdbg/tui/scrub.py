"""The bar of time: the recorded run on one line, the present on it, bookmarks, and what is still to come."""

from flexdbg.render.tables import count
from flexdbg.render.text import Line
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import runs

__all__ = ["cycle_at", "scrub_bar"]

_MARGIN = 2


def _labels(snapshot: Snapshot) -> tuple[str, str]:
    return f" {count(snapshot.first)} ", f" {count(snapshot.last)} "


def scrub_bar(snapshot: Snapshot, width: int) -> Line:
    """`0 ━━━━━━●──'a──── 61,234`: filled up to now."""
    left, right = _labels(snapshot)
    size = width - len(left) - len(right) - _MARGIN
    if size < 8:
        return [("faint", f"cycle {count(snapshot.cycle)}")]
    span = max(snapshot.last - snapshot.first, 1)

    def column(cycle: int) -> int:
        return min(max((cycle - snapshot.first) * (size - 1) // span, 0), size - 1)

    now = column(snapshot.cycle)
    cells = ["━" if i < now else "─" for i in range(size)]
    styles = ["bar" if i < now else "frame" for i in range(size)]
    for name, cycle in snapshot.bookmarks.items():
        if snapshot.first <= cycle <= snapshot.last:
            cells[column(cycle)] = name[:1]
            styles[column(cycle)] = "warning"
    cells[now] = "●"
    styles[now] = "changed"
    return [("faint", left), ("frame", "▕"), *runs(styles, cells), ("frame", "▏"), ("faint", right)]


def cycle_at(snapshot: Snapshot, width: int, x: int) -> int:
    """The cycle under a column of the bar."""
    left, right = _labels(snapshot)
    size = width - len(left) - len(right) - _MARGIN
    position = min(max(x - len(left) - 1, 0), max(size - 1, 1))
    span = snapshot.last - snapshot.first
    return snapshot.first + span * position // max(size - 1, 1)
