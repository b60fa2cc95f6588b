"""How fast the simulator runs here: instructions and cycles a second on the MatMul kernels, full timing.

Times are of the processor, not of the wall: other work on the computer does not count.
"""

import json
import time
from dataclasses import asdict, dataclass

from flexdbg.catalog import bundled_program
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import load_program
from flexdbg.machine.native import core
from flexdbg.render.tables import key_values
from flexdbg.render.text import plain

__all__ = ["Speed", "measure", "report"]

_KERNELS = ("matmul-a8w8", "matmul-a8w4", "matmul-a4w4", "matmul-a2w2")
_REPEATS = 3
_STEPS = 2000
_IDLE_ENTRY = 0x1C00_8080
# Hart 0 counts down for ever, the others sleep on event 0, which nobody raises.
_IDLE_PROGRAM = """
    csrr t0, mhartid
    lui t1, 0x10204
    addi t2, x0, 1
    sw t2, 8(t1)
    bne t0, x0, sleep
loop:
    addi t3, t3, 1
    addi t4, t4, 2
    xor t5, t3, t4
    j loop
sleep:
    p.elw t2, 0x3c(t1)
    j sleep
"""
_IDLE_CYCLES = 20_000_000


@dataclass(frozen=True, slots=True)
class Speed:
    """Million hart-instructions or cluster cycles a second; medians over kernels, best of a few runs each."""

    lockstep_mips: float
    runahead_mips: float
    cluster_mhz: float  # run-ahead, all harts busy
    idle_cluster_mhz: float  # seven harts asleep
    step_us: float  # one hart step from Python
    calibration_mops: float  # a fixed native loop, to compare computers


def measure() -> Speed:
    """Run the kernels in both modes, the idle case and single steps; takes some seconds."""
    lockstep, runahead, cycles = [], [], []
    for kernel in _KERNELS:
        slow = max((_run(kernel, fast=False) for _ in range(_REPEATS)), key=lambda pair: pair[0])
        quick = max((_run(kernel, fast=True) for _ in range(_REPEATS)), key=lambda pair: pair[0])
        lockstep.append(slow[0])
        runahead.append(quick[0])
        cycles.append(quick[1])
    return Speed(
        lockstep_mips=_median(lockstep),
        runahead_mips=_median(runahead),
        cluster_mhz=_median(cycles),
        idle_cluster_mhz=_idle(),
        step_us=_step_time(),
        calibration_mops=core.calibration_mops(),
    )


def report(speed: Speed, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({name: round(value, 3) for name, value in asdict(speed).items()})
    return plain(
        key_values(
            [
                (
                    "lockstep",
                    f"{speed.lockstep_mips:7.1f} M hart-instructions/s  (precise mode, a breakpoint armed)",
                ),
                ("run-ahead", f"{speed.runahead_mips:7.1f} M hart-instructions/s"),
                ("cluster", f"{speed.cluster_mhz:7.1f} M cycles/s  (run-ahead, eight harts busy)"),
                ("idle cluster", f"{speed.idle_cluster_mhz:7.1f} M cycles/s  (seven harts asleep)"),
                ("one step", f"{speed.step_us:7.1f} us  (one hart, from Python)"),
                ("calibration", f"{speed.calibration_mops:7.1f} M operations/s  (fixed native loop)"),
            ]
        )
    )


def _run(kernel: str, *, fast: bool) -> tuple[float, float]:
    """(million instructions a second, million cycles a second) of one whole run."""
    program = load_program(bundled_program(kernel).path)
    cluster = Cluster(ClusterConfig())
    cluster.load_program(program)
    if not fast:
        # Armed and never hit: the highest address of L2 holds no code.
        cluster.add_breakpoint(cluster.config.l2_base + cluster.config.l2_size - 4)
    start = time.process_time()
    cluster.run(fast=fast)
    seconds = time.process_time() - start
    instructions = sum(hart.counters["instructions"] for hart in cluster.harts[: cluster.config.harts])
    return instructions / seconds / 1e6, cluster.cycle / seconds / 1e6


def _idle() -> float:
    from flexdbg.isa import assemble

    cluster = Cluster(ClusterConfig().changed({"boot": "cluster", "fc": 0}))
    code = b"".join(item.data for item in assemble(_IDLE_PROGRAM, _IDLE_ENTRY))
    cluster.load(_IDLE_ENTRY, code)
    cluster.set_entry(_IDLE_ENTRY)
    cluster.run(10_000)
    start = time.process_time()
    cluster.run(_IDLE_CYCLES)
    return _IDLE_CYCLES / (time.process_time() - start) / 1e6


def _step_time() -> float:
    cluster = Cluster(ClusterConfig())
    cluster.load_program(load_program(bundled_program(_KERNELS[0]).path))
    cluster.run(5000)
    start = time.process_time()
    for _ in range(_STEPS):
        cluster.step(0)
    return (time.process_time() - start) / _STEPS * 1e6


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
