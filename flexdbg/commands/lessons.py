"""Lessons at the prompt: learn, answer, hint, check. The engine is flexdbg/learn."""

from pathlib import Path

from flexdbg.commands.context import Context
from flexdbg.commands.registry import command
from flexdbg.errors import CommandError, ProgramError
from flexdbg.learn.lesson import lessons
from flexdbg.learn.player import Feedback, Player
from flexdbg.learn.progress import Progress, state_directory
from flexdbg.learn.workbench import build, lesson_config
from flexdbg.machine.loader import Program
from flexdbg.render.lesson import lesson_list, step_lines, wrapped

__all__ = ["LESSON_VERBS", "open_lesson", "show_lessons", "show_step"]

_CATEGORY = "learning"


@command(
    "learn",
    category=_CATEGORY,
    usage="learn [LESSON | next | back | show | edit [FILE] | load PROGRAM | solution | reset [LESSON|all]]",
    examples=("learn", "learn 3", "learn simd", "learn next", "learn edit", "learn load words"),
    complete="lesson",
)
def learn(context: Context, argument: str) -> None:
    """Interactive lessons, from a scalar dot product to eight harts; without an argument, their list.

    A lesson has texts, questions (`answer VALUE`) and exercises (`learn edit` writes the code to a file,
    `check` runs it, or type it behind `code`). Answers are measured on the simulator when you give them.
    `hint` helps, `learn next` goes on; what you have solved is remembered.
    """
    word, _, rest = argument.strip().partition(" ")
    verb = _VERBS.get(word)
    if verb is not None:
        verb(context, rest.strip())
    elif not word or word == "list":
        show_lessons(context)
    else:
        open_lesson(context, word)


def show_lessons(context: Context) -> None:
    """The list with the learner's progress."""
    progress = _progress(context)
    rows = []
    for one in lessons():
        todo = {n for n, step in enumerate(one.steps) if step.kind != "text"}
        done = todo & progress.solved.get(one.id, set())
        rows.append((one.number, one.id, one.title, one.summary, len(done), len(todo)))
    context.emit([*lesson_list(rows), [], [("faint", "`learn NUMBER` or `learn NAME` begins or goes on.")]])


def open_lesson(context: Context, name: str) -> None:
    """Begin a lesson or go on where the learner was; without a name, the last one."""
    context.lesson = Player.open(name, _progress(context))
    context.lesson.progress.save()
    show_step(context)


def _progress(context: Context) -> Progress:
    return context.lesson.progress if context.lesson is not None else Progress.load()


def _player(context: Context) -> Player:
    if context.lesson is None:
        raise CommandError("no lesson is open; `learn` lists them, `learn 1` opens the first")
    return context.lesson


def show_step(context: Context, width: int = 80) -> None:
    """The step, and its program loaded if this is the lessons' machine."""
    player = _player(context)
    step, lesson = player.step, player.lesson
    footer = {
        "text": "`learn next` goes on.",
        "question": "`answer VALUE` answers, `hint` helps, `learn next` goes on.",
        "exercise": "`learn edit` writes the code to a file, `check` runs it, `hint` helps.",
    }[step.kind]
    code = lesson.programs[step.program] if step.program and step.kind != "question" else ""
    context.emit(
        step_lines(
            f"Lesson {lesson.number}: {lesson.title}",
            (player.index + 1, len(lesson.steps)),
            step.kind,
            step.text,
            solved=player.solved,
            commands=step.commands,
            code=code,
            footer=footer,
            width=width,
        )
    )
    program = player.program()
    if program is not None:
        _load(context, program, step.program)


def _load(context: Context, program: Program, name: str) -> None:
    session = context.session
    if session.cluster.config != lesson_config():
        return  # somebody else's machine: the lesson measures on one of its own
    session.breakpoints.clear()
    session.adopt(program)
    context.listing.file = ""  # `list` begins in the new text
    context.say(
        f"Loaded the program {name}; `run` starts it, `break kernel` stops at its beginning.", "faint"
    )


def _next(context: Context, rest: str) -> None:
    player = _player(context)
    if player.move(1):
        show_step(context)
        return
    if not player.finished:
        context.say("That was the last step; some questions or exercises of this lesson are still open.")
    elif player.lesson.number < len(lessons()):
        context.say(
            f"Lesson {player.lesson.number} is done. `learn {player.lesson.number + 1}` is the next one."
        )
    else:
        context.say("That was the last lesson. `flexdbg list` names the kernels to take apart now.")


