"""Frames: from DWARF call-frame information where the program has it, else from reading the prologue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.debug.prologue import scan_prologue
from flexdbg.debug.symbols import SourceLine
from flexdbg.errors import MemoryAccessError

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Frame", "frames"]

_RA, _SP = 1, 2
# Registers a callee preserves: sp is handled apart, then s0, s1, s2..s11.
_SAVED = (8, 9, *range(18, 28))


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame; `cfa` is the stack pointer that the caller had at the call."""

    level: int
    pc: int
    sp: int
    cfa: int
    name: str
    line: SourceLine | None


def frames(session: "Session", limit: int) -> list[Frame]:
    """The call chain of the current hart, innermost first."""
    found: list[Frame] = []
    values = session.cluster.registers(session.hart)[:32]
    pc = session.pc
    while len(found) < limit:
        # A return address may lie behind the last instruction of its function.
        look_up = pc - 1 if found else pc
        function = session.symbols.function_at(look_up)
        rule = _rule(session, look_up, pc)
        cfa = (values[rule.base] + rule.offset) & 0xFFFF_FFFF
        name = function.name if function else "??"
        found.append(Frame(len(found), pc, values[_SP], cfa, name, session.symbols.line_at(look_up)))
        try:
            return_address = _restore(session, values, rule, cfa)
        except MemoryAccessError:
            break
        caller = session.symbols.function_at(return_address - 1) if return_address else None
        stuck = return_address == pc and cfa == values[_SP]
        if caller is None or stuck or cfa < values[_SP]:
            break
        values[_SP] = cfa
        pc = return_address
    return found


@dataclass(frozen=True, slots=True)
class Rule:
    """How to undo a frame at one pc: CFA = base register + offset; saved register -> offset from the CFA."""

    base: int
    offset: int
    saved: dict[int, int]


def _restore(session: "Session", values: list[int], rule: Rule, cfa: int) -> int:
    for register in (_RA, *_SAVED):
        if register in rule.saved:
            values[register] = session.cluster.read_word((cfa + rule.saved[register]) & 0xFFFF_FFFF)
    return values[_RA] & ~1


def _rule(session: "Session", look_up: int, pc: int) -> Rule:
    rule = _rule_from_dwarf(session, look_up)
    if rule is None:
        base, offset, saved = scan_prologue(session, pc)
        rule = Rule(base, offset, saved)
    return rule


def _rule_from_dwarf(session: "Session", address: int) -> Rule | None:
    table = session.symbols.frame_table(address)
    chosen = None
    for row in table:
        if row["pc"] > address:
            break
        chosen = row
    if chosen is None or chosen["cfa"].expr is not None:
        return None
    saved = {
        register: rule.arg
        for register, rule in chosen.items()
        if isinstance(register, int) and rule.type == "OFFSET"
    }
    return Rule(chosen["cfa"].reg, chosen["cfa"].offset, saved)
