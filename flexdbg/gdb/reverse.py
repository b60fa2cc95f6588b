"""bs and bc: the whole cluster back by one step of a hart, or to the last hit of any breakpoint or
watchpoint."""

from flexdbg.debug.reverse import StepHistory, search_back
from flexdbg.errors import InterruptedSearchError
from flexdbg.gdb.machine import SharedMachine
from flexdbg.gdb.stops import HartStop

__all__ = ["run_back", "step_back"]


def run_back(machine: SharedMachine, hart: int) -> list[HartStop]:
    """To the last cycle in which something would have stopped the machine, or to the start of the
    recording."""
    machine.settle()
    first, _ = machine.cluster.history_bounds()
    return _travel(machine, hart, first, "history_start")


def step_back(machine: SharedMachine, hart: int) -> list[HartStop]:
    """To where a hart stood one step ago, unless a breakpoint or watchpoint lies on the way."""
    cluster = machine.cluster
    count = cluster.step_count(hart) - 1
    began = machine.began_at(hart, count)
    if began is not None and began < cluster.cycle:
        return _travel(machine, hart, began, "step")
    steps = StepHistory(cluster, hart)
    if count < steps.origin.number:
        return run_back(machine, hart)
    try:
        with cluster.excursion():
            target = steps.behind(count).cycle
    except InterruptedSearchError:
        return [HartStop("interrupted", hart, cluster.cycle)]
    return _travel(machine, hart, target, "step")


def _travel(machine: SharedMachine, hart: int, target: int, reason: str) -> list[HartStop]:
    cluster = machine.cluster
    try:
        stops = search_back(cluster, target, cluster.cycle, machine.judge_back)
    except InterruptedSearchError:
        return [HartStop("interrupted", hart, cluster.cycle)]
    machine.moved()
    if stops is not None:
        cluster.goto_cycle(stops[0].cycle)
        stops.sort(key=lambda stop: (stop.reason != "watchpoint", stop.hart != hart))
        return stops
    cluster.goto_cycle(target)
    return [HartStop(reason, hart, cluster.cycle)]
