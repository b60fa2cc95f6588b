"""Commands by what they print, on small assembled programs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg import Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import CommandError, FlexdbgError
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
TEXT = 0x10000400


class Typed:
    """An interpreter whose output can be read back."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lines: list[str] = []
        self.interpreter = Interpreter(session, lambda lines: self.lines.append(plain(lines)))

    def __call__(self, *commands: str) -> str:
        self.lines.clear()
        for command in commands:
            self.interpreter.execute(command)
        return "\n".join(self.lines)

    def enter(self, text: str) -> str:
        self.lines.clear()
        self.interpreter.execute_interactive(text)
        return "\n".join(self.lines)


@pytest.fixture
def typed(make_session: Callable[..., Session]) -> Typed:
    symbols = {"counter": (0x10000100, 4, "object"), "message": (TEXT, 8, "object")}
    session = make_session(CODE, harts=2, symbols=symbols, data={TEXT: b"hello\n\0\0"})
    return Typed(session)


def test_break_run_and_the_stop_report(typed: Typed) -> None:
    assert typed("break loop") == "Breakpoint 1 at 0x1c008088 <loop>"
    report = typed("run")
    assert "Thread 1 (hart 0) hit Breakpoint 1" in report
    assert "in the same cycle: hart 1 (breakpoint)" in report
    assert "=> 0x1c008088 <loop>:\taddi t1, t1, 3" in report
    assert "[hart 0, cycle " in report


def test_info_breakpoints_shows_conditions_and_hits(typed: Typed) -> None:
    assert typed("info breakpoints") == "No breakpoints or watchpoints."
    typed("b loop thread 2 if $t0 == 1", "tbreak done", "watch counter", "ignore 1 5", "disable 3")
    shown = typed("i b")
    assert "stop only in thread 2 (hart 1)" in shown
    assert "stop only if $t0 == 1" in shown
    assert "ignore next 5 hits" in shown
    rows = [line.split() for line in shown.splitlines()]
    assert rows[0] == ["Num", "Type", "Disp", "Enb", "Address", "What"]
    assert any(row[:4] == ["2", "breakpoint", "del", "y"] for row in rows)
    assert any(row[:5] == ["3", "hw", "watchpoint", "keep", "n"] for row in rows)


def test_conditional_breakpoint_of_one_hart(typed: Typed) -> None:
    typed("break loop thread 2 if $t0 == 1")
    assert "Thread 2 (hart 1) hit Breakpoint 1" in typed("run")
    assert typed("print $t0").endswith("= 1")
    assert typed("condition 1") == "Breakpoint 1 now unconditional."


def test_watch_report(typed: Typed) -> None:
    typed("set counter = 0", "watch counter thread 1")
    report = typed("continue")
    assert "hit watchpoint 1: counter" in report
    assert "Old value = 0 (0x0)" in report
    assert "New value = 3 (0x3)" in report


def test_delete_and_clear(typed: Typed) -> None:
    typed("b loop", "b done", "b start", "delete 1 3")
    assert typed("clear done") == "Deleted breakpoint 2"
    with pytest.raises(CommandError, match="No breakpoint number 7"):
        typed("delete 7")
    with pytest.raises(CommandError, match="No breakpoint at done"):
        typed("clear done")


def test_stepping_commands(typed: Typed) -> None:
    assert "=> 0x1c008084 <start+0x4>:" in typed("stepi")
    assert "=> 0x1c008088 <loop>:" in typed("nexti")
    assert "cycle " in typed("cycle 3")
    assert "=> 0x1c008098 <done>:" in typed("advance done")


def test_enter_repeats_steps_but_not_breaks(typed: Typed) -> None:
    first = typed.enter("stepi")
    assert typed.enter("") != first
    typed.enter("break loop")
    assert typed.enter("") == ""
    assert len(typed.session.breakpoints) == 1


def test_enter_goes_on_examining(typed: Typed) -> None:
    assert typed.enter("x/2xb message") == "0x10000400 <message>:\t0x68\t0x65"
    assert typed.enter("") == "0x10000402 <message+0x2>:\t0x6c"


