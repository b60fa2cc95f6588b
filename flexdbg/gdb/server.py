"""Sockets, pipes and the loop: bytes of clients to the hub, slices of time while the machine runs."""

import os
import selectors
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TextIO

from flexdbg.errors import FlexdbgError
from flexdbg.gdb import data, execution, files, lldb, monitor, queries  # noqa: F401  they register their packets
from flexdbg.gdb.client import Client
from flexdbg.gdb.hub import Hub
from flexdbg.gdb.packets import frame

__all__ = ["Server", "ServerError", "listen_tcp", "listen_unix"]

_READ = 1 << 16
# A client that does not read: what waits for it at most before it is dropped.
_MOST_UNREAD = 64 << 20
_WATCH_SECONDS = 0.03
# GDB's default time-out is two seconds.
_KEEP_ALIVE_SECONDS = 0.8
# A client that has been silent for so long after `?` is ready to hear of more stops.
_SETUP_SECONDS = 0.3
_NOTHING_YET = frame(b"O")


class ServerError(FlexdbgError):
    """The server cannot listen where it was told to."""


class _Channel:
    """One open connection, a socket or a pair of pipes, that never blocks."""

    def __init__(self, reader: int, writer: int, close: Callable[[], None], *, can_peek: bool) -> None:
        self.reader, self.writer = reader, writer
        self.can_peek = can_peek
        self._close = close
        self._out = bytearray()
        self._writing = threading.Lock()
        self.held = b""  # has come while a command of this client was being carried out
        self.lost = False
        self.full = False  # the other end does not read: the loop looks for room
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)

    def send(self, piece: bytes) -> None:
        self._out += piece

    @property
    def unsent(self) -> int:
        return len(self._out)

    def flush(self) -> None:
        with self._writing:
            while self._out and not self.lost:
                try:
                    sent = os.write(self.writer, self._out)
                except BlockingIOError:
                    self.lost |= len(self._out) > _MOST_UNREAD
                    return
                except OSError:
                    self.lost = True
                    return
                del self._out[:sent]

    def keep_alive(self) -> None:
        """An empty piece of output, so that a client that waits for a long command does not give up. On
        another thread than the rest."""
        with self._writing, suppress(OSError):
            if not self._out and not self.lost:
                os.write(self.writer, _NOTHING_YET)

    def read(self) -> bytes:
        """What has come; nothing if the other end has gone."""
        try:
            return os.read(self.reader, _READ)
        except BlockingIOError:
            return b"+"  # a wake-up for nothing; a mark that means nothing
        except OSError:
            return b""

    def wants_attention(self) -> bool:
        """Whether an interrupt, or the end, waits to be read."""
        if not self.can_peek:
            return True
        duplicate = socket.socket(fileno=os.dup(self.reader))
        try:
            waiting = duplicate.recv(_READ, socket.MSG_PEEK)
        except OSError:
            return False
        finally:
            duplicate.close()
        return not waiting or b"\x03" in waiting

    def close(self) -> None:
        with suppress(OSError):
            self._close()


