"""The pages of the site and the links between them."""

from collections.abc import Iterator
from functools import cache
from html import escape
from pathlib import Path

from flexdbg.errors import CommandError
from flexdbg.isa import CORES, Alias, Csr, Instruction, extensions, isa_model, listing, mnemonics, page
from flexdbg.isa.anatomy import csr_dependencies
from flexdbg.isasite.drawing import csr_word, encoding, format_lanes, lanes
from flexdbg.isasite.style import SCRIPT, STYLE

__all__ = ["build_site", "pages"]

_ACCESS = {
    "URW": "user, read and write",
    "URO": "user, read only",
    "MRW": "machine, read and write",
    "MRO": "machine, read only",
    "DRW": "debug mode, read and write",
}


def build_site(directory: Path) -> int:
    """Write the site into a directory; returns the number of files."""
    number = 0
    try:
        (directory / "i").mkdir(parents=True, exist_ok=True)
        for name, text in pages():
            (directory / name).write_text(text, encoding="utf-8")
            number += 1
    except OSError as error:
        raise CommandError(f"cannot write {directory}: {error.strerror}") from error
    return number


def pages() -> Iterator[tuple[str, str]]:
    """(path in the site, content) of every file."""
    yield "style.css", STYLE.lstrip()
    yield "index.html", _index()
    for name, about in extensions().items():
        yield f"{name}.html", _extension(name, about)
    for name in _documented():
        yield _path(name), _instruction(name)
    yield "csrs.html", _csrs()
    yield "formats.html", _formats()


@cache
def _documented() -> tuple[str, ...]:
    """Mnemonics with a page."""
    return tuple(name for name in mnemonics() if page(name))


def _path(mnemonic: str) -> str:
    return f"i/{mnemonic}.html"


def _frame(title: str, body: str, up: str = "") -> str:
    links = [("csrs.html", "CSRs"), ("formats.html", "Formats")]
    nav = "".join(f'<a href="{up}{path}">{text}</a>' for path, text in links)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{up}style.css">\n</head>\n<body>\n'
        f'<header><a class="home" href="{up}index.html">Flex-V instruction set</a>{nav}</header>\n'
        f"<main>\n{body}\n</main>\n"
        f"<footer>Built from the tables of flexdbg, from which its assembler, decoder and simulator come too."
        f"</footer>\n</body>\n</html>\n"
    )


# Index and extensions


def _index() -> str:
    cards = []
    for name, about in extensions().items():
        count = len(_members(name))
        cards.append(
            f'<a class="card" href="{name}.html"><b>{name}</b> <small>{count}</small>'
            f"<span>{escape(about)}</span></a>"
        )
    rows = "".join(
        f'<tr data-find="{escape((name + " " + summary).lower())}"><td><a class="mono" '
        f'href="{_path(name)}">{escape(name)}</a></td><td>{escape(summary)}</td></tr>'
        for name, summary in ((name, page(name)[0].summary) for name in _documented())
    )
    body = (
        "<h1>Flex-V instruction set</h1>"
        '<p class="lead">RV32IMC, XpulpV2, XpulpNN and Flex-V: every encoding, operation and cost.</p>'
        '<input type="search" placeholder="Search mnemonics and meanings" aria-label="Search">'
        f'<div id="all" class="hidden"><table>{rows}</table></div>'
        f'<h2>Extensions</h2><div class="cards">{"".join(cards)}</div>'
        '<h2>Registers and formats</h2><div class="cards">'
        '<a class="card" href="csrs.html"><b>CSRs</b>'
        f"<span>{len(isa_model().csrs)} control and status registers with their fields</span></a>"
        '<a class="card" href="formats.html"><b>Formats</b>'
        "<span>values of simd_fmt: lanes of activations, slices of weights</span></a></div>"
        f"<script>{SCRIPT}</script>"
    )
    return _frame("Flex-V instruction set", body)


def _members(extension: str) -> list[tuple[str, str, str]]:
    """(mnemonic, operands, summary), each mnemonic once."""
    found: dict[str, tuple[str, str, str]] = {}
    for name, operands, summary in listing(extension):
        found.setdefault(name, (name, operands, summary))
    return list(found.values())


def _extension(name: str, about: str) -> str:
    rows = "".join(
        f'<tr><td><a class="mono" href="{_path(one)}">{escape(one)}</a></td>'
        f'<td class="mono">{escape(operands)}</td><td>{escape(summary)}</td></tr>'
        for one, operands, summary in _members(name)
    )
    body = (
        f'<h1>{name}</h1><p class="lead">{escape(about)}</p><div class="scroll"><table>'
        f"<tr><th>mnemonic</th><th>operands</th><th>meaning</th></tr>{rows}</table></div>"
    )
    return _frame(f"{name}: {about}", body)


# One instruction


