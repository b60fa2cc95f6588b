"""Interrupts as programs see them: which, how often, in which order, and what they do to sleep."""

from __future__ import annotations

import pytest

from .rig import CODE, TCDM, Assembled, causes_sum, foreign, interrupts, reasons, run_out

FETCH = pytest.mark.parametrize("fetch", ["ideal", "icache"])
VECTORS = "\n".join(f"  j v{n}" for n in range(32))
HANDLERS = "\n".join(
    f"v{n}:\n  slli s10, s10, 8\n  addi s10, s10, {n}\n  csrr s11, mcause\n  mret" for n in range(32)
)


def program(text: str) -> Assembled:
    """Handlers collect the numbers of the interrupts in s10, one byte each."""
    return Assembled(f"{VECTORS}\n  li s0, 0x10204000\n{text}\n  ebreak\n{HANDLERS}", CODE - 0x80)


@FETCH
def test_each_event_interrupts_once(fetch: str) -> None:
    for mask_first in (True, False):
        text = interrupts(4, mask_first=mask_first)
        cluster = text.on(harts=4, fetch=fetch)
        assert reasons(run_out(cluster)) == ["exit"]
        assert [cluster.read_word(TCDM + 0x800 + 16 * hart) for hart in range(4)] == [15] * 4
        assert [hart.read("s11") for hart in cluster.harts] == [0x80000001] * 4


@FETCH
def test_two_at_once_are_both_taken_the_higher_first(fetch: str) -> None:
    text = program("""
  li t0, 0x6
  sw t0, 0x14(s0)
  li t0, 1
  sw t0, 0x104(s0)
  sw t0, 0x108(s0)
  lw t1, 0x1c(s0)
  csrsi mstatus, 8
  li t1, 40
again:
  addi t1, t1, -1
  bnez t1, again
""")
    cluster = text.on(fetch=fetch)
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert cluster.read_register(0, "s10") == 0x0201


@FETCH
def test_masked_events_do_not_interrupt(fetch: str) -> None:
    text = program("""
  csrsi mstatus, 8
  li t0, 1
  sw t0, 0x104(s0)
  nop
  nop
  nop
  nop
  nop
""")
    cluster = text.on(fetch=fetch)
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert cluster.read_register(0, "s10") == 0


@FETCH
def test_wfi_wakes_with_interrupts_off_and_takes_them_when_on(fetch: str) -> None:
    text = program("""
  li t0, 0x400
  sw t0, 0x14(s0)
  li t1, 0x10200400
  li t0, 200
  sw t0, 0x10(t1)
  li t0, 0x15
  sw t0, 0(t1)
  wfi
  mv s1, s10
  csrsi mstatus, 8
  nop
  nop
  nop
  nop
""")
    cluster = text.on(fetch=fetch)
    assert reasons(run_out(cluster)) == ["ebreak"]
    assert (cluster.read_register(0, "s1"), cluster.read_register(0, "s10")) == (0, 10)
    assert cluster.ledger(0)["wfi"] > 150
    assert causes_sum(cluster) == [cluster.cycle]


@FETCH
def test_an_event_load_is_done_again_behind_the_handler(fetch: str) -> None:
    """The interrupt drops the load's result; the load executes again and sleeps on."""
    text = program("""
  li t0, 0x400
  sw t0, 0x14(s0)
  li t0, 0x2
  sw t0, 0x8(s0)
  li t1, 0x10200400
  li t0, 300
  sw t0, 0x10(t1)
  li t0, 0x15
  sw t0, 0(t1)
  csrsi mstatus, 8
wait:
  p.elw s1, 0x3c(s0)
""")
    cluster = text.on(fetch=fetch)
    cluster.run(1300)
    assert cluster.read_register(0, "s10") & 0xFFFFFF == 0x0A0A0A
    assert cluster.harts[0].state == "sleeping"
    assert cluster.harts[0].ledger["event"] > 700
    assert causes_sum(cluster) == [1300]


def test_the_fc_takes_interrupts() -> None:
    cluster = foreign("sdk")
    fc = cluster.config.harts
    cluster.trace_start(["irq_ack"])
    assert reasons(run_out(cluster)) == ["exit"]
    records = cluster.trace_records()
    assert [(record[1], record[4]) for record in records] == [(fc, 3)]
