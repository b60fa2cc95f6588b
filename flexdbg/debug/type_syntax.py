"""C's type names as users write them: `unsigned char`, `struct row *`, `int (*)[4]`, `i4`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flexdbg.debug.kinds import ELLIPSIS, SPECIFIERS, Form, Kind, array_of, kind_named
from flexdbg.errors import ExpressionError

__all__ = ["Tokens", "TypeNames", "no_types", "read_type"]

# (keyword, name) -> the program's type: ("struct", "row"), ("", "size_t") for typedefs and base types.
TypeNames = Callable[[str, str], Kind | None]
_Wrap = Callable[[Kind], Kind]

_QUALIFIERS = ("const", "volatile", "restrict")
_TAGS = ("struct", "union", "enum")


def no_types(keyword: str, name: str) -> Kind | None:
    return None


class Tokens:
    """Tokens of an expression, and where reading is."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.all = tokens
        self.next = 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        position = self.next + ahead
        return self.all[position] if position < len(self.all) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.next += 1
        return token

    def accept(self, text: str) -> bool:
        if self.peek() == ("operator", text):
            self.next += 1
            return True
        return False


def read_type(tokens: Tokens, types: TypeNames) -> Kind | None:
    """The type that begins here; None, with nothing taken, if none does."""
    start = tokens.next
    base = _specifiers(tokens, types)
    wrap = _declarator(tokens, types) if base is not None else None
    if base is None or wrap is None:
        tokens.next = start
        return None
    return wrap(base)


def _specifiers(tokens: Tokens, types: TypeNames) -> Kind | None:
    qualifiers: list[str] = []
    words: list[str] = []
    kind: Kind | None = None
    while tokens.peek()[0] == "name":
        word = tokens.peek()[1]
        if word in _QUALIFIERS:
            qualifiers.append(word)
        elif kind is not None:
            return None
        elif word in SPECIFIERS:
            words.append(word)
        elif words:
            return None
        elif word in _TAGS:
            tokens.take()
            kind = _tagged(word, tokens, types)
        else:
            kind = types("", word) or kind_named(word)
            if kind is None:
                return None
        tokens.take()
    if words:
        kind = types("", " ".join(words)) or kind_named(" ".join(words))
    if kind is not None and qualifiers:
        kind = replace(kind, qualifiers=(*qualifiers, *kind.qualifiers))
    return kind


def _tagged(word: str, tokens: Tokens, types: TypeNames) -> Kind:
    tag = tokens.peek()[1]
    if tokens.peek()[0] != "name":
        raise ExpressionError(f"a name is missing behind `{word}`")
    kind = types(word, tag)
    if kind is None:
        raise ExpressionError(f"No {word} type named {tag}.")
    return kind


def _declarator(tokens: Tokens, types: TypeNames) -> _Wrap | None:
    """An abstract declarator, as a function from the base type to the whole; None if it is malformed."""
    pointers: list[tuple[str, ...]] = []
    while tokens.accept("*"):
        qualifiers = []
        while tokens.peek()[1] in _QUALIFIERS:
            qualifiers.append(tokens.take()[1])
        pointers.append(tuple(qualifiers))
    inner: _Wrap | None = lambda kind: kind  # noqa: E731
    if tokens.peek() == ("operator", "(") and tokens.peek(1)[1] in ("*", "("):
        tokens.take()
        inner = _declarator(tokens, types)
        if inner is None or not tokens.accept(")"):
            return None
    suffixes: list[_Wrap] = []
    while True:
        if tokens.accept("["):
            count = None
            if tokens.peek()[0] == "number":
                count = int(tokens.take()[1], 0)
            if not tokens.accept("]"):
                return None
            suffixes.append(partial(_array, count))
        elif tokens.accept("("):
            parameters = _parameters(tokens, types)
            if parameters is None:
                return None
            suffixes.append(partial(_function, parameters))
        else:
            break
    around = inner

    def wrap(kind: Kind) -> Kind:
        for qualifiers in pointers:
            kind = _pointer(qualifiers, kind)
        for suffix in reversed(suffixes):
            kind = suffix(kind)
        assert around is not None
        return around(kind)

    return wrap


def _parameters(tokens: Tokens, types: TypeNames) -> tuple[Kind, ...] | None:
    found: list[Kind] = []
    while not tokens.accept(")"):
        if tokens.peek()[1] == ".":
            for _ in range(3):
                tokens.accept(".")
            found.append(ELLIPSIS)
        else:
            kind = read_type(tokens, types)
            if kind is None:
                return None
            found.append(kind)
        if not tokens.accept(",") and tokens.peek()[1] != ")":
            return None
    if len(found) == 1 and found[0].form is Form.VOID:
        return ()
    return tuple(found)


def _array(count: int | None, element: Kind) -> Kind:
    return array_of(element, count)


def _pointer(qualifiers: tuple[str, ...], target: Kind) -> Kind:
    return replace(target.pointer(), qualifiers=qualifiers)


def _function(parameters: tuple[Kind, ...], result: Kind) -> Kind:
    return Kind("", 0, False, Form.FUNCTION, read_target=lambda: result, read_parameters=lambda: parameters)
