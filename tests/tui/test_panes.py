"""Panes, layout and the whole screen as pure functions: no terminal."""

import random
import re
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.catalog import bundled_programs
from flexdbg.commands.tensors import tensor as declare_tensor
from flexdbg.debug.symbols import SymbolTable
from flexdbg.debug.tensors import Tensor, element_of
from flexdbg.machine.cluster import TraceRecord
from flexdbg.render.text import plain
from flexdbg.run import find_program
from flexdbg.tui.actions import ACTIONS
from flexdbg.tui.causes import CLASS_OF, CLASSES, SHORT
from flexdbg.tui.engine import Engine, Wanted
from flexdbg.tui.keys import BINDINGS
from flexdbg.tui.layout import Layout, default_tree, size_class
from flexdbg.tui.options import PaneOptions
from flexdbg.tui.panes import PANES
from flexdbg.tui.panes.mlc import forward, steps_of, walker_of
from flexdbg.tui.samples import Samples
from flexdbg.tui.screen import View, compose
from flexdbg.tui.snapshot import Snapshot
from flexdbg.tui.text import cells, clean, fit, wrap
from flexdbg.tui.themes import THEMES


class Bench:
    """An engine without a screen: every pane is wanted at once."""

    def __init__(self, program: str, **settings: object) -> None:
        self.options = {name: PaneOptions() for name in PANES}
        self.size = (100, 30)
        self._done = threading.Event()
        session = Session(Cluster(ClusterConfig().changed(settings)), find_program(program)[0])
        self.engine = Engine(session, self._wanted, self._done.set)

    def _wanted(self) -> list[Wanted]:
        return [Wanted(pane, self.options[name], *self.size) for name, pane in PANES.items()]

    def run(self, *lines: str) -> Snapshot:
        """Carry out commands, and see everything."""
        for line in lines or ("",):
            self._done.clear()
            self.engine.submit(lambda line=line: self.engine.execute(line))
            while True:
                assert self._done.wait(60)
                self._done.clear()
                if not self.engine.busy:
                    break
        assert self.engine.failure is None, self.engine.failure
        return self.engine.snapshot

    def text(self, name: str, snapshot: Snapshot | None = None) -> str:
        snapshot = snapshot or self.engine.snapshot
        drawing = PANES[name].draw(snapshot, snapshot.parts.get(name), *self.size, self.options[name])
        return plain(drawing.lines)


@pytest.fixture(scope="module")
def kernel():
    """The MatMul kernel in the midst of its inner loop, hart 6 selected."""
    bench = Bench("matmul-a8w4")
    bench.run(
        "tensor w i4[64][288] at workload_weights", "cycle 34000", "hart 6", "display $t3", "stepi", "stepi"
    )
    yield bench
    bench.engine.close()


def test_code_marks_the_pc_the_loop_and_the_cost(kernel) -> None:
    text = kernel.text("code")
    assert "▶1c0085b8 pv.mlsdotsup.v t5, zero, 4" in text
    assert "1c0085a8 lp.setup x0, t0, 0x1c00862c" in text
    first, inside = (next(line for line in text.split("\n") if a in line) for a in ("1c0085ac", "1c0085b0"))
    assert "┐" in first and "│" in inside
    assert "bank" in text  # a stall cause in the margin


