"""Values of the pseudo-code: integers that know their width, registers that know their lanes."""

from __future__ import annotations

from typing import Any

__all__ = ["Bits", "Narrow", "Parts", "Word", "low", "s", "u", "wrap"]

MASK = 0xFFFFFFFF


class Bits(int):
    """An unsigned number of `width` bits; x[hi:lo] and x[k] are bits of it. Arithmetic gives plain ints."""

    width: int

    def __new__(cls, value: int, width: int) -> Bits:
        made = super().__new__(cls, value)
        made.width = width
        return made

    def __getitem__(self, index: Any) -> Bits:
        if isinstance(index, slice):
            size = index.start - index.stop + 1
            return Bits((int(self) >> index.stop) & ((1 << size) - 1), size)
        return Bits((int(self) >> int(index)) & 1, 1)

    @property
    def h(self) -> Parts:
        return Parts(int(self), 16)

    @property
    def b(self) -> Parts:
        return Parts(int(self), 8)


class Parts:
    """The halfwords or bytes of a word: x.h[1], x.b[3]."""

    def __init__(self, value: int, width: int) -> None:
        self.value, self.width = value, width

    def __getitem__(self, index: int) -> Bits:
        return Bits((self.value >> int(index) * self.width) & ((1 << self.width) - 1), self.width)


class Word(Bits):
    """A register of an instruction with lanes: x[i] is a lane."""

    lane: int

    def __new__(cls, value: int, lane: int) -> Word:
        made = int.__new__(cls, value & MASK)
        made.width, made.lane = 32, lane
        return made

    def __getitem__(self, index: Any) -> Bits:
        if isinstance(index, slice):
            return super().__getitem__(index)
        return Bits((int(self) >> int(index) * self.lane) & ((1 << self.lane) - 1), self.lane)


class Narrow(Bits):
    """The weight register of a mixed dot product: x[i] is weight i of the current slice."""

    lane: int
    first: int

    def __new__(cls, value: int, lane: int, first: int) -> Narrow:
        made = int.__new__(cls, value & MASK)
        made.width, made.lane, made.first = 32, lane, first
        return made

    def __getitem__(self, index: Any) -> Bits:
        if isinstance(index, slice):
            return super().__getitem__(index)
        bit = (self.first + int(index)) * self.lane % 32  # a slice past the register wraps, as in the RTL
        return Bits((int(self) >> bit) & ((1 << self.lane) - 1), self.lane)


def s(value: int) -> int:
    """Signed reading of a value of known width; plain numbers stay."""
    if isinstance(value, Bits):
        number, top = int(value), 1 << (value.width - 1)
        return (number ^ top) - top
    return int(value)


def u(value: int) -> int:
    """Unsigned reading."""
    return int(value) & MASK if not isinstance(value, Bits) else int(value)


def wrap(value: int) -> Bits:
    """Modulo 2^32."""
    return Bits(int(value) & MASK, 32)


def low(value: int, count: int) -> Bits:
    """The lowest `count` bits."""
    return Bits(int(value) & ((1 << int(count)) - 1), int(count))
