"""Compiled kernels are run as they lie, so they come from a folder that nobody else can write to."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from fundsim.core.machine import cache
from fundsim.core.machine.cache import KernelFolder, find_folder, notice_if_elsewhere
from fundsim.core.machine.compiling import KernelFolderWarning, reported_to

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="each user has a temporary folder")


@pytest.fixture
def blocked(tmp_path, monkeypatch):
    """Let FUNDSIM_CACHE_DIR name a file, and return the folder of temporary files that all share."""
    file, shared = tmp_path / "file", tmp_path / "shared"
    file.write_text("not a folder", encoding="utf-8")
    shared.mkdir(mode=0o777)
    monkeypatch.setenv("FUNDSIM_CACHE_DIR", str(file))
    monkeypatch.setattr(tempfile, "tempdir", str(shared))
    monkeypatch.setattr(cache.atexit, "register", lambda *_, **__: None)
    return shared


def bits(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_a_folder_among_the_temporary_files_has_the_users_number_and_is_theirs_alone(blocked):
    before = os.umask(0)
    try:
        found = find_folder()
    finally:
        os.umask(before)
    assert found.path.parent == blocked
    assert found.path.name.startswith(f"fundsim-{os.getuid()}-kernels-")
    assert bits(found.path) == 0o700
    assert found.lasts
    assert found.refused == os.environ["FUNDSIM_CACHE_DIR"]
    assert find_folder() == found


def test_a_folder_that_can_be_written_is_used_and_nothing_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDSIM_CACHE_DIR", str(tmp_path / "mine"))
    found = find_folder()
    assert (found.path.parent, found.refused, found.lasts) == (tmp_path / "mine", None, True)


def a_folder_others_may_write(place: Path) -> None:
    place.mkdir()
    place.chmod(0o777)


def a_folder_the_group_may_write(place: Path) -> None:
    place.mkdir()
    place.chmod(0o770)


def a_link(place: Path) -> None:
    target = place.with_name("target")
    target.mkdir(mode=0o700)
    place.symlink_to(target)


def a_file(place: Path) -> None:
    place.write_text("kernels", encoding="utf-8")


@pytest.mark.parametrize("put", [a_folder_others_may_write, a_folder_the_group_may_write, a_link, a_file])
def test_what_somebody_else_may_have_put_there_is_not_used(put, blocked):
    expected = find_folder().path
    expected.rmdir()
    put(expected)
    found = find_folder()
    assert found.path != expected
    assert found.path.parent == blocked
    assert bits(found.path) == 0o700
    assert not found.lasts
    assert find_folder().path != found.path


def test_a_folder_of_another_user_is_not_used(blocked, monkeypatch):
    """Made for a user number that is not this one's: as another user would find it."""
    mine = find_folder().path
    other = os.getuid() + 1
    theirs = mine.with_name(mine.name.replace(str(os.getuid()), str(other), 1))
    theirs.mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: other)
    found = find_folder()
    assert found.path not in (mine, theirs)
    assert not found.lasts


MOVED = KernelFolder(Path("elsewhere"), "wanted", lasts=True)
LOST = KernelFolder(Path("elsewhere"), "wanted", lasts=False)
LOST_BY_DEFAULT = KernelFolder(Path("elsewhere"), None, lasts=False)


@pytest.mark.parametrize(
    ("found", "english", "chinese"),
    [
        (
            MOVED,
            "FUNDSIM_CACHE_DIR: wanted can't be written; compiled kernels are kept in elsewhere",
            "FUNDSIM_CACHE_DIR：wanted 无法写入；编译结果保存在 elsewhere",
        ),
        (
            LOST,
            "FUNDSIM_CACHE_DIR: wanted can't be written; compiled kernels are not kept, each run compiles "
            "again; name a folder of your own in FUNDSIM_CACHE_DIR",
            "FUNDSIM_CACHE_DIR：wanted 无法写入；编译结果不保存，每次运行都重新编译；"
            "请用 FUNDSIM_CACHE_DIR 指定自己的文件夹",
        ),
        (
            LOST_BY_DEFAULT,
            "compiled kernels are not kept, each run compiles again; name a folder of your own in "
            "FUNDSIM_CACHE_DIR",
            "编译结果不保存，每次运行都重新编译；请用 FUNDSIM_CACHE_DIR 指定自己的文件夹",
        ),
    ],
)
def test_what_is_said_of_it_is_one_line_once(found, english, chinese, monkeypatch):
    monkeypatch.setattr(cache, "_found", found)
    monkeypatch.setattr(cache, "MODE", "private")
    notice_if_elsewhere.cache_clear()
    lines = []
    with reported_to(lambda: None, lambda *words: lines.append(words)):
        notice_if_elsewhere()
        notice_if_elsewhere()
    assert lines == [(english, chinese)]
    notice_if_elsewhere.cache_clear()
    with pytest.warns(KernelFolderWarning, match="compiled kernels"):
        notice_if_elsewhere()


@pytest.mark.parametrize(
    ("found", "mode"),
    [(KernelFolder(Path("default"), None, lasts=True), "private"), (LOST, "plain")],
)
def test_nothing_is_said_where_all_is_as_asked_or_nothing_is_compiled(found, mode, monkeypatch):
    monkeypatch.setattr(cache, "_found", found)
    monkeypatch.setattr(cache, "MODE", mode)
    notice_if_elsewhere.cache_clear()
    with reported_to(lambda: None, lambda *_: pytest.fail("a notice")):
        notice_if_elsewhere()
    notice_if_elsewhere.cache_clear()


SCRIPT = """
import json, sys
from fundsim.core.machine import cache
from fundsim.cli import main
if "compiled" in sys.argv:
    cache.MODE = "private"  # what a compiled run would say, without waiting for it
status = main([*{arguments!r}, "run", "minimal", "--paths", "2", "-o", {out!r}])
print(json.dumps([status, str(cache.CACHE_FOLDER)]))
"""


@pytest.mark.parametrize(("arguments", "lines"), [([], 1), (["-q"], 0), (["--json"], 1)])
def test_a_run_says_on_stderr_that_the_folder_could_not_be_used(arguments, lines, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    script = SCRIPT.format(arguments=arguments, out=str(tmp_path / "out"))
    environment = {"FUNDSIM_CACHE_DIR": str(blocked), "TMPDIR": str(tmp_path), "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script, "compiled"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    status, folder = json.loads(done.stdout.splitlines()[-1])
    assert status == 0
    assert Path(folder).parent == tmp_path
    found = [line for line in done.stderr.splitlines() if "FUNDSIM_CACHE_DIR" in line]
    assert len(found) == lines
    assert all(line == f"FUNDSIM_CACHE_DIR: {blocked} can't be written; compiled kernels are kept in {folder}"
               for line in found)  # fmt: skip


def test_a_folder_for_one_process_goes_with_it(tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    script = "from fundsim.core.machine import cache; print(cache.CACHE_FOLDER, cache.CACHE_FOLDER.is_dir())"
    environment = {
        **os.environ,
        "FUNDSIM_CACHE_DIR": str(tmp_path / "file"),
        "TMPDIR": str(tmp_path),
        "NUMBA_DISABLE_JIT": "1",
    }
    command = [sys.executable, "-c", script]
    first, was_there = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert was_there == "True"
    assert Path(first).is_dir()
    Path(first).chmod(0o777)
    second, was_there = subprocess.run(  # noqa: S603
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert was_there == "True"
    assert second != first
    assert not Path(second).exists()
