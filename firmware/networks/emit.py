"""Jobs and constants as the C structures of firmware/kernels want them: the assembly file of a network."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from network import Layer, Network, Tensor, pack
from plan import SLACK, Blob, Plan, Reference, Word
from tiles import Tile

__all__ = [
    "add_job",
    "conv_job",
    "data_lines",
    "depthwise_job",
    "linear_job",
    "plan_source",
    "pool_job",
]

PATH_SHIFT, PATH_BN32 = 0, 2
UNROLL = 4  # pixels of a block
# struct step of firmware/nn/network.h
HEADER_WORDS, TRANSFERS, TRANSFER_WORDS, JOB_WORDS = 8, 8, 5, 31


def _after(reference: Reference, offset: int) -> Reference:
    return Reference(reference.symbol, reference.offset + offset)


def conv_symbols(layer: Layer, tensors: dict[str, Tensor]) -> tuple[str, str]:
    """Names of the MatMul kernel and of the epilogue on Flex-V."""
    bits = max(tensors[layer.inputs[0]].bits, layer.weight_bits)
    matmul = f"conv_matmul_a{bits}w{layer.weight_bits}_u_4x{UNROLL}_flexv"
    return matmul, f"conv_requantize_u{tensors[layer.output].bits}_bn32_4x{UNROLL}_flexv"


def conv_job(
    tile: Tile, network: Network, weights: Reference, source: Reference, output: Reference, scratch: Reference
) -> list[Word]:
    """struct conv."""
    layer, geometry = tile.layer, tile.layer.geometry
    image, result = network.tensors[layer.inputs[0]], network.tensors[layer.output]
    matmul, requantize = conv_symbols(layer, network.tensors)
    rows, columns = tile.input_rows, tile.input_columns
    return [
        source, weights, _after(weights, Blob.params_offset(layer, tile.channels)), output, scratch,
        rows.count, columns.count, image.channels, tile.rows, tile.columns, tile.channels,
        geometry.kernel, geometry.kernel, geometry.stride, geometry.stride,
        rows.before, rows.after, columns.before, columns.after,
        image.bits, 0, layer.weight_bits, result.bits, 0,
        PATH_BN32, layer.shift, 0, UNROLL, 0, Reference(matmul, 0), Reference(requantize, 0),
    ]  # fmt: skip


def _window(tile: Tile) -> list[Word]:
    """struct window."""
    geometry, rows, columns = tile.layer.geometry, tile.input_rows, tile.input_columns
    return [
        rows.count, columns.count, tile.channels, tile.rows, tile.columns,
        geometry.kernel, geometry.kernel, geometry.stride, geometry.stride,
        rows.before, rows.after, columns.before, columns.after,
    ]  # fmt: skip


def depthwise_job(
    tile: Tile, network: Network, weights: Reference, source: Reference, output: Reference, scratch: Reference
) -> list[Word]:
    """struct depthwise."""
    layer = tile.layer
    image, result = network.tensors[layer.inputs[0]], network.tensors[layer.output]
    params = _after(weights, Blob.params_offset(layer, tile.channels))
    return [
        source, weights, output, scratch, *_window(tile), image.bits, 0, result.bits, 0,
        layer.weight_bits, PATH_BN32, layer.shift, 0, params, tile.channels * image.bits // 8,
    ]  # fmt: skip


def linear_job(
    tile: Tile, network: Network, weights: Reference, source: Reference, output: Reference, scratch: Reference
) -> list[Word]:
    """struct linear."""
    layer = tile.layer
    image, result = network.tensors[layer.inputs[0]], network.tensors[layer.output]
    params = _after(weights, Blob.params_offset(layer, tile.channels))
    inputs = image.height * image.width * image.channels
    return [
        source, weights, output, scratch, inputs, tile.channels, image.bits, 0, result.bits, 1,
        layer.weight_bits, PATH_SHIFT, 0, 0, params,
    ]  # fmt: skip


def add_job(tile: Tile, network: Network, sources: list[Reference], output: Reference) -> list[Word]:
    """struct add."""
    layer = tile.layer
    assert layer.factors is not None
    result = network.tensors[layer.output]
    formats = [word for name in (*layer.inputs, layer.output) for word in (network.tensors[name].bits, 0)]
    elements = tile.rows * tile.columns * result.channels
    factors = layer.factors
    return [*sources, output, elements, 1, *factors.first, *factors.second, *factors.out, *formats]


def pool_job(tile: Tile, network: Network, source: Reference, output: Reference) -> list[Word]:
    """struct pool."""
    layer = tile.layer
    image, result = network.tensors[layer.inputs[0]], network.tensors[layer.output]
    scale = [0, 0, 0, 0]
    if layer.kind == "average_pool":
        assert layer.kappa is not None and layer.lambda_ is not None
        scale = [1, int(layer.kappa), int(layer.lambda_), layer.shift]
    return [source, output, *_window(tile), image.bits, 0, result.bits, 0, *scale]


def data_lines(symbol: str, words: Iterable[Word]) -> list[str]:
    """A constant of words."""
    texts = [str(word) if isinstance(word, Reference) else f"{word & 0xFFFFFFFF:#x}" for word in words]
    lines = [
        "        .balign 8",
        f"        .globl  {symbol}",
        f"        .type   {symbol}, @object",
        f"{symbol}:",
    ]
    lines += [f"        .word   {', '.join(texts[i : i + 8])}" for i in range(0, len(texts), 8)]
    return [*lines, f"        .size   {symbol}, . - {symbol}"]


def byte_words(data: bytes) -> list[Word]:
    data += bytes(-len(data) % 4)
    return [int.from_bytes(data[i : i + 4], "little") for i in range(0, len(data), 4)]


def _step_words(plan: Plan) -> list[Word]:
    words: list[Word] = []
    for index, step in enumerate(plan.steps):
        last = index + 1 == len(plan.steps) or plan.steps[index + 1].layer != step.layer
        transfers = [*step.early, *step.late, *step.stores]
        if len(transfers) > TRANSFERS or len(step.job) > JOB_WORDS:
            raise ValueError(f"step {index} of {plan.network.name} does not fit into struct step")
        counts = [len(step.early), len(step.late), len(step.stores)]
        words += [step.kind, step.layer, *counts, int(step.wait_for_stores), int(last), step.macs]
        for transfer in transfers:
            words += transfer.words()
        words += [0] * (TRANSFER_WORDS * (TRANSFERS - len(transfers)))
        words += [*step.job, *[0] * (JOB_WORDS - len(step.job))]
    return words


def _text_lines(symbol: str, text: str) -> list[str]:
    return [f"{symbol}:", f'        .asciz  "{text}"']


def plan_source(plan: Plan, images: npt.NDArray[np.int64] | None = None) -> str:
    """The assembly file of a network: steps, weights, and the input where the program brings none."""
    network = plan.network
    lines = [f"# {network.name}: steps and constants, written by firmware/networks/emit.py."]
    lines += ["        .section .rodata", *data_lines("network_steps", _step_words(plan))]
    lines += data_lines("network_step_count", [len(plan.steps)])
    lines += data_lines("network_layer_count", [len(network.layers)])
    names: list[Word] = []
    for index, layer in enumerate(network.layers):
        names += [Reference(f".Lname{index}", 0), layer.macs(network.tensors)]
    lines += data_lines("network_layers", names)
    lines += data_lines("network_macs", [network.macs])
    result = network.tensors[network.output]
    lines += data_lines("network_output", [plan.output])
    lines += data_lines("network_output_bytes", [result.size])
    lines += data_lines("network_title", [Reference(".Ltitle", 0)])
    for blob in plan.blobs:
        lines += data_lines(blob.symbol, byte_words(blob.data))
    if images is not None:
        packed = pack(images, network.tensors[network.input].bits)
        lines += data_lines("network_input", byte_words(packed + bytes(8)))
    lines += _text_lines(".Ltitle", network.name)
    for index, layer in enumerate(network.layers):
        lines += _text_lines(f".Lname{index}", layer.name)
    lines += _space(".noinit", "network_arena", plan.arena_bytes + SLACK)
    if plan.l2_bytes:
        lines += _space(".l2_noinit", "network_images", plan.l2_bytes + SLACK)
    return "\n".join([*lines, *_tables(plan)]) + "\n"


def _space(section: str, symbol: str, size: int) -> list[str]:
    return [
        f'        .section {section}, "aw", @nobits', "        .balign 64", f"        .globl  {symbol}",
        f"        .type   {symbol}, @object", f"{symbol}:", f"        .space  {size}",
        f"        .size   {symbol}, {size}",
    ]  # fmt: skip


def _tables(plan: Plan) -> list[str]:
    """What conv.c looks up at run time. Jobs name their kernels, so that only those are linked."""
    return [
        "        .section .rodata",
        *data_lines("conv_kernels", [0] * 36), *data_lines("conv_epilogues", [0] * 72),
        *data_lines("conv_published", [0] * 9),
        "        .globl  conv_record_words", "conv_record_words:", "        .byte   1, 1, 3, 5, 5, 3, 5, 0",
    ]  # fmt: skip
