"""Memory: bytes and words, packed small integers, or a declared tensor with its shape."""

from dataclasses import dataclass
from typing import Any

from flexdbg.debug.tensors import Tensor
from flexdbg.errors import FlexdbgError, MemoryAccessError
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.snapshot import Snapshot

__all__ = ["FORMATS", "PANE"]

# name, bits of an element, signed; hex words carry characters behind them.
FORMATS = (
    ("hex", 32, False),
    ("bytes", 8, False),
    ("i32", 32, True),
    ("i16", 16, True),
    ("i8", 8, True),
    ("u8", 8, False),
    ("i4", 4, True),
    ("u4", 4, False),
    ("i2", 2, True),
    ("u2", 2, False),
)
_ROW = {"hex": 16, "bytes": 16}


@dataclass(frozen=True, slots=True)
class Part:
    address: int
    data: bytes  # as far as it can be read
    before: bytes  # at the last stop, the same place; empty if it was not shown then
    per_row: int  # bytes
    tensor: Tensor | None
    problem: str
    accesses: dict[
        int, tuple[int, str]
    ]  # address -> (hart, "load" or "store"), the latest of the last cycles
    names: dict[int, str]  # row address -> symbol


def _per_row(kind: str, bits: int, width: int) -> int:
    """Bytes a row, a power of two that fits behind the address."""
    if kind in _ROW:
        return 16 if width >= 10 + _cells_of(kind, 16) else 8
    cell = len(str(-(1 << (bits - 1)))) + 1
    elements = max((width - 10) // cell, 1)
    size = 1
    while size * 2 * 8 // bits <= elements and size < 32:
        size *= 2
    return max(size, bits // 8, 1)


def _cells_of(kind: str, size: int) -> int:
    """Columns of a row of hex words or bytes, without the characters behind them."""
    return size // 4 * 9 if kind == "hex" else size * 3 + size // 4


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session = gathering.session
    tensors = gathering.context.tensors
    tensor = tensors.get(options.expression)
    problem = ""
    if options.expression and tensor is None:
        try:
            options.address = session.address_of(options.expression)
        except FlexdbgError as error:
            problem = str(error)
    kind, bits, _ = FORMATS[options.mode % len(FORMATS)]
    if tensor is not None:
        bits = tensor.bits
        per_row = max(tensor.shape[-1] * bits // 8, 1)
        start = tensor.address + options.scroll_bytes
    else:
        per_row = _per_row(kind, bits, width)
        start = (options.address if options.address is not None else _default(session)) + options.scroll_bytes
        if options.address is None:
            start &= ~15
    start &= 0xFFFF_FFFF
    size = per_row * max(height, 1)
    if tensor is not None:
        size = max(min(size, tensor.address + tensor.size - start), 0)
    data = _read(session, start, size)
    if not data and not problem:
        problem = f"no memory can be read at 0x{start:08x}"
    key = ("memory", start, per_row)
    shown = gathering.marks.get("memory")
    now = gathering.snapshot.cycle
    before = b""
    if shown is not None and shown[0] == key:
        before = shown[3] if shown[1] == now else shown[2]
    if shown is None or shown[0] != key or shown[1] != now:
        gathering.marks["memory"] = (key, now, data, before)
    accesses: dict[int, tuple[int, str]] = {}
    if not gathering.snapshot.running:
        for _, hart, what, _, address, *_ in gathering.recent.records(64):
            if what in ("load", "store") and start <= address < start + size:
                accesses[address & ~3] = (hart, what)
    names = {}
    for row in range(start, start + len(data), per_row):
        symbol = session.symbols.at(row)
        if symbol is not None and (row == start or symbol.address > row - per_row):
            names[row] = symbol.name if symbol.address == row else f"{symbol.name}+0x{row - symbol.address:x}"
    return Part(start, data, before, per_row, tensor, problem, accesses, names)


def _default(session: Any) -> int:
    """The first data object in the TCDM, else its first word."""
    base = session.cluster.config.tcdm_base
    end = base + session.cluster.config.tcdm_size
    found = [s.address for s in session.symbols.symbols if s.kind == "object" and base <= s.address < end]
    return int(min(found, default=base))


def _read(session: Any, start: int, size: int) -> bytes:
    """What can be read from the start on."""
    if size <= 0:
        return b""
    try:
        data: bytes = session.cluster.read_memory(start, min(size, (1 << 32) - start))
    except MemoryAccessError:
        return _read(session, start, size // 2) if size > 4 else b""
    return data


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """A row for each stretch of addresses; changed elements and recent accesses marked."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    if part.problem:
        return Drawing([[("error", part.problem)]], [("", options.expression)])
    kind, bits, signed = FORMATS[options.mode % len(FORMATS)]
    heading: Line = []
    if part.tensor is not None:
        kind, bits, signed = part.tensor.kind, part.tensor.bits, part.tensor.signed
        shape = "".join(f"[{n}]" for n in part.tensor.shape)
        heading = [("symbol", part.tensor.name), ("", f" {kind}{shape}")]
    else:
        name = part.names.get(part.address, "")
        heading = [("symbol", name), ("", f"  {kind}" if name else kind)]
    lines: list[Line] = []
    lead = 0
    for start in range(0, len(part.data), part.per_row):
        row = part.data[start : start + part.per_row]
        address = part.address + start
        line: Line = [("address", f"{address:08x} ")]
        if part.tensor is not None:
            index = part.tensor.index(address)
            line = [("address", "".join(f"[{i}]" for i in (index or ())[:-1]).ljust(9))]
        line += _elements(part, start, row, kind, bits, signed)
        if kind in _ROW and width >= 10 + _cells_of(kind, part.per_row) + part.per_row:
            line.append(("", " "))
            line.append(("faint", "".join(chr(b) if 32 <= b < 127 else "·" for b in row)))
        if address in part.names and start:
            line.append(("symbol", f"  {part.names[address]}"))
        lead = len(line[0][1])
        lines.append(line)

    def at(line: int, column: int) -> str | None:
        offset = _offset(kind, bits, column - lead)
        if offset is None or offset >= part.per_row or line * part.per_row + offset >= len(part.data):
            return None
        return f"@ask last-write 0x{(part.address + line * part.per_row + offset) & ~3:x}"

    return Drawing(lines, heading, at=at)


def _offset(kind: str, bits: int, column: int) -> int | None:
    """Bytes from the start of a row to the element in a column."""
    if column < 0:
        return None
    if kind == "hex":
        return column // 9 * 4
    if kind == "bytes":
        return column // 13 * 4 + min(column % 13 // 3, 3)
    return column // (_digits(bits, signed=not kind.startswith("u")) + 1) * bits // 8


def _digits(bits: int, *, signed: bool) -> int:
    """Columns of an element without the space behind it; a sign takes one."""
    return max(len(str(-(1 << (bits - 1)))), len(str((1 << bits) - 1)) if not signed else 0)


def _elements(part: Part, at: int, row: bytes, kind: str, bits: int, signed: bool) -> Line:
    line: Line = []
    width = _digits(bits, signed=signed)
    old = part.before[at : at + len(row)]
    if kind == "hex":
        for offset in range(0, len(row), 4):
            piece = row[offset : offset + 4]
            text = piece[::-1].hex().rjust(8)
            line += [(_style(part, at + offset, piece, old[offset : offset + 4]), text), ("", " ")]
        return line
    if kind == "bytes":
        for offset, byte in enumerate(row):
            gap = "  " if offset % 4 == 3 else " "
            style = _style(part, at + offset, row[offset : offset + 1], old[offset : offset + 1])
            line += [(style, f"{byte:02x}"), ("", gap)]
        return line
    number = int.from_bytes(row, "little")
    was = int.from_bytes(old, "little") if len(old) == len(row) else number
    mask = (1 << bits) - 1
    for shift in range(0, 8 * len(row), bits):
        value = number >> shift & mask
        changed = value != was >> shift & mask
        if signed and value >> (bits - 1):
            value -= 1 << bits
        style = "changed" if changed else _access_style(part, at + shift // 8, value != 0)
        line += [(style, f"{value:>{width}}"), ("", " ")]
    return line


def _style(part: Part, offset: int, piece: bytes, old: bytes) -> str:
    if len(old) == len(piece) and old != piece:
        return "changed"
    return _access_style(part, offset, any(piece))


def _access_style(part: Part, offset: int, nonzero: bool) -> str:
    access = part.accesses.get((part.address + offset) & ~3)
    if access is not None:
        return "current" if access[1] == "store" else "key"
    return "number" if nonzero else "faint"


def _next_format(options: PaneOptions, snapshot: Snapshot) -> None:
    options.mode = (options.mode + 1) % len(FORMATS)


def _previous_format(options: PaneOptions, snapshot: Snapshot) -> None:
    options.mode = (options.mode - 1) % len(FORMATS)


def _follow(options: PaneOptions, snapshot: Snapshot) -> str:
    return "@type memory"


def _move(options: PaneOptions, snapshot: Snapshot, lines: int) -> None:
    part = snapshot.parts.get("memory")
    per_row = part.per_row if isinstance(part, Part) else 16
    options.scroll_bytes += lines * per_row


def _sideways(options: PaneOptions, snapshot: Snapshot, columns: int) -> None:
    options.scroll_bytes += 4 if columns > 0 else -4


PANE = Pane(
    "memory",
    "Memory",
    "6",
    "Memory as hex, bytes, 32- to 2-bit integers, or as a tensor with its shape (`tensor`, then "
    "`memory NAME`). What the last move changed is marked, and what harts accessed in the last 64 cycles. A "
    "click tells who wrote a word last.",
    draw,
    gather,
    keys=(
        PaneKey("d", "next format: hex, bytes, i32 ... u2", _next_format),
        PaneKey("D", "previous format", _previous_format),
        PaneKey("enter", "type an address, symbol or tensor to show", _follow),
    ),
    move=_move,
    sideways=_sideways,
)
