"""`x`: memory as numbers, characters, strings or instructions."""

from flexdbg.commands.c_values import string_text
from flexdbg.commands.context import Context
from flexdbg.commands.formats import split_format
from flexdbg.commands.registry import command
from flexdbg.commands.where import instruction_line
from flexdbg.debug.kinds import Kind, kind_named
from flexdbg.debug.values import Place, Value
from flexdbg.errors import CommandError
from flexdbg.render.numbers import format_number
from flexdbg.render.text import Line

__all__: list[str] = []

_LARGEST = 65_536
_PER_LINE = {1: 8, 2: 8, 4: 4, 8: 2}


@command(
    "x",
    category="data",
    usage="x[/NFU] [ADDRESS]",
    examples=("x/8xw 0x10000400", "x/4i $pc", "x/16db $a0", "x/s name", "x"),
    complete="expression",
    repeat="bare",
)
def x(context: Context, argument: str) -> None:
    """Examine memory: N units of size U in format F.

    F is x d u o t c a z f, s for strings, i for instructions; U is b, h, w or g for 1, 2, 4 or 8 bytes.
    Format and size stay for the next `x`, which goes on where this one ended. Reading has no side effects.
    """
    state = context.examine
    spec, text = split_format(argument, "xduotcazfsi")
    if spec.letter:
        state.format = spec.letter
    if spec.size is not None:
        state.size = spec.size
    elif spec.letter == "c":
        state.size = 1
    elif spec.letter == "a" or (spec.letter == "f" and state.size < 4):
        state.size = 4
    count = 1 if spec.count is None else spec.count
    if not 1 <= count <= _LARGEST:
        raise CommandError(f"/{count}: the count is 1 to {_LARGEST}")
    if text:
        value = context.session.evaluate(text)
        # `x table` shows the table, `x $a0` and `x 0x10000400` what they point to, as `x pointer` does.
        shows_itself = value.kind.aggregate or (_has_no_type(value.kind) and not _is_pointer_like(text))
        address = value.address if shows_itself else None
        state.address = address if address is not None else value.scalar() & 0xFFFF_FFFF
    if state.address is None:
        state.address = context.session.pc
    show = {"i": _instructions, "s": _strings}.get(state.format, _numbers)
    show(context, count)


def _has_no_type(kind: Kind) -> bool:
    """Whether it is data of a symbol whose type the program does not say: its kind is one of ours."""
    return kind_named(kind.name) is kind


def _is_pointer_like(text: str) -> bool:
    """Whether the expression computes an address: dereferenced pointers are read as their value."""
    return text.lstrip().startswith(("*", "{", "("))


def _numbers(context: Context, count: int) -> None:
    state = context.examine
    session = context.session
    assert state.address is not None
    size = state.size
    data = session.cluster.read_memory(state.address, count * size)
    per_line = _PER_LINE[size]
    # gdb pads hex in memory dumps.
    letter = "z" if state.format == "x" else state.format
    lines: list[Line] = []
    for start in range(0, count, per_line):
        address = state.address + start * size
        label = session.symbols.name_of(address)
        line: Line = [("address", f"0x{address:08x}")]
        if label:
            line += [("", " <"), ("symbol", label), ("", ">")]
        line.append(("", ":"))
        for index in range(start, min(start + per_line, count)):
            number = int.from_bytes(data[index * size : (index + 1) * size], "little")
            shown = format_number(number, 8 * size, letter)
            if letter == "t":
                shown = shown.zfill(8 * size)
            if letter == "a":
                name = session.symbols.name_of(number)
                shown += f" <{name}>" if name else ""
            line.append(("number", "\t" + shown))
        lines.append(line)
    context.emit(lines)
    last = int.from_bytes(data[-size:], "little")
    _remember(context, state.address + (count - 1) * size, last, size)
    state.address = (state.address + count * size) & 0xFFFF_FFFF


def _strings(context: Context, count: int) -> None:
    state = context.examine
    assert state.address is not None
    for _ in range(count):
        start, data = state.address, bytearray()
        while len(data) < 200:
            byte = context.session.cluster.read_memory(state.address, 1)[0]
            state.address += 1
            if not byte:
                break
            data.append(byte)
        text = string_text(bytes(data), context.settings.style, more=len(data) == 200)
        label = context.session.symbols.name_of(start)
        context.emit([[("address", f"0x{start:08x}"), ("", f"{f' <{label}>' if label else ''}:\t{text}")]])


def _instructions(context: Context, count: int) -> None:
    state = context.examine
    lines: list[Line] = []
    for _ in range(count):
        assert state.address is not None
        instruction = context.session.instruction(state.address)
        marker = "=> " if state.address == context.session.pc else "   "
        lines.append(instruction_line(context, state.address, marker))
        state.address = instruction.end
    context.emit(lines)


def _remember(context: Context, address: int, number: int, size: int) -> None:
    """`$_` is the last address examined, `$__` its contents."""
    variables = context.session.scope.variables
    kind = Kind({1: "char", 2: "short"}.get(size, "int"), 8 * min(size, 4), True)
    variables["_"] = Value(address, kind.pointer())
    write = context.session.cluster.write_memory
    place = Place(lambda new: write(address, (new & ((1 << 8 * size) - 1)).to_bytes(size, "little")), address)
    variables["__"] = Value(number, kind, place)
