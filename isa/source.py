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


def _without_comments(text: str) -> str:
    """The text with every comment blanked out; positions and lines stay."""
    out, kept, position = [], 0, 0
    while found := _BREAK.search(text, position):
        here, char = found.start(), found[0]
        end = here
        if char == '"':
            position = _string_end(text, here)
            continue
        if char == "'":
            position = _character_end(text, here)
            continue
        if char == "#" or text.startswith("//", here):
            end = text.find("\n", here)
        elif text.startswith("/*", here):
            end = text.find("*/", here + 2)
            end = end + 2 if end >= 0 else -1
        if end < 0:
            end = len(text)
        position = max(end, here + 1)
        if end > here:
            out += [text[kept:here], re.sub(r"[^\n]", " ", text[here:end])]
            kept = end
    return "".join(out) + text[kept:]


def _character_end(text: str, position: int) -> int:
    """Index behind 'c' or '\\n'; GNU as also takes 'c without the closing quote."""
    end = position + (3 if text[position + 1 : position + 2] == "\\" else 2)
    return end + 1 if text[end : end + 1] == "'" else end


def _pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """(line, start, end) of the text between separators outside strings."""
    line, start, position = 1, 0, 0
    while found := _BREAK.search(text, position):
        here, char = found.start(), found[0]
        if char == '"':
            position = _string_end(text, here)
        elif char == "'":
            position = _character_end(text, here)
        else:
            position = here + 1
            if char in "\n;":
                yield line, start, here
                line += char == "\n"
                start = position
    yield line, start, len(text)


def split_source(source: str) -> Iterator[Statement]:
    """Statements in order."""
    text = _without_comments(source)
    for line, start, end in _pieces(text):
        labels = []
        while found := _LABEL.match(text, start, end):
            labels.append(found[1])
            start = found.end()
        rest = text[start:end].strip()
        if not rest:
            if labels:
                yield Statement(line, tuple(labels), "", "", start, start)
            continue
        start = text.index(rest[0], start)
        end = start + len(rest)
        word = _WORD.match(rest)
        if word:
            yield Statement(line, tuple(labels), word[1], rest[word.end() :].strip(), start, end)
        else:
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