class Server:
    """Serves a hub until it is told to stop, or, with `once`, until the first client has gone."""

    def __init__(self, hub: Hub, *, once: bool = False, log: TextIO | None = None) -> None:
        self.hub = hub
        self._once = once
        self._log = log
        self._selector = selectors.DefaultSelector()
        self._channels: dict[Client, _Channel] = {}
        self._listeners: list[socket.socket] = []
        self._served = 0
        self._stopping = False
        hub.watched, hub.breathe = self._watched, self._breathe
        # Another thread wakes the loop through this pair.
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._selector.register(self._waker, selectors.EVENT_READ, None)

    # Setting up

    def add_listener(self, listener: socket.socket) -> None:
        listener.setblocking(False)
        self._listeners.append(listener)
        self._selector.register(listener, selectors.EVENT_READ, listener)

    def add_pipes(self, reader: int, writer: int) -> None:
        """Serve one client on a pair of file descriptors."""
        self._add(_Channel(reader, writer, lambda: None, can_peek=False))

    def stop(self) -> None:
        """End `serve`; may be called from any thread."""
        self._stopping = True
        self.hub.session.interrupt()
        with suppress(OSError):
            self._wake.send(b"x")

    # Serving

    def serve(self) -> None:
        try:
            while not self._stopping:
                self._turn()
                if not self._channels and self._served and (self._once or not self._listeners):
                    return
        finally:
            self.close()

    def close(self) -> None:
        for client in list(self._channels):
            self._drop(client)
        for listener in self._listeners:
            listener.close()
        self._selector.close()
        self._waker.close()
        self._wake.close()

    def _turn(self) -> None:
        deferred = [client for client in self._channels if client.deferred]
        wait = 0 if self.hub.machine.running else _SETUP_SECONDS if deferred else None
        ready = self._selector.select(wait)
        if not ready:
            for client in deferred:
                self.hub.release(client)
        for key, mask in ready:
            if isinstance(key.data, socket.socket):
                self._accept(key.data)
            elif isinstance(key.data, Client):
                if mask & selectors.EVENT_READ:
                    self._read(key.data)
            else:
                with suppress(OSError):
                    self._waker.recv(64)
        if self.hub.machine.running:
            self.hub.advance()
        self._flush()

    def _accept(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        if connection.family != socket.AF_UNIX:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._once:
            # Whoever comes next is told so by a refused connection.
            for other in self._listeners:
                self._selector.unregister(other)
                other.close()
            self._listeners.clear()
        descriptor = connection.fileno()
        self._add(_Channel(descriptor, descriptor, connection.close, can_peek=True))

    def _add(self, channel: _Channel) -> None:
        self._served += 1
        log = self._write_log if self._log is not None else None
        client = Client(self.hub, channel.send, channel.flush, self._served, log)
        self._channels[client] = channel
        self._selector.register(channel.reader, selectors.EVENT_READ, client)
        self.hub.join(client)
        if log is not None:
            log(f"{client.number} connected")

    def _read(self, client: Client) -> None:
        channel = self._channels.get(client)
        if channel is None:
            return
        piece = channel.read()
        if not piece:
            self._drop(client)
            return
        client.receive(piece)
        while channel.held:
            piece, channel.held = channel.held, b""
            client.receive(piece)
        if client.closing:
            channel.flush()
            self._drop(client)

    def _breathe(self) -> None:
        """In the midst of a command of one client: packets of the others; of that one interrupts only."""
        for key, mask in self._selector.select(0):
            if isinstance(key.data, socket.socket):
                self._accept(key.data)
            elif isinstance(key.data, Client) and mask & selectors.EVENT_READ:
                if key.data is self.hub.talking:
                    self._hold(key.data)
                else:
                    self._read(key.data)
        self._flush()

    def _hold(self, client: Client) -> None:
        channel = self._channels[client]
        piece = channel.read()
        channel.held += piece
        channel.lost |= not piece or len(channel.held) > _MOST_UNREAD
        if channel.lost or b"\x03" in piece:
            self.hub.session.interrupt()

    def _flush(self) -> None:
        for client, channel in list(self._channels.items()):
            if channel.unsent or channel.full:
                channel.flush()
                self._await_room(client, channel)
            if channel.lost:
                self._drop(client)

    def _await_room(self, client: Client, channel: _Channel) -> None:
        """What does not fit now leaves when the client reads: until then the loop looks for room."""
        if channel.full == bool(channel.unsent):
            return
        channel.full = bool(channel.unsent)
        if channel.reader == channel.writer:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if channel.unsent else 0)
            self._selector.modify(channel.reader, events, client)
        elif channel.full:
            os.set_blocking(channel.writer, True)
            channel.flush()
            os.set_blocking(channel.writer, False)
            channel.full = False

    def _drop(self, client: Client) -> None:
        channel = self._channels.pop(client, None)
        if channel is None:
            return
        with suppress(KeyError, ValueError):
            self._selector.unregister(channel.reader)
        channel.close()
        self.hub.leave(client)
        if self._log is not None:
            self._write_log(f"{client.number} gone")

    def _write_log(self, text: str) -> None:
        assert self._log is not None
        self._log.write(text + "\n")
        self._log.flush()

    # Interrupts while the loop is busy

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Around a command of a client. Meanwhile another thread looks for 0x03 and lost clients, and
        interrupts the session; and it tells the client that there is more to come."""
        done = threading.Event()
        channels = list(self._channels.values())
        talking = self._channels.get(self.hub.talking) if self.hub.talking is not None else None

        def watch() -> None:
            said = monotonic()
            while not done.wait(_WATCH_SECONDS):
                if talking is not None and monotonic() - said > _KEEP_ALIVE_SECONDS:
                    said = monotonic()
                    talking.keep_alive()
                with selectors.DefaultSelector() as selector:
                    for channel in channels:
                        with suppress(OSError, ValueError):
                            selector.register(channel.reader, selectors.EVENT_READ, channel)
                    ready = [key.data for key, _ in selector.select(0)]
                if any(channel.wants_attention() for channel in ready):
                    self.hub.session.interrupt()

        thread = threading.Thread(target=watch, name="flexdbg-gdb-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def listen_tcp(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(8)
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or error
        raise ServerError(f"cannot listen on {host}:{port}: {why}") from error
    return listener


def listen_unix(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and not _answers(path):
            path.unlink()  # left behind by a server that was killed
        listener.bind(str(path))
        listener.listen(8)
    except OSError as error:
        listener.close()
        raise ServerError(f"cannot listen on {path}: {error.strerror or error}") from error
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def announce(text: str) -> None:
    """Where to connect, on standard error: standard output may be the connection."""
    print(text, file=sys.stderr, flush=True)
