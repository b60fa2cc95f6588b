"""Watchpoints: which access, whose, and the values before and after it."""

from __future__ import annotations

from typing import Any

import pytest

from .rig import L2_DATA, TCDM, Assembled, machine, reasons, run_out, symbol

PLACES = pytest.mark.parametrize("place", [TCDM + 0x100, L2_DATA], ids=["tcdm", "l2"])


def seen(stop: Any) -> tuple[str, int, int, int, int]:
    return stop.access, stop.address, stop.size, stop.old, stop.new


def accesses(text: str, address: int, size: int, access: str, **settings: Any) -> list[tuple[int, Any]]:
    """(hart, what was seen) of every stop of a program at a watchpoint."""
    cluster = Assembled(text).on(**settings)
    number = cluster.add_watchpoint(address, size, access)
    found = []
    while True:
        stops = run_out(cluster)
        for stop in stops:
            if stop.reason != "watchpoint":
                return found
            assert stop.ids == [number]
            found.append((stop.hart, seen(stop)))


STORES = """
  li a0, {place}
  li a1, 0x11223344
  sw a1, 0(a0)
  lw a2, 0(a0)
  li a3, 0xaabbccdd
  sb a3, 1(a0)
  sh a3, 2(a0)
  lbu a4, 3(a0)
  sw a3, 4(a0)
  sw a3, -4(a0)
  lw a5, 4(a0)
  ebreak
"""


@PLACES
def test_writes(place: int) -> None:
    found = [what for _, what in accesses(STORES.format(place=place), place, 4, "write")]
    assert found == [
        ("write", place, 4, 0, 0x11223344),
        ("write", place + 1, 1, 0x33, 0xDD),
        ("write", place + 2, 2, 0x1122, 0xCCDD),
    ]


@PLACES
def test_reads(place: int) -> None:
    found = [what for _, what in accesses(STORES.format(place=place), place, 4, "read")]
    assert found == [
        ("read", place, 4, 0x11223344, 0x11223344),
        ("read", place + 3, 1, 0xCC, 0xCC),
    ]


@PLACES
def test_both(place: int) -> None:
    found = [what[0] for _, what in accesses(STORES.format(place=place), place, 4, "access")]
    assert found == ["write", "read", "write", "write", "read"]


@PLACES
def test_stops_behind_the_access(place: int) -> None:
    cluster = Assembled(STORES.format(place=place)).on()
    cluster.add_watchpoint(place, 4, "write")
    (stop,) = run_out(cluster)
    assert stop.cycle == cluster.cycle - 1
    assert cluster.read_word(place) == 0x11223344


def test_misaligned_accesses() -> None:
    place = TCDM + 0x200
    text = f"""
  li a0, {place}
  li a1, 0x44332211
  sw a1, 3(a0)
  lw a2, 3(a0)
  lhu a3, 3(a0)
  ebreak
"""
    first = [what for _, what in accesses(text, place, 4, "access")]
    assert first == [
        ("write", place + 3, 1, 0, 0x11),
        ("read", place + 3, 1, 0x11, 0x11),
        ("read", place + 3, 1, 0x11, 0x11),
    ]
    second = [what for _, what in accesses(text, place + 4, 4, "access")]
    assert second == [
        ("write", place + 4, 3, 0, 0x443322),
        ("read", place + 4, 3, 0x443322, 0x443322),
        ("read", place + 4, 1, 0x22, 0x22),
    ]


def test_test_and_set() -> None:
    place = TCDM + 0x40
    text = f"  li a0, {place + 0x100000}\n  lw a1, 0(a0)\n  ebreak"
    found = [what for _, what in accesses(text, place, 4, "access")]
    assert found == [("read", place, 4, 0, 0), ("write", place, 4, 0, 0xFFFFFFFF)]


def test_post_increment_and_macload() -> None:
    place = TCDM + 0x80
    text = f"""
  li a0, {place}
  li a1, 5
  p.sw a1, 4(a0!)
  addi a0, a0, -4
  p.lw a2, 4(a0!)
  addi a0, a0, -4
  pv.mlsdotsp.b zero, a0, 16
  ebreak
"""
    found = [what for _, what in accesses(text, place, 4, "access")]
    assert [what[0] for what in found] == ["write", "read", "read"]
    assert found[2] == ("read", place, 4, 5, 5)


