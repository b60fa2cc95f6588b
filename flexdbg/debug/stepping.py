"""Stepping by line and out of functions, with hardware loops and the other harts in mind.

A line step does not single-step: it reads the code of the line, puts internal breakpoints on every way out
of it (fall-through, branch targets, loop starts, the return address) and runs. So a line that loops a
million times costs one run. Code with computed jumps is stepped instruction by instruction.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.debug.instructions import Instruction
from flexdbg.debug.returns import return_type
from flexdbg.debug.statements import function_at, inlined_call_at, statement_ranges
from flexdbg.debug.stops import Reason, Stop
from flexdbg.debug.symbols import SourceLine
from flexdbg.debug.unwind import awaited_call
from flexdbg.errors import CommandError, MemoryAccessError
from flexdbg.machine import registers

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.scopes import Block
    from flexdbg.debug.session import Session

__all__ = ["advance", "finish", "next_instruction", "next_line", "step_line", "until_line"]

Ranges = list[tuple[int, int]]

# Without line information a range is one function at most; this bounds what is decoded for a range.
_LONGEST_RANGE = 64 * 1024


def next_instruction(session: "Session") -> Stop:
    """One instruction, calls taken as one."""
    instruction = session.instruction(session.pc)
    if not instruction.is_call:
        return session.step_quietly()
    return _run_in_frame(session, (instruction.end,))


def next_line(session: "Session") -> Stop:
    return _leave_line(session, into_calls=False, backwards=True)


def step_line(session: "Session") -> Stop:
    return _leave_line(session, into_calls=True, backwards=True)


def until_line(session: "Session") -> Stop:
    return _leave_line(session, into_calls=False, backwards=False)


def finish(session: "Session") -> Stop:
    """Run to the return address of the selected frame, or out of an inlined call; the value is a0."""
    selected = session.selected
    if selected.inlined and selected.block is not None and selected.index == 0:
        return _leave(session, selected.block.function.ranges, into_calls=False)
    frames = session.frames(selected.index + 2)
    # As in gdb: behind `main` lies start-up code.
    if len(frames) < selected.index + 2 or (selected.name == "main" and selected.block is not None):
        raise CommandError('"finish" not meaningful in the outermost frame.')
    left, caller = frames[selected.index :]
    returns = return_type(session, selected)
    stop = session.run_until((caller.pc,), lambda: _sp(session) >= left.cfa)
    if stop.reason is not Reason.STEP:
        return stop
    a0 = session.current.read("a0")
    return Stop(stop.reason, stop.hart, stop.pc, stop.cycle, finished=left.name, value=a0, returns=returns)


def advance(session: "Session", addresses: tuple[int, ...]) -> Stop:
    """Run to an address or to the end of the current function, whichever comes first."""
    frames = session.frames(2)
    if len(frames) < 2:
        return session.run_until(addresses, lambda: True)
    caller, floor = frames[1].pc, frames[0].cfa
    return session.run_until(
        (*addresses, caller), lambda: session.pc != caller or _sp(session) >= floor or caller in addresses
    )


def _leave_line(session: "Session", *, into_calls: bool, backwards: bool) -> Stop:
    pc = session.pc
    if into_calls and _step_into_inlined(session):
        return session.standing(Reason.STEP)
    scope = None if into_calls else function_at(session, pc)
    ranges = statement_ranges(session, pc, scope)
    if not ranges:
        function = session.symbols.function_at(pc)
        if function is None or not function.size:
            # Nothing is known about this code: the smallest honest step is an instruction.
            return session.step_quietly() if into_calls else next_instruction(session)
        ranges = [(function.address, function.end)]
    if not backwards:
        function = session.symbols.function_at(pc)
        lowest = function.address if function else min(start for start, _ in ranges)
        ranges = [(lowest, max(end for _, end in ranges))]
    return _leave(session, ranges, into_calls, scope)


def _step_into_inlined(session: "Session", line: SourceLine | None = None) -> bool:
    """At the first instruction of an inlined call `step` makes the call, without moving.

    With `line` only a call that stands there.
    """
    debug = session.symbols.debug
    block = debug.block_at(session.pc) if debug is not None else None
    call = awaited_call(session, session.pc, block) if block is not None else None
    if call is None:
        return False
    if line is not None and session.symbols.readable(
        "debug information", lambda: call.called_from, ("", 0)
    ) != (
        line.file,
        line.line,
    ):
        return False
    session.stepped_in = (session.hart, session.cluster.cycle)
    return True


def _leave(session: "Session", ranges: Ranges, into_calls: bool, scope: "Block | None" = None) -> Stop:
    """Run until the current hart has left the ranges, at the start of a line.

    Calls that are inlined into the function `scope` are not entered.
    """
    function, frame = session.symbols.function_at(session.pc), _cfa(session)
    line = session.symbols.line_at(session.pc)
    while True:
        exits = _exits(session, ranges, into_calls)
        if exits is None:
            stop = _step_out_of(session, ranges, into_calls)
        else:
            stop = _run_to_exits(session, exits)
        if stop.reason is not Reason.STEP:
            return stop
        pc = session.pc
        row = session.symbols.row_at(pc)
        if (
            scope is not None
            and function_at(session, pc) is not scope
            and inlined_call_at(session, pc, scope)
        ):
            ranges = statement_ranges(session, pc, scope)
            continue
        if into_calls and line is not None:
            _step_into_inlined(session, line)
        if row is None or (row.start == pc and row.is_statement):
            return stop
        if session.symbols.function_at(pc) != function or _cfa(session) != frame:
            return stop  # returned into the middle of the caller's line, as gdb shows it
        # In the middle of a line: go on until a statement begins.
        ranges = statement_ranges(session, pc, scope)


@dataclass(frozen=True, slots=True)
class _Exits:
    """Where control may leave a range: in this frame, and the functions it may enter."""

    within: tuple[int, ...]
    entered: tuple[int, ...]


def _exits(session: "Session", ranges: Ranges, into_calls: bool) -> _Exits | None:
    """All ways out of the ranges, None if a computed jump hides some."""
    if sum(end - start for start, end in ranges) > _LONGEST_RANGE:
        return None
    entered: set[int] = set()
    outside: set[int] = set()
    for start, end in ranges:
        address = start
        while address < end:
            try:
                instruction = session.instruction(address)
            except MemoryAccessError:
                return None
            if instruction.is_indirect and (into_calls or not instruction.is_call):
                return None
            if instruction.is_call:
                if into_calls and instruction.target is not None:
                    entered.update(_entry_of(session, instruction.target))
            elif instruction.target is not None:
                outside.add(instruction.target)
            address = instruction.end
        outside.add(address)
    # A hardware loop that ends in the range may start outside it.
    for loop in ("lpstart0", "lpstart1"):
        outside.add(session.current.read(loop))
    frames = session.frames(2)
    if len(frames) > 1:
        outside.add(frames[1].pc)
    within = sorted(address for address in outside if address and not _contains(ranges, address))
    return _Exits(tuple(within), tuple(sorted(entered)))


def _entry_of(session: "Session", target: int) -> tuple[int, ...]:
    """Where `step` stops in a called function: behind its prologue, nowhere if it has no lines."""
    symbol = session.symbols.function_at(target)
    if session.symbols.line_at(target) is None:
        return ()
    if symbol is None or symbol.address != target:
        return (target,)
    return (session.symbols.after_prologue(symbol),)


def _run_in_frame(session: "Session", addresses: tuple[int, ...]) -> Stop:
    """Run to an address in this frame or a caller's, not in a recursion of the same code."""
    floor = _cfa(session)
    return session.run_until(addresses, lambda: _cfa(session) >= floor)


