"""What the operators of expressions do with typed values, by the rules of C and, where C has none, of gdb."""

import struct
from collections.abc import Callable
from typing import Protocol

from flexdbg.debug.kinds import (
    CODE,
    DOUBLE,
    INT,
    LONG_LONG,
    UINT,
    ULONG,
    ULONG_LONG,
    Form,
    Kind,
    Member,
    array_of,
    fit,
    kind_named,
)
from flexdbg.debug.symbols import Symbol
from flexdbg.debug.values import Contents, Place, Value, member_of, part_of
from flexdbg.errors import ExpressionError, did_you_mean

__all__ = [
    "BINARY",
    "LARGEST_ARRAY",
    "Environment",
    "address_of",
    "array",
    "assign",
    "cast",
    "combine",
    "common_kind",
    "dereference",
    "index",
    "integer",
    "load",
    "member",
    "named",
    "negate",
    "promoted",
    "register",
    "through_pointer",
]

LARGEST_ARRAY = 4096


class Environment(Protocol):
    """What an expression is evaluated in."""

    variables: dict[str, Value]

    def register(self, name: str) -> Value | None:
        """A register, None if there is none of that name."""

    def variable(self, name: str, scope: str = "") -> Value | None:
        """What the program's debug information calls so: seen from the selected frame, or in a scope."""

    def symbol(self, name: str) -> Symbol | None: ...

    def symbol_names(self) -> list[str]: ...

    def read_memory(self, address: int, size: int) -> bytes: ...

    def write_memory(self, address: int, data: bytes) -> None: ...


