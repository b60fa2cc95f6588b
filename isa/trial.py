"""An instruction tried on a copy of the state: what it would change, lane by lane.

The real machine is not touched. The pseudo-code of the tables computes the result, so this is the clean
architectural meaning; it knows no time.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from dataclasses import dataclass

from .disassembler import decode_word
from .dot_products import DotProduct, dot_product
from .effects import parse_pseudo
from .machine_state import Memory, State, Trap
from .model import sign_extend
from .pseudocode import _Execution, _values, execute
from .registers import ABI_NAMES

__all__ = ["Access", "Change", "Lane", "Lanes", "Trial", "try_instruction"]

MASK = 0xFFFFFFFF

Reader = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Access:
    """One access to memory: `value` is what was read or written, little-endian."""

    write: bool
    address: int
    size: int
    value: int


@dataclass(frozen=True, slots=True)
class Change:
    """A register or CSR that the instruction changes."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: the numbers that went in, and what came out."""

    inputs: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class Lanes:
    """A lane-wise operation drawn out. Inputs and results are read with their signs."""

    names: tuple[str, ...]  # of the inputs: a0, a1, imm
    words: tuple[int, ...]  # the registers they come from
    width: int  # bits of a lane
    lanes: tuple[Lane, ...]
    target: str  # register name of the result
    result: int  # the whole of it
    format: str = ""  # name of the format that chose the width, "" if the instruction did


@dataclass(frozen=True, slots=True)
class Trial:
    """What one instruction would do."""

    trap: int | None  # mcause, if it does not complete
    accesses: tuple[Access, ...] = ()
    changes: tuple[Change, ...] = ()
    lanes: Lanes | None = None
    dot: DotProduct | None = None
    next_pc: int = 0


class _Probe(Memory):
    """Reads through to the machine, keeps writes to itself, and remembers both."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.seen: list[Access] = []

    def read(self, address: int, size: int) -> int:
        value = self.reader(address, size)
        self.seen.append(Access(False, address, size, value))
        return value

    def write(self, address: int, value: int, size: int) -> None:
        self.seen.append(Access(True, address, size, value & ((1 << 8 * size) - 1)))


def try_instruction(word: int, state: State, reader: Reader, core: str = "flexv") -> Trial:
    """Try `word` at state.pc. `reader(address, size)` gives memory; what it raises comes through."""
    before = copy.deepcopy(state)
    probe = _Probe(reader)
    after = copy.deepcopy(state)
    try:
        execute(word, after, probe, core)
    except Trap as trap:
        return Trial(trap.cause, next_pc=state.pc)
    return Trial(
        None,
        tuple(probe.seen),
        tuple(_changes(before, after)),
        _lanes(word, before, after, reader, core),
        dot_product(word, before, core),
        after.pc,
    )


def _changes(before: State, after: State) -> list[Change]:
    names: dict[str, tuple[int, int]] = {}
    for n in range(1, 32):
        names[ABI_NAMES[n]] = (before.x[n], after.x[n])
    for n in range(4):
        names[f"nn_w{n}"] = (before.nn_w[n], after.nn_w[n])
    for n in range(2):
        names[f"nn_a{n}"] = (before.nn_a[n], after.nn_a[n])
    for which in "aw":
        old, new = getattr(before, which), getattr(after, which)
        for part in ("addr", "stride", "rollback", "skip", "count"):
            names[f"{which}_{part}"] = (getattr(old, part), getattr(new, part))
    for part in ("simd_fmt", "mix_cycle", "mix_skip", "sb_legacy"):
        names[part] = (getattr(before, part), getattr(after, part))
    names["mix_skip_count"] = (before.skip_count, after.skip_count)
    for n, (one, other) in enumerate(zip(before.loop, after.loop, strict=True)):
        for part in ("start", "end", "count"):
            names[f"lp{part}{n}"] = (getattr(one, part), getattr(other, part))
    return [Change(name, old, new) for name, (old, new) in names.items() if old != new]


def _lanes(word: int, before: State, after: State, reader: Reader, core: str) -> Lanes | None:
    entry = decode_word(word, core)
    if entry is None:
        return None
    row, values = _values(entry.runs if entry.foreign else entry.row, word)
    if not row.lanes:
        return None
    run = _Execution(row, values, row.length, copy.deepcopy(before), _Probe(reader))
    for node in parse_pseudo(row.pseudo, row.source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rd[i]":
            return _map(node.value, run, after.x[values["rd"]] if values["rd"] else None)
    return None


def _find(node: ast.AST, wanted: Callable[[ast.AST], bool]) -> list[ast.expr]:
    """Outermost nodes that fit, in the order they are written."""
    if wanted(node) and isinstance(node, ast.expr):
        return [node]
    return [found for child in ast.iter_child_nodes(node) for found in _find(child, wanted)]


def _is_lane(node: ast.AST) -> bool:
    """`rs1[i]`, `scalar(rs2)[i]`, also under s() or u()."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in "su":
        return bool(node.args) and _is_lane(node.args[0])
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
        return False
    return any(isinstance(n, ast.Name) and n.id == "i" for n in ast.walk(node.slice))


def _register_of(node: ast.expr) -> str:
    """Field that a lane comes from."""
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return next((n for n in names if n in ("rs1", "rs2", "rd", "imm")), "")


def _named(field: str, run: _Execution) -> tuple[str, int]:
    """(what to call an operand, its 32 bits)."""
    value = run.values[field]
    if field == "imm":
        return "imm", value & MASK
    return ABI_NAMES[value], run.state.x[value]


def _value(node: ast.expr, run: _Execution, i: int) -> tuple[int, bool]:
    """Number of a lane, and whether it was read as signed."""
    unsigned = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "u"
    logical = isinstance(node, ast.Subscript)
    run.env["i"] = i
    raw = eval(compile(ast.fix_missing_locations(ast.Expression(node)), "<lane>", "eval"), run.env)
    if logical and hasattr(raw, "width"):
        return sign_extend(int(raw), raw.width), True
    return int(raw), not unsigned


def _map(value: ast.expr, run: _Execution, result: int | None) -> Lanes | None:
    sources = _find(value, _is_lane)
    if not sources or result is None:
        return None
    named = [_named(_register_of(source), run) for source in sources]
    drawn = []
    for i in run.env["lanes"]:
        read = [_value(source, run, i) for source in sources]
        out = result >> (i * run.lane) & ((1 << run.lane) - 1)
        signed = all(sign for _, sign in read)
        drawn.append(Lane(tuple(number for number, _ in read), sign_extend(out, run.lane) if signed else out))
    state = run.state
    driven = run.row.virtual and not state.sb_legacy and state.format is not None
    return Lanes(
        tuple(name for name, _ in named),
        tuple(word for _, word in named),
        run.lane,
        tuple(drawn),
        ABI_NAMES[run.values["rd"]],
        result,
        state.format.name if driven and state.format else "",
    )
