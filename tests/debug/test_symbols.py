"""Symbols, line tables and locations, on a bundled program with debug information."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flexdbg import Cluster, ClusterConfig, Session, load_program
from flexdbg.catalog import bundled_program
from flexdbg.debug.stops import Reason
from flexdbg.debug.symbols import SymbolTable
from flexdbg.errors import CommandError


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(Cluster(), load_program(bundled_program("matmul-a8w4").path))


@pytest.fixture(scope="module")
def symbols(session: Session) -> SymbolTable:
    return session.symbols


def test_names_and_addresses(symbols: SymbolTable) -> None:
    main = symbols.find("main")
    assert main is not None
    assert main.kind == "func"
    assert symbols.name_of(main.address) == "main"
    assert symbols.name_of(main.address + 6) == "main+0x6"
    assert symbols.at(main.address + 2) == main
    assert symbols.find("nosuch") is None
    assert symbols.name_of(0x5) == ""


def test_lines_of_c_and_assembly(symbols: SymbolTable) -> None:
    main = symbols.find("main")
    kernel = symbols.find("matmul_4x4_a8w4")
    assert main is not None
    assert kernel is not None
    line = symbols.line_at(main.address)
    assert line is not None
    assert line.file.endswith((".c", ".h"))
    assert symbols.line_at(kernel.address) is not None
    assert symbols.source(line.file) is not None


def test_line_ranges_hold_their_address(symbols: SymbolTable) -> None:
    main = symbols.find("main")
    assert main is not None
    ranges = symbols.line_ranges(main.address)
    assert any(start <= main.address < end for start, end in ranges)


def test_rows_do_not_overlap(symbols: SymbolTable) -> None:
    for before, after in zip(symbols.rows, symbols.rows[1:], strict=False):
        assert before.end <= after.start


def test_locations(session: Session) -> None:
    main = session.symbols.find("main")
    assert main is not None
    assert session.locate("main", skip_prologue=False) == (main.address,)
    assert session.locate(f"*{main.address:#x}") == (main.address,)
    assert session.locate(f"{main.address:#x}") == (main.address,)
    assert session.locate("*main + 4") == (main.address + 4,)
    assert session.locate("") == (session.pc,)
    line = session.symbols.line_at(main.address + 8)
    assert line is not None
    assert session.locate(line.short)
    assert session.locate(line.file + f":{line.line}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mian", 'Function "mian" not defined; did you mean main'),
        ("matmul.x:3", "No source file named matmul.x"),
        ("matmul.c:99999", "No code at or after line 99999"),
        ("flexdbg_result", "is data; write"),
    ],
)
def test_wrong_locations(session: Session, text: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        session.locate(text)


def test_raw_programs_have_no_symbols() -> None:
    table = SymbolTable()
    assert table.names() == []
    assert table.line_at(0) is None
    assert table.row_at(0) is None


@pytest.fixture
def stopped() -> Callable[[str], Session]:
    """A session of `hello` in which hart 0 alone runs, stopped at a function."""

    def build(where: str) -> Session:
        from flexdbg.machine.config import load_config

        config = load_config(None, ["harts=1", "fetch=ideal"])
        session = Session(Cluster(config), load_program(bundled_program("hello").path))
        session.add_breakpoint(where, temporary=True, hart=0)
        assert session.resume().reason is Reason.BREAKPOINT
        return session

    return build


def test_backtrace_through_call_frames(stopped: Callable[[str], Session]) -> None:
    names = [frame.name for frame in stopped("print").frames()]
    assert names[:2] == ["print", "main"]


def test_finish_returns_to_the_caller(stopped: Callable[[str], Session]) -> None:
    session = stopped("print")
    caller = session.frames()[1].pc
    stop = session.finish()
    assert (stop.reason, stop.finished) == (Reason.STEP, "print")
    assert session.pc == caller


def test_next_stays_in_the_function_and_moves_to_another_line(stopped: Callable[[str], Session]) -> None:
    session = stopped("main")
    seen = []
    for _ in range(4):
        assert session.next_lines().reason is Reason.STEP
        seen.append(session.symbols.line_at(session.pc))
        function = session.symbols.function_at(session.pc)
        assert function is not None
        assert function.name == "main"
    assert len(set(seen)) > 1


def test_step_enters_a_call(stopped: Callable[[str], Session]) -> None:
    session = stopped("main")
    for _ in range(20):
        session.step_lines()
        if session.symbols.name_of(session.pc).startswith("print"):
            return
    pytest.fail("never entered print")


def test_until_leaves_a_loop(stopped: Callable[[str], Session]) -> None:
    session = stopped("main")
    last = session.pc
    for _ in range(30):
        stop = session.until()
        if stop.reason is not Reason.STEP:
            break
        function = session.symbols.function_at(session.pc)
        if function is None or function.name != "main":
            return
        assert session.pc >= last
        last = session.pc
    assert session.exited


ASSEMBLY = """_start:  # begins
    li a0, 0x12345678; li a1, 3
table: .word 1, 2
1:  addi a1, a1, -1
    .balign 8
    bnez a1, 1b  // again
    nop
end: j .
"""


def test_lines_of_a_program_our_assembler_made(tmp_path: Path) -> None:
    file = tmp_path / "count.S"
    file.write_text(ASSEMBLY)
    session = Session(Cluster(), load_program(file))
    file.write_text("changed since")
    symbols = session.symbols
    assert symbols.files() == [str(file)]
    assert symbols.source(str(file)) == ASSEMBLY.splitlines()
    start = symbols.find("_start").address
    by_line = {}
    for row in symbols.rows:
        assert row.start < row.end
        by_line.setdefault(row.line.line, []).append((row.start - start, row.end - start))
    # Line 2 makes three instructions; the data of line 3 are none; line 5 fills with one nop.
    assert by_line == {2: [(0, 12)], 4: [(20, 24)], 6: [(24, 28)], 7: [(28, 32)], 8: [(32, 36)]}
    assert symbols.line_at(start + 12) is None
    assert session.locate("count.S:3") == (start + 20,)
    assert session.locate("count.S:1") == (start,) == session.locate("_start")
    with pytest.raises(CommandError, match=r"No code at or after line 9 of count\.S"):
        session.locate("count.S:9")
    with pytest.raises(CommandError, match=r"No source file named cuont\.S; did you mean count\.S"):
        session.locate("cuont.S:1")


def test_steps_by_line_through_assembly(tmp_path: Path) -> None:
    file = tmp_path / "steps.S"
    file.write_text("_start: li a0, 0x12345678\n call f\n li a1, 2\nend: j .\nf: li a2, 0x12345\n ret\n")
    config = ClusterConfig().changed({"boot": "cluster", "fc": 0, "harts": 1, "fetch": "ideal"})
    session = Session(Cluster(config), load_program(file))

    def lines(verb: Callable[[], object], count: int) -> list[int]:
        found = []
        for _ in range(count):
            verb()
            line = session.symbols.line_at(session.pc)
            assert line is not None
            found.append(line.line)
        return found

    assert lines(lambda: session.step_lines(), 5) == [2, 5, 6, 3, 4]
    session.cluster.goto_cycle(0)
    assert lines(lambda: session.next_lines(), 3) == [2, 3, 4]
