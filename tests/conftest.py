"""Tests run against the installed package: the repository root leaves the module path."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]

from hypothesis import HealthCheck, settings  # noqa: E402

# Shared machines are slow at times: a deadline would test the machine, not the code.
settings.register_profile(
    "flexdbg", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("flexdbg")

# A job in the background of a script ignores Ctrl-C, and so would every program that a test interrupts.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

ENTRY = 0x1C00_8080


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout, for tests about its files."""
    return ROOT


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """tool(program) -> its path. A test whose program is missing is left out, but fails in CI."""

    def find(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {program}")
        return path

    return find


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """cli(*arguments, input=...) runs the `flexdbg` command, away from the checkout."""
    directory = tmp_path_factory.mktemp("cli")

    def run(*arguments: str, input: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flexdbg", *arguments]
        return subprocess.run(
            command,
            input=input,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=directory,
            env={**os.environ, "NO_COLOR": "1"},
        )

    return run


@pytest.fixture(scope="session")
def make_elf() -> Callable[..., bytes]:
    """make_elf(code, symbols={name: (address, size, kind)}, **header) -> a small ELF file."""
    return build_elf


def build_elf(
    code: bytes,
    address: int = ENTRY,
    *,
    symbols: Mapping[str, tuple[int, int, str]] | None = None,
    entry: int | None = None,
    machine: int = 243,
    elf_class: int = 1,
    order: int = 1,
    kind: int = 2,
    memory_size: int | None = None,
    data: Mapping[int, bytes] | None = None,
) -> bytes:
    """A statically linked executable with one code segment, more segments from `data`, and a symbol table."""
    pieces = {address: code, **(data or {})}
    header_size, program_size, section_size = 52, 32, 40
    names = b"\0.symtab\0.strtab\0.shstrtab\0"
    strings = b"\0"
    table = struct.pack("<IIIBBH", 0, 0, 0, 0, 0, 0)
    kinds = {"func": 2, "object": 1, "label": 0}
    for name, (value, size, what) in (symbols or {}).items():
        table += struct.pack("<IIIBBH", len(strings), value, size, 1 << 4 | kinds[what], 0, 0xFFF1)
        strings += name.encode() + b"\0"
    offset = header_size + program_size * len(pieces)
    body = b""
    programs = b""
    for at, content in pieces.items():
        size = memory_size if memory_size is not None and at == address else len(content)
        programs += struct.pack("<8I", 1, offset + len(body), at, at, len(content), size, 7, 4)
        body += content + bytes(-len(content) % 4)
    places = []
    for content in (table, strings, names):
        places.append((offset + len(body), len(content)))
        body += content + bytes(-len(content) % 4)
    sections = bytes(section_size)
    for index, (name, what, link, info, size) in enumerate(
        ((1, 2, 2, 1, 16), (9, 3, 0, 0, 0), (17, 3, 0, 0, 0))
    ):
        place, length = places[index]
        sections += struct.pack("<10I", name, what, 0, 0, place, length, link, info, 4, size)
    order_mark = "<" if order == 1 else ">"
    header = b"\x7fELF" + bytes([elf_class, order, 1, 0]) + bytes(8)
    header += struct.pack(
        f"{order_mark}HHIIIIIHHHHHH",
        *(kind, machine, 1, address if entry is None else entry, header_size, offset + len(body), 1),
        *(header_size, program_size, len(pieces), section_size, 4, 3),
    )
    return header + programs + body + sections


@pytest.fixture(scope="session")
def make_program() -> Callable[..., Any]:
    """make_program(assembly text) -> a Program whose labels are symbols."""
    from flexdbg.isa import assemble

    from flexdbg.machine.loader import parse_program

    def build(text: str, symbols: Mapping[str, tuple[int, int, str]] | None = None, **elf: Any) -> Any:
        encoded = assemble(text, ENTRY)
        code = b"".join(item.data for item in encoded)
        known = dict(symbols or {})
        for line, name in _labels(text):
            following = [item.address for item in encoded if item.line >= line]
            known.setdefault(name, (following[0] if following else ENTRY + len(code), 0, "label"))
        return parse_program(build_elf(code, symbols=known, **elf), "test.elf")

    return build


def _labels(text: str) -> list[tuple[int, str]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        name, colon, _ = line.partition(":")
        if colon and name.strip().isidentifier():
            found.append((number, name.strip()))
    return found


@pytest.fixture(scope="session")
def make_session(make_program: Callable[..., Any]) -> Callable[..., Any]:
    """make_session(assembly text, harts=1, ...) -> a Session whose harts start at the text's beginning."""
    from flexdbg import Cluster, ClusterConfig, Session

    def build(text: str, *, harts: int = 1, symbols: Any = None, data: Any = None, **settings: object) -> Any:
        config = ClusterConfig().changed(
            {"boot": "cluster", "fc": 0, "harts": harts, "fetch": "ideal", **settings}
        )
        elf = {"data": data} if data else {}
        return Session(Cluster(config), make_program(text, symbols, **elf))

    return build
