"""The call chain of the selected hart, and the words on its stack."""

from dataclasses import dataclass
from typing import Any

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
    sp: int
    words: tuple[tuple[int, str], ...]  # value, symbol it points into


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session = gathering.session
    try:
        frames = tuple(session.frames(32))
    except FlexdbgError:
        frames = ()
    sp = session.current.read(registers.SP)
    words = []
    for offset in range(0, 4 * _WORDS, 4):
        try:
            value = session.cluster.read_word((sp + offset) & 0xFFFF_FFFF)
        except MemoryAccessError:
            break
        symbol = session.symbols.function_at(value) if value & 1 == 0 else None
        words.append((value, session.symbols.name_of(value) if symbol else ""))
    return Part(frames, sp, tuple(words))


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Frames, innermost first, then the words from sp upwards."""
    if part is None:
        return Drawing([[("faint", "reading ...")]])
    lines: list[Line] = []
    clicks = {}
    for frame in part.frames:
        where = f" at {frame.line.short}" if frame.line else ""
        clicks[len(lines)] = f"@look 0x{frame.pc:x}"
        lines.append(
            [
                ("number", f"#{frame.level:<2} "),
                ("address", f"{frame.pc:08x} "),
                ("symbol", frame.name),
                ("faint", where),
            ]
        )
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


PANE = Pane("stack", "Stack", "=", "The call chain, and the words on the stack.", draw, gather)
