"""What a learner has done, kept in the user's state directory."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Progress", "state_directory"]


def state_directory() -> Path:
    """`$XDG_STATE_HOME/flexdbg`, else `~/.local/state/flexdbg`."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "flexdbg"


@dataclass(slots=True)
class Progress:
    """Solved steps of each lesson, and where the learner is. Without a place to save, nothing is kept."""

    path: Path
    solved: dict[str, set[int]] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    best: dict[str, int] = field(default_factory=dict)  # "lesson:step" -> fewest cycles of an exercise
    last: str = ""

    @classmethod
    def load(cls, path: Path | None = None) -> "Progress":
        path = path or state_directory() / "learn.json"
        made = cls(path)
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            made.solved = {str(k): {int(n) for n in v} for k, v in table["solved"].items()}
            made.at = {str(k): int(v) for k, v in table["at"].items()}
            made.best = {str(k): int(v) for k, v in table["best"].items()}
            made.last = str(table["last"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path)  # none yet, or not ours: begin anew
        return made

    def save(self) -> None:
        table = {
            "solved": {name: sorted(steps) for name, steps in self.solved.items()},
            "at": self.at,
            "best": self.best,
            "last": self.last,
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_text(json.dumps(table, indent=1), encoding="utf-8")
            new.replace(self.path)
        except OSError:
            return

    def reset(self, lesson: str = "") -> None:
        """Forget one lesson, or all."""
        for table in (self.solved, self.at):
            for name in [name for name in table if lesson in ("", name)]:
                del table[name]
        self.best = {key: v for key, v in self.best.items() if lesson and key.partition(":")[0] != lesson}
        if lesson in ("", self.last):
            self.last = ""
        self.save()
