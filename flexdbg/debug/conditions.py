"""Conditions of breakpoints as trees that the core evaluates: a false one then costs no stop.

What the core makes of a condition is what `Session.evaluate` makes of it, and the session evaluates it again
where it holds. Where the translation ends (variables of the session, arrays, pointers to pointers ...) the
session evaluates the condition at every hit, which is slower and otherwise the same.
"""

from typing import TYPE_CHECKING

from flexdbg.debug.events import EVENT_VARIABLES
from flexdbg.debug.expressions import Expression, Form
from flexdbg.debug.values import CODE, INT, UINT, Kind, kind_named
from flexdbg.machine import registers
from flexdbg.machine.cluster import Condition

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["core_condition"]

_MOST_NODES = 500
_TRUTH = ("==", "!=", "<", "<=", ">", ">=", "&&", "||")


class _NotForTheCoreError(Exception):
    """The expression has a part that only the session evaluates."""


def core_condition(session: "Session", expression: Expression | None) -> Condition | None:
    """The condition for the core; None if there is none, or if it cannot be translated."""
    form = expression.form if expression is not None else None
    if form is None:
        return None
    translation = _Translation(session)
    try:
        translation.add(form)
    except (_NotForTheCoreError, RecursionError):
        return None
    return translation.nodes if len(translation.nodes) <= _MOST_NODES else None


class _Translation:
    """Nodes in the order in which each comes after its operands, with the types that values would have."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.nodes: Condition = []

    def add(self, form: Form) -> tuple[int, Kind]:
        """Translate a form; its number and type."""
        method = getattr(self, f"_{form.op}", None)
        if method is None:
            raise _NotForTheCoreError
        number, kind = method(*form.parts)
        return number, kind

    def _node(
        self, op: str, kind: Kind, value: int | str = 0, left: int = 0, right: int = 0, wide: bool = False
    ) -> tuple[int, Kind]:
        self.nodes.append((op, kind.bits, kind.signed, wide, value, left, right))
        return len(self.nodes) - 1, kind

    def _number(self, value: int, kind: Kind) -> tuple[int, Kind]:
        return self._node("constant", kind, value & 0xFFFF_FFFF)

    def _register(self, name: str) -> tuple[int, Kind]:
        if name == "_hart":
            return self._node("hart", INT)
        if name == "_thread":
            hart, _ = self._node("hart", INT)
            one, _ = self._number(1, INT)
            return self._node("+", INT, 0, hart, one)
        if name == "_cycle":
            return self._node("cycle", UINT)
        if name[:1] == "_" and name[1:] in EVENT_VARIABLES:
            return self._node("event", UINT, name[1:])
        number = registers.find(name)
        if number is None:
            raise _NotForTheCoreError  # a variable of the session, or a mistake
        kind = CODE if number == registers.PC else INT if number < registers.PC else UINT
        return self._node("register", kind, number)

    def _name(self, name: str) -> tuple[int, Kind]:
        symbol = self._session.symbols.find(name)
        if symbol is None:
            return self._register(f"_{name}")
        if symbol.kind != "object":
            return self._number(symbol.address, CODE)
        kind = {1: kind_named("char"), 2: kind_named("short"), 4: INT}.get(symbol.size)
        if kind is None:
            raise _NotForTheCoreError  # an array
        address, _ = self._number(symbol.address, UINT)
        return self._node("memory", kind, 0, address)

    def _unary(self, op: str, operand: Form) -> tuple[int, Kind]:
        number, _ = self.add(operand)
        return self._node({"-": "negate", "~": "invert", "!": "!"}[op], INT, 0, number)

    def _binary(self, op: str, left: Form, right: Form) -> tuple[int, Kind]:
        a, kind_a = self.add(left)
        b, kind_b = self.add(right)
        if kind_a.target or kind_b.target:
            raise _NotForTheCoreError  # arithmetic of pointers
        wide = any(kind.bits == 32 and not kind.signed for kind in (kind_a, kind_b))
        kind = UINT if wide else INT
        if op in _TRUTH:
            kind = INT
        elif op in ("+", "-") and kind_a.code != kind_b.code:
            kind = CODE
        return self._node(op, kind, 0, a, b, wide)

    def _load(self, address: Form, kind: Kind | None = None) -> tuple[int, Kind]:
        number, pointer = self.add(address)
        return self._loaded(number, kind or pointer.target or INT)

    def _loaded(self, address: int, kind: Kind) -> tuple[int, Kind]:
        if kind.bits % 8:
            raise _NotForTheCoreError
        return self._node("memory", kind, 0, address)

    def _cast(self, kind: Kind, operand: Form) -> tuple[int, Kind]:
        number, _ = self.add(operand)
        return self._node("field", kind, 0, number)

    def _index(self, base: Form, index: Form) -> tuple[int, Kind]:
        """A lane of a register; arrays and pointers stay with the session."""
        if base.op != "lanes" or index.op != "number":
            raise _NotForTheCoreError
        word, suffix = base.parts
        kind = kind_named(suffix)
        position = index.parts[0]
        if kind is None or suffix[:1] not in "iu" or not 0 <= position < 32 // kind.bits:
            raise _NotForTheCoreError
        number, _ = self.add(word)
        return self._node("field", kind, position * kind.bits, number)
