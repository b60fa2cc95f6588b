"""Measurements kept between runs, one small file each; what was measured with other code is never found."""

import hashlib
import json
import os
import sys
from functools import cache
from pathlib import Path

from flexdbg import __version__
from flexdbg.bench.measurement import Job, Measurement
from flexdbg.catalog import bundled_program
from flexdbg.machine.native import core

__all__ = ["ResultCache", "cache_directory"]


def cache_directory() -> Path:
    """The user's directory for data that can be made again."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "flexdbg"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~")).expanduser() / "flexdbg" / "cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/flexdbg").expanduser()
    return Path("~/.cache/flexdbg").expanduser()


class ResultCache:
    """Results by firmware, configuration and simulator."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = (directory or cache_directory()) / "bench"

    def find(self, job: Job) -> Measurement | None:
        """The stored measurement; a file that cannot be read counts as absent."""
        try:
            return Measurement(**json.loads(self._path(job).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def store(self, job: Job, measurement: Measurement) -> None:
        """Keep a measurement; where nothing can be written it is measured again next time."""
        path = self._path(job)
        partial = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps(measurement.as_dict()), encoding="utf-8")
            partial.replace(path)
        except OSError:
            return

    def _path(self, job: Job) -> Path:
        parts = (bundled_program(job.program).digest, repr(job.changes), job.config.to_toml(), _simulator())
        return self._directory / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}.json"


@cache
def _simulator() -> str:
    """Version of the simulator, down to the bytes of its compiled part and of the energy model."""
    from flexdbg.bench import measurement
    from flexdbg.machine import energy

    digest = hashlib.sha256(__version__.encode())
    for module in (core, energy, measurement):
        if module.__file__:
            digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()
