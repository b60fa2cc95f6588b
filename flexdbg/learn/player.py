"""The player: where a learner is in a lesson, and whether an answer or a program is right.

It has no terminal: the REPL and the full-screen debugger show what it returns.
"""

from dataclasses import dataclass

from flexdbg.errors import CommandError, ProgramError
from flexdbg.learn.lesson import Lesson, Step, find_lesson, lessons
from flexdbg.learn.progress import Progress
from flexdbg.learn.workbench import Measurement, RunFailed, build, evaluate_at, measure
from flexdbg.machine.loader import Program

__all__ = ["Feedback", "Player"]

# Worth a sentence to the learner: what costs these cycles, and what usually helps.
_ADVICE = {
    "load_use": "an instruction uses a loaded register in the very next cycle: put another one between",
    "branch": "a taken branch costs three cycles: lp.setup loops for nothing",
    "macload_hazard": "a Mac&Load names a register that the one before refills: put another one between",
    "bank_conflict": "other harts want the same bank in the same cycle: move or pad the data",
    "barrier": "this hart waits for slower ones: share the work evenly",
    "jump": "jumps cost two cycles each",
    "misaligned": "accesses that cross a word take twice as long",
    "multi_cycle": "mulh and div take many cycles",
    "l2": "data in L2 are far away",
}


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said about an answer or a program. `program` can be loaded to look at what happened."""

    passed: bool
    lines: tuple[str, ...]
    measured: Measurement | None = None
    program: Program | None = None


@dataclass(slots=True)
class _Shown:
    hints: int = 0


class Player:
    """One lesson being taken. Answers are compared with what the simulator measures here and now."""

    def __init__(self, lesson: Lesson, progress: Progress) -> None:
        self.lesson = lesson
        self.progress = progress
        self.index = min(progress.at.get(lesson.id, 0), len(lesson.steps) - 1)
        self._shown: dict[int, _Shown] = {}
        self._measured: dict[str, Measurement] = {}
        progress.last = lesson.id

    @classmethod
    def open(cls, text: str, progress: Progress) -> "Player":
        """By number or name; without one, where the learner was, or the first lesson not finished."""
        if text:
            return cls(find_lesson(text), progress)
        if progress.last:
            return cls(find_lesson(progress.last), progress)
        unfinished = [one for one in lessons() if not finished(one, progress)]
        return cls((unfinished or lessons())[0], progress)

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.index]

    @property
    def solved(self) -> bool:
        return self.step.kind == "text" or self.index in self.progress.solved.get(self.lesson.id, set())

    @property
    def finished(self) -> bool:
        return finished(self.lesson, self.progress)

    def move(self, by: int) -> bool:
        """To another step; False at the ends of the lesson."""
        target = self.index + by
        if not 0 <= target < len(self.lesson.steps):
            return False
        self.index = target
        self.progress.at[self.lesson.id] = target
        self.progress.save()
        return True

    def hint(self) -> str:
        """The next hint of this step."""
        shown = self._shown.setdefault(self.index, _Shown())
        if not self.step.hints:
            raise CommandError("there is no hint for this step")
        text = self.step.hints[min(shown.hints, len(self.step.hints) - 1)]
        shown.hints += 1
        return text

    # Programs

    def program(self) -> Program | None:
        """The program of this step, to load into a debugger."""
        return build(self.lesson, self.lesson.programs[self.step.program]) if self.step.program else None

    def starting_code(self) -> str:
        """What the learner begins an exercise with."""
        if self.step.kind != "exercise":
            raise CommandError("this step is no exercise; `learn next` goes on")
        return self.lesson.programs[self.step.program]

    def solution(self) -> str:
        if self.step.kind != "exercise":
            raise CommandError("this step is no exercise")
        return self.lesson.programs[self.step.solution]

    def measured(self, name: str) -> Measurement:
        if name not in self._measured:
            self._measured[name] = measure(self.lesson, build(self.lesson, self.lesson.programs[name]))
        return self._measured[name]

    # Questions

    def right_answer(self) -> int | str:
        """The answer, measured on the machine."""
        step = self.step
        if step.kind != "question":
            raise CommandError("this step asks nothing; `learn next` goes on")
        if step.at:
            program = build(self.lesson, self.lesson.programs[step.program])
            return evaluate_at(self.lesson, program, step.at, step.measure)
        value = self.measured(step.program).value(step.measure)
        if step.minus:
            other = self.measured(step.minus).value(step.measure)
            assert isinstance(value, int) and isinstance(other, int)
            return value - other
        return value

    def answer(self, text: str) -> Feedback:
        """Compare an answer with the machine."""
        right = self.right_answer()
        if _equal(text, right, self.step.within):
            self._solve()
            said = [f"Right: {_number(right)}."]
            return Feedback(True, tuple(said + ([self.step.after] if self.step.after else [])))
        direction = ""
        given = _integer(text)
        if isinstance(right, int):
            if given is None:
                raise CommandError(f"{text!r}: the answer is a number")
            direction = " It is more." if given < right else " It is less."
        return Feedback(False, (f"No, not {text.strip()}.{direction}", *self._nudge()))

    def _nudge(self) -> tuple[str, ...]:
        return ("`hint` helps; the program is loaded: try it out.",) if self.step.hints else ()

    # Exercises

    def check(self, code: str, name: str = "") -> Feedback:
        """Run the learner's code; right result and few enough cycles pass."""
        step = self.step
        if step.kind != "exercise":
            raise CommandError("this step is no exercise; `learn next` goes on")
        try:
            program = build(self.lesson, code, name)
        except ProgramError as error:
            return Feedback(False, (f"It does not assemble: {error}",))
        try:
            mine = measure(self.lesson, program)
        except RunFailed as error:
            return Feedback(False, (f"It does not run to its end: {error}",), program=program)
        wrong = self._wrong(mine)
        if wrong:
            return Feedback(False, (wrong, f"({mine.cycles:,} cycles)"), mine, program)
        missing = [name for name in step.uses if not any(e.startswith(name) for e in mine.executed)]
        if missing:
            return Feedback(False, (f"Right result, but this is about {missing[0]}: use it.",), mine, program)
        said = [f"Right result in {mine.cycles:,} cycles; the goal is {step.limit:,}."]
        conflicts = step.conflicts is not None and mine.conflicts > step.conflicts
        if conflicts:
            said.append(f"{mine.conflicts:,} bank conflicts; at most {step.conflicts} are allowed.")
        if mine.cycles > step.limit or conflicts:
            return Feedback(False, (*said, *_losses(mine)), mine, program)
        self._solve()
        key = f"{self.lesson.id}:{self.index}"
        self.progress.best[key] = min(mine.cycles, self.progress.best.get(key, mine.cycles))
        self.progress.save()
        said.append(f"Solved. {step.after}".rstrip())
        return Feedback(True, tuple(said), mine, program)

    def _wrong(self, mine: Measurement) -> str:
        """How the result differs from the reference, or nothing."""
        right = self.measured(self.step.reference)
        for array in self.lesson.arrays:
            if not array.output:
                continue
            got, wanted = mine.outputs[array.name], right.outputs[array.name]
            size = max(array.bits // 8, 1)
            for k in range(0, len(wanted), size):
                if got[k : k + size] != wanted[k : k + size]:
                    one = int.from_bytes(got[k : k + size], "little", signed=array.signed)
                    other = int.from_bytes(wanted[k : k + size], "little", signed=array.signed)
                    return f"Wrong result: {array.name}[{k // size}] is {one}, it should be {other}."
        if not right.outputs and mine.result != right.result:
            return f"Wrong result: a0 is {mine.result}, it should be {right.result}."
        return ""

    def _solve(self) -> None:
        self.progress.solved.setdefault(self.lesson.id, set()).add(self.index)
        self.progress.save()


def finished(lesson: Lesson, progress: Progress) -> bool:
    """Whether all questions and exercises of a lesson are solved."""
    todo = {n for n, step in enumerate(lesson.steps) if step.kind != "text"}
    return todo <= progress.solved.get(lesson.id, set())


def _integer(text: str) -> int | None:
    try:
        return int(text.strip().replace(",", "").replace("_", ""), 0)
    except ValueError:
        return None


def _equal(text: str, right: int | str, within: float) -> bool:
    if isinstance(right, str):
        return text.strip().lower().replace(" ", "_").replace("-", "_") == right
    given = _integer(text)
    if given is None:
        return False
    return abs(given - right) <= within * abs(right) or (given - right) % (1 << 32) == 0


def _number(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) and abs(value) < 1 << 28 else str(value)


def _losses(mine: Measurement) -> list[str]:
    """The largest losses of hart 0, with advice."""
    ranked = sorted(((c, n) for c, n in mine.ledger.items() if c != "issue"), key=lambda item: -item[1])
    lines = [f"{mine.ledger.get('issue', 0):,} of the cycles executed an instruction."]
    for cause, cycles in ranked[:2]:
        advice = _ADVICE.get(cause, "")
        lines.append(f"{cycles:,} went to {cause}{f': {advice}' if advice else ''}.")
    return lines
