"""What a command works on: the session, where its output goes, and what it remembers between calls."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flexdbg.commands.blocks import ScriptLine
from flexdbg.commands.c_values import Style
from flexdbg.commands.logfile import Log
from flexdbg.commands.registry import Command
from flexdbg.debug.session import Session
from flexdbg.debug.stops import Stop
from flexdbg.debug.tensors import Tensor
from flexdbg.errors import CommandError
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
    scripts: dict[int, tuple[ScriptLine, ...]] = field(
        default_factory=dict
    )  # breakpoint number -> its `commands`
    attached: list[ScriptLine] = field(default_factory=list)  # of the breakpoints just hit, still to be run
    user_arguments: list[list[str]] = field(default_factory=list)  # of the user-defined commands running
    block: tuple[ScriptLine, ...] = ()  # the lines of the block that was closed last
    # Run lines of a block, and split them at their `else`; what happens before a stop is reported.
    run_lines: Callable[[Sequence[ScriptLine]], None] = lambda lines: None
    split_else: Callable[[Sequence[ScriptLine]], tuple[tuple[ScriptLine, ...], tuple[ScriptLine, ...]]] = (
        lambda lines: (tuple(lines), ())
    )
    before_stop: Callable[[], None] = lambda: None
    ask: Callable[[str], bool] = lambda question: True  # yes or no; scripts and their commands go on
    partial: str = ""  # the begin of a line that `printf` and `echo` have not ended
    log: Log = field(default_factory=Log)
    namespace: dict[str, object] = field(default_factory=dict)  # of `python`
    screen: object | None = None  # the full screen, where there is one

    def say(self, text: str, style: str = "") -> None:
        """One line or several of plain text."""
        self.emit([[(style, part)] for part in text.split("\n")])

    def write(self, text: str) -> None:
        """Text that need not end with its line: what comes next goes on there."""
        *whole, rest = (self.partial + text).split("\n")
        self.partial = ""
        if whole:
            self.say("\n".join(whole))
        self.partial = rest

    def finish_line(self) -> None:
        """End a line that has been begun."""
        if self.partial:
            text, self.partial = self.partial, ""
            self.say(text)

    def substituted(self, text: str) -> str:
        """The text with the arguments of the user-defined command that is running."""
        if not self.user_arguments:
            return text
        words = self.user_arguments[-1]

        def value(match: re.Match[str]) -> str:
            if match[1] == "c":
                return str(len(words))
            if match[1] == "*":
                return " ".join(words)
            number = int(match[1])
            if number >= len(words):
                raise CommandError(f"$arg{number}: the command was given {len(words)} arguments")
            return words[number]

        return re.sub(r"\$arg(c|\*|\d+)", value, text)
