"""A remote-serial-protocol client of its own, written from the GDB manual; shares no code with the stub."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path


class Closed(Exception):
    """The server ended the connection."""


class Rsp:
    """One connection. `acks` keeps acknowledgements on."""

    def __init__(self, address: tuple[str, int] | Path, *, acks: bool = False, timeout: float = 20) -> None:
        if isinstance(address, Path):
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.socket.connect(str(address))
        else:
            self.socket = socket.create_connection(address)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(timeout)
        self.acks = True
        self.output = ""  # what O packets said
        self.notifications: list[bytes] = []
        self._buffer = b""
        if not acks:
            assert self.ask(b"QStartNoAckMode") == b"OK"
            self.acks = False

    def close(self) -> None:
        self.socket.close()

    def send(self, payload: bytes) -> None:
        self.raw(b"$" + payload + b"#" + format(sum(payload) % 256, "02x").encode())

    def raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, payload: bytes) -> bytes:
        """The answer; O packets on the way are collected."""
        self.send(payload)
        return self.answer()

    def answer(self) -> bytes:
        while True:
            payload = self.packet()
            if payload.startswith(b"O") and payload != b"OK" and len(payload) % 2:
                self.output += bytes.fromhex(payload[1:].decode()).decode()
                continue
            return payload

    def monitor(self, line: str) -> str:
        """The output of a monitor command."""
        before, self.output = self.output, ""
        assert self.ask(b"qRcmd," + line.encode().hex().encode()) == b"OK"
        said, self.output = self.output, before
        return said

    def packet(self) -> bytes:
        """The next packet, whatever it is."""
        while True:
            byte = self._take(1)
            if byte in b"+-":
                continue
            if byte == b"%":
                self.notifications.append(self._payload())
                continue
            assert byte == b"$", byte
            payload = self._payload()
            if self.acks:
                self.raw(b"+")
            return payload

    def notification(self) -> bytes:
        while not self.notifications:
            byte = self._take(1)
            assert byte == b"%", byte
            self.notifications.append(self._payload())
        return self.notifications.pop(0)

    def _payload(self) -> bytes:
        payload = b""
        while (byte := self._take(1)) != b"#":
            payload += byte
        assert int(self._take(2), 16) == sum(payload) % 256
        return _expand(payload)

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            data = self.socket.recv(65536)
            if not data:
                raise Closed
            self._buffer += data
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    # What tests say often

    def stop(self, payload: bytes) -> dict[str, str]:
        """A step or run, and its stop reply as a table."""
        return parse_stop(self.ask(payload))

    def memory(self, address: int, size: int) -> bytes:
        return bytes.fromhex(self.ask(b"m%x,%x" % (address, size)).decode())

    def register(self, number: int) -> int:
        return int.from_bytes(bytes.fromhex(self.ask(b"p%x" % number).decode()), "little")

    def document(self, kind: str, annex: str = "", piece: int = 1000) -> bytes:
        whole = b""
        while True:
            answer = self.ask(f"qXfer:{kind}:read:{annex}:{len(whole):x},{piece:x}".encode())
            assert answer[:1] in b"ml", answer
            whole += unescape(answer[1:])
            if answer[:1] == b"l":
                return whole


def unescape(data: bytes) -> bytes:
    out = bytearray()
    escaped = False
    for byte in data:
        if escaped:
            out.append(byte ^ 0x20)
        elif byte != 0x7D:
            out.append(byte)
        escaped = not escaped and byte == 0x7D
    return bytes(out)


def _expand(payload: bytes) -> bytes:
    """Run lengths undone."""
    out = bytearray()
    rest: Iterator[int] = iter(payload)
    for byte in rest:
        if byte == 0x2A:
            out += bytes((out[-1],)) * (next(rest) - 29)
        else:
            out.append(byte)
    return bytes(out)


def parse_stop(reply: bytes) -> dict[str, str]:
    text = reply.decode()
    if text[0] in "WXS":
        return {"kind": text[0], "signal": text[1:3]}
    assert text[0] == "T", text
    found = {"kind": "T", "signal": text[1:3]}
    for pair in filter(None, text[3:].split(";")):
        name, _, value = pair.partition(":")
        found[name] = value
    return found
