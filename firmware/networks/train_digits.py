#!/usr/bin/env python3
"""Trains the digits networks: `train_digits.py` rewrites digits-*.npz, `train_digits.py a4w2` one of them.

Needs scikit-learn for its bundled digits (1797 images of 8x8 pixels, E. Alpaydin and C. Kaynak) and NumPy.
Nothing is downloaded; every random number comes from a fixed seed. Half a minute per network on one CPU.

The network is quantized while it is trained: weights per output channel to symmetric levels, activations to
unsigned levels up to a learned limit (PACT, arXiv 1805.06085), gradients straight through. Two-bit weights
are ternary (arXiv 1605.04711). What is saved are the integers the kernels use, and the held-back images.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

VARIANTS = {"a8w8": (8, 8), "a4w4": (4, 4), "a4w2": (4, 2), "a2w2": (2, 2)}
TRAINING_IMAGES = 1437  # the other 360 are held back
EPOCHS, BATCH = 25, 32
LEARNING_RATE, WEIGHT_DECAY = 3e-3, 1e-4
# Where the limits of the activations start; the best of five on a part of the training images.
FIRST_LIMIT = 2.0

Floats = npt.NDArray[np.float32]
Parameters = dict[str, Any]

# name: input channels, output channels, input size, stride
CONVOLUTIONS = {"conv1": (1, 16, 8, 1), "conv2": (16, 32, 8, 2), "conv3": (32, 32, 4, 1)}
FLAT, CLASSES = 4 * 4 * 32, 10


def pixel_bits(activation_bits: int) -> int:
    """Width of the pixels: 0..16 need eight bits in eight-bit networks; clipped to 0..15 they take four."""
    return 8 if activation_bits == 8 else 4


def load_images(activation_bits: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Images [n, 8, 8] as integers and their labels, in a fixed random order."""
    from sklearn.datasets import load_digits  # type: ignore[import-untyped]

    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    largest = 16 if pixel_bits(activation_bits) == 8 else 15
    images = np.minimum(digits.images[order], largest).astype(np.uint8)
    return images, digits.target[order].astype(np.uint8)


def quantize_weights(weights: Floats, bits: int, *, per_channel: bool) -> tuple[Floats, Floats]:
    """Integer levels, and the scale of each row (or of all)."""
    axis = 1 if per_channel else None
    if bits == 2:
        magnitude = np.abs(weights)
        kept = magnitude > 0.7 * magnitude.mean(axis=axis, keepdims=True)
        total = np.where(kept, magnitude, 0).sum(axis=axis, keepdims=True)
        scale = total / np.maximum(kept.sum(axis=axis, keepdims=True), 1)
        levels = np.sign(weights) * kept
    else:
        largest = (1 << (bits - 1)) - 1
        scale = np.abs(weights).max(axis=axis, keepdims=True) / largest
        levels = np.clip(np.round(weights / scale), -largest, largest)
    return levels.astype(np.float32), np.broadcast_to(scale, (len(weights), 1)).astype(np.float32)


@dataclass
class Quantizer:
    """Activations to `levels` steps between 0 and a learned limit."""

    levels: int

    def forward(self, values: Floats, limit: float) -> tuple[Floats, npt.NDArray[np.bool_], Floats]:
        step = limit / self.levels
        inside = (values > 0) & (values < limit)
        above = (values >= limit).astype(np.float32)
        return (np.round(np.clip(values, 0, limit) / step) * step).astype(np.float32), inside, above


def columns(images: Floats, stride: int) -> Floats:
    """im2col [n, y, x, 9 * channels] of 3x3 taps with one pixel of zero padding."""
    n, height, width, channels = images.shape
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    out_h, out_w = height // stride, width // stride
    result = np.empty((n, out_h, out_w, 9, channels), np.float32)
    for tap in range(9):
        ky, kx = divmod(tap, 3)
        result[:, :, :, tap] = padded[:, ky : ky + height : stride, kx : kx + width : stride][
            :, :out_h, :out_w
        ]
    return result.reshape(n, out_h, out_w, 9 * channels)


