"""Frames: backtrace, frame, up, down, info frame, locals and args."""

from flexdbg.commands.context import Context
from flexdbg.commands.printing import arguments_text, frame_head, variables_text
from flexdbg.commands.registry import command, info
from flexdbg.debug.unwind import Frame
from flexdbg.errors import CommandError
from flexdbg.isa import ABI_NAMES
from flexdbg.render.text import Line

__all__: list[str] = []

_CATEGORY = "code"
_LONGEST_STACK = 1000


def _stack(context: Context, limit: int = _LONGEST_STACK) -> list[Frame]:
    """The frames up to `main`: what called it is the start-up code."""
    found = context.session.stack(limit)
    for frame in found:
        if frame.name == "main" and not frame.inlined:
            return found[: frame.level + 1]
    return found


@command(
    "backtrace",
    "bt",
    "where",
    category=_CATEGORY,
    usage="backtrace [N | -N] [full]",
    examples=("bt", "bt 5", "bt -2", "bt full"),
)
def backtrace(context: Context, argument: str) -> None:
    """The call chain of the current hart, innermost frame first; N frames, or with -N the outermost.

    Inlined calls are frames of their own. With `full` each frame shows its local variables.
    """
    words = argument.split()
    full = "full" in words or "-full" in words
    numbers = [word for word in words if word not in ("full", "-full")]
    if len(numbers) > 1 or (numbers and not numbers[0].removeprefix("-").isdigit()):
        raise CommandError(f"{argument}: expected a number of frames")
    count = int(numbers[0]) if numbers else _LONGEST_STACK
    found = _stack(context) if count < 0 else _stack(context, count + 1)
    shown = found[count:] if count < 0 else found[:count]
    for frame in shown:
        context.emit([_frame_line(context, frame)])
        if full:
            for name, text in variables_text(context, frame, parameters=False) or [("", "")]:
                context.say(f"        {name} = {text}" if name else "No locals.")
    if shown and shown[-1].level < found[-1].level:
        context.say("(More stack frames follow...)")


def _frame_line(context: Context, frame: Frame) -> Line:
    head = frame_head(context, frame)
    address, inside, rest = head.partition(" in ") if head.startswith("0x") else ("", "", head)
    name, _, behind = rest.partition(" (")
    return [
        ("", f"#{frame.level:<3}"),
        ("address", address),
        ("", inside),
        ("symbol", name),
        ("", f" ({behind}"),
    ]


def show_selected(context: Context) -> None:
    """The selected frame and its source line."""
    frame = context.session.selected
    lines = [_frame_line(context, frame)]
    if frame.line is not None:
        text = context.session.symbols.source(frame.line.file)
        if text is not None and 0 < frame.line.line <= len(text):
            lines.append([("number", str(frame.line.line)), ("", "\t" + text[frame.line.line - 1])])
    context.emit(lines)
    context.listing.file = ""  # `list` begins there


@command(
    "frame",
    "f",
    category=_CATEGORY,
    usage="frame [N | function NAME]",
    examples=("frame", "frame 1", "frame function main"),
)
def frame(context: Context, argument: str) -> None:
    """Select frame N: expressions, `info locals`, `list` and `finish` then mean that frame.

    Registers are those that the frame will have when it goes on, as far as its callees have saved them.
    Without a number, show the selected frame. When the machine moves, frame 0 is selected.
    """
    words = argument.split()
    if words[:1] == ["function"] and len(words) == 2:
        found = [one for one in _stack(context) if one.name == words[1]]
        if not found:
            raise CommandError(f'No frame for function "{words[1]}".')
        context.session.select_frame(found[0].level)
    elif words:
        text = words[-1] if words[0] == "level" else argument
        _select(context, context.session.evaluate(text).scalar())
    show_selected(context)


def _select(context: Context, level: int) -> None:
    if not 0 <= level < len(_stack(context, level + 1)):
        raise CommandError(f"No frame at level {level}.")
    context.session.select_frame(level)


@command("up", category=_CATEGORY, usage="up [N]", examples=("up", "up 2"), repeat="same")
def up(context: Context, argument: str) -> None:
    """Select the frame that called this one, or go N frames outwards."""
    _move(context, _count(context, argument))


@command("down", "dow", category=_CATEGORY, usage="down [N]", examples=("down",), repeat="same")
def down(context: Context, argument: str) -> None:
    """Select the frame that this one called, or go N frames inwards."""
    _move(context, -_count(context, argument))


def _count(context: Context, argument: str) -> int:
    return context.session.evaluate(argument).scalar() if argument else 1


def _move(context: Context, step: int) -> None:
    level = context.session.frame_level
    last = len(_stack(context, max(level + step, level) + 1)) - 1
    if step > 0 and level >= last:
        raise CommandError("Initial frame selected; you can't go up.")
    if step < 0 and level == 0:
        raise CommandError("Bottom (innermost) frame selected; you can't go down.")
    context.session.select_frame(min(max(level + step, 0), last))
    show_selected(context)


@info("locals", "lo", category=_CATEGORY, usage="info locals", examples=("info locals",))
def info_locals(context: Context, argument: str) -> None:
    """The local variables of the selected frame, those of the innermost block first."""
    _variables(context, "No locals.", parameters=False)


@info("args", category=_CATEGORY, usage="info args", examples=("info args",))
def info_args(context: Context, argument: str) -> None:
    """The arguments of the selected frame."""
    _variables(context, "No arguments.", parameters=True)


def _variables(context: Context, none: str, *, parameters: bool) -> None:
    selected = context.session.selected
    if selected.block is None:
        raise CommandError("No symbol table info available.")
    found = variables_text(context, selected, parameters=parameters)
    for name, text in found:
        context.say(f"{name} = {text}")
    if not found:
        context.say(none)


@info("frame", "f", category=_CATEGORY, usage="info frame", examples=("info frame",))
def info_frame(context: Context, argument: str) -> None:
    """The selected frame: its place on the stack, its caller, and where it has saved registers."""
    session = context.session
    selected = session.selected
    around = _stack(context, selected.level + 2)
    caller = around[selected.level + 1] if len(around) > selected.level + 1 else None
    where = f" ({selected.line.short})" if selected.line else ""
    physical = session.frames(selected.index + 2)
    outer = physical[selected.index + 1].pc if len(physical) > selected.index + 1 else None
    saved_pc = f"; saved pc = 0x{outer:x}" if outer is not None else ""
    say = context.say
    say(f"Stack level {selected.level}, frame at 0x{selected.cfa:x}:")
    say(f" pc = 0x{selected.pc:x} in {selected.name}{where}{saved_pc}")
    if selected.inlined:
        say(f" inlined into frame {selected.level + 1}")
    if caller is None:
        say(" Outermost frame: nothing called it that could be found")
    elif not selected.inlined:
        say(f" called by frame at 0x{caller.cfa:x}")
    if selected.level:
        say(f" caller of frame at 0x{around[selected.level - 1].cfa:x}")
    if selected.block is not None:
        say(f" source language {selected.block.unit.language}.")
        say(f" Arglist at 0x{selected.sp:x}, args: {arguments_text(context, selected)}")
    say(f" Locals at 0x{selected.sp:x}, Previous frame's sp is 0x{selected.cfa:x}")
    saved = [f"{ABI_NAMES[number]} at 0x{address:x}" for number, address in sorted(selected.saved.items())]
    if 1 in selected.saved:
        saved.append(f"pc at 0x{selected.saved[1]:x}")
    if saved:
        say(f" Saved registers:\n  {', '.join(saved)}")
