"""What a function has returned, by the calling convention of RISC-V (ILP32)."""

from typing import TYPE_CHECKING

from flexdbg.debug.kinds import Form, Kind
from flexdbg.debug.operations import load
from flexdbg.debug.unwind import Frame
from flexdbg.debug.values import Contents, Value

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["return_type", "returned_value"]

_IN_REGISTERS = 8  # bytes that fit into a0 and a1


def return_type(session: "Session", frame: Frame) -> Kind | None:
    """The type that a frame's function returns; None where the program does not say."""
    block = frame.block
    if block is None:
        return None
    return session.symbols.readable("debug information", lambda: block.physical.kind.target, None)


def returned_value(session: "Session", kind: Kind) -> Value | None:
    """The value that a function of the current hart has just returned; None for void."""
    if kind.form is Form.VOID:
        return None
    a0, a1 = session.current.read("a0"), session.current.read("a1")
    if kind.size > _IN_REGISTERS:
        return load(session.scope, a0, kind)  # the caller has given the place, a0 still holds it
    contents = Contents((a0 | a1 << 32).to_bytes(8, "little")[: kind.size])
    return Value(None, kind, read=lambda: contents)
