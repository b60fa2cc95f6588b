"""What expressions see: registers of the current hart, symbols, memory, and variables of the session."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flexdbg.debug.events import EVENT_VARIABLES, event_value
from flexdbg.debug.kinds import CODE, INT, UINT, VOID, Form, Kind
from flexdbg.debug.operations import load
from flexdbg.debug.symbols import Symbol
from flexdbg.debug.values import Place, Value
from flexdbg.errors import ExpressionError, FlexdbgError, did_you_mean
from flexdbg.isa import ABI_NAMES
from flexdbg.machine import registers

if TYPE_CHECKING:
    from flexdbg.debug.dwarf.program import DebugProgram, Unit
    from flexdbg.debug.session import Session
    from flexdbg.debug.unwind import Frame

__all__ = ["ADDRESS_REGISTERS", "CODE_REGISTERS", "Fixed", "Scope"]

# What gdb shows as pointers: ra and pc; sp, gp, tp, fp.
CODE_REGISTERS = (1, registers.PC)
ADDRESS_REGISTERS = (2, 3, 4, 8)
_ADDRESS = VOID.pointer()


@dataclass(frozen=True, slots=True)
class Fixed:
    """What a name means whatever frame: a variable at an address, or a number. `varies`: it does not."""

    kind: Kind | None = None
    address: int | None = None
    number: int = 0
    varies: bool = False


class Scope:
    """The environment of a session's expressions; also keeps the value history `$1`, `$2`, ..."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.variables: dict[str, Value] = {}
        self._history: list[Value] = []

    def record(self, value: Value) -> int:
        """Add a printed value to the history; returns its number."""
        kept = value.kept()
        self._history.append(kept)
        number = len(self._history)
        self.variables[str(number)] = kept
        self.variables[""] = kept
        return number

    def register(self, name: str) -> Value | None:
        session = self._session
        if name == "_hart":
            return Value(session.hart)
        if name == "_thread":
            return Value(session.hart + 1)
        if name == "_cycle":
            return Value(session.cluster.cycle & 0xFFFF_FFFF, UINT)
        if name == "_exitcode":
            status = session.cluster.exit_status
            return None if status is None else Value(status)
        if session.judged is not None and name[:1] == "_" and name[1:] in EVENT_VARIABLES:
            found = event_value(session.cluster, session.judged, name[1:])
            return None if found is None else Value(found, UINT)
        number = registers.find(name)
        if number is None:
            return None
        frame = session.selected if session.frame_level and number <= registers.PC else None
        if frame is not None and number == registers.PC:
            return Value(frame.pc, CODE)
        raw = session.current.read(number) if frame is None else frame.registers[number]

        def write(new: int) -> None:
            if frame is None:
                self._write_register(number, new, name)
            else:
                self.write_frame_register(frame, number, new)

        if number in CODE_REGISTERS:
            return Value(raw, CODE, Place(write))
        if number in ADDRESS_REGISTERS:
            return Value(raw, _ADDRESS, Place(write))
        if number < registers.PC:
            return Value(raw - (1 << 32) if raw >> 31 else raw, INT, Place(write))
        return Value(raw, UINT, Place(write))

    def _write_register(self, number: int, new: int, name: str) -> None:
        hart = self._session.current
        old = hart.read(number)
        hart.write(number, new)
        self._session.undo_log.register_written(hart.index, number, name, old)

    def frame_register(self, frame: "Frame", number: int) -> int:
        """An x register as a frame's code sees it, now."""
        home = frame.homes.get(number)
        return self._session.current.read(number) if home is None else self._session.cluster.read_word(home)

    def write_frame_register(self, frame: "Frame", number: int, new: int) -> None:
        """Change an x register where it is: in the hart, or where a callee has saved it."""
        home = frame.homes.get(number)
        if home is not None:
            self.write_memory(home, (new & 0xFFFF_FFFF).to_bytes(4, "little"))
        elif number == registers.SP and frame.index:
            raise ExpressionError("sp of an outer frame follows from the call: it cannot be changed")
        else:
            self._write_register(number, new & 0xFFFF_FFFF, ABI_NAMES[number])

    # C

    def variable(self, name: str, scope: str = "") -> Value | None:
        debug = self._session.symbols.debug
        if debug is None or (not scope and self._is_event_variable(name)):
            return None
        readable = self._session.symbols.readable
        return readable("debug information", lambda: self._variable(debug, name, scope), None)

    def _is_event_variable(self, name: str) -> bool:
        """In the condition of an event its own variables go first."""
        judged = self._session.judged
        return judged is not None and judged.reason == "event" and name in (*EVENT_VARIABLES, "hart", "cycle")

    def _variable(self, debug: "DebugProgram", name: str, scope: str) -> Value | None:
        from flexdbg.debug.variables import variable_value, visible

        session = self._session
        if scope:
            return self._scoped(debug, name, scope)
        frame = session.selected
        found = None
        if frame.block is not None:
            found = next((v for v in visible(frame.block) if v.name == name and not v.is_declaration), None)
        if found is not None:
            return variable_value(session, found, frame)
        return self._global(debug, name, debug.unit_at(frame.look_up))

    def _global(self, debug: "DebugProgram", name: str, unit: "Unit | None") -> Value | None:
        from flexdbg.debug.variables import variable_value

        session = self._session
        found = debug.variable(name, unit)
        if found is not None:
            if not found.is_declaration:
                return variable_value(session, found, None)
            # Declared in C, defined in assembly.
            symbol = session.symbols.find(name)
            if symbol is not None:
                return load(self, symbol.address, found.kind)
        function = debug.function(name, unit)
        if function is not None:
            return Value(function.entry, function.kind)
        constant = debug.enumerator(name, unit)
        return Value(constant.number, constant.kind) if constant is not None else None

    def fixed(self, name: str, addresses: tuple[int, ...]) -> Fixed | None:
        """What a name of C means at some places, or without any everywhere; None if C has no such name."""
        debug = self._session.symbols.debug
        if debug is None:
            return None
        damaged: Fixed | None = Fixed(varies=True)
        return self._session.symbols.readable(
            "debug information", lambda: self._fixed(debug, name, addresses), damaged
        )

    def check_names(self, names: tuple[str, ...], addresses: tuple[int, ...]) -> None:
        """Refuse a condition that names what nothing is called at some places of the program."""
        for name in names:
            known = self._session.symbols.find(name) is not None or self.register(f"_{name}") is not None
            if not known and self.fixed(name, addresses) is None:
                hint = did_you_mean(name, self.symbol_names())
                raise ExpressionError(f'No symbol "{name}" in current context{hint or "."}')

    def _fixed(self, debug: "DebugProgram", name: str, addresses: tuple[int, ...]) -> Fixed | None:
        from flexdbg.debug.variables import static_address, visible

        if not addresses and name in debug.local_names:
            return Fixed(varies=True)
        blocks = [debug.block_at(address) for address in addresses]
        if any(one.name == name for block in blocks if block is not None for one in visible(block)):
            return Fixed(varies=True)
        units = {debug.unit_at(address) for address in addresses}
        unit = units.pop() if len(units) == 1 else None
        if len(units) > 1 or (not addresses and debug.is_ambiguous(name)):
            return Fixed(varies=True)
        found = debug.variable(name, unit)
        if found is not None:
            address = static_address(debug.dwarf, found)
            return Fixed(found.kind, address, varies=address is None)
        function = debug.function(name, unit)
        if function is not None:
            return Fixed(CODE, number=function.entry)
        constant = debug.enumerator(name, unit)
        return Fixed(constant.kind, number=constant.number) if constant is not None else None

    def _scoped(self, debug: "DebugProgram", name: str, scope: str) -> Value | None:
        """`function::variable` and `'file.c'::variable`."""
        from flexdbg.debug.variables import static_address, variable_value, visible

        session = self._session
        unit = debug.file_unit(scope)
        if unit is not None:
            return self._global(debug, name, unit) if name in unit.variables else None
        function = debug.function(scope)
        if function is None:
            raise ExpressionError(f'No symbol "{scope}" in current context.')
        for frame in session.stack():
            if frame.block is not None and frame.block.function.name == function.name:
                for found in visible(frame.block):
                    if found.name == name:
                        return variable_value(session, found, frame)
        for block in function.everywhere():
            for found in block.variables:
                if found.name != name:
                    continue
                if (
                    "DW_AT_location" in found.die.attributes
                    and static_address(debug.dwarf, found) is not None
                ):
                    return variable_value(session, found, None)
                raise ExpressionError(f"No frame is currently executing in specified block: {scope}::{name}")
        return None

    def is_variable(self, name: str) -> bool:
        """Whether a word is a variable or function, which hides a type of that name."""
        return name.isidentifier() and self.variable(name) is not None

    def visible_names(self) -> list[str]:
        """What completion offers: variables of the selected frame, and of the whole program."""
        from flexdbg.debug.variables import visible

        session = self._session
        debug = session.symbols.debug
        if debug is None:
            return session.symbols.names()

        def read() -> set[str]:
            block = session.selected.block
            found = {variable.name for variable in visible(block)} if block is not None else set()
            return found | {name for unit in debug.units for name in (*unit.variables, *unit.enumerators)}

        none: set[str] = set()
        return sorted(session.symbols.readable("debug information", read, none) | {*session.symbols.names()})

    def member_names(self, expression: str) -> list[str]:
        """Members of what an expression names, for completion; none where it cannot be read."""
        try:
            kind: Kind | None = self._session.designate(expression).kind
        except FlexdbgError:
            return []
        if kind is not None and kind.form is Form.POINTER:
            kind = kind.target
        return sorted(_member_names(kind)) if kind is not None else []

    def type_names(self, keyword: str = "") -> list[str]:
        """Types of the program: tags behind a keyword, else typedefs and base types."""
        debug = self._session.symbols.debug
        listed = debug.listed_types() if debug is not None else []
        return sorted(
            {name for _, _, tag, name in listed if (tag == keyword if keyword else tag in ("typedef", ""))}
        )

    def type_named(self, keyword: str, name: str) -> Kind | None:
        """The program's type of a name, as expressions write it."""
        debug = self._session.symbols.debug
        if debug is None:
            return None
        return debug.type_named(keyword, name, debug.unit_at(self._session.pc))

    def symbol(self, name: str) -> Symbol | None:
        return self._session.symbols.find(name)

    def symbol_names(self) -> list[str]:
        return self._session.symbols.names()

    def read_memory(self, address: int, size: int) -> bytes:
        return self._session.cluster.read_memory(address, size)

    def write_memory(self, address: int, data: bytes) -> None:
        old = self._session.cluster.read_memory(address, len(data))
        self._session.cluster.write_memory(address, data)
        self._session.undo_log.memory_written(address, old)


def _member_names(kind: Kind, depth: int = 0) -> set[str]:
    found = {member.name for member in kind.members if member.name}
    for member in kind.members:
        if not member.name and depth < 16:
            found |= _member_names(member.kind, depth + 1)
    return found
