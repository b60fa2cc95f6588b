"""qRcmd: every command of the debugger under `monitor`, its output streamed, and a few words about the
server."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from flexdbg.commands.interpreter import Interpreter
from flexdbg.debug.instructions import decode_word
from flexdbg.errors import FlexdbgError
from flexdbg.gdb.client import Client, packet
from flexdbg.gdb.replies import OK, hex_text
from flexdbg.render.text import Line, plain

if TYPE_CHECKING:
    from flexdbg.gdb.hub import Hub

__all__ = ["Monitor"]


class Monitor:
    """The interpreter of one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        session = client.hub.session
        outside = session.on_new_future
        self._interpreter = Interpreter(session, self._emit)
        # What the interpreter says about changes of the past may be said while it works only.
        self._new_future, session.on_new_future = session.on_new_future, outside
        # The hart that the last command ended with; it holds until the client selects another.
        self._hart, self._selected = client.current, client.current

    def execute(self, line: str) -> None:
        """Carry out one line; what goes wrong is said as output, which GDB shows in every version."""
        hub, client = self._client.hub, self._client
        hub.refuse_if_busy()
        line = self._choose_hart(line.strip())
        word, _, argument = line.strip().partition(" ")
        own = _OWN.get(word)
        before = (hub.machine.cluster.cycle, hub.machine.version)
        hub.talking = client
        if not hub.machine.running:
            hub.tell_news(client)
        outside = hub.session.on_new_future
        hub.session.on_slice, hub.session.on_new_future = hub.breathe, self._new_future
        try:
            if own is not None:
                client.console(own(hub, client, argument.strip()) + "\n")
                return
            self._check_idle(line)
            if client.current != self._selected:
                self._hart = self._selected = client.current
            hub.session.select(self._hart)
            with hub.watched():
                self._interpreter.execute(line)
            self._hart = hub.session.hart
            if line == "help":
                client.console(f"Commands of the server: {', '.join(sorted(_OWN))}.\n")
            if self._interpreter.context.wants_to_quit:
                self._interpreter.context.wants_to_quit = False
                client.console("`monitor quit` does nothing: `detach` or `kill` leave the machine.\n")
        except FlexdbgError as error:
            client.console(f"{error}\n")
        finally:
            hub.session.on_slice, hub.session.on_new_future = lambda: None, outside
            hub.drain()
            hub.talking = None
            client.seen_cycle = hub.machine.cluster.cycle
            if before[0] != client.seen_cycle:
                hub.machine.moved()
            hub.let_others_go_on()

    def _choose_hart(self, line: str) -> str:
        """`@3 info nn` is for hart 3. GDB does not say which thread a monitor command is meant for: without
        a mark it is the one that GDB asked about last."""
        match = re.match(r"@(\d+)\s+", line)
        if match is None or int(match[1]) >= self._client.machine.harts:
            return line
        self._client.current = int(match[1])
        return line[match.end() :]

    def _check_idle(self, line: str) -> None:
        if not self._client.hub.machine.running or not line.strip():
            return
        command, _ = self._interpreter.parse(line.strip())
        if command.category == "running":
            raise FlexdbgError(f"{command.name}: the machine is running; interrupt it first")

    def _emit(self, lines: list[Line]) -> None:
        if lines:
            self._client.console(plain(lines) + "\n")


@packet("qRcmd")
def command(client: Client, arguments: bytes) -> bytes:
    line = hex_text(arguments.removeprefix(b","))
    monitor = client.monitor
    if monitor is None:
        monitor = client.monitor = Monitor(client)
    monitor.execute(line)
    client.hub.machine.changed()
    return OK


# Commands of the server itself


_AT_EXIT = {"on": True, "off": False, "auto": None}
_AT_EXIT_MEANS = {
    "on": "at its end the program stands, and time can go back; `continue` ends it",
    "off": "the session ends with the program",
    "auto": "at its end the program stands for those who have gone back in time before",
}


def _step_mode(hub: "Hub", client: Client, argument: str) -> str:
    machine = hub.machine
    if argument in ("cluster", "frozen"):
        machine.step_mode = argument
    elif argument:
        return "stepmode: `cluster` or `frozen`"
    meaning = {
        "cluster": "harts that GDB does not resume run along for the same cycles",
        "frozen": "harts that GDB does not resume stand still",
    }
    return f"stepmode {machine.step_mode}: {meaning[machine.step_mode]}"


def _stop_at_exit(hub: "Hub", client: Client, argument: str) -> str:
    if argument in _AT_EXIT:
        hub.stop_at_exit = _AT_EXIT[argument]
    elif argument:
        return f"stop-at-exit: {', '.join(_AT_EXIT)}"
    word = next(word for word, value in _AT_EXIT.items() if value is hub.stop_at_exit)
    return f"stop-at-exit {word}: {_AT_EXIT_MEANS[word]}"


def _clients(hub: "Hub", client: Client, argument: str) -> str:
    lines = []
    for other in hub.clients:
        state = "waits for a stop" if other.waiting else "non-stop" if other.features.non_stop else "halted"
        mark = "*" if other is client else " "
        count = sum(1 for _ in other.triggers)
        lines.append(f"{mark} client {other.number}: {state}, {count} breakpoints inserted")
    return "\n".join(lines)


def _why(hub: "Hub", client: Client, argument: str) -> str:
    """Why the machine stands, with the sentence of the core, which not every GDB shows."""
    last = hub.last
    if last is None:
        return "nothing has stopped the machine yet"
    name = hub.machine.cluster.harts[last.hart].name
    return f"{name}, cycle {last.cycle:,}: {last.message or last.words}"


def _decode(hub: "Hub", client: Client, argument: str) -> str:
    """decode ADDRESS WORD: length and text of an instruction as the selected hart decodes it, for GDB's
    script."""
    words = argument.split()
    try:
        address, word = (int(text, 0) for text in words)
    except ValueError:
        return "decode: expected ADDRESS WORD"
    instruction = decode_word(hub.machine.cluster, word & 0xFFFF_FFFF, address & 0xFFFF_FFFF, client.current)
    name = hub.session.symbols.name_of(instruction.target) if instruction.target is not None else ""
    return f"{instruction.length}\t{instruction.text}{f' <{name}>' if name else ''}"


_OWN: dict[str, Callable[["Hub", Client, str], str]] = {
    "stepmode": _step_mode,
    "stop-at-exit": _stop_at_exit,
    "clients": _clients,
    "lastfault": _why,
    "decode": _decode,
}
