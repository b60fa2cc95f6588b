"""One instruction explained: bits, operands, operation, lanes, CSRs, timing."""

import re
from collections.abc import Sequence

from flexdbg.isa import Anatomy, Csr, Format, Lanes, Piece, Role, Trial
from flexdbg.render.assembly import highlight
from flexdbg.render.lanes import lane_lines
from flexdbg.render.text import Fragment, Line

__all__ = ["encoding_lines", "explain_lines", "map_lines"]

_INDENT: Fragment = ("", "  ")


def explain_lines(
    parts: Anatomy,
    values: Sequence[tuple[Role, int | None]] = (),
    csrs: Sequence[tuple[Csr, int | None]] = (),
    form: Format | None = None,
    trial: Trial | None = None,
    *,
    place: str = "",
    width: int = 80,
) -> list[Line]:
    """The whole explanation. Without `values` (no machine) registers have names only."""
    digits = 2 * parts.length
    head: Line = [*highlight(parts.text), ("faint", f"   0x{parts.word:0{digits}x}")]
    if place:
        head.append(("address", f"   {place}"))
    if parts.row is None:
        return [head, [("warning", "no core here decodes this word: it traps as an illegal instruction")]]
    lines: list[Line] = [head, [("", parts.summary)], []]
    lines += encoding_lines(parts.pieces, parts.operands, width)
    if parts.expansion:
        lines += [[], [("faint", "stands for  "), *highlight(parts.expansion)]]
    lines += _operands(values or [(role, None) for role in parts.operands])
    if parts.pseudo:
        lines += [[], [("heading", "Operation")]]
        lines += [[_INDENT, *highlight_pseudo(line)] for line in parts.pseudo.split("\n")]
    lines += _computed(trial, width)
    if csrs:
        lines += [[], [("heading", "Depends on")], *_csr_lines(csrs, form)]
    lines += [[], [("heading", "Timing  "), ("", parts.timing)]]
    for note in parts.notes:
        lines += [[("faint", line)] for line in note.split("\n")]
    return lines


_STATE = re.compile(r"rd|rs[123]|[AW]|CSR|pc|next|mem\d+|lp\w+")


def highlight_pseudo(text: str) -> Line:
    """Pseudo-code with state and numbers coloured."""
    line: Line = []
    for part in re.findall(r"[A-Za-z_]\w*|\d+|\W+", text):
        style = "register" if _STATE.fullmatch(part) else "number" if part.isdigit() else ""
        line.append((style, part))
    return line


# The encoding


def encoding_lines(pieces: Sequence[Piece], operands: Sequence[Role] = (), width: int = 80) -> list[Line]:
    """Bit numbers, boxes with the bits, the names of the fields, and what they hold."""
    held = {role.name: role.text for role in operands}
    cells = [(piece, _held(piece, held)) for piece in pieces]
    widths = [max(piece.width, len(piece.name), len(text), len(_span(piece))) + 2 for piece, text in cells]
    if sum(widths) + len(widths) + 1 > width:
        return _as_list(cells)
    numbers: Line = [("", " ")]
    bits: Line = [("faint", "│")]
    names: Line = [("", " ")]
    texts: Line = [("", " ")]
    for (piece, text), size in zip(cells, widths, strict=True):
        numbers += [("faint", _span(piece).center(size)), ("", " ")]
        bits += [("faint" if piece.fixed else "number", piece.bits.center(size)), ("faint", "│")]
        names += [("faint" if piece.fixed else "heading", piece.name.center(size)), ("", " ")]
        texts += [("register", text.center(size)), ("", " ")]
    top = "┌" + "┬".join("─" * size for size in widths) + "┐"
    bottom = "└" + "┴".join("─" * size for size in widths) + "┘"
    lines: list[Line] = [numbers, [("faint", top)], bits, [("faint", bottom)], names]
    return [*lines, texts] if any(text for _, text in cells) else lines


def _held(piece: Piece, held: dict[str, str]) -> str:
    """The value, below the piece that holds the whole of it."""
    return "" if piece.fixed or "[" in piece.name else held.get(piece.name.rstrip("'"), "")


def _span(piece: Piece) -> str:
    return str(piece.high) if piece.width == 1 else f"{piece.high}..{piece.low}"


