"""Which registers an instruction reads and writes, taken from its pseudo-code."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache

from .model import Instruction, IsaError

__all__ = ["Effects", "effects", "parse_pseudo"]

REGISTERS = frozenset(("rd", "rs1", "rs2", "rs3"))


@dataclass(frozen=True, slots=True)
class Effects:
    reads: frozenset[str]
    writes: frozenset[str]
    conditional: frozenset[str]  # read under an `if` only


def parse_pseudo(text: str, where: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise IsaError(f"{where}: pseudo-code: {error.msg}: {text!r}") from error


def _target(node: ast.expr) -> tuple[str, str]:
    """(register, part) of a target; part "" is the whole word, "i" all lanes, else such as "h0"."""
    if isinstance(node, ast.Name):
        return node.id, ""
    if isinstance(node, ast.Subscript):
        index = ast.unparse(node.slice)
        if isinstance(node.value, ast.Name):
            return node.value.id, "i" if index == "i" else f"?{index}"
        if isinstance(node.value, ast.Attribute) and isinstance(node.value.value, ast.Name):
            return node.value.value.id, f"{node.value.attr}{index}"
    return "", ""


ALL_PARTS = ({""}, {"i"}, {"h0", "h1"}, {"b0", "b1", "b2", "b3"})


def _loads(node: ast.AST) -> set[str]:
    return {
        n.id
        for n in ast.walk(node)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in REGISTERS
    }


@lru_cache(maxsize=4096)
def _analyse(text: str, where: str) -> Effects:
    always: set[str] = set()
    sometimes: set[str] = set()
    parts: dict[str, set[str]] = {}

    def statement(node: ast.stmt, reads: set[str]) -> None:
        if isinstance(node, ast.If):
            reads |= _loads(node.test)
            for inner in node.body:
                statement(inner, sometimes)
        elif isinstance(node, ast.Assign):
            reads |= _loads(node.value)
            for target in node.targets:
                name, part = _target(target)
                if name in REGISTERS:
                    parts.setdefault(name, set()).add(part)
                else:
                    reads |= _loads(target)  # an address or an index
        elif isinstance(node, ast.Expr):
            reads |= _loads(node.value)
        else:
            raise IsaError(f"{where}: pseudo-code: {ast.unparse(node)!r} is no assignment")

    for node in parse_pseudo(text, where).body:
        statement(node, always)
    for name, written in parts.items():
        if written not in ALL_PARTS:
            always.add(name)  # what is not written keeps its value
    return Effects(frozenset(always | sometimes), frozenset(parts), frozenset(sometimes - always))


def effects(row: Instruction) -> Effects:
    """Effects of a row; a compressed row has those of what it expands to."""
    base = row.expand.base if row.expand else row
    return _analyse(base.pseudo, base.source)
