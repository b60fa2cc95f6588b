"""What a user has set about one pane: where it is scrolled to, which mode it shows."""

from dataclasses import dataclass

__all__ = ["PaneOptions"]


@dataclass(slots=True)
class PaneOptions:
    """Set by keys and commands; gathering may move `top` so that what matters stays in view."""

    scroll: int = 0  # first line shown
    shift: int = 0  # first column shown
    cursor: int = 0  # line of the pane that keys act on
    mode: int = 0  # which of the pane's forms
    zoom: int = 0  # finer above 0, coarser below
    address: int | None = None  # what the pane is about, None: follow the machine
    scroll_bytes: int = 0  # how far from the address
    top: int | None = None  # address of the first line
    expression: str = ""  # as the user wrote the address
    back: int = 0  # cycles before the last one that the view ends at
    columns: int = 0  # shape of a tensor: elements a row, 0: as many as fit

    def reset_view(self) -> None:
        self.scroll = self.shift = self.cursor = self.scroll_bytes = self.back = 0
        self.top = None
