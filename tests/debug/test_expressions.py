"""The expression language."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flexdbg import Session
from flexdbg.commands.formats import format_value
from flexdbg.errors import ExpressionError, FlexdbgError

TABLE = 0x10000400
SYMBOLS = {
    "table": (TABLE, 16, "object"),
    "byte": (TABLE + 1, 1, "object"),
    "half": (TABLE + 2, 2, "object"),
    "word": (TABLE + 4, 4, "object"),
    "main": (0x1C008080, 8, "func"),
}
DATA = (0x80FF0201).to_bytes(4, "little") + (-2 & 0xFFFFFFFF).to_bytes(4, "little") + bytes(range(8))


@pytest.fixture
def session(make_session: Callable[..., Session]) -> Session:
    made = make_session("nop\nj .", symbols=SYMBOLS, data={TABLE: DATA})
    made.current.write("a0", 0xFFFFFFF6)
    made.current.write("a1", TABLE)
    made.current.write("nn_w0", 0x8F7123A5)
    return made


def show(session: Session, text: str, fmt: str = "") -> str:
    value = session.evaluate(text)
    return format_value(value, fmt, session.symbols.name_of)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("0x10 | 0b11", "19"),
        ("010", "8"),
        ("1 << 4 >> 1", "8"),
        ("~0", "-1"),
        ("!5 + !0", "1"),
        ("2 < 3 && 3 >= 3 || 1 / 0", "1"),
        ("1 ? 2 : 3", "2"),
        ("0 ? 2 : 0 ? 4 : 5", "5"),
        ("'a'", "97 'a'"),
        ("'\\n'", "10 '\\n'"),
        ("0x7fffffff + 1", "-2147483648"),
        ("0x80000000 + 0", "2147483648"),
        ("$a0", "-10"),
        ("$x10 + 1", "-9"),
        ("$pc", "(void (*)()) 0x1c008080 <main>"),
        ("$nn_w0.i4", "{5, -6, 3, 2, 1, 7, -1, -8}"),
        ("$nn_w0.u2[3]", "2"),
        ("$nn_w0.i16", "{9125, -28815}"),
        ("$a0.i8[0]", "-10"),
        ("*(int *)$a1", "-2130771455"),
        ("*(int8 *)($a1 + 2)", "-1"),
        ("*((uint8 *)$a1 + 3)", "128"),
        ("((int16 *)$a1)[0]", "513"),
        ("{short}0x10000400", "513"),
        ("{uint8}($a1 + 3)", "128"),
        ("(int8)0x1ff", "-1"),
        ("(unsigned char)-1", "255 '\\377'"),
        ("byte", "2 '\\002'"),
        ("half", "-32513"),
        ("word", "-2"),
        ("&word", "(int *) 0x10000404 <word>"),
        ("table[1]", "-2"),
        ("*&word", "-2"),
        ("&table[3] - &table[1]", "2"),
        ("*0x10000400@2", "{-2130771455, -2}"),
        ("main", "{<text variable, no debug info>} 0x1c008080 <main>"),
        ("main + 4", "(void (*)()) 0x1c008084 <main+0x4>"),
        ("'main'", "{<text variable, no debug info>} 0x1c008080 <main>"),
        ("$_hart", "0"),
        ("$_thread == 1", "1"),
    ],
)
def test_values(session: Session, text: str, expected: str) -> None:
    assert show(session, text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "an expression is missing"),
        ("1 +", "expected a value, not 'the end'"),
        ("(1", "expected '\\)'"),
        ("1 2", "unexpected '2'"),
        ("$nosuch", "no register or variable"),
        ("tabel", "No symbol .tabel. in current context; did you mean table"),
        ("1 / 0", "division by zero"),
        ("$a0.i3", "lanes are .i2 .u2"),
        ("$nn_w0.i4[8]", "lanes are 0 to 7"),
        ("$nn_w0.i4 + 1", "pick one with"),
        ("5 = 6", "cannot be assigned"),
        ("$1 = 6", "cannot be changed"),
        ("&5", "Attempt to take address of value not located in memory"),
        ("5[1]", "needs an array"),
        ("*0x50000000", "cannot access 4 bytes at 0x50000000"),
        ("5@2", "must be in memory"),
        ("*0x10000400@0", "the count is 1 to"),
        ("0x123456789abcdef01", "Numeric constant too large"),
        ("0x", "cannot read .0x."),
        ("#", "cannot read"),
        ("{foo}4", "expected a type"),
    ],
)
def test_errors(session: Session, text: str, message: str) -> None:
    with pytest.raises(FlexdbgError, match=message):
        session.evaluate(text)


def test_assignments_reach_registers_lanes_memory_and_variables(session: Session) -> None:
    session.evaluate("$a2 = 5")
    session.evaluate("$a2 += 2")
    assert session.current.read("a2") == 7
    session.evaluate("$nn_w0.i4[2] = -7")
    assert session.current.read("nn_w0") == 0x8F7129A5
    session.evaluate("*(int8 *)0x10000401 = -1")
    assert session.cluster.read_memory(TABLE, 4) == bytes.fromhex("01ffff80")
    session.evaluate("word = $count = 3")
    assert session.cluster.read_word(TABLE + 4) == 3
    session.evaluate("$count = $count * 2")
    assert show(session, "$count") == "6"
    session.evaluate("$mix_skip = 9")
    assert session.current.read("mix_skip") == 9


@pytest.mark.parametrize(
    ("text", "fmt", "expected"),
    [
        ("$a0", "x", "0xfffffff6"),
        ("$a0", "u", "4294967286"),
        ("10", "t", "1010"),
        ("8", "o", "010"),
        ("65", "c", "65 'A'"),
        ("5", "z", "0x00000005"),
        ("$nn_w0.i4", "x", "{0x5, 0xa, 0x3, 0x2, 0x1, 0x7, 0xf, 0x8}"),
        ("0x1c008084", "a", "0x1c008084 <main+0x4>"),
    ],
)
def test_formats(session: Session, text: str, fmt: str, expected: str) -> None:
    assert show(session, text, fmt) == expected


@given(st.text(alphabet="$a01x+-*/%&|^~!<>=?:()[]{}.@, intword'", max_size=30))
def test_any_text_evaluates_or_is_refused(session: Session, text: str) -> None:
    with contextlib.suppress(FlexdbgError):
        session.evaluate(text)


def test_deep_nesting_is_refused_without_a_traceback(session: Session) -> None:
    with pytest.raises(ExpressionError, match="nested too deeply"):
        session.evaluate("(" * 20_000 + "1" + ")" * 20_000)


@given(st.integers(-(1 << 31), (1 << 31) - 1), st.integers(-(1 << 31), (1 << 31) - 1))
def test_arithmetic_wraps_like_the_machine(session: Session, a: int, b: int) -> None:
    session.current.write("t0", a)
    session.current.write("t1", b)
    for operator, result in (("+", a + b), ("-", a - b), ("*", a * b), ("&", a & b), ("^", a ^ b)):
        value = session.evaluate(f"$t0 {operator} $t1")
        assert value.unsigned == result & 0xFFFFFFFF
