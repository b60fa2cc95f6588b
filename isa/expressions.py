"""Integer expressions of assembly operands: numbers, symbols, `.`, and the operators of GNU as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["ExpressionError", "UnknownSymbol", "Value", "constant", "evaluate"]


class ExpressionError(ValueError):
    """The text is no expression, or it has no meaning."""


class UnknownSymbol(ExpressionError):
    """The expression is well-formed but names something undefined."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number; `address` counts the labels in it, so that 1 means an address and 0 a plain number."""

    number: int
    address: int = 0


Lookup = Callable[[str], Value]

_TOKENS = re.compile(
    r"\s*(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+[fb](?!\w)|\d+|'\\.'|'\\.|'.'|'.|%[a-z_]+(?=\()"
    r"|[A-Za-z_.$][\w.$]*|<<|>>|[-+*/%&|^~!()])"
)
_LEVELS = {"|": 1, "^": 1, "&": 1, "+": 2, "-": 2, "*": 3, "/": 3, "%": 3, "<<": 3, ">>": 3}
_ESCAPES = {"n": 10, "t": 9, "r": 13, "b": 8, "f": 12, "0": 0, "\\": 92, "'": 39, '"': 34}
_LONGEST = 4096  # bound of the text, so that nesting cannot exhaust the stack
_DEEPEST = 60


def _tokens(text: str) -> list[str]:
    if len(text) > _LONGEST:
        raise ExpressionError("the expression is too long")
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKENS.match(text, position)
        if not found:
            raise ExpressionError(f"{text[position:].strip()[:20]!r} is no number or symbol")
        tokens.append(found[1])
        position = found.end()
    return tokens


def _number(token: str) -> int:
    if token[0] == "'":
        body = token[1:2] if token[1] != "\\" else token[1:3]
        return _ESCAPES.get(body[1], ord(body[1])) if len(body) == 2 else ord(body)
    if token[:2] in ("0x", "0X"):
        return int(token, 16)
    if token[:2] in ("0b", "0B"):
        return int(token, 2)
    if len(token) > 1 and token[0] == "0":
        try:
            return int(token, 8)
        except ValueError:
            raise ExpressionError(f"{token!r} is no octal number") from None
    return int(token)


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str, lookup: Lookup) -> None:
        self.tokens = _tokens(text)
        self.text = text
        self.lookup = lookup
        self.position = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def binary(self, level: int) -> Value:
        left = self.unary()
        while _LEVELS.get(self.peek(), 0) >= level:
            operator = self.take()
            left = _apply(operator, left, self.binary(_LEVELS[operator] + 1))
        return left

    def unary(self) -> Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ExpressionError("the expression is nested too deeply")
        token = self.take()
        value = self.atom(token)
        self.depth -= 1
        return value

    def atom(self, token: str) -> Value:
        if token in ("-", "+", "~", "!"):
            inner = self.unary()
            if token == "+":
                return inner
            if token == "-":
                return Value(-inner.number, -inner.address)
            if inner.address:
                raise ExpressionError(f"{token} of an address in {self.text.strip()!r}")
            return Value(~inner.number if token == "~" else int(not inner.number))
        if token == "(":
            inner = self.binary(1)
            self.close()
            return inner
        if token.startswith("%"):
            self.take()
            number = self.binary(1).number & 0xFFFFFFFF
            self.close()
            if token == "%hi":
                return Value((number + 0x800) >> 12 & 0xFFFFF)
            if token == "%lo":
                return Value(((number & 0xFFF) ^ 0x800) - 0x800)
            raise ExpressionError(f"{token} is not supported; use %hi and %lo")
        if not token:
            raise ExpressionError(
                "an operand is missing" if not self.text.strip() else "the expression stops short"
            )
        if (
            token[0].isdigit()
            and token[-1] in "fb"
            and not token.lower().startswith("0x")
            and not (token.startswith("0b") and len(token) > 2)
        ):
            return self.lookup(token)
        if token[0].isdigit() or token[0] == "'":
            return Value(_number(token))
        if token in ("<<", ">>", ")") or token in _LEVELS:
            raise ExpressionError(f"unexpected {token!r} in {self.text.strip()!r}")
        return self.lookup(token)

    def close(self) -> None:
        if self.take() != ")":
            raise ExpressionError(f"a closing parenthesis is missing in {self.text.strip()!r}")


def _apply(operator: str, a: Value, b: Value) -> Value:
    if operator == "+":
        return Value(a.number + b.number, a.address + b.address)
    if operator == "-":
        return Value(a.number - b.number, a.address - b.address)
    if a.address or b.address:
        raise ExpressionError(f"{operator} of an address")
    x, y = a.number, b.number
    if operator in ("<<", ">>"):
        if not 0 <= y < 64:
            raise ExpressionError(f"shift count {y} is not in 0..63")
        return Value(
            (x << y) & 0xFFFFFFFFFFFFFFFF
            if operator == "<<" and x >= 0
            else x << y
            if operator == "<<"
            else x >> y
        )
    if operator in "/%":
        if y == 0:
            raise ExpressionError("division by zero")
        quotient = abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)
        return Value(quotient if operator == "/" else x - quotient * y)
    return Value({"*": x * y, "&": x & y, "|": x | y, "^": x ^ y}[operator])


def evaluate(text: str, lookup: Lookup) -> Value:
    """Value of the expression; `lookup` gives symbols, `.` and numeric labels such as 1f."""
    parser = _Parser(text, lookup)
    value = parser.binary(1)
    if parser.position < len(parser.tokens):
        raise ExpressionError(f"unexpected {parser.peek()!r} in {text.strip()!r}")
    if value.number.bit_length() > 64:
        raise ExpressionError(f"{text.strip()!r} does not fit in 64 bits")
    return value


def _unknown(name: str) -> Value:
    raise UnknownSymbol(f"unknown symbol {name!r}")


def constant(text: str) -> int:
    """Value of an expression without symbols."""
    return evaluate(text, _unknown).number
