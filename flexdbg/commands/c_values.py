"""Values of C as text, in gdb's layout: structs, arrays with their repetitions, strings, enums, pointers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flexdbg.debug.kinds import Form, Kind
from flexdbg.debug.values import OPTIMIZED_OUT, Value, member_of, part_of
from flexdbg.errors import ExpressionError, MemoryAccessError
from flexdbg.render.numbers import format_number, format_real

__all__ = ["Style", "c_text", "character", "string_text"]

_DEEPEST = 20  # gdb's print max-depth
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 27: "\\033"}


@dataclass(frozen=True, slots=True)
class Style:
    """gdb's `set print` settings."""

    pretty: bool = False
    elements: int = 200
    repeats: int = 10


@dataclass(frozen=True, slots=True)
class _Writer:
    fmt: str
    name: Callable[[int], str]
    style: Style
    string_at: Callable[[int], str] | None


def c_text(
    value: Value,
    fmt: str,
    name: Callable[[int], str],
    style: Style,
    string_at: Callable[[int], str] | None = None,
    *,
    top: bool = True,
) -> str:
    """A value; on top a pointer has its type in front."""
    writer = _Writer(fmt, name, style, string_at)
    if value.elements is not None:
        return "{" + ", ".join(_text(writer, element, 0) for element in value.elements) + "}"
    kind = value.kind
    text = _text(writer, value, 0)
    if not top or fmt:
        return text
    if kind.form is Form.POINTER and not _is_plain_string(kind) and not value.contents.missing:
        return f"({kind.text}) {text}"
    return text


def _is_plain_string(kind: Kind) -> bool:
    """`char *`, whose text in quotes says the type."""
    return not kind.name and kind.target is not None and kind.target.name == "char"


def _text(writer: _Writer, value: Value, depth: int) -> str:
    kind = value.kind
    if kind.form is Form.VOID:
        return "void" if kind.name == "void" else f"<{kind.name.strip('<>')}>"
    if kind.form is Form.FUNCTION:
        return _function(writer, value)
    if kind.incomplete and kind.form in (Form.STRUCT, Form.UNION):
        return "<incomplete type>"
    try:
        contents = value.contents
    except MemoryAccessError as error:
        if depth == 0:
            raise
        return f"<error: {error}>"
    if contents.missing or (not kind.aggregate and not contents.complete):
        return contents.note
    if kind.form is Form.ARRAY:
        return _array(writer, value, depth)
    if kind.form in (Form.STRUCT, Form.UNION):
        return _record(writer, value, depth)
    return _scalar(writer, value)


# Aggregates


def _record(writer: _Writer, value: Value, depth: int) -> str:
    members = value.kind.members
    if depth >= _DEEPEST:
        return "{...}"
    if not members:
        return "{}"
    shown = []
    for member in members:
        text = _text(writer, member_of(value, member), depth + 1)
        shown.append(f"{member.name} = {text}" if member.name else text)
    if writer.style.pretty:
        indent = "  " * depth
        return "{\n" + ",\n".join(f"{indent}  {text}" for text in shown) + f"\n{indent}}}"
    return "{" + ", ".join(shown) + "}"


def _array(writer: _Writer, value: Value, depth: int) -> str:
    kind = value.kind
    element, count = kind.target, kind.count
    if element is None or count is None:
        return _pointer(writer, value.address) if value.address is not None else "{}"
    if element.textual and writer.fmt in ("", "s") and value.contents.complete:
        return string_text(value.contents.data[:count], writer.style)
    if depth >= _DEEPEST:
        return "{...}"
    return "{" + _elements(writer, value, element, count, depth) + "}"


def _elements(writer: _Writer, value: Value, element: Kind, count: int, depth: int) -> str:
    """gdb's rules: what repeats often is said once, and a limit on what is shown."""
    style, size = writer.style, element.size
    contents = value.contents
    shown: list[str] = []
    position = printed = 0
    while position < count and printed < style.elements:
        part = contents.part(position * size, size)
        repeats = 1
        while position + repeats < count and contents.part((position + repeats) * size, size) == part:
            repeats += 1
        text = _text(writer, part_of(value, position * size, element), depth + 1)
        if repeats >= style.repeats:
            shown.append(f"{text} <repeats {repeats} times>")
            position += repeats
            printed += style.repeats
        else:
            shown.append(text)
            position += 1
            printed += 1
    return ", ".join(shown) + ("..." if position < count else "")


# Strings


