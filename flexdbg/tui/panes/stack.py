"""The call chain of the selected hart, the variables of the selected frame, and the words on the stack."""

from dataclasses import dataclass
from typing import Any

from flexdbg.commands.printing import variables_text
from flexdbg.debug.unwind import Frame
from flexdbg.errors import FlexdbgError, MemoryAccessError
from flexdbg.machine import registers
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane
from flexdbg.tui.snapshot import Snapshot

__all__ = ["PANE"]

_WORDS = 32


@dataclass(frozen=True, slots=True)
class Part:
    frames: tuple[Frame, ...]
    level: int  # of the selected frame
    variables: tuple[tuple[str, str], ...]  # name, value
    sp: int
    words: tuple[tuple[int, str], ...]  # value, symbol it points into


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session = gathering.session
    try:
        frames = tuple(session.stack(32))
    except FlexdbgError:
        frames = ()
    level = session.frame_level if session.frame_level < len(frames) else 0
    variables = _variables(gathering, frames[level]) if frames else ()
    sp = session.current.read(registers.SP)
    words = []
    for offset in range(0, 4 * _WORDS, 4):
        try:
            value = session.cluster.read_word((sp + offset) & 0xFFFF_FFFF)
        except MemoryAccessError:
            break
        symbol = session.symbols.function_at(value) if value & 1 == 0 else None
        words.append((value, session.symbols.name_of(value) if symbol else ""))
    return Part(frames, level, variables, sp, tuple(words))


def _variables(gathering: Gathering, frame: Frame) -> tuple[tuple[str, str], ...]:
    """Parameters and variables of a frame."""
    try:
        arguments = variables_text(gathering.context, frame, parameters=True)
        return (*arguments, *variables_text(gathering.context, frame, parameters=False))
    except FlexdbgError:
        return ()


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Frames, innermost first, the selected one's variables, then the words from sp upwards."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    lines: list[Line] = []
    clicks = {}
    for frame in part.frames:
        where = f" at {frame.line.short}" if frame.line else ""
        clicks[len(lines)] = f"@look 0x{frame.pc:x}"
        lines.append(
            [
                ("current" if frame.level == part.level else "number", f"#{frame.level:<2} "),
                ("address", f"{frame.pc:08x} "),
                ("symbol", frame.name),
                ("faint", where),
            ]
        )
    if part.variables:
        lines.append([("heading", f"variables of frame {part.level}" if part.level else "variables")])
        size = min(max(len(name) for name, _ in part.variables), width // 3)
        for name, text in part.variables:
            lines.append([("register", name.ljust(size)), ("", " "), ("number", text)])
    if not part.words:
        lines.append([("faint", f"sp is {part.sp:08x}: no stack there yet")])
        return Drawing(lines, [("", f"hart {snapshot.selected.name}")], clicks)
    lines.append([("heading", "words on the stack")])
    bases = {frame.cfa: frame.level for frame in part.frames}
    for index, (value, name) in enumerate(part.words):
        address = part.sp + 4 * index
        line: Line = [
            ("address", f"{address:08x} "),
            ("faint", f"sp+{4 * index:<4}"),
            ("number" if value else "faint", f"{value:08x} "),
            ("symbol", name),
        ]
        if address in bases:
            line.append(("faint", f"   end of frame {bases[address]}"))
        lines.append(line)
    return Drawing(lines, [("", f"hart {snapshot.selected.name}")], clicks)


PANE = Pane(
    "stack", "Stack", "=", "The call chain, variables of C, and the words on the stack.", draw, gather
)
