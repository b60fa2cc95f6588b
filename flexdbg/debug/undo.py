"""Undo of what destroyed something: writes to registers and memory, deleted breakpoints, restarts.

A write is taken back where it was made: if the machine has run since, it first goes back to that cycle
through the recorded run, and what followed is forgotten. A restart is undone from a snapshot of the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.errors import CommandError

if TYPE_CHECKING:
    from flexdbg.debug.breakpoints import Breakpoint
    from flexdbg.debug.session import Session

__all__ = ["UndoLog", "Undone"]

_MOST = 256
_MOST_SNAPSHOTS = 2  # each is a copy of all memories


@dataclass(frozen=True, slots=True)
class Undone:
    """What `undo` took back, and whether the machine moved for it."""

    what: str
    moved: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    what: str
    cycle: int | None  # where the machine has to stand, None anywhere
    restore: Callable[[], None]
    snapshot: int | None = None


class UndoLog:
    """The destructive acts of a session, the last one first out."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._entries: list[_Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    def register_written(self, hart: int, number: int, name: str, old: int) -> None:
        cluster = self._session.cluster
        self._add(
            _Entry(f"${name}", cluster.cycle, lambda: cluster.write_register(hart, number, old)),
        )

    def memory_written(self, address: int, old: bytes) -> None:
        cluster = self._session.cluster
        what = f"{len(old)} byte{'s' if len(old) > 1 else ''} at 0x{address:08x}"
        self._add(_Entry(what, cluster.cycle, lambda: cluster.write_memory(address, old)))

    def breakpoints_deleted(self, gone: list["Breakpoint"]) -> None:
        if not gone:
            return
        numbers = " ".join(str(b.number) for b in gone)
        table = self._session.breakpoints

        def restore() -> None:
            for one in gone:
                table.put_back(one)

        self._add(_Entry(f"deletion of breakpoint{'s' if len(gone) > 1 else ''} {numbers}", None, restore))

    def about_to_restart(self, what: str) -> None:
        """Call before the machine goes to another run of its program."""
        cluster = self._session.cluster
        if not cluster.cycle:
            return
        identifier, hart = cluster.snapshot(), self._session.hart

        def restore() -> None:
            cluster.restore(identifier)
            self._session.hart = hart

        self._add(_Entry(what, None, restore, identifier))
        kept = [entry for entry in self._entries if entry.snapshot is not None]
        for entry in kept[:-_MOST_SNAPSHOTS]:
            assert entry.snapshot is not None
            cluster.drop_snapshot(entry.snapshot)
            # What lies before it belongs to a run that is gone.
            del self._entries[: self._entries.index(entry) + 1]

    def _add(self, entry: _Entry) -> None:
        self._entries.append(entry)
        del self._entries[:-_MOST]

    def undo(self) -> Undone:
        """Take back the last act."""
        if not self._entries:
            raise CommandError("Nothing to undo: no register, memory or breakpoint was changed.")
        entry = self._entries[-1]
        cluster = self._session.cluster
        moved = entry.snapshot is not None
        if entry.cycle is not None and entry.cycle != cluster.cycle:
            self._session.goto_cycle(entry.cycle)
            moved = True
        self._entries.pop()
        entry.restore()
        return Undone(entry.what, moved)
