"""The expression language: registers, variables, memory and C's operators, compiled once to a function.

$a0  $pc  $mix_skip  $nn_w0.i4[3]      registers, CSRs, lanes
count  p->next->row[3]  main::total    variables of C, seen from the selected frame
main  &table  table[3]  'odd.name'     symbols
*0x10000400  *(int8 *)($a0 + 4)  {short}0x10000400  *0x10000400@8  (struct row *)$a0
$name = 5  count += 2                  assignment; unknown $names are variables of the session
sizeof(struct row)  sizeof count
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flexdbg.debug import kinds, operations
from flexdbg.debug.kinds import CHAR, INT, LONG_LONG, UINT, ULONG, ULONG_LONG, Kind
from flexdbg.debug.operations import BINARY, Environment
from flexdbg.debug.type_syntax import Tokens, TypeNames, no_types, read_type
from flexdbg.debug.values import Value, lanes_of
from flexdbg.errors import ExpressionError

__all__ = ["Environment", "Expression", "Form", "compile_expression", "compile_type"]

Thunk = Callable[[Environment], Value]


class Expression:
    """A compiled expression; `evaluate` may be called any number of times."""

    def __init__(self, text: str, thunk: Thunk, names: tuple[str, ...] = ()) -> None:
        self.text = text
        self.names = names  # of variables and symbols
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

    def __call__(self, env: Environment) -> Value:
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
      (?P<real>\d+\.\d*(?:[eE][-+]?\d+)?[fF]?(?![\w.])|\d+[eE][-+]?\d+[fF]?(?!\w))
    | (?P<number>(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d[\d_]*)(?:[uU][lL]{0,2}|[lL]{1,2}[uU]?)?(?![\w]))
    | (?P<char>'(?:\\.|[^\\'])')
    | (?P<quoted>'[^']+')
    | (?P<register>\$\w*)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<operator><<=|>>=|<<|>>|<=|>=|==|!=|&&|\|\||->|::|[-+*/%&|^]=|[-+*/%&|^~!<>=?:()\[\]{}.@,])
    )""",
    re.VERBOSE,
)
_ARRAY = 9  # gdb's @ binds tighter than comparison, looser than arithmetic
_LANES = re.compile(r"[iu]\d+")
_ESCAPES = {"n": 10, "t": 9, "r": 13, "0": 0, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27, "\\": 92, "'": 39}


def compile_expression(text: str, types: TypeNames = no_types) -> Expression:
    """Read an expression; errors say where reading stopped. `types` knows the program's type names."""
    parser = _Parser(text, types)
    try:
        return Expression(text.strip(), parser.whole(), tuple(parser.names))
    except RecursionError as error:
        raise ExpressionError(f"{text[:40]}: nested too deeply") from error


def compile_type(text: str, types: TypeNames = no_types) -> Kind | None:
    """The type that a text names, such as `struct row *`; None if it names none."""
    try:
        parser = _Parser(text, types)
        return parser.whole_type()
    except RecursionError as error:
        raise ExpressionError(f"{text[:40]}: nested too deeply") from error


