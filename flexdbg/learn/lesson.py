"""Lessons as data: what a lesson file may hold, read and checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flexdbg.errors import CommandError, did_you_mean

__all__ = ["Array", "Lesson", "Step", "find_lesson", "lessons"]

_KINDS = ("text", "question", "exercise")


@dataclass(frozen=True, slots=True)
class Array:
    """Named data in the TCDM: `values` as they are, or `count` random numbers of a seed, or zeros."""

    name: str
    type: str  # i2 u2 i4 u4 i8 u8 i16 u16 i32 u32
    count: int
    values: tuple[int, ...] = ()
    seed: int | None = None
    low: int | None = None
    high: int | None = None
    align: int = 64
    output: bool = False  # compared with the reference by exercises

    @property
    def bits(self) -> int:
        return int(self.type[1:])

    @property
    def signed(self) -> bool:
        return self.type[0] == "i"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a text; a question with its measurement; or an exercise with its goal."""

    kind: str
    text: str
    program: str = ""
    # A question's answer is measured on `program`, less the same on `minus`.
    measure: str = ""
    minus: str = ""
    at: str = ""  # label at which `measure` is an expression of the debugger
    within: float = 0.0  # tolerance, a share of the answer
    # An exercise's result must equal that of `reference`, in `limit` cycles and `conflicts` conflicts.
    reference: str = ""
    limit: int = 0
    conflicts: int | None = None
    uses: tuple[str, ...] = ()  # mnemonics that have to be executed: what the exercise is about
    solution: str = ""
    hints: tuple[str, ...] = ()
    after: str = ""  # what is said when it is solved
    commands: tuple[str, ...] = ()  # worth trying in the debugger


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson; programs are assembly with a label `kernel` that returns."""

    id: str
    number: int
    title: str
    summary: str
    harts: int
    arrays: tuple[Array, ...]
    arguments: Mapping[str, str | int]  # register -> array name or number
    programs: Mapping[str, str]
    steps: tuple[Step, ...] = field(default=())


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in order."""
    directory = Path(__file__).with_name("lessons")
    return tuple(
        _read(tomllib.loads(path.read_text(encoding="utf-8")), number, path.name)
        for number, path in enumerate(sorted(directory.glob("*.toml")), 1)
    )


def find_lesson(text: str) -> Lesson:
    """A lesson by number or name."""
    for lesson in lessons():
        if text in (lesson.id, str(lesson.number)):
            return lesson
    known = [lesson.id for lesson in lessons()]
    hint = did_you_mean(text, known) or f": 1 to {len(known)}, or {', '.join(known)}"
    raise CommandError(f"no lesson {text!r}{hint}")


def _read(table: dict[str, Any], number: int, file: str) -> Lesson:
    arrays = tuple(
        Array(name, **{**spec, "values": tuple(spec.get("values", ())), "count": _count(spec)})
        for name, spec in table.get("data", {}).items()
    )
    programs = dict(table["programs"])
    steps = tuple(_step(spec, programs, f"{file}: step {n}") for n, spec in enumerate(table["step"], 1))
    return Lesson(
        table["id"],
        number,
        table["title"],
        table["summary"],
        table.get("harts", 1),
        arrays,
        table.get("arguments", {}),
        programs,
        steps,
    )


def _count(spec: Mapping[str, Any]) -> int:
    return int(spec.get("count", len(spec.get("values", ()))))


def _step(spec: dict[str, Any], programs: Mapping[str, str], where: str) -> Step:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in spec.items()}
    step = Step(**values)
    assert step.kind in _KINDS, where
    for name in (step.program, step.minus, step.reference, step.solution):
        assert not name or name in programs, f"{where}: no program {name!r}"
    return step
