"""Renews what docs/tui.md and README.md show of the full screen: tables of panes and keys, captured screens.

    python docs/renew_tui.py

A capture stands behind a line `<!-- screen NAME -->`, a table behind `<!-- table NAME -->`.
"""

import io
import os
import re
import tempfile
import time
from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output.vt100 import Vt100_Output

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.render.text import plain
from flexdbg.run import find_program
from flexdbg.tui.app import Tui
from flexdbg.tui.keys import BINDINGS, shown
from flexdbg.tui.panes import PANES

HERE = Path(__file__).parent
CONFLICT = ("cycle 34000", "hart 6", "step-to conflict")
SCREENS = {
    # name: size, pane in front, its mode, commands, lines that are left out at the end
    "whole": ((120, 36), "code", 0, CONFLICT, 0),
    "readme": ((80, 24), "code", 0, CONFLICT, 9),
    "walkers": ((80, 24), "mlc", 0, CONFLICT, 5),
    "lanes": ((80, 24), "nn", 0, CONFLICT, 5),
    "banks": ((80, 24), "banks", 0, CONFLICT, 5),
    "lines": ((80, 24), "banks", 1, CONFLICT, 5),
}
PICTURE = HERE / "tui.svg"


class Application:
    """The real application on a terminal that nobody looks at."""

    def __init__(self, program: str, size: tuple[int, int]) -> None:
        path, bundled = find_program(program)
        config = ClusterConfig().changed({"core": bundled.core} if bundled else {})
        width, height = size
        self.declared = bundled.tensors if bundled else ()
        output = Vt100_Output(io.StringIO(), lambda: Size(rows=height, columns=width), term="xterm-256color")
        self.tui = Tui(Session(Cluster(config), path), input=DummyInput(), output=output)
        self._paint()
        for tensor in self.declared:
            self.command(f"tensor {tensor}")

    def _paint(self) -> None:
        app = self.tui.app
        with set_app(app):
            app.renderer.render(app, app.layout)
        while not self.tui.engine.idle:
            time.sleep(0.01)

    def command(self, line: str) -> None:
        self.tui.run_command(line)
        while not self.tui.engine.idle:
            time.sleep(0.01)
        self.tui.message = []
        self._paint()

    def show(self, pane: str, mode: int) -> None:
        self.tui.options[pane].mode = mode
        self.tui.perform(f"@show {pane}")
        self._paint()
        self._paint()

    def close(self) -> None:
        self.tui.engine.close()


def screen(name: str) -> str:
    size, pane, mode, commands, left_out = SCREENS[name]
    application = Application("matmul-a8w4", size)
    try:
        for line in commands:
            application.command(line)
        application.show(pane, mode)
        lines = plain(application.tui.screen_lines).split("\n")
        if name == "whole":
            application.tui.perform(f"@save-screen {PICTURE}")
    finally:
        application.close()
    return "\n".join(line.rstrip() for line in lines[: len(lines) - left_out])


def table(name: str) -> str:
    if name == "panes":
        rows = ["| key | pane | shows |", "| --- | --- | --- |"]
        for pane in PANES.values():
            own = "; ".join(f"{_code(shown(key.key))} {key.help}" for key in pane.keys)
            keys = f" Keys: {own}." if own else ""
            rows.append(f"| {_code(pane.key)} | {pane.title} | {pane.summary}{keys} |")
        return "\n".join(rows)
    groups: dict[str, list[str]] = {}
    for binding in BINDINGS:
        keys = " ".join(_code(shown(key)) for key in binding.keys)
        groups.setdefault(binding.group, []).append(f"| {keys} | {binding.help} |")
    head = "| key | |\n| --- | --- |\n"
    return "\n\n".join(f"### {group}\n\n{head}" + "\n".join(rows) for group, rows in groups.items())


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def renew(page: Path) -> None:
    text = page.read_text()
    text = re.sub(
        r"(<!-- screen (\w+) -->\n```text\n).*?(\n```)",
        lambda found: found[1] + screen(found[2]) + found[3],
        text,
        flags=re.DOTALL,
    )
    text = re.sub(
        r"(<!-- table (\w+) -->\n).*?(\n<!-- end -->)",
        lambda found: found[1] + table(found[2]) + found[3],
        text,
        flags=re.DOTALL,
    )
    page.write_text(text)


def main() -> None:
    with tempfile.TemporaryDirectory() as home, create_app_session():
        os.environ |= {"XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home}
        os.environ.pop("NO_COLOR", None)
        renew(HERE / "tui.md")
        renew(HERE.parent / "README.md")


if __name__ == "__main__":
    main()
