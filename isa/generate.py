"""Write the C++ operation table and decoder: `python isa/generate.py OUT.hpp` (standard library only)."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

if not __package__:  # run as a script: make the directory an importable package
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    __package__ = Path(__file__).resolve().parent.name
    importlib.import_module(__package__)

from .decoding import BUCKETS, Entry, buckets
from .effects import effects
from .model import CORES, Field, Instruction, Isa, IsaError
from .parse import load

__all__ = ["generate", "main"]

MODES = {"": 0, "vv": 0, "sc": 1, "sci": 2}

HEADER = """\
// Generated from isa/tables by isa/generate.py; do not edit.
#pragma once

#include "decoded.hpp"

// Semantics expressions are relative to namespace flexdbg::sem; one with a comma stands in parentheses.
"""

TYPES = """\
// traits
enum : u16 {
  kReadsRd = 1,      // rd is also a source
  kWritesRd = 2,
  kWritesRs1 = 4,    // post-increment
  kSigned = 8,       // sign-extending load
  kRegOffset = 16,   // offset register: rs2 for loads, the rd field for stores
  kPost = 32,        // the address is rs1 itself, which is then incremented
  kVirtual = 64,     // the lane width comes from simd_fmt when sb_legacy is 0
  kWarnForeign = 128,  // an XpulpNN word that this core runs as .h or .b
  kActSigned = 256,    // Mac&Load: activations are signed
  kWgtSigned = 512,    // Mac&Load: weights are signed
  kMlV2 = 1024,        // Mac&Load with one operand in a register, the other in special register aux
  kWide = 2048,        // no defined result in virtual formats other than 16- and 8-bit lanes
};

struct OpInfo {
  const char* id;
  const char* name;
  Timing timing;
  u8 size;     // bytes accessed, 0 if none
  u8 cores;    // Profile bits
  u16 traits;
  u8 lanes;    // lane width in bits from the encoding, 0 = not SIMD
  u8 mode;     // 0 vv, 1 sc, 2 sci
};
"""

DECODE = """\
// The row of the word, or kOpIllegal. Words of 16 bits have (word & 3) != 3.
inline Decoded decode(u32 word, Profile profile) {
  using namespace detail;
  Decoded d;
  const bool wide = (word & 3) == 3;
  if (!wide) word &= 0xffff;
  d.len = wide ? 4 : 2;
  const u32 bucket =
      wide ? (word >> 2 & 31) << 3 | (word >> 12 & 7) : 256 + ((word & 3) << 3 | (word >> 13 & 7));
  for (u32 i = kFirst[bucket]; i < kFirst[bucket + 1]; ++i) {
    const Entry& e = kEntries[kOrder[i]];
    if ((word & e.mask) != e.match || !(e.cores & profile)) continue;
    bool forbidden = false;
    for (u32 g = e.guard; g < u32{e.guard} + e.guards; ++g)
      forbidden |= (word & kGuards[g].mask) == kGuards[g].value;
    if (forbidden) continue;
    d.op = e.op;
    extract(d, word, e.layout);
    if (e.reads & kRd) d.src |= u32{1} << d.rd;
    if (e.reads & kRs1 && !(e.reads & kRs1OnReload && !(d.aux & 0x18))) d.src |= u32{1} << d.rs1;
    if (e.reads & kRs2) d.src |= u32{1} << d.rs2;
    d.src &= ~u32{1};
    return d;
  }
  d.op = kOpIllegal;
  return d;
}
"""


def _expression(item: Field, signed: bool) -> str:
    """C++ for a field of the word w."""
    terms = []
    for bit, width, low in sorted(item.pieces, key=lambda p: p[2]):
        term = f"(w >> {bit} & {(1 << width) - 1:#x})" if bit else f"(w & {(1 << width) - 1:#x})"
        terms.append(f"{term} << {low}" if low else term)
    value = " | ".join(terms)
    if item.name.endswith("'"):
        return f"8 + {value}"
    if not signed or item.width == 32:
        return value
    if len(item.pieces) == 1 and item.pieces[0][0] + item.pieces[0][1] == 32:
        bit, width, low = item.pieces[0]
        shifted = f"i32(w) >> {bit}"
        return f"({shifted}) << {low}" if low else shifted
    return f"sext<{item.width}>({value})"


def _layout(row: Instruction) -> tuple[str, ...]:
    """Assignments that fill Decoded from a word of this row."""
    base = row.expand.base if row.expand else row
    lines = []

    def assign(slot: str, expression: str) -> None:
        cast = "i32" if slot == "imm" else "u8"
        lines.append(f"d.{slot} = {cast}({expression});")

    for name in base.fields:
        source: str | int = row.expand.bindings[name] if row.expand else name
        for slot in base.slots.get(name, ()):
            if isinstance(source, int):
                assign(slot, str(source))
            else:
                operand = row.kinds.get(source)
                signed = slot == "imm" and operand is not None and operand.signed
                assign(slot, _expression(row.fields[source], signed))
    for slot, value in base.constants.items():
        assign(slot, str(value))
    for name, item in base.extra.items():
        assign(name, _expression(item, False))
    return tuple(sorted(lines))


def _macload_traits(row: Instruction) -> int:
    """Signs as the pseudo-code's dot() has them, and whether the form is the older one."""
    if row.timing != "macload":
        return 0
    signs = re.search(r"'([us])', '([us])'", row.pseudo)
    if signs is None:
        raise IsaError(f"{row.source}: the pseudo-code of a Mac&Load names no signs")
    act, weight = signs.groups()
    return (256 if act == "s" else 0) | (512 if weight == "s" else 0) | (0 if "imm5" in row.fields else 1024)


