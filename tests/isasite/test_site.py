"""The HTML site: every link leads somewhere, nothing comes from elsewhere, every instruction has its page."""

from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from flexdbg.isa import isa_model, mnemonics

from flexdbg.errors import CommandError
from flexdbg.isasite.site import build_site, pages

VOID = {"meta", "link", "input", "br", "img"}


class Reader(HTMLParser):
    """Links, anchors and balance of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        for name in ("href", "src"):
            if given.get(name):
                self.links.append(str(given[name]))
        if given.get("id"):
            assert given["id"] not in self.anchors
            self.anchors.add(str(given["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return dict(pages())


@pytest.fixture(scope="module")
def read(site: dict[str, str]) -> dict[str, Reader]:
    found = {}
    for path, text in site.items():
        if path.endswith(".html"):
            found[path] = Reader()
            found[path].feed(text)
            found[path].close()
            assert found[path].open == [], path
    return found


def test_every_link_leads_somewhere(site: dict[str, str], read: dict[str, Reader]) -> None:
    for path, page in read.items():
        for link in page.links:
            assert "//" not in link, f"{path}: {link} is not of this site"
            target, _, anchor = link.partition("#")
            target = normpath(join(dirname(path), target)) if target else path
            assert target in site, f"{path}: {link}"
            assert not anchor or anchor in read[target].anchors, f"{path}: {link}"


def test_nothing_is_loaded_from_elsewhere(site: dict[str, str]) -> None:
    for path, text in site.items():
        assert "http" not in text and "@import" not in text and "url(" not in text, path


def test_every_page_can_be_reached(site: dict[str, str], read: dict[str, Reader]) -> None:
    seen, todo = {"index.html"}, ["index.html"]
    while todo:
        path = todo.pop()
        for link in read[path].links:
            target = normpath(join(dirname(path), link.partition("#")[0] or path))
            if target not in seen and target in read:
                seen.add(target)
                todo.append(target)
    assert seen == set(read)


def test_every_mnemonic_and_csr_is_there(read: dict[str, Reader]) -> None:
    assert {path[2:-5] for path in read if path.startswith("i/")} == set(mnemonics())
    assert {csr.name for csr in isa_model().csrs} <= read["csrs.html"].anchors
    for row in isa_model().instructions:
        if not row.assemble:
            continue
        page = read[f"i/{row.name}.html"].text
        assert row.summary in page
        # The digits of the opcode are drawn one by one.
        opcode = row.match & 0x7F if row.length == 4 else row.match & 3
        assert f"{opcode:0{7 if row.length == 4 else 2}b}" in page.replace("\n", ""), row.name


def test_a_page_in_words(read: dict[str, Reader]) -> None:
    page = read["i/pv.sdotsp.b.html"].text
    for part in (
        "signed dot product",
        "rs1[3] × rs2[3]",
        "rd + sum of the 4 products",
        "sb_legacy",
        "dotp"[:3],
    ):
        assert part in page
    formats = read["formats.html"].text
    assert "a8w4" in formats and "slice 1" in formats


def test_writing_it(tmp_path: Path) -> None:
    assert build_site(tmp_path / "site") == len(list((tmp_path / "site").rglob("*.*")))
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot write"):
        build_site(tmp_path / "file")
