#!/usr/bin/env python3
"""Builds the bundled firmware: `build.py` rewrites prebuilt/, `build.py --check` compares with it."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "kernels"), str(HERE / "networks")]

from conv_library import (  # noqa: E402
    CORES,
    kernel_files,
    published_pairs,
    published_symbol,
    table_source,
)
from conv_workload import CHANNELS, IMAGE, KERNEL, PERMUTATIONS  # noqa: E402
from conv_workload import make_workload as make_conv_workload  # noqa: E402
from matmul import matmul_source, matmul_symbol, pixels_per_call, published_source, stagger_cycles  # noqa: E402
from operators import operator_files  # noqa: E402
from pairs import PAIRS, Pair  # noqa: E402
from program import NetworkProgram, network_program  # noqa: E402
from workload import HEIGHT, OUTPUT_CHANNELS, WIDTH, K, Workload, make_workload  # noqa: E402
from xpulp_code import finish  # noqa: E402

PREBUILT = HERE / "prebuilt"
ASSEMBLER_FILTER = HERE.parent / "isa" / "as_filter.py"
GCC = os.environ.get("FLEXDBG_GCC", "riscv64-unknown-elf-gcc")

RUNTIME = ("runtime/crt0.S", "runtime/print.c", "runtime/result.c", "runtime/string.c")
MATMUL = ("programs/matmul.c", "kernels/im2col.c")
# Compiled anew for each kernel or core; the rest is the same everywhere.
WITH_OPTIONS = (MATMUL[0], "kernels/conv_rows.c", "kernels/linear.c")

# -mno-relax: the linker must not shorten code inside hardware loops, their ends are fixed when the
# assembler runs.
FLAGS = (
    *("-march=rv32imc_zicsr", "-mabi=ilp32", "-mno-relax", "-mcmodel=medany"),
    *("-std=c17", "-O2", "-g", "-ffreestanding", "-fno-common", "-fno-tree-loop-distribute-patterns"),
    *("-Wall", "-Wextra", "-Werror", "-Iruntime", "-Ikernels", "-Iprograms", "-Inn"),
)
# Bytes between the rows of a "packed" program: the four rows of a call begin in different banks.
PADDING = 4
# The published kernels are built with -O3 (pulp-platform/regression_tests:rt_nn_tests). -g0: what a debugger
# shows is the assembly, with its hardware loops.
PUBLISHED = ("-O3", "-g0", "-fasynchronous-unwind-tables")
LINK = (
    *("-nostdlib", "-nostartfiles", "-static"),
    *("-Wl,--build-id=none", "-Wl,-z,max-page-size=4", "-Wl,--fatal-warnings", "-Truntime/link.ld"),
)


@dataclass(frozen=True, slots=True)
class Program:
    """One entry of programs.toml."""

    name: str
    summary: str
    core: str
    harts: tuple[int, int]
    sources: tuple[str, ...]
    pair: Pair | None
    library: str  # "conv" or "operators": links all kernels of the core
    network: str  # a network of firmware/networks, or ""
    kernel: (
        str  # "published": C after the published kernels; "written": our assembly; "packed": with word stores
    )
    variant_of: str | None
    staggered: bool  # a hart starts a little after the one before it


def read_programs() -> list[Program]:
    """The programs in the order in which they are listed."""
    document = tomllib.loads((HERE / "programs.toml").read_text(encoding="utf-8"))
    programs = []
    for entry in document["program"]:
        row = {**document["defaults"], **entry}
        pair = PAIRS[row["pair"]] if "pair" in row else None
        sources = tuple(row.get("sources", MATMUL))
        programs.append(
            Program(
                name=row["name"],
                summary=row["summary"],
                core=row["core"],
                harts=tuple(row["harts"]),
                sources=sources,
                pair=pair,
                library=row.get("library", ""),
                network=row.get("network", ""),
                kernel=row["kernel"],
                variant_of=row.get("variant_of"),
                staggered=row.get("staggered", False),
            )
        )
    return programs


def toolchain_version() -> str:
    """What the bytes of the ELF files depend on besides the sources."""
    lines = [
        subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
        for tool in (GCC, _binutils("as"))
    ]
    return "; ".join(lines)


def _binutils(tool: str) -> str:
    found = subprocess.run([GCC, f"-print-prog-name={tool}"], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def listing_name(core: str) -> str:
    """The file that holds all generated assembly of a core's layer library."""
    return f"layers-{core}.S"


