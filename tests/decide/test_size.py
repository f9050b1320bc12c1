"""Sizes of real scenarios: both readings, known answers, and what stands beside them."""

import json
import math

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import InputError, ScenarioError, UsageError
from fundsim.verify.closed_forms import VasicekLimit

TARGET = "P(pool.depleted) <= 0.05"


@pytest.fixture(scope="module")
def job():
    """Return the single-pool job, whose banks lend ten times what the pool still holds."""
    return fs.load("textbook/j3_single_pool")


@pytest.fixture(scope="module")
def sized(job):
    return fs.size(job, "pool.opening", "P(pool.depleted) <= 0.07", paths=8192, precision=0.1, threads=2)


def test_the_pool_that_bears_vasiceks_limit_law_is_its_quantile():
    truth = VasicekLimit(0.03, 0.12).quantile(0.95) * 1e6
    found = fs.size(
        fs.load("textbook/vasicek_limit"),
        "pool.opening",
        TARGET,
        within=(2e4, 4e5),
        paths=16_384,
        seed=2,
        threads=2,
    )
    assert found.outcome == "found"
    low, high = found.interval
    assert low < truth < high
    assert found.value == pytest.approx(truth, rel=0.06)
    assert found.both
    assert len(found.readings) == 1  # nobody borrows: lending is the same at every value


def test_both_readings_differ_where_lending_depends_on_the_pool(sized):
    follows, held = sized.readings
    assert (follows.held, held.held) == (False, True)
    assert sized.reading(held=True) is held
    assert sized.reading() is follows
    smallest = {
        one.held: {p.value: p.verdict.figures[0].value for p in one.found.points} for one in sized.readings
    }
    assert smallest[False][6.0] < smallest[True][6.0]  # a pool of 6 lends ten times 6 only, if it may
    assert held.lending.lent == sized.lending_now.lent or math.isclose(
        held.lending.lent.value, sized.lending_now.lent.value, rel_tol=0.05
    )
    assert follows.lending.cut_months > 0.5
    assert follows.marginal is not None
    assert held.marginal is None


def test_the_figures_are_those_of_runs_with_the_value_set(job, sized):
    found = sized.readings[0].found
    point = next(p for p in found.points if p.value == found.value)
    run = fs.simulate(
        job.set("pool.opening", found.value), paths=point.verdict.n, threads=1, metrics="pool.*"
    )
    assert run.probability("pool.depleted").p == point.verdict.figures[0].value
    fresh = sized.readings[0].fresh
    again = fs.simulate(
        job.set("pool.opening", found.value), paths=fresh.n, seed=2, threads=1, metrics="pool.depleted"
    )
    assert again.probability("pool.depleted").p == fresh.figures[0].value


def test_nothing_depends_on_threads(job, sized):
    alone = fs.size(job, "pool.opening", "P(pool.depleted) <= 0.07", paths=8192, precision=0.1, threads=1)
    assert alone.to_json() == sized.to_json()


def test_lending_can_be_held_alone(job, sized):
    found = fs.size(
        job,
        "pool.opening",
        "P(pool.depleted) <= 0.07",
        paths=8192,
        precision=0.1,
        hold_lending=True,
        threads=2,
    )
    assert [one.held for one in found.readings] == [True]
    assert found.readings[0].found == sized.reading(held=True).found


def test_where_lending_is_held_a_path_that_runs_dry_does_so_with_every_smaller_pool(job):
    """So the interval is that of the order statistics of what each path needs."""
    found = (
        fs.size(
            job,
            "pool.opening",
            "P(pool.depleted) <= 0.07",
            paths=4096,
            precision=0.2,
            hold_lending=True,
            threads=2,
        )
        .readings[0]
        .found
    )
    shares = [p.verdict.figures[0].value for p in found.points if p.verdict.n >= 4096]
    assert shares == sorted(shares, reverse=True)


def test_a_key_that_changes_the_loans_has_one_reading():
    base = fs.load("minimal")
    found = fs.size(
        base, "small_firms.loan.mean", TARGET, paths=1024, precision=0.5, within=(1e6, 4e6), threads=1
    )
    assert not found.both
    assert [one.held for one in found.readings] == [False]
    assert "be held, because small_firms.loan.mean changes the loans" in found._repr_html_()
    with pytest.raises(ScenarioError, match="lending can't be held"):
        fs.size(base, "small_firms.loan.mean", TARGET, paths=64, hold_lending=True, within=(1e6, 4e6))


def test_a_smaller_share_is_always_better_and_the_largest_that_does_is_found():
    base = fs.load("minimal").set("pool.opening", 1e7)
    options = {"paths": 2048, "precision": 0.2, "threads": 2, "within": (0.05, 1.0), "hold_lending": True}
    smallest = fs.size(base, "pool.share", TARGET, **options)
    largest = fs.size(base, "pool.share", TARGET, largest=True, **options)
    assert (smallest.outcome, smallest.value) == ("edge", 0.05)
    assert "--largest finds where" in smallest._repr_html_()
    assert largest.outcome == "found"
    assert 0.05 < largest.value < 1.0


