"""A new noun is its own files and a line in each list of nouns; and who knows a noun's class."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fundsim
from fundsim.scheme import NOUNS, Scheme

from .endowment import FILES, IMPORTS, LINES

PACKAGE = Path(fundsim.__file__).parent
TESTS = Path(__file__).parents[1]

SCRIPT = """
import json
from dataclasses import replace
from fundsim import core, reference
from fundsim.scheme import Party, record_names
from fundsim.scheme.endowments import Endowment
from fundsim.scheme.rules import with_longest_life
from fundsim.tracing import trace_scheme
from fundsim.tracing.ledger_words import EVENTS, KINDS
from laws.schemes import seeded_scheme

plain = seeded_scheme(13)
end = plain.window.total + 9
scheme = replace(
    plain,
    parties=(*plain.parties, Party(name="purse", opening=1000.0), Party(name="heir", limited=False)),
    endowments=(
        Endowment(name="small", payer="purse", payee="heir", amount=300.0, floor=200.0, last=end),
        Endowment(name="large", payer="treasury", payee="heir", amount=7.0, floor=-1e12, last=end),
    ),
)
scheme = replace(scheme, window=with_longest_life(scheme))
names = record_names(scheme)
series = tuple(n for n in names.all if n not in names.at_snapshots)
found = {"total": plain.window.total, "words": [EVENTS["n_paid"].english, KINDS["endowment"][1]]}
for engine in (core, reference):
    block = engine.engine(scheme, series, names.all).run(3, 0, 1)
    found[engine.__name__] = dict(zip(series, block.series[0].T.tolist()))
alone = core.engine(plain, (), record_names(plain).all).run(3, 0, 1).snapshots[0, -1]
beside = core.engine(scheme, (), names.all).run(3, 0, 1).snapshots[0]
at = scheme.window.snapshots.index(plain.window.total)
own = dict(zip(names.all, beside[at].tolist()))
found["changed"] = [
    n for n, value in zip(record_names(plain).all, alone.tolist())
    if own[n] != value and n != "party/treasury/balance"
]
traced = trace_scheme(scheme, path=0, seed=3)
found["entries"] = [(e.month, e.step, e.amount) for e in traced.rows if e.payer == "purse"]
found["events"] = [(e.month, e.what) for e in traced.happened if e.subject == "small"]
print(json.dumps(found))
"""


def inserted(text: str, anchor: str, line: str) -> str:
    """Return a text with a line put in behind an anchor, or before the bracket that ends the anchor."""
    assert text.count(anchor) == 1, anchor
    if anchor.endswith("\n)"):
        return text.replace(anchor, f"{anchor[:-1]}{line})")
    return text.replace(anchor, f"{anchor}{line}")


def imported(text: str, statement: str) -> str:
    """Return a module's text with one more import."""
    anchor = "from __future__ import annotations\n"
    return text.replace(anchor, f"{anchor}\n{statement}\n", 1)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return the folder of a copy of the package with the new noun."""
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "fundsim"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        (package / name).write_text(text.lstrip("\n"), encoding="utf-8")
    for name, anchor, line in LINES:
        text = inserted((package / name).read_text(encoding="utf-8"), anchor, line)
        (package / name).write_text(imported(text, IMPORTS[name]), encoding="utf-8")
    return folder


def said_by(folder, **environment):
    """Return what both engines and the trace of a copy say of a scheme with the new noun."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{TESTS}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def found(copy):
    """Return what the copy says as plain Python."""
    return said_by(copy, NUMBA_DISABLE_JIT="1")


def test_a_new_noun_is_four_files_and_five_lines():
    assert len(FILES) == 4
    assert [name for name, *_ in LINES] == [*IMPORTS]
    assert len(LINES) == 5


@pytest.mark.parametrize("engine", ["fundsim.core", "fundsim.reference"])
def test_a_new_noun_runs_in_both_engines(found, engine):
    """1000 pays three times 300; the 100 left lie below the floor of 200 in month 3."""
    months = found["total"] + 10
    record = {name: found[engine][f"endowment/small/{name}"] for name in ("n_paid", "stopped", "stop_month")}
    assert record["n_paid"] == [1.0, 2.0, 3.0, *[3.0] * (months - 3)]
    assert record["stopped"] == [0.0] * 3 + [1.0] * (months - 3)
    assert record["stop_month"][-1] == 3.0
    assert found[engine]["party/purse/balance"][:4] == [700.0, 400.0, 100.0, 100.0]
    assert found[engine]["endowment/large/n_paid"] == [float(month + 1) for month in range(months)]
    assert found[engine]["party/heir/balance"][-1] == pytest.approx(900.0 + 7.0 * months)


def test_a_new_noun_is_traced_in_its_own_words(found):
    assert found["entries"] == [[0, 2, 300.0], [1, 2, 300.0], [2, 2, 300.0]]
    assert found["events"] == [[0, "n_paid"], [1, "n_paid"], [2, "n_paid"], [3, "stop_month"]]
    assert found["words"] == ["instalments", "捐赠"]


def test_a_new_noun_changes_no_other_record(found):
    assert found["changed"] == []


@pytest.mark.long
@pytest.mark.timeout(1_200)
def test_a_new_noun_compiles_and_gives_the_same_bits(copy, found):
    """What Python runs, numba may still refuse: a type that it can't know, a branch of two types."""
    kernels = copy / "kernels"
    compiled = said_by(copy, NUMBA_DISABLE_JIT="0", FUNDSIM_CACHE_DIR=str(kernels))
    assert compiled == found
    assert any(file.suffix == ".nbc" for file in kernels.rglob("*"))


def importers(name: str) -> set[str]:
    """Return the rooms that import a class of ``scheme`` by its name: a folder, or a room of the core."""
    rooms = set()
    for source in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fundsim.scheme")
            for alias in node.names
        }
        if name in names:
            parts = source.relative_to(PACKAGE).parts
            rooms.add("/".join(parts[:2]) if parts[0] == "core" else parts[0])
    return rooms


KNOW_LENDING = {"Facility", "Contract", "Borrowers", "Party"}
"""Nouns that every kind of lending is made of."""


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_a_nouns_class_is_known_where_it_is_made_packed_and_lived_only(noun):
    allowed = {"scheme", "instruments", "lowering", "verify", "core/pack", "reference"}
    if noun.__name__ in KNOW_LENDING:
        allowed |= {"metrics", "tracing"}
    if noun.__name__ == "Breaker":
        allowed |= {"tracing"}  # which shows a flow of months as the events fired and lifted
    assert importers(noun.__name__) <= allowed


def test_every_noun_has_its_field_in_a_scheme_or_stands_in_another():
    fields = set(Scheme.__dataclass_fields__)
    nested = {noun.place for noun in NOUNS} - fields
    assert nested == {"books", "populations", "bridge_sizes"}
