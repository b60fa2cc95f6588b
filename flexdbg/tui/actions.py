"""What the actions of the key table do to the screen; `ACTIONS` names them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flexdbg.errors import CommandError
from flexdbg.render.text import Line
from flexdbg.tui.keys import BINDINGS, shown
from flexdbg.tui.layout import size_class
from flexdbg.tui.themes import THEMES, style_of

if TYPE_CHECKING:
    from flexdbg.tui.app import Tui

__all__ = ["ACTIONS"]

Action = Callable[["Tui", str], None]
_ACTIONS: dict[str, Action] = {}
ACTIONS: Mapping[str, Action] = _ACTIONS


def _action(name: str) -> Callable[[Action], Action]:
    def register(function: Action) -> Action:
        _ACTIONS[name] = function
        return function

    return register


# Panes


@_action("show")
def _show(tui: "Tui", name: str) -> None:
    zoomed, tui.layout.zoomed = tui.layout.zoomed, False
    tui.layout.show(name)
    tui.layout.zoomed = zoomed
    tui.overlay = None
    tui.rearranged()


@_action("focus")
def _focus(tui: "Tui", step: str) -> None:
    tui.layout.cycle(int(step))
    tui.rearranged()


@_action("zoom")
def _zoom(tui: "Tui", _: str) -> None:
    tui.layout.zoomed = not tui.layout.zoomed
    tui.rearranged()


@_action("hide")
def _hide(tui: "Tui", _: str) -> None:
    if not tui.layout.hide():
        tui.say("the last pane stays", "faint")
    tui.rearranged()


@_action("reset-layout")
def _reset_layout(tui: "Tui", _: str) -> None:
    tui.layout = tui.preferences.reset(size_class(*tui.size))
    tui.rearranged()


@_action("resize")
def _resize(tui: "Tui", argument: str) -> None:
    direction, factor = argument.split()
    tui.layout.resize(direction == "across", float(factor))
    tui.rearranged()


@_action("scroll")
def _scroll(tui: "Tui", amount: str) -> None:
    _scroll_pane(tui, f"{tui.layout.focus} {amount}")


@_action("scroll-pane")
def _scroll_pane(tui: "Tui", argument: str) -> None:
    name, amount = argument.split()
    if tui.overlay is not None:
        title, lines, at = tui.overlay
        step = {"page": 10, "-page": -10, "top": -len(lines), "bottom": len(lines)}.get(amount)
        at = min(max(at + (int(amount) if step is None else step), 0), max(len(lines) - 5, 0))
        tui.overlay = (title, lines, at)
        return
    options, pane = tui.options[name], tui.panes[name]
    height = max(tui.pane_size(name)[1] - 2, 1)
    step = {"page": height, "-page": -height}.get(amount)
    if amount == "top" and not pane.follows_end:
        options.address = None
        options.reset_view()
    elif amount in ("top", "bottom"):
        far = 1 << 20
        options.scroll = far if (amount == "top") == pane.follows_end else 0
    else:
        move = int(amount) if step is None else step
        if pane.move is not None:
            pane.move(options, tui.snapshot, move)
        else:
            options.scroll = max(options.scroll + (-move if pane.follows_end else move), 0)
    tui.rearranged()


@_action("shift")
def _shift(tui: "Tui", amount: str) -> None:
    options, pane = tui.options[tui.layout.focus], tui.panes[tui.layout.focus]
    if pane.sideways is not None:
        pane.sideways(options, tui.snapshot, int(amount))
        tui.rearranged()
    else:
        options.shift = max(options.shift + int(amount), 0)


@_action("pane-key")
def _pane_key(tui: "Tui", argument: str) -> None:
    name, key = argument.split()
    pane = tui.panes[name]
    own = next(k for k in pane.keys if k.key == key)
    command = own.action(tui.options[name], tui.snapshot)
    tui.rearranged()
    if command:
        tui.perform(command)


# The machine


@_action("interrupt")
def _interrupt(tui: "Tui", _: str) -> None:
    if tui.engine.busy:
        tui.engine.interrupt()
    elif tui.typing and tui.command_text:
        tui.clear_command()
    elif tui.typing:
        tui.leave_command()
    else:
        tui.say("Ctrl-C stops a running machine; q quits", "faint")


@_action("hart")
def _hart(tui: "Tui", step: str) -> None:
    count = len(tui.snapshot.harts)
    tui.run_command(f"hart {(tui.snapshot.hart + int(step)) % count}")


@_action("locking")
def _locking(tui: "Tui", _: str) -> None:
    alone = tui.snapshot.locking == "off"
    tui.run_command(f"set scheduler-locking {'step' if alone else 'off'}")
    words = "stepping moves this hart alone, the others are frozen" if alone else "stepping moves all harts"
    tui.say(words)


def _marked(tui: "Tui", argument: str) -> int:
    if argument:
        return int(argument, 16)
    address = tui.options["code"].address
    return tui.snapshot.selected.pc if address is None else address


@_action("toggle")
def _toggle(tui: "Tui", argument: str) -> None:
    address = _marked(tui, argument)
    for breakpoint_ in tui.snapshot.breakpoints:
        if breakpoint_.kind == "breakpoint" and address in breakpoint_.addresses:
            tui.run_command(f"delete {breakpoint_.number}")
            return
    tui.run_command(f"break *0x{address:x}")


@_action("run-to")
def _run_to(tui: "Tui", argument: str) -> None:
    address = _marked(tui, argument)
    tui.options["code"].address = None
    tui.run_command(f"advance *0x{address:x}")


# Time


@_action("bookmark")
def _bookmark(tui: "Tui", _: str) -> None:
    timeline = tui.engine.session.timeline
    here = [name for name, at in tui.snapshot.bookmarks.items() if at == tui.snapshot.cycle]
    if not here:
        tui.run_command("bookmark")
        return
    tui.engine.submit(lambda: timeline.remove_bookmark(here[0]))
    tui.say(f"bookmark {here[0]} removed")


@_action("next-bookmark")
def _next_bookmark(tui: "Tui", _: str) -> None:
    marks = sorted(set(tui.snapshot.bookmarks.values()))
    if not marks:
        tui.say("no bookmarks: K sets one here", "faint")
        return
    later = [cycle for cycle in marks if cycle > tui.snapshot.cycle]
    tui.run_command(f"goto {later[0] if later else marks[0]}")


# The screen


@_action("type")
def _type(tui: "Tui", text: str) -> None:
    tui.overlay = None
    tui.enter_command(text + " ")


@_action("look")
def _look(tui: "Tui", address: str) -> None:
    options = tui.options["code"]
    options.address, options.expression = int(address, 16), ""
    tui.layout.show("code")
    tui.rearranged()


@_action("memory")
def _memory(tui: "Tui", expression: str) -> None:
    options = tui.options["memory"]
    options.reset_view()
    options.address, options.expression = None, expression
    tui.layout.show("memory")
    tui.rearranged()


@_action("save-screen")
def _save_screen(tui: "Tui", path: str) -> None:
    from flexdbg.tui.export import save_screen

    title = f"flexdbg {tui.snapshot.program}"
    save_screen(path, tui.screen_lines, style_of(tui.theme), tui.theme, title)
    tui.say(f"wrote {path}")


@_action("command")
def _command(tui: "Tui", _: str) -> None:
    tui.overlay = None
    tui.enter_command()


@_action("escape")
def _escape(tui: "Tui", _: str) -> None:
    if tui.overlay is not None:
        tui.overlay = None
    elif tui.layout.zoomed:
        tui.layout.zoomed = False
        tui.rearranged()


@_action("theme")
def _theme(tui: "Tui", name: str) -> None:
    names = list(THEMES)
    if name and name not in names:
        raise CommandError(f"no theme {name!r}: there are {', '.join(names)}")
    tui.theme = name or names[(names.index(tui.theme) + 1) % len(names)]
    tui.say(f"theme {tui.theme}")


@_action("redraw")
def _redraw(tui: "Tui", _: str) -> None:
    tui.app.renderer.clear()
    tui.rearranged()


@_action("quit")
def _quit(tui: "Tui", _: str) -> None:
    tui.quit()


@_action("ask")
def _ask(tui: "Tui", command: str) -> None:
    tui.run_command(command, typed=True)


@_action("explain")
def _explain(tui: "Tui", _: str) -> None:
    address = _marked(tui, "")
    tui.run_command(
        f"explain *0x{address:x}" if address != tui.snapshot.selected.pc else "explain", typed=True
    )


@_action("help")
def _help(tui: "Tui", _: str) -> None:
    tui.overlay = ("Keys", help_lines(tui), 0)


def help_lines(tui: "Tui") -> list[Line]:
    """The keys of the focused pane, those of all panes, then the others."""
    pane = tui.panes[tui.layout.focus]
    lines: list[Line] = [[("heading", f" {pane.title}: "), ("", pane.summary)], []]
    for own in pane.keys:
        lines.append([("key", f"   {shown(own.key):<16}"), ("", own.help)])
    if pane.keys:
        lines.append([])
    by_group: dict[str, list[Line]] = {}
    for binding in BINDINGS:
        keys = " ".join(shown(key) for key in binding.keys)
        row: Line = [("key", f"   {keys:<16}"), ("", binding.help)]
        by_group.setdefault(binding.group, []).append(row)
    for group, rows in by_group.items():
        lines += [[("heading", f" {group}")], *rows, []]
    lines.append([("heading", " One key a pane")])
    for other in tui.panes.values():
        lines.append([("key", f"   {other.key:<16}"), ("", f"{other.title}: "), ("faint", other.summary)])
    lines += [[], [("heading", " Mouse")]]
    lines += [[("key", f"   {what:<16}"), ("", does)] for what, does in _MOUSE]
    return lines


_MOUSE = (
    ("instruction", "explains it; its address: breakpoint on or off; a hart behind it: selects that hart"),
    ("register, memory", "tells which instruction wrote it last"),
    ("bank, timeline", "a cycle says why; the ruler goes there"),
    ("hart", "selects it"),
    ("bar of time", "goes there; the wheel moves by a cycle"),
    ("title", "brings a pane to the front; the wheel scrolls"),
)
