"""Runs measurements, several at a time, with a progress bar; finished ones survive an interruption."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context

from flexdbg.bench.cache import ResultCache
from flexdbg.bench.measurement import Job, Measurement, measure

__all__ = ["run_jobs"]


def run_jobs(
    jobs: Sequence[Job], *, processes: int = 1, cache: ResultCache | None = None, progress: bool = False
) -> list[Measurement]:
    """Measurements in the order of `jobs`."""
    found: dict[int, Measurement] = {}
    if cache:
        found = {index: stored for index, job in enumerate(jobs) if (stored := cache.find(job))}
    missing = [index for index in range(len(jobs)) if index not in found]
    with _progress(len(jobs), len(found), progress and bool(missing)) as advance:
        for index, measurement in _measured(jobs, missing, min(processes, len(missing))):
            if cache:
                cache.store(jobs[index], measurement)
            found[index] = measurement
            advance(jobs[index].program)
    return [found[index] for index in range(len(jobs))]


def _measured(
    jobs: Sequence[Job], indices: Sequence[int], processes: int
) -> Iterator[tuple[int, Measurement]]:
    """(index, measurement) as they finish."""
    if processes <= 1:
        for index in indices:
            yield index, measure(jobs[index])
        return
    # Spawned, not forked: the progress bar has a thread. An interrupt is for this process to handle.
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        futures = {pool.submit(measure, jobs[index]): index for index in indices}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
