"""The TCDM banks over the last cycles: who had each, who lost, and where the conflicts since a mark are."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flexdbg.render.tables import bar, count
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.themes import hart_style

__all__ = ["PANE"]


@dataclass(frozen=True, slots=True)
class Collision:
    """Lost cycles between two places in the code."""

    bank: int
    winner: int  # a requester
    loser: int
    loser_place: str
    winner_place: str
    cycles: int


@dataclass(frozen=True, slots=True)
class Part:
    """`grid` maps (bank, cycle) to (requester that had it, requesters that lost)."""

    grid: dict[tuple[int, int], tuple[int, tuple[int, ...]]]
    collisions: tuple[Collision, ...]
    accesses: tuple[int, ...]  # since the mark
    conflicts: tuple[int, ...]
    lost: tuple[tuple[int, int, int], ...]  # (loser, winner, cycles), most first
    since: int
    requesters: dict[int, int]  # bank -> harts that ask now, as a mask


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session, snapshot = gathering.session, gathering.snapshot
    cluster = session.cluster
    now = cluster.bank_counters()
    matrix = cluster.conflict_matrix()
    mark = gathering.marks.get("banks")
    if mark is None or mark[0] > snapshot.cycle or options.zoom:
        zeros = [{"accesses": 0, "conflicts": 0} for _ in now]
        mark = (snapshot.cycle, now, matrix) if options.zoom else (0, zeros, None)
        options.zoom = 0
        gathering.marks["banks"] = mark
    since, base, base_matrix = mark
    lost = [
        (i, j, cycles - (base_matrix[i][j] if base_matrix else 0))
        for i, row in enumerate(matrix)
        for j, cycles in enumerate(row)
    ]
    lost = sorted((item for item in lost if item[2] > 0), key=lambda item: -item[2])
    grid: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
    collisions: tuple[Collision, ...] = ()
    if not snapshot.running:
        grid, collisions = _grid(gathering)
    asking = {n: sum(1 << r for r in bank["requesters"]) for n, bank in enumerate(cluster.banks())}
    return Part(
        grid,
        collisions,
        tuple(n["accesses"] - b["accesses"] for n, b in zip(now, base, strict=True)),
        tuple(n["conflicts"] - b["conflicts"] for n, b in zip(now, base, strict=True)),
        tuple(lost[:8]),
        since,
        asking,
    )


def _grid(gathering: Gathering) -> tuple[dict[tuple[int, int], Any], tuple[Collision, ...]]:
    """Grants and losses of the recent cycles; accesses by the DMA show where they beat a hart."""
    snapshot, symbols = gathering.snapshot, gathering.session.symbols
    winners: dict[tuple[int, int], int] = {}
    winner_pcs: dict[tuple[int, int], int] = {}
    losers: dict[tuple[int, int], list[int]] = {}
    denied: list[tuple[int, int, int, int, int]] = []
    for cycle, hart, kind, pc, a, b, *_ in gathering.recent.records():
        if kind in ("load", "store"):
            bank = snapshot.bank_of(a)
            if bank is not None:
                winners[bank, cycle] = hart
                winner_pcs[bank, cycle] = pc
        elif kind == "denied":
            bank = snapshot.bank_of(a)
            if bank is not None:
                losers.setdefault((bank, cycle), []).append(hart)
                denied.append((bank, cycle, hart, pc, b))
                winners.setdefault((bank, cycle), b)
    found: Counter[tuple[int, int, int, str, str]] = Counter()

    def place(pc: int | None) -> str:
        if pc is None:
            return ""
        line = symbols.line_at(pc)
        return line.short if line is not None else symbols.name_of(pc) or f"0x{pc:08x}"

    for bank, cycle, hart, pc, _ in denied:
        winner = winners[bank, cycle]
        found[bank, winner, hart, place(pc), place(winner_pcs.get((bank, cycle)))] += 1
    by_lines: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], tuple[int, int, int]] = {}
    for (bank, winner, hart, where, other), cycles in found.items():
        by_lines[where, other] += cycles
        example.setdefault((where, other), (bank, winner, hart))
    collisions = tuple(
        Collision(*example[key][:2], example[key][2], key[0], key[1], cycles)
        for key, cycles in by_lines.most_common(6)
    )
    grid = {key: (winner, tuple(losers.get(key, ()))) for key, winner in winners.items()}
    return grid, collisions


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """A row a bank: who had it in the last cycles, with a mark on conflicts; then the heat of all banks."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    heat = options.mode % 2 == 1
    lines = _heat(snapshot, part, width) if heat else _board(snapshot, part, width)
    if not heat:
        lines += _collisions(snapshot, part, height - len(lines))
    total, lost = sum(part.accesses), sum(part.conflicts)
    share = f"{lost / total:.3f}" if total else "-"
    since = f"since cycle {count(part.since)}" if part.since else "since reset"
    heading: Line = [("", f"{count(lost)} cycles lost, {share} an access "), ("faint", since)]
    return Drawing(lines, heading)