def test_code_of_a_lesson_has_the_comments_of_its_source(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    bench = Bench("dotp", boot="cluster", fc=0, fetch="ideal")
    try:
        bench.run("learn 6", "tbreak macload.S:11", "run")
        text = bench.text("code")
    finally:
        bench.engine.close()
    assert any("▶" in line and "// A0 = a[0..3]" in line for line in text.split("\n")), text


def test_the_dma_wins_and_loses_banks() -> None:
    bench = Bench("dma-copy", core="ri5cy")
    try:
        bench.run("step-to dma", "cycle 4000")
        cluster = bench.engine.session.cluster
        found = bench.engine.session.records(0, cluster.cycle, ("denied",))
        dma = cluster.config.harts + 1
        for wanted in (
            next(r for r in found if r.hart < 0 and r.b < dma - 1),  # the DMA lost to a hart
            next(r for r in found if 0 <= r.hart < dma and dma <= r.b < 255),  # and won against one
        ):
            snapshot = bench.run(f"goto {wanted.cycle + 1}", "hart 0")
            part = snapshot.parts["banks"]
            bank = snapshot.bank_of(wanted.a)
            access = part.board[bank, wanted.cycle]
            row = next(line for line in bench.text("banks").split("\n") if line.startswith(f"{bank:>3} "))
            last = row[5 : 5 + 2 * 45][-2:]
            if wanted.hart < 0:
                assert access.winner == wanted.b and dma in [who for who, _ in access.losers]
                assert last[0] == f"{wanted.b}" and last[1] in "D₊"
                # Nobody's cycle is charged to a hart because the DMA had to wait.
                column = snapshot.parts["timeline"].columns[8][-1]
                assert column[list(CLASSES).index("memory")] == 0
            else:
                assert access.winner == dma and wanted.hart in [who for who, _ in access.losers]
                assert last[0] == "D"
        bench.options["banks"].mode = 1
        assert "dma" in bench.text("banks")
    finally:
        bench.engine.close()


def test_registers_show_old_and_new(kernel) -> None:
    snapshot = kernel.engine.snapshot
    before = snapshot.before
    assert before is not None
    text = kernel.text("registers")
    old, new = before.values[29], snapshot.selected.registers[29]
    assert old != new
    assert f"t4         {old:08x} → {new:08x}" in text
    assert "t4   x29" in text


def test_csrs_are_taken_apart(kernel) -> None:
    text = kernel.text("csrs")
    assert "fmt 8 = a8w4" in text
    assert "a_stride     00000120  +288" in text


def test_lanes_agree_with_what_the_machine_does(kernel) -> None:
    part = kernel.engine.snapshot.parts["nn"]
    assert part.text == "pv.mlsdotsup.v t5, zero, 4"
    assert part.dot.destination == "t5"
    text = kernel.text("nn")
    assert "slice" in text and "products)" in text
    kernel.run("stepi")
    assert kernel.engine.snapshot.selected.registers[30] == part.dot.after
    kernel.run("reverse-stepi")


def test_walkers_agree_with_what_happened(kernel) -> None:
    text = kernel.text("mlc")
    assert "stride +288  rollback -860" in text
    assert text.count("loads as planned (=)") == 2
    assert re.search(r"W weights  [0-9a-f]{8} workload_weights\+0x[0-9a-f]+  w\[8\]\[", text)
    assert "now " in text and "-1 " in text and "+1 " in text


def test_banks_agree_with_the_counters(kernel) -> None:
    cluster = kernel.engine.session.cluster
    part = kernel.engine.snapshot.parts["banks"]
    assert list(part.conflicts) == [bank["conflicts"] for bank in cluster.bank_counters()]
    for (bank, cycle), access in part.board.items():
        assert 0 <= bank < 16 and cycle < cluster.cycle
        assert access.winner not in dict(access.losers)
    lost = sum(len(access.losers) for access in part.board.values())
    first = cluster.cycle - 512
    denied = kernel.engine.session.records(first, cluster.cycle, ("denied",))
    assert lost == len(denied) > 0 and lost == sum(item.cycles for item in part.collisions)
    snapshot = kernel.engine.snapshot
    for record in denied:
        access = part.board[snapshot.bank_of(record.a), record.cycle]
        assert access.winner == record.b and (record.hart, record.pc) in access.losers
    kernel.options["banks"].back = cluster.cycle - denied[-1].cycle - 1
    text = kernel.text("banks")
    last = part.board[snapshot.bank_of(denied[-1].a), denied[-1].cycle]
    row = next(r for r in text.split("\n") if r.startswith(f"{snapshot.bank_of(denied[-1].a):>3} "))
    assert row[5 + 2 * 45 - 2 :].startswith(f"{last.winner}{chr(0x2080 + denied[-1].hart)}")
    kernel.options["banks"].back = 0
    assert "matmul-a8w4.S:" in text  # which source lines collided
    kernel.options["banks"].mode = 1
    text = kernel.text("banks")
    assert "cycles lost, last hart" in text and "     had  matmul-a8w4.S:" in text and "pv.mlsdotsup" in text
    kernel.options["banks"].mode = 2
    assert "who lost to whom" in kernel.text("banks")
    kernel.options["banks"].mode = 0


@pytest.mark.parametrize("mode", range(10))
def test_memory_in_every_format(kernel, mode: int) -> None:
    options = kernel.options["memory"]
    options.expression, options.mode = "workload_weights", mode
    kernel.run("")
    text = kernel.text("memory")
    assert text.startswith("10005040 ")
    data = kernel.engine.session.cluster.read_memory(0x10005040, 4)
    numbers = text.split("\n")[0].split()[1:]
    if mode in (3, 4, 6, 8):
        bits = {3: 16, 4: 8, 6: 4, 8: 2}[mode]
        word = int.from_bytes(data, "little")
        expected = [(word >> s) & ((1 << bits) - 1) for s in range(0, 32, bits)]
        expected = [v - (1 << bits) if v >> (bits - 1) else v for v in expected]
        assert [int(n) for n in numbers[: len(expected)]] == expected
    options.expression, options.mode = "", 0


@pytest.mark.parametrize("mode", range(10))
def test_a_click_finds_the_element_in_every_format(kernel, mode: int) -> None:
    options = kernel.options["memory"]
    options.expression, options.mode = "workload_weights", mode
    kernel.run("")
    snapshot = kernel.engine.snapshot
    drawing = PANES["memory"].draw(snapshot, snapshot.parts["memory"], *kernel.size, options)
    assert drawing.at is not None
    numbers = re.finditer(r"-?[0-9a-f]+", plain([drawing.lines[1]]).split("  \u00b7")[0])
    next(numbers)  # the address
    per_row = snapshot.parts["memory"].per_row
    bits = (32, 8, 32, 16, 8, 8, 4, 4, 2, 2)[mode]
    for index, number in enumerate(numbers):
        if index * bits // 8 >= per_row:
            break
        address = 0x10005040 + per_row + index * bits // 8
        assert drawing.at(1, number.start()) == f"@ask last-write 0x{address & ~3:x}"
    assert drawing.at(1, 3) is None
    options.expression, options.mode = "", 0


def test_memory_as_a_tensor(kernel) -> None:
    kernel.options["memory"].expression = "w"
    kernel.run("")
    assert kernel.text("memory").startswith("[0]")
    kernel.options["memory"].expression = "0x50000000"
    snapshot = kernel.run("")
    assert "no memory can be read at 0x50000000" in kernel.text("memory", snapshot)
    kernel.options["memory"].expression = ""
    kernel.run("")


def test_the_other_panes(kernel) -> None:
    shown = kernel.text("stack")
    assert "#1  1c0088c4 multiply at matmul.c:" in shown and "#2  1c0088c4 main at matmul.c:" in shown
    kernel.run("frame 2")
    shown = kernel.text("stack")
    assert "variables of frame 2" in shown and "start" in shown
    kernel.run("frame 0")
    assert "$t3" in kernel.text("watch")
    assert "from samples" in plain([PANES["timeline"].draw(*_arguments(kernel, "timeline")).heading])
    assert "barrier  arrived" in kernel.text("events")
    assert "bytes moved" in kernel.text("dma")
    assert kernel.text("harts").count("matmul_4x4_a8w4+0x") == 8
    assert "(flexdbg) stepi" in kernel.text("console")
    assert "the program has printed nothing yet" in kernel.text("output")
    assert "no lesson is open" in kernel.text("lesson")


def _arguments(bench: Bench, name: str):
    snapshot = bench.engine.snapshot
    return snapshot, snapshot.parts.get(name), *bench.size, bench.options[name]


def test_a_short_timeline_is_exact() -> None:
    bench = Bench("hello")
    try:
        bench.run("cycle 600", "hart 0")
        part = bench.engine.snapshot.parts["timeline"]
        assert part.exact
        issued = sum(column[0] for column in part.columns[8]) * 600 / len(part.columns[8])
        assert issued == pytest.approx(bench.engine.session.cluster.harts[8].ledger["issue"], rel=0.1)
        bench.run("run", "continue")
        assert "hello" in bench.text("output").lower()
    finally:
        bench.engine.close()


def test_going_back_and_changing_the_past_keeps_the_samples_true() -> None:
    bench = Bench("hello")
    try:
        bench.run("cycle 4000", "goto 1000")
        assert bench.engine.samples.all()[-1].cycle > 1000
        bench.run("set confirm off", "set $t0 = 12345")
        assert bench.engine.samples.all()[-1].cycle <= 1000
    finally:
        bench.engine.close()


# The screen at all sizes


@given(
    st.integers(1, 260),
    st.integers(1, 80),
    st.sampled_from(["small", "medium", "large"]),
    st.integers(0, 10**6),
)
@settings(max_examples=60)
def test_every_size_gives_a_full_screen(kernel, width: int, height: int, kind: str, seed: int) -> None:
    layout = Layout(default_tree(kind))
    chance = random.Random(seed)
    for _ in range(6):
        act = chance.randrange(6)
        if act == 0:
            layout.show(chance.choice(list(PANES)))
        elif act == 1:
            layout.hide()
        elif act == 2:
            layout.resize(chance.random() < 0.5, chance.choice([0.3, 0.8, 1.3, 4.0]))
        elif act == 3:
            layout.cycle(chance.choice([-1, 1]))
        elif act == 4:
            layout.zoomed = not layout.zoomed
        else:
            layout = Layout.from_data(layout.as_data(), set(PANES))
    screen = compose(kernel.engine.snapshot, View(PANES, layout, kernel.options), width, height)
    assert len(screen.lines) == height
    assert {sum(cells(text) for _, text in line) for line in screen.lines} == {width}
    styles = {style for line in screen.lines for style, _ in line}
    assert styles <= set(THEMES["dark"])
    for region in screen.regions:
        assert region.x + region.width <= width and region.y + region.height <= height


def test_panes_never_overlap_and_fill_the_body() -> None:
    for kind, (width, height) in {"medium": (120, 35), "large": (200, 54)}.items():
        taken = set()
        for place in Layout(default_tree(kind)).visible(width, height):
            here = {
                (x, y)
                for x in range(place.x, place.x + place.width)
                for y in range(place.y, place.y + place.height)
            }
            assert not taken & here
            taken |= here
        assert len(taken) >= width * height - 4 * height  # the lines between panes


@pytest.mark.parametrize(
    "data", [None, 3, {}, {"tree": {}}, {"tree": {"panes": []}, "focus": "code"}, {"tree": {"children": 1}}]
)
def test_a_damaged_layout_is_refused(data: object) -> None:
    with pytest.raises(ValueError):
        Layout.from_data(data, set(PANES))


def test_sizes_have_layouts() -> None:
    assert [size_class(*s) for s in ((80, 24), (120, 40), (200, 60), (250, 70))] == [
        "small", "medium", "large", "large"
    ]  # fmt: skip


# Pieces


@given(st.text(max_size=60), st.integers(0, 50))
def test_lines_fit_exactly(text: str, width: int) -> None:
    assert sum(cells(t) for _, t in fit([("", clean(text))], width)) == width


@given(st.text(alphabet="ab c", max_size=80), st.integers(1, 20))
def test_wrapping_loses_no_letters(text: str, width: int) -> None:
    pieces = wrap(text, width)
    assert all(len(piece) <= width for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_the_walk_that_happened_is_the_one_that_was_planned(kernel) -> None:
    session = kernel.engine.session
    here = session.cluster.cycle
    try:
        kernel.run("reverse-cycle 200")
        planned = {letter: walker_of(kernel.engine.snapshot, letter) for letter in "aw"}
        records = session.records(session.cluster.cycle, here, ("load", "mlc", "denied"))
        steps = steps_of(records, session.hart)
    finally:
        kernel.run(f"goto {here}")
    for letter, walker in planned.items():
        happened = [(step.real, step.at) for step in steps[letter]]
        assert len(happened) >= 20
        assert happened == forward(walker, len(happened))
        assert all(step.announced and step.real == step.planned for step in steps[letter])
    refused = [record for record in records if record.kind == "denied" and record.hart == session.hart]
    assert sum(step.lost for found in steps.values() for step in found) == len(refused)


def test_a_walk_of_another_place_is_told(kernel) -> None:
    def record(cycle: int, kind: str, a: int, b: int = 0, old: int = 0) -> TraceRecord:
        return TraceRecord(cycle, 0, kind, 0x1C008000, a, b, 0, old)

    records = [
        record(1, "load", 0x100), record(1, "mlc", 0x100, 0x110, 0),
        record(2, "denied", 0x110), record(3, "load", 0x110), record(3, "mlc", 0x110, 0x120, 1),
        record(9, "load", 0x900), record(9, "mlc", 0x120, 0x130, 2),  # legacy mode: rs1 says where
        record(12, "load", 0x500), record(12, "mlc", 0x500, 0x510, 0),  # the program set the pointer
    ]  # fmt: skip
    found = [(s.planned, s.real, s.at, s.announced, s.lost) for s in steps_of(records, 0)["a"]]
    assert found == [
        (0x100, 0x100, 0, True, 0),
        (0x110, 0x110, 1, True, 1),
        (0x120, 0x900, 2, True, 0),
        (0x500, 0x500, 0, False, 0),
    ]
    assert steps_of(records, 1) == {"a": (), "w": ()}


def test_tensors_know_their_coordinates() -> None:
    tensor = Tensor("t", 4, True, (3, 8), 0x100)
    assert element_of([tensor], 0x100 + 4) == "t[1][0]"
    assert element_of([tensor], 0x100 + tensor.size) == ""


def test_samples_are_bounded_and_even() -> None:
    hart = SimpleNamespace(ledger={"issue": 1}, counters={"macs": 0})
    samples, machine = Samples(limit=64, spacing=4), SimpleNamespace(harts=(hart,), cycle=0)
    for cycle in range(0, 1_000_000, 37):
        machine.cycle = cycle
        samples.take(machine)  # type: ignore[arg-type]
    assert len(samples) <= 64
    kept = [sample.cycle for sample in samples.all()]
    assert kept == sorted(kept) and kept[0] == 0 and kept[-1] > 900_000


def test_every_cause_of_the_core_has_a_class() -> None:
    causes = set(Cluster(ClusterConfig()).harts[0].ledger)
    assert causes == set(CLASS_OF)
    assert causes - {"issue"} == set(SHORT)


def test_themes_style_the_same_classes() -> None:
    for name, styles in THEMES.items():
        assert set(styles) == set(THEMES["none"]), name
        if name == "none":
            assert not any("#" in style for style in styles.values())


def test_transcripts_are_bounded(kernel) -> None:
    transcript = kernel.engine.transcript
    for number in range(20_000):
        transcript.program([(0, b"line %d\n" % number), (1, b"x" * 5000)])
        transcript.emit([[("", "answer")]])
    assert len(transcript.output) <= 5000 and len(transcript.log) <= 5000
    assert all(len(text) <= 10_000 for _, text in transcript.open_lines())
    transcript.clear()


def test_snapshots_say_why(kernel) -> None:
    snapshot = kernel.run("stepi")
    assert len(snapshot.why) == len(snapshot.harts)
    screen = compose(snapshot, View(PANES, Layout(default_tree("small")), kernel.options), 80, 24)
    text = plain(screen.lines)
    assert "why      hart 6 executed pv.mlsdotsup.v" in text
    running = compose(
        replace(snapshot, running=True, why=()),
        View(PANES, Layout(default_tree("small")), kernel.options),
        80,
        24,
    )
    assert "running, Ctrl-C stops" in plain(running.lines)


def test_the_documentation_names_every_key_and_pane(root: Path) -> None:
    text = (root / "docs" / "tui.md").read_text()
    missing = [b.help for b in BINDINGS if f"| {b.help} |" not in text]
    missing += [pane.summary for pane in PANES.values() if pane.summary not in text]
    assert missing == []


def test_keys_are_bound_once_and_run_commands_that_exist(kernel) -> None:
    keys = [key for binding in BINDINGS for key in binding.keys] + [pane.key for pane in PANES.values()]
    assert sorted(set(keys)) == sorted(keys)
    for binding in BINDINGS:
        if binding.action.startswith("@"):
            assert binding.action[1:].split()[0] in ACTIONS
        else:
            kernel.engine.interpreter.parse(binding.action)


def test_drawing_is_fast_enough_to_answer_a_key(kernel) -> None:
    kernel.options["code"].reset_view()
    view = View(PANES, Layout(default_tree("large")), kernel.options)
    spent = []
    for _ in range(5):
        began = time.process_time()
        compose(kernel.engine.snapshot, view, 250, 70)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.05


def test_operands_of_bundled_programs_are_as_large_as_their_symbols() -> None:
    known = [program for program in bundled_programs() if program.tensors]
    assert {program.pair for program in known} == {"a8w8", "a8w4", "a8w2", "a4w4", "a4w2", "a2w2"}
    for program in known:
        loaded = find_program(program.name)[0]
        session = Session(Cluster(ClusterConfig()), loaded)
        sizes = {s.name: s.size for s in SymbolTable(loaded).symbols if s.kind == "object"}
        context = SimpleNamespace(tensors={}, session=session, say=lambda text: None)
        for text in program.tensors:
            declare_tensor(context, text)  # type: ignore[arg-type]
            name, _, _, symbol = text.split()
            # Kernels may read one word past their operand.
            assert 0 <= sizes[symbol] - context.tensors[name].size <= 4, (program.name, text)
