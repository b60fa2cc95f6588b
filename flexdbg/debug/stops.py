"""Stops in debugger terms: what happened, to which hart, where."""

from dataclasses import dataclass, field
from enum import StrEnum

from flexdbg.debug.kinds import Kind

__all__ = ["Change", "Event", "Reason", "Stop"]


class Reason(StrEnum):
    BREAKPOINT = "breakpoint"
    WATCHPOINT = "watchpoint"
    STEP = "step"  # the step, next, finish, until or advance that was asked for is complete
    CYCLES = "cycles"
    EBREAK = "ebreak"
    TRAP = "trap"
    EXIT = "exit"
    DEADLOCK = "deadlock"
    INTERRUPTED = "interrupted"
    ERROR = "error"
    HALTED = "halted"
    HISTORY_START = "history_start"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Change:
    """A watched access: old and new value of `size` bytes at `address`, or of a register.

    `hart` is None if the DMA made it, and `note` says so; `pc` is that of the instruction.
    """

    number: int
    access: str  # "read" or "write"
    address: int
    size: int
    old: int
    new: int
    register: str = ""
    hart: int | None = None
    pc: int = 0
    note: str = ""
    bits: int = 0  # of a lane; its values are signed as its type is

    @property
    def width(self) -> int:
        return self.bits or 8 * self.size


@dataclass(frozen=True, slots=True)
class Event:
    """What an event breakpoint saw; docs/architecture.md says what the numbers of each kind are."""

    kind: str  # a trace kind
    hart: int | None  # None: the DMA
    pc: int
    cycle: int
    address: int
    old: int
    new: int
    size: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the machine stands still; `message` is a sentence where the core had one to say."""

    reason: Reason
    hart: int
    pc: int
    cycle: int
    breakpoints: tuple[int, ...] = ()
    temporary: bool = False
    changes: tuple[Change, ...] = ()
    code: int = 0
    message: str = ""
    finished: str = ""  # name of the function that `finish` left
    value: int | None = None  # a0 after `finish`
    returns: Kind | None = None  # the type of the value that the function returns, where it is known
    event: Event | None = None
    locations: tuple[str, ...] = ()  # of the breakpoints: names of functions, lines
    left: tuple[int, ...] = ()  # watchpoints whose variable is gone: its function has returned
    others: tuple[tuple[int, str], ...] = field(default=())  # (hart, reason) that stopped in the same cycle

    @property
    def ended(self) -> bool:
        """Whether the program is over."""
        return self.reason in (Reason.EXIT, Reason.HALTED)
