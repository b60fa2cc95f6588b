"""The debug information of one program: units, and names to types, variables, functions and enumerators."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from flexdbg.debug.dwarf.dies import address_ranges, children, flag, name_of, number, origin
from flexdbg.debug.dwarf.scopes import Block, Variable
from flexdbg.debug.dwarf.types import TypeReader
from flexdbg.debug.kinds import Kind, kind_named

__all__ = ["DebugProgram", "Enumerator", "Unit"]

_T = TypeVar("_T")
_TAGS = {
    "DW_TAG_structure_type": "struct",
    "DW_TAG_class_type": "struct",
    "DW_TAG_union_type": "union",
    "DW_TAG_enumeration_type": "enum",
    "DW_TAG_typedef": "",
    "DW_TAG_base_type": "",
}
_MOST_BLOCKS = 4096  # remembered, by address


class Enumerator:
    """A constant of an enum."""

    def __init__(self, kind: Kind, number: int) -> None:
        self.kind = kind
        self.number = number


class Unit:
    """One compilation unit, its outermost entries by name; entries below them are read when needed."""

    def __init__(self, program: "DebugProgram", cu: Any) -> None:
        self.program = program
        self.cu = cu
        self.top = cu.get_top_DIE()
        self.name = name_of(self.top)

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        return address_ranges(self.program.dwarf, self.top)

    @cached_property
    def _outermost(self) -> list[Any]:
        found: list[Any] = self.program.safely(lambda: list(children(self.top)), [])
        return found

    @cached_property
    def functions(self) -> list[Block]:
        """The functions that have code, by address."""
        found = [
            block
            for die in self._outermost
            if die.tag == "DW_TAG_subprogram"
            for block in [Block(self, die, None)]
            if self.program.safely(lambda block=block: block.ranges, [])
        ]
        return sorted(found, key=lambda block: block.ranges[0][0])

    @cached_property
    def variables(self) -> dict[str, Variable]:
        """Variables of the file; a definition goes before declarations."""
        found: dict[str, Variable] = {}
        for die in self._outermost:
            if die.tag != "DW_TAG_variable":
                continue
            name = self.program.safely(lambda die=die: name_of(die), "")
            if name and not (flag(die, "DW_AT_declaration") and name in found):
                found[name] = Variable(self, die)
        return found

    @cached_property
    def types(self) -> dict[tuple[str, str], Any]:
        """(keyword, name) -> entry; keyword is struct, union, enum, or nothing."""
        found: dict[tuple[str, str], Any] = {}
        for die in self._outermost:
            if die.tag in _TAGS:
                name = self.program.safely(lambda die=die: name_of(die), "")
                known = found.get((_TAGS[die.tag], name))
                if name and (known is None or flag(known, "DW_AT_declaration")):
                    found[_TAGS[die.tag], name] = die
        return found

    @cached_property
    def inlined(self) -> set[str]:
        """Names of functions with an abstract instance."""
        return {name_of(die) for die in self._outermost if "DW_AT_inline" in die.attributes}

    @cached_property
    def enumerators(self) -> dict[str, tuple[Any, int]]:
        """Name -> entry of its enum, value."""

        def read() -> dict[str, tuple[Any, int]]:
            return {
                name_of(child): (die, number(child, "DW_AT_const_value") or 0)
                for die in self._outermost
                if die.tag == "DW_TAG_enumeration_type"
                for child in children(die)
                if child.tag == "DW_TAG_enumerator"
            }

        found: dict[str, tuple[Any, int]] = self.program.safely(read, {})
        return found

    def file(self, index: int) -> str:
        return self.program.file_name(self.cu, index)

    @property
    def language(self) -> str:
        code = number(self.top, "DW_AT_language")
        return "asm" if code == 0x8001 else "c"


class DebugProgram:
    """All units. `safely(read, otherwise)` notes damage and goes on; `file_name` knows the line tables."""

    def __init__(
        self,
        dwarf: Any,
        safely: Callable[[Callable[[], _T], _T], _T],
        file_name: Callable[[Any, int], str],
    ) -> None:
        self.dwarf = dwarf
        self.safely: Any = safely
        self.file_name = file_name
        self.types = TypeReader(self.safely, self._definition)
        self._blocks: dict[int, Block | None] = {}

    @cached_property
    def units(self) -> list[Unit]:
        found: list[Unit] = []

        def read() -> None:
            for cu in self.dwarf.iter_CUs():
                found.append(Unit(self, cu))

        self.safely(read, None)
        return found

    # By address

    @cached_property
    def _spans(self) -> list[tuple[int, int, Unit]]:
        spans: list[tuple[int, int, Unit]] = []
        for unit in self.units:
            for start, end in self.safely(lambda unit=unit: unit.ranges, []):
                spans.append((start, end, unit))
        return sorted(spans, key=lambda span: span[0])

    def unit_at(self, address: int) -> Unit | None:
        index = bisect_right(self._spans, address, key=lambda span: span[0])
        for start, end, unit in reversed(self._spans[max(index - 8, 0) : index]):
            if start <= address < end:
                return unit
        return None

    def block_at(self, address: int) -> Block | None:
        """The innermost block around an address."""
        if address not in self._blocks:
            if len(self._blocks) > _MOST_BLOCKS:
                self._blocks.clear()
            self._blocks[address] = self.safely(lambda: self._find_block(address), None)
        return self._blocks[address]

    def _find_block(self, address: int) -> Block | None:
        unit = self.unit_at(address)
        if unit is None:
            return None
        function = next((one for one in unit.functions if one.covers(address)), None)
        return function.at(address) if function is not None else None

    # By name

    def _ordered(self, first: Unit | None) -> Iterator[Unit]:
        if first is not None:
            yield first
        yield from (unit for unit in self.units if unit is not first)

    def variable(self, name: str, unit: Unit | None = None) -> Variable | None:
        """A variable of a file: of the given one, else an external one, else any."""
        declared = static = None
        for one in self._ordered(unit):
            found = one.variables.get(name)
            if found is None:
                continue
            if found.is_declaration:
                declared = declared or found
            elif one is unit or flag(origin(found.die), "DW_AT_external"):
                return found
            else:
                static = static or found
        return static or declared

    def function(self, name: str, unit: Unit | None = None) -> Block | None:
        for one in self._ordered(unit):
            for block in one.functions:
                if self.safely(lambda block=block: block.name, "") == name:
                    return block
        return None

    def enumerator(self, name: str, unit: Unit | None = None) -> Enumerator | None:
        for one in self._ordered(unit):
            found = one.enumerators.get(name)
            if found is not None:
                kind = self.safely(lambda found=found: self.types.read(found[0]), None)
                return Enumerator(kind, found[1]) if kind is not None else None
        return None

    def type_named(self, keyword: str, name: str, unit: Unit | None = None) -> Kind | None:
        """`struct row` by ("struct", "row"), typedefs and base types by ("", name)."""
        wanted = kind_named(name) if not keyword else None
        for one in self._ordered(unit):
            found = one.types.get((keyword, name))
            if found is None and wanted is not None:
                found = _same_base(one, wanted)
            if found is not None and not flag(found, "DW_AT_declaration"):
                kind: Kind | None = self.safely(lambda found=found: self.types.read(found), None)
                return kind
        return None

    def _definition(self, keyword: str, name: str) -> Any | None:
        for unit in self.units:
            found = unit.types.get((keyword, name))
            if found is not None and not flag(found, "DW_AT_declaration"):
                return found
        return None

    def listed_types(self) -> list[tuple[str, int, str, str]]:
        """File, line, keyword and name of every type with a name; base types are on line 0."""

        def read() -> list[tuple[str, int, str, str]]:
            found = []
            for unit in self.units:
                for (keyword, name), die in unit.types.items():
                    if flag(die, "DW_AT_declaration"):
                        continue
                    line = number(die, "DW_AT_decl_line") or 0
                    file = unit.file(number(die, "DW_AT_decl_file") or 0) if line else ""
                    found.append((file, line, keyword or ("typedef" if line else ""), name))
            return found

        listed: list[tuple[str, int, str, str]] = self.safely(read, [])
        return listed

    def is_inlined(self, name: str) -> bool:
        """Whether a function may have been inlined somewhere."""

        def read() -> bool:
            return any(name in unit.inlined for unit in self.units)

        return bool(self.safely(read, False))

    @cached_property
    def local_names(self) -> set[str]:
        """Names of all variables in functions."""

        def read() -> set[str]:
            return {
                variable.name
                for unit in self.units
                for function in unit.functions
                for block in function.everywhere()
                for variable in block.variables
            }

        names: set[str] = self.safely(read, set())
        return names

    def is_ambiguous(self, name: str) -> bool:
        """Whether several files have a variable of that name, each its own."""
        found = [unit.variables[name] for unit in self.units if name in unit.variables]
        return sum(not variable.is_declaration for variable in found) > 1

    def file_unit(self, name: str) -> Unit | None:
        """The unit of a source file."""
        for unit in self.units:
            if unit.name == name or unit.name.endswith("/" + name):
                return unit
        return None

    def inlined_calls(self, name: str) -> list[Block]:
        """Every place that a function has been inlined at."""

        def read() -> list[Block]:
            return [
                block
                for unit in self.units
                for function in unit.functions
                for block in function.everywhere()
                if block.form == "inlined" and block.name == name and block.ranges
            ]

        calls: list[Block] = self.safely(read, [])
        return calls


def _same_base(unit: Unit, wanted: Kind) -> Any | None:
    """The unit's entry for `unsigned long`, which GCC calls `long unsigned int`."""
    for (keyword, name), die in unit.types.items():
        if not keyword and die.tag == "DW_TAG_base_type" and kind_named(name) is wanted:
            return die
    return None
