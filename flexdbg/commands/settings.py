"""`set` and `show`: registers, memory and variables, and the settings of the session."""

from collections.abc import Callable
from dataclasses import replace

from flexdbg.commands.context import Context
from flexdbg.commands.logfile import set_logging
from flexdbg.commands.registry import command
from flexdbg.errors import CommandError, did_you_mean

__all__ = ["setting_names"]

# Settings of gdb that scripts set before anything else and that mean nothing here.
_ACCEPTED = ("pagination", "height", "width", "style", "verbose", "osabi", "architecture")
_UNLIMITED = 1 << 20  # more than a value may hold
_LOCKING = ("off", "on", "step")


def _set_listsize(context: Context, value: str) -> None:
    if not value.isdigit() or not 1 <= int(value) <= 1000:
        raise CommandError(f"listsize {value}: allowed is 1 to 1000")
    context.settings.listsize = int(value)


def _set_confirm(context: Context, value: str) -> None:
    if value not in ("on", "off", ""):
        raise CommandError(f"confirm {value}: allowed is on or off")
    context.settings.confirm = value != "off"


def _set_locking(context: Context, value: str) -> None:
    if value not in _LOCKING:
        raise CommandError(f"scheduler-locking {value}: allowed is {', '.join(_LOCKING)}")
    context.session.scheduler_locking = value


def _set_history(context: Context, value: str) -> None:
    if not value.isdigit() or not 1 <= int(value) <= 65536:
        raise CommandError(f"history-budget {value}: allowed is 1 to 65536 MiB")
    context.session.cluster.set_history_budget(int(value) * 1024 * 1024)


def _set_print(context: Context, text: str) -> None:
    """gdb's `set print`: what changes the layout of values; the rest of its settings mean nothing here."""
    name, _, value = text.partition(" ")
    value = value.strip()
    style = context.settings.style
    if name == "pretty":
        if value not in ("on", "off", ""):
            raise CommandError('"on" or "off" expected.')
        context.settings.style = replace(style, pretty=value != "off")
    elif name in ("elements", "repeats"):
        if value in ("unlimited", "0"):
            value = str(_UNLIMITED)
        if not value.isdigit():
            raise CommandError(f"print {name} {value}: allowed is a count, 0 or unlimited")
        count = min(int(value), _UNLIMITED)
        if name == "elements":
            context.settings.style = replace(style, elements=count)
        else:
            context.settings.style = replace(style, repeats=count)


_SETTINGS: dict[str, tuple[Callable[[Context, str], None], Callable[[Context], str], str]] = {
    "listsize": (_set_listsize, lambda c: str(c.settings.listsize), "lines that `list` shows"),
    "confirm": (
        _set_confirm,
        lambda c: "on" if c.settings.confirm else "off",
        "ask before quitting a live program",
    ),
    "scheduler-locking": (
        _set_locking,
        lambda c: c.session.scheduler_locking,
        "off: the other harts advance while one steps; step: they are frozen",
    ),
    "print pretty": (
        lambda c, value: _set_print(c, f"pretty {value}"),
        lambda c: "on" if c.settings.style.pretty else "off",
        "structs take a line for each member",
    ),
    "print elements": (
        lambda c, value: _set_print(c, f"elements {value}"),
        lambda c: str(c.settings.style.elements),
        "elements of an array and characters of a string that are shown",
    ),
    "print repeats": (
        lambda c, value: _set_print(c, f"repeats {value}"),
        lambda c: str(c.settings.style.repeats),
        "equal elements from which on they are shown once, with their number",
    ),
    "history-budget": (
        _set_history,
        lambda c: str(c.session.cluster.history_budget >> 20),
        "MiB of memory for going back in time",
    ),
}


def setting_names() -> list[str]:
    return sorted(_SETTINGS)


@command(
    "set",
    category="session",
    usage="set [var] PLACE = EXPRESSION | set SETTING VALUE",
    examples=(
        "set $a0 = 5",
        "set *0x10000400 = -1",
        "set var failed = 0",
        "set $nn_w0.i4[2] = -7",
        "set scheduler-locking step",
        "set listsize 20",
        "set print pretty on",
    ),
    complete="setting",
)
def set_(context: Context, argument: str) -> None:
    """Change a register, memory or a variable of the session; or a setting (`show` lists them)."""
    word, _, rest = argument.partition(" ")
    rest = rest.strip()
    if not word:
        raise CommandError('Argument required: `set $a0 = 5`, or a setting; "show" lists the settings.')
    if word in ("var", "variable"):
        context.session.evaluate(rest)
        return
    if rest[:1] != "=":
        if word in _SETTINGS:
            _SETTINGS[word][0](context, rest)
            return
        if word == "logging":
            set_logging(context, rest)
            return
        if word == "print" or word == "p":
            _set_print(context, rest)
            return
        if word in _ACCEPTED:
            return
    if "=" not in argument:
        raise CommandError(f"{word}: not a setting{did_you_mean(word, _SETTINGS)} and not an assignment")
    context.session.evaluate(argument)


@command("show", category="session", usage="show [SETTING]", complete="setting")
def show(context: Context, argument: str) -> None:
    """Show a setting, or all of them."""
    word = argument.strip()
    if word in ("version",):
        from flexdbg import __version__

        context.say(f"flexdbg {__version__}")
        return
    if word and word not in _SETTINGS:
        raise CommandError(f"no setting {word!r}{did_you_mean(word, _SETTINGS)}")
    for name, (_, read, meaning) in _SETTINGS.items():
        if word in ("", name):
            context.say(f"{name} is {read(context)}: {meaning}.")
