"""The precision pairs of Table III and the cores that the MatMul kernels are written for."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PAIRS", "Pair"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Widths in bits of unsigned activations and signed weights, and the format code of MPIC and Flex-V."""

    activations: int
    weights: int
    simd_fmt: int

    @property
    def name(self) -> str:
        return f"a{self.activations}w{self.weights}"

    @property
    def slices(self) -> int:
        """Activation words that one weight word is multiplied with."""
        return self.activations // self.weights

    @property
    def step(self) -> int:
        """Elements of K consumed by one inner iteration: one weight word per filter."""
        return 32 // self.weights

    @property
    def mixed(self) -> bool:
        return self.activations != self.weights


# Format codes: CSR simd_fmt (AlSaqr-platform/riscv_nn:rtl/riscv_cs_registers.sv).
PAIRS = {
    pair.name: pair
    for pair in (Pair(8, 8, 2), Pair(8, 4, 8), Pair(8, 2, 6), Pair(4, 4, 3), Pair(4, 2, 5), Pair(2, 2, 4))
}
