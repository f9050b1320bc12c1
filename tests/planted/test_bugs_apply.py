"""The planted bugs fit the sources; ``python -m tests.planted.run`` says which are caught."""

import ast
from pathlib import Path

import pytest

from .bugs import BUGS, Bug, Edit
from .page import HEAD, row
from .planting import planted, sources_of
from .run import PACKAGE, ROOT

SOURCES = sources_of(ROOT / PACKAGE)

PAIR = {
    Path("a/one.py"): "LIMIT = 3\n\n\ndef f(x):\n    return x + x\n",
    Path("b/one.py"): "class C:\n    def f(self):\n        return 1\n\n\ndef f(x):\n    return x\n",
}


def bug_of(*edits: Edit) -> Bug:
    return Bug(1, "Wrong.", edits, "no.py::test")


def test_the_planted_bugs_are_numbered_without_gaps():
    assert len(BUGS) > 25
    assert [bug.number for bug in BUGS] == list(range(1, 1 + len(BUGS)))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.number:02}")
def test_a_planted_bug_fits_and_leaves_sources_that_parse_and_differ(bug):
    changed = planted(bug, SOURCES)
    assert changed
    for file, text in changed.items():
        assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(SOURCES[file]))


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.number:02}")
def test_the_test_recorded_for_a_bug_is_there(bug):
    file, _, name = bug.caught_by.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name.partition("[")[0] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_page_lists_exactly_these_bugs():
    lines = (ROOT / "docs" / "planted_bugs.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert table == [*HEAD, *(row(bug, SOURCES, bug.caught_by) for bug in BUGS)]


def test_an_edit_changes_its_own_definition_alone():
    one = planted(bug_of(Edit("f", "return x", "return 2 * x", module="b.one")), PAIR)
    assert one == {Path("b/one.py"): PAIR[Path("b/one.py")].replace("return x", "return 2 * x")}
    method = planted(bug_of(Edit("C.f", "1", "7"), Edit("LIMIT", "3", "4")), PAIR)
    assert method == {
        Path("a/one.py"): PAIR[Path("a/one.py")].replace("3", "4"),
        Path("b/one.py"): PAIR[Path("b/one.py")].replace("1", "7"),
    }


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Edit("f", "return x", "return 0"), r"f is defined in \['a/one.py', 'b/one.py'\]"),
        (Edit("g", "return x", "return 0"), r"g is defined in \[\]"),
        (Edit("f", "x", "y", module="a.one"), "f has 3 times the text 'x'"),
        (Edit("LIMIT", "return", "yield"), "LIMIT has 0 times the text 'return'"),
    ],
)
def test_an_edit_that_does_not_fit_exactly_once_is_refused(edit, message):
    with pytest.raises(LookupError, match=message):
        planted(bug_of(edit), PAIR)
