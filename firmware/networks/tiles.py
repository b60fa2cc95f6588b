"""Cuts a layer into tiles of whole rows and of output channels that fit into TCDM."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from emit import Blob
from network import Layer, Tensor

__all__ = ["Shape", "Tile", "conv_scratch_bytes", "input_rows", "solve"]

HARTS = 8
PIXELS = 4  # rows that a MatMul kernel of Flex-V takes at once
SLACK = 8


def input_rows(layer: Layer, tensors: dict[str, Tensor], first: int, count: int) -> tuple[int, int, int, int]:
    """First input row, number of rows, and rows of padding above and below, for some output rows."""
    geometry, height = layer.geometry, tensors[layer.inputs[0]].height
    if layer.kind == "add":
        return first, count, 0, 0
    top = first * geometry.stride - geometry.pad
    end = (first + count - 1) * geometry.stride - geometry.pad + geometry.kernel
    if layer.kind == "linear":
        top, end = 0, height
    inside = max(top, 0), min(end, height)
    # Rows that no window reaches are left out below, padding that none reaches as well.
    return inside[0], inside[1] - inside[0], inside[0] - top, end - inside[1]


def conv_scratch_bytes(layer: Layer, tensors: dict[str, Tensor], channels: int) -> int:
    """Of one hart: what conv_scratch_bytes() of firmware/kernels/conv.c computes."""
    assert layer.weights is not None
    source, output = tensors[layer.inputs[0]], tensors[layer.output]
    elements = layer.geometry.kernel**2 * source.channels
    lanes = max(source.bits, layer.weight_bits)
    steps = (elements * layer.weight_bits // 8 + 3) // 4
    row = 4 * steps * (lanes // layer.weight_bits)
    staging = max(channels, 4) * output.bits // 8
    return (PIXELS * row + 3) // 4 * 4 + 16 + (PIXELS * staging + 3) // 4 * 4 + 16


@dataclass(frozen=True, slots=True)
class Tile:
    """Some rows and channels of a layer's output."""

    layer: Layer
    tensors: dict[str, Tensor]
    first_row: int
    rows: int
    first_channel: int
    channels: int

    @classmethod
    def whole(cls, layer: Layer, tensors: dict[str, Tensor]) -> Tile:
        output = tensors[layer.output]
        return cls(layer, tensors, 0, output.height, 0, output.channels)

    @property
    def first_input_row(self) -> int:
        return input_rows(self.layer, self.tensors, self.first_row, self.rows)[0]

    @property
    def input_rows(self) -> int:
        return input_rows(self.layer, self.tensors, self.first_row, self.rows)[1]

    @property
    def pads(self) -> tuple[int, int]:
        """Above and below."""
        return input_rows(self.layer, self.tensors, self.first_row, self.rows)[2:]

    @property
    def macs(self) -> int:
        if self.layer.weights is None:
            return 0
        width = self.tensors[self.layer.output].width
        return self.rows * width * self.channels * int(self.layer.weights[0].size)

    @property
    def scratch(self) -> int:
        """Of all harts."""
        if self.layer.kind == "convolution":
            return HARTS * conv_scratch_bytes(self.layer, self.tensors, self.channels)
        if self.layer.kind == "linear":
            # The vector in the kernel's order, at most a byte an element.
            source = self.tensors[self.layer.inputs[0]]
            return source.height * source.width * source.channels + 32
        return 0

    @property
    def cycles(self) -> float:
        """A rough estimate: blocks of the busiest hart, with what surrounds the inner loop."""
        output = self.tensors[self.layer.output]
        pixels = self.rows * output.width
        if self.layer.kind == "add":
            return math.ceil(pixels * self.channels / 4 / HARTS) * 80
        if self.layer.weights is None:
            return math.ceil(pixels / HARTS) * self.channels * 20
        bits = max(self.tensors[self.layer.inputs[0]].bits, self.layer.weight_bits)
        steps = math.ceil(int(self.layer.weights[0].size) * self.layer.weight_bits / 32)
        block = steps * (16 * bits // self.layer.weight_bits + 1) + 120
        return math.ceil(math.ceil(pixels / PIXELS) / HARTS) * math.ceil(self.channels / 4) * block


@dataclass(frozen=True, slots=True)
class Shape:
    """How a layer is cut: rows and channels of a full tile, and how many buffers that takes."""

    layer: Layer
    tensors: dict[str, Tensor]
    rows: int
    channels: int

    @property
    def _output(self) -> Tensor:
        return self.tensors[self.layer.output]

    @property
    def _row_tiles(self) -> int:
        return math.ceil(self._output.height / self.rows)

    @property
    def _channel_tiles(self) -> int:
        return math.ceil(self._output.channels / self.channels)

    def tiles(self) -> Iterator[Tile]:
        for channel in range(0, self._output.channels, self.channels):
            for row in range(0, self._output.height, self.rows):
                rows = min(self.rows, self._output.height - row)
                channels = min(self.channels, self._output.channels - channel)
                yield Tile(self.layer, self.tensors, row, rows, channel, channels)

    @property
    def input_buffers(self) -> int:
        """One if all tiles have the same input."""
        return 1 if self._row_tiles == 1 else 2

    @property
    def weight_buffers(self) -> int:
        return 0 if self.layer.weights is None else min(2, self._channel_tiles)

    @property
    def output_buffers(self) -> int:
        return min(2, self._row_tiles * self._channel_tiles)

    @property
    def input_bytes(self) -> int:
        rows = max(tile.input_rows for tile in self.tiles())
        return rows * self.tensors[self.layer.inputs[0]].row_bytes

    @property
    def weight_bytes(self) -> int:
        return Blob.size_of(self.layer, self.channels)

    @property
    def output_bytes(self) -> int:
        output = self._output
        return self.rows * output.width * self.channels * output.bits // 8

    @property
    def scratch(self) -> int:
        return max(tile.scratch for tile in self.tiles())

    @property
    def bytes(self) -> int:
        """Of TCDM."""
        parts = [self.input_bytes] * (self.input_buffers * len(self.layer.inputs))
        parts += [self.weight_bytes] * self.weight_buffers + [self.output_bytes] * self.output_buffers
        parts.append(self.scratch)
        return sum((part + 7) // 8 * 8 + SLACK for part in parts)

    @property
    def cycles(self) -> float:
        """Estimated: of each tile the longer of computing and moving; first load and last store on top."""
        tiles = list(self.tiles())
        moved = self.input_bytes * len(self.layer.inputs) + self.output_bytes
        moved += self.weight_bytes if self.weight_buffers else 0
        total = moved / 8
        for tile in tiles:
            loads = self.input_bytes * len(self.layer.inputs) if self.input_buffers > 1 else 0
            loads += self.weight_bytes if self.weight_buffers and tile.first_row == 0 else 0
            total += max(tile.cycles, (loads + self.output_bytes) / 8) + 250
        return total


def solve(layer: Layer, tensors: dict[str, Tensor], budget: int) -> Shape:
    """The fastest shape that fits, by the estimate; of equal ones that with fewer bytes."""
    output = tensors[layer.output]
    rows = range(1, output.height + 1)
    step = max(4, 8 // output.bits if output.bits < 8 else 1)
    channels = [*range(step, output.channels, step), output.channels]
    if layer.kind in ("add", "average_pool"):
        channels = [output.channels]
    if layer.kind in ("linear", "average_pool"):
        rows = range(output.height, output.height + 1)
    shapes = [Shape(layer, tensors, r, c) for r in rows for c in channels]
    fitting = [shape for shape in shapes if shape.bytes <= budget]
    if not fitting:
        smallest = min(shape.bytes for shape in shapes)
        raise ValueError(f"layer {layer.name} needs {smallest} bytes of TCDM, there are {budget}")
    return min(fitting, key=lambda shape: (shape.cycles, shape.bytes))
