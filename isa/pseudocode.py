"""Evaluates the pseudo-code of the tables: the slow, readable reference of what each instruction does."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

from .disassembler import decode_word
from .effects import parse_pseudo
from .lanes import Bits, Narrow, Word, low, s, u, wrap
from .machine_state import Memory, State, Trap
from .model import Instruction, IsaError, sign_extend
from .model_cache import isa_model

__all__ = ["Step", "check_pseudo", "execute", "step"]

MASK = 0xFFFFFFFF

_ALLOWED = (
    ast.Expression, ast.Name, ast.Load, ast.Store, ast.Constant, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Compare, ast.IfExp, ast.Call,
    ast.Subscript, ast.Slice, ast.Attribute, ast.GeneratorExp, ast.comprehension,
    ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
)  # fmt: skip


# ---- functions of the language ------------------------------------------------------------------


def _quotient(a: int, b: int) -> int:
    if b == 0:
        return -1
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _remainder(a: int, b: int) -> int:
    return a if b == 0 else a - b * _quotient(a, b)


def _sign_copies(x: int) -> int:
    value = int(x) ^ (MASK if int(x) >> 31 else 0)
    return 31 - value.bit_length()


def _reverse_digits(x: int, width: int) -> int:
    result = 0
    for k in range(32 // width):
        digit = (int(x) >> (32 - width * (k + 1))) & ((1 << width) - 1)
        result |= digit << (width * k)
    return result


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "s": s, "u": u, "wrap": wrap, "low": low, "abs": abs, "min": min, "max": max, "sum": sum,
    "clamp": lambda x, lo, hi: min(max(x, lo), hi),
    "ones": lambda x: int(x).bit_count(),
    "lowest_one": lambda x: (int(x) & -int(x)).bit_length() - 1 if x else 32,
    "highest_one": lambda x: int(x).bit_length() - 1 if x else 32,
    "sign_copies": _sign_copies,
    "reverse_digits": _reverse_digits,
    "quotient": _quotient,
    "remainder": _remainder,
}  # fmt: skip

# Names that a statement gets from the machine; anything else it reads must have been assigned before.
_MACHINE = frozenset(
    [
        "rd",
        "rs1",
        "rs2",
        "rs3",
        "pc",
        "len",
        "next",
        "L",
        "N",
        "i",
        "lanes",
        "lane",
        "scalar",
        "dot",
        "refill_address",
        "refill_pointer",
        "trap",
        "mem8",
        "mem16",
        "mem32",
        "CSR",
        "W",
        "A",
        "lpstart",
        "lpend",
        "lpcount",
    ]
)


# ---- compilation --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Action:
    """One statement: `target` says what is assigned, `index` where, `value` what."""

    target: str
    part: str  # "" whole, "lanes", "h" or "b"
    index: CodeType | None
    value: CodeType
    test: CodeType | None


def _code(node: ast.expr, row: Instruction) -> CodeType:
    for inner in ast.walk(node):
        if not isinstance(inner, _ALLOWED):
            raise IsaError(f"{row.source}: pseudo-code: {ast.unparse(inner)!r} is not allowed")
        if isinstance(inner, ast.Attribute) and inner.attr not in ("h", "b"):
            raise IsaError(f"{row.source}: pseudo-code: unknown part .{inner.attr}")
    expression = ast.Expression(node)
    return compile(ast.fix_missing_locations(expression), row.source, "eval")


def _action(node: ast.stmt, test: CodeType | None, row: Instruction) -> list[_Action]:
    if isinstance(node, ast.If) and not node.orelse and test is None:
        condition = _code(node.test, row)
        return [a for inner in node.body for a in _action(inner, condition, row)]
    if isinstance(node, ast.Expr):
        return [_Action("", "", None, _code(node.value, row), test)]
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        raise IsaError(f"{row.source}: pseudo-code: {ast.unparse(node)!r} is no assignment")
    target, value = node.targets[0], _code(node.value, row)
    if isinstance(target, ast.Name):
        return [_Action(target.id, "", None, value, test)]
    if isinstance(target, ast.Subscript):
        where = target.value
        if isinstance(where, ast.Name):
            lanes = ast.unparse(target.slice) == "i"
            return [
                _Action(
                    where.id,
                    "lanes" if lanes else "",
                    None if lanes else _code(target.slice, row),
                    value,
                    test,
                )
            ]
        if isinstance(where, ast.Attribute) and isinstance(where.value, ast.Name):
            return [_Action(where.value.id, where.attr, _code(target.slice, row), value, test)]
    raise IsaError(f"{row.source}: pseudo-code: cannot assign to {ast.unparse(target)!r}")


@lru_cache(maxsize=4096)
def _compiled(row: Instruction) -> tuple[_Action, ...]:
    return tuple(a for node in parse_pseudo(row.pseudo, row.source).body for a in _action(node, None, row))


def check_pseudo(row: Instruction) -> None:
    """Raise IsaError if the pseudo-code of a row is malformed or reads an unknown name."""
    _compiled(row)
    known = set(_MACHINE) | set(_FUNCTIONS) | set(row.fields)
    for node in parse_pseudo(row.pseudo, row.source).body:
        for name in (n for n in ast.walk(node) if isinstance(n, ast.Name)):
            if isinstance(name.ctx, ast.Load) and name.id not in known:
                raise IsaError(f"{row.source}: pseudo-code reads unknown name {name.id!r}")
        known |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


# ---- evaluation ---------------------------------------------------------------------------------


class _View:
    """A subscripted name of the pseudo-code, reading the state."""

    def __init__(self, read: Callable[[int], Bits]) -> None:
        self.read = read

    def __getitem__(self, index: int) -> Bits:
        return self.read(int(index))


@dataclass(frozen=True, slots=True)
class Step:
    """What a step executed."""

    pc: int
    word: int
    row: Instruction
    taken: bool  # control did not go to the following instruction


class _Execution:
    """One instruction on one state."""

    def __init__(
        self, row: Instruction, values: dict[str, int], length: int, state: State, memory: Memory
    ) -> None:
        self.row, self.state, self.memory = row, state, memory
        self.values = values
        driven = row.virtual and not state.sb_legacy
        chosen = state.format
        self.mixed = False
        if not driven:
            self.lane = row.lanes or 32
        elif row.timing == "dotp":
            if chosen is None or chosen.code == 0:
                raise Trap(2)
            self.lane, self.mixed = chosen.activation_bits, chosen.mixed
        else:
            uniform = chosen is not None and chosen.code and not chosen.mixed
            self.lane = chosen.activation_bits if chosen and uniform else 32
        self.next = state.pc + length
        count = 32 // self.lane
        self.env: dict[str, Any] = {
            "__builtins__": {}, **_FUNCTIONS, "pc": state.pc, "len": length, "next": self.next,
            "L": self.lane, "N": count, "lanes": range(count),
            "lane": lambda x: low(x, self.lane), "scalar": self.scalar, "dot": self.dot,
            "refill_address": self.refill_address, "refill_pointer": self.refill_pointer, "trap": self.trap,
            "mem8": _View(lambda a: Bits(memory.read(a & MASK, 1), 8)),
            "mem16": _View(lambda a: Bits(memory.read(a & MASK, 2), 16)),
            "mem32": _View(lambda a: Bits(memory.read(a & MASK, 4), 32)),
            "CSR": _View(lambda n: Bits(state.read_csr(n), 32)),
            "W": _View(lambda n: Bits(state.nn_w[n], 32)),
            "A": _View(lambda n: Bits(state.nn_a[n], 32)),
        }  # fmt: skip
        for name, value in values.items():
            if name in ("rd", "rs1", "rs2", "rs3"):
                self.env[name] = self.register(name, state.x[value])
            elif value >= 0:
                self.env[name] = Bits(value, max(value.bit_length(), 1) + 1)
            else:
                self.env[name] = value

    def register(self, name: str, value: int) -> Bits:
        return self.weights(value) if name == "rs2" and self.mixed else Word(value, self.lane)

    def weights(self, value: int) -> Narrow:
        chosen = self.state.format
        assert chosen is not None
        return Narrow(value, chosen.weight_bits, self.state.mix_cycle * chosen.lanes)

    def scalar(self, value: int) -> Bits:
        """The lowest lane of the operand in every lane; without a lane width, its low half in both halves."""
        width = 16 if self.mixed or self.lane == 32 else self.lane
        part = int(value) & ((1 << width) - 1)
        word = sum(part << k for k in range(0, 32, width))
        return self.weights(word) if self.mixed else Word(word, self.lane)

    def dot(self, a: int, w: int, a_sign: str, w_sign: str, bits: int) -> int:
        """Dot product of Mac&Load; `bits` is the lane width of the encoding."""
        read = {"s": s, "u": u}
        left, right = self.dot_operands(a, w, bits)
        return sum(read[a_sign](left[i]) * read[w_sign](right[i]) for i in range(32 // left.lane))

    def dot_operands(self, a: int, w: int, bits: int) -> tuple[Word, Narrow]:
        """Both operands of Mac&Load with their lanes."""
        state = self.state
        narrow = wide = bits
        first = 0
        if not state.sb_legacy:
            chosen = state.format
            if chosen is None or chosen.code == 0:
                raise Trap(2)
            wide, narrow = chosen.activation_bits, chosen.weight_bits
            first = state.mix_cycle * chosen.lanes if chosen.mixed else 0
        if not wide:
            raise Trap(2)  # funct3 names no width
        return Word(int(a), wide), Narrow(int(w), narrow, first)

    def refill_address(self, operand: str, rs1: int) -> int:
        """Address of a reload: rs1 in legacy mode, else the walking CSR, which is stepped in both modes."""
        walker = self.state.w if operand == "w" else self.state.a
        address = int(rs1) if self.state.sb_legacy else walker.addr
        walker.step()
        return address

    def refill_pointer(self, rs1: int) -> int:
        """rs1 after a reload: stepped in legacy mode only (the RTL destroys it otherwise)."""
        return int(rs1) + 4 if self.state.sb_legacy else int(rs1)

    def trap(self, cause: int) -> None:
        raise Trap(int(cause))

    def run(self) -> None:
        state, env = self.state, self.env
        written: list[tuple[str, int]] = []  # in order: of two writes to one register the later stays
        partial: dict[str, int] = {}
        for action in _compiled(self.row):
            if action.test is not None and not eval(action.test, env):
                continue
            if action.part == "lanes":
                result = 0
                for i in env["lanes"]:
                    env["i"] = i
                    result |= (int(eval(action.value, env)) & ((1 << self.lane) - 1)) << (i * self.lane)
                written.append((action.target, result))
                continue
            value = eval(action.value, env)
            if action.target == "":
                continue
            where = int(eval(action.index, env)) if action.index is not None else 0
            if action.part:
                width = 16 if action.part == "h" else 8
                old = partial.get(action.target, state.x[self.values[action.target]])
                ones = ((1 << width) - 1) << (where * width)
                partial[action.target] = old & ~ones | (int(value) << (where * width)) & ones
            elif action.index is None:
                if action.target in ("rd", "rs1"):
                    written.append((action.target, int(value)))
                elif action.target == "next":
                    self.next = int(value) & MASK
                else:
                    env[action.target] = value if isinstance(value, Bits) else int(value)
            else:
                self.store(action.target, where, int(value))
        for name, result in (*written, *partial.items()):
            state.x[self.values[name]] = result & MASK
        state.x[0] = 0

    def store(self, target: str, index: int, value: int) -> None:
        state = self.state
        if target in ("mem8", "mem16", "mem32"):
            self.memory.write(index & MASK, value, int(target[3:]) // 8)
        elif target == "CSR":
            state.write_csr(index, value)
            state.touch_csr(index)
        elif target in ("W", "A"):
            (state.nn_w if target == "W" else state.nn_a)[index] = value & MASK
        elif target in ("lpstart", "lpend", "lpcount"):
            setattr(state.loop[index], target[2:], value & MASK)
        else:
            raise IsaError(f"{self.row.source}: pseudo-code: cannot assign to {target}[]")


def _values(row: Instruction, word: int) -> tuple[Instruction, dict[str, int]]:
    """(the 32-bit instruction that runs, its operand values)."""
    values = {name: row.value(name, word) for name in row.fields}
    if row.expand:
        bound = row.expand.bindings
        base = row.expand.base
        return base, {name: v if isinstance(v, int) else values[v] for name, v in bound.items()}
    for name, item in row.extra.items():
        values[name] = item.extract(word)
    for name in row.fields:
        if row.slots.get(name) == ("rs2", "aux"):
            values[name] = sign_extend(row.fields[name].extract(word), row.fields[name].width)
    return row, values


def execute(word: int, state: State, memory: Memory, core: str = "flexv") -> Step:
    """Execute one word at state.pc; Trap leaves the state as it was, but for counters."""
    entry = decode_word(word, core)
    if entry is None:
        raise Trap(2)
    pc, length = state.pc, entry.row.length
    row, values = _values(entry.runs if entry.foreign else entry.row, word)
    run = _Execution(row, values, length, state, memory)
    run.run()
    if row.timing == "dotp" or (row.timing == "macload" and values["rd"] != 0):
        state.count_dot_product()
    following = (pc + length) & MASK
    if run.next & MASK == following:
        for loop in state.loop:  # loop 0 has priority
            if pc == loop.end and loop.count > 1:
                loop.count -= 1
                run.next = loop.start
                break
    state.pc = run.next & MASK
    return Step(pc, word, entry.row, state.pc != following)


def step(state: State, memory: Memory, core: str = "flexv") -> Step:
    """Fetch and execute the instruction at state.pc."""
    word = memory.read(state.pc, 2)
    if word & 3 == 3:
        word |= memory.read((state.pc + 2) & MASK, 2) << 16
    return execute(word, state, memory, core)


def check_all() -> None:
    """Check the pseudo-code of every row."""
    for row in isa_model().instructions:
        check_pseudo(row)
