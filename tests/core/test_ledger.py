"""Every cycle of every hart is charged to exactly one cause, at any cycle at which one looks."""

from __future__ import annotations

import random

import pytest

from flexdbg.machine.cluster import Cluster

from .random_code import FEATURES, random_program
from .rig import (
    Assembled,
    causes_sum,
    compute,
    foreign,
    interrupts,
    machine,
    reasons,
    run_out,
)

NAMES = ["hello", "barrier", "bankfight", "dotp", "dma-copy", "matmul-a8w4", "matmul-a4w4", "matmul-a2w2"]


def walk(cluster: Cluster, longest: int, fast: bool, seed: str) -> None:
    """Stop at cycles near and far, and just after another: charges made ahead have to be taken back."""
    rng = random.Random(seed)
    before = [dict.fromkeys(hart.ledger, 0) for hart in cluster.harts]
    while cluster.cycle < longest:
        stops = cluster.run(rng.choice([1, 1, 2, 3, 10, longest // 60]), fast=fast)
        assert causes_sum(cluster) == [cluster.cycle] * len(cluster.harts), f"at cycle {cluster.cycle}"
        for hart in cluster.harts:
            now = hart.ledger
            assert now["issue"] == hart.counters["instructions"]
            assert all(value < 1 << 60 for value in now.values()), f"a cause of hart {hart.index} is negative"
            assert now["issue"] >= before[hart.index]["issue"]
            before[hart.index] = now
        if reasons(stops) != ["cycles"]:
            break


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("fetch", ["icache", "ideal"])
@pytest.mark.parametrize("name", NAMES)
def test_bundled_programs(name: str, fetch: str, fast: bool) -> None:
    walk(machine(name, fetch=fetch), 100_000, fast, name)


@pytest.mark.parametrize("preset", ["gvsoc", "rtl", "gap8"])
def test_presets(preset: str) -> None:
    walk(machine("dma-copy", preset), 60_000, True, preset)


@pytest.mark.parametrize("name", ["runtime", "sdk", "cluster", "semihost"])
def test_foreign_programs(name: str) -> None:
    walk(foreign(name), 60_000, True, name)


@pytest.mark.parametrize("fetch", ["icache", "ideal"])
def test_every_kind_of_wait(fetch: str) -> None:
    walk(compute(6).on(harts=6, fetch=fetch), 40_000, True, "compute")
    walk(compute(6).on(harts=6, fetch=fetch, fc=1), 40_000, False, "compute, FC off")
    walk(interrupts(3).on(harts=3, fetch=fetch), 40_000, True, "interrupts")
    for seed in range(4):
        walk(random_program(seed, 4).on(harts=4, fetch=fetch), 40_000, True, f"random {seed}")
        walk(random_program(seed, 4, 60, FEATURES).on(harts=4, fetch=fetch), 40_000, True, f"busy {seed}")


def test_causes_are_those_of_the_program() -> None:
    """The numbers of a program small enough to count by hand (core-timing: div by 7 takes 32 cycles)."""
    program = Assembled("""
  li a0, 0x10000000
  li a1, 7
  lw a2, 0(a0)
  addi a2, a2, 1
  div a3, a2, a1
  bnez a1, away
  nop
away:
  jal ra, call
  ebreak
call:
  ret
""")
    cluster = program.on()
    assert reasons(run_out(cluster)) == ["ebreak"]
    ledger = {cause: cycles for cause, cycles in cluster.ledger(0).items() if cycles}
    assert ledger["issue"] == 8
    assert ledger["load_use"] == 1
    assert ledger["multi_cycle"] == 31
    assert ledger["branch"] == 2
    assert ledger["jump"] in (2, 3)  # one each, and one more for a target across two words


def test_a_stopped_hart_is_charged_too() -> None:
    cluster = machine("hello", harts=2)
    cluster.run(50)
    assert [hart.ledger["stopped"] for hart in cluster.harts[:2]] == [50, 50]
    assert [hart.state for hart in cluster.harts] == ["off", "off", "running"]
