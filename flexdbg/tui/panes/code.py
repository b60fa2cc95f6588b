"""Disassembly with source lines, breakpoints, hardware loops, every hart, and what each instruction costs."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from flexdbg.debug.instructions import Instruction, decode
from flexdbg.debug.session import Session
from flexdbg.debug.symbols import SourceLine, SymbolTable
from flexdbg.errors import FlexdbgError
from flexdbg.render.assembly import highlight
from flexdbg.render.text import Line
from flexdbg.tui.causes import SHORT
from flexdbg.tui.highlighting import source_line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.recent import RECENT_CYCLES
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import cells, clean, fit
from flexdbg.tui.themes import hart_style

__all__ = ["PANE", "CodeRow", "listing"]

# Functions longer than this are listed from a place near the anchor, as far as decoding can tell one.
_LONGEST = 1 << 14


@dataclass(frozen=True, slots=True)
class Cost:
    """What one instruction did in the recent cycles of the selected hart."""

    count: int
    cycles: int
    cause: str  # the stall that cost most, or nothing


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line: an instruction, a source line, or the name of a symbol."""

    address: int
    kind: str  # "code", "source", "label", "gap"
    text: str
    target: int | None = None
    length: int = 0
    line: int = 0
    file: str = ""
    comment: str = ""  # of the assembly source


@dataclass(frozen=True, slots=True)
class Part:
    rows: tuple[CodeRow, ...]  # on the screen
    all_rows: tuple[CodeRow, ...]  # with some above and below
    costs: dict[int, Cost]
    source: str  # file and line of the pc
    span: int  # cycles the costs were counted over
    anchor: int  # address


@lru_cache(maxsize=1 << 16)
def _decode(word: int, address: int, core: str, csr_driven: bool) -> Instruction:
    return decode(word, address, core, csr_driven=csr_driven)


def _instructions(session: Session, start: int, end: int) -> list[Instruction]:
    """Instructions from start to end; stops where memory ends."""
    cluster = session.cluster
    try:
        data = cluster.read_memory(start, end - start)
    except FlexdbgError:
        return []
    on_cluster = session.hart < cluster.config.harts
    core = cluster.config.core if on_cluster else "ri5cy"
    driven = on_cluster and core in ("flexv", "mpic") and session.current.read("sb_legacy") == 0
    found = []
    at = 0
    while at + 2 <= len(data):
        size = 4 if data[at] & 3 == 3 else 2
        word = int.from_bytes(data[at : at + size].ljust(size, b"\0"), "little")
        found.append(_decode(word, start + at, core, driven))
        at += size
    return found


_symbol_cache: WeakKeyDictionary[SymbolTable, tuple[list[int], dict[int, str]]] = WeakKeyDictionary()


def _code_symbols(session: Session) -> tuple[list[int], dict[int, str]]:
    """Addresses of the code symbols inside the program, and the names at them."""
    symbols = session.symbols
    if symbols not in _symbol_cache:
        segments = session.program.segments if session.program else ()
        names = {
            s.address: s.name
            for s in symbols.symbols
            if s.kind in ("func", "label") and any(g.address <= s.address < g.end for g in segments)
        }
        _symbol_cache[symbols] = (sorted(names), names)
    return _symbol_cache[symbols]


