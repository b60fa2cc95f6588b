"""The machine on a thread of its own: commands go in, snapshots come out, and the screen never waits."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flexdbg.commands.interpreter import Interpreter
from flexdbg.debug.session import Session
from flexdbg.debug.why import Why, why_all
from flexdbg.errors import FlexdbgError
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Gathering, Pane
from flexdbg.tui.recent import Recent
from flexdbg.tui.samples import Samples
from flexdbg.tui.snapshot import Registers, Snapshot, csrs_of, take_snapshot
from flexdbg.tui.transcript import Transcript

__all__ = ["Engine", "Wanted"]

# Cycles between two looks while running: fine at first, for the timeline, then coarser with the samples.
_SHORTEST, _LONGEST = 1 << 10, 1 << 15
# Seconds between two pictures of a running machine.
_PERIOD = 0.08


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pane on the screen, and how large it is."""

    pane: Pane
    options: PaneOptions
    width: int
    height: int


class Engine:
    """Owns the session. Every call but `submit`, `refresh`, `interrupt` and `close` is made on its thread."""

    def __init__(
        self, session: Session, wanted: Callable[[], list[Wanted]], changed: Callable[[], None]
    ) -> None:
        self.session = session
        self.transcript = Transcript()
        self.samples = Samples()
        self.recent = Recent(session)
        self.interpreter = Interpreter(session, self.transcript.emit)
        self.marks: dict[str, Any] = {}
        self._wanted = wanted
        self._changed = changed
        self._jobs: queue.SimpleQueue[tuple[Callable[[], object], bool] | None] = queue.SimpleQueue()
        self._before: tuple[Registers, ...] = ()
        self._busy = False
        self._next_picture = 0.0
        self.failure: BaseException | None = None
        session.slice_cycles = _SHORTEST
        session.on_slice = self._on_slice
        session.on_output = self.transcript.program
        self.samples.take(session.cluster)
        self.snapshot = self._picture(running=False)
        self._thread = threading.Thread(target=self._work, name="flexdbg-machine", daemon=True)
        self._thread.start()

    # From any thread

    @property
    def busy(self) -> bool:
        """Whether a command is being carried out."""
        return self._busy

    def submit(self, job: Callable[[], object], *, moves: bool = True) -> None:
        """Run a job on the machine's thread; one that `moves` time is what `changed` refers to."""
        self._busy = self._busy or moves
        self._jobs.put((job, moves))

    def refresh(self) -> None:
        """Take a new picture soon, because the screen wants other things."""
        self._next_picture = 0.0
        self._jobs.put((lambda: None, False))

    def interrupt(self) -> None:
        self.session.interrupt()

    def close(self) -> None:
        self.session.interrupt()
        self._jobs.put(None)
        self._thread.join(5.0)

    # On the machine's thread

    def execute(self, line: str) -> Line:
        """Run a command line; returns the error to show, or nothing."""
        self.transcript.emit([[("prompt", "(flexdbg) "), ("", line)]])
        try:
            self.interpreter.execute_interactive(line)
        except FlexdbgError as error:
            lines: list[Line] = [[("error", part)] for part in str(error).split("\n")]
            self.transcript.emit(lines)
            return lines[0]
        return []

    def _work(self) -> None:
        while True:
            item = self._jobs.get()
            if item is None:
                return
            try:
                self._do(*item)
            except BaseException as error:
                # The screen ends with it: a defect must not leave a dead machine behind a living screen.
                self.failure = error
                self._busy = False
                self._changed()

    def _do(self, job: Callable[[], object], moves: bool) -> None:
        self._busy = self._busy or moves
        before = self._remember() if moves else None
        job()
        cluster = self.session.cluster
        if before is not None and (cluster.cycle != before[0].cycle or self._remember() != before):
            self._before = before
        self._drop_stale()
        if self._jobs.empty():
            self._busy = False
            self.samples.take(cluster)
            self.snapshot = self._picture(running=False)
            self._changed()

    def _remember(self) -> tuple[Registers, ...]:
        """Registers of all harts, to compare with after the next move."""
        session = self.session
        return tuple(
            Registers(hart.index, session.cluster.cycle, tuple(hart.all_registers()), csrs_of(session, hart))
            for hart in session.cluster.harts
        )

    def _drop_stale(self) -> None:
        """After a reset or a change of the past, what was sampled later is not what will happen."""
        last = max(self.session.cluster.history_bounds()[1], self.session.cluster.cycle)
        self.samples.forget_after(last)

    def _on_slice(self) -> None:
        """Between two slices of a running machine."""
        self.samples.take(self.session.cluster)
        self.session.slice_cycles = min(max(_SHORTEST, 2 * self.samples.spacing), _LONGEST)
        now = time.monotonic()
        if now >= self._next_picture:
            self.snapshot = self._picture(running=True)
            self._changed()
            self._next_picture = time.monotonic() + _PERIOD

    def _picture(self, *, running: bool) -> Snapshot:
        before = self._before[self.session.hart] if self._before else None
        snapshot = take_snapshot(self.session, self.samples, before, running=running)
        gathering = Gathering(
            self.session,
            self.interpreter.context,
            snapshot,
            self.recent,
            self.samples,
            self.transcript,
            self.marks,
        )
        parts: dict[str, Any] = {}
        old: Mapping[str, Any] = self.snapshot.parts if hasattr(self, "snapshot") else {}
        for wanted in self._wanted():
            pane = wanted.pane
            if pane.gather is None:
                continue
            if running and not pane.while_running:
                parts[pane.name] = old.get(pane.name)
                continue
            try:
                parts[pane.name] = pane.gather(gathering, wanted.options, wanted.width, wanted.height)
            except FlexdbgError as error:
                parts[pane.name] = error
        return replace(snapshot, parts=parts, why=() if running else self._why())

    def _why(self) -> tuple[Why, ...]:
        """The causes of the last cycle."""
        try:
            return why_all(self.session)
        except FlexdbgError:
            return ()  # nothing has run yet
