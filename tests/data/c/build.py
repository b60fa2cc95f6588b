#!/usr/bin/env python3
"""Builds the programs of tests/debug/test_c.py from shapes.c with riscv64-unknown-elf-gcc 12.2."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
RUNTIME = ROOT / "firmware" / "runtime"
GCC = "riscv64-unknown-elf-gcc"
FLAGS = (
    *("-march=rv32imc_zicsr", "-mabi=ilp32", "-mno-relax", "-mcmodel=medany", "-std=c17", "-ffreestanding"),
    *("-fno-tree-loop-distribute-patterns", "-Iruntime", "-Btools/"),
)
LINK = ("-nostdlib", "-nostartfiles", "-static", "-Wl,--build-id=none", "-Wl,-z,max-page-size=4")
VARIANTS = {
    "O0": ("-O0", "-g"),
    "Og": ("-Og", "-g"),
    "O2": ("-O2", "-g"),
    # What the compilers of PULP write: bit-fields and location lists in their older form.
    "dwarf2": ("-O1", "-gdwarf-2", "-gstrict-dwarf"),
    "dwarf4": ("-O2", "-gdwarf-4"),
}


def build(directory: Path) -> None:
    (directory / "shapes.c").symlink_to(HERE / "shapes.c")
    (directory / "runtime").symlink_to(RUNTIME)
    install = (sys.executable, str(ROOT / "isa" / "as_filter.py"), "--install", str(directory / "tools"))
    subprocess.run(install, stdout=subprocess.DEVNULL, check=True)
    maps = f"-ffile-prefix-map={directory}=tests"
    base = (GCC, *FLAGS, maps)
    objects = []
    for name in ("crt0.S", "print.c", "result.c", "string.c"):
        target = f"{name}.o"
        subprocess.run(
            (*base, "-O2", "-g0", "-c", f"runtime/{name}", "-o", target), cwd=directory, check=True
        )
        objects.append(target)
    libgcc = subprocess.run(
        (GCC, "-march=rv32im", "-mabi=ilp32", "-print-libgcc-file-name"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    for variant, options in VARIANTS.items():
        subprocess.run((*base, *options, "-c", "shapes.c", "-o", "shapes.o"), cwd=directory, check=True)
        made = HERE / f"shapes-{variant}.elf"
        subprocess.run(
            (*base, *LINK, "-Truntime/link.ld", *objects, "shapes.o", libgcc, "-o", str(made)),
            cwd=directory,
            check=True,
        )
        made.chmod(0o644)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        build(Path(scratch))