def scatter(gradient: Floats, shape: tuple[int, ...], stride: int) -> Floats:
    """The transpose of `columns`."""
    n, height, width, channels = shape
    padded = np.zeros((n, height + 2, width + 2, channels), np.float32)
    out_h, out_w = gradient.shape[1:3]
    parts = gradient.reshape(n, out_h, out_w, 9, channels)
    for tap in range(9):
        ky, kx = divmod(tap, 3)
        padded[:, ky : ky + stride * out_h : stride, kx : kx + stride * out_w : stride] += parts[:, :, :, tap]
    return padded[:, 1:-1, 1:-1]


class Network:
    """Forward and backward pass with quantized weights and activations."""

    def __init__(self, activation_bits: int, weight_bits: int, rng: np.random.Generator) -> None:
        self.weight_bits = weight_bits
        self.quantizer = Quantizer((1 << activation_bits) - 1)
        self.parameters: Parameters = {}
        for name, (inputs, outputs, _, _) in CONVOLUTIONS.items():
            self._new(name, outputs, 9 * inputs, rng)
        self._new("fc", CLASSES, FLAT, rng)
        for name in (*CONVOLUTIONS, "add"):
            self.parameters[f"{name}.limit"] = np.float32(FIRST_LIMIT)

    def _new(self, name: str, rows: int, width: int, rng: np.random.Generator) -> None:
        deviation = np.sqrt(2 / width)
        self.parameters[f"{name}.weights"] = rng.normal(0, deviation, (rows, width)).astype(np.float32)
        self.parameters[f"{name}.bias"] = np.zeros(rows, np.float32)

    def _weights(self, name: str) -> Floats:
        levels, scale = quantize_weights(
            self.parameters[f"{name}.weights"], self.weight_bits, per_channel=name != "fc"
        )
        return levels * scale

    def forward(self, images: Floats) -> tuple[Floats, dict[str, Any]]:
        kept: dict[str, Any] = {}
        values = images
        outputs = {}
        for name, (_, _, _, stride) in CONVOLUTIONS.items():
            taps = columns(values, stride)
            weights = self._weights(name)
            sums = taps @ weights.T + self.parameters[f"{name}.bias"]
            kept[name] = (taps, weights, values.shape, stride)
            values, *masks = self.quantizer.forward(sums, float(self.parameters[f"{name}.limit"]))
            kept[f"{name}.masks"] = masks
            outputs[name] = values
        values, *masks = self.quantizer.forward(
            outputs["conv2"] + outputs["conv3"], float(self.parameters["add.limit"])
        )
        kept["add.masks"] = masks
        flat = values.reshape(len(images), -1)
        weights = self._weights("fc")
        kept["fc"] = (flat, weights, values.shape)
        return flat @ weights.T + self.parameters["fc.bias"], kept

    def backward(self, gradient: Floats, kept: dict[str, Any]) -> Parameters:
        gradients: Parameters = {}
        flat, weights, shape = kept["fc"]
        gradients["fc.weights"] = gradient.T @ flat
        gradients["fc.bias"] = gradient.sum(axis=0)
        skip = through = self._through("add", (gradient @ weights).reshape(shape), kept, gradients)
        for name in ("conv3", "conv2", "conv1"):
            if name == "conv2":
                through = through + skip
            through = self._through(name, through, kept, gradients)
            taps, weights, shape, stride = kept[name]
            rows = through.reshape(-1, len(weights))
            gradients[f"{name}.weights"] = rows.T @ taps.reshape(len(rows), -1)
            gradients[f"{name}.bias"] = rows.sum(axis=0)
            through = scatter(through @ weights, shape, stride)
        return gradients

    @staticmethod
    def _through(name: str, gradient: Floats, kept: dict[str, Any], gradients: Parameters) -> Floats:
        inside, above = kept[f"{name}.masks"]
        gradients[f"{name}.limit"] = np.float32((gradient * above).sum())
        return np.asarray(gradient * inside, np.float32)


