"""One instruction word taken apart: its bits, its operands, what it reads, writes and depends on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .disassembler import decode_word, disassemble, explain
from .effects import effects
from .manual import TIMING_TEXT, cells, notes_of
from .model import Alias, Instruction
from .model_cache import isa_model
from .pseudocode import _values
from .registers import ABI_NAMES

__all__ = ["Anatomy", "Piece", "Role", "csr_dependencies", "dissect", "fixed_name"]

_FIXED_NAMES = {(6, 0): "opcode", (14, 12): "funct3", (31, 25): "funct7", (24, 20): "funct5", (19, 15): "rs1"}
_FIXED_NAMES_16 = {(1, 0): "quadrant", (15, 13): "funct3"}
# What decides the lanes, and what the MPC needs to choose a slice.
_FORMAT = ("sb_legacy", "simd_fmt")
_SLICES = ("mix_cycle", "mix_skip")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bits: what the tables call it and what it holds here."""

    high: int
    low: int
    name: str
    bits: str
    fixed: bool

    @property
    def width(self) -> int:
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True)
class Role:
    """One operand of the instruction that runs: a register number, or an immediate."""

    name: str  # rd, rs1, imm ...
    text: str  # a0, -4
    value: int
    is_register: bool
    reads: bool
    writes: bool


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A decoded word. `row` is None where nothing decodes it; then only word and text mean something."""

    word: int
    length: int
    text: str
    name: str = ""
    summary: str = ""
    row: Instruction | None = None
    base: Instruction | None = None  # what runs: the 32-bit form, or what this core makes of the word
    pieces: tuple[Piece, ...] = ()
    operands: tuple[Role, ...] = ()
    expansion: str = ""  # text of the 32-bit form of a compressed instruction
    csrs: tuple[str, ...] = ()
    pseudo: str = ""
    timing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def reads(self) -> frozenset[int]:
        """Numbers of the x registers it reads."""
        return frozenset(o.value for o in self.operands if o.reads)

    @property
    def writes(self) -> frozenset[int]:
        return frozenset(o.value for o in self.operands if o.writes and o.value)


def dissect(word: int, core: str | None = None, *, pc: int | None = None, view: str = "") -> Anatomy:
    """Take a word apart as `core` decodes it (any core without one); `view` as in `explain`."""
    shown = explain(word, core, view=view)
    text = disassemble(word, pc, core=core, view=view)
    if shown.row is None:
        return Anatomy(word, shown.length, text)
    entry = decode_word(word, core)
    row = shown.row
    base, values = _values(entry.runs if entry and entry.foreign else row, word)
    return Anatomy(
        word=word,
        length=shown.length,
        text=text,
        name=shown.name,
        summary=_summary(row, shown.name),
        row=row,
        base=base,
        pieces=_pieces(row, word),
        operands=_operands(base, values),
        expansion=_expansion(row, values),
        csrs=_csrs(base, values, core),
        pseudo=base.pseudo.replace("; ", "\n"),
        timing=TIMING_TEXT[row.timing],
        notes=tuple(notes_of(row)),
    )


def _summary(row: Instruction, name: str) -> str:
    """The summary of the name shown: with CSR-driven names the lanes are not those of the row."""
    if name != row.name:
        for alias in isa_model().by_name.get(name, ()):
            if isinstance(alias, Alias) and alias.view:
                return alias.summary
    return row.summary


def fixed_name(length: int, high: int, low: int) -> str:
    """What the fixed bits of an encoding are called, such as opcode; nothing where they have no name."""
    return (_FIXED_NAMES if length == 4 else _FIXED_NAMES_16).get((high, low), "")


def csr_dependencies(row: Instruction) -> tuple[str, ...]:
    """CSRs that decide what an instruction does, whatever its operands."""
    base = row.expand.base if row.expand else row
    values = {"imm5": 24} if "imm5" in base.fields else {}
    return tuple(name for name in _csrs(base, values, None) if name in isa_model().csr_by_name)


def _pieces(row: Instruction, word: int) -> tuple[Piece, ...]:
    found = []
    for high, low, content in cells(row):
        width = high - low + 1
        fixed = content[0] in "01"
        name = fixed_name(row.length, high, low) if fixed else content
        found.append(Piece(high, low, name, f"{word >> low & ((1 << width) - 1):0{width}b}", fixed))
    return tuple(found)


def _operands(base: Instruction, values: dict[str, int]) -> tuple[Role, ...]:
    used = effects(base)
    found = []
    for name, value in values.items():
        register = name in ("rd", "rs1", "rs2", "rs3")
        operand = base.kinds.get(name)
        text = ABI_NAMES[value] if register else str(value)
        if operand is not None and operand.kind == "csr":
            known = isa_model().csr_by_address.get(value)
            text = known.name if known else f"{value:#x}"
        elif operand is not None and operand.kind in ("hi", "chi"):
            text = f"{value >> 12 & 0xFFFFF:#x}"
        reads = register and name in used.reads
        found.append(Role(name, text, value, register, reads, register and name in used.writes))
    return tuple(found)


def _expansion(row: Instruction, values: dict[str, int]) -> str:
    """`addi a0, a0, 1` for c.addi."""
    if row.expand is None:
        return ""
    base = row.expand.base
    parts = []
    for part in base.syntax.parts:
        if isinstance(part, str):
            parts.append(", " if part == "," else part)
        elif part.kind in ("reg", "creg", "fixed"):
            parts.append(ABI_NAMES[values.get(part.name, part.low)])
        elif part.kind in ("pc", "end"):
            parts.append(f".{values[part.name]:+d}")
        elif part.kind == "hi":
            parts.append(f"{values[part.name] >> 12 & 0xFFFFF:#x}")
        else:
            parts.append(str(values[part.name]))
    return f"{base.name} {''.join(parts)}".rstrip()


def _csrs(base: Instruction, values: dict[str, int], core: str | None) -> tuple[str, ...]:
    """Names of the CSRs that decide what the instruction does, or that it moves on."""
    names: list[str] = []
    formats = core in (None, "flexv", "mpic")
    walks = base.timing == "macload" and "imm5" in values
    if formats and (base.virtual or walks):
        names += _FORMAT
    if formats and (base.timing == "dotp" or walks):
        names += _SLICES
    if walks and core in (None, "flexv"):
        for bit, which in ((4, "w"), (3, "a")):
            if values["imm5"] >> bit & 1:
                names += [f"{which}_{part}" for part in ("addr", "stride", "rollback", "skip")]
    for part, index in re.findall(r"lp(start|end|count)\[(\w+)\]", base.pseudo):
        names.append(f"lp{part}{values.get(index, index)}")
    if base.timing == "csr":
        known = isa_model().csr_by_address.get(values.get("csr", -1))
        names += [known.name] if known else []
    names += {"mret": ["mstatus", "mepc"], "ecall": ["mtvec", "mepc", "mcause"]}.get(base.timing, [])
    return tuple(dict.fromkeys(names))
