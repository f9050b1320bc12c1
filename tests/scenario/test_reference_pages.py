"""The reference pages and the glossary say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fundsim.instruments import KINDS
from fundsim.scenario.pages import MARK, pages, with_glossary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = pages(KINDS)


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_current(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], f"{name} is old: run python tools/make_reference.py"


def test_no_reference_page_is_left_over() -> None:
    committed = {path.relative_to(DOCS).as_posix() for path in (DOCS / "reference").iterdir()}
    assert committed == set(PAGES) | {"reference/language.md"}


def test_the_glossarys_keys_are_current() -> None:
    committed = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert committed == with_glossary(committed, KINDS)


def test_every_identifier_of_the_glossary_occurs_in_the_code() -> None:
    head = (DOCS / "glossary.md").read_text(encoding="utf-8").partition(MARK)[0]
    words = re.findall(r"^\| [^|]+ \| `(\w+)` \|", head, re.MULTILINE)
    assert len(words) >= 20
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    code += "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "scenarios").rglob("*.yaml"))
    missing = [word for word in words if not re.search(rf"\b{word}\b", code)]
    assert missing == []


def test_every_field_has_a_meaning_and_a_chinese_term() -> None:
    rows = [
        (name, row)
        for name, page in PAGES.items()
        if name.endswith(".md")
        for row in re.findall(r"^\| `.*$", page, re.MULTILINE)
    ]
    assert len(rows) > 100
    for name, row in rows:
        cells = [cell.strip() for cell in row.split("|")[1:-1]]
        assert all(cells[:3]), f"{name}: {row}"
        assert re.search("[\u4e00-\u9fff]", cells[2]), f"{name}: {row}"
