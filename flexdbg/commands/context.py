"""What a command works on: the session, where its output goes, and what it remembers between calls."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flexdbg.commands.c_values import Style
from flexdbg.commands.logfile import Log
from flexdbg.commands.registry import Command
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Stop
from flexdbg.debug.tensors import Tensor
from flexdbg.learn.player import Player
from flexdbg.render.text import Line

__all__ = ["Context", "Display", "Settings"]


@dataclass(slots=True)
class Settings:
    """What `set` and `show` know."""

    listsize: int = 10
    confirm: bool = True
    style: Style = field(default_factory=Style)


@dataclass(slots=True)
class Display:
    """One `display` entry, shown at every stop."""

    number: int
    expression: str
    format: str
    enabled: bool = True


@dataclass(slots=True)
class ExamineState:
    """Where `x` goes on, in which format."""

    format: str = "x"
    size: int = 4
    address: int | None = None


@dataclass(slots=True)
class ListState:
    """Where `list` goes on."""

    file: str = ""
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Context:
    session: Session
    emit: Callable[[list[Line]], None]
    execute: Callable[[str], None]  # run another command line, errors pass through
    source: Callable[[str], None]  # run the lines of a file
    settings: Settings = field(default_factory=Settings)
    displays: list[Display] = field(default_factory=list)
    next_display: int = 1
    examine: ExamineState = field(default_factory=ExamineState)
    listing: ListState = field(default_factory=ListState)
    checkpoints: dict[int, tuple[int, int]] = field(default_factory=dict)  # number -> (core id, cycle)
    warnings: list[dict[str, object]] = field(default_factory=list)
    last_stop: Stop | None = None
    wants_to_quit: bool = False
    tensors: dict[str, Tensor] = field(default_factory=dict)
    lesson: Player | None = None
    user_commands: dict[str, Command] = field(default_factory=dict)  # of `define` and `alias`
    scripts: dict[int, list[str]] = field(default_factory=dict)  # breakpoint number -> its `commands`
    attached: list[str] = field(default_factory=list)  # of the breakpoints just hit, still to be run
    user_depth: int = 0
    log: Log = field(default_factory=Log)
    namespace: dict[str, object] = field(default_factory=dict)  # of `python`
    screen: object | None = None  # the full screen, where there is one

    def say(self, text: str, style: str = "") -> None:
        """One line or several of plain text."""
        self.emit([[(style, part)] for part in text.split("\n")])
