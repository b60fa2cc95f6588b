"""The Mac&Load address walkers: the pattern that the next loads make, and where the last ones went."""

from dataclasses import dataclass
from typing import Any

from flexdbg.debug.session import Session
from flexdbg.debug.tensors import Tensor, element_of
from flexdbg.errors import FlexdbgError
from flexdbg.isa.machine_state import Walker
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import columns

__all__ = ["PANE", "backward", "forward", "walker_of"]

_AHEAD = 64


@dataclass(frozen=True, slots=True)
class Part:
    """Addresses that Mac&Load of the selected hart really loaded from, oldest first, by walker."""

    loads: dict[str, tuple[int, ...]]
    names: dict[str, str]  # walker -> symbol at its pointer
    tensors: tuple[Tensor, ...]


def walker_of(snapshot: Snapshot, letter: str) -> Walker:
    """The address generator `a` or `w` of the selected hart."""
    csrs = snapshot.csrs
    return Walker(
        csrs.get(f"{letter}_addr", 0),
        csrs.get(f"{letter}_stride", 0),
        csrs.get(f"{letter}_rollback", 0),
        csrs.get(f"{letter}_skip", 0),
        snapshot.selected.registers[40 if letter == "a" else 41],
    )


def forward(walker: Walker, count: int) -> list[tuple[int, int]]:
    """(address, update counter) of the next loads; the first is the one that comes next."""
    here = Walker(walker.addr, walker.stride, walker.rollback, walker.skip, walker.count)
    steps = []
    for _ in range(count):
        steps.append((here.addr, here.count))
        here.step()
    return steps


def backward(walker: Walker, count: int) -> list[int]:
    """Addresses of the last loads, oldest first, as the walker would have made them with today's settings."""
    addr, at = walker.addr, walker.count
    steps = []
    for _ in range(count):
        if at > 0:
            addr = (addr - walker.stride) & 0xFFFF_FFFF
            at -= 1
        else:
            addr = (addr - walker.rollback) & 0xFFFF_FFFF
            at = walker.skip
        steps.append(addr)
    return steps[::-1]


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session = gathering.session
    loads: dict[str, list[int]] = {"a": [], "w": []}
    which: dict[int, str] = {}
    for record in gathering.recent.records() if not gathering.snapshot.running else ():
        if record[1] != session.hart or record[2] != "load":
            continue
        pc = record[3]
        if pc not in which:
            which[pc] = _walker_used(session, pc)
        if which[pc]:
            loads[which[pc]].append(record[4])
    names = {letter: session.symbols.name_of(walker_of(gathering.snapshot, letter).addr) for letter in "aw"}
    tensors = tuple(gathering.context.tensors.values())
    return Part({k: tuple(v[-_AHEAD:]) for k, v in loads.items()}, names, tensors)


