"""The `flexdbg` command: arguments, nothing else. Each subcommand imports what it needs when it runs."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from flexdbg import __version__
from flexdbg.errors import FlexdbgError

if TYPE_CHECKING:
    from flexdbg.bench.measurement import Job, Results
    from flexdbg.bench.report import Report
    from flexdbg.debug.session import Session
    from flexdbg.machine.config import ClusterConfig

__all__ = ["main"]

_CORES = ("flexv", "mpic", "xpulpnn", "ri5cy")
_USAGE_ERROR = 2
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser, names = _parser()
    # `flexdbg PROGRAM` opens the debugger.
    first = next((word for word in given if not word.startswith("-")), None)
    if first is not None and first not in names and not _only_global(given):
        given = ["script" if first.endswith(".py") else "tui", *given]
    options = parser.parse_args(given)
    action: Callable[[argparse.Namespace], int] | None = getattr(options, "action", None)
    if action is None:
        parser.print_help()
        return 0
    try:
        return action(options)
    except FlexdbgError as error:
        print(f"flexdbg: {error}", file=sys.stderr)
        return _USAGE_ERROR
    except BrokenPipeError:
        # The reader of our output has gone, as in `flexdbg isa | head`.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("flexdbg: interrupted", file=sys.stderr)
        return _INTERRUPTED


def _only_global(given: Sequence[str]) -> bool:
    return bool(given) and given[0] in ("--version", "-h", "--help")


class _Parser(argparse.ArgumentParser):
    """One clear line on bad usage instead of the whole usage text."""

    def error(self, message: str) -> NoReturn:
        self.exit(_USAGE_ERROR, f"flexdbg: {message} (`{self.prog} --help` explains)\n")


def _parser() -> tuple[argparse.ArgumentParser, set[str]]:
    parser = _Parser(
        prog="flexdbg",
        description="Debugger and cycle-level simulator of a PULP cluster with Flex-V cores.",
        epilog="`flexdbg PROGRAM` is short for `flexdbg tui PROGRAM`.",
    )
    parser.add_argument("--version", action="version", version=f"flexdbg {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    _add_list(commands)
    _add_new(commands)
    _add_run(commands)
    _add_debuggers(commands)
    _add_script(commands)
    _add_learn(commands)
    _add_isa(commands)
    _add_selftest(commands)
    _add_bench(commands)
    _add_config(commands)
    _add_gdbserver(commands)
    return parser, set(commands.choices)


_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def _machine_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("machine")
    group.add_argument(
        "--core", choices=_CORES, help="instruction set of the cluster's harts (default flexv)"
    )
    group.add_argument(
        "--harts", type=_positive, metavar="N", help="harts of the cluster, 1 to 16 (default 8)"
    )
    group.add_argument("--config", metavar="FILE", help="preset (flexv, gvsoc, rtl, gap8) or TOML file")
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one key; `flexdbg config` lists them",
    )


def _positive(text: str) -> int:
    try:
        number = int(text.replace("_", ""), 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return number


def _new_file(text: str) -> Path:
    """A file that can be written later: better to know before the measurements than after."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"cannot write {text!r}: no such directory, or it is one")
    return path


