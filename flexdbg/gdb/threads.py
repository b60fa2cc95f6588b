"""Thread identifiers: hart N is thread N + 1 of process 1, and what is said about a thread."""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from flexdbg.gdb.replies import PacketError, hex_number
from flexdbg.machine.cluster import Cluster, Hart

__all__ = ["ALL", "ANY", "PROCESS", "parse_thread", "state_text", "thread_id", "threads_xml"]

PROCESS = 1
ALL, ANY = -1, -2


def parse_thread(text: bytes, harts: int) -> int:
    """ALL, ANY or a hart, from `3`, `-1`, `p1.3`, `p1` or `p1.-1`."""
    if text.startswith(b"p"):
        process, dot, thread = text[1:].partition(b".")
        if process not in (b"-1", b"0") and hex_number(process, "a process") != PROCESS:
            raise PacketError(3, f"no process {process.decode('ascii', 'replace')}: there is process 1")
        text = thread if dot else b"-1"
    if text == b"-1":
        return ALL
    number = hex_number(text, "a thread")
    if number == 0:
        return ANY
    if number > harts:
        raise PacketError(3, f"no thread {number}: threads are 1 to {harts}")
    return number - 1


def thread_id(hart: int, multiprocess: bool) -> bytes:
    return b"p%x.%x" % (PROCESS, hart + 1) if multiprocess else b"%x" % (hart + 1)


def state_text(cluster: Cluster, hart: int, stopped: str = "") -> str:
    """`running, waits for bank 3`, `halted: breakpoint`, `asleep at barrier 0, ...`."""
    it = cluster.harts[hart]
    state, wait = it.state, it.wait
    if stopped and state == "running":
        return f"halted: {stopped}" + (f"; {wait}" if wait else "")
    if not wait:
        return state
    return wait if wait.startswith("asleep") else f"{state}: {wait}"


def threads_xml(
    harts: Iterable[Hart], cluster: Cluster, multiprocess: bool, stopped: dict[int, str]
) -> bytes:
    """The document of qXfer:threads."""
    lines = ['<?xml version="1.0"?>', "<threads>"]
    for hart in harts:
        identifier = thread_id(hart.index, multiprocess).decode()
        text = state_text(cluster, hart.index, stopped.get(hart.index, ""))
        name = quoteattr(hart.name)
        lines.append(f'<thread id="{identifier}" core="{hart.index}" name={name}>{_escaped(text)}</thread>')
    return "\n".join([*lines, "</threads>", ""]).encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
