"""Names of figures, contracts and facilities are made of fields; nothing takes them apart again."""

import ast
from pathlib import Path

import pytest

import fundsim

PACKAGE = Path(fundsim.__file__).parent
FOLDERS = ("cli", "decide", "instruments", "lowering", "metrics", "report", "scheme", "tracing", "verify")
TAKING_APART = {"partition", "rpartition", "split", "rsplit"}
SOURCES = [source for folder in FOLDERS for source in sorted((PACKAGE / folder).rglob("*.py"))]


def taken_apart(source):
    """Return the lines on which a text is taken apart at its dots."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in TAKING_APART
        and any(isinstance(one, ast.Constant) and one.value == "." for one in node.args)
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(PACKAGE)))
def test_no_name_is_taken_apart_at_its_dots(source):
    assert taken_apart(source) == []


def test_the_search_finds_what_it_is_for(tmp_path):
    file = tmp_path / "one.py"
    file.write_text('a = name.partition(".")[0]\nb = name.split("/")\nc = name.split(".", 1)\n', "utf-8")
    assert sorted(taken_apart(file)) == [1, 3]
