"""Word to table row: the decode entries of all cores, shared by the disassembler and the C++ generator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .model import CORES, Instruction, Isa, IsaError

__all__ = ["BUCKETS", "Entry", "bucket_of", "buckets", "entries", "find_entry", "overlaps"]

BUCKETS = 256 + 24  # 32-bit words by opcode and funct3, 16-bit words by quadrant and funct3


@dataclass(frozen=True, slots=True)
class Entry:
    """Words with (word & mask) == match run as `op` on `cores`, unless a guard of `row` forbids it."""

    mask: int
    match: int
    row: Instruction  # as which it is decoded and shown
    runs: Instruction  # what it does; another row for XpulpNN words on other cores
    cores: int  # bits of CORES

    @property
    def foreign(self) -> bool:
        return self.runs is not self.row


def _cores(names: tuple[str, ...]) -> int:
    return sum(CORES[n] for n in names)


def entries(isa: Isa) -> Iterator[Entry]:
    """All entries, in table order."""
    for row in isa.instructions:
        loose = _cores(tuple(c for c in row.cores if c in row.unchecked_on)) if row.unchecked else 0
        strict = _cores(row.cores) & ~loose
        if not row.traps:
            if strict:
                yield Entry(row.mask, row.match, row, row, strict)
            if loose:
                mask = row.mask & ~row.unchecked
                yield Entry(mask, row.match & mask, row, row, loose)
        if row.runs_as:
            if row.runs_as not in isa.by_id:
                raise IsaError(f"{row.source}: runs_as names no row: {row.runs_as!r}")
            others = sum(CORES.values()) & ~_cores(row.cores)
            yield Entry(row.mask, row.match, row, isa.by_id[row.runs_as], others)


def bucket_of(word: int) -> int:
    if word & 3 == 3:
        return (word >> 2 & 31) << 3 | (word >> 12 & 7)
    return 256 + ((word & 3) << 3 | (word >> 13 & 7))


def buckets(isa: Isa) -> list[list[Entry]]:
    """Entries by bucket; in a bucket the more specific pattern comes first and wins."""
    result: list[list[Entry]] = [[] for _ in range(BUCKETS)]
    for entry in entries(isa):
        if entry.row.length == 2:
            result[bucket_of(entry.match)].append(entry)
            continue
        for funct3 in range(8):
            if (funct3 << 12 ^ entry.match) & entry.mask & 0x7000 == 0:
                result[(entry.match >> 2 & 31) << 3 | funct3].append(entry)
    for bucket in result:
        bucket.sort(key=lambda e: -e.mask.bit_count())
    return result


def find_entry(table: list[list[Entry]], word: int, cores: int) -> Entry | None:
    """The entry that decodes `word` on any of the cores given as bits."""
    for entry in table[bucket_of(word)]:
        if word & entry.mask == entry.match and entry.cores & cores and entry.row.applies(word):
            return entry
    return None


def overlaps(isa: Isa) -> list[str]:
    """Pairs of rows that claim the same word on the same core, neither being a special case of the other."""
    problems = []
    for bucket in buckets(isa):
        for k, a in enumerate(bucket):
            for b in bucket[k + 1 :]:
                common = a.mask & b.mask
                if a.row is b.row or not a.cores & b.cores or (a.match ^ b.match) & common:
                    continue
                if a.mask | b.mask == a.mask and a.mask != b.mask:
                    continue  # a is the special case and comes first
                if any(_excludes(g.mask, g.value, a) for g in b.row.guards):
                    continue
                if any(_excludes(g.mask, g.value, b) for g in a.row.guards):
                    continue
                problems.append(f"{a.row.source} overlaps {b.row.source}")
    return sorted(set(problems))


def _excludes(mask: int, value: int, other: Entry) -> bool:
    """Whether a guard rules out every word of the other entry."""
    return mask & other.mask == mask and other.match & mask == value