def _address(text: str) -> int:
    try:
        number = int(text.replace("_", ""), 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address") from None
    if not 0 <= number < 1 << 32 or number % 2:
        raise argparse.ArgumentTypeError(f"{text}: allowed is an even address from 0 to 0xfffffffe")
    return number


def _settings(options: argparse.Namespace) -> list[str]:
    settings = list(options.set)
    if options.core:
        settings.append(f"core={options.core}")
    if options.harts:
        settings.append(f"harts={options.harts}")
    return settings


def _machine_for(options: argparse.Namespace) -> "ClusterConfig":
    """The chosen machine; a bundled kernel brings its core along where none was chosen."""
    from flexdbg.catalog import bundled_programs
    from flexdbg.machine.config import ClusterConfig, load_config

    settings = _settings(options)
    core = next((program.runs_on for program in bundled_programs() if program.name == options.program), None)
    if core and load_config(options.config).core == ClusterConfig().core:
        settings.insert(0, f"core={core}")  # what the user sets comes behind it
    return load_config(options.config, settings)


# list


def _add_list(commands: _Commands) -> None:
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


# new, as


def _add_new(commands: _Commands) -> None:
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


# run


def _add_run(commands: _Commands) -> None:
    parser = commands.add_parser("run", help="run a program to its end and account for every cycle")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or ELF, .bin or .hex file")
    _machine_options(parser)
    parser.add_argument(
        "--max-cycles", type=_positive, metavar="N", help="give up after N cycles (status 124)"
    )
    parser.add_argument("--stats", action="store_true", help="the whole stall ledger and all counters")
    parser.add_argument("--json", action="store_true", help="one JSON object; program output goes to stderr")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write one line a retired instruction")
    parser.set_defaults(action=_run)


def _run(options: argparse.Namespace) -> int:
    from flexdbg.run import RunOptions, run_program

    config = _machine_for(options)
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


# tui, repl


def _add_debuggers(commands: _Commands) -> None:
    screen = commands.add_parser("tui", help="debug a program, full screen")
    screen.set_defaults(action=_tui, scripts=[])
    prompt = commands.add_parser("repl", help="debug a program at a prompt, or by a script")
    prompt.set_defaults(action=_repl, scripts=[])
    for parser in (screen, prompt):
        _debugger_options(parser)


def _debugger_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="bundled program or program file")
    _machine_options(parser)
    parser.add_argument(
        "-x", "--command", action=_ScriptAction, metavar="FILE", help="run the commands of a file"
    )
    parser.add_argument(
        "-ex", "--eval-command", action=_ScriptAction, metavar="COMMAND", help="run one command"
    )
    parser.add_argument("--batch", "-batch", action="store_true", help="leave after the scripts")
    parser.add_argument("--nx", "-nx", action="store_true", help="do not run the init file first")


class _ScriptAction(argparse.Action):
    """Keeps -x and -ex in the order of the command line."""

    def __call__(
        self, parser: object, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        is_file = option in ("-x", "--command")
        namespace.scripts = [*namespace.scripts, (is_file, str(values))]


def _tui(options: argparse.Namespace) -> int:
    """The full screen; scripts, pipes and terminals that cannot place the cursor get the prompt."""
    if options.scripts or options.batch or not _can_draw():
        return _repl(options)
    from flexdbg.repl.loop import init_file
    from flexdbg.tui.app import run_tui

    init = [] if options.nx or not init_file().is_file() else [f"source {init_file()}"]
    return run_tui(_session(options, threaded=False), init)


def _can_draw() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _session(options: argparse.Namespace, *, threaded: bool) -> "Session":
    from flexdbg.debug.session import Session
    from flexdbg.machine.cluster import Cluster
    from flexdbg.run import find_program

    config = _machine_for(options)
    program = find_program(options.program, config)[0] if options.program else None
    for warning in program.warnings if program else ():
        print(f"flexdbg: warning: {warning}", file=sys.stderr)
    return Session(Cluster(config), program, threaded=threaded)


def _repl(options: argparse.Namespace) -> int:
    from flexdbg.repl.loop import Script, run_loop

    session = _session(options, threaded=True)
    scripts = [Script(is_file, text) for is_file, text in options.scripts]
    return run_loop(session, scripts, batch=options.batch, init=not options.nx)


# script


def _add_script(commands: _Commands) -> None:
    parser = commands.add_parser("script", help="run a Python script with `session` and `cluster`")
    parser.add_argument("script", type=Path, metavar="FILE.py", help="the script; docs/scripting.md")
    parser.add_argument("program", nargs="?", metavar="PROGRAM", help="what it debugs")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="its sys.argv[1:]")
    _machine_options(parser)
    parser.set_defaults(action=_script)


