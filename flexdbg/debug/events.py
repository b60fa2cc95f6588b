"""Events that a breakpoint may stand for: lost banks, stalls, writes to registers, saturation, barriers.

conflict [bank==N]                 a hart loses the arbitration of a TCDM bank
stall [CAUSE]                      the first of several cycles that a hart is charged to a cause
nn-write [REGISTER]                an NN register is written
csr NAME [change]                  a CSR is written, or its value changes
mlc-wrap [a|w]                     an address walker rolls back
clip                               p.clip, p.clipu, p.clipr or p.clipur saturates
barrier, sleep, wake               a hart wakes at a barrier; goes to sleep; wakes
dma [read|write]                   the DMA reads or writes a word
if EXPRESSION                      before an instruction is left behind, the expression holds
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flexdbg.debug.kinds import Kind, fit
from flexdbg.errors import CommandError, did_you_mean
from flexdbg.machine import registers
from flexdbg.machine.cluster import CAUSES, Cluster, StopEvent

__all__ = ["ALL_BITS", "EVENT_NAMES", "EVENT_VARIABLES", "EventFilter", "Lane", "event_filter", "event_value"]

ALL_BITS = (1 << 32) - 1
Trigger = tuple[str, dict[str, Any]]  # trace kind, limits of Cluster.add_event


@dataclass(frozen=True, slots=True)
class Lane:
    """Part of a register: its lowest bit, and the type of what is there."""

    shift: int
    kind: Kind

    @property
    def mask(self) -> int:
        return (1 << self.kind.bits) - 1 << self.shift

    def of(self, word: int) -> int:
        return fit(word >> self.shift, self.kind)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which trace records stop the machine, as triggers of the core."""

    text: str
    triggers: tuple[Trigger, ...] = field(default=())
    lane: "Lane | None" = None  # of the register that a watchpoint watches


def _is(number: int) -> tuple[int, int]:
    return (number, number)


def _conflict(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    if not words:
        return [("denied", {})]
    text = "".join(words).replace("==", "").removeprefix("bank")
    banks = cluster.config.tcdm_banks
    if not text.isdigit() or int(text) >= banks:
        raise CommandError(f"conflict {' '.join(words)}: expected bank==N with N from 0 to {banks - 1}")
    return [("denied", {"bank": int(text)})]


def _stall(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    if not words:
        return [("charge", {"a": _is(number)}) for number in range(1, len(CAUSES))]
    name = "_".join(words).replace("-", "_")
    if name not in CAUSES[1:]:
        raise CommandError(f"no stall cause {name!r}{did_you_mean(name, CAUSES[1:])}")
    return [("charge", {"a": _is(CAUSES.index(name))})]


def _nn_write(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    if not words:
        return [("nn", {})]
    name = words[0].removeprefix("$")
    if name not in registers.GROUPS["nn"]:
        raise CommandError(f"no NN register {name!r}: they are {', '.join(registers.GROUPS['nn'])}")
    return [("nn", {"a": _is(registers.number_of(name))})]


def _csr(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    if not words or len(words) > 2 or words[1:] not in ([], ["change"], ["write"]):
        raise CommandError("csr: expected the name of a CSR, then perhaps `change`, as in `csr simd_fmt`")
    name = words[0].removeprefix("$").lower()
    number = registers.find(name)
    if number is None or number < registers.CSR_BASE:
        raise CommandError(f"no CSR {name!r}{did_you_mean(name, registers.names())}")
    return [("csr", {"a": _is(number), "changed": ALL_BITS if words[1:] == ["change"] else 0})]


def _mlc_wrap(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    walkers = {(): (2, 2), ("a",): (3, 2), ("w",): (3, 3)}
    if tuple(words) not in walkers:
        raise CommandError(f"mlc-wrap {' '.join(words)}: expected a or w, for activations or weights")
    return [("mlc", {"size": walkers[tuple(words)]})]


def _dma(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
    kinds = {(): ("dma_read", "dma_write"), ("read",): ("dma_read",), ("write",): ("dma_write",)}
    if tuple(words) not in kinds:
        raise CommandError(f"dma {' '.join(words)}: expected read or write")
    return [(kind, {}) for kind in kinds[tuple(words)]]


def _plain(kind: str, cause: str = "") -> Callable[[Cluster, Sequence[str]], list[Trigger]]:
    def triggers(cluster: Cluster, words: Sequence[str]) -> list[Trigger]:
        if words:
            raise CommandError(f"unexpected {' '.join(words)!r} behind the event")
        return [(kind, {"a": _is(CAUSES.index(cause))} if cause else {})]

    return triggers


_EVENTS: dict[str, Callable[[Cluster, Sequence[str]], list[Trigger]]] = {
    "conflict": _conflict,
    "stall": _stall,
    "nn-write": _nn_write,
    "csr": _csr,
    "mlc-wrap": _mlc_wrap,
    "clip": _plain("clip"),
    "barrier": _plain("wake", "barrier"),
    "sleep": _plain("sleep"),
    "wake": _plain("wake"),
    "dma": _dma,
}
EVENT_NAMES = tuple(_EVENTS)


def event_filter(cluster: Cluster, text: str) -> EventFilter | None:
    """The event that a text names, None if it begins with no event's name."""
    words = text.split()
    if not words:
        return EventFilter("every instruction", (("retire", {}),))
    make = _EVENTS.get(words[0].lower())
    if make is None:
        return None
    return EventFilter(text.strip(), tuple(make(cluster, words[1:])))


# What conditions may ask of the event at hand, as `$_bank` or plainly `bank`.
EVENT_VARIABLES = ("address", "bank", "winner", "cause", "value", "old", "dma")


def event_value(cluster: Cluster, event: StopEvent, name: str) -> int | None:
    """A variable of an event; None if this kind of event has none of that name."""
    kind = event.kind or event.reason
    if name == "dma":
        return int(event.hart < 0)
    if name == "value":
        return event.new
    if name == "old":
        return event.old
    if name == "winner":
        return event.new if kind == "denied" else None
    if name == "cause":
        return event.address if kind in ("charge", "sleep", "wake") else None
    if name == "address":
        return event.address
    config = cluster.config
    offset = event.address - config.tcdm_base
    return offset // 4 % config.tcdm_banks if 0 <= offset < config.tcdm_size else None
