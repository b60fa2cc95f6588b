"""What the subcommands share: the parser, options of the machine, and the machine they choose."""

import argparse
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from flexdbg.machine.config import ClusterConfig

__all__ = [
    "CORES",
    "INTERRUPTED",
    "USAGE_ERROR",
    "OneLineParser",
    "ScriptAction",
    "Subcommands",
    "chosen_machine",
    "chosen_settings",
    "machine_options",
    "positive",
]

CORES = ("flexv", "mpic", "xpulpnn", "ri5cy")
USAGE_ERROR = 2
INTERRUPTED = 130


class OneLineParser(argparse.ArgumentParser):
    """One clear line on bad usage instead of the whole usage text."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"flexdbg: {message} (`{self.prog} --help` explains)\n")


Subcommands: TypeAlias = "argparse._SubParsersAction[OneLineParser]"


def machine_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("machine")
    group.add_argument("--core", choices=CORES, help="instruction set of the cluster's harts (default flexv)")
    group.add_argument(
        "--harts", type=positive, metavar="N", help="harts of the cluster, 1 to 16 (default 8)"
    )
    group.add_argument("--config", metavar="FILE", help="preset (flexv, gvsoc, rtl, gap8) or TOML file")
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one key; `flexdbg config` lists them",
    )


def positive(text: str) -> int:
    try:
        number = int(text.replace("_", ""), 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be at least 1")
    return number


def chosen_settings(options: argparse.Namespace) -> list[str]:
    settings = list(options.set)
    if options.core:
        settings.append(f"core={options.core}")
    if options.harts:
        settings.append(f"harts={options.harts}")
    return settings


def chosen_machine(options: argparse.Namespace) -> "ClusterConfig":
    """The chosen machine; a bundled kernel brings its core along where none was chosen."""
    from flexdbg.catalog import bundled_programs
    from flexdbg.machine.config import ClusterConfig, load_config

    settings = chosen_settings(options)
    core = next((program.runs_on for program in bundled_programs() if program.name == options.program), None)
    if core and load_config(options.config).core == ClusterConfig().core:
        settings.insert(0, f"core={core}")  # what the user sets comes behind it
    return load_config(options.config, settings)


class ScriptAction(argparse.Action):
    """Keeps -x and -ex in the order of the command line."""

    def __call__(
        self, parser: object, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        is_file = option in ("-x", "--command")
        namespace.scripts = [*namespace.scripts, (is_file, str(values))]
