"""The public surface, on purpose: a change here is a change for users."""

import importlib
import subprocess
import sys
from pathlib import Path

import flexdbg
from flexdbg import errors


def test_public_names_of_the_package() -> None:
    assert sorted(flexdbg.__all__) == [
        "Cluster",
        "ClusterConfig",
        "FlexdbgError",
        "Program",
        "Session",
        "Stop",
        "__version__",
        "load_program",
    ]
    for name in flexdbg.__all__:
        assert getattr(flexdbg, name) is not None


def test_every_all_is_true() -> None:
    package = Path(flexdbg.__file__).parent
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        if parts[0] in ("isa", "firmware", "data") or parts[-1] == "__main__":
            continue
        name = ".".join(("flexdbg", *parts)).removesuffix(".__init__")
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            assert hasattr(module, public), f"{name}.{public}"


def test_every_error_is_a_flexdbg_error() -> None:
    for name in errors.__all__:
        value = getattr(errors, name)
        if isinstance(value, type):
            assert issubclass(value, errors.FlexdbgError)


def test_the_version_needs_no_machine() -> None:
    code = "import sys, flexdbg; print('flexdbg.machine' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert done.stdout == "False False\n"
