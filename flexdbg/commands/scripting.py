"""Scripting: define, document, alias, commands, python, undo. docs/scripting.md has the Python interface."""

import re

from flexdbg.commands.arguments import number_list
from flexdbg.commands.context import Context
from flexdbg.commands.registry import Command, command, commands, info
from flexdbg.commands.scripts import execute_python
from flexdbg.commands.where import show_frame
from flexdbg.errors import CommandError

__all__: list[str] = []

_CATEGORY = "scripting"
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_DEEPEST = 32


def _split_block(argument: str) -> tuple[str, list[str]]:
    head, _, body = argument.partition("\n")
    return head.strip(), body.split("\n") if body else []


@command("define", category=_CATEGORY, usage="define NAME ... end", examples=("define show2",), block="lines")
def define(context: Context, argument: str) -> None:
    """Define a command from the lines up to `end`; $arg0, $arg1, ... and $argc stand for its arguments.

    `document NAME` gives it a help text.
    """
    name, lines = _split_block(argument)
    if not _NAME.fullmatch(name):
        raise CommandError(f"define: {name!r} is no name for a command" if name else _MISSING)
    old = context.user_commands.get(name)
    text = old.text if old is not None else "User-defined."
    context.user_commands[name] = _user_command(name, lines, text)


_MISSING = "define: a name is missing, as in `define show2`"


def _user_command(name: str, lines: list[str], text: str) -> Command:
    def action(context: Context, argument: str) -> None:
        if context.user_depth >= _DEEPEST:
            raise CommandError(f"{name}: user-defined commands call each other too deeply")
        words = argument.split()
        context.user_depth += 1
        try:
            for line in lines:
                context.execute(_substituted(line, words))
        finally:
            context.user_depth -= 1

    action.__doc__ = text
    return Command(name, (), "user", name, action, (), "expression", "no", body=tuple(lines))


def _substituted(line: str, words: list[str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] == "c":
            return str(len(words))
        number = int(match[1])
        if number >= len(words):
            raise CommandError(f"$arg{number}: the command was given {len(words)} arguments")
        return words[number]

    return re.sub(r"\$arg(c|\d+)", value, line)


@command(
    "document", category=_CATEGORY, usage="document NAME ... end", examples=("document show2",), block="lines"
)
def document(context: Context, argument: str) -> None:
    """Give a user-defined command its help: the lines up to `end`."""
    name, lines = _split_block(argument)
    old = context.user_commands.get(name)
    if old is None:
        raise CommandError(f'Undefined command: "{name}": `define` it first.')
    context.user_commands[name] = _user_command(name, list(old.body), "\n".join(lines))


@command(
    "alias",
    category=_CATEGORY,
    usage="alias NAME = COMMAND",
    examples=("alias rx = info registers", "alias cyc = cycle"),
    complete="command",
)
def alias(context: Context, argument: str) -> None:
    """Another name for a command, arguments included; what follows the new name is appended."""
    words = re.sub(r"(^|\s)--?a?(\s|$)", " ", argument)
    name, equals, target = words.partition("=")
    name, target = name.strip(), target.strip()
    if not equals or not target or not _NAME.fullmatch(name):
        raise CommandError("alias: expected `alias NAME = COMMAND`")
    if name in commands.names():
        raise CommandError(f"alias: {name} is a command already")
    first = re.split(r"[^\w-]", target)[0]
    if first not in context.user_commands:
        commands.find(first)

    def action(inner: Context, rest: str) -> None:
        inner.execute(f"{target} {rest}".strip())

    action.__doc__ = f"An alias for `{target}`."
    context.user_commands[name] = Command(name, (), "user", name, action, (), "expression", "no")


@info("user", category=_CATEGORY)
def info_user(context: Context, argument: str) -> None:
    """User-defined commands and what they do."""
    if not context.user_commands:
        context.say("No user-defined commands.")
    for name, found in sorted(context.user_commands.items()):
        context.say(f"{name}: {found.summary}")
        for line in found.body:
            context.say(f"    {line}")


@command(
    "commands", category=_CATEGORY, usage="commands [N...] ... end", examples=("commands 1",), block="lines"
)
def commands_(context: Context, argument: str) -> None:
    """Commands to run when breakpoint N (the last one set, without N) is hit: the lines up to `end`.

    `silent` as the first line keeps the stop from being reported. Nothing between takes them away.
    """
    head, lines = _split_block(argument)
    numbers = number_list(head, "breakpoint numbers")
    if not numbers:
        numbers = [max((b.number for b in context.session.breakpoints), default=0)]
    for number in numbers:
        context.session.breakpoints.get(number)
        if lines:
            context.scripts[number] = lines
        else:
            context.scripts.pop(number, None)


@command(
    "python",
    "py",
    category=_CATEGORY,
    usage="python STATEMENT | python ... end",
    examples=("python print(cluster.cycle)", "py evaluate('$a0 + 1')"),
    block="bare",
)
def python(context: Context, argument: str) -> None:
    """Run Python: one statement, or the lines up to `end`. docs/scripting.md lists the names it can use.

    The value of a single expression is printed.
    """
    execute_python(context, argument.lstrip("\n"))


@command("undo", category=_CATEGORY, examples=("undo",))
def undo(context: Context, argument: str) -> None:
    """Take back the last change: a register or memory that was set, deleted breakpoints, a restart.

    A change made at an earlier cycle is undone there: the machine goes back to it first.
    """
    done = context.session.undo_log.undo()
    context.say(f"Undone: {done.what}.")
    if done.moved:
        show_frame(context, with_source=True)
