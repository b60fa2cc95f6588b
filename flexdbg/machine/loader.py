"""Program files: ELF (through pyelftools), raw binaries and hex text, as segments and an entry point."""

import io
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from flexdbg.errors import ProgramError
from flexdbg.machine.config import ClusterConfig

__all__ = ["AssemblySource", "Program", "Segment", "elf_damage", "load_program", "parse_program"]

# Raw images have no addresses of their own: the place and entry of PULP's link scripts
# (pulp-platform/pulp-runtime:kernel/chips/pulp/link.ld), after 32 trap vectors.
RAW_BASE = 0x1C00_8080

_RISCV = "EM_RISCV"
_MACHINES = {
    "EM_ARM": "ARM",
    "EM_AARCH64": "AArch64",
    "EM_386": "x86",
    "EM_X86_64": "x86-64",
    "EM_MIPS": "MIPS",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes to be placed at a physical address; `memory_size` beyond them is zero."""

    address: int
    data: bytes
    memory_size: int

    @property
    def end(self) -> int:
        return self.address + self.memory_size


@dataclass(frozen=True, slots=True)
class AssemblySource:
    """The text a program was assembled from: what a line table says about one that a toolchain built."""

    file: str
    lines: tuple[str, ...]
    rows: tuple[tuple[int, int, int], ...]  # (start, end, line number from 1) of each line's code, by address


@dataclass(frozen=True, slots=True)
class Program:
    """A loadable program; `image` keeps the ELF for symbols and line tables."""

    name: str
    kind: str  # "elf", "bin" or "hex"
    entry: int
    segments: tuple[Segment, ...]
    image: bytes = field(default=b"", repr=False)
    path: Path | None = None
    warnings: tuple[str, ...] = ()
    assembly: AssemblySource | None = field(default=None, repr=False)

    def check_fits(self, config: ClusterConfig) -> None:
        """Refuse segments outside the memories of this machine."""
        memories = (
            ("TCDM", config.tcdm_base, config.tcdm_size),
            ("L2", config.l2_base, config.l2_size),
        )
        for segment in self.segments:
            if any(base <= segment.address and segment.end <= base + size for _, base, size in memories):
                continue
            places = " and ".join(
                f"{name} 0x{base:08x}..0x{base + size - 1:08x}" for name, base, size in memories
            )
            raise ProgramError(
                f"{self.name}: segment 0x{segment.address:08x}..0x{segment.end - 1:08x} "
                f"({segment.memory_size} bytes) lies outside the memories: {places}"
            )
        base, size = config.l2_base, config.l2_size
        tcdm = range(config.tcdm_base, config.tcdm_base + config.tcdm_size)
        if not base <= self.entry < base + size and self.entry not in tcdm:
            raise ProgramError(f"{self.name}: entry 0x{self.entry:08x} lies outside the memories")


def load_program(path: str | Path) -> Program:
    """Read a program file; the kind follows from its content and, for raw files, its suffix."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise ProgramError(
            f"cannot read {str(path)!r}: {getattr(error, 'strerror', None) or error}"
        ) from error
    return parse_program(data, path.name, path)


def parse_program(data: bytes, name: str, path: Path | None = None) -> Program:
    """A program from the bytes of a file called `name`."""
    suffix = Path(name).suffix.lower()
    if not data:
        raise ProgramError(f"{name}: the file is empty")
    if data[:4] == b"\x7fELF":
        return _parse_elf(data, name, path)
    if suffix == ".bin":
        padded = data + bytes(-len(data) % 4)
        return Program(name, "bin", RAW_BASE, (Segment(RAW_BASE, padded, len(padded)),), path=path)
    if suffix == ".hex":
        return _parse_hex(data, name, path)
    if suffix == ".s":
        from flexdbg.machine.assembled import assembled_program

        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ProgramError(f"{name}: not text in UTF-8") from error
        return assembled_program(text, name, path=path, entry="_start")
    raise ProgramError(
        f"{name}: not an ELF file (raw images need the suffix .bin, words in hex .hex, assembly .S)"
    )


