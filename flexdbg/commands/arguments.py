"""Arguments that many commands take: counts, numbers, lists of numbers."""

import re

from flexdbg.commands.context import Context
from flexdbg.errors import CommandError

__all__ = ["count_argument", "number_argument", "number_list"]


def number_argument(context: Context, argument: str, what: str) -> int:
    """A number or an expression; cycles may be larger than 32 bits, so plain decimals are read directly."""
    text = argument.strip().replace(",", "").replace("_", "")
    if not text:
        raise CommandError(f"{what} is missing")
    if text.isdigit():
        return int(text)
    return context.session.evaluate(argument).scalar()


def count_argument(context: Context, argument: str) -> int:
    """An optional count of at least 1."""
    if not argument:
        return 1
    count = number_argument(context, argument, "a count")
    if count < 1:
        raise CommandError(f"{argument}: the count must be at least 1")
    return count


def number_list(argument: str, what: str) -> list[int]:
    """`1 3-5 7` as numbers."""
    numbers: list[int] = []
    for word in argument.replace(",", " ").split():
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        if match is None:
            raise CommandError(f"{word!r}: expected {what} such as 2 or 3-5")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last - first > 10_000:
            raise CommandError(f"{word}: the range is empty or too long")
        numbers.extend(range(first, last + 1))
    return numbers
