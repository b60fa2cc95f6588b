"""Assembly text as a loadable program with symbols: no toolchain needed."""

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from flexdbg.errors import ProgramError
from flexdbg.isa import AssemblyError, Encoded, assemble
from flexdbg.machine.loader import RAW_BASE, AssemblySource, Program, parse_program

__all__ = ["assembled_program"]

_HEADER, _PROGRAM, _SECTION = 52, 32, 40
_RISCV, _EXECUTABLE = 243, 2
_FUNCTION, _OBJECT, _LABEL = 2, 1, 0
_NAMES = b"\0.symtab\0.strtab\0.shstrtab\0"


def assembled_program(
    text: str,
    name: str,
    *,
    origin: int = RAW_BASE,
    core: str | None = None,
    data: Mapping[str, tuple[int, bytes]] | None = None,
    entry: str = "",
    path: Path | None = None,
) -> Program:
    """Assemble text at `origin`; it starts at the label `entry`, else at its first instruction.

    `data` places named bytes: name -> (address, bytes). Errors name the file and the line.
    """
    constants = "".join(f".equ {label}, {address:#x}\n" for label, (address, _) in (data or {}).items())
    lines = constants.count("\n")
    try:
        encoded = assemble(constants + text, origin, core=core)
    except AssemblyError as error:
        raise ProgramError(f"{name}:{error.line - lines}: {error.message}") from error
    if not encoded:
        raise ProgramError(f"{name}: no instructions")
    code = b"".join(item.data for item in encoded)
    symbols = [
        (label, next((e.address for e in encoded if e.line - lines >= line), origin + len(code)), 0, _LABEL)
        for label, line in _labels(text)
    ]
    symbols += [(label, at, len(content), _OBJECT) for label, (at, content) in (data or {}).items()]
    pieces = {origin: code, **dict((data or {}).values())}
    start = next((address for label, address, _, _ in symbols if label == entry), origin)
    file = str(path.absolute()) if path is not None else name
    source = AssemblySource(file, tuple(text.splitlines()), _rows(encoded, lines))
    return replace(parse_program(_elf(pieces, start, symbols), name, path), assembly=source)


def _rows(encoded: Sequence[Encoded], before: int) -> tuple[tuple[int, int, int], ...]:
    """(start, end, line) of the code of each line, `before` lines left out; data have no line to stop at."""
    rows: list[tuple[int, int, int]] = []
    for item in sorted((e for e in encoded if e.is_code), key=lambda e: e.address):
        line, end = item.line - before, item.address + item.length
        if rows and rows[-1][1:] == (item.address, line):
            rows[-1] = (rows[-1][0], end, line)
        else:
            rows.append((item.address, end, line))
    return tuple(rows)


def _labels(text: str) -> list[tuple[str, int]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r"\s*([A-Za-z_.$][\w.$]*):", line)
        if match:
            found.append((match[1], number))
    return found


def _elf(pieces: Mapping[int, bytes], entry: int, symbols: list[tuple[str, int, int, int]]) -> bytes:
    """A statically linked executable: a segment a piece, and a symbol table."""
    strings, table = b"\0", bytes(16)
    for name, address, size, kind in symbols:
        table += struct.pack("<IIIBBH", len(strings), address, size, 1 << 4 | kind, 0, 0xFFF1)
        strings += name.encode() + b"\0"
    offset = _HEADER + _PROGRAM * len(pieces)
    body = programs = b""
    for address, content in pieces.items():
        programs += struct.pack(
            "<8I", 1, offset + len(body), address, address, len(content), len(content), 7, 4
        )
        body += content + bytes(-len(content) % 4)
    sections = bytes(_SECTION)
    # Names in _NAMES, types symtab and strtab, link to the string table, entry size.
    for content, label, kind, link, size in (
        (table, 1, 2, 2, 16),
        (strings, 9, 3, 0, 0),
        (_NAMES, 17, 3, 0, 0),
    ):
        place = offset + len(body)
        sections += struct.pack("<10I", label, kind, 0, 0, place, len(content), link, int(kind == 2), 4, size)
        body += content + bytes(-len(content) % 4)
    header = b"\x7fELF" + bytes([1, 1, 1, 0]) + bytes(8)
    header += struct.pack("<HHIIIII", _EXECUTABLE, _RISCV, 1, entry, _HEADER, offset + len(body), 4)
    header += struct.pack("<HHHHHH", _HEADER, _PROGRAM, len(pieces), _SECTION, 4, 3)
    return header + programs + body + sections
