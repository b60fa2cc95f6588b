"""The ISA as data: fields, operands, instructions, aliases, CSRs and formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

__all__ = [
    "CORES",
    "TIMINGS",
    "Alias",
    "Csr",
    "CsrField",
    "Expansion",
    "Field",
    "Format",
    "Guard",
    "Instruction",
    "Isa",
    "IsaError",
    "Operand",
    "Syntax",
    "sign_extend",
]

# Order and bit values are those of Profile in flexdbg/core/types.hpp.
CORES: Mapping[str, int] = {"ri5cy": 1, "xpulpnn": 2, "mpic": 4, "flexv": 8}

TIMINGS = [
    "alu",
    "mul",
    "dotp",
    "mulh",
    "div",
    "load",
    "store",
    "elw",
    "macload",
    "branch",
    "jal",
    "jalr",
    "csr",
    "hwloop",
    "fence",
    "ecall",
    "ebreak",
    "mret",
    "wfi",
    "dret",
    "illegal",
]


class IsaError(Exception):
    """A mistake in the tables; the message starts with file and row."""


def sign_extend(value: int, bits: int) -> int:
    """Read the low `bits` of value as two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


@dataclass(frozen=True, slots=True)
class Field:
    """Bits of a word that hold a value, possibly scattered; pieces are (word bit, width, value bit)."""

    name: str
    pieces: tuple[tuple[int, int, int], ...]

    @property
    def width(self) -> int:
        return max(low + width for _, width, low in self.pieces)

    @property
    def step(self) -> int:
        return 1 << min(low for _, _, low in self.pieces)

    @property
    def mask(self) -> int:
        return sum(((1 << width) - 1) << bit for bit, width, _ in self.pieces)

    def extract(self, word: int) -> int:
        return sum(((word >> bit) & ((1 << width) - 1)) << low for bit, width, low in self.pieces)

    def insert(self, value: int) -> int:
        return sum(((value >> low) & ((1 << width) - 1)) << bit for bit, width, low in self.pieces)


@dataclass(frozen=True, slots=True)
class Operand:
    """One operand: the field it goes to (or a literal register) and what may be written there."""

    name: str  # field name, or "x2" for a fixed register
    kind: str  # reg creg fixed s u pc end hi chi csr loop fence
    low: int = 0
    high: int = 0
    step: int = 1

    @property
    def is_register(self) -> bool:
        return self.kind in ("reg", "creg", "fixed")

    @property
    def signed(self) -> bool:
        return self.kind in ("s", "pc", "hi", "chi")


