"""Cuts a layer into tiles of output rows, columns and channels that fit into TCDM."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from network import Layer, Tensor
from plan import SLACK, Blob

__all__ = ["Shape", "Span", "Tile", "conv_scratch_bytes", "depthwise_scratch_bytes", "input_span", "solve"]

HARTS = 8
PIXELS = 4  # rows that a MatMul kernel of Flex-V takes at once
# Layers whose output channels need the same channels of the input only; the planner cuts those of the first.
BY_CHANNEL = ("depthwise", "add", "average_pool", "max_pool")


class Span(NamedTuple):
    """Rows or columns of an input that some of the output need, and how many of padding around them."""

    first: int
    count: int
    before: int
    after: int


def input_span(layer: Layer, size: int, first: int, count: int) -> Span:
    """What `count` output rows (columns) from `first` need of an input that has `size` of them."""
    geometry = layer.geometry
    if layer.kind == "add":
        return Span(first, count, 0, 0)
    if layer.kind == "linear":
        return Span(0, size, 0, 0)
    start = first * geometry.stride - geometry.pad
    end = (first + count - 1) * geometry.stride - geometry.pad + geometry.kernel
    # What no window reaches is left out, padding that none reaches as well.
    inside, outside = max(start, 0), min(end, size)
    return Span(inside, outside - inside, inside - start, end - outside)


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


def depthwise_scratch_bytes(layer: Layer, tensors: dict[str, Tensor], columns: Span) -> int:
    """Of one hart: what depthwise_scratch_bytes() of firmware/kernels/depthwise.c computes."""
    kernel = layer.geometry.kernel
    words = (kernel + 3) // 4
    row = (columns.before + 3) // 4 * 4 + columns.count + columns.after + 4 * words
    plane = (row + 3) // 4 * 4 * kernel
    line = (_outputs(layer, columns) + 3) // 4 * 4
    return _group(layer, tensors) * (plane + 4 * words * kernel + line)


def _outputs(layer: Layer, columns: Span) -> int:
    geometry = layer.geometry
    return (columns.before + columns.count + columns.after - geometry.kernel) // geometry.stride + 1


def _group(layer: Layer, tensors: dict[str, Tensor]) -> int:
    """Channels that a depthwise kernel computes together: those that share bytes."""
    return 8 // min(tensors[layer.inputs[0]].bits, tensors[layer.output].bits, layer.weight_bits)


@dataclass(frozen=True, slots=True)
class Tile:
    """Some rows, columns and channels of a layer's output."""

    layer: Layer
    tensors: dict[str, Tensor]
    first_row: int
    rows: int
    first_column: int
    columns: int
    first_channel: int
    channels: int

    @classmethod
    def whole(cls, layer: Layer, tensors: dict[str, Tensor]) -> Tile:
        output = tensors[layer.output]
        return cls(layer, tensors, 0, output.height, 0, output.width, 0, output.channels)

    @property
    def input_rows(self) -> Span:
        return input_span(self.layer, self.tensors[self.layer.inputs[0]].height, self.first_row, self.rows)

    @property
    def input_columns(self) -> Span:
        width = self.tensors[self.layer.inputs[0]].width
        span = input_span(self.layer, width, self.first_column, self.columns)
        # Lines of a tile of whole rows are those of the image, with what no window reaches.
        whole = self.columns == self.tensors[self.layer.output].width
        return span._replace(count=width) if whole else span

    @property
    def input_channels(self) -> tuple[int, int]:
        """The first and how many."""
        if self.layer.kind in BY_CHANNEL:
            return self.first_channel, self.channels
        return 0, self.tensors[self.layer.inputs[0]].channels

    @property
    def macs(self) -> int:
        if self.layer.weights is None:
            return 0
        return self.rows * self.columns * self.channels * int(self.layer.weights[0].size)

    @property
    def scratch(self) -> int:
        """Of all harts."""
        if self.layer.kind == "convolution":
            return HARTS * conv_scratch_bytes(self.layer, self.tensors, self.channels)
        if self.layer.kind == "depthwise":
            return HARTS * depthwise_scratch_bytes(self.layer, self.tensors, self.input_columns)
        if self.layer.kind == "linear":
            # The vector in the kernel's order, at most a byte an element.
            source = self.tensors[self.layer.inputs[0]]
            return source.height * source.width * source.channels + 32
        return 0

    @property
    def cycles(self) -> float:
        """A rough estimate: blocks of the busiest hart, with what surrounds the inner loop."""
        pixels = self.rows * self.columns
        if self.layer.kind == "add":
            return math.ceil(pixels * self.channels / 4 / HARTS) * 80
        if self.layer.kind == "depthwise":
            group = _group(self.layer, self.tensors)
            row = self.columns * 13 + self.input_columns.count * 3 * self.layer.geometry.stride + 150
            return math.ceil(self.channels / group / HARTS) * group * self.rows * row
        if self.layer.weights is None:
            return math.ceil(pixels / HARTS) * self.channels * 20
        bits = max(self.tensors[self.layer.inputs[0]].bits, self.layer.weight_bits)
        steps = math.ceil(int(self.layer.weights[0].size) * self.layer.weight_bits / 32)
        block = steps * (16 * bits // self.layer.weight_bits + 1) + 120
        return math.ceil(math.ceil(pixels / PIXELS) / HARTS) * math.ceil(self.channels / 4) * block


@dataclass(frozen=True, slots=True)
class Shape:
    """How a layer is cut: the size of a full tile, and how many buffers that takes."""

    layer: Layer
    tensors: dict[str, Tensor]
    rows: int
    columns: int
    channels: int

    @property
    def _output(self) -> Tensor:
        return self.tensors[self.layer.output]

    @property
    def _row_tiles(self) -> int:
        return math.ceil(self._output.height / self.rows) * math.ceil(self._output.width / self.columns)

    @property
    def _channel_tiles(self) -> int:
        return math.ceil(self._output.channels / self.channels)

    @property
    def movable(self) -> bool:
        """Whether lines of equal length and distance make up every tile: one DMA command takes no more."""
        if self.columns == self._output.width or self.channels == self._output.channels:
            return True
        return self.rows == 1 and self.layer.kind not in BY_CHANNEL

    def tiles(self) -> Iterator[Tile]:
        output = self._output
        for channel in range(0, output.channels, self.channels):
            for row in range(0, output.height, self.rows):
                for column in range(0, output.width, self.columns):
                    rows = min(self.rows, output.height - row)
                    columns = min(self.columns, output.width - column)
                    channels = min(self.channels, output.channels - channel)
                    yield Tile(self.layer, self.tensors, row, rows, column, columns, channel, channels)

    @property
    def input_buffers(self) -> int:
        """One if all tiles have the same input."""
        same = self._row_tiles == 1 and (self._channel_tiles == 1 or self.layer.kind not in BY_CHANNEL)
        return 1 if same else 2

    @property
    def weight_buffers(self) -> int:
        return 0 if self.layer.weights is None else min(2, self._channel_tiles)

    @property
    def output_buffers(self) -> int:
        return min(2, self._row_tiles * self._channel_tiles)

    def _edge(self) -> Iterator[Tile]:
        """The tiles of one column and those of one row: together they have every height and width."""
        output = self._output
        for row in range(0, output.height, self.rows):
            rows = min(self.rows, output.height - row)
            yield Tile(self.layer, self.tensors, row, rows, 0, self.columns, 0, self.channels)
        for column in range(0, output.width, self.columns):
            columns = min(self.columns, output.width - column)
            yield Tile(self.layer, self.tensors, 0, self.rows, column, columns, 0, self.channels)

    @property
    def input_bytes(self) -> int:
        edge = list(self._edge())
        rows, columns = (
            max(tile.input_rows.count for tile in edge),
            max(t.input_columns.count for t in edge),
        )
        bits = self.tensors[self.layer.inputs[0]].bits
        return rows * columns * edge[0].input_channels[1] * bits // 8

    @property
    def weight_bytes(self) -> int:
        return Blob.size_of(self.layer, self.channels)

    @property
    def output_bytes(self) -> int:
        return self.rows * self.columns * self.channels * self._output.bits // 8

    @property
    def scratch(self) -> int:
        return max(tile.scratch for tile in self._edge())

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
        inputs, output = self.input_bytes * len(self.layer.inputs), self.output_bytes
        weights = self.weight_bytes if self.weight_buffers else 0
        total = (inputs + output + weights) / 8
        for tile in tiles:
            loads = inputs if self.input_buffers > 1 else 0
            loads += weights if tile.first_row == tile.first_column == 0 else 0
            total += max(tile.cycles, (loads + output) / 8) + 250
        return total


def solve(layer: Layer, tensors: dict[str, Tensor], budget: int) -> Shape:
    """The fastest shape that fits, by the estimate; of equal ones that with fewer bytes.

    Rows are cut into columns only where no tile of whole rows fits: columns overlap as rows do, and the DMA
    moves them line by line.
    """
    output = tensors[layer.output]
    step = max(4, 8 // output.bits if output.bits < 8 else 1)
    if layer.kind == "depthwise":
        step = _group(layer, tensors)
    heights = list(range(1, output.height + 1))
    widths = sorted({math.ceil(output.width / parts) for parts in range(2, output.width + 1)})
    channels = [*range(step, output.channels, step), output.channels]
    if layer.kind in ("add", "average_pool", "max_pool"):
        channels = [output.channels]
    if layer.kind == "linear":
        heights, widths = [output.height], []
    smallest = math.inf
    for columns in ([output.width], widths):
        shapes = [Shape(layer, tensors, r, w, c) for r in heights for w in columns for c in channels]
        sized = [(shape.bytes, shape) for shape in shapes if shape.movable]
        fitting = [(size, shape) for size, shape in sized if size <= budget]
        if fitting:
            return min(fitting, key=lambda pair: (pair[1].cycles, pair[0]))[1]
        smallest = min(smallest, *(size for size, _ in sized))
    raise ValueError(f"layer {layer.name} needs {smallest:.0f} bytes of TCDM, there are {budget}")
