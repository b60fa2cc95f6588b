"""vFile: the loaded program as a file, so that a GDB without a local copy finds its symbols. Nothing else
is served."""

from pathlib import Path
from struct import pack

from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.packets import MAX_PACKET, escape
from flexdbg.gdb.replies import EMPTY, PacketError, hex_number, hex_text
from flexdbg.machine.loader import Program

__all__ = ["program_path"]

# Error numbers of the File-I/O protocol (GDB manual, "Errno Values").
_NOT_FOUND, _BAD_FILE, _READ_ONLY, _INVALID = 2, 9, 30, 22
_MOST = MAX_PACKET // 2 - 64
_REGULAR = 0o100444


def program_path(program: Program) -> str:
    """The absolute path that qXfer:exec-file names."""
    return str(program.path.resolve()) if program.path is not None else f"/{program.name}"


@packet("vFile")
def file_request(client: Client, arguments: bytes) -> bytes:
    """:OPERATION:ARGUMENTS"""
    _, operation, rest = [*arguments.split(b":", 2), b"", b""][:3]
    action = _OPERATIONS.get(operation)
    if action is None:
        return EMPTY
    try:
        return action(client, rest.split(b","))
    except (PacketError, ValueError, IndexError):
        return _failed(_INVALID)


def _failed(number: int) -> bytes:
    return b"F-1,%x" % number


def _setfs(client: Client, words: list[bytes]) -> bytes:
    return b"F0"


def _open(client: Client, words: list[bytes]) -> bytes:
    path, flags = hex_text(words[0]), hex_number(words[1], "flags")
    image = _image(client, path)
    if image is None:
        return _failed(_NOT_FOUND)
    if flags & 3:
        return _failed(_READ_ONLY)
    files = client.files
    files[client.next_file] = image
    client.next_file += 1
    return b"F%x" % (client.next_file - 1)


def _image(client: Client, path: str) -> bytes | None:
    program = client.machine.session.program
    if program is None or not program.image:
        return None
    known = program_path(program)
    return program.image if path in (known, program.name) or Path(path) == Path(known) else None


def _pread(client: Client, words: list[bytes]) -> bytes:
    image = client.files.get(hex_number(words[0], "a file"))
    if image is None:
        return _failed(_BAD_FILE)
    count, offset = hex_number(words[1], "a count"), hex_number(words[2], "an offset")
    piece = image[offset : offset + min(count, _MOST)]
    return b"F%x;" % len(piece) + escape(piece)


def _fstat(client: Client, words: list[bytes]) -> bytes:
    image = client.files.get(hex_number(words[0], "a file"))
    return _failed(_BAD_FILE) if image is None else _stat(image)


def _stat_path(client: Client, words: list[bytes]) -> bytes:
    image = _image(client, hex_text(words[0]))
    return _failed(_NOT_FOUND) if image is None else _stat(image)


def _stat(image: bytes) -> bytes:
    """struct stat of the File-I/O protocol: big-endian, 64 bytes."""
    size = len(image)
    record = pack(">7I3Q3I", 0, 0, _REGULAR, 1, 0, 0, 0, size, 512, (size + 511) // 512, 0, 0, 0)
    return b"F%x;" % len(record) + escape(record)


def _close(client: Client, words: list[bytes]) -> bytes:
    known = client.files.pop(hex_number(words[0], "a file"), None)
    return _failed(_BAD_FILE) if known is None else b"F0"


def _refused(client: Client, words: list[bytes]) -> bytes:
    return _failed(_READ_ONLY)


_OPERATIONS = {
    b"setfs": _setfs,
    b"open": _open,
    b"pread": _pread,
    b"fstat": _fstat,
    b"stat": _stat_path,
    b"lstat": _stat_path,
    b"close": _close,
    b"pwrite": _refused,
    b"unlink": _refused,
}
