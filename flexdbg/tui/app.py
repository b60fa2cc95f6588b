"""The application: prompt_toolkit's loop, the keys, the command line, and the panes on one canvas."""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.containers import (
    ConditionalContainer,
    Float,
    FloatContainer,
    HSplit,
    VSplit,
    Window,
)
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.layout import Layout as ToolkitLayout
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.styles import DynamicStyle, Style
from prompt_toolkit.widgets import SearchToolbar

from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError
from flexdbg.render.text import Line
from flexdbg.repl.prompt import CommandCompleter, command_history
from flexdbg.tui import commands as _commands  # noqa: F401  (registers them)
from flexdbg.tui.actions import ACTIONS
from flexdbg.tui.canvas import Canvas
from flexdbg.tui.engine import Engine, Wanted
from flexdbg.tui.highlighting import CommandLexer
from flexdbg.tui.keys import BINDINGS
from flexdbg.tui.layout import Layout, size_class
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes import PANES
from flexdbg.tui.preferences import Preferences
from flexdbg.tui.screen import Region, Screen, View, compose, placed_panes
from flexdbg.tui.scrub import cycle_at
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.themes import style_of

__all__ = ["Tui", "run_tui"]


class Tui:
    """The state of the screen: what is shown where. It lives on the main thread; the machine does not."""

    def __init__(
        self,
        session: Session,
        *,
        title: str = "",
        input: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.panes = PANES
        self.options = {name: PaneOptions() for name in PANES}
        self.preferences = Preferences(set(PANES))
        self.theme = "none" if os.environ.get("NO_COLOR") else self.preferences.theme
        self.size = (0, 0)
        self.layout: Layout = self.preferences.layout("small")
        self.message: Line = []
        self.overlay: tuple[str, list[Line], int] | None = None
        self.asking: tuple[str, Callable[[], None]] | None = None
        self.typing = False
        self._version = 0
        self._pending: deque[str] = deque()
        self._answers: deque[tuple[str, Line, bool, list[Line]]] = deque()
        self._lesson_step: tuple[str, int] | None = None
        self._drawn: tuple[Any, ...] = ()
        self._screen = Screen([], [])
        self._wanted: list[Wanted] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.engine = Engine(session, lambda: self._wanted, self._machine_moved, title)
        self.engine.interpreter.context.screen = self
        self._buffer = Buffer(
            completer=CommandCompleter(self.engine.interpreter),
            history=command_history(),
            multiline=False,
            accept_handler=self._accept,
            complete_while_typing=False,
        )
        self.app: Application[None] = self._application(input, output)
        # How long an Esc may be the beginning of a longer key: enough over ssh, too short to be felt.
        self.app.ttimeoutlen = 0.08

    # Shape

    def _application(self, input: Input | None, output: Output | None) -> Application[None]:
        search = SearchToolbar(ignore_case=True)
        typing = Condition(lambda: self.typing)
        control = BufferControl(
            buffer=self._buffer, lexer=CommandLexer(), search_buffer_control=search.control
        )
        self._command_window = Window(control, height=1, wrap_lines=False)
        self._idle_window = Window(
            FormattedTextControl(self._idle_text, focusable=True, show_cursor=False), height=1
        )
        prompt = VSplit(
            [Window(FormattedTextControl(self._prompt_text), width=10, height=1), self._command_window]
        )
        root = HSplit(
            [
                Canvas(
                    self._lines,
                    self._mouse,
                    lambda: self.app.renderer.last_rendered_screen,
                    lambda: self._buffer.complete_state is not None,
                ),
                search,
                ConditionalContainer(prompt, typing),
                ConditionalContainer(self._idle_window, ~typing),
            ]
        )
        menu = Float(CompletionsMenu(max_height=12, scroll_offset=1), xcursor=True, ycursor=True)
        return Application(
            layout=ToolkitLayout(FloatContainer(root, [menu]), focused_element=self._idle_window),
            key_bindings=self._bindings(typing),
            style=DynamicStyle(self._style),
            full_screen=True,
            mouse_support=True,
            min_redraw_interval=0.01,
            input=input,
            output=output,
            color_depth=(lambda: ColorDepth.DEPTH_1_BIT if self.theme == "none" else None),
        )

    def _style(self) -> Style:
        styles = {name: style for name, style in style_of(self.theme).items() if name}
        return _style_for(tuple(styles.items()))

    def _prompt_text(self) -> StyleAndTextTuples:
        return [("class:prompt", "        > " if self.engine.interpreter.collecting else "(flexdbg) ")]

    def _idle_text(self) -> StyleAndTextTuples:
        if self.asking is not None:
            return [("class:warning", f"{self.asking[0]} (y or n) ")]
        return [("class:prompt", "(flexdbg) "), ("class:faint", "press : to type a command, ? for the keys")]

    # Drawing

    def _lines(self, width: int, height: int) -> list[Line]:
        if (width, height) != self.size:
            self._resized(width, height)
        snapshot = self.engine.snapshot
        key = (snapshot, width, height, self._version)
        if not self._drawn or any(a is not b and a != b for a, b in zip(key, self._drawn, strict=True)):
            self._screen = compose(snapshot, self._view(), width, height)
            self._drawn = key
        return self._screen.lines

    def _view(self) -> View:
        return View(
            self.panes,
            self.layout,
            self.options,
            self.message,
            self.overlay,
        )

    def _resized(self, width: int, height: int) -> None:
        self.size = (width, height)
        focus = self.layout.focus
        kind = size_class(width, height)
        layout = self.preferences.layout(kind)
        if layout is not self.layout:
            self.layout = layout
            self.layout.show(focus)
        self.rearranged()

    def rearranged(self) -> None:
        """The screen wants other things from the machine than before."""
        width, height = self.size
        if height > 0:
            harts = len(self.engine.snapshot.harts)
            self._wanted = [
                Wanted(self.panes[p.leaf.active], self.options[p.leaf.active], p.width, max(p.height - 1, 1))
                for p in placed_panes(self.layout, width, height, harts)
            ]
        self.engine.refresh()
        self.redraw()

    def redraw(self) -> None:
        self._version += 1
        self.app.invalidate()

    @property
    def screen_lines(self) -> list[Line]:
        """The screen as it stands, with the command line."""
        last: Line = [("prompt", "(flexdbg) "), ("", self._buffer.text)]
        return [*self._lines(*self.size), last]

    def pane_size(self, name: str) -> tuple[int, int]:
        """(width, height) of a pane's content, (0, 0) while it is not shown."""
        for wanted in self._wanted:
            if wanted.pane.name == name:
                return wanted.width, wanted.height
        return 0, 0

    # The machine

    @property
    def snapshot(self) -> Snapshot:
        return self.engine.snapshot

    def _machine_moved(self) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._after_move)

    def _after_move(self) -> None:
        if self.engine.failure is not None:
            self.app.exit(exception=self.engine.failure)
            return
        while self._answers:
            self._answered(*self._answers.popleft())
        while self._pending:
            self.perform(self._pending.popleft())
        self.redraw()

    def run_command(self, line: str, *, typed: bool = False) -> None:
        """Carry out a command line on the machine's thread. A long answer covers the panes until Esc."""
        if self.engine.occupied:
            self.say("the machine is running: Ctrl-C stops it", "warning")
            return
        self.message = []
        self.overlay = None
        self.options["console"].scroll = 0
        engine = self.engine
        transcript = engine.transcript

        def job() -> None:
            before = transcript.emitted
            error = engine.execute(line)
            grown = transcript.emitted - before - 1  # without the line that repeats the command
            answer = list(transcript.log)[-grown:] if grown > 0 else []
            self._answers.append((line, error, typed, answer))

        engine.submit(job, hasty=not typed and engine.busy)
        self.redraw()

    def _answered(self, line: str, error: Line, typed: bool, answer: list[Line]) -> None:
        if error:
            self.message = [("", " "), *error]
        elif len(answer) == 1:
            self.message = [("", " "), *answer[0]]
        player = self.engine.interpreter.context.lesson
        step = (player.lesson.id, player.index) if player is not None else None
        if step != self._lesson_step and step is not None:
            self.layout.show("lesson")
        elif typed and len(answer) > max(self.pane_size("console")[1], 1):
            self.overlay = (line, answer, 0)
        self._lesson_step = step
        if self.engine.interpreter.context.wants_to_quit:
            self.engine.interpreter.context.wants_to_quit = False
            self.quit()
        self.rearranged()

    def perform(self, action: str) -> None:
        """An action of the key table: @name arguments acts on the screen, the rest is a command."""
        if not action.startswith("@"):
            self.run_command(action)
            return
        name, _, argument = action[1:].partition(" ")
        self.message = []
        try:
            ACTIONS[name](self, argument.strip())
        except FlexdbgError as error:
            self.say(str(error), "error")
        self.redraw()

    def later(self, action: str) -> None:
        """Perform an action from the machine's thread, once the picture after its command is there."""
        self._pending.append(action)

    def say(self, text: str, style: str = "") -> None:
        self.message = [(style, f" {text}")]
        self.redraw()

    # Keys

    def _bindings(self, typing: Condition) -> KeyBindings:
        bindings = KeyBindings()
        idle = ~typing
        asking = Condition(lambda: self.asking is not None)
        free = idle & ~asking

        def bind(key: str, action: str, where: Any) -> None:
            @bindings.add(" " if key == "space" else key, filter=where, eager=key == "escape")
            def _(event: KeyPressEvent) -> None:
                self.perform(action)

        for binding in BINDINGS:
            for key in binding.keys:
                bind(key, binding.action, (~asking) if binding.everywhere else free)
        for name, pane in self.panes.items():
            bind(pane.key, f"@show {name}", free)
            for own in pane.keys:
                bind(own.key, f"@pane-key {name} {own.key}", free & self._focused(name))

        @bindings.add(Keys.SIGINT)
        def _(event: KeyPressEvent) -> None:
            self.perform("@interrupt")

        @bindings.add("escape", filter=typing, eager=True)
        def _(event: KeyPressEvent) -> None:
            self.leave_command()

        @bindings.add("c-d", filter=typing & Condition(lambda: not self._buffer.text))
        def _(event: KeyPressEvent) -> None:
            self.leave_command()

        @bindings.add(Keys.Any, filter=asking)
        def _(event: KeyPressEvent) -> None:
            question, self.asking = self.asking, None
            if event.data in ("y", "Y") and question is not None:
                question[1]()
            self.redraw()

        @bindings.add(Keys.Any, filter=free)
        def _(event: KeyPressEvent) -> None:
            if event.data.isprintable():
                self.say(f"{event.data} is no key here; ? shows the keys", "faint")

        @bindings.add(Keys.BracketedPaste, filter=free)
        def _(event: KeyPressEvent) -> None:
            self.enter_command(event.data.splitlines()[0] if event.data else "")

        return bindings

    def _focused(self, name: str) -> Condition:
        return Condition(lambda: self.layout.focus == name and self.overlay is None)

    def enter_command(self, text: str = "") -> None:
        self.typing = True
        self._buffer.text = text
        self._buffer.cursor_position = len(text)
        self.app.layout.focus(self._command_window)
        self.redraw()

    def leave_command(self) -> None:
        self._buffer.reset()
        self.engine.interpreter.abandon()
        self.typing = False
        self.app.layout.focus(self._idle_window)
        self.redraw()

    @property
    def command_text(self) -> str:
        return self._buffer.text

    def clear_command(self) -> None:
        self._buffer.reset()

    def _accept(self, buffer: Buffer) -> bool:
        """Enter on the command line: it stays open for the next command; an empty one closes it."""
        collecting = self.engine.interpreter.collecting
        if not buffer.text.strip() and not collecting:
            self.leave_command()
            return False
        busy = self.engine.occupied
        self.run_command(buffer.text if collecting else buffer.text.lstrip(" :"), typed=True)
        return busy  # keeps the text

    # Mouse

    def _mouse(self, x: int, y: int, event: MouseEvent) -> object:
        region = next((r for r in reversed(self._screen.regions) if r.holds(x, y)), None)
        if region is None:
            return None
        if event.event_type in (MouseEventType.SCROLL_UP, MouseEventType.SCROLL_DOWN):
            step = -3 if event.event_type is MouseEventType.SCROLL_UP else 3
            if region.kind in ("pane", "title"):
                self.perform(f"@scroll-pane {region.name} {step}")
            elif region.kind == "sheet":
                self.perform(f"@scroll {step}")
            elif region.kind == "time":
                self.perform("reverse-cycle" if step < 0 else "cycle")
            return None
        if event.event_type is MouseEventType.MOUSE_DOWN and event.button is MouseButton.LEFT:
            self._click(region, x, y)
            return None
        return NotImplemented

    def _click(self, region: Region, x: int, y: int) -> None:
        if region.kind == "time":
            cycle = cycle_at(self.snapshot, self.size[0], x)
            self.run_command(f"goto {cycle}")
        elif region.kind == "strip":
            harts = self.snapshot.harts
            per_row = -(-len(harts) // region.height)
            index = (y - region.y) * per_row + x // max(region.width // per_row, 1)
            if index < len(harts):
                self.run_command(f"hart {index}")
        elif region.kind == "title":
            self.perform(f"@show {region.name}")
        elif region.kind == "pane":
            if self.layout.focus != region.name:
                self.perform(f"@show {region.name}")
            action = region.action(y - region.y, x - region.x)
            if action is not None:
                self.perform(action)

    # Life

    def quit(self) -> None:
        """Leave; ask where something would be lost."""
        context = self.engine.interpreter.context
        lost = []
        if self.engine.busy:
            lost.append("the running machine")
        for number, what in (
            (len(context.session.breakpoints), "breakpoint"),
            (len(context.displays), "watched expression"),
            (len(self.snapshot.bookmarks), "bookmark"),
            (len(context.checkpoints), "checkpoint"),
        ):
            if number:
                lost.append(f"{number} {what}{'s' if number > 1 else ''}")
        if lost and context.settings.confirm:
            if self.typing:
                self.leave_command()
            self.asking = (f"Quit and lose {', '.join(lost)}?", self.app.exit)
            self.redraw()
        else:
            self.app.exit()

    def run(self, first: Sequence[str] = (), init: Sequence[str] = ()) -> None:
        """Until the user quits. Commands are run before: `init`, then `first`, whose last answer is shown."""

        def before() -> None:
            for line in (*init, *first[:-1]):
                self.engine.execute(line)

        def started() -> None:
            self._loop = asyncio.get_running_loop()
            if init or first[:-1]:
                self.engine.submit(before)
            if first:
                self.run_command(first[-1], typed=True)

        try:
            self.app.run(pre_run=started)
        finally:
            self.engine.close()
            if not os.environ.get("NO_COLOR"):
                self.preferences.theme = self.theme
            self.preferences.save()


def run_tui(session: Session, first: Sequence[str] = (), *, init: Sequence[str] = (), title: str = "") -> int:
    """Open the screen on a session and run commands: `init`, then `first`; returns the exit status.

    `title` is what the user calls the program.
    """
    Tui(session, title=title).run(first, init)
    return 0


_STYLES: dict[tuple[tuple[str, str], ...], Style] = {}


def _style_for(items: tuple[tuple[str, str], ...]) -> Style:
    if items not in _STYLES:
        extra = {
            "completion-menu": "bg:#303030 #d0d0d0",
            "completion-menu.completion.current": "bg:#87afd7 #000000",
        }
        _STYLES[items] = Style.from_dict({**extra, **dict(items)})
    return _STYLES[items]
