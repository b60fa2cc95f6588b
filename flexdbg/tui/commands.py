"""Commands that only make sense on the full screen."""

from typing import TYPE_CHECKING

from flexdbg.commands.context import Context
from flexdbg.commands.registry import command
from flexdbg.errors import CommandError, did_you_mean
from flexdbg.tui.panes import PANES
from flexdbg.tui.themes import THEMES

if TYPE_CHECKING:
    from flexdbg.tui.app import Tui

__all__: list[str] = []

_CATEGORY = "session"


def _screen(context: Context) -> "Tui":
    if context.screen is None:
        raise CommandError("this command needs the full screen: `flexdbg PROGRAM` on a terminal")
    return context.screen  # type: ignore[return-value]


@command(
    "save-screen",
    category=_CATEGORY,
    usage="save-screen FILE.svg | FILE.html | FILE.txt",
    examples=("save-screen conflict.svg",),
    complete="file",
)
def save_screen(context: Context, argument: str) -> None:
    """Write the screen as it stands to a picture, a page or plain text."""
    screen = _screen(context)
    if not argument.lower().endswith((".svg", ".html", ".txt")):
        raise CommandError(f"save-screen {argument or '?'}: the name must end in .svg, .html or .txt")
    screen.later(f"@save-screen {argument}")


@command("theme", category=_CATEGORY, usage="theme [NAME]", examples=("theme light", "theme safe"))
def theme(context: Context, argument: str) -> None:
    """Choose the colours: dark, light, safe (for all kinds of colour vision) or none."""
    screen = _screen(context)
    if not argument:
        context.say(f"theme {screen.theme}; there are {', '.join(THEMES)}")
        return
    if argument not in THEMES:
        raise CommandError(f"no theme {argument!r}{did_you_mean(argument, THEMES)}")
    screen.later(f"@theme {argument}")


@command("pane", category=_CATEGORY, usage="pane [NAME]", examples=("pane banks",))
def pane(context: Context, argument: str) -> None:
    """Bring a pane to the front; without a name list them with their keys."""
    screen = _screen(context)
    if not argument:
        for one in PANES.values():
            context.say(f"{one.key}  {one.name:<10} {one.summary}")
        return
    if argument not in PANES:
        raise CommandError(f"no pane {argument!r}{did_you_mean(argument, PANES)}")
    screen.later(f"@show {argument}")


@command(
    "memory",
    category=_CATEGORY,
    usage="memory EXPRESSION | TENSOR",
    examples=("memory workload_input", "memory $a_addr", "memory act"),
    complete="expression",
)
def memory(context: Context, argument: str) -> None:
    """Show a place or a tensor in the memory pane; an expression such as $a_addr is followed."""
    screen = _screen(context)
    if argument and argument not in context.tensors:
        context.session.address_of(argument)
    screen.later(f"@memory {argument}")
