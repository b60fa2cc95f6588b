"""Frames: from DWARF call-frame information where the program has it, else from reading the prologue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from flexdbg.debug.prologue import scan_prologue
from flexdbg.debug.symbols import SourceLine
from flexdbg.errors import MemoryAccessError

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.scopes import Block
    from flexdbg.debug.session import Session

__all__ = ["Frame", "awaited_call", "frames", "stack"]

_RA, _SP = 1, 2
# Registers a callee preserves: sp is handled apart, then s0, s1, s2..s11.
_SAVED = (8, 9, *range(18, 28))
_WORD = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `cfa` is the stack pointer that the caller had at the call.

    `registers` are x0 to x31 as this frame's code sees them; `homes` says where those are that a callee has
    saved, `saved` where this frame has saved its caller's. `look_up` lies inside the instruction that the
    frame is at: behind a call the pc does not. An inlined call is a frame too, of the same registers.
    """

    level: int
    pc: int
    sp: int
    cfa: int
    name: str
    line: SourceLine | None
    look_up: int = 0
    registers: tuple[int, ...] = ()
    homes: Mapping[int, int] = field(default_factory=dict)
    saved: Mapping[int, int] = field(default_factory=dict)
    index: int = 0  # among the frames that are not inlined
    block: "Block | None" = None  # the innermost scope, where there is debug information
    inlined: bool = False

    @property
    def at_line_start(self) -> bool:
        """Whether nothing of the line has been executed: gdb then leaves out the address."""
        return self.look_up == self.pc


def frames(session: "Session", limit: int) -> list[Frame]:
    """The call chain of the current hart, innermost first, without inlined calls."""
    found: list[Frame] = []
    values = session.cluster.registers(session.hart)[:32]
    homes: dict[int, int] = {}
    pc = session.pc
    while len(found) < limit:
        # A return address may lie behind the last instruction of its function.
        look_up = pc - 1 if found else pc
        function = session.symbols.function_at(look_up)
        name = function.name if function else "??"
        line = session.symbols.line_at(look_up)
        sp = values[_SP]
        seen = tuple(values)
        try:
            rule = _rule(session, look_up, pc, values)
            saved = {register: (rule.cfa + offset) & _WORD for register, offset in rule.saved.items()}
            level = len(found)
            found.append(Frame(level, pc, sp, rule.cfa, name, line, look_up, seen, dict(homes), saved, level))
            for register, address in saved.items():
                values[register] = session.cluster.read_word(address)
                homes[register] = address
        except MemoryAccessError:
            if len(found) == 0 or found[-1].pc != pc:
                found.append(
                    Frame(len(found), pc, sp, sp, name, line, look_up, seen, dict(homes), {}, len(found))
                )
            break
        for register, number in rule.known.items():
            values[register] = number
            homes.pop(register, None)
        return_address = values[_RA] & ~1
        caller = session.symbols.function_at(return_address - 1) if return_address else None
        stuck = return_address == pc and rule.cfa == sp
        if rule.outermost or caller is None or stuck or rule.cfa < sp:
            break
        values[_SP] = rule.cfa
        homes.pop(_SP, None)
        pc = return_address
    return found


def stack(session: "Session", limit: int) -> list[Frame]:
    """The call chain with inlined calls, by the names of the source."""
    debug = session.symbols.debug
    readable = session.symbols.readable
    found: list[Frame] = []
    none: list[Block] = []
    for frame in frames(session, limit):
        block = debug.block_at(frame.look_up) if debug is not None else None
        ahead = awaited_call(session, frame.pc, block) if block is not None and not found else None
        scopes = readable("debug information", partial(_scopes, block, ahead), none)
        line = SourceLine(*ahead.called_from) if ahead is not None and scopes else frame.line
        for scope in scopes or (None,):
            name = scope.function.name if scope is not None else ""
            inlined = scope is not None and scope.function.form == "inlined"
            found.append(
                replace(
                    frame, level=len(found), name=name or frame.name, line=line, block=scope, inlined=inlined
                )
            )
            if scope is not None and inlined:
                line = SourceLine(*scope.function.called_from)
        if len(found) >= limit:
            break
    return found[:limit]


