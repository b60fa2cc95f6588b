"""`why` and `explain`: the cause of a cycle, and one instruction with the values it works on."""

from flexdbg.commands.arguments import number_argument
from flexdbg.commands.context import Context
from flexdbg.commands.registry import command
from flexdbg.commands.where import hart_label, place
from flexdbg.debug.explain import explain_address, explain_word, resolve_subject
from flexdbg.debug.why import Why, why, why_all
from flexdbg.errors import CommandError
from flexdbg.isa import page
from flexdbg.render.explain import explain_lines
from flexdbg.render.text import Line
from flexdbg.render.why import cause_rows, why_lines

__all__ = ["explanation_lines", "why_report"]


@command(
    "why",
    category="cluster",
    usage="why [HART|all] [CYCLE]",
    examples=("why", "why 3", "why all", "why 2 31000", "why all $_cycle - 5"),
)
def why_(context: Context, argument: str) -> None:
    """Why a hart did not execute an instruction in a cycle: one cause, with the other party named.

    Without CYCLE it is the last one that has run; any recorded cycle can be asked about, and the machine
    stays where it is. The causes are those of `info ledger`.
    """
    word, _, rest = argument.strip().partition(" ")
    cycle = number_argument(context, rest, "a cycle") if rest.strip() else None
    if word == "all":
        found = why_all(context.session, cycle)
        rows = [(hart_label(context, one.hart), one.cause, one.text) for one in found]
        context.emit(cause_rows(found[0].cycle, rows))
        return
    context.emit(why_report(context, why(context.session, _hart(context, word), cycle)))


def _hart(context: Context, word: str) -> int:
    harts = context.session.cluster.harts
    if word == "fc" and context.session.cluster.config.fc:
        return len(harts) - 1
    if word and (not word.isdigit() or int(word) >= len(harts)):
        raise CommandError(f"{word!r}: expected a hart from 0 to {len(harts) - 1}, or `all`")
    return int(word) if word else context.session.hart


def why_report(context: Context, one: Why) -> list[Line]:
    """The sentence and the instruction that waits."""
    return why_lines(
        hart_label(context, one.hart),
        one.cycle,
        one.cause,
        one.text,
        place(context, one.pc),
        one.instruction,
        one.since,
    )


@command(
    "explain",
    "exp",
    category="code",
    usage="explain [LOCATION | WORD | INSTRUCTION | MNEMONIC]",
    examples=(
        "explain",
        "explain main",
        "explain 0xd8a004f7",
        "explain pv.sdotsp.b a0, a1, a2",
    ),
    complete="instruction",
)
def explain(context: Context, argument: str) -> None:
    """Explain an instruction: its bits, operands with their values, operation, lanes, CSRs and timing.

    Without an argument it is the next one of the current hart. An instruction with operands is tried on a
    copy of the hart's state; nothing is executed. A bare mnemonic shows its reference page.
    """
    kind, subject = resolve_subject(context.session, argument)
    if kind == "page":
        context.say("\n".join(one.text() for one in page(str(subject))).rstrip())
        return
    context.emit(explanation_lines(context, kind, int(subject)))


def explanation_lines(context: Context, kind: str, subject: int, width: int = 80) -> list[Line]:
    """The explanation of an address ("address") or of a word ("word")."""
    if kind == "address":
        found = explain_address(context.session, subject)
        where = place(context, subject)
    else:
        found = explain_word(context.session, subject)
        where = ""
    return explain_lines(
        found.parts, found.values, found.csrs, found.form, found.trial, place=where, width=width
    )
