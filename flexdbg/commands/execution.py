"""Running and stepping: run, continue, step, next, stepi, nexti, until, finish, advance, cycle."""

from flexdbg.commands.arguments import count_argument
from flexdbg.commands.context import Context
from flexdbg.commands.leaving import leave_run
from flexdbg.commands.registry import command
from flexdbg.commands.where import announce, show_current, show_frame
from flexdbg.errors import CommandError

__all__: list[str] = []

_CATEGORY = "running"


@command("run", "r", category=_CATEGORY, examples=("run",))
def run(context: Context, argument: str) -> None:
    """Start the program from reset and run until something stops it.

    Breakpoints stay.
    """
    session = context.session
    if session.program is None:
        raise CommandError("No program: load one with `file PATH`.")
    leave_run(context, "run from reset")
    session.restart()
    context.say(f"Starting program: {session.program.name}")
    announce(context, session.resume())


@command("kill", "k", category=_CATEGORY, examples=("kill",))
def kill(context: Context, argument: str) -> None:
    """End the program: the machine goes back to reset, breakpoints stay, and `run` starts it again."""
    session = context.session
    if session.program is None:
        raise CommandError("The program is not being run.")
    leave_run(context, "kill")
    session.restart()
    context.last_stop = None
    context.listing.file = ""
    context.say(f"[{session.program.name} killed]")


@command("start", category=_CATEGORY)
def start(context: Context, argument: str) -> None:
    """Start the program from reset and stop at main, or at the entry of a program without main."""
    session = context.session
    if session.program is None:
        raise CommandError("No program: load one with `file PATH`.")
    leave_run(context, "start from reset")
    session.restart()
    if session.symbols.find("main") is None:
        show_frame(context, with_source=True)
        return
    context.execute("tbreak main")
    context.execute("run")


@command(
    "continue",
    "c",
    "fg",
    category=_CATEGORY,
    usage="continue [N]",
    examples=("continue", "c 3"),
    repeat="same",
)
def continue_(context: Context, argument: str) -> None:
    """Run until something stops the machine.

    With N, the breakpoint that the hart stands on is ignored N-1 times.
    """
    count = count_argument(context, argument)
    stop = context.session.last_stop
    if count > 1:
        if stop is None or not stop.breakpoints:
            raise CommandError("continue N needs a breakpoint to ignore: the last stop was none")
        numbers = {b.number for b in context.session.breakpoints}
        for number in stop.breakpoints:
            if number in numbers:
                context.session.breakpoints.get(number).ignore = count - 1
    announce(context, context.session.resume())


@command("stepi", "si", category=_CATEGORY, usage="stepi [N]", examples=("stepi", "si 10"), repeat="same")
def stepi(context: Context, argument: str) -> None:
    """Step the current hart by one instruction, or N.

    The other harts advance by the same cycles; `set scheduler-locking step` freezes them.
    """
    announce(context, context.session.step_instructions(count_argument(context, argument)))


@command("nexti", "ni", category=_CATEGORY, usage="nexti [N]", examples=("nexti", "ni 4"), repeat="same")
def nexti(context: Context, argument: str) -> None:
    """Step by one instruction, or N, taking a call as one."""
    announce(context, context.session.next_instructions(count_argument(context, argument)))


@command("step", "s", category=_CATEGORY, usage="step [N]", examples=("step", "s 3"), repeat="same")
def step(context: Context, argument: str) -> None:
    """Step to the next source line, into calls that have line information.

    In code without lines it steps one instruction. Hardware loops count as loops: each line of the body
    is met again in every iteration.
    """
    announce(context, context.session.step_lines(count_argument(context, argument)))


@command("next", "n", category=_CATEGORY, usage="next [N]", examples=("next", "n 3"), repeat="same")
def next_(context: Context, argument: str) -> None:
    """Step to the next source line of this function; calls are taken as one."""
    announce(context, context.session.next_lines(count_argument(context, argument)))


@command("until", "u", category=_CATEGORY, usage="until [LOCATION]", complete="location", repeat="same")
def until(context: Context, argument: str) -> None:
    """Like next, but do not go back: leaves a loop, hardware loops included.

    With a location it is `advance`.
    """
    session = context.session
    announce(context, session.advance(argument) if argument else session.until())


@command(
    "advance",
    category=_CATEGORY,
    usage="advance LOCATION",
    examples=("advance dotp.c:50",),
    complete="location",
    repeat="same",
)
def advance(context: Context, argument: str) -> None:
    """Run until the current hart reaches a location or its function returns."""
    if not argument:
        raise CommandError("advance: a location is missing, as in `advance main`")
    announce(context, context.session.advance(argument))


@command("finish", "fin", category=_CATEGORY, repeat="same")
def finish(context: Context, argument: str) -> None:
    """Run until the current function returns, and show a0 as its value."""
    context.say("Run till exit from " + show_current(context))
    announce(context, context.session.finish())


@command("cycle", "cy", category=_CATEGORY, usage="cycle [N]", examples=("cycle", "cycle 100"), repeat="same")
def cycle(context: Context, argument: str) -> None:
    """Advance the whole cluster by one cycle, or N."""
    announce(context, context.session.step_cycles(count_argument(context, argument)))
