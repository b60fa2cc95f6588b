"""Replies that all packets share: OK, errors with and without text, hexadecimal text."""

from flexdbg.errors import FlexdbgError
from flexdbg.gdb.packets import escape

__all__ = ["EMPTY", "OK", "PacketError", "hex_number", "hex_text", "partial", "text_hex"]

OK = b"OK"
EMPTY = b""  # "not supported"


class PacketError(FlexdbgError):
    """A packet that cannot be carried out: an errno of the protocol and a sentence."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(why)
        self.number = number


def text_hex(text: str) -> bytes:
    return text.encode("utf-8", "replace").hex().encode()


def hex_text(digits: bytes) -> str:
    """Text that came as hexadecimal digits."""
    try:
        return bytes.fromhex(digits.decode("ascii")).decode("utf-8")
    except ValueError as error:
        raise PacketError(22, f"expected text in hexadecimal digits, got {digits[:40]!r}") from error


def hex_number(digits: bytes, what: str) -> int:
    """A number in hexadecimal digits; signs, spaces and underscores are none."""
    if not digits.isalnum() or len(digits) > 16:
        raise PacketError(22, f"{what} is missing or no hexadecimal number: {digits[:40]!r}")
    try:
        return int(digits, 16)
    except ValueError:
        raise PacketError(22, f"{what} is no hexadecimal number: {digits[:40]!r}") from None


def partial(document: bytes, offset: int, length: int) -> bytes:
    """A piece of a document as qXfer answers it: `m` while more follows, `l` at the end."""
    if offset > len(document):
        raise PacketError(1, f"offset {offset} lies behind the end of the document, {len(document)} bytes")
    piece = document[offset : offset + length]
    mark = b"l" if offset + length >= len(document) else b"m"
    return mark + escape(piece)
