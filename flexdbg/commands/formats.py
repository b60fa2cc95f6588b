"""Format letters of `print/F`, `display/F` and `x/NFU`, and typed values as text."""

import re
from dataclasses import dataclass

from flexdbg.debug.values import Value
from flexdbg.errors import CommandError
from flexdbg.render.numbers import FORMATS, format_number

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


def format_value(value: Value, fmt: str = "", symbol: str = "") -> str:
    """A value in its natural form or a format; `symbol` names the address it holds."""
    kind = value.kind
    if value.elements is not None:
        return "{" + ", ".join(format_value(element, fmt) for element in value.elements) + "}"
    if fmt == "a" or (not fmt and kind.code):
        return f"0x{value.unsigned:x}" + (f" <{symbol}>" if symbol else "")
    if fmt:
        return format_number(value.number, kind.bits, fmt)
    if kind.target is not None:
        return f"({kind.name}) 0x{value.unsigned:x}" + (f" <{symbol}>" if symbol else "")
    if kind.name in ("char", "unsigned char"):
        return format_number(value.number, 8, "c", kind.signed)
    return str(value.number)
