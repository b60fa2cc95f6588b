"""`flexdbg asm`, `disasm`, `explain` and `isa`: the ISA tables from the command line."""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from flexdbg.errors import CommandError, did_you_mean
from flexdbg.isa import (
    NN_REGISTERS,
    REGISTER_NUMBERS,
    AssemblyError,
    Csr,
    Format,
    State,
    assemble,
    disassemble,
    extensions,
    isa_model,
    listing,
    mnemonics,
    page,
    search,
)

__all__ = [
    "assemble_lines",
    "assembler_filter",
    "disassemble_lines",
    "explain_subject",
    "isa_pages",
    "write_site",
]

_WORD = re.compile(r"(?:0[xX])?([0-9a-fA-F_]{1,9})")


def _input(arguments: Sequence[str]) -> Iterator[str]:
    """The arguments, one line each; `-` stands for the lines of standard input."""
    for argument in arguments or ("-",):
        if argument == "-":
            yield from sys.stdin
        else:
            yield argument


def assemble_lines(arguments: Sequence[str], origin: int | None, core: str | None, out: TextIO) -> None:
    """Assemble text and print one word a line, in hex; 16-bit instructions as four digits.

    Numbers as branch targets are distances; with an origin they are addresses, as `disassemble_lines` has it.
    """
    try:
        text = "\n".join(line.rstrip("\n") for line in _input(arguments))
    except UnicodeDecodeError as error:
        raise CommandError("the input is not text") from error
    try:
        encoded = assemble(text, origin or 0, core=core, addresses=origin is not None)
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
    """The page of an instruction or CSR, the list of an extension, CSRs or formats, or a search by words."""
    if not words:
        for name, about in extensions().items():
            out.write(f"{name:<10}{about}\n")
        out.write("csrs      control and status registers\nformats   values of simd_fmt\n")
        out.write(f"\n{len(mnemonics(core))} mnemonics; `flexdbg isa MNEMONIC` explains one, ")
        out.write("`flexdbg isa EXTENSION` lists one extension.\n")
        return
    if find:
        _columns([(name, "", summary) for name, summary in _search(words)], out)
        return
    for number, word in enumerate(words):
        if number:
            out.write("\n")
        _isa_page(word, core, out)


def _search(words: Sequence[str]) -> list[tuple[str, str]]:
    """Instructions and CSRs whose name or summary has all the words."""
    found = search(" ".join(words))
    wanted = [word.lower() for word in words]
    for csr in isa_model().csrs:
        text = " ".join((csr.name, *csr.aliases, csr.summary)).lower()
        if all(word in text for word in wanted):
            found.append((csr.name, f"CSR 0x{csr.address:03x}: {csr.summary}"))
    if not found:
        raise CommandError(f"no instruction or CSR has the words {' '.join(words)!r} in its name or summary")
    return found


def _isa_page(word: str, core: str | None, out: TextIO) -> None:
    if word in extensions():
        _columns(listing(word, core), out)
        return
    if word == "csrs":
        known = [csr for csr in isa_model().csrs if core is None or core in csr.cores]
        rows = [(f"0x{csr.address:03x}", csr.name, csr.summary) for csr in known]
        _columns(sorted(rows), out)
        return
    if word == "formats":
        _columns([_format_row(form) for form in isa_model().formats], out)
        return
    csr = isa_model().csr_by_name.get(word.lower())
    pages = [one for one in page(word) if core is None or core in one.cores]
    if csr is not None and (core is None or core in csr.cores):
        out.write(_csr_page(csr))
        return
    if not pages:
        known_names = set(mnemonics(core)) | set(extensions()) | set(isa_model().csr_by_name)
        where = f" on {core}" if core else ""
        hint = did_you_mean(word, known_names)
        raise CommandError(f"no instruction, extension or CSR {word!r}{where}{hint}")
    out.write("\n".join(one.text() for one in pages))


def _format_row(form: Format) -> tuple[str, str, str]:
    lanes = f"{form.lanes} lanes" if form.code else "1 word"
    slices = f", {form.slices} slices" if form.mixed else ""
    return str(form.code), form.name, f"{form.summary}: {lanes}{slices}"


