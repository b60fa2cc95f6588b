"""The parsed tables, read once per process."""

from __future__ import annotations

from functools import lru_cache

from .model import Isa
from .parse import load

__all__ = ["isa_model"]


@lru_cache(maxsize=1)
def isa_model() -> Isa:
    """The model of the installed tables."""
    return load()
