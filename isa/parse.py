"""Table text to model. Errors name the file and the row."""

from __future__ import annotations

import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from .model import (
    CORES,
    TIMINGS,
    Alias,
    Csr,
    CsrField,
    Field,
    Format,
    Instruction,
    Isa,
    IsaError,
)
from .notation import bind_expansion, bit_mask, parse_guard, parse_pattern, parse_syntax

__all__ = ["TABLES", "digest", "load"]

TABLES = Path(__file__).with_name("tables")

# Instruction tables in the order of the reference pages; shared axes are read first.
INSTRUCTION_FILES = ("rv32i", "rv32m", "rv32c", "xpulpv2", "xpulpv2_simd", "xpulpnn", "xflexv", "pseudo")

# Where a field goes in Decoded (flexdbg/core/decoded.hpp); rs3 is what a store has in place of rd.
SLOTS = {
    "rd": ("rd",),
    "rs3": ("rd",),
    "rs1": ("rs1",),
    "rs2": ("rs2",),
    "imm": ("imm",),
    "csr": ("imm",),
    "aux": ("aux",),
    "uimm": ("aux",),
    "loop": ("aux",),
    "imm5": ("aux",),
}

ROW_KEYS = frozenset(
    [
        "name",
        "id",
        "extension",
        "cores",
        "encoding",
        "operands",
        "alternatives",
        "aliases",
        "summary",
        "pseudo",
        "timing",
        "exec",
        "rtl_variant",
        "virtual",
        "wide",
        "lanes",
        "mode",
        "size",
        "signed",
        "slots",
        "constants",
        "extra",
        "where",
        "expand",
        "unchecked",
        "unchecked_on",
        "runs_as",
        "traps",
        "assemble",
    ]
)
ALIAS_KEYS = frozenset(["name", "cores", "operands", "expand", "view", "show", "summary"])

Row = dict[str, Any]


