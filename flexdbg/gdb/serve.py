"""`flexdbg gdbserver`: a session, a server, and the line to paste into GDB."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TextIO

from flexdbg.debug.session import Session
from flexdbg.gdb.hub import Hub
from flexdbg.gdb.server import Server, ServerError, announce, listen_tcp, listen_unix

__all__ = ["Place", "serve"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: a TCP port, a Unix socket, or the standard streams."""

    host: str = "127.0.0.1"
    port: int = 3333
    unix: Path | None = None
    stdio: bool = False
    expose: bool = False


def serve(
    session: Session,
    place: Place,
    *,
    once: bool = False,
    multiprocess: bool = False,
    stop_at_exit: bool = False,
    log: str | None = None,
) -> int:
    """Serve until interrupted; the exit status."""
    with ExitStack() as stack:
        hub = Hub(session, multiprocess=multiprocess, stop_at_exit=True if stop_at_exit else None)
        server = Server(hub, once=once, log=_open_log(log, stack))
        _listen(server, place)
        server.serve()
    return 0


def _listen(server: Server, place: Place) -> None:
    if place.stdio:
        server.add_pipes(sys.stdin.fileno(), sys.stdout.fileno())
        return
    if place.unix is not None:
        server.add_listener(listen_unix(place.unix))
        announce(f"listening on {place.unix}; in GDB: target remote {place.unix}")
        return
    if not _is_loopback(place.host):
        if not place.expose:
            raise ServerError(
                f"{place.host} is reachable by others, and whoever connects controls this process: "
                "add --expose if that is meant"
            )
        announce(f"warning: anybody who reaches {place.host} controls this debugger")
    listener = listen_tcp(place.host, place.port)
    server.add_listener(listener)
    port = listener.getsockname()[1]
    announce(f"listening on {place.host}:{port}; in GDB: target remote {place.host}:{port}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _open_log(path: str | None, stack: ExitStack) -> TextIO | None:
    if path is None:
        return None
    if path == "-":
        return sys.stderr
    try:
        return stack.enter_context(Path(path).open("w", encoding="utf-8"))
    except OSError as error:
        raise ServerError(f"cannot write the log to {path}: {error.strerror}") from error
