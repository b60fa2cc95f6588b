"""One checked test: its name and what differed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Mismatch", "Outcome"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: which hart, what, at which place of a list, and both values."""

    what: str
    expected: str
    got: str
    hart: int | None = None
    index: int | None = None

    def __str__(self) -> str:
        hart = f"hart {self.hart}: " if self.hart is not None else ""
        index = f"[{self.index}]" if self.index is not None else ""
        return f"{hart}{self.what}{index}: expected {self.expected}, got {self.got}"


@dataclass(slots=True)
class Outcome:
    """A test; it has passed if nothing differed."""

    name: str
    mismatches: list[Mismatch] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.mismatches

    def compare(
        self, what: str, expected: object, got: object, *, hart: int | None = None, index: int | None = None
    ) -> None:
        if expected != got:
            self.mismatches.append(Mismatch(what, _shown(expected), _shown(got), hart, index))

    def compare_lists(
        self, what: str, expected: Sequence[object], got: Sequence[object], *, hart: int | None = None
    ) -> None:
        """Report the first element that differs: what follows is usually its consequence."""
        for index, (one, other) in enumerate(zip(expected, got, strict=False)):
            if one != other:
                self.compare(what, one, other, hart=hart, index=index)
                return
        self.compare(f"length of {what}", len(expected), len(got), hart=hart)


def _shown(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"0x{value:08x}" if value > 9 else str(value)
    if isinstance(value, tuple | list):
        return "(" + ", ".join(f"{v:x}" if isinstance(v, int) and v > 0xFFFF else str(v) for v in value) + ")"
    return str(value)
