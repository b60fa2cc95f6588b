"""The console output in docs/first-macload-kernel.md is what the commands print.

FLEXDBG_UPDATE_README=1 python -m pytest tests/new writes it anew.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)


def test_console_output_of_the_page_is_real(root: Path, tool: Callable[[str], str], tmp_path: Path) -> None:
    tool("make")
    tool("riscv64-unknown-elf-gcc")
    commands = tmp_path / "bin"
    commands.mkdir()
    flexdbg = commands / "flexdbg"
    flexdbg.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flexdbg "$@"\n')
    flexdbg.chmod(0o755)

    def replay(match: re.Match[str]) -> str:
        shown = []
        for line in match[1].splitlines():
            if line.startswith("$ "):
                environment = {**os.environ, "NO_COLOR": "1", "PATH": f"{commands}:{os.environ['PATH']}"}
                done = subprocess.run(
                    line[2:],
                    shell=True,
                    cwd=tmp_path,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                )
                shown += [line, *(part.rstrip() for part in done.stdout.splitlines())]
        return "```console\n" + "".join(f"{line}\n" for line in shown) + "```\n"

    page = root / "docs" / "first-macload-kernel.md"
    text = page.read_text(encoding="utf-8")
    renewed = BLOCK.sub(replay, text)
    if os.environ.get("FLEXDBG_UPDATE_README"):
        page.write_text(renewed, encoding="utf-8")
    assert renewed == text
