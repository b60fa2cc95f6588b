"""Code written by one hart while another is about to execute it, and states of the machine around that."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from .rig import EXIT, START, TCDM, Assembled, reasons, run_out

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
