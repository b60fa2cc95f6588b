"""Packets of the remote serial protocol: framing, checksums, escapes, run lengths. No sockets, no meaning.

Source: GDB manual, appendix "GDB Remote Serial Protocol", Overview.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

__all__ = [
    "MAX_PACKET",
    "Damaged",
    "Mark",
    "PacketReader",
    "escape",
    "expand",
    "frame",
    "run_lengths",
    "unescape",
]

# Payload bytes that the stub accepts, announced as PacketSize.
MAX_PACKET = 0x20000

_SPECIAL = b"#$}*"
_ESCAPE = 0x7D
# An escaped byte keeps its mark in front of it, so neither of the two is counted.
_RUN = re.compile(rb"(?<!\})([^}])\1{3,}", re.DOTALL)
_SHORT = re.compile(rb"(.)\*(.)", re.DOTALL)
_FLIP = 0x20


class Mark(Enum):
    """What comes between packets."""

    ACK = "+"
    NAK = "-"
    INTERRUPT = "\x03"


@dataclass(frozen=True, slots=True)
class Damaged:
    """A packet that cannot be used; `why` is for the log."""

    why: str


class PacketReader:
    """Bytes in pieces of any size to payloads, marks and damage, in order."""

    def __init__(self, limit: int = MAX_PACKET) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._skipping = False  # inside a packet that is longer than the limit

    def feed(self, data: bytes) -> "Iterator[bytes | Mark | Damaged]":
        self._buffer += data
        while self._buffer:
            item = self._next()
            if item is None:
                return
            yield item

    def _next(self) -> "bytes | Mark | Damaged | None":
        buffer = self._buffer
        if self._skipping:
            return self._skip()
        while buffer:
            first = buffer[0]
            if first == 0x24:
                return self._packet()
            del buffer[0]
            if first == 0x2B:
                return Mark.ACK
            if first == 0x2D:
                return Mark.NAK
            if first == 0x03:
                return Mark.INTERRUPT
        return None

    def _packet(self) -> "bytes | Damaged | None":
        buffer = self._buffer
        end = buffer.find(b"#", 1)
        if end < 0 or len(buffer) < end + 3:
            if len(buffer) > self._limit + 4:
                self._skipping = True
                return self._skip()
            return None
        # A `$` cannot stand in a payload: the packet before it was cut off.
        start = buffer.rfind(b"$", 0, end)
        if start > 0:
            del buffer[:start]
            return Damaged("a packet was cut off by the next one")
        payload, digits = bytes(buffer[1:end]), bytes(buffer[end + 1 : end + 3])
        del buffer[: end + 3]
        if len(payload) > self._limit:
            return Damaged(f"{len(payload)} bytes, at most {self._limit} are accepted")
        try:
            wanted = int(digits, 16)
        except ValueError:
            return Damaged(f"checksum {digits!r} is not hexadecimal")
        if sum(payload) & 0xFF != wanted:
            return Damaged(f"checksum {wanted:02x}, the bytes sum to {sum(payload) & 0xFF:02x}")
        return payload

    def _skip(self) -> Damaged | None:
        end = self._buffer.find(b"#")
        if end < 0:
            self._buffer.clear()
            return None
        if len(self._buffer) < end + 3:
            del self._buffer[:end]
            return None
        del self._buffer[: end + 3]
        self._skipping = False
        return Damaged(f"longer than the {self._limit} bytes that are accepted")


def frame(payload: bytes) -> bytes:
    """`$payload#checksum`; the payload is escaped already."""
    return b"$%b#%02x" % (payload, sum(payload) & 0xFF)


def escape(data: bytes) -> bytes:
    """Binary data as it may stand in a payload."""
    if not any(mark in data for mark in _SPECIAL):
        return data
    out = bytearray()
    for byte in data:
        if byte in _SPECIAL:
            out += bytes((_ESCAPE, byte ^ _FLIP))
        else:
            out.append(byte)
    return bytes(out)


def unescape(data: bytes) -> bytes:
    """Binary data from a payload; a lone escape at the end is dropped."""
    if _ESCAPE not in data:
        return data
    out = bytearray()
    rest = iter(data)
    for byte in rest:
        if byte == _ESCAPE:
            following = next(rest, None)
            if following is None:
                break
            byte = following ^ _FLIP
        out.append(byte)
    return bytes(out)


def run_lengths(payload: bytes) -> bytes:
    """The payload with runs of four and more equal bytes shortened to `c*n`."""
    return _RUN.sub(_shortened, payload)


def expand(payload: bytes) -> bytes:
    """The payload with `c*n` written out: what `run_lengths` shortened."""
    return _SHORT.sub(lambda run: run[1] * (run[2][0] - 29 + 1), payload)


def _shortened(run: re.Match[bytes]) -> bytes:
    byte, length = run[1], len(run[0])
    out = b""
    while length:
        take = _longest(length)
        out += byte if take == 1 else byte + bytes((0x2A, take - 1 + 29))
        length -= take
    return out


def _longest(length: int) -> int:
    """How many of `length` equal bytes one run may stand for; `#` and `$` cannot be counts."""
    if length < 4:
        return 1
    take = min(length, 126 - 29 + 1)
    return take - (2 if take - 1 + 29 == 0x24 else 1 if take - 1 + 29 == 0x23 else 0)
