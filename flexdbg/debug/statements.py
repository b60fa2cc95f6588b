"""The code of a source line as one function sees it: what is inlined into the line belongs to it."""

from typing import TYPE_CHECKING

from flexdbg.debug.unwind import awaited_call

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.scopes import Block
    from flexdbg.debug.session import Session

__all__ = ["function_at", "inlined_call_at", "statement_ranges"]

Ranges = list[tuple[int, int]]


def function_at(session: "Session", pc: int) -> "Block | None":
    """The function or inlined call that the current hart is in at a pc."""
    debug = session.symbols.debug
    block = debug.block_at(pc) if debug is not None else None
    if block is None:
        return None
    awaited = awaited_call(session, pc, block)
    return awaited.parent.function if awaited is not None and awaited.parent is not None else block.function


def inlined_call_at(session: "Session", pc: int, function: "Block | None") -> "Block | None":
    """The call inlined into a function that a pc lies in."""
    debug = session.symbols.debug
    block = debug.block_at(pc) if debug is not None and function is not None else None
    call = None
    while block is not None and block.function is not function:
        call = block.function
        block = call.parent
    return call if block is not None else None


def statement_ranges(session: "Session", pc: int, function: "Block | None") -> Ranges:
    """The ranges of the line that a function is at, calls inlined there included; none without lines."""
    symbols = session.symbols
    row = symbols.row_at(pc)
    if row is None or function is None:
        return symbols.line_ranges(pc)

    def read() -> Ranges:
        call = inlined_call_at(session, pc, function)
        place = call.called_from if call is not None else (row.line.file, row.line.line)
        calls = [one for one in function.calls() if one.called_from == place]
        if not calls:
            return symbols.line_ranges(pc)
        return [
            *symbols.ranges_of(type(row.line)(*place), pc),
            *(span for one in calls for span in one.ranges),
        ]

    return symbols.readable("debug information", read, symbols.line_ranges(pc))
