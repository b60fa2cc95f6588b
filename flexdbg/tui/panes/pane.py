"""A pane: what it asks of the machine, and how it draws that."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flexdbg.commands.context import Context
from flexdbg.debug.session import Session
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.recent import Recent
from flexdbg.tui.samples import Samples
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.transcript import Transcript

__all__ = ["Drawing", "Gathering", "Pane", "PaneKey"]


@dataclass(slots=True)
class Gathering:
    """What a pane may look at while the machine stands still, on the thread that drives it."""

    session: Session
    context: Context
    snapshot: Snapshot  # without parts
    recent: Recent
    samples: Samples
    transcript: Transcript
    marks: dict[str, Any]  # what panes keep between stops, such as the start of a heat map


@dataclass(slots=True)
class Drawing:
    """The content of a pane. Lines may be longer or more than the pane has room for."""

    lines: list[Line]
    heading: Line = field(default_factory=list)  # behind the title
    clicks: dict[int, str] = field(default_factory=dict)  # line -> action that a click anywhere in it runs
    at: Callable[[int, int], str | None] | None = None  # (line, column) -> action of a click, goes first
    fixed: int = 0  # lines at the top that do not scroll
    cursor: int | None = None  # line to keep in view


@dataclass(frozen=True, slots=True)
class PaneKey:
    """A key that acts on one pane: it changes the options, or gives a command to run."""

    key: str
    help: str
    action: Callable[[PaneOptions, Snapshot], str | None]


@dataclass(frozen=True, slots=True)
class Pane:
    """`gather` runs on the machine's thread; `draw` is a pure function of its arguments.

    draw(snapshot, part, width, height, options): `part` is what `gather` returned, None before the first.
    """

    name: str
    title: str
    key: str
    summary: str
    draw: Callable[[Snapshot, Any, int, int, PaneOptions], Drawing]
    gather: Callable[[Gathering, PaneOptions, int, int], Any] | None = None  # ..., width, height
    keys: Sequence[PaneKey] = ()
    follows_end: bool = False  # shows its last lines unless scrolled up
    # How the pane scrolls where a line number will not do: (options, snapshot, lines or columns).
    move: Callable[[PaneOptions, Snapshot, int], None] | None = None
    sideways: Callable[[PaneOptions, Snapshot, int], None] | None = None
    while_running: bool = True  # gathers while the machine runs, too
