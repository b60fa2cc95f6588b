"""A dot product taken apart, from its pseudo-code: lanes, products, sum, accumulator and reload."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .disassembler import decode_word
from .effects import parse_pseudo
from .lanes import Narrow, Word, s
from .machine_state import Memory, State
from .model import Instruction
from .pseudocode import _code, _Execution, _values
from .registers import abi_name

__all__ = ["DotOperand", "DotProduct", "Refill", "dot_product"]

MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class DotOperand:
    """One operand: the register it comes from, its word, and the lanes that take part, as numbers."""

    name: str  # "a0", "nn_w1", or "imm"
    word: int
    bits: int  # width of a lane
    signed: bool
    lanes: tuple[int, ...]
    first: int = 0  # index of the first lane that takes part: slice times lanes
    scalar: bool = False  # one value for all lanes


@dataclass(frozen=True, slots=True)
class Refill:
    """The load of a Mac&Load: which NN register it fills, from where."""

    register: str
    address: int


@dataclass(frozen=True, slots=True)
class DotProduct:
    """What one dot product computes. `left` are activations, `right` weights, in the order of the lanes."""

    mnemonic: str
    left: DotOperand
    right: DotOperand
    accumulates: bool
    destination: str
    before: int  # of the destination, 32 bits
    slice: int | None  # None: the format has none
    slices: int
    refill: Refill | None

    @property
    def products(self) -> tuple[int, ...]:
        return tuple(a * w for a, w in zip(self.left.lanes, self.right.lanes, strict=True))

    @property
    def sum(self) -> int:
        """The sum of the products, exact."""
        return sum(self.products)

    @property
    def after(self) -> int:
        """Of the destination, 32 bits."""
        return (self.sum + (self.before if self.accumulates else 0)) & MASK


def dot_product(word: int, state: State, core: str = "flexv") -> DotProduct | None:
    """The dot product that `word` would compute in `state`, which stays; None for other instructions.

    Raises Trap where the instruction would be illegal, such as a Mac&Load in a reserved format.
    """
    entry = decode_word(word, core)
    if entry is None:
        return None
    row, values = _values(entry.runs if entry.foreign else entry.row, word)
    shape = _shape(row)
    if shape is None:
        return None
    run = _Execution(row, values, entry.row.length, state, Memory())
    if shape.call is not None:
        left, right, slices = _macload(run, shape.call, values)
    else:
        assert shape.left is not None and shape.right is not None
        left, right, slices = _plain(run, shape, values)
    return DotProduct(
        entry.row.name,
        left,
        right,
        shape.accumulates,
        abi_name(values["rd"]),
        state.x[values["rd"]] & MASK,
        state.mix_cycle if slices > 1 else None,
        slices,
        _refill(row, values, state),
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where the pseudo-code has its factors."""

    accumulates: bool
    call: ast.Call | None = None  # dot(...)
    left: ast.Call | None = None  # s(rs1[i])
    right: ast.Call | None = None


@lru_cache(maxsize=512)
def _shape(row: Instruction) -> _Shape | None:
    if row.timing not in ("dotp", "macload"):
        return None
    for statement in parse_pseudo(row.pseudo, row.source).body:
        if not isinstance(statement, ast.Assign):
            continue
        reads = {n.id for n in ast.walk(statement.value) if isinstance(n, ast.Name)}
        for node in ast.walk(statement.value):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id == "dot":
                return _Shape("rd" in reads, call=node)
            if node.func.id == "sum" and isinstance(node.args[0], ast.GeneratorExp):
                product = node.args[0].elt
                if (
                    isinstance(product, ast.BinOp)
                    and isinstance(product.left, ast.Call)
                    and isinstance(product.right, ast.Call)
                ):
                    return _Shape("rd" in reads, left=product.left, right=product.right)
    return None


def _evaluate(run: _Execution, node: ast.expr) -> Any:
    return eval(_code(node, run.row), run.env)


def _macload(run: _Execution, call: ast.Call, values: dict[str, int]) -> tuple[DotOperand, DotOperand, int]:
    a, w, a_sign, w_sign, bits = (_evaluate(run, argument) for argument in call.args)
    left, right = run.dot_operands(a, w, bits)
    names = [_register_name(run, node, values) for node in call.args[:2]]
    chosen = run.state.format
    slices = chosen.slices if chosen and not run.state.sb_legacy and chosen.mixed else 1
    count = range(32 // left.lane)
    return (
        DotOperand(names[0], int(left), left.lane, a_sign == "s", _read(left, count, a_sign)),
        DotOperand(names[1], int(right), right.lane, w_sign == "s", _read(right, count, w_sign), right.first),
        slices,
    )


def _plain(run: _Execution, shape: _Shape, values: dict[str, int]) -> tuple[DotOperand, DotOperand, int]:
    operands = []
    for call in (shape.left, shape.right):
        assert call is not None and isinstance(call.func, ast.Name)
        subscript = call.args[0]
        assert isinstance(subscript, ast.Subscript)
        base = subscript.value
        scalar = isinstance(base, ast.Call)
        register = base.args[0] if isinstance(base, ast.Call) else base
        whole = _evaluate(run, base)
        assert isinstance(whole, Word | Narrow)
        sign = call.func.id
        operands.append(
            DotOperand(
                _register_name(run, register, values),
                int(_evaluate(run, register)) & MASK,
                whole.lane,
                sign == "s",
                _read(whole, run.env["lanes"], sign),
                whole.first if isinstance(whole, Narrow) else 0,
                scalar,
            )
        )
    chosen = run.state.format
    return operands[0], operands[1], chosen.slices if chosen and run.mixed else 1


def _read(value: Word | Narrow, lanes: range, sign: str) -> tuple[int, ...]:
    return tuple(s(value[i]) if sign == "s" else int(value[i]) for i in lanes)


def _register_name(run: _Execution, node: ast.expr, values: dict[str, int]) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return f"nn_{node.value.id.lower()}{int(_evaluate(run, node.slice))}"
    if isinstance(node, ast.Name) and node.id in ("rs1", "rs2", "rs3", "rd"):
        return abi_name(values[node.id])
    return ast.unparse(node)


def _refill(row: Instruction, values: dict[str, int], state: State) -> Refill | None:
    """The first load into an NN register whose condition holds."""
    if row.timing != "macload":
        return None
    run = _Execution(row, values, row.length, state, Memory())
    # The walkers step when they are asked: ask on the side.
    run.env["refill_address"] = lambda operand, rs1: (
        int(rs1) if state.sb_legacy else (state.w if operand == "w" else state.a).addr
    )
    for statement in parse_pseudo(row.pseudo, row.source).body:
        inner = statement.body[0] if isinstance(statement, ast.If) else statement
        if isinstance(statement, ast.If) and not _evaluate(run, statement.test):
            continue
        if not isinstance(inner, ast.Assign):
            continue
        target, value = inner.targets[0], inner.value
        if isinstance(target, ast.Subscript) and isinstance(value, ast.Subscript):
            return Refill(_register_name(run, target, values), int(_evaluate(run, value.slice)) & MASK)
    return None
