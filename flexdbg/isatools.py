"""`flexdbg asm`, `disasm` and `isa`: the ISA tables from the command line."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from flexdbg.errors import CommandError, did_you_mean
from flexdbg.isa import AssemblyError, assemble, disassemble, extensions, listing, mnemonics, page, search

__all__ = ["assemble_lines", "assembler_filter", "disassemble_lines", "isa_pages"]

_WORD = re.compile(r"(?:0[xX])?([0-9a-fA-F_]{1,9})")


def _input(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, one line each; `-` stands for the lines of standard input."""
    for argument in arguments or ("-",):
        if argument == "-":
            yield from sys.stdin
        else:
            yield argument


def assemble_lines(arguments: Sequence[str], origin: int, core: str | None, out: TextIO) -> None:
    """Assemble text and print one word a line, in hex; 16-bit instructions as four digits."""
    try:
        text = "\n".join(line.rstrip("\n") for line in _input(arguments))
    except UnicodeDecodeError as error:
        raise CommandError("the input is not text") from error
    try:
        encoded = assemble(text, origin, core=core)
    except AssemblyError as error:
        raise CommandError(str(error)) from error
    for item in encoded:
        out.write(f"{item.word:0{2 * item.length}x}\n")


def assembler_filter(arguments: Sequence[str]) -> int:
    """Act as GNU as that knows the mnemonics of these cores; `--install DIR` writes it as DIR/as."""
    from flexdbg.isa.as_filter import main

    return main(list(arguments))


def disassemble_lines(arguments: Sequence[str], origin: int | None, core: str | None, out: TextIO) -> None:
    """Disassemble words in hex and print one instruction a line."""
    address = origin
    try:
        for number, word in _words(_input(arguments)):
            value = _value(word, number)
            out.write(disassemble(value, address, core=core) + "\n")
            if address is not None:
                address = (address + (4 if value & 3 == 3 else 2)) & 0xFFFF_FFFF
    except UnicodeDecodeError as error:
        raise CommandError("the input is not text") from error


def _words(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        for word in re.split(r"#|//", line, maxsplit=1)[0].replace(",", " ").split():
            yield number, word


def _value(word: str, line: int) -> int:
    match = _WORD.fullmatch(word)
    digits = match[1].replace("_", "") if match else ""
    if not digits or len(digits) > 8:
        raise CommandError(f"line {line}: {word!r} is no instruction word: expected up to 8 hex digits")
    value = int(digits, 16)
    if value & 3 == 3 and len(digits) <= 4:
        raise CommandError(
            f"line {line}: {word!r} is half of a 32-bit instruction: its lowest bits are 11, write 8 digits"
        )
    if value & 3 != 3 and value > 0xFFFF:
        raise CommandError(
            f"line {line}: {word!r} is no single instruction: its lowest bits make it 16 bits long"
        )
    return value


def isa_pages(words: Sequence[str], core: str | None, find: bool, out: TextIO) -> None:
    """The reference page of an instruction, the list of an extension, or a search by words."""
    if not words:
        for name, about in extensions().items():
            out.write(f"{name:<10}{about}\n")
        out.write(f"\n{len(mnemonics(core))} mnemonics; `flexdbg isa MNEMONIC` explains one, ")
        out.write("`flexdbg isa EXTENSION` lists one extension.\n")
        return
    if find:
        found = search(" ".join(words))
        if not found:
            raise CommandError(f"no instruction has the words {' '.join(words)!r} in its name or summary")
        _columns([(name, "", summary) for name, summary in found], out)
        return
    for word in words:
        if word in extensions():
            _columns(listing(word, core), out)
            continue
        pages = [one for one in page(word) if core is None or core in one.cores]
        if not pages:
            known = set(mnemonics(core)) | set(extensions())
            where = f" on {core}" if core else ""
            raise CommandError(f"no instruction or extension {word!r}{where}{did_you_mean(word, known)}")
        out.write("\n".join(one.text() for one in pages))


def _columns(rows: Sequence[tuple[str, str, str]], out: TextIO) -> None:
    first = max(len(row[0]) for row in rows)
    second = max(len(row[1]) for row in rows)
    for name, operands, summary in rows:
        out.write(f"{name:<{first}}  {operands:<{second}}  {summary}".rstrip() + "\n")
