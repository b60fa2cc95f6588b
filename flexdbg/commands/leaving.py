"""Leaving a run for another one: what is lost is said before, and asked for at a prompt."""

from flexdbg.commands.context import Context
from flexdbg.errors import CommandError
from flexdbg.render.tables import count

__all__ = ["leave_run"]


def leave_run(context: Context, what: str) -> None:
    """Prepare `undo` of `what`, which goes to another run of the program; the user may decline."""
    session = context.session
    now, (first, last) = session.cluster.cycle, session.timeline.bounds
    if last > first:
        back = f"; `undo` brings back the machine at cycle {count(now)}, not the recording" if now else ""
        context.say(f"This drops the recording of cycles {count(first)} to {count(last)}{back}.", "warning")
        asks = context.settings.confirm and not session.exited
        if asks and not context.ask("Start another run? (y or n) "):
            raise CommandError("The run stays as it is.")
    session.undo_log.about_to_restart(what)
