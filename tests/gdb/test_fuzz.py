"""Malformed, split, oversized, badly escaped and wrongly ordered packets: no crash, no hang, no lost
connection."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexdbg.gdb.agent import format_values
from flexdbg.gdb.packets import MAX_PACKET, Damaged, PacketReader, escape, frame, run_lengths, unescape

from .rsp import Rsp, _expand

SPIN = """
start:
  addi a0, a0, 1
  p.sw a0, 4(a1!)
  lui a1, 0x10000
  j start
"""

VALID = [
    b"?", b"g", b"p20", b"p0", b"m10000000,40", b"x10000000,40", b"M10000000,2:0102", b"X10000000,1:a",
    b"qSupported:swbreak+", b"vCont?", b"vCont;s:1;c", b"vCont;s:1", b"s", b"Hg1", b"Hc-1", b"T1", b"qC",
    b"Z0,1c008080,2", b"z0,1c008080,2", b"Z2,10000000,4", b"z2,10000000,4", b"Z4,10000004,4",
    b"Z0,1c008084,4;X9,26000a162022051327", b"qfThreadInfo", b"qXfer:threads:read::0,100",
    b"qXfer:features:read:target.xml:0,ffb", b"qRcmd,7768656e", b"qCRC:10000000,10", b"bs", b"vStopped",
    b"qSearch:memory:10000000;100;abc", b"vFile:open:2f,0,0", b"vFile:pread:3,10,0", b"vCtrlC", b"vRun;",
    b"R00", b"QThreadEvents:1", b"G" + b"00" * 132, b"Pa=01000000", b"vAttach;1", b"!", b"vKill;1",
    b"qThreadExtraInfo,1",
]  # fmt: skip


def mutate(rng: random.Random, packet: bytes) -> bytes:
    data = bytearray(packet)
    for _ in range(rng.randrange(1, 5)):
        kind = rng.randrange(5)
        at = rng.randrange(len(data) + 1)
        if kind == 0 and data:
            data[min(at, len(data) - 1)] = rng.randrange(256)
        elif kind == 1:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6)))
        elif kind == 2:
            del data[at : at + rng.randrange(1, 4)]
        elif kind == 3:
            data[at:at] = rng.choice(
                (b",", b";", b":", b"-1", b"ffffffffffffffff", b"p0.0", b"}", b"*", b"\0")
            )
        else:
            data += data[:at]
    return bytes(data)


def assert_answers(client: Rsp, size: int) -> None:
    """The stub still answers: an unusual size tells the answer from what came before."""
    client.raw(b"\x03")
    client.send(b"m1c008000,%x" % size)
    while len(client.packet()) != 2 * size:
        pass


@pytest.mark.parametrize("seed", range(6))
def test_random_packets(make_session: Callable[..., Any], serve: Callable[..., Any], seed: int) -> None:
    rng = random.Random(seed)
    client = serve(make_session(SPIN, harts=2)).connect()
    for turn in range(40):
        for _ in range(10):
            payload = rng.choice(VALID)
            if payload[:1] in b"kD":
                continue
            if rng.random() < 0.8:
                payload = mutate(rng, payload)
            if payload[:1] in (b"k", b"D"):
                continue  # these end the connection, as they should
            if payload.startswith(b"QStartNo"):
                continue
            payload = payload.replace(b"#", b"").replace(b"$", b"")
            if payload.startswith(b"QNonStop"):
                continue
            client.send(payload)
        assert_answers(client, 1001 + turn)


@pytest.mark.parametrize("seed", range(4))
def test_broken_frames(make_session: Callable[..., Any], serve: Callable[..., Any], seed: int) -> None:
    rng = random.Random(seed)
    client = serve(make_session(SPIN)).connect(acks=True)
    for _ in range(60):
        packet = frame(rng.choice((b"qC", b"g", b"m10000000,8")))
        kind = rng.randrange(6)
        if kind == 0:
            client.raw(packet[:-1] + b"z")
        elif kind == 1:
            for byte in packet:  # one byte at a time
                client.raw(bytes((byte,)))
        elif kind == 2:
            client.raw(b"-" * rng.randrange(1, 50))
        elif kind == 3:
            client.raw(packet[: rng.randrange(1, len(packet))])
        elif kind == 4:
            client.raw(b"$" + b"}" * rng.randrange(1, 9) + b"#00")
        else:
            client.raw(bytes(rng.randrange(256) for _ in range(20)))
    client.raw(b"#00#00")
    client.send(b"vMustReplyEmpty")
    client.send(b"qC")
    while client.packet() != b"QC1":
        pass


def test_oversized_packets(make_session: Callable[..., Any], serve: Callable[..., Any]) -> None:
    client = serve(make_session(SPIN)).connect(acks=True)
    for size in (MAX_PACKET + 1, MAX_PACKET + 5, 3 * MAX_PACKET):
        client.raw(b"$" + b"0" * size + b"#00")
        assert client._take(1) == b"-"
        assert client.ask(b"qC") == b"QC1"


@given(st.binary(max_size=300), st.data())
def test_frames_survive_any_splitting(data: bytes, draw: st.DataObject) -> None:
    packet = frame(escape(data))
    reader = PacketReader()
    found = []
    at = 0
    while at < len(packet):
        step = draw.draw(st.integers(1, 40))
        found += list(reader.feed(packet[at : at + step]))
        at += step
    assert [unescape(item) for item in found if isinstance(item, bytes)] == [data]


@given(st.binary(max_size=200))
def test_reader_takes_any_bytes(data: bytes) -> None:
    reader = PacketReader()
    list(reader.feed(data))
    rest = list(reader.feed(b"#00" + frame(b"qC")))
    assert b"qC" in rest or any(isinstance(item, Damaged) for item in rest)


@given(st.lists(st.tuples(st.sampled_from(b"0fxaz ,"), st.integers(1, 300)), max_size=8))
def test_run_lengths_expand_to_the_same(runs: list[tuple[int, int]]) -> None:
    payload = b"".join(bytes((byte,)) * count for byte, count in runs)
    short = run_lengths(payload)
    assert _expand(short) == payload
    assert len(short) <= len(payload)


@given(st.text(max_size=40), st.lists(st.integers(0, 2**64 - 1), max_size=5))
def test_formats_of_dprintf_never_fail(form: str, values: list[int]) -> None:
    format_values(form, tuple(values))
