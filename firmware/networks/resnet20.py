"""ResNet-20 in CIFAR-10 shapes (arXiv 1512.03385): 4-bit activations, 2-bit weights, synthetic parameters.

Strided blocks have a 1x1 convolution in their shortcut (option B).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from network import AddFactors, Geometry, Layer, Network, Tensor
from synthetic import Builder, pixels, stream

__all__ = ["build", "image"]


def image() -> npt.NDArray[np.int64]:
    """The input [32, 32, 4]."""
    return pixels(32, 32)


class _Builder(Builder):
    """With the parts of residual networks."""

    def residual(self, name: str, first: str, second: str) -> str:
        # Both inputs to eight bits (times 17), their sum back to four; above 439 of 510 it is clipped.
        factors = AddFactors((4352, 128, 8), (4352, 128, 8), (140, 2048, 12))
        return self.add(Layer(name, "add", (first, second), name, factors=factors), self.tensors[first])

    def block(self, name: str, source: str, channels: int, stride: int) -> str:
        first = self.convolution(f"{name}_conv1", source, channels, Geometry(3, stride, 1))
        second = self.convolution(f"{name}_conv2", first, channels, Geometry(3, 1, 1))
        if stride > 1:
            source = self.convolution(f"{name}_shortcut", source, channels, Geometry(1, stride, 0))
        return self.residual(f"{name}_add", second, source)

    def head(self, source: str) -> None:
        # Sixteen times the average of 4-bit values fills a byte.
        pool = Layer(
            "pool", "average_pool", (source,), "pool", Geometry(8),
            kappa=np.array(64 * 64), lambda_=np.array(128), shift=8,
        )  # fmt: skip
        self.add(pool, Tensor(1, 1, 64, 8))
        bias = (stream("fc bias", 10) % 201 - 100).astype(np.int32)
        weights = self.weights("fc", 10, 64)
        fc = Layer("fc", "linear", ("pool",), "fc", weight_bits=self.weight_bits, weights=weights, bias=bias)
        self.add(fc, Tensor(1, 1, 10, 32))


def build() -> Network:
    """The whole network."""
    builder = _Builder(image(), activation_bits=4, weight_levels=(-1, 0, 0, 1), weight_bits=2)
    source = builder.convolution("conv1", "image", 16, Geometry(3, 1, 1), real=3)
    for stage, channels in enumerate((16, 32, 64), 1):
        for block in range(1, 4):
            stride = 2 if stage > 1 and block == 1 else 1
            source = builder.block(f"stage{stage}_{block}", source, channels, stride)
    builder.head(source)
    return builder.network("resnet20-a4w2")
