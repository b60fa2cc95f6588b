"""Recorded data for the tests of the instruction set."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"


def _text(path: Path) -> str:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="session")
def reference_lines() -> list[tuple[str, int]]:
    """(source line, word) of the PULP assembler."""
    lines = _text(DATA / "conformance" / "pulp-as.jsonl.gz").splitlines()
    return [(row["asm"], int(row["hex"], 16)) for row in map(json.loads, lines)]


@pytest.fixture(scope="session")
def encodings() -> list[dict[str, str]]:
    """The encoding reference, one row per mnemonic and form."""
    return list(csv.DictReader(_text(DATA / "isa" / "encodings.csv.gz").splitlines()))


@pytest.fixture(scope="session")
def rtl_vectors() -> list[dict[str, str]]:
    """Single instructions recorded on the RTL."""
    return list(csv.DictReader(_text(DATA / "rtl-vectors.csv.gz").splitlines()))


@pytest.fixture(scope="session")
def conformance() -> Any:
    """conformance(name) -> a recorded family."""
    return lambda name: json.loads(_text(DATA / "conformance" / f"{name}.json.gz"))
