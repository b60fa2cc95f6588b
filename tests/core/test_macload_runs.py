"""Mac&Loads run several at a time, also in precise mode; whatever happens between them, nobody can tell.

Tracing executes one instruction at a time by the general rules: it is the reference.
"""

from __future__ import annotations

import random

import pytest

from flexdbg.machine.cluster import Cluster

from .rig import EXIT, START, TCDM, Assembled, reasons, run_out

_FORMATS = range(1, 11)
_SIGNS = ("up", "usp", "sup", "sp")
_OPERANDS = TCDM + 0x8000
_FROM_L2 = 0x1C0A_0000
_SLOTS = 12  # Mac&Loads of the inner loop

# What hart 0 does to the others while they are in their loops; s3 counts.
_PATCH = """
  la t0, word{n}
  lw t1, 0(t0)
  la t2, inner
  sw t1, {offset}(t2)
"""
_FLUSH = """
  li t0, 0x10201400
  li t1, -1
  sw t1, 4(t0)
"""
# Writes where the others read at about this time.
_STORE = """
  li t2, {address}
  {store} t2, 0(t2)
"""
_DMA = """
  li t0, 0x10204400
  lw t1, 0(t0)
  li t1, {command}
  sw t1, 0(t0)
  li t1, {address}
  sw t1, 0(t0)
  li t1, {source}
  sw t1, 0(t0)
"""


def _macload(rng: random.Random, signs: str) -> str:
    rd = rng.choice(["x0", *(f"x{n}" for n in range(8, 28))])
    refill = rng.choice([0, 0, 0, 8, 16])
    return f"pv.mlsdot{signs}.h {rd}, x0, {refill | rng.randrange(8)}"


def _program(seed: int, harts: int) -> Assembled:
    rng = random.Random(seed)
    fmt = rng.choice(list(_FORMATS))
    signs = rng.choice(_SIGNS)
    body = [_macload(rng, signs if rng.random() < 0.9 else rng.choice(_SIGNS)) for _ in range(_SLOTS)]
    if rng.random() < 0.3:
        body[rng.randrange(_SLOTS)] = "addi x9, x9, 1"
    disturbance = []
    for _ in range(6):
        disturbance += ["  nop\n" * rng.randrange(30)]
        address = _OPERANDS + 4 * rng.randrange(0x100)
        what = rng.random()
        if what < 0.3:
            store = rng.choice(["sw", "sh", "sb"])
            disturbance += [
                _STORE.format(address=address + 16 * n, store=store) for n in range(rng.randrange(1, 9))
            ]
        elif what < 0.4:
            command = rng.choice([16, 64, 200]) | 0x60000  # from L2
            disturbance.append(_DMA.format(address=address, command=command, source=_FROM_L2))
        elif what < 0.8:
            disturbance.append(_PATCH.format(n=rng.randrange(4), offset=4 * rng.randrange(_SLOTS)))
        else:
            disturbance.append(_FLUSH)
    words = "\n".join(f".balign 4\nword{n}:\n  {_macload(rng, signs)}" for n in range(4))
    return Assembled(f"""
{START.format(everybody=(1 << harts) - 1)}
  csrr s2, mhartid
  li s3, {_OPERANDS}
  slli t1, s2, {rng.choice([2, 5, 7])}
  add t1, t1, s3
  csrw a_addr, t1
  addi t1, t1, {rng.choice([0, 64, 1024])}
  csrw w_addr, t1
  csrwi a_stride, {4 * rng.randrange(1, 5)}
  csrwi a_skip, {rng.randrange(1, 6)}
  li t0, {-4 * rng.randrange(8)}
  csrw a_rollback, t0
  csrwi w_stride, 4
  csrwi w_skip, {rng.randrange(1, 6)}
  li t0, {-4 * rng.randrange(4)}
  csrw w_rollback, t0
  csrwi simd_fmt, {fmt}
  csrwi mix_skip, {rng.randrange(5)}
  csrwi sb_legacy, 0
  bnez s2, work
  {chr(10).join(disturbance)}
work:
  slli t0, s2, 1
wait:
  addi t0, t0, -1
  bgtz t0, wait
  li t0, {rng.randrange(2, 6)}
  lp.setup x1, t0, outer
  nop
  lp.setupi x0, {rng.randrange(3, 9)}, last
inner:
  {chr(10).join(body[:-1])}
last:
  {body[-1]}
  nop
outer:
  nop
  csrwi sb_legacy, 1
  j finish
{words}
{EXIT}
""")


def _machine(program: Assembled, **settings: object) -> Cluster:
    """The program on a new machine, with something to multiply in its memory."""
    cluster = program.on(**settings)
    cluster.write_memory(_OPERANDS, random.Random(1).randbytes(0x2000))
    cluster.write_memory(_FROM_L2, random.Random(2).randbytes(0x200))
    return cluster


def _traced(cluster: Cluster) -> Cluster:
    cluster.trace_start(["elw"])
    return cluster


@pytest.mark.parametrize("quirks", ["architectural", "rtl"])
@pytest.mark.parametrize("fetch", ["ideal", "icache"])
@pytest.mark.parametrize("harts", [2, 8])
def test_runs_of_mac_and_loads_equal_one_at_a_time(harts: int, fetch: str, quirks: str) -> None:
    for seed in range(14):
        program = _program(seed, harts)
        reference, precise, fast = (
            _machine(program, harts=harts, fetch=fetch, quirks=quirks) for _ in range(3)
        )
        _traced(reference)
        end = _traced(_machine(program, harts=harts, fetch=fetch, quirks=quirks))
        assert reasons(run_out(end)) == ["exit"], seed
        rng = random.Random(seed)
        for cycle in sorted(rng.randrange(1, end.cycle) for _ in range(40)):
            for cluster in (reference, precise, fast):
                cluster.run(cycle - cluster.cycle, fast=cluster is fast)
            digest = reference.state_digest()
            assert precise.state_digest() == digest, f"precise, seed {seed}, cycle {cycle}"
            assert fast.state_digest() == digest, f"fast, seed {seed}, cycle {cycle}"
        for cluster in (precise, fast):
            assert reasons(run_out(cluster, fast=cluster is fast)) == ["exit"]
            assert (cluster.cycle, cluster.state_digest()) == (end.cycle, end.state_digest()), seed


@pytest.mark.parametrize("seed", range(6))
def test_breakpoints_and_steps_in_runs_of_mac_and_loads(seed: int) -> None:
    """Every stop shows the machine as it is when all go one instruction at a time."""
    program = _program(seed, 8)
    inner = program["inner"]
    precise, reference = _machine(program, harts=8), _traced(_machine(program, harts=8))
    rng = random.Random(seed)
    for cluster in (precise, reference):
        cluster.run(60, fast=False)
        cluster.add_breakpoint(inner + 4 * (3 + seed % 5), hart_mask=1 << seed)
    for _ in range(12):
        hart, steps = rng.randrange(8), rng.randrange(4)
        stops = []
        for cluster in (precise, reference):
            found = cluster.run(3000, fast=False)
            for _ in range(steps):
                cluster.step(hart)
            stops.append(
                ([(s.reason, s.hart, s.cycle) for s in found], cluster.cycle, cluster.state_digest())
            )
        assert stops[0] == stops[1]
