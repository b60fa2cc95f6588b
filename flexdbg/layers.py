"""Single layers on a simulated cluster: describe one, hand over packed tensors, get its output and cycles.

The kernels are those of the bundled layer libraries, one for each core (firmware/README.md). Shapes are free:
nothing is compiled for a shape.

    layer = Conv((16, 16, 32), out_channels=64, kernel=(3, 3), padding=(1, 1, 1, 1), weight_bits=4, shift=8)
    result = run_layer(layer, image, weights, pack_params(layer, bias=[0] * 64))
    result.cycles, result.output
"""

import io
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from flexdbg.catalog import BundledProgram
from flexdbg.errors import LayerError
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import Program, Segment, load_program
from flexdbg.resources import resource_directory

__all__ = ["PATHS", "Conv", "LayerResult", "Library", "Placement", "load_bundled", "pack_params", "run_layer"]

# Order of enum conv_path (firmware/kernels/conv.h), and the layout of one channel's parameters.
PATHS = {
    "shift": "<i",
    "relu": "<i",
    "bn32": "<iii",
    "bn64": "<iqq",
    "bn64_call": "<iqq",
    "bn32_call": "<iii",
    "bn64_published": "<iqq",
}
# Paths whose parameters are an array each: all biases, then all kappa, then all lambda.
_BY_COLUMN = ("bn64_published",)

_KIND_CONV = 1
_JOB_WORDS = 9  # of struct layers_job ahead of the layer (firmware/programs/layers.h)
_RESULT_MAGIC = 0x52584C46
_SLACK = 8  # readable bytes behind a tensor
_BLOCK = 4  # output channels of a block
_CYCLE_LIMIT = 400_000_000


@dataclass(frozen=True, slots=True)
class Conv:
    """A 2-D convolution over an HWC image with requantized outputs.

    Formats are written "u8", "i4" and so on; weights are always signed. `padding` is top, bottom, left,
    right. `path` is how an accumulator becomes an output (PATHS; firmware/kernels/conv.h has the formulas),
    `unroll` the number of pixels of a block, 0 for the core's best. Pixels and filters must fill whole bytes.
    """

    input: tuple[int, int, int]  # height, width, channels
    out_channels: int
    kernel: tuple[int, int] = (1, 1)
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    in_format: str = "u8"
    weight_bits: int = 8
    out_format: str = "u8"
    path: str = "shift"
    shift: int = 0
    multiplier: int = 1
    unroll: int = 0
    out_stride: int = 0  # bytes from one output pixel to the next, 0: adjacent

    @property
    def output(self) -> tuple[int, int, int]:
        """Height, width, channels."""
        top, bottom, left, right = self.padding
        height = (self.input[0] + top + bottom - self.kernel[0]) // self.stride[0] + 1
        width = (self.input[1] + left + right - self.kernel[1]) // self.stride[1] + 1
        return max(height, 0), max(width, 0), self.out_channels

    @property
    def taps(self) -> int:
        """Terms of each sum: K."""
        return self.kernel[0] * self.kernel[1] * self.input[2]

    @property
    def macs(self) -> int:
        height, width, channels = self.output
        return height * width * channels * self.taps

    @property
    def input_bytes(self) -> int:
        height, width, channels = self.input
        return height * width * channels * _bits(self.in_format) // 8

    @property
    def filter_bytes(self) -> int:
        return self.taps * self.weight_bits // 8

    @property
    def pixel_bytes(self) -> int:
        """Of an output pixel."""
        return self.out_channels * _bits(self.out_format) // 8

    @property
    def output_bytes(self) -> int:
        height, width, _ = self.output
        if not height * width:
            return 0
        return (height * width - 1) * (self.out_stride or self.pixel_bytes) + self.pixel_bytes


