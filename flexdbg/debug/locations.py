"""Locations as users write them: FUNCTION, LABEL, FILE:LINE, LINE, *ADDRESS, 0xADDRESS, or nothing."""

import re
from collections.abc import Callable

from flexdbg.debug.symbols import SymbolTable
from flexdbg.errors import CommandError, did_you_mean

__all__ = ["resolve"]


def resolve(
    text: str, symbols: SymbolTable, pc: int, evaluate: Callable[[str], int], *, skip_prologue: bool = True
) -> tuple[int, ...]:
    """Addresses of a location; `pc` gives the current file and what an empty location means."""
    text = text.strip()
    if not text:
        return (pc,)
    if text.startswith("*"):
        return (evaluate(text[1:]) & ~1,)
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):
        return (int(text, 16) & ~1,)
    file, colon, line = text.rpartition(":")
    if colon and line.strip().isdigit():
        return _line(symbols, file.strip(), int(line))
    if colon and file.strip() and symbols.find(line.strip()) is not None:
        text = _in_file(symbols, file.strip(), line.strip())
    if text.isdigit():
        here = symbols.line_at(pc) or symbols.main_line()
        if here is None:
            raise CommandError(f"line {text}: no source line at the current pc; write FILE:{text}")
        return _line(symbols, here.file, int(text))
    symbol = symbols.find(text)
    inlined = _inlined(symbols, text) if symbol is None or (skip_prologue and symbol.kind == "func") else ()
    if symbol is None and inlined:
        return inlined
    if symbol is None:
        hint = did_you_mean(text, symbols.names())
        raise CommandError(f'Function "{text}" not defined{hint or "."}')
    if symbol.kind == "object":
        raise CommandError(f'"{text}" is data; write *{text} to stop at its address')
    own = symbols.after_prologue(symbol) if skip_prologue else symbol.address
    return (own, *(address for address in inlined if address != own))


def _inlined(symbols: SymbolTable, name: str) -> tuple[int, ...]:
    """Where the calls of a function begin that the compiler has put in place."""
    debug = symbols.debug
    if debug is None or not debug.is_inlined(name):
        return ()

    def read() -> tuple[int, ...]:
        return tuple(sorted({call.entry for call in debug.inlined_calls(name)}))

    return symbols.readable("debug information", read, ())


def _in_file(symbols: SymbolTable, file: str, name: str) -> str:
    """The function of FILE:FUNCTION."""
    symbol = symbols.find(name)
    place = symbols.line_at(symbol.address) if symbol is not None else None
    if place is None or not (place.file == file or place.file.endswith("/" + file)):
        raise CommandError(f'Function "{name}" not defined in "{file}".')
    return name


def _line(symbols: SymbolTable, file: str, line: int) -> tuple[int, ...]:
    addresses = symbols.addresses_of(file, line)
    if addresses:
        return tuple(addresses)
    if not any(known == file or known.endswith("/" + file) for known in symbols.files()):
        names = {known.rpartition("/")[2] for known in symbols.files()}
        raise CommandError(f"No source file named {file}{did_you_mean(file, names) or '.'}")
    raise CommandError(f"No code at or after line {line} of {file}.")
