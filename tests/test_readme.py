"""The console sessions in README.md are what the commands print.

FLEXDBG_UPDATE_README=1 python -m pytest tests/test_readme.py writes them anew.
"""

import os
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from flexdbg import Cluster, Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import FlexdbgError
from flexdbg.render.text import plain
from flexdbg.run import find_program

Cli = Callable[..., subprocess.CompletedProcess[str]]

BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
PROMPT = "(flexdbg) "


def test_sessions_in_the_readme_are_real(root: Path, cli: Cli) -> None:
    readme = root / "README.md"
    text = readme.read_text()
    renewed = BLOCK.sub(lambda match: f"```console\n{_replay(match[1], cli)}```\n", text)
    if os.environ.get("FLEXDBG_UPDATE_README"):
        readme.write_text(renewed)
    assert renewed == text


def test_the_readme_has_exactly_two_commands_and_ci_runs_the_second(root: Path) -> None:
    text = (root / "README.md").read_text()
    commands = [line.strip() for line in text.splitlines() if line.startswith("    python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("flexdbg run matmul-a8w4")
    assert commands[1].endswith("python -m pytest -n auto")
    assert "README.md" in (root / ".ci" / "run").read_text()


def _replay(block: str, cli: Cli) -> str:
    lines = block.splitlines()
    if any(line.startswith(PROMPT) for line in lines):
        return _session(lines)
    out = []
    for line in lines:
        if line.startswith("$ flexdbg "):
            done = cli(*shlex.split(line.removeprefix("$ flexdbg ")))
            shown = "".join(part.rstrip() + "\n" for part in (done.stdout + done.stderr).splitlines())
            out.append(f"{line}\n{shown}")
    return "".join(out)


def _session(lines: list[str]) -> str:
    """A debugger session: the first line opens it, each prompt line is a command."""
    program, _ = find_program(lines[0].removeprefix("$ flexdbg ").removeprefix("repl ").strip())
    session = Session(Cluster(), program)
    out = [lines[0]]
    interpreter = Interpreter(session, lambda shown: out.extend([plain(shown)] if shown else []))
    session.on_output = lambda output: out.extend(
        data.decode().rstrip("\n") for _, data in output if data.strip()
    )
    for line in lines:
        if not line.startswith(PROMPT):
            continue
        out.append(line)
        try:
            interpreter.execute_interactive(line.removeprefix(PROMPT))
        except FlexdbgError as error:
            out.append(str(error))
    return "\n".join(out) + "\n"
