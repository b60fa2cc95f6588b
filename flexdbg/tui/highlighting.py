"""Colours of the command line, where unknown commands stand out, and of source lines."""

from collections.abc import Callable
from functools import lru_cache

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from flexdbg.commands.registry import commands
from flexdbg.errors import CommandError
from flexdbg.render.assembly import highlight
from flexdbg.render.text import Line

__all__ = ["CommandLexer", "command_line", "source_line"]


@lru_cache(maxsize=1 << 13)
def _source(text: str) -> tuple[tuple[str, str], ...]:
    from pygments.lexers.c_cpp import CLexer
    from pygments.token import Comment, Keyword, Number, String

    classes = ((Comment, "comment"), (Keyword, "mnemonic"), (String, "symbol"), (Number, "number"))
    lead = text[: len(text) - len(text.lstrip())]
    found = [("source", lead)]
    for kind, part in CLexer(stripnl=False, ensurenl=False).get_tokens(text[len(lead) :]):
        found.append((next((style for token, style in classes if kind in token), "source"), part))
    return tuple(found)


def source_line(text: str) -> Line:
    """One line of C by itself; a comment over several lines is only known where it begins."""
    return list(_source(text))


def command_line(text: str) -> Line:
    """A command line in pieces: the command, then its arguments as assembly text is coloured."""
    start = len(text) - len(text.lstrip())
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] in "-_"):
        end += 1
    name, rest = text[start:end], text[end:]
    try:
        commands.find(name)
        style = "mnemonic"
    except CommandError:
        style = "" if any(known.startswith(name) for known in commands.names()) else "error"
    arguments = [("symbol" if s == "mnemonic" else s, t) for s, t in highlight(rest)]
    return [("", text[:start]), (style, name), *arguments]


class CommandLexer(Lexer):
    """Colours one line as the user types it."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        def line(number: int) -> StyleAndTextTuples:
            parts = command_line(document.lines[number]) if number < len(document.lines) else []
            return [(f"class:{style}" if style else "", text) for style, text in parts]

        return line
