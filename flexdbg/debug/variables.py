"""Values of C's variables: found in registers and memory of a frame, put together from their pieces."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from elftools.common.exceptions import DWARFError

from flexdbg.debug.dwarf.dies import name_of, number, origin, reference
from flexdbg.debug.dwarf.evaluation import (
    MISSING,
    Piece,
    Unavailable,
    evaluate,
    location_at,
    number_of,
    parse,
)
from flexdbg.debug.dwarf.scopes import Block, Variable
from flexdbg.debug.kinds import Form, Kind, array_of
from flexdbg.debug.operations import load
from flexdbg.debug.unwind import Frame
from flexdbg.debug.values import LARGEST_VALUE, Contents, Place, Value

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = [
    "RegisterMachine",
    "everything_at",
    "missing",
    "named_values",
    "static_address",
    "variable_value",
    "visible",
]

_CALL_SITES = ("DW_TAG_call_site", "DW_TAG_GNU_call_site")
_CALL_PARAMETERS = ("DW_TAG_call_site_parameter", "DW_TAG_GNU_call_site_parameter")


class RegisterMachine:
    """What an expression can be told that has registers only, as those of call frames."""

    def __init__(self, session: "Session", registers: Sequence[int]) -> None:
        self._session = session
        self._registers = registers

    def register(self, number: int) -> int:
        if not 0 <= number < len(self._registers):
            raise Unavailable
        return self._registers[number]

    def memory(self, address: int, size: int) -> bytes:
        return self._session.cluster.read_memory(address, size)

    def cfa(self) -> int:
        raise Unavailable

    def frame_base(self) -> int:
        raise Unavailable

    def entry_value(self, expression: list[Any]) -> int:
        raise Unavailable

    def base_type(self, offset: int) -> tuple[int, bool]:
        raise Unavailable


class FrameMachine(RegisterMachine):
    """A frame, for the expressions of its function's variables."""

    def __init__(self, session: "Session", frame: Frame, block: Block | None, unit: Any) -> None:
        super().__init__(session, frame.registers)
        self._frame = frame
        self._block = block
        self._unit = unit

    def cfa(self) -> int:
        return self._frame.cfa

    def frame_base(self) -> int:
        if self._block is None:
            raise Unavailable
        die = self._block.physical.die
        found = location_at(self._unit.program.dwarf, die, "DW_AT_frame_base", self._frame.look_up)
        if found is None or any(operation.op_name == "DW_OP_fbreg" for operation in found):
            raise Unavailable
        return number_of(found, self)

    def base_type(self, offset: int) -> tuple[int, bool]:
        kind = self._unit.program.types.read(
            self._unit.cu.get_DIE_from_refaddr(self._unit.cu.cu_offset + offset)
        )
        if not 0 < kind.bits <= 64:
            raise DWARFError("a location expression uses a type that is no number")
        return kind.bits, kind.signed

    def entry_value(self, expression: list[Any]) -> int:
        """What the caller says it has passed."""
        if len(expression) != 1 or self._block is None:
            raise Unavailable
        chain = self._session.frames(self._frame.index + 2)
        if len(chain) < self._frame.index + 2:
            raise Unavailable
        caller = chain[self._frame.index + 1]
        return _passed(self._session, caller, self._block.physical, expression[0].op_name)


def _passed(session: "Session", caller: Frame, callee: Block, register: str) -> int:
    debug = session.symbols.debug
    block = debug.block_at(caller.look_up) if debug is not None else None
    if block is None:
        raise Unavailable
    site = _call_site(block.physical.die, caller.pc)
    if site is None:
        raise Unavailable
    target = reference(site, "DW_AT_call_origin") or reference(site, "DW_AT_abstract_origin")
    if (
        target is not None
        and origin(target).offset != origin(callee.die).offset
        and name_of(target) != callee.name
    ):
        raise Unavailable  # something lies between that returns for another: a tail call
    structs = block.unit.cu.structs
    for child in site.iter_children():
        if child.tag not in _CALL_PARAMETERS:
            continue
        where = child.attributes.get("DW_AT_location")
        value = child.attributes.get("DW_AT_call_value") or child.attributes.get("DW_AT_GNU_call_site_value")
        if where is None or value is None:
            continue
        operations = parse(structs, bytes(where.value))
        if len(operations) == 1 and operations[0].op_name == register:
            machine = FrameMachine(session, caller, block, block.unit)
            return number_of(parse(structs, bytes(value.value)), machine)
    raise Unavailable


