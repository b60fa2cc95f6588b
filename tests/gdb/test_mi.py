"""The machine interface, as editors use it, through pygdbmi."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flexdbg.gdb.script import gdb_script

from .mi import Editor


def test_a_session_as_an_editor_has_it(
    editor: Editor, kernel: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    server = serve(kernel("matmul-a8w4"))
    host, port = server.address
    editor.ask("-gdb-set mi-async off")
    editor.stop(f"-target-select remote {host}:{port}")
    assert editor.ask("-break-insert main")["bkpt"]["func"] == "main"
    stop = editor.stop("-exec-continue")
    assert stop["reason"] == "breakpoint-hit" and stop["frame"]["func"] == "main"
    threads = editor.ask("-thread-info")["threads"]
    assert {thread["name"] for thread in threads} == {*(f"hart {n}" for n in range(8)), "fc"}
    assert {thread["core"] for thread in threads} == {str(n) for n in range(9)}
    names = editor.ask("-data-list-register-names")["register-names"]
    assert {"nn_w0", "lpcount0", "cycle", "mstatus"} <= set(names)
    number = names.index("cycle")
    before = int(editor.ask(f"-data-list-register-values d {number}")["register-values"][0]["value"])
    assert editor.stop("-exec-step-instruction")["reason"] == "end-stepping-range"
    assert editor.stop("-exec-step-instruction --reverse")["reason"] in (
        "end-stepping-range",
        "breakpoint-hit",
    )
    after = int(editor.ask(f"-data-list-register-values d {number}")["register-values"][0]["value"])
    assert after == before
    memory = editor.ask("-data-read-memory-bytes 0x1c008080 4")["memory"][0]["contents"]
    assert memory == server.session.cluster.read_memory(0x1C008080, 4).hex()
    assert len(editor.ask("-data-disassemble -s $pc -e $pc+8 -- 0")["asm_insns"]) >= 2
    editor.ask("-break-delete")
    editor.ask("-target-detach")


def at_kernel(editor: Editor, address: tuple[str, int]) -> str:
    """Connect and run to the kernel; the thread that stopped there."""
    editor.ask("-gdb-set mi-async off")
    editor.stop("-target-select remote {}:{}".format(*address))
    editor.ask("-break-insert -t matmul_4x4_a8w4")
    return str(editor.stop("-exec-continue")["thread-id"])


def test_steps_the_selected_thread_back(
    editor: Editor, kernel: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    stopped = at_kernel(editor, serve(kernel("matmul-a8w4")).address)
    editor.ask("-thread-info")
    assert editor.stop("-exec-step-instruction --reverse")["thread-id"] == stopped
    for thread in ("6", "2"):
        editor.ask("-thread-info")
        editor.ask(f"-thread-select {thread}")
        assert editor.stop("-exec-step-instruction --reverse")["thread-id"] == thread


def test_with_the_script_threads_may_be_named_with_each_command(
    editor: Editor, kernel: Callable[..., Any], serve: Callable[..., Any], tmp_path: Path
) -> None:
    """Editors do not select: they look at the stacks of all threads, and step the one that they name."""
    script = tmp_path / "flexdbg-gdb.py"
    script.write_text(gdb_script("flexv"))
    editor.ask(f'-interpreter-exec console "source {script}"')
    stopped = at_kernel(editor, serve(kernel("matmul-a8w4")).address)
    for thread in ("4", stopped, "7"):
        for other in ("1", "7", "5"):
            editor.ask(f"-stack-list-frames --thread {other}")
        stop = editor.stop(f"-exec-step-instruction --thread {thread} --reverse")
        assert (stop["thread-id"], stop["reason"]) == (thread, "end-stepping-range")