@dataclass(frozen=True, slots=True)
class Placement:
    """Addresses of a layer's tensors."""

    input: int
    weights: int
    params: int
    output: int
    scratch: int


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What a layer computed and how long it took, from barrier to barrier."""

    output: bytes
    cycles: int
    macs: int
    cluster: Cluster

    @property
    def mac_per_cycle(self) -> float:
        return self.macs / self.cycles


def pack_params(
    layer: Conv, *, bias: Sequence[int], kappa: Sequence[int] = (), offset: Sequence[int] = ()
) -> bytes:
    """Parameters of all channels, in the order that the path wants.

    `kappa` and `offset` (lambda) are for the batch-normalization paths only.
    """
    layout = _layout(layer.path)
    columns = [bias, kappa, offset][: len(layout) - 1]
    if any(len(column) != layer.out_channels for column in columns):
        raise LayerError(
            f"path {layer.path!r} needs {len(columns)} parameters for {layer.out_channels} channels"
        )
    try:
        if layer.path in _BY_COLUMN:
            forms = zip(layout[1:], columns, strict=True)
            return b"".join(struct.pack(f"<{len(column)}{form}", *column) for form, column in forms)
        return b"".join(struct.pack(layout, *record) for record in zip(*columns, strict=True))
    except struct.error as error:
        raise LayerError(f"parameters of path {layer.path!r}: {error}") from error


class Library:
    """The layer library of one core."""

    def __init__(self, core: str) -> None:
        path = resource_directory("firmware") / f"layers-{core}.elf"
        if not path.is_file():
            raise LayerError(f"there is no layer library for core {core!r}")
        self.core = core
        self.program: Program = load_program(path)
        self._symbols = _symbol_table(self.program.image)

    def place(self, layer: Conv, config: ClusterConfig) -> Placement:
        """Tensors one behind the other in the TCDM that the program leaves."""
        channels = max(layer.out_channels, _BLOCK)
        sizes = {
            "input": layer.input_bytes + _SLACK,
            "weights": channels * layer.filter_bytes + _SLACK,
            "params": channels * struct.calcsize(_layout(layer.path)) + _SLACK,
            "output": layer.output_bytes,
            "scratch": config.harts * _scratch_bytes(layer, self.core),
        }
        address = self._symbols["arena_start"]
        end = config.tcdm_base + config.tcdm_size
        places = {}
        for name, size in sizes.items():
            places[name] = address
            address += -(-size // 64) * 64
        if address > end:
            raise LayerError(
                f"the layer needs {address - self._symbols['arena_start']:,} bytes of TCDM "
                f"({', '.join(f'{name} {size:,}' for name, size in sizes.items())}); "
                f"{end - self._symbols['arena_start']:,} are free"
            )
        return Placement(**places)

    def job(
        self,
        layer: Conv,
        place: Placement,
        *,
        warm_up: bool = False,
        seed: int = 0,
        bias: int = 0,
        expected: int = 0,
    ) -> bytes:
        """The bytes of `layers_job`. With a seed the program fills the tensors itself (programs/layers.c)."""
        height, width, channels = layer.output
        words: list[int] = [
            *(_KIND_CONV, int(warm_up), layer.macs & 0xFFFFFFFF, layer.output_bytes, seed),
            *(layer.input_bytes, layer.out_channels * layer.filter_bytes, bias & 0xFFFFFFFF, expected),
            *(place.input, place.weights, place.params, place.output, place.scratch),
            *layer.input,
            *(height, width, channels),
            *layer.kernel,
            *layer.stride,
            *layer.padding,
            *(_bits(layer.in_format), _signed(layer.in_format), layer.weight_bits),
            *(_bits(layer.out_format), _signed(layer.out_format)),
            *(list(PATHS).index(layer.path), layer.shift, layer.multiplier & 0xFFFFFFFF),
            *(layer.unroll, layer.out_stride, 0, 0),
        ]
        try:
            return struct.pack(f"<{len(words)}I", *words)
        except struct.error as error:
            raise LayerError(f"{layer}: {error}") from error

    @property
    def job_address(self) -> int:
        return self._symbols["layers_job"]

    @property
    def result_address(self) -> int:
        return self._symbols["flexdbg_result"]


def load_bundled(bundled: BundledProgram, config: ClusterConfig | None = None, **changes: Any) -> Program:
    """A bundled program, ready to be placed; one that runs a layer brings the layer along.

    `changes` replaces fields of the layer, such as `path="bn64_call"` or `unroll=2`. All batch-normalization
    paths give the bundled layers the same output.
    """
    if not bundled.layer or not bundled.generated:
        return load_program(bundled.path)
    library = _library(bundled.core)
    fields = {key: tuple(v) if isinstance(v, list) else v for key, v in bundled.layer.items()}
    layer = Conv(**{**fields, **changes})
    place = library.place(layer, config or ClusterConfig())
    job = library.job(layer, place, warm_up=True, **bundled.generated)
    segments = (*library.program.segments, Segment(library.job_address, job, len(job)))
    return replace(library.program, segments=segments)


@cache
def _library(core: str) -> Library:
    return Library(core)


def run_layer(
    layer: Conv,
    image: bytes,
    weights: bytes,
    params: bytes,
    *,
    core: str = "flexv",
    config: ClusterConfig | None = None,
    warm_up: bool = False,
) -> LayerResult:
    """Run one layer on a cluster of that core; LayerError tells what the library does not support."""
    library = _library(core)
    config = (config or ClusterConfig()).changed({"core": core})
    layout = struct.calcsize(_layout(layer.path))
    for name, data, size in (
        ("input", image, layer.input_bytes),
        ("weights", weights, layer.out_channels * layer.filter_bytes),
        ("parameters", params, layer.out_channels * layout),
    ):
        if len(data) != size:
            raise LayerError(f"{name}: {len(data)} bytes, the layer has {size}")
    place = library.place(layer, config)
    cluster = Cluster(config)
    cluster.load_program(library.program)
    for address, data in ((place.input, image), (place.weights, weights), (place.params, params)):
        cluster.load(address, data + bytes(_SLACK))
    cluster.load(library.job_address, library.job(layer, place, warm_up=warm_up))
    stops = cluster.run(_CYCLE_LIMIT)
    if cluster.exit_status is None:
        raise LayerError(f"the layer did not end: {stops[0].message or stops[0].reason}")
    text = b"".join(data for _, data in cluster.take_output()).decode("utf-8", "replace").strip()
    if cluster.exit_status:
        raise LayerError(
            text.removeprefix("layers: ") or f"the library ended with status {cluster.exit_status}"
        )
    magic, _, cycles = struct.unpack("<3I", cluster.read_memory(library.result_address, 12))
    if magic != _RESULT_MAGIC:
        raise LayerError("the library filled no result block")
    return LayerResult(cluster.read_memory(place.output, layer.output_bytes), cycles, layer.macs, cluster)


def _scratch_bytes(layer: Conv, core: str) -> int:
    """What conv_scratch_bytes() in firmware/kernels/conv.c asks for, for one hart."""
    pixels = layer.unroll or (4 if core in ("flexv", "xpulpnn") else 2)
    row_bits = 8 if core == "ri5cy" else max(_bits(layer.in_format), layer.weight_bits)
    row = -(-layer.filter_bytes // 4) * 4 * row_bits // layer.weight_bits if layer.weight_bits else 0
    pixel = max(layer.pixel_bytes, _BLOCK * _bits(layer.out_format) // 8)
    return -(-pixels * row // 4) * 4 + -(-pixels * pixel // 4) * 4 + 32


def _layout(path: str) -> str:
    if path not in PATHS:
        raise LayerError(f"unknown path {path!r}: one of {', '.join(PATHS)}")
    return PATHS[path]


def _bits(form: str) -> int:
    if form[:1] not in ("u", "i") or not form[1:].isdigit():
        raise LayerError(f"unknown format {form!r}: u8, i8, u4, i4, u2 or i2")
    return int(form[1:])


def _signed(form: str) -> int:
    return int(form.startswith("i"))


def _symbol_table(image: bytes) -> dict[str, int]:
    from elftools.elf.elffile import ELFFile

    table: Any = ELFFile(io.BytesIO(image)).get_section_by_name(".symtab")
    symbols: Iterable[Any] = table.iter_symbols()
    return {symbol.name: symbol["st_value"] for symbol in symbols}
