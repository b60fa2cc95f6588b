"""Packets that move the machine or end a session: ? H T vCont c C s S t bs bc vStopped vCtrlC vRun R k D."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.machine import Step
from flexdbg.gdb.replies import OK, PacketError, hex_number, hex_text
from flexdbg.gdb.threads import ALL, ANY, parse_thread

__all__: list[str] = []


@packet("?")
def why(client: Client, arguments: bytes) -> bytes:
    """Why the target stands; in non-stop mode the first of all stopped harts, vStopped brings the others."""
    if not client.alive:
        return b"W00"
    return client.hub.status(client)


@packet("H")
def select(client: Client, arguments: bytes) -> bytes:
    thread = parse_thread(arguments[1:], client.machine.harts)
    if arguments[:1] == b"c":
        client.resumer = thread
    elif arguments[:1] == b"g":
        client.select(client.pick(thread))
    else:
        raise PacketError(22, f"expected Hg or Hc, got H{arguments[:1].decode('ascii', 'replace')}")
    return OK


@packet("T")
def thread_alive(client: Client, arguments: bytes) -> bytes:
    hart = client.pick(parse_thread(arguments, client.machine.harts))
    client.focus.picked(hart)
    return OK


@packet("vCont?")
def actions_known(client: Client, arguments: bytes) -> bytes:
    return b"vCont;c;C;s;S;t;r"


@packet("vCont")
def continue_each(client: Client, arguments: bytes) -> bytes | None:
    """;ACTION[:THREAD]... : for each hart the first action that names it."""
    if client.deferred:
        client.hub.release(client)
    plan = _plan(arguments, client.machine.harts, client.current)
    if plan.halted:
        if not client.features.non_stop:
            raise PacketError(22, "vCont;t is for non-stop mode; send 0x03 to stop the machine")
        client.hub.stop_harts(client, plan.halted)
    if not plan.going:
        return OK
    return client.hub.resume(client, plan.going, solo=plan.solo)


@dataclass(frozen=True, slots=True)
class _Plan:
    """Who goes, who is to stop; `solo`: one hart steps and no other is named."""

    going: Mapping[int, Step | None]
    halted: tuple[int, ...]
    solo: bool


@lru_cache(maxsize=64)  # a debugger that steps says the same over and over
def _plan(arguments: bytes, harts: int, current: int) -> _Plan:
    going: dict[int, Step | None] = {}
    halted: list[int] = []
    parts = arguments.removeprefix(b";").split(b";")
    for part in parts:
        action, colon, thread = part.partition(b":")
        kind, step = _action(action)
        named = parse_thread(thread, harts) if colon else ALL
        if named == ANY:
            named = current
        for hart in range(harts) if named == ALL else (named,):
            if hart in going or hart in halted:
                continue
            if kind == b"t":
                halted.append(hart)
            else:
                going[hart] = step
    solo = len(parts) == 1 and len(going) == 1 and next(iter(going.values())) is not None
    return _Plan(going, tuple(halted), solo)


def _action(text: bytes) -> tuple[bytes, Step | None]:
    kind, rest = text[:1], text[1:]
    if kind in (b"c", b"t") and not rest:
        return kind, None
    if kind == b"s" and not rest:
        return kind, Step()
    if kind in (b"C", b"S"):
        hex_number(rest, "a signal")  # this machine has no signals to deliver
        return kind, Step() if kind == b"S" else None
    if kind == b"r":
        start, _, end = rest.partition(b",")
        return kind, Step(hex_number(start, "the start of a range"), hex_number(end, "the end of a range"))
    raise PacketError(22, f"expected one of the actions c C s S t r, got {text[:20]!r}")


@packet("c", "C")
def continue_all(client: Client, arguments: bytes) -> bytes | None:
    _jump(client, arguments)
    return client.hub.resume(client, dict.fromkeys(range(client.machine.harts)))


@packet("s", "S")
def step_one(client: Client, arguments: bytes) -> bytes | None:
    _jump(client, arguments)
    hart = client.pick(client.resumer)
    actions: dict[int, Step | None] = dict.fromkeys(range(client.machine.harts))
    return client.hub.resume(client, actions | {hart: Step()})


def _jump(client: Client, arguments: bytes) -> None:
    """`c ADDRESS`, `C SIGNAL;ADDRESS`."""
    _, semicolon, address = arguments.rpartition(b";")
    if not semicolon and len(arguments) <= 2:
        return  # nothing, or a signal
    machine = client.machine
    pc = hex_number(address, "an address")
    machine.cluster.write_register(client.pick(client.resumer), "pc", pc)
    machine.changed()


@packet("vCtrlC")
def interrupt(client: Client, arguments: bytes) -> bytes:
    client.hub.interrupt(client)
    return OK


@packet("vStopped")
def next_stop(client: Client, arguments: bytes) -> bytes:
    return client.hub.acknowledged(client)


@packet("bs")
def backward_step(client: Client, arguments: bytes) -> bytes | None:
    return client.hub.reverse(client, step=True)


@packet("bc")
def backward_continue(client: Client, arguments: bytes) -> bytes | None:
    return client.hub.reverse(client, step=False)


@packet("!")
def extended(client: Client, arguments: bytes) -> bytes:
    client.features.extended = True
    return OK


@packet("vRun")
def run_program(client: Client, arguments: bytes) -> bytes:
    """;FILE;ARGUMENT... : the loaded program from reset, up to a cycle with the argument `cycle:N`."""
    words = [hex_text(word) for word in arguments.removeprefix(b";").split(b";")]
    return client.hub.run(client, words[0], words[1:])


@packet("R")
def restart(client: Client, arguments: bytes) -> None:
    with suppress(PacketError):  # `R` has no answer
        client.hub.restart()
        client.alive = True


@packet("vAttach")
def attach(client: Client, arguments: bytes) -> bytes:
    client.alive = True
    return client.hub.status(client)


@packet("k")
def kill(client: Client, arguments: bytes) -> None:
    client.closing = not client.features.extended
    with suppress(PacketError):  # `k` has no answer
        client.hub.kill(client)


@packet("vKill")
def kill_process(client: Client, arguments: bytes) -> bytes:
    client.hub.kill(client)
    return OK


@packet("D")
def detach(client: Client, arguments: bytes) -> bytes:
    """The machine stays as it is: without a debugger no time passes."""
    client.hub.detach(client)
    return OK
