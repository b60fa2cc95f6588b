"""Checks of the tables that no single row can fail alone: overlaps, coverage, operands, references."""

from __future__ import annotations

from collections.abc import Iterator

from .decoding import overlaps
from .effects import effects
from .model import Instruction, Isa
from .pseudocode import check_pseudo

__all__ = ["problems"]


def problems(isa: Isa) -> list[str]:
    """Every mistake found, each with file and row; empty if the tables are sound."""
    found = [*overlaps(isa)]
    for row in isa.instructions:
        found += _row(isa, row)
    found += _names(isa)
    found += _csrs(isa)
    return found


def _row(isa: Isa, row: Instruction) -> Iterator[str]:
    covered = row.mask
    for item in row.fields.values():
        if covered & item.mask:
            yield f"{row.source}: field {item.name} lies on fixed bits"
        covered |= item.mask
        holes = ((1 << item.width) - 1) & ~(item.step - 1) & ~_value_bits(row, item.name)
        if holes:
            yield f"{row.source}: field {item.name} leaves out value bits {holes:#x}"
    if covered != (1 << 8 * row.length) - 1:
        yield f"{row.source}: bits {(1 << 8 * row.length) - 1 - covered:#x} are neither fixed nor in a field"
    if row.match & ~row.mask:
        yield f"{row.source}: match has bits outside the mask"
    written = set(row.kinds)
    for name in row.fields:
        if name not in written:
            yield f"{row.source}: field {name} has no operand"
    if row.expand:
        for name, bound in row.expand.bindings.items():
            if isinstance(bound, str) and bound not in row.fields:
                yield f"{row.source}: expansion binds {name} to unknown {bound}"
        return
    check_pseudo(row)
    seen = effects(row)
    for name in seen.reads | seen.writes:
        if name not in row.fields and name not in row.extra:
            yield f"{row.source}: pseudo-code uses {name}, which the encoding lacks"
    if row.timing in ("load", "store", "elw", "macload") and row.size not in (1, 2, 4):
        yield f"{row.source}: a memory access needs its size"
    if row.timing == "branch" and not row.exec:
        yield f"{row.source}: a branch needs the name of its predicate"
    if row.timing in ("alu", "mul", "dotp", "mulh", "div") and not row.exec:
        yield f"{row.source}: no exec names what the core runs"
    if row.runs_as and row.runs_as not in isa.by_id:
        yield f"{row.source}: runs_as names no row: {row.runs_as}"


def _value_bits(row: Instruction, name: str) -> int:
    return sum(((1 << width) - 1) << low for _, width, low in row.fields[name].pieces)


def _names(isa: Isa) -> Iterator[str]:
    for alias in isa.aliases:
        for operand in alias.syntax.operands:
            if operand.name not in alias.target.bindings.values():
                yield f"{alias.source}: operand {operand.name} is not used by the expansion"
    for name, rows in isa.by_name.items():
        if name != name.lower():
            yield f"{rows[0].source}: mnemonic {name!r} is not in lower case"
        shapes: dict[tuple[str, str], str] = {}
        for row in rows:
            if isinstance(row, Instruction):
                key = (row.syntax.shape, " ".join(row.cores))
                if key in shapes and "(" not in key[0]:
                    yield f"{row.source}: same name and operands as {shapes[key]}"
                shapes[key] = row.source


def _csrs(isa: Isa) -> Iterator[str]:
    addresses: dict[int, str] = {}
    names: dict[str, str] = {}
    for csr in isa.csrs:
        if csr.address in addresses:
            yield f"csrs.toml: {csr.name} has the address of {addresses[csr.address]}"
        addresses[csr.address] = csr.name
        for name in (csr.name, *csr.aliases):
            if names.get(name.lower(), csr.name) != csr.name:
                yield f"csrs.toml: the name {name} is used twice"
            names[name.lower()] = csr.name
