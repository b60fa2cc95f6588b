"""The expression language: registers, symbols, memory and C operators, compiled once to a function.

$a0  $pc  $mix_skip  $nn_w0.i4[3]      registers, CSRs, lanes
main  &table  table[3]  'odd.name'     symbols
*0x10000400  *(int8 *)($a0 + 4)  {short}0x10000400  *0x10000400@8
$name = 5                              assignment; unknown $names are variables of the session
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flexdbg.debug.symbols import Symbol
from flexdbg.debug.values import CODE, INT, UINT, Kind, Place, Value, fit, kind_named, lanes_of
from flexdbg.errors import ExpressionError, did_you_mean

__all__ = ["Environment", "Expression", "Form", "compile_expression"]

Thunk = Callable[["Environment"], Value]


class Environment(Protocol):
    """What an expression is evaluated in."""

    variables: dict[str, Value]

    def register(self, name: str) -> Value | None:
        """A register, None if there is none of that name."""

    def symbol(self, name: str) -> Symbol | None: ...

    def symbol_names(self) -> list[str]: ...

    def read_memory(self, address: int, size: int) -> bytes: ...

    def write_memory(self, address: int, data: bytes) -> None: ...


class Expression:
    """A compiled expression; `evaluate` may be called any number of times."""

    def __init__(self, text: str, thunk: Thunk) -> None:
        self.text = text
        self._thunk = thunk

    @property
    def form(self) -> "Form | None":
        """The expression as a tree, for translators; None where it has parts that only Python evaluates."""
        return _form_of(self._thunk)

    def evaluate(self, environment: Environment) -> Value:
        try:
            return self._thunk(environment)
        except RecursionError as error:
            raise ExpressionError(f"{self.text[:40]}: nested too deeply") from error


@dataclass(frozen=True, slots=True)
class Form:
    """A node of an expression: `op` with its operands and details.

    number VALUE KIND, register NAME, name NAME, unary OP X, binary OP X Y, load X [KIND], cast KIND X,
    lanes X SUFFIX, index X Y.
    """

    op: str
    parts: tuple[Any, ...]


class _Formed:
    """A thunk that knows its form."""

    __slots__ = ("_thunk", "form")

    def __init__(self, thunk: Thunk, form: Form) -> None:
        self._thunk = thunk
        self.form = form

    def __call__(self, env: "Environment") -> Value:
        return self._thunk(env)


def _form_of(thunk: Thunk) -> Form | None:
    return thunk.form if isinstance(thunk, _Formed) else None


def _formed(thunk: Thunk, op: str, *parts: object) -> Thunk:
    """The thunk with its form, if the thunks among its parts have theirs."""
    forms = [_form_of(part) if callable(part) else part for part in parts]
    if any(callable(part) and form is None for part, form in zip(parts, forms, strict=True)):
        return thunk
    return _Formed(thunk, Form(op, tuple(forms)))


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d[\d_]*(?![\w]))
    | (?P<char>'(?:\\.|[^\\'])')
    | (?P<quoted>'[^']+')
    | (?P<register>\$\w*)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<operator><<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^~!<>=?:()\[\]{}.@,])
    )""",
    re.VERBOSE,
)

_BINARY: dict[str, tuple[int, Callable[[int, int], int]]] = {
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
    "<<": (10, lambda a, b: a << (b & 31)),
    ">>": (10, lambda a, b: a >> (b & 31)),
    "+": (11, lambda a, b: a + b),
    "-": (11, lambda a, b: a - b),
    "*": (12, lambda a, b: a * b),
    "/": (12, lambda a, b: _divide(a, b)),
    "%": (12, lambda a, b: a - b * _divide(a, b)),
}
_ARRAY = 9  # gdb's @ binds tighter than comparison, looser than arithmetic
_ESCAPES = {"n": 10, "t": 9, "r": 13, "0": 0, "\\": 92, "'": 39}
_LARGEST_ARRAY = 4096