def _call_site(die: Any, return_pc: int, depth: int = 0) -> Any | None:
    """The call of a function that returns to an address."""
    for child in die.iter_children():
        if child.tag in _CALL_SITES:
            behind = number(child, "DW_AT_call_return_pc") or number(child, "DW_AT_low_pc")
            if behind == return_pc:
                return child
        elif child.tag in ("DW_TAG_lexical_block", "DW_TAG_inlined_subroutine") and depth < 64:
            found = _call_site(child, return_pc, depth + 1)
            if found is not None:
                return found
    return None


# Scopes


def visible(block: Block) -> Iterator[Variable]:
    """The variables of a block and those around it, innermost first; an inlined call sees its own only."""
    for scope in block.outwards():
        yield from scope.variables


def static_address(dwarf: Any, variable: Variable) -> int | None:
    """The address of a variable that has one whatever frame."""
    operations = location_at(dwarf, variable.die, "DW_AT_location", 0)
    if operations is None or len(operations) != 1 or operations[0].op_name != "DW_OP_addr":
        return None
    return int(operations[0].args[0])


def everything_at(session: "Session", address: int) -> list[Variable]:
    """The variables of the function and blocks around an address, outermost first, inlined calls included."""
    debug = session.symbols.debug
    block = debug.block_at(address) if debug is not None else None

    def read() -> list[Variable]:
        found: list[Variable] = []
        scope = block
        while scope is not None:
            found[:0] = scope.variables
            scope = scope.parent
        return found

    none: list[Variable] = []
    return session.symbols.readable("debug information", read, none)


def named_values(session: "Session", frame: Frame, *, parameters: bool) -> list[tuple[str, Value]]:
    """A frame's parameters, or its other variables from the innermost block outwards."""

    def read() -> list[Variable]:
        if frame.block is None:
            return []
        if parameters:
            return frame.block.function.parameters
        return [v for v in visible(frame.block) if not v.is_parameter and not v.is_declaration]

    none: list[Variable] = []
    found = session.symbols.readable("debug information", read, none)
    return [(variable.name, variable_value(session, variable, frame)) for variable in found]


# Values


def missing(kind: Kind, note: str = MISSING.note) -> Value:
    """A value that the program does not keep."""
    size = min(kind.size, LARGEST_VALUE)
    contents = Contents(bytes(size), bytes(size), note)
    return Value(None, kind, read=lambda: contents)


def variable_value(session: "Session", variable: Variable, frame: Frame | None) -> Value:
    """The variable as it is now; locals are those of a frame. Damage is noted and counts as optimized out."""
    kind = session.symbols.readable("debug information", lambda: variable.kind, None)
    if kind is None:
        return missing(_UNKNOWN)
    return session.symbols.readable(
        "debug information", lambda: _value(session, variable, kind, frame), missing(kind)
    )


_UNKNOWN = Kind("<unknown type>", 32, True)


def _value(session: "Session", variable: Variable, kind: Kind, frame: Frame | None) -> Value:
    die = variable.die
    constant = die.attributes.get("DW_AT_const_value")
    if constant is None and "DW_AT_location" not in die.attributes:
        constant = origin(die).attributes.get("DW_AT_const_value")
    if constant is not None:
        return _constant(constant.value, kind)
    machine: Any = RegisterMachine(session, ())
    pc = 0
    if frame is not None:
        machine, pc = FrameMachine(session, frame, variable.block, variable.unit), frame.look_up
    kind = _sized(kind, machine, variable, pc)
    operations = location_at(variable.unit.program.dwarf, die, "DW_AT_location", pc)
    if not operations:
        return missing(kind)
    return _from_pieces(session, kind, evaluate(operations, machine), frame)


def _constant(value: Any, kind: Kind) -> Value:
    size = kind.size
    data = (
        (value & ((1 << 8 * size) - 1)).to_bytes(size, "little") if isinstance(value, int) else bytes(value)
    )
    contents = Contents(data.ljust(size, b"\0")[:size])
    return Value(None, kind, read=lambda: contents)