def _as_list(cells: Sequence[tuple[Piece, str]]) -> list[Line]:
    """One field a line, where boxes side by side do not fit."""
    lines: list[Line] = []
    for piece, text in cells:
        lines.append(
            [
                ("faint", f"  {_span(piece):>7}  "),
                ("faint" if piece.fixed else "heading", f"{piece.name:<10}"),
                ("faint" if piece.fixed else "number", f"{piece.bits:<12}"),
                ("register", text),
            ]
        )
    return lines


# Operands and results


def _operands(values: Sequence[tuple[Role, int | None]]) -> list[Line]:
    if not values:
        return []
    lines: list[Line] = [[], [("heading", "Operands")]]
    for role, value in values:
        line: Line = [_INDENT, ("heading", f"{role.name:<5}"), ("register", f"{role.text:<6}")]
        if value is not None:
            signed = value - (1 << 32) if value >> 31 else value
            line += [("number", f"0x{value:08x}"), ("faint", f"  {signed}")]
        if role.is_register:
            uses = [word for word, flag in (("read", role.reads), ("written", role.writes)) if flag]
            line.append(("faint", f"  {' and '.join(uses)}"))
        lines.append(line)
    return lines


def _computed(trial: Trial | None, width: int) -> list[Line]:
    if trial is None:
        return []
    if trial.trap is not None:
        return [[], [("warning", f"It would trap now (mcause {trial.trap}).")]]
    lines: list[Line] = []
    if trial.dot is not None:
        lines += [
            [],
            [("heading", "Lanes")],
            *[[_INDENT, *line] for line in lane_lines(trial.dot, width - 2)],
        ]
    elif trial.lanes is not None:
        lines += [[], [("heading", "Lanes")], *map_lines(trial.lanes)]
    if trial.accesses or trial.changes:
        lines += [[], [("heading", "It would now")]]
    for access in trial.accesses:
        verb = "write" if access.write else "read"
        lines.append(
            [
                _INDENT,
                ("", f"{verb} {access.size} byte{'s' if access.size > 1 else ''} at "),
                ("address", f"0x{access.address:08x}"),
                ("number", f"  0x{access.value:0{2 * access.size}x}"),
            ]
        )
    for change in trial.changes:
        lines.append(
            [
                _INDENT,
                ("", "change "),
                ("register", f"{change.name:<15}"),
                ("number", f"0x{change.before:08x}"),
                ("", " → "),
                ("changed", f"0x{change.after:08x}"),
                ("faint", f"  {_delta(change.before, change.after)}"),
            ]
        )
    return lines


def _delta(before: int, after: int) -> str:
    difference = (after - before) & 0xFFFF_FFFF
    return f"{difference - (1 << 32) if difference >> 31 else difference:+d}"


def map_lines(lanes: Lanes) -> list[Line]:
    """A lane-wise operation: a row an input, a row for the result, lowest lane left."""
    cell = max(len(str(n)) for lane in lanes.lanes for n in (*lane.inputs, lane.result)) + 2
    label = max(len(name) for name in (*lanes.names, lanes.target, "lane")) + 2
    numbers = "".join(str(i).rjust(cell) for i in range(len(lanes.lanes)))
    lines: list[Line] = [[_INDENT, ("faint", "lane".ljust(label)), ("faint", numbers)]]
    for k, name in enumerate(lanes.names):
        values = "".join(str(lane.inputs[k]).rjust(cell) for lane in lanes.lanes)
        lines.append([_INDENT, ("register", name.ljust(label)), ("number", values)])
    results = "".join(str(lane.result).rjust(cell) for lane in lanes.lanes)
    lines.append([_INDENT, ("register", lanes.target.ljust(label)), ("changed", results)])
    many = f"{len(lanes.lanes)} lanes of {lanes.width} bits, lane 0 (the lowest bits) first"
    kind = many if len(lanes.lanes) > 1 else "one lane: the format has no lanes for this operation"
    lines.append([_INDENT, ("faint", kind + (f"; format {lanes.format}" if lanes.format else ""))])
    return lines


def _csr_lines(csrs: Sequence[tuple[Csr, int | None]], form: Format | None) -> list[Line]:
    width = max(len(csr.name) for csr, _ in csrs)
    lines: list[Line] = []
    for csr, value in csrs:
        line: Line = [_INDENT, ("register", csr.name.ljust(width)), ("", "  ")]
        if value is not None:
            line.append(("number", f"0x{value:08x}  "))
            if csr.name == "simd_fmt" and form is not None:
                line.append(("changed", f"{form.name}  "))
        line.append(("faint", csr.summary))
        lines.append(line)
    return lines
