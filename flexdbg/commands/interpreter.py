"""One command line to its action: comments, prefixes, repetition by Enter, and the files of `source`."""

from collections.abc import Callable
from pathlib import Path

from flexdbg.commands.context import Context
from flexdbg.commands.registry import Command, commands, load_all
from flexdbg.debug.session import Session
from flexdbg.errors import CommandError
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = ["Interpreter"]

# Letters that end a command name: `x/4i`, `p/x`, `p$a0`, `print*ptr`.
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_DEEPEST_SOURCE = 16


class Interpreter:
    """Executes command lines on a session. Output goes to `emit`, line by line."""

    def __init__(self, session: Session, emit: Callable[[list[Line]], None]) -> None:
        load_all()
        self.context = Context(session, emit, self.execute, self.source)
        session.on_new_future = self._new_future
        self._repeat = ""
        self._depth = 0

    def execute(self, text: str) -> None:
        """Run one line; raises FlexdbgError when it cannot be carried out."""
        line = text.strip()
        if not line or line.startswith("#"):
            return
        found, argument = self.parse(line)
        found.action(self.context, argument)

    def execute_interactive(self, text: str) -> None:
        """Like `execute`; an empty line repeats the last command where that makes sense."""
        line = text.strip() or self._repeat
        if not line or line.startswith("#"):
            return
        self._repeat = ""
        found, _ = self.parse(line)
        # Also when it fails: pressing Enter on a failed step tries again, as in gdb.
        self._repeat = {"same": line, "bare": found.name}.get(found.repeat, "")
        self.execute(line)

    def _new_future(self, now: int, last: int) -> None:
        self.context.say(
            f"This starts a new future: cycles {count(now + 1)} to {count(last)} are forgotten.", "warning"
        )

    def parse(self, line: str) -> tuple[Command, str]:
        """The command and its argument text."""
        end = 0
        while end < len(line) and line[end] in _NAME_CHARACTERS:
            end += 1
        if not end:
            raise CommandError(f'Undefined command: "{line.split()[0]}".  Try "help".')
        return commands.find(line[:end]), line[end:].strip()

    def source(self, path: str | Path) -> None:
        """Run the lines of a file; the first error ends it and names the line."""
        try:
            lines = Path(path).expanduser().read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        if self._depth >= _DEEPEST_SOURCE:
            raise CommandError(f"{path}: `source` files call each other too deeply")
        self._depth += 1
        try:
            for number, line in enumerate(lines, 1):
                try:
                    self.execute(line)
                except CommandError as error:
                    raise CommandError(f"{path}:{number}: Error in sourced command file:\n{error}") from error
                if self.context.wants_to_quit:
                    return
        finally:
            self._depth -= 1
