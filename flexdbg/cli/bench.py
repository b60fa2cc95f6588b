"""`bench`: measurements of kernels beside published ones, and of the simulator itself."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flexdbg.cli.options import INTERRUPTED, OneLineParser, Subcommands, positive
from flexdbg.errors import FlexdbgError

if TYPE_CHECKING:
    from flexdbg.bench.measurement import Job, Results
    from flexdbg.bench.report import Report

__all__ = ["add_bench"]


def add_bench(commands: Subcommands) -> None:
    parser = commands.add_parser("bench", help="measurements")
    kinds = parser.add_subparsers(
        title="measurements", metavar="WHAT", required=True, parser_class=OneLineParser
    )
    speed = kinds.add_parser("speed", help="how fast the simulator runs on this computer")
    speed.add_argument("--json", action="store_true", help="one JSON object")
    speed.set_defaults(action=_bench_speed)
    gdb = kinds.add_parser("gdb", help="what debugging through the GDB stub costs")
    gdb.add_argument("--json", action="store_true", help="a list of objects")
    gdb.add_argument(
        "--far", type=positive, default=100_000_000, metavar="N", help="instructions to the far breakpoint"
    )
    gdb.set_defaults(action=_bench_gdb)
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
        "-j", "--jobs", type=positive, default=1, metavar="N", help="processes at a time (default 1)"
    )
    parser.add_argument("--no-cache", action="store_true", help="measure anew and keep nothing")
    parser.add_argument("--config", metavar="FILE", help="preset or TOML file of the machine")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change one key of it"
    )


def _new_file(text: str) -> Path:
    """A file that can be written later: better to know before the measurements than after."""
    path = Path(text)
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"cannot write {text!r}: no such directory, or it is one")
    return path


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
    return INTERRUPTED


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