def test_exit_report_and_what_works_after_it(typed: Typed) -> None:
    report = typed("run")
    assert "[program exited with status 0 at cycle " in report
    with pytest.raises(CommandError, match="has exited; `run`"):
        typed("stepi")
    assert typed("print $_exitcode") == "$1 = 0"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("print 6 * 7", "$1 = 42"),
        ("p/x 255", "$1 = 0xff"),
        ("p $pc", "$1 = (void (*)()) 0x1c008080 <start>"),
        ("output 5", "5"),
        ("echo two\\nlines\\n", "two\nlines"),
        ("x/s message", '0x10000400 <message>:\t"hello\\n"'),
        ("x/2xw message", "0x10000400 <message>:\t0x6c6c6568\t0x00000a6f"),
        ("x/4dh 0x10000400", "0x10000400 <message>:\t25960\t27756\t2671\t0"),
        ("x/2tb message", "0x10000400 <message>:\t01101000\t01100101"),
        ("x/fw 0x10000400", "0x10000400 <message>:\t1.14314148e+27"),
        ("x/2c message", "0x10000400 <message>:\t104 'h'\t101 'e'"),
        ("x/i $pc", "=> 0x1c008080 <start>:\tlui t2, 0x10000"),
        ("info symbol 0x1c00808c", "loop + 4 (label at 0x1c008088)"),
        ("info symbol 4", "No symbol matches 4."),
        ("info line", "No line number information available for address 0x1c008080 <start>"),
        ("info source", "No current source file."),
        ("info display", "There are no auto-display expressions now."),
        ("thread", "[Current thread is Thread 1 (hart 0)]"),
        ("show listsize", "listsize is 10: lines that `list` shows."),
        ("show version", "flexdbg 0.1.0"),
        ("info checkpoints", "No checkpoints."),
        ("warnings", "No warnings."),
    ],
)
def test_what_commands_print(typed: Typed, command: str, expected: str) -> None:
    assert typed(command) == expected


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("foo", 'Undefined command: "foo"'),
        ("brake", 'Undefined command: "brake"; did you mean break'),
        ("un", 'Ambiguous command "un": undisplay, undo, until'),
        ("info foo", 'Undefined info command: "foo"'),
        ("info ma", "Undefined info command"),
        ("!ls", 'Undefined command: "!ls"'),
        ("break", ""),
        ("break nowhere", 'Function "nowhere" not defined'),
        ("break loop if", "condition behind `if` is missing"),
        ("break loop thread 9", "no thread 9: threads are 1 to 2"),
        ("watch", "an expression to watch is missing"),
        ("rwatch $zero", "it is always zero"),
        ("delete x", "expected breakpoint numbers"),
        ("condition", "a breakpoint number is missing"),
        ("ignore 5 1", "No breakpoint number 5"),
        ("stepi 0", "must be at least 1"),
        ("stepi foo", "No symbol .foo. in current context"),
        ("continue 3", "needs a breakpoint to ignore"),
        ("finish", "outermost frame"),
        ("goto", "a cycle is missing"),
        ("goto 99 99", "unexpected"),
        ("print", "no register or variable"),
        ("print 1 +", "expected a value"),
        ("print/i message", 'Format letter "i" is meaningless'),
        ("x/q 5", 'unknown format letter "q"'),
        ("x/0x $sp", "the count is 1 to"),
        ("x 0x70000000", "cannot access"),
        ("set", "Argument required"),
        ("set foo", "not a setting"),
        ("set listsize 0", "allowed is 1 to 1000"),
        ("set scheduler-locking maybe", "allowed is off, on, step"),
        ("set 5 = 6", "cannot be assigned"),
        ("info registers foo", "Invalid register `foo'"),
        ("info csr foo", "no CSR 'foo'"),
        ("info nn 77", "expected a hart"),
        ("info ledger x", "expected a hart"),
        ("info functions [", "not a regular expression"),
        ("disassemble/q", "modifiers are r"),
        ("disassemble 8,4", "the range is empty"),
        ("list", "No source line at the current pc"),
        ("thread 9", "Unknown thread 9"),
        ("thread x", "Invalid thread ID"),
        ("thread apply", "Please specify a thread ID list"),
        ("thread apply all", "Please specify a command"),
        ("thread apply 9 print 1", "Unknown thread 9"),
        ("hart 9", "no hart 9: harts are 0 to 1"),
        ("file", ""),
        ("file /nonexistent.elf", "cannot read"),
        ("source", "requires file name"),
        ("source /nonexistent", "No such file"),
        ("restart 3", "No checkpoint 3"),
        ("undisplay 4", "No display number 4"),
        ("display", ""),
        ("display nosuch", "No symbol .nosuch. in current context"),
        ("help nosuch", 'Undefined command: "nosuch"'),
        ("why 9", "expected a hart"),
        ("backtrace x", "expected a number of frames"),
    ],
)
def test_errors_are_one_clear_message(typed: Typed, command: str, message: str) -> None:
    if not message:
        typed(command)  # these have a meaning without an argument
        return
    with pytest.raises(FlexdbgError, match=message) as caught:
        typed(command)
    assert "Traceback" not in str(caught.value)


