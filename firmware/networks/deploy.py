"""Turns a network into steps for firmware/nn: places tensors, cuts layers into tiles, schedules the DMA.

A network whose images fit stays in TCDM; only weights stream in, those of a layer while the one before
computes. Else images lie in L2, and every layer is cut into tiles of rows and of output channels, or of
columns as well where whole rows do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from emit import add_job, conv_job, depthwise_job, linear_job, pool_job
from network import Layer, Network, Tensor
from plan import SLACK, Area, Blob, Plan, Reference, Step, Transfer
from tiles import Tile, solve

__all__ = ["deploy"]

HARTS = 8
ARENA_BYTES = 112 * 1024
# enum step_kind of firmware/nn/network.h
KINDS = {"convolution": 0, "linear": 1, "add": 2, "average_pool": 3, "max_pool": 4, "depthwise": 5}


def deploy(
    network: Network, *, budget: int = ARENA_BYTES, stream: bool = False, brings_input: bool = False
) -> Plan:
    """A plan that needs at most `budget` bytes of TCDM. With `stream` images lie in L2 in any case.

    With `brings_input` the program writes the input image to its place in TCDM, which nothing else uses.
    """
    planner = _Streamed(network, budget) if stream else _Resident(network, budget, brings_input)
    steps = list(planner.steps())
    _schedule(steps)
    return Plan(
        network=network,
        steps=tuple(steps),
        blobs=tuple(planner.blobs),
        input=planner.input,
        output=planner.output,
        arena_bytes=planner.arena_bytes,
        l2_bytes=planner.l2_bytes,
        streams=stream,
    )


def _schedule(steps: list[Step]) -> None:
    """Decides for each load whether it may run while the step before computes.

    It starts when that step starts, while the stores of the step before that one are still on their way.
    """
    for index, step in enumerate(steps):
        before = steps[index - 1] if index else None
        earlier = steps[index - 2] if index > 1 else None
        for load in step.loads:
            busy = [*before.reads, *before.writes] if before else []
            pending = [store for other in (before, earlier) if other for store in other.stores]
            meets = any(load.tcdm.meets(area) for area in [*busy, *(store.tcdm for store in pending)])
            stale = any(
                load.external_area.meets(store.external_area)
                for store in pending
                if load.external_area and store.external_area
            )
            (step.late if meets or stale else step.early).append(load)
        if before:
            step.wait_for_stores = any(
                area.meets(store.tcdm) for area in step.writes for store in before.stores
            )


def _up(size: int, to: int = 8) -> int:
    return (size + to - 1) // to * to


class _Planner:
    """What both ways of planning share: the constants, and a job for a tile."""

    def __init__(self, network: Network, budget: int) -> None:
        self.network = network
        self.budget = budget
        self.blobs: list[Blob] = []
        self.input = Reference("network_input", 0)
        self.output = Reference("network_arena", 0)
        self.arena_bytes = 0
        self.l2_bytes = 0

    def tensor(self, name: str) -> Tensor:
        return self.network.tensors[name]

    def blob(self, layer: Layer, first: int, count: int) -> Blob:
        """The weights and parameters of some output channels."""
        blob = Blob.of(layer, first, count)
        self.blobs.append(blob)
        return blob

    def require(self, size: int, what: str) -> None:
        if size > self.budget:
            raise ValueError(
                f"{self.network.name}: {what} needs {size} bytes of TCDM, there are {self.budget}"
            )
        self.arena_bytes = max(self.arena_bytes, size)


class _Resident(_Planner):
    """Images stay in TCDM; two buffers for weights take turns."""

    def __init__(self, network: Network, budget: int, brings_input: bool) -> None:
        super().__init__(network, budget)
        self._brings_input = brings_input
        self._places = self._place_images()
        top = max(area.start + area.size for area in self._places.values())
        whole = [Tile.whole(layer, network.tensors) for layer in network.layers]
        self._whole = whole
        self._scratch = Area("tcdm", top, max(tile.scratch for tile in whole))
        weights = top + self._scratch.size
        size = max(_up(Blob.size_of(layer)) + SLACK for layer in network.layers)
        self._weights = [Area("tcdm", weights + i * size, size) for i in range(2)]
        self.require(weights + 2 * size, "keeping all images")
        self.output = self._at(network.output)
        if brings_input:
            self.input = self._at(network.input)

    def _place_images(self) -> dict[str, Area]:
        """First fit by the time in which each image is needed."""
        layers = self.network.layers
        born = {self.network.input: -1} | {layer.output: i for i, layer in enumerate(layers)}
        dies = {name: i for i, layer in enumerate(layers) for name in layer.inputs}
        dies[self.network.output] = len(layers)
        if self._brings_input:
            dies[self.network.input] = len(layers)
        places: dict[str, Area] = {}
        for name in born:
            size = _up(self.tensor(name).size) + SLACK
            others = sorted(
                (
                    area
                    for other, area in places.items()
                    if born[other] <= dies[name] and born[name] <= dies[other]
                ),
                key=lambda area: area.start,
            )
            start = 0
            for area in others:
                if start + size <= area.start:
                    break
                start = max(start, area.start + area.size)
            places[name] = Area("tcdm", start, size)
        return places

    def _at(self, name: str) -> Reference:
        return Reference("network_arena", self._places[name].start)

    def steps(self) -> Iterator[Step]:
        turn = 0
        for index, layer in enumerate(self.network.layers):
            loads = []
            weights = None
            if index == 0 and not self._brings_input:
                place = self._places[self.network.input]
                area = Area("tcdm", place.start, self.tensor(self.network.input).size)
                loads.append(Transfer(True, area, self.input, None))
            reads = [self._places[name] for name in layer.inputs]
            if layer.weights is not None:
                blob = self.blob(layer, 0, len(layer.weights))
                area = Area("tcdm", self._weights[turn].start, len(blob.data))
                turn ^= 1
                loads.append(Transfer(True, area, blob.reference, None))
                weights = Reference("network_arena", area.start)
                reads.append(area)
            yield Step(
                layer=index,
                kind=KINDS[layer.kind],
                job=_job(
                    self._whole[index], self.network, weights,
                    [self._at(name) for name in layer.inputs], self._at(layer.output),
                    Reference("network_arena", self._scratch.start),
                ),
                loads=loads,
                stores=[],
                reads=reads,
                writes=[self._places[layer.output], self._scratch],
                macs=layer.macs(self.network.tensors),
            )  # fmt: skip


class _Part(NamedTuple):
    """A box of an image."""

    row: int
    rows: int
    column: int
    columns: int
    channel: int
    channels: int


class _Streamed(_Planner):
    """Images lie in L2. A layer's buffers grow from the bottom of TCDM, those of the next from its top."""

    def __init__(self, network: Network, budget: int) -> None:
        super().__init__(network, budget)
        self._images: dict[str, Area] = {}
        for name, tensor in network.tensors.items():
            if name != network.input:
                self._images[name] = Area("l2", self.l2_bytes, tensor.size)
                self.l2_bytes += _up(tensor.size)
        self.output = Reference("network_images", self._images[network.output].start)

    def _move(self, name: str, part: _Part, tcdm: Area, *, load: bool) -> Transfer:
        """A part of an image in L2 to or from TCDM, where it is dense."""
        tensor = self.tensor(name)
        pixel, row = tensor.channels * tensor.bits // 8, tensor.row_bytes
        line = part.channels * tensor.bits // 8
        offset = part.row * row + part.column * pixel + part.channel * tensor.bits // 8
        end = offset + (part.rows - 1) * row + (part.columns - 1) * pixel + line
        if line < pixel:
            assert part.columns == tensor.width or part.rows == 1
            count, stride = line, pixel
        elif part.columns < tensor.width and part.rows > 1:
            count, stride = part.columns * pixel, row
        else:
            count = stride = 0
        area = Area("tcdm", tcdm.start, part.rows * part.columns * line)
        if name == self.network.input:
            return Transfer(load, area, Reference("network_input", offset), None, count, stride)
        start = self._images[name].start
        external = Area("l2", start + offset, end - offset)
        return Transfer(load, area, Reference("network_images", external.start), external, count, stride)

    def steps(self) -> Iterator[Step]:
        for index, layer in enumerate(self.network.layers):
            yield from self._layer(index, layer)

    def _layer(self, index: int, layer: Layer) -> Iterator[Step]:
        tensors = self.network.tensors
        shape = solve(layer, tensors, self.budget)
        down = index % 2 == 1
        used = 0

        def take(size: int) -> Area:
            nonlocal used
            size = _up(size) + SLACK
            start = self.budget - used - size if down else used
            used += size
            return Area("tcdm", start, size)

        tiles = list(shape.tiles())
        inputs = [[take(shape.input_bytes) for _ in layer.inputs] for _ in range(shape.input_buffers)]
        weights = [take(shape.weight_bytes) for _ in range(shape.weight_buffers)]
        outputs = [take(shape.output_bytes) for _ in range(shape.output_buffers)]
        scratch = take(shape.scratch)
        self.require(used, layer.name)
        self.arena_bytes = self.budget
        blob: Blob | None = None
        blob_area: Area | None = None
        sources: list[Area] = []
        loaded = -1
        for number, tile in enumerate(tiles):
            loads = []
            if layer.weights is not None and (blob is None or tile.first_row == tile.first_column == 0):
                blob = self.blob(layer, tile.first_channel, tile.channels)
                loaded += 1
                place = weights[loaded % len(weights)]
                blob_area = Area("tcdm", place.start, len(blob.data))
                loads.append(Transfer(True, blob_area, blob.reference, None))
            if number == 0 or shape.input_buffers > 1:
                sources = []
                for name, place in zip(layer.inputs, inputs[number % len(inputs)], strict=True):
                    rows, columns = tile.input_rows, tile.input_columns
                    part = _Part(rows.first, rows.count, columns.first, columns.count, *tile.input_channels)
                    loads.append(self._move(name, part, place, load=True))
                    sources.append(loads[-1].tcdm)
            place = outputs[number % len(outputs)]
            part = _Part(
                tile.first_row, tile.rows, tile.first_column, tile.columns, tile.first_channel, tile.channels
            )
            stores = [self._move(layer.output, part, place, load=False)]
            result = stores[0].tcdm
            yield Step(
                layer=index,
                kind=KINDS[layer.kind],
                job=_job(
                    tile, self.network,
                    Reference("network_arena", blob_area.start) if blob_area else None,
                    [Reference("network_arena", area.start) for area in sources],
                    Reference("network_arena", result.start), Reference("network_arena", scratch.start),
                ),
                loads=loads,
                stores=stores,
                reads=[*sources, *([blob_area] if blob_area else [])],
                writes=[place, scratch],
                macs=tile.macs,
            )  # fmt: skip


def _job(
    tile: Tile,
    network: Network,
    weights: Reference | None,
    sources: list[Reference],
    output: Reference,
    scratch: Reference,
) -> list[int | Reference]:
    layer = tile.layer
    if layer.kind == "add":
        return add_job(tile, network, sources, output)
    if layer.kind in ("average_pool", "max_pool"):
        return pool_job(tile, network, sources[0], output)
    assert weights is not None
    if layer.kind == "depthwise":
        return depthwise_job(tile, network, weights, sources[0], output, scratch)
    if layer.kind == "linear":
        return linear_job(tile, network, weights, sources[0], output, scratch)
    return conv_job(tile, network, weights, sources[0], output, scratch)
