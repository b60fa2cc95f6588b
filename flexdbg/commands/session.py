"""The session: file, source, checkpoints, history, program information, quit."""

from flexdbg.commands.arguments import number_list
from flexdbg.commands.context import Context
from flexdbg.commands.leaving import leave_run
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import show_frame
from flexdbg.errors import CommandError
from flexdbg.render.tables import count, key_values

__all__: list[str] = []

_CATEGORY = "session"


@command(
    "file",
    "load",
    category=_CATEGORY,
    usage="file PATH",
    examples=("file build/kernel.elf",),
    complete="file",
)
def file(context: Context, argument: str) -> None:
    """Load a program and go back to reset; `load` alone loads the present one again."""
    session = context.session
    if not argument:
        if session.program is None:
            raise CommandError("a path is missing, as in `file kernel.elf`")
        session.restart()
        program = session.program
    else:
        session.breakpoints.clear()
        program = session.load(argument.strip("\"'"))
    context.listing.file = ""
    size = sum(len(segment.data) for segment in program.segments)
    context.say(
        f"Loaded {program.name}: {size} bytes in {len(program.segments)} segments, "
        f"entry 0x{program.entry:08x}"
    )
    for warning in program.warnings:
        context.say(f"warning: {warning}", "warning")


@command("source", category=_CATEGORY, usage="source FILE", examples=("source setup.gdb",), complete="file")
def source(context: Context, argument: str) -> None:
    """Run the commands of a file; the first error ends it."""
    if not argument:
        raise CommandError("source command requires file name of file to source.")
    context.source(argument.strip("\"'"))


@command("checkpoint", category=_CATEGORY)
def checkpoint(context: Context, argument: str) -> None:
    """Remember the whole machine; `restart N` comes back to it."""
    number = max(context.checkpoints, default=0) + 1
    cluster = context.session.cluster
    context.checkpoints[number] = (cluster.snapshot(), cluster.cycle)
    context.say(f"Checkpoint {number} at cycle {count(cluster.cycle)}.")


@command("restart", category=_CATEGORY, usage="restart N", examples=("restart 1",))
def restart(context: Context, argument: str) -> None:
    """Go back to a checkpoint."""
    numbers = number_list(argument, "a checkpoint number")
    if len(numbers) != 1 or numbers[0] not in context.checkpoints:
        raise CommandError(f"No checkpoint {argument or 'number given'}; `info checkpoints` lists them.")
    identifier, cycle = context.checkpoints[numbers[0]]
    leave_run(context, f"restart {numbers[0]}")
    context.session.cluster.restore(identifier)
    context.say(f"Switching to checkpoint {numbers[0]} at cycle {count(cycle)}.")
    show_frame(context, with_source=True)


@info("checkpoints", category=_CATEGORY)
def info_checkpoints(context: Context, argument: str) -> None:
    """The checkpoints that `restart` can go back to."""
    if not context.checkpoints:
        context.say("No checkpoints.")
        return
    context.emit(
        key_values([(str(n), f"cycle {count(cycle)}") for n, (_, cycle) in context.checkpoints.items()])
    )


@info("program", "files", "target", category=_CATEGORY)
def info_program(context: Context, argument: str) -> None:
    """The program: its file, segments and entry; and the machine it runs on."""
    session = context.session
    program, config = session.program, session.cluster.config
    pairs = [("machine", f"{config.harts} harts, core {config.core}, quirks {config.quirks}")]
    if program is None:
        context.emit(key_values([("program", "none; load one with `file PATH`"), *pairs]))
        return
    status = session.cluster.exit_status
    state = f"exited with status {status}" if status is not None else f"cycle {count(session.cluster.cycle)}"
    pairs = [("program", str(program.path or program.name)), ("entry", f"0x{program.entry:08x}"), *pairs]
    for segment in program.segments:
        pairs.append(
            (
                "segment",
                f"0x{segment.address:08x}..0x{segment.end - 1:08x}  {count(segment.memory_size)} bytes",
            )
        )
    context.emit(key_values([*pairs, ("state", state)]))


@command("quit", "q", "exit", category=_CATEGORY)
def quit_(context: Context, argument: str) -> None:
    """Leave the debugger."""
    context.wants_to_quit = True
