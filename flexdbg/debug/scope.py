"""What expressions see: registers of the current hart, symbols, memory, and variables of the session."""

from typing import TYPE_CHECKING

from flexdbg.debug.events import EVENT_VARIABLES, event_value
from flexdbg.debug.symbols import Symbol
from flexdbg.debug.values import CODE, INT, UINT, Place, Value
from flexdbg.machine import registers

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["Scope"]


class Scope:
    """The environment of a session's expressions; also keeps the value history `$1`, `$2`, ..."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.variables: dict[str, Value] = {}
        self._history: list[Value] = []

    def record(self, value: Value) -> int:
        """Add a printed value to the history; returns its number."""
        kept = Value(value.number, value.kind, None, value.elements)
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
        hart = session.current

        def write(new: int) -> None:
            old = hart.read(number)
            hart.write(number, new)
            session.undo_log.register_written(hart.index, number, name, old)

        raw = hart.read(number)
        if number == registers.PC:
            return Value(raw, CODE, Place(write))
        if number < registers.PC:
            return Value(raw - (1 << 32) if raw >> 31 else raw, INT, Place(write))
        return Value(raw, UINT, Place(write))

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
