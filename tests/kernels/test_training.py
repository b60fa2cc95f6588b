"""The training script of the digits networks, run again."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

NETWORKS = Path(__file__).parents[2] / "firmware" / "networks"
# One network takes four seconds of a CPU; tests/sweep.py trains all of them.
VARIANTS = ("a2w2", "a4w2", "a4w4", "a8w8") if "FLEXDBG_SWEEP" in os.environ else ("a2w2",)


@pytest.fixture(autouse=True)
def network_modules() -> Iterator[None]:
    """The scripts beside the parameters import each other by their plain names; one thread computes."""
    from threadpoolctl import threadpool_limits

    sys.path.insert(0, str(NETWORKS))
    # Threads only get in each other's way in products this small.
    with threadpool_limits(1):
        yield
    sys.path.remove(str(NETWORKS))


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_training_again_makes_the_shipped_parameters(variant: str) -> None:
    import digits
    import network
    import train_digits

    bits = train_digits.VARIANTS[variant]
    made = train_digits.export(train_digits.train(*bits, report=False), *bits)
    with np.load(NETWORKS / f"digits-{variant}.npz") as stored:
        shipped = dict(stored)
    assert {name: value.shape for name, value in made.items()} == {
        name: value.shape for name, value in shipped.items()
    }
    if all(np.array_equal(made[name], shipped[name]) for name in shipped):
        return
    # A BLAS that adds in another order leads elsewhere, to a network as good: the seeds are the same.
    images, labels = digits.held_back(variant)
    padded = np.zeros((*images.shape, digits.INPUT_CHANNELS), np.int64)
    padded[..., 0] = images
    scores = network.run(digits.from_parameters(variant, made), padded)["scores"][:, 0, 0]
    assert (scores.argmax(axis=1) == labels).mean() > 0.975


def test_training_is_deterministic_and_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    import train_digits

    monkeypatch.setattr(train_digits, "EPOCHS", 1)
    first, second = (train_digits.train(4, 2, report=False) for _ in range(2))
    for name, value in first.parameters.items():
        assert np.array_equal(value, second.parameters[name]), name
    images, labels = train_digits.load_images(4)
    held_back = images[train_digits.TRAINING_IMAGES :, :, :, None].astype(np.float32) / 15
    scores, _ = first.forward(held_back)
    assert (scores.argmax(axis=1) == labels[train_digits.TRAINING_IMAGES :]).mean() > 0.85


def test_held_back_images_are_those_that_training_left_out() -> None:
    import digits
    import train_digits

    images, labels = digits.held_back("a8w8")
    all_images, all_labels = train_digits.load_images(8)
    assert np.array_equal(images, all_images[train_digits.TRAINING_IMAGES :])
    assert np.array_equal(labels, all_labels[train_digits.TRAINING_IMAGES :])
