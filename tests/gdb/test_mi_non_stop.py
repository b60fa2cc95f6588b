"""Non-stop mode with a real GDB: harts stop and go one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .mi import Editor


def stopped(editor: Editor, thread: str) -> dict[str, Any]:
    """The next stop of a thread."""
    return editor.notified("stopped", lambda payload: payload["thread-id"] == thread)


def states(editor: Editor) -> dict[str, str]:
    return {thread["id"]: thread["state"] for thread in editor.ask("-thread-info")["threads"]}


def test_harts_stop_and_go_one_by_one(
    editor: Editor, kernel: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """GDB 13 to 18 fail when they hear of several stops while they connect."""
    editor.ask("-gdb-set mi-async on")
    editor.ask("-gdb-set non-stop on")
    editor.ask("-target-select remote {}:{}".format(*serve(kernel("matmul-a8w4")).address))
    everyone = [str(number) for number in range(1, 10)]
    for thread in everyone:
        stopped(editor, thread)
    assert set(states(editor).values()) == {"stopped"}
    number = editor.ask("-break-insert -p 3 matmul_4x4_a8w4")["bkpt"]["number"]
    editor.ask("-exec-continue --all")
    stop = stopped(editor, "3")
    assert (stop["reason"], stop["bkptno"]) == ("breakpoint-hit", number)
    running = states(editor)
    assert running.pop("3") == "stopped" and set(running.values()) == {"running"}
    editor.ask("-exec-step-instruction --thread 3")
    assert stopped(editor, "3")["reason"] == "end-stepping-range"
    editor.ask("-exec-interrupt --all")
    for thread in everyone:
        if thread != "3":
            assert stopped(editor, thread)["reason"] == "signal-received"
    assert set(states(editor).values()) == {"stopped"}
    pc = editor.ask('-data-evaluate-expression --thread 5 --frame 0 "$pc"')["value"]
    editor.ask("-exec-step-instruction --thread 2")
    stopped(editor, "2")
    assert editor.ask('-data-evaluate-expression --thread 5 --frame 0 "$pc"')["value"] == pc
    editor.ask("-break-delete")
    editor.ask("-target-detach")