def _sized(kind: Kind, machine: Any, variable: Variable, pc: int) -> Kind:
    """An array whose length the program computes."""
    bound: Any = kind.bound
    if kind.form is not Form.ARRAY or bound is None:
        return kind
    try:
        target = bound.attributes["DW_AT_upper_bound"]
        if target.form.startswith("DW_FORM_ref"):
            holder = bound.get_DIE_from_attribute("DW_AT_upper_bound")
            operations = location_at(variable.unit.program.dwarf, holder, "DW_AT_location", pc)
            pieces = evaluate(operations or [], machine)
            last = _word(pieces[0], machine)
        else:
            last = number_of(
                location_at(variable.unit.program.dwarf, bound, "DW_AT_upper_bound", pc) or [], machine
            )
    except Unavailable:
        return kind
    count = (last + 1) & 0xFFFF_FFFF
    if kind.target is None or count * kind.target.size >= 1 << 31:
        return kind
    sized = array_of(kind.target, count)
    return replace(sized, name=kind.name, alias=kind.alias)


def _word(piece: Piece, machine: Any) -> int:
    if piece.where == "register":
        return int(machine.register(piece.at))
    if piece.where == "memory":
        return int.from_bytes(machine.memory(piece.at, 4), "little")
    if piece.where == "bytes":
        return int.from_bytes(piece.data, "little")
    raise Unavailable


def _from_pieces(session: "Session", kind: Kind, pieces: list[Piece], frame: Frame | None) -> Value:
    first = pieces[0]
    if len(pieces) == 1 and not first.size:
        if first.where == "memory":
            return load(session.scope, first.at, kind)
        if first.where == "missing":
            return missing(kind, first.note)
    size = kind.size
    whole = [replace(piece, size=piece.size or size) for piece in pieces]
    if all(piece.where == "missing" for piece in whole):
        return missing(kind, first.note)

    def read() -> Contents:
        data, known = b"", b""
        for piece in whole:
            part = _read_piece(session, piece, frame)
            data += part if part is not None else bytes(piece.size)
            known += bytes([part is not None]) * piece.size
        data, known = data[:size].ljust(size, b"\0"), known[:size].ljust(size, b"\0")
        return Contents(data, None if all(known) else known)

    def store(offset: int, data: bytes) -> None:
        start = 0
        for piece in whole:
            begin, end = max(offset, start), min(offset + len(data), start + piece.size)
            if begin < end:
                _write_piece(session, piece, begin - start, data[begin - offset : end - offset], frame)
            start += piece.size

    def write(new: int) -> None:
        store(0, (new & ((1 << 8 * size) - 1)).to_bytes(size, "little"))

    made = Value(None, kind, read=read)
    if all(piece.where in ("register", "memory") for piece in whole):
        made.place = Place(write, None, store)
    return made


def _registers_of(piece: Piece, frame: Frame | None) -> range:
    """The x registers that a piece fills."""
    last = piece.at + (piece.bit_offset // 8 + piece.size - 1) // 4
    if frame is None or not 0 <= piece.at <= last < len(frame.registers):
        raise Unavailable
    return range(piece.at, last + 1)


def _read_piece(session: "Session", piece: Piece, frame: Frame | None) -> bytes | None:
    if piece.where == "memory":
        return session.cluster.read_memory(piece.at + piece.bit_offset // 8, piece.size)
    if piece.where == "bytes":
        return piece.data.ljust(piece.size, b"\0")[: piece.size]
    if piece.where == "missing" or frame is None:
        return None
    try:
        numbers = _registers_of(piece, frame)
    except Unavailable:
        return None
    data = b"".join(frame.registers[number].to_bytes(4, "little") for number in numbers)
    return data[piece.bit_offset // 8 :][: piece.size]


def _write_piece(session: "Session", piece: Piece, offset: int, data: bytes, frame: Frame | None) -> None:
    offset += piece.bit_offset // 8
    if piece.where == "memory":
        session.scope.write_memory(piece.at + offset, data)
        return
    assert frame is not None
    for position, byte in enumerate(data, offset):
        register, shift = piece.at + position // 4, position % 4 * 8
        old = session.scope.frame_register(frame, register)
        session.scope.write_frame_register(frame, register, (old & ~(0xFF << shift)) | byte << shift)