def _script(options: argparse.Namespace) -> int:
    from flexdbg.repl.loop import run_python

    return run_python(_session(options, threaded=False), options.script, options.arguments)


# learn


def _add_learn(commands: _Commands) -> None:
    parser = commands.add_parser("learn", help="interactive lessons, from a dot product to eight harts")
    parser.add_argument("lesson", nargs="?", metavar="LESSON", help="number or name; nothing goes on")
    parser.add_argument("--list", action="store_true", help="the lessons and what you have done")
    parser.add_argument("--tui", action="store_true", help="in the full-screen debugger")
    parser.add_argument("--reset", action="store_true", help="forget what was solved, of LESSON or of all")
    parser.add_argument(
        "-ex", "--eval-command", action=_ScriptAction, metavar="COMMAND", help="run one command first"
    )
    parser.add_argument("--batch", "-batch", action="store_true", help="leave after the commands")
    parser.set_defaults(action=_learn, scripts=[])


def _learn(options: argparse.Namespace) -> int:
    from flexdbg.debug.session import Session
    from flexdbg.learn.workbench import lesson_config
    from flexdbg.machine.cluster import Cluster
    from flexdbg.repl.loop import Script, run_loop

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


# asm, disasm, isa


def _add_isa(commands: _Commands) -> None:
    parser = commands.add_parser("asm", help="assemble: text to hex words")
    parser.add_argument(
        "text", nargs="*", metavar="LINE", help="assembly text; - or nothing reads standard input"
    )
    parser.add_argument(
        "--origin", type=_address, default=0, metavar="ADDRESS", help="address of the first word"
    )
    parser.add_argument("--core", choices=_CORES, help="refuse what this core lacks")
    parser.set_defaults(action=_asm)
    parser = commands.add_parser("disasm", help="disassemble: hex words to text")
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="instruction words in hex; - reads standard input"
    )
    parser.add_argument("--origin", type=_address, metavar="ADDRESS", help="address of the first word")
    parser.add_argument("--core", choices=_CORES, help="decode as this core does")
    parser.set_defaults(action=_disasm)
    parser = commands.add_parser("isa", help="reference pages of the instructions")
    parser.add_argument(
        "words", nargs="*", metavar="NAME", help="mnemonic or extension; nothing lists the extensions"
    )
    parser.add_argument("--find", action="store_true", help="search names and summaries for the words")
    parser.add_argument("--core", choices=_CORES, help="only what this core has")
    parser.add_argument("--html", type=Path, metavar="DIR", help="write all pages as a static HTML site")
    parser.set_defaults(action=_isa)
    parser = commands.add_parser("explain", help="one instruction: bits, operands, operation, lanes, timing")
    parser.add_argument(
        "words",
        nargs="+",
        metavar="WORD|TEXT|NAME=VALUE",
        help="an instruction word in hex or assembly text; a1=0x7f02 gives it values to work on",
    )
    parser.add_argument("--core", choices=_CORES, help="decode as this core does")
    parser.set_defaults(action=_explain)


def _asm(options: argparse.Namespace) -> int:
    from flexdbg.isatools import assemble_lines

    assemble_lines(options.text, options.origin, options.core, sys.stdout)
    return 0


def _disasm(options: argparse.Namespace) -> int:
    from flexdbg.isatools import disassemble_lines

    disassemble_lines(options.words, options.origin, options.core, sys.stdout)
    return 0


def _explain(options: argparse.Namespace) -> int:
    from flexdbg.isatools import explain_subject

    explain_subject(options.words, options.core, sys.stdout)
    return 0


def _isa(options: argparse.Namespace) -> int:
    from flexdbg.isatools import isa_pages, write_site

    if options.html:
        write_site(options.html, sys.stdout)
        return 0

    isa_pages(options.words, options.core, options.find, sys.stdout)
    return 0


# selftest, bench, config


