"""The debugger on a real terminal, and as a script."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def terminal(tmp_path: Path) -> Callable[..., pexpect.spawn]:
    def start(*arguments: str) -> pexpect.spawn:
        environment = {
            **os.environ,
            "TERM": "dumb",
            "XDG_STATE_HOME": str(tmp_path),
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        return pexpect.spawn(
            sys.executable,
            ["-m", "flexdbg", *arguments],
            env=environment,
            cwd=tmp_path,
            timeout=30,
            encoding="utf-8",
        )

    return start


def test_prompt_runs_commands_and_quits(terminal: Callable[..., pexpect.spawn], tmp_path: Path) -> None:
    child = terminal("hello")
    child.expect(r"\(flexdbg\)")
    child.sendline("break main")
    child.expect("Breakpoint 1 at")
    child.sendline("run")
    child.expect("hit Breakpoint 1")
    child.sendline("print 6 * 7")
    child.expect("= 42")
    child.sendline("nonsense")
    child.expect("Undefined command")
    child.sendline("quit")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "break main" in (tmp_path / "flexdbg" / "history").read_text()


def test_control_c_interrupts_the_machine(
    terminal: Callable[..., pexpect.spawn], make_elf: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "endless.elf").write_bytes(make_elf(bytes.fromhex("130000006ff0dfff")))
    child = terminal("endless.elf", "--set", "boot=cluster", "--set", "fc=0")
    child.expect(r"\(flexdbg\)")
    child.sendline("run")
    child.expect("Starting program")
    time.sleep(0.3)  # the machine runs for ever: any later moment is as good
    child.sendintr()
    # On a loaded computer the machine may not run yet: then the command itself was interrupted.
    while child.expect(["interrupted", "Quit"]) == 1:
        child.expect(r"\(flexdbg\)")
        child.sendline("continue")
        time.sleep(0.5)
        child.sendintr()
    child.sendline("print $pc")
    child.expect(r"\$1 = \(void \(\*\)\(\)\) 0x1c00808")
    child.expect(r"\(flexdbg\)")
    child.sendeof()
    child.expect(pexpect.EOF)


def test_keys_typed_while_a_command_runs_are_for_the_next_prompt(
    terminal: Callable[..., pexpect.spawn],
) -> None:
    child = terminal("hello")
    child.expect(r"\(flexdbg\)")
    child.sendline("python import time; print(6 * 7); time.sleep(1)")
    child.expect("42")
    child.sendline("print 111 * 3")
    child.send("echo lef")
    child.expect(r"\$1 = 333")
    child.expect(r"\(flexdbg\)")
    child.sendline("t-over")
    child.expect(r"\nleft-over")
    child.expect(r"\(flexdbg\)")
    child.sendline("python import time; print(6 * 8); time.sleep(1)")
    child.expect("48")
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_run_asks_before_it_drops_a_recording(terminal: Callable[..., pexpect.spawn]) -> None:
    child = terminal("hello", "-ex", "break main", "-ex", "run")
    child.expect(r"\(flexdbg\)")
    for answer, shown in (("n", "The run stays as it is"), ("y", "Starting program")):
        child.sendline("run")
        child.expect(r"drops the recording of cycles 0 to .*Start another run\? \(y or n\) ")
        child.sendline(answer)
        child.expect(shown)
        child.expect(r"\(flexdbg\)")
    child.sendline("run")
    child.expect(r"Start another run\? \(y or n\) ")
    child.sendintr()
    child.expect("Quit")
    child.expect(r"\(flexdbg\)")
    child.sendeof()
    child.expect(pexpect.EOF)


def test_scripts_run_in_the_order_of_the_command_line(cli: Cli, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("echo two\n")
    done = cli("hello", "-ex", "echo one", "-x", str(script), "-ex", "echo three", "--batch")
    assert (done.stdout, done.returncode) == ("one\ntwo\nthree\n", 0)


def test_batch_reports_errors_and_goes_on(cli: Cli) -> None:
    done = cli("hello", "-ex", "xyzzy", "-ex", "echo on", "--batch")
    assert done.stdout == "on\n"
    assert done.stderr == 'Undefined command: "xyzzy".  Try "help".\n'
    assert done.returncode == 1


def test_commands_from_a_pipe(cli: Cli) -> None:
    done = cli("hello", input="break main\nrun\nprint $_hart\n\nquit\necho not reached\n")
    assert "Breakpoint 1 at" in done.stdout
    assert "(flexdbg)" not in done.stdout
    assert "not reached" not in done.stdout
    assert "\x1b" not in done.stdout
    assert done.returncode == 0


def test_a_session_is_the_same_on_every_run(cli: Cli) -> None:
    commands = (
        "break main\nrun\nstepi 20\ninfo threads\ninfo registers\ncycle 100\ninfo ledger all\nx/8xw $sp\n"
    )
    assert cli("hello", input=commands).stdout == cli("hello", input=commands).stdout


def test_program_output_appears_in_the_session(cli: Cli) -> None:
    done = cli("hello", "-ex", "run", "--batch")
    assert done.stdout.startswith("Starting program: hello.elf\nhello from hart 0 of 8\n")
    assert "[program exited with status 0" in done.stdout


def test_blocks_have_a_prompt_of_their_own(terminal: Callable[..., pexpect.spawn]) -> None:
    child = terminal("repl", "hello")
    child.expect(r"\(flexdbg\)")
    child.sendline("define twice")
    child.expect("> ")
    child.sendline("print $arg0 * 2")
    child.expect("> ")
    child.sendline("end")
    child.expect(r"\(flexdbg\)")
    child.sendline("twice 21")
    child.expect(r"\$1 = 42")
    child.sendline("define other")
    child.expect("> ")
    child.sendintr()
    child.expect(r"\(flexdbg\)")
    child.sendline("print 5")
    child.expect(r"\$2 = 5")
    child.sendline("quit")
    child.expect(pexpect.EOF)


def test_a_lesson_on_a_terminal(terminal: Callable[..., pexpect.spawn], tmp_path: Path) -> None:
    child = terminal("learn", "scalar")
    child.expect("Lesson 1: A scalar dot product")
    child.expect(r"\(flexdbg\)")
    child.sendline("learn next")
    child.expect("step 2 of 4")
    child.sendline("answer 64")
    child.expect("Right: 64")
    child.sendline("quit")
    child.expect(pexpect.EOF)
    child = terminal("learn")
    child.expect(r"step 2 of 4  question \(solved\)")
    child.expect(r"\(flexdbg\)")
    child.sendline("quit")
    child.expect(pexpect.EOF)
    assert (tmp_path / "flexdbg" / "learn.json").exists()
