"""What a plan of a network consists of: constants, areas of memory, transfers, steps."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from network import Layer, Network, pack

__all__ = ["SLACK", "Area", "Blob", "Plan", "Reference", "Step", "Transfer", "Word"]

SLACK = 8  # bytes that kernels may load behind a buffer
TO_TCDM, INCREMENT, TWO_D, EVENT = 1 << 17, 1 << 18, 1 << 19, 1 << 20


@dataclass(frozen=True, slots=True)
class Reference:
    """The address of a symbol plus an offset, known to the linker."""

    symbol: str
    offset: int

    def __str__(self) -> str:
        return f"{self.symbol} + {self.offset}" if self.offset else self.symbol


Word = int | Reference


@dataclass(frozen=True, slots=True)
class Blob:
    """Weights of some output channels, eight bytes that kernels may load behind them, and parameters."""

    symbol: str
    data: bytes

    @property
    def reference(self) -> Reference:
        return Reference(self.symbol, 0)

    @classmethod
    def of(cls, layer: Layer, first: int, channels: int) -> Blob:
        assert layer.weights is not None
        chosen = slice(first, first + channels)
        rows = layer.weights[chosen].reshape(channels, -1)
        if layer.kind == "depthwise":
            # A byte holds the same tap of consecutive channels.
            parts = 8 // layer.weight_bits
            rows = rows.reshape(channels // parts, parts, -1).transpose(0, 2, 1)
        if layer.kind == "linear":
            step = 32 // layer.weight_bits
            rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % step)))
        weights = pack(rows, layer.weight_bits)
        weights += bytes(cls.params_offset(layer, channels) - len(weights))
        return cls(f"network_{layer.name}_{first}", weights + _params(layer, chosen))

    @staticmethod
    def params_offset(layer: Layer, channels: int) -> int:
        assert layer.weights is not None
        row_bits = int(layer.weights[0].size) * layer.weight_bits
        if layer.kind == "linear":
            row_bits = (row_bits + 31) // 32 * 32
        return (channels * row_bits // 8 + 3) // 4 * 4 + SLACK

    @classmethod
    def size_of(cls, layer: Layer, channels: int | None = None) -> int:
        """Bytes for some or all channels; 0 for a layer without weights."""
        if layer.weights is None:
            return 0
        count = len(layer.weights) if channels is None else channels
        return cls.params_offset(layer, count) + count * (4 if layer.kind == "linear" else 12)


def _params(layer: Layer, chosen: slice) -> bytes:
    if layer.kind == "linear":
        assert layer.bias is not None
        return layer.bias[chosen].astype("<i4").tobytes()
    assert layer.kappa is not None and layer.lambda_ is not None
    kappa, lambda_ = layer.kappa[chosen].astype(np.int64), layer.lambda_[chosen].astype(np.int64)
    return np.stack([np.zeros_like(kappa), kappa, lambda_], axis=1).astype("<i4").tobytes()


@dataclass(frozen=True, slots=True)
class Area:
    """Bytes of the arena in TCDM, or of the images in L2."""

    space: str
    start: int
    size: int

    def meets(self, other: Area) -> bool:
        return (
            self.space == other.space
            and self.start < other.start + other.size
            and other.start < self.start + self.size
        )


@dataclass(frozen=True, slots=True)
class Transfer:
    """One DMA command; `external` lies in L2. Lines of `count` bytes begin `stride` bytes apart."""

    load: bool
    tcdm: Area
    external: Reference
    external_area: Area | None  # None for constants
    count: int = 0
    stride: int = 0

    def words(self) -> list[int | Reference]:
        command = self.tcdm.size | INCREMENT | EVENT
        command |= (TO_TCDM if self.load else 0) | (TWO_D if self.count else 0)
        return [command, Reference("network_arena", self.tcdm.start), self.external, self.count, self.stride]


@dataclass(slots=True)
class Step:
    """One call of a kernel, with what it reads and writes."""

    layer: int
    kind: int
    job: list[int | Reference]
    loads: list[Transfer]
    stores: list[Transfer]
    reads: list[Area]
    writes: list[Area]
    macs: int = 0
    early: list[Transfer] = field(default_factory=list)
    late: list[Transfer] = field(default_factory=list)
    wait_for_stores: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the program needs."""

    network: Network
    steps: tuple[Step, ...]
    blobs: tuple[Blob, ...]
    input: Reference
    output: Reference
    arena_bytes: int
    l2_bytes: int
    streams: bool