def digest(tables: Path = TABLES) -> str:
    """SHA-256 over all table files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(tables.glob("*.toml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _read(path: Path) -> Row:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise IsaError(f"{path.name}: {error}") from error


# ---- families -----------------------------------------------------------------------------------

_KEY = re.compile(r"\{(\w+)(\??)\}")


class _Missing(Exception):
    pass


def _fill(value: Any, keys: Mapping[str, Any]) -> Any:
    """Replace {key} in strings, repeatedly, since axis entries may refer to each other."""
    if isinstance(value, list):
        return [_fill(v, keys) for v in value]
    if isinstance(value, dict):
        return {k: _fill(v, keys) for k, v in value.items()}
    if not isinstance(value, str) or "{" not in value:
        return value
    whole = _KEY.fullmatch(value)
    if whole:
        if whole[1] not in keys:
            if whole[2]:
                return None
            raise _Missing(whole[1])
        return _fill(keys[whole[1]], keys)

    def one(found: re.Match[str]) -> str:
        if found[1] not in keys:
            raise _Missing(found[1])
        return str(_fill(keys[found[1]], keys))

    return _KEY.sub(one, value)


def _expand_family(family: Row, axes: Mapping[str, Row], where: str) -> Iterator[tuple[Row, str]]:
    names = family.get("axes")
    if not isinstance(names, list):
        raise IsaError(f"{where}: a family needs `axes`")
    own = {**axes, **family.get("axis", {})}
    for name in names:
        if name not in own:
            raise IsaError(f"{where}: unknown axis {name!r}")
    template = {k: v for k, v in family.items() if k not in ("axes", "axis")}
    for choice in itertools.product(*(own[n].items() for n in names)):
        keys = {k: v for _, entry in choice for k, v in entry.items()}
        label = f"{where} [{', '.join(c[0] for c in choice)}]"
        try:
            row = {k: _fill(v, keys) for k, v in template.items()}
        except _Missing as missing:
            raise IsaError(f"{label}: no axis gives {{{missing}}}") from None
        yield {k: v for k, v in row.items() if v is not None}, label


def _rows(data: Row, kind: str, file: str, axes: Mapping[str, Row]) -> Iterator[tuple[Row, str]]:
    single, family = ("instruction", "family") if kind == "instruction" else ("alias", "alias_family")
    for number, row in enumerate(data.get(single, ()), 1):
        yield row, f"{file}.toml: {single} {number} ({row.get('name', '?')})"
    for number, row in enumerate(data.get(family, ()), 1):
        yield from _expand_family(row, axes, f"{file}.toml: {family} {number} ({row.get('name', '?')})")


# ---- rows ---------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _core_names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _cores(text: Any, where: str) -> tuple[str, ...]:
    names = _core_names(str(text))
    for name in names:
        if name not in CORES:
            raise IsaError(f"{where}: unknown core {name!r}; known: {', '.join(CORES)}")
    return names


def _check_row(row: Row, known: frozenset[str], needed: tuple[str, ...], where: str) -> None:
    for key in row:
        if key not in known:
            raise IsaError(f"{where}: unknown key {key!r}")
    for key in needed:
        if key not in row:
            raise IsaError(f"{where}: key {key!r} is missing")


def _instruction(row: Row, where: str, bases: Mapping[str, list[Instruction]]) -> Instruction:
    _check_row(row, ROW_KEYS, ("name", "encoding", "operands", "summary"), where)
    bits, mask, match, fields = parse_pattern(row["encoding"], where)
    if bits == 32 and match & 3 != 3 and mask & 0x7F == 0x7F:
        raise IsaError(f"{where}: a 32-bit encoding ends in 11")
    expand = None
    base = None
    if "expand" in row:
        expand = bind_expansion(row["expand"], bases, where)
        base = expand.base
    timing = base.timing if base else row.get("timing")
    if timing not in TIMINGS:
        raise IsaError(f"{where}: timing {timing!r} is none of {', '.join(TIMINGS)}")
    slots = dict(SLOTS)
    slots.update({k: tuple(v.split()) for k, v in row.get("slots", {}).items()})
    extra = {}
    for name, place in row.get("extra", {}).items():
        high, _, low = place.partition(":")
        extra[name] = Field(name, ((int(low), int(high) - int(low) + 1, 0),))
    texts = [row["operands"], *row.get("alternatives", ())]
    name = row["name"]
    return Instruction(
        id=row.get("id") or re.sub(r"\W", "_", name),
        name=name,
        extension=row["extension"],
        cores=_cores(row["cores"], where),
        pattern=row["encoding"],
        length=bits // 8,
        match=match,
        mask=mask,
        fields=fields,
        syntaxes=tuple(parse_syntax(t, fields, where) for t in texts),
        summary=row["summary"],
        pseudo=row.get("pseudo", ""),
        timing=timing,
        source=where,
        aliases=tuple(row.get("aliases", ())),
        unchecked=bit_mask(row.get("unchecked", ""), where) & mask,
        unchecked_on=_cores(row.get("unchecked_on", row["cores"]), where),
        guards=tuple(parse_guard(g, fields, where) for g in row.get("where", ())),
        slots={k: slots[k.rstrip("'")] for k in fields if k.rstrip("'") in slots},
        constants={k: int(v) for k, v in row.get("constants", {}).items()},
        extra=extra,
        expand=expand,
        runs_as=row.get("runs_as", ""),
        traps=bool(row.get("traps", False)),
        assemble=bool(row.get("assemble", True)),
        exec=row.get("exec", ""),
        rtl_variant=bool(row.get("rtl_variant", False)),
        virtual=bool(row.get("virtual", False)),
        wide=bool(row.get("wide", False)),
        lanes=int(row.get("lanes", 0)),
        mode=row.get("mode", ""),
        size=base.size if base else int(row.get("size", 0)),
        signed=base.signed if base else bool(row.get("signed", False)),
    )


def _alias(row: Row, where: str, bases: Mapping[str, list[Instruction]]) -> Alias:
    _check_row(row, ALIAS_KEYS, ("name", "operands", "expand"), where)
    target = bind_expansion(row["expand"], bases, where)
    fields = {}
    for name, value in target.bindings.items():
        if isinstance(value, str):
            fields[value] = Field(value, target.base.fields[name].pieces)
    syntax = parse_syntax(row["operands"], fields, where)
    return Alias(
        name=row["name"],
        syntax=syntax,
        target=target,
        cores=_cores(row["cores"], where) if "cores" in row else target.base.cores,
        summary=row.get("summary") or f"{target.text}",
        source=where,
        show=bool(row.get("show", False)),
        view=row.get("view", ""),
    )


def _csrs(data: Row) -> Iterator[Csr]:
    for number, row in enumerate(data.get("csr", ()), 1):
        where = f"csrs.toml: csr {number} ({row.get('name', '?')})"
        known = frozenset(
            [
                "address",
                "name",
                "aliases",
                "cores",
                "access",
                "reset",
                "summary",
                "note",
                "fields",
                "group",
                "count",
            ]
        )
        _check_row(row, known, ("address", "name", "access", "summary"), where)
        count = row.get("count", 1)
        for k in range(count):
            yield Csr(
                address=row["address"] + k,
                name=row["name"].format(n=k) if count > 1 else row["name"],
                aliases=tuple(a.format(n=k) if count > 1 else a for a in row.get("aliases", ())),
                cores=_cores(row.get("cores", "ri5cy xpulpnn mpic flexv"), where),
                access=row["access"],
                reset=row.get("reset", 0),
                summary=row["summary"].format(n=k) if count > 1 else row["summary"],
                note=row.get("note", ""),
                fields=tuple(CsrField(n, *_range(b), s) for n, b, s in row.get("fields", ())),
                group=row.get("group", "machine"),
            )


def _range(text: str) -> tuple[int, int]:
    high, _, low = text.partition(":")
    return int(high), int(low or high)


def _formats(data: Row) -> Iterator[Format]:
    for row in data.get("format", ()):
        activation, weight = row["activation_bits"], row["weight_bits"]
        yield Format(
            row["code"], row["name"], activation, weight, max(1, activation // weight), row["summary"]
        )


def load(tables: Path = TABLES) -> Isa:
    """Parse every table."""
    shared = _read(tables / "shared.toml").get("axis", {})
    instructions: list[Instruction] = []
    aliases: list[Alias] = []
    bases: dict[str, list[Instruction]] = {}
    for file in INSTRUCTION_FILES:
        data = _read(tables / f"{file}.toml")
        axes = {**shared, **data.get("axis", {})}
        common: Row = {k: data[k] for k in ("extension", "cores", "unchecked_on") if k in data}
        for row, where in _rows(data, "instruction", file, axes):
            made = _instruction({**common, **row}, where, bases)
            instructions.append(made)
            bases.setdefault(made.name, []).append(made)
        for row, where in _rows(data, "alias", file, axes):
            aliases.append(_alias(row, where, bases))
    seen: dict[str, str] = {}
    for made in instructions:
        if made.id in seen:
            raise IsaError(f"{made.source}: id {made.id!r} is already used by {seen[made.id]}")
        seen[made.id] = made.source
    system = _read(tables / "csrs.toml")
    formats = _read(tables / "formats.toml")
    return Isa(
        tuple(instructions), tuple(aliases), tuple(_csrs(system)), tuple(_formats(formats)), digest(tables)
    )
