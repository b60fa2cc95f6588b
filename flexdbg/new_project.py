"""`flexdbg new`: a firmware project of one's own that builds with a stock compiler."""

import re
import shutil
from pathlib import Path

from flexdbg.errors import ProgramError
from flexdbg.resources import resource_directory

__all__ = ["COMPILER", "compiler_found", "create_project"]

COMPILER = "riscv64-unknown-elf-gcc"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
# Directory of the package -> files to copy from it, and where to.
_FILES = (
    ("firmware/template", ("Makefile", "kernel.S", "kernel.h", "main.c"), "."),
    (
        "firmware/runtime",
        (
            *("cluster.h", "crt0.S", "dma.h", "link.ld", "platform.h"),
            *("print.c", "print.h", "result.c", "string.c"),
        ),
        "runtime",
    ),
    ("firmware/kernels", ("xpulp.h",), "runtime"),
)


def create_project(target: Path) -> list[Path]:
    """Write the project; its name is the last part of `target`, which must not exist. Returns its files."""
    name = target.name
    if not _NAME.fullmatch(name):
        raise ProgramError(f"{name!r} is no name for a project: letters, digits, - and _, a letter first")
    if target.exists() or target.is_symlink():
        raise ProgramError(f"{target} exists already")
    if not target.parent.is_dir():
        raise ProgramError(f"{target.parent} is not a directory")
    texts = {}
    for place, files, folder in _FILES:
        for file in files:
            text = (resource_directory(place) / file).read_text(encoding="utf-8")
            texts[target / folder / file] = text.replace("@NAME@", name)
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ProgramError(f"cannot write {path}: {error.strerror}") from error
    return list(texts)


def compiler_found() -> bool:
    """Whether the compiler that the project's Makefile calls is on the path."""
    return shutil.which(COMPILER) is not None
