"""The commands around the stub: gdbserver, gdb, gdb-script, init."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .rsp import Rsp

Cli = Callable[..., Any]


def test_serves_a_unix_socket_once(tmp_path: Path) -> None:
    place, log = tmp_path / "socket", tmp_path / "log"
    command = [sys.executable, "-m", "flexdbg", "gdbserver", "hello", "--once"]
    server = subprocess.Popen(
        [*command, "--unix", str(place), "--log", str(log)], stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    assert f"target remote {place}" in server.stderr.readline()
    client = Rsp(place)
    assert client.ask(b"vCont;c") == b"W00"
    client.close()
    assert server.wait(20) == 0
    assert "1 <- vCont;c" in log.read_text()


def test_refuses_to_be_reached_by_others(cli: Cli) -> None:
    done = cli("gdbserver", "hello", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2 and "--expose" in done.stderr


def test_says_when_it_cannot_listen(cli: Cli, tmp_path: Path) -> None:
    done = cli("gdbserver", "hello", "--unix", str(tmp_path / "no" / "such" / "place"))
    assert done.returncode == 2 and "cannot listen on" in done.stderr


def test_starts_gdb_and_server_together(cli: Cli, tool: Callable[[str], str]) -> None:
    tool("gdb-multiarch")
    done = cli("gdb", "hello", "--batch", "-ex", "break main", "-ex", "continue", "-ex", "x/i $pc")
    assert "hit Breakpoint 1, main ()" in done.stdout
    assert done.returncode == 0


def test_names_a_missing_gdb(tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "flexdbg", "gdb", "hello"], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 2 and "apt install gdb-multiarch" in done.stderr


def test_writes_settings_for_vscode(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flexdbg", "init", "vscode", "hello"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    launch = json.loads((tmp_path / ".vscode" / "launch.json").read_text())["configurations"][0]
    task = json.loads((tmp_path / ".vscode" / "tasks.json").read_text())["tasks"][0]
    assert launch["preLaunchTask"] == task["label"]
    assert Path(launch["program"]).is_file()
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 2 and "--force" in again.stderr