def _scopes(block: "Block | None", ahead: "Block | None") -> list["Block"]:
    """The innermost block of each function, from the innermost inlined call outwards."""
    found: list[Block] = []
    if ahead is not None:
        block = ahead.parent
    while block is not None:
        found.append(block)
        block = block.outside
    return found


def awaited_call(session: "Session", pc: int, block: "Block") -> "Block | None":
    """The inlined call at whose first instruction a hart stands: the outermost one, if any.

    As in gdb it has not been made yet, unless a breakpoint on the called function has stopped the hart
    there, or it has stepped in.
    """
    debug = session.symbols.debug
    assert debug is not None
    readable = session.symbols.readable
    if session.stepped_in == (session.hart, session.cluster.cycle):
        return None
    before = debug.block_at(pc - 1)
    stop = session.last_stop
    numbers = stop.breakpoints if stop is not None and stop.cycle == session.cluster.cycle else ()
    wanted = stop.locations if stop is not None and numbers else ()
    awaited: Block | None = None
    while block.function.form == "inlined":
        call = block.function
        name = readable("debug information", partial(getattr, call, "name"), "")
        if name in wanted or (before is not None and any(scope is call for scope in before.all_around())):
            break
        awaited = call
        if call.parent is None:
            break
        block = call.parent
    return awaited


@dataclass(frozen=True, slots=True)
class _Rule:
    """How to undo a frame: its CFA, saved register -> offset from the CFA, registers whose value is known."""

    cfa: int
    saved: dict[int, int]
    known: dict[int, int] = field(default_factory=dict)
    outermost: bool = False


def _rule(session: "Session", look_up: int, pc: int, values: list[int]) -> _Rule:
    rule = _rule_from_dwarf(session, look_up, values)
    if rule is None:
        base, offset, saved = scan_prologue(session, pc)
        return _Rule((values[base] + offset) & _WORD, {r: o for r, o in saved.items() if r in (_RA, *_SAVED)})
    return rule


def _rule_from_dwarf(session: "Session", address: int, values: list[int]) -> _Rule | None:
    chosen = None
    for row in session.symbols.frame_table(address):
        if row["pc"] > address:
            break
        chosen = row
    if chosen is None:
        return None
    row = chosen
    from flexdbg.debug.dwarf.evaluation import Unavailable

    try:
        return session.symbols.readable("call frames", lambda: _undo(session, row, values), None)
    except Unavailable:
        return None


def _undo(session: "Session", row: dict[Any, Any], values: list[int]) -> _Rule | None:
    rule = row["cfa"]
    if rule.expr is not None:
        cfa = _computed(session, rule.expr, values, None)
    elif rule.reg < 32:
        cfa = (values[rule.reg] + rule.offset) & _WORD
    else:
        return None
    saved: dict[int, int] = {}
    known: dict[int, int] = {}
    outermost = False
    for register, how in row.items():
        if not isinstance(register, int) or not 0 < register < 32:
            continue
        if how.type == "OFFSET":
            saved[register] = how.arg
        elif how.type == "VAL_OFFSET":
            known[register] = (cfa + how.arg) & _WORD
        elif how.type == "REGISTER" and how.arg < 32:
            known[register] = values[how.arg]
        elif how.type == "EXPRESSION":
            saved[register] = _computed(session, how.arg, values, cfa) - cfa
        elif how.type == "VAL_EXPRESSION":
            known[register] = _computed(session, how.arg, values, cfa)
        elif how.type == "UNDEFINED" and register == _RA:
            outermost = True
    return _Rule(cfa, saved, known, outermost)


def _computed(session: "Session", code: Any, values: list[int], cfa: int | None) -> int:
    from flexdbg.debug.dwarf.evaluation import number_of, parse
    from flexdbg.debug.variables import RegisterMachine

    dwarf = session.symbols.dwarf
    assert dwarf is not None
    return number_of(parse(dwarf.structs, bytes(code)), RegisterMachine(session, values), cfa) & _WORD
