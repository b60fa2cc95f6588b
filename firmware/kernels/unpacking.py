"""Instructions that widen packed weights with bit-field extracts and packs."""

from __future__ import annotations

__all__ = ["widen"]


def widen(
    word: str, narrow: int, wide: int, part: int, temporaries: tuple[str, str, str]
) -> list[tuple[str, str]]:
    """(instruction, remark) that turn slice `part` of `word` into `wide`-bit lanes, in the first temporary.

    Four bytes are made and packed two by two. A byte is one extracted element, or two 4-bit ones of which
    the second is inserted above the first.
    """
    result, low, high = temporaries
    lanes = 8 // wide  # in a byte
    first = part * (32 // wide)

    def extract(target: str, byte: int, lane: int = 0) -> tuple[str, str]:
        element = first + byte * lanes + lane
        return f"p.extract {target}, {word}, {narrow - 1}, {narrow * element}", f"element {element}"

    def upper_lane(target: str, byte: int, *, at: int = 0) -> list[tuple[str, str]]:
        if lanes == 1:
            return []
        return [extract(high, byte, 1), (f"p.insert {target}, {high}, {wide - 1}, {at + wide}", "")]

    return [
        extract(result, 0),
        *upper_lane(result, 0),
        extract(low, 1),
        *upper_lane(low, 1),
        (f"pv.packlo.b {result}, {low}, {result}", ""),
        extract(low, 2),
        *upper_lane(low, 2),
        extract(high, 3),
        (f"pv.packhi.b {result}, {high}, {low}", ""),
        # `high` is taken until the pack, so the last lane of all goes in behind it.
        *upper_lane(result, 3, at=24),
    ]
