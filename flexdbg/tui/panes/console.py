"""What the program printed, and what commands answered."""

from typing import Any

from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import wrap, wrap_line
from flexdbg.tui.themes import hart_style

__all__ = ["CONSOLE", "OUTPUT"]

_SHOWN = 1000  # lines that can be scrolled to


def gather_output(
    gathering: Gathering, options: PaneOptions, width: int, height: int
) -> list[tuple[int, str]]:
    transcript = gathering.transcript
    return [*list(transcript.output)[-_SHOWN:], *transcript.open_lines()]


def draw_output(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Lines of the program, each with the hart that printed it."""
    if not part:
        return Drawing([[("faint", "the program has printed nothing yet")]])
    lines: list[Line] = []
    for hart, text in part:
        name = "fc" if hart == snapshot.cluster_harts else str(hart)
        for number, piece in enumerate(wrap(text, width - 4)):
            lead = f"{name:>2} │" if not number else "   │"
            lines.append([(hart_style(hart), lead), ("", piece)])
    return Drawing(lines)


def gather_console(gathering: Gathering, options: PaneOptions, width: int, height: int) -> list[Line]:
    return list(gathering.transcript.log)[-_SHOWN:]


def draw_console(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """The commands and their answers."""
    if not part:
        return Drawing([[("faint", "answers of commands appear here; press : to type one")]])
    lines: list[Line] = []
    for line in part:
        lines += wrap_line(line, width)
    return Drawing(lines)


OUTPUT = Pane(
    "output",
    "Output",
    "9",
    "What the program printed, and which hart printed it.",
    draw_output,
    gather_output,
    follows_end=True,
)
CONSOLE = Pane(
    "console",
    "Console",
    ";",
    "Commands and their answers.",
    draw_console,
    gather_console,
    follows_end=True,
)