def _parse_elf(data: bytes, name: str, path: Path | None) -> Program:
    if len(data) < 20:
        raise ProgramError(f"{name}: truncated: the ELF header has 52 bytes, the file {len(data)}")
    elf_class, order = data[4], data[5]
    if elf_class == 2:
        raise ProgramError(f"{name}: a 64-bit ELF; this machine runs 32-bit RISC-V programs")
    if order == 2:
        raise ProgramError(f"{name}: a big-endian ELF; this machine is little-endian")
    if elf_class != 1 or order != 1:
        raise ProgramError(f"{name}: not a valid ELF: class {elf_class}, data encoding {order}")
    from elftools.elf.elffile import ELFFile

    damage = elf_damage()
    try:
        elf = ELFFile(io.BytesIO(data))
        machine, kind, entry = elf["e_machine"], elf["e_type"], elf["e_entry"]
    except damage as error:
        raise ProgramError(f"{name}: damaged or truncated ELF header: {error}") from error
    if machine != _RISCV:
        shown = _MACHINES.get(machine, str(machine).removeprefix("EM_"))
        raise ProgramError(f"{name}: an ELF for {shown}; this machine runs 32-bit RISC-V programs")
    if kind != "ET_EXEC":
        what = {
            "ET_REL": "an object file; link it first",
            "ET_DYN": "a shared object",
            "ET_CORE": "a core dump",
        }
        raise ProgramError(f"{name}: not an executable: {what.get(kind, f'type {kind}')}")
    segments = []
    try:
        for number, header in enumerate(elf.iter_segments()):
            if header["p_type"] != "PT_LOAD" or header["p_memsz"] == 0:
                continue
            segments.append(_segment(data, name, number, dict(header.header)))
    except damage as error:
        raise ProgramError(f"{name}: damaged or truncated program headers: {error}") from error
    if not segments:
        raise ProgramError(f"{name}: nothing to load: the ELF has no loadable segment")
    segments.sort(key=lambda segment: segment.address)
    for before, after in pairwise(segments):
        if before.end > after.address:
            raise ProgramError(
                f"{name}: segments overlap: 0x{before.address:08x}..0x{before.end - 1:08x} and "
                f"0x{after.address:08x}..0x{after.end - 1:08x}"
            )
    if entry % 2:
        raise ProgramError(f"{name}: entry 0x{entry:08x} is odd; instructions start at even addresses")
    try:
        sections = list(elf.iter_sections())
    except damage as error:
        # What is to be loaded is sound: the program runs, without names.
        unnamed = f"{name}: damaged or truncated section headers, so no symbols and no lines: {error}"
        return Program(name, "elf", entry, tuple(segments), b"", path, (unnamed,))
    return Program(name, "elf", entry, tuple(segments), data, path, _relaxation_warnings(sections, damage))


def elf_damage() -> tuple[type[Exception], ...]:
    """What damage in a file surfaces as from inside pyelftools; imported late, since it is slow."""
    from elftools.common.exceptions import DWARFError, ELFError
    from elftools.construct import ConstructError

    return (
        ELFError,
        DWARFError,
        ConstructError,
        ValueError,
        LookupError,
        ArithmeticError,
        TypeError,
        AttributeError,
        NameError,
        AssertionError,
        NotImplementedError,
        RecursionError,
        EOFError,
        struct.error,
    )


def _segment(data: bytes, name: str, number: int, header: dict[str, int]) -> Segment:
    offset, file_size, memory_size = header["p_offset"], header["p_filesz"], header["p_memsz"]
    # Physical addresses: PULP links tiny data to one address and loads it from another.
    address = header["p_paddr"]
    if file_size > memory_size:
        raise ProgramError(
            f"{name}: segment {number}: {file_size} bytes in the file, {memory_size} in memory"
        )
    if offset + file_size > len(data):
        raise ProgramError(
            f"{name}: truncated: segment {number} needs bytes {offset}..{offset + file_size - 1}, "
            f"the file has {len(data)}"
        )
    if address + memory_size > 1 << 32:
        raise ProgramError(f"{name}: segment {number} at 0x{address:08x} runs past the 32-bit address space")
    return Segment(address, data[offset : offset + file_size], memory_size)


def _relaxation_warnings(sections: list[Any], damage: tuple[type[Exception], ...]) -> tuple[str, ...]:
    """Hardware-loop relocations left by the PULP linker show that the code was linked with relaxation."""
    from elftools.elf.relocation import RelocationSection

    # R_RISCV_RELAX = 51 beside the fork's own loop relocations 58 and 59: the linker shortened code inside
    # loop bodies whose end was fixed earlier.
    try:
        for section in sections:
            if not isinstance(section, RelocationSection):
                continue
            kinds = {relocation["r_info_type"] for relocation in section.iter_relocations()}
            if 51 in kinds and kinds & {58, 59}:
                return (
                    f"{section.name}: linked with relaxation although it contains hardware loops: loop ends "
                    "may be wrong; assemble with -mno-relax",
                )
    except damage:
        return ()  # only a hint, and the loadable part of the file is sound
    return ()


_WORD = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,8})")


def _parse_hex(data: bytes, name: str, path: Path | None) -> Program:
    """Words in hex, any number a line; `@ADDRESS` moves, `#` and `//` start comments."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise ProgramError(f"{name}: byte {error.start} is not ASCII; expected words in hex") from error
    runs: list[tuple[int, bytearray]] = []
    address = RAW_BASE
    for number, line in enumerate(text.splitlines(), 1):
        for word in _words(line):
            moved = word.startswith("@")
            match = _WORD.fullmatch(word.removeprefix("@"))
            if match is None:
                raise ProgramError(
                    f"{name}: line {number}: {word!r}: expected a 32-bit word in hex or @ADDRESS"
                )
            value = int(match[1], 16)
            if moved:
                if value % 4:
                    raise ProgramError(
                        f"{name}: line {number}: address 0x{value:08x}: must be a multiple of 4"
                    )
                address = value
                continue
            if not runs or runs[-1][0] + len(runs[-1][1]) != address:
                runs.append((address, bytearray()))
            runs[-1][1].extend(value.to_bytes(4, "little"))
            address += 4
    if not runs:
        raise ProgramError(f"{name}: nothing to load: the file has no words")
    segments = tuple(Segment(start, bytes(body), len(body)) for start, body in runs)
    return Program(name, "hex", segments[0].address, segments, path=path)


def _words(line: str) -> Sequence[str]:
    return re.split(r"#|//", line, maxsplit=1)[0].split()
