"""Scripting: define, document, alias, commands, python, undo. docs/scripting.md has the Python interface."""

import re

from flexdbg.commands.arguments import number_list
from flexdbg.commands.blocks import ScriptLine
from flexdbg.commands.context import Context
from flexdbg.commands.registry import Command, command, commands, info
from flexdbg.commands.scripts import execute_python
from flexdbg.commands.where import show_frame
from flexdbg.errors import CommandError

__all__: list[str] = []

_CATEGORY = "scripting"
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_DEEPEST = 32


@command("define", category=_CATEGORY, usage="define NAME ... end", examples=("define show2",), block="lines")
def define(context: Context, argument: str) -> None:
    """Define a command from the lines up to `end`; $arg0, $arg1, ..., $arg* and $argc are its arguments.

    `document NAME` gives it a help text. A command called hook-NAME runs before each NAME,
    hookpost-NAME behind it, and hook-stop before each stop is reported.
    """
    name = argument.partition("\n")[0].strip()
    if not _NAME.fullmatch(name):
        raise CommandError(f"define: {name!r} is no name for a command" if name else _MISSING)
    hooked = re.fullmatch(r"hook(?:post)?-(.+)", name)
    if hooked and hooked[1] != "stop" and hooked[1] not in context.user_commands:
        commands.find(hooked[1])
    old = context.user_commands.get(name)
    text = old.text if old is not None else "User-defined."
    context.user_commands[name] = _user_command(name, context.block, text)


_MISSING = "define: a name is missing, as in `define show2`"


def _user_command(name: str, lines: tuple[ScriptLine, ...], text: str) -> Command:
    def action(context: Context, argument: str) -> None:
        if len(context.user_arguments) >= _DEEPEST:
            raise CommandError(f"{name}: user-defined commands call each other too deeply")
        context.user_arguments.append(_words(argument))
        try:
            context.run_lines(lines)
        finally:
            context.user_arguments.pop()

    action.__doc__ = text
    body = tuple(line.text for line in lines)
    return Command(name, (), "user", name, action, (), "expression", "no", body=body, lines=lines)


def _words(argument: str) -> list[str]:
    """The arguments: words, or quoted texts with their quotes."""
    return re.findall(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\S)+""", argument)


@command(
    "document", category=_CATEGORY, usage="document NAME ... end", examples=("document show2",), block="raw"
)
def document(context: Context, argument: str) -> None:
    """Give a user-defined command its help: the lines up to `end`."""
    name = argument.partition("\n")[0].strip()
    old = context.user_commands.get(name)
    if old is None:
        raise CommandError(f'Undefined command: "{name}": `define` it first.')
    context.user_commands[name] = _user_command(
        name, old.lines, "\n".join(line.text for line in context.block)
    )


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
    lines = context.block
    numbers = number_list(argument.partition("\n")[0], "breakpoint numbers")
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
