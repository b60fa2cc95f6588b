"""The interactive prompt: history, completion, Enter repeats, Ctrl-C interrupts the machine."""

import os
import sys
import termios
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.styles import Style

from flexdbg import __version__
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import FlexdbgError
from flexdbg.render.theme import PROMPT_TOOLKIT
from flexdbg.repl.completer import candidates
from flexdbg.repl.console import Console
from flexdbg.repl.lexer import CommandLexer

__all__ = ["CommandCompleter", "command_history", "prompt_loop"]


class CommandCompleter(Completer):
    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        try:
            for text, start in candidates(self._interpreter, document.text_before_cursor):
                yield Completion(text, start)
        except FlexdbgError:
            return  # a half-typed expression: nothing to offer


def command_history() -> History:
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    directory = Path(base) / "flexdbg"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "history").touch()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(directory / "history"))


@contextmanager
def _typed_ahead() -> Iterator[None]:
    """Keep a Ctrl-D that comes while a command runs for the next prompt.

    Outside the prompt the terminal reads lines, where Ctrl-D is the end of input and no character: the
    prompt would find a NUL in its place.
    """
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    changed = termios.tcgetattr(terminal)
    changed[6][termios.VEOF] = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
    termios.tcsetattr(terminal, termios.TCSANOW, changed)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def prompt_loop(interpreter: Interpreter, console: Console) -> None:
    """Read and execute commands until quit or end of input."""
    with _typed_ahead():
        _prompts(interpreter, console)


def _prompts(interpreter: Interpreter, console: Console) -> None:
    prompt: PromptSession[str] = PromptSession(
        history=command_history(),
        completer=CommandCompleter(interpreter),
        complete_while_typing=False,
        enable_history_search=True,  # Up takes what begins like the typed text; Ctrl-R searches anywhere
        lexer=CommandLexer(interpreter),
        style=Style.from_dict(PROMPT_TOOLKIT),
    )
    program = interpreter.context.session.program
    console.emit(
        [[("heading", f"flexdbg {__version__}"), ("", f"  {program.name if program else 'no program'}")]]
    )
    console.emit([[("faint", "Type `help` for the commands, `run` to start, Tab to complete.")]])
    while not interpreter.context.wants_to_quit:
        try:
            line = prompt.prompt("> " if interpreter.collecting else "(flexdbg) ")
        except KeyboardInterrupt:
            interpreter.abandon()
            console.emit([[("faint", "Quit")]])
            continue
        except EOFError:
            console.emit([[("faint", "quit")]])
            return
        try:
            interpreter.execute_interactive(line)
        except FlexdbgError as error:
            console.error(error)
        except KeyboardInterrupt:
            console.emit([[("faint", "Quit")]])
