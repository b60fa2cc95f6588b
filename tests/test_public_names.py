"""The public surface, on purpose: a change here is a change for users."""

import importlib
import pkgutil
import subprocess
import sys

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
    for module_info in pkgutil.walk_packages(flexdbg.__path__, "flexdbg."):
        if ".core" in module_info.name or module_info.name.endswith(("__main__", "_core")):
            continue
        if module_info.name.startswith("flexdbg.isa.") or ".firmware" in module_info.name:
            continue
        module = importlib.import_module(module_info.name)
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{module_info.name}.{name}"


def test_every_error_is_a_flexdbg_error() -> None:
    for name in errors.__all__:
        value = getattr(errors, name)
        if isinstance(value, type):
            assert issubclass(value, errors.FlexdbgError)


def test_the_version_needs_no_machine() -> None:
    code = "import sys, flexdbg; print('flexdbg.machine' in sys.modules, 'rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd="/")
    assert done.stdout == "False False\n"
