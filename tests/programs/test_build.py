"""The prebuilt programs are those of the sources beside them."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).resolve().parent
BUILT_WITH = "12.2.0"


def load_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("programs_build", HERE / "build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = load_build()


@pytest.fixture(scope="module")
def compiler_version(tool: Callable[[str], str]) -> str:
    tool(BUILD.COMPILER)
    run = subprocess.run([BUILD.COMPILER, "-dumpversion"], capture_output=True, text=True, check=True)
    return run.stdout.strip()


@pytest.mark.parametrize("name", sorted(BUILD.PROGRAMS))
def test_prebuilt_equals_rebuilt(name: str, tmp_path: Path, compiler_version: str) -> None:
    assert compiler_version == BUILT_WITH
    BUILD.build(name, tmp_path / name)
    assert (tmp_path / name).read_bytes() == (HERE / "prebuilt" / f"{name}.elf").read_bytes()
