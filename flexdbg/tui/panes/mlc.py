"""The Mac&Load address walkers: the pattern that the next loads make, and where the last ones went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flexdbg.debug.tensors import Tensor, element_of
from flexdbg.isa.machine_state import Walker
from flexdbg.machine.cluster import TraceRecord
from flexdbg.render.text import Line
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes.pane import Drawing, Gathering, Pane
from flexdbg.tui.snapshot import Snapshot

__all__ = ["PANE", "Step", "forward", "steps_of", "walker_of"]

_AHEAD = 64
_BEHIND = 128  # steps kept


@dataclass(frozen=True, slots=True)
class Step:
    """One update of a walker, and the load that went with it."""

    planned: int  # the address that the walker had
    real: int  # the address that was loaded from
    at: int  # the update counter before
    announced: bool  # where the step before had said that the next one would be
    lost: int  # cycles in which the bank refused


@dataclass(frozen=True, slots=True)
class Part:
    """What both walkers of the selected hart did lately, oldest first."""

    steps: dict[str, tuple[Step, ...]]
    names: dict[str, str]  # walker -> symbol at its pointer
    tensors: tuple[Tensor, ...]


def walker_of(snapshot: Snapshot, letter: str) -> Walker:
    """The address generator `a` or `w` of the selected hart."""
    csrs = snapshot.csrs
    return Walker(
        csrs.get(f"{letter}_addr", 0),
        csrs.get(f"{letter}_stride", 0),
        csrs.get(f"{letter}_rollback", 0),
        csrs.get(f"{letter}_skip", 0),
        snapshot.selected.registers[40 if letter == "a" else 41],
    )


def forward(walker: Walker, count: int) -> list[tuple[int, int]]:
    """(address, update counter) of the next loads; the first is the one that comes next."""
    here = Walker(walker.addr, walker.stride, walker.rollback, walker.skip, walker.count)
    steps = []
    for _ in range(count):
        steps.append((here.addr, here.count))
        here.step()
    return steps


def gather(gathering: Gathering, options: PaneOptions, width: int, height: int) -> Part:
    session = gathering.session
    records = gathering.recent.records() if not gathering.snapshot.running else ()
    names = {letter: session.symbols.name_of(walker_of(gathering.snapshot, letter).addr) for letter in "aw"}
    return Part(steps_of(records, session.hart), names, tuple(gathering.context.tensors.values()))


def steps_of(records: Iterable[TraceRecord], hart: int) -> dict[str, tuple[Step, ...]]:
    """The steps of both walkers of a hart; a record of an update follows the one of its load."""
    steps: dict[str, list[Step]] = {"a": [], "w": []}
    announced: dict[str, int] = {}
    load: tuple[int, int, int] = (-1, 0, 0)
    refused: dict[int, int] = {}
    for cycle, who, kind, pc, a, b, size, old in records:
        if who != hart:
            continue
        if kind == "denied":
            refused[pc] = refused.get(pc, 0) + 1
        elif kind == "load":
            load = cycle, pc, a
        elif kind == "mlc":
            letter = "w" if size & 1 else "a"
            real = load[2] if load[:2] == (cycle, pc) else a
            steps[letter].append(Step(a, real, old, announced.get(letter, a) == a, refused.pop(pc, 0)))
            announced[letter] = b
    return {letter: tuple(found[-_BEHIND:]) for letter, found in steps.items()}


def draw(snapshot: Snapshot, part: Any, width: int, height: int, options: PaneOptions) -> Drawing:
    """Both walkers, one below the other."""
    if snapshot.hart >= snapshot.cluster_harts or "a_addr" not in snapshot.csrs:
        return Drawing([[("faint", f"{snapshot.hart_name(snapshot.hart)} has no address walkers")]])
    legacy = snapshot.csrs.get("sb_legacy", 1)
    lines: list[Line] = []
    for letter, title in (("a", "activations"), ("w", "weights")):
        found = _walker(snapshot, part, letter, title, width, (height - 1) // 2)
        lines += found if letter == "w" or len(found) >= height // 2 else [*found, []]
    heading: Line = [("", f"hart {snapshot.selected.name}"), ("faint", "  rows: runs up to a rollback")]
    if legacy:
        heading = [heading[0], ("warning", "  sb_legacy 1: loads use rs1, the walkers only count")]
    return Drawing(lines, heading)


def _walker(snapshot: Snapshot, part: Any, letter: str, title: str, width: int, rows: int) -> list[Line]:
    """The pattern: runs that happened, the run under way, runs to come, one below the other."""
    walker = walker_of(snapshot, letter)
    settings: Line = [
        ("", f"stride {_signed(walker.stride):+d}  rollback {_signed(walker.rollback):+d}"),
        ("", f"  skip {walker.count}/{walker.skip}"),
    ]
    head: Line = [("register", f"{letter.upper()} {title}  "), ("address", f"{walker.addr:08x}")]
    if not walker.addr and not walker.stride and not walker.rollback:
        return [head, [("faint", "     not set up yet")]]
    head.append(("symbol", f" {part.names[letter]}" if part is not None and part.names[letter] else ""))
    element = element_of(part.tensors, walker.addr) if part is not None else ""
    head.append(("symbol", f"  {element}" if element else ""))
    lines: list[Line] = [[*head, ("", "  "), *settings]]
    if sum(len(text) for _, text in lines[0]) > width:
        lines = [head, [("", "  "), *settings]]
    period = walker.skip + 1
    form = _Form(snapshot, period, width, part.tensors if part is not None else ())
    past = _past_runs(part.steps[letter] if part is not None else ())
    ahead: list[list[tuple[int, int]]] = [[]]
    for address, at in forward(walker, min(_AHEAD, max(6 * period, 16))):
        ahead[-1].append((address, at))
        if at == walker.skip:
            ahead.append([])
    # The run under way has happened in part.
    begun = past.pop() if walker.count and past and past[-1][-1].at + 1 == walker.count else []
    room = max(rows - len(lines) - 2, form.tall)
    behind = min(len(past), (room // form.tall - 1) // 2) if past else 0
    coming = max(room // form.tall - behind, 1)
    for number in range(behind, 0, -1):
        lines += form.lines(f"-{number}", past[-number], [])
    for number, run in enumerate([run for run in ahead if run][:coming]):
        lines += form.lines(f"+{number}" if number else "now", begun if not number else [], run)
    banks = [snapshot.bank_of(address) for address, _ in forward(walker, max(period, 4))]
    lines.append(_bank_note([-1 if bank is None else bank for bank in banks]))
    lines.append(_agreement(part.steps[letter] if part is not None else ()))
    return lines


def _past_runs(steps: Sequence[Step]) -> list[list[Step]]:
    """Steps in runs: a new one begins where the counter does, or where the program has moved the walker."""
    runs: list[list[Step]] = []
    for step in steps:
        if not runs or step.at != runs[-1][-1].at + 1 or not step.announced:
            runs.append([])
        runs[-1].append(step)
    return runs


class _Form:
    """How a run is drawn in a width: a column for each value of the counter, in more lines where needed."""

    def __init__(self, snapshot: Snapshot, period: int, width: int, tensors: Sequence[Tensor]) -> None:
        self._snapshot = snapshot
        self._tensors = tensors
        # Five digits tell all of the TCDM apart; the pointer is shown in full above.
        self._digits = 8 if period * 14 + 3 <= width else 5
        cell = self._digits + 6
        self._per_line = max(1, (width - 3) // cell)
        self.tall = -(-period // self._per_line)
        self._spare = width - 4 - min(period, self._per_line) * cell

    def lines(self, label: str, done: Sequence[Step], coming: Sequence[tuple[int, int]]) -> list[Line]:
        first = done[0].at if done else coming[0][1]
        cells: list[Line] = [[("faint", "·".rjust(self._digits) + " " * 5)] for _ in range(first)]
        cells += [self._done(step) for step in done]
        for number, (address, _) in enumerate(coming):
            style = "current" if label == "now" and not number else "number"
            cells.append([(style, self._address(address)), ("faint", f" {self._bank(address):<4}")])
        lines: list[Line] = []
        for start in range(0, len(cells), self._per_line):
            lead = f"{label:<4}" if not start else "    "
            line: Line = [("heading" if label == "now" else "faint", lead)]
            for piece in cells[start : start + self._per_line]:
                line += [*piece, ("", " ")]
            lines.append(line)
        element = element_of(self._tensors, done[0].real if done else coming[0][0])
        if element and len(element) <= self._spare:
            lines[0].append(("faint", element))
        return lines

    def _done(self, step: Step) -> Line:
        wrong = step.real != step.planned
        mark = "≠" if wrong else "!" if step.lost else "↷" if not step.announced else "="
        style = "conflict" if wrong else "stall" if step.lost else "warning" if mark == "↷" else "faint"
        bank = self._bank(step.real)
        return [("faint", self._address(step.real)), (style, f" {bank}{mark}".ljust(5))]

    def _address(self, address: int) -> str:
        return f"{address:08x}"[-self._digits :]

    def _bank(self, address: int) -> str:
        bank = self._snapshot.bank_of(address)
        return f"b{bank}" if bank is not None else "--"


def _bank_note(banks: list[int]) -> Line:
    """How the next run spreads over the banks."""
    known = [bank for bank in banks if bank >= 0]
    if not known:
        return [("faint", "     outside the TCDM")]
    used = sorted(set(known))
    words = ", ".join(str(bank) for bank in used[:8]) + (", …" if len(used) > 8 else "")
    line: Line = [("faint", f"     banks {words}")]
    if len(known) > 1 and len(used) == 1:
        line.append(
            ("warning", "   all in one bank: harts that walk alike will collide; pad each row by 4 bytes")
        )
    return line


def _agreement(steps: Sequence[Step]) -> Line:
    """The walk that happened against the one that was planned."""
    if not steps:
        return [("faint", "     no Mac&Load of this hart loaded through it lately")]
    same = sum(step.real == step.planned for step in steps)
    line: Line = [("faint", f"     {same} of the last {len(steps)} loads as planned (=)")]
    if same < len(steps):
        line.append(("conflict", f", {len(steps) - same} elsewhere (≠)"))
    moved = sum(not step.announced for step in steps)
    if moved:
        line.append(("warning", f", moved by the program {moved} times (↷)"))
    late = [step.lost for step in steps if step.lost]
    if late:
        line.append(("stall", f", {len(late)} waited {sum(late)} cycles (!)"))
    return line


def _signed(value: int) -> int:
    return value - (1 << 32) if value >> 31 else value


PANE = Pane(
    "mlc",
    "MLC",
    "4",
    "Both address walkers of Mac&Load: pointer, stride, rollback, skip counter; and the pattern that the "
    "loads make, a row for each run up to a rollback, a column for each value of the skip counter: the runs "
    "that happened, against what was planned, the one under way, and those to come, with banks and tensors.",
    draw,
    gather,
)