def _instruction(name: str) -> str:
    rows = isa_model().by_name[name]
    own = [row for row in rows if isinstance(row, Instruction) and row.name == name]
    chosen: list[Instruction | Alias] = [*(own or rows)]
    parts = []
    for number, (row, text) in enumerate(zip(chosen, page(name), strict=True)):
        if number == 0:
            parts.append(f'<h1><code>{escape(name)}</code></h1><p class="lead">{escape(text.summary)}</p>')
        elif text.summary != page(name)[0].summary:
            parts.append(f"<h3>{escape(text.summary)}</h3>")
        base = row.target.base if isinstance(row, Alias) else row
        parts.append("<h2>Syntax</h2>" + "".join(f"<pre>{escape(line)}</pre>" for line in text.syntax))
        parts.append(f"<h2>Encoding</h2>{encoding(base)}")
        if text.operands:
            parts.append(
                "<h2>Operands</h2><dl class='facts'>"
                + "".join(f"<dt class='mono'>{escape(n)}</dt><dd>{escape(w)}</dd>" for n, w in text.operands)
                + "</dl>"
            )
        if text.pseudo:
            parts.append(f"<h2>Operation</h2><pre>{escape(text.pseudo)}</pre>")
        drawn = lanes(base)
        if drawn:
            parts.append(f"<h2>Lanes</h2>{drawn}")
            if base.virtual or base.timing == "macload":
                parts.append(
                    '<p>With <a href="../csrs.html#sb_legacy">sb_legacy</a> = 0 the widths are those of '
                    '<a href="../formats.html">simd_fmt</a>.</p>'
                )
        parts.append(f"<h2>Facts</h2>{_facts(row, base, text.timing, text.aliases)}")
        parts += [f"<p>{escape(note)}</p>" for note in text.notes]
    return _frame(f"{name}: {page(name)[0].summary}", "\n".join(parts), "../")


def _facts(row: Instruction | Alias, base: Instruction, timing: str, aliases: tuple[str, ...]) -> str:
    home = (
        "xflexv"
        if isinstance(row, Alias) and row.view
        else "pseudo"
        if isinstance(row, Alias)
        else base.extension
    )
    cores = "".join(
        f'<span class="chip{"" if core in row.cores else " off"}">{core}</span>' for core in CORES
    )
    facts = [
        ("Extension", f'<a href="../{home}.html">{home}</a>'),
        ("Cores", cores),
        ("Timing", escape(timing)),
    ]
    csrs = csr_dependencies(base)
    if csrs:
        links = ", ".join(f'<a class="mono" href="../csrs.html#{name}">{name}</a>' for name in csrs)
        facts.append(("CSRs", links))
    known = set(_documented())
    if aliases:
        links = ", ".join(
            f'<a class="mono" href="{one}.html">{escape(one)}</a>'
            if one in known
            else f"<code>{escape(one)}</code>"
            for one in aliases
        )
        facts.append(("Also", links))
    return "<dl class='facts'>" + "".join(f"<dt>{n}</dt><dd>{v}</dd>" for n, v in facts) + "</dl>"


# CSRs and formats


def _csrs() -> str:
    groups: dict[str, list[Csr]] = {}
    for csr in sorted(isa_model().csrs, key=lambda c: c.address):
        groups.setdefault(csr.group or "machine", []).append(csr)
    parts = [
        '<h1>CSRs</h1><p class="lead">Control and status registers, by group. Every access costs one cycle, '
        "but for mstatus, which costs four.</p>"
    ]
    for group, members in groups.items():
        parts.append(f"<h2>{escape(group)}</h2>")
        parts += [_csr(csr) for csr in members]
    return _frame("CSRs of the Flex-V cluster", "\n".join(parts))


def _csr(csr: Csr) -> str:
    names = ", ".join(dict.fromkeys((csr.name, *csr.aliases)))
    cores = "".join(
        f'<span class="chip{"" if core in csr.cores else " off"}">{core}</span>' for core in CORES
    )
    parts = [
        f'<h3 id="{csr.name}"><code>0x{csr.address:03x}</code> {escape(names)}</h3>',
        f"<p>{escape(csr.summary)}{'. ' + escape(csr.note) if csr.note else ''}</p>",
    ]
    if csr.fields:
        parts.append(csr_word(csr))
        rows = "".join(
            f'<tr><td class="mono">{escape(f.name)}</td><td class="mono">{f.high}'
            f"{'' if f.high == f.low else f':{f.low}'}</td><td>{escape(f.summary)}</td></tr>"
            for f in csr.fields
        )
        parts.append(f"<table><tr><th>field</th><th>bits</th><th>meaning</th></tr>{rows}</table>")
    parts.append(
        f"<p>{cores} <small>{_ACCESS.get(csr.access, csr.access)}; reset 0x{csr.reset:08x}</small></p>"
    )
    return "".join(parts)


def _formats() -> str:
    parts = [
        '<h1>Formats</h1><p class="lead">Values of <a href="csrs.html#simd_fmt">simd_fmt</a>. '
        "In a mixed format one instruction uses one slice of the weight word; the MPC chooses it "
        '(<a href="csrs.html#mix_cycle">mix_cycle</a>, <a href="csrs.html#mix_skip">mix_skip</a>).</p>'
    ]
    for form in isa_model().formats:
        slices = f", {form.slices} slices" if form.mixed else ""
        parts.append(
            f'<h3 id="{form.name}"><code>{form.code}</code> {form.name}</h3><p>{escape(form.summary)}: '
            f"{form.lanes} products an instruction{slices}</p>"
            if form.code
            else f'<h3 id="{form.name}"><code>0</code> {form.name}</h3><p>{escape(form.summary)}</p>'
        )
        if form.code:
            parts.append(format_lanes(form))
    return _frame("Formats of the Flex-V SIMD unit", "\n".join(parts))
