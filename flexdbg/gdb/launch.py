"""`flexdbg gdb`: a server on a socket of its own, and GDB with its script connected to it."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flexdbg.errors import FlexdbgError
from flexdbg.gdb.script import gdb_script

__all__ = ["GDBS", "find_gdb", "launch"]

GDBS = ("gdb-multiarch", "riscv64-unknown-elf-gdb", "riscv32-unknown-elf-gdb", "riscv64-elf-gdb")
_START_SECONDS = 60.0


def find_gdb(wanted: str | None = None) -> str:
    """The path of a GDB that knows RISC-V."""
    for name in [wanted] if wanted else GDBS:
        path = shutil.which(name)
        if path is not None:
            return path
    if wanted:
        raise FlexdbgError(f"no program {wanted!r}")
    raise FlexdbgError(
        f"no GDB for RISC-V: none of {', '.join(GDBS)} is installed; on Debian `apt install gdb-multiarch`, "
        "or name one with --gdb; `flexdbg repl` needs none"
    )


def launch(
    program: str,
    path: Path | None,
    machine: Sequence[str],
    core: str,
    gdb: str | None,
    for_gdb: Sequence[str],
    *,
    batch: bool,
) -> int:
    """Run both until GDB ends; its exit status."""
    debugger = find_gdb(gdb)
    with tempfile.TemporaryDirectory(prefix="flexdbg-") as directory:
        place, script = Path(directory) / "server", Path(directory) / "flexdbg-gdb.py"
        script.write_text(gdb_script(core), encoding="utf-8")
        command = [sys.executable, "-m", "flexdbg", "gdbserver", program, "--unix", str(place), "--once"]
        command += ["--stop-at-exit"]
        # A session of its own: Ctrl-C in the terminal is GDB's.
        server = subprocess.Popen(
            [*command, *machine], start_new_session=True, stderr=subprocess.PIPE, text=True
        )
        try:
            _await(server, place)
            arguments = ["-q", "-x", str(script), "-ex", f"target extended-remote {place}"]
            if path is not None:
                # Line tables name sources relative to the directory of the firmware.
                sources = ["-d", str(path.parent), "-d", str(path.parent.parent)]
                arguments = [str(path), *sources, *arguments]
            return _run_gdb([debugger, *arguments, *(["-batch"] if batch else []), *for_gdb])
        finally:
            server.terminate()
            server.wait()


def _await(server: "subprocess.Popen[str]", place: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not place.is_socket():
        if server.poll() is not None or time.monotonic() > deadline:
            assert server.stderr is not None
            why = server.stderr.read().strip() if server.poll() is not None else "it does not answer"
            raise FlexdbgError(f"the server did not start: {why.removeprefix('flexdbg: ')}")
        time.sleep(0.01)


def _run_gdb(command: list[str]) -> int:
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)  # GDB has its own meaning for Ctrl-C
    try:
        return subprocess.call(command, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    finally:
        signal.signal(signal.SIGINT, previous)
