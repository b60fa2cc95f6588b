"""A GDB that an editor has started, through pygdbmi."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pygdbmi.gdbcontroller import GdbController


class Editor:
    """A GDB that an editor has started."""

    def __init__(self, program: str) -> None:
        self.gdb = GdbController(
            [program, "-nx", "--interpreter=mi3"], time_to_check_for_additional_output_sec=0.01
        )
        self._seen: list[dict[str, Any]] = []

    def ask(self, command: str) -> dict[str, Any]:
        """The payload of the result."""
        self._seen += self.gdb.write(command, timeout_sec=30, read_response=False) or []
        return self._await(lambda m: m["type"] == "result")["payload"] or {}

    def stop(self, command: str) -> dict[str, Any]:
        """Run something, and the *stopped record that follows."""
        self.ask(command)
        return self.notified("stopped")

    def notified(
        self, what: str, wanted: Callable[[dict[str, Any]], bool] = lambda payload: True
    ) -> dict[str, Any]:
        """The payload of a notification."""
        return self._await(lambda m: m["type"] == "notify" and m["message"] == what and wanted(m["payload"]))[
            "payload"
        ]

    def _await(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for _ in range(300):
            for message in self._seen:
                if wanted(message):
                    self._seen.remove(message)
                    assert message.get("message") != "error", message
                    return message
            self._seen += self.gdb.get_gdb_response(timeout_sec=0.2, raise_error_on_timeout=False)
        raise AssertionError(f"no answer in {self._seen[-5:]}")
