"""Blocks: commands that take the lines up to their `end`, and lines that know where they were written."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flexdbg.commands.registry import Command

__all__ = ["Block", "ScriptLine", "split_else"]


class ScriptLine(NamedTuple):
    """A line of a script; `place` is `file:line`, or nothing if it was typed."""

    text: str
    place: str = ""


Opener = Callable[[str], str]  # "lines", "raw" or "" for what a line opens


class Block:
    """A command with the lines up to its `end`. Blocks of commands nest; what is raw within is only text."""

    def __init__(self, command: Command, argument: str, place: str, opens: Opener) -> None:
        self.command = command
        self.argument = argument
        self.place = place
        self.lines: list[ScriptLine] = []
        self._opens = opens
        self._raw = [command.block in ("raw", "bare")]  # of this block and those within it

    def add(self, text: str, place: str) -> bool:
        """Take a line; False if it was the last `end`."""
        word = text.strip()
        raw = self._raw[-1]
        if word == "end":
            self._raw.pop()
            if not self._raw:
                return False
        elif not raw and (kind := self._opens(word)):
            self._raw.append(kind != "lines")
        self.lines.append(ScriptLine(text.rstrip("\n") if raw else word, place))
        return True

    @property
    def is_raw(self) -> bool:
        return self.command.block != "lines"

    @property
    def whole(self) -> str:
        return "\n".join([self.argument, *(line.text for line in self.lines)])


def split_else(
    lines: Sequence[ScriptLine], opens: Opener
) -> tuple[tuple[ScriptLine, ...], tuple[ScriptLine, ...]]:
    """The lines before and behind the `else` of an `if`."""
    inner: list[bool] = []
    for index, line in enumerate(lines):
        word = line.text.strip()
        if word == "end" and inner:
            inner.pop()
        elif inner and inner[-1]:
            continue
        elif word == "else" and not inner:
            return tuple(lines[:index]), tuple(lines[index + 1 :])
        elif kind := opens(word):
            inner.append(kind != "lines")
    return tuple(lines), ()
