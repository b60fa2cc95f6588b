"""Random programs for many harts: shared and private words, loops, traps, interrupts, DMA, patched code."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

from .rig import CODE, EXIT, L2_DATA, START, TCDM, Assembled

__all__ = ["FEATURES", "random_program"]

FEATURES = ("interrupts", "timer", "sleep", "traps", "mutex", "cache", "patches", "dma")

_LINES = (
    "add {r}, {r}, {r}",
    "mul {r}, {r}, {r}",
    "mulh {r}, {r}, {r}",
    "div {r}, {r}, {r}",
    "remu {r}, {r}, {r}",
    "sltu {r}, {r}, {r}",
    "c.addi {r}, {s}",
    "p.clip {r}, {r}, 5",
    "p.mac {r}, {r}, {r}",
    "pv.sdotsp.b {r}, {r}, {r}",
    "pv.add.h {r}, {r}, {r}",
    "pv.mlsdotsp.b {r}, {p}, {m}",
    "lw {r}, {o}({p})",
    "lw {r}, {u}({p})",
    "lbu {r}, {u}({p})",
    "sw {r}, {o}({q})",
    "sh {r}, {u}({q})",
    "p.lw {r}, 4({p}!)",
    "p.sw {r}, 4({q}!)",
    "csrr {r}, mhartid",
    "csrrw {r}, mscratch, {r}",
    "csrr {r}, 0x780",
    "lw {r}, 0(s4)",
    "sw {r}, 4(s4)",
    "fence",
)
_REGISTERS = [f"x{n}" for n in range(10, 18)]

# Handlers use s9 (a private word), s10 and s11; the pieces are what patches are made of.
_HANDLERS = """
trapped:
  csrr s10, mepc
  addi s10, s10, 4
  csrw mepc, s10
  mret
interrupted:
  lw s10, 0(s9)
  addi s10, s10, 1
  sw s10, 0(s9)
  csrr s11, mcause
  mret
routine0:
  nop
patch0:
  addi s6, s6, 1
  ret
routine1:
patch1:
  addi s6, s6, 1
  nop
  ret
routine2:
  nop
  nop
  nop
patch2:
  addi s6, s6, 1
  ret
routine3:
  div a0, a1, a2
patch3:
  addi s6, s6, 1
  ret
piece0:
  addi s6, s6, 1
piece1:
  addi s6, s6, 2
piece2:
  mul s6, s6, s6
