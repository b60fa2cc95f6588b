"""`flexdbg init vscode`: launch.json and tasks.json for the C/C++ extension (cppdbg) and a stock GDB."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flexdbg.errors import FlexdbgError
from flexdbg.gdb.launch import GDBS, find_gdb
from flexdbg.gdb.script import gdb_script

__all__ = ["write_settings"]

_PORT = 3333


def write_settings(root: Path, program: str, path: Path | None, *, force: bool) -> Iterator[Path]:
    """Write the files below `root`/.vscode, and yield their paths."""
    directory = root / ".vscode"
    files = {
        "launch.json": json.dumps(_launch(program, path), indent=4) + "\n",
        "tasks.json": json.dumps(_tasks(program), indent=4) + "\n",
        "flexdbg-gdb.py": gdb_script("flexv"),
    }
    if not force:
        for name in files:
            if (directory / name).exists():
                raise FlexdbgError(f"{directory / name} is there already: --force replaces it")
    try:
        directory.mkdir(exist_ok=True)
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
            yield directory / name
    except OSError as error:
        raise FlexdbgError(f"cannot write below {directory}: {error.strerror}") from error


def _launch(program: str, path: Path | None) -> dict[str, Any]:
    try:
        debugger = find_gdb()
    except FlexdbgError:
        debugger = GDBS[0]
    return {
        "version": "0.2.0",
        "configurations": [
            {
                "name": f"flexdbg: {program}",
                "type": "cppdbg",
                "request": "launch",
                "program": str(path) if path is not None else "",
                "cwd": "${workspaceFolder}",
                "MIMode": "gdb",
                "miDebuggerPath": debugger,
                "miDebuggerServerAddress": f"localhost:{_PORT}",
                "stopAtConnect": True,
                "externalConsole": False,
                "setupCommands": [
                    {"text": "-enable-pretty-printing", "ignoreFailures": True},
                    {"text": "source ${workspaceFolder}/.vscode/flexdbg-gdb.py"},
                ],
                "preLaunchTask": "flexdbg gdbserver",
            }
        ],
    }


def _tasks(program: str) -> dict[str, Any]:
    """The server as a background task: the editor goes on when the server says that it listens."""
    return {
        "version": "2.0.0",
        "tasks": [
            {
                "label": "flexdbg gdbserver",
                "type": "process",
                "command": sys.executable,
                "args": ["-m", "flexdbg", "gdbserver", program, "--port", str(_PORT), "--once"],
                "isBackground": True,
                "problemMatcher": {
                    "pattern": {"regexp": "^flexdbg: (.*)$", "message": 1},
                    "background": {
                        "activeOnStart": True,
                        "beginsPattern": "^$",
                        "endsPattern": "^listening on ",
                    },
                },
            }
        ],
    }
