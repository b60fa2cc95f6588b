"""The disassembler: words to canonical assembly text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .decoding import Entry, buckets, find_entry
from .model import CORES, Alias, Instruction, Operand, Syntax, sign_extend
from .model_cache import isa_model
from .registers import ABI_NAMES

__all__ = ["Disassembly", "decode_word", "disassemble", "disassemble_bytes", "explain"]

ALL_CORES = sum(CORES.values())
CACHE = 1 << 15  # words kept; a kernel has a few thousand


@dataclass(frozen=True, slots=True)
class Disassembly:
    """One decoded word. `target` is the address or distance a branch, jump or hardware loop names."""

    text: str
    name: str
    operands: tuple[str, ...]
    length: int
    row: Instruction | None
    canonical: bool  # assembling `name operands` gives the word again
    distance: int | None = None  # of the target from the instruction, in bytes
    foreign: bool = False  # an XpulpNN word that the chosen core runs as .h or .b


@lru_cache(maxsize=1)
def _table() -> list[list[Entry]]:
    return buckets(isa_model())


@lru_cache(maxsize=1)
def _preferred() -> dict[str, list[Alias]]:
    """Aliases that the disassembler shows, by the id of their row; the first that fits wins."""
    result: dict[str, list[Alias]] = {}
    for alias in isa_model().aliases:
        if alias.show:
            result.setdefault(alias.target.base.id, []).append(alias)
    return result


@lru_cache(maxsize=1)
def _virtual() -> dict[str, Alias]:
    """CSR-driven names by mnemonic."""
    return {a.name: a for a in isa_model().aliases if a.view == "virtual"}


@lru_cache(maxsize=1)
def _trapping() -> tuple[Instruction, ...]:
    return tuple(i for i in isa_model().instructions if i.traps)


def decode_word(word: int, core: str | None = None) -> Entry | None:
    """The decode entry of a word, on one core or on any."""
    return find_entry(_table(), word, CORES[core] if core else ALL_CORES)


def _operand_text(operand: Operand, raw: int, width: int) -> str:
    kind = operand.kind
    if kind == "reg":
        return ABI_NAMES[raw]
    if kind == "creg":
        return ABI_NAMES[raw + 8]
    if kind == "fixed":
        return ABI_NAMES[operand.low]
    if kind == "s":
        return str(sign_extend(raw, width))
    if kind == "hi":
        return hex(raw >> 12)
    if kind == "chi":
        return hex(sign_extend(raw, width) >> 12 & 0xFFFFF)
    if kind == "csr":
        known = isa_model().csr_by_address.get(raw)
        return known.name if known else f"{raw:#x}"
    if kind == "loop":
        return f"x{raw}"
    if kind == "fence":
        return "".join(c for c, bit in (("i", 8), ("o", 4), ("r", 2), ("w", 1)) if raw & bit) or "0"
    return str(raw)


def _fits(operand: Operand, raw: int, width: int) -> bool:
    """Whether the assembler accepts the value."""
    if operand.kind in ("s", "u", "reload"):
        value = sign_extend(raw, width) if operand.kind == "s" else raw
        return operand.low <= value <= operand.high
    return True


def _format(syntax: Syntax, texts: dict[str, str]) -> tuple[str, ...]:
    """Operand texts joined between commas: `4(a1!)` is one."""
    groups = [""]
    for part in syntax.parts:
        if part == ",":
            groups.append("")
        else:
            groups[-1] += part if isinstance(part, str) else texts[part.name]
    return tuple(groups) if syntax.parts else ()


def _render(row: Instruction | Alias, word: int) -> tuple[tuple[str, ...], bool, int | None, str]:
    """(operands, whether they can be assembled, distance, name of the operand that holds it)."""
    base = row.target.base if isinstance(row, Alias) else row
    names = {}
    if isinstance(row, Alias):
        names = {v: k for k, v in row.target.bindings.items() if isinstance(v, str)}
    texts: dict[str, str] = {}
    good, distance, where = True, None, ""
    for operand in row.syntax.operands:
        if operand.kind == "fixed":
            texts[operand.name] = ABI_NAMES[operand.low]
            continue
        item = base.fields[names.get(operand.name, operand.name)]
        raw = item.extract(word)
        if operand.kind in ("pc", "end"):
            distance = sign_extend(raw, item.width) if operand.kind == "pc" else raw
            where = operand.name
            texts[operand.name] = "\0"
            continue
        good &= _fits(operand, raw, item.width)
        texts[operand.name] = _operand_text(operand, raw, item.width)
    return _format(row.syntax, texts), good, distance, where


def _named(word: int, row: Instruction, pseudo: bool, view: str) -> Instruction | Alias:
    """The row, or the alias under which the word is shown."""
    if view == "virtual" and (row.virtual or row.timing == "macload"):
        stem, _, _ = row.name.rpartition(".")
        alias = _virtual().get(f"{stem}.v")
        if alias:
            return alias
    if pseudo:
        for alias in _preferred().get(row.id, ()):
            mask, match = alias.fixed
            if word & mask == match:
                return alias
    return row


def _raw(word: int) -> str:
    return f".4byte 0x{word:08x}" if word & 3 == 3 else f".2byte 0x{word & 0xFFFF:04x}"


@lru_cache(maxsize=CACHE)
def _decode(word: int, core: str | None, pseudo: bool, view: str) -> Disassembly:
    length = 4 if word & 3 == 3 else 2
    entry = decode_word(word, core)
    row = entry.row if entry else None
    if entry and entry.foreign and view == "virtual":
        row = entry.runs  # with sb_legacy = 0 the bits that make it foreign have no meaning
    if row is None:
        for trapping in _trapping():
            if trapping.matches(word) and (core is None or core in trapping.cores):
                row = trapping
    if row is None:
        name, _, value = _raw(word).partition(" ")
        return Disassembly(f"{name} {value}", name, (value,), length, None, True)
    shown = _named(word, row, pseudo, view)
    operands, good, distance, _ = _render(shown, word)
    canonical = good and (row.matches(word) if row.assemble else False) if view != "virtual" else good
    text = f"{shown.name} {', '.join(operands)}".rstrip()
    return Disassembly(
        text, shown.name, operands, length, row, canonical, distance, bool(entry and entry.foreign)
    )


def explain(word: int, core: str | None = None, *, pseudo: bool = True, view: str = "") -> Disassembly:
    """Decode a word for display. In text and operands, NUL stands for the branch target, see `distance`.

    `core` limits decoding to what a core has; `pseudo` shows mv, ret and the like; view "virtual" shows
    CSR-driven instructions under their .v names, as they run with sb_legacy = 0.
    """
    return _decode(word, core, pseudo, view)


def disassemble(
    word: int,
    pc: int | None = None,
    *,
    core: str | None = None,
    pseudo: bool = True,
    view: str = "",
    symbol: Callable[[int], str] | None = None,
) -> str:
    """Assembly text of a word.

    Targets are absolute when `pc` is given, with `symbol(address)` behind them if it has a name, else `.+8`.
    A word that the assembler would write otherwise is shown as data, with the instruction as a comment.
    """
    found = _decode(word, core, pseudo, view)
    text = found.text
    if found.distance is not None:
        if pc is None:
            text = text.replace("\0", f".{found.distance:+d}")
        else:
            address = (pc + found.distance) & 0xFFFFFFFF
            label = symbol(address) if symbol else ""
            text = text.replace("\0", f"0x{address:x}" + (f" <{label}>" if label else ""))
    return text if found.canonical else f"{_raw(word)} # {text}"


def disassemble_bytes(
    data: bytes, address: int = 0, *, core: str | None = None, pseudo: bool = True, view: str = ""
) -> Iterator[tuple[int, int, str]]:
    """(address, word, text) of the instructions in a piece of memory; odd bytes at the end are left out."""
    position = 0
    while position + 2 <= len(data):
        word = int.from_bytes(data[position : position + 2], "little")
        if word & 3 == 3:
            if position + 4 > len(data):
                return
            word = int.from_bytes(data[position : position + 4], "little")
        here = address + position
        yield here, word, disassemble(word, here, core=core, pseudo=pseudo, view=view)
        position += 4 if word & 3 == 3 else 2
