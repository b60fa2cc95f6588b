"""Every lesson solved by script: questions answered, exercises passed by their solution and by no less."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg import Cluster, Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import CommandError
from flexdbg.learn.lesson import find_lesson, lessons
from flexdbg.learn.player import Player
from flexdbg.learn.progress import Progress
from flexdbg.learn.workbench import build, lesson_config, measure
from flexdbg.render.text import plain

TOPICS = ("scalar", "loops", "simd", "formats", "mixed", "macload", "mlc", "tiling", "banks", "barriers")


@pytest.fixture
def progress(tmp_path: Path) -> Progress:
    return Progress(tmp_path / "learn.json")


def test_the_topics() -> None:
    assert tuple(lesson.id for lesson in lessons()) == TOPICS
    assert [lesson.number for lesson in lessons()] == list(range(1, 11))


@pytest.mark.parametrize("name", TOPICS)
def test_solved_by_script(name: str, progress: Progress) -> None:
    player = Player(find_lesson(name), progress)
    kinds = []
    while True:
        step = player.step
        kinds.append(step.kind)
        if step.kind == "question":
            right = player.right_answer()
            wrong = player.answer("none" if isinstance(right, str) else str(2 * right + 1000))
            assert not wrong.passed and not player.solved
            assert player.answer(str(right)).passed
            assert player.hint() == step.hints[0]
        elif step.kind == "exercise":
            assert not player.check(player.starting_code()).passed, step.text
            found = player.check(player.solution())
            assert found.passed and found.measured is not None, found.lines
            assert found.measured.cycles <= step.limit
            assert sum(found.measured.ledger.values()) == found.measured.cycles
            assert player.hint() == step.hints[0]
        assert player.solved
        if not player.move(1):
            break
    assert player.finished
    assert kinds[0] == "text" and "question" in kinds and "exercise" in kinds


def test_a_lesson_measures_what_the_reference_computes(progress: Progress) -> None:
    """The data and the result of lesson 3, computed here once more."""
    lesson = find_lesson("simd")
    program = build(lesson, lesson.programs["words"])
    data = {segment.address: segment.data for segment in program.segments[:2]}
    a, b = ([byte - 256 if byte > 127 else byte for byte in content] for content in data.values())
    assert len(a) == len(b) == 64 and min(a) < -100 and max(a) > 100
    assert measure(lesson, program).result == sum(x * y for x, y in zip(a, b, strict=True))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("kernel:\n  li a0, 5\n  ret\n", "Wrong result: a0 is 5, it should be "),
        ("kernel:\n  foo a0\n", "It does not assemble: mine.S:2: "),
        ("kernel:\n  j .\n", "did not return within"),
        ("kernel:\n  lui t0, 0x70000\n  lw a0, 0(t0)\n  nop\n  ret\n", "0x70000000"),
        ("kernel:\n  ebreak\n  ret\n", "ebreak at kernel"),
    ],
)
def test_programs_that_fail_are_told_why(progress: Progress, code: str, words: str) -> None:
    player = Player(find_lesson("scalar"), progress)
    assert player.move(3)
    found = player.check(code, "mine.S")
    assert not found.passed
    assert words in found.lines[0]


def test_code_without_a_kernel_is_refused(progress: Progress) -> None:
    player = Player(find_lesson("scalar"), progress)
    player.move(3)
    with pytest.raises(CommandError, match="needs a label `kernel:`"):
        player.check("nop\n")


def test_slow_code_is_told_where_its_cycles_went(progress: Progress) -> None:
    player = Player(find_lesson("scalar"), progress)
    player.move(3)
    found = player.check(player.starting_code())
    assert found.lines[0].startswith("Right result in 709 cycles; the goal is 650")
    assert any("went to load_use: an instruction uses" in line for line in found.lines)


def test_progress_is_kept_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "state" / "learn.json"
    player = Player(find_lesson("banks"), Progress.load(path))
    player.move(1)
    assert player.answer("0").passed
    again = Player.open("", Progress.load(path))
    assert (again.lesson.id, again.index, again.solved) == ("banks", 1, True)
    again.progress.reset("banks")
    assert Progress.load(path).solved == {}
    path.write_text("{not json")
    assert Progress.load(path).solved == {}


# At the prompt


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    lines: list[str] = []
    session = Session(Cluster(lesson_config()))
    interpreter = Interpreter(session, lambda emitted: lines.append(plain(emitted)))

    def run(*commands: str) -> str:
        lines.clear()
        for command in commands:
            interpreter.execute(command)
        return "\n".join(lines)

    return run


def test_a_lesson_at_the_prompt(typed: Callable[..., str], tmp_path: Path) -> None:
    assert "10  barriers" in typed("learn")
    shown = typed("learn 1")
    assert "Lesson 1: A scalar dot product   step 1 of 4" in shown
    assert "mul  t4, t2, t3" in shown
    assert "Loaded the program scalar" in shown
    assert "Thread 1 (hart 0) hit Breakpoint 1" in typed("break loop", "run")
    assert "step 2 of 4  question" in typed("learn next")
    assert "No, not 1. It is more." in typed("answer 1")
    assert "uses a register" in typed("hint")
    assert typed("answer 64").startswith("Right: 64.")
    assert "(solved)" in typed("learn show")
    typed("learn next", "learn next")
    assert "Wrote " in typed("learn edit")
    file = tmp_path / "flexdbg" / "lessons" / "scalar-4.S"
    assert "Right result in 709 cycles" in typed("check")
    file.write_text(typed("learn solution"))
    assert "Solved." in typed("check")
    assert "still open" in typed("learn next")
    typed("learn back", "answer 126", "learn next")
    assert "`learn 2` is the next one" in typed("learn next")
    assert "3/3" in typed("learn list")
    assert typed("learn reset") == "Forgot lesson scalar."


def test_a_lesson_has_source_lines(typed: Callable[..., str]) -> None:
    typed("learn 2")
    listed = typed("list kernel").splitlines()
    assert (listed[0], listed[5]) == ("1\tkernel:", "6\t    lb   t2, 0(a0)")
    assert "Breakpoint 1 at 0x1c00808c: file loops.S, line 6." in typed("break loops.S:5")
    assert "loop () at loops.S:6   [hart 0" in typed("run")
    assert "6>\t    lb   t2, 0(a0)" in typed("list")
    assert "loop () at loops.S:7" in typed("next")
    assert "loop () at loops.S:6" in typed("reverse-next")
    assert "in begin () at loops.S:" in typed("backtrace")
    assert 'Line 7 of "loops.S" starts at address 0x1c008090' in typed("info line loops.S:7")
    # Another program is another text.
    typed("learn load scalar")
    assert ">\t    csrr t0, mhartid" in typed("list")
    assert "lp.setup" not in typed("list kernel")


def test_code_can_be_typed(typed: Callable[..., str]) -> None:
    typed("learn scalar", "learn next", "learn next", "learn next")
    said = typed("code", "kernel:", "    li a0, 1", "    ret", "end")
    assert "Wrong result: a0 is 1" in said


def test_what_cannot_be_learned(typed: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="no lesson is open"):
        typed("answer 5")
    with pytest.raises(CommandError, match="no lesson 'simt'; did you mean simd"):
        typed("learn simt")
    with pytest.raises(CommandError, match="no lesson '77': 1 to 10"):
        typed("learn 77")
    typed("learn 1")
    with pytest.raises(CommandError, match="this is the first step"):
        typed("learn back")
    with pytest.raises(CommandError, match="asks nothing"):
        typed("answer 5")
    with pytest.raises(CommandError, match="no program 'x' in this lesson: there are scalar, filled"):
        typed("learn load x")
    typed("learn next")
    with pytest.raises(CommandError, match="the answer is a number"):
        typed("answer many")
