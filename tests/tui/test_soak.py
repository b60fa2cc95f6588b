"""A session of tens of millions of cycles in bounded memory; `python -m tests.soak` goes on for minutes."""

import sys
from pathlib import Path

import pytest


def test_memory_stays_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds of runs, steps, ways back, questions and screens, with a small record that is soon full."""
    monkeypatch.syspath_prepend(str(root / "tests"))
    from soak import Soak

    told: list[str] = []
    soak = Soak(history_mb=16, seed=7, say=told.append)
    soak.run(10.0, cycles=12_000_000)
    assert soak.bounded, "\n".join(told)
    assert soak.commands > 20 and soak.pictures > 20
    first, last = soak.session.timeline.bounds
    assert first == 0 and last > 1_000_000
    sys.modules.pop("soak", None)