def _walker_used(session: Session, pc: int) -> str:
    """`a` or `w` if the instruction at pc is a Mac&Load that reloads that operand."""
    try:
        found = session.instruction(pc)
    except FlexdbgError:
        return ""
    reload = found.fields.get("imm5", 0) if found.timing == "macload" else 0
    return "w" if reload & 16 else "a" if reload & 8 else ""


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Both walkers, one below the other."""
    if snapshot.hart >= snapshot.cluster_harts or "a_addr" not in snapshot.csrs:
        return Drawing([[("faint", f"{snapshot.hart_name(snapshot.hart)} has no address walkers")]])
    legacy = snapshot.csrs.get("sb_legacy", 1)
    lines: list[Line] = []
    for letter, title in (("a", "activations"), ("w", "weights")):
        lines += _walker(snapshot, part, letter, title, width, max((height - 2) // 2 - 5, 3))
        lines.append([])
    heading: Line = [("", f"hart {snapshot.selected.name}")]
    if legacy:
        heading.append(("warning", "  sb_legacy 1: loads use rs1, the walkers only count"))
    return Drawing(lines, heading)


def _walker(snapshot: Snapshot, part: Any, letter: str, title: str, width: int, rows: int) -> list[Line]:
    walker = walker_of(snapshot, letter)
    stride, rollback = _signed(walker.stride), _signed(walker.rollback)
    name = part.names[letter] if part is not None else ""
    lines: list[Line] = [
        [
            ("register", f"{letter.upper()} {title}  "),
            ("address", f"{walker.addr:08x}"),
            ("symbol", f" {name}" if name else ""),
            ("", f"  stride {stride:+d}  rollback {rollback:+d}  skip {walker.count}/{walker.skip}"),
        ]
    ]
    if not walker.addr and not walker.stride and not walker.rollback:
        return [*lines, [("faint", "     not set up yet")]]
    period = walker.skip + 1
    steps = forward(walker, min(_AHEAD, max(2 * period, 16)))
    # One row of the pattern for each run up to a rollback.
    runs: list[list[int]] = [[]]
    for address, at in steps:
        runs[-1].append(address)
        if at == walker.skip:
            runs.append([])
    runs = [run for run in runs if run]
    cell = 13
    banks: list[int] = []
    for number, run in enumerate(runs[:rows]):
        lead = "next " if number == 0 else f"{'then':<5}"
        cells: list[Line] = []
        per_row = max(1, (width - 6) // cell)
        # Columns are places in the run: the first row starts where the skip counter stands.
        if number == 0 and period <= per_row:
            cells += [[("faint", "       · "), ("", "   ")] for _ in range(walker.count)]
        for index, address in enumerate(run):
            bank = snapshot.bank_of(address)
            banks.append(-1 if bank is None else bank)
            style = "current" if number == 0 and index == 0 else "number"
            place = f"b{bank:<2}" if bank is not None else "-- "
            cells.append([(style, f"{address:08x}"), ("faint", f" {place}")])
        for start in range(0, len(cells), per_row):
            line: Line = [("faint", lead if start == 0 else " " * 5)]
            for piece in cells[start : start + per_row]:
                line += [*piece, ("", " ")]
            lines.append(line)
    lines.append(_bank_note(banks[: max(period, 4)]))
    if part is not None:
        lines += _coordinates(walker, part.tensors)
        lines += _walked(walker, part.loads[letter], width)
    return lines


def _bank_note(banks: list[int]) -> Line:
    """How the next run spreads over the banks."""
    known = [bank for bank in banks if bank >= 0]
    if not known:
        return [("faint", "     outside the TCDM")]
    used = sorted(set(known))
    words = ", ".join(str(bank) for bank in used[:8]) + (", …" if len(used) > 8 else "")
    line: Line = [("faint", f"     banks {words}")]
    if len(known) > 1 and len(used) == 1:
        line.append(
            ("warning", "   all in one bank: harts that walk alike will collide; pad each row by 4 bytes")
        )
    return line


def _coordinates(walker: Walker, tensors: tuple[Tensor, ...]) -> list[Line]:
    found = element_of(tensors, walker.addr)
    return [[("faint", "     next is "), ("symbol", found)]] if found else []


def _walked(walker: Walker, loads: tuple[int, ...], width: int) -> list[Line]:
    """The last real loads against what the walker makes with today's settings."""
    if not loads:
        return [[("faint", "     no Mac&Load of this hart loaded through it lately")]]
    shown = loads[-max(4, min(len(loads), (width - 8) // 10)) :]
    expected = backward(walker, len(shown))
    same = sum(a == b for a, b in zip(shown, expected, strict=True))
    cells: list[Line] = [
        [("number" if real == should else "conflict", f"{real:08x}"), ("", " " if real == should else "≠")]
        for real, should in zip(shown, expected, strict=True)
    ]
    rows = columns(cells, width - 6, 9, down=False)
    lines: list[Line] = [[("faint", "was  "), *rows[0]]] if rows else []
    lines += [[("", "     "), *row] for row in rows[1:2]]
    words = "as the walker says" if same == len(shown) else "where ≠ the settings were different then"
    lines.append([("faint", f"     {same} of the last {len(shown)} loads {words}")])
    return lines


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


PANE = Pane(
    "mlc",
    "MLC",
    "4",
    "Both address walkers of Mac&Load: pointer, stride, rollback, skip counter; the next loads as the "
    "pattern they make, a row for each run up to a rollback, with banks; the last loads against it.",
    draw,
    gather,
)
