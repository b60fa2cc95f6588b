"""The shipped firmware: complete, unmodified, rebuildable, and readable by a debugger."""

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from flexdbg.catalog import BundledProgram, bundled_program, bundled_programs
from flexdbg.debug.symbols import SymbolTable
from flexdbg.errors import UnknownProgramError
from flexdbg.machine.loader import load_program

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "firmware" / "build.py"
# One program for each file: the layers of a library share theirs.
EVERY_PROGRAM = pytest.mark.parametrize(
    "program",
    list({program.elf: program for program in bundled_programs()}.values()),
    ids=lambda program: program.elf,
)


def build(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(BUILD), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def elf_of(program: BundledProgram) -> ELFFile:
    return ELFFile(io.BytesIO(program.path.read_bytes()))


@EVERY_PROGRAM
def test_shipped_file_is_the_one_in_the_catalogue(program: BundledProgram) -> None:
    assert hashlib.sha256(program.path.read_bytes()).hexdigest() == program.sha256


def test_names_are_unique_and_summaries_short() -> None:
    names = [program.name for program in bundled_programs()]
    assert len(set(names)) == len(names)
    assert all(0 < len(program.summary) <= 80 for program in bundled_programs())


def test_unknown_name_suggests_near_ones() -> None:
    with pytest.raises(UnknownProgramError, match="matmul-a8w4"):
        bundled_program("matmul-a8w44")


def test_matmul_entries_count_their_macs() -> None:
    assert bundled_program("matmul-a8w4").macs == 256 * 64 * 288
    assert bundled_program("hello").macs is None


@pytest.mark.slow
def test_shipped_files_equal_rebuilt_ones(tool: Callable[[str], str]) -> None:
    tool("riscv64-unknown-elf-gcc")
    shipped = json.loads((ROOT / "firmware" / "prebuilt" / "catalog.json").read_text(encoding="utf-8"))
    version = build("--toolchain")
    assert version.returncode == 0, f"install gcc-riscv64-unknown-elf: {version.stderr}"
    assert version.stdout.strip() == shipped["toolchain"]
    check = build("--check")
    assert check.returncode == 0, check.stdout + check.stderr


@EVERY_PROGRAM
def test_debug_information_names_no_place_of_the_build_machine(program: BundledProgram) -> None:
    for unit in elf_of(program).get_dwarf_info().iter_CUs():
        top = unit.get_top_DIE().attributes
        assert top["DW_AT_comp_dir"].value == b"firmware"
        assert not top["DW_AT_name"].value.startswith(b"/")


@EVERY_PROGRAM
def test_every_function_has_a_call_frame_description(program: BundledProgram) -> None:
    elf = elf_of(program)
    described = {
        entry["initial_location"]
        for entry in elf.get_dwarf_info().CFI_entries()
        if "initial_location" in entry.header
    }
    functions = {
        symbol["st_value"]: symbol.name
        for symbol in elf.get_section_by_name(".symtab").iter_symbols()
        if symbol["st_info"]["type"] == "STT_FUNC" and symbol.name != "_vectors"
    }
    assert {name for address, name in functions.items() if address not in described} == set()


@EVERY_PROGRAM
def test_files_hold_no_large_runs_of_zeros(program: BundledProgram) -> None:
    assert bytes(2048) not in program.path.read_bytes()


@pytest.mark.parametrize("name", ["conv-a8w8o8", "conv-a4w2o8-xpulpnn", "conv-a2w2o8-mpic", "digits-a4w2"])
def test_kernels_of_layers_show_their_own_source_lines(name: str) -> None:
    """Also where one text file holds the assembly of a whole library."""
    program = bundled_program(name)
    table = SymbolTable(load_program(program.path))
    symbols = elf_of(program).get_section_by_name(".symtab").iter_symbols()
    kernels = {
        symbol["st_value"]: symbol.name
        for symbol in symbols
        if symbol.name.startswith(("conv_matmul_", "conv_requantize_", "conv_published_"))
        and symbol["st_info"]["type"] == "STT_FUNC"
    }
    assert kernels
    for address, symbol in kernels.items():
        line = table.line_at(address)
        assert line is not None, symbol
        text = table.source(line.file)
        assert text is not None, line.file
        # The first instruction follows the label, with directives between them.
        before = [row.strip() for row in text[: line.line - 1] if not row.strip().startswith(".cfi")]
        assert [row for row in before if not row.startswith(".LFB")][-1] == f"{symbol}:"
