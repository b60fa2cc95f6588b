"""`flexdbg gdb-script`: the Python file for a stock GDB, with the place of the tables filled in."""

from pathlib import Path

from flexdbg import isa

__all__ = ["gdb_script"]


def gdb_script(core: str) -> str:
    """The text of the script for programs of one core."""
    text = (Path(__file__).parent / "flexdbg-gdb.py.in").read_text(encoding="utf-8")
    tables = Path(isa.__file__).parent.resolve()
    return text.replace('"@ISA@"', repr(str(tables))).replace('"@CORE@"', repr(core))
