"""The one table of keys: what each does, in which words help shows it, and the command it stands for.

An action that starts with @ acts on the screen; anything else is a command line. Where a key moves time, its
shifted form moves back.
"""

from dataclasses import dataclass

__all__ = ["BINDINGS", "Binding", "shown"]


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys in prompt_toolkit's names; `everywhere` ones work while typing a command, too."""

    keys: tuple[str, ...]
    action: str
    help: str
    group: str
    everywhere: bool = False


def _b(keys: str, action: str, help_: str, group: str, *, everywhere: bool = False) -> Binding:
    return Binding(tuple(keys.split()), action, help_, group, everywhere)


_MOVE = "Move through time (shifted: backwards)"
_HARTS = "Harts and breakpoints"
_PANES = "Panes"
_ASK = "Ask"
_OTHER = "Screen"

BINDINGS: tuple[Binding, ...] = (
    _b("i space", "stepi", "one instruction", _MOVE),
    _b("I", "reverse-stepi", "back one instruction", _MOVE),
    _b("o", "nexti", "one instruction, over calls", _MOVE),
    _b("O", "reverse-nexti", "back one instruction, over calls", _MOVE),
    _b("s", "step", "one source line", _MOVE),
    _b("S", "reverse-step", "back one source line", _MOVE),
    _b("n", "next", "one source line, over calls", _MOVE),
    _b("N", "reverse-next", "back one source line, over calls", _MOVE),
    _b("f", "finish", "out of the function", _MOVE),
    _b("F", "reverse-finish", "back to the call of the function", _MOVE),
    _b("u", "until", "until behind the loop", _MOVE),
    _b("y .", "cycle", "one cycle, all harts", _MOVE),
    _b("Y ,", "reverse-cycle", "back one cycle", _MOVE),
    _b("c", "continue", "run until something stops it", _MOVE),
    _b("C", "reverse-continue", "run back until something stops it", _MOVE),
    _b("b", "step-to barrier", "to the next barrier that a hart leaves", _MOVE),
    _b("B", "reverse-step-to barrier", "back to the barrier before", _MOVE),
    _b("x", "step-to conflict", "to the next lost bank", _MOVE),
    _b("X", "reverse-step-to conflict", "back to the lost bank before", _MOVE),
    _b("p", "step-to stall", "to the next stall", _MOVE),
    _b("P", "reverse-step-to stall", "back to the stall before", _MOVE),
    _b("r", "step-to nn-write", "to the next write of an NN register", _MOVE),
    _b("R", "reverse-step-to nn-write", "back to the write before", _MOVE),
    _b("m", "step-to mlc-wrap", "to the next rollback of an address walker", _MOVE),
    _b("M", "reverse-step-to mlc-wrap", "back to the rollback before", _MOVE),
    _b("f5", "continue", "run", _MOVE, everywhere=True),
    _b("f7", "stepi", "one instruction", _MOVE, everywhere=True),
    _b("f8", "nexti", "one instruction, over calls", _MOVE, everywhere=True),
    _b("f10", "next", "one source line, over calls", _MOVE, everywhere=True),
    _b("f11", "step", "one source line", _MOVE, everywhere=True),
    _b("f12", "finish", "out of the function", _MOVE, everywhere=True),
    _b("c-c", "@interrupt", "stop the running machine", _MOVE, everywhere=True),
    _b("[", "@hart -1", "previous hart", _HARTS),
    _b("]", "@hart 1", "next hart", _HARTS),
    _b("a", "@locking", "step one hart alone, or all together", _HARTS),
    _b("f9", "@toggle", "breakpoint at the marked line on or off", _HARTS, everywhere=True),
    _b("w", "@ask why", "what the hart did in the last cycle, or why nothing", _ASK),
    _b("W", "@type last-write", "who wrote a place or register", _ASK),
    _b("e", "@explain", "explain the instruction", _ASK),
    _b("?", "@help", "keys, those of the focused pane first", _ASK),
    _b("f1", "@help", "keys", _ASK, everywhere=True),
    _b(": /", "@command", "type a command; Esc leaves the line", _ASK),
    _b("tab", "@focus 1", "next pane", _PANES),
    _b("s-tab", "@focus -1", "previous pane", _PANES),
    _b("z", "@zoom", "focused pane alone, and back", _PANES),
    _b("v", "@hide", "hide the focused pane; its key shows it again", _PANES),
    _b("V", "@reset-layout", "the layout to start with", _PANES),
    _b("< c-left", "@resize across 0.87", "narrower", _PANES),
    _b("> c-right", "@resize across 1.15", "wider", _PANES),
    _b("{ c-up", "@resize down 0.87", "lower", _PANES),
    _b("} c-down", "@resize down 1.15", "higher", _PANES),
    _b("j down", "@scroll 1", "scroll down", _PANES),
    _b("k up", "@scroll -1", "scroll up", _PANES),
    _b("h left", "@shift -8", "scroll left", _PANES),
    _b("l right", "@shift 8", "scroll right", _PANES),
    _b("pagedown", "@scroll page", "one page down", _PANES, everywhere=True),
    _b("pageup", "@scroll -page", "one page up", _PANES, everywhere=True),
    _b("g home", "@scroll top", "to the top; in code, back to the pc", _PANES),
    _b("G end", "@scroll bottom", "to the end", _PANES),
    _b("K", "@bookmark", "bookmark this cycle", _OTHER),
    _b("'", "@next-bookmark", "go to the next bookmark", _OTHER),
    _b("T", "@theme", "next theme", _OTHER),
    _b("c-l", "@redraw", "draw everything anew", _OTHER, everywhere=True),
    _b("escape", "@escape", "close, return", _OTHER),
    _b("q", "@quit", "quit", _OTHER),
)

_NAMES = {
    "space": "Space",
    "tab": "Tab",
    "s-tab": "Shift-Tab",
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "enter": "Enter",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
}


def shown(key: str) -> str:
    """A key as people write it."""
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("c-"):
        return f"Ctrl-{_NAMES.get(key[2:], key[2:].upper())}"
    if key[0] == "f" and key[1:].isdigit():
        return key.upper()
    return key
