"""`gdbserver`, `attach`, `gdb`, `gdb-script` and `init`: the machine served to GDB, and what clients need."""

import argparse
from pathlib import Path

from flexdbg.cli.options import CORES, Subcommands, chosen_machine, chosen_settings, machine_options

__all__ = ["add_servers"]


def add_servers(commands: Subcommands) -> None:
    parser = commands.add_parser("gdbserver", help="serve a program to GDB and other debuggers")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or program file")
    machine_options(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--port", type=_port, default=3333, metavar="N", help="TCP port, 0: any (default 3333)"
    )
    where.add_argument("--unix", type=Path, metavar="PATH", help="Unix socket instead of TCP")
    where.add_argument("--stdio", action="store_true", help="one client on the standard streams")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default 127.0.0.1")
    parser.add_argument("--expose", action="store_true", help="allow an address that others can reach")
    parser.add_argument("--once", action="store_true", help="end when the first client has gone")
    parser.add_argument("--multiprocess", action="store_true", help="offer thread ids of the form p1.2")
    parser.add_argument(
        "--stop-at-exit", action="store_true", help="stand at the program's end, so that time can go back"
    )
    parser.add_argument("--log", metavar="FILE", help="write each packet in readable form; -: standard error")
    parser.set_defaults(action=_gdbserver)

    parser = commands.add_parser("attach", help="a prompt on a machine that gdbserver serves, beside GDB")
    parser.add_argument("where", nargs="?", default="3333", metavar="[HOST:]PORT|SOCKET", help="default 3333")
    parser.add_argument("-ex", dest="lines", action="append", default=[], metavar="COMMAND", help="run first")
    parser.add_argument("--batch", action="store_true", help="leave after the commands of -ex")
    parser.set_defaults(action=_attach)

    parser = commands.add_parser("gdb-script", help="print the Python script for a stock GDB (13 or later)")
    parser.add_argument("--core", choices=CORES, default="flexv", help="core of the programs (default flexv)")
    parser.set_defaults(action=_gdb_script)
    parser = commands.add_parser("gdb", help="start a server and GDB on it")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or program file")
    machine_options(parser)
    parser.add_argument("--gdb", metavar="COMMAND", help="which GDB (default: gdb-multiarch or a RISC-V one)")
    parser.add_argument("-x", dest="scripts", action="append", default=[], metavar="FILE", help="for GDB")
    parser.add_argument("-ex", dest="lines", action="append", default=[], metavar="COMMAND", help="for GDB")
    parser.add_argument("--batch", action="store_true", help="for GDB: leave after the scripts")
    parser.set_defaults(action=_gdb)
    parser = commands.add_parser("init", help="write the settings of an editor into this directory")
    parser.add_argument("editor", choices=("vscode",), help="vscode: .vscode/launch.json and tasks.json")
    parser.add_argument("program", nargs="?", default="matmul-a8w4", metavar="PROGRAM", help="what to debug")
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.set_defaults(action=_init)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text}: allowed is a port from 0 to 65535")
    return int(text)


def _attach(options: argparse.Namespace) -> int:
    from flexdbg.repl.attach import attach

    return attach(options.where, options.lines, batch=options.batch)


def _gdb_script(options: argparse.Namespace) -> int:
    from flexdbg.gdb.script import gdb_script

    print(gdb_script(options.core), end="")
    return 0


def _gdb(options: argparse.Namespace) -> int:
    from flexdbg.gdb.launch import launch
    from flexdbg.run import find_program

    config = chosen_machine(options)
    path = find_program(options.program)[0].path
    machine = [f"--set={setting}" for setting in chosen_settings(options)]
    machine += [f"--config={options.config}"] if options.config else []
    for_gdb = [part for file in options.scripts for part in ("-x", file)]
    for_gdb += [part for line in options.lines for part in ("-ex", line)]
    return launch(options.program, path, machine, config.core, options.gdb, for_gdb, batch=options.batch)


def _init(options: argparse.Namespace) -> int:
    from flexdbg.gdb.vscode import write_settings
    from flexdbg.run import find_program

    program = find_program(options.program)[0]
    for path in write_settings(Path.cwd(), options.program, program.path, force=options.force):
        print(f"wrote {path}")
    return 0


def _gdbserver(options: argparse.Namespace) -> int:
    from flexdbg.debug.session import Session
    from flexdbg.gdb.serve import Place, serve
    from flexdbg.machine.cluster import Cluster
    from flexdbg.run import find_program

    session = Session(Cluster(chosen_machine(options)), find_program(options.program)[0])
    place = Place(options.host, options.port, options.unix, options.stdio, options.expose)
    return serve(
        session,
        place,
        once=options.once,
        multiprocess=options.multiprocess,
        stop_at_exit=options.stop_at_exit,
        log=options.log,
    )
