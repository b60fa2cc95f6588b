"""A long session, to see that memory stays bounded: run, step, go back, ask, draw every pane, for minutes.

python -m tests.soak [--minutes N] [--history-mb N] [--seed N]

Eight harts write all over the TCDM without end, so that the record of the run has to thin out all the time.
A line a minute says how far it is and what memory it takes; the exit status is 1 if that was ever more
than at the start, plus `history_mb`, plus a constant.
"""

import argparse
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flexdbg.debug.session import Session
from flexdbg.errors import CommandError
from flexdbg.machine.assembled import assembled_program
from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import load_config
from flexdbg.tui.engine import Engine, Wanted
from flexdbg.tui.layout import Layout, default_tree
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes import PANES
from flexdbg.tui.screen import View, compose

__all__ = ["ALLOWANCE_MB", "Soak", "memory_mb"]

# Beside the record: the transcript, samples of the timeline, cached replays, the heap's slack.
ALLOWANCE_MB = 96

_PROGRAM = """
start:
    csrr s0, mhartid
    andi s0, s0, 31
    slli s1, s0, 12            # a page of its own
    lui  s2, 0x10000
    add  s2, s2, s1
    addi s3, x0, 0
    slli s4, s0, 1
    addi s4, s4, 3             # its own stride, so that harts meet in banks again and again
again:
    andi t0, s3, 0x3ff
    slli t0, t0, 2
    add  t1, s2, t0
    lw   t2, 0(t1)
    pv.sdotsp.b a0, t2, s3
    xor  t2, t2, a0
    sw   t2, 0(t1)
    slli t3, s3, 5             # and a page that all share, in other banks each time
    andi t3, t3, 0x7fc
    lui  t4, 0x10010
    add  t4, t4, t3
    lw   t5, 0(t4)
    add  t5, t5, s0
    sw   t5, 0(t4)
    add  s3, s3, s4
    j    again
"""
_SIZES = ((80, 24), (120, 40), (200, 60), (250, 70))


def memory_mb() -> float:
    """Resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass
class Soak:
    """One session under load; `run` goes on for a time or a number of simulated cycles."""

    history_mb: int = 64
    seed: int = 1
    say: Callable[[str], None] = lambda line: None
    forward: int = 0  # cycles simulated by commands that run on
    commands: int = 0
    pictures: int = 0
    peak_mb: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        config = load_config(
            None, [f"history_mb={self.history_mb}", "boot=direct", "icache_enabled_at_reset=true"]
        )
        session = Session(Cluster(config), assembled_program(_PROGRAM, "soak.S"))
        self.session = session
        self._random = random.Random(self.seed)
        self._size = _SIZES[0]
        self._options = {name: PaneOptions() for name in PANES}
        self._layout = Layout(default_tree("large"))
        self.engine = Engine(session, self._wanted, self._done.set)
        self._execute("tensor t i8[64][64] at 0x10000000")
        self._execute("display $s3")
        self.start_mb = self.peak_mb = memory_mb()

    @property
    def bound_mb(self) -> float:
        return self.start_mb + self.history_mb + ALLOWANCE_MB

    @property
    def bounded(self) -> bool:
        return self.peak_mb <= self.bound_mb

    def run(self, seconds: float, cycles: int | None = None, report: float = 60.0) -> None:
        """Go on; a line every `report` seconds."""
        begin = told = time.monotonic()
        self._tell(0.0)
        try:
            while time.monotonic() - begin < seconds and (cycles is None or self.forward < cycles):
                self._act()
                self._draw()
                self.peak_mb = max(self.peak_mb, memory_mb())
                if time.monotonic() - told >= report:
                    told = time.monotonic()
                    self._tell(told - begin)
        finally:
            self._tell(time.monotonic() - begin)
            self.engine.close()

    def _tell(self, seconds: float) -> None:
        first, last = self.session.timeline.bounds
        self.say(
            f"{seconds:7.0f} s  {memory_mb():7.1f} MiB (peak {self.peak_mb:.1f}, bound {self.bound_mb:.1f})  "
            f"{self.forward / 1e6:9.1f} M cycles run, {last / 1e6:.1f} M recorded from {first}  "
            f"{self.commands} commands  {self.pictures} screens"
        )

    def _wanted(self) -> list[Wanted]:
        return [Wanted(pane, self._options[name], *self._size) for name, pane in PANES.items()]

    def _draw(self) -> None:
        self._size = self._random.choice(_SIZES)
        view = View(PANES, self._layout, self._options)
        compose(self.engine.snapshot, view, *self._size)
        for name, pane in PANES.items():
            snapshot = self.engine.snapshot
            pane.draw(snapshot, snapshot.parts.get(name), *self._size, self._options[name])
        self.pictures += 1

    def _execute(self, line: str) -> None:
        self._done.clear()
        self.engine.submit(lambda: self.engine.execute(line))
        while self.engine.busy and self.engine.failure is None:
            self._done.wait(1.0)
            self._done.clear()
        if self.engine.failure is not None:
            raise self.engine.failure
        self.commands += 1

    def _one_of(self, *lines: str) -> None:
        self._execute(self._random.choice(lines))

    def _act(self) -> None:
        """One thing that a user does; most of the time passes in runs."""
        pick, cycle = self._random.random(), self.session.cluster.cycle
        first, last = self.session.timeline.bounds
        before = cycle
        if pick < 0.35:
            self._execute(f"cycle {self._random.randrange(1, 400_000)}")
        elif pick < 0.5:
            self._execute(f"stepi {self._random.randrange(1, 30)}")
        elif pick < 0.6:
            self._execute("step-to conflict")
        elif pick < 0.7:
            self._execute(
                self._random.choice(("reverse-stepi 20", "reverse-cycle 5000", "reverse-step-to conflict"))
            )
        elif pick < 0.76:
            self._execute(f"goto {self._random.randrange(first, last + 1)}")
            self._execute("why")
            self._execute("goto end")
        elif pick < 0.82:
            self._execute(
                self._random.choice(("last-write 0x10010040", "history $s3 20", "why all", "info ledger"))
            )
        elif pick < 0.86:
            self._execute(f"hart {self._random.randrange(8)}")
        elif pick < 0.88:
            # A change in the past: another future.
            self._execute(f"set {{int}}0x10010000 = {self._random.randrange(1 << 20)}")
        else:
            self._execute(f"cycle {self._random.randrange(1_000_000, 3_000_000)}")
        self.forward += max(self.session.cluster.cycle - before, 0)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--history-mb", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    soak = Soak(options.history_mb, options.seed, lambda line: print(line, flush=True))
    try:
        soak.run(options.minutes * 60)
    except CommandError as error:
        print(f"tests.soak: {error}", file=sys.stderr)
        return 1
    return 0 if soak.bounded else 1


if __name__ == "__main__":
    sys.exit(main())
