"""Who may import whom, what is public, and what a module may be."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import fundsim

ROOT = Path(__file__).parents[2]
PACKAGE = Path(fundsim.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

CONFINED = {
    "numba": "core/machine",
    "llvmlite": "core/machine",
    "simpy": "reference",
    "matplotlib": "report",
    "jinja2": "report/document",
    "docx": "report/document",
}
"""Library → the only folder that imports it."""

HEAVY = {
    "numpy",
    "numba",
    "pandas",
    "scipy",
    "matplotlib",
    "pydantic",
    "pyarrow",
    "simpy",
    "jinja2",
    "docx",
    "yaml",
}


def in_python(*arguments: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | (environment or {}),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def imports_of(source: Path) -> set[str]:
    """Return the top-level names of all that a file imports, at any depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def name_of(source: Path) -> str:
    return str(source.relative_to(PACKAGE))


def test_imports_go_down_only():
    """The contracts of pyproject.toml, by import-linter."""
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_no_warning_is_let_through():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["pytest"]["ini_options"]["filterwarnings"] == ["error"]


@pytest.mark.parametrize("library", sorted(CONFINED))
def test_a_library_is_imported_in_its_folder_only(library):
    importers = [source for source in SOURCES if library in imports_of(source)]
    assert importers
    assert [s for s in importers if not s.is_relative_to(PACKAGE / CONFINED[library])] == []


def test_the_public_names_are_these():
    assert sorted(fundsim.__all__) == [
        "Comparison",
        "Doubt",
        "Results",
        "Scenario",
        "Size",
        "Sweep",
        "Tornado",
        "compare",
        "doubt",
        "load",
        "open",
        "simulate",
        "size",
        "sweep",
        "tornado",
        "trace",
    ]
    assert all(getattr(fundsim, name) is not None for name in fundsim.__all__)
    assert dir(fundsim) == sorted(fundsim.__all__)
    with pytest.raises(AttributeError, match="no attribute 'smulate'"):
        fundsim.smulate  # noqa: B018 - reading it is the test


def test_a_run_pays_for_no_library_that_it_does_not_need(tmp_path):
    script = (
        "import sys\n"
        "from fundsim.cli import main\n"
        f"assert main(['run', 'minimal', '--paths', '2', '-q', '-o', {str(tmp_path / 'out')!r}]) == 0\n"
        "print('\\n'.join(sorted(sys.modules)))\n"
    )
    loaded = set(in_python("-c", script, environment={"NUMBA_DISABLE_JIT": "1"}).split())
    assert {"matplotlib", "pyarrow", "scipy.special"} <= loaded
    assert not loaded & {"pandas", "scipy.optimize", "scipy.stats", "matplotlib.pyplot", "simpy", "rich"}


def test_help_loads_no_heavy_module():
    script = (
        "import sys\n"
        "sys.argv = ['fundsim', '--help']\n"
        "from fundsim.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\n'.join(sorted({name.split('.')[0] for name in sys.modules})))\n"
    )
    loaded = set(in_python("-c", script).split())
    assert "click" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("module", ["fundsim", "fundsim.core", "fundsim.cli"])
def test_importing_loads_no_compiler(module):
    script = f"import sys, {module}; print('\\n'.join(sys.modules))"
    loaded = {name.split(".")[0] for name in in_python("-c", script).split()}
    assert not loaded & {"numba", "llvmlite", "matplotlib", "simpy"}


def test_named_tuples_have_names_of_their_own():
    """Two of one name, replayed from the cache of kernels, gave wrong numbers without a word."""
    seen: dict[str, Path] = {}
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "NamedTuple" in {ast.unparse(base) for base in node.bases}:
                name = node.name
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "namedtuple":
                name = ast.literal_eval(node.args[0])
            else:
                continue
            assert name not in seen, (source, seen.get(name))
            seen[name] = source
    assert {"Tables", "State"} <= seen.keys()


@pytest.mark.parametrize("source", SOURCES, ids=name_of)
def test_a_module_is_short_and_says_what_it_is(source):
    text = source.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", "?"))


@pytest.mark.parametrize("source", sorted((PACKAGE / "core").rglob("*.py")), ids=name_of)
def test_kernels_are_small_and_say_what_they_do(source):
    """At most 45 lines (the polynomials of AS 241) and seven arguments (a life in ``lives``), no defaults."""
    decorators = {"kernel", "entry", "outlined", "spliced"}
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and decorators & {ast.unparse(d) for d in node.decorator_list}:
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert ast.get_docstring(node), node.name
            assert body[-1].end_lineno - body[0].lineno + 1 <= 45, node.name
            assert len(node.args.args) <= 7, node.name
            assert not node.args.defaults, node.name


def modules_of(folder):
    """Return the modules of a folder of the package, at any depth, which has some."""
    found = sorted((PACKAGE / folder).rglob("*.py"))
    assert len(found) > 3
    return found


def test_no_kernel_is_compiled_with_fastmath_or_in_parallel():
    for source in modules_of("core"):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
        assert not names & {"fastmath", "parallel"}, source
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"prange", "numba.prange"}, source


def test_the_reference_engine_shares_no_code_with_the_core():
    for source in modules_of("reference"):
        assert "fundsim.core" not in source.read_text(encoding="utf-8"), source
