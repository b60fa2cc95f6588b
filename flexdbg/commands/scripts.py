"""Python inside a session: the names that statements see, and scripts of their own."""

import contextlib
import io
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from flexdbg.commands.context import Context
from flexdbg.debug.explain import Explanation, explain_address, explain_word, resolve_subject
from flexdbg.debug.why import why, why_all
from flexdbg.errors import CommandError, FlexdbgError
from flexdbg.render.text import Line, plain

__all__ = ["execute_python", "namespace", "run_script"]


def namespace(context: Context) -> dict[str, object]:
    """The names of docs/scripting.md; the dictionary stays the same for the whole session."""
    if context.namespace:
        return context.namespace
    import flexdbg

    def execute(line: str, to_string: bool = False) -> str | None:
        """Run a command; with `to_string` its output is returned instead of shown."""
        if not to_string:
            context.execute(line)
            return None
        lines: list[Line] = []
        shown = context.emit
        context.emit = lines.extend
        try:
            context.execute(line)
        finally:
            context.emit = shown
        return plain(lines)

    def evaluate(expression: str) -> int:
        """The number of an expression of the debugger."""
        return context.session.evaluate(expression).scalar()

    def explain(subject: str = "") -> Explanation:
        """What `explain` knows about an instruction."""
        kind, value = resolve_subject(context.session, subject)
        if kind == "page":
            raise CommandError(f"{value}: give operands, as in `{value} a0, a1, a2`")
        return (explain_address if kind == "address" else explain_word)(context.session, int(value))

    context.namespace.update(
        {
            "__name__": "__flexdbg__",
            "flexdbg": flexdbg,
            "session": context.session,
            "cluster": context.session.cluster,
            "execute": execute,
            "evaluate": evaluate,
            "why": lambda hart=None, cycle=None: why(context.session, hart, cycle),
            "why_all": lambda cycle=None: why_all(context.session, cycle),
            "explain": explain,
        }
    )
    return context.namespace


class _Lines(io.TextIOBase):
    """Standard output of a statement, line by line to where the session's output goes."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._rest = say, ""

    def write(self, text: str) -> int:
        *whole, self._rest = (self._rest + text).split("\n")
        for line in whole:
            self._say(line)
        return len(text)

    def close(self) -> None:
        if self._rest:
            self._say(self._rest)
        self._rest = ""


def execute_python(context: Context, text: str) -> None:
    """Run statements; the value of a single expression is printed. One line says what went wrong."""
    names = namespace(context)
    out = _Lines(context.say)
    try:
        with contextlib.redirect_stdout(out):
            try:
                value = eval(compile(text, "<python>", "eval"), names)
            except SyntaxError:
                exec(compile(text, "<python>", "exec"), names)
            else:
                if value is not None:
                    print(repr(value))
    except FlexdbgError:
        raise
    except SystemExit:
        context.wants_to_quit = True
    except Exception as error:
        where = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<python>"]
        at = f" (line {where[-1]})" if where and "\n" in text else ""
        raise CommandError(
            f"Error while executing Python code: {type(error).__name__}: {error}{at}"
        ) from error
    finally:
        out.close()


def run_script(context: Context, path: Path, arguments: Sequence[str]) -> int:
    """Run a Python file with the same names; returns its exit status. A traceback shows its own lines."""
    try:
        code = compile(path.read_text(encoding="utf-8"), str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    except (SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) else ""
        raise CommandError(f"{path}{line}: {getattr(error, 'msg', error)}") from error
    names = namespace(context)
    names.update({"__name__": "__main__", "__file__": str(path)})
    before, sys.argv = sys.argv, [str(path), *arguments]
    sys.path.insert(0, str(path.resolve().parent))
    try:
        exec(code, names)
    except SystemExit as leaving:
        if isinstance(leaving.code, str):
            print(leaving.code, file=sys.stderr)
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except FlexdbgError as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        raise CommandError(f"{path}:{lines[-1] if lines else 0}: {error}") from error
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename == str(path)]
        print("".join(traceback.format_list(own)), end="", file=sys.stderr)
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    finally:
        sys.argv = before
        sys.path.pop(0)
    return 0
