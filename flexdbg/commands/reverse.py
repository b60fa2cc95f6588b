"""Going back in time: the reverse verbs under gdb's names, goto, when, bookmarks, the history."""

from flexdbg.commands.arguments import count_argument, number_argument
from flexdbg.commands.context import Context
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import announce, show_current
from flexdbg.errors import CommandError, HistoryError
from flexdbg.render.tables import count, table

__all__: list[str] = []

_CATEGORY = "time"


@command(
    "reverse-stepi",
    "rsi",
    category=_CATEGORY,
    usage="reverse-stepi [N]",
    examples=("reverse-stepi", "rsi 10"),
    repeat="same",
)
def reverse_stepi(context: Context, argument: str) -> None:
    """Go back to where the current hart stood one instruction ago, or N.

    The whole cluster goes back: memory, DMA, event unit, counters. Breakpoints and watchpoints of any
    hart on the way end it, the latest first.
    """
    announce(context, context.session.reverse_step_instructions(count_argument(context, argument)))


@command(
    "reverse-nexti",
    "rni",
    category=_CATEGORY,
    usage="reverse-nexti [N]",
    examples=("reverse-nexti", "rni 4"),
    repeat="same",
)
def reverse_nexti(context: Context, argument: str) -> None:
    """Go back by one instruction, or N, taking a call that has returned as one."""
    announce(context, context.session.reverse_next_instructions(count_argument(context, argument)))


@command(
    "reverse-step",
    "rs",
    category=_CATEGORY,
    usage="reverse-step [N]",
    examples=("reverse-step", "rs 3"),
    repeat="same",
)
def reverse_step(context: Context, argument: str) -> None:
    """Go back to the start of the line the hart is in the midst of, or else of the line before.

    It goes back into calls that have line information, at their last line.
    """
    announce(context, context.session.reverse_step_lines(count_argument(context, argument)))


@command(
    "reverse-next",
    "rn",
    category=_CATEGORY,
    usage="reverse-next [N]",
    examples=("reverse-next", "rn 3"),
    repeat="same",
)
def reverse_next(context: Context, argument: str) -> None:
    """Like reverse-step, but calls are part of the line that made them."""
    announce(context, context.session.reverse_next_lines(count_argument(context, argument)))


@command("reverse-finish", category=_CATEGORY, repeat="same")
def reverse_finish(context: Context, argument: str) -> None:
    """Go back to the call of the current function."""
    context.say("Run back to call of " + show_current(context))
    announce(context, context.session.reverse_finish())


@command("reverse-continue", "rc", category=_CATEGORY, repeat="same")
def reverse_continue(context: Context, argument: str) -> None:
    """Go back to the last hit of a breakpoint or watchpoint, by any hart or the DMA.

    A watchpoint ends it right before the access: `watch` answers who wrote a place last. Conditions, hit and
    ignore counts work as forward. Without a hit it ends at the first recorded cycle.
    """
    announce(context, context.session.reverse_resume())


@command(
    "reverse-cycle",
    "rcy",
    category=_CATEGORY,
    usage="reverse-cycle [N]",
    examples=("reverse-cycle", "rcy 100"),
    repeat="same",
)
def reverse_cycle(context: Context, argument: str) -> None:
    """Go back by one cycle of the whole cluster, or N."""
    announce(context, context.session.reverse_cycles(count_argument(context, argument)))


@command(
    "step-to",
    category=_CATEGORY,
    usage="step-to EVENT",
    examples=(
        "step-to conflict",
        "step-to stall l2",
        "step-to nn-write",
        "step-to barrier",
        "step-to mlc-wrap",
    ),
    complete="event",
    repeat="same",
)
def step_to(context: Context, argument: str) -> None:
    """Run to the next event of the current hart; `help break` lists the events.

    The machine stops behind the cycle of the event.
    """
    announce(context, context.session.step_to(argument))


@command(
    "reverse-step-to",
    "rst",
    category=_CATEGORY,
    usage="reverse-step-to EVENT",
    examples=("reverse-step-to conflict", "rst stall l2"),
    complete="event",
    repeat="same",
)
def reverse_step_to(context: Context, argument: str) -> None:
    """Go back to the last event of the current hart; the machine stands right before it."""
    announce(context, context.session.reverse_step_to(argument))


@command(
    "goto",
    category=_CATEGORY,
    usage="goto CYCLE | +N | -N | start | end | BOOKMARK",
    examples=("goto 12408", "goto -100", "goto $_cycle+8", "goto end", "goto before-the-crash"),
    complete="bookmark",
)
def goto(context: Context, argument: str) -> None:
    """Go to a cycle, earlier or later: the run is recorded and replayed exactly.

    `end` is the furthest cycle reached so far, `start` the first one. A later cycle runs the program on.
    """
    target = context.session.timeline.cycle_of(argument)
    if target is None:
        target = number_argument(context, argument, "a cycle")
    try:
        announce(context, context.session.goto_cycle(target))
    except HistoryError as error:
        raise CommandError(str(error)) from error


@command("when", category=_CATEGORY)
def when(context: Context, argument: str) -> None:
    """Say at which cycle the machine is, and how far its recorded run reaches."""
    session = context.session
    first, last = session.timeline.bounds
    now = session.cluster.cycle
    ahead = f", {count(last - now)} recorded cycles ahead" if now < last else ""
    context.say(f"Cycle {count(now)} of {count(first)} to {count(last)}{ahead}.")


@command("bookmark", "bm", category=_CATEGORY, usage="bookmark [NAME]", examples=("bookmark", "bm before"))
def bookmark(context: Context, argument: str) -> None:
    """Give the present cycle a name for `goto`; without a name, a number."""
    name = context.session.timeline.add_bookmark(argument.strip())
    context.say(f"Bookmark {name} at cycle {count(context.session.cluster.cycle)}.")


@info("bookmarks", category=_CATEGORY)
def info_bookmarks(context: Context, argument: str) -> None:
    """The cycles that have a name."""
    marks = context.session.timeline.bookmarks
    if not marks:
        context.say("No bookmarks.")
        return
    rows = [(name, count(cycle)) for name, cycle in sorted(marks.items(), key=lambda item: item[1])]
    context.emit(table(("Name", "Cycle"), rows))


@info("history", category=_CATEGORY)
def info_history(context: Context, argument: str) -> None:
    """The cycles that `goto` can reach, and the memory that their record takes."""
    session = context.session
    first, last = session.timeline.bounds
    checkpoints, size = session.cluster.history_size()
    context.say(
        f"Recorded cycles {count(first)} to {count(last)}; now at {count(session.cluster.cycle)}. "
        f"{count(checkpoints)} checkpoints take {size / (1 << 20):.1f} MiB "
        f"of {session.cluster.history_budget >> 20}."
    )
