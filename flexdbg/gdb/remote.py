"""The other end: a client that carries out commands of the debugger on a served machine."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from flexdbg.errors import FlexdbgError
from flexdbg.gdb.packets import Damaged, PacketReader, expand, frame

__all__ = ["AttachError", "Remote"]

_CONNECT_SECONDS = 5.0


class AttachError(FlexdbgError):
    """No server there, or it has gone."""


class Remote:
    """One connection; every command line is a `monitor` command of the server."""

    def __init__(self, where: str, say: Callable[[str], None]) -> None:
        """`where` is PORT, HOST:PORT or the path of a Unix socket; `say` gets output as it comes."""
        self._socket = _connect(where)
        self._say = say
        self._reader = PacketReader()
        self._queue: list[bytes] = []
        if self._ask(b"QStartNoAckMode") != b"OK":
            raise AttachError(f"{where}: what answers there is no flexdbg server")
        self._socket.sendall(b"+")

    def execute(self, line: str) -> None:
        """Carry out one line; Ctrl-C interrupts the machine and the command."""
        if line.strip() == "interrupt":
            self._socket.sendall(b"\x03")
            line = "lastfault"
        answer = self._ask(b"qRcmd," + line.encode().hex().encode())
        if answer == b"":
            raise AttachError("this server knows no monitor commands: it is not flexdbg")
        if answer.startswith(b"E"):
            raise AttachError(answer.decode("utf-8", "replace"))

    def close(self) -> None:
        self._socket.close()

    def _ask(self, payload: bytes) -> bytes:
        self._socket.sendall(frame(payload))
        while True:
            try:
                answer = self._packet()
            except KeyboardInterrupt:
                self._socket.sendall(b"\x03")
                continue
            if answer.startswith(b"O") and answer != b"OK":
                self._say(bytes.fromhex(answer[1:].decode("ascii")).decode("utf-8", "replace"))
            else:
                return answer

    def _packet(self) -> bytes:
        while not self._queue:
            try:
                data = self._socket.recv(1 << 16)
            except OSError as error:
                raise AttachError(f"the connection is lost: {error.strerror}") from error
            if not data:
                raise AttachError("the server has ended the connection")
            for item in self._reader.feed(data):
                if isinstance(item, Damaged):
                    raise AttachError(f"a damaged answer: {item.why}")
                if isinstance(item, bytes):
                    self._queue.append(expand(item))
        return self._queue.pop(0)


def _connect(where: str) -> socket.socket:
    host, _, port = where.rpartition(":")
    try:
        if port.isdigit():
            found = socket.create_connection((host or "127.0.0.1", int(port)), _CONNECT_SECONDS)
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            found.connect(os.fspath(Path(where)))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AttachError(
            f"no server at {where}: {reason} (`flexdbg gdbserver PROGRAM` starts one)"
        ) from error
    found.settimeout(None)
    return found
