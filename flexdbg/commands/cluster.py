"""Harts and banks: thread, hart, info threads, tcdm, ledger."""

from flexdbg.commands.arguments import number_list
from flexdbg.commands.context import Context
from flexdbg.commands.registry import command, info
from flexdbg.commands.where import hart_label, place, show_frame, show_hart
from flexdbg.errors import CommandError
from flexdbg.render.ledger import ledger_bars, ledger_table
from flexdbg.render.tables import count, table

__all__: list[str] = []

_CATEGORY = "cluster"


@command(
    "thread",
    "t",
    category=_CATEGORY,
    usage="thread [N] | thread apply all|N... COMMAND",
    examples=("thread 4", "thread apply all print $pc", "thread apply 1-4 info registers a0"),
)
def thread(context: Context, argument: str) -> None:
    """Select thread N, which is hart N-1 as in gdb; or run a command for several threads."""
    words = argument.split(maxsplit=1)
    if not words:
        context.say(f"[Current thread is {_title(context, context.session.hart)}]")
        return
    if len(words[0]) > 1 and "apply".startswith(words[0]):
        _apply(context, words[1] if len(words) > 1 else "")
        return
    if not argument.strip().isdigit():
        raise CommandError(f"Invalid thread ID: {argument}")
    _select(context, int(argument) - 1, f"Unknown thread {argument}.")


@command("hart", category=_CATEGORY, usage="hart [N]", examples=("hart 3",))
def hart(context: Context, argument: str) -> None:
    """Select hart N; the fabric controller is the last one."""
    if not argument:
        context.say(f"[Current thread is {_title(context, context.session.hart)}]")
        return
    word = argument.strip()
    count_ = len(context.session.cluster.harts)
    if word == "fc" and context.session.cluster.config.fc:
        word = str(count_ - 1)
    if not word.isdigit():
        raise CommandError(f"{argument}: harts are 0 to {count_ - 1}")
    _select(context, int(word), f"no hart {word}: harts are 0 to {count_ - 1}")


def _select(context: Context, index: int, complaint: str) -> None:
    if not 0 <= index < len(context.session.cluster.harts):
        raise CommandError(complaint)
    context.session.select(index)
    context.session.select_frame(0)
    context.say(f"[Switching to {_title(context, index)}]")
    show_frame(context, with_source=True)


def _title(context: Context, index: int) -> str:
    return f"Thread {index + 1} ({hart_label(context, index)})"


def _apply(context: Context, argument: str) -> None:
    total = len(context.session.cluster.harts)
    words = argument.split()
    if not words:
        raise CommandError("Please specify a thread ID list and a command: thread apply all print $pc")
    if words[0] == "all":
        chosen, used = list(range(total)), 1
    else:
        used = 0
        while used < len(words) and words[used][0].isdigit():
            used += 1
        chosen = [number - 1 for number in number_list(" ".join(words[:used]), "thread numbers")]
    line = argument.split(maxsplit=used)[used:]
    if not line or not chosen:
        raise CommandError("Please specify a command at the end of 'thread apply'")
    for index in chosen:
        if not 0 <= index < total:
            raise CommandError(f"Unknown thread {index + 1}.")
    selected, level = context.session.hart, context.session.frame_level
    try:
        for index in chosen:
            context.session.select(index)
            context.emit([[], [("heading", f"{_title(context, index)}:")]])
            context.execute(line[0])
    finally:
        context.session.select(selected)
        if level and level < len(context.session.stack(level + 1)):
            context.session.select_frame(level)


@info("threads", "harts", category=_CATEGORY)
def info_threads(context: Context, argument: str) -> None:
    """Every hart: state, where it is, and what it waits for."""
    session = context.session
    rows = []
    for one in session.cluster.harts:
        session_hart, session.hart = session.hart, one.index
        try:
            where = show_hart(context) if one.state != "off" else ""
        finally:
            session.hart = session_hart
        mark = "*" if one.index == session.hart else " "
        rows.append([f"{mark} {one.index + 1}", hart_label(context, one.index), one.state, where, one.wait])
    context.emit(table(("  Id", "Hart", "State", "Frame", "Waits for"), rows))


