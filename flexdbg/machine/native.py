"""The compiled core, checked on import to belong to the ISA tables beside it."""

from flexdbg.errors import FlexdbgError

__all__ = ["StopEvent", "core"]

try:
    from flexdbg import _core as core
    from flexdbg._core import StopEvent
except ImportError as error:
    raise FlexdbgError(
        "the compiled part of flexdbg is missing: install the package with `pip install .` "
        f"in a fresh environment ({error})"
    ) from error

from flexdbg.isa import digest

if digest() != core.ISA_DIGEST:
    raise FlexdbgError(
        "the compiled core was built from other ISA tables than the installed ones: reinstall the package "
        "with `pip install --force-reinstall .`"
    )
