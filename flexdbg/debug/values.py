"""Typed values of the expression language: 32-bit integers, pointers, lanes of a register, arrays."""

from collections.abc import Callable
from dataclasses import dataclass

from flexdbg.errors import ExpressionError

__all__ = ["CODE", "INT", "UINT", "Kind", "Place", "Value", "fit", "kind_named", "lanes_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """An integer type of 1 to 32 bits, or a pointer to one."""

    name: str
    bits: int
    signed: bool
    target: "Kind | None" = None  # what a pointer points to
    code: bool = False  # a code address

    @property
    def size(self) -> int:
        return max(self.bits // 8, 1)

    def pointer(self) -> "Kind":
        return Kind(f"{self.name} *", 32, False, self)


INT = Kind("int", 32, True)
UINT = Kind("unsigned int", 32, False)
CODE = Kind("code", 32, False, code=True)

_KINDS = {
    "char": Kind("char", 8, True),
    "signed char": Kind("char", 8, True),
    "unsigned char": Kind("unsigned char", 8, False),
    "short": Kind("short", 16, True),
    "unsigned short": Kind("unsigned short", 16, False),
    "int": INT,
    "long": INT,
    "signed": INT,
    "unsigned": UINT,
    "unsigned int": UINT,
    "unsigned long": UINT,
    **{
        f"{sign}int{bits}": Kind(f"{sign}int{bits}", bits, not sign)
        for sign in ("", "u")
        for bits in (8, 16, 32)
    },
    **{
        f"{sign}int{bits}_t": Kind(f"{sign}int{bits}", bits, not sign)
        for sign in ("", "u")
        for bits in (8, 16, 32)
    },
    **{
        f"{sign}{bits}": Kind(f"{sign}{bits}", bits, sign == "i")
        for sign in "iu"
        for bits in (2, 4, 8, 16, 32)
    },
}


def kind_named(words: str) -> Kind | None:
    return _KINDS.get(words)


def fit(number: int, kind: Kind) -> int:
    """The number wrapped to the type."""
    number &= (1 << kind.bits) - 1
    if kind.signed and number >> (kind.bits - 1):
        number -= 1 << kind.bits
    return number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives, so that it can be changed, watched and pointed to."""

    write: Callable[[int], None]
    address: int | None = None  # None for registers


@dataclass(frozen=True, slots=True)
class Value:
    """A number with a type; arrays and lanes carry their elements."""

    number: int
    kind: Kind = INT
    place: Place | None = None
    elements: "tuple[Value, ...] | None" = None

    @property
    def unsigned(self) -> int:
        return self.number & ((1 << self.kind.bits) - 1)

    def scalar(self) -> int:
        """The number to calculate with; an array stands for its address, as in C."""
        if self.elements is not None:
            if self.place is None or self.place.address is None:
                raise ExpressionError("these are several lanes: pick one with [N]")
            return self.place.address
        return self.number


def lanes_of(value: Value, suffix: str) -> Value:
    """`$a0.i8`: the register as lanes, lowest first; each lane can be assigned."""
    kind = _KINDS.get(suffix)
    if kind is None or suffix[:1] not in "iu":
        raise ExpressionError(f".{suffix}: lanes are .i2 .u2 .i4 .u4 .i8 .u8 .i16 .u16 .i32 .u32")
    if value.elements is not None:
        raise ExpressionError(f".{suffix}: only a 32-bit value has lanes")
    word = value.number & 0xFFFF_FFFF

    def write_lane(shift: int) -> Callable[[int], None] | None:
        if value.place is None:
            return None
        write = value.place.write
        mask = ((1 << kind.bits) - 1) << shift
        return lambda number: write((word & ~mask) | ((number << shift) & mask))

    lanes = []
    for shift in range(0, 32, kind.bits):
        write = write_lane(shift)
        lanes.append(Value(fit(word >> shift, kind), kind, Place(write) if write else None))
    return Value(word, kind, None, tuple(lanes))
