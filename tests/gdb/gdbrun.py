"""Scripts for a real GDB on a served machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

Script = Callable[..., str]

# As GDB 13 and 18 say it.
HISTORY_ENDS = re.compile("No more reverse-execution history|Reached end of recorded history")
_HEAD = "set pagination off\nset confirm off\nset width 0\n"


def run_script(
    program: str, address: tuple[str, int], commands: str, directory: Path, *, before: str, script: bool
) -> str:
    """What GDB printed. `$place` in the commands is where the server listens; without it GDB connects by
    itself. `before` comes before that, `script` loads our script first."""
    file = directory / "script.gdb"
    head = f"{_HEAD}{before}\n"
    if script:
        from flexdbg.gdb.script import gdb_script

        (directory / "flexdbg-gdb.py").write_text(gdb_script("flexv"))
        head += f"source {directory / 'flexdbg-gdb.py'}\n"
    place = "{}:{}".format(*address)
    connect = "" if "$place" in commands else f"target remote {place}\n"
    file.write_text(f"{head}{connect}{commands.replace('$place', place)}\n")
    done = subprocess.run(
        [program, "-nx", "-batch", "-x", str(file)], capture_output=True, text=True, timeout=120
    )
    return done.stdout + done.stderr


def values(text: str) -> list[int]:
    """What `print` printed, in order."""
    return [int(number, 0) for number in re.findall(r"^\$\d+ = (-?\w+)", text, re.MULTILINE)]
