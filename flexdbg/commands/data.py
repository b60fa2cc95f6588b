"""Expressions: print, output of values, display."""

from flexdbg.commands.arguments import number_list
from flexdbg.commands.context import Context, Display
from flexdbg.commands.formats import split_format
from flexdbg.commands.printing import value_text
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import show_displays
from flexdbg.debug.kinds import Form
from flexdbg.errors import CommandError
from flexdbg.render.numbers import FORMATS

__all__: list[str] = []

_CATEGORY = "data"


@command(
    "print",
    "p",
    "inspect",
    "call",
    category=_CATEGORY,
    usage="print[/FMT] [EXPRESSION]",
    examples=(
        "print $a0",
        "p/x $sp",
        "p $nn_w0.i4",
        "p *0x10000400@8",
        "p/d {short}$a1",
        "p operands[3]",
        "p *mine",
        "p mine->filters[2]",
        "p *(struct operands *)$a0",
        "p failed = 0",
    ),
    complete="expression",
    repeat="same",
)
def print_(context: Context, argument: str) -> None:
    """Show the value of an expression.

    Variables of C are seen from the selected frame; main::total and 'file.c'::total name others.
    Registers are $names ($a0, $pc, $mix_skip, $nn_w0, $a_addr); .i8 .u4 .i2 ... show a word as lanes.
    FMT is x hex, d decimal, u unsigned, o octal, t binary, c character, a address, z padded hex, f real,
    s string.
    """
    spec, text = split_format(argument, FORMATS + "i")
    if spec.letter == "i":
        raise CommandError(f'Format letter "{spec.letter}" is meaningless in "print" command.')
    value = context.session.evaluate(text or "$")
    text = value_text(context, value, spec.letter)
    if value.kind.form is Form.VOID:
        context.say(text)
        return
    context.say(f"${context.session.scope.record(value)} = {text}")


@command(
    "output",
    category=_CATEGORY,
    usage="output[/FMT] EXPRESSION",
    examples=("output $a0", "output/x $sp"),
    complete="expression",
)
def output(context: Context, argument: str) -> None:
    """Like print, without the value history and without an end of the line."""
    spec, text = split_format(argument)
    context.write(value_text(context, context.session.evaluate(text), spec.letter))


@command("echo", category=_CATEGORY, usage="echo TEXT", examples=("echo before the loop\\n",))
def echo(context: Context, argument: str) -> None:
    """Print a text; \\n is a new line. Without it, what is printed next goes on in the same line."""
    context.write(argument.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"'))


@command(
    "display",
    category=_CATEGORY,
    usage="display[/FMT] [EXPRESSION]",
    examples=("display $a0", "display/x $nn_w0", "display/4i $pc"),
    complete="expression",
)
def display(context: Context, argument: str) -> None:
    """Show an expression at every stop; without one, show all displays now."""
    if not argument:
        show_displays(context)
        return
    spec, text = split_format(argument, "xduotcazsi")
    if not text:
        raise CommandError("display: an expression is missing")
    if spec.letter not in ("i", "s") and spec.size is None and spec.count is None:
        context.session.evaluate(text)  # so that a wrong expression is refused now
    shown = argument[1:].partition(" ")[0] if argument.startswith("/") else ""
    entry = Display(context.next_display, text, shown)
    context.next_display += 1
    context.displays.append(entry)
    others, context.displays = context.displays, [entry]
    try:
        show_displays(context)
    finally:
        context.displays = others


@command("undisplay", category=_CATEGORY, usage="undisplay [N...]")
def undisplay(context: Context, argument: str) -> None:
    """Delete displays by number, or all of them."""
    wanted = set(number_list(argument, "display numbers"))
    known = {entry.number for entry in context.displays}
    unknown = wanted - known
    if unknown:
        raise CommandError(f"No display number {min(unknown)}.")
    context.displays = [entry for entry in context.displays if wanted and entry.number not in wanted]


@info("display", category=_CATEGORY)
def info_display(context: Context, argument: str) -> None:
    """The expressions shown at every stop."""
    if not context.displays:
        context.say("There are no auto-display expressions now.")
        return
    context.say("Auto-display expressions now in effect:\nNum Enb Expression")
    for entry in context.displays:
        slash = f"/{entry.format} " if entry.format else ""
        context.say(f"{entry.number}:   {'y' if entry.enabled else 'n'}  {slash}{entry.expression}")
