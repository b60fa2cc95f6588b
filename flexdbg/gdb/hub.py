"""What clients do to the one machine they share: resume, interrupt, stop; and telling all of them what
happened."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from time import monotonic

from flexdbg.debug.session import Output, Session
from flexdbg.errors import FlexdbgError, InterruptedSearchError
from flexdbg.gdb.client import Client
from flexdbg.gdb.description import memory_map, memory_regions, target_description
from flexdbg.gdb.files import program_path
from flexdbg.gdb.machine import SharedMachine, Step
from flexdbg.gdb.replies import OK, PacketError
from flexdbg.gdb.reverse import Backward
from flexdbg.gdb.stops import HartStop
from flexdbg.gdb.threads import ALL, ANY, threads_xml

__all__ = ["Hub"]

# To a cycle that `run` starts in: for how long at most, and how far in one piece.
_START_SECONDS, _START_CYCLES = 1.0, 1 << 18


class Hub:
    """One machine and its clients. Everything here runs on the server's thread."""

    def __init__(
        self, session: Session, *, multiprocess: bool = False, stop_at_exit: bool | None = None
    ) -> None:
        """`stop_at_exit`: whether clients are told of the program's end by a stop first, so that they can go
        back from there; None: those that have gone back before."""
        self.session = session
        self.machine = SharedMachine(session)
        self.machine.say = self._say
        self.multiprocess = multiprocess
        self.stop_at_exit = stop_at_exit
        self.clients: list[Client] = []
        self.started_by: Client | None = None  # who restarted the program with vRun
        self.talking: Client | None = None  # whose monitor command is being carried out
        self.last: HartStop | None = None
        # Around what may take long: lets an interrupt through while the server's thread is busy. And in the
        # midst of it, while the machine stands: others are answered.
        self.watched: Callable[[], AbstractContextManager[None]] = nullcontext
        self.breathe: Callable[[], None] = lambda: None
        self._notes: dict[int, list[str]] = {}
        session.on_output = self._program_output
        session.on_new_future = self._new_future

    # Clients

    def join(self, client: Client) -> None:
        client.current = self.session.hart
        client.focus.stopped(client.current)
        client.seen_cycle = self.machine.cluster.cycle
        self.clients.append(client)
        self.mode_changed()

    def leave(self, client: Client) -> None:
        """A lost client takes its breakpoints along; nobody left to wait for a stop means that the machine
        stands."""
        if client not in self.clients:
            return
        self.clients.remove(client)
        self._notes.pop(client.number, None)
        table = client.triggers
        table.clear(keep_persistent=True)
        if not any(True for _ in table):
            self.machine.triggers.remove(table)
        if self.started_by is client:
            self.started_by = None
        self.mode_changed()
        if self.machine.running and not any(c.waiting or c.features.non_stop for c in self.clients):
            self.machine.halt()

    def detach(self, client: Client) -> None:
        client.closing = True
        self.leave(client)

    def mode_changed(self) -> None:
        """The machine runs in non-stop mode if all of its clients do."""
        self.machine.non_stop = bool(self.clients) and all(c.features.non_stop for c in self.clients)

    def note(self, client: Client, text: str) -> None:
        """Something for the user, said as soon as the client may be told."""
        self._notes.setdefault(client.number, []).append(text)

    def _new_future(self, now: int, last: int) -> None:
        """A change in the past: what was recorded behind it is gone, and the users should know."""
        for client in self.clients:
            self.note(
                client,
                f"[state was changed in cycle {now:,}: a new future begins, "
                f"the recording up to cycle {last:,} is discarded]\n",
            )

    # Time

    def resume(
        self, client: Client, actions: Mapping[int, Step | None], *, solo: bool = False
    ) -> bytes | None:
        """vCont and its like; the answer comes with the stop."""
        machine = self.machine
        if client.features.non_stop:
            self.refuse_if_busy()
            self._resume_non_stop(client, actions)
            return OK
        client.waiting = True
        self.tell_news(client)
        if machine.running or self.talking is not None:
            return None  # another client's run; this one waits with it
        if self.session.exited:
            self._ended(self._exit_stop())
            return None
        due = [] if solo else machine.due()
        if due:
            self._deliver(due)
            return None
        machine.resume(actions, solo=solo)
        # A step is over at once; a run gives its first slice here.
        self.advance()
        return None

    def _resume_non_stop(self, client: Client, actions: Mapping[int, Step | None]) -> None:
        if self.session.exited:
            self._queue(self._exit_stop())
            return
        self.machine.resume(actions)

    def advance(self) -> None:
        """One slice of time, if harts are to run, and news of what stopped in it."""
        if not self.machine.running:
            return
        try:
            stops = self.machine.advance()
        except FlexdbgError as error:
            self.machine.halt()
            stops = [HartStop("error", self.session.hart, self.machine.cluster.cycle, message=str(error))]
        self.drain()
        if stops:
            self._deliver(stops)

    def drain(self) -> None:
        """The program's output, as it comes."""
        output = self.machine.cluster.take_output()
        if output:
            self._program_output(output)

    def interrupt(self, client: Client) -> None:
        """0x03 or vCtrlC."""
        machine = self.machine
        if self.talking is not None:
            self.session.interrupt()
        if not machine.running:
            return
        cycle = machine.cluster.cycle
        if machine.non_stop:
            self.stop_harts(client, list(machine.resumed), "interrupted")
        else:
            self._deliver([HartStop("interrupted", client.current, cycle)])

    def stop_harts(self, client: Client, harts: Iterable[int], reason: str = "cycles") -> None:
        """Non-stop: the harts that run stand still, and are reported."""
        machine = self.machine
        running = [hart for hart in harts if hart in machine.resumed]
        machine.halt(running)
        for hart in running:
            self._queue(HartStop(reason, hart, machine.cluster.cycle))

    def reverse(self, client: Client, *, step: bool) -> bytes | None:
        """bs and bc. The whole cluster goes back; the answer is the stop at the place where it ends."""
        machine = self.machine
        self.refuse_if_busy()
        if machine.running:
            raise PacketError(1, "the machine is running; interrupt it first")
        if client.features.non_stop:
            raise PacketError(
                1, "time goes back in all-stop mode only: harts that ran on would have to go back too"
            )
        alone = client.resumer not in (ALL, ANY)
        client.waiting = True
        self.tell_news(client)
        due = [] if alone else machine.due(back=True)
        if due:
            self._deliver(due)
            return None
        try:
            client.went_back = True
            machine.search = Backward(machine, client.going_back, step=step, alone=alone)
        except InterruptedSearchError:
            self._deliver([HartStop("interrupted", client.current, machine.cluster.cycle)])
            return None
        self.advance()
        return None

    # Stops

    def _deliver(self, stops: list[HartStop]) -> None:
        machine = self.machine
        main, others = stops[0], stops[1:]
        self.last = main
        if main.reason == "exit":
            self._ended(main, stands=True)
            return
        if machine.non_stop:
            for stop in stops:
                machine.halt([stop.hart])
                self._queue(stop)
            return
        machine.halt()
        # A step that ended in the same cycle is no news behind the main one.
        machine.keep([stop for stop in others if stop.reason != "step"])
        for stop in stops:
            machine.stopped[stop.hart] = stop.words
        self.session.select(main.hart)
        for client in self.clients:
            if client.waiting:
                self._explain(client, main)
                client.waiting = False
                client.seen_cycle = machine.cluster.cycle
                client.reply(client.stop_reply(main))
            elif client.features.non_stop:
                self._queue_for(client, main)

    def _ended(self, stop: HartStop, *, stands: bool = False) -> None:
        """The program has exited. For GDB there is no program after a W: clients that want to go back are
        told of the end of the recording instead if the machine has just come to `stand` there."""
        self.machine.halt()
        self.machine.pending.clear()
        for client in self.clients:
            if client.features.non_stop:
                self._queue_for(client, stop)
            elif client.waiting:
                client.waiting = False
                client.seen_cycle = self.machine.cluster.cycle
                if stands and (client.went_back if self.stop_at_exit is None else self.stop_at_exit):
                    client.reply(client.stop_reply(self._stand_at_end(client, stop)))
                else:
                    client.reply(client.stop_reply(stop))

    def _stand_at_end(self, client: Client, stop: HartStop) -> HartStop:
        cycle = self.machine.cluster.cycle
        client.console(
            f"[the program has exited with status {stop.code}, cycle {cycle:,}; "
            "time can go back, `continue` ends the session]\n"
        )
        return HartStop("history_end", stop.hart if stop.hart >= 0 else client.current, cycle)

    def _exit_stop(self) -> HartStop:
        status = self.machine.cluster.exit_status or 0
        # exit(-1) reads back as 31 ones; a status of 8 bits must not look like success.
        code = status & 0xFF or (1 if status else 0)
        return HartStop("exit", self.session.hart, self.machine.cluster.cycle, code=code)

    def _explain(self, client: Client, stop: HartStop) -> None:
        """Words about a stop that GDB cannot explain by itself."""
        if client.owns(stop):
            if stop.by_dma:
                client.console(f"[{stop.message}, cycle {stop.cycle:,}]\n")
            return
        name = self.machine.cluster.harts[stop.hart].name
        if stop.monitor:
            numbers = ", ".join(str(number) for number in stop.monitor)
            text = f"{name} hit breakpoint {numbers} of the monitor"
        elif stop.triggers:
            text = f"{name} hit a {stop.words} of another client"
        else:
            text = stop.message or f"{name}: {stop.words}"
        client.console(f"[{text}, cycle {stop.cycle:,}]\n")

    def _queue(self, stop: HartStop) -> None:
        self.machine.stopped[stop.hart] = stop.words
        for client in self.clients:
            if client.features.non_stop:
                self._queue_for(client, stop)

    def _queue_for(self, client: Client, stop: HartStop) -> None:
        client.notified.append(stop)
        if len(client.notified) == 1:
            client.notify(b"Stop:" + client.stop_reply(stop))

    def release(self, client: Client) -> None:
        """Tell what `?` has left out."""
        stops, client.deferred = client.deferred, []
        for stop in stops:
            self._queue_for(client, stop)

    def acknowledged(self, client: Client) -> bytes:
        """vStopped: the stop that was told last has been taken; the next one."""
        if client.notified:
            client.notified.pop(0)
        return client.stop_reply(client.notified[0]) if client.notified else OK

    def status(self, client: Client) -> bytes:
        """The answer to `?`. An all-stop client that asks a running machine stops it."""
        machine = self.machine
        cycle = client.seen_cycle = machine.cluster.cycle
        if client.features.non_stop:
            standing = [hart for hart in range(machine.harts) if hart not in machine.resumed]
            # GDB 13 to 18 fail an assertion when they hear of more than one here, before they listen to
            # notifications: the selected one now, the others when GDB has set itself up.
            standing.sort(key=lambda hart: hart != self.session.hart)
            client.notified = [HartStop("cycles", hart, cycle) for hart in standing[:1]]
            client.deferred = [HartStop("cycles", hart, cycle) for hart in standing[1:]]
            return client.stop_reply(client.notified[0]) if client.notified else OK
        if self.talking is not None:
            self.session.interrupt()
        if machine.running:
            self._deliver([HartStop("elsewhere", self.session.hart, cycle)])
        hart = client.current
        if self.last is not None and self.last.cycle == cycle and self.last.reason != "exit":
            return client.stop_reply(self.last)
        return client.stop_reply(HartStop("step", hart, cycle))

    # Commands of one client

    def refuse_if_busy(self) -> None:
        if self.talking is not None:
            raise PacketError(16, f"client {self.talking.number} runs a command; interrupt it first")

    def let_others_go_on(self) -> None:
        """A command has ended during which others wanted the machine to run: it stands for them."""
        if not self.machine.running and any(client.waiting for client in self.clients):
            self._deliver([HartStop("elsewhere", self.session.hart, self.machine.cluster.cycle)])

    # Words

    def tell_news(self, client: Client) -> None:
        """What others did since this client last looked."""
        for text in self._notes.pop(client.number, []):
            client.console(text)
        if client.seen_cycle != self.machine.cluster.cycle:
            cycle = self.machine.cluster.cycle
            last = self.last
            at = last is not None and last.cycle == cycle
            why = (
                f": {self.machine.cluster.harts[last.hart].name}, {last.message or last.words}"
                if last and at
                else ""
            )
            client.console(f"[others moved the machine from cycle {client.seen_cycle:,} to {cycle:,}{why}]\n")

    def _say(self, text: str) -> None:
        """Text of the machine for everybody who may be told."""
        for client in self.clients:
            if client.waiting or client is self.talking:
                client.console(text)

    def _program_output(self, output: Output) -> None:
        self._say("".join(data.decode("utf-8", "replace") for _, data in output))

    # Programs

    def restart(self) -> None:
        self.refuse_if_busy()
        self.last = None
        self.machine.restart()
        for client in self.clients:
            client.current = self.session.hart

    def run(self, client: Client, name: str, arguments: list[str]) -> bytes:
        program = self.session.program
        if program is None:
            raise PacketError(2, "no program is loaded")
        if name and name not in (program.name, program_path(program)):
            raise PacketError(2, f"this server runs {program_path(program)} and no other program")
        cycle = 0
        for word in arguments:
            key, _, value = word.partition(":")
            if key != "cycle" or not value.isdigit():
                raise PacketError(22, f"argument {word!r}: only cycle:N is known, a cycle to start in")
            cycle = int(value)
        client.alive = True
        self.restart()
        self.started_by = client
        self._go_to(client, cycle)
        return self.status(client)

    def _go_to(self, client: Client, cycle: int) -> None:
        """Before the answer to vRun, for which GDB waits two seconds and no longer."""
        cluster = self.machine.cluster
        until = monotonic() + _START_SECONDS
        while cluster.cycle < cycle and monotonic() < until:
            cluster.goto_cycle(min(cycle, cluster.cycle + _START_CYCLES))
            if self.session.exited:
                break
        if cluster.cycle < cycle:
            self.note(
                client, f"[the program stands in cycle {cluster.cycle:,}; `monitor goto {cycle}` goes on]\n"
            )

    def kill(self, client: Client) -> None:
        """Back to reset; for this client there is no program until it runs or attaches again."""
        self.restart()
        client.alive = False
        client.triggers.clear()

    # Documents

    def document(self, client: Client, kind: str, annex: str) -> bytes | None:
        """What qXfer reads."""
        if kind == "features" and annex == "target.xml":
            return target_description(self.machine.registers)
        if kind == "memory-map" and not annex:
            return memory_map(self.machine.cluster.config)
        if kind == "threads" and not annex:
            harts = self.machine.cluster.harts if client.alive else ()
            return threads_xml(
                harts, self.machine.cluster, client.features.multiprocess, self.machine.stopped
            )
        program = self.session.program
        if kind == "exec-file" and program is not None and program.image:
            return program_path(program).encode()
        if kind in ("features", "memory-map", "threads", "exec-file"):
            raise PacketError(2, f"no annex {annex!r} of {kind}")
        return None

    def region_ends(self, address: int) -> list[int]:
        """Where the memory region around an address ends."""
        config = self.machine.cluster.config
        return [start + size for start, size, _ in memory_regions(config) if start <= address < start + size]
