"""What the pages point at is there: links between them, and the files of the sources that they name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "fundsim"
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/*.md", "docs/decisions/*.md", "docs/reference/*.md", "changes/*.md")
    for page in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FILES_OF_A_ROW = re.compile(r"`([\w/*]+\.py)`|`(\w+/)`")


def test_there_are_pages():
    names = {page.name for page in PAGES}
    assert {"README.md", "README.zh.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_of_a_page_leads_somewhere(page):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_file_that_the_model_s_page_names_is_in_the_sources():
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    rows = page.split("## 11.")[1].split("## Sources")[0].splitlines()
    named = []
    for row in rows:
        for cell in row.split("|"):
            folder = ""
            for file, whole in FILES_OF_A_ROW.findall(cell):
                # Within a cell a file without a folder is in the folder of the one before it.
                folder = file.rpartition("/")[0] or folder
                named.append(whole or f"{folder}/{file.rpartition('/')[2]}")
    assert len(named) > 40
    assert [name for name in named if not any(SOURCES.glob(name))] == []


def test_every_change_is_of_a_kind_that_the_changelog_has():
    """A kind that is misspelt would be left out at a release."""
    folder = ROOT / "changes"
    kinds = set(re.findall(r"`(\w+)`[,:]", (folder / "README.md").read_text(encoding="utf-8")))
    assert kinds == {"added", "changed", "fixed", "removed", "numbers"}
    fragments = [file for file in folder.iterdir() if file.name != "README.md"]
    wrong = [
        file.name
        for file in fragments
        if not re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(kinds)})\.md", file.name)
    ]
    assert wrong == []
    assert [file.name for file in fragments if not file.read_text(encoding="utf-8").strip()] == []
