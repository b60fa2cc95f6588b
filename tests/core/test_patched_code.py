"""Code written by one hart while another is about to execute it, and states of the machine around that."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from flexdbg.isa import assemble

from flexdbg.machine.cluster import Cluster

from .rig import EXIT, L2_DATA, START, TCDM, Assembled, reasons, run_out

_PATCHES = 24
_PAGE = 1024  # bytes that share what the core knows of code in them


def _program(work: str) -> Assembled:
    """Hart 0 writes the word at `patched` again and again, as it is, in all phases of hart 1's loop."""
    patches = "\n".join("  nop\n" * (n % 7) + "  sw t1, 0(t0)" for n in range(_PATCHES))
    return Assembled(f"""
{START.format(everybody=3)}
  csrr s2, mhartid
  li s3, {TCDM}
  bnez s2, work
  la t0, patched
  lw t1, 0(t0)
  {patches}
  j finish
{work}
  j finish
{EXIT}
""")


def _inside() -> Assembled:
    """What is written is one of the loads of the loop."""
    return _program("""
work:
  li t2, 60
again:
  lw a0, 0(s3)
patched:
  lw a1, 4(s3)
  lw a2, 8(s3)
  c.addi t2, -1
  bnez t2, again
""")


def _behind() -> Assembled:
    """What is written comes behind the loop: the first word of a page from which nothing has run yet."""

    def padded(words: int) -> Assembled:
        nops = "  nop\n" * words
        return _program(f"""
{nops}
work:
  lp.setupi x0, 60, last
  lw a0, 0(s3)
  addi a1, a1, 1
last:
  lw a2, 8(s3)
patched:
  lw a3, 8(s3)
""")

    missing = -padded(0)["patched"] % _PAGE
    program = padded(missing // 4)
    assert program["patched"] % _PAGE == 0
    return program


def _just_executed() -> Assembled:
    """What is written is a loop set-up that hart 1 may just have executed; what follows depends on it."""
    patches = "\n".join("  nop\n" * (n % 7) + f"  sw t{1 + n % 2}, 0(t0)" for n in range(_PATCHES))
    return Assembled(f"""
{START.format(everybody=3)}
  csrr s2, mhartid
  li s3, {TCDM}
  bnez s2, work
  la t0, patched
  lw t1, 0(t0)
  la t2, other
  lw t2, 0(t2)
  {patches}
  j finish
other:
  addi a2, a2, 1
work:
  li t3, 40
again:
  lw a1, 4(s3)
patched:
  lp.setupi x0, 3, last
last:
  addi a0, a0, 1
  addi t3, t3, -1
  bnez t3, again
  j finish
{EXIT}
""")


def test_a_patched_access_is_not_lost_for_a_turn_of_the_wheel() -> None:
    cluster = _inside().on(harts=2)
    cluster.trace_start(["retire"])
    assert reasons(run_out(cluster)) == ["exit"]
    work = [r[0] for r in cluster.trace_records() if r[1] == 1]
    before_the_barrier = work[: 60 * 5]
    assert max(b - a for a, b in pairwise(before_the_barrier)) < 16


@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("fast", [False, True], ids=["precise", "fast"])
@pytest.mark.parametrize(
    "make", [_inside, _behind, _just_executed], ids=["inside", "behind", "just-executed"]
)
def test_going_back_to_any_cycle_around_a_patch(
    make: Callable[[], Assembled], fast: bool, fetch: str
) -> None:
    """A state between two cycles goes on as before, whatever has been decoded meanwhile."""
    program = make()
    end = program.on(harts=2, fetch=fetch)
    assert reasons(run_out(end, fast=False)) == ["exit"]
    for cycle in range(40, end.cycle, 9):
        cluster = program.on(harts=2, fetch=fetch)
        cluster.run(cycle, fast=fast)
        snapshot = cluster.native.snapshot()
        for _ in range(2):
            cluster.run(fast=fast)
            assert (cluster.cycle, cluster.state_digest()) == (end.cycle, end.state_digest()), cycle
            cluster.native.restore(snapshot)


@pytest.mark.parametrize("low", [False, True], ids=["cluster", "low"])
def test_code_at_every_alias_of_the_tcdm(low: bool) -> None:
    """A cluster hart runs one word of the TCDM at all its addresses, before and after it is written."""
    size, place = 0x20000, 0x1000
    aliases = range(0 if low else TCDM, 0x100000 if low else TCDM + 0x100000, size)
    calls = "\n".join(f"  li t2, {alias + place}\n  jalr ra, 0(t2)" for alias in aliases)
    program = Assembled(f"""
{START.format(everybody=1)}
  li t3, {TCDM + place}
  la t0, first
  lw t1, 0(t0)
  sw t1, 0(t3)
  lw t1, 4(t0)
  sw t1, 4(t3)
  {calls}
  lw t1, 8(t0)
  sw t1, 0(t3)
  {calls}
  j finish
first:
  addi a0, a0, 1
  jalr x0, 0(ra)
  addi a0, a0, 16
{EXIT}
""")
    cluster = program.on(tcdm_size=size)
    assert reasons(run_out(cluster)) == ["exit"]
    assert cluster.read_register(0, "a0") == 17 * len(aliases)


def test_a_store_over_itself_stays_what_was_executed() -> None:
    """Both harts come by in one cycle; what hart 1 decodes there is not what hart 0 has executed."""
    word = int.from_bytes(assemble("lp.counti x1, 0", 0)[0].data, "little")
    program = Assembled(
        f"""
{START.format(everybody=3)}
  la t0, itself
  li t1, {word}
  csrr s2, mhartid
  nop
  lp.setupi x0, 6, last
  addi a0, a0, 1
  nop
itself:
  sw t1, 0(t0)
last:
  addi a1, a1, 1
  j finish
{EXIT}
""",
        TCDM + 0x2000,
        TCDM + 0x2000,
    )
    for fast in (False, True):
        cluster = program.on(harts=2, quirks="rtl")
        assert reasons(run_out(cluster, fast=fast)) == ["exit"]
        assert [cluster.read_register(hart, "a0") for hart in (0, 1)] == [6, 6]


_BEFORE_AND_BEHIND = """
  li s3, {tcdm}
  addi a0, a0, 1
{middle}
  addi a0, a0, 1
finish:
  j finish
"""


@pytest.mark.parametrize("how", ["write_memory", "load"])
@pytest.mark.parametrize("middle", ["lw a1, 4(s3)", "lw a1, 0(s4)", "mul a1, a0, a0"])
@pytest.mark.parametrize("instead", ["addi a2, a2, 3", "lw a2, 8(s3)", "sw a0, 12(s3)"])
@pytest.mark.parametrize("fetch", ["ideal", "icache"])
def test_an_instruction_replaced_before_it_executes(how: str, middle: str, instead: str, fetch: str) -> None:
    """By the debugger, or by a program loaded over the one that runs: nothing remains of the old one."""

    def at_the_middle(text: str) -> tuple[Cluster, int]:
        program = Assembled(f"  li s4, {L2_DATA}" + _BEFORE_AND_BEHIND.format(tcdm=TCDM, middle=text))
        place = program["finish"] - 8
        cluster = program.on(fetch=fetch)
        while cluster.harts[0].pc != place:
            cluster.run(1, fast=False)
        return cluster, place

    cluster, place = at_the_middle(middle)
    getattr(cluster, how)(place, assemble(instead, place)[0].data)
    expected, _ = at_the_middle(instead)
    assert cluster.cycle == expected.cycle
    for machine in (cluster, expected):
        machine.run(60)
    assert cluster.state_digest() == expected.state_digest()
