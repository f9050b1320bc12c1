"""Imports of every form go down only: at the top, in a function, and by a name that is a text."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import fundsim

ROOT = Path(__file__).parents[2]
PACKAGE = Path(fundsim.__file__).parent


def module_of(source: Path) -> str:
    parts = ("fundsim", *source.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(source): source for source in sorted(PACKAGE.rglob("*.py"))}
TOP = {"fundsim", "fundsim.__main__"}
"""Modules above all layers: the public names and the program."""
TABLES = {"fundsim": "_LAZY", "fundsim.cli.frame": "fundsim.cli.ENTRIES"}
"""Module that imports what a table names → the table, whose texts are themselves checked where they stand."""
IMPORTERS = {"import_module", "importlib.import_module", "__import__", "importlib.__import__"}


def known(name: str) -> str | None:
    """Return the module that a dotted name is, or is in; None if it is none of ours."""
    if name in SOURCES:
        return name if name != "fundsim" else None
    parent = name.rpartition(".")[0]
    return parent if parent in SOURCES and parent != "fundsim" else None


def static(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def by_text(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every text that is the name of a module: a table of modules imports them all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in SOURCES:
            yield node.lineno, node.value


def computed(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of imports by a name that isn't written there as one text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in IMPORTERS:
            name = node.args[0]
            if not (isinstance(name, ast.Constant) and isinstance(name.value, str)):
                yield node.lineno


def layers() -> dict[str, tuple[int, int, bool]]:
    """Return (layer, place in it, whether its members may import each other) by member."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (contract,) = [c for c in contracts if c["name"] == "imports go down only"]
    found = {}
    for row, layer in enumerate(contract["layers"]):
        separator = ":" if ":" in layer else "|"
        for place, member in enumerate(layer.split(separator)):
            found[member.strip()] = (row, place, separator == ":")
    return found


LAYERS = layers()


def place_of(module: str) -> tuple[int, int, bool]:
    return next(LAYERS[member] for member in LAYERS if f"{module}.".startswith(f"{member}."))


def is_down(importer: str, imported: str) -> bool:
    if importer in TOP:
        return True
    above, below = place_of(importer), place_of(imported)
    return above[0] < below[0] or (above[0] == below[0] and (above[1] == below[1] or above[2]))


def upward(importer: str, text: str) -> list[str]:
    tree = ast.parse(text)
    found = [(line, known(name)) for line, name in (*static(tree), *by_text(tree))]
    return [
        f"{importer}:{line} imports {name}"
        for line, name in found
        if name is not None and name != importer and not is_down(importer, name)
    ]


def test_every_module_stands_in_a_layer():
    assert [m for m in SOURCES if m not in TOP and not any(f"{m}.".startswith(f"{x}.") for x in LAYERS)] == []


def test_no_import_goes_up():
    sources = {module: source.read_text(encoding="utf-8") for module, source in SOURCES.items()}
    assert [fault for module, text in sources.items() for fault in upward(module, text)] == []


def test_a_module_imported_by_a_computed_name_comes_from_a_table():
    found = {m for m, source in SOURCES.items() if list(computed(ast.parse(source.read_text("utf-8"))))}
    assert found == TABLES.keys()


def test_the_tables_name_modules_as_whole_texts():
    lazy = {module for module, _ in fundsim._LAZY.values()}
    entries = {entry.module for entry in __import__("fundsim.cli", fromlist=["ENTRIES"]).ENTRIES.values()}
    for importer, named in (("fundsim", lazy), ("fundsim.cli", entries)):
        written = {name for _, name in by_text(ast.parse(SOURCES[importer].read_text("utf-8")))}
        assert named
        assert named <= written


@pytest.mark.parametrize(
    "line",
    [
        "from fundsim.report.plots import Plots",
        "import fundsim.report.plots",
        "from fundsim import report",
        "def draw():\n    from fundsim.report import plots",
        "def draw():\n    return importlib.import_module('fundsim.report.plots')",
        "PICTURES = {'plots': ('fundsim.report.plots', 'Plots')}",
    ],
)
def test_an_import_that_goes_up_is_found_in_every_form(line):
    assert len(upward("fundsim.results.store", line)) == 1
    assert upward("fundsim.api.results", line) == []


def test_an_engine_that_is_chosen_by_name_is_seen():
    tree = ast.parse(SOURCES["fundsim.simulation"].read_text("utf-8"))
    assert {"fundsim.core.engine", "fundsim.reference.engine"} <= {name for _, name in static(tree)}


def test_a_computed_name_is_found():
    assert list(computed(ast.parse("importlib.import_module(f'fundsim.{name}')"))) == [1]
    assert list(computed(ast.parse("importlib.import_module('fundsim.core')"))) == []
