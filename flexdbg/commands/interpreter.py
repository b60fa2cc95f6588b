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


class Block:
    """A command with the lines up to its `end`. Blocks of commands nest; python and assembly do not."""

    def __init__(self, command: Command, argument: str) -> None:
        self.command = command
        self._lines = [argument]
        self._depth = 1
        self._raw = command.block in ("raw", "bare")

    def add(self, text: str) -> bool:
        """Take a line; False if it was the last `end`."""
        word = text.strip()
        if word == "end":
            self._depth -= 1
            if self._depth == 0:
                return False
        elif not self._raw and _opens_block(word):
            self._depth += 1
        self._lines.append(text.rstrip("\n") if self._raw else word)
        return True

    @property
    def whole(self) -> str:
        return "\n".join(self._lines)


def _opens_block(line: str) -> bool:
    name, _, argument = line.partition(" ")
    try:
        return commands.find(name).opens_block(argument.strip())
    except CommandError:
        return False


class Interpreter:
    """Executes command lines on a session. Output goes to `emit`, line by line."""

    def __init__(self, session: Session, emit: Callable[[list[Line]], None]) -> None:
        load_all()
        self.context = Context(session, self._tee(emit), self.execute, self.source)
        session.on_new_future = self._new_future
        self._repeat = ""
        self._depth = 0
        self._nesting = 0
        self._block: Block | None = None

    def _tee(self, emit: Callable[[list[Line]], None]) -> Callable[[list[Line]], None]:
        """Output goes to the log of `set logging` too."""

        def both(lines: list[Line]) -> None:
            emit(lines)
            self.context.log.write(lines)

        return both

    @property
    def collecting(self) -> bool:
        """Whether the lines given now belong to a block that `end` closes."""
        return self._block is not None

    def abandon(self) -> None:
        """Forget a block that has not been closed."""
        self._block = None

    def execute(self, text: str) -> None:
        """Run one line; raises FlexdbgError when it cannot be carried out."""
        if self._block is not None:
            self._collect(text)
            return
        line = text.strip()
        if not line or line.startswith("#"):
            return
        found, argument = self.parse(line)
        if found.opens_block(argument):
            self._block = Block(found, argument)
            return
        self._run(found, argument)

    def _collect(self, text: str) -> None:
        """Another line of the open block; the one that closes it runs the command."""
        block = self._block
        assert block is not None
        if block.add(text):
            return
        self._block = None
        self._run(block.command, block.whole)

    def _run(self, found: Command, argument: str) -> None:
        self._nesting += 1
        try:
            found.action(self.context, argument)
            if self._nesting == 1:
                self._attached()
        finally:
            self._nesting -= 1
            for text in self.context.session.symbols.take_damage():
                self.context.say(f"warning: {text}")

    def _attached(self) -> None:
        """The commands of the breakpoints that were hit; what they hit in turn comes next, not within."""
        while self.context.attached:
            lines, self.context.attached = self.context.attached, []
            for line in lines:
                self.execute(line)
                if self.context.attached:
                    break  # as in gdb: the machine ran on, the rest is dropped

    def execute_interactive(self, text: str) -> None:
        """Like `execute`; an empty line repeats the last command where that makes sense."""
        if self._block is not None:
            self._collect(text)
            return
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
        name, argument = line[:end], line[end:].strip()
        return self.context.user_commands.get(name) or commands.find(name), argument

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
            if self._block is not None:
                name, self._block = self._block.command.name, None
                raise CommandError(f"{path}: `{name}` is not closed by `end`")
        finally:
            self._depth -= 1
