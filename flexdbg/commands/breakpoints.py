"""Breakpoints and watchpoints."""

import re

from flexdbg.commands.arguments import number_argument, number_list
from flexdbg.commands.context import Context
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import hart_label
from flexdbg.debug.breakpoints import Breakpoint
from flexdbg.debug.events import EVENT_NAMES
from flexdbg.errors import CommandError
from flexdbg.render.tables import table

__all__: list[str] = []

_CATEGORY = "breakpoints"
_KINDS = {"watchpoint": "hw watchpoint", "rwatch": "read watchpoint", "awatch": "acc watchpoint"}


def _split(context: Context, argument: str) -> tuple[str, int | None, str]:
    """`LOCATION [thread N] [if CONDITION]`"""
    match = re.match(r"(?P<where>.*?)(?:^|\s+)if\b(?P<condition>.*)$", argument) if "if" in argument else None
    where = match["where"] if match else argument
    condition = match["condition"].strip() if match else ""
    if match and not condition:
        raise CommandError("the condition behind `if` is missing")
    hart = None
    thread = re.search(r"(?:^|\s+)(?P<word>thread|hart)\s+(?P<number>\d+)\s*$", where)
    if thread:
        hart = int(thread["number"]) - (1 if thread["word"] == "thread" else 0)
        count = len(context.session.cluster.harts)
        if not 0 <= hart < count:
            raise CommandError(f"no {thread['word']} {thread['number']}: threads are 1 to {count}")
        where = where[: thread.start()]
    return where.strip(), hart, condition


def _set(context: Context, argument: str, *, temporary: bool) -> None:
    where, hart, condition = _split(context, argument)
    if _names_event(context, where, condition):
        event = context.session.add_event(where, condition=condition, hart=hart, temporary=temporary)
        context.say(f"{'Temporary event' if temporary else 'Event'} breakpoint {event.number}: {event.text}")
        return
    made = context.session.add_breakpoint(where, condition=condition, hart=hart, temporary=temporary)
    what = "Temporary breakpoint" if temporary else "Breakpoint"
    if len(made.addresses) > 1:
        context.say(
            f"{what} {made.number} at 0x{made.addresses[0]:x}: {where}. ({len(made.addresses)} locations)"
        )
        return
    address = made.addresses[0]
    line = context.session.symbols.line_at(address)
    label = context.session.symbols.name_of(address)
    at = (
        f": file {line.short.rpartition(':')[0]}, line {line.line}."
        if line
        else f" <{label}>"
        if label
        else ""
    )
    context.say(f"{what} {made.number} at 0x{address:x}{at}")


def _names_event(context: Context, where: str, condition: str) -> bool:
    """Whether it is no place: nothing but a condition, or an event that no symbol hides."""
    if not where:
        return bool(condition)
    word = where.split()[0]
    return word in EVENT_NAMES and context.session.symbols.find(word) is None


@command(
    "break",
    "b",
    "br",
    "brea",
    category=_CATEGORY,
    usage="break [LOCATION | EVENT] [thread N] [if CONDITION]",
    examples=(
        "break main",
        "b dotp.c:43",
        "b *0x1c008134",
        "break barrier thread 3 if $a0 > 100",
        "break conflict bank==3",
        "break stall l2 thread 2",
        "break csr simd_fmt",
        "break if $a0 > 5 && hart == 2",
    ),
    complete="location",
)
def break_(context: Context, argument: str) -> None:
    """Stop before the instruction at a location is executed, by any hart or by one.

    A location is FUNCTION, FILE:LINE, FILE:FUNCTION, LINE,
    *EXPRESSION or 0xADDRESS; without one it is the current pc.
    Armed breakpoints cost nothing while they are not hit, and memory is never patched.
    An event is conflict [bank==N], stall [CAUSE], nn-write [REG], csr NAME [change], mlc-wrap [a|w], clip,
    barrier, sleep, wake or dma [read|write]; the machine stops behind its cycle. Conditions may ask for
    address, bank, winner, cause, value, old, dma, hart and cycle. With a condition alone, every instruction
    is an event: `break if $a0 > 5` stops wherever that holds, `watch $a0 if $a0 > 5` where it becomes so.
    Events slow the machine down while they are armed, to a third of its speed or less.
    """
    _set(context, argument, temporary=False)


@command(
    "tbreak",
    "tb",
    category=_CATEGORY,
    usage="tbreak [LOCATION] [thread N] [if CONDITION]",
    complete="location",
)
def tbreak(context: Context, argument: str) -> None:
    """Set a breakpoint that is deleted when it is hit."""
    _set(context, argument, temporary=True)


