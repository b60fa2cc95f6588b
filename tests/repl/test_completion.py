"""Completion by what stands before the cursor."""

from collections.abc import Callable

import pytest

from flexdbg import Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.repl.completer import candidates


@pytest.fixture(scope="module")
def interpreter(make_session: Callable[..., Session]) -> Interpreter:
    symbols = {"table": (0x10000400, 16, "object"), "main": (0x1C008080, 8, "func")}
    made = Interpreter(make_session("nop\nj .", symbols=symbols), lambda lines: None)
    made.execute("break main")
    made.execute("alias unalike = print")
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("br", {"break"}),
        ("info thr", {"threads"}),
        ("info registers mst", {"mstatus"}),
        ("print $nn_w", {"$nn_w0", "$nn_w1", "$nn_w2", "$nn_w3"}),
        ("print *tab", {"table"}),
        ("x/4xw tab", {"table"}),
        ("break ma", {"main"}),
        ("delete ", {"1"}),
        ("set list", {"listsize"}),
        ("help disas", {"disassemble"}),
        ("thread apply all print $simd", {"$simd_fmt"}),
        ("info csr simd", {"simd_fmt"}),
        ("explain pv.sdotsp.sci.", {"pv.sdotsp.sci.b", "pv.sdotsp.sci.h", "pv.sdotsp.sci.v"}),
        ("explain ma", {"main"}),
        ("learn tiling", {"tiling"}),
        ("learn so", {"solution"}),
        ("unali", {"unalike"}),
        ("unalike $nn_a", {"$nn_a0", "$nn_a1"}),
        ("nosuch ", set()),
    ],
)
def test_candidates(interpreter: Interpreter, text: str, expected: set[str]) -> None:
    assert {word for word, _ in candidates(interpreter, text)} == expected


def test_files(interpreter: Interpreter, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("files")
    (directory / "kernel.elf").touch()
    (directory / "kernels").mkdir()
    found = {word for word, _ in candidates(interpreter, f"file {directory}/ker")}
    assert found == {"kernel.elf", "kernels/"}