def _run_to_exits(session: "Session", exits: _Exits) -> Stop:
    floor = _cfa(session)
    return session.run_until(
        exits.within + exits.entered, lambda: session.pc in exits.entered or _cfa(session) >= floor
    )


def _step_out_of(session: "Session", ranges: Ranges, into_calls: bool) -> Stop:
    """Instruction by instruction, for code whose exits cannot be listed."""
    while True:
        instruction = session.instruction(session.pc)
        if instruction.is_call:
            stop = _step_call(session, instruction, into_calls)
        else:
            stop = session.step_quietly()
        if stop.reason is not Reason.STEP or not _contains(ranges, session.pc):
            return stop


def _step_call(session: "Session", call: Instruction, into_calls: bool) -> Stop:
    if not into_calls:
        return _run_in_frame(session, (call.end,))
    floor = _cfa(session)
    stop = session.step_quietly()
    if stop.reason is not Reason.STEP:
        return stop
    entry = _entry_of(session, session.pc)
    if not entry:
        return session.run_until((call.end,), lambda: _cfa(session) >= floor)
    if session.pc in entry:
        return stop
    return session.run_until((*entry, call.end), lambda: True)


def _contains(ranges: Ranges, address: int) -> bool:
    return any(start <= address < end for start, end in ranges)


def _cfa(session: "Session") -> int:
    """What tells this activation from a recursion: sp at its entry, wherever sp is now."""
    return session.frames(1)[0].cfa


def _sp(session: "Session") -> int:
    return session.current.read(registers.SP)
