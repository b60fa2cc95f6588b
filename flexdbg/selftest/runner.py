"""Files and directories of recordings to checked tests, and the report."""

import gzip
import json
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TextIO

from flexdbg.errors import FlexdbgError, ProgramError
from flexdbg.resources import resource_directory
from flexdbg.selftest.result import Outcome

__all__ = ["run_selftest"]

_SUFFIXES = (".json", ".json.gz", ".jsonl", ".jsonl.gz")
_SHOWN_FAILURES = 20


def run_selftest(paths: Sequence[Path], out: TextIO, *, only: str = "", verbose: bool = False) -> int:
    """Check files of the conformance schemas, the bundled ones by default; returns the exit status."""
    bundled = not paths
    files = _files(paths or [resource_directory("data/conformance")])
    total = failed = 0
    for path in files:
        count, bad = _report(path.name, _outcomes(path, only), out, verbose)
        total += count
        failed += bad
    if bundled and not only:
        if find_spec("capstone") is None:
            out.write("capstone: not installed, cross-check left out (pip install 'flexdbg[test]')\n")
        else:
            from flexdbg.selftest.crosscheck import check_capstone

            count, bad = _report("RV32IMC decoder", check_capstone(), out, verbose)
            total += count
            failed += bad
    out.write(f"{total - failed} passed, {failed} failed\n")
    return int(failed > 0)


def _report(title: str, outcomes: Iterator[Outcome], out: TextIO, verbose: bool) -> tuple[int, int]:
    start = time.perf_counter()
    failures: list[Outcome] = []
    count = 0
    for outcome in outcomes:
        count += 1
        if not outcome.passed:
            failures.append(outcome)
    seconds = time.perf_counter() - start
    out.write(
        f"{title}: {count} tests, {count - len(failures)} passed, {len(failures)} failed ({seconds:.1f} s)\n"
    )
    for outcome in failures if verbose else failures[:_SHOWN_FAILURES]:
        out.write(f"  FAIL {outcome.name}\n")
        for mismatch in outcome.mismatches if verbose else outcome.mismatches[:1]:
            out.write(f"       {mismatch}\n")
        hidden = len(outcome.mismatches) - 1
        if hidden > 0 and not verbose:
            out.write(f"       and {hidden} more; -v shows all\n")
    if not verbose and len(failures) > _SHOWN_FAILURES:
        out.write(f"  and {len(failures) - _SHOWN_FAILURES} more failing tests; -v shows all\n")
    out.flush()
    return count, len(failures)


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.name.endswith(_SUFFIXES) and p.is_file())
            if not found:
                raise ProgramError(f"{path}: no file ending in {', '.join(_SUFFIXES)}")
            files += found
        elif path.is_file():
            files.append(path)
        else:
            raise ProgramError(f"{path}: no such file or directory")
    return files


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        return data.decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ProgramError(f"cannot read {path}: {error}") from error


def _outcomes(path: Path, only: str) -> Iterator[Outcome]:
    text = _read(path)
    try:
        if path.name.endswith((".jsonl", ".jsonl.gz")):
            yield from _assembly(text, only)
            return
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise ProgramError(f"{path}: not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ProgramError(f"{path}: expected an object with a `schema`")
    try:
        yield from _document(path, document, only)
    except (KeyError, TypeError, AttributeError) as error:
        raise ProgramError(f"{path}: does not follow its schema: {type(error).__name__} {error}") from error


def _assembly(text: str, only: str) -> Iterator[Outcome]:
    from flexdbg.selftest.assembly import check_assembly

    yield from check_assembly(line for line in text.splitlines() if only in line)


def _document(path: Path, document: dict[str, Any], only: str) -> Iterator[Outcome]:
    from flexdbg.selftest.programs import check_cluster_test, check_program
    from flexdbg.selftest.vectors import check_vectors

    schema = document.get("schema")
    if schema == "flexdbg-vectors-1":
        groups = [g for g in document["groups"] if only in g["name"] or only in g["group"]]
        yield from check_vectors({**document, "groups": groups})
        return
    checks = {"flexdbg-conformance-1": check_program, "flexdbg-cluster-1": check_cluster_test}
    if schema not in checks:
        known = ", ".join((*checks, "flexdbg-vectors-1"))
        raise ProgramError(f"{path}: schema {schema!r} is not known; known are {known}")
    for test in document["tests"]:
        if only in test["name"] or only in test["group"]:
            try:
                yield from checks[schema](test)
            except FlexdbgError as error:
                failed = Outcome(test["name"])
                failed.compare("run", "no error", str(error))
                yield failed
