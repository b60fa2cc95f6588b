"""Who had and who lost each TCDM bank lately, cycle by cycle, and which lines of code collided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flexdbg.debug.symbols import SymbolTable
from flexdbg.machine.cluster import TraceRecord
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import clean

__all__ = ["Access", "Collision", "Place", "board_of", "collisions_of"]

# Numbers in records: the DMA as the one that asks; nobody, where an atomic operation holds the bank.
_DMA_RECORD, _NOBODY = -1, 255


@dataclass(slots=True)
class Access:
    """One bank in one cycle: requesters by number (see Snapshot.hart_name), with where they stood."""

    winner: int  # -1: nobody, an atomic operation holds the bank
    winner_pc: int | None
    losers: list[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the code in few words, with its source line if there is one; `pc` is an instruction."""

    name: str
    text: str
    pc: int | None


@dataclass(frozen=True, slots=True)
class Collision:
    """Cycles that one place in the code lost to another lately, and the latest case of it."""

    loser: Place
    winner: Place
    cycles: int
    bank: int
    loser_hart: int
    winner_hart: int
    at: int  # cycle


def board_of(snapshot: Snapshot, records: Iterable[TraceRecord]) -> dict[tuple[int, int], Access]:
    """(bank, cycle) to who had it and who lost, the DMA included."""
    dma = snapshot.cluster_harts + 1
    board: dict[tuple[int, int], Access] = {}
    for cycle, hart, kind, pc, address, b, *_ in records:
        if kind not in ("load", "store", "denied", "dma_read", "dma_write"):
            continue
        bank = snapshot.bank_of(address)
        if bank is None:
            continue
        who, where = (dma, None) if hart == _DMA_RECORD else (hart, pc)
        access = board.get((bank, cycle))
        if kind != "denied":
            if access is None:
                board[bank, cycle] = Access(who, where, [])
            else:
                access.winner, access.winner_pc = who, where
            continue
        if access is None:
            winner = -1 if b == _NOBODY else min(b, dma)
            access = board[bank, cycle] = Access(winner, None, [])
        access.losers.append((who, where))
    return board


def collisions_of(board: dict[tuple[int, int], Access], symbols: SymbolTable) -> tuple[Collision, ...]:
    """Pairs of source lines that met in a bank, most cycles first."""
    places: dict[int | None, Place] = {}

    def place(pc: int | None) -> Place:
        if pc not in places:
            places[pc] = _place(pc, symbols)
        return places[pc]

    cycles: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], tuple[int, int, Access, int, int | None]] = {}
    for (bank, cycle), access in board.items():
        for loser, pc in access.losers:
            key = place(pc).name, place(access.winner_pc).name
            cycles[key] += 1
            if key not in latest or cycle >= latest[key][1]:
                latest[key] = bank, cycle, access, loser, pc
    found = []
    for key, number in cycles.most_common():
        bank, cycle, access, loser, pc = latest[key]
        found.append(Collision(place(pc), place(access.winner_pc), number, bank, loser, access.winner, cycle))
    return tuple(found)


def _place(pc: int | None, symbols: SymbolTable) -> Place:
    if pc is None:
        return Place("", "", None)
    line = symbols.line_at(pc)
    if line is None:
        return Place(symbols.name_of(pc) or f"0x{pc:08x}", "", pc)
    source = symbols.source(line.file)
    known = source is not None and 0 < line.line <= len(source)
    return Place(line.short, clean(source[line.line - 1].strip()) if source and known else "", pc)
