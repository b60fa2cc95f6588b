"""The interactive prompt: history, completion, Enter repeats, Ctrl-C interrupts the machine."""

import os
import sys
import termios
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from prompt_toolkit import PromptSession, prompt
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
def _terminal(*, signals: bool) -> Iterator[None]:
    """Keep keys that come before the prompt reads them, while the terminal reads lines.

    Ctrl-D is the end of input there and no character: the prompt would find a NUL in its place. Without
    `signals` Ctrl-C is a key as well; as a signal it may come where Python drops the exception.
    """
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    changed = termios.tcgetattr(terminal)
    changed[6][termios.VEOF] = bytes([os.fpathconf(terminal, "PC_VDISABLE")])
    if not signals:
        changed[3] &= ~termios.ISIG
    termios.tcsetattr(terminal, termios.TCSANOW, changed)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _ask(question: str) -> bool:
    """What the user says; the end of input is a yes, as in gdb."""
    while True:
        try:
            with _terminal(signals=False):
                answer = prompt(question).strip().lower()
        except EOFError:
            return True
        if answer in ("y", "yes", "n", "no"):
            return answer[0] == "y"


def prompt_loop(interpreter: Interpreter, console: Console) -> None:
    """Read and execute commands until quit or end of input."""
    with _terminal(signals=True):
        _prompts(interpreter, console)


def _prompts(interpreter: Interpreter, console: Console) -> None:
    session: PromptSession[str] = PromptSession(
        history=command_history(),
        completer=CommandCompleter(interpreter),
        complete_while_typing=False,
        enable_history_search=True,  # Up takes what begins like the typed text; Ctrl-R searches anywhere
        lexer=CommandLexer(interpreter),
        style=Style.from_dict(PROMPT_TOOLKIT),
    )
    program = interpreter.context.session.program
    interpreter.ask = _ask
    console.emit(
        [[("heading", f"flexdbg {__version__}"), ("", f"  {program.name if program else 'no program'}")]]
    )
    console.emit([[("faint", "Type `help` for the commands, `run` to start, Tab to complete.")]])
    while not interpreter.context.wants_to_quit:
        try:
            with _terminal(signals=False):
                line = session.prompt("> " if interpreter.collecting else "(flexdbg) ")
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
