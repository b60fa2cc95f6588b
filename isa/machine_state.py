"""Architectural state of one hart for the pseudo-code evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .model import Format
from .model_cache import isa_model

__all__ = ["Loop", "Memory", "State", "Trap", "Walker"]

MASK = 0xFFFFFFFF


class Trap(Exception):
    """The instruction does not complete: mcause 2 illegal, 3 ebreak, 11 ecall."""

    def __init__(self, cause: int) -> None:
        super().__init__(f"trap {cause}")
        self.cause = cause


@dataclass
class Walker:
    """Address generator of one operand; `count` is hidden: updates since the last rollback."""

    addr: int = 0
    stride: int = 0
    rollback: int = 0
    skip: int = 0
    count: int = 0

    def step(self) -> None:
        self.addr = (self.addr + (self.stride if self.count < self.skip else self.rollback)) & MASK
        self.count = 0 if self.count == self.skip else (self.count + 1) & MASK


@dataclass
class Loop:
    """Hardware loop; `end` is the address of the last instruction of the body."""

    start: int = 0
    end: int = 0
    count: int = 0


class Memory:
    """Sparse little-endian bytes."""

    def __init__(self) -> None:
        self.bytes: dict[int, int] = {}

    def read(self, address: int, size: int) -> int:
        return sum(self.bytes.get((address + k) & MASK, 0) << 8 * k for k in range(size))

    def write(self, address: int, value: int, size: int) -> None:
        for k in range(size):
            self.bytes[(address + k) & MASK] = value >> 8 * k & 0xFF

    def load(self, address: int, data: bytes) -> None:
        self.bytes.update((address + k, byte) for k, byte in enumerate(data))

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self.bytes))


# CSRs with their own place in the state: (attribute path, implemented bits).
_PLACES = {
    0x00D: ("simd_fmt", 0xF),
    0x00E: ("mix_cycle", 0x7),
    0x00F: ("mix_skip", 0x1F),
    0x010: ("sb_legacy", 0x1),
    **{
        0x100 + 2 * k + n: (f"{operand}.{name}", MASK)
        for k, name in enumerate(("addr", "stride", "rollback", "skip"))
        for n, operand in enumerate(("a", "w"))
    },
    **{
        0x7C0 + 4 * n + k: (f"loop.{n}.{name}", MASK)
        for k, name in enumerate(("start", "end", "count"))
        for n in range(2)
    },
}

_WRITABLE = {0x341: MASK - 1, 0x7E1: 3, 0xCC1: 3}  # implemented bits of the others, where not all


@dataclass
class State:
    """Registers of a hart, with the reset values of Flex-V."""

    x: list[int] = field(default_factory=lambda: [0] * 32)
    pc: int = 0
    nn_w: list[int] = field(default_factory=lambda: [0] * 4)
    nn_a: list[int] = field(default_factory=lambda: [0] * 2)
    a: Walker = field(default_factory=Walker)
    w: Walker = field(default_factory=Walker)
    simd_fmt: int = 0
    mix_cycle: int = 0
    mix_skip: int = 0
    sb_legacy: int = 1
    skip_count: int = 0  # hidden: dot products since the slice last moved
    loop: list[Loop] = field(default_factory=lambda: [Loop(), Loop()])
    csr: dict[int, int] = field(default_factory=dict)  # the others

    def __post_init__(self) -> None:
        for known in isa_model().csrs:
            if known.address not in _PLACES and known.reset:
                self.csr.setdefault(known.address, known.reset)

    @property
    def format(self) -> Format | None:
        """The selected format, None if it is reserved."""
        formats = isa_model().formats
        return formats[self.simd_fmt] if self.simd_fmt < len(formats) else None

    def _owner(self, path: str) -> tuple[object, str]:
        first, *rest = path.split(".")
        if not rest:
            return self, first
        if first == "loop":
            return self.loop[int(rest[0])], rest[1]
        return getattr(self, first), rest[0]

    def read_csr(self, number: int) -> int:
        """Value of a CSR. Reading an address CSR by an instruction resets its counter, see touch_csr."""
        if number in _PLACES:
            owner, name = self._owner(_PLACES[number][0])
            return int(getattr(owner, name))
        return self.csr.get(number, 0)

    def write_csr(self, number: int, value: int) -> None:
        if number in _PLACES:
            path, bits = _PLACES[number]
            owner, name = self._owner(path)
            setattr(owner, name, value & bits)
            return
        known = isa_model().csr_by_address.get(number)
        if known is not None and known.access.endswith("RW"):
            self.csr[number] = value & _WRITABLE.get(number, MASK)

    def touch_csr(self, number: int) -> None:
        """Side effect of any CSR instruction: the update counter behind an address CSR restarts."""
        if number == 0x100:
            self.a.count = 0
        elif number == 0x101:
            self.w.count = 0

    def count_dot_product(self) -> None:
        """The MPC: every `mix_skip` dot products the slice moves on, under a mixed format."""
        if self.skip_count + 1 < self.mix_skip:
            self.skip_count += 1
            return
        self.skip_count = 0
        chosen = self.format
        if chosen and chosen.mixed:
            self.mix_cycle = 0 if self.mix_cycle >= chosen.slices - 1 else self.mix_cycle + 1
