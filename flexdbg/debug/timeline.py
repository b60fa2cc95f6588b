"""The recorded run of a session: trace records of any part of it, bookmarks, where we are in it."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flexdbg.errors import CommandError
from flexdbg.machine.cluster import ALL_HARTS, TraceRecord

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["TRACE_KINDS", "Timeline"]

TRACE_KINDS = (
    "retire",
    "register",
    "nn",
    "csr",
    "mlc",
    "load",
    "store",
    "dma_read",
    "dma_write",
    "denied",
    "stall",
    "clip",
    "sleep",
    "wake",
    "fetch",
    "irq_ack",
    "register_read",
    "elw",
)

_MOST_CACHED = 32

_Key = tuple[int, int, frozenset[str], int, int]


class Timeline:
    """What a session knows of its recorded run. Looking at it never moves the machine."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._cluster = session.cluster
        self._cache: OrderedDict[_Key, list[TraceRecord]] = OrderedDict()
        self.bookmarks: dict[str, int] = {}

    @property
    def bounds(self) -> tuple[int, int]:
        """First and last recorded cycle."""
        return self._cluster.history_bounds()

    def records(
        self, first: int, last: int, kinds: Iterable[str], harts: Iterable[int] | None = None
    ) -> list[TraceRecord]:
        """Trace records of the recorded cycles `first` to `last` - 1; see `Session.records`."""
        wanted = frozenset(kinds)
        mask = ALL_HARTS if harts is None else sum({1 << hart for hart in harts})
        complete = last <= self.bounds[1]
        key = (first, last, wanted, mask, self._cluster.generation)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        found = self._cluster.records(first, last, sorted(wanted), mask)
        if complete:
            self._cache[key] = found
            if len(self._cache) > _MOST_CACHED:
                self._cache.popitem(last=False)
        return found

    # Bookmarks

    def add_bookmark(self, name: str = "") -> str:
        """Name the present cycle; without a name, by the next free number."""
        if not name:
            number = 1
            while str(number) in self.bookmarks:
                number += 1
            name = str(number)
        elif not name.replace("-", "_").isidentifier():
            raise CommandError(
                f"bookmark {name!r}: a name is letters, digits, - and _, and starts with a letter"
            )
        elif name in ("start", "end"):
            raise CommandError(f"bookmark {name!r}: `goto {name}` means the {name} of the history already")
        self.bookmarks[name] = self._cluster.cycle
        return name

    def remove_bookmark(self, name: str) -> None:
        if name not in self.bookmarks:
            raise CommandError(f"No bookmark {name!r}; `info bookmarks` lists them.")
        del self.bookmarks[name]

    def cycle_of(self, text: str) -> int | None:
        """`start`, `end`, `+N`, `-N` or a bookmark as a cycle; None if it is none of these."""
        first, last = self.bounds
        word = text.strip()
        if word == "start":
            return first
        if word == "end":
            return last
        if word in self.bookmarks and not word.isdigit():
            return self.bookmarks[word]
        if word[:1] in "+-" and word[1:].strip().isdigit():
            return max(self._cluster.cycle + int(word[0] + word[1:].strip()), first)
        return None
