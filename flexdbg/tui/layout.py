"""Where panes stand: a tree of splits whose leaves are stacks of panes, one of them in front."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Layout", "Leaf", "Placed", "Split", "default_tree", "size_class"]

_LEAST_WIDTH, _LEAST_HEIGHT = 24, 3


@dataclass(slots=True)
class Leaf:
    """A stack of panes; `active` is in front."""

    panes: list[str]
    active: str
    hidden: bool = False


@dataclass(slots=True)
class Split:
    """Children beside each other (`across`) or below each other, with the shares they get."""

    across: bool
    children: list["Leaf | Split"]
    weights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.weights:
            self.weights = [1.0] * len(self.children)


Node = Leaf | Split


@dataclass(frozen=True, slots=True)
class Placed:
    """A leaf on the screen; the title is its first row."""

    leaf: Leaf
    x: int
    y: int
    width: int
    height: int


def size_class(width: int, height: int) -> str:
    """Each class of terminal size has a layout of its own."""
    if width >= 160 and height >= 40:
        return "large"
    return "medium" if width >= 100 and height >= 28 else "small"


def _leaf(*panes: str) -> Leaf:
    return Leaf(list(panes), panes[0])


def default_tree(kind: str) -> Node:
    """The layout to start with."""
    if kind == "small":
        names = "code registers nn mlc banks memory timeline events output harts watch stack dma csrs"
        names += " console lesson"
        return _leaf(*names.split())
    if kind == "medium":
        left = Split(
            False, [_leaf("code", "harts", "banks", "timeline"), _leaf("console", "output", "lesson")], [3, 1]
        )
        right = Split(
            False,
            [
                _leaf("registers", "csrs", "watch", "stack"),
                _leaf("nn", "mlc", "memory", "events", "dma"),
            ],
            [1, 1],
        )
        return Split(True, [left, right], [1.4, 1])
    top = Split(
        True,
        [
            _leaf("code", "harts"),
            Split(False, [_leaf("registers", "csrs"), _leaf("nn")], [1, 1.1]),
            Split(False, [_leaf("mlc", "watch"), _leaf("memory", "stack")], [1.7, 1]),
        ],
        [1.25, 1, 1],
    )
    bottom = Split(
        True,
        [_leaf("console", "output", "lesson"), _leaf("banks", "dma"), _leaf("timeline", "events")],
        [1.25, 1, 1],
    )
    return Split(False, [top, bottom], [1.4, 1])


class Layout:
    """The tree of one size class, which pane has the focus, and whether it fills the screen."""

    def __init__(self, tree: Node, focus: str = "code") -> None:
        self.tree = tree
        self.focus = focus
        self.zoomed = False
        if self.leaf_of(focus) is None:
            self.focus = next(self.leaves()).active

    def leaves(self, node: Node | None = None) -> Iterator[Leaf]:
        node = node or self.tree
        if isinstance(node, Leaf):
            yield node
        else:
            for child in node.children:
                yield from self.leaves(child)

    def leaf_of(self, pane: str) -> Leaf | None:
        return next((leaf for leaf in self.leaves() if pane in leaf.panes), None)

    def show(self, pane: str) -> None:
        """Bring a pane to the front of its stack and give it the focus."""
        leaf = self.leaf_of(pane)
        if leaf is None:
            leaf = self.leaf_of(self.focus) or next(self.leaves())
            leaf.panes.append(pane)
        leaf.active = pane
        leaf.hidden = False
        self.focus = pane

    def hide(self) -> bool:
        """Hide the stack that has the focus; the last one stays."""
        seen = [leaf for leaf in self.leaves() if not leaf.hidden]
        leaf = self.leaf_of(self.focus)
        if leaf is None or len(seen) < 2:
            return False
        leaf.hidden = True
        self.zoomed = False
        self.focus = next(other.active for other in seen if other is not leaf)
        return True

    def show_all(self) -> None:
        for leaf in self.leaves():
            leaf.hidden = False

    def cycle(self, step: int) -> None:
        """Give the focus to the next visible stack; where there is one only, to its next pane."""
        seen = [leaf for leaf in self.leaves() if not leaf.hidden]
        if len(seen) == 1 or self.zoomed:
            leaf = self.leaf_of(self.focus) or seen[0]
            at = leaf.panes.index(leaf.active)
            self.show(leaf.panes[(at + step) % len(leaf.panes)])
            return
        at = next((i for i, leaf in enumerate(seen) if self.focus in leaf.panes), 0)
        self.focus = seen[(at + step) % len(seen)].active

    def resize(self, across: bool, factor: float) -> None:
        """Give the focused stack a larger or smaller share of the split around it in that direction."""
        path = _path(self.tree, self.focus)
        for split, index in reversed(path):
            if split.across == across:
                split.weights[index] = min(max(split.weights[index] * factor, 0.1), 20.0)
                return

    def visible(self, width: int, height: int) -> list[Placed]:
        """The stacks on the screen and their places."""
        focused = self.leaf_of(self.focus)
        if self.zoomed and focused is not None:
            return [Placed(focused, 0, 0, width, height)]
        placed: list[Placed] = []
        _place(self.tree, 0, 0, width, height, placed)
        return placed

    def as_data(self) -> dict[str, Any]:
        return {"tree": _to_data(self.tree), "focus": self.focus}

    @classmethod
    def from_data(cls, data: Any, known: set[str]) -> "Layout":
        """A saved layout; ValueError when it is none. Panes that are missing in it join the first stack."""
        try:
            tree = _from_data(data["tree"], known)
            if tree is None:
                raise ValueError("no pane is left")
            layout = cls(tree, str(data["focus"]))
        except (KeyError, TypeError, IndexError, StopIteration) as error:
            raise ValueError("not a layout") from error
        there = {pane for leaf in layout.leaves() for pane in leaf.panes}
        next(layout.leaves()).panes.extend(sorted(known - there))
        return layout


def _path(node: Node, pane: str) -> list[tuple[Split, int]]:
    if isinstance(node, Leaf):
        return []
    for index, child in enumerate(node.children):
        if isinstance(child, Leaf):
            if pane in child.panes:
                return [(node, index)]
        else:
            inner = _path(child, pane)
            if inner:
                return [(node, index), *inner]
    return []


def _is_seen(node: Node) -> bool:
    if isinstance(node, Leaf):
        return not node.hidden
    return any(_is_seen(child) for child in node.children)


def _place(node: Node, x: int, y: int, width: int, height: int, placed: list[Placed]) -> None:
    if isinstance(node, Leaf):
        if not node.hidden:
            placed.append(Placed(node, x, y, width, height))
        return
    children = [(c, w) for c, w in zip(node.children, node.weights, strict=True) if _is_seen(c)]
    room = width if node.across else height
    gap = 1 if node.across else 0
    least = _LEAST_WIDTH if node.across else _LEAST_HEIGHT
    # Where not all fit, the last ones wait until there is room again.
    while len(children) > 1 and len(children) * (least + gap) - gap > room:
        children.pop()
    sizes = _shares(room - gap * (len(children) - 1), [w for _, w in children], least)
    for (child, _), size in zip(children, sizes, strict=True):
        if node.across:
            _place(child, x, y, size, height, placed)
            x += size + gap
        else:
            _place(child, x, y, width, size, placed)
            y += size


def _shares(room: int, weights: list[float], least: int) -> list[int]:
    """Whole sizes that add up to `room`, each at least `least` where that is possible."""
    total = sum(weights) or 1.0
    sizes = [max(least, int(room * w / total)) for w in weights]
    while sum(sizes) > room:
        largest = sizes.index(max(sizes))
        sizes[largest] -= 1
    sizes[-1] += room - sum(sizes)
    return sizes


def _to_data(node: Node) -> Any:
    if isinstance(node, Leaf):
        return {"panes": node.panes, "active": node.active, "hidden": node.hidden}
    return {
        "across": node.across,
        "children": [_to_data(child) for child in node.children],
        "weights": [round(w, 3) for w in node.weights],
    }


def _from_data(data: Any, known: set[str]) -> Node | None:
    """The tree without panes that this version does not have, None if nothing is left."""
    if "panes" in data:
        panes = [pane for pane in data["panes"] if pane in known]
        if not panes:
            return None
        active = data["active"] if data["active"] in panes else panes[0]
        return Leaf(panes, active, bool(data["hidden"]))
    children: list[Node] = []
    weights: list[float] = []
    for child, weight in zip(data["children"], data["weights"], strict=True):
        node = _from_data(child, known)
        if node is not None:
            children.append(node)
            weights.append(min(max(float(weight), 0.1), 20.0))
    return Split(bool(data["across"]), children, weights) if children else None