def listing(session: Session, anchor: int, before: int, after: int) -> list[CodeRow]:
    """Rows around an address: at least `before` rows above and `after` below, where there is code."""
    starts, labels = _code_symbols(session)
    at = bisect_right(starts, anchor) - 1
    known = at >= 0 and anchor - starts[at] <= _LONGEST
    end = anchor + 4 * after + 4
    if known:
        start = starts[at]
        while at > 0 and (anchor - start) // 4 < before and start - starts[at - 1] <= _LONGEST // 8:
            at -= 1
            start = starts[at]
    else:
        start = max(anchor - 2 * before, 0)
    instructions = _instructions(session, start, end) or _instructions(session, anchor, anchor + 4)
    if instructions and not any(i.address == anchor for i in instructions):
        instructions = [i for i in instructions if i.end <= anchor] + _instructions(session, anchor, end)
    rows: list[CodeRow] = []
    last_line = None
    shown = ""
    # Assembly sources say what the disassembly says already.
    assembly = (".S", ".s", ".asm")
    for instruction in instructions:
        address = instruction.address
        if address in labels:
            rows.append(CodeRow(address, "label", labels[address]))
            last_line = None
        line = session.symbols.line_at(address)
        if line is not None and line != last_line and not line.file.endswith(assembly):
            source = session.symbols.source(line.file)
            known = source is not None and 0 < line.line <= len(source)
            text = clean(source[line.line - 1].rstrip()) if source is not None and known else ""
            # Inlined code comes from other files: say from which whenever it changes.
            file = line.short.rpartition(":")[0]
            rows.append(CodeRow(address, "source", text, line=line.line, file=file if file != shown else ""))
            shown = file
        last_line = line
        comment = _comment(session.symbols, line) if line and line.file.endswith(assembly) else ""
        code = instruction.text, instruction.target, instruction.length
        rows.append(CodeRow(address, "code", *code, comment=comment))
    if not rows:
        rows.append(CodeRow(anchor, "gap", "no memory can be read here"))
    return rows


def _comment(symbols: SymbolTable, line: SourceLine) -> str:
    """What the assembly source says behind an instruction."""
    source = symbols.source(line.file)
    if source is None or not 0 < line.line <= len(source):
        return ""
    found = re.search(r"//|#", source[line.line - 1])
    comment = source[line.line - 1][found.end() :].strip() if found else ""
    return f"// {clean(comment)}" if comment else ""


def _has_header(width: int, height: int) -> bool:
    """Whether a row is spent on the names of the columns."""
    return width >= 66 and height >= 12


