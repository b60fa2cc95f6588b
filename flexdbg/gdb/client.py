"""One client of the machine: what it negotiated, whom it looks at, what it waits for; packets in, packets
out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flexdbg.errors import FlexdbgError
from flexdbg.gdb.focus import Focus
from flexdbg.gdb.packets import Damaged, Mark, PacketReader, frame, run_lengths
from flexdbg.gdb.replies import EMPTY, PacketError
from flexdbg.gdb.stops import HartStop, stop_reply
from flexdbg.gdb.threads import ALL, ANY, thread_id
from flexdbg.gdb.triggers import Trigger, TriggerTable

if TYPE_CHECKING:
    from flexdbg.gdb.hub import Hub
    from flexdbg.gdb.machine import SharedMachine
    from flexdbg.gdb.monitor import Monitor

__all__ = ["Client", "Handler", "packet"]

Handler = Callable[["Client", bytes], bytes | None]

_handlers: dict[bytes, Handler] = {}
# A number follows qRegisterInfo without a mark between.
_NAME = re.compile(rb"qRegisterInfo|[A-Za-z]+\??")
# Shorter replies, such as those to steps, travel faster as they are.
_WORTH_SHORTENING = 1024
# Bytes of an O packet before hexadecimal coding.
_PIECE = 8192


def packet(*names: str) -> Callable[[Handler], Handler]:
    """Register what answers a packet: a letter, or the word of a v, q, Q, b or j packet. The handler gets
    what follows the name; None means that the reply comes later, or never."""

    def register(handler: Handler) -> Handler:
        for name in names:
            assert name.encode() not in _handlers, name
            _handlers[name.encode()] = handler
        return handler

    return register


@dataclass(slots=True)
class Features:
    """What qSupported and the Q packets agreed on."""

    multiprocess: bool = False
    no_ack: bool = False
    non_stop: bool = False
    text_errors: bool = False
    extended: bool = False
    thread_events: bool = False
    reasons: frozenset[str] = frozenset(("replaylog",))


@dataclass(slots=True, eq=False)
class Client:
    """The protocol's side of one connection; `send` writes bytes, `log` takes readable lines."""

    hub: "Hub"
    send: Callable[[bytes], None]
    flush: Callable[[], None] = lambda: None  # what was sent leaves now
    number: int = 1
    log: Callable[[str], None] | None = None
    features: Features = field(default_factory=Features)
    current: int = 0  # hart of g, p, m, ...
    resumer: int = ALL  # thread of c and s
    waiting: bool = False  # all-stop: a stop reply is owed
    alive: bool = True
    closing: bool = False
    went_back: bool = False  # in time, since it came
    notified: list[HartStop] = field(default_factory=list)  # non-stop: stops not yet acknowledged by vStopped
    deferred: list[HartStop] = field(default_factory=list)  # non-stop: to be told when GDB is ready
    seen_cycle: int = 0  # where the client believes the machine stands
    files: dict[int, bytes] = field(default_factory=dict)  # of vFile: number -> content
    next_file: int = 3
    monitor: "Monitor | None" = None
    focus: Focus = field(init=False)
    _reader: PacketReader = field(default_factory=PacketReader)
    _last: bytes = b""
    _triggers: TriggerTable | None = None

    def __post_init__(self) -> None:
        self.focus = Focus(self.machine.harts)

    @property
    def machine(self) -> "SharedMachine":
        return self.hub.machine

    @property
    def triggers(self) -> TriggerTable:
        if self._triggers is None:
            self._triggers = TriggerTable(self.machine.cluster, self.machine.registers)
            self.machine.triggers.append(self._triggers)
        return self._triggers

    # Bytes in

    def receive(self, data: bytes) -> None:
        """Act on whatever is complete in the bytes that have come."""
        for item in self._reader.feed(data):
            if self.closing:
                return
            if isinstance(item, bytes):
                self._packet(item)
            elif item is Mark.INTERRUPT:
                self._note("<- interrupt")
                self.hub.interrupt(self)
            elif item is Mark.NAK:
                if self._last and not self.features.no_ack:
                    self.send(self._last)
            elif isinstance(item, Damaged):
                self._note(f"<- damaged: {item.why}")
                if not self.features.no_ack:
                    self.send(b"-")

    def _packet(self, payload: bytes) -> None:
        if not self.features.no_ack:
            self.send(b"+")
        if self.log is not None:
            self._note(f"<- {_readable(payload)}")
        try:
            answer = self.dispatch(payload)
        except PacketError as error:
            answer = self.error(error, error.number)
        except FlexdbgError as error:
            answer = self.error(error, 14)
        if answer is not None:
            self.reply(answer)

    def dispatch(self, payload: bytes) -> bytes | None:
        """The answer to a packet, None if none is due now."""
        first = payload[:1]
        if first in b"vqQbj" and first:
            match = _NAME.match(payload)
            name = match[0] if match else first
        else:
            name = first
        handler = _handlers.get(name)
        return EMPTY if handler is None else handler(self, payload[len(name) :])

    # Bytes out

    def reply(self, payload: bytes) -> None:
        """Send a packet; runs are shortened where that saves something."""
        if self.log is not None:
            self._note(f"-> {_readable(payload)}")
        data = frame(run_lengths(payload) if len(payload) > _WORTH_SHORTENING else payload)
        self._last = data
        self.send(data)

    def notify(self, payload: bytes) -> None:
        """A notification, which is never acknowledged."""
        if self.log is not None:
            self._note(f"-> % {_readable(payload)}")
        self.send(b"%" + frame(payload)[1:])

    def error(self, error: Exception, number: int) -> bytes:
        if self.features.text_errors:
            return b"E." + " ".join(str(error).split()).encode("ascii", "replace")
        return b"E%02x" % (number & 0xFF)

    def console(self, text: str) -> None:
        """Text for the user. Only for a client that waits: GDB accepts it at no other time."""
        data = text.encode("utf-8", "replace")
        for at in range(0, len(data), _PIECE):
            self.reply(b"O" + data[at : at + _PIECE].hex().encode())
        self.flush()

    # Stops

    def stop_reply(self, stop: HartStop) -> bytes:
        """T or W for one stop; in all-stop mode the hart becomes the current one, as GDB assumes."""
        if stop.reason == "exit":
            self.alive = False  # as `vKill`: for GDB nothing is there until it runs or attaches again
        elif not self.features.non_stop:
            self.current = stop.hart
            self.focus.stopped(stop.hart)
        return stop_reply(
            stop,
            self.machine.cluster,
            mine=self._mine(stop),
            multiprocess=self.features.multiprocess,
            reasons=self.features.reasons,
        )

    def _mine(self, stop: HartStop) -> tuple[Trigger, ...]:
        if not stop.triggers or self._triggers is None:
            return ()
        own = {id(trigger) for trigger in self._triggers}
        return tuple(trigger for trigger in stop.triggers if id(trigger) in own)

    def owns(self, stop: HartStop) -> bool:
        """Whether GDB can tell the reason by itself; otherwise words go with the stop."""
        if stop.reason in ("breakpoint", "watchpoint"):
            return bool(self._mine(stop))
        return stop.reason in ("step", "interrupted", "exit", "history_start", "history_end")

    # Threads

    def thread_id(self, hart: int) -> bytes:
        return thread_id(hart, self.features.multiprocess)

    def pick(self, thread: int) -> int:
        """A hart for ALL and ANY: the one that is looked at."""
        return self.current if thread in (ALL, ANY) else thread

    @property
    def going_back(self) -> int:
        """The hart that `bs` and `bc` are meant for."""
        return self.focus.hart if self.resumer in (ALL, ANY) else self.resumer

    def select(self, hart: int) -> None:
        """Hg."""
        self.current = hart
        self.focus.asked(hart)

    def _note(self, text: str) -> None:
        if self.log is not None:
            self.log(f"{self.number} {text}")


def _readable(payload: bytes) -> str:
    shown = payload[:400].decode("ascii", "backslashreplace")
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
    return shown + (f"... ({len(payload)} bytes)" if len(payload) > 400 else "")