def _divide(a: int, b: int) -> int:
    if b == 0:
        raise ExpressionError("division by zero")
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def compile_expression(text: str) -> Expression:
    """Read an expression; errors say where reading stopped."""
    parser = _Parser(text)
    try:
        return Expression(text.strip(), parser.whole())
    except RecursionError as error:
        raise ExpressionError(f"{text[:40]}: nested too deeply") from error


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise ExpressionError(f"cannot read {text[position:].strip()!r} in an expression")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._next = 0

    # Tokens

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        index = self._next + ahead
        return self._tokens[index] if index < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._next += 1
        return token

    def _accept(self, text: str) -> bool:
        if self._peek() == ("operator", text):
            self._next += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise ExpressionError(
                f"expected {text!r} before {self._peek()[1] or 'the end'!r} in {self._text!r}"
            )

    # Grammar

    def whole(self) -> Thunk:
        if not self._tokens:
            raise ExpressionError("an expression is missing")
        thunk = self._assignment()
        if self._peek()[0] != "end":
            raise ExpressionError(f"unexpected {self._peek()[1]!r} in {self._text.strip()!r}")
        return thunk

    def _assignment(self) -> Thunk:
        start = self._next
        left = self._conditional()
        kind, operator = self._peek()
        if kind != "operator" or not operator.endswith("=") or operator in ("==", "!=", "<=", ">="):
            return left
        # A new variable cannot be read, only assigned.
        first = self._tokens[start]
        variable = first[1] if first[0] == "register" and self._next == start + 1 else None
        self._take()
        right = self._assignment()
        if operator != "=":
            right = _binary(_BINARY[operator[:-1]][1], operator[:-1], left, right)
        return _assign(left, right, variable)

    def _conditional(self) -> Thunk:
        condition = self._operators(2)
        if not self._accept("?"):
            return condition
        yes = self._assignment()
        self._expect(":")
        no = self._conditional()
        return lambda env: yes(env) if condition(env).scalar() else no(env)

    def _operators(self, level: int) -> Thunk:
        left = self._unary()
        while True:
            kind, text = self._peek()
            if kind == "operator" and text == "@" and level <= _ARRAY:
                self._take()
                left = _array(left, self._operators(_ARRAY + 1))
                continue
            if kind != "operator" or text not in _BINARY or _BINARY[text][0] < level:
                return left
            self._take()
            precedence, function = _BINARY[text]
            right = self._operators(precedence + 1)
            left = _formed(_binary(function, text, left, right), "binary", text, left, right)

    def _unary(self) -> Thunk:
        if self._accept("-"):
            operand = self._unary()
            return _formed(lambda env: _integer(-operand(env).scalar()), "unary", "-", operand)
        if self._accept("+"):
            return self._unary()
        if self._accept("~"):
            operand = self._unary()
            return _formed(lambda env: _integer(~operand(env).scalar()), "unary", "~", operand)
        if self._accept("!"):
            operand = self._unary()
            return _formed(lambda env: Value(int(not operand(env).scalar())), "unary", "!", operand)
        if self._accept("*"):
            operand = self._unary()
            return _formed(lambda env: _dereference(env, operand(env)), "load", operand)
        if self._accept("&"):
            return _address_of(self._unary())
        if self._peek() == ("operator", "("):
            cast = self._cast_type(1, ")")
            if cast is not None:
                operand = self._unary()
                return _formed(lambda env: _cast(operand(env), cast), "cast", cast, operand)
        if self._peek() == ("operator", "{"):
            target = self._cast_type(1, "}")
            if target is None:
                raise ExpressionError("expected a type in {}, such as {int8}ADDRESS")
            operand = self._unary()
            return _formed(lambda env: _load(env, operand(env).scalar(), target), "load", operand, target)
        return self._postfix(self._primary())

    def _cast_type(self, ahead: int, closing: str) -> Kind | None:
        """Read `(type)` or `{type}` if that is what stands here."""
        words = []
        while self._peek(ahead)[0] == "name":
            words.append(self._peek(ahead)[1])
            ahead += 1
        kind = kind_named(" ".join(words)) if words else None
        if kind is None:
            return None
        while self._peek(ahead) == ("operator", "*"):
            kind = kind.pointer()
            ahead += 1
        if self._peek(ahead) != ("operator", closing):
            return None
        self._next += ahead + 1
        return kind

    def _postfix(self, thunk: Thunk) -> Thunk:
        while True:
            if self._accept("["):
                index = self._assignment()
                self._expect("]")
                thunk = _formed(_index(thunk, index), "index", thunk, index)
            elif self._accept("."):
                kind, suffix = self._take()
                if kind != "name":
                    raise ExpressionError(f"expected lanes after '.', such as .i8, not {suffix!r}")
                thunk = _formed(_lanes(thunk, suffix), "lanes", thunk, suffix)
            else:
                return thunk

    def _primary(self) -> Thunk:
        kind, text = self._take()
        if kind == "number":
            return _constant(text)
        if kind == "char":
            code = _ESCAPES.get(text[2], ord(text[2])) if text[1] == "\\" else ord(text[1])
            return _formed(lambda env: Value(code), "number", code, INT)
        if kind == "register":
            return _register(text[1:])
        if kind in ("name", "quoted"):
            return _symbol(text.strip("'"))
        if (kind, text) == ("operator", "("):
            inner = self._assignment()
            self._expect(")")
            return inner
        raise ExpressionError(f"expected a value, not {text or 'the end'!r}, in {self._text.strip()!r}")


