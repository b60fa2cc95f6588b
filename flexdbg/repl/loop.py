"""The command loop: scripted lines first, then a prompt on a terminal or lines from a pipe."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flexdbg.commands.interpreter import Interpreter
from flexdbg.debug.session import Session
from flexdbg.errors import FlexdbgError
from flexdbg.repl.console import Console

__all__ = ["Script", "init_file", "run_init", "run_loop", "run_python"]


@dataclass(frozen=True, slots=True)
class Script:
    """One `-x FILE` or `-ex COMMAND`, in the order of the command line."""

    is_file: bool
    text: str


def init_file() -> Path:
    """Commands for every start: `$XDG_CONFIG_HOME/flexdbg/init`, else `~/.config/flexdbg/init`."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "flexdbg" / "init"


def run_init(interpreter: Interpreter) -> None:
    """Run the user's init file if there is one; its first error is raised."""
    path = init_file()
    if path.is_file():
        interpreter.source(path)


def run_loop(session: Session, scripts: Sequence[Script], *, batch: bool, init: bool = True) -> int:
    """Run the user's init file and the scripts, then read commands; returns the exit status."""
    console = Console()
    session.on_output = console.program_output
    interpreter = Interpreter(session, console.emit)
    failed = False
    if init:
        try:
            run_init(interpreter)
        except FlexdbgError as error:
            console.error(error)
            failed = True
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


def run_python(session: Session, path: Path, arguments: Sequence[str]) -> int:
    """Run a Python script with `session` and `cluster`; returns its exit status."""
    from flexdbg.commands.scripts import run_script

    console = Console()
    session.on_output = console.program_output
    return run_script(Interpreter(session, console.emit).context, path, arguments)
