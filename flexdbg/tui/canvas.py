"""The prompt_toolkit container that shows finished lines: it writes cells, and lays nothing out."""

from collections import defaultdict
from collections.abc import Callable

from prompt_toolkit.layout.containers import Container
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.layout.mouse_handlers import MouseHandlers
from prompt_toolkit.layout.screen import Char, Screen, WritePosition
from prompt_toolkit.mouse_events import MouseEvent

from flexdbg.render.text import Line
from flexdbg.tui.text import cells

__all__ = ["Canvas"]

_BLANK = Char(" ", "")


class Canvas(Container):
    """`lines(width, height)` gives the rows. Rows that stay the same object are not converted again."""

    def __init__(
        self, lines: Callable[[int, int], list[Line]], mouse: Callable[[int, int, MouseEvent], object]
    ) -> None:
        self._lines = lines
        self._mouse = mouse
        self._rows: dict[int, tuple[Line, defaultdict[int, Char]]] = {}

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
        for y, line in enumerate(self._lines(position.width, position.height)):
            # A copy: menus that float above write into the row.
            screen.data_buffer[position.ypos + y] = self._row(y, line).copy()
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

    def _row(self, y: int, line: Line) -> defaultdict[int, Char]:
        kept = self._rows.get(y)
        if kept is not None and kept[0] == line:
            return kept[1]
        row: defaultdict[int, Char] = defaultdict(lambda: _BLANK)
        x = 0
        for style, text in line:
            name = f"class:{style}" if style else ""
            if text.isascii():
                for char in text:
                    row[x] = Char(char, name)
                    x += 1
                continue
            for char in text:
                row[x] = Char(char, name)
                if cells(char) == 2:
                    row[x + 1] = Char("", name)
                    x += 1
                x += 1
        self._rows[y] = (line, row)
        return row

    def get_children(self) -> list[Container]:
        return []
