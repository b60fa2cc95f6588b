"""DWARF expressions: where a variable is, what a frame's base and saved registers are (DWARF 5, 2.5, 2.6)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from elftools.common.exceptions import DWARFError
from elftools.dwarf.dwarf_expr import DWARFExprParser

from flexdbg.debug.values import OPTIMIZED_OUT

__all__ = ["MISSING", "Machine", "Piece", "evaluate", "location_at", "number_of"]

_MOST_STEPS = 10_000
_WORD = 0xFFFF_FFFF


class Machine(Protocol):
    """What an expression may ask of a frame. What the program has not kept raises `Unavailable`."""

    def register(self, number: int) -> int: ...

    def memory(self, address: int, size: int) -> bytes: ...

    def cfa(self) -> int: ...

    def frame_base(self) -> int: ...

    def entry_value(self, expression: list[Any]) -> int:
        """The value at the entry of the function."""

    def base_type(self, offset: int) -> tuple[int, bool]:
        """Bits and sign of a type of the unit."""


class Unavailable(Exception):
    """The value is not kept at this place in the program."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an object: in memory or a register, or bytes that are nowhere, or not kept at all.

    `size` in bytes is 0 for the whole object; `bit_offset` is counted from the start of memory or register.
    """

    where: str  # "memory", "register", "bytes" or "missing"
    at: int = 0  # address or register
    data: bytes = b""
    size: int = 0
    bit_offset: int = 0
    note: str = OPTIMIZED_OUT


MISSING = Piece("missing")
_SYNTHETIC = Piece("missing", note="<synthetic pointer>")

# A number, with bits and sign where it has a type; None: a generic word.
_Entry = tuple[int, tuple[int, bool] | None]


@lru_cache(maxsize=1024)
def parse(structs: Any, code: bytes) -> list[Any]:
    """The operations of an expression; whoever gets them must not change the list."""
    return _parser(structs).parse_expr(code)


@lru_cache(maxsize=32)
def _parser(structs: Any) -> DWARFExprParser:
    return DWARFExprParser(structs)


def location_at(dwarf: Any, die: Any, attribute: str, pc: int) -> list[Any] | None:
    """The operations that locate something at a pc; None where it has no place there."""
    found = die.attributes.get(attribute)
    if found is None:
        return None
    structs, version = die.cu.structs, die.cu.header["version"]
    if found.form in (
        "DW_FORM_exprloc",
        "DW_FORM_block",
        "DW_FORM_block1",
        "DW_FORM_block2",
        "DW_FORM_block4",
    ):
        return parse(structs, bytes(found.value))
    for begin, end, code in location_ranges(dwarf, die, attribute, version):
        if begin <= pc < end:
            return parse(structs, code)
    return None


def location_ranges(dwarf: Any, die: Any, attribute: str, version: int) -> list[tuple[int, int, bytes]]:
    """A location list: from, to, expression."""
    from elftools.dwarf.locationlists import LocationParser

    entries: Any = LocationParser(dwarf.location_lists()).parse_from_attribute(
        die.attributes[attribute], version, die
    )
    top = die.cu.get_top_DIE().attributes.get("DW_AT_low_pc")
    base = top.value if top is not None else 0
    found = []
    for entry in entries if isinstance(entries, list) else ():
        if hasattr(entry, "base_address"):
            base = entry.base_address
        elif hasattr(entry, "loc_expr"):
            shift = 0 if getattr(entry, "is_absolute", False) else base
            found.append((entry.begin_offset + shift, entry.end_offset + shift, bytes(entry.loc_expr)))
    return found


def evaluate(operations: list[Any], machine: Machine, start: int | None = None) -> list[Piece]:
    """Where the object is, in pieces; one piece of size 0 is the whole object."""
    try:
        return _Run(operations, machine, start).pieces()
    except Unavailable:
        return [MISSING]


def number_of(operations: list[Any], machine: Machine, start: int | None = None) -> int:
    """The number that an expression computes, the contents of a register it names. Raises Unavailable."""
    piece = _Run(operations, machine, start).pieces()[0]
    if piece.where == "memory":
        return piece.at
    if piece.where == "register":
        return machine.register(piece.at)
    if piece.where == "bytes":
        return int.from_bytes(piece.data, "little")
    raise Unavailable


class _Run:
    """One evaluation: a stack and what has been said of the object so far."""

    def __init__(self, operations: list[Any], machine: Machine, start: int | None) -> None:
        self._operations = operations
        self._machine = machine
        self._stack: list[_Entry] = [] if start is None else [(start, None)]
        self._simple: Piece | None = None  # said by DW_OP_reg and the like
        self._pieces: list[Piece] = []

    def pieces(self) -> list[Piece]:
        index, steps = 0, 0
        while index < len(self._operations):
            steps += 1
            if steps > _MOST_STEPS:
                raise DWARFError("a location expression does not end")
            operation = self._operations[index]
            index = self._jump(index, operation)
        return self._pieces or [self._take_piece()]

    def _take_piece(self) -> Piece:
        if self._simple is not None:
            piece, self._simple = self._simple, None
            return piece
        if not self._stack:
            return MISSING
        return Piece("memory", self._pop() & _WORD)

    def _jump(self, index: int, operation: Any) -> int:
        """Execute one operation; gives the index of the next."""
        name = operation.op_name
        if name == "DW_OP_skip" or (name == "DW_OP_bra" and self._pop()):
            after = operation.offset + 3
            for number, other in enumerate(self._operations):
                if other.offset == after + operation.args[0]:
                    return number
            if self._operations[-1].offset < after + operation.args[0]:
                return len(self._operations)
            raise DWARFError("a location expression branches into an operation")
        if name != "DW_OP_bra":
            self._execute(name, operation.args)
        return index + 1

    def _pop(self) -> int:
        if not self._stack:
            raise DWARFError("a location expression takes from an empty stack")
        return self._stack.pop()[0]

    def _push(self, number: int, kind: tuple[int, bool] | None = None) -> None:
        self._stack.append((_fit(number, kind), kind))

    def _execute(self, name: str, arguments: list[Any]) -> None:
        short = name.removeprefix("DW_OP_").removeprefix("GNU_")
        if short[:3] == "lit" and short[3:].isdigit():
            self._push(int(short[3:]))
        elif short[:3] == "reg" and short[3:].isdigit():
            self._simple = Piece("register", int(short[3:]))
        elif short[:4] == "breg" and short[4:].isdigit():
            self._push(self._machine.register(int(short[4:])) + arguments[0])
        elif short in _BINARY:
            self._binary(short)
        elif short in _ACTIONS:
            _ACTIONS[short](self, arguments)
        elif short in ("addr", "constu", "consts") or (short[:5] == "const" and short[5:6].isdigit()):
            self._push(arguments[0])
        else:
            raise DWARFError(f"a location expression uses {name}")

    def _binary(self, name: str) -> None:
        if len(self._stack) < 2:
            raise DWARFError("a location expression takes from an empty stack")
        b, _ = self._stack.pop()
        a, kind = self._stack.pop()
        signed = kind is None and name in ("div", "lt", "le", "gt", "ge", "shra")
        x, y = (_signed(a), _signed(b)) if signed else (a, b)
        if name in ("div", "mod") and not y:
            raise DWARFError("a location expression divides by zero")
        self._push(_BINARY[name](x, y), None if name in _COMPARISONS else kind)

    # Operations

    def _register(self, arguments: list[Any]) -> None:
        self._simple = Piece("register", arguments[0])

    def _based(self, arguments: list[Any]) -> None:
        self._push(self._machine.register(arguments[0]) + arguments[1])

    def _frame_base(self, arguments: list[Any]) -> None:
        self._push(self._machine.frame_base() + arguments[0])

    def _cfa(self, arguments: list[Any]) -> None:
        self._push(self._machine.cfa())

    def _pick(self, arguments: list[Any]) -> None:
        depth = arguments[0]
        if depth >= len(self._stack):
            raise DWARFError("a location expression takes from an empty stack")
        self._stack.append(self._stack[-1 - depth])

    def _drop(self, arguments: list[Any]) -> None:
        self._pop()

    def _swap(self, arguments: list[Any]) -> None:
        if len(self._stack) < 2:
            raise DWARFError("a location expression takes from an empty stack")
        self._stack[-2:] = self._stack[:-3:-1]

    def _rotate(self, arguments: list[Any]) -> None:
        if len(self._stack) < 3:
            raise DWARFError("a location expression takes from an empty stack")
        self._stack[-3:] = [self._stack[-1], self._stack[-3], self._stack[-2]]

    def _unary(self, function: Callable[[int], int]) -> None:
        kind = self._stack[-1][1] if self._stack else None
        self._push(function(self._pop()), kind)

    def _load(self, size: int, kind: tuple[int, bool] | None = None) -> None:
        if not 0 < size <= 8:
            raise DWARFError(f"a location expression reads {size} bytes")
        data = self._machine.memory(self._pop() & _WORD, size)
        self._push(int.from_bytes(data, "little"), kind)

    def _piece(self, arguments: list[Any]) -> None:
        piece = self._take_piece()
        self._pieces.append(Piece(piece.where, piece.at, piece.data, arguments[0], 0, piece.note))

    def _bit_piece(self, arguments: list[Any]) -> None:
        piece = self._take_piece()
        if arguments[0] % 8:
            raise DWARFError("a location expression cuts within bytes")
        self._pieces.append(
            Piece(piece.where, piece.at, piece.data, arguments[0] // 8, arguments[1], piece.note)
        )

    def _stack_value(self, arguments: list[Any]) -> None:
        kind = self._stack[-1][1] if self._stack else None
        size = 4 if kind is None else max(kind[0] // 8, 1)
        number = self._pop() & ((1 << 8 * size) - 1)
        self._simple = Piece("bytes", data=number.to_bytes(size, "little"))

    def _implicit_value(self, arguments: list[Any]) -> None:
        self._simple = Piece("bytes", data=bytes(arguments[0]))

    def _implicit_pointer(self, arguments: list[Any]) -> None:
        self._simple = _SYNTHETIC

    def _entry_value(self, arguments: list[Any]) -> None:
        self._push(self._machine.entry_value(arguments[0]))

    def _convert(self, arguments: list[Any]) -> None:
        kind = self._machine.base_type(arguments[0]) if arguments[0] else None
        self._push(self._pop(), kind)

    def _register_of_type(self, arguments: list[Any]) -> None:
        self._push(self._machine.register(arguments[0]), self._machine.base_type(arguments[1]))

    def _load_of_type(self, arguments: list[Any]) -> None:
        self._load(arguments[0], self._machine.base_type(arguments[1]))

    def _constant_of_type(self, arguments: list[Any]) -> None:
        self._push(int.from_bytes(bytes(arguments[1]), "little"), self._machine.base_type(arguments[0]))

    def _gone(self, arguments: list[Any]) -> None:
        raise Unavailable


def _signed(number: int) -> int:
    number &= _WORD
    return number - (1 << 32) if number >> 31 else number


def _fit(number: int, kind: tuple[int, bool] | None) -> int:
    bits, signed = kind or (32, False)
    number &= (1 << bits) - 1
    return number - (1 << bits) if signed and number >> (bits - 1) else number


def _quotient(a: int, b: int) -> int:
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


_COMPARISONS = ("eq", "ge", "gt", "le", "lt", "ne")
_BINARY: dict[str, Callable[[int, int], int]] = {
    "and": lambda a, b: a & b,
    "div": _quotient,
    "minus": lambda a, b: a - b,
    "mod": lambda a, b: a % b,
    "mul": lambda a, b: a * b,
    "or": lambda a, b: a | b,
    "plus": lambda a, b: a + b,
    "shl": lambda a, b: a << min(b, 64) if b >= 0 else 0,
    "shr": lambda a, b: a >> min(b, 64) if b >= 0 else 0,
    "shra": lambda a, b: a >> min(b, 64) if b >= 0 else 0,
    "xor": lambda a, b: a ^ b,
    "eq": lambda a, b: int(a == b),
    "ge": lambda a, b: int(a >= b),
    "gt": lambda a, b: int(a > b),
    "le": lambda a, b: int(a <= b),
    "lt": lambda a, b: int(a < b),
    "ne": lambda a, b: int(a != b),
}
_ACTIONS: dict[str, Callable[[_Run, list[Any]], None]] = {
    "regx": _Run._register,
    "bregx": _Run._based,
    "fbreg": _Run._frame_base,
    "call_frame_cfa": _Run._cfa,
    "deref": lambda run, arguments: run._load(4),
    "deref_size": lambda run, arguments: run._load(arguments[0]),
    "dup": lambda run, arguments: run._pick([0]),
    "drop": _Run._drop,
    "over": lambda run, arguments: run._pick([1]),
    "pick": _Run._pick,
    "swap": _Run._swap,
    "rot": _Run._rotate,
    "abs": lambda run, arguments: run._unary(lambda a: abs(_signed(a))),
    "neg": lambda run, arguments: run._unary(lambda a: -a),
    "not": lambda run, arguments: run._unary(lambda a: ~a),
    "plus_uconst": lambda run, arguments: run._unary(lambda a: a + arguments[0]),
    "nop": lambda run, arguments: None,
    "piece": _Run._piece,
    "bit_piece": _Run._bit_piece,
    "stack_value": _Run._stack_value,
    "implicit_value": _Run._implicit_value,
    "implicit_pointer": _Run._implicit_pointer,
    "entry_value": _Run._entry_value,
    "convert": _Run._convert,
    "reinterpret": _Run._convert,
    "regval_type": _Run._register_of_type,
    "deref_type": _Run._load_of_type,
    "const_type": _Run._constant_of_type,
    "uninit": lambda run, arguments: None,
    "parameter_ref": _Run._gone,
    "variable_value": _Run._gone,
    "addrx": _Run._gone,
    "constx": _Run._gone,
    "form_tls_address": _Run._gone,
    "push_tls_address": _Run._gone,
}