def test_threads(typed: Typed) -> None:
    shown = typed("info threads")
    assert "* 1   hart 0" in shown
    assert "  2   hart 1" in shown
    assert "[Switching to Thread 2 (hart 1)]" in typed("thread 2")
    assert typed.session.hart == 1
    assert typed("thread apply all print $_hart").splitlines() == [
        "",
        "Thread 1 (hart 0):",
        "$1 = 0",
        "",
        "Thread 2 (hart 1):",
        "$2 = 1",
    ]
    assert typed.session.hart == 1
    typed("hart 0")
    assert typed.session.hart == 0


def test_registers_and_groups(typed: Typed) -> None:
    typed("set $a0 = -1")
    assert typed("info registers a0") == "a0             0xffffffff   -1"
    assert "pc             0x1c008080   <start>" in typed("info registers")
    assert typed("info registers nn").count("\n") == 5
    assert "mstatus" in typed("info csr")
    assert "lpcount1" in typed("info registers hwloop")


def test_flexv_state(typed: Typed) -> None:
    typed("set $sb_legacy = 0", "set $simd_fmt = 8", "set $nn_w1 = 0x87654321", "set $mix_skip = 4")
    shown = typed("info nn")
    assert "format a8w4" in shown
    assert "nn_w1  0x87654321  i4:  1  2  3  4  5  6  7 -8" in shown
    shown = typed("info mpc")
    assert "a8w4" in shown
    assert "0 of 2" in shown
    typed("set $a_addr = 0x10000400", "set $a_stride = 8", "set $a_skip = 1", "set $a_rollback = -4")
    assert "0x10000400      +8        -4         0/1  0x10000408" in typed("info mlc")
    assert typed("info nn all").count("hart") == 2


def test_csr_driven_mnemonics_follow_the_mode(make_session: Callable[..., Session]) -> None:
    typed = Typed(make_session("pv.mlsdotsup.v x0, x0, 3\nj ."))
    legacy = typed("x/i $pc")
    typed("set $sb_legacy = 0")
    assert "pv.mlsdotsup.v" in typed("x/i $pc")
    assert legacy != typed("x/i $pc")


def test_devices_and_accounting(typed: Typed) -> None:
    typed("cycle 20")
    assert "accesses" in typed("info tcdm")
    assert "barrier" in typed("info eu")
    assert typed("info dma")
    assert typed("info icache")
    assert "issue" in typed("info ledger")
    assert "total" in typed("info ledger 1")
    assert "hart 1" in typed("info ledger all")
    assert "instructions" in typed("info counters")
    assert typed("why").startswith("cycle 19: hart 0 ")


def test_disassemble(typed: Typed) -> None:
    typed("break done")
    shown = typed("disassemble start,+28").splitlines()
    assert shown[0].startswith("Dump of assembler code from 0x1c008080")
    assert shown[1] == " => 0x1c008080 <start>:\tlui t2, 0x10000\t; hart 1"
    assert shown[-2].startswith("*   0x1c008098 <done>:")
    assert "0001" not in shown[1]
    assert "100003b7" in typed("disassemble/r start,+4")
    assert typed("disassemble loop").count("\n") == 5


