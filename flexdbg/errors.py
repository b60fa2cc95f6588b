"""The exception tree; every message names the thing, its value, and what would be right.

FlexdbgError
├── ConfigError              a key or value of the machine configuration
├── ProgramError             a file that cannot be loaded
│   └── UnknownProgramError  no bundled program and no file of that name
├── MachineError             the machine cannot do what was asked
│   ├── MemoryAccessError    an address that nothing answers
│   ├── TargetRunningError   a second call while the machine runs
│   ├── HistoryError         a cycle outside the recorded history
│   └── InterruptedSearchError  a look at the past that was interrupted
├── LayerError               a layer that a kernel library refuses or that does not fit
└── CommandError             a command line that cannot be carried out
    └── ExpressionError      an expression that cannot be read or evaluated
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "CommandError",
    "ConfigError",
    "ExpressionError",
    "FlexdbgError",
    "HistoryError",
    "InterruptedSearchError",
    "LayerError",
    "MachineError",
    "MemoryAccessError",
    "ProgramError",
    "TargetRunningError",
    "UnknownProgramError",
    "did_you_mean",
]


class FlexdbgError(Exception):
    """Base of everything flexdbg raises on purpose."""


class ConfigError(FlexdbgError):
    """A configuration key is unknown or its value is out of range."""


class ProgramError(FlexdbgError):
    """A program file cannot be loaded."""


class UnknownProgramError(ProgramError):
    """The name is neither a bundled program nor a file."""


class MachineError(FlexdbgError):
    """The machine cannot do what was asked."""


class MemoryAccessError(MachineError):
    """Nothing answers at this address."""

    def __init__(self, address: int, size: int, why: str = "no memory or device answers there") -> None:
        super().__init__(f"cannot access {size} byte{'s' if size != 1 else ''} at 0x{address:08x}: {why}")
        self.address = address
        self.size = size


class TargetRunningError(MachineError):
    """The machine is running; interrupt it first."""


class HistoryError(MachineError):
    """The cycle is not in the recorded history."""


class InterruptedSearchError(MachineError):
    """A look at the recorded run was interrupted; the machine is where it was."""


class LayerError(FlexdbgError):
    """A layer that a kernel library refuses, or that does not fit the machine."""


class CommandError(FlexdbgError):
    """A debugger command cannot be carried out."""


class ScriptError(CommandError):
    """An error in a line that was written somewhere; the message begins with `file:line`."""


class LeaveLoopError(CommandError):
    """`loop_break`, or with `again` `loop_continue`, on its way to its `while`."""

    def __init__(self, again: bool) -> None:
        super().__init__(f"`{'loop_continue' if again else 'loop_break'}` stands outside of a `while`")
        self.again = again


class ExpressionError(CommandError):
    """An expression cannot be read or evaluated."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known names, or nothing."""
    near = get_close_matches(word.lower(), sorted(known), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""
