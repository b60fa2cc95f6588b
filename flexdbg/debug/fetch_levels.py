"""Which level of the instruction caches a fetch is waiting for, told from the counters of both levels.

A bank of the shared cache takes one request a cycle. A hart that asks in that cycle and does not count a
congestion is the one it took, and the next hit or miss the bank counts is that hart's (docs/fetch-model.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flexdbg.machine.cluster import Cluster, TraceRecord

__all__ = ["FetchWait", "fetch_waits"]


@dataclass(frozen=True, slots=True)
class FetchWait:
    """Where one hart's fetch stands at the end of a cycle.

    `level`: "off" (caches off: straight from L2), "queued" (the shared bank takes others first, or none while
    it is invalidated), "lookup" (in the shared bank, neither hit nor miss yet), "shared" (hit there), "L2"
    (miss there), "" if not known.
    """

    line: int  # address of the line
    bank: int  # of the shared cache
    level: str
    since: int  # cycle in which it got there


def fetch_waits(cluster: "Cluster", fetches: "Mapping[int, TraceRecord]", cycle: int) -> dict[int, FetchWait]:
    """By hart: what its latest fetch, granted in or before `cycle`, waits for.

    Moves the machine, so it wants an excursion around it.
    """
    if not fetches:
        return {}
    first = min(record.cycle for record in fetches.values())
    samples = []
    for at in range(first, cycle + 2):
        cluster.goto_cycle(at)
        samples.append(cluster.icache_counters())
    return {
        hart: _wait(cluster, hart, record, samples[record.cycle - first :])
        for hart, record in fetches.items()
    }


def _wait(cluster: "Cluster", hart: int, record: "TraceRecord", samples: list[dict[str, Any]]) -> FetchWait:
    """`samples[k]` stands before the cycle k cycles after the grant."""
    config = cluster.config
    line = record.a // config.icache_line * config.icache_line
    bank = record.a // config.icache_line % config.icache_shared_banks

    def grown(level: str, index: int, name: str) -> list[bool]:
        counts = [sample[level][index][name] for sample in samples]
        return [after > before for before, after in pairwise(counts)]

    def at(level: str, after: int) -> FetchWait:
        return FetchWait(line, bank, level, record.cycle + after)

    if not samples[-1]["enabled"]:
        return at("off", 0)
    # The cycle behind the grant looks the line up in the private cache, and asks the bank if it is not there.
    missed = grown("private", hart, "misses")
    if len(missed) < 2 or not missed[1]:
        return at("", 0)
    lost = grown("private", hart, "congestion")
    took = grown("shared", bank, "transactions")
    accepted = next((k for k in range(1, len(took)) if took[k] and not lost[k]), None)
    if accepted is None:
        return at("queued", 1)
    hit, miss = grown("shared", bank, "hits"), grown("shared", bank, "misses")
    for k in range(accepted + 1, len(hit)):
        if hit[k] or miss[k]:
            return at("shared" if hit[k] else "L2", k)
    return at("lookup", accepted + 1)