class _Parser:
    def __init__(self, text: str, types: TypeNames) -> None:
        self._text = text
        self._types = types
        self.names: list[str] = []
        tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise ExpressionError(f"cannot read {text[position:].strip()!r} in an expression")
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self._tokens = Tokens(tokens)

    # Tokens

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        return self._tokens.peek(ahead)

    def _accept(self, text: str) -> bool:
        return self._tokens.accept(text)

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise ExpressionError(
                f"expected {text!r} before {self._peek()[1] or 'the end'!r} in {self._text!r}"
            )

    # Grammar

    def whole(self) -> Thunk:
        if self._peek()[0] == "end":
            raise ExpressionError("an expression is missing")
        thunk = self._assignment()
        if self._peek()[0] != "end":
            raise ExpressionError(f"unexpected {self._peek()[1]!r} in {self._text.strip()!r}")
        return thunk

    def whole_type(self) -> Kind | None:
        kind = read_type(self._tokens, self._types)
        return kind if kind is not None and self._peek()[0] == "end" else None

    def _assignment(self) -> Thunk:
        start = self._tokens.next
        left = self._conditional()
        kind, operator = self._peek()
        if kind != "operator" or not operator.endswith("=") or operator in ("==", "!=", "<=", ">="):
            return left
        # A new variable cannot be read, only assigned.
        first = self._tokens.all[start]
        variable = first[1] if first[0] == "register" and self._tokens.next == start + 1 else None
        self._tokens.take()
        right = self._assignment()
        if operator != "=":
            right = _binary(operator[:-1], left, right)
        return _assign(left, right, variable)

    def _conditional(self) -> Thunk:
        condition = self._operators(2)
        if not self._accept("?"):
            return condition
        yes = self._assignment()
        self._expect(":")
        no = self._conditional()
        return lambda env: yes(env) if condition(env).truth() else no(env)

    def _operators(self, level: int) -> Thunk:
        left = self._unary()
        while True:
            kind, text = self._peek()
            if kind == "operator" and text == "@" and level <= _ARRAY:
                self._tokens.take()
                left = _array(left, self._operators(_ARRAY + 1))
                continue
            if kind != "operator" or text not in BINARY or BINARY[text][0] < level:
                return left
            self._tokens.take()
            right = self._operators(BINARY[text][0] + 1)
            left = _formed(_binary(text, left, right), "binary", text, left, right)

    def _unary(self) -> Thunk:
        for operator, meaning in _UNARY.items():
            if self._accept(operator):
                operand = self._unary()
                made = _apply(meaning, operand)
                if operator == "*":
                    return _formed(made, "load", operand)
                return _formed(made, "unary", operator, operand) if operator in "-~!" else made
        if self._peek() == ("name", "sizeof"):
            self._tokens.take()
            return self._sizeof()
        for opening, closing in (("(", ")"), ("{", "}")):
            if self._peek() != ("operator", opening):
                continue
            target = self._type_in(closing)
            if target is not None:
                return self._cast(target) if opening == "(" else self._load(target)
            if opening == "{":
                raise ExpressionError("expected a type in {}, such as {int8}ADDRESS")
        return self._postfix(self._primary())

    def _cast(self, kind: Kind) -> Thunk:
        operand = self._unary()
        return _formed(lambda env: operations.cast(env, operand(env), kind), "cast", kind, operand)

    def _load(self, kind: Kind) -> Thunk:
        operand = self._unary()
        return _formed(lambda env: operations.load(env, operand(env).scalar(), kind), "load", operand, kind)

    def _sizeof(self) -> Thunk:
        kind = self._type_in(")") if self._peek() == ("operator", "(") else None
        if kind is not None:
            size = kind.size
            return lambda env: Value(size)
        operand = self._unary()
        return lambda env: Value(operand(env).kind.size, ULONG)

    def _type_in(self, closing: str) -> Kind | None:
        """Read `(type)` or `{type}` if that is what stands here."""
        start = self._tokens.next
        self._tokens.take()
        kind = read_type(self._tokens, self._types)
        if kind is None or not self._accept(closing):
            self._tokens.next = start
            return None
        return kind

    def _postfix(self, thunk: Thunk) -> Thunk:
        while True:
            if self._accept("["):
                position = self._assignment()
                self._expect("]")
                thunk = _formed(_index(thunk, position), "index", thunk, position)
            elif self._accept("."):
                name = self._member_name("lanes such as .i8, or a member, behind '.'")
                thunk = _formed(_dot(thunk, name), "lanes", thunk, name)
            elif self._accept("->"):
                thunk = _arrow(thunk, self._member_name("a member behind '->'"))
            elif self._peek() == ("operator", "("):
                raise ExpressionError(
                    f"{self._text.strip()!r}: functions of the program cannot be called in expressions"
                )
            else:
                return thunk

    def _member_name(self, expected: str) -> str:
        kind, name = self._tokens.take()
        if kind != "name":
            raise ExpressionError(f"expected {expected}, not {name or 'the end'!r}")
        return name

    def _primary(self) -> Thunk:
        kind, text = self._tokens.take()
        if kind == "number":
            return _constant(text)
        if kind == "real":
            made = operations.real(float(text.rstrip("fF")))
            return lambda env: made
        if kind == "char":
            code = _ESCAPES.get(text[2], ord(text[2])) if text[1] == "\\" else ord(text[1])
            return _formed(lambda env: Value(code, CHAR), "number", code, CHAR)
        if kind == "register":
            return _formed(lambda env: operations.register(env, text[1:]), "register", text[1:])
        if kind in ("name", "quoted"):
            if self._accept("::"):
                name = self._member_name("a name behind '::'")
                return lambda env: operations.named(env, name, text.strip("'"))
            plain = text.strip("'")
            self.names.append(plain)
            return _formed(lambda env: operations.named(env, plain), "name", plain)
        if (kind, text) == ("operator", "("):
            inner = self._assignment()
            self._expect(")")
            return inner
        raise ExpressionError(f"expected a value, not {text or 'the end'!r}, in {self._text.strip()!r}")