def _watch(context: Context, argument: str, kind: str) -> None:
    where, hart, condition = _split(context, argument)
    where = re.sub(r"^-l(?:ocation)?\s+", "", where)
    if not where:
        raise CommandError("an expression to watch is missing, as in `watch counter` or `watch *0x10000400`")
    made = context.session.add_watchpoint(where, kind=kind, condition=condition, hart=hart)
    context.say(f"{_KINDS[kind].replace('hw', 'Hardware').capitalize()} {made.number}: {where}")


@command(
    "watch",
    category=_CATEGORY,
    usage="watch EXPRESSION [thread N] [if CONDITION]",
    examples=(
        "watch failed",
        "watch *0x10000400",
        "watch {char}0x10000403 if hart == 2",
        "watch $nn_w0 thread 3",
        "watch $nn_w0.i4[2]",
    ),
    complete="expression",
)
def watch(context: Context, argument: str) -> None:
    """Stop when a place in memory or a register changes; old and new value are shown.

    A plain number is the address of one word. Stores of all harts, of the DMA and of semihosting count. A
    register is that of the current hart, or of `thread N`: x registers, pc, NN registers, CSRs, the hidden
    counters of MLC and MPC, and lanes of any of them: `watch $nn_w0.i4[2]` stops where this lane changes.
    """
    _watch(context, argument, "watchpoint")


@command(
    "rwatch",
    category=_CATEGORY,
    usage="rwatch EXPRESSION [thread N] [if CONDITION]",
    examples=("rwatch failed", "rwatch $nn_w0", "rwatch $simd_fmt thread 2"),
    complete="expression",
)
def rwatch(context: Context, argument: str) -> None:
    """Stop when a place in memory is read, or behind an instruction that reads a register.

    A CSR is read by the instructions that name it, and by those whose lanes, slice or addresses it decides.
    """
    _watch(context, argument, "rwatch")


@command(
    "awatch",
    category=_CATEGORY,
    usage="awatch EXPRESSION [thread N] [if CONDITION]",
    examples=("awatch *0x10000400", "awatch $a_addr"),
    complete="expression",
)
def awatch(context: Context, argument: str) -> None:
    """Stop when a place in memory or a register is read or written."""
    _watch(context, argument, "awatch")


@command(
    "delete",
    "d",
    "del",
    category=_CATEGORY,
    usage="delete [N...]",
    examples=("delete", "d 2-4"),
    complete="breakpoint",
)
def delete(context: Context, argument: str) -> None:
    """Delete breakpoints by number, or all of them.

    `delete display N` deletes displays, `delete bookmark NAME` bookmarks.
    """
    words = argument.split(maxsplit=1)
    if words and "display".startswith(words[0]) and len(words[0]) > 2:
        context.execute(f"undisplay {words[1] if len(words) > 1 else ''}")
        return
    if words and words[0] in ("bookmark", "bookmarks"):
        timeline = context.session.timeline
        for name in words[1].split() if len(words) > 1 else list(timeline.bookmarks):
            timeline.remove_bookmark(name)
        return
    numbers = number_list(argument.removeprefix("breakpoints"), "breakpoint numbers")
    table_ = context.session.breakpoints
    gone = [table_.get(number) for number in dict.fromkeys(numbers)] or list(table_)
    for one in gone:
        table_.remove(one.number)
    context.session.undo_log.breakpoints_deleted(gone)


@command("clear", category=_CATEGORY, usage="clear LOCATION", examples=("clear main",), complete="location")
def clear(context: Context, argument: str) -> None:
    """Delete the breakpoints at a location."""
    addresses = set(context.session.locate(argument))
    gone = [
        b.number
        for b in context.session.breakpoints
        if b.kind == "breakpoint" and addresses & set(b.addresses)
    ]
    if not gone:
        raise CommandError(f"No breakpoint at {argument or 'this address'}.")
    removed = [context.session.breakpoints.get(number) for number in gone]
    for number in gone:
        context.session.breakpoints.remove(number)
    context.session.undo_log.breakpoints_deleted(removed)
    context.say(f"Deleted breakpoint{'s' if len(gone) > 1 else ''} {' '.join(map(str, gone))}")