def test_hart_mask_and_simultaneous_writers() -> None:
    text = f"""
  csrr a0, mhartid
  slli a1, a0, 2
  li a2, {TCDM}
  add a2, a2, a1
  sw a0, 0(a2)
  ebreak
"""
    cluster = Assembled(text).on(harts=4)
    cluster.add_watchpoint(TCDM, 16, "write")
    stops = run_out(cluster)
    assert [(stop.hart, stop.address, stop.new) for stop in stops] == [(h, TCDM + 4 * h, h) for h in range(4)]
    cluster = Assembled(text).on(harts=4)
    cluster.add_watchpoint(TCDM, 16, "write", hart_mask=0b1000)
    assert [stop.hart for stop in run_out(cluster)] == [3]


def test_two_watchpoints_and_removal() -> None:
    place = TCDM + 0x100
    cluster = Assembled(STORES.format(place=place)).on()
    one = cluster.add_watchpoint(place, 4, "write")
    two = cluster.add_watchpoint(place + 2, 2, "access")
    stops = run_out(cluster)
    assert [(stop.reason, stop.ids) for stop in stops] == [("watchpoint", [one]), ("watchpoint", [two])]
    cluster.remove(one)
    assert [stop.ids for stop in run_out(cluster)] == [[two]]
    cluster.remove(two)
    assert reasons(run_out(cluster)) == ["ebreak"]


def test_a_watched_range_over_pages() -> None:
    text = f"  li a0, {TCDM}\n  li a1, 0x1000\n  add a0, a0, a1\n  sw a1, -8(a0)\n  sw a1, 0(a0)\n  ebreak"
    found = [what[1] for _, what in accesses(text, TCDM + 0xFF0, 0x20, "write")]
    assert found == [TCDM + 0xFF8, TCDM + 0x1000]


def test_the_dma() -> None:
    """dma-copy moves tiles of L2 into TCDM and back; the harts work on them in between."""
    place = symbol("dma-copy", "in") + 64
    cluster = machine("dma-copy")
    number = cluster.add_watchpoint(place, 4, "write")
    for _ in range(4):
        before = cluster.read_word(place)
        (stop,) = run_out(cluster)
        assert (stop.reason, stop.ids, stop.access) == ("watchpoint", [number], "write")
        assert (stop.address, stop.size, stop.message) == (place, 4, "written by the DMA")
        assert (stop.old, stop.new) == (before, cluster.read_word(place))
        assert stop.hart == -1, "the DMA is no hart"
    out = symbol("dma-copy", "out") + 64
    cluster = machine("dma-copy")
    cluster.add_watchpoint(out, 4, "read")
    (stop,) = run_out(cluster)
    assert (stop.access, stop.address, stop.message) == ("read", out, "read by the DMA")


def test_the_dma_reads_l2() -> None:
    traced = machine("dma-copy")
    traced.trace_start(["dma_read"], capacity=1 << 14)
    run_out(traced)
    first = next(r for r in traced.trace_records() if r.a >= 0x1C000000)
    cluster = machine("dma-copy")
    number = cluster.add_watchpoint(first.a + 4, 2, "read")
    (stop,) = run_out(cluster)
    assert (stop.reason, stop.ids, stop.hart) == ("watchpoint", [number], -1)
    assert (stop.access, stop.address, stop.message) == ("read", first.a + 4, "read by the DMA")
    assert stop.cycle - first.cycle < 8


def test_no_program_is_disturbed() -> None:
    plain, watched = machine("dma-copy"), machine("dma-copy")
    run_out(plain)
    watched.add_watchpoint(symbol("dma-copy", "in") + 64, 8, "access")
    count = 0
    while reasons(run_out(watched))[0] == "watchpoint":
        count += 1
    assert (watched.cycle, watched.state_digest()) == (plain.cycle, plain.state_digest())
    assert count >= 12  # two words, four tiles in each of the two buffers; the DMA may move both at once


def test_arguments() -> None:
    cluster = machine("hello")
    with pytest.raises(ValueError, match="access"):
        cluster.add_watchpoint(TCDM, 4, "execute")
    with pytest.raises(ValueError, match="byte"):
        cluster.add_watchpoint(TCDM, 0, "write")
