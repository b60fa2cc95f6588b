"""The panes, in the order in which lists show them."""

from collections.abc import Mapping

from flexdbg.tui.panes import code, console, harts, nn, registers
from flexdbg.tui.panes.pane import Pane

__all__ = ["PANES"]

PANES: Mapping[str, Pane] = {
    pane.name: pane
    for pane in (
        code.PANE,
        registers.PANE,
        nn.PANE,
        harts.PANE,
        registers.CSRS,
        console.OUTPUT,
        console.CONSOLE,
    )
}
