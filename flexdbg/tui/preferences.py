"""What the screen remembers between runs: theme and layouts, in ~/.config/flexdbg/tui.json."""

import json
import os
from pathlib import Path
from typing import Any

from flexdbg.tui.layout import Layout, default_tree

__all__ = ["Preferences"]


class Preferences:
    """Theme, and a layout for each size class. A file that cannot be read is as good as none."""

    def __init__(self, known: set[str], path: Path | None = None) -> None:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
        self.path = path or Path(base) / "flexdbg" / "tui.json"
        self._known = known
        self._layouts: dict[str, Layout] = {}
        self._data: dict[str, Any] = {}
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            self._data = data if isinstance(data, dict) else {}
        except (OSError, ValueError):
            pass
        theme = self._data.get("theme")
        self.theme = theme if isinstance(theme, str) else "dark"

    def layout(self, kind: str) -> Layout:
        """The layout of a size class."""
        if kind not in self._layouts:
            saved = self._data.get("layouts")
            try:
                self._layouts[kind] = Layout.from_data(saved[kind] if saved else None, self._known)
            except (ValueError, KeyError, TypeError):
                self.reset(kind)
        return self._layouts[kind]

    def reset(self, kind: str) -> Layout:
        data = Layout(default_tree(kind)).as_data()
        self._layouts[kind] = Layout.from_data(data, self._known)
        return self._layouts[kind]

    def save(self) -> None:
        """Write the file; a directory that cannot be written to is no reason to complain on leaving."""
        layouts = self._data.get("layouts")
        merged = dict(layouts) if isinstance(layouts, dict) else {}
        merged |= {kind: layout.as_data() for kind, layout in self._layouts.items()}
        text = json.dumps({"theme": self.theme, "layouts": merged}, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.path.with_suffix(".new")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self.path)
        except OSError:
            pass
