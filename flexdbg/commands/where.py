"""Where a stop is: the frame line, the source line or instruction, displays, and new lint warnings."""

from functools import partial

from flexdbg.commands.context import Context
from flexdbg.commands.formats import split_format
from flexdbg.commands.printing import arguments_text, frame_head, value_text, watched_text
from flexdbg.commands.report import hart_name, stop_lines
from flexdbg.debug.returns import returned_value
from flexdbg.debug.stops import Reason, Stop
from flexdbg.errors import ExpressionError, FlexdbgError
from flexdbg.render.assembly import code_line
from flexdbg.render.tables import count
from flexdbg.render.text import Line

__all__ = [
    "announce",
    "hart_label",
    "instruction_line",
    "place",
    "show_current",
    "show_displays",
    "show_frame",
    "show_hart",
]


def hart_label(context: Context, hart: int) -> str:
    return hart_name(hart, context.session.cluster.config.harts)


def announce(context: Context, stop: Stop) -> None:
    """Report a stop: why, where, what the user wants displayed."""
    session = context.session
    previous = context.last_stop.hart if context.last_stop else stop.hart
    context.last_stop = stop
    context.listing.file = ""  # `list` begins where the machine stands
    watched = {b.number: b for b in session.breakpoints}
    kinds = {b.number: b.kind for b in session.breakpoints}
    texts = {b.number: b.text for b in session.breakpoints}
    context.before_stop()
    lines: list[Line] = []
    if stop.hart != previous and not stop.ended:
        lines.append([("faint", f"[Switching to Thread {stop.hart + 1} ({hart_label(context, stop.hart)})]")])
    attached = [context.scripts[n] for n in stop.breakpoints if n in context.scripts]
    context.attached = [line for script in attached for line in script if line.text != "silent"]
    if attached and attached[0][0].text == "silent":
        return
    lines += stop_lines(
        stop, session.cluster.config.harts, kinds, texts, partial(watched_text, context, watched)
    )
    context.emit(lines)
    report_warnings(context)
    if stop.ended:
        return
    show_frame(context, with_source=True)
    if stop.finished:
        _show_returned(context, stop)
    if stop.reason is not Reason.EXIT:
        show_displays(context)


def _show_returned(context: Context, stop: Stop) -> None:
    """The value of the function that `finish` left: by its type, or a0 where that is not known."""
    session = context.session
    assert stop.value is not None
    if stop.returns is None:
        number = session.scope.record(session.evaluate("$a0"))
        signed = stop.value - (1 << 32) if stop.value >> 31 else stop.value
        context.say(f"Value returned is ${number} = {signed} (0x{stop.value:x})")
        return
    value = returned_value(session, stop.returns)
    if value is not None:
        text = value_text(context, value)
        context.say(f"Value returned is ${session.scope.record(value)} = {text}")


def report_warnings(context: Context) -> None:
    """Say each new kind of lint finding once; `warnings` lists all."""
    for warning in context.session.cluster.take_warnings():
        known = [w for w in context.warnings if _same(w, warning)]
        context.warnings = [w for w in context.warnings if not _same(w, warning)] + [warning]
        if not known:
            where = place(context, int(warning["pc"]))
            hart = hart_label(context, int(warning["hart"]))
            context.say(f"warning: {hart} at {where}: {warning['message']}", "warning")


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    return (one["kind"], one["pc"], one["hart"]) == (other["kind"], other["pc"], other["hart"])


def place(context: Context, address: int) -> str:
    """`0x1c008134 <inner+24>`"""
    label = context.session.symbols.name_of(address)
    return f"0x{address:08x} <{label}>" if label else f"0x{address:08x}"


def show_current(context: Context) -> str:
    """`#0  inner (n=3) at matmul.c:43`: the selected frame."""
    return f"#{context.session.frame_level}  {frame_head(context, context.session.selected)}"


def show_hart(context: Context) -> str:
    """`0x1c008134 in inner () at matmul.c:43`: where the current hart is."""
    frame = context.session.stack(1)[0]
    where = f" at {frame.line.short}" if frame.line else ""
    return f"0x{frame.pc:08x} in {frame.name} (){where}"


def show_frame(context: Context, *, with_source: bool) -> None:
    """The frame line, then the source line if there is one, then the next instruction."""
    session = context.session
    pc = session.pc
    row = session.symbols.row_at(pc)
    frame = session.stack(1)[0]
    head: Line = []
    if row is None or row.start != pc:
        head += [("address", f"0x{pc:08x}"), ("", " in ")]
    head += [("symbol", frame.name), ("", f" ({arguments_text(context, frame)})")]
    line = frame.line
    if line is not None:
        head.append(("", f" at {line.short}"))
    head.append(("faint", f"   [{hart_label(context, session.hart)}, cycle {count(session.cluster.cycle)}]"))
    lines = [head]
    if with_source and line is not None:
        text = session.symbols.source(line.file)
        if text is not None and 0 < line.line <= len(text):
            lines.append([("number", str(line.line)), ("", "\t" + text[line.line - 1])])
    lines.append(instruction_line(context, pc))
    state = session.current.state
    if state != "running":
        wait = session.current.wait
        lines.append(
            [("asleep", f"   {hart_label(context, session.hart)} is {state}{f': {wait}' if wait else ''}")]
        )
    context.emit(lines)


def instruction_line(context: Context, address: int, marker: str = "=> ") -> Line:
    session = context.session
    try:
        text = session.instruction(address).text
    except FlexdbgError:
        text = "<cannot be read>"
    return code_line(address, text, label=session.symbols.name_of(address), marker=marker)


def show_displays(context: Context) -> None:
    for display in context.displays:
        if not display.enabled:
            continue
        if (display.format and display.format[-1] in "is") or "/" in display.expression:
            context.execute(f"x/{display.format} {display.expression}")
            continue
        slash = f"/{display.format}" if display.format else ""
        try:
            value = context.session.evaluate(display.expression)
            text = value_text(context, value, split_format(f"/{display.format}")[0].letter)
        except (ExpressionError, FlexdbgError) as error:
            text = f"<{error}>"
        context.say(f"{display.number}: {slash}{' ' if slash else ''}{display.expression} = {text}")
