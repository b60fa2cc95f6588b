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

# Cycles between two samples while running, for the timeline: fine at first, then coarser.
_FINEST, _COARSEST = 1 << 10, 1 << 15
# A running machine is looked at after so many seconds, whatever the speed of host and program, but not after
# fewer cycles than these: a key waits no longer for its picture.
_SLICE_SECONDS, _SHORTEST = 0.004, 1 << 8
# Seconds between two pictures of a running machine.
_PERIOD = 0.08
# How many commands may wait for the ones before: keys pressed or repeated fast are carried out one by one.
_MOST_QUEUED = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """One pane on the screen, and how large it is."""

    pane: Pane
    options: PaneOptions
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], object]
    moves: bool
    hasty: bool
    number: int


class Engine:
    """Owns the session. Every call but `submit`, `refresh`, `interrupt` and `close` is made on its thread."""

    def __init__(
        self,
        session: Session,
        wanted: Callable[[], list[Wanted]],
        changed: Callable[[], None],
        title: str = "",
    ) -> None:
        self.session = session
        self._title = session.program, title  # what the user calls the program
        self.transcript = Transcript()
        self.samples = Samples()
        self.recent = Recent(session)
        self.interpreter = Interpreter(session, self.transcript.emit)
        self.marks: dict[str, Any] = {}
        self._wanted = wanted
        self._changed = changed
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._before: tuple[Registers, ...] = ()
        self._lock = threading.Lock()
        self._open = 0  # submitted jobs that have not ended
        self._moves = 0  # submitted jobs that move the machine and have not ended
        self._number = 0  # of the last job
        self._dropped = 0  # jobs up to this number that have not begun are not carried out
        self._dropped_hasty = 0  # the same for hasty ones
        self._next_picture = 0.0
        self._slice_began = (0.0, 0)  # time, cycle
        self._shown: dict[str, tuple[Any, ...]] = {}  # what the parts of this stop were gathered for
        self._causes: tuple[Why, ...] | None = None  # of this stop
        self.failure: BaseException | None = None
        session.slice_cycles = _FINEST
        session.on_slice = self._on_slice
        session.on_output = self.transcript.program
        self.samples.take(session.cluster)
        self.snapshot = self._picture(running=False)
        self._thread = threading.Thread(target=self._work, name="flexdbg-machine", daemon=True)
        self._thread.start()

    # From any thread

    @property
    def busy(self) -> bool:
        """Whether a command is being carried out, or its picture is not there yet."""
        return self._moves > 0

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and the picture is up to date."""
        return self._open == 0

    @property
    def occupied(self) -> bool:
        """Whether it runs for so long, or has so much to do, that the user has to wait or to interrupt it."""
        return self._moves > 0 and (self.snapshot.running or self._moves >= _MOST_QUEUED)

    def submit(self, job: Callable[[], object], *, moves: bool = True, hasty: bool = False) -> None:
        """Run a job on the machine's thread; one that `moves` time is what `changed` refers to.

        A `hasty` one comes from a key pressed while the one before may not have ended: it is dropped when
        that one turns out to run for long.
        """
        self._count(1, moves)
        with self._lock:
            self._number += 1
            self._jobs.put(_Job(job, moves, hasty, self._number))

    def _count(self, change: int, moves: bool) -> None:
        with self._lock:
            self._open += change
            if moves:
                self._moves += change

    def refresh(self) -> None:
        """Take a new picture soon, because the screen wants other things."""
        if self.snapshot.running:
            self._next_picture = 0.0
        self.submit(lambda: None, moves=False)

    def interrupt(self) -> None:
        """Stop what is under way; what waits behind it is not begun."""
        self._dropped = self._number
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
                self._do(item)
            except BaseException as error:
                # The screen ends with it: a defect must not leave a dead machine behind a living screen.
                self.failure = error
                self._open = self._moves = 0
                self._changed()

    def _do(self, job: _Job) -> None:
        moves = job.moves
        before = self._remember() if moves else None
        now = time.monotonic()
        self._slice_began = (now, self.session.cluster.cycle)
        self.session.slice_cycles = _FINEST - self.session.cluster.cycle % _FINEST
        if moves:
            self._forget()
            # Moves that are over at once do not flash as running.
            self._next_picture = now + _PERIOD
        if job.number > max(self._dropped, self._dropped_hasty if job.hasty else 0):
            job.work()
        cluster = self.session.cluster
        if before is not None and (cluster.cycle != before[0].cycle or self._remember() != before):
            self._before = before
        self._drop_stale()
        last = self._jobs.empty()
        if last:
            self.samples.take(cluster)
            self.snapshot = self._picture(running=False)
        self._count(-1, moves)
        if last:
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
        session = self.session
        now = time.monotonic()
        began, cycle = self._slice_began
        here = session.cluster.cycle
        # Samples are taken at round cycles, so that they do not depend on the speed of this computer.
        distance = min(max(_FINEST, 2 * self.samples.spacing), _COARSEST)
        if here % distance == 0:
            self.samples.take(session.cluster)
        in_time = int((here - cycle) * _SLICE_SECONDS / max(now - began, 1e-6))
        session.slice_cycles = min(max(in_time, _SHORTEST), distance - here % distance)
        if now >= self._next_picture:
            self._forget()
            self._dropped_hasty = self._number
            self.snapshot = self._picture(running=True)
            self._changed()
            self._next_picture = time.monotonic() + _PERIOD
        self._slice_began = (time.monotonic(), session.cluster.cycle)

    def _forget(self) -> None:
        """The machine moves: whatever was gathered has to be gathered again."""
        self._shown = {}
        self._causes = None

    def _picture(self, *, running: bool) -> Snapshot:
        before = self._before[self.session.hart] if self._before else None
        snapshot = take_snapshot(self.session, self.samples, before, running=running)
        program, title = self._title
        if title and self.session.program is program:
            snapshot = replace(snapshot, program=title)
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
            size = wanted.width, wanted.height
            if pane.name in old and self._shown.get(pane.name) == (*size, wanted.options):
                parts[pane.name] = old[pane.name]
                continue
            try:
                parts[pane.name] = pane.gather(gathering, wanted.options, *size)
            except FlexdbgError as error:
                parts[pane.name] = error
            self._shown[pane.name] = (*size, replace(wanted.options))
        if running:
            self._shown = {}
        return replace(snapshot, parts=parts, why=() if running else self._why())

    def _why(self) -> tuple[Why, ...]:
        """The causes of the last cycle; found once a stop, for they are replayed."""
        if self._causes is None:
            try:
                self._causes = why_all(self.session)
            except FlexdbgError:
                self._causes = ()  # nothing has run yet
        return self._causes