def _divide(a: int, b: int) -> int:
    if b == 0:
        raise ExpressionError("division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


# Operator -> precedence, and what it does to integers.
BINARY: dict[str, tuple[int, Callable[[int, int], int]]] = {
    "||": (2, lambda a, b: int(bool(a) or bool(b))),
    "&&": (3, lambda a, b: int(bool(a) and bool(b))),
    "|": (4, lambda a, b: a | b),
    "^": (5, lambda a, b: a ^ b),
    "&": (6, lambda a, b: a & b),
    "==": (7, lambda a, b: int(a == b)),
    "!=": (7, lambda a, b: int(a != b)),
    "<": (8, lambda a, b: int(a < b)),
    "<=": (8, lambda a, b: int(a <= b)),
    ">": (8, lambda a, b: int(a > b)),
    ">=": (8, lambda a, b: int(a >= b)),
    "<<": (10, lambda a, b: a << (b & 63)),
    ">>": (10, lambda a, b: a >> (b & 63)),
    "+": (11, lambda a, b: a + b),
    "-": (11, lambda a, b: a - b),
    "*": (12, lambda a, b: a * b),
    "/": (12, _divide),
    "%": (12, lambda a, b: a - b * _divide(a, b)),
}
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=", "&&", "||")
_REAL: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def integer(number: int, kind: Kind = INT) -> Value:
    return Value(fit(number, kind), kind)


def real(number: float, kind: Kind = DOUBLE) -> Value:
    form = "<f" if kind.bits == 32 else "<d"
    try:
        data = struct.pack(form, number)
    except OverflowError:
        data = struct.pack(form, float("inf") if number > 0 else float("-inf"))
    return Value(fit(int.from_bytes(data, "little"), kind), kind)


# Memory


def load(env: Environment, address: int, kind: Kind) -> Value:
    """What lies at an address, read when it is needed."""
    address &= 0xFFFF_FFFF
    size = kind.size

    def store(offset: int, data: bytes) -> None:
        env.write_memory((address + offset) & 0xFFFF_FFFF, data)

    def write(number: int) -> None:
        store(0, (number & ((1 << 8 * size) - 1)).to_bytes(size, "little"))

    def read() -> Contents:
        return Contents(env.read_memory(address, size) if size else b"")

    number = address if kind.aggregate or kind.form in (Form.FUNCTION, Form.VOID) else None
    return Value(number, kind, Place(write, address, store), read=read)


def dereference(env: Environment, value: Value) -> Value:
    if value.kind.form is Form.FUNCTION:
        return value
    if value.kind.form in (Form.STRUCT, Form.UNION):
        raise ExpressionError("Attempt to take contents of a non-pointer value.")
    if value.kind.form is Form.ARRAY and value.address is None:
        return _element(env, value, 0)
    target = value.kind.target if value.elements is None else None
    if target is not None and target.form is Form.VOID:
        target = INT  # `*$sp`: a word
    return load(env, value.scalar(), target or INT)


def address_of(value: Value) -> Value:
    if value.kind.form is Form.FUNCTION:
        return Value(value.number, value.kind.pointer())
    if value.kind is CODE and value.place is None:
        return value
    if value.address is None:
        raise ExpressionError("Attempt to take address of value not located in memory.")
    return Value(value.address, value.kind.pointer())


def cast(env: Environment, value: Value, kind: Kind) -> Value:
    source = value.kind
    if kind.form is Form.VOID:
        return Value(0, kind)
    if kind.aggregate or kind.form is Form.FUNCTION:
        if value.address is not None and kind.form is not Form.FUNCTION and kind.size == source.size:
            return load(env, value.address, kind)  # the same bytes, seen in another way
        raise ExpressionError("Invalid cast.")
    if kind.form is Form.FLOAT:
        return real(value.real, kind)
    if kind.form is Form.BOOL:
        return Value(int(value.truth()), kind)
    return integer(value.scalar(), kind)


def index(env: Environment, value: Value, position: int) -> Value:
    if value.elements is not None:
        if not 0 <= position < len(value.elements):
            raise ExpressionError(f"[{position}]: lanes are 0 to {len(value.elements) - 1}")
        return value.elements[position]
    if value.kind.form is Form.ARRAY:
        return _element(env, value, position)
    target = value.kind.target
    if target is None or value.kind.form is not Form.POINTER:
        raise ExpressionError("[] needs an array, a pointer or lanes; give a type, as in ((int8 *)$a0)[2]")
    return load(env, value.number + position * target.size, target if target.form is not Form.VOID else INT)


def _element(env: Environment, value: Value, position: int) -> Value:
    element = value.kind.target or INT
    count = value.kind.count
    if count is not None and 0 <= position < count:
        if value.address is None:
            return part_of(value, position * element.size, element)
        return load_part(env, value, position * element.size, element)
    if value.address is None:
        raise ExpressionError(f"no such vector element: [{position}]")
    return load(env, value.address + position * element.size, element)


def load_part(env: Environment, value: Value, offset: int, kind: Kind) -> Value:
    """Part of something in memory, without reading the whole of it; a kept value stays what it was."""
    if value.place is not None and value.place.store is not None:
        assert value.address is not None
        return load(env, value.address + offset, kind)
    return part_of(value, offset, kind)


def array(env: Environment, first: Value, length: int) -> Value:
    if first.address is None:
        raise ExpressionError(
            "Only values in memory can be extended with '@'; it must be in memory, as in *0x10000400@8"
        )
    if not 1 <= length <= LARGEST_ARRAY:
        raise ExpressionError(f"@{length}: the count is 1 to {LARGEST_ARRAY}")
    return load(env, first.address, array_of(first.kind, length))


# Structs


def member(env: Environment, value: Value, name: str) -> Value:
    """`value.name`; as in gdb a pointer is followed."""
    if value.kind.form is Form.POINTER and value.elements is None:
        return through_pointer(env, value, name)
    found = _find_member(value.kind, name)
    if found is None:
        raise ExpressionError(_no_member(value.kind, name))
    chain, wanted = found
    for outer in chain:
        value = _member_value(env, value, outer)
    return _member_value(env, value, wanted)


def _member_value(env: Environment, value: Value, found: Member) -> Value:
    if found.bits or value.address is None:
        return member_of(value, found)
    return load_part(env, value, found.offset // 8, found.kind)


def through_pointer(env: Environment, value: Value, name: str) -> Value:
    target = value.kind.target
    if value.kind.form is Form.ARRAY and value.address is not None and target is not None:
        return member(env, load(env, value.address, target), name)
    if value.kind.form in (Form.STRUCT, Form.UNION):
        return member(env, value, name)
    if value.kind.form is not Form.POINTER or target is None or target.form not in (Form.STRUCT, Form.UNION):
        raise ExpressionError(_no_member(value.kind, name))
    return member(env, load(env, value.scalar(), target), name)


def _find_member(kind: Kind, name: str, depth: int = 0) -> tuple[list[Member], Member] | None:
    """The member, and the anonymous structs and unions around it."""
    for one in kind.members:
        if one.name == name:
            return [], one
        if not one.name and one.kind.members and depth < 16:
            inner = _find_member(one.kind, name, depth + 1)
            if inner is not None:
                return [one, *inner[0]], inner[1]
    return None


def _no_member(kind: Kind, name: str) -> str:
    struct_kind = kind.target if kind.form is Form.POINTER and kind.target else kind
    if struct_kind.form not in (Form.STRUCT, Form.UNION):
        what = "structure pointer" if kind.form is Form.POINTER else "structure"
        return f"Attempt to extract a component of a value that is not a {what}."
    if struct_kind.incomplete:
        return f"{struct_kind.text}: <incomplete type>"
    hint = did_you_mean(name, [one.name for one in struct_kind.members if one.name])
    return f"There is no member named {name}{hint or '.'}"


# Names


def register(env: Environment, name: str) -> Value:
    found = env.register(name)
    if found is None:
        found = env.variables.get(name)
    if found is None:
        raise ExpressionError(f"${name}: no register or variable of that name")
    return found


def named(env: Environment, name: str, scope: str = "") -> Value:
    """A variable, function or enumerator of the program, or a symbol that has no type."""
    found = env.variable(name, scope)
    if found is not None:
        return found
    if scope:
        raise ExpressionError(f'No symbol "{name}" in "{scope}".')
    symbol = env.symbol(name)
    if symbol is None:
        variable = env.register(f"_{name}")  # `hart` for `$_hart`
        if variable is not None:
            return variable
        hint = did_you_mean(name, env.symbol_names())
        raise ExpressionError(f'No symbol "{name}" in current context{hint or "."}')
    if symbol.kind != "object":
        return Value(symbol.address, _UNTYPED_FUNCTION)
    kind = {1: kind_named("char"), 2: kind_named("short"), 4: INT}.get(symbol.size)
    if kind is None:
        kind = array_of(INT, min(max(symbol.size // 4, 1), LARGEST_ARRAY))
    return load(env, symbol.address, kind)


_UNTYPED_FUNCTION = Kind("<text variable, no debug info>", 0, False, Form.FUNCTION, read_target=lambda: INT)


# Arithmetic


def negate(value: Value) -> Value:
    if value.kind.form is Form.FLOAT:
        return real(-value.real, value.kind)
    return integer(-value.scalar(), promoted(value.kind))


def complement(value: Value) -> Value:
    return integer(~value.scalar(), promoted(value.kind))


def promoted(kind: Kind) -> Kind:
    """The type of an operand behind C's integer promotions."""
    if kind.bits > 32:
        return kind
    if kind.form is Form.INT and kind.bits == 32:
        return kind
    return UINT if kind.bits == 32 and not kind.signed and kind.form is not Form.ARRAY else INT


def common_kind(a: Kind, b: Kind) -> Kind:
    """The usual arithmetic conversions."""
    a, b = promoted(a), promoted(b)
    if 64 in (a.bits, b.bits):
        unsigned = any(kind.bits == 64 and not kind.signed for kind in (a, b))
        return ULONG_LONG if unsigned else LONG_LONG
    is_long = any("long" in kind.bare.name for kind in (a, b))
    if not (a.signed and b.signed):
        return ULONG if is_long else UINT
    return next((kind for kind in (a, b) if "long" in kind.bare.name), INT)


def combine(name: str, a: Value, b: Value) -> Value:
    """A binary operator on two values; && and || have looked at the left one already."""
    if Form.FLOAT in (a.kind.form, b.kind.form) and a.elements is None and b.elements is None:
        return _combine_real(name, a, b)
    x, y = a.scalar(), b.scalar()
    scale_a, scale_b = _stride(a), _stride(b)
    function = BINARY[name][1]
    if name in ("+", "-") and scale_a and not scale_b:
        return Value(function(x, y * scale_a) & 0xFFFF_FFFF, _pointer_kind(a))
    if name == "+" and scale_b and not scale_a:
        return Value((x * scale_b + y) & 0xFFFF_FFFF, _pointer_kind(b))
    if name == "-" and scale_a and scale_b:
        return integer(_divide(x - y, scale_a), kind_named("long") or INT)
    kind = UINT if scale_a or scale_b else common_kind(a.kind, b.kind)
    if name in ("<<", ">>"):
        kind = promoted(a.kind)
        y &= max(kind.bits, 32) - 1
    elif not kind.signed:
        mask = (1 << kind.bits) - 1
        x, y = x & mask, y & mask
    result = function(x, y)
    return Value(result) if name in _COMPARISONS else integer(result, kind)


def _combine_real(name: str, a: Value, b: Value) -> Value:
    if name in ("&&", "||"):
        return Value(BINARY[name][1](int(a.truth()), int(b.truth())))
    x, y = a.real, b.real
    if name == "/":
        if y == 0:
            raise ExpressionError("division by zero")
        return real(x / y)
    function = _REAL.get(name)
    if function is None:
        raise ExpressionError("Integer operation on a floating-point value.")
    result = function(x, y)
    return Value(int(result)) if name in _COMPARISONS else real(result)


def _stride(value: Value) -> int:
    """Bytes that 1 stands for in pointer arithmetic, 0 for plain numbers."""
    if value.elements is not None:
        return 0
    if value.kind.form is Form.FUNCTION:
        return 1
    if value.kind.form in (Form.POINTER, Form.ARRAY):
        return max((value.kind.target or INT).size, 1)
    return 0


def _pointer_kind(value: Value) -> Kind:
    if value.kind.form is Form.ARRAY:
        return (value.kind.target or INT).pointer()
    if value.kind is _UNTYPED_FUNCTION:
        return CODE
    return value.kind.pointer() if value.kind.form is Form.FUNCTION else value.kind


def assign(env: Environment, target: Value, new: Value) -> Value:
    """Change what `target` names; gives the value it has then."""
    kind, place = target.kind, target.place
    if target.elements is not None or place is None or kind.form in (Form.FUNCTION, Form.VOID):
        raise ExpressionError("the left side of = cannot be assigned")
    if kind.aggregate:
        if not new.kind.aggregate or new.kind.size != kind.size or place.store is None:
            raise ExpressionError("Invalid cast.")
        place.store(0, new.contents.data)
        return target if target.address is None else load(env, target.address, kind)
    converted = cast(env, new, kind)
    place.write(converted.number & ((1 << kind.bits) - 1))
    return Value(converted.number, kind, place)
