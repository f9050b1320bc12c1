"""Where a run may be written, and what happens if another one is there first."""

import errno
import multiprocessing
import os
import tempfile
from pathlib import Path

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import OutputError, UsageError
from fundsim.results import placing
from fundsim.results.folder import check_file, check_folder, file_name, folder_name
from fundsim.results.placing import put, write_file


def run_of(folder, text):
    """Make what stands for a finished run."""
    folder.mkdir()
    (folder / "manifest.json").write_text(f'{{"format": 1, "fundsim": "{text}"}}')
    return folder


def text_of(folder):
    return (folder / "manifest.json").read_text()


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text("a file")
    (tmp_path / "nowhere").symlink_to("absent")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


REFUSED = [
    ("s.yaml", "s.yaml is a file, not a folder"),
    ("s.yaml/out", "s.yaml is a file, not a folder"),
    ("s.yaml/a/b", "s.yaml is a file, not a folder"),
    ("nowhere", "nowhere is a link to absent, which does not exist"),
    ("nowhere/out", "nowhere is a link to absent, which does not exist"),
    ("circle", "circle is a link that leads in a circle"),
    ("circle/out", "leads in a circle"),
    (".", ". is the folder in which you are"),
    ("..", ".. is the folder in which you are"),
    ("/", "/ is the folder in which you are"),
    ("/proc", "/proc is a disk of its own"),
    ("/proc/out", "nothing can be written in /proc"),
    ("x" * 300, "is too long"),
    ("x" * 300 + "/out", "is too long"),
    ("new/" + "x" * 300, "is too long"),
    ("new/deep/" + "十" * 90, "is too long"),
]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is Linux's")
@pytest.mark.parametrize(("folder", "reported"), REFUSED)
def test_a_folder_that_cannot_be_written_is_refused_by_the_name_that_was_given(here, folder, reported):
    before = sorted(here.iterdir())
    for replace in (False, True):
        with pytest.raises(UsageError) as caught:
            check_folder(Path(folder), replace=replace)
        for lang in ("en", "zh"):
            assert "Errno" not in caught.value.text(lang)
            assert ".fundsim-" not in caught.value.text(lang)
        assert reported in str(caught.value)
        assert caught.value.exit_status == 2
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize(
    ("number", "reported"),
    [
        (errno.EACCES, "you have no right to write in ."),
        (errno.EPERM, "you have no right to write in ."),
        (errno.EROFS, ". is on a disk that can only be read"),
        (errno.ENOSPC, "no space is left on the disk of ."),
        (errno.EIO, "nothing can be written in . (Input/output error)"),
    ],
)
def test_what_the_system_refuses_is_said_in_plain_words(here, monkeypatch, number, reported):
    def refuse(**_options):
        raise OSError(number, os.strerror(number), "./.fundsim-hidden")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    for check, name in ((check_folder, "out"), (check_file, "ledger.csv")):
        with pytest.raises(UsageError) as caught:
            check(Path(name), replace=False)
        assert str(caught.value) == f"{reported}; choose another folder with -o"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["run", "minimal", "--paths", "2", "-o", ""], "'': an empty name; name a file or a folder"),
        (["run", "minimal", "--paths", "2", "-o", "s.yaml/out"], "s.yaml is a file, not a folder"),
        (["trace", "minimal", "--path", "1", "-o", ""], "an empty name"),
        (["trace", "minimal", "--path", "1", "-o", "s.yaml/x.csv"], "s.yaml is a file, not a folder"),
        (["trace", "minimal", "--path", "1", "-o", "nowhere.csv"], "nowhere.csv is a link to absent.csv"),
        (["verify", "--write", "s.yaml/x.md"], "s.yaml is a file, not a folder"),
        (["verify", "--write", "."], ". is a folder, not a file"),
    ],
)
def test_commands_end_with_2_before_they_compute(here, capsys, arguments, reported):
    (here / "nowhere.csv").symlink_to("absent.csv")
    before = sorted(here.iterdir())
    assert main(arguments) == 2
    assert reported in capsys.readouterr().err
    assert sorted(here.iterdir()) == before


def test_a_name_of_255_bytes_is_a_name(results, tmp_path):
    folder = results.save(tmp_path / ("长" * 85), plots="none")
    assert fs.open(folder).n_paths == 500


