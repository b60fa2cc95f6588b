"""The panes, in the order in which lists show them."""

from collections.abc import Mapping

from flexdbg.tui.panes import (
    banks,
    code,
    console,
    devices,
    harts,
    lesson,
    memory,
    mlc,
    nn,
    registers,
    stack,
    timeline,
    watch,
)
from flexdbg.tui.panes.pane import Pane

__all__ = ["PANES"]

PANES: Mapping[str, Pane] = {
    pane.name: pane
    for pane in (
        code.PANE,
        registers.PANE,
        nn.PANE,
        mlc.PANE,
        banks.PANE,
        memory.PANE,
        timeline.PANE,
        devices.EVENTS,
        console.OUTPUT,
        harts.PANE,
        watch.PANE,
        stack.PANE,
        devices.DMA,
        registers.CSRS,
        console.CONSOLE,
        lesson.PANE,
    )
}
