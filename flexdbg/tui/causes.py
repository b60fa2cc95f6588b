"""Causes of the stall ledger in five classes, with the letter and words that stand for them."""

from collections.abc import Mapping

__all__ = ["CLASSES", "CLASS_OF", "SHORT", "classes_of"]

# class -> (letter, words); the class is also the style.
CLASSES: dict[str, tuple[str, str]] = {
    "issue": ("█", "issuing"),
    "depend": ("d", "waiting for a result"),
    "memory": ("m", "waiting for memory"),
    "fetch": ("f", "waiting for instructions"),
    "sync": ("z", "asleep"),
    "off": ("·", "off"),
}

CLASS_OF = {
    "issue": "issue",
    "load_use": "depend",
    "macload_hazard": "depend",
    "jump_register": "depend",
    "multi_cycle": "depend",
    "csr_flush": "fetch",
    "branch": "fetch",
    "jump": "fetch",
    "fetch": "fetch",
    "icache": "fetch",
    "trap": "fetch",
    "bank_conflict": "memory",
    "l2": "memory",
    "peripheral": "memory",
    "misaligned": "memory",
    "slow_data": "memory",
    "dma": "memory",
    "elw": "sync",
    "barrier": "sync",
    "event": "sync",
    "mutex": "sync",
    "dispatch": "sync",
    "wfi": "sync",
    "stopped": "off",
}

# Names for narrow margins.
SHORT = {
    "load_use": "ld-use",
    "macload_hazard": "nn-rf",
    "jump_register": "jr",
    "multi_cycle": "multi",
    "csr_flush": "csr",
    "branch": "branch",
    "jump": "jump",
    "fetch": "fetch",
    "icache": "icache",
    "trap": "trap",
    "bank_conflict": "bank",
    "l2": "l2",
    "peripheral": "periph",
    "misaligned": "split",
    "slow_data": "data",
    "dma": "dma",
    "elw": "elw",
    "barrier": "barrier",
    "event": "event",
    "mutex": "mutex",
    "dispatch": "disp",
    "wfi": "wfi",
    "stopped": "stopped",
}


def classes_of(ledger: Mapping[str, int]) -> tuple[int, ...]:
    """Cycles of a ledger by class, in the order of CLASSES."""
    totals = dict.fromkeys(CLASSES, 0)
    for cause, cycles in ledger.items():
        totals[CLASS_OF.get(cause, "memory")] += cycles
    return tuple(totals.values())
