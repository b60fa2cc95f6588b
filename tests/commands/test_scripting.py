"""define, alias, commands, python, undo, logging, init files, scripts."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg import Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.commands.registry import commands, infos
from flexdbg.errors import CommandError
from flexdbg.render.text import plain

CODE = """
start:
    lui t2, 0x10000
    addi t0, x0, 3
loop:
    addi t1, t1, 3
    sw t1, 0x100(t2)
    addi t0, t0, -1
    bne t0, x0, loop
done:
    lui t3, 0x1a104
    lui t4, 0x80000
    sw t4, 0xa0(t3)
    j .
"""

Typed = Callable[..., str]


@pytest.fixture
def session(make_session: Callable[..., Session]) -> Session:
    return make_session(CODE, symbols={"counter": (0x10000100, 4, "object")})


@pytest.fixture
def interpreter(session: Session) -> Interpreter:
    return Interpreter(session, lambda lines: None)


@pytest.fixture
def typed(session: Session) -> Typed:
    lines: list[str] = []
    interpreter = Interpreter(session, lambda emitted: lines.append(plain(emitted)))

    def run(*given: str) -> str:
        lines.clear()
        for line in given:
            interpreter.execute(line)
        return "\n".join(lines)

    return run


def test_every_command_has_examples_that_parse(interpreter: Interpreter) -> None:
    interpreter.execute("alias show2 = print")
    for found in [*commands, *infos]:
        assert found.examples, found.name
        assert found.text, found.name
        for example in found.examples:
            parsed, argument = interpreter.parse(example)
            if found in list(infos):
                assert parsed.name == "info"
                parsed = infos.find(argument.split()[0])
            assert parsed is found, (found.name, example)


def test_define_with_arguments_and_documentation(typed: Typed) -> None:
    typed("define twice", "print $arg0 * 2", "print $argc", "end")
    assert typed("twice 21") == "$1 = 42\n$2 = 1"
    typed("document twice", "Doubles.", "", "At length.", "end")
    assert "Doubles." in typed("help twice")
    assert "print $arg0 * 2" in typed("info user")
    with pytest.raises(CommandError, match=r"\$arg0: the command was given 0 arguments"):
        typed("twice")
    typed("define again", "again", "end")
    with pytest.raises(CommandError, match="too deeply"):
        typed("again")
    with pytest.raises(CommandError, match="no name for a command"):
        typed("define 2x", "end")
    with pytest.raises(CommandError, match="define` it first"):
        typed("document nosuch", "end")


def test_blocks_nest(typed: Typed) -> None:
    typed("define armed", "break loop", "commands", "silent", "print $t0", "end", "end")
    typed("armed")
    assert typed("run") == "Starting program: test.elf\n$1 = 3"


def test_alias(typed: Typed) -> None:
    typed("alias rx = info registers")
    assert typed("rx t0").startswith("t0 ")
    with pytest.raises(CommandError, match="is a command already"):
        typed("alias print = x")
    with pytest.raises(CommandError, match='Undefined command: "nosuch"'):
        typed("alias foo = nosuch")


def test_commands_of_a_breakpoint_go_on_by_themselves(typed: Typed) -> None:
    """Thousands of hits must not nest."""
    typed("break loop", "commands 1", "silent", "print $t0", "continue", "end")
    shown = typed("run")
    assert "$1 = 3\n$2 = 2\n$3 = 1\n" in shown
    assert "exited with status 0" in shown
    typed("commands 1", "end")
    assert "hit Breakpoint 1" in typed("run")


def test_python(typed: Typed) -> None:
    assert typed("python print(1 + 1)") == "2"
    assert typed("py evaluate('6 * 7')") == "42"
    assert typed("python", "for h in cluster.harts:", "    print(h.index)", "end") == "0"
    assert typed("py x = execute('print 5', to_string=True)", "py x") == "'$1 = 5'"
    assert typed("cycle 5", "py why().cause").endswith("'issue'")
    assert typed("py explain('addi a0, a0, 1').parts.name") == "'addi'"
    with pytest.raises(CommandError, match="ZeroDivisionError: division by zero"):
        typed("python 1/0")
    with pytest.raises(CommandError, match=r"NameError.*line 2"):
        typed("python", "y = 1", "nosuch", "end")
    with pytest.raises(CommandError, match="SyntaxError"):
        typed("python for")
    with pytest.raises(CommandError, match='No symbol "zzz"'):
        typed("py evaluate('zzz')")


def test_undo_of_writes(typed: Typed, session: Session) -> None:
    typed("break loop", "run", "set $t0 = 77", "set counter = 5")
    assert session.evaluate("counter").scalar() == 5
    assert typed("undo") == "Undone: 4 bytes at 0x10000100."
    assert session.evaluate("counter").scalar() == 0
    assert typed("undo") == "Undone: $t0."
    assert session.evaluate("$t0").scalar() == 3
    with pytest.raises(CommandError, match="Nothing to undo"):
        typed("undo")


def test_undo_of_a_write_in_the_past_goes_back_to_it(typed: Typed, session: Session) -> None:
    typed("break loop", "run")
    cycle, digest = session.cluster.cycle, session.cluster.state_digest()
    typed("set $t0 = 9", "stepi", "stepi")
    shown = typed("undo")
    assert "Undone: $t0." in shown and "<loop>" in shown
    assert (session.cluster.cycle, session.cluster.state_digest()) == (cycle, digest)


def test_undo_of_deletions_and_restarts(typed: Typed, session: Session) -> None:
    typed("break loop if $t0 == 2", "tbreak done", "run")
    cycle, digest = session.cluster.cycle, session.cluster.state_digest()
    typed("delete")
    assert typed("info breakpoints") == "No breakpoints or watchpoints."
    typed("undo")
    assert [b.number for b in session.breakpoints] == [1, 2]
    assert session.breakpoints.get(1).condition is not None
    shown = typed("run")
    assert shown.startswith(
        f"This drops the recording of cycles 0 to {cycle}; `undo` brings back the machine at cycle {cycle}, "
        "not the recording.\nStarting program"
    )
    assert "Undone: run from reset." in typed("undo")
    assert (session.cluster.cycle, session.cluster.state_digest()) == (cycle, digest)
    assert "hit Temporary breakpoint 2" in typed("continue") or session.pc == session.locate("done")[0]


def test_leaving_a_run_asks_whoever_typed_it(session: Session, tmp_path: Path) -> None:
    said: list[str] = []
    asked: list[str] = []
    interpreter = Interpreter(session, lambda lines: said.append(plain(lines)))

    def no(question: str) -> bool:
        asked.append(question)
        return False

    interpreter.ask = no
    for command in ("break loop", "run", "checkpoint"):
        interpreter.execute(command)
    assert not asked and not any("This drops" in text for text in said)
    cycle = session.cluster.cycle
    for command in ("run", "start", "kill", "restart 1"):
        with pytest.raises(CommandError, match="The run stays as it is"):
            interpreter.execute(command)
    assert (len(asked), session.cluster.cycle) == (4, cycle)
    script = tmp_path / "script"
    script.write_text("run\n")
    for command in ("define again", "run", "end", f"source {script}", "again", "set confirm off", "start"):
        interpreter.execute(command)
    for command in ("set confirm on", "delete", "continue"):
        interpreter.execute(command)
    assert session.exited
    interpreter.execute("run")
    assert len(asked) == 4


def test_a_restart_at_cycle_0_of_a_recorded_run(typed: Typed) -> None:
    shown = typed("cycle 10", "goto start", "kill")
    assert "This drops the recording of cycles 0 to 10.\n" in shown


def test_logging(typed: Typed, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    typed(
        f"set logging file {log}", "set logging enabled on", "print 42", "set logging enabled off", "print 43"
    )
    text = log.read_text()
    assert "$1 = 42" in text and "43" not in text
    with pytest.raises(CommandError, match="allowed is enabled on"):
        typed("set logging maybe")


def test_a_block_left_open_in_a_file(typed: Typed, tmp_path: Path) -> None:
    file = tmp_path / "open.gdb"
    file.write_text("define x2\nprint 1\n")
    with pytest.raises(CommandError, match="`define` is not closed by `end`"):
        typed(f"source {file}")
    assert typed("print 3") == "$1 = 3"


def test_info_scope(typed: Typed) -> None:
    assert typed("info scope loop") == "Symbol table has no locals at loop."


# From the shell

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def test_info_scope_of_a_compiled_function(cli: Cli) -> None:
    found = cli("dotp", "--batch", "-ex", "info scope main")
    assert "Symbol " in found.stdout and " is a variable at " in found.stdout


def test_the_init_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "flexdbg").mkdir()
    (tmp_path / "flexdbg" / "init").write_text("alias ppc = print $pc\n")
    assert "$1 = (void (*)()) 0x" in cli("repl", "hello", "--batch", "-ex", "ppc").stdout
    assert 'Undefined command: "ppc"' in cli("repl", "hello", "--nx", "--batch", "-ex", "ppc").stderr


def test_a_python_script(cli: Cli, tmp_path: Path) -> None:
    script = tmp_path / "count.py"
    script.write_text(
        "import sys\n"
        "session.add_breakpoint('main')\n"
        "stop = session.resume()\n"
        "print(stop.reason, sys.argv[1:], evaluate('$pc') == cluster.harts[stop.hart].pc)\n"
        "sys.exit(3)\n"
    )
    found = cli(str(script), "dotp", "one")
    assert (found.stdout, found.returncode) == ("breakpoint ['one'] True\n", 3)
    script.write_text("session.resume()\n\nsession.locate('nosuch')\n")
    found = cli(str(script), "hello")
    assert f"flexdbg: {script}:3: Function" in found.stderr
    script.write_text("1 +\n")
    assert f"{script}:1: invalid syntax" in cli(str(script)).stderr
    assert "No such file" in cli(str(tmp_path / "none.py")).stderr


def test_if_and_while_nest(typed: Typed) -> None:
    typed("set $n = 0", "set $odd = 0")
    typed(
        "while $n < 10",
        "  if $n % 2 == 1",
        "    set $odd = $odd + 1",
        "  else",
        "    if $n == 8",
        "      loop_break",
        "    end",
        "  end",
        "  set $n = $n + 1",
        "end",
    )
    assert typed("print $n", "print $odd") == "$1 = 8\n$2 = 4"
    assert typed("if $n == 1", "print 1", "else", "print 2", "end") == "$3 = 2"
    assert typed("if 1", "python", "if True:", "    print('inside')", "end", "end") == "inside"
    typed("set $n = 0", "while $n < 3", "set $n = $n + 1", "loop_continue", "print 99", "end")
    for lines in (("loop_break",), ("if 1", "loop_continue", "end")):
        with pytest.raises(CommandError, match="stands outside of a `while`"):
            typed(*lines)
    with pytest.raises(CommandError, match="a condition is missing"):
        typed("while", "end")


def test_arguments_are_put_in_where_lines_run(typed: Typed) -> None:
    typed("define show", "if $argc > 1", "print $arg1", "else", "print $arg0 + 1", "end", "end")
    assert typed("show 4") == "$1 = 5"
    assert typed("show 4 7") == "$2 = 7"
    typed("define say", 'printf "%s|%d\\n", $arg0, $arg1', "end")
    assert typed('say "two words" 3') == "two words|3"


def test_printf_echo_and_output(typed: Typed) -> None:
    assert typed('printf "%5d|%-4d|%04x|%c|%u|%%\\n", -3, 7, 255, 65, -1') == "   -3|7   |00ff|A|4294967295|%"
    assert (
        typed("define three", "echo a", "output 1 + 1", 'printf "%s", "b"', "print 5", "end", "three")
        == "a2b$1 = 5"
    )
    assert typed('printf "no end"') == "no end"
    typed("set {int}0x10000200 = 0x006f6c68")
    assert typed('printf "%s\\n", 0x10000200') == "hlo"
    for line, message in (
        ("printf 5", "a format in quotes"),
        ('printf "%d\\n"', "asks for more than 0 values"),
        ('printf "x", 1', "uses 0 of 1 values"),
        ('printf "%y", 1', "conversions are"),
        ('printf "%d", 1,', "between two commas"),
    ):
        with pytest.raises(CommandError, match=message):
            typed(line)
    assert typed('eval "print %d", 6 * 7') == "$2 = 42"


def test_hooks(typed: Typed) -> None:
    typed("define hook-stop", "echo now\\n", "end", "define hookpost-print", "echo done\\n", "end")
    typed("define hook-print", "print 1", "end")
    assert typed("print 2") == "$1 = 1\ndone\n$2 = 2\ndone"
    assert typed("stepi").startswith("now\n")
    with pytest.raises(CommandError, match="Undefined command"):
        typed("define hook-nosuch", "end")


def test_commands_of_a_breakpoint_decide(typed: Typed) -> None:
    typed("break loop", "commands", "silent", "if $t0 > 1", "continue", "else", "print $t0", "end", "end")
    assert typed("run").endswith("$1 = 1")


def test_errors_name_file_and_line(typed: Typed, tmp_path: Path) -> None:
    script = tmp_path / "script.gdb"

    def fails(text: str) -> str:
        script.write_text(text)
        with pytest.raises(CommandError) as caught:
            typed(f"source {script}")
        return str(caught.value).replace(str(script), "FILE")

    assert fails("print 1\nif 1\n\n  print $nosuch\nend\n").startswith("FILE:4: Error in sourced")
    assert fails("if $nosuch\nprint 1\nend\n").startswith("FILE:1: Error in sourced")
    assert fails("set $n = 0\nwhile $n < 2\nif $n\nx/q\nend\nset $n = $n + 1\nend\n").startswith("FILE:4:")
    assert fails("if 1\nprint 1\n") == "FILE:1: `if` is not closed by `end`"
    script.write_text("define bad\nprint 1\nprint $nosuch\nend\n")
    typed(f"source {script}")
    with pytest.raises(CommandError) as caught:
        typed("bad")
    assert str(caught.value).startswith(f"{script}:3: ")
