"""flexdbg: debugger and cycle-level simulator of a PULP cluster with Flex-V cores.

The public names load their modules on first use, so that `flexdbg --version` stays quick.
"""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flexdbg.debug.session import Session
    from flexdbg.debug.stops import Stop
    from flexdbg.errors import FlexdbgError
    from flexdbg.machine.cluster import Cluster
    from flexdbg.machine.config import ClusterConfig
    from flexdbg.machine.loader import Program, load_program

__version__ = "0.1.0"

_PUBLIC = {
    "Cluster": "flexdbg.machine.cluster",
    "ClusterConfig": "flexdbg.machine.config",
    "FlexdbgError": "flexdbg.errors",
    "Program": "flexdbg.machine.loader",
    "Session": "flexdbg.debug.session",
    "Stop": "flexdbg.debug.stops",
    "load_program": "flexdbg.machine.loader",
}

__all__ = [
    "Cluster",
    "ClusterConfig",
    "FlexdbgError",
    "Program",
    "Session",
    "Stop",
    "__version__",
    "load_program",
]


def _find_native_part() -> None:
    """Let the source tree borrow the compiled module of the installed package.

    Python started in the repository root finds this directory before the installed package, and there is
    no compiled module beside the sources.
    """
    if find_spec("flexdbg._core") is not None:
        return
    for entry in sys.path:
        installed = Path(entry or ".") / "flexdbg"
        if any(installed.glob("_core*.so")) or any(installed.glob("_core*.pyd")):
            __path__.append(str(installed))
            return


_find_native_part()


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module 'flexdbg' has no attribute {name!r}")
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted(__all__)
