"""Trace records handed to a callback while the machine runs: in pieces short enough for the ring to hold."""

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["Tracer"]

_CAPACITY = 1 << 18
# At most so many records of one kind, hart and cycle: the CSRs that one instruction changes.
_RECORDS = 8


class Tracer:
    """Runs the machine piece by piece and empties its ring in between."""

    def __init__(
        self, native: Any, deliver: Callable[[], None], kinds: Sequence[str], hart_mask: int
    ) -> None:
        self._native, self._deliver = native, deliver
        sources = native.hart_count + 1  # the DMA too
        self.piece = max(_CAPACITY // (_RECORDS * sources * max(len(kinds), 1)), 1)  # cycles
        native.trace_start(list(kinds), hart_mask, _CAPACITY)

    def run(self, limit: int | None, advance: Callable[[int, bool], list[Any]]) -> list[Any]:
        """`advance(cycles, again)` until something stops the machine or `limit` cycles have passed."""
        again = False
        while True:
            piece = self.piece if limit is None else min(self.piece, limit)
            before = self._native.cycle
            events = advance(piece, again)
            self._deliver()
            if limit is not None:
                limit -= self._native.cycle - before
            if limit == 0 or not events or any(event.reason != "cycles" for event in events):
                return events
            again = True
