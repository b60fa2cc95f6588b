"""Numbers in the formats of `print/F` and `x/F`."""

import struct

__all__ = ["FORMATS", "format_number", "format_real"]

FORMATS = "xduotcazsf"


def format_number(number: int, bits: int, fmt: str, signed: bool = True) -> str:
    """One number in a format letter; `number` may be signed or not."""
    raw = number & ((1 << bits) - 1)
    as_signed = raw - (1 << bits) if raw >> (bits - 1) else raw
    if fmt == "x":
        return f"0x{raw:x}"
    if fmt == "z":
        return f"0x{raw:0{max(bits // 4, 1)}x}"
    if fmt == "u":
        return str(raw)
    if fmt == "o":
        return f"0{raw:o}" if raw else "0"
    if fmt == "t":
        return f"{raw:b}"
    if fmt == "c":
        code = as_signed if bits == 8 and signed else raw & 0xFF
        byte = raw & 0xFF
        shown = chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        return f"{code} '{shown}'"
    if fmt == "a":
        return f"0x{raw:x}"
    if fmt == "f" and bits in (32, 64):
        return format_real(raw, bits)
    return str(as_signed if signed or fmt == "d" else raw)


def format_real(raw: int, bits: int) -> str:
    """The bits of an IEEE number as C's %g shows them, with all digits that count."""
    raw &= (1 << bits) - 1
    number = struct.unpack("<f" if bits == 32 else "<d", raw.to_bytes(bits // 8, "little"))[0]
    if number != number:
        fraction = raw & ((1 << (23 if bits == 32 else 52)) - 1)
        return f"{'-' if raw >> (bits - 1) else ''}nan(0x{fraction:x})"
    if number in (float("inf"), float("-inf")):
        return "inf" if number > 0 else "-inf"
    return f"{number:.{9 if bits == 32 else 17}g}"
