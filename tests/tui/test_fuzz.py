"""Random keys, mouse events, commands and sizes: no exception, and a screen that is whole at the end."""

import asyncio
import io
import random
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.run import find_program
from flexdbg.tui.app import Tui
from flexdbg.tui.keys import BINDINGS
from flexdbg.tui.panes import PANES
from flexdbg.tui.text import cells

_SIZES = [(20, 5), (1, 1), (40, 12), (39, 11), (80, 24), (120, 40), (200, 60), (250, 70), (300, 12), (41, 90)]
_SEQUENCES = {
    "space": " ", "tab": "\t", "s-tab": "\x1b[Z", "escape": "\x1b", "enter": "\r", "up": "\x1b[A",
    "down": "\x1b[B", "left": "\x1b[D", "right": "\x1b[C", "c-left": "\x1b[1;5D", "c-right": "\x1b[1;5C",
    "c-up": "\x1b[1;5A", "c-down": "\x1b[1;5B", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "home": "\x1b[H",
    "end": "\x1b[F", "c-l": "\x0c", "c-c": "\x03", "f1": "\x1bOP", "f5": "\x1b[15~", "f7": "\x1b[18~",
    "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}  # fmt: skip
_COMMANDS = [
    "cycle 700", "info registers", "why all", "goto 20000", "break matmul_4x4_a8w4", "x/8i $pc",
    "display $a0",
    "tensor w i4[64][288] at workload_weights", "memory w", "memory $a_addr", "theme light", "nonsense",
    "run", "delete", "print", "set $a0 = 1", "pane banks", "hart 3", "undo", "explain", "",
    "step-to conflict",
]  # fmt: skip


def _events(chance: random.Random) -> str:
    """What a terminal sends for one random act."""
    act = chance.randrange(10)
    if act < 6:
        keys = [key for binding in BINDINGS for key in binding.keys if binding.action != "@quit"]
        keys += [pane.key for pane in PANES.values()]
        keys += [own.key for pane in PANES.values() for own in pane.keys]
        key = chance.choice(keys)
        return _SEQUENCES.get(key, key)
    if act < 8:
        x, y = chance.randrange(1, 260), chance.randrange(1, 75)
        button = chance.choice((0, 0, 0, 1, 2, 64, 65, 32))
        return f"\x1b[<{button};{x};{y}M\x1b[<{button};{x};{y}m"
    if act < 9:
        return f"\x1b:{chance.choice(_COMMANDS)}\r\x1b"
    return "".join(chance.choice("abz019[];'\\=-`? \t\r\x1b\x7f\x00é漢") for _ in range(2))


@pytest.mark.parametrize("seed", range(2))
def test_nothing_breaks_it(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    size = [chance.choice(_SIZES)]
    failures: list[object] = []

    async def drive(tui: Tui, send) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: failures.append(context))
        tui._loop = asyncio.get_running_loop()
        running = asyncio.create_task(tui.app.run_async(set_exception_handler=False))
        for step in range(120):
            send(_events(chance))
            if step % 5 == 0:
                size[0] = chance.choice(_SIZES)
                tui.app._on_resize()
            await asyncio.sleep(0.004)
            if running.done():
                break
        # A random line may have asked to quit; anything else that ends it is an error.
        if not running.done():
            tui.engine.interrupt()
            for _ in range(2000):
                if tui.engine.idle:
                    break
                await asyncio.sleep(0.01)
            size[0] = (120, 40)
            tui.app._on_resize()
            await asyncio.sleep(0.1)
            lines = tui.screen_lines
            assert len(lines) == 40
            assert {sum(cells(text) for _, text in line) for line in lines[:-1]} == {120}
            tui.app.exit()
        await running

    with create_pipe_input() as pipe:
        output = Vt100_Output(io.StringIO(), lambda: Size(rows=size[0][1], columns=size[0][0]), term="xterm")
        with create_app_session(input=pipe, output=output):
            cluster = Cluster(ClusterConfig().changed({"core": "flexv"}))
            tui = Tui(Session(cluster, find_program("matmul-a8w4")[0]), input=pipe, output=output)
            try:
                asyncio.run(asyncio.wait_for(drive(tui, pipe.send_text), 60))
            finally:
                tui.engine.close()
    assert failures == []
    assert tui.engine.failure is None
