"""The core by numba's public interface alone: with which versions, reported how, and with the same bits."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from tests.laws.fingerprint import fingerprints, fingerprints_elsewhere

import fundsim
from fundsim.core.machine.mode import PRIVATE_VERSIONS, mode_of

MACHINE = Path(fundsim.__file__).parent / "core" / "machine"

DOCUMENTED = {"nogil", "error_model", "cache", "inline", "forceinline"}
"""Options of ``numba.jit`` in numba's reference."""

FUTURE = """
import json, sys
import numba

asked = set()

def njit(**options):
    asked.update(options)
    return lambda function: function

numba.__version__, numba.njit = "0.99.0", njit
"""
"""Makes the installed numba another version, which compiles nothing and notes what it is asked for."""


def in_the_future(script, **environment):
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", FUTURE + script],
        env={**os.environ, "NUMBA_DISABLE_JIT": "0", "FUNDSIM_PUBLIC_NUMBA": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done


def test_an_unknown_minor_version_is_asked_for_documented_options_only():
    """The installed numba still knows the private ones: that they are not asked for is the test."""
    script = """
from fundsim.core import path
from fundsim.core.machine.mode import MODE
private = [name for name in sys.modules if name.startswith("fundsim.core.machine.private")]
print(json.dumps([MODE, sorted(asked), private]))
"""
    assert json.loads(in_the_future(script).stdout) == ["public", sorted(DOCUMENTED), []]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "numba 0.99.0 is not a version that this fundsim knows"), ("zh", "尚不认识 numba 0.99.0")],
)
def test_a_run_says_once_that_the_version_of_numba_is_unknown(tmp_path, lang, words):
    script = f"""
from fundsim.cli import main
folder = {str(tmp_path)!r}
for name in ("one", "two"):
    assert main(["--lang", {lang!r}, "run", "minimal", "--paths", "2", "-o", folder + "/" + name]) == 0
"""
    shown = in_the_future(script, PYTHONIOENCODING="utf-8").stderr.splitlines()
    (line,) = [line for line in shown if "0.99.0" in line]
    assert words in line
    assert PRIVATE_VERSIONS[-1] in line
    assert "Warning" not in line


def test_python_is_warned_once_and_a_quiet_run_says_nothing(tmp_path):
    script = f"""
import warnings
from fundsim.cli import main
from fundsim.core import engine
from fundsim.core.machine import known
from fundsim.lowering import lower
from fundsim import load
assert main(["run", "minimal", "--paths", "2", "-q", "-o", {str(tmp_path / "out")!r}]) == 0
known.notice_if_unknown.cache_clear()
scheme = lower(load("minimal"))
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    engine(scheme), engine(scheme)
print(json.dumps([[one.category.__name__, str(one.message)] for one in caught]))
"""
    done = in_the_future(script)
    ((category, message),) = json.loads(done.stdout)
    assert category == "UnknownNumbaWarning"
    assert message.startswith("numba 0.99.0 is not")
    assert "0.99.0" not in done.stderr  # plain Python warns of the overflow that the generator means


def test_each_way_of_compiling_has_a_folder_of_its_own():
    script = "from fundsim.core.machine.cache import CACHE_FOLDER; print(CACHE_FOLDER.name)"
    ways = [{"FUNDSIM_PUBLIC_NUMBA": "0"}, {"FUNDSIM_PUBLIC_NUMBA": "1"}, {"NUMBA_DISABLE_JIT": "1"}]
    folders = {
        subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", script],
            env={**os.environ, "NUMBA_DISABLE_JIT": "0", **way},
            capture_output=True,
            check=True,
        ).stdout
        for way in ways
    }
    assert len(folders) == 3


def test_the_installed_version_is_used_in_full_unless_asked_otherwise():
    assert mode_of(numba.__version__, {}) == "private"
    assert mode_of(numba.__version__, {"FUNDSIM_PUBLIC_NUMBA": "0"}) == "private"
    assert mode_of(numba.__version__, {"FUNDSIM_PUBLIC_NUMBA": "1"}) == "public"


@pytest.mark.parametrize("source", sorted(MACHINE.glob("*.py")), ids=lambda source: source.name)
def test_outside_its_private_folder_the_machine_imports_numbas_interface_for_extensions_only(source):
    public = {"numba", "numba.extending"}
    if source.name == "by_reference.py":  # what numba's guide to extensions takes from its core
        public |= {"numba.core", "numba.core.typing.templates"}
    tree = ast.parse(source.read_text(encoding="utf-8"))
    from_modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules = from_modules | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert {module for module in modules if module.split(".")[0] == "numba"} <= public
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not names & {"_nrt", "pipeline_class", "no_cpython_wrapper", "no_cfunc_wrapper"}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_the_public_interface_gives_the_bits_of_the_private_one(tmp_path):
    asked = (0, 60, "minimal", "textbook/unequal_layers")
    elsewhere = fingerprints_elsewhere(*asked, FUNDSIM_PUBLIC_NUMBA="1", FUNDSIM_CACHE_DIR=str(tmp_path))
    assert elsewhere == fingerprints(*asked)
    assert len(set(elsewhere.values())) == 62
