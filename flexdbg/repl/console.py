"""Where output goes: coloured on a terminal, plain and deterministic everywhere else."""

import os
import sys
from typing import TextIO

from flexdbg.errors import FlexdbgError
from flexdbg.render.text import Line, ansi, plain

__all__ = ["Console"]


class Console:
    """Writes styled lines and the program's own output."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self.is_terminal = self._out.isatty()
        self._colour = self.is_terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self._column_zero = True

    def emit(self, lines: list[Line]) -> None:
        if not lines:
            return
        if not self._column_zero:
            self._out.write("\n")
            self._column_zero = True
        self._out.write((ansi if self._colour else plain)(lines) + "\n")
        self._out.flush()

    def program_output(self, output: list[tuple[int, bytes]]) -> None:
        """What the program printed, as it is; a line it left open is closed before the next report."""
        for _, data in output:
            text = data.decode("utf-8", "replace")
            if text:
                self._out.write(text)
                self._column_zero = text.endswith("\n")
        self._out.flush()

    def error(self, error: FlexdbgError | str) -> None:
        self._out.flush()
        text = str(error)
        coloured = self._colour and self._err.isatty()
        self._err.write((f"\x1b[31m{text}\x1b[0m" if coloured else text) + "\n")
        self._err.flush()