@dataclass(frozen=True, slots=True)
class Syntax:
    """Assembler syntax: operands and the punctuation between them."""

    text: str
    parts: tuple[Operand | str, ...]

    @property
    def operands(self) -> tuple[Operand, ...]:
        return tuple(p for p in self.parts if isinstance(p, Operand))

    @property
    def shape(self) -> str:
        return "".join(p if isinstance(p, str) else "_" for p in self.parts)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition on operands: the row does not apply to words with (word & mask) == value."""

    text: str
    mask: int
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """Another instruction with its fields bound to own fields (str) or to constants (int)."""

    base: Instruction
    bindings: Mapping[str, str | int]
    text: str


@dataclass(frozen=True, eq=False)
class Instruction:
    """One row: everything that is known about one instruction word pattern."""

    id: str
    name: str
    extension: str
    cores: tuple[str, ...]
    pattern: str
    length: int
    match: int
    mask: int
    fields: Mapping[str, Field]
    syntaxes: tuple[Syntax, ...]  # the first is the canonical one
    summary: str
    pseudo: str
    timing: str
    source: str
    aliases: tuple[str, ...] = ()
    unchecked: int = 0  # bits of the mask that the cores in unchecked_on ignore
    unchecked_on: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, int] = field(default_factory=dict)
    extra: Mapping[str, Field] = field(default_factory=dict)
    expand: Expansion | None = None
    runs_as: str = ""
    traps: bool = False
    assemble: bool = True
    exec: str = ""
    rtl_variant: bool = False
    virtual: bool = False
    wide: bool = False  # no defined result in formats other than 16- and 8-bit lanes
    lanes: int = 0
    mode: str = ""
    size: int = 0
    signed: bool = False

    @property
    def syntax(self) -> Syntax:
        return self.syntaxes[0]

    @cached_property
    def kinds(self) -> Mapping[str, Operand]:
        """Operand of each field that is written in the assembler text."""
        return {o.name: o for o in self.syntax.operands}

    def value(self, name: str, word: int) -> int:
        """Field value as an operand: sign-extended, compressed register fields as register numbers."""
        raw = self.fields[name].extract(word)
        operand = self.kinds.get(name)
        if name.endswith("'"):
            return raw + 8
        if operand is not None and operand.signed:
            return sign_extend(raw, self.fields[name].width)
        return raw

    def applies(self, word: int) -> bool:
        return not any(word & g.mask == g.value for g in self.guards)

    def matches(self, word: int, core: str | None = None) -> bool:
        """Whether this row decodes `word`; strictly when no core is named."""
        mask = self.mask & ~self.unchecked if core in self.unchecked_on else self.mask
        return word & mask == self.match & mask and self.applies(word)


@dataclass(frozen=True, eq=False)
class Alias:
    """Another name of an instruction, some of whose fields it may fix."""

    name: str
    syntax: Syntax
    target: Expansion
    cores: tuple[str, ...]
    summary: str
    source: str
    show: bool = False  # the disassembler prefers it
    view: str = ""  # "virtual": the CSR-driven view of the disassembler

    @cached_property
    def fixed(self) -> tuple[int, int]:
        """(mask, match) of the words this alias stands for."""
        mask, match = self.target.base.mask, self.target.base.match
        for name, value in self.target.bindings.items():
            if isinstance(value, int):
                mask |= self.target.base.fields[name].mask
                match |= self.target.base.fields[name].insert(value)
        return mask, match


@dataclass(frozen=True, slots=True)
class CsrField:
    name: str
    high: int
    low: int
    summary: str


@dataclass(frozen=True, slots=True)
class Csr:
    """One control and status register."""

    address: int
    name: str
    aliases: tuple[str, ...]
    cores: tuple[str, ...]
    access: str  # URW URO MRW MRO DRW
    reset: int
    summary: str
    note: str
    fields: tuple[CsrField, ...]
    group: str


@dataclass(frozen=True, slots=True)
class Format:
    """A value of simd_fmt: lane widths in bits and the number of weight slices in a word."""

    code: int
    name: str
    activation_bits: int
    weight_bits: int
    slices: int
    summary: str

    @property
    def lanes(self) -> int:
        return 32 // self.activation_bits

    @property
    def mixed(self) -> bool:
        return self.slices > 1


@dataclass(frozen=True, eq=False)
class Isa:
    """All tables together, with the indexes that lookups need."""

    instructions: tuple[Instruction, ...]
    aliases: tuple[Alias, ...]
    csrs: tuple[Csr, ...]
    formats: tuple[Format, ...]
    digest: str

    @cached_property
    def by_id(self) -> Mapping[str, Instruction]:
        return {i.id: i for i in self.instructions}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Instruction | Alias, ...]]:
        """Mnemonic to everything it can mean. Rows come before aliases with fixed operands."""
        names: dict[str, list[Instruction | Alias]] = {}
        for i in self.instructions:
            if i.assemble:
                for name in (i.name, *i.aliases):
                    names.setdefault(name, []).append(i)
        for a in self.aliases:
            names.setdefault(a.name, []).append(a)
        return {name: tuple(rows) for name, rows in names.items()}

    @cached_property
    def csr_by_address(self) -> Mapping[int, Csr]:
        return {c.address: c for c in self.csrs}

    @cached_property
    def csr_by_name(self) -> Mapping[str, Csr]:
        return {name.lower(): c for c in self.csrs for name in (c.name, *c.aliases)}

    def find(self, name: str) -> Iterator[Instruction | Alias]:
        yield from self.by_name.get(name.lower(), ())
