"""Program files: what is accepted, and what is said about the rest."""

import contextlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexdbg import ClusterConfig, load_program
from flexdbg.debug.symbols import SymbolTable
from flexdbg.errors import ProgramError
from flexdbg.machine.loader import parse_program

CODE = bytes.fromhex("13000000" * 4 + "6f000000")
MakeElf = Callable[..., bytes]


def test_elf_segments_and_entry(make_elf: MakeElf) -> None:
    image = make_elf(CODE, entry=0x1C008084, data={0x10000004: b"\x01\x02\x03"}, memory_size=64)
    program = parse_program(image, "a.elf")
    assert program.entry == 0x1C008084
    assert [(s.address, s.data, s.memory_size) for s in program.segments] == [
        (0x10000004, b"\x01\x02\x03", 3),
        (0x1C008080, CODE, 64),
    ]


def test_bundled_programs_load() -> None:
    from flexdbg.catalog import bundled_programs

    for bundled in bundled_programs():
        load_program(bundled.path).check_fits(ClusterConfig())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"elf_class": 2}, "a 64-bit ELF; this machine runs 32-bit RISC-V programs"),
        ({"order": 2}, "a big-endian ELF"),
        ({"elf_class": 7}, "not a valid ELF"),
        ({"machine": 40}, "an ELF for ARM"),
        ({"machine": 62}, "an ELF for x86-64"),
        ({"kind": 1}, "an object file; link it first"),
        ({"kind": 3}, "a shared object"),
        ({"entry": 0x1C008081}, "entry 0x1c008081 is odd"),
        ({"memory_size": 4}, "20 bytes in the file, 4 in memory"),
        ({"data": {0x1C008084: b"abcd"}}, "segments overlap"),
        ({"data": {0xFFFFFFFE: b"abcdefgh"}}, "runs past the 32-bit address space"),
    ],
)
def test_foreign_and_damaged_elfs(make_elf: MakeElf, changes: dict[str, object], message: str) -> None:
    with pytest.raises(ProgramError) as caught:
        parse_program(make_elf(CODE, **changes), "a.elf")
    assert message in str(caught.value)
    assert str(caught.value).startswith("a.elf: ")


@pytest.mark.parametrize("size", [0, 3, 10, 40, 60, 90])
def test_truncated_elfs(make_elf: MakeElf, size: int) -> None:
    with pytest.raises(ProgramError):
        parse_program(make_elf(CODE)[:size], "a.elf")


def test_a_truncated_segment_is_named(make_elf: MakeElf) -> None:
    image = make_elf(CODE * 100)
    with pytest.raises(ProgramError, match="truncated"):
        parse_program(image[:600], "a.elf")


@pytest.mark.parametrize(
    ("address", "size"), [(0x20000000, 20), (0x1C18FFF0, 20), (0x0FFFFFF0, 20), (0x1001FFF0, 64)]
)
def test_segments_outside_memory(make_elf: MakeElf, address: int, size: int) -> None:
    program = parse_program(make_elf(bytes(size), address), "a.elf")
    with pytest.raises(ProgramError, match="outside the memories: TCDM 0x10000000"):
        program.check_fits(ClusterConfig())


def test_an_entry_outside_memory(make_elf: MakeElf) -> None:
    with pytest.raises(ProgramError, match="entry 0x00000100 lies outside"):
        parse_program(make_elf(CODE, entry=0x100), "a.elf").check_fits(ClusterConfig())


def test_no_loadable_segment(make_elf: MakeElf) -> None:
    with pytest.raises(ProgramError, match="nothing to load"):
        parse_program(make_elf(b""), "a.elf")


def test_raw_images_go_behind_the_vectors() -> None:
    program = parse_program(b"\x13\0\0\0\x01", "a.bin")
    assert program.entry == 0x1C008080
    assert program.segments[0].data == b"\x13\0\0\0\x01\0\0\0"


