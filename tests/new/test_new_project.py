"""`flexdbg new`: the project builds with the stock compiler, runs, and says clearly what is wrong."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg.machine.cluster import Cluster
from flexdbg.machine.config import ClusterConfig
from flexdbg.machine.loader import load_program

Cli = Callable[..., subprocess.CompletedProcess[str]]
FLEXDBG = f"{sys.executable} -m flexdbg"


@pytest.fixture(scope="module")
def project(cli: Cli, tool: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    tool("make")
    tool("riscv64-unknown-elf-gcc")
    path = tmp_path_factory.mktemp("projects") / "first"
    done = cli("new", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    built = make(path)
    assert built.returncode == 0, built.stderr
    assert built.stderr == ""
    return path


def make(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = ["make", "-C", str(project), f"FLEXDBG={FLEXDBG}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def run(elf: Path, **settings: object) -> Cluster:
    cluster = Cluster(ClusterConfig().changed(settings))
    cluster.load_program(load_program(elf))
    cluster.run(5_000_000)
    return cluster


@pytest.mark.parametrize("settings", [{}, {"harts": 1}, {"quirks": "rtl"}, {"fc": 0, "boot": "cluster"}])
def test_the_project_runs_and_is_right(project: Path, settings: dict[str, object]) -> None:
    cluster = run(project / "first.elf", **settings)
    text = b"".join(data for _, data in cluster.take_output()).decode()
    assert cluster.exit_status == 0, text
    assert "WRONG" not in text
    assert cluster.take_warnings() == []
    cycles = [int(line.split(":")[1].split()[0]) for line in text.splitlines()]
    assert cycles[0] > 20 * cycles[1] > 25 * cycles[2]


def test_the_debugger_knows_the_users_sources(project: Path, cli: Cli) -> None:
    done = cli("repl", str(project / "first.elf"), "--batch", "-ex", "tbreak dot_macload", "-ex", "run")
    assert "kernel.S" in done.stdout
    done = cli("repl", str(project / "first.elf"), "--batch", "-ex", "info line dot_inline")
    assert "main.c" in done.stdout


def test_a_wrong_mnemonic_is_an_error_at_its_line(project: Path) -> None:
    wrong = project / "wrong.c"
    wrong.write_text('void f(void) {\n  __asm__("pv.sdotus.v a0, a1, a2");\n}\n')
    built = make(project, "wrong.o")
    assert built.returncode != 0
    assert "wrong.c:2: Error: unknown instruction 'pv.sdotus.v'" in built.stderr


def test_a_missing_compiler_is_named(project: Path) -> None:
    built = make(project, "CC=no-such-gcc", "-B")
    assert built.returncode != 0
    assert "no-such-gcc not found: apt-get install gcc-riscv64-unknown-elf" in built.stderr


def test_new_warns_of_a_missing_compiler(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = cli("new", str(tmp_path / "alone"))
    assert done.returncode == 0
    assert "install gcc-riscv64-unknown-elf" in done.stderr
    assert (tmp_path / "alone" / "Makefile").is_file()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("here", "exists already"),
        ("9lives", "no name for a project"),
        ("with space", "no name for a project"),
        ("..", "no name for a project"),
        ("nowhere/project", "not a directory"),
    ],
)
def test_bad_names_are_one_clear_line(cli: Cli, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "here").mkdir()
    done = cli("new", str(tmp_path / name))
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
