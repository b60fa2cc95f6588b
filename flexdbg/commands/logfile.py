"""`set logging`: a copy of the debugger's output in a file, with gdb's words."""

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from flexdbg.errors import CommandError
from flexdbg.render.text import Line, plain

if TYPE_CHECKING:
    from flexdbg.commands.context import Context

__all__ = ["Log", "set_logging"]


class Log:
    """Writes what is shown while it is enabled."""

    def __init__(self) -> None:
        self.path = Path("flexdbg.txt")
        self.overwrite = False
        self._file: TextIO | None = None

    def enable(self, enabled: bool) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        if enabled:
            try:
                self._file = self.path.open("w" if self.overwrite else "a", encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{self.path}: {error.strerror}") from error

    def write(self, lines: list[Line]) -> None:
        if self._file is not None:
            self._file.write(plain(lines) + "\n")
            self._file.flush()


def set_logging(context: "Context", argument: str) -> None:
    """`set logging enabled on|off`, `set logging file PATH`, `set logging overwrite on|off`."""
    word, _, value = argument.partition(" ")
    if word in ("on", "off"):
        word, value = "enabled", word  # as before gdb 12
    value = value.strip() or "on"
    log = context.log
    if word == "file":
        log.path = Path(value.strip("\"'")).expanduser()
    elif word in ("enabled", "overwrite") and value in ("on", "off"):
        if word == "overwrite":
            log.overwrite = value == "on"
            return
        log.enable(value == "on")
        context.say(f"{'Copying' if value == 'on' else 'Done logging'} output to {log.path}.")
    else:
        raise CommandError(
            f"set logging {argument or '(nothing)'}: allowed is enabled on|off, file PATH, overwrite on|off"
        )
