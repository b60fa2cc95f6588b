"""`flexdbg attach`: a prompt on a machine that a server already serves, beside GDB and other clients."""

import sys
from collections.abc import Iterable, Sequence

from flexdbg.commands.registry import commands, load_all
from flexdbg.gdb.remote import Remote

__all__ = ["attach"]

# They leave the machine as it is.
_LEAVE = ("quit", "q", "exit", "detach")


def attach(where: str, lines: Sequence[str], *, batch: bool) -> int:
    """Run the lines, then a prompt or what the standard input holds; the exit status."""
    remote = Remote(where, _say)
    try:
        _run(remote, lines)
        if batch:
            return 0
        if sys.stdin.isatty() and sys.stdout.isatty():
            _prompt(remote, where)
        else:
            _run(remote, sys.stdin)
        return 0
    finally:
        remote.close()


def _run(remote: Remote, lines: Iterable[str]) -> None:
    for line in lines:
        if line.strip() in _LEAVE:
            return
        if line.strip():
            remote.execute(line.strip())


def _prompt(remote: Remote, where: str) -> None:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    from flexdbg.repl.prompt import command_history

    load_all()
    names = [*commands.names(), "interrupt", "detach"]
    prompt: PromptSession[str] = PromptSession(
        history=command_history(),
        completer=WordCompleter(names, sentence=True),
        complete_while_typing=False,
        enable_history_search=True,
    )
    _say(f"attached to {where}; `quit` leaves the machine as it is, `interrupt` stops it\n")
    while True:
        try:
            line = prompt.prompt("(remote) ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line in _LEAVE:
            return
        if line:
            remote.execute(line)


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
