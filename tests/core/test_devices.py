"""Compiles and runs the C++ unit tests of the DMA and the peripheral devices."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CORE = HERE.parents[1] / "flexdbg" / "core"
SANITIZE = "-fsanitize=address,undefined"
PROGRAMS = {
    "dma": ["dma.cpp", "address_map.cpp"],
    "devices": ["devices.cpp", "timer.cpp", "semihost.cpp", "address_map.cpp"],
}

COMPILER = os.environ.get("CXX", "g++")


@pytest.fixture(scope="module")
def sanitizers(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The flags, if the compiler has the sanitizer libraries."""
    folder = tmp_path_factory.mktemp("sanitizers")
    source = folder / "empty.cpp"
    source.write_text("int main() { return 0; }\n")
    probe = subprocess.run(
        [COMPILER, SANITIZE, str(source), "-o", str(folder / "empty")], capture_output=True, check=False
    )
    return [SANITIZE, "-fno-sanitize-recover=all"] if probe.returncode == 0 else []


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_unit(name: str, sanitizers: list[str], tmp_path: Path) -> None:
    program = tmp_path / name
    sources = [HERE / f"{name}_test.cpp", *(CORE / source for source in PROGRAMS[name])]
    build = subprocess.run(
        [COMPILER, "-std=c++20", "-O1", "-Wall", "-Wextra", "-Werror", *sanitizers]
        + [str(source) for source in sources]
        + ["-o", str(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stderr
    run = subprocess.run([str(program)], capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 failed" in run.stdout