def test_values_at_which_the_scenario_is_not_sound_are_named_and_left_out():
    base = fs.load("minimal").set("pool.opening", 1e7)
    rule = base.set("small_firms.lgd", {"mean": 0.5, "sd": 0.45, "factor_correlation": 0.1})
    found = fs.size(
        rule, "small_firms.lgd.sd", TARGET, within=(0.1, 0.8), paths=512, precision=0.5, threads=1
    )
    assert found.refused
    assert all(value > 0.4 for value in found.refused)
    assert "the scenario is not sound" in found._repr_html_()


def test_assumptions_at_their_ends_move_the_answer_to_both_sides(tmp_path):
    text = {
        "extends": "minimal",
        "segments": {
            "small_firms": {"pd": {"value": 0.03, "low": 0.015, "high": 0.06, "source": "assumption"}}
        },
        "instruments": {
            "pool": {"opening": 2e7, "share": {"value": 0.5, "low": 0.3, "high": 0.8, "source": "plan"}}
        },
    }
    (tmp_path / "own.yaml").write_text(json.dumps(text), encoding="utf-8")
    scenario = fs.load(tmp_path / "own.yaml")
    found = fs.size(
        scenario,
        "pool.opening",
        TARGET,
        hold_lending=True,
        paths=4096,
        precision=0.2,
        within=(1e6, 1e9),
        threads=2,
    )
    (reading,) = found.readings
    better, worse = reading.extremes
    assert (better.worse, worse.worse) == (False, True)
    assert better.found.value < reading.found.value < worse.found.value
    assert [(one.name, end) for one, end in found.ends.better] == [("segments.small_firms.pd", "low")]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"vary": "pool.openin"}, "did you mean opening"),
        ({"target": ()}, "a text or a list of texts is expected"),
        ({"target": "P(pool.lent) <= 1"}, "no event"),
        ({"precision": 0}, "a precision is more than 0"),
        ({"precision": "200%"}, "a precision"),
        ({"within": "3"}, "a range is expected"),
        ({"largest": "yes"}, "True or False is expected"),
        ({"paths": 0}, "a number of paths"),
        ({"vary": 3}, "a key such as pool.opening"),
    ],
)
def test_what_can_not_be_asked_is_refused_before_anything_is_simulated(monkeypatch, change, problem):
    monkeypatch.setattr("fundsim.decide.trials.simulate_part", None)
    call = {"vary": "pool.opening", "target": TARGET} | change
    with pytest.raises(InputError, match=problem):
        fs.size(fs.load("minimal"), call.pop("vary"), call.pop("target"), **call)
    with pytest.raises(UsageError, match="a Scenario is expected"):
        fs.size("minimal", "pool.opening", TARGET)


def test_it_shows_itself_as_table_and_picture(sized, tmp_path):
    html = sized._repr_html_()
    assert all(
        text in html for text in ("smallest pool.opening", "Monte Carlo error only", "lending held", "fresh")
    )
    assert repr(sized).startswith("<Size of pool.opening [yuan]: found ")
    table = sized.table
    assert {"follows", "held"} == set(table["lending"])
    assert table["answer"].sum() == 2
    assert table["scanned"].sum() == 18
    for lang in ("en", "zh"):
        assert sized.plot.figure(lang=lang).save(tmp_path / f"{lang}.png").stat().st_size > 10_000
    with pytest.raises(UsageError, match="there are 1 targets"):
        sized.plot.figure(1)


def test_a_folder_has_the_answers_the_values_and_the_picture(sized, tmp_path):
    folder = sized.save(tmp_path / "out", plots="svg")
    assert json.loads((folder / "size.json").read_text(encoding="utf-8")) == sized.to_json()
    lines = (folder / "size.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + len(sized.table)
    assert (folder / "plots" / "size.svg").is_file()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "size"
    assert manifest["scenario"]["sha256"] == sized.scenario.sha256
    with pytest.raises(UsageError, match="already holds"):
        sized.save(tmp_path / "out")


def test_the_command_prints_what_python_returns(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call = [
        "size",
        "minimal",
        "--vary",
        "pool.opening",
        "--target",
        TARGET,
        "--paths",
        "2048",
        "--precision",
        "20%",
    ]
    assert main([*call, "--json", "-q"]) == 0
    out = json.loads(capsys.readouterr().out)
    same = fs.size(fs.load("minimal"), "pool.opening", TARGET, paths=2048, precision="20%", threads=1)
    assert out == same.to_json()
    assert main([*call, "-o", "out", "--lang", "zh"]) == 0
    shown = capsys.readouterr()
    assert all(
        text in shown.out
        for text in ("最小的 pool.opening", "仅蒙特卡洛误差", "放贷保持不变", "以新路径核对")
    )
    assert "结果已写入 out" in shown.err
    assert main([*call, "-o", "out", "-q"]) == 2
    assert "already holds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--vary", "pool.openin", "--target", TARGET], "did you mean opening?"),
        (["--vary", "pool.opening", "--target", "P(pool.lent) <= 1"], "no event"),
        (["--vary", "pool.opening"], "Missing option '--target'"),
        (["--vary", "pool.opening", "--target", TARGET, "--precision", "0"], "a precision is more than 0"),
        (["--vary", "pool.opening", "--target", TARGET, "--within", "9:1"], "not below the upper one"),
    ],
)
def test_bad_input_of_the_command_ends_with_2_and_writes_nothing(
    capsys, tmp_path, monkeypatch, options, problem
):
    monkeypatch.chdir(tmp_path)
    assert main(["size", "minimal", *options, "-o", "out"]) == 2
    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
