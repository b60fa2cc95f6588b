"""Calls into the machine from a worker thread, so that Ctrl-C on the main thread can interrupt them."""

import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["call_directly", "call_on_worker"]

T = TypeVar("T")


def call_directly(work: Callable[[], T], interrupt: Callable[[], None]) -> T:
    """Run on the calling thread; for scripts, tests and servers that interrupt from outside."""
    return work()


def call_on_worker(work: Callable[[], T], interrupt: Callable[[], None]) -> T:
    """Run `work` on a thread of its own and turn KeyboardInterrupt into `interrupt()`.

    The wait has a timeout because a main thread blocked without one does not see signals on every platform.
    """
    outcome: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="flexdbg-machine", daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(0.05)
        except KeyboardInterrupt:
            interrupt()
    if failure:
        raise failure[0]
    return outcome[0]
