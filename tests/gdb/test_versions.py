"""Other versions of GDB than Debian's: the same session with each, and the debug adapter protocol.

GDB has that from version 14 on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .gdbrun import run_script

TOUR = """
info threads
break matmul-a8w4.S:159 thread 4 if $lpcount0 < 20
continue
x/i $pc
print $nn_w0
stepi
reverse-stepi
info registers mpc
flexv mlc
delete
watch *(int *)0x1000d800
reverse-continue
print $cycle
delete
call (void *)memset((void *)0x1001e000, 0x5a, 6)
x/xw 0x1001e000
monitor stop-at-exit on
continue
reverse-stepi
continue
"""


def new_gdb() -> str:
    """The GDB that the test dependencies bring."""
    return str(Path(sysconfig.get_path("scripts")) / "gdb")


@pytest.fixture(params=["gdb-multiarch", new_gdb()], ids=["debian", "new"])
def any_gdb(request: pytest.FixtureRequest, tool: Callable[[str], str]) -> str:
    return tool(request.param)


def test_a_session_with_each_version(
    any_gdb: str, kernel: Callable[..., Any], serve: Callable[..., Any], tmp_path: Path
) -> None:
    server = serve(kernel("matmul-a8w4"))
    said = run_script(any_gdb, server.address, TOUR, tmp_path, before="", script=True)
    assert 'Thread 4 "hart 3" hit Breakpoint 1, matmul_4x4_a8w4 ()' in said
    assert re.search(r"=> 0x1c0085f0 <matmul_4x4_a8w4\+\d+>:\tpv.mlsdotsup.v\tt3, zero, 0", said)
    assert re.search(r"^\$1 = 0x[0-9a-f]{8} i8 \{.*\}  i4 \{.*\}$", said, re.MULTILINE)
    assert "walker       next load" in said and re.search(
        r"simd_fmt +0x[0-9a-f]+ +a8w4|simd_fmt .*a8w4", said
    )
    assert "Hardware watchpoint 2: *(int *)0x1000d800" in said
    assert re.search(r"0x1001e000.*:\t0x5a5a5a5a", said)
    assert said.count("[the program has exited with status 0") == 2
    assert "internal-error" not in said and "Traceback" not in said and "Python Exception" not in said


class Adapter:
    """A GDB that speaks the debug adapter protocol on its standard streams."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [program, "-nx", "-i=dap"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._number = 0
        self._seen: list[dict[str, Any]] = []

    def send(self, command: str, **arguments: Any) -> int:
        self._number += 1
        message = {"seq": self._number, "type": "request", "command": command, "arguments": arguments}
        data = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self.process.stdin.flush()
        return self._number

    def ask(self, command: str, **arguments: Any) -> dict[str, Any]:
        return self.answer(self.send(command, **arguments))

    def answer(self, number: int) -> dict[str, Any]:
        message = self._await(lambda m: m.get("request_seq") == number)
        assert message["success"], message
        return message.get("body") or {}

    def event(self, name: str) -> dict[str, Any]:
        return self._await(lambda m: m.get("event") == name).get("body") or {}

    def _await(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for _ in range(1000):
            for message in self._seen:
                if wanted(message):
                    self._seen.remove(message)
                    return message
            self._seen.append(self._read())
        raise AssertionError(f"no answer in {self._seen[-5:]}")

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            assert line, "GDB has ended"
            length = int(line.rpartition(b":")[2])
        return dict(json.loads(self.process.stdout.read(length)))


@pytest.fixture
def adapter(tool: Callable[[str], str]) -> Iterator[Adapter]:
    adapter = Adapter(tool(new_gdb()))
    yield adapter
    adapter.process.kill()
    adapter.process.wait()


def test_a_session_of_the_debug_adapter_protocol(
    adapter: Adapter, kernel: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    server = serve(kernel("matmul-a8w4"))
    adapter.ask("initialize", adapterID="gdb", linesStartAt1=True)
    program = str(server.session.program.path)
    attach = adapter.send("attach", program=program, target="{}:{}".format(*server.address))
    adapter.event("initialized")
    adapter.ask("setFunctionBreakpoints", breakpoints=[{"name": "matmul_4x4_a8w4"}])
    adapter.ask("configurationDone")
    adapter.answer(attach)
    adapter.event("stopped")
    adapter.ask("continue", threadId=9)
    stop = adapter.event("stopped")
    while stop.get("reason") != "breakpoint":
        stop = adapter.event("stopped")
    threads = adapter.ask("threads")["threads"]
    assert [thread["name"] for thread in threads] == [*(f"hart {n}" for n in range(8)), "fc"]
    thread = stop["threadId"]
    frames = adapter.ask("stackTrace", threadId=thread)["stackFrames"]
    assert frames[0]["name"] == "matmul_4x4_a8w4"
    scopes = adapter.ask("scopes", frameId=frames[0]["id"])["scopes"]
    registers = next(scope for scope in scopes if scope["name"] == "Registers")
    names = {
        row["name"]
        for row in adapter.ask("variables", variablesReference=registers["variablesReference"])["variables"]
    }
    assert {"a0", "nn_w0", "simd_fmt"} <= names
    adapter.ask("stepIn", threadId=thread, granularity="instruction")
    assert adapter.event("stopped")["reason"] == "step"
    said = adapter.ask("evaluate", expression="monitor when", context="repl")["result"]
    assert said.startswith("Cycle ")
    adapter.ask("disconnect")
