"""What happened in the last cycles, replayed from the recording when a pane asks for it."""

from collections.abc import Sequence

from flexdbg.debug.session import Session
from flexdbg.errors import InterruptedSearchError
from flexdbg.machine.cluster import TraceRecord

__all__ = ["RECENT_CYCLES", "Recent"]

# A few milliseconds of replay: enough for a screen's width of cycles and for a handful of loop iterations.
RECENT_CYCLES = 512
_KINDS = ("retire", "load", "store", "denied", "stall", "mlc", "dma_read", "dma_write")


class Recent:
    """Records of the last cycles up to now, fetched at most once for each place in time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # Causes in the order of their numbers in the records.
        self.causes = tuple(session.cluster.harts[0].ledger)

    def records(self, cycles: int = RECENT_CYCLES) -> list[TraceRecord]:
        """Records of the last `cycles` cycles, oldest first."""
        now = self._session.cluster.cycle
        return self.between(now - cycles, now)

    def between(
        self, first: int, last: int, kinds: Sequence[str] = _KINDS, harts: Sequence[int] | None = None
    ) -> list[TraceRecord]:
        """Records of the cycles first..last-1, as far as they are recorded."""
        first = max(first, self._session.timeline.bounds[0])
        if last <= first:
            return []
        try:
            return self._session.records(first, last, kinds, harts)
        except InterruptedSearchError:
            return []