def _switch(context: Context, argument: str, enabled: bool) -> None:
    words = argument.split(maxsplit=1)
    if words and "display".startswith(words[0]) and len(words[0]) > 2:
        wanted = set(number_list(words[1] if len(words) > 1 else "", "display numbers"))
        for display in context.displays:
            if not wanted or display.number in wanted:
                display.enabled = enabled
        return
    numbers = number_list(argument.removeprefix("breakpoints"), "breakpoint numbers")
    for number in numbers or [b.number for b in context.session.breakpoints]:
        context.session.breakpoints.enable(number, enabled)


@command("enable", "en", category=_CATEGORY, usage="enable [N...]", complete="breakpoint")
def enable(context: Context, argument: str) -> None:
    """Enable breakpoints, all of them without numbers; `enable display N` for displays."""
    _switch(context, argument, True)


@command("disable", "dis", category=_CATEGORY, usage="disable [N...]", complete="breakpoint")
def disable(context: Context, argument: str) -> None:
    """Disable breakpoints, all of them without numbers; `disable display N` for displays."""
    _switch(context, argument, False)


@command(
    "condition",
    category=_CATEGORY,
    usage="condition N [CONDITION]",
    examples=("condition 2 $a0 == 5", "condition 2"),
    complete="breakpoint",
)
def condition(context: Context, argument: str) -> None:
    """Give breakpoint N a condition, or take it away."""
    number, _, text = argument.strip().partition(" ")
    if not number.isdigit():
        raise CommandError("condition: a breakpoint number is missing")
    chosen = context.session.compile(text) if text.strip() else None
    place = context.session.breakpoints.get(int(number))
    if chosen is not None and place.kind == "breakpoint":
        context.session.scope.check_names(chosen.names, place.addresses)
    context.session.breakpoints.set_condition(int(number), chosen)
    if chosen is None:
        context.say(f"Breakpoint {number} now unconditional.")


@command(
    "ignore", category=_CATEGORY, usage="ignore N COUNT", examples=("ignore 2 10",), complete="breakpoint"
)
def ignore(context: Context, argument: str) -> None:
    """Let the next COUNT hits of breakpoint N pass."""
    number, _, text = argument.strip().partition(" ")
    if not number.isdigit():
        raise CommandError("ignore: a breakpoint number is missing")
    chosen = context.session.breakpoints.get(int(number))
    chosen.ignore = max(number_argument(context, text, "a count"), 0)
    context.say(f"Will ignore next {chosen.ignore} crossings of breakpoint {number}.")


@info("breakpoints", "b", "break", "watchpoints", category=_CATEGORY)
def info_breakpoints(context: Context, argument: str) -> None:
    """Breakpoints and watchpoints with their conditions and hit counts."""
    if not len(context.session.breakpoints):
        context.say("No breakpoints or watchpoints.")
        return
    rows = []
    for item in context.session.breakpoints:
        rows.append(_row(context, item))
    lines = table(("Num", "Type", "Disp", "Enb", "Address", "What"), rows)
    notes = {
        row[0]: _notes(context, item) for row, item in zip(rows, context.session.breakpoints, strict=True)
    }
    shown = lines[:1]
    for row, line in zip(rows, lines[1:], strict=True):
        shown.append(line)
        shown += [[("faint", "\t" + note)] for note in notes[row[0]]]
    context.emit(shown)


def _row(context: Context, item: Breakpoint) -> tuple[str, ...]:
    address = item.addresses[0] if item.addresses else 0
    if item.kind != "breakpoint":
        what = item.text
    else:
        line = context.session.symbols.line_at(address)
        label = context.session.symbols.name_of(address)
        what = (f"in {label} at {line.short}" if line else f"<{label}>") if label else item.text
    return (
        str(item.number),
        _KINDS.get(item.kind, item.kind),
        "del" if item.temporary else "keep",
        "y" if item.enabled else "n",
        f"0x{address:08x}" if item.kind == "breakpoint" else "",
        what,
    )


def _notes(context: Context, item: Breakpoint) -> list[str]:
    notes = []
    if len(item.addresses) > 1:
        notes.append("also at " + ", ".join(f"0x{address:08x}" for address in item.addresses[1:]))
    if item.hart is not None:
        notes.append(f"stop only in thread {item.hart + 1} ({hart_label(context, item.hart)})")
    if item.condition is not None:
        notes.append(f"stop only if {item.condition.text}")
    if item.hits:
        notes.append(f"breakpoint already hit {item.hits} time{'s' if item.hits > 1 else ''}")
    if item.ignore:
        notes.append(f"ignore next {item.ignore} hits")
    return notes
