"""Allowed values of configuration parameters: one small class per kind, each able to describe itself."""

from typing import Protocol

__all__ = ["Allowed", "Choice", "Flag", "PowerOfTwo", "Range"]


class Allowed(Protocol):
    """What a parameter accepts; `str()` of it completes the sentence "allowed is ..."."""

    def accepts(self, value: object) -> bool: ...

    def parse(self, text: str) -> object | None:
        """The value of a command-line word, None if it has the wrong form."""

    def toml(self, value: object) -> str: ...


def _parse_number(text: str) -> int | float | None:
    text = text.strip().lower().replace("_", "")
    factor = 1
    if text[-1:] in ("k", "m") and not text.startswith("0x"):
        factor = 1024 if text[-1] == "k" else 1024 * 1024
        text = text[:-1]
    try:
        return int(text, 0) * factor
    except ValueError:
        pass
    try:
        number = float(text) * factor
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


class Range:
    """An integer from `first` to `last`, both included; with `real`, any number between them."""

    def __init__(
        self, first: int, last: int, *, step: int = 1, hexadecimal: bool = False, real: bool = False
    ) -> None:
        self.first, self.last, self.step = first, last, step
        self.hexadecimal, self.real = hexadecimal, real

    def accepts(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float) if self.real else int):
            return False
        return self.first <= value <= self.last and (self.real or value % self.step == 0)

    def parse(self, text: str) -> object | None:
        return _parse_number(text)

    def toml(self, value: object) -> str:
        return f"0x{value:x}" if self.hexadecimal and isinstance(value, int) else str(value)

    def __str__(self) -> str:
        step = self.toml(self.step) if self.step > 9 else self.step
        multiple = f", a multiple of {step}" if step != 1 else ""
        return f"{self.toml(self.first)} to {self.toml(self.last)}{multiple}"


class PowerOfTwo:
    """A power of two from `first` to `last`."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last

    def accepts(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int):
            return False
        return self.first <= value <= self.last and value & (value - 1) == 0

    def parse(self, text: str) -> object | None:
        return _parse_number(text)

    def toml(self, value: object) -> str:
        return str(value)

    def __str__(self) -> str:
        return f"a power of two from {self.first} to {self.last}"


class Choice:
    """One of a few words or numbers."""

    def __init__(self, *values: str | int) -> None:
        self.values = values

    def accepts(self, value: object) -> bool:
        return not isinstance(value, bool) and value in self.values

    def parse(self, text: str) -> object | None:
        by_text = {str(value): value for value in self.values}
        return by_text.get(text.strip().strip("\"'"))

    def toml(self, value: object) -> str:
        return f'"{value}"' if isinstance(value, str) else str(value)

    def __str__(self) -> str:
        words = [str(value) for value in self.values]
        return words[0] if len(words) == 1 else f"one of {', '.join(words)}"


class Flag:
    """true or false."""

    def accepts(self, value: object) -> bool:
        return isinstance(value, bool)

    def parse(self, text: str) -> object | None:
        word = text.strip().lower()
        if word in ("true", "on", "yes", "1"):
            return True
        return False if word in ("false", "off", "no", "0") else None

    def toml(self, value: object) -> str:
        return str(value).lower()

    def __str__(self) -> str:
        return "true or false"
