"""The generated kernels of layers beside convolutions: all of a core, or those that a network uses."""

from __future__ import annotations

from collections.abc import Collection

from add import add_source
from depthwise import depthwise_source
from linear import linear_source
from pool import pool_source

__all__ = ["operator_files"]


def operator_files(core: str, only: Collection[str] | None = None) -> dict[str, str]:
    """Assembly files by name; with `only`, no other functions than these, and no empty files."""
    prefix = "" if only is None else "part-"
    files = {
        f"{prefix}linear-{core}.S": linear_source(core, only),
        f"{prefix}add.S": add_source(only),
        f"{prefix}pool-{core}.S": pool_source(core, only),
    }
    if only is None:
        files["depthwise-kernels.S"] = depthwise_source()
    return {name: text for name, text in files.items() if text}
