"""What may stand at the cursor: commands, info names, symbols, registers, settings, breakpoints, files."""

import re
from collections.abc import Iterator
from pathlib import Path

from flexdbg.commands.interpreter import Interpreter
from flexdbg.commands.lessons import LESSON_VERBS
from flexdbg.commands.registry import commands, infos
from flexdbg.commands.settings import setting_names
from flexdbg.debug.events import EVENT_NAMES
from flexdbg.debug.session import Session
from flexdbg.errors import CommandError
from flexdbg.isa import mnemonics
from flexdbg.learn.lesson import lessons
from flexdbg.machine import registers

__all__ = ["candidates"]


def candidates(interpreter: Interpreter, text: str) -> Iterator[tuple[str, int]]:
    """Completions for the text before the cursor: (text, start relative to the cursor)."""
    line = text.lstrip()
    match = re.match(r"[\w-]+(?=[\s/])", line)
    if match is None:
        yield from _words(sorted({*commands.names(), *interpreter.context.user_commands}), line)
        return
    try:
        found = interpreter.context.user_commands.get(match[0]) or commands.find(match[0])
    except CommandError:
        return
    rest = line[match.end() :].lstrip()
    if found.name == "info":
        inner = re.match(r"([\w-]+)\s+(.*)", rest)
        if inner is None:
            yield from _words(infos.names(), rest)
            return
        try:
            found = infos.find(inner[1])
        except CommandError:
            return
        rest = inner[2]
    if found.name == "thread" and (apply := re.match(r"apply\s+(?:all|[\d\s-]+)\s+(.*)", rest)):
        yield from candidates(interpreter, apply[1])
        return
    yield from _arguments(interpreter, found.complete, rest)


def _arguments(interpreter: Interpreter, kind: str, rest: str) -> Iterator[tuple[str, int]]:
    session = interpreter.context.session
    word = re.split(r"[\s*&(\[+,=-]", rest)[-1]
    if kind in ("expression", "type", "setting") and (
        inside := re.search(r"([\w$\]\[.>-]+?)(?:\.|->)(\w*)$", rest)
    ):
        yield from _words(session.scope.member_names(inside[1]), inside[2])
        return
    if kind == "file":
        yield from _files(rest)
    elif kind == "command":
        yield from _words(sorted({*commands.names(), *interpreter.context.user_commands}), word)
    elif kind == "lesson":
        yield from _words([*LESSON_VERBS, *(lesson.id for lesson in lessons())], word)
    elif kind == "setting" and " " not in rest and not rest.startswith("$"):
        yield from _words(setting_names(), word)
    elif kind == "breakpoint":
        yield from _words([str(b.number) for b in session.breakpoints], word)
    elif kind == "csr":
        yield from _words([csr.name for csr in registers.csrs_of(session.cluster.config.core)], word)
    elif kind == "register":
        yield from _words([*registers.names(), *registers.GROUPS], word.removeprefix("$"))
    elif kind == "event":
        yield from _words([*EVENT_NAMES], word) if " " not in rest else ()
    elif kind == "bookmark":
        yield from _words(["start", "end", *session.timeline.bookmarks], word)
    elif kind in ("expression", "location", "instruction", "setting", "type"):
        if word.startswith("$"):
            yield from _words([f"${name}" for name in registers.names()], word)
        else:
            yield from _words(_names(session, kind, rest), word)
            if kind == "instruction":
                yield from _words(mnemonics(), rest)
            if kind in ("location", "instruction"):
                files = {file.rpartition("/")[2] + ":" for file in session.symbols.files()}
                yield from _words(sorted(files), word)


def _names(session: Session, kind: str, text: str) -> list[str]:
    """Symbols; in expressions what the selected frame sees, and types."""
    if kind in ("location", "instruction"):
        return session.symbols.names()
    tag = tag_before(text)
    if tag:
        return session.scope.type_names(tag)
    types = session.scope.type_names() if kind in ("expression", "type") else []
    return sorted({*session.scope.visible_names(), *types})


def _words(known: list[str], word: str) -> Iterator[tuple[str, int]]:
    for name in known:
        if name.startswith(word):
            yield name, -len(word)


def _files(text: str) -> Iterator[tuple[str, int]]:
    directory, _, start = text.rpartition("/")
    base = Path(directory or ("/" if text.startswith("/") else ".")).expanduser()
    try:
        entries = sorted(base.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(start) and (start.startswith(".") or not entry.name.startswith(".")):
            yield entry.name + ("/" if entry.is_dir() else ""), -len(start)


def tag_before(text: str) -> str:
    """`struct`, `union` or `enum`, where the word at the cursor stands behind one."""
    match = re.search(r"\b(struct|union|enum)\s+\w*$", text)
    return match[1] if match else ""
