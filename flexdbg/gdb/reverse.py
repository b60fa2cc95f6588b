"""bs and bc: the whole cluster back by one step of a hart, or to the last hit of any breakpoint or
watchpoint."""

from flexdbg.debug.reverse import BackwardSearch, StepHistory
from flexdbg.errors import InterruptedSearchError
from flexdbg.gdb.machine import SharedMachine
from flexdbg.gdb.stops import HartStop
from flexdbg.machine.cluster import StopEvent

__all__ = ["Backward"]


class Backward:
    """One way back, searched in pieces, so that others are answered meanwhile.

    With `alone`, GDB takes one hart back past a breakpoint that it has removed, and wants to hear of nobody
    else: what other harts met on the way waits until GDB goes on.
    """

    def __init__(self, machine: SharedMachine, hart: int, *, step: bool, alone: bool) -> None:
        self._machine, self._hart = machine, hart
        self._alone = hart if alone and step else None
        self._passed: list[HartStop] = []
        if self._alone is None:
            machine.settle()
        self._target, self._reason = self._aim(step)
        self._search = BackwardSearch(machine.cluster, self._target, machine.cluster.cycle, self._judge)

    def _aim(self, step: bool) -> tuple[int, str]:
        """Where the way ends if nothing lies on it: where the hart stood one step ago, or the start of the
        recording."""
        machine, hart = self._machine, self._hart
        cluster = machine.cluster
        first, _ = cluster.history_bounds()
        if not step:
            return first, "history_start"
        count = cluster.step_count(hart) - 1
        began = machine.began_at(hart, count)
        if began is not None and began < cluster.cycle:
            return began, "step"
        steps = StepHistory(cluster, hart)
        if count < steps.origin.number:
            return first, "history_start"
        with cluster.excursion():
            return steps.behind(count).cycle, "step"

    def proceed(self, seconds: float) -> list[HartStop]:
        """Search on for about so long; the stops of the cycle in which the way ends, once it does."""
        machine = self._machine
        try:
            if not self._search.proceed(seconds):
                return []
        except InterruptedSearchError:
            return [HartStop("interrupted", self._hart, machine.cluster.cycle)]
        stops = self._search.found or [HartStop(self._reason, self._hart, self._target)]
        machine.moved()
        machine.cluster.goto_cycle(stops[0].cycle)
        stops.sort(key=lambda stop: (stop.reason != "watchpoint", stop.hart != self._hart))
        if self._passed:
            machine.keep(self._passed, back=True)
        return stops

    def _judge(self, cycle: int, events: list[StopEvent]) -> list[HartStop] | None:
        """The hits of one recorded cycle. On an excursion."""
        stops = self._machine.judge_back(cycle, events, self._alone)
        if self._alone is None:
            return stops or None
        mine = [stop for stop in stops if stop.hart == self._hart]
        if not mine and not self._passed:
            self._passed = stops
        return mine or None