def test_displays(typed: Typed) -> None:
    assert typed("display $t0") == "1: $t0 = 0"
    assert typed("display/x $pc") == "2: /x $pc = 0x1c008080"
    assert "1: $t0 = 0" in typed("stepi")
    typed("disable display 1")
    assert "1: $t0" not in typed("stepi")
    typed("undisplay 2")
    assert "2: /x" not in typed("stepi")
    typed("display/2i $pc")
    assert typed("stepi").count("addi t") >= 2


def test_checkpoints_and_goto(typed: Typed) -> None:
    typed("cycle 10")
    typed("checkpoint")
    digest = typed.session.cluster.state_digest()
    typed("cycle 10")
    assert "Switching to checkpoint 1 at cycle 10." in typed("restart 1")
    assert typed.session.cluster.state_digest() == digest
    typed("cycle 5", "goto 10")
    assert typed.session.cluster.state_digest() == digest
    assert "Recorded cycles" in typed("info history")
    assert "cycle 10" in typed("info checkpoints")


def test_settings(typed: Typed) -> None:
    typed("set listsize 3", "set confirm off", "set pagination off", "set scheduler-locking step")
    assert "scheduler-locking is step" in typed("show scheduler-locking")
    typed("set var $x = 5", "set $x = $x + 1", "set history-budget 64")
    assert typed("print $x") == "$1 = 6"
    assert typed("print $ + $1") == "$2 = 12"


def test_help(typed: Typed) -> None:
    overview = typed("help")
    for heading in ("Running and stepping", "Breakpoints and watchpoints", "Session and settings"):
        assert heading in overview
    page = typed("help break")
    assert "break [LOCATION | EVENT] [thread N] [if CONDITION]" in page
    assert "Examples:" in page
    assert "dot product" in typed("help pv.sdotsp.b")
    assert "info threads" in typed("help info")
    assert "state" in typed("help info threads").lower()


def test_every_command_has_help_in_sentences(typed: Typed) -> None:
    from flexdbg.commands.registry import CATEGORIES, commands, infos

    for entry in [*commands, *infos]:
        assert entry.summary.endswith("."), entry.name
        assert entry.category in CATEGORIES, entry.name


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("b", "break"),
        ("c", "continue"),
        ("s", "step"),
        ("n", "next"),
        ("si", "stepi"),
        ("ni", "nexti"),
        ("u", "until"),
        ("fin", "finish"),
        ("r", "run"),
        ("p", "print"),
        ("l", "list"),
        ("i", "info"),
        ("d", "delete"),
        ("bt", "backtrace"),
        ("disas", "disassemble"),
        ("h", "help"),
        ("q", "quit"),
        ("tb", "tbreak"),
        ("wat", "watch"),
        ("cond", "condition"),
        ("adv", "advance"),
        ("undisp", "undisplay"),
    ],
)
def test_gdb_abbreviations(typed: Typed, word: str, name: str) -> None:
    assert typed.interpreter.parse(word)[0].name == name


def test_source_runs_a_file_and_names_the_line_of_an_error(typed: Typed, tmp_path: Path) -> None:
    script = tmp_path / "commands"
    script.write_text("# a comment\nprint 1\n\nprint 2\nfoo\nprint 3\n")
    with pytest.raises(
        CommandError, match=r'commands:5: Error in sourced command file:\nUndefined command: "foo"'
    ):
        typed(f"source {script}")
    assert typed.lines == ["$1 = 1", "$2 = 2"]
    script.write_text(f"source {script}\n")
    with pytest.raises(CommandError, match="too deeply"):
        typed(f"source {script}")


def test_file_loads_another_program(typed: Typed, make_elf: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "other.elf"
    path.write_bytes(make_elf(bytes.fromhex("130000006f000000"), symbols={"here": (0x1C008080, 8, "func")}))
    typed("break loop")
    assert "Loaded other.elf: 8 bytes in 1 segments, entry 0x1c008080" in typed(f"file {path}")
    assert typed("info breakpoints") == "No breakpoints or watchpoints."
    assert "here" in typed("info functions")
    assert "8 bytes" in typed("info program")


def test_quit(typed: Typed) -> None:
    typed("quit")
    assert typed.interpreter.context.wants_to_quit
