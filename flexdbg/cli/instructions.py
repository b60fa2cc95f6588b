"""`asm`, `disasm`, `isa` and `explain`: the instruction set without a machine."""

import argparse
import sys
from pathlib import Path

from flexdbg.cli.options import CORES, Subcommands

__all__ = ["add_isa_tools"]


def add_isa_tools(commands: Subcommands) -> None:
    parser = commands.add_parser("asm", help="assemble: text to hex words")
    parser.add_argument(
        "text", nargs="*", metavar="LINE", help="assembly text; - or nothing reads standard input"
    )
    parser.add_argument("--origin", type=_address, metavar="ADDRESS", help="address of the first word")
    parser.add_argument("--core", choices=CORES, help="refuse what this core lacks")
    parser.set_defaults(action=_asm)
    parser = commands.add_parser("disasm", help="disassemble: hex words to text")
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="instruction words in hex; - reads standard input"
    )
    parser.add_argument("--origin", type=_address, metavar="ADDRESS", help="address of the first word")
    parser.add_argument("--core", choices=CORES, help="decode as this core does")
    parser.set_defaults(action=_disasm)
    parser = commands.add_parser("isa", help="reference pages of the instructions")
    parser.add_argument(
        "words", nargs="*", metavar="NAME", help="mnemonic or extension; nothing lists the extensions"
    )
    parser.add_argument("--find", action="store_true", help="search names and summaries for the words")
    parser.add_argument("--core", choices=CORES, help="only what this core has")
    parser.add_argument("--html", type=Path, metavar="DIR", help="write all pages as a static HTML site")
    parser.set_defaults(action=_isa)
    parser = commands.add_parser("explain", help="one instruction: bits, operands, operation, lanes, timing")
    parser.add_argument(
        "words",
        nargs="+",
        metavar="WORD|TEXT|NAME=VALUE",
        help="an instruction word in hex or assembly text; a1=0x7f02 gives it values to work on",
    )
    parser.add_argument("--core", choices=CORES, help="decode as this core does")
    parser.set_defaults(action=_explain)


def _address(text: str) -> int:
    try:
        number = int(text.replace("_", ""), 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address") from None
    if not 0 <= number < 1 << 32 or number % 2:
        raise argparse.ArgumentTypeError(f"{text}: allowed is an even address from 0 to 0xfffffffe")
    return number


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
