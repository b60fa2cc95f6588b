"""Colours of a command line while it is typed."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexdbg import Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.repl.lexer import command_line


@pytest.fixture(scope="module")
def interpreter(make_session: Callable[..., Session]) -> Interpreter:
    return Interpreter(make_session("main: nop\nj ."), lambda lines: None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("break main", [("mnemonic", "break"), ("", " "), ("symbol", "main")]),
        ("p $a0 + 0x1f", [("mnemonic", "p"), ("register", "$a0"), ("number", "0x1f")]),
        ("nonsense 5", [("error", "nonsense"), ("number", "5")]),
        ("print $nosuch", [("mnemonic", "print"), ("", "$nosuch")]),
        ('echo "two words" # why', [("mnemonic", "echo"), ("symbol", '"two words"'), ("comment", "# why")]),
        ("x/4i $pc", [("mnemonic", "x"), ("register", "$pc")]),
    ],
)
def test_colours(interpreter: Interpreter, text: str, expected: list[tuple[str, str]]) -> None:
    found = command_line(interpreter, text)
    assert [part for part in found if part in expected] == expected


@given(text=st.text(max_size=40))
def test_no_character_is_lost(interpreter: Interpreter, text: str) -> None:
    assert "".join(part for _, part in command_line(interpreter, text)) == text
