"""`flexdbg attach`: our own prompt on a served machine, beside another client."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

from .test_clients import SPIN, break_at

Cli = Callable[..., subprocess.CompletedProcess[str]]


def test_commands_run_on_the_served_machine(
    make_session: Callable[..., Any], serve: Callable[..., Any], cli: Cli
) -> None:
    server = serve(make_session(SPIN))
    port = str(server.address[1])
    result = cli("attach", port, "-ex", "stepi 4", "-ex", "print $a0", "--batch")
    assert (result.returncode, result.stderr) == (0, "")
    assert "$1 = 2" in result.stdout
    # A second prompt goes on where the first left the machine; lines may come from a pipe.
    again = cli("attach", f"127.0.0.1:{port}", input="print $a0\nquit\nprint 7\n")
    assert "= 2" in again.stdout and "= 7" not in again.stdout


def test_it_is_told_what_others_did(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    from flexdbg.gdb.remote import Remote

    server = serve(make_session(SPIN))
    said: list[str] = []
    remote = Remote(str(server.address[1]), said.append)
    remote.execute("print 1")
    other = server.connect()
    break_at(other, server.session, "start")
    other.ask(b"vCont;s:1;c")
    assert other.ask(b"vCont;c").startswith(b"T05")
    said.clear()
    remote.execute("print 2")
    text = "".join(said)
    assert "others moved the machine from cycle 0" in text and "breakpoint" in text
    assert text.rstrip().endswith("= 2")
    remote.close()


def test_interrupt_stops_what_another_client_runs(
    make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    from flexdbg.gdb.remote import Remote

    server = serve(make_session(SPIN))
    other = server.connect()
    other.send(b"vCont;c")
    remote = Remote(str(server.address[1]), lambda text: None)
    remote.execute("interrupt")
    assert other.answer().startswith(b"T02")
    remote.close()


def test_a_hart_stays_selected(make_session: Callable[..., Any], serve: Callable[..., Any], cli: Cli) -> None:
    server = serve(make_session(SPIN, harts=2))
    commands = ("-ex", "thread 2", "-ex", "print $_hart", "--batch")
    assert cli("attach", str(server.address[1]), *commands).stdout.rstrip().endswith("= 1")


def test_no_server(cli: Cli) -> None:
    for where in ("1", "127.0.0.1:1", "/nonexistent/socket", "99999"):
        result = cli("attach", where, "--batch")
        assert result.returncode == 2
        assert f"no server at {where}" in result.stderr and "Traceback" not in result.stderr
