"""Long commands of one client: others are answered meanwhile, interrupts are heard, nobody times out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from .mi import Editor
from .rsp import Rsp, parse_stop
from .test_clients import SPIN, break_at

LONG = 6_000_000  # cycles: a search through them takes most of a second
GDB_TIMEOUT = 2.0


@pytest.fixture
def long_run(make_session: Callable[..., Any], serve: Callable[..., Any]) -> Any:
    """A server whose machine has run for long."""
    server = serve(make_session(SPIN + "never:\n  nop\n", harts=8))
    server.session.cluster.run(LONG)
    return server


def start_search(server: Any) -> Rsp:
    """A client that searches back through all of the run, for a breakpoint that is never met."""
    client = server.connect()
    break_at(client, server.session, "never")
    client.send(b"bc")
    return client


def test_others_are_answered_while_one_searches_back(long_run: Any) -> None:
    waiter, other = long_run.connect(), long_run.connect()
    searcher = start_search(long_run)
    waiter.send(b"vCont;c")  # waits with the search
    assert other.ask(b"bc") == b"E01"
    assert other.register(10) > 0
    assert "waits for a stop" in other.monitor("clients")
    assert parse_stop(searcher.answer())["replaylog"] == "begin"
    assert parse_stop(waiter.answer())["replaylog"] == "begin"
    assert long_run.session.cluster.cycle == 0


def test_a_search_back_is_interrupted_at_once(long_run: Any) -> None:
    now = long_run.session.cluster.cycle
    digest = long_run.session.cluster.state_digest()
    searcher = start_search(long_run)
    time.sleep(0.2)
    searcher.raw(b"\x03")
    began = time.perf_counter()
    assert parse_stop(searcher.answer())["signal"] == "02"
    assert time.perf_counter() - began < 1
    assert (long_run.session.cluster.cycle, long_run.session.cluster.state_digest()) == (now, digest)
    other = start_search(long_run)
    other.raw(b"\x03")
    assert parse_stop(other.answer())["signal"] == "02"


def test_whoever_searches_may_go_away(long_run: Any) -> None:
    start_search(long_run).close()
    other = long_run.connect()
    while "client 1" in other.monitor("clients"):
        pass
    assert parse_stop(other.ask(b"vCont;s:1;c"))["kind"] == "T"


@pytest.mark.parametrize("command", ["continue", "reverse-continue"])
def test_others_are_answered_during_a_monitor_command(long_run: Any, command: str) -> None:
    one, waiter, other = long_run.connect(), long_run.connect(), long_run.connect()
    one.monitor("break never")
    one.send(b"qRcmd," + command.encode().hex().encode())
    time.sleep(0.05)
    waiter.send(b"vCont;c")
    assert other.ask(b"qRcmd,77") == b"E10"
    assert other.ask(b"vRun;") == b"E10"
    assert other.register(10) > 0
    if command == "continue":
        other.raw(b"\x03")  # anybody may interrupt
    assert one.answer() == b"OK"
    assert parse_stop(waiter.answer())["kind"] == "T"
    assert other.ask(b"qC").startswith(b"QC")


def test_a_long_command_tells_that_there_is_more_to_come(
    make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """`goto` runs in one piece; GDB gives up after two seconds without a packet."""
    client = serve(make_session(SPIN, harts=8)).connect()
    client.send(b"qRcmd," + b"goto 15000000".hex().encode())
    gaps = []
    while True:
        began = time.perf_counter()
        payload = client.packet()
        gaps.append(time.perf_counter() - began)
        if payload == b"OK":
            break
        assert payload.startswith(b"O")
    assert max(gaps) < GDB_TIMEOUT
    assert sum(gaps) < 1 or len(gaps) > 2


def test_a_run_to_a_far_cycle_answers_in_time(
    make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    server = serve(make_session(SPIN, harts=8))
    client = server.connect()
    assert client.ask(b"!") == b"OK"
    began = time.perf_counter()
    assert client.ask(b"vRun;;" + b"cycle:1000000000".hex().encode()).startswith(b"T05")
    assert time.perf_counter() - began < GDB_TIMEOUT
    assert "`monitor goto 1000000000` goes on" in client.monitor("when")
    assert 0 < server.session.cluster.cycle < 1_000_000_000


def test_gdb_interrupts_a_search_back(
    editor: Editor, make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    session = make_session(SPIN + "never:\n  nop\n", harts=8)
    server = serve(session)
    session.cluster.run(3 * LONG)
    now = session.cluster.cycle
    editor.ask("-gdb-set mi-async on")
    editor.stop("-target-select remote {}:{}".format(*server.address))
    editor.ask(f"-break-insert *{session.symbols.find('never').address}")
    editor.ask("-exec-continue --reverse")
    stop = editor.stop("-exec-interrupt")
    assert (stop["reason"], stop["signal-name"]) == ("signal-received", "SIGINT")
    assert session.cluster.cycle == now
