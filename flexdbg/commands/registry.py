"""The table of commands: names, abbreviations, help, completion; filled by the @command decorator."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.errors import CommandError, did_you_mean

if TYPE_CHECKING:
    from flexdbg.commands.blocks import ScriptLine
    from flexdbg.commands.context import Context

__all__ = ["CATEGORIES", "Command", "Table", "command", "commands", "info", "infos", "load_all"]

Action = Callable[["Context", str], None]

CATEGORIES = {
    "running": "Running and stepping",
    "time": "Going back in time",
    "breakpoints": "Breakpoints and watchpoints",
    "data": "Registers, memory and expressions",
    "code": "Code and sources",
    "cluster": "Harts, banks and devices",
    "session": "Session and settings",
    "scripting": "Scripting and undo",
    "learning": "Lessons",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `repeat` says what Enter does: the same line, the bare name, or nothing."""

    name: str
    aliases: tuple[str, ...]
    category: str
    usage: str
    action: Action
    examples: tuple[str, ...]
    complete: str
    repeat: str
    # Whether the lines that follow, up to `end`, belong to it: "lines" of commands, "raw" text, or "bare":
    # raw where it has no argument.
    block: str = ""
    body: tuple[str, ...] = ()  # of a user-defined command
    lines: "tuple[ScriptLine, ...]" = ()  # the same, with their places

    def opens_block(self, argument: str) -> bool:
        return bool(self.block) and (self.block != "bare" or not argument)

    @property
    def text(self) -> str:
        return inspect.cleandoc(self.action.__doc__ or "")

    @property
    def summary(self) -> str:
        return self.text.partition("\n")[0]


class Table:
    """Commands by name, with gdb's rule: an exact name or alias first, then an unambiguous prefix."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._by_name: dict[str, Command] = {}
        self._aliases: dict[str, Command] = {}

    def add(self, command_: Command) -> None:
        for name in (command_.name, *command_.aliases):
            assert name not in self._by_name and name not in self._aliases, name
        self._by_name[command_.name] = command_
        for alias in command_.aliases:
            self._aliases[alias] = command_

    def __iter__(self) -> Iterator[Command]:
        return iter(self._by_name.values())

    def names(self) -> list[str]:
        return sorted(self._by_name)

    def find(self, word: str) -> Command:
        exact = self._by_name.get(word) or self._aliases.get(word)
        if exact is not None:
            return exact
        matches = sorted(name for name in self._by_name if name.startswith(word))
        if len(matches) == 1:
            return self._by_name[matches[0]]
        if matches:
            raise CommandError(f'Ambiguous {self._what} "{word}": {", ".join(matches)}.')
        hint = did_you_mean(word, self._by_name) or ('.  Try "help".' if self._what == "command" else ".")
        raise CommandError(f'Undefined {self._what}: "{word}"{hint}')


commands = Table("command")
infos = Table("info command")


def _example(name: str, usage: str) -> tuple[str, ...]:
    """The bare name, where no argument is needed."""
    rest = usage.removeprefix(name)
    return (name,) if not rest or rest.startswith((" [", "[")) else ()


def command(
    name: str,
    *aliases: str,
    category: str,
    usage: str = "",
    examples: tuple[str, ...] = (),
    complete: str = "",
    repeat: str = "no",
    block: str = "",
) -> Callable[[Action], Action]:
    """Register a command; its docstring is its help."""

    def register(action: Action) -> Action:
        shown = usage or name
        shown_examples = examples or _example(name, shown)
        commands.add(Command(name, aliases, category, shown, action, shown_examples, complete, repeat, block))
        return action

    return register


def info(
    name: str,
    *aliases: str,
    category: str,
    usage: str = "",
    examples: tuple[str, ...] = (),
    complete: str = "",
) -> Callable[[Action], Action]:
    """Register `info NAME`."""

    def register(action: Action) -> Action:
        shown = usage or f"info {name}"
        shown_examples = examples or _example(f"info {name}", shown)
        infos.add(Command(name, aliases, category, shown, action, shown_examples, complete, "no"))
        return action

    return register


def load_all() -> None:
    """Import every command module, which fills the tables."""
    from flexdbg.commands import (  # noqa: F401
        breakpoints,
        cluster,
        code,
        control,
        data,
        devices,
        examine,
        execution,
        explanations,
        frames,
        help,
        lessons,
        queries,
        registers,
        reverse,
        scripting,
        session,
        settings,
        tensors,
        types,
    )
