"""One command line to its action: comments, prefixes, repetition by Enter, and the files of `source`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from flexdbg.commands.blocks import Block, ScriptLine, split_else
from flexdbg.commands.context import Context
from flexdbg.commands.registry import Command, commands, load_all
from flexdbg.debug.session import Session
from flexdbg.errors import CommandError, FlexdbgError, LeaveLoopError, ScriptError
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = ["Interpreter"]

# Letters that end a command name: `x/4i`, `p/x`, `p$a0`, `print*ptr`.
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_DEEPEST_SOURCE = 16


def _opens_block(line: str) -> str:
    name, _, argument = line.partition(" ")
    try:
        found = commands.find(name)
    except CommandError:
        return ""
    return found.block if found.opens_block(argument.strip()) else ""


class Interpreter:
    """Executes command lines on a session. Output goes to `emit`, line by line."""

    def __init__(self, session: Session, emit: Callable[[list[Line]], None]) -> None:
        load_all()
        self.context = Context(session, self._tee(emit), self.execute, self.source)
        self.context.run_lines = self.run_lines
        self.context.split_else = lambda lines: split_else(lines, _opens_block)
        self.context.before_stop = lambda: self._hook("hook-stop")
        self.context.ask = lambda question: self._depth > 0 or self._nesting > 1 or self.ask(question)
        self.ask: Callable[[str], bool] = lambda question: True  # the user, where there is one
        session.on_new_future = self._new_future
        self._repeat = ""
        self._depth = 0
        self._nesting = 0
        self._block: Block | None = None
        self._hooks: set[str] = set()  # running now

    def _tee(self, emit: Callable[[list[Line]], None]) -> Callable[[list[Line]], None]:
        """Output goes to the log of `set logging` too; a line that is not complete yet goes before it."""

        def both(lines: list[Line]) -> None:
            if self.context.partial and lines:
                begun, self.context.partial = self.context.partial, ""
                lines = [[("", begun), *lines[0]], *lines[1:]]
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

    def execute(self, text: str, place: str = "") -> None:
        """Run one line, written at `place`; raises FlexdbgError when it cannot be carried out."""
        if self._block is not None:
            self._collect(text, place)
            return
        line = text.strip()
        if not line or line.startswith("#"):
            return
        found, argument = self.parse(line)
        if found.opens_block(argument):
            # What stands for arguments is put in when the lines run.
            self._block = Block(found, argument, place, _opens_block)
            return
        self._run(*self.parse(self.context.substituted(line)))

    def run_lines(self, lines: Sequence[ScriptLine]) -> None:
        """Run lines of a block; an error in a line of a file names it."""
        for line in lines:
            self._run_line(line)
            if self.context.wants_to_quit:
                return

    def _run_line(self, line: ScriptLine) -> None:
        try:
            self.execute(line.text, line.place)
        except (ScriptError, LeaveLoopError):
            raise
        except FlexdbgError as error:
            if not line.place:
                raise
            raise ScriptError(f"{line.place}: {error}") from error

    def _collect(self, text: str, place: str = "") -> None:
        """Another line of the open block; the one that closes it runs the command."""
        block = self._block
        assert block is not None
        if block.add(text, place):
            return
        self._block = None
        self.context.block = tuple(block.lines)
        whole = self.context.substituted(block.whole) if block.is_raw else block.whole
        self._run_at(block.place, block.command, whole)

    def _run_at(self, place: str, found: Command, argument: str) -> None:
        """Run the command of a block; what is wrong with it itself is wrong where it begins."""
        try:
            self._run(found, argument)
        except (ScriptError, LeaveLoopError):
            raise
        except FlexdbgError as error:
            if not place:
                raise
            raise ScriptError(f"{place}: {error}") from error

    def _run(self, found: Command, argument: str) -> None:
        self._nesting += 1
        try:
            self._hook(f"hook-{found.name}")
            found.action(self.context, argument)
            self._hook(f"hookpost-{found.name}")
            if self._nesting == 1:
                self._attached()
        finally:
            self._nesting -= 1
            if self._nesting == 0:
                self.context.finish_line()
            for text in self.context.session.symbols.take_damage():
                self.context.say(f"warning: {text}")

    def _hook(self, name: str) -> None:
        """A user-defined command that runs with another one; within itself it does not."""
        hook = self.context.user_commands.get(name)
        if hook is None or name in self._hooks:
            return
        self._hooks.add(name)
        try:
            hook.action(self.context, "")
        finally:
            self._hooks.discard(name)

    def _attached(self) -> None:
        """The commands of the breakpoints that were hit; what they hit in turn comes next, not within."""
        while self.context.attached:
            lines, self.context.attached = self.context.attached, []
            for line in lines:
                self._run_line(line)
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
                place = f"{path}:{number}"
                try:
                    self.execute(line, place)
                except FlexdbgError as error:
                    here, _, rest = str(error).partition(": ")
                    if isinstance(error, ScriptError) and here.rpartition(":")[0] == str(path):
                        place, text = here, rest  # a line of a block that ends here
                    else:
                        text = str(error)
                    raise ScriptError(f"{place}: Error in sourced command file:\n{text}") from error
                if self.context.wants_to_quit:
                    return
            if self._block is not None:
                block, self._block = self._block, None
                raise CommandError(f"{block.place or path}: `{block.command.name}` is not closed by `end`")
        finally:
            self._depth -= 1
