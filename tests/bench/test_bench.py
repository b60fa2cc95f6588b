"""Benchmarks: the tables they make, the cache that makes them resumable, and the command line."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flexdbg.bench import fig7, permutations, runner, scaling, table3
from flexdbg.bench.cache import ResultCache, cache_directory
from flexdbg.bench.measurement import Job, Measurement, measure
from flexdbg.bench.published import FIGURE_7_PEAK, FIGURE_7_SPEED_UPS, GAP8_PEAK, TABLE_III
from flexdbg.catalog import bundled_program
from flexdbg.errors import FlexdbgError
from flexdbg.machine.config import ClusterConfig, load_config

Cli = Callable[..., subprocess.CompletedProcess[str]]

KEYS = (
    "core",
    "pair",
    "mac_per_cycle",
    "paper",
    "residual_percent",
    "tops_per_watt",
    "cycles",
    "paper_tops_per_watt",
)
QUICK = Job("matmul-a2w2", ClusterConfig())


def made_up(cycles: int) -> Measurement:
    return Measurement(cycles, macs=4_718_592, energy_uj=4.0, ledger={"issue": cycles / 2})


@pytest.fixture
def cache(tmp_path: Path) -> ResultCache:
    return ResultCache(tmp_path)


def test_a_measurement_accounts_for_its_region() -> None:
    measured = measure(QUICK)
    assert measured.macs == bundled_program("matmul-a2w2").macs
    assert 50_000 < measured.cycles < 60_000
    # The ledgers begin and end with the barriers, the cycles with hart 0's reads of the timer just behind.
    assert sum(measured.ledger.values()) == pytest.approx(measured.cycles, abs=60)
    assert next(iter(measured.ledger)) == "issue"
    # Table III: 3.26 TOPS/W.
    assert measured.tops_per_watt == pytest.approx(3.26, rel=0.05)


def test_table_iii_has_a_job_for_each_of_its_21_cells() -> None:
    jobs = table3.jobs(ClusterConfig())
    assert len(jobs) == len(set(jobs)) == 21
    for job in jobs:
        assert bundled_program(job.program).core == job.config.core
        assert job.config.changed({"core": "flexv"}) == ClusterConfig()
    with pytest.raises(FlexdbgError, match="8 cores"):
        table3.jobs(ClusterConfig().changed({"harts": 4}))


def test_the_table_compares_with_the_paper() -> None:
    jobs = table3.jobs(ClusterConfig())
    report = table3.report(jobs, dict.fromkeys(jobs, made_up(200_000)))
    records = json.loads(report.as_json())
    assert [tuple(record) for record in records] == [KEYS] * 21
    first = records[0]
    assert (first["core"], first["pair"], first["paper"]) == ("ri5cy", "a8w8", 16.6)
    assert first["mac_per_cycle"] == pytest.approx(4_718_592 / 200_000, abs=1e-3)
    assert first["residual_percent"] == pytest.approx(100 * (first["mac_per_cycle"] / 16.6 - 1), abs=0.01)
    assert first["tops_per_watt"] == pytest.approx(2 * 4_718_592 / 4.0e-6 * 1e-12, abs=1e-3)


def test_figure_7_compares_every_core_with_flexv() -> None:
    jobs = fig7.jobs(ClusterConfig())
    # 24 pairs three times, but for the nine whose published kernel our assembly stands for.
    assert len(jobs) == len(set(jobs)) == 63
    cycles = {"ri5cy": 800_000, "mpic": 200_000, "xpulpnn": 400_000, "flexv": 100_000}
    report = fig7.report(jobs, {job: made_up(cycles[job.config.core]) for job in jobs})
    assert [(record["core"], record["flexv_speed_up"]) for record in report.records[::6]] == [
        ("ri5cy", 8.0),
        ("mpic", 2.0),
        ("xpulpnn", 4.0),
        ("flexv", 1.0),
    ]
    assert all(record["our_flexv_speed_up"] == record["flexv_speed_up"] for record in report.records)
    assert [note.split()[2].rstrip(":") for note in report.notes[:3]] == list(FIGURE_7_SPEED_UPS)
    with pytest.raises(FlexdbgError, match="8 cores"):
        fig7.jobs(ClusterConfig().changed({"harts": 4}))


def test_figure_7_peak_is_within_5_percent() -> None:
    job = next(job for job in fig7.jobs(ClusterConfig()) if job.program == "conv-a2w2o8")
    assert measure(job).mac_per_cycle == pytest.approx(FIGURE_7_PEAK, rel=0.05)


def test_27_permutations_and_their_peak() -> None:
    jobs = permutations.jobs(load_config("gap8"))
    assert len(jobs) == len(set(jobs)) == 27
    assert measure(jobs[0]).mac_per_cycle == pytest.approx(GAP8_PEAK, rel=0.03)
    report = permutations.report(jobs, dict.fromkeys(jobs, made_up(300_000)))
    assert [record["paper"] for record in report.records] == [GAP8_PEAK] + [None] * 26
    with pytest.raises(FlexdbgError, match="--config gap8"):
        permutations.jobs(ClusterConfig())


def test_another_way_of_requantization_is_another_measurement(cache: ResultCache) -> None:
    called, inlined = fig7.jobs(ClusterConfig())[:2]
    assert called.program == inlined.program
    cache.store(called, made_up(1))
    assert cache.find(inlined) is None


def test_csv_holds_what_json_holds() -> None:
    jobs = table3.jobs(ClusterConfig(), variants=True)
    report = table3.report(jobs, {job: made_up(100_000 + index) for index, job in enumerate(jobs)})
    rows = list(csv.DictReader(io.StringIO(report.as_csv())))
    assert [{key: str(value) for key, value in record.items()} for record in report.records] == rows


def test_html_is_one_well_formed_page() -> None:
    class Parser(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []
            self.rows = 0

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.rows += tag == "tr"
            if tag != "meta":
                self.open.append(tag)
            assert not {"src", "href"} & {name for name, _ in attributes}

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Parser()
    jobs = table3.jobs(ClusterConfig())
    parser.feed(table3.report(jobs, dict.fromkeys(jobs, made_up(200_000))).as_html())
    assert parser.open == []
    assert parser.rows == 22


def test_scaling_covers_harts_and_banks_and_compares_with_one_hart() -> None:
    jobs = scaling.jobs("matmul-a8w4-mpic", ClusterConfig())
    assert len(jobs) == 32
    assert {job.config.core for job in jobs} == {"mpic"}
    report = scaling.report(jobs, {job: made_up(1_000_000 // job.config.harts) for job in jobs})
    for record in report.records:
        assert record["speed_up"] == pytest.approx(record["harts"], rel=1e-3)
    with pytest.raises(FlexdbgError, match="measures nothing"):
        scaling.jobs("hello", ClusterConfig())


def test_a_stored_measurement_is_found_for_the_same_job_only(cache: ResultCache) -> None:
    assert cache.find(QUICK) is None
    cache.store(QUICK, made_up(1))
    assert cache.find(QUICK) == made_up(1)
    assert cache.find(Job("matmul-a4w2", QUICK.config)) is None
    assert cache.find(Job(QUICK.program, QUICK.config.changed({"tcdm_arbiter": "classic"}))) is None


def test_a_damaged_file_counts_as_absent(cache: ResultCache, tmp_path: Path) -> None:
    cache.store(QUICK, made_up(1))
    (stored,) = tmp_path.rglob("*.json")
    for damage in ("", "{", "[]", '{"cycles": 1}', "\0"):
        stored.write_text(damage)
        assert cache.find(QUICK) is None


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "bench").write_text("a file where the directory should be")
    cache = ResultCache(tmp_path)
    cache.store(QUICK, made_up(1))
    assert cache.find(QUICK) is None


def test_the_cache_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_directory() == tmp_path / "flexdbg"


def test_an_interrupted_sweep_goes_on_where_it_was(
    cache: ResultCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [Job("matmul-a2w2", ClusterConfig().changed({"harts": harts})) for harts in (8, 4, 2)]
    measured: list[int] = []

    def interrupted(job: Job) -> Measurement:
        if job.config.harts == 2 and len(measured) == 2:
            raise KeyboardInterrupt
        measured.append(job.config.harts)
        return made_up(job.config.harts)

    monkeypatch.setattr(runner, "measure", interrupted)
    partial = runner.run_jobs(jobs, cache=cache)
    assert [result.cycles for result in partial.values()] == [8, 4]
    measured.append(0)
    results = runner.run_jobs(jobs, cache=cache)
    assert measured == [8, 4, 0, 2]
    assert [results[job].cycles for job in jobs] == [8, 4, 2]


@pytest.mark.parametrize("share", [0, 1, 7])
def test_every_table_can_be_shown_in_part(share: int) -> None:
    config = ClusterConfig()
    tables = (
        (table3.report, table3.jobs(config)),
        (fig7.report, fig7.jobs(config)),
        (permutations.report, permutations.jobs(load_config("gap8"))),
        (scaling.report, scaling.jobs("matmul-a8w4", config)),
    )
    for report, jobs in tables:
        for chosen in (jobs[:share], jobs[len(jobs) - share :]):
            shown = report(jobs, dict.fromkeys(chosen, made_up(200_000)))
            assert len(json.loads(shown.as_json())) == len(shown.rows) <= share
            assert len(shown.as_csv().splitlines()) == len(shown.rows) + 1
            assert shown.as_html().count("<tr") == len(shown.rows) + 1
            shown.print()


def test_processes_give_the_same_results() -> None:
    jobs = [Job("matmul-a2w2", ClusterConfig().changed({"harts": harts})) for harts in (8, 7)]
    assert runner.run_jobs(jobs, processes=2) == runner.run_jobs(jobs)


def test_table3_on_the_command_line(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    page = tmp_path / "table.html"
    command = [sys.executable, "-m", "flexdbg", "bench", "table3", "--json", "-j", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as interrupted:
        while not any(tmp_path.rglob("*.json")) and interrupted.poll() is None:
            time.sleep(0.02)
        interrupted.send_signal(signal.SIGINT)
        shown, message = interrupted.communicate(timeout=60)
    assert interrupted.returncode == 130, message
    assert 0 < len(json.loads(shown)) < 21
    assert message.startswith("flexdbg: interrupted: ") and len(message.splitlines()) == 1
    done = cli("bench", "table3", "--json", "-j", "2", "--html", str(page))
    assert done.returncode == 0, done.stderr
    cells = {(cell["core"], cell["pair"]): cell for cell in json.loads(done.stdout)}
    assert set(cells) == {(core, pair) for core, pairs in TABLE_III.items() for pair in pairs}
    assert all(abs(cells["flexv", pair]["residual_percent"]) < 3 for pair in TABLE_III["flexv"])
    assert page.read_text().count("<tr") == 22
    start = time.perf_counter()
    again = cli("bench", "table3")
    assert time.perf_counter() - start < 2, "everything was measured before"
    lines = [line for line in again.stdout.splitlines() if line.startswith("flexv")]
    assert len(lines) == 6
    assert all("█" in line for line in lines)
    assert "\x1b" not in again.stdout


def test_scaling_on_the_command_line(cli: Cli) -> None:
    done = cli("bench", "scaling", "matmul-a2w2", "--csv", "--no-cache", "-j", "2")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    speed_up = {(int(row["banks"]), int(row["harts"])): float(row["speed_up"]) for row in rows}
    assert len(speed_up) == 32
    assert speed_up[16, 8] >= 7.4
    assert speed_up[4, 8] < speed_up[16, 8] <= speed_up[32, 8] + 0.1


@pytest.mark.parametrize(
    "words",
    [
        ("table3", "--set", "harts=4"),
        ("table3", "--json", "--csv"),
        ("scaling", "hello"),
        ("scaling", "nonsense"),
        ("table3", "--html", "/nowhere/at/all.html"),
        ("table3", "-j", "0"),
        ("fig7", "--set", "harts=2"),
        ("permutations", "--config", "flexv"),
    ],
)
def test_bad_input_ends_with_one_line(cli: Cli, words: tuple[str, ...]) -> None:
    done = cli("bench", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("flexdbg: ")
    assert len(done.stderr.splitlines()) == 1
