"""`selftest` and `config`: what the machine is, and how it is known to be right."""

import argparse
import sys
from pathlib import Path

from flexdbg.cli.options import Subcommands, chosen_settings, machine_options

__all__ = ["add_config", "add_selftest"]


def add_selftest(commands: Subcommands) -> None:
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


def add_config(commands: Subcommands) -> None:
    parser = commands.add_parser("config", help="the effective configuration as a commented TOML file")
    machine_options(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(action=_config)


def _config(options: argparse.Namespace) -> int:
    from flexdbg.machine.config import load_config

    config = load_config(options.config, chosen_settings(options))
    if options.json:
        import json

        print(json.dumps(config.as_dict()))
    else:
        print(config.to_toml(), end="")
    return 0
