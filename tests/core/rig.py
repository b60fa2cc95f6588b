"""Machines for the core's behaviour tests: bundled programs, programs of others, and small assembled ones."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

from elftools.elf.elffile import ELFFile
from flexdbg.isa import assemble

from flexdbg.catalog import bundled_program
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.machine.loader import Program, load_program

__all__ = [
    "CODE",
    "EXIT",
    "FOREIGN",
    "L2_DATA",
    "START",
    "TCDM",
    "Assembled",
    "causes_sum",
    "compute",
    "foreign",
    "interrupts",
    "machine",
    "reasons",
    "run_out",
    "symbol",
]

CODE = 0x1C008080
TCDM = 0x10000000
L2_DATA = 0x1C080000
FOREIGN = Path(__file__).resolve().parents[1] / "programs" / "prebuilt"
LIMIT = 5_000_000

# The cluster's end-of-computation registers; hart 0 comes here, the others sleep (firmware does the same).
EXIT = """
finish:
  li t6, 0x10204000
  p.elw t5, 0x21c(t6)        # barrier 0
  csrr t5, mhartid
  bnez t5, asleep
  li t6, 0x10200000
  lui t5, 0x80000
  sw t5, 0x100(t6)
  li t5, 1
  sw t5, 0(t6)
asleep:
  li t6, 0x10204000
  sw zero, 0(t6)
  p.elw t5, 0x3c(t6)
  j asleep
"""

# Barrier 0 for all harts; its event has to be in every hart's mask.
START = """
  li t6, 0x10204000
  lui t5, 0x10
  sw t5, 8(t6)
  li t5, {everybody}
  sw t5, 0x200(t6)
  sw t5, 0x20c(t6)
"""


@cache
def _program(path: Path) -> Program:
    return load_program(path)


def machine(name: str, preset: str | None = None, **settings: object) -> Cluster:
    """A bundled program on a new machine."""
    cluster = Cluster(load_config(preset).changed(settings))
    cluster.load_program(_program(bundled_program(name).path))
    return cluster


def symbol(program: str, name: str) -> int:
    """Address of a symbol of a bundled program."""
    table = ELFFile(io.BytesIO(_program(bundled_program(program).path).image)).get_section_by_name(".symtab")
    assert table is not None
    return int(table.get_symbol_by_name(name)[0]["st_value"])


def foreign(name: str, preset: str | None = None, **settings: object) -> Cluster:
    """A program in the style of another run-time system (tests/programs)."""
    boot = "cluster" if name == "cluster" else "fc"
    cluster = Cluster(load_config(preset).changed({"boot": boot, **settings}))
    cluster.load_program(_program(FOREIGN / f"{name}.elf"))
    return cluster


class Assembled:
    """Assembled text with its labels, to be put on any number of new machines."""

    def __init__(self, text: str, origin: int = CODE, entry: int = CODE) -> None:
        code = assemble(text, origin)
        self.origin, self.entry = origin, entry
        self.image = b"".join(item.data for item in code)
        self.labels: dict[str, int] = {}
        end = origin + len(self.image)
        for number, line in enumerate(text.splitlines(), 1):
            name, colon, _ = line.partition(":")
            if colon and name.strip().isidentifier():
                self.labels[name.strip()] = next((i.address for i in code if i.line >= number), end)

    def __getitem__(self, label: str) -> int:
        return self.labels[label]

    def on(
        self, preset: str | None = None, harness: dict[str, Any] | None = None, **settings: object
    ) -> Cluster:
        """A machine whose cluster harts start at the entry together; one hart with ideal fetch by default."""
        defaults: dict[str, object] = {"boot": "cluster", "fc": 0, "harts": 1, "fetch": "ideal"}
        cluster = Cluster(load_config(preset).changed(defaults | settings), harness=harness)
        cluster.load(self.origin, self.image)
        cluster.set_entry(self.entry)
        return cluster


def compute(harts: int, rounds: int = 60) -> Assembled:
    """Divisions, branches on data, nested loops, misaligned and shared words, test-and-set, barriers."""
    return Assembled(
        START.format(everybody=(1 << harts) - 1)
        + f"""
  csrr s0, mhartid
  li s1, {TCDM}
  slli t0, s0, 6
  add s2, s1, t0
  addi s2, s2, 0x400
  li s3, {L2_DATA}
  li s4, {rounds}
  addi a0, s0, 3
