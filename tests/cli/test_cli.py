"""The command line: what it prints, exit statuses, and bad input."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import flexdbg
from flexdbg.cli import main

Cli = Callable[..., subprocess.CompletedProcess[str]]


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout == f"flexdbg {flexdbg.__version__}\n"


def test_list_names_every_bundled_program(cli: Cli) -> None:
    names = [line.split()[0] for line in cli("list").stdout.splitlines()]
    assert {"hello", "matmul-a8w8", "matmul-a8w4", "matmul-a2w2"} <= set(names)


@pytest.mark.parametrize("command", ["--version", "list"])
def test_start_up_is_quick(cli: Cli, command: str) -> None:
    def seconds() -> float:
        start = time.perf_counter()
        cli(command)
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.3


def test_run_prints_output_and_a_summary(cli: Cli) -> None:
    done = cli("run", "hello")
    assert done.returncode == 0
    assert done.stdout.startswith("hello from hart 0 of 8\n")
    for word in (
        "cycles",
        "instructions",
        "energy, estimate",
        "exit status",
        "where the cycles went",
        "barrier",
    ):
        assert word in done.stdout
    assert "\x1b" not in done.stdout


def test_run_json_has_the_promised_keys(cli: Cli) -> None:
    done = cli("run", "hello", "--json")
    report = json.loads(done.stdout)
    assert "hello from hart 7" in done.stderr
    assert report["program"] == "hello"
    assert report["core"] == "flexv"
    assert report["harts"] == 8
    assert report["exit_status"] == 0
    assert report["cycles"] > 1000
    assert report["instructions"] == sum(counters["instructions"] for counters in report["counters"])
    assert report["macs"] == 0
    assert report["mac_per_cycle"] == 0
    assert len(report["ledger"]) == 8
    for ledger in report["ledger"]:
        assert sum(ledger.values()) == report["cycles"]
    assert len(report["bank_conflicts"]) == 16
    assert report["energy_uj"] > 0


def test_run_is_deterministic(cli: Cli) -> None:
    assert cli("run", "hello", "--json").stdout == cli("run", "hello", "--json").stdout


def test_run_stats_and_machine_options(cli: Cli) -> None:
    done = cli("run", "hello", "--stats", "--harts", "2", "--set", "l2_latency_load=30", "--config", "gvsoc")
    assert done.returncode == 0
    assert "core flexv, 2 harts" in done.stdout
    assert "stall ledger, cycles" in done.stdout
    assert "taken_branches" in done.stdout


def test_run_trace(cli: Cli, tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    report = json.loads(cli("run", "hello", "--json", "--trace", str(trace)).stdout)
    lines = trace.read_text().splitlines()
    assert lines[0] == "# cycle hart pc symbol instruction"
    cluster = [line for line in lines[1:] if line.split()[1] != "8"]
    assert len(cluster) == report["instructions"]
    assert any(" _start " in line for line in lines)


def test_a_trace_that_cannot_be_written(cli: Cli) -> None:
    for path in ("/dev/full", "/nonexistent/trace"):
        done = cli("run", "hello", "--trace", path)
        assert done.returncode == 2
        assert done.stderr.startswith(f"flexdbg: cannot write the trace to {path}: ")
        assert done.stderr.count("\n") == 1


def test_max_cycles(cli: Cli) -> None:
    done = cli("run", "hello", "--max-cycles", "500")
    assert done.returncode == 124
    assert "still running after 500 cycles" in done.stderr


def make_words(cli: Cli, tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "program.hex"
    path.write_text(cli("asm", *lines).stdout)
    return str(path)


def test_the_programs_status_is_ours(cli: Cli, tmp_path: Path) -> None:
    words = make_words(
        cli, tmp_path, "lui t0, 0x1a104", "lui t1, 0x80000", "addi t1, t1, 7", "sw t1, 0xa0(t0)"
    )
    assert cli("run", words, "--set", "boot=cluster", "--set", "fc=0").returncode == 7


def test_a_stop_has_a_diagnosis(cli: Cli, tmp_path: Path) -> None:
    words = make_words(cli, tmp_path, "lui t0, 0x60000", "lw t1, 0(t0)")
    done = cli("run", words, "--set", "boot=cluster", "--set", "fc=0", "--harts", "1")
    assert done.returncode == 125
    assert "flexdbg: hart 0 at 0x1c0080" in done.stderr
    assert "60000000" in done.stderr
    assert "Traceback" not in done.stderr


def test_asm_and_disasm(cli: Cli) -> None:
    assert cli("asm", "p.lw a0, 4(a1!)", "c.nop").stdout == "0045a50b\n0001\n"
    text = "start: addi a0, a0, 1 # one\n  bne a0, a1, start\nPV.SDOTSP.SCI.B a0, a1, -3\n"
    words = cli("asm", "-", input=text).stdout
    assert words == "00150513\nfeb51ee3\nbbe5f557\n"
    assert (
        cli("disasm", "-", input=words).stdout
        == "addi a0, a0, 1\nbne a0, a1, .-4\npv.sdotsp.sci.b a0, a1, -3\n"
    )
    assert cli("disasm", "--origin", "0x100", "00150513", "feb51ee3").stdout.endswith("bne a0, a1, 0x100\n")
    words = ["feb51ee3", "0000006f", "0046407b"]
    text = cli("disasm", "--origin", "0x1c008080", *words).stdout
    assert cli("asm", "--origin", "0x1c008080", *text.splitlines()).stdout.split() == words
    assert cli("disasm", "0x00150513").stdout == "addi a0, a0, 1\n"


def test_isa_pages(cli: Cli) -> None:
    assert "signed dot product" in cli("isa", "pv.sdotsp.b").stdout
    assert "xflexv" in cli("isa").stdout
    assert "p.clip" in cli("isa", "xpulpv2").stdout
    assert "pv.sdotup" in cli("isa", "--find", "dot", "product").stdout


def test_config_shows_the_effective_configuration(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "machine.toml"
    path.write_text(cli("config", "--config", "gap8", "--set", "harts=4").stdout)
    config = json.loads(cli("config", "--config", str(path), "--json").stdout)
    assert (config["core"], config["harts"], config["tcdm_size"]) == ("ri5cy", 4, 65536)


def test_a_program_alone_opens_the_debugger(cli: Cli) -> None:
    assert cli("hello", "-ex", "print 6 * 7", "--batch").stdout == "$1 = 42\n"


def test_no_arguments_print_help(cli: Cli) -> None:
    done = cli()
    assert done.returncode == 0
    assert "flexdbg PROGRAM" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["run", "matmul-a8w5"],
            "no bundled program and no file is called 'matmul-a8w5'; did you mean matmul-a8w",
        ),
        (["matmul-a8w5"], "did you mean matmul-a8w"),
        (["run"], "the following arguments are required: PROGRAM"),
        (["run", "missing.elf"], "cannot read 'missing.elf': No such file"),
        (["run", "/"], "cannot read"),
        (["run", "hello", "--harts", "17"], "harts = 17: allowed is 1 to 16"),
        (["run", "hello", "--harts", "x"], "'x' is not a number"),
        (["run", "hello", "--core", "arm"], "invalid choice"),
        (["run", "hello", "--set", "bank=3"], "unknown configuration key 'bank'"),
        (["run", "hello", "--set", "tcdm_banks=3"], "tcdm_banks = 3: allowed is a power of two from 1 to 64"),
        (["run", "hello", "--config", "none"], "cannot read configuration 'none'"),
        (["run", "hello", "--max-cycles", "0"], "must be at least 1"),
        (["run", "hello", "--trace", "/nonexistent/trace"], "cannot write the trace"),
        (["run", "hello", "--bogus"], "unrecognized arguments: --bogus"),
        (["asm", "foo a0"], "line 1: unknown instruction 'foo'"),
        (
            ["asm", "addi a0, a0, 1", "addi a0, a0, 5000"],
            "line 2: addi: operand 3: value 5000 is not in -2048..2047",
        ),
        (["asm", "--origin", "3", "nop"], "allowed is an even address"),
        (["disasm", "xyz"], "line 1: 'xyz' is no instruction word"),
        (["disasm", "123456789"], "no instruction word"),
        (["disasm", "ffff"], "half of a 32-bit instruction"),
        (["isa", "pv.sdotspp.b"], "did you mean"),
        (["isa", "--find", "qqqq"], "no instruction or CSR has the words"),
        (["selftest", "missing"], "missing: no such file or directory"),
        (["learn", "99"], "no lesson '99': 1 to 10"),
        (["bench"], "required: WHAT"),
        (["config", "--set", "harts"], "expected KEY=VALUE"),
        (["repl", "hello", "--bogus"], "unrecognized arguments"),
    ],
)
def test_bad_input_is_one_message_and_status_2(cli: Cli, arguments: list[str], message: str) -> None:
    done = cli(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.startswith("flexdbg: ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "expected an object with a `schema`"),
        ('{"schema": "other"}', "schema 'other' is not known"),
        ('{"schema": "flexdbg-conformance-1", "tests": [{"name": "x"}]}', "does not follow its schema"),
        ('{"schema": "flexdbg-vectors-1"}', "does not follow its schema"),
    ],
)
def test_wrong_selftest_files(cli: Cli, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "test.json"
    path.write_text(content)
    done = cli("selftest", str(path))
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr


def test_foreign_elfs_on_the_command_line(cli: Cli, make_elf: Callable[..., bytes], tmp_path: Path) -> None:
    path = tmp_path / "arm.elf"
    path.write_bytes(make_elf(bytes(8), machine=40))
    for command in ("run", "repl"):
        done = cli(command, str(path))
        assert (done.returncode, done.stderr) == (
            2,
            "flexdbg: arm.elf: an ELF for ARM; this machine runs 32-bit RISC-V programs\n",
        )


def test_output_into_a_closed_pipe(root: Path) -> None:
    done = subprocess.run(
        "python -m flexdbg isa xpulpv2 | head -1", shell=True, capture_output=True, text=True, cwd="/"
    )
    assert "Traceback" not in done.stderr


WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["asm", "disasm", "isa", "config", "--set", "--core", "--origin", "-", "--json", "flexv"]
        ),
        st.text(alphabet=st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), max_size=12),
    ),
    max_size=5,
)


@settings(max_examples=200)
@given(WORDS)
def test_any_arguments_end_in_a_status(words: list[str]) -> None:
    """Only commands that start no machine: their work is bounded."""
    if not words or words[0] not in ("asm", "disasm", "isa", "config"):
        words = ["disasm", *words]
    if "-" in words or len(words) == 1:
        words = ["disasm", "00000013"]
    try:
        status = main(words)
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status in (0, 2)


def test_explain_without_a_machine(cli: Cli) -> None:
    shown = cli("explain", "0xd8a004f7").stdout
    assert "pv.mlsdotsup.h s1, zero, 10" in shown
    assert "│ 1101100 │ 01010" in shown and "Depends on" in shown
    shown = cli("explain", "pv.sdotsp.b a0, a1, a2", "a0=100", "a1=0x7f02810c", "a2=0x01ff80fe").stdout
    assert "a0 100 + 16357 = 16457" in shown
    state = ("sb_legacy=0", "simd_fmt=8", "mix_cycle=1", "nn_w0=-1")
    shown = cli("explain", "pv.mlsdotsup.v a0, x0, 0", *state).stdout
    assert "slice 1 of 2: nibbles 4..7" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["addi"], "give it operands, as in `addi rd, rs1, imm`"),
        (["foo a0"], "unknown instruction 'foo'"),
        (["add a0, a1, a2", "a9=1"], "no register 'a9'"),
        (["add a0, a1, a2", "a1=x"], "a1=x: not a number"),
        (["0x4503"], "half of a 32-bit instruction"),
    ],
)
def test_what_cannot_be_explained(cli: Cli, arguments: list[str], message: str) -> None:
    found = cli("explain", *arguments)
    assert found.returncode == 2 and message in found.stderr, found.stderr


def test_isa_of_csrs_and_formats(cli: Cli) -> None:
    assert "weight slice of the next mixed dot product" in cli("isa", "mix_cycle").stdout
    assert "0x00d  simd_fmt" in cli("isa", "csrs").stdout
    assert "8   a8w4" in cli("isa", "formats").stdout
    assert "CSR 0x00f" in cli("isa", "--find", "slice").stdout


def test_isa_as_a_site(cli: Cli, tmp_path: Path) -> None:
    found = cli("isa", "--html", str(tmp_path / "site"))
    assert "begin with" in found.stdout and (tmp_path / "site" / "index.html").is_file()
