"""Non-stop mode, several clients at once, interrupts under load, lost connections, time travel in large
numbers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from .rsp import Rsp, parse_stop

SPIN = """
start:
  addi a0, a0, 1
  addi a1, a1, 1
  j start
"""

APART = """
start:
  csrr a0, mhartid
  andi a0, a0, 15
  beqz a0, first
second:
  addi a1, a1, 1
  j second
first:
  addi a2, a2, 1
here:
  addi a2, a2, 1
  j first
"""


def break_at(client: Rsp, session: Any, label: str) -> int:
    address = session.symbols.find(label).address
    assert client.ask(b"Z0,%x,2" % address) == b"OK"
    return int(address)


def test_non_stop(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    server = serve(make_session(APART, harts=2))
    client = server.connect()
    client.ask(b"qSupported:swbreak+")
    assert client.ask(b"QNonStop:1") == b"OK"
    first = parse_stop(client.ask(b"?"))
    assert first["thread"] == "1"
    assert client.ask(b"vStopped") == b"OK"
    # The others when GDB has set itself up.
    assert client.ask(b"qSymbol::") == b"OK"
    assert parse_stop(client.notification().removeprefix(b"Stop:"))["thread"] == "2"
    assert client.ask(b"vStopped") == b"OK"
    break_at(client, server.session, "here")
    assert client.ask(b"vCont;c") == b"OK"
    stop = parse_stop(client.notification().removeprefix(b"Stop:"))
    assert (stop["thread"], "swbreak" in stop) == ("1", True)
    assert client.ask(b"vStopped") == b"OK"
    # Hart 1 runs on while hart 0 stands.
    client.ask(b"Hg1")
    standing = client.register(32)
    client.ask(b"Hg2")
    counts = [client.register(11)]
    while counts[-1] == counts[0]:
        counts.append(client.register(11))
    client.ask(b"Hg1")
    assert client.register(32) == standing
    # The other way round: hart 1 stands, hart 0 steps.
    assert client.ask(b"vCont;t:2") == b"OK"
    stop = parse_stop(client.notification().removeprefix(b"Stop:"))
    assert (stop["thread"], stop["signal"]) == ("2", "00")
    assert client.ask(b"vStopped") == b"OK"
    client.ask(b"Hg2")
    counts = [client.register(11)]
    assert client.ask(b"vCont;s:1") == b"OK"
    assert parse_stop(client.notification().removeprefix(b"Stop:"))["thread"] == "1"
    assert client.ask(b"vStopped") == b"OK"
    assert client.register(11) == counts[0]
    client.ask(b"Hg1")
    assert client.register(32) != standing


def test_two_clients_see_each_others_stops(
    make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    server = serve(make_session(APART, harts=2))
    one, two = server.connect(), server.connect()
    for client in (one, two):
        client.ask(b"qSupported:swbreak+")
    two.send(b"vCont;c")
    time.sleep(0.05)
    # The machine runs for the second client; the first looks at it, then joins.
    assert "waits for a stop" in one.monitor("clients")
    break_at(one, server.session, "here")
    one.send(b"vCont;c")
    mine, theirs = parse_stop(one.answer()), parse_stop(two.answer())
    assert mine["thread"] == theirs["thread"] == "1"
    assert "swbreak" in mine and "swbreak" not in theirs
    assert "breakpoint of another client" in two.output
    one.ask(b"vCont;s:1;c")
    two.ask(b"vCont;s:1;c")
    assert "others moved the machine" in two.output
    one.close()
    while "client 1" in two.monitor("clients"):
        pass
    two.send(b"vCont;c")  # the breakpoint of the first has gone with it
    time.sleep(0.05)
    two.raw(b"\x03")
    assert parse_stop(two.answer())["signal"] == "02"


def test_interrupts_are_answered_at_once(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    client = serve(make_session(SPIN, harts=8)).connect()
    took = []
    for _ in range(5):
        client.send(b"vCont;c")
        time.sleep(0.1)
        began = time.perf_counter()
        client.raw(b"\x03")
        assert parse_stop(client.answer())["signal"] == "02"
        took.append(time.perf_counter() - began)
    assert min(took) < 0.1


def test_interrupts_a_monitor_command(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    client = serve(make_session(SPIN, harts=8)).connect()
    client.send(b"qRcmd," + b"continue".hex().encode())
    time.sleep(0.2)
    client.raw(b"\x03")
    assert client.answer() == b"OK"
    assert "interrupted" in client.output


def test_range_steps_end_outside(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    server = serve(make_session(APART, harts=2))
    client = server.connect()
    start = server.session.symbols.find("start").address
    first = server.session.symbols.find("first").address
    stop = client.stop(b"vCont;r%x,%x:1;c" % (start, first))
    assert stop["thread"] == "1"
    assert int.from_bytes(bytes.fromhex(stop["20"]), "little") == first


def test_frozen_step_mode_holds_the_others(
    make_session: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    client = serve(make_session(SPIN, harts=2)).connect()
    client.stop(b"vCont;s:1;c")

    def step_alone() -> int:
        client.ask(b"Hg2")
        before = client.register(10)
        for _ in range(6):
            client.stop(b"vCont;s:1")
        client.ask(b"Hg2")
        return client.register(10) - before

    assert step_alone() > 0
    assert "stand still" in client.monitor("stepmode frozen")
    assert step_alone() == 0


def test_a_thousand_moves_against_a_fresh_run(kernel: Callable[..., Any], serve: Callable[..., Any]) -> None:
    """Steps, runs to breakpoints, steps and runs back: wherever the machine stands, it is the machine that
    a run from reset reaches in that cycle."""
    rng = random.Random(4)
    session = kernel("matmul-a8w4")
    server = serve(session)
    client = server.connect()
    client.ask(b"qSupported:swbreak+")
    client.monitor("goto 30000")
    seen: dict[int, str] = {}
    address = session.locate("matmul-a8w4.S:159")[0]
    armed = False
    for _ in range(1000):
        move = rng.random()
        if move < 0.45:
            client.stop(b"vCont;s:%x;c" % rng.randrange(1, 9))
        elif move < 0.8:
            client.ask(b"Hg%x" % rng.randrange(1, 9))
            client.stop(b"bs")
        elif move < 0.9:
            client.ask((b"z" if armed else b"Z") + b"0,%x,4" % address)
            armed = not armed
        elif armed:
            client.stop(rng.choice((b"vCont;c", b"bc")))
        else:
            client.monitor(f"goto {rng.randrange(29000, 33000)}")
        cycle, digest = session.cluster.cycle, session.cluster.state_digest()
        assert seen.setdefault(cycle, digest) == digest
    fresh = kernel("matmul-a8w4").cluster
    for cycle in sorted(seen):
        if cycle > fresh.cycle:
            fresh.run(cycle - fresh.cycle)
        assert (fresh.cycle, fresh.state_digest()) == (cycle, seen[cycle])
    assert len(seen) > 150
