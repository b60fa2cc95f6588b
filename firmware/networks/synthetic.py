"""Networks with random but fixed weights, each layer calibrated on what those before compute for one image.

Their answers mean nothing; their work, memory and traffic are those of real networks.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from network import Geometry, Layer, Network, Tensor, layer_output, sums

__all__ = ["Builder", "pixels", "stream"]

Array = npt.NDArray[np.int64]


def stream(name: str, count: int) -> Array:
    """32-bit numbers that depend on the name only: the finalizer of MurmurHash3 over a counter."""
    mask = np.uint64(0xFFFFFFFF)
    x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B9)
    x = (x + np.uint64(zlib.crc32(name.encode()))) & mask
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & mask
    return (x ^ (x >> np.uint64(16))).astype(np.int64)


def pixels(height: int, width: int) -> Array:
    """An image [height, width, 4]: three channels of bytes and one of zeros."""
    image = np.zeros((height, width, 4), np.int64)
    image[..., :3] = stream("image", height * width * 3).reshape(height, width, 3) & 0xFF
    return image


@dataclass
class Builder:
    """Adds layers one by one, all with the same widths."""

    image: Array
    activation_bits: int
    weight_levels: tuple[int, ...]  # equally likely
    weight_bits: int
    tensors: dict[str, Tensor] = field(init=False)
    layers: list[Layer] = field(default_factory=list)
    values: dict[str, npt.NDArray[Any]] = field(init=False)

    def __post_init__(self) -> None:
        height, width, channels = self.image.shape
        self.tensors = {"image": Tensor(height, width, channels, 8)}
        self.values = {"image": self.image[None]}

    def weights(self, name: str, *shape: int) -> npt.NDArray[np.int8]:
        draws = stream(name, int(np.prod(shape))) % len(self.weight_levels)
        return np.array(self.weight_levels, np.int8)[draws].reshape(shape)

    def add(self, layer: Layer, output: Tensor) -> str:
        self.tensors[layer.output] = output
        self.layers.append(layer)
        inputs = [self.values[name] for name in layer.inputs]
        self.values[layer.output] = layer_output(layer, inputs, output)
        return layer.output

    def convolution(
        self, name: str, source: str, channels: int, geometry: Geometry, real: int | None = None
    ) -> str:
        """`real` input channels count, the others are zeros."""
        before = self.tensors[source]
        weights = self.weights(name, channels, geometry.kernel, geometry.kernel, before.channels)
        if real is not None:
            weights[..., real:] = 0
        return self._normalized(name, "convolution", source, geometry, weights, real)

    def depthwise(self, name: str, source: str, geometry: Geometry) -> str:
        weights = self.weights(name, self.tensors[source].channels, geometry.kernel, geometry.kernel)
        return self._normalized(name, "depthwise", source, geometry, weights, None)

    def max_pool(self, name: str, source: str, geometry: Geometry) -> str:
        layer = Layer(name, "max_pool", (source,), name, geometry)
        before = self.tensors[source]
        height, width = (_outputs(size, geometry) for size in (before.height, before.width))
        return self.add(layer, Tensor(height, width, before.channels, before.bits))

    def network(self, name: str) -> Network:
        return Network(name, self.tensors, tuple(self.layers))

    def _normalized(
        self,
        name: str,
        kind: str,
        source: str,
        geometry: Geometry,
        weights: npt.NDArray[np.int8],
        real: int | None,
    ) -> str:
        before, channels = self.tensors[source], len(weights)
        plain = Layer(name, kind, (source,), name, geometry, self.weight_bits, weights, real_channels=real)
        accumulators = sums(plain, self.values[source])
        kappa = 64 + (stream(f"{name} kappa", channels) & 127)
        # The middle of a channel's sums comes to lie just above zero, five deviations fill the output range.
        middle = np.round(accumulators.mean(axis=(0, 1, 2)))
        deviation = float(accumulators.std(axis=(0, 1, 2)).mean())
        shift = int(np.round(np.log2(128 * 2.5 * deviation / ((1 << self.activation_bits) - 1))))
        lambda_ = np.round(kappa * (0.3 * deviation - middle)) + (1 << shift >> 1)
        layer = Layer(
            name, kind, (source,), name, geometry, self.weight_bits, weights,
            kappa=kappa.astype(np.int32), lambda_=lambda_.astype(np.int32), shift=shift, real_channels=real,
        )  # fmt: skip
        height, width = (_outputs(size, geometry) for size in (before.height, before.width))
        return self.add(layer, Tensor(height, width, channels, self.activation_bits))


def _outputs(size: int, geometry: Geometry) -> int:
    return (size + 2 * geometry.pad - geometry.kernel) // geometry.stride + 1