def _costs(gathering: Gathering) -> dict[int, Cost]:
    """By pc: how often the selected hart executed it in the recent cycles, and what that cost."""
    hart = gathering.session.hart
    counts: dict[int, int] = {}
    stalls: dict[int, dict[str, int]] = {}
    names = gathering.recent.causes
    for _, who, kind, pc, a, b, *_ in gathering.recent.records():
        if who != hart:
            continue
        if kind == "retire":
            counts[pc] = counts.get(pc, 0) + 1
        elif kind in ("stall", "denied"):
            cause, cycles = (names[a], b) if kind == "stall" else ("bank_conflict", 1)
            causes = stalls.setdefault(pc, {})
            causes[cause] = causes.get(cause, 0) + cycles
    costs = {}
    for pc in counts.keys() | stalls.keys():
        causes = stalls.get(pc, {})
        worst = max(causes, key=lambda c: causes[c]) if causes else ""
        count = counts.get(pc, 0)
        costs[pc] = Cost(count, count + sum(causes.values()), worst)
    return costs


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    """The rows to show. The view stays where it is while the pc is in it, with some lines to spare."""
    session = gathering.session
    height -= _has_header(width, height)
    anchor = options.address if options.address is not None else session.pc
    rows = listing(session, anchor, height + 8, height + 8)
    here = next((i for i, r in enumerate(rows) if r.address == anchor and r.kind in ("code", "gap")), 0)
    margin = min(3, height // 4)
    top = next((i for i, r in enumerate(rows) if r.address == options.top), None)
    if top is None or not top + margin <= here < top + height - margin:
        top = max(0, here - height // 3)
        # What stands above the function that the anchor is in matters less.
        labels = [i for i in range(top, here) if rows[i].kind == "label"]
        top = labels[-1] if labels and options.address is None else top
        # A source line belongs to the code below it.
        while top and rows[top].kind == "code" and rows[top - 1].kind in ("source", "label"):
            top -= 1
    options.top = rows[top].address
    running = gathering.snapshot.running
    costs = {} if running else _costs(gathering)
    line = session.symbols.line_at(session.pc)
    source = line.short if line is not None else ""
    span = min(RECENT_CYCLES, session.cluster.cycle)
    return Part(tuple(rows[top : top + height]), tuple(rows), costs, source, span, anchor)


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Marker, address, text, loops, costs, harts from left to right; narrow panes leave out the costs."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    standing: dict[int, list[int]] = {}
    for hart in snapshot.harts:
        if hart.state not in ("off", "halted"):
            standing.setdefault(hart.pc, []).append(hart.index)
    armed: dict[int, tuple[int, bool]] = {}
    for breakpoint_ in snapshot.breakpoints:
        if breakpoint_.kind == "breakpoint":
            for address in breakpoint_.addresses:
                armed.setdefault(address, (breakpoint_.number, breakpoint_.enabled))
    pc = snapshot.selected.pc
    harts_width = 9 if width >= 80 else 6
    costs_shown = width >= harts_width + 60 and bool(part.costs)
    room = width - _LEAD - harts_width - (17 if costs_shown else 0) - 3
    loops = _loops(snapshot)
    left = _left(part.rows, loops, room)
    lines: list[Line] = []
    shown: dict[int, CodeRow] = {}  # line -> instruction
    cursor = None
    names = {hart.index: hart.name for hart in snapshot.harts}
    header = _has_header(width, height)
    if header:
        lines.append(_header(room, costs_shown, part.span))
    for row in part.rows:
        if row.kind == "label":
            lines.append([("symbol", f"{row.text}:")])
            continue
        if row.kind == "source":
            lines.append([("number", f"{row.line:>5} "), *source_line(row.text), ("faint", f"   {row.file}")])
            continue
        if row.kind == "gap":
            lines.append([("error", f"   {row.address:08x}  {row.text}")])
            continue
        here = row.address == pc
        number, enabled = armed.get(row.address, (0, False))
        mark = ("●" if enabled else "○") + f"{number:<2}"[:2] if number else "   "
        line: Line = [
            ("breakpoint", mark),
            ("current" if here else "", "▶" if here else " "),
            ("address", f"{row.address:08x} "),
        ]
        text: Line = highlight(row.text)
        if row.target is not None:
            label = _near_label(part.rows, row.target)
            text += [("faint", f" {label}")] if label else []
        if here:
            text = [("current", "".join(t for _, t in text))]
        note = left.get(row.address, "")
        spare = room - len(note) - _TEXT
        if row.comment and spare >= 12:
            text = [*fit(text, max(_TEXT, sum(cells(t) for _, t in text))), ("comment", f" {row.comment}")]
        line += fit(text, room - len(note))
        line.append(("loop", note))
        line += _brackets(row, loops)
        if costs_shown:
            line += _cost(part.costs.get(row.address))
        line += _standing(standing.get(row.address, []), names, harts_width, snapshot.hart)
        if row.address == options.address:
            line = [(style or "cursor", t) for style, t in line]
        if here:
            cursor = len(lines)
        shown[len(lines)] = row
        lines.append(line)
    heading: Line = [("", f"hart {snapshot.selected.name} ")]
    if options.address is not None:
        heading += [("warning", f" at {options.expression or f'0x{options.address:08x}'}, g returns ")]
    for loop, (_, _, remaining) in enumerate(loops):
        if remaining:
            heading.append(("loop", f" L{loop} {remaining:,} left "))
    if part.source:
        heading.append(("faint", f" {part.source}"))
    heading.append(("symbol", f" {snapshot.selected.place}"))

    def at(line: int, column: int) -> str | None:
        row = shown.get(line)
        if row is None:
            return None
        if column < _LEAD:
            return f"@toggle 0x{row.address:x}"
        harts = standing.get(row.address, [])
        if column >= width - harts_width and harts:
            return f"hart {harts[0] if snapshot.hart not in harts else snapshot.hart}"
        return f"@ask explain *0x{row.address:x}"

    return Drawing(lines, heading, fixed=int(header), cursor=cursor, at=at)


# Columns: breakpoint, arrow and address; and what most instructions take.
_LEAD, _TEXT = 13, 28


def _header(room: int, costs_shown: bool, span: int) -> Line:
    note = f"over the last {span:,} cycles: " if costs_shown and room >= 42 else ""
    costs = " ran  cyc stall  " if costs_shown else ""
    return [
        ("heading", f"    address  {'instruction'.ljust(room - len(note))}"),
        ("faint", note),
        ("heading", f"lp {costs}harts"),
    ]


def _left(rows: tuple[CodeRow, ...], loops: list[tuple[int, int, int]], room: int) -> dict[int, str]:
    """Address to how many iterations are left, for a row of each running loop: the first with room."""
    notes: dict[int, str] = {}
    for number, (first, last, count) in enumerate(loops):
        inside = [r for r in rows if count and r.kind == "code" and first <= r.address <= last]
        inside = [r for r in inside if r.address not in notes]
        if not inside:
            continue
        for words in (f" L{number} {count:,} left ", f" L{number}×{count} ", f" ×{count}"):
            fitting = next((r for r in inside if cells(r.text) + len(words) <= room), None)
            if fitting is not None:
                notes[fitting.address] = words
                break
    return notes


def _near_label(rows: tuple[CodeRow, ...], target: int) -> str:
    for row in rows:
        if row.kind == "label" and row.address == target:
            return f"<{row.text}>"
    return ""


def _loops(snapshot: Snapshot) -> list[tuple[int, int, int]]:
    """(first, last, count) of the hardware loops of the selected hart that are running."""
    loops = []
    for which in "01":
        count = snapshot.csrs.get(f"lpcount{which}", 0)
        first, last = snapshot.csrs.get(f"lpstart{which}", 0), snapshot.csrs.get(f"lpend{which}", 0)
        loops.append((first, last, count if first <= last else 0))
    return loops


def _brackets(row: CodeRow, loops: list[tuple[int, int, int]]) -> Line:
    """Two columns of brackets for the two loops."""
    glyphs = ""
    for first, last, count in reversed(loops):
        if not count or not first <= row.address <= last:
            glyphs += " "
        elif row.address == first:
            glyphs += "┐" if first != last else "→"
        elif row.address == last:
            glyphs += "┘"
        else:
            glyphs += "│"
    return [("loop", glyphs), ("", " ")]


def _cost(cost: Cost | None) -> Line:
    if cost is None:
        return [("", " " * 17)]
    stall = SHORT.get(cost.cause, cost.cause)[:6]
    style = "stall" if cost.cycles > cost.count else "faint"
    return [("number", f"{cost.count:>4}"), (style, f"{cost.cycles:>5} {stall:<6} ")]


def _standing(harts: list[int], names: dict[int, str], width: int, chosen: int) -> Line:
    """The harts that stand at this instruction."""
    line: Line = []
    used = 0
    for index, hart in enumerate(sorted(harts, key=lambda h: h != chosen)):
        name = names[hart]
        if used + cells(name) + 1 > width:
            line.append(("faint", f"+{len(harts) - index}"[: width - used]))
            break
        line.append(("focus" if hart == chosen else hart_style(hart), name))
        used += len(name)
    return line


def _move(options: PaneOptions, snapshot: Snapshot, lines: int) -> None:
    """Mark another line: the view follows the mark until `g` gives it back to the pc."""
    part = snapshot.parts.get("code")
    if not isinstance(part, Part):
        return
    rows = [row for row in part.all_rows if row.kind == "code"]
    marked = options.address if options.address is not None else part.anchor
    at = next((i for i, row in enumerate(rows) if row.address >= marked), 0)
    if rows:
        options.address = rows[min(max(at + lines, 0), len(rows) - 1)].address
        options.expression = ""


PANE = Pane(
    "code",
    "Code",
    "1",
    "Disassembly with the source lines, breakpoints, hardware loops and the iterations left, every hart's "
    "place, and how often and how expensively each instruction ran lately. A click on an instruction "
    "explains it, one on its address sets a breakpoint.",
    draw,
    gather,
    move=_move,
    keys=(
        PaneKey("t", "breakpoint at the marked line on or off", lambda o, s: "@toggle"),
        PaneKey("enter", "run to the marked line", lambda o, s: "@run-to"),
    ),
)