def _add_selftest(commands: _Commands) -> None:
    parser = commands.add_parser("selftest", help="compare the machine with recordings of the real core")
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="FILE|DIR", help="files of the conformance schemas"
    )
    parser.add_argument("--group", metavar="TEXT", help="only tests whose group or name contains this")
    parser.add_argument("--verbose", "-v", action="store_true", help="every mismatch of a failing test")
    parser.set_defaults(action=_selftest)


def _selftest(options: argparse.Namespace) -> int:
    from flexdbg.selftest import run_selftest

    return run_selftest(options.paths, sys.stdout, only=options.group or "", verbose=options.verbose)


def _add_bench(commands: _Commands) -> None:
    parser = commands.add_parser("bench", help="measurements")
    kinds = parser.add_subparsers(title="measurements", metavar="WHAT", required=True, parser_class=_Parser)
    speed = kinds.add_parser("speed", help="how fast the simulator runs on this computer")
    speed.add_argument("--json", action="store_true", help="one JSON object")
    speed.set_defaults(action=_bench_speed)
    stub = kinds.add_parser("gdb", help="what debugging through the GDB stub costs")
    stub.add_argument("--json", action="store_true", help="a list of objects")
    stub.add_argument(
        "--far", type=_positive, default=100_000_000, metavar="N", help="instructions to the far breakpoint"
    )
    stub.set_defaults(action=_bench_gdb)
    table3 = kinds.add_parser("table3", help="the MatMul kernels beside Table III of the Flex-V paper")
    table3.add_argument(
        "--variants", action="store_true", help="our other kernels too, such as the faster ones"
    )
    _sweep_options(table3)
    table3.set_defaults(action=_bench_table3)
    fig7 = kinds.add_parser("fig7", help="a convolution on every core beside Figure 7 of the Flex-V paper")
    _sweep_options(fig7)
    fig7.set_defaults(action=_bench_fig7)
    permutations = kinds.add_parser(
        "permutations", help="27 mixed-precision convolutions on a GAP-8 class cluster"
    )
    _sweep_options(permutations)
    permutations.set_defaults(action=_bench_permutations)
    scaling = kinds.add_parser("scaling", help="a kernel on 1 to 8 harts and 4 to 32 banks")
    scaling.add_argument(
        "program", nargs="?", default="matmul-a8w4", metavar="KERNEL", help="default matmul-a8w4"
    )
    _sweep_options(scaling)
    scaling.set_defaults(action=_bench_scaling)


