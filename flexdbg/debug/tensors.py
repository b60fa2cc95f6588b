"""Tensors that the user has declared: a name, an element type, a shape, an address."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Tensor", "element_of"]


@dataclass(frozen=True, slots=True)
class Tensor:
    """Elements of 2 to 32 bits, packed, last dimension fastest."""

    name: str
    bits: int
    signed: bool
    shape: tuple[int, ...]
    address: int

    @property
    def count(self) -> int:
        total = 1
        for size in self.shape:
            total *= size
        return total

    @property
    def size(self) -> int:
        """Bytes."""
        return -(-self.count * self.bits // 8)

    @property
    def kind(self) -> str:
        return f"{'int' if self.signed else 'uint'}{self.bits}"

    def index(self, address: int) -> tuple[int, ...] | None:
        """Indexes of the element that starts at an address, None outside."""
        if not self.address <= address < self.address + self.size:
            return None
        flat = (address - self.address) * 8 // self.bits
        found = []
        for size in reversed(self.shape):
            found.append(flat % size)
            flat //= size
        return tuple(reversed(found))


def element_of(tensors: Iterable[Tensor], address: int) -> str:
    """`act[2][0][14]`, or nothing where no declared tensor is."""
    for tensor in tensors:
        index = tensor.index(address)
        if index is not None:
            return tensor.name + "".join(f"[{i}]" for i in index)
    return ""