def _name(snapshot: Snapshot, requester: int) -> str:
    """One character for a requester."""
    if requester < snapshot.cluster_harts:
        return f"{requester:x}"
    return "f" if requester == snapshot.cluster_harts else "D"


def _ringed(name: str) -> str:
    """The name with a ring around it: somebody lost to this requester."""
    if name.isdigit():
        return "⓪①②③④⑤⑥⑦⑧⑨"[int(name)]
    return chr(ord("Ⓐ") + ord(name.upper()) - ord("A"))


def _board(snapshot: Snapshot, part: Part, width: int) -> list[Line]:
    span = max(width - 20, 8)
    first = snapshot.cycle - span
    title = f"bank  cycle {count(max(first, 0))} to {count(snapshot.cycle)}, a ring: won against others"
    lines: list[Line] = [[("heading", title.ljust(span + 6)[: span + 6]), ("heading", " asked now")]]
    for bank in range(snapshot.banks):
        line: Line = [("", f"{bank:>3}  ")]
        for cycle in range(first, snapshot.cycle):
            entry = part.grid.get((bank, cycle))
            if entry is None:
                line.append(("faint", "·"))
            else:
                winner, lost = entry
                name = _name(snapshot, winner)
                line.append(("conflict", _ringed(name)) if lost else (hart_style(winner), name))
        line.append(("", "  "))
        for requester in range(len(snapshot.harts)):
            if part.requesters.get(bank, 0) >> requester & 1:
                line.append((hart_style(requester), _name(snapshot, requester)))
        lines.append(line)
    if not part.grid:
        lines.append([("faint", "no access to the TCDM in the recorded cycles just before")])
    return lines


def _collisions(snapshot: Snapshot, part: Part, rows: int) -> list[Line]:
    lines: list[Line] = []
    if part.collisions and rows > 2:
        lines.append([("heading", "who collided lately, by source line")])
    for item in part.collisions[: max(rows - 1, 0)]:
        loser, winner = snapshot.hart_name(item.loser), snapshot.hart_name(item.winner)
        lines.append(
            [
                ("conflict", f"{item.cycles:>5}"),
                ("", " lost at "),
                ("symbol", item.loser_place),
                ("", " to "),
                ("symbol", item.winner_place or winner),
                ("faint", f"   such as {loser} to {winner}, bank {item.bank}"),
            ]
        )
    return lines


def _heat(snapshot: Snapshot, part: Part, width: int) -> list[Line]:
    most = max(part.conflicts, default=0) or 1
    size = max(10, width - 46)
    lines: list[Line] = [[("heading", "bank    accesses   lost cycles  each")]]
    for bank, (accesses, lost) in enumerate(zip(part.accesses, part.conflicts, strict=True)):
        share = f"{lost / accesses:7.3f}" if accesses else "      -"
        lines.append(
            [
                ("", f"{bank:>4}"),
                ("number", f"{count(accesses):>12}{count(lost):>14}"),
                ("faint", f" {share} "),
                ("memory", bar(lost / most, size).rstrip()),
            ]
        )
    if part.lost:
        lines += [[], [("heading", "who lost to whom")]]
    for loser, winner, cycles in part.lost:
        lines.append(
            [
                (hart_style(loser), f"  {snapshot.hart_name(loser):<7}"),
                ("", " lost "),
                ("number", f"{count(cycles):>9}"),
                ("", " cycles to "),
                (hart_style(winner), snapshot.hart_name(winner)),
            ]
        )
    return lines


def _next_mode(options: PaneOptions, snapshot: Snapshot) -> None:
    options.mode += 1


def _mark(options: PaneOptions, snapshot: Snapshot) -> None:
    options.zoom = 1


PANE = Pane(
    "banks",
    "Banks",
    "5",
    "Every TCDM bank over the last cycles: the hart that had it, conflicts ringed, which lines collided; "
    "or a heat map of the cycles lost since a mark.",
    draw,
    gather,
    keys=(
        PaneKey("d", "the last cycles, or the heat map", _next_mode),
        PaneKey("Z", "count conflicts from here on", _mark),
    ),
)
