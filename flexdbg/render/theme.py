"""Semantic style classes; one meaning has one colour everywhere, and no colour carries meaning alone."""

__all__ = ["ANSI", "CLASSES", "PROMPT_TOOLKIT"]

# class -> (SGR code, prompt_toolkit style)
CLASSES: dict[str, tuple[str, str]] = {
    "address": ("34", "ansiblue"),
    "symbol": ("33", "ansiyellow"),
    "mnemonic": ("1", "bold"),
    "register": ("36", "ansicyan"),
    "number": ("35", "ansimagenta"),
    "comment": ("2", "italic"),
    "changed": ("1;33", "bold ansiyellow"),
    "current": ("1;32", "bold ansigreen"),
    "breakpoint": ("31", "ansired"),
    "conflict": ("1;31", "bold ansired"),
    "loop": ("36", "ansicyan"),
    "asleep": ("2", "ansibrightblack"),
    "error": ("31", "ansired"),
    "warning": ("33", "ansiyellow"),
    "heading": ("1", "bold"),
    "faint": ("2", "ansibrightblack"),
    "bar": ("32", "ansigreen"),
}

ANSI = {name: codes[0] for name, codes in CLASSES.items()}
PROMPT_TOOLKIT = {name: codes[1] for name, codes in CLASSES.items()}
