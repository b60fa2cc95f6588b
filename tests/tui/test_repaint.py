"""What a repaint costs: only what changed is compared and written, and a picture is gathered once a stop."""

import io
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output.vt100 import Vt100_Output

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.run import find_program
from flexdbg.tui.app import Tui
from flexdbg.tui.engine import Engine
from flexdbg.tui.panes import PANES


class Screen:
    """The application on a terminal of text, rendered by hand."""

    def __init__(self, width: int, height: int) -> None:
        session = Session(Cluster(ClusterConfig().changed({"core": "flexv"})), find_program("matmul-a8w4")[0])
        self.written = io.StringIO()
        output = Vt100_Output(self.written, lambda: Size(rows=height, columns=width), term="xterm-256color")
        self.tui = Tui(session, input=DummyInput(), output=output)

    def render(self) -> tuple[int, float]:
        """Characters written, and seconds of this thread's CPU."""
        before, began = self.written.tell(), time.thread_time()
        app = self.tui.app
        with set_app(app):
            app.renderer.render(app, app.layout)
        return self.written.tell() - before, time.thread_time() - began

    def run(self, line: str) -> None:
        self.tui.engine.submit(lambda: self.tui.engine.execute(line))
        self.settle()

    def settle(self) -> None:
        engine = self.tui.engine
        deadline = time.monotonic() + 60
        while engine.busy or not engine.idle:
            assert time.monotonic() < deadline and engine.failure is None, engine.failure
            time.sleep(0.005)


@pytest.fixture
def screen(tmp_path, monkeypatch) -> Iterator[Screen]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with create_app_session():
        made = Screen(250, 70)
        made.render()  # tells the application its size
        made.run("cycle 34000")
        made.render()
        yield made
        made.tui.engine.close()


def test_a_repaint_without_a_change_is_nearly_free(screen: Screen) -> None:
    screen.tui.app.renderer.reset()
    full, cost = screen.render()
    costs = []
    for _ in range(5):
        screen.tui.redraw()
        written, spent = screen.render()
        assert written < 200  # cursor and attributes
        costs.append(spent)
    assert full > 10_000
    assert min(costs) < cost / 2


def test_only_what_changed_is_written(screen: Screen) -> None:
    screen.tui.say("a word")
    written, _ = screen.render()
    assert 0 < written < 600
    screen.run("cycle 1")
    written, _ = screen.render()
    assert 100 < written < 12_000  # no pane is written anew


def test_a_key_costs_little(screen: Screen) -> None:
    """CPU of the thread that draws, from a key to both of its repaints, on the largest screen."""
    tui = screen.tui
    costs = []
    for name in ("events", "timeline", "dma", "banks") * 4:
        began = time.thread_time()
        tui.perform(f"@show {name}")
        screen.render()
        costs.append(time.thread_time() - began)
        screen.settle()  # the engine's thread looks at the machine
        began = time.thread_time()
        screen.render()
        costs[-1] += time.thread_time() - began
    assert sorted(costs)[len(costs) // 4] < 0.04


def test_rows_under_a_menu_come_back(screen: Screen, monkeypatch) -> None:
    """A completion menu draws over rows; when it has gone they are as before."""
    tui = screen.tui
    monkeypatch.setattr(tui._buffer, "load_history_if_not_yet_loaded", lambda: None)
    tui.enter_command("info ")
    screen.render()

    def shown() -> list[str]:
        last = tui.app.renderer.last_rendered_screen
        assert last is not None
        return ["".join(last.data_buffer[y][x].char for x in range(250)) for y in range(69)]

    before = shown()
    buffer = tui._buffer
    from prompt_toolkit.buffer import CompletionState
    from prompt_toolkit.completion import Completion

    buffer.complete_state = CompletionState(
        buffer.document, [Completion(f"choice{n}") for n in range(8)], complete_index=None
    )
    tui.redraw()
    screen.render()
    covered = shown()
    assert covered != before and any("choice3" in row for row in covered)
    buffer.complete_state = None
    tui.redraw()
    written, _ = screen.render()
    assert shown() == before and written > 100


def test_looking_at_other_panes_gathers_only_those(screen: Screen, monkeypatch) -> None:
    calls: list[str] = []
    import flexdbg.tui.engine as module

    real = module.why_all
    monkeypatch.setattr(module, "why_all", lambda *a: (calls.append("why"), real(*a))[1])
    tui = screen.tui
    spied = {}
    for name, pane in PANES.items():
        if pane.gather is not None:

            def gather(*arguments, name=name, pane=pane):
                calls.append(name)
                return pane.gather(*arguments)

            from dataclasses import replace

            pane_spy = replace(pane, gather=gather)
            spied[name] = pane_spy
    tui.panes = {**PANES, **spied}
    tui.rearranged()
    screen.settle()
    calls.clear()
    tui.perform("@show events")
    screen.settle()
    assert calls == ["events"]
    screen.run("cycle 1")
    assert "why" in calls and calls.count("code") == 1


def test_slices_fit_the_speed_of_the_machine(monkeypatch) -> None:
    """A slow machine is looked at after as few cycles as take a few milliseconds."""
    clock = SimpleNamespace(now=-1.0)
    cluster = Cluster(ClusterConfig())
    session = Session(cluster, find_program("hello")[0])
    engine = Engine(session, list, lambda: None)
    try:
        import flexdbg.tui.engine as module

        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
        for seconds, expected in ((0.100, 256), (0.001, 400), (0.000_1, 1024 - 300)):
            engine._slice_began = (clock.now, cluster.cycle)
            clock.now += seconds
            cluster.run(100)
            engine._on_slice()
            # At most up to the next sample of the timeline.
            assert session.slice_cycles == pytest.approx(expected, abs=1)
    finally:
        engine.close()
