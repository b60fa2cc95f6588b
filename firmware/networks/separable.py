"""Depthwise and pointwise layers in turn, as in MobileNetV1 (arXiv 1704.04861), behind a strided convolution.

A wide image, 4-bit activations and weights, synthetic parameters. The max pool at the end is not MobileNet's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from network import Geometry, Network
from synthetic import Builder, pixels

__all__ = ["build", "image"]


def image() -> npt.NDArray[np.int64]:
    """The input [32, 160, 4]."""
    return pixels(32, 160)


def build() -> Network:
    """The whole network."""
    builder = Builder(image(), activation_bits=4, weight_levels=tuple(range(-7, 8)), weight_bits=4)
    source = builder.convolution("conv", "image", 16, Geometry(3, 2, 1), real=3)
    for index, (channels, stride) in enumerate(((32, 1), (64, 2), (64, 1)), 1):
        source = builder.depthwise(f"depthwise{index}", source, Geometry(3, stride, 1))
        source = builder.convolution(f"pointwise{index}", source, channels, Geometry())
    builder.max_pool("pool", source, Geometry(2, 2))
    return builder.network("separable-a4w4")