def string_text(data: bytes, style: Style, *, more: bool = False) -> str:
    """Characters as a string of C, by gdb's rules; a single NUL at the end is left out."""
    if data and data[-1] == 0 and not more:
        data = data[:-1]
    if not data:
        return '""' + ("..." if more else "")
    pieces: list[str] = []
    open_quotes = cut = False
    printed = 0
    for byte, run in _runs(data):
        if printed >= style.elements:
            cut = True
            break
        if run > style.repeats:
            if open_quotes:
                pieces.append('"')
                open_quotes = False
            pieces.append(f"{', ' if pieces else ''}{character(byte)} <repeats {run} times>")
            printed += style.repeats
        else:
            if not open_quotes:
                pieces.append((", " if pieces else "") + '"')
                open_quotes = True
            pieces.append(_escaped(byte, '"') * run)
            printed += run
    if open_quotes:
        pieces.append('"')
    return "".join(pieces) + ("..." if more or cut else "")


def _runs(data: bytes) -> Iterator[tuple[int, int]]:
    for byte, together in groupby(data):
        yield byte, len(list(together))


def _escaped(byte: int, quote: str) -> str:
    if byte in _ESCAPES:
        return _ESCAPES[byte]
    if 32 <= byte < 127:
        return f"\\{chr(byte)}" if chr(byte) in (quote, "\\") else chr(byte)
    return f"\\{byte:03o}"


def character(byte: int) -> str:
    """`'a'`, `'\\000'`"""
    return f"'{_escaped(byte & 0xFF, chr(39))}'"


# Scalars


def _scalar(writer: _Writer, value: Value) -> str:
    kind, fmt = value.kind, writer.fmt
    if fmt == "s":
        fmt = ""
    if fmt == "a":
        return _pointer(writer, value.number & 0xFFFF_FFFF)
    if fmt == "c":
        return _as_character(value)
    if fmt == "f" and kind.form is not Form.FLOAT:
        return format_real(value.unsigned, kind.bits) if kind.bits in (32, 64) else str(value.number)
    if fmt and fmt != "f":
        return format_number(value.number, kind.declared_bits or kind.bits, fmt)
    if kind.form is Form.FLOAT:
        return format_real(value.unsigned, kind.bits)
    if kind.form is Form.POINTER:
        return _pointer_with_text(writer, value)
    if kind.form is Form.BOOL:
        return {0: "false", 1: "true"}.get(value.number, str(value.number))
    if kind.form is Form.ENUM:
        return _enumerator(value)
    if kind.textual:
        return f"{value.number} {character(value.number)}"
    return str(value.number)


def _as_character(value: Value) -> str:
    kind = value.kind
    number = value.number if kind.bits <= 8 else value.unsigned & 0xFF
    if kind.bits > 8 and not kind.signed:
        return f"{number} {character(number)}"
    if kind.bits > 8:
        number = number - 256 if number > 127 else number
    return f"{number} {character(number)}"


def _pointer(writer: _Writer, address: int) -> str:
    name = writer.name(address)
    return f"0x{address:x}" + (f" <{name}>" if name else "")


def _pointer_with_text(writer: _Writer, value: Value) -> str:
    target = value.kind.target
    text = _pointer(writer, value.unsigned)
    if target is not None and target.textual and value.number and writer.string_at is not None:
        text += f" {writer.string_at(value.unsigned)}"
    return text


def _function(writer: _Writer, value: Value) -> str:
    address = value.number
    if writer.fmt and writer.fmt != "a":
        return format_number(address, 32, writer.fmt)
    name = writer.name(address)
    kind = value.kind
    return f"{{{kind.text}}} 0x{address:x}" + (f" <{name}>" if name else "")


def _enumerator(value: Value) -> str:
    """The name of a constant, or names of flags; gdb takes an enum for flags if its bits are apart."""
    number = value.number
    listed = value.kind.enumerators
    for name, constant in listed:
        if constant == number:
            return name
    if not listed or not _are_flags(listed):
        return str(number)
    names = []
    left = value.unsigned
    for name, constant in listed:
        if constant and left & constant:
            names.append(name)
            left &= ~constant
    if left:
        names.append(f"unknown: 0x{left:x}")
    return f"({' | '.join(names)})" if names else "0"


def _are_flags(listed: tuple[tuple[str, int], ...]) -> bool:
    for _, constant in listed:
        if constant < 0:
            return False
        if constant.bit_count() > 1 and not _contiguous(constant):
            return False
    return True


def _contiguous(number: int) -> bool:
    shifted = number >> ((number & -number).bit_length() - 1)
    return shifted & (shifted + 1) == 0


def checked(read: Callable[[], str]) -> str:
    """Text of a value, or why there is none, as gdb says it among others."""
    try:
        return read()
    except MemoryAccessError as error:
        return f"<error: {error}>"
    except ExpressionError as error:
        return f"<{error}>" if str(error) != OPTIMIZED_OUT else OPTIMIZED_OUT
