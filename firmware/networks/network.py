"""A quantized network as data, tensors and layers; and what it computes, for the checksums of programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["AddFactors", "Geometry", "Layer", "Network", "Tensor", "layer_output", "pack", "run", "sums"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tensor:
    """An image [height, width, channels] of unsigned `bits`-bit integers, or of int32 (`bits` 32)."""

    height: int
    width: int
    channels: int
    bits: int

    @property
    def row_bytes(self) -> int:
        return self.width * self.channels * self.bits // 8

    @property
    def size(self) -> int:
        """Bytes."""
        return self.height * self.row_bytes


@dataclass(frozen=True, slots=True)
class Geometry:
    """Square kernel, stride and zero padding of a convolution or pooling layer, in pixels."""

    kernel: int = 1
    stride: int = 1
    pad: int = 0


@dataclass(frozen=True, slots=True)
class AddFactors:
    """clip8((x * m + a) >> s) for both inputs, then ((sum * m + a) >> s)."""

    first: tuple[int, int, int]
    second: tuple[int, int, int]
    out: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    `kind` is "convolution", "depthwise", "linear" (raw int32 output), "add", "average_pool" or "max_pool".
    Weights are [out, ky, kx, in], [channel, ky, kx], or [out, in]; kappa, lambda and bias are by output
    channel.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    output: str
    geometry: Geometry = field(default_factory=Geometry)
    weight_bits: int = 8
    weights: Array | None = None
    kappa: Array | None = None
    lambda_: Array | None = None
    bias: Array | None = None
    shift: int = 0
    factors: AddFactors | None = None
    real_channels: int | None = None  # of the input, if the others are padding

    def macs(self, tensors: dict[str, Tensor]) -> int:
        """Multiply-accumulates with weights, those with padded channels left out."""
        if self.weights is None:
            return 0
        output = tensors[self.output]
        size = int(self.weights.size)
        if self.real_channels is not None:
            size = size // self.weights.shape[-1] * self.real_channels
        return output.height * output.width * size


@dataclass(frozen=True, slots=True)
class Network:
    """Layers in the order in which they run; the first tensor is the input, the last output the result."""

    name: str
    tensors: dict[str, Tensor]
    layers: tuple[Layer, ...]

    @property
    def input(self) -> str:
        return next(iter(self.tensors))

    @property
    def output(self) -> str:
        return self.layers[-1].output

    @property
    def macs(self) -> int:
        return sum(layer.macs(self.tensors) for layer in self.layers)


def pack(values: Array, bits: int) -> bytes:
    """Little-endian packing: element 0 in the lowest bits of the first byte."""
    if bits == 32:
        return values.astype("<i4").tobytes()
    lanes = (values.reshape(-1, 8 // bits).astype(np.int64) & ((1 << bits) - 1)) << (
        bits * np.arange(8 // bits)
    )
    return bytes(lanes.sum(axis=1).astype(np.uint8))


def run(network: Network, images: Array) -> dict[str, Array]:
    """Every tensor of the network for images [n, height, width, channels]."""
    values = {network.input: images.astype(np.int64)}
    for layer in network.layers:
        inputs = [values[name] for name in layer.inputs]
        values[layer.output] = layer_output(layer, inputs, network.tensors[layer.output])
    return values


def sums(layer: Layer, image: Array) -> Array:
    """Accumulators [n, y, x, out] of a convolution, depthwise or linear layer."""
    assert layer.weights is not None
    if layer.kind == "depthwise":
        windows = _windows(image, layer.geometry)
        return np.einsum("nyxcij,cij->nyxc", windows, layer.weights.astype(np.int64))
    if layer.kind == "linear":
        bias = 0 if layer.bias is None else layer.bias.astype(np.int64)
        return (image.reshape(len(image), -1) @ layer.weights.astype(np.int64).T + bias)[:, None, None]
    # Sums of a few thousand products of small integers are exact in double precision, and BLAS is fast.
    filters = layer.weights.reshape(len(layer.weights), -1).astype(np.float64)
    return np.rint(_columns(image, layer.geometry) @ filters.T).astype(np.int64)


def _windows(image: Array, geometry: Geometry) -> Array:
    """[n, y, x, channel, ky, kx] of the image with its zero padding."""
    pad, size, stride = geometry.pad, geometry.kernel, geometry.stride
    padded = np.pad(image, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride]


def _columns(image: Array, geometry: Geometry) -> npt.NDArray[np.float64]:
    windows = _windows(image.astype(np.float64), geometry).transpose(0, 1, 2, 4, 5, 3)
    return np.ascontiguousarray(windows).reshape(*windows.shape[:3], -1)


def layer_output(layer: Layer, inputs: list[Array], output: Tensor) -> Array:
    """What one layer computes."""
    top = (1 << output.bits) - 1
    if layer.kind in ("convolution", "depthwise"):
        assert layer.kappa is not None and layer.lambda_ is not None
        scaled = sums(layer, inputs[0]) * layer.kappa.astype(np.int64) + layer.lambda_.astype(np.int64)
        if np.abs(scaled).max() >= 1 << 31:
            raise OverflowError(f"layer {layer.name} needs more than 32 bits")
        return np.clip(scaled >> layer.shift, 0, top)
    if layer.kind == "linear":
        return sums(layer, inputs[0])
    if layer.kind == "add":
        assert layer.factors is not None
        total = sum(
            np.clip((image * m + a) >> s, 0, 255)
            for image, (m, a, s) in zip(inputs, (layer.factors.first, layer.factors.second), strict=True)
        )
        m, a, s = layer.factors.out
        return np.clip((total * m + a) >> s, 0, top)
    if layer.kind == "average_pool":
        # Sum times lambda / window, the quotient rounded down once (kappa holds lambda).
        assert layer.kappa is not None and layer.lambda_ is not None
        factor = int(layer.kappa) // layer.geometry.kernel**2
        total = _windows(inputs[0], layer.geometry).sum(axis=(4, 5))
        return np.clip((total * factor + int(layer.lambda_)) >> layer.shift, 0, top)
    if layer.kind == "max_pool":
        # Padding by zeros never wins against unsigned values.
        return _windows(inputs[0], layer.geometry).max(axis=(4, 5))
    raise ValueError(f"layer {layer.name}: no layer is called {layer.kind!r}")
