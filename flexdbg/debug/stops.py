"""Stops in debugger terms: what happened, to which hart, where."""

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Change", "Reason", "Stop"]


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


@dataclass(frozen=True, slots=True)
class Change:
    """A watched access: old and new value of `size` bytes at `address`."""

    number: int
    access: str  # "read" or "write"
    address: int
    size: int
    old: int
    new: int


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
    others: tuple[tuple[int, str], ...] = field(default=())  # (hart, reason) that stopped in the same cycle

    @property
    def ended(self) -> bool:
        """Whether the program is over."""
        return self.reason in (Reason.EXIT, Reason.HALTED)
