"""Format letters of `print/F`, `display/F` and `x/NFU`, and typed values as text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flexdbg.commands.c_values import Style, c_text
from flexdbg.debug.values import Value
from flexdbg.errors import CommandError
from flexdbg.render.numbers import FORMATS

__all__ = ["SIZES", "ExamineFormat", "format_value", "split_format"]

SIZES = {"b": 1, "h": 2, "w": 4, "g": 8}


@dataclass(frozen=True, slots=True)
class ExamineFormat:
    """What stands behind the slash: a count, a letter and a unit size, each optional."""

    count: int | None = None
    letter: str = ""
    size: int | None = None


def split_format(argument: str, letters: str = FORMATS) -> tuple[ExamineFormat, str]:
    """Split `/8xw $sp` into format and rest."""
    if not argument.startswith("/"):
        return ExamineFormat(), argument
    spec, _, rest = argument[1:].partition(" ")
    match = re.fullmatch(r"(-?\d+)?([a-z]*)", spec)
    if match is None:
        raise CommandError(
            f"/{spec}: a format is a count, a letter of {letters} and a size of bhwg, as in /8xw"
        )
    letter, size = "", None
    for character in match[2]:
        if character in letters:
            letter = character
        elif character in SIZES:
            size = SIZES[character]
        else:
            raise CommandError(
                f'/{spec}: unknown format letter "{character}"; letters are {letters}, sizes bhwg'
            )
    return ExamineFormat(int(match[1]) if match[1] else None, letter, size), rest.strip()


def format_value(
    value: Value,
    fmt: str = "",
    name: Callable[[int], str] = lambda address: "",
    style: Style | None = None,
    *,
    string_at: Callable[[int], str] | None = None,
) -> str:
    """A value as gdb prints it, or in a format; `name` gives the symbol of an address.

    `string_at` reads the text that a character pointer points to, quotes included.
    """
    return c_text(value, fmt, name, style or Style(), string_at)
