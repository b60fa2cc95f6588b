"""Conditions of breakpoints as trees that the core evaluates: a false one then costs no stop.

What the core makes of a condition is what `Session.evaluate` makes of it, and the session evaluates it again
where it holds. Where the translation ends (variables of the session, arrays, pointers to pointers ...) the
session evaluates the condition at every hit, which is slower and otherwise the same.
"""

from typing import TYPE_CHECKING

from flexdbg.debug.events import EVENT_VARIABLES
from flexdbg.debug.expressions import Expression, Form
from flexdbg.debug.kinds import CODE, INT, UINT, VOID, Kind, kind_named
from flexdbg.debug.kinds import Form as KindForm
from flexdbg.debug.operations import common_kind, promoted
from flexdbg.debug.scope import ADDRESS_REGISTERS, CODE_REGISTERS
from flexdbg.machine import registers
from flexdbg.machine.cluster import Condition

if TYPE_CHECKING:
    from flexdbg.debug.session import Session

__all__ = ["core_condition"]

_MOST_NODES = 500
_TRUTH = ("==", "!=", "<", "<=", ">", ">=", "&&", "||")


class _NotForTheCoreError(Exception):
    """The expression has a part that only the session evaluates."""


_ADDRESS = VOID.pointer()


def core_condition(
    session: "Session", expression: Expression | None, addresses: tuple[int, ...] = ()
) -> Condition | None:
    """The condition for the core; None if there is none, or if it cannot be translated.

    `addresses` are those of a breakpoint, where names are looked up; without any it is an event's.
    """
    form = expression.form if expression is not None else None
    if form is None:
        return None
    translation = _Translation(session, addresses)
    try:
        translation.add(form)
    except (_NotForTheCoreError, RecursionError):
        return None
    return translation.nodes if len(translation.nodes) <= _MOST_NODES else None


def _plain(kind: Kind) -> Kind:
    """A type that the core calculates with: up to a word, no floating point, struct or array."""
    if kind.code:
        return CODE
    if kind.bits > 32 or not kind.bits or kind.aggregate or kind.form is KindForm.FLOAT:
        raise _NotForTheCoreError
    return kind


class _Translation:
    """Nodes in the order in which each comes after its operands, with the types that values would have."""

    def __init__(self, session: "Session", addresses: tuple[int, ...]) -> None:
        self._session = session
        self._addresses = addresses
        self.nodes: Condition = []

    def add(self, form: Form) -> tuple[int, Kind]:
        """Translate a form; its number and type."""
        method = getattr(self, f"_{form.op}", None)
        if method is None:
            raise _NotForTheCoreError
        number, kind = method(*form.parts)
        return number, _plain(kind)

    def _node(
        self, op: str, kind: Kind, value: int | str = 0, left: int = 0, right: int = 0, wide: bool = False
    ) -> tuple[int, Kind]:
        self.nodes.append((op, kind.bits, kind.signed, wide, value, left, right))
        return len(self.nodes) - 1, kind

    def _number(self, value: int, kind: Kind) -> tuple[int, Kind]:
        return self._node("constant", _plain(kind), value & 0xFFFF_FFFF)

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
        kind = INT if number < registers.PC else UINT
        if number in CODE_REGISTERS:
            kind = CODE
        elif number in ADDRESS_REGISTERS:
            kind = _ADDRESS
        return self._node("register", kind, number)

    def _name(self, name: str) -> tuple[int, Kind]:
        if self._addresses or name not in (*EVENT_VARIABLES, "hart", "cycle"):
            found = self._variable(name)
            if found is not None:
                return found
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

    def _variable(self, name: str) -> tuple[int, Kind] | None:
        """A variable, function or constant of C that means the same at every place of the breakpoint."""
        constant = self._session.scope.fixed(name, self._addresses)
        if constant is None:
            return None
        if constant.varies or constant.kind is None:
            raise _NotForTheCoreError
        if constant.address is None:
            return self._number(constant.number, constant.kind)
        address, _ = self._number(constant.address, UINT)
        return self._loaded(address, constant.kind)

    def _unary(self, op: str, operand: Form) -> tuple[int, Kind]:
        number, kind = self.add(operand)
        return self._node(
            {"-": "negate", "~": "invert", "!": "!"}[op], INT if op == "!" else promoted(kind), 0, number
        )

    def _binary(self, op: str, left: Form, right: Form) -> tuple[int, Kind]:
        a, kind_a = self.add(left)
        b, kind_b = self.add(right)
        pointers = [kind for kind in (kind_a, kind_b) if kind.form is KindForm.POINTER]
        if op in ("<<", ">>"):
            kind = promoted(kind_a)
        else:
            kind = UINT if pointers else common_kind(kind_a, kind_b)
        wide = not kind.signed
        if op in _TRUTH:
            kind = INT
        elif op in ("+", "-") and pointers:
            if any(kind.target is not None and kind.target.size > 1 for kind in pointers):
                raise _NotForTheCoreError  # arithmetic of pointers
            kind = pointers[0] if len(pointers) == 1 else INT
        return self._node(op, kind, 0, a, b, wide)

    def _load(self, address: Form, kind: Kind | None = None) -> tuple[int, Kind]:
        number, pointer = self.add(address)
        target = pointer.target if pointer.form is KindForm.POINTER else None
        return self._loaded(number, kind or (INT if target is None or target is VOID else target))

    def _loaded(self, address: int, kind: Kind) -> tuple[int, Kind]:
        if kind.bits % 8 or kind.form is KindForm.BOOL:
            raise _NotForTheCoreError
        kind = _plain(kind)
        return self._node("memory", kind, 0, address)

    def _cast(self, kind: Kind, operand: Form) -> tuple[int, Kind]:
        number, _ = self.add(operand)
        if kind.form is KindForm.BOOL:
            raise _NotForTheCoreError
        return self._node("field", _plain(kind), 0, number)

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
