"""`help` and `info`: the commands by category, one command with its examples, one instruction."""

from flexdbg.commands.context import Context
from flexdbg.commands.registry import CATEGORIES, Command, command, commands, infos
from flexdbg.errors import CommandError
from flexdbg.isa import page
from flexdbg.render.text import Line

__all__: list[str] = []


@command(
    "info",
    "i",
    "inf",
    category="session",
    usage="info NAME",
    examples=("info threads", "i r", "info nn all"),
    complete="info",
)
def info_(context: Context, argument: str) -> None:
    """Show something about the program or the machine; `help info` lists what."""
    word, _, rest = argument.partition(" ")
    if not word:
        context.emit(_listing(list(infos), "info "))
        return
    infos.find(word).action(context, rest.strip())


@command(
    "help",
    "h",
    category="session",
    usage="help [COMMAND | INSTRUCTION]",
    examples=("help break", "help pv.sdotsp.b"),
    complete="command",
)
def help_(context: Context, argument: str) -> None:
    """Explain a command with examples, an instruction from the ISA tables, or list all commands."""
    words = argument.split()
    if not words:
        lines: list[Line] = []
        for key, title in CATEGORIES.items():
            members = [c for c in commands if c.category == key]
            lines += [[("heading", title)], *_listing(members, ""), []]
        lines.append(
            [("", "Type `help COMMAND` for usage and examples, `help MNEMONIC` for an instruction.")]
        )
        lines.append([("", "Unambiguous abbreviations work; Enter repeats stepping and examining.")])
        context.emit(lines)
        return
    if words[0] in ("info", "i") and len(words) > 1:
        _page(context, infos.find(words[1]))
        return
    try:
        found = context.user_commands.get(words[0]) or commands.find(words[0])
    except CommandError:
        pages = page(words[0])
        if not pages:
            raise
        context.say("\n".join(one.text() for one in pages).rstrip())
        return
    _page(context, found)
    if found.name == "info":
        context.emit(_listing(list(infos), "info "))


def _listing(members: list[Command], prefix: str) -> list[Line]:
    width = max(len(prefix + c.name) for c in members)
    return [
        [("", "  "), ("mnemonic", (prefix + c.name).ljust(width)), ("", f"  {c.summary}")]
        for c in sorted(members, key=lambda c: c.name)
    ]


def _page(context: Context, found: Command) -> None:
    also = f"   (also {', '.join(found.aliases)})" if found.aliases else ""
    context.emit([[("heading", found.usage), ("faint", also)]])
    context.say(found.text)
    if found.examples:
        context.say("Examples:")
        for example in found.examples:
            context.say(f"  {example}")
