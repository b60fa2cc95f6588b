"""The notation of the tables: encodings, operand syntax, conditions and expansions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .model import Expansion, Field, Guard, Instruction, IsaError, Operand, Syntax

__all__ = ["bind_expansion", "bit_mask", "parse_guard", "parse_pattern", "parse_syntax"]

REGISTER_FIELDS = {"rd": 5, "rs1": 5, "rs2": 5, "rs3": 5, "rd'": 3, "rs1'": 3, "rs2'": 3}

_TOKEN = re.compile(r"[01]+|([a-z]\w*'?)(?:\[([\d:|]+)\])?")


def parse_pattern(text: str, where: str = "pattern") -> tuple[int, int, int, dict[str, Field]]:
    """Read an encoding, most significant bit first: (bits, mask, match, fields)."""
    tokens: list[tuple[str, list[tuple[int, int]]]] = []  # (digits or name, [(width, value low bit)])
    total = 0
    for word in text.split():
        found = _TOKEN.fullmatch(word)
        if not found:
            raise IsaError(f"{where}: {word!r} is neither bits nor a field in {text!r}")
        if not found[1]:
            tokens.append((word, []))
            total += len(word)
            continue
        name, ranges = found[1], found[2]
        pieces: list[tuple[int, int]] = []
        if ranges is None:
            if name not in REGISTER_FIELDS:
                raise IsaError(f"{where}: field {name} needs its bits, such as {name}[4:0]")
            pieces.append((REGISTER_FIELDS[name], 0))
        else:
            for part in ranges.split("|"):
                high, _, low = part.partition(":")
                first, last = int(high), int(low or high)
                if first < last:
                    raise IsaError(f"{where}: bit range {part} of {name} runs upwards")
                pieces.append((first - last + 1, last))
        tokens.append((name, pieces))
        total += sum(width for width, _ in pieces)
    if total not in (16, 32):
        raise IsaError(f"{where}: encoding has {total} bits, not 16 or 32: {text!r}")
    mask = match = 0
    scattered: dict[str, list[tuple[int, int, int]]] = {}
    position = total
    for token, pieces in tokens:
        if not pieces:
            position -= len(token)
            mask |= ((1 << len(token)) - 1) << position
            match |= int(token, 2) << position
        for width, low in pieces:
            position -= width
            scattered.setdefault(token, []).append((position, width, low))
    fields = {}
    for name, found_pieces in scattered.items():
        seen = 0
        for _, width, low in found_pieces:
            bits = ((1 << width) - 1) << low
            if seen & bits:
                raise IsaError(f"{where}: field {name} gives a bit twice")
            seen |= bits
        fields[name] = Field(name, tuple(found_pieces))
    return total, mask, match, fields


def bit_mask(text: str, where: str) -> int:
    """ "25 13" or "31:28 11:7" to a mask."""
    mask = 0
    for part in text.split():
        high, _, low = part.partition(":")
        if not high.isdigit() or (low and not low.isdigit()):
            raise IsaError(f"{where}: {part!r} is no bit range")
        first, last = int(high), int(low or high)
        mask |= ((1 << (first - last + 1)) - 1) << last
    return mask


_GUARD = re.compile(r"([a-z]\w*'?)(?:\[(\d+)(?::(\d+))?\])? != (\d+)")


def parse_guard(text: str, fields: Mapping[str, Field], where: str) -> Guard:
    found = _GUARD.fullmatch(text)
    if not found or found[1] not in fields:
        raise IsaError(f"{where}: condition {text!r} is not of the form `field[hi:lo] != number`")
    item = fields[found[1]]
    high = int(found[2]) if found[2] else item.width - 1
    low = int(found[3] or found[2]) if found[2] else 0
    ones = ((1 << (high - low + 1)) - 1) << low
    return Guard(text, item.insert(ones), item.insert(int(found[4]) << low))


_OPERAND = re.compile(r"\s*([a-z]\w*'?)(?::([a-z]+)(\d*))?|\s*([(),!])")


def _operand(name: str, kind: str, bits: str, fields: Mapping[str, Field], where: str) -> Operand:
    if re.fullmatch(r"x\d+", name):
        return Operand(name, "fixed", int(name[1:]), int(name[1:]))
    if name not in fields:
        raise IsaError(f"{where}: operand {name} is no field of the encoding")
    if name in REGISTER_FIELDS:
        return Operand(name, "creg", 8, 15) if name.endswith("'") else Operand(name, "reg", 0, 31)
    item = fields[name]
    width, step = item.width, item.step
    if kind == "lane":
        return Operand(name, "u", 0, 32 // int(bits) - 1)
    if kind in ("s", "u") and bits and int(bits) != width:
        raise IsaError(f"{where}: operand {name}:{kind}{bits} but its field has {width} bits")
    if kind in ("s", "pc"):
        return Operand(name, kind, -(1 << (width - 1)), (1 << (width - 1)) - step, step)
    if kind in ("u", "end"):
        return Operand(name, kind, 0, (1 << width) - step, step)
    fixed = {
        "csr": (0, 0xFFF),
        "loop": (0, 1),
        "hi": (0, 0xFFFFF),
        "chi": (1, 0xFFFFF),
        "fence": (0, 15),
        "reload": (0, 23),  # of imm5 bits 4 and 3, at most one may be set
    }
    if kind in fixed:
        return Operand(name, kind, *fixed[kind])
    raise IsaError(f"{where}: operand {name} has the unknown kind {kind!r}")


def parse_syntax(text: str, fields: Mapping[str, Field], where: str = "operands") -> Syntax:
    """Read `rd, imm:s12(rs1!)`."""
    parts: list[Operand | str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        found = _OPERAND.match(text, position)
        if not found:
            raise IsaError(f"{where}: cannot read operands {text!r} at {text[position:]!r}")
        position = found.end()
        parts.append(found[4] or _operand(found[1], found[2] or "", found[3] or "", fields, where))
    return Syntax(text, tuple(parts))


def bind_expansion(text: str, bases: Mapping[str, list[Instruction]], where: str) -> Expansion:
    """Read `addi rd, x0, imm` against the syntax of addi."""
    name, _, operands = text.partition(" ")
    tokens = re.findall(r"[(),!]|[^\s(),!]+", operands)
    for base in bases.get(name, ()):
        for syntax in base.syntaxes:
            if len(tokens) != len(syntax.parts):
                continue
            bindings: dict[str, str | int] = {}
            for token, part in zip(tokens, syntax.parts, strict=True):
                if isinstance(part, str):
                    if token != part:
                        break
                elif re.fullmatch(r"x\d+", token):
                    bindings[part.name] = int(token[1:])
                elif re.fullmatch(r"-?\d+", token):
                    bindings[part.name] = int(token)
                else:
                    bindings[part.name] = token
            else:
                return Expansion(base, bindings, text)
    raise IsaError(f"{where}: no instruction fits the expansion {text!r}")