class Builder:
    """Compiles into a scratch directory of its own."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        # Everything is compiled from here by relative path, so that no file name in the debug
        # information depends on where the tree lies.
        for part in ("runtime", "kernels", "programs", "nn"):
            (scratch / part).symlink_to(HERE / part)
        self.objects: dict[tuple[str, ...], Path] = {}
        # GCC runs the first `as` it finds in a -B directory: ours knows the custom mnemonics and
        # hands the rest to the real one.
        install = [sys.executable, str(ASSEMBLER_FILTER), "--install", str(scratch / "tools")]
        subprocess.run(install, stdout=subprocess.DEVNULL, check=True)

    def compile(self, source: str, *options: str) -> Path:
        """Object file of a source below the firmware directory or of a generated one."""
        key = (source, *options)
        if key not in self.objects:
            # The name ends up in the symbol table: it must not depend on what else is built.
            digest = hashlib.sha256("\0".join(key).encode()).hexdigest()
            target = self.scratch / f"{Path(source).stem}-{digest[:8]}.o"
            # GCC does not hand its own prefix map to the assembler for .S files.
            here = f"{self.scratch}=firmware"
            maps = (f"-ffile-prefix-map={here}", f"-Wa,--debug-prefix-map={here}")
            self._run(GCC, *FLAGS, *maps, *options, "-Btools/", "-c", source, "-o", target.name)
            self.objects[key] = target
        return self.objects[key]

    def build(self, program: Program, target: Path) -> Workload | NetworkProgram | None:
        """Links one ELF file; returns the layer data of a MatMul, or what a network is made of."""
        options: tuple[str, ...] = ()
        objects = [self.compile(source) for source in RUNTIME]
        workload: Workload | NetworkProgram | None = None
        if program.pair:
            workload = make_workload(program.pair)
            (self.scratch / f"{program.name}.S").write_text(self._kernel(program), encoding="utf-8")
            (self.scratch / f"{program.name}-data.s").write_text(_data_source(workload), encoding="utf-8")
            objects += [self.compile(f"{program.name}.S"), self.compile(f"{program.name}-data.s", "-g0")]
            options = (
                f"-DA_BITS={program.pair.activations}",
                f"-DW_BITS={program.pair.weights}",
                f"-DPIXELS_PER_CALL={pixels_per_call(program.core)}",
                f"-DROW_PADDING={PADDING if program.kernel == 'packed' else 0}",
                f"-DSTAGGER={stagger_cycles(program.pair) if program.staggered else 0}",
                f"-DKERNEL={matmul_symbol(program.core, program.pair)}",
            )
        if program.library:
            objects += self._library(program.core, program.library)
        if program.network:
            workload = network_program(program.network)
            objects += self._network(program.core, workload.files)
        if program.library or program.network:
            options = (f"-DCORE_{program.core.upper()}",)
        objects += [
            self.compile(source, *(options if source in WITH_OPTIONS else ())) for source in program.sources
        ]
        self._run(GCC, *FLAGS, *LINK, *map(str, objects), "-o", str(target.resolve()))
        target.chmod(0o644)
        return workload

    def _library(self, core: str, which: str) -> list[Path]:
        """Objects of all kernels of a core, for convolutions with the table in which C finds them."""
        if which == "operators":
            # Their sources do not travel with the package, so that line numbers would lead nowhere.
            return [self._generated(name, text, "-g0") for name, text in operator_files(core).items()]
        files = kernel_files(core)
        for pair in published_pairs(core):
            symbol = published_symbol(core, pair)
            files[f"{symbol}.S"] = self._compiled(*published_source(core, pair, symbol, conv=True))
        table = self._generated(f"conv_table_{core}.c", table_source(core))
        return [*self._listed(listing_name(core), files), table]

    def _listed(self, listing: str, files: dict[str, str]) -> list[Path]:
        """Objects of assembly files whose line numbers are those of one file, which holds them all."""
        objects: list[Path] = []
        whole = ""
        for name, text in files.items():
            line = whole.count("\n") + 1
            objects.append(self._generated(name, f'#line {line} "{listing}"\n{text}'))
            whole += text
        (self.scratch / listing).write_text(whole, encoding="utf-8")
        return objects

    def _network(self, core: str, files: dict[str, str]) -> list[Path]:
        """Objects of a network's files; the kernels of convolutions are those of the core's library."""
        objects = []
        library = "".join(kernel_files(core).values())
        for name, text in files.items():
            place = library.find(text)
            if place < 0:
                objects.append(self._generated(name, text, "-g0"))
                continue
            line = library.count("\n", 0, place) + 1
            head = f'        .cfi_sections .debug_frame\n#line {line} "{listing_name(core)}"\n'
            objects.append(self._generated(name, head + text))
        return objects

    def _generated(self, name: str, text: str, *options: str) -> Path:
        (self.scratch / name).write_text(text, encoding="utf-8")
        return self.compile(name, *options)

    def _kernel(self, program: Program) -> str:
        """Assembly source of a MatMul's kernel."""
        assert program.pair
        if program.kernel != "published":
            return matmul_source(program.core, program.pair, packed=program.kernel == "packed")
        return self._compiled(*published_source(program.core, program.pair))

    def _compiled(self, source: str, macros: dict[str, str]) -> str:
        """Assembly source of a published kernel."""
        command = (GCC, *FLAGS, *PUBLISHED, *(f"-D{name}={value}" for name, value in macros.items()))
        compiled = subprocess.run(
            (*command, "-S", "-o", "-", source),
            cwd=self.scratch,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return finish(compiled.stdout, source)

    def _run(self, *command: str) -> None:
        subprocess.run(command, cwd=self.scratch, check=True)


def _data_source(workload: Workload) -> str:
    """Layer data as assembly. The weights are followed by the word the kernel prefetches."""

    def words(data: bytes) -> list[str]:
        values = [f"{int.from_bytes(data[i : i + 4], 'little'):#010x}" for i in range(0, len(data), 4)]
        return [f"        .word   {', '.join(values[i : i + 8])}" for i in range(0, len(values), 8)]

    lines = ["        .data"]
    for name, data in (("input", workload.input), ("weights", workload.weights + bytes(4))):
        symbol = f"workload_{name}"
        lines += ["        .balign 64", f"        .globl  {symbol}", f"        .type   {symbol}, @object"]
        lines += [f"{symbol}:", *words(data), f"        .size   {symbol}, . - {symbol}"]
    lines.append("        .section .rodata")
    for name, value in (("shift", workload.shift), ("checksum", workload.checksum)):
        symbol = f"workload_{name}"
        lines += ["        .balign 4", f"        .globl  {symbol}", f"        .type   {symbol}, @object"]
        lines += [f"{symbol}:", f"        .word   {value:#x}", f"        .size   {symbol}, 4"]
    return "\n".join(lines) + "\n"


def _entry(program: Program, elf: Path, workload: Workload | NetworkProgram | None) -> dict[str, Any]:
    """The program's record in catalog.json."""
    entry: dict[str, Any] = {
        "name": program.name,
        "summary": program.summary,
        "core": program.core,
        "harts": list(program.harts),
        "elf": elf.name,
        "sha256": hashlib.sha256(elf.read_bytes()).hexdigest(),
    }
    if program.variant_of:
        entry["variant_of"] = program.variant_of
    if program.pair and isinstance(workload, Workload):
        pixels = HEIGHT * WIDTH
        entry |= {
            "pair": program.pair.name,
            "shape": {"pixels": pixels, "channels": OUTPUT_CHANNELS, "k": K},
            "macs": pixels * OUTPUT_CHANNELS * K,
            "golden": {
                "symbol": "output",
                "bytes": len(workload.output),
                "sha256": hashlib.sha256(workload.output).hexdigest(),
            },
        }
    return entry


def _conv_entries(directory: Path) -> list[dict[str, Any]]:
    """Records of the bundled convolutions: one library a core, one job a permutation of widths."""
    height, width, channels = IMAGE
    workloads = {permutation: make_conv_workload(permutation) for permutation in PERMUTATIONS}
    entries = []
    for core in sorted(CORES, key="flexv".__ne__):
        elf = directory / f"layers-{core}.elf"
        digest = hashlib.sha256(elf.read_bytes()).hexdigest()
        for permutation, workload in workloads.items():
            widths = (permutation.input, permutation.weights, permutation.output)
            entries.append(
                {
                    "name": f"conv-{permutation.name}" + ("" if core == "flexv" else f"-{core}"),
                    "summary": "3x3 convolution, {} to {} channels: {}-bit inputs, {}-bit weights, "
                    "{}-bit outputs".format(channels, CHANNELS, *widths),
                    "core": core,
                    "harts": [1, 16],
                    "elf": elf.name,
                    "sha256": digest,
                    "family": "conv-aXwYoZ" + ("" if core == "flexv" else f"-{core}"),
                    "shape": {
                        "pixels": height * width,
                        "channels": CHANNELS,
                        "k": KERNEL * KERNEL * channels,
                    },
                    "layer": {
                        "input": list(IMAGE),
                        "out_channels": CHANNELS,
                        "kernel": [KERNEL, KERNEL],
                        "padding": [1, 1, 1, 1],
                        "in_format": f"u{permutation.input}",
                        "weight_bits": permutation.weights,
                        "out_format": f"u{permutation.output}",
                        "path": "bn32",
                        "shift": workload.shift,
                    },
                    "generated": {
                        "seed": workload.seed,
                        "bias": workload.bias,
                        "expected": workload.expected,
                    },
                }
            )
    return entries


def build_all(directory: Path, names: list[str]) -> None:
    """Builds the named programs, or all, with their catalogue into `directory`."""
    programs = [program for program in read_programs() if not names or program.name in names]
    entries = []
    with tempfile.TemporaryDirectory(prefix="flexdbg-firmware-") as scratch:
        builder = Builder(Path(scratch))
        for program in programs:
            elf = directory / f"{program.name}.elf"
            workload = builder.build(program, elf)
            if program.pair or program.library == "conv":  # the debugger shows this source
                listing = listing_name(program.core) if program.library else f"{program.name}.S"
                shutil.copyfile(builder.scratch / listing, directory / listing)
            if not program.library:
                entries.append(_entry(program, elf, workload))
    if not names:
        entries += _conv_entries(directory)
    document = {"toolchain": toolchain_version(), "programs": entries}
    (directory / "catalog.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def differences(directory: Path) -> list[str]:
    """Names of the files in which `directory` and prebuilt/ differ."""
    names = {path.name for place in (directory, PREBUILT) for path in place.iterdir()}
    return sorted(
        name
        for name in names
        if not (directory / name).exists()
        or not (PREBUILT / name).exists()
        or (directory / name).read_bytes() != (PREBUILT / name).read_bytes()
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="programs to build, with --out")
    parser.add_argument("--out", type=Path, help="write here instead of prebuilt/")
    parser.add_argument("--check", action="store_true", help="rebuild elsewhere and compare with prebuilt/")
    parser.add_argument("--toolchain", action="store_true", help="print the compiler's version and stop")
    arguments = parser.parse_args()
    if arguments.names and not arguments.out:
        parser.error("NAME needs --out: prebuilt/ always holds all programs")
    unknown = set(arguments.names) - {program.name for program in read_programs()}
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    if shutil.which(GCC) is None:
        parser.error(f"{GCC} not found: install gcc-riscv64-unknown-elf, or set FLEXDBG_GCC")
    if arguments.toolchain:
        print(toolchain_version())
        return 0
    if arguments.check:
        with tempfile.TemporaryDirectory() as directory:
            build_all(Path(directory), [])
            differing = differences(Path(directory))
        print(f"differ: {', '.join(differing)}" if differing else "prebuilt files equal the rebuilt ones")
        return 1 if differing else 0
    target = arguments.out or PREBUILT
    target.mkdir(parents=True, exist_ok=True)
    build_all(target, arguments.names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
