"""Stop replies: T, W and the words about why, for one client's features."""

from dataclasses import dataclass, field
from struct import Struct

from flexdbg.gdb.threads import thread_id
from flexdbg.gdb.triggers import Trigger
from flexdbg.machine.cluster import Cluster, StopEvent

__all__ = ["SIGNALS", "HartStop", "registers_hex", "stop_reply"]

# GDB's signal numbers (binutils-gdb:include/gdb/signals.def) for what stops the machine.
SIGNALS = {
    "breakpoint": 5,
    "watchpoint": 5,
    "event": 5,
    "step": 5,
    "ebreak": 5,
    "history_start": 5,
    "history_end": 5,
    "interrupted": 2,
    "error": 11,
    "trap": 4,
    "deadlock": 0,
    "halted": 0,
    "cycles": 0,
    "elsewhere": 0,
}
_REPLAY = {"history_start": b"begin", "history_end": b"end"}


@dataclass(slots=True)
class HartStop:
    """One hart stood still for one reason; `triggers` are those that asked for it, of any client."""

    reason: str
    hart: int
    cycle: int
    instructions: int = 0  # of the hart, which tells whether it has moved since
    triggers: tuple[Trigger, ...] = ()
    event: StopEvent | None = None
    code: int = 0
    message: str = ""
    monitor: tuple[int, ...] = field(default=())  # breakpoints that were set by monitor commands

    @property
    def words(self) -> str:
        """For thread states: `breakpoint`, `watchpoint at 0x10000400`."""
        if self.reason == "watchpoint" and self.event is not None:
            return f"watchpoint at 0x{self.event.address:08x}"
        return self.reason.replace("_", " ")

    @property
    def by_dma(self) -> bool:
        return self.event is not None and self.event.hart < 0


def registers_hex(cluster: Cluster, hart: int) -> str:
    """x0..x31 and pc in target order, eight digits each."""
    return cluster.register_bytes(hart).hex()


_DIGITS = Struct("8s" * 33)
_EXPEDITED = b"".join(b"%02x:%%b;" % number for number in range(33))


def _expedited(cluster: Cluster, hart: int) -> bytes:
    """All that `g` would say, so that GDB need not ask."""
    return _EXPEDITED % _DIGITS.unpack(registers_hex(cluster, hart).encode())


def stop_reply(
    stop: HartStop,
    cluster: Cluster,
    *,
    mine: tuple[Trigger, ...],
    multiprocess: bool,
    reasons: frozenset[str],
    registers: bool = True,
) -> bytes:
    """`T05swbreak:;thread:1;core:0;...`; `mine` are the triggers of this client, `reasons` what it
    understands."""
    if stop.reason == "exit":
        status = b"W%02x" % (stop.code & 0xFF)
        return status + (b";process:1" if multiprocess else b"")
    parts = [b"T%02x" % SIGNALS[stop.reason]]
    if stop.reason == "breakpoint" and mine:
        kind = "swbreak" if mine[0].kind == 0 else "hwbreak"
        if kind in reasons:
            parts.append(kind.encode() + b":;")
    elif stop.reason == "watchpoint" and mine and stop.event is not None:
        parts.append(_watch(stop.event, mine[0]))
    elif stop.reason in _REPLAY and "replaylog" in reasons:
        parts.append(b"replaylog:" + _REPLAY[stop.reason] + b";")
    parts.append(b"thread:" + thread_id(stop.hart, multiprocess) + b";core:%x;" % stop.hart)
    if registers:
        parts.append(_expedited(cluster, stop.hart))
    return b"".join(parts)


def _watch(event: StopEvent, trigger: Trigger) -> bytes:
    """The address, which GDB knows, and the values, which it skips and other clients may show."""
    name = {2: b"watch", 3: b"rwatch", 4: b"awatch"}[trigger.kind]
    address = max(event.address, trigger.address)
    values = b"flexdbg-size:%x;" % event.size
    if event.access == "write":
        values += b"flexdbg-old:%x;" % event.old
    values += b"flexdbg-new:%x;flexdbg-access:%b;" % (event.new, event.access.encode())
    return name + b":%x;" % address + values
