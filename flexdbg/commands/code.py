"""Code and sources: list, disassemble, backtrace, info line, symbol, source, functions."""

import re

from flexdbg.commands.context import Context
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import hart_label, place
from flexdbg.debug.symbols import SourceLine
from flexdbg.errors import CommandError
from flexdbg.render.assembly import code_line
from flexdbg.render.text import Line

__all__: list[str] = []

_CATEGORY = "code"
_WITHOUT_SYMBOL = 64  # bytes shown around a pc that no symbol covers
_LONGEST = 64 * 1024


@command(
    "list",
    "l",
    category=_CATEGORY,
    usage="list [FUNCTION | FILE:LINE | LINE | FIRST,LAST | -]",
    examples=("list", "list main", "list dotp.c:40", "l 10,20", "l -"),
    complete="location",
    repeat="bare",
)
def list_(context: Context, argument: str) -> None:
    """Show source lines around a place; again without an argument it goes on, with - it goes back."""
    state, size = context.listing, context.settings.listsize
    text = argument.strip()
    if not text:
        if not state.file:
            here = _here(context)
            state.file, first = here.file, here.line - size // 2
        else:
            first = state.last + 1
    elif text == "-":
        first = max(state.first - size, 1)
        if state.first <= 1:
            raise CommandError("Already at the start of the file.")
    elif match := re.fullmatch(r"(\d+)?\s*,\s*(\d+)?", text):
        if not state.file:
            state.file = _here(context).file
        last = int(match[2]) if match[2] else int(match[1]) + size - 1
        first = int(match[1]) if match[1] else last - size + 1
        _show(context, state.file, first, last)
        return
    else:
        where = _line_of(context, text)
        state.file, first = where.file, where.line - size // 2
    first = max(first, 1)
    _show(context, state.file, first, first + size - 1)


def _here(context: Context) -> SourceLine:
    line = context.session.selected.line or context.session.symbols.main_line()
    if line is None:
        raise CommandError(
            "No source line at the current pc; `list FUNCTION` or `list FILE:LINE` names a place."
        )
    return line


def _line_of(context: Context, text: str) -> SourceLine:
    file, colon, number = text.rpartition(":")
    if text.isdigit() and context.listing.file:
        return SourceLine(context.listing.file, int(text))
    if colon and number.isdigit():
        for known in context.session.symbols.files():
            if known == file or known.endswith("/" + file):
                return SourceLine(known, int(number))
    address = context.session.locate(text, skip_prologue=False)[0]
    line = context.session.symbols.line_at(address)
    if line is None:
        raise CommandError(f"no line information for {text}")
    return line


def _show(context: Context, file: str, first: int, last: int) -> None:
    source = context.session.symbols.source(file)
    if source is None:
        raise CommandError(f"{file}: the source file is not here")
    if first > len(source):
        name = file.rpartition("/")[2]
        raise CommandError(f"Line number {first} out of range; {name} has {len(source)} lines.")
    last = min(last, len(source))
    here = context.session.selected.line
    lines: list[Line] = []
    for number in range(max(first, 1), last + 1):
        current = here is not None and here == SourceLine(file, number)
        marker = "current" if current else "number"
        lines.append([(marker, f"{number}{'>' if current else ''}"), ("", "\t" + source[number - 1])])
    context.listing.file, context.listing.first, context.listing.last = file, first, last
    context.emit(lines)


@command(
    "disassemble",
    "disas",
    category=_CATEGORY,
    usage="disassemble[/r] [FUNCTION | START,END | START,+LENGTH]",
    examples=("disassemble", "disas main", "disas/r $pc,+32"),
    complete="location",
)
def disassemble(context: Context, argument: str) -> None:
    """Show the instructions of a function or a range, with Flex-V mnemonics.

    => marks the current hart's pc; the pcs of the other harts are named behind the line. /r adds the words.
    """
    raw = False
    if argument.startswith("/"):
        letters, _, argument = argument[1:].partition(" ")
        if set(letters) - set("rsm"):
            raise CommandError(f"/{letters}: modifiers are r (raw words) and s (source lines)")
        raw = "r" in letters
    start, end, name = _range(context, argument.strip())
    context.say(
        f"Dump of assembler code {f'for function {name}' if name else f'from 0x{start:x} to 0x{end:x}'}:"
    )
    context.emit(_code(context, start, end, raw))
    context.say("End of assembler dump.")


