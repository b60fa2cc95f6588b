"""Which hart a client has selected. `bs` and `bc` name none, unless the scheduler is locked.

What can be seen: a stop selects its hart. `thread N` asks whether thread N is alive (T), and so does `thread
apply N`, which then goes back to where it was without a word. Hg comes when registers or memory of a hart are
read for the first time since the stop, also for `info threads`, which looks at all of them.
flexdbg-gdb.py sends T before each command that goes back, which leaves nothing to guess.
"""

__all__ = ["Focus"]


class Focus:
    """What one client said about harts since the last stop that it was told."""

    def __init__(self, harts: int) -> None:
        self._harts = harts
        self.stopped(0)

    def stopped(self, hart: int) -> None:
        """A stop was told: GDB selects its hart."""
        self._stopped_at = hart
        self._picked: list[int] = []  # T
        self._asked: list[int] = []  # Hg since then

    def picked(self, hart: int) -> None:
        """T: `thread N`, or one of a `thread apply`."""
        self._picked.append(hart)
        self._asked.clear()

    def asked(self, hart: int) -> None:
        """Hg; the one that goes with a T says nothing more."""
        if self._asked or not self._picked or self._picked[-1] != hart:
            self._asked.append(hart)

    @property
    def hart(self) -> int:
        picked = self._single_picks()
        chosen = picked[-1] if picked else self._stopped_at
        if self._swept():
            return chosen
        if not picked:
            return self._asked[-1] if self._asked else chosen
        # Back from a `thread apply`, GDB has looked at the one that had been selected before.
        others = set(self._asked) - {chosen}
        if len(others) == 1 and others <= {self._stopped_at, *picked}:
            return others.pop()
        return chosen

    def _single_picks(self) -> list[int]:
        """What was picked, without every `thread apply all`."""
        picked = self._picked
        while len(picked) >= self._harts > 1 and len(set(picked[-self._harts :])) == self._harts:
            picked = picked[: -self._harts]
        return picked

    def _swept(self) -> bool:
        """Whether all harts were asked about and none twice: `info threads`, with no look at one after it."""
        known = {self._stopped_at, *self._asked}
        return len(known) == self._harts and len(set(self._asked)) == len(self._asked)
