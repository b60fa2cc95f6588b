"""What debugging through the stub costs: steps, breakpoints with false conditions, a breakpoint far away;
real GDB too."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from flexdbg.isa import assemble
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import RAW_BASE, Program, parse_program

__all__ = ["Figure", "measure", "report"]

_HARTS = 8
# Every hart counts a1 up to a2, then halts at `end`; the loop body is what MatMul loops look like to a
# debugger.
_LOOP = """
  lui a2, {high}
  addi a2, a2, {low}
loop:
  addi a1, a1, 1
  addi a3, a3, 3
  xor a4, a4, a3
  bne a1, a2, loop
end:
  j end
"""
_SETTINGS = ("boot=cluster", "fc=0", "fetch=ideal", f"harts={_HARTS}")
_STEPS, _GDB_STEPS, _SECONDS = 20_000, 2_000, 2.0
_FAR = 100_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `goal` is what it should reach, and whether more or less is better follows from the
    unit."""

    name: str
    value: float
    unit: str
    goal: str
    note: str = ""


def measure(far: int = _FAR) -> list[Figure]:
    """All figures; takes about a minute."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="flexdbg-bench-") as name:
        directory = Path(name)
        image = directory / "loop.hex"
        image.write_text(_program_text(1 << 30))
        with _Connection(image, directory / "a") as stub:
            figures.append(_raw_steps(stub))
            figures.append(_false_conditions(stub))
        figures += _far_breakpoint(directory, far)
        gdb = shutil.which("gdb-multiarch")
        if gdb is not None:
            figures.append(_gdb_steps(gdb, directory / "b"))
    return figures


def report(figures: list[Figure], *, as_json: bool) -> str:
    if as_json:
        return json.dumps([asdict(figure) for figure in figures])
    width = max(len(figure.name) for figure in figures)
    rows = []
    for figure in figures:
        value = f"{figure.value:>12,.1f} {figure.unit:<4}"
        rows.append(f"{figure.name:<{width}}  {value}  {_goal(figure):<14}  {figure.note}".rstrip())
    return "\n".join(rows)


def _goal(figure: Figure) -> str:
    return f"goal {figure.goal}" if figure.goal else ""


def _program_text(count: int) -> str:
    low = (count & 0xFFF) - ((count & 0x800) << 1)
    high = (count - low) >> 12
    code = b"".join(item.data for item in assemble(_LOOP.format(high=high, low=low), RAW_BASE))
    code += bytes(-len(code) % 4)
    return "\n".join(code[at : at + 4][::-1].hex() for at in range(0, len(code), 4))


def _program(count: int) -> Program:
    return parse_program(_program_text(count).encode(), "loop.hex")


def _labels() -> tuple[int, int]:
    """Addresses of `loop` and `end`."""
    lines = _LOOP.splitlines()
    where = {name: lines.index(f"{name}:") + 1 for name in ("loop", "end")}
    items = assemble(_LOOP.format(high=1, low=1), RAW_BASE)
    return tuple(  # type: ignore[return-value]
        next(item.address for item in items if item.line > where[name]) for name in ("loop", "end")
    )


class _Connection:
    """A server in a process of its own and the smallest client."""

    def __init__(self, program: Path | str, place: Path, settings: tuple[str, ...] = _SETTINGS) -> None:
        command = [sys.executable, "-m", "flexdbg", "gdbserver", str(program), "--unix", str(place), "--once"]
        command += [f"--set={setting}" for setting in settings]
        self._server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while not place.is_socket():
            if self._server.poll() is not None:
                raise OSError("the server has not started")
            time.sleep(0.02)
        self.place = place

    def __enter__(self) -> "_Connection":
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(str(self.place))
        self.ask(b"QStartNoAckMode")
        self._socket.sendall(b"+")
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._server.wait(20)

    def wait(self) -> None:
        self._server.wait(20)

    def ask(self, payload: bytes) -> bytes:
        self.send(payload)
        return self.answer()

    def send(self, payload: bytes) -> None:
        self._socket.sendall(b"$%b#%02x" % (payload, sum(payload) & 0xFF))

    def interrupt(self) -> bytes:
        self._socket.sendall(b"\x03")
        return self.answer()

    def answer(self) -> bytes:
        data = self._socket.recv(1 << 16)
        while data[-3:-2] != b"#":
            data += self._socket.recv(1 << 16)
        return data

    def counter(self) -> int:
        """a1 of hart 0."""
        digits = self.ask(b"g").rpartition(b"$")[2].partition(b"#")[0]
        out = bytearray()
        at = 0
        while at < len(digits):
            if digits[at] == 0x2A:
                out += out[-1:] * (digits[at + 1] - 29)
                at += 2
            else:
                out.append(digits[at])
                at += 1
        return int.from_bytes(bytes.fromhex(out[88:96].decode()), "little")


def _raw_steps(stub: _Connection) -> Figure:
    began = time.perf_counter()
    for _ in range(_STEPS):
        stub.ask(b"vCont;s:1;c")
    rate = _STEPS / (time.perf_counter() - began)
    return Figure(
        "raw steps", rate, "1/s", "10,000", f"{_HARTS} harts advance; stop replies carry 33 registers"
    )


def _false_conditions(stub: _Connection) -> Figure:
    """Hits of a breakpoint in the loop of 8 harts with the condition $a5 == 1, which is false."""
    loop, _ = _labels()
    stub.ask(b"Hg1")
    stub.ask(b"Z0,%x,2;X9,26000f162022011327" % loop)
    before = stub.counter()
    began = time.perf_counter()
    stub.send(b"vCont;c")
    time.sleep(_SECONDS)
    stub.interrupt()
    took = time.perf_counter() - began
    stub.ask(b"Hg1")
    hits = (stub.counter() - before) * _HARTS
    stub.ask(b"z0,%x,2" % loop)
    return Figure("false conditions", hits / took, "1/s", "100,000", "evaluated in the stub")


def _far_breakpoint(directory: Path, far: int) -> list[Figure]:
    """A breakpoint that `far` instructions of 8 harts lie before, against the simulator alone."""
    count = far // (4 * _HARTS)
    _, end = _labels()
    config = ClusterConfig().changed({"boot": "cluster", "fc": 0, "fetch": "ideal", "harts": _HARTS})
    bare = []
    for _ in range(2):
        cluster = Cluster(config)
        cluster.load_program(_program(count))
        began = time.perf_counter()
        cluster.run(6 * count)
        bare.append(time.perf_counter() - began)
    image = directory / "far.hex"
    image.write_text(_program_text(count))
    through = []
    for number in range(2):
        with _Connection(image, directory / f"far{number}") as stub:
            stub.ask(b"Z0,%x,2" % end)
            began = time.perf_counter()
            stub.ask(b"vCont;c")
            through.append(time.perf_counter() - began)
    overhead = 100 * (min(through) / min(bare) - 1)
    what = f"{far / 1e6:.0f} M instructions"
    return [
        Figure("bare simulator", far / min(bare) / 1e6, "M/s", "", what),
        Figure("continue to a far breakpoint", far / min(through) / 1e6, "M/s", "", what),
        Figure("overhead", overhead, "%", "below 5"),
    ]


def _gdb_steps(gdb: str, place: Path) -> Figure:
    """`stepi` of a real GDB, its output discarded, in code with call-frame information."""
    script = (
        "import gdb, time\n"
        "gdb.execute('tbreak matmul_4x4_a8w4'); gdb.execute('continue', False, True)\n"
        "began = time.perf_counter()\n"
        f"for _ in range({_GDB_STEPS}): gdb.execute('stepi', False, True)\n"
        f"print('RATE', {_GDB_STEPS} / (time.perf_counter() - began))\n"
    )
    file = place.with_suffix(".py")
    file.write_text(script)
    stub = _Connection("matmul-a8w4", place, ())
    command = [gdb, "-nx", "-batch", "-ex", "set trust-readonly-sections on"]
    command += ["-ex", f"target remote {place}", "-ex", f"source {file}"]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300).stdout
    stub.wait()
    rate = next((float(line.split()[1]) for line in said.splitlines() if line.startswith("RATE")), 0.0)
    return Figure("stepi of GDB", rate, "1/s", "1,450", "that is GDB's own ceiling")
