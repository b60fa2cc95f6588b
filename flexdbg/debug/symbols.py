"""Symbols of a program and its source lines, from DWARF or from our assembler, read when first needed."""

import io
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from flexdbg.machine.loader import Program, elf_damage

if TYPE_CHECKING:
    from elftools.dwarf.dwarfinfo import DWARFInfo
    from elftools.elf.elffile import ELFFile

    from flexdbg.debug.dwarf.program import DebugProgram

_T = TypeVar("_T")

_EXECUTABLE = 4  # SHF_EXECINSTR

__all__ = ["LineRow", "SourceLine", "Symbol", "SymbolTable"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named address; `size` 0 means unknown."""

    name: str
    address: int
    size: int
    kind: str  # "func", "object" or "label"

    @property
    def end(self) -> int:
        return self.address + self.size


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A place in the sources."""

    file: str
    line: int

    @property
    def short(self) -> str:
        return f"{PurePosixPath(self.file).name}:{self.line}"


@dataclass(frozen=True, slots=True)
class LineRow:
    """Code of one line: addresses from `start` up to `end`."""

    start: int
    end: int
    line: SourceLine
    is_statement: bool = True
    optimized: bool = False


class SymbolTable:
    """Names, addresses and source lines of one program; empty for raw images."""

    def __init__(self, program: Program | None = None) -> None:
        self._program = program
        self._sources: dict[str, list[str] | None] = {}
        self._damage: list[str] = []
        self._files_of: dict[int, _FileNames] = {}

    def take_damage(self) -> list[str]:
        """What could not be read since the last call, one sentence each; the rest goes on without it."""
        found, self._damage = self._damage, []
        return found

    def readable(self, what: str, read: Callable[[], _T], otherwise: _T) -> _T:
        """What `read` gives; `otherwise`, and a note, where the file is damaged there."""
        try:
            return read()
        except elf_damage() as error:
            name = self._program.name if self._program else "?"
            self._damage.append(f"{name}: damaged {what}: {error}")
            return otherwise

    # Symbols

    @cached_property
    def symbols(self) -> list[Symbol]:
        """All named symbols by address; mapping symbols and local labels left out."""
        return self.readable("symbol table", self._read_symbols, [])

    def _read_symbols(self) -> list[Symbol]:
        if self._elf is None:
            return []
        from elftools.elf.sections import SymbolTableSection

        kinds = {"STT_FUNC": "func", "STT_OBJECT": "object", "STT_NOTYPE": "label"}
        found = []
        for section in self._elf.iter_sections():
            if not isinstance(section, SymbolTableSection):
                continue
            for entry in section.iter_symbols():
                kind = kinds.get(entry["st_info"]["type"])
                hidden = not entry.name or entry.name.startswith(("$", ".L"))
                if kind is None or hidden or entry["st_shndx"] == "SHN_UNDEF":
                    continue
                found.append(Symbol(entry.name, entry["st_value"], entry["st_size"], kind))
        # Where several names share an address, functions come last so that look-ups prefer them.
        rank = {"label": 0, "object": 1, "func": 2}
        return sorted(found, key=lambda symbol: (symbol.address, rank[symbol.kind]))

    @cached_property
    def _by_name(self) -> dict[str, Symbol]:
        return {symbol.name: symbol for symbol in self.symbols}

    @cached_property
    def _placed(self) -> tuple[list[int], list[Symbol]]:
        """Symbols that lie inside a loaded segment, for address look-ups: linker constants stay out."""
        segments = self._program.segments if self._program else ()
        placed = [s for s in self.symbols if any(g.address <= s.address < g.end for g in segments)]
        return [symbol.address for symbol in placed], placed

    def names(self) -> list[str]:
        return sorted(self._by_name)

    def find(self, name: str) -> Symbol | None:
        return self._by_name.get(name)

    def at(self, address: int) -> Symbol | None:
        """The symbol that contains an address: the nearest sized one around it, else the nearest before."""
        addresses, placed = self._placed
        index = bisect_right(addresses, address) - 1
        nearest = None
        # A few steps back are enough: labels inside a function hide it only until its own entry.
        for candidate in reversed(placed[max(index - 64, 0) : index + 1]):
            if candidate.size and candidate.address <= address < candidate.end and candidate.kind != "label":
                return candidate
            if nearest is None:
                nearest = candidate
        if nearest is None or (nearest.size and address >= nearest.end):
            return None
        return nearest

    def function_at(self, address: int) -> Symbol | None:
        """The code symbol around an address; hand-written code has labels instead of functions."""
        symbol = self.at(address)
        return symbol if symbol is not None and symbol.kind != "object" else None

    def name_of(self, address: int) -> str:
        """`symbol+0x12`, or nothing."""
        symbol = self.at(address)
        if symbol is None:
            return ""
        offset = address - symbol.address
        return f"{symbol.name}+0x{offset:x}" if offset else symbol.name

    def place_name(self, address: int) -> str:
        """`symbol+18` as gdb writes it behind a pointer: data needs a symbol with a size that contains it."""
        symbol = self.at(address)
        if symbol is None or (not symbol.size and not self._is_code(address)):
            return ""
        offset = address - symbol.address
        return f"{symbol.name}+{offset}" if offset else symbol.name

    def _is_code(self, address: int) -> bool:
        return any(start <= address < end for start, end in self._code)

    @cached_property
    def _code(self) -> list[tuple[int, int]]:
        """Where the sections of code lie; without sections, where the program starts."""

        def read() -> list[tuple[int, int]]:
            sections = self._elf.iter_sections() if self._elf is not None else ()
            return [
                (section["sh_addr"], section["sh_addr"] + section["sh_size"])
                for section in sections
                if section["sh_flags"] & _EXECUTABLE
            ]

        none: list[tuple[int, int]] = []
        found = self.readable("section headers", read, none)
        if not found and self._program is not None:
            segments = self._program.segments
            found = [(s.address, s.end) for s in segments if s.address <= self._program.entry < s.end]
        return found

    # Lines

    @cached_property
    def rows(self) -> list[LineRow]:
        """The line table by address, sequences of dropped functions left out."""
        return self.readable("line table", self._read_rows, [])

    def _read_rows(self) -> list[LineRow]:
        assembly = self._program.assembly if self._program is not None else None
        if assembly is not None:
            # Like other assembly, without a prologue to skip.
            return [
                LineRow(start, end, SourceLine(assembly.file, line), optimized=True)
                for start, end, line in assembly.rows
            ]
        dwarf = self.dwarf
        if dwarf is None or self._program is None:
            return []
        segments = self._program.segments
        rows = []
        for unit in dwarf.iter_CUs():
            program = dwarf.line_program_for_CU(unit)
            if program is None:
                continue
            files = _FileNames(program, unit)
            optimized = _is_optimized(unit)
            previous = None
            for entry in program.get_entries():
                state = entry.state
                if state is None:
                    continue
                if previous is not None and previous.address < state.address:
                    start = previous.address
                    if any(segment.address <= start < segment.end for segment in segments):
                        line = SourceLine(files.name(previous.file), previous.line)
                        rows.append(LineRow(start, state.address, line, bool(previous.is_stmt), optimized))
                    previous = None
                if state.end_sequence:
                    previous = None
                # Of several rows at one address the last statement counts: that is where a debugger stops.
                elif previous is None or state.is_stmt or not previous.is_stmt:
                    previous = state
        rows.sort(key=lambda row: row.start)
        return rows

    @cached_property
    def _row_starts(self) -> list[int]:
        return [row.start for row in self.rows]

    def row_at(self, address: int) -> LineRow | None:
        index = bisect_right(self._row_starts, address) - 1
        if index < 0:
            return None
        row = self.rows[index]
        # Line 0 marks code that belongs to no line.
        return row if address < row.end and row.line.line > 0 else None

    def line_at(self, address: int) -> SourceLine | None:
        row = self.row_at(address)
        return row.line if row else None

    def main_line(self) -> SourceLine | None:
        """Where `main` begins: the place to show before the program runs."""
        symbol = self.find("main")
        return self.line_at(symbol.address) if symbol is not None else None

    def line_ranges(self, address: int) -> list[tuple[int, int]]:
        """Address ranges of the line at `address` inside its function, merged where they touch."""
        row = self.row_at(address)
        return self.ranges_of(row.line, address) if row is not None else []

    def ranges_of(self, line: SourceLine, address: int) -> list[tuple[int, int]]:
        """The ranges of a line in the function around an address."""
        function = self.function_at(address)
        ranges: list[tuple[int, int]] = []
        for other in self.rows:
            if other.line != line or (function and function.size and not _within(other, function)):
                continue
            if ranges and ranges[-1][1] == other.start:
                ranges[-1] = (ranges[-1][0], other.end)
            else:
                ranges.append((other.start, other.end))
        return ranges

    def addresses_of(self, file: str, line: int) -> list[int]:
        """Where a breakpoint for FILE:LINE goes: the first code of that line or of the next that has code."""
        candidates = [row for row in self.rows if row.line.line >= line and _names(row.line.file, file)]
        if not candidates:
            return []
        chosen = min(row.line.line for row in candidates)
        starts: dict[str, int] = {}
        for row in candidates:
            if row.line.line != chosen:
                continue
            function = self.function_at(row.start)
            key = function.name if function else ""
            starts.setdefault(key, row.start)
        return sorted(starts.values())

    def after_prologue(self, symbol: Symbol) -> int:
        """Where `break FUNCTION` stops: at the second row of the line table, as in gdb.

        Optimised code and assembly have no prologue that a debugger must wait for: there it is the entry.
        """
        first = self.row_at(symbol.address)
        if first is None or symbol.kind != "func" or first.optimized:
            return symbol.address
        for row in self.rows[bisect_right(self._row_starts, symbol.address) :]:
            if row.start >= symbol.end:
                break
            if row.line.line and row.is_statement:
                return row.start
        return symbol.address

    def files(self) -> list[str]:
        return sorted({row.line.file for row in self.rows})

    # Source text

    def source(self, file: str) -> list[str] | None:
        """The lines of a source file, None if it is not on this machine."""
        if file not in self._sources:
            self._sources[file] = self._read_source(file)
        return self._sources[file]

    def _read_source(self, file: str) -> list[str] | None:
        assembly = self._program.assembly if self._program is not None else None
        if assembly is not None and file == assembly.file:
            return list(assembly.lines)  # as it was assembled, whatever became of the file
        path = Path(file)
        places = [path]
        if self._program is not None and self._program.path is not None:
            directory = self._program.path.resolve().parent
            # Bundled programs carry their sources beside them, under the names of the build.
            places += [directory / path.name, directory / "src" / path.name]
            places += [
                parent / file for parent in (directory, *directory.parents[:4]) if not path.is_absolute()
            ]
        for place in places:
            try:
                return place.read_text(encoding="utf-8", errors="replace").splitlines()
            except OSError:
                continue
        return None

    # Call frames

    @cached_property
    def _frame_entries(self) -> list[tuple[int, int, Any]]:
        return self.readable("call frames", self._read_frames, [])

    def _read_frames(self) -> list[tuple[int, int, Any]]:
        dwarf = self.dwarf
        if dwarf is None:
            return []
        from elftools.dwarf.callframe import FDE

        entries = list(dwarf.CFI_entries()) if dwarf.has_CFI() else []
        entries += list(dwarf.EH_CFI_entries()) if dwarf.has_EH_CFI() else []
        found = [entry for entry in entries if isinstance(entry, FDE)]
        spans = [(e["initial_location"], e["initial_location"] + e["address_range"], e) for e in found]
        return sorted(spans, key=lambda span: span[0])

    def frame_table(self, address: int) -> list[dict[Any, Any]]:
        """The decoded call-frame rows of the function at an address, as pyelftools gives them."""
        index = bisect_right(self._frame_entries, address, key=lambda span: span[0])
        for start, end, entry in reversed(self._frame_entries[max(index - 2, 0) : index]):
            if start <= address < end:
                return self.readable("call frames", partial(_frame_rows, entry), [])
        return []

    # Variables, types and scopes

    @cached_property
    def debug(self) -> "DebugProgram | None":
        """What the debug information says about scopes, variables and types; None without any."""
        if self.dwarf is None:
            return None
        from flexdbg.debug.dwarf.program import DebugProgram

        return DebugProgram(self.dwarf, partial(self.readable, "debug information"), self._file_name)

    def _file_name(self, unit: Any, index: int) -> str:
        return self.readable("line table", lambda: self._unit_files(unit).name(index), "??")

    def _unit_files(self, unit: Any) -> "_FileNames":
        known = self._files_of.get(unit.cu_offset)
        if known is None:
            program = self.dwarf.line_program_for_CU(unit) if self.dwarf is not None else None
            known = self._files_of[unit.cu_offset] = _FileNames(program, unit)
        return known

    # The file itself

    @cached_property
    def _elf(self) -> "ELFFile | None":
        if self._program is None or not self._program.image:
            return None
        from elftools.elf.elffile import ELFFile

        return ELFFile(io.BytesIO(self._program.image))

    @cached_property
    def dwarf(self) -> "DWARFInfo | None":
        return self.readable("debug information", self._read_dwarf, None)

    def _read_dwarf(self) -> "DWARFInfo | None":
        if self._elf is None or not self._elf.has_dwarf_info():
            return None
        return self._elf.get_dwarf_info()


class _FileNames:
    """File names of one line program; tables of DWARF 5 count from 0, older ones from 1."""

    def __init__(self, program: object, unit: object) -> None:
        header = program.header  # type: ignore[attr-defined]
        self._first = 0 if header["version"] >= 5 else 1
        self._files = header["file_entry"]
        self._directories = header["include_directory"]
        top = unit.get_top_DIE()  # type: ignore[attr-defined]
        attribute = top.attributes.get("DW_AT_comp_dir")
        self._compiled_in = _text(attribute.value) if attribute else ""
        self._cache: dict[int, str] = {}

    def name(self, index: int) -> str:
        if index not in self._cache:
            self._cache[index] = self._build(index)
        return self._cache[index]

    def _build(self, index: int) -> str:
        position = index - self._first
        if not 0 <= position < len(self._files):
            return "??"
        entry = self._files[position]
        directory = ""
        number = entry["dir_index"] - (0 if self._first == 0 else 1)
        if 0 <= number < len(self._directories):
            directory = _text(self._directories[number])
        path = PurePosixPath(directory) / _text(entry["name"])
        # Directory 0 of DWARF 5 is the one compiled in.
        if not path.is_absolute() and self._compiled_in and directory != self._compiled_in:
            path = PurePosixPath(self._compiled_in) / path
        return str(path)


def _frame_rows(entry: Any) -> list[dict[Any, Any]]:
    rows: list[dict[Any, Any]] = entry.get_decoded().table
    return rows


def _is_optimized(unit: Any) -> bool:
    """Whether a unit is anything but plain compiler output: GCC says its options in the producer."""
    producer = unit.get_top_DIE().attributes.get("DW_AT_producer")
    text = _text(producer.value) if producer else ""
    return "GNU C" not in text or re.search(r"-O[1-9sgz]", text) is not None


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _within(row: LineRow, function: Symbol) -> bool:
    return function.address <= row.start < function.end


def _names(path: str, wanted: str) -> bool:
    return path == wanted or path.endswith("/" + wanted)
