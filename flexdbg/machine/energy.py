"""Energy estimate of a run, from counted activity.

Coefficients fit the six Flex-V points of the paper's Table III within 0.4 % (250 MHz, typical corner); for
other code expect 25 %. L2, FC and I/O energy are not included. 10.1109/ISVLSI59464.2023.10238679.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["ASLEEP", "Energy", "estimate"]

# Picojoules at 250 MHz.
LEAKAGE_PER_CYCLE = 2.84
UNCORE_PER_CYCLE = 6.0
# 1.9 in the fit without other instructions; 1.8 as they are charged here.
HART_ISSUING = 1.8
HART_STALLED = 1.2
TCDM_ACCESS = 6.0
DOT_PRODUCT = 2.6
OTHER_INSTRUCTION = 1.5
ICACHE_REFILL = 20.0
DMA_PER_BYTE = 1.5

# Causes of the ledger during which a hart's clock is off.
ASLEEP = ("barrier", "event", "mutex", "dispatch", "wfi", "stopped")

_REFERENCE_MHZ = 250.0


@dataclass(frozen=True, slots=True)
class Energy:
    """Microjoules by consumer."""

    leakage: float
    uncore: float
    harts: float
    tcdm: float
    arithmetic: float
    icache: float
    dma: float

    @property
    def total(self) -> float:
        return self.leakage + self.uncore + self.harts + self.tcdm + self.arithmetic + self.icache + self.dma

    def picojoule_per(self, operations: int) -> float | None:
        return self.total * 1e6 / operations if operations else None


def estimate(
    cycles: int,
    harts: Iterable[tuple[Mapping[str, int], Mapping[str, int]]],
    *,
    asleep: Iterable[str],
    refills: int = 0,
    dma_bytes: int = 0,
    clock_mhz: float = _REFERENCE_MHZ,
) -> Energy:
    """Estimate from cycles and each hart's (counters, ledger); `asleep` names the causes without clock."""
    sleeping = frozenset(asleep)
    issuing = stalled = accesses = dots = others = 0
    for counters, ledger in harts:
        instructions = counters.get("instructions", 0)
        active = sum(count for cause, count in ledger.items() if cause not in sleeping)
        hart_dots = counters.get("dotps", 0)
        issuing += instructions
        stalled += max(active - instructions, 0)
        accesses += counters.get("tcdm_accesses", 0)
        dots += hart_dots
        memory = counters.get("loads", 0) + counters.get("stores", 0)
        others += max(instructions - hart_dots - memory, 0)
    picojoule = 1e-6
    return Energy(
        # Leakage is power, so a slower clock makes each cycle leak longer.
        leakage=LEAKAGE_PER_CYCLE * (_REFERENCE_MHZ / clock_mhz) * cycles * picojoule,
        uncore=UNCORE_PER_CYCLE * cycles * picojoule,
        harts=(HART_ISSUING * issuing + HART_STALLED * stalled) * picojoule,
        tcdm=TCDM_ACCESS * accesses * picojoule,
        arithmetic=(DOT_PRODUCT * dots + OTHER_INSTRUCTION * others) * picojoule,
        icache=ICACHE_REFILL * refills * picojoule,
        dma=DMA_PER_BYTE * dma_bytes * picojoule,
    )
