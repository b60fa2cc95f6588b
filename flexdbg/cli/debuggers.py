"""`tui`, `repl`, `script` and `learn`: the debugger on a screen, at a prompt, in Python, and as a teacher."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flexdbg.cli.options import ScriptAction, Subcommands, chosen_machine, machine_options

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["add_debuggers", "add_learn", "add_script"]


def add_debuggers(commands: Subcommands) -> None:
    screen = commands.add_parser("tui", help="debug a program, full screen")
    screen.set_defaults(action=_tui, scripts=[])
    prompt = commands.add_parser("repl", help="debug a program at a prompt, or by a script")
    prompt.set_defaults(action=_repl, scripts=[])
    for parser in (screen, prompt):
        _debugger_options(parser)


def _debugger_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="bundled program or program file")
    machine_options(parser)
    parser.add_argument(
        "-x", "--command", action=ScriptAction, metavar="FILE", help="run the commands of a file"
    )
    parser.add_argument(
        "-ex", "--eval-command", action=ScriptAction, metavar="COMMAND", help="run one command"
    )
    parser.add_argument("--batch", "-batch", action="store_true", help="leave after the scripts")
    parser.add_argument("--nx", "-nx", action="store_true", help="do not run the init file first")


def _tui(options: argparse.Namespace) -> int:
    """The full screen; pipes and terminals that cannot place the cursor get the prompt."""
    if options.batch or not _can_draw():
        return _repl(options)
    from flexdbg.repl.loop import init_file
    from flexdbg.tui.app import run_tui

    init = [f"tensor {tensor}" for tensor in _tensors(options.program)]
    init += [] if options.nx or not init_file().is_file() else [f"source {init_file()}"]
    title = Path(options.program).name.removesuffix(".elf") if options.program else ""
    first = [f"source {text}" if is_file else text for is_file, text in options.scripts]
    return run_tui(_session(options, threaded=False), first, init=init, title=title)


def _tensors(program: str | None) -> tuple[str, ...]:
    """The operands of a bundled program, for the walkers and `memory NAME`."""
    from flexdbg.catalog import bundled_programs

    return next((bundled.tensors for bundled in bundled_programs() if bundled.name == program), ())


def _can_draw() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _session(options: argparse.Namespace, *, threaded: bool) -> "Session":
    from flexdbg.debug.session import Session
    from flexdbg.machine.cluster import Cluster
    from flexdbg.run import find_program

    config = chosen_machine(options)
    program = find_program(options.program, config)[0] if options.program else None
    for warning in program.warnings if program else ():
        print(f"flexdbg: warning: {warning}", file=sys.stderr)
    return Session(Cluster(config), program, threaded=threaded)


def _repl(options: argparse.Namespace) -> int:
    from flexdbg.repl.loop import Script, run_loop

    session = _session(options, threaded=True)
    scripts = [Script(is_file, text) for is_file, text in options.scripts]
    return run_loop(session, scripts, batch=options.batch, init=not options.nx)


def add_script(commands: Subcommands) -> None:
    parser = commands.add_parser("script", help="run a Python script with `session` and `cluster`")
    parser.add_argument("script", type=Path, metavar="FILE.py", help="the script; docs/scripting.md")
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="what it debugs")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="its sys.argv[1:]")
    machine_options(parser)
    parser.set_defaults(action=_script)


def _script(options: argparse.Namespace) -> int:
    from flexdbg.repl.loop import run_python

    return run_python(_session(options, threaded=False), options.script, options.arguments)


def add_learn(commands: Subcommands) -> None:
    parser = commands.add_parser("learn", help="interactive lessons, from a dot product to eight harts")
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="number or name; nothing goes on")
    parser.add_argument("--list", action="store_true", help="the lessons and what you have done")
    parser.add_argument("--tui", action="store_true", help="in the full-screen debugger")
    parser.add_argument("--reset", action="store_true", help="forget what was solved, of LESSON or of all")
    parser.add_argument(
        "-ex", "--eval-command", action=ScriptAction, metavar="COMMAND", help="run one command first"
    )
    parser.add_argument("--batch", "-batch", action="store_true", help="leave after the commands")
    parser.set_defaults(action=_learn, scripts=[])


def _learn(options: argparse.Namespace) -> int:
    from flexdbg.debug.session import Session
    from flexdbg.learn.lesson import find_lesson
    from flexdbg.learn.workbench import lesson_config
    from flexdbg.machine.cluster import Cluster
    from flexdbg.repl.loop import Script, run_loop

    if options.lesson not in (None, "list", "resume", "all"):
        find_lesson(options.lesson)
    if options.reset:
        first = f"learn reset {options.lesson or 'all'}"
    else:
        first = "learn list" if options.list else f"learn {options.lesson or 'resume'}"
    if options.tui and _can_draw():
        from flexdbg.tui.app import run_tui

        return run_tui(Session(Cluster(lesson_config())), [first])
    scripts = [Script(False, first), *[Script(is_file, text) for is_file, text in options.scripts]]
    session = Session(Cluster(lesson_config()), None, threaded=True)
    return run_loop(session, scripts, batch=options.batch or options.list or options.reset)
