"""A dot product drawn lane by lane: operands, products, sum, accumulator before and after."""

from collections.abc import Sequence
from typing import Protocol

from flexdbg.render.text import Line

__all__ = ["lane_lines", "lane_word"]


class Operand(Protocol):
    """What is drawn of an operand; `flexdbg.isa.DotProduct` has two of these."""

    @property
    def name(self) -> str: ...
    @property
    def word(self) -> int: ...
    @property
    def bits(self) -> int: ...
    @property
    def signed(self) -> bool: ...
    @property
    def lanes(self) -> tuple[int, ...]: ...
    @property
    def first(self) -> int: ...
    @property
    def scalar(self) -> bool: ...


class Refilled(Protocol):
    @property
    def register(self) -> str: ...
    @property
    def address(self) -> int: ...


class Dot(Protocol):
    """What is drawn; lanes and products in the same order."""

    @property
    def left(self) -> Operand: ...
    @property
    def right(self) -> Operand: ...
    @property
    def accumulates(self) -> bool: ...
    @property
    def destination(self) -> str: ...
    @property
    def before(self) -> int: ...
    @property
    def after(self) -> int: ...
    @property
    def products(self) -> tuple[int, ...]: ...
    @property
    def sum(self) -> int: ...
    @property
    def slice(self) -> int | None: ...
    @property
    def slices(self) -> int: ...
    @property
    def refill(self) -> Refilled | None: ...


_UNITS = {2: "crumbs", 4: "nibbles", 8: "bytes", 16: "halves", 32: "words"}
_LABEL = 13


def lane_lines(dot: Dot, width: int = 80) -> list[Line]:
    """The whole drawing; many narrow lanes take several rows where the width asks for it."""
    count = len(dot.products)
    cell = max(len(str(n)) for n in (*dot.left.lanes, *dot.right.lanes, *dot.products)) + 1
    per_row = max(1, min(count, (width - _LABEL) // cell))
    while per_row < count and count % per_row:
        per_row -= 1
    lines: list[Line] = [_operand(dot.left, "", dot), _operand(dot.right, _slice(dot), dot)]
    for start in range(0, count, per_row):
        part = slice(start, start + per_row)
        lines += [
            _row(f"{dot.left.name}", dot.left.lanes[part], cell, "number"),
            _row(f"× {dot.right.name}", dot.right.lanes[part], cell, "register"),
            _row("=", dot.products[part], cell, "changed"),
        ]
    lines.append([("faint", "sum".ljust(_LABEL)), ("number", str(dot.sum)), ("faint", _terms(count))])
    lines.append(_accumulator(dot))
    if dot.refill is not None:
        lines.append(
            [
                ("faint", "then loads".ljust(_LABEL)),
                ("register", dot.refill.register),
                ("", " ← "),
                ("address", f"0x{dot.refill.address:08x}"),
            ]
        )
    return lines


def lane_word(operand: Operand) -> Line:
    """The word in hex with the part that takes part between brackets."""
    text = f"{operand.word:08x}"
    bits = operand.bits * len(operand.lanes)
    low = operand.bits * operand.first % 32
    if operand.scalar or bits >= 32 or low % 4 or bits % 4:
        return [("number", text)]
    end = 8 - low // 4
    begin = end - bits // 4
    return [("faint", text[:begin]), ("current", f"[{text[begin:end]}]"), ("faint", text[end:])]


def _operand(operand: Operand, note: str, dot: Dot) -> Line:
    kind = f"{'i' if operand.signed else 'u'}{operand.bits}"
    line: Line = [("register", operand.name.ljust(7)), ("", f"{kind:<4}  ")]
    line += lane_word(operand)
    if operand.scalar:
        line.append(("faint", "  lowest lane for all"))
    if note:
        line.append(("faint", f"  {note}"))
    return line


def _slice(dot: Dot) -> str:
    if dot.slice is None:
        return ""
    last = dot.right.first + len(dot.right.lanes) - 1
    return f"slice {dot.slice} of {dot.slices}: {_UNITS[dot.right.bits]} {dot.right.first}..{last}"


def _row(label: str, values: Sequence[int], cell: int, style: str) -> Line:
    return [("faint", label.ljust(_LABEL - 1)), (style, "".join(str(v).rjust(cell) for v in values))]


def _terms(count: int) -> str:
    return f"  ({count} products)"


def _accumulator(dot: Dot) -> Line:
    before, after = _signed(dot.before), _signed(dot.after)
    label = ("faint", "result".ljust(_LABEL))
    if not dot.accumulates:
        return [label, ("register", dot.destination), ("", " = "), ("changed", f"{after}  0x{dot.after:08x}")]
    wrapped = before + dot.sum != after
    line: Line = [
        label,
        ("register", dot.destination),
        ("", f" {before} {'+' if dot.sum >= 0 else '-'} {abs(dot.sum)} = "),
        ("changed", str(after)),
        ("faint", f"   0x{dot.before:08x} → 0x{dot.after:08x}"),
    ]
    if wrapped:
        line.append(("warning", "  wrapped past 32 bits"))
    return line


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value
