"""The assembler: PULP and GNU assembly text to words."""

from __future__ import annotations

from dataclasses import dataclass, field

from .encode import Context, EncodeError, encode, fit, near_names, register
from .expressions import ExpressionError, UnknownSymbol, Value, evaluate
from .model import Alias, Instruction, Isa
from .model_cache import isa_model
from .source import Statement, split_operands, split_source

__all__ = ["AssemblyError", "Encoded", "assemble", "assemble_one"]

_DATA = {
    **dict.fromkeys((".word", ".4byte", ".long", ".int"), 4),
    **dict.fromkeys((".half", ".2byte", ".short", ".hword"), 2),
    **dict.fromkeys((".byte", ".1byte"), 1),
}
_STRINGS = {".ascii": b"", ".asciz": b"\0", ".string": b"\0"}
_WITHOUT_EFFECT = (
    ".text .data .section .globl .global .local .type .size .file .loc .option .ident .attribute "
    ".weak .hidden .cfi_startproc .cfi_endproc .end"
)
_IGNORED = frozenset(_WITHOUT_EFFECT.split())
_SET = frozenset((".equ", ".set", ".equiv"))
_LARGEST = 1 << 24  # bytes of output; .org and .space beyond it are a mistake
_DEEPEST = 40  # symbols defined by symbols
_NOP, _C_NOP = 0x00000013, 0x0001


