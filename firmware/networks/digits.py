"""The trained digits networks as data: digits-*.npz, written by train_digits.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from network import AddFactors, Geometry, Layer, Network, Tensor

__all__ = ["VARIANTS", "from_parameters", "held_back", "load"]

HERE = Path(__file__).resolve().parent
VARIANTS = ("a8w8", "a4w4", "a4w2", "a2w2")
INPUT_CHANNELS = 4  # one of pixels, three of zeros: a pixel then fills whole bytes in every format


def held_back(variant: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The 360 images [n, 8, 8] that training has not seen, in the variant's pixel format; their labels."""
    with np.load(HERE / "digits-images.npz") as stored:
        images, labels = stored["images"], stored["labels"]
    return (images if variant == "a8w8" else np.minimum(images, 15)), labels


def load(variant: str) -> Network:
    """The network of one variant."""
    with np.load(HERE / f"digits-{variant}.npz") as stored:
        return from_parameters(variant, dict(stored))


def from_parameters(variant: str, saved: dict[str, npt.NDArray[Any]]) -> Network:
    """The network of what train_digits.py exports."""
    activations, weights = (int(bits) for bits in saved["bits"])
    tensors = {
        "image": Tensor(8, 8, INPUT_CHANNELS, 8 if activations == 8 else 4),
        "conv1": Tensor(8, 8, 16, activations),
        "conv2": Tensor(4, 4, 32, activations),
        "conv3": Tensor(4, 4, 32, activations),
        "sum": Tensor(4, 4, 32, activations),
        "scores": Tensor(1, 1, 10, 32),
    }

    def convolution(name: str, source: str, stride: int) -> Layer:
        rows = saved[f"{name}.weights"]
        channels = tensors[source].channels
        filters = np.zeros((len(rows), 3, 3, channels), np.int8)
        filters[..., : rows.shape[1] // 9] = rows.reshape(len(rows), 3, 3, -1)
        return Layer(
            name,
            "convolution",
            (source,),
            name,
            geometry=Geometry(3, stride, 1),
            weight_bits=weights,
            weights=filters,
            kappa=saved[f"{name}.kappa"].astype(np.int32),
            lambda_=saved[f"{name}.lambda"],
            shift=int(saved[f"{name}.shift"]),
            real_channels=rows.shape[1] // 9,
        )

    factors = [int(value) for value in saved["add"]]
    layers = (
        convolution("conv1", "image", 1),
        convolution("conv2", "conv1", 2),
        convolution("conv3", "conv2", 1),
        Layer(
            "add",
            "add",
            ("conv3", "conv2"),
            "sum",
            factors=AddFactors(
                (factors[0], factors[1], factors[2]),
                (factors[3], factors[4], factors[5]),
                (factors[6], factors[7], factors[8]),
            ),
        ),
        Layer(
            "fc",
            "linear",
            ("sum",),
            "scores",
            weight_bits=weights,
            weights=saved["fc.weights"],
            bias=saved["fc.bias"],
        ),
    )
    return Network(f"digits-{variant}", tensors, layers)
