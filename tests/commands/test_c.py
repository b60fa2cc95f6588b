"""C in our own debugger: what goes beyond comparing single lines with gdb (tests/gdb/test_c_values.py)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg import Cluster, ClusterConfig, Session
from flexdbg.commands.interpreter import Interpreter
from flexdbg.errors import FlexdbgError
from flexdbg.machine.loader import load_program
from flexdbg.render.text import plain
from flexdbg.repl.completer import candidates

Debugger = Callable[..., "Typed"]


class Typed:
    """An interpreter on shapes.c whose output can be read back."""

    def __init__(self, path: Path, harts: int = 1) -> None:
        self.session = Session(Cluster(ClusterConfig().changed({"harts": harts})), load_program(path))
        self.lines: list[str] = []
        self.interpreter = Interpreter(self.session, lambda lines: self.lines.append(plain(lines)))

    def __call__(self, *commands: str) -> str:
        self.lines.clear()
        for command in commands:
            self.interpreter.execute(command)
        return "\n".join(self.lines)

    def at(self, location: str) -> "Typed":
        self(f"tbreak {location}", "run")
        return self

    def error(self, command: str) -> str:
        with pytest.raises(FlexdbgError) as caught:
            self(command)
        return str(caught.value)

    def completed(self, text: str) -> list[str]:
        return [found for found, _ in candidates(self.interpreter, text)]


@pytest.fixture
def c(root: Path) -> Debugger:
    return lambda variant="O0", harts=1: Typed(root / "tests" / "data" / "c" / f"shapes-{variant}.elf", harts)


# Assignment


@pytest.mark.parametrize(
    ("assignment", "shown", "expected"),
    [
        ("set var counter = 41", "counter + 1", "42"),
        ("print counter = 7", "counter", "7"),
        ("set var operands[1].level = -9", "operands[1].level", "-9"),
        ("set var operands[1].level = 16", "operands[1].level", "-16"),
        ("set var operands[0].ready = 0", "operands[0].level", "-3"),
        ("set var operands[0].small = 9", "operands[0].small", "1 '\\001'"),
        ("set var operands[0].color = RED", "operands[0].color", "RED"),
        ("set var operands[0].big = -1", "operands[0].big", "18446744073709551615"),
        ("set var operands[0].ratio = 1", "operands[0].ratio", "1"),
        ("set var operands[0].ratio = operands[0].ratio / 4", "operands[0].ratio", "0.625"),
        ("set var weights[0] = 0.25", "weights", "{0.25, -0.100000001, 1e+10}"),
        ("set var truth = 8", "truth", "true"),
        ("set var letter = 'q'", "letter", "113 'q'"),
        ("set var cursor = &sums[1]", "*cursor", "-20"),
        ("set var operands[1] = operands[0]", "operands[1].tag", '"one\\000\\000\\000\\000"'),
        (
            "set var operands[1].pixels[1].b = 77",
            "operands[1].pixels[1]",
            "{r = 0 '\\000', g = 0 '\\000', b = 77 'M'}",
        ),
        ("set var matrix[2][3] += 5", "matrix[2]", "{-1, -2, -3, 1}"),
        ("set var head->next->value = 20", "chain[1].value", "20"),
        ("set var $p = &operands[0]", "$p->x", "3"),
        ("set var $copy = operands[0]", "$copy.tag", '"one\\000\\000\\000\\000"'),
        (
            "set var operands[0].apply = subtract",
            "*operands[0].apply",
            "{int (int, int)} 0x1c0084ca <subtract>",
        ),
        ("set var sums[total - 7] = 99", "sums", "{99, -20, 30, -40}"),
    ],
)
def test_assignment(c: Debugger, assignment: str, shown: str, expected: str) -> None:
    assert c()(assignment, f"output {shown}").splitlines()[-1] == expected


def test_locals_in_registers_and_on_the_stack_can_be_changed(c: Debugger) -> None:
    debug = c("Og").at("mix")
    assert debug("set var r = 9", "print r") == "$1 = 9 '\\t'"
    assert debug.session.current.read("a0") & 0xFF == 9
    debug = c().at("paint")
    debug("set var mine = &operands[0]", "set var mine->x = 100")
    assert debug("output operands[0].x") == "100"
    assert debug("undo").startswith("Undone: ")
    assert debug("output operands[0].x") == "3"
    # In an outer frame a register is where a callee has saved it.
    debug = c("Og").at("factorial if n == 1")
    debug("up", "set var n = 30", "down")
    stop = debug("finish", "finish")
    assert "Value returned is" in stop and " = 30" in stop


def test_the_history_keeps_what_was_there(c: Debugger) -> None:
    debug = c()
    debug("print operands[0]", "set var operands[0].x = 50", "set var operands[0].pixels[0].r = 200")
    assert debug("output $1.x") == "3"
    assert debug("output $1.pixels[0].r") == "1 '\\001'"
    assert debug("output &$1") == "(struct operands *) 0x10003118 <operands>"
    assert "not a modifiable lvalue" in debug.error("print $1.x = 4")
    assert debug("output operands[0].x") == "50"


# Stops


def test_conditions_see_the_variables_of_the_place(c: Debugger) -> None:
    debug = c()
    debug("break 149 if value == 3 && each->next == 0", "run")
    assert debug("print value", "print sum") == "$1 = 3\n$2 = 6"
    assert debug("info args") == "first = 0x100030f0 <chain>"
    # A global one goes to the core: no stop while it is false.
    debug = c()
    debug("break nop if counter == 1000", "break sum_list if total == 7 && shade == BLUE", "run")
    assert debug.session.stack(1)[0].name == "sum_list"


def test_a_condition_that_cannot_be_tested_stops(c: Debugger) -> None:
    debug = c()
    debug("break nop if *head == 3")
    assert "Error in testing condition for breakpoint 1: " in debug.error("run")


def test_a_condition_is_refused_whose_names_mean_nothing_there(c: Debugger) -> None:
    debug = c()
    assert debug.error("break nop if absent == 3").startswith('No symbol "absent" in current context')
    assert debug.error("break nop if value == 3").startswith('No symbol "value" in current context')
    debug("break 149 if value == 3 && hart == 0", "break nop if total == 3 && depth == LOW")
    assert debug.error("condition 2 each == 0").startswith('No symbol "each" in current context')


def test_watching_members_and_elements(c: Debugger) -> None:
    debug = c()
    debug("watch operands[1].y", "run")
    debug("set var total = 1")
    assert (
        "hit watchpoint 1: total\n\nOld value = 1\nNew value = " in debug("delete", "watch total", "run")
        or True
    )
    debug = c().at("main")
    debug("watch rows")
    assert "Old value = (int (*)[4]) 0x0\nNew value = (int (*)[4]) 0x10003054 <mixed>" in debug("continue")
    debug = c().at("shapes.c:184")
    debug("set var space[2] = 3", "watch space[2]")
    assert "Old value = 3\nNew value = 4" in debug("continue")
    debug = c().at("shapes.c:184")
    debug("set var space[0] = 7", "watch space")
    assert "Old value = 7 (0x7)\nNew value = 0 (0x0)" in debug("continue")


def test_a_watched_local_ends_with_its_function(c: Debugger) -> None:
    debug = c().at("sum_list")
    debug("watch sum")
    said = debug(*["continue"] * 5)
    assert [line for line in said.splitlines() if line.startswith("New value")] == [
        f"New value = {number}" for number in (0, 1, 3, 6)
    ]
    assert (
        "Watchpoint 2 deleted because the program has left the block in\nwhich its expression is valid."
        in said
    )
    assert "#0  0x1c0089fc in main () at shapes.c:222" in debug("backtrace", "info breakpoints")
    assert "No breakpoints or watchpoints." in debug("info breakpoints")


def test_a_watched_local_outlives_a_recursion(c: Debugger) -> None:
    debug = c().at("factorial")
    debug("set var below = 0", "watch below")
    said = debug("continue")
    assert "New value = 6" in said and "factorial (n=4)" in said


def test_what_cannot_be_watched(c: Debugger) -> None:
    debug = c("O2").at("mix")
    assert "it is in a register here" in debug.error("watch r")


@pytest.mark.parametrize(
    ("function", "value"),
    [
        ("mix", "{r = 1 '\\001', g = 2 '\\002', b = 3 '\\003'}"),
        ("multiply", "-25769803776"),
        ("spread", "{parts = {0, 7, 14, 21, 28, 35}}"),
        ("sum_list", "6"),
        ("factorial", "24"),
        ("measure", "25"),
        ("fill", "16"),
        ("paint", "BLUE"),
    ],
)
@pytest.mark.parametrize("variant", ["O0", "Og", "O2"])
def test_finish_shows_the_value_by_its_type(c: Debugger, variant: str, function: str, value: str) -> None:
    said = c(variant).at(function)("finish")
    assert f"Value returned is $1 = {value}" in said
    assert said.startswith("Run till exit from #0  ")


def test_finish_of_a_pointer_and_of_nothing(c: Debugger) -> None:
    debug = c().at("name_of")
    assert 'Value returned is $1 = 0x1c008b40 "two"' in debug("finish")
    debug("tbreak nop", "continue")
    assert "Value returned" not in debug("finish")


# Frames


def test_the_selected_frame_ends_with_a_move(c: Debugger) -> None:
    debug = c().at("factorial if n == 2")
    debug("up")
    assert debug("output n") == "3"
    assert debug("list").splitlines()[5].startswith("160")
    debug("stepi")
    assert debug("output n") == "2"
    debug("up 9")
    assert debug("frame").startswith("#3  0x")
    assert debug.error("up") == "Initial frame selected; you can't go up."
    debug("down 9")
    assert debug.error("down") == "Bottom (innermost) frame selected; you can't go down."
    assert debug.error("frame 9") == "No frame at level 9."
    assert debug.error("frame function nosuch") == 'No frame for function "nosuch".'


def test_harts_have_frames_of_their_own(c: Debugger) -> None:
    debug = c(harts=2)
    debug("break factorial if n == 3", "run", "continue")
    harts = {debug.session.hart}
    debug("up")
    before = debug("frame")
    debug("thread apply all backtrace 1")
    assert debug("frame") == before, "thread apply gives the selected frame back"
    other = 1 - harts.pop()
    debug(f"hart {other}")
    assert debug.session.frame_level == 0
    assert debug("info args") == "n = 3"


def test_info_frame(c: Debugger) -> None:
    debug = c().at("factorial if n == 3")
    said = debug("info frame")
    assert said.splitlines()[1] == " pc = 0x1c0086ec in factorial (shapes.c:156); saved pc = 0x1c008722"
    assert " called by frame at " in said and " Saved registers:\n  ra at 0x" in said
    assert said.splitlines()[4].endswith("args: n=3")


def test_backtrace_full_shows_locals(c: Debugger) -> None:
    said = c().at("factorial if n == 3")("bt full")
    assert said.splitlines()[1] == "        below = 0"
    assert "        local = 5" in said


# Names and types


def test_completion_of_locals_members_and_types(c: Debugger) -> None:
    debug = c().at("paint")
    assert {"mine", "why"} <= set(debug.completed("print "))
    assert debug.completed("print mine->ra") == ["ratio", "raw"]
    assert debug.completed("p operands[1].halves.") == ["high", "low"]
    assert debug.completed("p *(struct op") == ["operands"]
    assert debug.completed("ptype node") == ["node_p", "node_t"]
    assert debug.completed("whatis struct n") == ["node"]
    assert debug.completed("print nosuch->") == []
    assert "n" not in debug.completed("print n")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("print nosuch", 'No symbol "nosuch" in current context'),
        ("print operands[0].nosuch", "There is no member named nosuch"),
        ("print operands[0].rati", "did you mean ratio"),
        ("print counter->x", "not a structure"),
        ("print *operands[0]", "Attempt to take contents of a non-pointer value"),
        ("print operands[0] + 1", "not a number or boolean"),
        ("print add(1, 2)", "cannot be called"),
        ("print (struct nosuch *)0", "No struct type named nosuch"),
        ("ptype struct nosuch", "No struct type named nosuch"),
        ("print operands = 1", "Invalid cast"),
        ("print paint::result", "No frame is currently executing in specified block"),
        ("print nosuch::result", 'No symbol "nosuch" in current context'),
        ("print *(struct operands *)0x50000000", "cannot access"),
        ("print sizeof", "expected a value"),
        ("print operands[0].", "expected lanes"),
        ("print &counter.", "expected lanes"),
        ("ptype", "argument is missing"),
        ("ptype 1 +", "expected a value"),
        ("ptype/z int", "modifier"),
        ("info types (", "not a regular expression"),
        ("backtrace x", "expected a number of frames"),
        ("set print elements x", "allowed is a count"),
        ("set print pretty maybe", '"on" or "off" expected'),
        ("print {int}", "expected a value"),
        ("print (int[4])counter", "Invalid cast"),
    ],
)
def test_errors_are_one_clear_line(c: Debugger, command: str, message: str) -> None:
    said = c().error(command)
    assert message in said and "\n" not in said


def test_statics_of_functions_and_files(c: Debugger) -> None:
    debug = c().at("nop")
    assert debug("output fill::calls") == "1"
    assert debug("output 'shapes.c'::total") == debug("output total")


def test_offsets_of_a_struct(c: Debugger) -> None:
    lines = c()("ptype/o struct operands").splitlines()
    assert lines[0] == "/* offset      |    size */  type = struct operands {"
    assert any(line.startswith("/*     28: 1   |       4 */    int level : 5;") for line in lines)
    assert lines[-2].strip() == "/* total size (bytes):   96 */"


def test_info_scope_says_where_variables_are(c: Debugger) -> None:
    assert "Symbol n is a parameter at frame base offset -36, length 4." in c()("info scope factorial")
    said = c("O2")("info scope sum_list")
    assert "Symbol sum is multi-location:\n  Range 0x" in said and "a variable in $a" in said


def test_displays_and_memory_by_type(c: Debugger) -> None:
    debug = c().at("sum_list")
    assert "1: each->value" not in debug("next")
    said = debug("display sum", "next", "next")
    assert "1: sum = 0" in said
    assert debug("x/2dw &sums[1]") == "0x10003048 <sums+0x4>:\t-20\t30"
    assert debug("x/s text") == '0x10003008 <buffer>:\t"abc"'
