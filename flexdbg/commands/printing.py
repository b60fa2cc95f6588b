"""Values and frames as this session shows them: with its settings, and the symbols of its program."""

from functools import partial

from flexdbg.commands.c_values import c_text, checked, string_text
from flexdbg.commands.context import Context
from flexdbg.commands.report import change_text
from flexdbg.debug.breakpoints import Breakpoint
from flexdbg.debug.kinds import Form
from flexdbg.debug.stops import Change
from flexdbg.debug.unwind import Frame
from flexdbg.debug.values import Contents, Value
from flexdbg.errors import MemoryAccessError

__all__ = ["arguments_text", "frame_head", "value_text", "variables_text", "watched_text"]


def value_text(
    context: Context, value: Value, letter: str = "", *, top: bool = True, strings: bool = True
) -> str:
    """A value as `print` shows it; inside of others (`top` false) a pointer goes without its type."""
    symbols = context.session.symbols
    string_at = partial(_string_at, context) if strings else None
    return c_text(value, letter, symbols.place_name, context.settings.style, string_at, top=top)


def _string_at(context: Context, address: int) -> str:
    """The text that a character pointer points to."""
    limit = context.settings.style.elements
    found = bytearray()
    while len(found) < limit:
        try:
            byte = context.session.cluster.read_memory((address + len(found)) & 0xFFFF_FFFF, 1)[0]
        except MemoryAccessError as error:
            return (
                f"<error: {error}>"
                if not found
                else string_text(bytes(found), context.settings.style, more=True)
            )
        if not byte:
            return string_text(bytes(found), context.settings.style)
        found.append(byte)
    return string_text(bytes(found), context.settings.style, more=True)


def watched_text(context: Context, watched: dict[int, Breakpoint], number: int, change: Change) -> str:
    """A value that a watchpoint saw: by C's type; of structs and arrays what was accessed."""
    one = watched.get(change.number)
    if one is None or one.watched is None or not one.addresses or one.watched.aggregate:
        return change_text(number, change)
    start, kind = one.addresses[0], one.watched
    data = bytearray(context.session.cluster.read_memory(start, one.size))
    for offset, byte in enumerate((number & ((1 << 8 * change.size) - 1)).to_bytes(change.size, "little")):
        if 0 <= change.address + offset - start < len(data):
            data[change.address + offset - start] = byte
    contents = Contents(bytes(data))
    if kind.declared_bits:
        return change_text(number, change)
    return checked(lambda: value_text(context, Value(None, kind, read=lambda: contents)))


def variables_text(context: Context, frame: Frame, *, parameters: bool) -> list[tuple[str, str]]:
    """Names and values of a frame's parameters, or of its other variables, innermost block first."""
    found = []
    for name, value in context.session.locals_of(frame, parameters=parameters):
        found.append((name, checked(lambda value=value: value_text(context, value, top=False))))  # type: ignore[misc]
    return found


def arguments_text(context: Context, frame: Frame) -> str:
    """`f=2, op=0x10000000 <operands>`; structs and arrays as dots, as in gdb.

    Unlike there only `char` is taken for text: pointers to bytes of data would fill the line with them.
    """
    shown = []
    for name, value in context.session.locals_of(frame, parameters=True):
        if value.kind.aggregate:
            shown.append(f"{name}=...")
            continue
        target = value.kind.target if value.kind.form is Form.POINTER else None
        text = partial(value_text, context, value, top=False, strings=target is None or target.name == "char")
        shown.append(f"{name}={checked(text)}")
    return ", ".join(shown)


def frame_head(context: Context, frame: Frame) -> str:
    """`0x1c008010 in main () at main.c:10`: without the address where a line begins."""
    row = context.session.symbols.row_at(frame.look_up)
    starts = row is not None and row.start == frame.pc and (frame.level == 0 or frame.look_up == frame.pc)
    address = "" if starts else f"0x{frame.pc:08x} in "
    where = f" at {frame.line.short}" if frame.line else ""
    return f"{address}{frame.name} ({arguments_text(context, frame)}){where}"
