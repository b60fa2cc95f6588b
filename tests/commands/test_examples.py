"""Every example of every help page, each in a session of its own on a bundled program."""

from pathlib import Path

import pytest

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.catalog import bundled_program
from flexdbg.commands.interpreter import Interpreter
from flexdbg.commands.registry import commands, infos, load_all
from flexdbg.errors import FlexdbgError
from flexdbg.learn.workbench import lesson_config
from flexdbg.machine.loader import load_program
from flexdbg.render.text import plain

load_all()
EXAMPLES = {example: found for found in (*commands, *infos) for example in found.examples}

# Hart 1 stands behind the Mac&Load loop of `dotp`, in main.
STOP = ("break dotp.c:59", "run")
BREAKPOINTS = ("break main", "break run", "break barrier")  # 2 to 4
DEEP = ("tbreak dotp_scalar", "run")
LESSON = ("learn 1",)
CAUSE = ("learn banks", "learn next", "learn next")  # a question for the cause of a stall
EXERCISE = ("learn 1", "learn next", "learn next", "learn next")

# What an example speaks of and a fresh session has not.
BEFORE = {
    "d 2-4": BREAKPOINTS,
    "clear main": BREAKPOINTS,
    "condition 2 $a0 == 5": BREAKPOINTS,
    "condition 2": ("break main if $a0 == 5",),
    "ignore 2 10": BREAKPOINTS,
    "l -": ("list dotp.c:50",),
    "x/s name": ("tbreak run", "run"),
    "frame 1": DEEP,
    "up": DEEP,
    "up 2": DEEP,
    "down": (*DEEP, "up"),
    "finish": DEEP,
    "loop_break": ("while 1",),
    "loop_continue": ("set $turn = 0", "while $turn < 2", "set $turn = $turn + 1"),
    "goto before-the-crash": ("bookmark before-the-crash",),
    "document show2": ("define show2", "print 2", "end"),
    "undo": ("set $a0 = 5",),
    "restart 1": ("checkpoint",),
    "tensor act": ("tensor act uint8[8][8] at operands",),
    "learn next": LESSON,
    "learn edit": EXERCISE,
    "learn load words": ("learn 3",),
    "answer 64": (*LESSON, "learn next"),
    "answer bank_conflict": CAUSE,
    "hint": (*LESSON, "learn next"),
    "check": (*EXERCISE, "learn edit"),
    "check mine.S": EXERCISE,
    "code": EXERCISE,
}
# Lines of a block that needs some.
WITHIN = {"while $t0 > 0": ("set $t0 = 0",), "code": ("kernel:", "ret")}


@pytest.fixture(scope="module")
def path() -> Path:
    return bundled_program("dotp").path


@pytest.fixture
def files(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "kernel.elf").write_bytes(path.read_bytes())
    (tmp_path / "setup.gdb").write_text("print 1\n")
    (tmp_path / "mine.S").write_text("kernel: ret\n")


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: str, path: Path, files: None) -> None:
    lesson = EXAMPLES[example].category == "learning"
    session = Session(Cluster(lesson_config() if lesson else ClusterConfig()), load_program(path))
    shown: list[str] = []
    interpreter = Interpreter(session, lambda lines: shown.append(plain(lines)))
    for line in (*STOP, *BEFORE.get(example, ())):
        interpreter.execute(line)
    try:
        interpreter.execute(example)
        for line in WITHIN.get(example, ()):
            interpreter.execute(line)
        while interpreter.collecting:
            interpreter.execute("end")
    except FlexdbgError as error:
        pytest.fail(f"{EXAMPLES[example].name}: `{example}` says: {error}")


def test_every_preparation_is_for_an_example() -> None:
    assert not BEFORE.keys() - EXAMPLES.keys()
