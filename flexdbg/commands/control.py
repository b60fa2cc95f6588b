"""Control flow of scripts: if, while, and printf."""

import re

from flexdbg.commands.context import Context
from flexdbg.commands.registry import command
from flexdbg.errors import CommandError, LeaveLoopError

__all__ = ["formatted"]

_CATEGORY = "scripting"
_LONGEST_STRING = 4096
_CONVERSION = re.compile(r"%(?P<flags>[-+ 0#]*)(?P<width>\d*)(?:\.(?P<precision>\d+))?[hl]*(?P<letter>.?)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "e": "\x1b", "\\": "\\", '"': '"'}


def _holds(context: Context, condition: str, name: str) -> bool:
    if not condition:
        raise CommandError(f"{name}: a condition is missing, as in `{name} $t0 > 5`")
    return bool(context.session.evaluate(context.substituted(condition)).scalar())


@command(
    "if",
    category=_CATEGORY,
    usage="if EXPRESSION ... [else ...] end",
    examples=("if $a0 > 5",),
    complete="expression",
    block="lines",
)
def if_(context: Context, argument: str) -> None:
    """Run the lines up to `else` if an expression holds, or those behind it if not; `end` closes it."""
    condition = argument.partition("\n")[0].strip()
    yes, no = context.split_else(context.block)
    context.run_lines(yes if _holds(context, condition, "if") else no)


@command(
    "while",
    category=_CATEGORY,
    usage="while EXPRESSION ... end",
    examples=("while $t0 > 0",),
    complete="expression",
    block="lines",
)
def while_(context: Context, argument: str) -> None:
    """Run the lines up to `end` as long as an expression holds; Ctrl-C ends it.

    `loop_break` leaves the loop, `loop_continue` begins its next round.
    """
    condition, lines = argument.partition("\n")[0].strip(), context.block
    context.session.forget_interrupt()
    while _holds(context, condition, "while"):
        try:
            context.run_lines(lines)
        except LeaveLoopError as leave:
            if not leave.again:
                return
        if context.session.interrupted:
            raise CommandError("Interrupted: the `while` is left.")
        if context.wants_to_quit:
            return


@command("loop_break", category=_CATEGORY)
def loop_break(context: Context, argument: str) -> None:
    """Leave the innermost `while`."""
    raise LeaveLoopError(again=False)


@command("loop_continue", category=_CATEGORY)
def loop_continue(context: Context, argument: str) -> None:
    """Begin the next round of the innermost `while`."""
    raise LeaveLoopError(again=True)


@command(
    "printf",
    category=_CATEGORY,
    usage='printf "FORMAT", EXPRESSION...',
    examples=('printf "a0 = %d, sp = 0x%08x\\n", $a0, $sp',),
    complete="expression",
)
def printf(context: Context, argument: str) -> None:
    """Print values in a text: %d %i %u %x %X %o %c, %s of a string in memory, %p, %%, with flags and width.

    Without \\n at its end, what is printed next goes on in the same line.
    """
    context.write(formatted(context, argument))


@command(
    "eval", category=_CATEGORY, usage='eval "FORMAT", EXPRESSION...', examples=('eval "break *%u", $pc',)
)
def eval_(context: Context, argument: str) -> None:
    """Make a command line as `printf` does, and run it."""
    context.execute(formatted(context, argument))


def formatted(context: Context, argument: str) -> str:
    """The text that `printf` makes of its arguments."""
    match = re.match(r'\s*"((?:\\.|[^"\\])*)"\s*(.*)$', argument, re.DOTALL)
    if match is None:
        raise CommandError('a format in quotes is missing, as in `printf "a0 = %d\\n", $a0`')
    if match[2] and not match[2].startswith(","):
        raise CommandError(f"expected a comma before {match[2]!r}")
    values = _parts(match[2][1:])
    taken = 0

    def convert(conversion: re.Match[str]) -> str:
        nonlocal taken
        letter = conversion["letter"]
        if letter == "%":
            return "%"
        if not letter or letter not in "diuxXocsp":
            raise CommandError(f"%{letter}: conversions are %d %i %u %x %X %o %c %s %p %%")
        if taken >= len(values):
            raise CommandError(f"the format asks for more than {len(values)} values")
        taken += 1
        return _converted(context, conversion, values[taken - 1])

    text = _CONVERSION.sub(convert, re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), match[1]))
    if taken < len(values):
        raise CommandError(f"the format uses {taken} of {len(values)} values")
    return text


def _converted(context: Context, conversion: re.Match[str], expression: str) -> str:
    letter, flags, width = conversion["letter"], conversion["flags"], conversion["width"]
    if letter == "s" and re.fullmatch(r'"(?:\\.|[^"\\])*"', expression):
        shown: str | int = expression[1:-1]
    else:
        value = context.session.evaluate(expression)
        number, word = value.scalar(), value.scalar() & 0xFFFF_FFFF
        if letter == "s":
            shown = _string(context, word)
        elif letter == "c":
            shown = chr(word & 0xFF)
        elif letter == "p":
            shown = f"0x{word:x}"
        else:
            shown = (number if number < 1 << 31 else number - (1 << 32)) if letter in "di" else word
    kind = {"i": "d", "u": "d", "p": "s", "c": "s"}.get(letter, letter)
    precision = f".{conversion['precision']}" if conversion["precision"] else ""
    return f"%{flags}{width}{precision}{kind}" % shown


def _string(context: Context, address: int) -> str:
    found = bytearray()
    while len(found) < _LONGEST_STRING:
        byte = context.session.cluster.read_memory(address + len(found), 1)
        if byte == b"\0":
            break
        found += byte
    return found.decode("utf-8", "replace")


def _parts(text: str) -> list[str]:
    """The parts between commas that stand in no brackets and no quotes."""
    parts, depth, quoted, begin = [], 0, "", 0
    for index, character in enumerate(text):
        if quoted:
            quoted = "" if character == quoted and text[index - 1] != "\\" else quoted
        elif character in "\"'":
            quoted = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[begin:index])
            begin = index + 1
    parts = [part.strip() for part in [*parts, text[begin:]]] if text.strip() else []
    if not all(parts):
        raise CommandError("an expression is missing between two commas")
    return parts
