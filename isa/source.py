"""Assembly source to statements: comments, strings, separators and labels of GNU as for RISC-V."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Statement", "split_operands", "split_source"]

_LABEL = re.compile(r"\s*([A-Za-z_.$][\w.$]*|\d+)\s*:(?!:)")
_WORD = re.compile(r"\s*([A-Za-z_.$\\][\w.$\\]*)")
_BREAK = re.compile(r'["\'#;/*\n]')


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with the span of its mnemonic and operands in the source text."""

    line: int
    labels: tuple[str, ...]
    name: str  # mnemonic or directive as written, "" for labels alone
    operands: str
    start: int
    end: int


def _string_end(text: str, position: int) -> int:
    """Index behind the string that opens at `position`; an open string ends with its line."""
    k = position + 1
    while k < len(text) and text[k] not in '"\n':
        k += 2 if text[k] == "\\" else 1
    return min(k + 1, len(text))


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """(line, start, end) of the text between separators, comments cut off."""
    line, start, position = 1, 0, 0
    while position < len(text):
        found = _BREAK.search(text, position)
        if not found:
            break
        here, char = found.start(), found[0]
        if char == '"':
            position = _string_end(text, here)
        elif char == "'":  # 'c' or '\n'; GNU as also takes 'c without the closing quote
            position = here + (3 if text[here + 1 : here + 2] == "\\" else 2)
            if text[position : position + 1] == "'":
                position += 1
        elif char in "\n;":
            yield line, start, here
            line += char == "\n"
            start = position = here + 1
        elif char == "#" or text.startswith("//", here):
            yield line, start, here
            end = text.find("\n", here)
            if end < 0:
                return
            line += 1
            start = position = end + 1
        elif text.startswith("/*", here):
            yield line, start, here
            end = text.find("*/", here + 2)
            if end < 0:
                return
            line += text.count("\n", here, end)
            start = position = end + 2
        else:
            position = here + 1
    yield line, start, len(text)


def split_source(text: str) -> Iterator[Statement]:
    """Statements in order."""
    for line, start, end in _pieces(text):
        labels = []
        while found := _LABEL.match(text, start, end):
            labels.append(found[1])
            start = found.end()
        word = _WORD.match(text, start, end)
        rest = text[start:end].strip()
        if word and rest:
            name = word[1]
            yield Statement(line, tuple(labels), name, text[word.end() : end].strip(), word.start(1), end)
        elif rest or labels:
            yield Statement(line, tuple(labels), rest, "", start, end)


def split_operands(text: str) -> list[str]:
    """Operands at the commas outside parentheses and strings."""
    parts, depth, start, k = [], 0, 0, 0
    while k < len(text):
        char = text[k]
        if char == '"':
            k = _string_end(text, k)
            continue
        if char == "'":
            k += 2
            continue
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            parts.append(text[start:k].strip())
            start = k + 1
        k += 1
    last = text[start:].strip()
    if last or parts:
        parts.append(last)
    return parts
