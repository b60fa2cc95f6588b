"""`save-screen`: the screen as SVG, HTML or text, by rich."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from flexdbg.errors import CommandError
from flexdbg.render.text import Line, plain

__all__ = ["save_screen"]

_BACKGROUND = {"dark": "#121212", "safe": "#121212", "light": "#ffffff", "none": "#ffffff"}


def save_screen(path: str, lines: Sequence[Line], styles: Mapping[str, str], theme: str, title: str) -> None:
    """Write the lines; the ending of the path chooses the format."""
    kind = Path(path).suffix.lower()
    if kind not in (".svg", ".html", ".txt"):
        raise CommandError(f"save-screen {path or '?'}: the name must end in .svg, .html or .txt")
    if kind == ".txt":
        text = plain(lines) + "\n"
    else:
        text = _rich(kind, lines, styles, theme, title)
    try:
        Path(path).expanduser().write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from error


def _rich(kind: str, lines: Sequence[Line], styles: Mapping[str, str], theme: str, title: str) -> str:
    from rich.console import Console
    from rich.style import Style
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    width = max((sum(len(text) for _, text in line) for line in lines), default=80)
    console = Console(
        record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    known = {name: Style.parse(_rich_style(style)) for name, style in styles.items()}
    for line in lines:
        text = Text(no_wrap=True, end="")
        for name, part in line:
            text.append(part, known.get(name))
        console.print(text, soft_wrap=True)
    back = _BACKGROUND.get(theme, "#121212")
    front = "#d0d0d0" if back == "#121212" else "#1c1c1c"

    def rgb(colour: str) -> tuple[int, int, int]:
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

    colours = TerminalTheme(rgb(back), rgb(front), [rgb(front)] * 8)
    if kind == ".svg":
        return console.export_svg(title=title, theme=colours)
    return console.export_html(theme=colours, inline_styles=True)


def _rich_style(style: str) -> str:
    """prompt_toolkit's words to rich's."""
    words = []
    for word in style.split():
        words.append(f"on {word[3:]}" if word.startswith("bg:") else word)
    return " ".join(words) or "none"