def _sweep_options(parser: argparse.ArgumentParser) -> None:
    """Options of measurements that run many programs."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a list of objects")
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    parser.add_argument("--html", type=_new_file, metavar="FILE", help="write a page with the table too")
    parser.add_argument(
        "-j", "--jobs", type=_positive, default=1, metavar="N", help="processes at a time (default 1)"
    )
    parser.add_argument("--no-cache", action="store_true", help="measure anew and keep nothing")
    parser.add_argument("--config", metavar="FILE", help="preset or TOML file of the machine")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one key of it"
    )


def _bench_table3(options: argparse.Namespace) -> int:
    from flexdbg.bench.table3 import jobs, report
    from flexdbg.machine.config import load_config

    return _sweep(jobs(load_config(options.config, options.set), variants=options.variants), report, options)


def _bench_fig7(options: argparse.Namespace) -> int:
    from flexdbg.bench.fig7 import jobs, report
    from flexdbg.machine.config import load_config

    return _sweep(jobs(load_config(options.config, options.set)), report, options)


def _bench_permutations(options: argparse.Namespace) -> int:
    from flexdbg.bench.permutations import jobs, report
    from flexdbg.machine.config import load_config

    return _sweep(jobs(load_config(options.config or "gap8", options.set)), report, options)


def _bench_scaling(options: argparse.Namespace) -> int:
    from flexdbg.bench.scaling import jobs, report
    from flexdbg.machine.config import load_config

    return _sweep(jobs(options.program, load_config(options.config, options.set)), report, options)


def _sweep(
    jobs: "list[Job]", report: "Callable[[Sequence[Job], Results], Report]", options: argparse.Namespace
) -> int:
    """Measure and show; after an interrupt, what there is."""
    from flexdbg.bench.cache import ResultCache
    from flexdbg.bench.runner import run_jobs

    cache = None if options.no_cache else ResultCache()
    results = run_jobs(jobs, processes=options.jobs, cache=cache, progress=sys.stderr.isatty())
    _show(report(jobs, results), options)
    if len(results) == len(jobs):
        return 0
    later = "" if options.no_cache else "; the same command goes on from here"
    print(f"flexdbg: interrupted: {len(results)} of {len(jobs)} measured{later}", file=sys.stderr)
    return _INTERRUPTED


def _show(report: "Report", options: argparse.Namespace) -> None:
    if options.html:
        try:
            options.html.write_text(report.as_html(), encoding="utf-8")
        except OSError as error:
            raise FlexdbgError(f"cannot write {options.html}: {error.strerror}") from error
    if options.json:
        print(report.as_json())
    elif options.csv:
        print(report.as_csv(), end="")
    else:
        report.print()


def _bench_gdb(options: argparse.Namespace) -> int:
    from flexdbg.bench.gdb import measure, report

    print(report(measure(options.far), as_json=options.json))
    return 0


def _bench_speed(options: argparse.Namespace) -> int:
    from flexdbg.bench.speed import measure, report

    print(report(measure(), as_json=options.json))
    return 0


def _add_config(commands: _Commands) -> None:
    parser = commands.add_parser("config", help="the effective configuration as a commented TOML file")
    _machine_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(action=_config)


def _config(options: argparse.Namespace) -> int:
    from flexdbg.machine.config import load_config

    config = load_config(options.config, _settings(options))
    if options.json:
        import json

        print(json.dumps(config.as_dict()))
    else:
        print(config.to_toml(), end="")
    return 0


# gdbserver


def _add_gdbserver(commands: _Commands) -> None:
    parser = commands.add_parser("gdbserver", help="serve a program to GDB and other debuggers")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or program file")
    _machine_options(parser)
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
    parser.add_argument("--log", metavar="FILE", help="write each packet in readable form; -: standard error")
    parser.set_defaults(action=_gdbserver)

    parser = commands.add_parser("attach", help="a prompt on a machine that gdbserver serves, beside GDB")
    parser.add_argument("where", nargs="?", default="3333", metavar="[HOST:]PORT|SOCKET", help="default 3333")
    parser.add_argument("-ex", dest="lines", action="append", default=[], metavar="COMMAND", help="run first")
    parser.add_argument("--batch", action="store_true", help="leave after the commands of -ex")
    parser.set_defaults(action=_attach)

    parser = commands.add_parser("gdb-script", help="print the Python script for a stock GDB (13 or later)")
    parser.add_argument(
        "--core", choices=_CORES, default="flexv", help="core of the programs (default flexv)"
    )
    parser.set_defaults(action=_gdb_script)
    parser = commands.add_parser("gdb", help="start a server and GDB on it")
    parser.add_argument("program", metavar="PROGRAM", help="bundled program or program file")
    _machine_options(parser)
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

    config = _machine_for(options)
    path = find_program(options.program)[0].path
    machine = [f"--set={setting}" for setting in _settings(options)]
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


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text}: allowed is a port from 0 to 65535")
    return int(text)


def _gdbserver(options: argparse.Namespace) -> int:
    from flexdbg.debug.session import Session
    from flexdbg.gdb.serve import Place, serve
    from flexdbg.machine.cluster import Cluster
    from flexdbg.run import find_program

    session = Session(Cluster(_machine_for(options)), find_program(options.program)[0])
    place = Place(options.host, options.port, options.unix, options.stdio, options.expose)
    return serve(session, place, once=options.once, multiprocess=options.multiprocess, log=options.log)
