"""`flexdbg selftest`: the machine against recordings of the real core, and the tables against other tools."""

from flexdbg.selftest.runner import run_selftest

__all__ = ["run_selftest"]