def _back(context: Context, rest: str) -> None:
    if not _player(context).move(-1):
        raise CommandError("this is the first step")
    show_step(context)


def _show(context: Context, rest: str) -> None:
    show_step(context)


def _load_named(context: Context, rest: str) -> None:
    player = _player(context)
    if rest not in player.lesson.programs:
        known = ", ".join(player.lesson.programs)
        raise CommandError(f"no program {rest!r} in this lesson: there are {known}")
    if context.session.cluster.config != lesson_config():
        raise CommandError("this is not the lessons' machine: `flexdbg learn` at the shell starts it")
    _load(context, build(player.lesson, player.lesson.programs[rest]), rest)


def _path(context: Context, rest: str) -> Path:
    player = _player(context)
    if rest:
        return Path(rest.strip("\"'")).expanduser()
    return state_directory() / "lessons" / f"{player.lesson.id}-{player.index + 1}.S"


def _edit(context: Context, rest: str) -> None:
    code, path = _player(context).starting_code(), _path(context, rest)
    if path.exists():
        context.say(f"{path} is there already; `check` runs it, delete it to begin anew.")
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code.lstrip("\n"), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    context.say(f"Wrote {path}. Change it in your editor, then `check`.")


def _solution(context: Context, rest: str) -> None:
    context.say(_player(context).solution().strip("\n"))


def _reset(context: Context, rest: str) -> None:
    progress = _progress(context)
    if not rest and context.lesson is None:
        raise CommandError("learn reset: which lesson? `learn reset all` forgets everything")
    name = (
        "" if rest == "all" else Player.open(rest, progress).lesson.id if rest else _player(context).lesson.id
    )
    progress.reset(name)
    if context.lesson is not None and name in ("", context.lesson.lesson.id):
        context.lesson = Player(context.lesson.lesson, progress) if name else None
    context.say(f"Forgot {'all lessons' if not name else f'lesson {name}'}.")


def _resume(context: Context, rest: str) -> None:
    open_lesson(context, "")


LESSON_VERBS = ("next", "back", "show", "edit", "load", "solution", "reset", "list")
_VERBS = {
    "resume": _resume,
    "next": _next,
    "back": _back,
    "show": _show,
    "load": _load_named,
    "edit": _edit,
    "solution": _solution,
    "reset": _reset,
}


@command("answer", category=_CATEGORY, usage="answer VALUE", examples=("answer 64", "answer bank_conflict"))
def answer(context: Context, argument: str) -> None:
    """Answer the question of the lesson: a number, or the name of a cause."""
    if not argument:
        raise CommandError("the answer is missing, as in `answer 64`")
    _tell(context, _player(context).answer(argument))


@command("hint", category=_CATEGORY, examples=("hint",))
def hint(context: Context, argument: str) -> None:
    """A hint for this step of the lesson; again for the next one."""
    context.emit(wrapped(_player(context).hint()))


@command(
    "check", category=_CATEGORY, usage="check [FILE]", examples=("check", "check mine.S"), complete="file"
)
def check(context: Context, argument: str) -> None:
    """Run the exercise: the file that `learn edit` wrote, or FILE. Right and fast enough passes."""
    path = _path(context, argument)
    try:
        code = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        more = "" if argument else "; `learn edit` writes it"
        raise CommandError(f"{path}: {getattr(error, 'strerror', None) or 'not text'}{more}") from error
    _tell(context, _player(context).check(code, path.name))


@command("code", category=_CATEGORY, usage="code ... end", examples=("code",), block="raw")
def code(context: Context, argument: str) -> None:
    """Type the code of an exercise: the lines up to `end` are checked as `check` does with a file."""
    _tell(context, _player(context).check(argument, "typed"))


def _tell(context: Context, feedback: Feedback) -> None:
    style = "changed" if feedback.passed else "warning"
    for number, line in enumerate(feedback.lines):
        for part in wrapped(line):
            context.emit([[(style if number == 0 else s, text) for s, text in part]])
    if feedback.passed:
        context.say("`learn next` goes on.")
    elif feedback.program is not None:
        try:
            _load(context, feedback.program, "you wrote")
        except ProgramError as error:
            context.say(str(error), "warning")
