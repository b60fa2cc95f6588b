"""Functions, blocks, inlined calls and variables: what the program means at an address."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flexdbg.debug.dwarf.dies import address_ranges, children, flag, name_of, number, origin
from flexdbg.debug.kinds import Kind

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.program import Unit

__all__ = ["Block", "Variable"]

_BLOCKS = {
    "DW_TAG_subprogram": "function",
    "DW_TAG_inlined_subroutine": "inlined",
    "DW_TAG_lexical_block": "block",
}
_VARIABLES = ("DW_TAG_variable", "DW_TAG_formal_parameter")


class Variable:
    """A variable or parameter: its name, its type, and the entry that says where it is."""

    def __init__(self, unit: "Unit", die: Any, block: "Block | None" = None) -> None:
        self.unit = unit
        self.die = die
        self.block = block
        self.name = name_of(die)
        self.is_parameter = die.tag == "DW_TAG_formal_parameter"

    @cached_property
    def kind(self) -> Kind:
        return self.unit.program.types.type_of(
            origin(self.die) if "DW_AT_type" not in self.die.attributes else self.die
        )

    @property
    def is_declaration(self) -> bool:
        """Whether another entry has its place: `extern int counter;`."""
        return flag(self.die, "DW_AT_declaration")

    @property
    def line(self) -> int:
        return number(origin(self.die), "DW_AT_decl_line") or number(self.die, "DW_AT_decl_line") or 0


class Block:
    """A function, an inlined call or a block in braces."""

    def __init__(self, unit: "Unit", die: Any, parent: "Block | None") -> None:
        self.unit = unit
        self.die = die
        self.parent = parent
        self.form = _BLOCKS[die.tag]
        if self.form == "inlined" and not {"DW_AT_call_file", "DW_AT_call_line"} <= set(die.attributes):
            self.form = "block"  # as in gdb: who called is not known

    @cached_property
    def ranges(self) -> list[tuple[int, int]]:
        return address_ranges(self.unit.program.dwarf, self.die)

    @cached_property
    def name(self) -> str:
        return name_of(self.die)

    @property
    def entry(self) -> int:
        """Where the code begins."""
        entry = number(self.die, "DW_AT_entry_pc")
        start = self.ranges[0][0] if self.ranges else 0
        if entry is None:
            return start
        # As an offset from the start, where it is no address.
        return entry if self.die.attributes["DW_AT_entry_pc"].form == "DW_FORM_addr" else start + entry

    def covers(self, address: int) -> bool:
        return any(start <= address < end for start, end in self.ranges)

    @property
    def function(self) -> "Block":
        """The function or inlined call that this block is part of."""
        block = self
        while block.form == "block" and block.parent is not None:
            block = block.parent
        return block

    @property
    def outside(self) -> "Block | None":
        """What an inlined call is part of."""
        return self.function.parent if self.function.form == "inlined" else None

    @property
    def physical(self) -> "Block":
        """The function whose code this is."""
        block = self
        while block.parent is not None:
            block = block.parent
        return block

    @property
    def called_from(self) -> tuple[str, int]:
        """File and line of an inlined call."""
        file = number(self.die, "DW_AT_call_file") or 0
        return self.unit.file(file), number(self.die, "DW_AT_call_line") or 0

    @cached_property
    def kind(self) -> Kind:
        """The type of the function."""
        return self.unit.program.types.read(origin(self.die))

    def outwards(self) -> Iterator["Block"]:
        """This block and those around it, up to the function or inlined call."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent if block.form == "block" else None

    def all_around(self) -> Iterator["Block"]:
        """This block and all around it, inlined calls and the function included."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    @cached_property
    def variables(self) -> list[Variable]:
        """Its own variables and parameters, as they are declared."""
        found, seen = [], set()
        for child in children(self.die):
            if child.tag in _VARIABLES:
                seen.add(origin(child).offset)
                found.append(Variable(self.unit, child, self))
        # What the optimizer has left out of a concrete instance is in the abstract one.
        source = origin(self.die)
        if source.offset != self.die.offset:
            for child in children(source):
                if child.tag in _VARIABLES and child.offset not in seen:
                    found.append(Variable(self.unit, child, self))
        return [variable for variable in found if variable.name]

    @property
    def parameters(self) -> list[Variable]:
        return [variable for variable in self.variables if variable.is_parameter]

    @cached_property
    def inner(self) -> list["Block"]:
        """Blocks and inlined calls within; those that have no code of their own give way to theirs."""
        found: list[Block] = []
        for child in children(self.die):
            if child.tag in ("DW_TAG_lexical_block", "DW_TAG_inlined_subroutine"):
                block = Block(self.unit, child, self)
                found += [block] if block.ranges else block.inner
        return found

    def at(self, address: int) -> "Block":
        """The innermost block around an address."""
        block = self
        while True:
            inner = next((one for one in block.inner if one.covers(address)), None)
            if inner is None:
                return block
            block = inner

    def calls(self) -> Iterator["Block"]:
        """The calls that have been inlined into this function or call itself."""
        for block in self.inner:
            if block.form == "inlined":
                yield block
            else:
                yield from block.calls()

    def everywhere(self) -> Iterator["Block"]:
        """This block and all within."""
        yield self
        for block in self.inner:
            yield from block.everywhere()
