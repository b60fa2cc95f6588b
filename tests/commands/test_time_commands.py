"""The commands of time travel: what they print, and one clear message where they cannot be carried out."""

from __future__ import annotations

import pytest

from flexdbg.catalog import bundled_program
from flexdbg.commands.interpreter import Interpreter
from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.machine.loader import load_program


class Typist:
    def __init__(self) -> None:
        program = load_program(bundled_program("matmul-a4w2").path)
        self.lines: list[str] = []
        self.session = Session(Cluster(load_config()), program)
        self.interpreter = Interpreter(self.session, self._emit)

    def _emit(self, lines: list[list[tuple[str, str]]]) -> None:
        self.lines += ["".join(text for _, text in line) for line in lines]

    def __call__(self, *commands: str) -> str:
        self.lines.clear()
        for command in commands:
            self.interpreter.execute(command)
        return "\n".join(self.lines)


@pytest.fixture
def typed() -> Typist:
    return Typist()


def test_the_tour_of_the_documentation(typed: Typist) -> None:
    typed("tbreak measure thread 3", "run")
    assert "Hardware watchpoint 2: output" in typed("watch output")
    text = typed("reverse-continue")
    assert "Thread 3 (hart 2) hit watchpoint 2: output" in text
    assert "Old value = 0 (0x0)\nNew value = 70 (0x46)" in text and "cycle 31,547" in text
    assert "31,544  hart 2  0x100063bc  0x0 -> 0x0" in typed("last-write output")
    assert typed("history $nn_w0 3").count("hart 2  $nn_w0") == 3
    assert typed("bookmark before") == "Bookmark before at cycle 31,547."
    typed("delete 2")
    assert "refused at" in typed("reverse-step-to conflict")
    assert "cycle 31,547" in typed("goto before")
    assert typed("when") == "Cycle 31,547 of 0 to 31,582, 35 recorded cycles ahead."
    assert "before" in typed("info bookmarks")
    typed("delete bookmark before")
    assert typed("info bookmarks") == "No bookmarks."
    assert "cycles 31,548 to 31,582 are forgotten" in typed("set $a5 = 1")
    assert typed("set $a5 = 2") == ""
    assert "cycle 31,537" in typed("goto -10")
    assert "cycle 31,547" in typed("goto end")
    assert "No more history" in typed("goto 5", "rcy 6")
    assert "512" in typed("info history")


def test_events_by_name(typed: Typist) -> None:
    typed("tbreak matmul_4x4_a4w2 thread 2", "run")
    assert typed("break conflict bank==3") == "Event breakpoint 2: conflict bank==3"
    assert "hit event breakpoint 2: conflict bank==3: refused at 0x1000" in typed("continue")
    assert "event" in typed("info breakpoints")
    typed("delete")
    assert "hit watchpoint 3: $nn_w0" in typed("watch $nn_w0 thread 4", "continue")
    typed("delete")
    text = typed("break if $a0 > 5 && hart == 2", "continue")
    assert "Thread 3 (hart 2) hit event breakpoint 4: every instruction" in text
    typed("delete")
    assert "rolls back" in typed("step-to mlc-wrap")
    assert "query" in typed("help query")
    assert typed("query executions of matmul_4x4_a4w2 between start and end by hart 1").count("hart 1") == 2
    assert "No writes" in typed("query writes of output between 0 and 100")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("goto nowhere", "nowhere"),
        ("bookmark start", "means the start of the history already"),
        ("bookmark 1x", "a name is letters"),
        ("delete bookmark none", "No bookmark 'none'"),
        ("break conflict bank==99", "N from 0 to 15"),
        ("break stall lode_use", "did you mean load_use"),
        ("break csr", "expected the name of a CSR"),
        ("break csr simd_fmd", "no CSR 'simd_fmd'"),
        ("break mlc-wrap x", "expected a or w"),
        ("break clip now", "unexpected 'now'"),
        ("step-to somewhere", "events are conflict, stall"),
        ("watch $pccr0", "it counts by itself"),
        ("rwatch $pc", "every instruction has one"),
        ("last-write", "a place or register is missing"),
        ("last-read $a_count", "no instruction names it"),
        ("last-write output before 10", "no write of output"),
        ("history", "a register or place is missing"),
        ("query nothing", "expected writes|reads|executions"),
        ("query executions of main by dma", "the DMA executes nothing"),
        ("query writes of output by hart 77", "no hart 77"),
        ("reverse-finish", "outermost"),
    ],
)
def test_one_clear_message(typed: Typist, command: str, message: str) -> None:
    with pytest.raises(FlexdbgError) as caught:
        typed(command)
    assert message in str(caught.value)