_UNARY: dict[str, Callable[[Environment, Value], Value]] = {
    "-": lambda env, value: operations.negate(value),
    "+": lambda env, value: value,
    "~": lambda env, value: operations.complement(value),
    "!": lambda env, value: Value(int(not value.truth())),
    "*": operations.dereference,
    "&": lambda env, value: operations.address_of(value),
}


def _apply(meaning: Callable[[Environment, Value], Value], operand: Thunk) -> Thunk:
    return lambda env: meaning(env, operand(env))


def _constant(text: str) -> Thunk:
    digits = text.replace("_", "")
    suffix = ""
    while digits[-1] in "uUlL" and len(digits) > 1:
        digits, suffix = digits[:-1], suffix + digits[-1].lower()
    octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
    try:
        number = int(digits, 8 if octal else 0)
    except ValueError as error:
        raise ExpressionError(f"{text}: not a number") from error
    if number >= 1 << 64:
        raise ExpressionError("Numeric constant too large.")
    if number >= 1 << 32 or suffix.count("l") == 2:
        kind = ULONG_LONG if "u" in suffix or number >= 1 << 63 else LONG_LONG
    else:
        kind = UINT if "u" in suffix or number >= 1 << 31 else INT
        if "l" in suffix:
            kind = ULONG if kind is UINT else replace(INT, name="long")
    value = Value(number, kind)
    return _formed(lambda env: value, "number", number, kind)


def _dot(base: Thunk, name: str) -> Thunk:
    def select(env: Environment) -> Value:
        value = base(env)
        form = value.kind.form if value.elements is None else None
        target = value.kind.target if form is kinds.Form.POINTER else value.kind
        if form is not None and target is not None and target.form in (kinds.Form.STRUCT, kinds.Form.UNION):
            return operations.member(env, value, name)
        if value.address is not None and not _LANES.fullmatch(name):
            raise ExpressionError("Attempt to extract a component of a value that is not a structure.")
        return lanes_of(value, name)

    return select


def _arrow(base: Thunk, name: str) -> Thunk:
    return lambda env: operations.through_pointer(env, base(env), name)


def _index(base: Thunk, position: Thunk) -> Thunk:
    return lambda env: operations.index(env, base(env), position(env).scalar())


def _array(first: Thunk, count: Thunk) -> Thunk:
    return lambda env: operations.array(env, first(env), count(env).scalar())


def _binary(name: str, left: Thunk, right: Thunk) -> Thunk:
    def combine(env: Environment) -> Value:
        a = left(env)
        if name == "&&" and not a.truth():
            return Value(0)
        if name == "||" and a.truth():
            return Value(1)
        if name in ("&&", "||"):
            return Value(int(right(env).truth()))
        return operations.combine(name, a, right(env))

    return combine


def _assign(left: Thunk, right: Thunk, variable: str | None) -> Thunk:
    def assign(env: Environment) -> Value:
        new = right(env)
        if variable is not None and env.register(variable[1:]) is None:
            if len(variable) == 1 or variable[1:].isdigit():
                raise ExpressionError(f"{variable}: the value history cannot be changed")
            env.variables[variable[1:]] = new.kept()
            return new
        return operations.assign(env, left(env), new)

    return assign
