"""Packets about registers and memory: g G p P m M x X qCRC qSearch."""

import binascii

from flexdbg.errors import MemoryAccessError
from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.packets import MAX_PACKET, escape, unescape
from flexdbg.gdb.registers import GENERAL
from flexdbg.gdb.replies import OK, PacketError, hex_number
from flexdbg.gdb.stops import registers_hex
from flexdbg.machine import registers as machine_registers

__all__: list[str] = []

# A reply to `m` takes two characters a byte.
_MOST_HEX, _MOST_BINARY = MAX_PACKET // 2 - 16, MAX_PACKET // 2 - 16
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@packet("g")
def read_general(client: Client, arguments: bytes) -> bytes:
    """x0..x31 and pc; GDB asks for the others one by one."""
    return registers_hex(client.machine.cluster, client.current).encode()


@packet("G")
def write_general(client: Client, arguments: bytes) -> bytes:
    values = _bytes(arguments)
    if len(values) % 4 or len(values) > 4 * GENERAL:
        raise PacketError(22, f"{len(values)} bytes of registers: {4 * GENERAL} are expected")
    cluster = client.machine.cluster
    present = cluster.registers(client.current)
    for number in range(len(values) // 4):
        value = int.from_bytes(values[4 * number : 4 * number + 4], "little")
        if value != present[number]:
            _write(client, number, value)
    return OK


@packet("p")
def read_register(client: Client, arguments: bytes) -> bytes:
    number = hex_number(arguments, "a register")
    table = client.machine.registers
    size = table.find(number).size
    value = table.read(client.machine.cluster, client.current, number)
    if value is None:
        return b"x" * (2 * size)
    return (value & ((1 << 8 * size) - 1)).to_bytes(size, "little").hex().encode()


@packet("P")
def write_register(client: Client, arguments: bytes) -> bytes:
    number, equals, digits = arguments.partition(b"=")
    if not equals:
        raise PacketError(22, "expected P REGISTER=VALUE")
    register = client.machine.registers.find(hex_number(number, "a register"))
    value = _bytes(digits)
    if len(value) != register.size:
        raise PacketError(22, f"{register.name} has {register.size} bytes, {len(value)} were given")
    _write(client, register.number, int.from_bytes(value, "little"))
    return OK


def _write(client: Client, number: int, value: int) -> None:
    machine = client.machine
    machine.registers.write(machine.cluster, client.current, number, value)
    machine.changed()


@packet("m")
def read_memory(client: Client, arguments: bytes) -> bytes:
    address, size = _range(arguments)
    return _read(client, address, min(size, _MOST_HEX)).hex().encode()


@packet("x")
def read_binary(client: Client, arguments: bytes) -> bytes:
    address, size = _range(arguments)
    return b"b" + escape(_read(client, address, min(size, _MOST_BINARY)))


@packet("M")
def write_memory(client: Client, arguments: bytes) -> bytes:
    place, _, digits = arguments.partition(b":")
    _store(client, *_range(place), _bytes(digits))
    return OK


@packet("X")
def write_binary(client: Client, arguments: bytes) -> bytes:
    place, _, data = arguments.partition(b":")
    _store(client, *_range(place), unescape(data))
    return OK


def _read(client: Client, address: int, size: int) -> bytes:
    """As much as can be read, at least one byte: a client that asks beyond the end of a memory gets what is
    there."""
    cluster = client.machine.cluster
    if address >= 1 << 32:
        raise PacketError(14, f"address 0x{address:x} has more than 32 bits")
    size = min(size, (1 << 32) - address)
    try:
        return cluster.read_memory(address, size)
    except MemoryAccessError:
        for end in client.hub.region_ends(address):
            if end < address + size:
                return cluster.read_memory(address, end - address)
        raise


def _store(client: Client, address: int, size: int, data: bytes) -> None:
    if size != len(data):
        raise PacketError(22, f"{size} bytes were announced, {len(data)} came")
    if size:
        client.machine.cluster.write_memory(address, data)
        client.machine.changed()


@packet("qCRC")
def checksum(client: Client, arguments: bytes) -> bytes:
    """CRC-32 of `compare-sections`: most significant bit first, starting from all ones, not inverted."""
    address, size = _range(arguments.removeprefix(b":"))
    data = client.machine.cluster.read_memory(address, size)
    mirrored = binascii.crc32(data.translate(_REVERSED)) ^ 0xFFFF_FFFF
    return b"C%x" % int(f"{mirrored:032b}"[::-1], 2)


@packet("qSearch")
def search(client: Client, arguments: bytes) -> bytes:
    """qSearch:memory:ADDRESS;LENGTH;PATTERN"""
    what, _, rest = arguments.removeprefix(b":").partition(b":")
    words = rest.split(b";", 2)
    if what != b"memory" or len(words) != 3:
        raise PacketError(22, "expected qSearch:memory:ADDRESS;LENGTH;PATTERN")
    address, size = hex_number(words[0], "the address"), hex_number(words[1], "the length")
    pattern = unescape(words[2])
    if not pattern:
        raise PacketError(22, "an empty pattern")
    # GDB searches `length` places, so the last match may end behind them.
    where = _read(client, address, size).find(pattern)
    return b"0" if where < 0 else b"1,%x" % (address + where)


def _range(text: bytes) -> tuple[int, int]:
    address, comma, size = text.partition(b",")
    if not comma:
        raise PacketError(22, "expected ADDRESS,LENGTH")
    return hex_number(address, "the address"), hex_number(size, "the length")


def _bytes(digits: bytes) -> bytes:
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError as error:
        raise PacketError(22, "expected bytes in hexadecimal digits") from error


assert GENERAL == machine_registers.PC + 1
