"""Which files make up the program of a network: its steps, its constants, and the kernels it uses."""

from __future__ import annotations

from dataclasses import dataclass

import digits
import numpy as np
import resnet20
import separable
from conv_kernels import kernel
from conv_requantize import FORMATS, epilogue, epilogue_symbol
from deploy import deploy
from depthwise import depthwise_source
from emit import UNROLL, byte_words, conv_symbols, data_lines, plan_source
from network import Network, pack, run
from operators import operator_files
from pairs import PAIRS
from plan import Plan

__all__ = ["STREAM_BUDGET", "NetworkProgram", "network_program"]

SYNTHETIC = {"resnet20-a4w2": resnet20, "separable-a4w4": separable}

CORE = "flexv"
# TCDM of the tiled programs. Less than half of what the images and the largest weights of ResNet-20 would
# like to have; and too little for whole rows of the other network's first layers.
STREAM_BUDGET = {"resnet20-a4w2": 32 * 1024, "separable-a4w4": 5 * 1024}


@dataclass(frozen=True, slots=True)
class NetworkProgram:
    """Generated source files by name."""

    network: Network
    plan: Plan
    files: dict[str, str]


def network_program(name: str) -> NetworkProgram:
    """`digits-a4w2` and its like, a network of SYNTHETIC, or its name with -tiled behind it."""
    base = name.removesuffix("-tiled")
    stream = name != base
    variant = base.removeprefix("digits-")
    images = None
    if base.startswith("digits-"):
        network = digits.load(variant)
    else:
        network, images = SYNTHETIC[base].build(), SYNTHETIC[base].image()
    if stream:
        plan = deploy(network, budget=STREAM_BUDGET[base], stream=True)
    else:
        plan = deploy(network, brings_input=images is None)
    source = plan_source(plan, images)
    if images is None:
        source += _digits_data(network, variant, plan)
    else:
        scores = run(network, images[None])[network.output]
        packed = pack(scores, network.tensors[network.output].bits)
        lines = ["        .section .rodata", *data_lines("network_expected", [_checksum(packed)])]
        source += "\n".join(lines) + "\n"
    files = {f"{name}-steps.s": source, **_kernel_files(network, name)}
    return NetworkProgram(network, plan, files)


def _kernel_files(network: Network, name: str) -> dict[str, str]:
    symbols = set()
    for layer in network.layers:
        inputs = [network.tensors[source].bits for source in layer.inputs]
        if layer.kind == "convolution":
            symbols |= set(conv_symbols(layer, network.tensors))
        elif layer.kind == "linear":
            symbols.add(f"linear_a{max(inputs[0], layer.weight_bits)}w{layer.weight_bits}_u")
        elif layer.kind == "add":
            symbols.add(f"add_{inputs[0]}_{inputs[1]}_{network.tensors[layer.output].bits}_u")
        elif layer.kind == "average_pool":
            symbols.add(f"pool_sum_{inputs[0]}_u")
        elif layer.kind == "max_pool":
            symbols.add(f"pool_max_{inputs[0]}_u")
    files = {
        f"{name}-{pair.name}.S": kernel(CORE, UNROLL, pair, signed=False)
        for pair in PAIRS.values()
        if f"conv_matmul_{pair.name}_u_4x{UNROLL}_{CORE}" in symbols
    }
    files |= {
        f"{name}-requantize-{form.name}.S": epilogue(CORE, UNROLL, form, "bn32")
        for form in FORMATS
        if epilogue_symbol(CORE, UNROLL, form, "bn32") in symbols
    }
    if any(layer.kind == "depthwise" for layer in network.layers):
        files[f"{name}-depthwise.S"] = depthwise_source()
    return files | {f"{name}-{file}": text for file, text in operator_files(CORE, symbols).items()}


def _checksum(data: bytes) -> int:
    """checksum() of firmware/runtime/result.c."""
    words = np.frombuffer(data, "<u4").astype(np.uint64)
    return int((words * (2 * np.arange(words.size, dtype=np.uint64) + 1)).sum() & np.uint64(0xFFFFFFFF))


def _digits_data(network: Network, variant: str, plan: Plan) -> str:
    """The held-back images without their padding channels, their labels, and a checksum of all scores."""
    images, labels = digits.held_back(variant)
    padded = np.zeros((*images.shape, digits.INPUT_CHANNELS), np.int64)
    padded[..., 0] = images
    scores = run(network, padded)[network.output]
    total = sum(_checksum(pack(one, 32)) * (2 * i + 1) for i, one in enumerate(scores)) & 0xFFFFFFFF
    packed = pack(images, network.tensors[network.input].bits)
    lines = [
        *data_lines("digits_images", byte_words(packed)),
        *data_lines("digits_labels", byte_words(labels.tobytes())),
        *data_lines("digits_count", [len(images)]),
        *data_lines("digits_pixel_bits", [network.tensors[network.input].bits]),
        *data_lines("network_input_place", [plan.input]),
        *data_lines("network_expected", [total]),
    ]
    return "\n".join(["        .section .rodata", *lines]) + "\n"
