"""A real terminal for the real application: pexpect runs it, pyte reads what it draws."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest


class Terminal:
    """One running `flexdbg` on a pseudo-terminal."""

    def __init__(self, arguments: list[str], size: tuple[int, int], environment: dict[str, str]) -> None:
        width, height = size
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "flexdbg", *arguments],
            env={**os.environ, **environment},
            dimensions=(height, width),
            timeout=30,
        )
        self.child.delaybeforesend = None

    def _read(self, timeout: float) -> bool:
        try:
            data = self.child.read_nonblocking(1 << 16, timeout)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            raise AssertionError(f"it has ended:\n{self.text}") from None
        self._stream.feed(data)
        return True

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait(self, *words: str, gone: str = "", timeout: float = 30) -> str:
        """Read until all words are on the screen and `gone` is not."""
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if all(word in text for word in words) and not (gone and gone in text):
                return text
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {words}, without {gone!r}; the screen is\n{text}")
            self._read(0.2)

    def press(self, keys: str) -> None:
        self.child.send(keys)

    def command(self, line: str, *words: str) -> str:
        """Type a command from the panes, and go back to them."""
        self.press(":")
        self.wait(gone="press : to type a command")
        self.press(line + "\r")
        text = self.wait(*words) if words else ""
        self.press("\x1b")
        self.wait("press : to type a command")
        return text

    def resize(self, width: int, height: int) -> None:
        self.screen.resize(height, width)
        self.child.setwinsize(height, width)

    def settle(self, quiet: float = 0.3) -> str:
        """Read until nothing comes any more."""
        while self._read(quiet):
            pass
        return self.text

    def ends(self) -> int:
        """Wait for the end; returns the exit status."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start(*arguments, size=(w, h), **environment) -> Terminal; its files go to a directory of the test."""
    running: list[Terminal] = []

    def begin(*arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> Terminal:
        terminal = Terminal(
            list(arguments),
            size,
            {
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "XDG_CONFIG_HOME": str(tmp_path / "config"),
                "XDG_STATE_HOME": str(tmp_path / "state"),
                "PROMPT_TOOLKIT_NO_CPR": "1",
                **environment,
            },
        )
        running.append(terminal)
        terminal.wait("press : to type a command")
        return terminal

    yield begin
    for terminal in running:
        terminal.child.close(force=True)
