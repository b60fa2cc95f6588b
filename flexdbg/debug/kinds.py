"""Types of values: the integers of the machine, and C's as far as a program describes them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from flexdbg.errors import ExpressionError

__all__ = [
    "CHAR",
    "CODE",
    "DOUBLE",
    "ELLIPSIS",
    "INT",
    "LONG_LONG",
    "SPECIFIERS",
    "UINT",
    "ULONG",
    "ULONG_LONG",
    "VOID",
    "Form",
    "Kind",
    "Member",
    "array_of",
    "canonical_name",
    "declare",
    "fit",
    "kind_named",
    "pointer_to",
]

_DEEPEST_NAME = 32  # pointers, arrays and functions in one declaration


class Form(StrEnum):
    """What a type is, typedefs and qualifiers aside."""

    INT = "int"
    BOOL = "bool"
    FLOAT = "float"
    ENUM = "enum"
    POINTER = "pointer"
    ARRAY = "array"
    STRUCT = "struct"
    UNION = "union"
    FUNCTION = "function"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a struct or union; `offset` in bits. Anonymous structs and unions have no name."""

    name: str
    kind: "Kind"
    offset: int
    bits: int = 0  # of a bit-field


@dataclass(frozen=True, eq=False)
class Kind:
    """A type. A typedef is a copy of what it names, under its own name; so is a qualified type.

    `name` is what C calls the type without a declarator ("int", "struct row", a typedef's name); pointers,
    arrays, functions and anonymous types have none. What may refer back to the type is read when asked for.
    """

    name: str
    bits: int
    signed: bool = False
    form: Form = Form.INT
    textual: bool = False  # C's character types, shown as characters
    qualifiers: tuple[str, ...] = ()
    alias: "Kind | None" = None  # what a typedef names
    count: int | None = None  # elements of an array, None where C leaves them open
    incomplete: bool = False
    prototyped: bool = True
    read_target: Callable[[], "Kind"] | None = field(default=None, repr=False)
    read_members: Callable[[], tuple[Member, ...]] | None = field(default=None, repr=False)
    read_parameters: Callable[[], tuple["Kind", ...]] | None = field(default=None, repr=False)
    read_enumerators: Callable[[], tuple[tuple[str, int], ...]] | None = field(default=None, repr=False)
    bound: object | None = field(default=None, repr=False)  # entry whose computation bounds an array
    declared_bits: int = 0  # of a bit-field: those of its type

    @property
    def size(self) -> int:
        """Bytes; as in GNU C, void and functions count as 1."""
        if self.form in (Form.VOID, Form.FUNCTION):
            return 1
        return -(-self.bits // 8) if self.aggregate else max(self.bits // 8, 1)

    @cached_property
    def target(self) -> "Kind | None":
        """What a pointer points to, an array holds, a function returns."""
        return self.read_target() if self.read_target else None

    @cached_property
    def members(self) -> tuple[Member, ...]:
        return self.read_members() if self.read_members else ()

    @cached_property
    def parameters(self) -> tuple["Kind", ...]:
        return self.read_parameters() if self.read_parameters else ()

    @cached_property
    def enumerators(self) -> tuple[tuple[str, int], ...]:
        return self.read_enumerators() if self.read_enumerators else ()

    @property
    def aggregate(self) -> bool:
        return self.form in (Form.ARRAY, Form.STRUCT, Form.UNION)

    @property
    def code(self) -> bool:
        """A function, or a pointer to one."""
        if self.form is Form.POINTER:
            return self.target is not None and self.target.form is Form.FUNCTION
        return self.form is Form.FUNCTION

    @property
    def text(self) -> str:
        """The type as C writes it: `struct row *`, `int (*)(int)`."""
        return declare(self)

    @property
    def bare(self) -> "Kind":
        """The type behind typedefs."""
        kind = self
        while kind.alias is not None:
            kind = kind.alias
        return kind

    def pointer(self) -> "Kind":
        return pointer_to(lambda: self)

    def narrowed(self, bits: int) -> "Kind":
        """The type of a bit-field."""
        return replace(self, bits=bits, declared_bits=self.bits)


def pointer_to(read_target: Callable[[], Kind]) -> Kind:
    return Kind("", 32, False, Form.POINTER, read_target=read_target)


def array_of(element: Kind, count: int | None) -> Kind:
    return Kind(
        "", (count or 0) * element.size * 8, False, Form.ARRAY, count=count, read_target=lambda: element
    )


def declare(kind: Kind, inner: str = "") -> str:
    """A C declaration of `inner`, or the type alone."""
    for _ in range(_DEEPEST_NAME):
        if kind.name or kind.form not in (Form.POINTER, Form.ARRAY, Form.FUNCTION):
            break
        target = kind.target or VOID
        if kind.form is Form.POINTER:
            star = " ".join(("*", *kind.qualifiers))
            inner = star + (" " if kind.qualifiers and inner[:1].isidentifier() else "") + inner
            if not target.name and target.form in (Form.ARRAY, Form.FUNCTION):
                inner = f"({inner})"
        elif kind.form is Form.ARRAY:
            inner += f"[{kind.count if kind.count is not None else ''}]"
        else:
            inner += f"({_parameters(kind)})"
        kind = target
    name = kind.name or (f"{kind.form} {{...}}" if kind.form is not Form.VOID else "void")
    base = " ".join((*kind.qualifiers, name))
    return f"{base} {inner}" if inner else base


def _parameters(kind: Kind) -> str:
    if not kind.parameters:
        return "void" if kind.prototyped else ""
    return ", ".join(parameter.text if parameter is not ELLIPSIS else "..." for parameter in kind.parameters)


VOID = Kind("void", 0, False, Form.VOID)
ELLIPSIS = Kind("...", 0, False, Form.VOID)  # the last parameter of a variadic function
INT = Kind("int", 32, True)
UINT = Kind("unsigned int", 32)
ULONG = Kind("unsigned long", 32)
LONG_LONG = Kind("long long", 64, True)
ULONG_LONG = Kind("unsigned long long", 64)
DOUBLE = Kind("double", 64, True, Form.FLOAT)
_FUNCTION = Kind("", 0, False, Form.FUNCTION, prototyped=False, read_target=lambda: VOID)
CODE = pointer_to(lambda: _FUNCTION)

CHAR = Kind("char", 8, True, textual=True)
_KINDS = {
    "void": VOID,
    "char": CHAR,
    "signed char": Kind("signed char", 8, True, textual=True),
    "unsigned char": Kind("unsigned char", 8, textual=True),
    "short": Kind("short", 16, True),
    "unsigned short": Kind("unsigned short", 16),
    "int": INT,
    "long": Kind("long", 32, True),
    "unsigned int": UINT,
    "unsigned long": ULONG,
    "long long": LONG_LONG,
    "unsigned long long": ULONG_LONG,
    "_Bool": Kind("_Bool", 8, False, Form.BOOL),
    "float": Kind("float", 32, True, Form.FLOAT),
    "double": DOUBLE,
    **{
        f"{sign}int{bits}{end}": Kind(f"{sign}int{bits}", bits, not sign)
        for sign in ("", "u")
        for bits in (8, 16, 32)
        for end in ("", "_t")
    },
    **{
        f"{sign}{bits}": Kind(f"{sign}{bits}", bits, sign == "i")
        for sign in "iu"
        for bits in (2, 4, 8, 16, 32)
    },
}
# The words of C's arithmetic types, which may stand in any order.
SPECIFIERS = frozenset(
    {"signed", "unsigned", "char", "short", "int", "long", "float", "double", "_Bool", "void"}
)


def kind_named(words: str) -> Kind | None:
    """A type by name: C's own, `int8_t` and relatives, and lanes such as `i4`."""
    return _KINDS.get(words) or _KINDS.get(canonical_name(words))


def canonical_name(name: str) -> str:
    """`long unsigned int` as `unsigned long`; what is no combination of C's words stays as it is."""
    words = name.split()
    if not words or set(words) - SPECIFIERS:
        return " ".join(words)
    base = [word for word in words if word in ("char", "float", "double", "_Bool", "void")]
    sizes = [word for word in words if word in ("short", "long")]
    sign = [
        word for word in ("unsigned", "signed") if word in words and (word == "unsigned" or base == ["char"])
    ]
    return " ".join([*sign, *sizes, *base] if sizes or base else [*sign, "int"])


def fit(number: int, kind: Kind) -> int:
    """The number wrapped to the type."""
    if kind.form is Form.BOOL:
        return int(bool(number))
    if not kind.bits:
        raise ExpressionError(f"a value of type `{kind.text}` is no number")
    number &= (1 << kind.bits) - 1
    if kind.signed and number >> (kind.bits - 1):
        number -= 1 << kind.bits
    return number
