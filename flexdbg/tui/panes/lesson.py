"""The step of the lesson that is open: text, question or exercise, and its code."""

from typing import Any

from flexdbg.render.lesson import step_lines
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane, PaneKey
from flexdbg.tui.snapshot import Snapshot

__all__ = ["PANE"]


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> list[Line]:
    player = gathering.context.lesson
    if player is None:
        return []
    lesson, step = player.lesson, player.step
    code = lesson.programs[step.program] if step.program and step.kind != "question" else ""
    return step_lines(
        f"Lesson {lesson.number}: {lesson.title}",
        (player.index + 1, len(lesson.steps)),
        step.kind,
        step.text,
        solved=player.solved,
        commands=step.commands,
        code=code,
        width=max(width, 20),
    )


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """The step as text; the answer is typed on the command line."""
    if not part:
        return Drawing(
            [
                [("faint", "no lesson is open: `learn` lists them, `learn 1` begins the first")],
                [("faint", "`answer`, `hint`, `check` and `learn next` go on from there")],
            ]
        )
    return Drawing(list(part))


PANE = Pane(
    "lesson",
    "Lesson",
    '"',
    "The step of the open lesson; its questions are answered on the command line.",
    draw,
    gather,
    keys=(
        PaneKey("n", "next step", lambda options, snapshot: "learn next"),
        PaneKey("N", "step before", lambda options, snapshot: "learn back"),
        PaneKey("enter", "answer the question", lambda options, snapshot: "@type answer"),
    ),
)