def test_hex_words_and_addresses() -> None:
    text = b"# start\n@1c008000 00000013 0x6f // end\n@10000000 deadbeef\n"
    program = parse_program(text, "a.hex")
    assert program.entry == 0x1C008000
    assert [s.address for s in program.segments] == [0x1C008000, 0x10000000]
    assert program.segments[1].data == bytes.fromhex("efbeadde")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"13\nxyz\n", "line 2: 'xyz'"),
        (b"123456789", "expected a 32-bit word"),
        (b"@1c008002 13", "must be a multiple of 4"),
        (b"# nothing\n", "nothing to load"),
        (b"\xff\xfe", "is not ASCII"),
        (b"", "the file is empty"),
    ],
)
def test_wrong_hex_files(text: bytes, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        parse_program(text, "a.hex")


def test_files_of_no_known_kind() -> None:
    with pytest.raises(ProgramError, match="not an ELF file"):
        parse_program(b"hello", "notes.txt")


def test_missing_files_and_directories(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="No such file"):
        load_program(tmp_path / "missing.elf")
    with pytest.raises(ProgramError, match="directory"):
        load_program(tmp_path)


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_magic_load_or_are_refused(content: bytes) -> None:
    with contextlib.suppress(ProgramError):
        parse_program(b"\x7fELF\x01\x01\x01" + content, "fuzz.elf").check_fits(ClusterConfig())


@given(st.data())
def test_damaged_elfs_load_or_are_refused(make_elf: MakeElf, data: st.DataObject) -> None:
    image = bytearray(make_elf(CODE, symbols={"main": (0x1C008080, 20, "func")}))
    for _ in range(data.draw(st.integers(1, 6))):
        image[data.draw(st.integers(4, len(image) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(image)))
    with contextlib.suppress(ProgramError):
        parse_program(bytes(image[:cut]), "fuzz.elf").check_fits(ClusterConfig())


@given(st.binary(max_size=80), st.sampled_from([".hex", ".bin", ".txt", ""]))
def test_any_raw_file_loads_or_is_refused(content: bytes, suffix: str) -> None:
    with contextlib.suppress(ProgramError):
        parse_program(content, "fuzz" + suffix)


def test_assembly_is_a_program(tmp_path: Path) -> None:
    """It starts at _start, its labels are symbols, and a mistake is named by its line."""
    path = tmp_path / "kernel.S"
    path.write_text("other: nop\n_start:\n    li a0, 5\n    j .\n")
    program = load_program(path)
    assert program.entry == 0x1C00_8084
    assert program.segments[0].data[:4] == bytes.fromhex("13000000")
    path.write_text("_start:\n    foo a0\n")
    with pytest.raises(ProgramError, match=r"kernel\.S:2: unknown instruction 'foo'"):
        load_program(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ProgramError, match="not text in UTF-8"):
        load_program(path)


def test_a_program_without_its_section_headers_runs_without_names(
    make_elf: MakeElf, tmp_path: Path, cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    image = make_elf(CODE, symbols={"main": (0x1C008080, 20, "func")})
    headers = int.from_bytes(image[0x20:0x24], "little")
    path = tmp_path / "cut.elf"
    path.write_bytes(image[: headers + 8])
    program = load_program(path)
    assert program.segments[0].data == CODE
    assert "section headers" in program.warnings[0]
    for arguments in (
        ("run", str(path), "--max-cycles", "100"),
        ("repl", str(path), "--batch", "-ex", "info line main"),
    ):
        result = cli(*arguments)
        assert "warning: cut.elf: damaged or truncated section headers" in result.stderr
        assert "Traceback" not in result.stderr


@given(st.data())
def test_damaged_names_and_lines_are_read_or_noted(root: Path, data: st.DataObject) -> None:
    """Damage outside of what is loaded."""
    image = bytearray((root / "firmware" / "prebuilt" / "hello.elf").read_bytes())
    whole = parse_program(bytes(image), "hello.elf")
    first = max(image.find(segment.data) + len(segment.data) for segment in whole.segments if segment.data)
    for _ in range(data.draw(st.integers(1, 40))):
        image[data.draw(st.integers(first, len(image) - 1))] = data.draw(st.integers(0, 255))
    program = parse_program(bytes(image), "fuzz.elf")
    symbols = SymbolTable(program)
    for address in (program.entry, program.entry + 0x100):
        symbols.name_of(address), symbols.line_at(address), symbols.frame_table(address)
    for text in symbols.take_damage():
        assert text.startswith("fuzz.elf: damaged ")
