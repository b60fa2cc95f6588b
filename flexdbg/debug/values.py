"""Values: a number or a piece of memory with a type, a place it can be changed at, and lanes."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from flexdbg.debug.kinds import INT, Form, Kind, Member, fit, kind_named
from flexdbg.errors import ExpressionError

__all__ = ["LARGEST_VALUE", "OPTIMIZED_OUT", "Contents", "Place", "Value", "lanes_of", "member_of", "part_of"]

# Bytes of one value, as gdb's max-value-size.
LARGEST_VALUE = 65_536

OPTIMIZED_OUT = "<optimized out>"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives, so that it can be changed, watched and pointed to."""

    write: Callable[[int], None]
    address: int | None = None  # None for registers
    # Changes bytes at an offset; for what is larger than a number.
    store: Callable[[int, bytes], None] | None = None
    # The bytes around a bit-field: address, size, and bits below it.
    within: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a value; `known` has a 0 for each one that the program does not keep, None: all are known.

    `note` says why, where all are missing.
    """

    data: bytes
    known: bytes | None = None
    note: str = OPTIMIZED_OUT

    def part(self, offset: int, size: int) -> "Contents":
        known = self.known[offset : offset + size] if self.known is not None else None
        return Contents(self.data[offset : offset + size], known, self.note)

    @property
    def complete(self) -> bool:
        return self.known is None or all(self.known)

    @property
    def missing(self) -> bool:
        return self.known is not None and not any(self.known) and bool(self.data)


class Value:
    """A typed value. What lies in memory is read when it is first asked for.

    `elements` are the lanes of a word. A struct or array has `contents`; its `number` is its address.
    """

    __slots__ = ("_contents", "_number", "elements", "kind", "place", "read")

    def __init__(
        self,
        number: int | None,
        kind: Kind = INT,
        place: Place | None = None,
        elements: "tuple[Value, ...] | None" = None,
        read: Callable[[], Contents] | None = None,
    ) -> None:
        self._number = number
        self._contents: Contents | None = None
        self.kind = kind
        self.place = place
        self.elements = elements
        self.read = read

    @property
    def contents(self) -> Contents:
        """The bytes, read once."""
        if self._contents is None:
            if self.read is not None:
                if self.kind.size > LARGEST_VALUE:
                    raise ExpressionError(
                        f"value requires {self.kind.size} bytes, which is more than max-value-size"
                    )
                self._contents = self.read()
            else:
                size = self.kind.size
                number = (self._number or 0) & ((1 << 8 * size) - 1)
                self._contents = Contents(number.to_bytes(size, "little"))
        return self._contents

    @property
    def number(self) -> int:
        """As an integer; the bits of a floating-point value, the address of an array or struct."""
        if self._number is None:
            if self.kind.aggregate:
                if self.address is None:
                    raise ExpressionError("Attempt to take address of value not located in memory.")
                self._number = self.address
            else:
                if not self.contents.complete:
                    raise ExpressionError(_missing(self.contents.note))
                if self.kind.form in (Form.VOID, Form.FUNCTION):
                    raise ExpressionError(f"a value of type `{self.kind.text}` is no number")
                number = int.from_bytes(self.contents.data, "little")
                self._number = number & 1 if self.kind.form is Form.BOOL else fit(number, self.kind)
        return self._number

    @property
    def address(self) -> int | None:
        return self.place.address if self.place is not None else None

    @property
    def unsigned(self) -> int:
        return self.number & ((1 << (self.kind.bits or 32)) - 1)

    @property
    def real(self) -> float:
        """The number of a floating-point type, or an integer as one."""
        if self.kind.form is Form.FLOAT:
            return float(
                struct.unpack(
                    "<f" if self.kind.bits == 32 else "<d", self.unsigned.to_bytes(self.kind.size, "little")
                )[0]
            )
        return float(self.scalar())

    def scalar(self) -> int:
        """The number to calculate with; an array stands for its address, as in C."""
        if self.elements is not None:
            raise ExpressionError("these are several lanes: pick one with [N]")
        if self.kind.form is Form.FLOAT:
            return _whole(self.real)
        if self.kind.form in (Form.STRUCT, Form.UNION):
            raise ExpressionError("Argument to arithmetic operation not a number or boolean.")
        return self.number

    def truth(self) -> bool:
        return bool(self.real) if self.kind.form is Form.FLOAT else bool(self.scalar())

    def settle(self) -> None:
        """Read it now."""
        if self.read is not None and self.kind.form not in (Form.VOID, Form.FUNCTION):
            self.contents  # noqa: B018

    def kept(self) -> "Value":
        """As it is now, with its place for looking only: for the history and for variables."""
        made = Value(self._number, self.kind, None, self.elements, self.read)
        if self.read is not None and self.kind.form not in (Form.VOID, Form.FUNCTION):
            made._contents = self.contents
        if self.address is not None:
            made.place = Place(_unchangeable, self.address)
        return made


def _unchangeable(number: int) -> None:
    raise ExpressionError("Left operand of assignment is not a modifiable lvalue.")


def _missing(note: str) -> str:
    return "value has been optimized out" if note == OPTIMIZED_OUT else f"value is a {note.strip('<>')}"


def _whole(real: float) -> int:
    try:
        return int(real)
    except (OverflowError, ValueError) as error:
        raise ExpressionError(f"{real}: no integer") from error


def part_of(value: Value, offset: int, kind: Kind) -> Value:
    """What lies `offset` bytes into a struct or array; it can be changed where the whole can."""
    place = value.place
    made = Value(None, kind, read=lambda: value.contents.part(offset, kind.size))
    if place is None:
        return made
    size, store = kind.size, place.store
    address = None if place.address is None else (place.address + offset) & 0xFFFF_FFFF

    def write(number: int) -> None:
        if store is None:
            place.write(number)
        else:
            store(offset, (number & ((1 << 8 * size) - 1)).to_bytes(size, "little"))

    def store_part(at: int, data: bytes) -> None:
        if store is not None:
            store(offset + at, data)

    made.place = Place(write, address, store_part if store is not None else None)
    return made


def member_of(value: Value, member: Member) -> Value:
    if not member.bits:
        return part_of(value, member.offset // 8, member.kind)
    return _bit_field(value, member)


def _bit_field(value: Value, member: Member) -> Value:
    """A bit-field; it has no address, and is changed together with its neighbours."""
    first, shift = divmod(member.offset, 8)
    size = (shift + member.bits + 7) // 8
    kind = member.kind.narrowed(member.bits)
    mask = ((1 << member.bits) - 1) << shift

    def read() -> Contents:
        part = value.contents.part(first, size)
        number = (int.from_bytes(part.data, "little") & mask) >> shift
        known = part.known if part.complete else bytes(kind.size)
        return Contents(number.to_bytes(kind.size + 1, "little")[: max(kind.size, size)], known, part.note)

    made = Value(None, kind, read=read)
    place = value.place
    if place is not None and place.store is not None:
        store = place.store

        def write(number: int) -> None:
            old = int.from_bytes(value.contents.part(first, size).data, "little")
            store(first, ((old & ~mask) | ((number << shift) & mask)).to_bytes(size, "little"))

        around = None if place.address is None else (place.address + first, size, shift)
        made.place = Place(write, within=around)
    return made


def lanes_of(value: Value, suffix: str) -> Value:
    """`$a0.i8`: the register as lanes, lowest first; each lane can be assigned."""
    kind = kind_named(suffix)
    if kind is None or suffix[:1] not in "iu" or not suffix[1:].isdigit():
        raise ExpressionError(f".{suffix}: lanes are .i2 .u2 .i4 .u4 .i8 .u8 .i16 .u16 .i32 .u32")
    if value.elements is not None or value.kind.aggregate:
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
