"""What LLDB asks in words of its own: the machine, registers without XML, all threads at once.

Source: llvm/llvm-project:lldb/docs/resources/lldbgdbremote.md.
"""

import json
from typing import Any

from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.packets import escape
from flexdbg.gdb.registers import GENERAL, GENERIC_ROLES
from flexdbg.gdb.replies import hex_number, text_hex
from flexdbg.gdb.stops import registers_hex
from flexdbg.gdb.threads import state_text

__all__: list[str] = []

# Words of a stop (gdb/stops.py) to LLDB's reasons.
_REASONS = {"breakpoint": "breakpoint", "step": "trace", "interrupted": "signal"}


@packet("qHostInfo", "qProcessInfo")
def target(client: Client, arguments: bytes) -> bytes:
    triple = text_hex("riscv32-unknown-unknown-elf")
    return b"pid:1;triple:" + triple + b";endian:little;ptrsize:4;ostype:unknown;vendor:unknown;"


@packet("qRegisterInfo")
def register(client: Client, arguments: bytes) -> bytes:
    """x0..x31 and pc, for an LLDB that was built without XML; an error ends the list."""
    number = hex_number(arguments, "a register")
    if number >= GENERAL:
        return b"E45"
    name = client.machine.registers.find(number).name
    generic = f"generic:{GENERIC_ROLES[name]};" if name in GENERIC_ROLES else ""
    return (
        f"name:{name};bitsize:32;offset:{4 * number};encoding:uint;format:hex;"
        f"set:General Purpose Registers;ehframe:{number};dwarf:{number};{generic}"
    ).encode()


@packet("jThreadsInfo")
def threads(client: Client, arguments: bytes) -> bytes:
    """Name, reason and general registers of all threads, so that LLDB need not ask about each."""
    harts = client.machine.harts if client.alive else 0
    return escape(json.dumps([_thread(client, hart) for hart in range(harts)]).encode())


def _thread(client: Client, hart: int) -> dict[str, Any]:
    machine = client.machine
    stopped = machine.stopped.get(hart, "")
    digits = registers_hex(machine.cluster, hart)
    values = {str(number): digits[8 * number : 8 * number + 8] for number in range(GENERAL)}
    reason = _REASONS.get(stopped, "watchpoint" if stopped.startswith("watchpoint") else "none")
    thread = {"tid": hart + 1, "name": machine.cluster.harts[hart].name, "reason": reason}
    if reason != "none":  # a description alone would pass for a reason
        thread["description"] = state_text(machine.cluster, hart, stopped)
    return {**thread, "registers": values}