def _range(context: Context, text: str) -> tuple[int, int, str]:
    session = context.session
    if "," in text:
        first, _, second = text.partition(",")
        start = session.address_of(first)
        second = second.strip()
        end = start + session.address_of(second[1:]) if second.startswith("+") else session.address_of(second)
        if not 0 <= end - start <= _LONGEST:
            raise CommandError(f"0x{start:x},0x{end:x}: the range is empty or longer than {_LONGEST} bytes")
        return start, end, ""
    address = session.locate(text, skip_prologue=False)[0] if text else session.pc
    symbol = session.symbols.function_at(address)
    if symbol is None:
        return address, address + _WITHOUT_SYMBOL, ""
    following = [
        s.address for s in session.symbols.symbols if s.address > symbol.address and s.kind != "object"
    ]
    end = symbol.end if symbol.size else min(following, default=symbol.address + _WITHOUT_SYMBOL)
    return symbol.address, min(end, symbol.address + _LONGEST), symbol.name


def _code(context: Context, start: int, end: int, raw: bool) -> list[Line]:
    session = context.session
    standing: dict[int, list[str]] = {}
    for hart in session.cluster.harts:
        if hart.index != session.hart and hart.state != "off":
            standing.setdefault(hart.pc, []).append(hart_label(context, hart.index))
    lines: list[Line] = []
    address = start
    while address < end:
        instruction = session.instruction(address)
        current = address == session.pc
        armed = any(b.enabled for b in session.breakpoints.at(address))
        marker = ("*" if armed else " ") + ("=> " if current else "   ")
        words = f"{instruction.word:0{2 * instruction.length}x}".ljust(8) if raw else ""
        label = session.symbols.name_of(address)
        lines.append(
            code_line(
                address,
                instruction.text,
                label=label,
                marker=marker,
                raw=words,
                harts=standing.get(address, ()),
            )
        )
        address = instruction.end
    return lines


@info("line", category=_CATEGORY, usage="info line [LOCATION]", complete="location")
def info_line(context: Context, argument: str) -> None:
    """Which addresses a source line has, or which line an address belongs to."""
    session = context.session
    address = session.locate(argument, skip_prologue=False)[0]
    row = session.symbols.row_at(address)
    if row is None:
        context.say(f"No line number information available for address {place(context, address)}")
        return
    name = row.line.file.rpartition("/")[2]
    for start, end in session.symbols.line_ranges(address):
        context.say(
            f'Line {row.line.line} of "{name}" starts at address {place(context, start)}'
            f" and ends at {place(context, end)}."
        )


@info(
    "symbol",
    category=_CATEGORY,
    usage="info symbol ADDRESS",
    examples=("info symbol $pc",),
    complete="expression",
)
def info_symbol(context: Context, argument: str) -> None:
    """Which symbol an address belongs to."""
    address = context.session.address_of(argument)
    symbol = context.session.symbols.at(address)
    if symbol is None:
        context.say(f"No symbol matches {argument}.")
        return
    offset = address - symbol.address
    kind = {"func": "function", "object": "data", "label": "label"}[symbol.kind]
    size = f", {symbol.size} bytes" if symbol.size else ""
    context.say(f"{symbol.name}{f' + {offset}' if offset else ''} ({kind} at 0x{symbol.address:08x}{size})")


@info("source", category=_CATEGORY)
def info_source(context: Context, argument: str) -> None:
    """The source file of the current pc."""
    line = context.session.selected.line
    if line is None:
        context.say("No current source file.")
        return
    found = context.session.symbols.source(line.file) is not None
    context.say(f"Current source file is {line.file}{'' if found else ' (not found here)'}")


@info("functions", "fun", category=_CATEGORY, usage="info functions [REGEX]")
def info_functions(context: Context, argument: str) -> None:
    """Code symbols of the program, or those that match."""
    _symbols(context, argument, ("func", "label"))


@info("variables", "var", category=_CATEGORY, usage="info variables [REGEX]")
def info_variables(context: Context, argument: str) -> None:
    """Data symbols of the program, or those that match."""
    _symbols(context, argument, ("object",))


def _symbols(context: Context, argument: str, kinds: tuple[str, ...]) -> None:
    try:
        pattern = re.compile(argument)
    except re.error as error:
        raise CommandError(f"{argument}: not a regular expression: {error}") from error
    chosen = [s for s in context.session.symbols.symbols if s.kind in kinds and pattern.search(s.name)]
    context.emit(
        [[("address", f"0x{s.address:08x}"), ("", f" {s.size:>7}  "), ("symbol", s.name)] for s in chosen]
    )
    if not chosen:
        context.say("No symbols match." if argument else "The program has no symbols.")
