"""`list`, `new`, `as` and `run`: programs to have, to write and to run."""

import argparse
import sys
from pathlib import Path

from flexdbg.cli.options import Subcommands, chosen_machine, machine_options, positive

__all__ = ["add_list", "add_new", "add_run"]


def add_list(commands: Subcommands) -> None:
    parser = commands.add_parser("list", help="the bundled programs")
    parser.add_argument("--all", action="store_true", help="variants of kernels too")
    parser.set_defaults(action=_list)


def _list(options: argparse.Namespace) -> int:
    from flexdbg.catalog import bundled_programs

    programs = [program for program in bundled_programs() if options.all or not program.variant_of]
    rows = {program.family or program.name: program for program in reversed(programs)}
    width = max(map(len, rows))
    for name, program in reversed(rows.items()):
        summary = program.summary
        if program.family:
            summary = f"{summary.partition(':')[0]}; X, Y, Z: bits of inputs, weights, outputs"
        print(f"{name:<{width}}  {program.core:<7}  {summary}")
    if not options.all:
        print(f"{len(bundled_programs()) - len(programs)} variants of these kernels: flexdbg list --all")
    return 0


def add_new(commands: Subcommands) -> None:
    parser = commands.add_parser("new", help="write a firmware project of your own")
    parser.add_argument("project", type=Path, metavar="NAME", help="directory to make, named as the program")
    parser.set_defaults(action=_new)
    parser = commands.add_parser("as", help="GNU as with the mnemonics of these cores, for gcc -B")
    parser.add_argument("--install", type=Path, metavar="DIR", help="write DIR/as, and nothing else")
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="as GNU as takes them"
    )
    parser.set_defaults(action=_as)


def _new(options: argparse.Namespace) -> int:
    from flexdbg.new_project import COMPILER, compiler_found, create_project

    create_project(options.project)
    print(f"{options.project}: main.c, kernel.S, Makefile, runtime/")
    print(f"Build and run it: make -C {options.project} run")
    if not compiler_found():
        print(
            f"flexdbg: warning: {COMPILER} is not on the path: install gcc-riscv64-unknown-elf",
            file=sys.stderr,
        )
    return 0


def _as(options: argparse.Namespace) -> int:
    from flexdbg.isatools import assembler_filter

    if options.install:
        return assembler_filter(["--install", str(options.install)])
    return assembler_filter(options.arguments)


def add_run(commands: Subcommands) -> None:
    parser = commands.add_parser("run", help="run a program to its end and account for every cycle")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or ELF, .bin or .hex file")
    machine_options(parser)
    parser.add_argument(
        "--max-cycles", type=positive, metavar="N", help="give up after N cycles (status 124)"
    )
    parser.add_argument("--stats", action="store_true", help="the whole stall ledger and all counters")
    parser.add_argument("--json", action="store_true", help="one JSON object; program output goes to stderr")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write one line a retired instruction")
    parser.set_defaults(action=_run)


def _run(options: argparse.Namespace) -> int:
    from flexdbg.run import RunOptions, run_program

    config = chosen_machine(options)
    chosen = RunOptions(options.max_cycles, options.trace, progress=sys.stderr.isatty() and not options.json)
    report = run_program(options.program, config, chosen, sys.stderr if options.json else sys.stdout)
    if options.json:
        print(report.as_json())
    else:
        from flexdbg.run_summary import print_summary

        print_summary(report, full=options.stats)
    for warning in report.file_warnings:
        print(f"flexdbg: warning: {warning}", file=sys.stderr)
    if report.diagnosis:
        print(f"flexdbg: {report.diagnosis}", file=sys.stderr)
    return report.status