def test_the_second_to_finish_is_kept_beside_and_nothing_is_lost(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first, second, third = (check_folder(Path("out"), replace=False) for _ in range(3))
    folder = results.save_at(first, plots="none")
    before = text_of(folder)
    for target, kept in ((second, "out-2"), (third, "out-3")):
        with pytest.raises(UsageError, match=f"out already .* finished run: .* is kept in {kept}$"):
            results.save_at(target, plots="none")
        assert fs.open(tmp_path / kept).n_paths == 500
    assert text_of(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2", "out-3"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_only_what_stood_there_at_the_start_is_replaced(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(placing, "exchanged", lambda _one, _other: False)
    out = run_of(tmp_path / "out", "old")
    target, late = (check_folder(out, replace=True) for _ in range(2))
    put(run_of(tmp_path / "work", "new"), target)
    assert "new" in text_of(out)
    with pytest.raises(UsageError, match=r"kept in .*out-2"):
        put(run_of(tmp_path / "work", "later"), late)
    assert "new" in text_of(out)
    assert "later" in text_of(tmp_path / "out-2")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_run_that_appears_in_the_last_moment_stays(tmp_path, monkeypatch, in_one_step):
    out = run_of(tmp_path / "out", "old")
    target = check_folder(out, replace=True)
    exchanged, standing = placing.exchanged, placing.standing
    asked = []

    def late(path):
        found = standing(path)
        if not asked:  # right after the first look another command replaces the run
            asked.append(path)
            (out / "manifest.json").write_text('{"format": 1, "fundsim": "theirs"}')
        return found

    monkeypatch.setattr(placing, "standing", late)
    monkeypatch.setattr(placing, "exchanged", exchanged if in_one_step else lambda _one, _other: False)
    with pytest.raises(UsageError, match=r"kept in .*out-2"):
        put(run_of(tmp_path / "work", "ours"), target)
    assert "theirs" in text_of(out)
    assert "ours" in text_of(tmp_path / "out-2")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out-2"]


def test_replace_replaces_nothing_that_was_not_there_when_the_command_began(tmp_path):
    target = check_folder(tmp_path / "out", replace=True)
    run_of(tmp_path / "out", "theirs")
    with pytest.raises(UsageError, match=r"kept in .*out-2"):
        put(run_of(tmp_path / "work", "ours"), target)
    assert "theirs" in text_of(tmp_path / "out")


@pytest.mark.parametrize("in_one_step", [True, False])
def test_at_every_moment_the_old_run_or_the_new_one_is_whole(tmp_path, monkeypatch, in_one_step):
    """Kill the command at each step that it takes; where names can be exchanged, no step leaves a hole."""
    if not in_one_step:
        monkeypatch.setattr(placing, "exchanged", lambda _one, _other: False)
    elif not placing.exchanged(run_of(tmp_path / "a", "a"), run_of(tmp_path / "b", "b")):
        pytest.skip("this disk can't exchange names")
    runs = 0
    for step in range(20):
        home = tmp_path / f"{in_one_step}{step}"
        home.mkdir()
        out = run_of(home / "out", "old")
        work, target = run_of(home / "work", "new"), check_folder(out, replace=True)
        if not _killed_at(step, lambda work=work, target=target: put(work, target)):
            break
        runs += 1
        standing = [text_of(folder) for folder in home.iterdir() if (folder / "manifest.json").exists()]
        assert standing
        if in_one_step:
            assert (out / "manifest.json").exists()
    assert runs > 1
    assert "new" in text_of(out)


class Killed(BaseException):
    """Stands for a signal that nothing can catch."""


def _killed_at(step, act):
    """Run with the n-th change of the disk replaced by death; return whether it died."""
    names = [(Path, "rename"), (Path, "unlink"), (os, "rename"), (os, "link"), (placing.shutil, "rmtree")]
    count = 0

    def counted(kept):
        def call(*args, **options):
            nonlocal count
            if count >= step:
                raise Killed
            count += 1
            return kept(*args, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for home, name in names:
            patch.setattr(home, name, counted(getattr(home, name)))
        patch.setattr(placing, "exchanged", counted(placing.exchanged))
        try:
            act()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("links", [True, False])
def test_a_ledger_of_another_command_stays_and_ours_is_kept_beside(tmp_path, monkeypatch, links):
    if not links:

        def no_links(_source, _target):
            raise OSError(errno.EPERM, "no links on this disk")

        monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "ledger.csv"
    early, late = check_file(file, replace=False), check_file(file, replace=False)
    write_file(early, b"theirs")
    with pytest.raises(UsageError, match=r"ledger\.csv already exists: .* kept in .*ledger-2\.csv"):
        write_file(late, b"ours")
    assert (file.read_bytes(), (tmp_path / "ledger-2.csv").read_bytes()) == (b"theirs", b"ours")
    write_file(check_file(file, replace=True), b"new")
    assert file.read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger-2.csv", "ledger.csv"]


def test_a_full_disk_is_reported_by_the_name_of_the_file(tmp_path, monkeypatch):
    target = check_file(tmp_path / "ledger.csv", replace=False)

    def full(_self, _content):
        raise OSError(errno.ENOSPC, "No space left on device", ".fundsim-x.partial")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"^no space is left on the disk of .*ledger\.csv; the file is not"):
        write_file(target, b"ours")
    assert list(tmp_path.iterdir()) == []


def _put_one(home, name, barrier, ends):
    target = check_folder(home / "out", replace=False)
    work = run_of(home / f"work {name}", name)
    barrier.wait()
    try:
        put(work, target)
        ends.put((name, 0))
    except UsageError:
        ends.put((name, 2))


def test_of_eight_commands_at_once_one_gets_the_folder_and_all_runs_are_kept(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, ends = context.Barrier(8), context.Queue()
    commands = [context.Process(target=_put_one, args=(tmp_path, str(n), barrier, ends)) for n in range(8)]
    for command in commands:
        command.start()
    found = dict(ends.get(timeout=60) for _ in commands)
    for command in commands:
        command.join()
    assert sorted(found.values()) == [0] + 7 * [2]
    kept = {text_of(folder) for folder in tmp_path.iterdir()}
    assert len(kept) == 8
    winner = next(name for name, status in found.items() if status == 0)
    assert f'"{winner}"' in text_of(tmp_path / "out")


def test_names_of_files_fit_any_disk_and_stay_different():
    long = [f"{'池' * 64}.{'业' * 63}{last}.{metric}.fan" for last in "ab" for metric in ("balance", "lent")]
    names = [file_name(name, ".png") for name in long]
    assert len(set(names)) == len(names)
    for name in names:
        assert len(name.encode()) <= 240
        assert name.endswith((".balance.fan.png", ".lent.fan.png"))
    assert names == [file_name(name, ".png") for name in long]
    assert len(folder_name("长" * 500).encode()) <= 120
    assert folder_name("长" * 500) != folder_name("长" * 501)