@info("tcdm", "banks", category=_CATEGORY)
def info_tcdm(context: Context, argument: str) -> None:
    """The TCDM banks: accesses, conflicts, who asks now; then who lost to whom."""
    cluster = context.session.cluster
    rows = []
    for number, bank in enumerate(cluster.banks()):
        accesses, conflicts, winner = bank["accesses"], bank["conflicts"], bank["last_conflict_winner"]
        share = f"{100 * conflicts / accesses:.1f}" if accesses else "-"
        asks = ", ".join(hart_label(context, one) for one in bank["requesters"])
        last = (
            hart_label(context, winner) if 0 <= winner < len(cluster.harts) else "dma" if winner >= 0 else ""
        )
        rows.append([str(number), count(accesses), count(conflicts), share, asks, last])
    head: tuple[str, ...] = ("bank", "accesses", "conflicts", "%", "asked by", "last conflict won by")
    context.emit(table(head, rows, right="rrrr--"))
    matrix = cluster.conflict_matrix()
    if not any(any(row) for row in matrix):
        return
    names = _port_names(context, len(matrix))
    used = [i for i in range(len(matrix)) if any(matrix[i]) or any(row[i] for row in matrix)]
    cells = [[names[i], *[count(matrix[i][j]) if matrix[i][j] else "." for j in used]] for i in used]
    head = ("cycles lost \\ to", *[names[j] for j in used])
    context.emit([[], *table(head, cells, right="-" + "r" * len(used))])


def _port_names(context: Context, ports: int) -> list[str]:
    harts = len(context.session.cluster.harts)
    names = [hart_label(context, i) for i in range(min(harts, ports))]
    return names + (["dma"] if ports == harts + 1 else [f"dma {i}" for i in range(ports - len(names))])


@info(
    "ledger", category=_CATEGORY, usage="info ledger [HART|all]", examples=("info ledger", "info ledger all")
)
def info_ledger(context: Context, argument: str) -> None:
    """Where every cycle of a hart went: each is charged to exactly one cause, and they add up."""
    cluster = context.session.cluster
    word = argument.strip()
    if word == "all":
        context.emit(
            ledger_table(
                [hart_label(context, one.index) for one in cluster.harts], [o.ledger for o in cluster.harts]
            )
        )
        return
    index = int(word) if word.isdigit() else context.session.hart
    if (word and not word.isdigit()) or index >= len(cluster.harts):
        raise CommandError(f"{word!r}: expected a hart from 0 to {len(cluster.harts) - 1}, or `all`")
    context.emit([[("heading", hart_label(context, index))], *ledger_bars(cluster.harts[index].ledger)])


@info("counters", category=_CATEGORY)
def info_counters(context: Context, argument: str) -> None:
    """Instruction, memory and dot-product counters of every hart."""
    cluster = context.session.cluster
    harts = [one.counters for one in cluster.harts]
    names = list(harts[0])
    rows = [[name, *[count(counters.get(name, 0)) for counters in harts]] for name in names]
    head = ("counter", *[hart_label(context, one.index) for one in cluster.harts])
    context.emit(table(head, rows, right="-" + "r" * len(harts)))


@command("warnings", category=_CATEGORY)
def warnings(context: Context, argument: str) -> None:
    """Everything the machine noticed that real hardware would have done otherwise, or that hangs silently."""
    for warning in context.session.cluster.take_warnings():
        context.warnings.append(warning)
    if not context.warnings:
        context.say("No warnings.")
        return
    for warning in context.warnings:
        where = place(context, int(str(warning["pc"])))
        times = f" ({warning['count']} times)" if warning.get("count", 1) != 1 else ""
        who = hart_label(context, int(str(warning["hart"])))
        context.say(f"{who} at {where}, cycle {warning['cycle']}: {warning['message']}{times}", "warning")
