"""Operands to words: fits operand text to the syntaxes of a mnemonic."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass

from .expressions import ExpressionError, UnknownSymbol, Value, evaluate
from .model import Alias, Instruction, Isa, Operand, Syntax
from .registers import REGISTER_NUMBERS
from .source import split_operands

__all__ = ["Context", "EncodeError", "Fit", "encode", "fit", "near_names", "place", "register"]

# GNU as takes at most this many operands of anything; a longer list is a mistake.
_FENCE = {"i": 8, "o": 4, "r": 2, "w": 1}


class EncodeError(ValueError):
    """Operands that do not fit; the message names operand, value and range."""

    def __init__(self, message: str, progress: int = 0) -> None:
        super().__init__(message)
        self.progress = progress  # how many operands were understood, to choose the best message


@dataclass(frozen=True, slots=True)
class Context:
    """What operand values may depend on."""

    lookup: Callable[[str], Value]
    pc: int = 0
    addresses: bool = False  # a bare number as branch target is an address, not a distance


@dataclass(frozen=True, slots=True)
class Fit:
    """Operand texts by field name, for one row or alias whose syntax they have."""

    row: Instruction | Alias
    syntax: Syntax
    texts: tuple[tuple[Operand, str], ...]


def register(text: str) -> int | None:
    return REGISTER_NUMBERS.get(text.strip().lower())


def near_names(name: str, known: list[str]) -> str:
    """ "; did you mean a, b" or nothing."""
    near = difflib.get_close_matches(name.lower(), known, 3, 0.6)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _groups(syntax: Syntax) -> list[list[Operand | str]]:
    groups: list[list[Operand | str]] = [[]]
    for part in syntax.parts:
        if part == ",":
            groups.append([])
        else:
            groups[-1].append(part)
    return groups if syntax.parts else []


_MEMORY = re.compile(r"(.*)\(\s*([^()!]*?)\s*(!?)\s*\)\s*", re.DOTALL)


def _texts(syntax: Syntax, parts: list[str]) -> list[tuple[Operand, str]] | None:
    """Operand texts if the punctuation fits."""
    groups = _groups(syntax)
    if len(groups) != len(parts):
        return None
    result: list[tuple[Operand, str]] = []
    for group, text in zip(groups, parts, strict=True):
        if len(group) == 1:
            if isinstance(group[0], str):
                return None
            result.append((group[0], text))
            continue
        found = _MEMORY.fullmatch(text)
        first, second = group[0], group[2]
        if (
            not found
            or isinstance(first, str)
            or isinstance(second, str)
            or (found[3] == "!") != ("!" in group)
        ):
            return None
        offset = found[1].strip()
        if first.is_register != (register(offset) is not None):
            return None
        result += [(first, offset or "0"), (second, found[2])]
    return result


def fit(rows: tuple[Instruction | Alias, ...], operands: str) -> list[Fit]:
    """The rows of a mnemonic whose syntax the operands have."""
    parts = split_operands(operands)
    fits = []
    for row in rows:
        for syntax in row.syntaxes if isinstance(row, Instruction) else (row.syntax,):
            texts = _texts(syntax, parts)
            if texts is not None:
                fits.append(Fit(row, syntax, tuple(texts)))
    return fits


def _check(operand: Operand, number: int, label: str, wanted: str) -> int:
    if number % operand.step or not operand.low <= number <= operand.high:
        step = f" in steps of {operand.step}" if operand.step > 1 else ""
        raise EncodeError(f"{label}: {wanted} {number} is not in {operand.low}..{operand.high}{step}")
    return number


def _target(operand: Operand, text: str, context: Context, label: str) -> int:
    value = evaluate(text, context.lookup)
    distance = value.number
    if value.address or context.addresses:
        distance = value.number - context.pc
        if abs(distance) >= 1 << 31:
            distance = (distance + (1 << 31)) % (1 << 32) - (1 << 31)
    return _check(operand, distance, label, "distance to the target")


def _immediate(operand: Operand, text: str, context: Context, label: str) -> int:
    if register(text) is not None and "(" not in text:
        raise EncodeError(
            f"{label}: {text.strip()} is a register, wanted a number in {operand.low}..{operand.high}"
        )
    number = evaluate(text, context.lookup).number
    if operand.kind == "s" and 1 << 31 <= number < 1 << 32:
        number -= 1 << 32
    if operand.kind == "hi":
        return _check(operand, number, label, "value") << 12
    if operand.kind == "chi":
        if not (1 <= number <= 31 or 0xFFFE0 <= number <= 0xFFFFF):
            raise EncodeError(f"{label}: value {number} is not in 1..31 or 0xfffe0..0xfffff")
        return number << 12
    return _check(operand, number, label, "value")


def _csr(isa: Isa, text: str, context: Context, label: str) -> int:
    known = isa.csr_by_name.get(text.strip().lower())
    if known:
        return known.address
    try:
        number = evaluate(text, context.lookup).number
    except UnknownSymbol:
        near = near_names(text.strip(), list(isa.csr_by_name))
        raise EncodeError(
            f"{label}: {text.strip()!r} is no CSR; use a name or a number in 0..4095{near}"
        ) from None
    if not 0 <= number <= 4095:
        raise EncodeError(f"{label}: CSR number {number} is not in 0..4095")
    return number


def _fence(text: str, context: Context, label: str) -> int:
    letters = text.strip().lower()
    if letters and all(c in _FENCE for c in letters) and len(set(letters)) == len(letters):
        return sum(_FENCE[c] for c in letters)
    number = evaluate(text, context.lookup).number
    if not 0 <= number <= 15:
        raise EncodeError(f"{label}: {text!r} is not made of i, o, r, w")
    return number


def _operand(isa: Isa, operand: Operand, text: str, context: Context, label: str) -> int:
    if operand.is_register:
        number = register(text)
        if number is None:
            names = "x8..x15 (s0, s1, a0..a5)" if operand.kind == "creg" else "x0..x31 or an ABI name"
            raise EncodeError(f"{label}: {text.strip()!r} is no register; wanted {names}")
        if not operand.low <= number <= operand.high:
            allowed = f"x{operand.low}" + (f"..x{operand.high}" if operand.high > operand.low else "")
            raise EncodeError(f"{label}: register {text.strip()} is not allowed here; wanted {allowed}")
        return number - 8 if operand.kind == "creg" else number
    if operand.kind == "loop":
        number = {"x0": 0, "x1": 1}.get(text.strip().lower())
        if number is None:
            raise EncodeError(f"{label}: {text.strip()!r} is no hardware loop; write x0 or x1")
        return number
    try:
        if operand.kind == "csr":
            return _csr(isa, text, context, label)
        if operand.kind == "fence":
            return _fence(text, context, label)
        if operand.kind in ("pc", "end"):
            return _target(operand, text, context, label)
        return _immediate(operand, text, context, label)
    except ExpressionError as error:
        if isinstance(error, EncodeError):
            raise
        raise type(error)(f"{label}: {error}") from None


def place(row: Instruction | Alias, values: dict[str, int]) -> int:
    """The word with these operand values in its fields."""
    if isinstance(row, Alias):
        base, word = row.target.base, row.fixed[1]
        for name, source in row.target.bindings.items():
            if isinstance(source, str):
                word |= base.fields[name].insert(values[source])
        return word
    word = row.match
    for name, item in row.fields.items():
        if name in values:
            word |= item.insert(values[name])
    return word


def encode(isa: Isa, candidate: Fit, context: Context) -> int:
    """The word of operands that have the syntax of a row."""
    values: dict[str, int] = {}
    for number, (operand, text) in enumerate(candidate.texts):
        try:
            values[operand.name] = _operand(isa, operand, text, context, f"operand {number + 1}")
        except EncodeError as error:
            error.progress = number
            raise
    word = place(candidate.row, values)
    base = candidate.row if isinstance(candidate.row, Instruction) else candidate.row.target.base
    for guard in base.guards:
        if word & guard.mask == guard.value:
            raise EncodeError(f"{guard.text} is required", len(candidate.texts))
    return word
