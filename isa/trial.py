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
from .effects import parse_pseudo
from .machine_state import Memory, State, Trap
from .model import Instruction, sign_extend
from .pseudocode import _Execution, execute, _values
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
    """One lane: the numbers that went in, and what came out (the product, for a dot product)."""

    inputs: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class Lanes:
    """A SIMD operation drawn out. Inputs and results are read with their signs."""

    kind: str  # "dot" or "map"
    names: tuple[str, ...]  # of the inputs: rs1, rs2, A0, W2 ...
    words: tuple[int, ...]  # the registers they come from
    widths: tuple[int, ...]  # bits of a lane of each input
    signed: tuple[bool, ...]
    lanes: tuple[Lane, ...]
    target: str  # register name of the result
    before: int = 0  # accumulator, signed 32 bits; 0 if it does not accumulate
    accumulates: bool = False
    after: int = 0
    slice: int | None = None  # which part of the weight word, None for uniform formats
    slices: int = 1
    format: str = ""  # name of the format that chose the widths, "" if the instruction did

    @property
    def total(self) -> int:
        return sum(lane.result for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Trial:
    """What one instruction would do."""

    trap: int | None  # mcause, if it does not complete
    accesses: tuple[Access, ...] = ()
    changes: tuple[Change, ...] = ()
    lanes: Lanes | None = None
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
    return Trial(None, tuple(probe.seen), tuple(_changes(before, after)), _lanes(word, before, after, reader, core), after.pc)


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
    if not row.lanes and row.timing != "macload":
        return None
    run = _Execution(row, values, row.length, copy.deepcopy(before), _Probe(reader))
    for node in parse_pseudo(row.pseudo, row.source).body:
        if not isinstance(node, ast.Assign):
            continue
        target = node.targets[0]
        if isinstance(target, ast.Subscript) and ast.unparse(target) == "rd[i]":
            return _map(row, node.value, run, after.x[values["rd"]] if values["rd"] else None)
        if isinstance(target, ast.Name) and target.id == "rd":
            found = _dot(row, node.value, run, before, after)
            if found is not None:
                return found
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


def _width(node: ast.expr, run: _Execution) -> int:
    inner = node.args[0] if isinstance(node, ast.Call) else node
    run.env["i"] = 0
    raw = eval(compile(ast.fix_missing_locations(ast.Expression(inner)), "<lane>", "eval"), run.env)
    return int(getattr(raw, "width", run.lane))


def _chosen(run: _Execution) -> tuple[int | None, int, str]:
    """(slice, slices, format name) where simd_fmt decides."""
    state = run.state
    if state.sb_legacy or state.format is None or not (run.row.virtual or run.row.timing == "macload"):
        return None, 1, ""
    chosen = state.format
    mixed = chosen.mixed and run.row.timing in ("dotp", "macload")
    return (state.mix_cycle if mixed else None), (chosen.slices if mixed else 1), chosen.name


def _map(row: Instruction, value: ast.expr, run: _Execution, result: int | None) -> Lanes | None:
    sources = _find(value, _is_lane)
    if not sources or result is None:
        return None
    fields = [_register_of(source) for source in sources]
    named = [_named(field, run) for field in fields]
    drawn = []
    signs = [True] * len(sources)
    for i in run.env["lanes"]:
        inputs = []
        for k, source in enumerate(sources):
            number, signs[k] = _value(source, run, i)
            inputs.append(number)
        out = result >> (i * run.lane) & ((1 << run.lane) - 1)
        drawn.append(Lane(tuple(inputs), sign_extend(out, run.lane) if all(signs) else out))
    widths = tuple(run.lane for _ in sources)
    _, _, form = _chosen(run)
    return Lanes(
        "map", tuple(n for n, _ in named), tuple(w for _, w in named), widths, tuple(signs), tuple(drawn),
        ABI_NAMES[run.values["rd"]], after=sign_extend(result, 32), format=form,
    )  # fmt: skip


def _dot(row: Instruction, value: ast.expr, run: _Execution, before: State, after: State) -> Lanes | None:
    sums = _find(value, lambda n: isinstance(n, ast.Call) and ast.unparse(n.func) in ("sum", "dot"))
    if not sums:
        return None
    call = sums[0]
    assert isinstance(call, ast.Call)
    rd = run.values["rd"]
    accumulates = any(isinstance(n, ast.Name) and n.id == "rd" for n in ast.walk(value))
    number, slices, form = _chosen(run)
    if isinstance(call.func, ast.Name) and call.func.id == "dot":
        names, words, widths, signs, lanes = _macload(call, run)
    else:
        names, words, widths, signs, lanes = _sum(call, run)
    return Lanes(
        "dot", names, words, widths, signs, lanes, ABI_NAMES[rd],
        before=sign_extend(before.x[rd], 32) if accumulates else 0,
        accumulates=accumulates, after=sign_extend(after.x[rd], 32), slice=number, slices=slices, format=form,
    )  # fmt: skip


_Drawn = tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], tuple[bool, ...], tuple[Lane, ...]]


def _sum(call: ast.Call, run: _Execution) -> _Drawn:
    sources = _find(call, _is_lane)
    named = [_named(_register_of(source), run) for source in sources]
    lanes, signs = [], [True] * len(sources)
    for i in run.env["lanes"]:
        inputs = []
        for k, source in enumerate(sources):
            number, signs[k] = _value(source, run, i)
            inputs.append(number)
        lanes.append(Lane(tuple(inputs), inputs[0] * inputs[1]))
    widths = tuple(_width(source, run) for source in sources)
    return tuple(n for n, _ in named), tuple(w for _, w in named), widths, tuple(signs), tuple(lanes)


def _macload(call: ast.Call, run: _Execution) -> _Drawn:
    arguments = [
        eval(compile(ast.fix_missing_locations(ast.Expression(node)), "<dot>", "eval"), run.env)
        for node in call.args
    ]
    names, words = [], []
    for node, value in zip(call.args[:2], arguments, strict=False):
        words.append(int(value))
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            index = eval(compile(ast.fix_missing_locations(ast.Expression(node.slice)), "<dot>", "eval"), run.env)
            names.append(f"{node.value.id}{int(index)}")
        else:
            names.append(ABI_NAMES[run.values[ast.unparse(node)]])
    terms = run.dot_terms(*arguments)
    wide = 32 // len(terms)
    state = run.state
    narrow = wide if state.sb_legacy or state.format is None else state.format.weight_bits
    lanes = tuple(Lane((x, y), x * y) for x, y in terms)
    return tuple(names), tuple(words), (wide, narrow), (arguments[2] == "s", arguments[3] == "s"), lanes
