"""Questions to the recorded run: last-write, last-read, history, query."""

import re

from flexdbg.commands.arguments import number_argument
from flexdbg.commands.context import Context
from flexdbg.commands.registry import command
from flexdbg.commands.where import hart_label, place
from flexdbg.debug import queries
from flexdbg.debug.queries import Access
from flexdbg.errors import CommandError, FlexdbgError
from flexdbg.render.tables import count, table

__all__: list[str] = []

_CATEGORY = "time"
_SHOWN = 40


@command(
    "last-write",
    "lw",
    category=_CATEGORY,
    usage="last-write PLACE | $REGISTER [before CYCLE]",
    examples=(
        "last-write operands",
        "last-write *0x10003040",
        "last-write $nn_w0",
        "lw $sp before 12000",
    ),
    complete="expression",
)
def last_write(context: Context, argument: str) -> None:
    """Say who wrote a place in memory, or a register of the current hart, last; the machine stays.

    `goto` its cycle to see the machine right before.
    """
    _last(context, argument, "write")


@command(
    "last-read",
    "lr",
    category=_CATEGORY,
    usage="last-read PLACE | $REGISTER [before CYCLE]",
    examples=("last-read operands", "lr *0x10003040 before 30000", "lr $nn_w0"),
    complete="expression",
)
def last_read(context: Context, argument: str) -> None:
    """Say who read a place in memory, or a register of the current hart, last; the machine stays."""
    _last(context, argument, "read")


def _last(context: Context, argument: str, kind: queries.AccessKind) -> None:
    text, _, limit = argument.partition(" before ")
    if not text.strip():
        raise CommandError(f"last-{kind}: a place or register is missing, as in `last-{kind} *0x10000400`")
    session = context.session
    before = _cycle(context, limit) if limit else None
    found = session.last_access(text, kind, before)
    if found is None:
        cycle = count(session.cluster.cycle if before is None else before)
        raise CommandError(f"no {kind} of {text.strip()} in the recorded run before cycle {cycle}")
    _show(context, [found])


@command(
    "history",
    category=_CATEGORY,
    usage="history $REGISTER [N] | PLACE [N]",
    examples=("history $a0", "history $nn_w0 20", "history operands[0].activations[0] 5"),
    complete="expression",
)
def history(context: Context, argument: str) -> None:
    """The last N values that were written to a register of the current hart or to a place, by default ten."""
    match = re.match(r"(?P<what>.*?)(?:\s+(?P<number>\d+))?\s*$", argument)
    if match is None or not match["what"]:
        raise CommandError("history: a register or place is missing, as in `history $a0`")
    number = int(match["number"] or 10)
    found = context.session.accesses(match["what"], newest=number)
    if not found:
        raise CommandError(f"no write to {match['what']} in the recorded run")
    _show(context, found)


@command(
    "query",
    category=_CATEGORY,
    usage="query writes|reads|executions of WHAT [between A and B] [by hart N | by dma]",
    examples=(
        "query writes of operands",
        "query reads of operands between 12000 and 13000 by hart 3",
        "query writes of *0x10003040@16 by dma",
        "query executions of dotp_simd between start and 5000",
    ),
    complete="expression",
)
def query(context: Context, argument: str) -> None:
    """List the accesses to a place or register, or the executions of a location, in the recorded run.

    Without cycles it is the run up to now.
    """
    match = re.match(
        r"(?P<kind>writes|reads|executions)\s+(?:of|to)\s+(?P<what>.+?)"
        r"(?:\s+between\s+(?P<first>.+?)\s+and\s+(?P<last>.+?))?"
        r"(?:\s+by\s+(?:(?P<dma>dma)|(?P<word>hart|thread)\s+(?P<hart>\d+)))?\s*$",
        argument,
    )
    if match is None:
        raise CommandError(
            "query: expected writes|reads|executions of WHAT, then perhaps `between A and B`, `by hart N`"
        )
    session = context.session
    first = _cycle(context, match["first"]) if match["first"] else None
    last = _cycle(context, match["last"]) if match["last"] else None
    hart = None if match["hart"] is None else int(match["hart"]) - (match["word"] == "thread")
    if hart is not None and not 0 <= hart < len(session.cluster.harts):
        raise CommandError(f"no {match['word']} {match['hart']}")
    if match["kind"] == "executions":
        if match["dma"]:
            raise CommandError("query: the DMA executes nothing")
        found = session.executions(match["what"], first, last, hart)
    else:
        kind: queries.AccessKind = "write" if match["kind"] == "writes" else "read"
        found = session.accesses(match["what"], kind, first, last, "dma" if match["dma"] else hart)
    if not found:
        context.say(f"No {match['kind']} of {match['what']} there.")
        return
    _show(context, found[:_SHOWN])
    if len(found) > _SHOWN:
        context.say(
            f"{count(len(found) - _SHOWN)} more; ask for fewer cycles with `between A and B`.", "faint"
        )


def _cycle(context: Context, text: str) -> int:
    named = context.session.timeline.cycle_of(text)
    return number_argument(context, text, "a cycle") if named is None else named


def _show(context: Context, found: list[Access]) -> None:
    rows = [
        (count(access.cycle), _who(context, access), _where(access), _values(access), *_code(context, access))
        for access in found
    ]
    context.emit(table(("Cycle", "By", "Where", "Value", "At", "Instruction"), rows))


def _who(context: Context, access: Access) -> str:
    if access.hart is None:
        return "dma"
    return hart_label(context, access.hart) + (" (host)" if access.note else "")


def _where(access: Access) -> str:
    if access.kind == "execute":
        return ""
    return f"${access.register}" if access.register else f"0x{access.address:08x}"


def _values(access: Access) -> str:
    if access.kind == "execute":
        return ""
    if "[" in access.register:
        return f"{access.new}" if access.kind == "read" else f"{access.old} -> {access.new}"
    if access.kind == "read":
        return f"0x{access.new:x}"
    return f"0x{access.old:x} -> 0x{access.new:x}"


def _code(context: Context, access: Access) -> tuple[str, str]:
    if access.hart is None:
        return "", ""
    line = context.session.symbols.line_at(access.pc)
    at = place(context, access.pc) + (f" {line.short}" if line is not None else "")
    try:
        return at, context.session.instruction(access.pc).text
    except FlexdbgError:
        return at, ""
