"""The prompt_toolkit container that shows finished lines: it writes cells, and lays nothing out."""

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from prompt_toolkit.layout.containers import Container
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.layout.screen import Char, Screen, WritePosition
from prompt_toolkit.mouse_events import MouseEvent

from flexdbg.render.text import Line
from flexdbg.tui.text import cells

__all__ = ["Canvas"]

_BLANK = Char(" ", "")


class _Row(defaultdict[int, Char]):
    """The cells of one row. While `unchanged`, it says to have no more than its first cell.

    The renderer walks over all cells of the old and of the new row to find what differs. Where both are this
    very object nothing can differ, and a screen of mostly unchanged rows costs next to nothing.
    """

    unchanged = False

    def items(self) -> Any:
        return ((0, self[0]),) if self.unchanged else super().items()

    def keys(self) -> Any:
        return (0,) if self.unchanged else super().keys()


class Canvas(Container):
    """`lines(width, height)` gives the rows; `covered()` says whether menus are drawn over them.

    `last()` is the screen that the terminal shows now, None if that is not known.
    """

    def __init__(
        self,
        lines: Callable[[int, int], list[Line]],
        mouse: Callable[[int, int, MouseEvent], object],
        last: Callable[[], Screen | None],
        covered: Callable[[], bool],
    ) -> None:
        self._lines = lines
        self._mouse = mouse
        self._last = last
        self._covered = covered
        self._rows: dict[int, tuple[Line, _Row]] = {}

    def reset(self) -> None:
        self._rows.clear()

    def preferred_width(self, max_available_width: int) -> Dimension:
        return Dimension()

    def preferred_height(self, width: int, max_available_height: int) -> Dimension:
        return Dimension()

    def write_to_screen(
        self,
        screen: Screen,
        mouse_handlers: MouseHandlers,
        write_position: WritePosition,
        parent_style: str,
        erase_bg: bool,
        z_index: int | None,
    ) -> None:
        position = write_position
        last, covered = self._last(), self._covered()
        for y, line in enumerate(self._lines(position.width, position.height), position.ypos):
            row = self._row(y, line)
            shown = last.data_buffer[y] if last is not None else None
            if isinstance(shown, _Row):
                shown.unchanged = False
            row.unchanged = row is shown and not covered
            # A copy where menus write into the row.
            screen.data_buffer[y] = row.copy() if covered else row
        screen.width = max(screen.width, position.xpos + position.width)
        screen.height = max(screen.height, position.ypos + position.height)

        def handle(event: MouseEvent) -> object:
            return self._mouse(event.position.x, event.position.y - position.ypos, event)

        mouse_handlers.set_mouse_handler_for_range(
            position.xpos,
            position.xpos + position.width,
            position.ypos,
            position.ypos + position.height,
            handle,
        )

    def _row(self, y: int, line: Line) -> _Row:
        kept = self._rows.get(y)
        if kept is not None and kept[0] == line:
            return kept[1]
        row = _Row(lambda: _BLANK)
        x = 0
        for style, text in line:
            for char in _characters(style, text):
                row[x] = char
                x += 1
        self._rows[y] = (line, row)
        return row

    def get_children(self) -> list[Container]:
        return []


@lru_cache(maxsize=1 << 13)
def _characters(style: str, text: str) -> tuple[Char, ...]:
    """The cells of a piece of text; behind a character of two columns an empty one."""
    name = f"class:{style}" if style else ""
    if cells(text) == len(text):
        return tuple(_character(char, name) for char in text)
    found: list[Char] = []
    for char in text:
        found.append(_character(char, name))
        if cells(char) == 2:
            found.append(_character("", name))
    return tuple(found)


_character = lru_cache(maxsize=1 << 13)(Char)
