"""Servers for the protocol tests: in this process on a thread, or as the real command."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flexdbg.gdb.hub import Hub
from flexdbg.gdb.server import Server, listen_tcp

from .gdbrun import Script, run_script
from .mi import Editor
from .rsp import Rsp


class Running:
    """A server on a thread of its own."""

    def __init__(self, session: Any, **options: Any) -> None:
        self.session = session
        self.hub = Hub(session, **options)
        self.server = Server(self.hub)
        listener = listen_tcp("127.0.0.1", 0)
        self.address = listener.getsockname()
        self.server.add_listener(listener)
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._clients: list[Rsp] = []
        self._thread.start()

    def _serve(self) -> None:
        try:
            self.server.serve()
        except BaseException as error:
            self.failure = error
            raise

    def connect(self, **options: Any) -> Rsp:
        client = Rsp(self.address, **options)
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self.server.stop()
        self._thread.join(20)
        assert self.failure is None, self.failure
        assert not self._thread.is_alive()


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """serve(session) -> a running server; it must have survived when the test ends."""
    running: list[Running] = []

    def start(session: Any, **options: Any) -> Running:
        running.append(Running(session, **options))
        return running[-1]

    yield start
    for server in running:
        server.close()


@pytest.fixture
def kernel() -> Callable[..., Any]:
    """kernel(name) -> a Session on a bundled program."""
    from flexdbg import Cluster, ClusterConfig, Session
    from flexdbg.run import find_program

    def build(name: str = "matmul-a8w4", **settings: object) -> Any:
        config = ClusterConfig().changed(settings)
        return Session(Cluster(config), find_program(name)[0])

    return build


@pytest.fixture
def gdb(
    tool: Callable[[str], str], kernel: Callable[..., Any], serve: Callable[..., Running], tmp_path: Path
) -> Script:
    """gdb(commands, program or session, ...) -> what GDB printed; the served session is `gdb.session`
    afterwards."""
    program = tool("gdb-multiarch")

    def run(
        commands: str, what: Any = "matmul-a8w4", *, before: str = "", script: bool = False, **config: Any
    ) -> str:
        server = serve(kernel(what, **config) if isinstance(what, str) else what)
        run.session = server.session  # type: ignore[attr-defined]
        return run_script(program, server.address, commands, tmp_path, before=before, script=script)

    return run


@pytest.fixture
def editor(tool: Callable[[str], str]) -> Iterator[Editor]:
    editor = Editor(tool("gdb-multiarch"))
    yield editor
    editor.gdb.exit()
