"""The whole run in bounded memory: ledgers at a few hundred cycles, for the timeline and the rates."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from flexdbg.machine.cluster import Cluster
from flexdbg.tui.causes import classes_of

__all__ = ["Sample", "Samples"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Totals up to one cycle: cycles by class for each hart, and multiply-accumulates of all."""

    cycle: int
    classes: tuple[tuple[int, ...], ...]
    macs: int


class Samples:
    """Samples by cycle. When there are too many, every other one goes and the distance doubles.

    The machine is deterministic, so samples stay true while the user moves back and forth; `forget_after`
    drops them when the user has changed the machine.
    """

    def __init__(self, limit: int = 1024, spacing: int = 64) -> None:
        self._limit = limit
        self._first_spacing = spacing
        self.clear()

    def clear(self) -> None:
        self.spacing = self._first_spacing
        self._cycles: list[int] = []
        self._samples: list[Sample] = []

    def __len__(self) -> int:
        return len(self._samples)

    def take(self, cluster: Cluster) -> None:
        """Sample the machine as it stands, unless there is a sample nearby."""
        cycle = cluster.cycle
        at = bisect_left(self._cycles, cycle)
        before = cycle - self._cycles[at - 1] if at else self.spacing
        after = self._cycles[at] - cycle if at < len(self._cycles) else self.spacing
        if before < self.spacing or after < self.spacing:
            return
        harts = cluster.harts
        macs = sum(hart.counters["macs"] for hart in harts)
        sample = Sample(cycle, tuple(classes_of(hart.ledger) for hart in harts), macs)
        self._cycles.insert(at, cycle)
        self._samples.insert(at, sample)
        if len(self._samples) > self._limit:
            self.spacing *= 2
            self._cycles = self._cycles[::2]
            self._samples = self._samples[::2]

    def forget_after(self, cycle: int) -> None:
        at = bisect_right(self._cycles, cycle)
        del self._cycles[at:]
        del self._samples[at:]

    def all(self) -> tuple[Sample, ...]:
        return tuple(self._samples)

    def before(self, cycle: int) -> Sample | None:
        """The last sample at or before a cycle."""
        at = bisect_right(self._cycles, cycle) - 1
        return self._samples[at] if at >= 0 else None