def _traits(row: Instruction, foreign: bool) -> int:
    seen = effects(row)
    text = row.syntax.text
    return (
        (1 if "rd" in seen.reads else 0)
        | (2 if "rd" in seen.writes else 0)
        | (4 if "rs1" in seen.writes else 0)
        | (8 if row.signed else 0)
        | (16 if "rs2(" in text or "rs3(" in text else 0)
        | (32 if "!" in text else 0)
        | (64 if row.virtual else 0)
        | (128 if foreign else 0)
        | _macload_traits(row)
        | (2048 if row.wide else 0)
    )


def _reads(row: Instruction) -> str:
    base = row.expand.base if row.expand else row
    seen = effects(base)
    flags = []
    if "rd" in seen.reads or "rs3" in seen.reads:
        flags.append("kRd")
    if "rs1" in seen.reads:
        flags.append("kRs1")
    if "rs1" in seen.conditional:
        if base.timing != "macload" or "imm5" not in base.fields:
            raise IsaError(f"{base.source}: only a Mac&Load reads rs1 under a condition")
        flags.append("kRs1OnReload")
    if "rs2" in seen.reads:
        flags.append("kRs2")
    return " | ".join(flags) or "0"


def _call(expression: str, suffix: str = "") -> str:
    text = expression + suffix
    return f"({text})" if "," in text else text