def train(activation_bits: int, weight_bits: int, *, report: bool) -> Network:
    """A network after all epochs."""
    rng = np.random.default_rng(20230601)
    images, labels = load_images(activation_bits)
    largest = 16 if pixel_bits(activation_bits) == 8 else 15
    inputs = (images[:TRAINING_IMAGES, :, :, None] / largest).astype(np.float32)
    targets = labels[:TRAINING_IMAGES]
    network = Network(activation_bits, weight_bits, rng)
    first = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    second = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    steps = EPOCHS * ((TRAINING_IMAGES + BATCH - 1) // BATCH)
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(TRAINING_IMAGES)
        right = 0
        for start in range(0, TRAINING_IMAGES, BATCH):
            chosen = order[start : start + BATCH]
            logits, kept = network.forward(inputs[chosen])
            right += int((logits.argmax(axis=1) == targets[chosen]).sum())
            shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
            gradient = shifted / shifted.sum(axis=1, keepdims=True)
            gradient[np.arange(len(chosen)), targets[chosen]] -= 1
            gradients = network.backward((gradient / len(chosen)).astype(np.float32), kept)
            step += 1
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, value in gradients.items():
                first[name] = 0.9 * first[name] + 0.1 * value
                second[name] = 0.999 * second[name] + 0.001 * value**2
                move = first[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
                decay = WEIGHT_DECAY * network.parameters[name]
                network.parameters[name] = np.float32(1) * (network.parameters[name] - rate * (move + decay))
                network.parameters[name] = np.asarray(network.parameters[name], np.float32)
                if name.endswith(".limit"):
                    network.parameters[name] = np.maximum(network.parameters[name], np.float32(0.1))
        if report and (epoch % 5 == 4 or epoch == EPOCHS - 1):
            print(
                f"  epoch {epoch + 1}: {100 * right / TRAINING_IMAGES:.2f} % of the training images",
                flush=True,
            )
    return network


def fixed_point(factors: Floats) -> tuple[npt.NDArray[np.int64], int]:
    """Integers below 256 and the largest shift d so that integer / 2^d is the factor."""
    shift = 31
    while shift > 0 and np.round(factors * 2.0**shift).max() > 255:
        shift -= 1
    return np.round(factors * 2.0**shift).astype(np.int64), shift


def export(network: Network, activation_bits: int, weight_bits: int) -> dict[str, npt.NDArray[Any]]:
    """The integers of every layer. Kernels floor; half a unit in lambda makes them round."""
    levels = network.quantizer.levels
    values = network.parameters
    step = {name: float(values[f"{name}.limit"]) / levels for name in (*CONVOLUTIONS, "add")}
    step["input"] = 1 / (16 if pixel_bits(activation_bits) == 8 else 15)
    saved: dict[str, npt.NDArray[Any]] = {"bits": np.array([activation_bits, weight_bits], np.uint8)}
    source = "input"
    for name in CONVOLUTIONS:
        integers, scale = quantize_weights(values[f"{name}.weights"], weight_bits, per_channel=True)
        kappa, shift = fixed_point((step[source] * scale[:, 0] / step[name]).astype(np.float32))
        offset = np.round(values[f"{name}.bias"] / step[name] * 2.0**shift) + (1 << shift >> 1)
        saved[f"{name}.weights"] = integers.astype(np.int8)
        saved[f"{name}.kappa"] = kappa.astype(np.uint8)
        saved[f"{name}.lambda"] = offset.astype(np.int32)
        saved[f"{name}.shift"] = np.array(shift, np.uint8)
        source = name
    # Both inputs of the residual add go to 8 bits with one common step, then the sum to the output's.
    common = max(step["conv2"], step["conv3"]) * levels / 255
    inputs = [round(step[name] / common * 256) for name in ("conv3", "conv2")]
    out, shift = fixed_point(np.array([common / step["add"]], np.float32))
    saved["add"] = np.array(
        [inputs[0], 128, 8, inputs[1], 128, 8, int(out[0]), 1 << shift >> 1, shift], np.int32
    )
    integers, scale = quantize_weights(values["fc.weights"], weight_bits, per_channel=False)
    saved["fc.weights"] = integers.astype(np.int8)
    saved["fc.bias"] = np.round(values["fc.bias"] / (step["add"] * scale[0, 0])).astype(np.int32)
    return saved


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*", choices=[*VARIANTS, []], help="all unless named")
    arguments = parser.parse_args()
    images, labels = load_images(4)
    np.savez_compressed(
        HERE / "digits-images.npz",
        images=load_images(8)[0][TRAINING_IMAGES:],
        labels=labels[TRAINING_IMAGES:],
    )
    del images
    for name in arguments.variants or VARIANTS:
        print(f"{name}:", flush=True)
        network = train(*VARIANTS[name], report=True)
        np.savez_compressed(HERE / f"digits-{name}.npz", **export(network, *VARIANTS[name]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
