"""The command loop: scripted lines first, then a prompt on a terminal or lines from a pipe."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from flexdbg.commands.interpreter import Interpreter
from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError
from flexdbg.repl.console import Console

__all__ = ["Script", "run_loop"]


@dataclass(frozen=True, slots=True)
class Script:
    """One `-x FILE` or `-ex COMMAND`, in the order of the command line."""

    is_file: bool
    text: str


def run_loop(session: Session, scripts: Sequence[Script], *, batch: bool) -> int:
    """Run the scripts, then read commands; returns the exit status."""
    console = Console()
    session.on_output = console.program_output
    interpreter = Interpreter(session, console.emit)
    failed = False
    for script in scripts:
        failed |= not _run(interpreter, console, script)
        if interpreter.context.wants_to_quit:
            return int(failed)
    if batch:
        return int(failed)
    if sys.stdin.isatty() and console.is_terminal:
        from flexdbg.repl.prompt import prompt_loop

        prompt_loop(interpreter, console)
        return 0
    return _read_pipe(interpreter, console)


def _run(interpreter: Interpreter, console: Console, script: Script) -> bool:
    try:
        if script.is_file:
            interpreter.source(script.text)
        else:
            interpreter.execute(script.text)
    except FlexdbgError as error:
        console.error(error)
        return False
    return True


def _read_pipe(interpreter: Interpreter, console: Console) -> int:
    """Commands from a pipe, without a prompt: the output of a script is the same on every run."""
    failed = False
    for line in sys.stdin:
        try:
            interpreter.execute_interactive(line)
        except FlexdbgError as error:
            console.error(error)
            failed = True
        if interpreter.context.wants_to_quit:
            break
    return int(failed)