# Meaning


def _integer(number: int, kind: Kind = INT) -> Value:
    return Value(fit(number, kind), kind)


def _constant(text: str) -> Thunk:
    digits = text.replace("_", "")
    octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
    try:
        number = int(digits, 8 if octal else 0)
    except ValueError as error:
        raise ExpressionError(f"{text}: not a number") from error
    if number >= 1 << 32:
        raise ExpressionError(f"{text}: numbers have 32 bits")
    value = Value(number, INT if number < 1 << 31 else UINT)
    return _formed(lambda env: value, "number", value.number, value.kind)


def _register(name: str) -> Thunk:
    def read(env: Environment) -> Value:
        found = env.register(name)
        if found is None:
            found = env.variables.get(name)
        if found is None:
            raise ExpressionError(f"${name}: no register or variable of that name")
        return found

    return _formed(read, "register", name)


def _symbol(name: str) -> Thunk:
    def read(env: Environment) -> Value:
        symbol = env.symbol(name)
        if symbol is None:
            variable = env.register(f"_{name}")  # `hart` for `$_hart`
            if variable is not None:
                return variable
            hint = did_you_mean(name, env.symbol_names())
            raise ExpressionError(f"no symbol {name!r} in the program{hint}")
        if symbol.kind != "object":
            return Value(symbol.address, CODE)
        kind = {1: kind_named("char"), 2: kind_named("short"), 4: INT}.get(symbol.size)
        if kind is not None:
            return _load(env, symbol.address, kind)
        return _load_array(env, symbol.address, INT, min(max(symbol.size // 4, 1), _LARGEST_ARRAY))

    return _formed(read, "name", name)


def _load(env: Environment, address: int, kind: Kind) -> Value:
    address &= 0xFFFF_FFFF
    number = int.from_bytes(env.read_memory(address, kind.size), "little")

    def write(new: int) -> None:
        env.write_memory(address, (new & ((1 << 8 * kind.size) - 1)).to_bytes(kind.size, "little"))

    return Value(fit(number, kind), kind, Place(write, address))


def _load_array(env: Environment, address: int, kind: Kind, count: int) -> Value:
    elements = tuple(_load(env, address + index * kind.size, kind) for index in range(count))
    return Value(address, kind, Place(lambda _: None, address), elements)


def _target_of(value: Value) -> Kind:
    if value.elements is not None:
        return value.kind
    return value.kind.target or INT


def _dereference(env: Environment, value: Value) -> Value:
    return _load(env, value.scalar(), _target_of(value))


def _address_of(operand: Thunk) -> Thunk:
    def address(env: Environment) -> Value:
        value = operand(env)
        if value.kind.code:
            return value
        if value.place is None or value.place.address is None:
            raise ExpressionError("& needs something in memory")
        return Value(value.place.address, value.kind.pointer())

    return address


def _cast(value: Value, kind: Kind) -> Value:
    return Value(fit(value.scalar(), kind), kind)


def _index(base: Thunk, index: Thunk) -> Thunk:
    def element(env: Environment) -> Value:
        value, position = base(env), index(env).scalar()
        in_memory = value.place is not None and value.place.address is not None
        if value.elements is not None and not in_memory:
            if not 0 <= position < len(value.elements):
                raise ExpressionError(f"[{position}]: lanes are 0 to {len(value.elements) - 1}")
            return value.elements[position]
        if value.elements is None and value.kind.target is None:
            raise ExpressionError(
                "[] needs an array, a pointer or lanes; give a type, as in ((int8 *)$a0)[2]"
            )
        kind = _target_of(value)
        return _load(env, value.scalar() + position * kind.size, kind)

    return element


def _lanes(base: Thunk, suffix: str) -> Thunk:
    return lambda env: lanes_of(base(env), suffix)


def _array(first: Thunk, count: Thunk) -> Thunk:
    def several(env: Environment) -> Value:
        value, length = first(env), count(env).scalar()
        if value.place is None or value.place.address is None:
            raise ExpressionError("the left side of @ must be in memory, as in *0x10000400@8")
        if not 1 <= length <= _LARGEST_ARRAY:
            raise ExpressionError(f"@{length}: the count is 1 to {_LARGEST_ARRAY}")
        return _load_array(env, value.place.address, value.kind, length)

    return several


def _binary(function: Callable[[int, int], int], name: str, left: Thunk, right: Thunk) -> Thunk:
    def combine(env: Environment) -> Value:
        a = left(env)
        if name == "&&" and not a.scalar():
            return Value(0)
        if name == "||" and a.scalar():
            return Value(1)
        b = right(env)
        x, y = a.scalar(), b.scalar()
        scale_a, scale_b = _pointer_size(a), _pointer_size(b)
        if name in ("+", "-") and scale_a and not scale_b:
            return Value((function(x, y * scale_a)) & 0xFFFF_FFFF, _pointer_kind(a))
        if name == "+" and scale_b and not scale_a:
            return Value((x * scale_b + y) & 0xFFFF_FFFF, _pointer_kind(b))
        # As in C: one unsigned 32-bit operand makes the operation unsigned.
        wide_unsigned = any(v.kind.bits == 32 and not v.kind.signed for v in (a, b))
        kind = UINT if wide_unsigned else INT
        if wide_unsigned:
            x, y = x & 0xFFFF_FFFF, y & 0xFFFF_FFFF
        result = function(x, y)
        if name in ("==", "!=", "<", "<=", ">", ">=", "&&", "||"):
            return Value(result)
        if scale_a and scale_b and name == "-":
            return _integer(_divide(a.scalar() - b.scalar(), scale_a))
        if (a.kind.code or b.kind.code) and name in ("+", "-") and a.kind.code != b.kind.code:
            kind = CODE
        return _integer(result, kind)

    return combine


def _pointer_size(value: Value) -> int:
    if value.elements is not None:
        return value.kind.size
    return value.kind.target.size if value.kind.target else 0


def _pointer_kind(value: Value) -> Kind:
    return value.kind.pointer() if value.elements is not None else value.kind


def _assign(left: Thunk, right: Thunk, variable: str | None) -> Thunk:
    def assign(env: Environment) -> Value:
        new = right(env)
        if variable is not None and env.register(variable[1:]) is None:
            if len(variable) == 1 or variable[1:].isdigit():
                raise ExpressionError(f"{variable}: the value history cannot be changed")
            env.variables[variable[1:]] = Value(new.number, new.kind, None, new.elements)
            return new
        target = left(env)
        if target.elements is not None or target.place is None:
            raise ExpressionError("the left side of = cannot be assigned")
        number = fit(new.scalar(), target.kind)
        target.place.write(number & ((1 << target.kind.bits) - 1))
        return Value(number, target.kind, target.place)

    return assign
