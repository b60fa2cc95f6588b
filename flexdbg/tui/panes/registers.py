"""General registers of the selected hart, what the last move changed, and CSRs taken apart into fields."""

from typing import Any

from flexdbg.isa import ABI_NAMES
from flexdbg.machine import registers
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Pane, PaneKey
from flexdbg.tui.snapshot import Registers, Snapshot
from flexdbg.tui.text import columns

__all__ = ["CSRS", "PANE", "changes"]

_MODES = ("hex", "decimal", "x names")


def signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


def _before(snapshot: Snapshot) -> Registers | None:
    """The earlier registers, if they are of this hart and of another time."""
    before = snapshot.before
    return before if before is not None and before.hart == snapshot.hart else None


def changes(snapshot: Snapshot) -> list[tuple[str, int, int]]:
    """(name, old, new) of the registers and CSRs that the last move changed; counters of time left out."""
    before = _before(snapshot)
    if before is None:
        return []
    found = []
    values = snapshot.selected.registers
    names = {n: name for name, n in _NUMBERED}
    for number, (old, new) in enumerate(zip(before.values, values, strict=True)):
        if old != new and number in names:
            found.append((names[number], old, new))
    for name, new in snapshot.csrs.items():
        old = before.csrs.get(name, new)
        if old != new and name not in _TICKING and not name.startswith("pccr"):
            found.append((name, old, new))
    return found


_NUMBERED = [(name, number) for number, name in enumerate(ABI_NAMES) if number] + [
    (name, registers.number_of(name)) for name in registers.GROUPS["nn"]
]
_TICKING = frozenset(("mcycle", "minstret", "cycle", "instret", "mhpmcounter3"))


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """A grid of x registers; above it, where there is room, old and new values of what changed."""
    before = _before(snapshot)
    values = snapshot.selected.registers
    mode = options.mode % len(_MODES)
    cell_width = 21 if mode != 1 else 18
    # Both names where there is room for all registers and some lines for what has changed.
    both = mode != 1 and -(-32 // max((width + 1) // (cell_width + 1), 1)) + 3 <= height
    if mode != 1 and not both:
        cell_width = 14
    cells: list[Line] = []
    for number in range(32):
        value = values[number]
        changed = before is not None and before.values[number] != value
        name = f"x{number}" if mode == 2 else ABI_NAMES[number]
        other = ABI_NAMES[number] if mode == 2 else f"x{number}"
        shown = f"{signed(value):>11}" if mode == 1 else f"{value:08x}"
        style = "changed" if changed else "number" if value else "faint"
        cells.append(
            [
                ("register", f"{name:<4} "),
                *([("faint", f"{other:<3} ")] if both else []),
                (style, shown),
                ("changed", "▲" if changed else " "),
            ]
        )
    grid = columns(cells, width, cell_width)
    pc_line: Line = [
        ("register", "pc  "),
        ("number", f" {values[registers.PC]:08x} "),
        ("symbol", snapshot.selected.place),
    ]
    lines = [pc_line, *grid]
    delta = changes(snapshot)
    if delta and before is not None:
        since = snapshot.cycle - before.cycle
        way = "in" if since >= 0 else "by going back"
        plural = "s" if abs(since) != 1 else ""
        lines.append([("heading", f"changed {way} {abs(since):,} cycle{plural}")])
        cells = []
        for name, old, new in delta:
            difference = signed((new - old) & 0xFFFF_FFFF)
            cells.append(
                [
                    ("register", f"{name:<10} "),
                    ("faint", f"{old:08x} "),
                    ("", "→ "),
                    ("changed", f"{new:08x} "),
                    ("faint", f"{difference:+d}"),
                ]
            )
        lines += columns(cells, width, 42, down=False)
    heading: Line = [("", f"hart {snapshot.selected.name}"), ("faint", f"  {_MODES[mode]}")]

    def at(line: int, column: int) -> str | None:
        number = column // (cell_width + 1) * len(grid) + line - 1
        if not 1 <= line <= len(grid) or not 0 < number < 32:
            return None
        return f"@ask last-write ${ABI_NAMES[number]}"

    return Drawing(lines, heading, at=at)


def draw_csrs(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Every CSR of the core: number, name, value, fields in words."""
    before = _before(snapshot)
    core = snapshot.core if snapshot.hart < snapshot.cluster_harts else "ri5cy"
    lines: list[Line] = []
    group = ""
    by_group = sorted(
        registers.csrs_of(core), key=lambda c: (_GROUP_ORDER.get(c.group, 9), c.group, c.address)
    )
    for csr in by_group:
        value = snapshot.csrs.get(csr.name, 0)
        changed = before is not None and before.csrs.get(csr.name, value) != value
        if csr.group != group:
            group = csr.group
            lines.append([("heading", group)])
        line: Line = [
            ("address", f"{csr.address:03x} "),
            ("register", f"{csr.name:<12} "),
            ("changed" if changed else "number" if value else "faint", f"{value:08x}"),
            ("changed", "▲ " if changed else "  "),
        ]
        if changed and before is not None:
            line.append(("faint", f"was {before.csrs[csr.name]:x}  "))
        line += _fields(csr, value)
        lines.append(line)
    return Drawing(lines, [("", f"hart {snapshot.selected.name}")])


_GROUP_ORDER = {"flexv": 0, "hwloop": 1, "machine": 2}


def _fields(csr: Any, value: int) -> Line:
    line: Line = []
    for field in csr.fields:
        number = value >> field.low & ((1 << (field.high - field.low + 1)) - 1)
        words = f" = {registers.format_of(number).name}" if csr.name == "simd_fmt" else ""
        line += [("faint", f"{field.name} "), ("number" if number else "faint", f"{number}{words}  ")]
    if not line:
        if csr.name.endswith(("stride", "rollback")):
            line.append(("number", f"{signed(value):+d}  "))
        line.append(("faint", csr.summary))
    return line


def _next_mode(options: PaneOptions, snapshot: Snapshot) -> None:
    options.mode += 1


PANE = Pane(
    "registers",
    "Registers",
    "2",
    "The general registers under both names, with what the last move changed and from what. A click tells "
    "who wrote a register last.",
    draw,
    keys=(PaneKey("d", "hex, decimal, or x names first", _next_mode),),
)

CSRS = Pane("csrs", "CSRs", "\\", "Control and status registers, taken apart into fields.", draw_csrs)
