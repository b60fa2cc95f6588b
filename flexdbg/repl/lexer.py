"""Colours of a command line while it is typed: commands, registers, numbers, symbols, strings."""

import re
from collections.abc import Callable

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import CommandError
from flexdbg.machine import registers
from flexdbg.render.text import Fragment, Line

__all__ = ["CommandLexer", "command_line"]

_PART = re.compile(
    r"(?P<comment>#.*)|(?P<string>\"[^\"]*\"?|'[^']*'?)|(?P<register>\$\w+)"
    r"|(?P<number>\b0[xX][0-9a-fA-F_]*|\b0b[01]+|\b\d[\d_,]*)|(?P<word>[A-Za-z_][\w.-]*)|(?P<rest>.)",
    re.DOTALL,
)


def command_line(interpreter: Interpreter, text: str) -> Line:
    """A command line as coloured fragments; a first word that is no command is an error."""
    if interpreter.collecting:
        return [("", text)]
    fragments: list[Fragment] = []
    first = True
    for match in _PART.finditer(text):
        kind, part = match.lastgroup or "", match[0]
        style = {"comment": "comment", "string": "symbol", "number": "number"}.get(kind, "")
        if kind == "word" and first:
            style = "mnemonic" if _is_command(interpreter, part) else "error"
            first = False
        elif kind == "register":
            variables = interpreter.context.session.scope.variables
            known = registers.find(part[1:]) is not None or part[1:] in variables or part[1:2] == "_"
            style = "register" if known else ""
        elif kind == "word":
            style = "symbol" if interpreter.context.session.symbols.find(part) else ""
        fragments.append((style, part))
    return fragments


def _is_command(interpreter: Interpreter, word: str) -> bool:
    try:
        interpreter.parse(word)
    except CommandError as error:
        return "Ambiguous" in str(error)  # may still become one
    return True


class CommandLexer(Lexer):
    """For prompt_toolkit; the classes are those of render/theme.py."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        def line(number: int) -> StyleAndTextTuples:
            found = command_line(self._interpreter, document.lines[number])
            return [(f"class:{style}" if style else "", text) for style, text in found]

        return line
