"""Builds the C++ unit tests of the core."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def build_core_test(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """build(test source in tests/core, *sources in flexdbg/core) -> program."""
    compiler = os.environ.get("CXX", "g++")

    def build(test: str, *sources: str) -> Path:
        program = tmp_path_factory.mktemp("core") / Path(test).stem
        files = [ROOT / "tests" / "core" / test, *(ROOT / "flexdbg" / "core" / source for source in sources)]
        options = ["-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror"]
        subprocess.run([compiler, *options, *map(str, files), "-o", str(program)], check=True)
        return program

    return build
