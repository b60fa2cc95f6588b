"""The TCDM banks over the last cycles: who had each, who lost, and where the conflicts since a mark are."""

from dataclasses import dataclass
from typing import Any

from flexdbg.render.tables import bar, count
from flexdbg.render.text import Line
from flexdbg.tui.collisions import Access, Collision, board_of, collisions_of
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.recent import RECENT_CYCLES
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import runs
from flexdbg.tui.themes import hart_style

__all__ = ["PANE"]

_BOARD, _LINES, _HEAT = range(3)
_SMALL = str.maketrans("0123456789+", "₀₁₂₃₄₅₆₇₈₉₊")
_LABEL, _NEXT = 5, 5  # columns left and right of the cycles


@dataclass(frozen=True, slots=True)
class Part:
    """`board` maps (bank, cycle) to who had the bank and who lost it."""

    board: dict[tuple[int, int], Access]
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
    board: dict[tuple[int, int], Access] = {}
    if not snapshot.running:
        board = board_of(snapshot, gathering.recent.records())
    asking = {n: sum(1 << r for r in bank["requesters"]) for n, bank in enumerate(cluster.banks())}
    return Part(
        board,
        collisions_of(board, session.symbols),
        tuple(n["accesses"] - b["accesses"] for n, b in zip(now, base, strict=True)),
        tuple(n["conflicts"] - b["conflicts"] for n, b in zip(now, base, strict=True)),
        tuple(lost[:8]),
        since,
        asking,
    )


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """A row a bank: who had it lately and who lost; or the lines that collided, or a heat map."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    total, lost = sum(part.accesses), sum(part.conflicts)
    share = f"{lost / total:.3f}" if total else "-"
    since = f"since cycle {count(part.since)}" if part.since else "since reset"
    heading: Line = [("", f"{count(lost)} cycles lost, {share} an access "), ("faint", since)]
    mode = options.mode % 3
    if mode == _HEAT:
        return Drawing(_heat(snapshot, part, width), heading)
    if mode == _LINES:
        return _collisions(snapshot, part, heading)
    return _board(snapshot, part, width, height, options, heading)


def _name(snapshot: Snapshot, requester: int) -> str:
    """One character for a requester."""
    if requester < 0:
        return "A"
    if requester < snapshot.cluster_harts:
        return f"{requester:x}"
    return "f" if requester == snapshot.cluster_harts else "D"


def _who(snapshot: Snapshot, requester: int) -> str:
    return snapshot.hart_name(requester) if requester >= 0 else "an atomic operation"


def _board(
    snapshot: Snapshot, part: Part, width: int, height: int, options: PaneOptions, heading: Line
) -> Drawing:
    """Two columns a cycle: who had the bank, and who asked in vain."""
    span = max((width - _LABEL - _NEXT) // 2, 4)
    back = min(options.back, max(RECENT_CYCLES - span, 0))
    end = snapshot.cycle - back
    first = end - span
    lines: list[Line] = []
    if height > snapshot.banks:
        title = f"{count(max(first, 0))} to {count(end)}: who had it, who lost"
        lines.append(
            [("heading", "bank "), ("faint", title[: 2 * span].ljust(2 * span)), ("heading", " asks")]
        )
    elif back:
        heading = [("warning", f"up to {count(end)}, l returns  "), *heading]
    head = len(lines)
    for bank in range(snapshot.banks):
        styles: list[str] = []
        glyphs: list[str] = []
        for cycle in range(first, end):
            access = part.board.get((bank, cycle))
            if access is None:
                styles.append("faint")
                glyphs.append("· ")
                continue
            winner = _name(snapshot, access.winner)
            losers = access.losers
            if losers:
                loser = _name(snapshot, losers[0][0]) if len(losers) == 1 else "+"
                styles.append("conflict")
                glyphs.append(winner + loser.translate(_SMALL))
            else:
                styles.append(hart_style(access.winner))
                glyphs.append(winner + " ")
        line: Line = [("", f"{bank:>3}  "), *runs(styles, glyphs), ("", " ")]
        for requester in range(len(snapshot.harts)):
            if part.requesters.get(bank, 0) >> requester & 1:
                line.append((hart_style(requester), _name(snapshot, requester)))
        lines.append(line)
    if not part.board:
        words = "not known while the machine runs" if snapshot.running else "no access to the TCDM lately"
        lines.append([("faint", words)])

    def at(line: int, column: int) -> str | None:
        cycle = first + (column - _LABEL) // 2
        access = part.board.get((line - head, cycle))
        if access is None or not first <= cycle < end:
            return None
        harts = [access.winner, *(who for who, _ in access.losers)]
        shown = next((h for h in harts[::-1] if 0 <= h < len(snapshot.harts)), None)
        return None if shown is None else f"@ask why {shown} {cycle}"

    rows = height - len(lines)
    if rows > 1 and part.collisions:
        lines.append([("heading", "which lines collided lately")])
        lines += [_one_line(snapshot, item) for item in part.collisions[: rows - 1]]
    return Drawing(lines, heading, at=at)


def _one_line(snapshot: Snapshot, item: Collision) -> Line:
    loser, winner = _who(snapshot, item.loser_hart), _who(snapshot, item.winner_hart)
    return [
        ("stall", f"{item.cycles:>4}"),
        ("symbol", f" {item.loser.name or loser}"),
        ("", " lost to "),
        ("symbol", item.winner.name or winner),
        ("faint", f"   {loser} to {winner}, bank {item.bank}"),
    ]


def _collisions(snapshot: Snapshot, part: Part, heading: Line) -> Drawing:
    """Every pair of lines with its source text; a click shows the code."""
    lines: list[Line] = []
    clicks: dict[int, str] = {}
    for item in part.collisions:
        clicks[len(lines)] = f"@ask why {item.loser_hart} {item.at}"
        loser, winner = _who(snapshot, item.loser_hart), _who(snapshot, item.winner_hart)
        last = f"last {loser} to {winner} in bank {item.bank}, cycle {count(item.at)}"
        lines.append([("stall", f"{item.cycles:>4}"), ("", " cycles lost, "), ("faint", last)])
        for place, words, who in ((item.loser, "lost", loser), (item.winner, "had ", winner)):
            if place.pc is not None:
                clicks[len(lines)] = f"@look 0x{place.pc:x}"
            lines.append(
                [("faint", f"     {words} "), ("symbol", f"{place.name or who}  "), ("source", place.text)]
            )
    if not lines:
        words = "not known while the machine runs" if snapshot.running else "nobody lost a bank lately"
        lines.append([("faint", f"{words} (in the last {RECENT_CYCLES} cycles)")])
    return Drawing(lines, heading, clicks)


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


def _sideways(options: PaneOptions, snapshot: Snapshot, columns: int) -> None:
    options.back = min(max(options.back - columns, 0), RECENT_CYCLES)


PANE = Pane(
    "banks",
    "Banks",
    "5",
    "Every TCDM bank over the last cycles: who had it, and small behind it who lost it (digits: harts, f: "
    "fc, D: DMA, A: an atomic operation, +: several); or the source lines that collided; or a heat map of "
    "the cycles lost since a mark. A click on a cycle says why.",
    draw,
    gather,
    keys=(
        PaneKey("d", "the last cycles, the lines that collided, or the heat map", _next_mode),
        PaneKey("Z", "count conflicts from here on", _mark),
    ),
    sideways=_sideways,
)