class _Tables:
    """Operation numbers and the deduplicated parts of the decode entries."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.table = buckets(isa)
        self.ops: list[tuple[str, Instruction, bool, str]] = []  # id, what runs, foreign, name
        self.number: dict[str, int] = {}
        for row in isa.instructions:
            if not row.expand and not row.traps:
                self._add(row.id, row, False, row.name)
        for bucket in self.table:
            for entry in bucket:
                if entry.foreign and self.op_id(entry) not in self.number:
                    self._add(self.op_id(entry), entry.runs, True, entry.row.name)

    def _add(self, op: str, row: Instruction, foreign: bool, name: str) -> None:
        self.number[op] = len(self.ops) + 2
        self.ops.append((op, row, foreign, name))

    @staticmethod
    def op_id(entry: Entry) -> str:
        if entry.foreign:
            return f"{entry.row.id}_foreign"
        return entry.row.expand.base.id if entry.row.expand else entry.row.id


def _operation_table(tables: _Tables) -> list[str]:
    lines = ["enum Op : u16 {", "  kOpUndecoded = 0,", "  kOpIllegal = 1,"]
    lines += [f"  kOp_{op} = {number}," for op, number in tables.number.items()]
    lines += ["};", f"constexpr u16 kOpCount = {len(tables.ops) + 2};", "", TYPES]
    lines.append("inline constexpr OpInfo kOps[] = {")
    lines.append('    {"undecoded", "(undecoded)", Timing::kIllegal, 0, 0, 0, 0, 0},')
    lines.append('    {"illegal", "(illegal)", Timing::kIllegal, 0, 15, 0, 0, 0},')
    everywhere = sum(CORES.values())
    for op, row, foreign, name in tables.ops:
        cores = sum(CORES[c] for c in row.cores)
        if foreign:
            cores = everywhere & ~CORES["xpulpnn"]
        timing = "Timing::k" + row.timing.capitalize()
        lines.append(
            f'    {{"{op}", "{name}", {timing}, {row.size}, {cores}, {_traits(row, foreign)}, '
            f"{row.lanes}, {MODES[row.mode]}}},"
        )
    return [*lines, "};", ""]


def _decoder(tables: _Tables) -> list[str]:
    layouts: dict[tuple[str, ...], int] = {}
    guards: dict[tuple[tuple[int, int], ...], int] = {(): 0}
    guard_list: list[tuple[int, int]] = []
    entries: dict[Entry, int] = {}
    rows: list[str] = []
    order: list[int] = []
    first: list[int] = []
    for bucket in tables.table:
        first.append(len(order))
        for entry in bucket:
            if entry not in entries:
                source = entry.runs if entry.foreign else entry.row
                layout = layouts.setdefault(_layout(source), len(layouts))
                pairs = tuple((g.mask, g.value) for g in entry.row.guards)
                if pairs not in guards:
                    guards[pairs] = len(guard_list)
                    guard_list += pairs
                entries[entry] = len(rows)
                rows.append(
                    f"    {{{entry.mask:#010x}, {entry.match:#010x}, kOp_{tables.op_id(entry)}, {layout}, "
                    f"{entry.cores}, {_reads(source)}, {guards[pairs]}, {len(pairs)}}},"
                )
            order.append(entries[entry])
    first.append(len(order))
    if len(layouts) > 255 or len(first) != BUCKETS + 1:
        raise IsaError("the decode tables do not fit their types")
    lines = [
        "namespace detail {",
        "",
        "enum : u8 { kRd = 1, kRs1 = 2, kRs2 = 4, kRs1OnReload = 8 };",
        "struct Entry {",
        "  u32 mask, match;",
        "  u16 op;",
        "  u8 layout, cores, reads, guard, guards;",
        "};",
        "// A row with this guard does not decode words with (word & mask) == value.",
        "struct Guard {",
        "  u32 mask, value;",
        "};",
        "",
        "inline constexpr Entry kEntries[] = {",
        *rows,
        "};",
        "inline constexpr Guard kGuards[] = {",
        *(f"    {{{m:#010x}, {v:#010x}}}," for m, v in guard_list),
        "};",
        "// Entries of bucket b are kOrder[kFirst[b]] to kOrder[kFirst[b + 1] - 1], the most specific first.",
        f"inline constexpr u16 kOrder[] = {{{', '.join(map(str, order))}}};",
        f"inline constexpr u16 kFirst[] = {{{', '.join(map(str, first))}}};",
        "",
        "template <int Bits>",
        "constexpr i32 sext(u32 value) {",
        "  return i32(value << (32 - Bits)) >> (32 - Bits);",
        "}",
        "",
        "inline void extract(Decoded& d, u32 w, u8 layout) {",
        "  switch (layout) {",
    ]
    for assignments, number in layouts.items():
        lines.append(f"    case {number}:")
        lines += [f"      {line}" for line in assignments]
        lines.append("      break;")
    return [*lines, "    default:", "      break;", "  }", "}", "", "}  // namespace detail", "", DECODE]


def _dispatch(tables: _Tables) -> list[str]:
    private, branch, quirk = [], [], []
    for op, row, _, _ in tables.ops:
        if not row.exec:
            continue
        if row.rtl_variant:
            if row.exec.endswith(">"):
                clean, exact = (f"{row.exec[:-1]}, {flag}>" for flag in ("false", "true"))
            else:
                clean, exact = f"{row.exec}<false>", f"{row.exec}<true>"
            quirk.append(f"X(kOp_{op}, {_call(clean)}, {_call(exact)})")
        elif row.timing == "branch":
            branch.append(f"X(kOp_{op}, {_call(row.exec)})")
        else:
            private.append(f"X(kOp_{op}, {_call(row.exec)})")
    lines = []
    for name, calls in (("PRIVATE", private), ("BRANCH", branch), ("QUIRK", quirk)):
        lines.append(f"#define FLEXDBG_{name}_OPS(X) \\")
        lines += [f"  {call} \\" for call in calls[:-1]]
        lines += [f"  {calls[-1]}", ""]
    return lines


def generate(isa: Isa) -> str:
    """Text of the header."""
    tables = _Tables(isa)
    lines = [HEADER, *_dispatch(tables), "namespace flexdbg::isa {", ""]
    lines.append(f'inline constexpr char kDigest[] = "{isa.digest}";')
    lines += ["", *_operation_table(tables), *_decoder(tables), "}  // namespace flexdbg::isa", ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: generate.py OUT.hpp", file=sys.stderr)
        return 2
    try:
        text = generate(load())
    except IsaError as error:
        print(error, file=sys.stderr)
        return 1
    out = Path(arguments[0])
    if not out.exists() or out.read_text(encoding="utf-8") != text:
        out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
