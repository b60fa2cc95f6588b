"""The command line as a whole: all subcommands, and what every one of them does with errors."""

import argparse
import sys
from collections.abc import Callable, Sequence

from flexdbg import __version__
from flexdbg.cli.bench import add_bench
from flexdbg.cli.debuggers import add_debuggers, add_learn, add_script
from flexdbg.cli.instructions import add_isa_tools
from flexdbg.cli.machine import add_config, add_selftest
from flexdbg.cli.options import INTERRUPTED, USAGE_ERROR, OneLineParser
from flexdbg.cli.programs import add_list, add_new, add_run
from flexdbg.cli.servers import add_servers
from flexdbg.errors import FlexdbgError

__all__ = ["main"]


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
        return USAGE_ERROR
    except BrokenPipeError:
        # The reader of our output has gone, as in `flexdbg isa | head`.
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("flexdbg: interrupted", file=sys.stderr)
        return INTERRUPTED


def _only_global(given: Sequence[str]) -> bool:
    return bool(given) and given[0] in ("--version", "-h", "--help")


def _parser() -> tuple[argparse.ArgumentParser, set[str]]:
    parser = OneLineParser(
        prog="flexdbg",
        description="Debugger and cycle-level simulator of a PULP cluster with Flex-V cores.",
        epilog="`flexdbg PROGRAM` is short for `flexdbg tui PROGRAM`.",
    )
    parser.add_argument("--version", action="version", version=f"flexdbg {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=OneLineParser)
    add_list(commands)
    add_new(commands)
    add_run(commands)
    add_debuggers(commands)
    add_script(commands)
    add_learn(commands)
    add_isa_tools(commands)
    add_selftest(commands)
    add_bench(commands)
    add_config(commands)
    add_servers(commands)
    return parser, set(commands.choices)
