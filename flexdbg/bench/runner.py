"""Runs measurements, several at a time, with a progress bar; finished ones survive an interruption."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context

from flexdbg.bench.cache import ResultCache
from flexdbg.bench.measurement import Job, Measurement, Results, measure

__all__ = ["run_jobs"]


def run_jobs(
    jobs: Sequence[Job], *, processes: int = 1, cache: ResultCache | None = None, progress: bool = False
) -> Results:
    """Measure what the cache does not hold. An interrupt ends this early, with the results so far."""
    results: Results = {}
    if cache:
        results = {job: stored for job in jobs if (stored := cache.find(job))}
    missing = [job for job in jobs if job not in results]
    with _progress(len(jobs), len(results), progress and bool(missing)) as advance:
        try:
            for job, measurement in _measured(missing, min(processes, len(missing))):
                results[job] = measurement
                if cache:
                    cache.store(job, measurement)
                advance(job.program)
        except KeyboardInterrupt:
            pass
    return results


def _measured(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Job, Measurement]]:
    """Jobs with their measurements as they finish."""
    if processes <= 1:
        for job in jobs:
            yield job, measure(job)
        return
    # Spawned, not forked: the progress bar has a thread. An interrupt is for this process to handle.
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        with _deaf():  # or a process that has not come to its initializer would die of it, loudly
            futures = {pool.submit(measure, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore interrupts, in processes that are started meanwhile too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress(total: int, done: int, wanted: bool) -> Iterator[Callable[[str], None]]:
    if not wanted:
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        task = bars.add_task("", total=total, completed=done)
        yield lambda name: bars.update(task, advance=1, description=name)
