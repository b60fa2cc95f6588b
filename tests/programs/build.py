"""Builds the programs of this directory into prebuilt/ with Debian's bare-metal RISC-V GCC."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COMPILER = "riscv64-unknown-elf-gcc"
FLAGS = [
    # No relaxation: ld would shorten code behind addresses that are fixed at assembly time.
    *("-march=rv32imc_zicsr", "-mabi=ilp32", "-mno-relax", "-ffreestanding", "-fno-builtin", "-nostdlib"),
    *("-O2", "-g", "-Wall", "-Wextra", "-Werror"),
]
LINK_FLAGS = ["-Wl,--build-id=none", "-Wl,--no-warn-rwx-segments"]
PROGRAMS = {
    "runtime": ["runtime/crt0.S", "runtime/system.c", "runtime/main.c", "common/print.c"],
    "sdk": ["sdk/crt0.S", "sdk/main.c", "common/print.c"],
    "cluster": ["cluster/crt0.S", "cluster/main.c", "common/print.c"],
    "semihost": ["semihost/crt0.S", "semihost/main.c"],
}


def build(name: str, output: Path) -> None:
    """Names of places and of temporary files stay out of the result, so that it is the same everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        objects = []
        for source in PROGRAMS[name]:
            target = Path(source).stem + Path(source).suffix.replace(".", "_") + ".o"
            # Compiler and assembler note their working directory, each has its own option to rename it.
            rename = [f"-ffile-prefix-map={HERE}=.", f"-Wa,--debug-prefix-map={HERE}=."]
            command = [COMPILER, *FLAGS, *rename, "-c", source, "-o", f"{folder}/{target}"]
            subprocess.run(command, cwd=HERE, check=True)
            objects.append(target)
        link = [COMPILER, *FLAGS, *LINK_FLAGS, "-T", str(HERE / "common/link.ld"), *objects]
        subprocess.run([*link, "-o", str(output.resolve())], cwd=folder, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=HERE / "prebuilt")
    folder: Path = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        build(name, folder / f"{name}.elf")
    return 0


if __name__ == "__main__":
    sys.exit(main())