class AssemblyError(ValueError):
    """A line that cannot be assembled."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Encoded:
    """One instruction or datum: `word` holds `length` bytes, little-endian."""

    address: int
    word: int
    length: int
    line: int
    is_code: bool = False  # an instruction, those that fill an alignment included

    @property
    def data(self) -> bytes:
        return self.word.to_bytes(self.length, "little")


@dataclass(frozen=True, slots=True)
class _Place:
    statement: Statement
    address: int
    order: int


@dataclass
class _Assembler:
    isa: Isa
    core: str | None
    addresses: bool
    labels: dict[str, int] = field(default_factory=dict)
    numbered: dict[str, list[tuple[int, int]]] = field(default_factory=dict)  # digit label: (order, address)
    constants: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # text, address, order
    pending: set[str] = field(default_factory=set)  # constants being evaluated
    known: dict[str, Value] = field(default_factory=dict)  # constants that have been

    # ---- symbols

    def lookup(self, name: str, address: int, order: int) -> Value:
        if name == ".":
            return Value(address, 1)
        if name[0].isdigit():
            return self._numbered(name, order)
        if name in self.labels:
            return Value(self.labels[name], 1)
        if name in self.constants:
            if name not in self.known:
                self.known[name] = self._constant(name)
            return self.known[name]
        raise UnknownSymbol(f"unknown symbol {name!r}{near_names(name, [*self.labels, *self.constants])}")

    def _constant(self, name: str) -> Value:
        if name in self.pending:
            raise ExpressionError(f"{name!r} is defined by itself")
        if len(self.pending) >= _DEEPEST:
            raise ExpressionError(f"{name!r} is defined through too many other symbols")
        self.pending.add(name)
        text, here, when = self.constants[name]
        try:
            return evaluate(text, lambda inner: self.lookup(inner, here, when))
        except RecursionError:
            raise ExpressionError(f"{name!r} is nested too deeply") from None
        finally:
            self.pending.discard(name)

    def define(self, name: str, text: str, address: int, order: int) -> None:
        """A symbol with a value; what was computed from others may change with it."""
        self.constants[name] = (text, address, order)
        self.known.clear()

    def _numbered(self, name: str, order: int) -> Value:
        known = self.numbered.get(name[:-1], ())
        if name[-1] == "b":
            found = [a for o, a in known if o <= order][-1:]
        else:
            found = [a for o, a in known if o > order][:1]
        if not found:
            where = "before" if name[-1] == "b" else "behind"
            raise UnknownSymbol(f"no label {name[:-1]}: {where} this line")
        return Value(found[0], 1)

    def context(self, address: int, order: int) -> Context:
        return Context(lambda name: self.lookup(name, address, order), address, self.addresses)

    def number(self, text: str, address: int, order: int) -> int:
        return evaluate(text, lambda name: self.lookup(name, address, order)).number

    # ---- instructions

    def instruction(self, name: str, operands: str, context: Context) -> tuple[int, int]:
        """(word, length) of one instruction; the message of the best-fitting row if none fits."""
        rows = tuple(self.isa.find(name))
        if not rows:
            raise EncodeError(f"unknown instruction {name!r}{near_names(name, list(self.isa.by_name))}")
        if self.core:
            on_core = tuple(r for r in rows if self.core in r.cores)
            if not on_core:
                cores = sorted({c for r in rows for c in r.cores})
                raise EncodeError(f"{name} does not exist on {self.core}, only on {', '.join(cores)}")
            rows = on_core
        candidates = fit(rows, operands)
        if not candidates:
            texts = {r.syntax.text.replace("'", "") or "nothing": None for r in rows}
            raise EncodeError(
                f"{name} takes {' or '.join(_readable(t) for t in texts)}, not {operands or 'nothing'!r}"
            )
        best: EncodeError | UnknownSymbol | ExpressionError | None = None
        for candidate in candidates:
            try:
                word = encode(self.isa, candidate, context)
            except (EncodeError, ExpressionError) as error:
                progress = error.progress if isinstance(error, EncodeError) else 99
                if best is None or progress > getattr(best, "progress", 99):
                    best = error
                continue
            return word, _base(candidate.row).length
        assert best is not None
        raise type(best)(f"{name}: {best}")

    def macro(self, name: str, parts: list[str], address: int, order: int) -> list[tuple[int, int]] | None:
        """Pseudo-instructions of more than one word."""
        context = self.context(address, order)

        def one(mnemonic: str, *operands: str | int) -> tuple[int, int]:
            return self.instruction(mnemonic, ", ".join(map(str, operands)), Context(context.lookup, address))

        if name == "li" and len(parts) == 2:
            value = evaluate(parts[1], context.lookup)
            if not -(1 << 31) <= value.number < 1 << 32:
                raise EncodeError(f"li: operand 2: value {value.number} does not fit in 32 bits")
            high, low = _split(value.number)
            words = [] if not high and not value.address else [one("lui", parts[0], high)]
            if low or not words or value.address:
                words.append(one("addi", parts[0], parts[0] if words else "x0", low))
            return words
        if name in ("la", "lla") and len(parts) == 2:
            high, low = _split(self.number(parts[1], address, order) - address)
            return [one("auipc", parts[0], high), one("addi", parts[0], parts[0], low)]
        if name in ("call", "tail") and len(parts) in (1, 2):
            link = parts[0] if len(parts) == 2 else "ra" if name == "call" else "t1"
            if register(link) is None:
                raise EncodeError(f"{name}: operand 1: {link!r} is no register")
            value = evaluate(parts[-1], context.lookup)
            distance = value.number - (address if value.address or self.addresses else 0)
            high, low = _split(distance)
            back = link if name == "call" else "x0"
            return [one("auipc", link, high), one("jalr", back, f"{low}({link})")]
        return None


def _base(row: Instruction | Alias) -> Instruction:
    return row if isinstance(row, Instruction) else row.target.base


def _readable(syntax: str) -> str:
    """`rd, imm:s12(rs1)` as it is written in messages."""
    text = syntax
    for kind in ("pc", "end"):
        text = text.replace(f":{kind}", ":target")
    out, skip = "", False
    for char in text:
        if char == ":":
            skip = True
        elif not char.isalnum():
            skip = False
        if not skip:
            out += char
    return f"'{out}'"


def _split(number: int) -> tuple[int, int]:
    """(upper 20 bits, signed lower 12 bits) as lui or auipc and addi need them."""
    low = ((number & 0xFFF) ^ 0x800) - 0x800
    return ((number - low) >> 12) & 0xFFFFF, low


def _string(text: str) -> bytes:
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise EncodeError(f"{text!r} is no string")
    out, k, body = bytearray(), 0, text[1:-1].encode()
    escapes = {ord("n"): 10, ord("t"): 9, ord("r"): 13, ord("0"): 0, ord("\\"): 92, ord('"'): 34}
    while k < len(body):
        if body[k] == 92 and k + 1 < len(body):
            k += 1
            out.append(escapes.get(body[k], body[k]))
        else:
            out.append(body[k])
        k += 1
    return bytes(out)


def _padding(address: int, count: int, line: int) -> list[Encoded]:
    """Alignment with instructions that do nothing."""
    out = []
    end = address + count
    while address < end:
        if address & 1:
            word, length = 0, 1
        elif address & 2 or end - address < 4:
            word, length = (_C_NOP, 2) if end - address >= 2 else (0, 1)
        else:
            word, length = _NOP, 4
        out.append(Encoded(address, word, length, line, length > 1))
        address += length
    return out


class _Program:
    """Two passes over the statements: addresses, then words."""

    def __init__(self, text: str, origin: int, assembler: _Assembler) -> None:
        self.statements = list(split_source(text))
        self.origin = origin
        self.asm = assembler

    def layout(self) -> list[_Place]:
        places, address = [], self.origin
        for order, statement in enumerate(self.statements):
            for label in statement.labels:
                self._label(label, address, order, statement.line)
            places.append(_Place(statement, address, order))
            try:
                address = self._advance(statement, address, order)
            except (EncodeError, ExpressionError) as error:
                raise AssemblyError(statement.line, str(error)) from None
            if not 0 <= address - self.origin <= _LARGEST:
                raise AssemblyError(statement.line, f"the output would have {address - self.origin:,} bytes")
        return places

    def _label(self, label: str, address: int, order: int, line: int) -> None:
        if label.isdigit():
            self.asm.numbered.setdefault(str(int(label)), []).append((order, address))
        elif label in self.asm.labels:
            raise AssemblyError(line, f"label {label!r} is defined twice")
        else:
            self.asm.labels[label] = address

    def _advance(self, statement: Statement, address: int, order: int) -> int:
        name, operands = statement.name.lower(), statement.operands
        if not name:
            return address
        parts = split_operands(operands)
        if name in _SET or (operands.startswith("=") and not operands.startswith("==")):
            symbol = "".join(parts[:1]) if name in _SET else statement.name
            value = ", ".join(parts[1:]) if name in _SET else operands[1:]
            if not symbol or not value.strip():
                raise EncodeError(f"{name} takes a symbol and a value")
            self.asm.define(symbol, value, address, order)
            return address
        if name.startswith("."):
            return address + self._directive_size(name, parts, address, order)
        if name.startswith("c."):
            return address + 2
        if name in ("la", "lla", "call", "tail"):
            return address + 8
        if name == "li" and len(parts) == 2:
            try:
                return address + 4 * len(self.asm.macro("li", parts, address, order) or ())
            except UnknownSymbol:
                return address + 8  # a symbol further on: room for both words
        return address + 4

    def _directive_size(self, name: str, parts: list[str], address: int, order: int) -> int:
        if name in _DATA:
            return _DATA[name] * len(parts)
        if name in _STRINGS:
            return sum(len(_string(p)) + len(_STRINGS[name]) for p in parts)
        if name in (".align", ".p2align", ".balign"):
            number = self.asm.number(parts[0] if parts else "", address, order)
            if name != ".balign" and not 0 <= number <= 20:
                raise EncodeError(f"{name}: {number} is not in 0..20")
            size = number if name == ".balign" else 1 << number
            if size <= 0 or size & (size - 1):
                raise EncodeError(f"{name}: {size} is no power of two")
            return -address % size
        if name in (".org", ".skip", ".space", ".zero"):
            number = self.asm.number(parts[0] if parts else "", address, order)
            size = (
                number - address + (self.origin if number < self.origin else 0) if name == ".org" else number
            )
            if size < 0:
                raise EncodeError(f"{name} cannot go backwards")
            if size > _LARGEST:
                raise EncodeError(f"{name}: {size:,} bytes are too many")
            return size
        if name in _IGNORED:
            return 0
        known = [
            *_DATA,
            *_STRINGS,
            *_SET,
            ".align",
            ".balign",
            ".p2align",
            ".org",
            ".space",
            ".zero",
            ".text",
        ]
        raise EncodeError(f"unknown directive {name!r}{near_names(name, known)}")

    def encode(self, places: list[_Place]) -> list[Encoded]:
        out: list[Encoded] = []
        self.asm.known.clear()  # labels have their final addresses now
        for index, place in enumerate(places):
            following = places[index + 1].address if index + 1 < len(places) else None
            try:
                out += self._emit(place, following)
            except (EncodeError, ExpressionError) as error:
                raise AssemblyError(place.statement.line, str(error)) from None
        return out

    def _emit(self, place: _Place, following: int | None) -> list[Encoded]:
        statement, address, order = place.statement, place.address, place.order
        name, line = statement.name.lower(), statement.line
        if not name or name in _SET or statement.operands.startswith("="):
            return []
        parts = split_operands(statement.operands)
        if name.startswith("."):
            return self._emit_directive(name, parts, place)
        words = self.asm.macro(name, parts, address, order)
        if words is None:
            words = [self.asm.instruction(name, statement.operands, self.asm.context(address, order))]
        if name == "li" and len(words) == 1 and following == address + 8:
            words.append((_NOP, 4))  # room was made for a symbol that turned out small
        out = []
        for word, length in words:
            out.append(Encoded(address, word, length, line, True))
            address += length
        return out

    def _emit_directive(self, name: str, parts: list[str], place: _Place) -> list[Encoded]:
        address, line = place.address, place.statement.line
        if name in _DATA:
            out, length = [], _DATA[name]
            for k, part in enumerate(parts):
                number = self.asm.number(part, address, place.order)
                low, high = -(1 << (8 * length - 1)), (1 << (8 * length)) - 1
                if not low <= number <= high:
                    raise EncodeError(f"{name}: operand {k + 1}: value {number} is not in {low}..{high}")
                out.append(Encoded(address + k * length, number & high, length, line))
            return out
        if name in _STRINGS:
            data = b"".join(_string(p) + _STRINGS[name] for p in parts)
            return [Encoded(address + k, byte, 1, line) for k, byte in enumerate(data)]
        size = self._directive_size(name, parts, address, place.order)
        if name in (".align", ".p2align", ".balign"):
            return _padding(address, size, line)
        return [Encoded(address + k, 0, 1, line) for k in range(size)]


def assemble(
    text: str, origin: int = 0, *, core: str | None = None, addresses: bool = False
) -> list[Encoded]:
    """Assemble source text.

    Branch targets are labels, `.`-expressions, or plain numbers: distances in bytes from the instruction, or
    addresses when `addresses` is set (for text of the disassembler). `core` refuses what that core lacks.
    """
    program = _Program(text, origin, _Assembler(isa_model(), core, addresses))
    return program.encode(program.layout())


def assemble_one(text: str, pc: int = 0, *, core: str | None = None) -> list[Encoded]:
    """Assemble one line typed at `pc`; numeric targets are distances."""
    return assemble(text, pc, core=core)
