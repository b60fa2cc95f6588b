"""A real GDB on the bundled programs: scripts in batch mode."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .gdbrun import HISTORY_ENDS, Script, values


def test_finds_the_program_and_its_symbols(gdb: Script) -> None:
    said = gdb("info threads\nbreak main\ncontinue\nbacktrace\ncompare-sections .text")
    assert said.count("Thread ") >= 9
    assert '"hart 7" (off: fetch not enabled)' in said
    assert re.search(r'Thread \d "hart \d" hit Breakpoint 1, main \(\)', said)
    assert re.search(r"#0 +main \(\) at .*matmul.c", said)
    assert "matched." in said


def test_steps_through_mac_and_load_on_several_harts(gdb: Script) -> None:
    said = gdb(
        "break matmul-a8w4.S:159 thread 4 if $lpcount0 < 20\ncontinue\n"
        "print $lpcount0\nprint $cycle\nprint $t3\nstepi\nprint $t3\nprint $cycle\n"
        "thread 6\nstepi\nstepi\nprint $ra != 0\n"
        "delete\nthread 4\n" + "stepi\n" * 40 + "print $lpcount0\n"
    )
    found = values(said)
    assert found[0] == 19  # the first time below 20
    assert found[4] == found[1] + 1  # one instruction, one cycle
    assert found[2] != found[3]
    assert found[6] <= 18 or found[6] == found[0]


def test_simultaneous_hits_are_all_reported(gdb: Script) -> None:
    said = gdb("break matmul_4x4_a8w4\n" + "continue\n" * 8 + "monitor when\n")
    hit = re.findall(r'Thread (\d) "hart \d" hit Breakpoint 1', said)
    assert sorted(hit) == [str(n) for n in range(1, 9)]


def test_breakpoints_disturb_nothing(gdb: Script, kernel: Callable[..., Any]) -> None:
    undisturbed = kernel("barrier")
    undisturbed.resume()
    gdb("break barrier_wait\nbreak main\n" + "continue\n" * 12 + "delete\ncontinue\n", "barrier")
    assert gdb.session.cluster.cycle == undisturbed.cluster.cycle  # type: ignore[attr-defined]
    assert gdb.session.cluster.state_digest() == undisturbed.cluster.state_digest()  # type: ignore[attr-defined]


def test_watchpoints_of_all_kinds(gdb: Script) -> None:
    said = gdb(
        "break main\ncontinue\ndelete\n"
        "watch *(int *)0x1000d800\ncontinue\nprint $cycle\ndelete\n"
        "rwatch *(int *)0x1000d800\ncontinue\nprint $cycle\ndelete\n"
        "awatch *(int *)0x1000d804\ncontinue\nprint $cycle\n"
    )
    assert re.search(r"Hardware watchpoint \d: \*\(int \*\)0x1000d800\n\nOld value = .*\nNew value = ", said)
    assert re.search(r"Hardware read watchpoint \d: .*\n\nValue = ", said)
    assert re.search(r"Hardware access \(read/write\) watchpoint \d", said)
    cycles = values(said)
    assert cycles == sorted(set(cycles)) and len(cycles) == 3


def test_goes_back_to_who_wrote_a_word(gdb: Script) -> None:
    said = gdb(
        "break matmul_4x4_a8w4\ncontinue\ndelete\nprint $cycle\nprint *(int *)0x1000d800\n"
        "watch *(int *)0x1000d800\nreverse-continue\nprint $cycle\nprint *(int *)0x1000d800\n"
        "stepi 3\nprint *(int *)0x1000d800\n"
    )
    now, value, then, before, after = values(said)
    assert then < now
    assert before != value and after == value


def test_a_reverse_run_ends_where_it_began(gdb: Script) -> None:
    moves = "stepi\nstepi\nstepi\nreverse-stepi\nreverse-stepi\nreverse-stepi\n"
    said = gdb(
        "break matmul-a8w4.S:159\ncontinue\nprint $cycle\nprint $t3\ndelete\n"
        + moves
        + "print $cycle\nprint $t3\n"
        "reverse-continue\nprint $cycle\n"
    )
    found = values(said)
    assert found[:2] == found[2:4]
    assert found[4] == 0 and HISTORY_ENDS.search(said)


def test_calls_a_function(gdb: Script) -> None:
    said = gdb(
        "break matmul_4x4_a8w4\ncontinue\ndelete\nprint $cycle\nprint/x $sp\n"
        "call (void *)memset((void *)0x1001e000, 0x5a, 6)\nx/2xw 0x1001e000\nprint/x $sp\nbacktrace 1\n"
    )
    assert re.search(r"0x1001e000.*:\t0x5a5a5a5a\t0x....5a5a", said)
    assert re.search(r"#0 +matmul_4x4_a8w4", said)
    assert values(said)[1] == values(said)[-1]


def test_comes_back_and_runs_again(gdb: Script) -> None:
    said = gdb(
        "target extended-remote $place\nbreak main\ncontinue\nprint $cycle\ndetach\n"
        "target extended-remote $place\nprint $cycle\nkill\nrun\nprint $cycle\ndelete\ncontinue\n"
        "starti\nprint $cycle\nmonitor goto 100\nmaintenance flush register-cache\nprint $cycle\n",
        "hello",
    )
    first, *others = values(said)
    assert others == [first, first, 0, 100]
    assert said.count("hit Breakpoint 1, main ()") == 2
    assert "hello from hart 7 of 8" in said
    assert said.count("exited normally") == 1


def test_script_shows_pulp_instructions_and_lanes(gdb: Script) -> None:
    said = gdb(
        "break matmul-a8w4.S:159 thread 4 if $lpcount0 < 20\ncontinue\nx/2i $pc\nprint $nn_w0\nflexv nn\n"
        "flexv mlc\nflexv banks\nflexv why\nprint $cycle\nflexv goto 20000\nprint $cycle\n",
        script=True,
    )
    assert re.search(r"=> 0x1c0085f0 <matmul_4x4_a8w4\+\d+>:\tpv.mlsdotsup.v\tt3, zero, 0", said)
    assert re.search(r"^\$1 = 0x[0-9a-f]{8} i8 \{.*\}  i4 \{.*\}$", said, re.MULTILINE)
    assert "walker       next load" in said and "bank  accesses" in said
    assert values(said)[-1] == 20000


def test_script_decodes_without_a_connection(
    tool: Callable[[str], str], cli: Callable[..., Any], tmp_path: Path
) -> None:
    from flexdbg.run import find_program

    (tmp_path / "script.py").write_text(cli("gdb-script").stdout)
    path = find_program("matmul-a8w4")[0].path
    command = [tool("gdb-multiarch"), "-nx", "-batch", "-x", str(tmp_path / "script.py")]
    said = subprocess.run(
        [*command, "-ex", "disassemble matmul_4x4_a8w4", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    assert "pv.mlsdotsup.h\t" in said and "lp.setup" in said
    assert ".4byte" not in said