"""


class _Generator:
    def __init__(self, seed: int, harts: int, features: Collection[str]) -> None:
        self.rng = random.Random(seed)
        self.harts = harts
        self.features = set(features)

    def line(self) -> str:
        rng = self.rng
        text = rng.choice(_LINES)
        while "{r}" in text:
            text = text.replace("{r}", rng.choice(_REGISTERS), 1)
        return text.format(
            s=rng.choice([n for n in range(-20, 20) if n]),
            p=rng.choice(["s2", "s3"]),
            q=rng.choice(["s2", "s3"]),
            o=4 * rng.randrange(24),
            u=rng.randrange(96),
            m=rng.randrange(24),
        )

    def body(self) -> list[str]:
        return [self.line() for _ in range(self.rng.randrange(1, 7))]

    def block(self, number: int) -> Iterator[str]:
        kind = self.rng.random()
        if kind < 0.15:
            left, right = self.rng.sample(_REGISTERS, 2)
            yield f"{self.rng.choice(['beq', 'bne', 'blt', 'bgeu'])} {left}, {right}, b{number}"
            yield from self.body()
            yield f"b{number}:"
        elif kind < 0.3:
            plain = [text for text in self.body() if not text.startswith(("fence", "csr"))]
            yield f"lp.setupi x{self.rng.randrange(2)}, {self.rng.randrange(1, 9)}, b{number}"
            yield from [*plain, "nop", "addi s6, s6, 1"]
            yield f"b{number}: xor s6, s6, s5"
            yield "nop"
        elif kind < 0.36:
            yield "p.elw t5, 0x21c(s0)"
        elif kind < 0.42:
            yield f"jal ra, routine{self.rng.randrange(4)}"
        elif kind < 0.75 and self.features:
            yield from getattr(self, self.rng.choice(sorted(self.features)))(number)
        else:
            yield from self.body()
        yield from (f"li s2, {TCDM + 0x400}", "add s3, s5, s2", "addi s3, s3, 0x400")

    # One method per feature

    def interrupts(self, _: int) -> Iterator[str]:
        if self.rng.random() < 0.5:
            yield self.rng.choice(["csrci mstatus, 8", "csrsi mstatus, 8"])
            yield from self.body()
            yield "csrsi mstatus, 8"
        else:
            yield f"li t5, {self.rng.randrange(1 << self.harts)}"
            yield "sw t5, 0x104(s0)"

    def timer(self, _: int) -> Iterator[str]:
        yield from self.body()

    def sleep(self, _: int) -> Iterator[str]:
        yield "wfi" if {"interrupts", "timer"} <= self.features else "nop"

    def traps(self, _: int) -> Iterator[str]:
        yield from self.body()
        yield "ecall"

    def mutex(self, _: int) -> Iterator[str]:
        yield "p.elw t5, 0xc0(s0)"
        yield from self.body()
        yield "sw zero, 0xc0(s0)"

    def cache(self, _: int) -> Iterator[str]:
        """Enable, disable, flush, prefetch; then on again."""
        yield "li t5, 0x10201400"
        yield f"li t6, {self.rng.choice([0, 1, 1, 1])}"
        yield f"sw t6, {self.rng.choice([0, 4, 8, 12, 0x1C])}(t5)"
        yield from self.body()
        yield "li t6, 1"
        yield "sw t6, 0(t5)"

    def patches(self, _: int) -> Iterator[str]:
        yield f"la t5, patch{self.rng.randrange(4)}"
        yield f"la t6, piece{self.rng.randrange(3)}"
        yield "lw t6, 0(t6)"
        yield "sw t6, 0(t5)"
        yield from self.body()

    def dma(self, number: int) -> Iterator[str]:
        rng = self.rng
        command = (
            rng.choice([4, 64, 100, 256, 512]) | rng.choice([1 << 17, 0]) | 1 << 18 | rng.choice([0, 1 << 20])
        )
        yield "li t5, 0x10204400"
        yield "lw t6, 0(t5)"
        for word in (command, TCDM + 0x2000 + 4 * rng.randrange(64), L2_DATA + 0x10000 + rng.randrange(64)):
            yield f"li a0, {word}"
            yield "sw a0, 0(t5)"
        yield f"d{number}: lw a0, 4(t5)"
        yield from ("srl a0, a0, t6", "andi a0, a0, 1", f"bnez a0, d{number}")
        yield from ("li a0, 1", "sll a0, a0, t6", "sw a0, 4(t5)")

    def start(self) -> Iterator[str]:
        yield from ("li s0, 0x10204000", "csrr s5, mhartid", f"li s4, {L2_DATA}", "slli s9, s5, 4")
        yield from (f"li t5, {TCDM + 0x3000}", "add s9, s9, t5", "slli s5, s5, 8", "csrwi 0x7e0, 1")
        yield from ("csrwi 0x7e1, 1", f"li s2, {TCDM + 0x400}", "add s3, s5, s2")
        yield from (f"addi {name}, s5, {self.rng.randrange(-900, 900)}" for name in _REGISTERS)
        yield from ("li t5, 0x20000", "sw t5, 8(s0)")  # the mutex event
        if "interrupts" in self.features:
            yield from ("li t5, 0x402", "sw t5, 0x14(s0)", "csrsi mstatus, 8")
            if "timer" in self.features:
                yield from (
                    "bnez s5, started",
                    "li t5, 0x10200400",
                    f"li t6, {self.rng.choice([1501, 2500])}",
                )
                yield from ("sw t6, 0x10(t5)", "li t6, 0x15", "sw t6, 0(t5)", "started:")

    def program(self, blocks: int) -> Assembled:
        vectors = "  j trapped\n" + "  j interrupted\n" * 31
        lines = [*self.start(), *(text for number in range(blocks) for text in self.block(number))]
        lines += ["csrci mstatus, 8", "nop", "j finish"]
        start = START.format(everybody=(1 << self.harts) - 1)
        return Assembled(vectors + start + "\n".join(lines) + _HANDLERS + EXIT, CODE - 0x80)


def random_program(seed: int, harts: int, blocks: int = 60, features: Collection[str] = ()) -> Assembled:
    """The same random text on every hart. With a timer there may be sleep in wfi; it ends by itself."""
    return _Generator(seed, harts, features).program(blocks)
