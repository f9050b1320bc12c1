"""Runs of a few paths, and what their reports say."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest

import fundsim as fs
from fundsim.api.results import Results
from fundsim.report.document.model import Block, Document, TableOf
from fundsim.report.document.run import document_of_run
from fundsim.report.texts import Language

PLANS = {
    "minimal": 200,
    "jinan_2024_2027": 200,
    "textbook/bridge_erlang_b": 100,
    "one path": 1,
    "with doubt": 100,
}
"""Run → number of paths: a pool, a plan with budget and targets, bridge funds only, no pictures, doubt."""


@functools.cache
def run_of(name: str) -> Results:
    if name == "one path":
        return fs.simulate(fs.load("minimal"), paths=1, seed=1)
    if name == "with doubt":
        scenario = fs.load("taiyuan_pool")
        known = fs.doubt(scenario, draws=4, paths=50, seed=1).summary
        return fs.simulate(scenario, paths=PLANS[name], seed=1).with_doubt(known)
    return fs.simulate(fs.load(name), paths=PLANS[name], seed=1)


@functools.cache
def document_of(name: str, lang: Language) -> Document:
    return document_of_run(run_of(name), lang)


@pytest.fixture(scope="session")
def run() -> Callable[[str], Results]:
    return run_of


@pytest.fixture(params=[(name, lang) for name in PLANS for lang in ("zh", "en")], ids="-".join)
def document(request: pytest.FixtureRequest) -> tuple[str, Document]:
    name, lang = request.param
    return name, document_of(name, lang)


def tables_of(document: Document) -> Iterator[TableOf]:
    for block in blocks_of(document):
        if isinstance(block, TableOf):
            yield block


def blocks_of(document: Document) -> Iterator[Block]:
    for chapter in document.chapters:
        yield from chapter.blocks


def rows_of(table: TableOf) -> list[tuple[str, ...]]:
    """Return the rows of a table as a document shows them: headings, then groups and their lines."""
    rows = [tuple(table.sheet.headings)]
    for group, lines in table.sheet.groups():
        rows += [(group,)] if group else []
        rows += lines
    return rows