def _csr_page(csr: Csr) -> str:
    also = f" (also {', '.join(csr.aliases)})" if csr.aliases else ""
    lines = [f"{csr.name}: {csr.summary}", "", f"    CSR 0x{csr.address:03x}{also}"]
    if csr.fields:
        width = max(len(field.name) for field in csr.fields)
        lines += ["", "Fields"]
        for field in csr.fields:
            bits = str(field.high) if field.high == field.low else f"{field.high}:{field.low}"
            lines.append(f"    {bits:<6} {field.name:<{width}}  {field.summary}")
    access = {"U": "user", "M": "machine", "D": "debug"}[csr.access[0]]
    write = "read and write" if csr.access.endswith("RW") else "read only"
    lines += ["", f"Access:    {access}, {write}", f"Reset:     0x{csr.reset:08x}"]
    lines.append(f"Cores:     {', '.join(csr.cores)}")
    if csr.note:
        lines += ["", csr.note]
    return "\n".join(lines) + "\n"


def write_site(directory: Path, out: TextIO) -> None:
    """The reference pages as HTML files."""
    from flexdbg.isasite.site import build_site

    number = build_site(directory)
    out.write(f"Wrote {number} files; begin with {directory / 'index.html'}\n")


_ASSIGNMENT = re.compile(r"(\w+)=(.+)")


def explain_subject(words: Sequence[str], core: str | None, out: TextIO) -> None:
    """Explain a word or an instruction; `a1=0x7f02810c` gives it values to work on."""
    from flexdbg.isa import dissect, try_instruction
    from flexdbg.render.explain import explain_lines
    from flexdbg.render.text import ansi, plain

    text = [word for word in words if not _ASSIGNMENT.fullmatch(word)]
    values = [match for word in words if (match := _ASSIGNMENT.fullmatch(word))]
    word = _subject(" ".join(text), core)
    state = State()
    for match in values:
        _assign(state, match[1], match[2])
    view = "virtual" if core in (None, "flexv", "mpic") and not state.sb_legacy else ""
    parts = dissect(word, core, view=view)
    trial = try_instruction(word, state, lambda address, size: 0, core or "flexv") if values else None
    roles = [(role, state.x[role.value] if role.is_register else None) for role in parts.operands]
    known = isa_model().csr_by_name
    csrs = [(known[name], state.read_csr(known[name].address) if values else None) for name in parts.csrs]
    lines = explain_lines(parts, roles if values else (), csrs, state.format if values else None, trial)
    colour = out.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    out.write((ansi if colour else plain)(lines) + "\n")


def _subject(text: str, core: str | None) -> int:
    """A word in hex, or one instruction."""
    if _WORD.fullmatch(text) and (len(text.removeprefix("0x")) in (4, 8) or text[:2] in ("0x", "0X")):
        return _value(text, 1)
    try:
        encoded = assemble(text, core=core)
    except AssemblyError as error:
        pages = page(text)
        hint = f"; give it operands, as in `{pages[0].syntax[0]}`" if pages else ""
        raise CommandError(f"{error.message}{hint}") from error
    if len(encoded) != 1:
        raise CommandError(f"{text!r} is {len(encoded)} instructions; explain takes one")
    return encoded[0].word


def _assign(state: State, name: str, text: str) -> None:
    """A register or CSR of the state that an instruction is tried on."""
    try:
        value = int(text.replace("_", ""), 0) & 0xFFFF_FFFF
    except ValueError:
        raise CommandError(f"{name}={text}: not a number") from None
    number = REGISTER_NUMBERS.get(name)
    csr = isa_model().csr_by_name.get(name.lower())
    if number is not None:
        state.x[number] = value if number else 0
    elif name in NN_REGISTERS:
        bank = state.nn_w if name.startswith("nn_w") else state.nn_a
        bank[int(name[-1])] = value
    elif csr is not None:
        state.write_csr(csr.address, value)
    else:
        known = [*REGISTER_NUMBERS, *NN_REGISTERS, *isa_model().csr_by_name]
        raise CommandError(f"no register {name!r}{did_you_mean(name, known)}")


def _columns(rows: Sequence[tuple[str, str, str]], out: TextIO) -> None:
    first = max(len(row[0]) for row in rows)
    second = max(len(row[1]) for row in rows)
    for name, operands, summary in rows:
        out.write(f"{name:<{first}}  {operands:<{second}}  {summary}".rstrip() + "\n")
