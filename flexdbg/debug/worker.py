"""Calls into the machine from a worker thread, so that Ctrl-C on the main thread can interrupt them."""

import signal
import threading
from collections.abc import Callable
from typing import TypeVar

__all__ = ["call_directly", "call_on_worker"]

T = TypeVar("T")


def call_directly(work: Callable[[], T], interrupt: Callable[[], None]) -> T:
    """Run on the calling thread; for scripts, tests and servers that interrupt from outside."""
    return work()


def call_on_worker(work: Callable[[], T], interrupt: Callable[[], None]) -> T:
    """Run `work` on a thread of its own; meanwhile Ctrl-C means `interrupt()` instead of KeyboardInterrupt.

    The wait has a timeout because a main thread blocked without one does not see signals on every platform.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    outcome: list[T] = []
    failure: list[BaseException] = []
    done = threading.Event()

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            failure.append(error)
        finally:
            done.set()

    previous = signal.signal(signal.SIGINT, lambda *_: interrupt())
    try:
        threading.Thread(target=run, name="flexdbg-machine", daemon=True).start()
        while not done.wait(0.05):
            pass
    finally:
        signal.signal(signal.SIGINT, previous)
    if failure:
        raise failure[0]
    return outcome[0]
