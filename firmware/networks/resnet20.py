"""ResNet-20 in CIFAR-10 shapes (arXiv 1512.03385): 4-bit activations, 2-bit weights, synthetic parameters.

The weights are random, so that its answers mean nothing; its work, its memory and its traffic are those of
the real network. Strided blocks have a 1x1 convolution in their shortcut (option B).
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
from network import AddFactors, Geometry, Layer, Network, Tensor, layer_output, sums

__all__ = ["build", "image"]

ACTIVATION_BITS, WEIGHT_BITS = 4, 2
Array = npt.NDArray[np.int64]


def _stream(name: str, count: int) -> Array:
    """32-bit numbers that depend on the name only: the finalizer of MurmurHash3 over a counter."""
    mask = np.uint64(0xFFFFFFFF)
    x = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B9)
    x = (x + np.uint64(zlib.crc32(name.encode()))) & mask
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = ((x ^ (x >> np.uint64(shift))) * np.uint64(factor)) & mask
    return (x ^ (x >> np.uint64(16))).astype(np.int64)


def image() -> Array:
    """The input [32, 32, 4]: three channels of bytes and one of zeros."""
    pixels = np.zeros((32, 32, 4), np.int64)
    pixels[..., :3] = _stream("image", 32 * 32 * 3).reshape(32, 32, 3) & 0xFF
    return pixels


def _weights(name: str, *shape: int) -> npt.NDArray[np.int8]:
    """-1, 0, 0, 1 with equal chances."""
    draws = _stream(name, int(np.prod(shape))) & 3
    return np.array([-1, 0, 0, 1], np.int8)[draws].reshape(shape)


class _Builder:
    """Adds layers one by one; each is calibrated on what the ones before compute for the image."""

    def __init__(self) -> None:
        self.tensors = {"image": Tensor(32, 32, 4, 8)}
        self.layers: list[Layer] = []
        self.values: dict[str, npt.NDArray[Any]] = {"image": image()[None]}

    def _add(self, layer: Layer, output: Tensor) -> str:
        self.tensors[layer.output] = output
        self.layers.append(layer)
        inputs = [self.values[name] for name in layer.inputs]
        self.values[layer.output] = layer_output(layer, inputs, output)
        return layer.output

    def convolution(
        self, name: str, source: str, channels: int, geometry: Geometry, real: int | None = None
    ) -> str:
        before = self.tensors[source]
        weights = _weights(name, channels, geometry.kernel, geometry.kernel, before.channels)
        if real is not None:
            weights[..., real:] = 0
        size = before.height // geometry.stride
        plain = Layer(
            name, "convolution", (source,), name, geometry, WEIGHT_BITS, weights, real_channels=real
        )
        accumulators = sums(plain, self.values[source])
        kappa = 64 + (_stream(f"{name} kappa", channels) & 127)
        # The middle of a channel's sums comes to lie just above zero, five deviations fill the output range.
        middle = np.round(accumulators.mean(axis=(0, 1, 2)))
        deviation = float(accumulators.std(axis=(0, 1, 2)).mean())
        shift = int(np.round(np.log2(128 * 2.5 * deviation / ((1 << ACTIVATION_BITS) - 1))))
        lambda_ = np.round(kappa * (0.3 * deviation - middle)) + (1 << shift >> 1)
        layer = Layer(
            name, "convolution", (source,), name, geometry, WEIGHT_BITS, weights,
            kappa=kappa.astype(np.int32), lambda_=lambda_.astype(np.int32), shift=shift, real_channels=real,
        )  # fmt: skip
        return self._add(layer, Tensor(size, size, channels, ACTIVATION_BITS))

    def residual(self, name: str, first: str, second: str) -> str:
        # Both inputs to eight bits (times 17), their sum back to four; above 439 of 510 it is clipped.
        factors = AddFactors((4352, 128, 8), (4352, 128, 8), (140, 2048, 12))
        return self._add(Layer(name, "add", (first, second), name, factors=factors), self.tensors[first])

    def block(self, name: str, source: str, channels: int, stride: int) -> str:
        first = self.convolution(f"{name}_conv1", source, channels, Geometry(3, stride, 1))
        second = self.convolution(f"{name}_conv2", first, channels, Geometry(3, 1, 1))
        if stride > 1:
            source = self.convolution(f"{name}_shortcut", source, channels, Geometry(1, stride, 0))
        return self.residual(f"{name}_add", second, source)

    def head(self, source: str) -> None:
        # Sixteen times the average of 4-bit values fits a byte.
        pool = Layer(
            "pool", "average_pool", (source,), "pool", Geometry(8),
            kappa=np.array(64 * 64), lambda_=np.array(128), shift=8,
        )  # fmt: skip
        self._add(pool, Tensor(1, 1, 64, 8))
        bias = (_stream("fc bias", 10) % 201 - 100).astype(np.int32)
        fc = Layer(
            "fc",
            "linear",
            ("pool",),
            "fc",
            weight_bits=WEIGHT_BITS,
            weights=_weights("fc", 10, 64),
            bias=bias,
        )
        self._add(fc, Tensor(1, 1, 10, 32))


def build() -> Network:
    """The whole network."""
    builder = _Builder()
    source = builder.convolution("conv1", "image", 16, Geometry(3, 1, 1), real=3)
    for stage, channels in enumerate((16, 32, 64), 1):
        for block in range(1, 4):
            stride = 2 if stage > 1 and block == 1 else 1
            source = builder.block(f"stage{stage}_{block}", source, channels, stride)
    builder.head(source)
    return Network("resnet20-a4w2", builder.tensors, tuple(builder.layers))
