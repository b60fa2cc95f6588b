"""Imports go down the floors of docs/architecture.md, never up and never in a circle."""

import ast
from pathlib import Path

import pytest

# Package or module -> what it may import from flexdbg, itself and the leaves aside.
_LEAVES = {"errors", "resources"}
_ALLOWED = {
    "isa": set(),
    "render": {"isa"},
    "machine": {"isa", "_core"},
    "debug": {"isa", "machine"},
    "learn": {"isa", "machine", "debug"},
    "commands": {"learn", "isa", "machine", "debug", "render"},
    "repl": {"isa", "machine", "debug", "learn", "commands", "render", "gdb"},
    "gdb": {"isa", "machine", "debug", "commands", "render"},
    "tui": {"isa", "machine", "debug", "commands", "render", "repl"},
    "catalog": set(),
    "isasite": {"isa"},
    "isatools": {"isa", "isasite", "render"},
    "new_project": {"resources", "errors"},
    "layers": {"catalog", "machine"},
    "run": {"catalog", "layers", "machine", "debug"},
    "run_summary": {"run", "render"},
    "selftest": {"isa", "machine"},
    "bench": {"isa", "catalog", "layers", "machine", "render"},
    "cli": {
        "new_project",
        "catalog",
        "isatools",
        "run",
        "run_summary",
        "selftest",
        "bench",
        "repl",
        "tui",
        "gdb",
        "learn",
        "debug",
        "machine",
    },
    "__main__": {"cli"},
    "__init__": {"machine", "debug"},
    "errors": set(),
    "resources": set(),
}


def _modules(root: Path) -> list[tuple[str, Path]]:
    found = [("isa", path) for path in sorted((root / "isa").glob("*.py"))]
    for path in sorted((root / "flexdbg").rglob("*.py")):
        relative = path.relative_to(root / "flexdbg")
        found.append((relative.parts[0].removesuffix(".py"), path))
    return found


def _imports(path: Path) -> set[str]:
    """First part below flexdbg of everything a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "flexdbg":
                names |= {f"flexdbg.{alias.name}" for alias in node.names}
            else:
                names.add(node.module)
    return {name.split(".")[1] for name in names if name.startswith("flexdbg.")} | {
        name for name in names if name.split(".")[0] == "isa"
    }


def test_imports_follow_the_floors(root: Path) -> None:
    wrong = []
    for layer, path in _modules(root):
        assert layer in _ALLOWED, (
            f"{path}: which floor is this on? Add it to the table and to docs/architecture.md"
        )
        allowed = _ALLOWED[layer] | _LEAVES | {layer, "__version__"}
        wrong += [f"{path.relative_to(root)} imports {name}" for name in sorted(_imports(path) - allowed)]
    assert wrong == []


def test_the_tables_are_imported_as_flexdbg_isa(root: Path) -> None:
    for layer, path in _modules(root):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if layer == "isa" and isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith("flexdbg"), path


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "base"])
def test_no_module_is_called_after_nothing(root: Path, name: str) -> None:
    assert not list((root / "flexdbg").rglob(f"{name}.py"))


def test_every_module_says_what_it_does(root: Path) -> None:
    for _, path in _modules(root):
        if path.name != "_core.pyi":
            assert ast.get_docstring(ast.parse(path.read_text())), path
