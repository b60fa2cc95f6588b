"""Types of the program: ptype, whatis, info types, info scope."""

import re

from flexdbg.commands.context import Context
from flexdbg.commands.declarations import declaration, layout
from flexdbg.commands.registry import command, info
from flexdbg.debug.expressions import compile_type
from flexdbg.debug.kinds import Kind, canonical_name, declare
from flexdbg.errors import CommandError, ExpressionError

__all__: list[str] = []

_CATEGORY = "data"


def _type_of(context: Context, text: str) -> tuple[Kind, bool]:
    """The type that a text names, or that its value has; and whether it names one."""
    session = context.session
    if not text.strip():
        raise CommandError("The argument is missing: an expression or a type, as in `ptype struct operands`.")
    try:
        named = compile_type(text, session.scope.type_named)
    except ExpressionError:
        if re.match(r"\s*(struct|union|enum)\b", text):
            raise
        named = None
    if named is not None and session.scope.is_variable(text.strip()):
        named = None
    if named is not None:
        return named, True
    value = session.designate(text)
    if value.elements is not None:
        raise CommandError(f"{text}: lanes of a word have no type of C")
    return value.kind, False


@command(
    "ptype",
    category=_CATEGORY,
    usage="ptype[/o] EXPRESSION | TYPE",
    examples=("ptype struct operands", "ptype *mine", "ptype size_t", "ptype/o struct operands"),
    complete="type",
)
def ptype(context: Context, argument: str) -> None:
    """Show a type in full: the members of structs, the constants of enums, what a typedef stands for.

    With /o each member has its offset and size in front.
    """
    offsets = False
    if argument.startswith("/"):
        letters, _, argument = argument[1:].partition(" ")
        if letters != "o":
            raise CommandError(f"/{letters}: the only modifier is o, for offsets")
        offsets = True
    kind, _ = _type_of(context, argument)
    while kind.alias is not None:
        kind = kind.alias
    context.say(layout(kind) if offsets and kind.members else f"type = {declaration(kind)}")


@command(
    "whatis",
    category=_CATEGORY,
    usage="whatis EXPRESSION | TYPE",
    examples=("whatis operands[1]", "whatis mine->filters", "whatis size_t"),
    complete="type",
)
def whatis(context: Context, argument: str) -> None:
    """The type of an expression, by its name; of a typedef, what it stands for."""
    kind, is_name = _type_of(context, argument)
    if is_name and kind.alias is not None:
        kind = kind.alias
    context.say(f"type = {kind.text}")


@info("types", category=_CATEGORY, usage="info types [REGEX]", examples=("info types", "info types operands"))
def info_types(context: Context, argument: str) -> None:
    """The types that the program defines, or those that match."""
    try:
        pattern = re.compile(argument)
    except re.error as error:
        raise CommandError(f"{argument}: not a regular expression: {error}") from error
    debug = context.session.symbols.debug
    context.say(f'All types matching regular expression "{argument}":' if argument else "All defined types:")
    if debug is None:
        return
    by_file: dict[str, set[tuple[int, str]]] = {}
    base: set[str] = set()
    for file, line, keyword, name in debug.listed_types():
        if not pattern.search(name):
            continue
        if not line:
            base.add(canonical_name(name))
        elif keyword == "typedef":
            kind = debug.type_named("", name)
            if kind is not None and kind.alias is not None:
                by_file.setdefault(file, set()).add((line, f"typedef {declare(kind.alias, name)};"))
        else:
            by_file.setdefault(file, set()).add((line, f"{keyword} {name};"))
    for file in sorted(by_file):
        context.say(f"\nFile {file}:")
        for line, text in sorted(by_file[file], key=lambda item: (item[1].split()[-1], item[0])):
            context.say(f"{line}:\t{text}")
    if base:
        context.say("")
        for name in sorted(base):
            context.say(f"\t{name}")


@info(
    "scope",
    category=_CATEGORY,
    usage="info scope [LOCATION]",
    examples=("info scope main",),
    complete="location",
)
def info_scope(context: Context, argument: str) -> None:
    """The parameters and local variables at a location, and where each is kept."""
    session = context.session
    address = session.locate(argument, skip_prologue=False)[0]
    found = session.places_at(address)
    where = argument or f"0x{address:08x}"
    if not found:
        context.say(f"Symbol table has no locals at {where}.")
        return
    for name, size, place in found:
        context.say(f"Symbol {name} is {place}{f', length {size}' if size else ''}.")
