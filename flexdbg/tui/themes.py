"""Colours of the full screen: one meaning, one style class; a theme gives every class a style.

Styles are prompt_toolkit's. No colour carries meaning alone: each goes with a glyph, a letter or a place.
The colour-blind safe theme uses the palette of Okabe and Ito (https://jfly.uni-koeln.de/color/).
"""

from collections.abc import Mapping

__all__ = ["HART_STYLES", "THEMES", "hart_style", "style_of"]

HART_STYLES = 8


def hart_style(hart: int) -> str:
    """The class of a hart's colour; they repeat after eight."""
    return f"hart{hart % HART_STYLES}"


def _harts(*colours: str) -> dict[str, str]:
    return {f"hart{n}": colour for n, colour in enumerate(colours)}


_PLAIN: dict[str, str] = {
    "": "",
    "address": "",
    "symbol": "",
    "mnemonic": "bold",
    "register": "",
    "number": "",
    "comment": "italic",
    "changed": "bold underline",
    "current": "reverse",
    "breakpoint": "bold",
    "conflict": "bold reverse",
    "loop": "",
    "asleep": "",
    "error": "bold",
    "warning": "bold",
    "heading": "bold",
    "faint": "",
    "bar": "",
    "frame": "",
    "title": "bold",
    "focus": "bold reverse",
    "tab": "",
    "status": "reverse",
    "stopped": "reverse bold",
    "running": "reverse bold",
    "cursor": "underline",
    "key": "bold",
    "prompt": "bold",
    "source": "",
    "issue": "",
    "stall": "bold",
    "memory": "",
    "depend": "",
    "fetch": "",
    "sync": "",
    "off": "",
    **_harts(*[""] * HART_STYLES),
}

_DARK = {
    **_PLAIN,
    "address": "#5f87d7",
    "symbol": "#d7af5f",
    "mnemonic": "bold #e4e4e4",
    "register": "#5fafaf",
    "number": "#af87d7",
    "comment": "italic #8a8a8a",
    "changed": "bold #ffd75f",
    "current": "bold #ffffff bg:#005f5f",
    "breakpoint": "bold #ff5f5f",
    "conflict": "bold #ffffff bg:#af0000",
    "loop": "#5fafff",
    "asleep": "#808080",
    "error": "bold #ff5f5f",
    "warning": "#ffaf5f",
    "heading": "bold #d0d0d0",
    "faint": "#808080",
    "bar": "#5faf5f",
    "frame": "#585858",
    "title": "bold #afafaf",
    "focus": "bold #000000 bg:#87afd7",
    "tab": "#808080",
    "status": "#d0d0d0 bg:#303030",
    "stopped": "bold #000000 bg:#ffaf5f",
    "running": "bold #000000 bg:#5faf5f",
    "cursor": "bg:#3a3a3a",
    "key": "bold #87afd7",
    "prompt": "bold #87afd7",
    "source": "#9e9e9e",
    "issue": "#5faf5f",
    "stall": "#ff875f",
    "memory": "#d75f5f",
    "depend": "#d7af5f",
    "fetch": "#af87d7",
    "sync": "#5f87af",
    "off": "#4e4e4e",
    **_harts("#5fafff", "#ffaf5f", "#87d787", "#ff87af", "#d7d75f", "#af87ff", "#5fd7d7", "#d7875f"),
}

_LIGHT = {
    **_PLAIN,
    "address": "#005faf",
    "symbol": "#875f00",
    "mnemonic": "bold #000000",
    "register": "#006f6f",
    "number": "#5f00af",
    "comment": "italic #6c6c6c",
    "changed": "bold #af5f00",
    "current": "bold #000000 bg:#afd7d7",
    "breakpoint": "bold #d70000",
    "conflict": "bold #ffffff bg:#d70000",
    "loop": "#005fd7",
    "asleep": "#6c6c6c",
    "error": "bold #d70000",
    "warning": "#af5f00",
    "heading": "bold #303030",
    "faint": "#767676",
    "bar": "#008700",
    "frame": "#b2b2b2",
    "title": "bold #4e4e4e",
    "focus": "bold #ffffff bg:#005f87",
    "tab": "#767676",
    "status": "#303030 bg:#dadada",
    "stopped": "bold #000000 bg:#ffaf5f",
    "running": "bold #ffffff bg:#008700",
    "cursor": "bg:#e4e4e4",
    "key": "bold #005f87",
    "prompt": "bold #005f87",
    "source": "#585858",
    "issue": "#008700",
    "stall": "#d75f00",
    "memory": "#d70000",
    "depend": "#af8700",
    "fetch": "#8700af",
    "sync": "#005f87",
    "off": "#bcbcbc",
    **_harts("#005fd7", "#af5f00", "#008700", "#d70087", "#878700", "#5f00d7", "#008787", "#875f5f"),
}

# Okabe-Ito: orange #e69f00, sky blue #56b4e9, bluish green #009e73, yellow #f0e442, blue #0072b2, vermillion
# #d55e00, reddish purple #cc79a7, black. The blue is lightened, so that it can be read on black.
_SAFE = {
    **_DARK,
    "address": "#56b4e9",
    "symbol": "#e69f00",
    "register": "#56b4e9",
    "number": "#cc79a7",
    "changed": "bold #f0e442",
    "current": "bold #000000 bg:#56b4e9",
    "breakpoint": "bold #d55e00",
    "conflict": "bold #000000 bg:#d55e00",
    "loop": "#56b4e9",
    "error": "bold #d55e00",
    "warning": "#e69f00",
    "bar": "#009e73",
    "running": "bold #000000 bg:#009e73",
    "stopped": "bold #000000 bg:#e69f00",
    "issue": "#009e73",
    "stall": "#d55e00",
    "memory": "#d55e00",
    "depend": "#f0e442",
    "fetch": "#cc79a7",
    "sync": "#4b9cd3",
    **_harts("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#4b9cd3", "#d55e00", "#e4e4e4"),
}

THEMES: Mapping[str, Mapping[str, str]] = {"dark": _DARK, "light": _LIGHT, "safe": _SAFE, "none": _PLAIN}


def style_of(theme: str) -> Mapping[str, str]:
    """Class to style of a theme, the dark one for an unknown name."""
    return THEMES.get(theme, _DARK)
