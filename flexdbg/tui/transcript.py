"""What the program printed and what commands answered, kept in bounded memory."""

from collections import deque

from flexdbg.render.text import Line
from flexdbg.tui.text import clean

__all__ = ["Transcript"]

_KEPT = 5000  # lines of each
_LONGEST = 4096  # characters of one line of program output


class Transcript:
    """Lines of program output, each with its hart, and lines of the command log."""

    def __init__(self) -> None:
        self.output: deque[tuple[int, str]] = deque(maxlen=_KEPT)
        self.log: deque[Line] = deque(maxlen=_KEPT)
        self._open: dict[int, str] = {}
        self.emitted = 0  # lines of the log so far, those included that are no longer kept

    def program(self, chunks: list[tuple[int, bytes]]) -> None:
        """Output of the program: (hart, bytes). Lines are put together for each hart."""
        for hart, data in chunks:
            text = self._open.pop(hart, "") + data.decode("utf-8", "replace")
            *whole, rest = text.split("\n")
            for line in whole:
                self.output.append((hart, clean(line.rstrip("\r"))))
            if len(rest) > _LONGEST:
                self.output.append((hart, clean(rest)))
            elif rest:
                self._open[hart] = rest

    def open_lines(self) -> list[tuple[int, str]]:
        """Lines that have not ended yet."""
        return [(hart, clean(text)) for hart, text in self._open.items()]

    def emit(self, lines: list[Line]) -> None:
        """Answers of a command."""
        self.emitted += len(lines)
        self.log.extend([(style, clean(text)) for style, text in line] for line in lines)

    def clear(self) -> None:
        self.output.clear()
        self.log.clear()
        self._open.clear()
