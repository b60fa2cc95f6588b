"""C as our own debugger shows it, beside what a stock GDB shows of the same program at the same place."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import FlexdbgError
from flexdbg.machine.loader import load_program
from flexdbg.render.text import plain


@pytest.fixture
def data(root: Path) -> Path:
    return root / "tests" / "data" / "c"


def session(path: Path) -> Session:
    return Session(Cluster(ClusterConfig().changed({"harts": 1})), load_program(path))


def said_by_us(path: Path, commands: list[str]) -> list[str]:
    lines: list[str] = []
    interpreter = Interpreter(session(path), lambda more: lines.append(plain(more)))
    found = []
    for command in commands:
        lines.clear()
        try:
            interpreter.execute(command)
        except FlexdbgError as error:
            lines.append(str(error))
        found.append("\n".join(lines))
    return found


@pytest.fixture
def said_by_gdb(
    tool: Callable[[str], str], serve: Callable[..., Any], tmp_path: Path
) -> Callable[[Path, list[str]], list[str]]:
    program = tool("gdb-multiarch")

    def run(path: Path, commands: list[str]) -> list[str]:
        host, port = serve(session(path)).address
        settings = ("pagination off", "confirm off", "width 0", "print entry-values no")
        start = [f"set {one}" for one in settings]
        start += [f"directory {path.parent}", f"file {path}", f"target remote {host}:{port}"]
        arguments = []
        for command in start:
            arguments += ["-ex", command]
        for number, command in enumerate(commands):
            arguments += ["-ex", f"echo \\n@@{number}\\n", "-ex", command]
        arguments += ["-ex", f"echo \\n@@{len(commands)}\\n"]
        done = subprocess.run(
            [program, "-nx", "-batch", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        parts = re.split(r"^@@(\d+)\n", done.stdout, flags=re.MULTILINE)
        by_number = {int(number): text for number, text in zip(parts[1::2], parts[2::2], strict=True)}
        assert sorted(by_number) == list(range(len(commands) + 1)), done.stdout[-2000:]
        return [by_number[number] for number in range(len(commands))]

    return run


def normal(text: str) -> str:
    """Without what is ours on purpose: names of files without directories, hints, the mark of the pc."""
    text = re.sub(r"^\$\d+ = ", "$ = ", text, flags=re.MULTILINE)
    text = re.sub(r"Value returned is \$\d+ = ", "Value returned is $ = ", text)
    text = text.replace("tests/shapes.c", "shapes.c")
    text = re.sub(r"; did you mean .*\?", ".", text)
    text = re.sub(r"^(\d+)>\t", r"\1\t", text, flags=re.MULTILINE)
    text = text.replace("\n(More stack frames follow...)", "")
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip()


def commands_of(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("variant", ["O0", "dwarf2", "dwarf4"])
def test_values_and_types(variant: str, data: Path, said_by_gdb: Callable[..., list[str]]) -> None:
    program, commands = data / f"shapes-{variant}.elf", commands_of(data / "values.gdb")
    compare(commands, said_by_us(program, commands), said_by_gdb(program, commands))


@pytest.mark.parametrize("variant", ["O0", "Og", "O2", "dwarf2", "dwarf4"])
def test_frames_locals_and_returned_values(
    variant: str, data: Path, said_by_gdb: Callable[..., list[str]]
) -> None:
    program, marked = data / f"shapes-{variant}.elf", commands_of(data / "frames.gdb")
    commands = [command.removeprefix("!") for command in marked]
    compare(marked, said_by_us(program, commands), said_by_gdb(program, commands))


@pytest.mark.parametrize("variant", ["O0", "Og", "dwarf2"])
def test_a_recursion(variant: str, data: Path, said_by_gdb: Callable[..., list[str]]) -> None:
    program, marked = data / f"shapes-{variant}.elf", commands_of(data / "recursion.gdb")
    commands = [command.removeprefix("!") for command in marked]
    compare(marked, said_by_us(program, commands), said_by_gdb(program, commands))


@pytest.mark.parametrize("script", ["inlined", "break-inlined"])
@pytest.mark.parametrize("variant", ["O0", "Og"])
def test_inlined_calls(variant: str, script: str, data: Path, said_by_gdb: Callable[..., list[str]]) -> None:
    program, marked = data / f"shapes-{variant}.elf", commands_of(data / f"{script}.gdb")
    commands = [command.removeprefix("!") for command in marked]
    compare(marked, said_by_us(program, commands), said_by_gdb(program, commands))


def test_the_same_under_monitor(data: Path, said_by_gdb: Callable[..., list[str]]) -> None:
    commands = ["monitor break shapes.c:mix", "monitor continue", "monitor up", "monitor print local + 1"]
    said = said_by_gdb(data / "shapes-O0.elf", [*commands, "monitor info args", "monitor finish"])
    assert said[3].strip() == "$1 = 6"
    assert said[4].strip() == "No arguments."
    assert '"finish" not meaningful in the outermost frame.' in said[5]


def compare(commands: list[str], ours: list[str], theirs: list[str]) -> None:
    different = [
        f"{command}\n  we:  {normal(mine)}\n  gdb: {normal(other)}"
        for command, mine, other in zip(commands, ours, theirs, strict=True)
        if not command.startswith("!") and normal(mine) != normal(other)
    ]
    assert not different, "\n".join(different)
    # Most of it is about values: the programs ran where they were meant to.
    assert sum("No symbol table info" in text or "optimized out" in text for text in ours) < len(ours) / 3
