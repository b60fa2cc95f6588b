"""Registers: general, CSRs, and the state of the Flex-V units."""

from collections.abc import Iterable

from flexdbg.commands.context import Context
from flexdbg.commands.registry import info
from flexdbg.commands.where import hart_label, place
from flexdbg.debug.kinds import INT, fit
from flexdbg.debug.values import Value, lanes_of
from flexdbg.errors import CommandError, did_you_mean
from flexdbg.machine import registers
from flexdbg.machine.cluster import Hart
from flexdbg.render.tables import key_values, table
from flexdbg.render.text import Line

__all__: list[str] = []

_CATEGORY = "data"


@info(
    "registers",
    "r",
    "all-registers",
    category=_CATEGORY,
    usage="info registers [NAME...]",
    examples=("info registers", "info registers a0 a1 pc", "i r mcause"),
    complete="register",
)
def info_registers(context: Context, argument: str) -> None:
    """Registers of the current hart: all general ones and pc, or those named.

    A group name works too: general, nn, csr, mlc, mpc, hwloop.
    """
    names = argument.replace("$", "").split() or ["general"]
    lines: list[Line] = []
    for name in names:
        members = registers.GROUPS.get(name, (name,))
        lines += _rows(context, members)
    context.emit(lines)


def _rows(context: Context, names: Iterable[str]) -> list[Line]:
    hart = context.session.current
    lines: list[Line] = []
    for name in names:
        number = registers.find(name)
        if number is None:
            raise CommandError(f"Invalid register `{name}'{did_you_mean(name, registers.names())}")
        value = hart.read(number)
        shown = place(context, value).partition(" ")[2] if number == registers.PC else str(fit(value, INT))
        lines.append([("register", f"{name:<15}"), ("number", f"0x{value:08x}"), ("", f"   {shown}")])
    return lines


@info(
    "csr",
    "csrs",
    category=_CATEGORY,
    usage="info csr [NAME...]",
    examples=("info csr", "info csr mstatus"),
    complete="csr",
)
def info_csr(context: Context, argument: str) -> None:
    """CSRs of the current hart with their fields; reading them here has no side effects."""
    wanted = argument.replace("$", "").split()
    rows: list[list[str]] = []
    for csr in registers.csrs_of(context.session.cluster.config.core):
        if wanted and not {csr.name, *csr.aliases} & set(wanted):
            continue
        value = context.session.current.read(csr.name)
        fields = " ".join(
            f"{field.name}={(value >> field.low) & ((1 << (field.high - field.low + 1)) - 1)}"
            for field in csr.fields
        )
        rows.append([f"0x{csr.address:03x}", csr.name, f"0x{value:08x}", fields or csr.summary])
    if not rows:
        known = [csr.name for csr in registers.csrs_of(context.session.cluster.config.core)]
        raise CommandError(f"no CSR {wanted[0]!r} on this core{did_you_mean(wanted[0], known)}")
    context.emit(
        table(("CSR", "name", "value", "fields"), rows, styles=("address", "register", "number", ""))
    )


def _selected(context: Context, argument: str) -> list[Hart]:
    """The current hart, hart N, or all harts of the cluster; the FC has no Flex-V units."""
    word = argument.strip() or str(context.session.hart)
    harts = context.session.cluster.harts[: context.session.cluster.config.harts]
    if word == "all":
        return list(harts)
    if word.isdigit() and int(word) < len(harts):
        return [harts[int(word)]]
    if word.isdigit() and int(word) == len(harts) < len(context.session.cluster.harts):
        raise CommandError("the fc has no Flex-V units; select a hart of the cluster, as in `hart 0`")
    raise CommandError(f"{word!r}: expected a hart from 0 to {len(harts) - 1}, or `all`")


@info("nn", "nnrf", category=_CATEGORY, usage="info nn [HART|all]", examples=("info nn", "info nn all"))
def info_nn(context: Context, argument: str) -> None:
    """The NN register file: weights W0..W3 and activations A0, A1, with the lanes of the current format."""
    for hart in _selected(context, argument):
        form = registers.format_of(hart.read("simd_fmt"))
        legacy = " (set by the instruction: sb_legacy = 1)" if hart.read("sb_legacy") else ""
        lines: list[Line] = [
            [("heading", hart_label(context, hart.index)), ("", f"  format {form.name}{legacy}")]
        ]
        for name in registers.GROUPS["nn"]:
            bits = form.weight_bits if name.startswith("nn_w") else form.activation_bits
            value = hart.read(name)
            lanes = lanes_of(Value(value), f"i{bits}").elements or ()
            text = " ".join(f"{lane.number:>{len(str(-(1 << bits - 1)))}}" for lane in lanes)
            lines.append(
                [("register", f"  {name}  "), ("number", f"0x{value:08x}"), ("", f"  i{bits}: {text}")]
            )
        context.emit(lines)


@info("mlc", category=_CATEGORY, usage="info mlc [HART|all]")
def info_mlc(context: Context, argument: str) -> None:
    """The Mac&Load address walkers: where the next activation and weight loads go."""
    for hart in _selected(context, argument):
        rows = []
        for which, title in (("a", "activations"), ("w", "weights")):
            address, stride = hart.read(f"{which}_addr"), fit(hart.read(f"{which}_stride"), INT)
            rollback, skip = fit(hart.read(f"{which}_rollback"), INT), hart.read(f"{which}_skip")
            updates = hart.read(f"{which}_count")
            # The rule of the address generator: the stride while count < skip, then the rollback.
            step = stride if updates < skip else rollback
            following = (address + step) & 0xFFFF_FFFF
            rows.append(
                [
                    title,
                    f"0x{address:08x}",
                    f"{stride:+d}",
                    f"{rollback:+d}",
                    f"{updates}/{skip}",
                    f"0x{following:08x}",
                ]
            )
        head = ("walker", "next load", "stride", "rollback", "count/skip", "then")
        context.emit([[("heading", hart_label(context, hart.index))], *table(head, rows, right="--rrr-")])


@info("mpc", category=_CATEGORY, usage="info mpc [HART|all]")
def info_mpc(context: Context, argument: str) -> None:
    """The mixed-precision controller: format, slice and skip counter."""
    for hart in _selected(context, argument):
        form = registers.format_of(hart.read("simd_fmt"))
        cycle, skip = hart.read("mix_cycle"), hart.read("mix_skip")
        legacy = hart.read("sb_legacy")
        pairs = [
            ("simd_fmt", f"{hart.read('simd_fmt')} = {form.name}: {form.summary}"),
            ("slice", f"{cycle} of {form.slices}" if form.mixed else "uniform format: no slices"),
            ("mix_skip", f"{skip}: {max(skip, 1)} dot product{'s' if skip > 1 else ''} per slice"),
            ("skip count", str(hart.read("mix_skip_count"))),
            ("sb_legacy", f"{legacy}: formats come from {'the instruction' if legacy else 'simd_fmt'}"),
        ]
        context.emit([[("heading", hart_label(context, hart.index))], *key_values(pairs)])
