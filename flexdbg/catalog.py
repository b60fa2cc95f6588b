"""The bundled programs: what each is, which core it needs, and what it must compute."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flexdbg.errors import UnknownProgramError, did_you_mean
from flexdbg.resources import resource_directory

__all__ = ["BundledProgram", "Golden", "Shape", "bundled_program", "bundled_programs"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A MatMul: `pixels` rows times `channels` filters, reduced over `k` elements."""

    pixels: int
    channels: int
    k: int

    @property
    def macs(self) -> int:
        return self.pixels * self.channels * self.k


@dataclass(frozen=True, slots=True)
class Golden:
    """The correct output: `size` bytes at `symbol` whose SHA-256 is `sha256`."""

    symbol: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BundledProgram:
    """One program that travels with the package, ready to run."""

    name: str
    summary: str
    core: str  # the smallest profile that has all its instructions
    fewest_harts: int
    most_harts: int
    elf: str
    sha256: str
    pair: str | None = None  # precision pair of a kernel, such as "a8w4"
    shape: Shape | None = None
    golden: Golden | None = None
    family: str | None = None  # `flexdbg list` shows one line for all of them
    layer: dict[str, Any] | None = None  # the job of a layer library, see flexdbg/layers.py
    generated: dict[str, int] | None = None
    variant_of: str | None = None  # program that computes the same with another kernel

    @property
    def macs(self) -> int | None:
        """Multiply-accumulates of the measured region."""
        return self.shape.macs if self.shape else None

    @property
    def runs_on(self) -> str | None:
        """The core to simulate unless told otherwise: a kernel is measured on the one it is written for."""
        return self.core if self.pair or self.layer else None

    @property
    def tensors(self) -> tuple[str, ...]:
        """What is known of its operands, each as `NAME TYPE[D0][D1] at SYMBOL`; of MatMul programs only.

        Variants may pad their rows, so nothing is said of them.
        """
        if self.shape is None or self.pair is None or self.golden is None or self.layer or self.variant_of:
            return ()
        activation, weight = self.pair.removeprefix("a").split("w")
        pixels, channels, k = self.shape.pixels, self.shape.channels, self.shape.k
        result = 8 * self.golden.size // (pixels * channels)
        return (
            f"rows u{activation}[{pixels}][{k}] at rows",
            f"weights i{weight}[{channels}][{k}] at workload_weights",
            f"output u{result}[{pixels}][{channels}] at {self.golden.symbol}",
        )

    @property
    def digest(self) -> str:
        """What the program is and does, for caches: its file, and the layer it is given."""
        job = json.dumps([self.layer, self.generated], sort_keys=True) if self.layer else ""
        return f"{self.sha256}{job}"

    @property
    def path(self) -> Path:
        """The ELF file; its sources are found beside it."""
        return resource_directory("firmware") / self.elf


@cache
def bundled_programs() -> tuple[BundledProgram, ...]:
    """All bundled programs, in the order in which they are listed."""
    text = (resource_directory("firmware") / "catalog.json").read_text(encoding="utf-8")
    return tuple(_program(entry) for entry in json.loads(text)["programs"])


def bundled_program(name: str) -> BundledProgram:
    """The program of that name."""
    programs = {program.name: program for program in bundled_programs()}
    if name not in programs:
        hint = did_you_mean(name, programs) or "; `flexdbg list` shows all"
        raise UnknownProgramError(f"no bundled program is called {name!r}{hint}")
    return programs[name]


def _program(entry: dict[str, Any]) -> BundledProgram:
    fewest, most = entry["harts"]
    golden = entry.get("golden")
    return BundledProgram(
        name=entry["name"],
        summary=entry["summary"],
        core=entry["core"],
        fewest_harts=fewest,
        most_harts=most,
        elf=entry["elf"],
        sha256=entry["sha256"],
        pair=entry.get("pair"),
        shape=Shape(**entry["shape"]) if "shape" in entry else None,
        golden=Golden(golden["symbol"], golden["bytes"], golden["sha256"]) if golden else None,
        family=entry.get("family"),
        layer=entry.get("layer"),
        generated=entry.get("generated"),
        variant_of=entry.get("variant_of"),
    )
