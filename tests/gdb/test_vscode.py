"""The settings that `flexdbg init vscode` writes, carried out as the C/C++ extension does.

The commands and their order are those of microsoft/MIEngine:src/MIDebugEngine/Engine.Impl/DebuggedProcess.cs
and src/MICore/CommandFactories/gdb.cs.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .mi import Editor

Settings = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def settings(tmp_path: Path, tool: Callable[[str], str]) -> Settings:
    """launch.json's configuration and its task, with the editor's variable filled in and a free port."""
    tool("gdb-multiarch")
    command = [sys.executable, "-m", "flexdbg", "init", "vscode", "matmul-a8w4"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    read = {}
    for name in ("launch", "tasks"):
        text = (tmp_path / ".vscode" / f"{name}.json").read_text()
        read[name] = json.loads(text.replace("${workspaceFolder}", str(tmp_path)).replace("3333", port))
    return read["launch"]["configurations"][0], read["tasks"]["tasks"][0]


@pytest.fixture
def server(settings: Settings) -> Iterator[None]:
    """The background task, from when its output says so."""
    launch, task = settings
    assert launch["preLaunchTask"] == task["label"]
    process = subprocess.Popen([task["command"], *task["args"]], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    ready = task["problemMatcher"]["background"]["endsPattern"].removeprefix("^")
    assert process.stderr.readline().startswith(ready)
    yield
    assert process.wait(20) == 0  # --once: the session has ended


@pytest.fixture
def session(settings: Settings, server: None) -> Iterator[Editor]:
    """Connected, as the extension does it."""
    launch, _ = settings
    assert (launch["type"], launch["MIMode"], launch["stopAtConnect"]) == ("cppdbg", "gdb", True)
    editor = Editor(launch["miDebuggerPath"])
    editor.ask("-gdb-set mi-async on")
    for command in launch["setupCommands"]:
        text = command["text"]
        editor.ask(text if text.startswith("-") else console(text))
    editor.ask(console("set pagination off"))
    editor.ask("-gdb-set stop-on-solib-events 1")
    editor.ask(f"-environment-cd {launch['cwd']}")
    editor.ask(f"-file-exec-and-symbols {launch['program']}")
    editor.ask(console("show architecture"))
    assert editor.ask("-break-insert main")["bkpt"]["number"] == "1"
    stop = editor.stop(f"-target-select remote {launch['miDebuggerServerAddress']}")
    assert "reason" not in stop and "file" in stop["frame"]
    yield editor
    editor.gdb.exit()


def console(text: str) -> str:
    return f'-interpreter-exec console "{text}"'


def select(editor: Editor, thread: str, frame: int = 0) -> None:
    editor.ask(f"-thread-select {thread}")
    editor.ask(f"-stack-select-frame {frame}")


def cycle(editor: Editor) -> int:
    return int(editor.ask('-data-evaluate-expression "$cycle"')["value"])


def test_a_session_of_the_cpp_extension(session: Editor) -> None:
    stop = session.stop("-exec-continue")
    assert (stop["reason"], stop["bkptno"], stop["frame"]["func"]) == ("breakpoint-hit", "1", "main")
    session.ask("-break-delete 1")
    threads = session.ask("-thread-info")["threads"]
    assert [thread["name"] for thread in threads] == [*(f"hart {n}" for n in range(8)), "fc"]
    # A breakpoint in the margin, with a condition; then the stacks and variables of a thread.
    here = session.ask('-break-insert -f -c "$lpcount0 < 20" matmul-a8w4.S:159')["bkpt"]
    stop = session.stop("-exec-continue")
    assert (stop["reason"], stop["bkptno"]) == ("breakpoint-hit", here["number"])
    session.ask(f"-break-delete {here['number']}")
    thread = stop["thread-id"]
    for other in ("1", "9", thread):
        session.ask(f"-thread-select {other}")
        frames = session.ask("-stack-list-frames 0 1000")["stack"]
        session.ask("-stack-info-depth 1000")
        session.ask(f"-stack-list-arguments 0 0 {len(frames) - 1}")
    assert frames[0]["func"] == "matmul_4x4_a8w4" and frames[1]["func"] == "multiply"
    select(session, thread, 1)
    assert "i" in {variable["name"] for variable in session.ask("-stack-list-variables 0")["variables"]}
    created = session.ask('-var-create - * "layer"')
    assert int(created["numchild"]) > 0
    session.ask(f'-var-list-children --simple-values "{created["name"]}" 0 1000')
    # Step, and back.
    select(session, thread)
    before = cycle(session)
    assert session.stop("-exec-step")["reason"] == "end-stepping-range"
    assert session.stop("-exec-next")["reason"] == "end-stepping-range"
    for _ in range(2):
        select(session, thread)
        stop = session.stop("-exec-next --reverse")
        assert (stop["reason"], stop["thread-id"]) == ("end-stepping-range", thread)
    assert cycle(session) == before
    # Registers, memory and disassembly windows, and a watch.
    names = session.ask("-data-list-register-names")["register-names"]
    rows = session.ask("-data-list-register-values x")["register-values"]
    assert len(rows) >= sum(1 for name in names if name) > 100
    assert session.ask("-data-disassemble -s $pc -e $pc+8 -- 2")["asm_insns"][0]["inst"].startswith(
        "pv.mlsdot"
    )
    session.ask("-break-watch *(int*)(0x1000d800)")
    stop = session.stop("-exec-continue --reverse")
    assert stop["reason"] == "watchpoint-trigger" and stop["value"]["new"] == "0"
    session.ask("-break-delete 3")
    # The debug console.
    session.ask(console("flexv goto 30000"))
    assert cycle(session) == 30_000


def test_pause(editor: Editor, make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    session = make_session("start:\n  addi a0, a0, 1\n  j start\n", harts=2)
    editor.ask("-gdb-set mi-async on")
    editor.stop("-target-select remote {}:{}".format(*serve(session).address))
    editor.ask("-exec-continue")
    stop = editor.stop("-exec-interrupt")
    assert (stop["reason"], stop["signal-name"]) == ("signal-received", "SIGINT")


def test_the_end_of_the_program_ends_the_session(session: Editor) -> None:
    session.ask("-break-delete 1")
    assert session.stop("-exec-continue")["reason"] == "exited-normally"