round:
  li t1, 1103515245
  mul a0, a0, t1
  addi a0, a0, 1234
  srli a1, a0, 7
  andi a2, a1, 63
  div a3, a0, a2
  remu a4, a0, a1
  mulhsu a5, a0, a1
  andi t2, a1, 1
  beqz t2, even
  lw t3, 0(s1)
  add a5, a5, t3
  j both
even:
  sw a5, 4(s1)
  p.lw t3, 4(s2!)
  addi s2, s2, -4
both:
  lp.setupi x1, 3, outer
  addi a6, a6, 1
  lp.setupi x0, 5, inner
  lw t4, 8(s1)
  add a6, a6, t4
inner:
  sw a6, 12(s2)
outer:
  addi a7, a7, 1
  lw t3, 2(s2)
  sw t3, 5(s2)
  lh t4, 3(s1)
  pv.dotsp.b t3, a0, a1
  pv.add.h t4, t3, a0
  sb t4, 7(s1)
  andi t2, a1, 7
  bnez t2, spin_end
  li t5, {TCDM + 0x100020}
take:
  lw t6, 0(t5)
  bltz t6, take
  li t5, {TCDM + 0x20}
  sw zero, 0(t5)
spin_end:
  andi t2, a1, 15
  bnez t2, no_l2
  lw t3, 0(s3)
  sw a0, 0(s3)
no_l2:
  addi s4, s4, -1
  andi t2, s4, 15
  bnez t2, no_barrier
  li t6, 0x10204000
  p.elw t5, 0x21c(t6)
no_barrier:
  bnez s4, round
"""
        + EXIT
    )


def interrupts(harts: int, rounds: int = 120, mask_first: bool = True) -> Assembled:
    """Software events of hart 0 interrupt all harts in all kinds of instructions."""
    mask = "li t0, 2\n  sw t0, 0x14(s0)\n"
    enable = "csrsi mstatus, 8\n"
    vectors = "\n".join(["  j handler"] * 32)
    return Assembled(
        vectors
        + START.format(everybody=(1 << harts) - 1)
        + f"""
  li s0, 0x10204000
  csrr s1, mhartid
  li s2, {TCDM + 0x800}
  slli t0, s1, 4
  add s9, s2, t0
  li s3, {rounds}
  li s4, {L2_DATA}
  addi s5, s1, 77
  {mask + enable if mask_first else enable + mask}
round:
  mul s5, s5, s5
  addi s5, s5, 7
  div a1, s5, s3
  lw a2, 0(s2)
  add a3, a2, a1
  bnez s1, receive
  andi t0, s3, 7
  bnez t0, receive
  li t0, {(1 << harts) - 1}
  sw t0, 0x104(s0)
receive:
  lp.setupi x0, 6, last
  addi a4, a4, 1
  lw a5, 4(s2)
last:
  xor a4, a4, a5
  sw a4, 4(s9)
  andi t0, s3, 15
  bnez t0, next
  lw a6, 0(s4)
next:
  addi s3, s3, -1
  bnez s3, round
  j finish
handler:
  lw s10, 0(s9)
  addi s10, s10, 1
  sw s10, 0(s9)
  csrr s11, mcause
  mret
"""
        + EXIT,
        CODE - 0x80,
    )


def run_out(cluster: Cluster, *, fast: bool = True, limit: int = LIMIT) -> list[Any]:
    """Run to a stop that is no cycle limit."""
    stops = cluster.run(limit, fast=fast)
    assert stops[0].reason != "cycles", f"still running at cycle {cluster.cycle}"
    return stops


def reasons(stops: list[Any]) -> list[str]:
    return [stop.reason for stop in stops]


def causes_sum(cluster: Cluster) -> list[int]:
    """Per hart, the cycles that its ledger explains."""
    return [sum(hart.ledger.values()) for hart in cluster.harts]
