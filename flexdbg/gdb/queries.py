"""Packets that ask and negotiate: qSupported, qXfer, threads, QStartNoAckMode, QNonStop, Z and z."""

import re

from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.packets import MAX_PACKET
from flexdbg.gdb.replies import EMPTY, OK, PacketError, hex_number, partial, text_hex
from flexdbg.gdb.threads import parse_thread, state_text
from flexdbg.gdb.triggers import parse_trigger

__all__: list[str] = []

_FEATURES = (
    b"PacketSize=%x;QStartNoAckMode+;swbreak+;hwbreak+;vContSupported+;QNonStop+;QThreadEvents+;no-resumed+;"
    b"qXfer:features:read+;qXfer:memory-map:read+;qXfer:threads:read+;qXfer:exec-file:read+;"
    b"ConditionalBreakpoints+;BreakpointCommands+;ReverseStep+;ReverseContinue+;error-message+;binary-upload+"
) % MAX_PACKET


@packet("qSupported")
def supported(client: Client, arguments: bytes) -> bytes:
    theirs = frozenset(arguments.decode("ascii", "replace").removeprefix(":").split(";"))
    features = client.features
    features.multiprocess = client.hub.multiprocess and "multiprocess+" in theirs
    # GDB names the registers it understands; it shows the text of errors to its user.
    features.text_errors = "error-message+" in theirs or any(
        word.startswith("xmlRegisters=") for word in theirs
    )
    understood = {"replaylog"} | {word for word in ("swbreak", "hwbreak") if f"{word}+" in theirs}
    features.reasons = frozenset(understood)
    return _FEATURES + (b";multiprocess+" if features.multiprocess else b"")


@packet("QStartNoAckMode")
def no_acknowledgements(client: Client, arguments: bytes) -> bytes:
    client.features.no_ack = True
    return OK


@packet("QNonStop")
def non_stop(client: Client, arguments: bytes) -> bytes:
    if arguments not in (b":0", b":1"):
        raise PacketError(22, "expected QNonStop:0 or QNonStop:1")
    client.features.non_stop = arguments == b":1"
    client.hub.mode_changed()
    return OK


@packet("QThreadEvents")
def thread_events(client: Client, arguments: bytes) -> bytes:
    """Accepted; harts neither come nor go, so there is nothing to tell."""
    client.features.thread_events = arguments == b":1"
    return OK


@packet("qC")
def current_thread(client: Client, arguments: bytes) -> bytes:
    return b"QC" + client.thread_id(client.current)


@packet("qfThreadInfo")
def first_threads(client: Client, arguments: bytes) -> bytes:
    if not client.alive:
        return b"l"
    return b"m" + b",".join(client.thread_id(hart) for hart in range(client.machine.harts))


@packet("qsThreadInfo")
def more_threads(client: Client, arguments: bytes) -> bytes:
    return b"l"


@packet("qThreadExtraInfo")
def thread_text(client: Client, arguments: bytes) -> bytes:
    machine = client.machine
    hart = client.pick(parse_thread(arguments.removeprefix(b","), machine.harts))
    name = machine.cluster.harts[hart].name
    return text_hex(f"{name}: {state_text(machine.cluster, hart, machine.stopped.get(hart, ''))}")


@packet("qAttached")
def attached(client: Client, arguments: bytes) -> bytes:
    """1: `quit` detaches. After vRun the program is GDB's own, and `quit` kills it."""
    return b"0" if client.hub.started_by is client else b"1"


@packet("qOffsets")
def offsets(client: Client, arguments: bytes) -> bytes:
    return b"Text=0;Data=0;Bss=0"


@packet("qSymbol")
def symbols(client: Client, arguments: bytes) -> None:
    """None are wanted. With this packet GDB ends the setting up of a connection."""
    client.reply(OK)
    client.hub.release(client)


@packet("qTStatus", "vMustReplyEmpty")
def nothing(client: Client, arguments: bytes) -> bytes:
    return EMPTY


@packet("qXfer")
def transfer(client: Client, arguments: bytes) -> bytes:
    """:OBJECT:read:ANNEX:OFFSET,LENGTH"""
    match = re.fullmatch(rb":([a-z-]+):read:(.*):([0-9a-fA-F]+),([0-9a-fA-F]+)", arguments, re.DOTALL)
    if match is None:
        return EMPTY
    document = client.hub.document(client, match[1].decode(), match[2].decode("ascii", "replace"))
    if document is None:
        return EMPTY
    return partial(document, hex_number(match[3], "the offset"), hex_number(match[4], "the length"))


@packet("Z")
def insert(client: Client, arguments: bytes) -> bytes:
    if arguments[:1] not in b"01234" or not arguments:
        return EMPTY
    machine = client.machine
    client.triggers.insert(parse_trigger(b"Z" + arguments, machine.registers, machine.cluster))
    return OK


@packet("z")
def remove(client: Client, arguments: bytes) -> bytes:
    if arguments[:1] not in b"01234" or not arguments:
        return EMPTY
    machine = client.machine
    client.triggers.remove(parse_trigger(b"Z" + arguments, machine.registers, machine.cluster).key)
    return OK
