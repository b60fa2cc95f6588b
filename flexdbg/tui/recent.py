"""What happened in the last cycles, replayed from the recording when a pane asks for it."""

from collections.abc import Sequence
from typing import Any

from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError

__all__ = ["RECENT_CYCLES", "Recent", "Record"]

Record = tuple[Any, ...]  # (cycle, hart, kind, pc, a, b, size): docs/architecture.md lists the kinds

RECENT_CYCLES = 2048
_KINDS = ("retire", "register", "load", "store", "denied", "stall")


class Recent:
    """Records of the last cycles up to now, fetched at most once for each place in time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._key: tuple[int, int] | None = None
        self._records: list[Record] = []

    def forget(self) -> None:
        self._key = None

    def records(self, cycles: int = RECENT_CYCLES) -> list[Record]:
        """Records of the last `cycles` cycles, oldest first; nothing where the recording does not reach."""
        cluster = self._session.cluster
        now = cluster.cycle
        first = max(cluster.history_bounds()[0], now - cycles)
        key = (now, first)
        if self._key != key:
            self._records = self.between(first, now)
            self._key = key
        return self._records

    def between(self, first: int, last: int, kinds: Sequence[str] = _KINDS) -> list[Record]:
        """Records of the cycles first..last-1."""
        if last <= first:
            return []
        replay = getattr(self._session, "records", None)
        if replay is None:
            return []
        try:
            return list(replay(first, last, kinds))
        except FlexdbgError:
            return []
