"""Sizes of real scenarios: both readings, known answers, and what stands beside them."""

import json
import math
import re
from dataclasses import fields, replace

import pytest

import fundsim as fs
from fundsim import units
from fundsim.cli import main
from fundsim.decide.size.sizing import SizeData
from fundsim.decide.variation import Variation
from fundsim.errors import InputError, ScenarioError, UsageError
from fundsim.report.keys import range_warning
from fundsim.report.size.notes import notes
from fundsim.report.size.tables import question_lines
from fundsim.scenario.anatomy import Bounds
from fundsim.scenario.numbers import NumberAt
from fundsim.units import Quantity
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
    assert found.same_lending
    assert len(found.readings) == 1  # nobody borrows: lending is the same at every value
    assert "Lending is the same at every value" in found._repr_html_()


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
    assert "largest=True finds where" in smallest._repr_html_()
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
    monkeypatch.setattr("fundsim.decide.size.trials.simulate_part", None)
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


def quick(scenario, key, target, **options):
    """Return a size by few paths, without the ends."""
    return fs.size(scenario, key, target, extremes=False, threads=2,
                   **{"paths": 512, "precision": 0.5, **options})  # fmt: skip


def test_equal_figures_are_no_equal_lending():
    """How much is applied for does not depend on the pool; how much is lent does."""
    found = quick(fs.load("minimal"), "pool.opening", "mean(pool.demand) >= 1亿", within=(3e6, 3e7))
    assert len(found.readings) == 1
    assert found.both
    assert not found.same_lending
    html = found._repr_html_()
    assert "Both readings give the same figures on these paths." in html
    assert "Lending is the same" not in html
    assert found.to_json()["lending_agrees"] is False


def test_a_cost_of_lending_is_stated_only_where_the_key_buys_lending():
    base = fs.load("minimal")
    riskier = quick(base, "small_firms.pd", "P(pool.depleted) <= 1%", largest=True)
    assert all(one.marginal is None for one in riskier.readings)
    larger = quick(base, "pool.multiple", "mean(pool.lent) >= 2亿")
    assert larger.readings[0].marginal.cost.value > 0.0
    idle = quick(base, "pool.opening", "mean(pool.lent) >= 1亿", within=(1e8, 9e8))
    assert all(one.marginal is None for one in idle.readings)  # more money lends no more


def test_whole_numbers_are_written_whole_and_their_neighbours_are_named():
    found = quick(
        fs.load("minimal"),
        "pool.claim_lag",
        "mean(pool.claims_paid@window) <= 450万",
        within=(0, 12),
        paths=4096,
    )
    html = found._repr_html_()
    assert "pool.claim_lag is a whole number: " in html
    assert "months (lending follows)." in html
    assert "2.00 months" not in html
    assert "paths= allows more" not in html
    assert " at 3 months" in html
    days = quick(fs.load("minimal"), "pool.trigger.overdue_days", "mean(pool.lent) >= 1亿")
    assert ") is 90 days now; looked for from 9 days to 900 days" in days._repr_html_()
    assert "<th>scan [days]</th>" in days._repr_html_()
    every = quick(fs.load("minimal"), "pool.claim_lag", "mean(pool.lent) >= 1亿", within=(0, 12))
    assert "and pool.claim_lag can&#x27;t be beyond 0 months" in every._repr_html_()


def test_values_of_a_narrow_range_are_written_apart():
    html = quick(
        fs.load("minimal"), "pool.opening", TARGET, within=(1e7, 1.001e7), hold_lending=True
    )._repr_html_()
    assert "<td>10.0012</td>" in html
    assert "leaves out the present value, 30.0 million yuan" in html


def test_a_range_that_leaves_out_the_present_value_is_warned_of_with_what_may_be_meant(capsys):
    call = ["size", "minimal", "--vary", "pool.opening", "--target", TARGET, "--paths", "64",
            "--without-extremes", "--hold-lending"]  # fmt: skip
    assert main([*call, "--within", "0.3:3"]) == 0
    warned = capsys.readouterr().err
    assert (
        "warning: --within: 0.30 yuan to 3.00 yuan leaves out the present value, 30.0 million yuan; did "
        in warned
    )
    assert "did you mean 0.3亿:3亿?" in warned
    assert main([*call, "--within", "0.5亿:3亿", "--lang", "zh"]) == 0
    warned = capsys.readouterr().err
    assert "警告：--within：5,000 万元至 3.00 亿元不含现值 3,000 万元\n" in warned
    assert main([*call, "--within", "0.1亿:3亿"]) == 0
    assert "leaves out" not in capsys.readouterr().err


def test_too_few_paths_for_an_error_are_called_so():
    html = quick(fs.load("minimal"), "pool.opening", "es99(pool.claims_due) <= 0.3亿")._repr_html_()
    assert "Too few paths for the error of es99(pool.claims_due): 10,000 are needed." in html
    assert "hardly depends" not in html
    assert "error unknown" in html
    two = quick(fs.load("minimal"), "pool.opening", TARGET, paths=2, hold_lending=True)._repr_html_()
    assert "Too few paths to be sure of P(pool.depleted) &lt;= 5 %: 72 are needed at least." in two


def test_figures_over_some_paths_say_over_how_many(capsys):
    found = quick(fs.load("minimal"), "pool.opening", "mean(pool.depletion_month) >= 20", within=(3e6, 3e9))
    html = found._repr_html_()
    assert "mean(pool.depletion_month) is over the paths that have a value: " in html
    assert " of 512 at 3.00 million yuan" in html
    assert "No path has a value of the figure at " in html
    rows = found.table
    assert rows.loc[rows["figure"].isna(), "met"].isna().all()
    assert main(["size", "minimal", "--vary", "pool.opening", "--target", "mean(pool.depletion_month) >= 20",
                 "--within", "20亿:30亿", "--paths", "64", "--without-extremes"]) == 0  # fmt: skip
    nowhere = capsys.readouterr().out
    assert "no path has a value" in nowhere
    assert "nearest" not in nowhere


def test_two_targets_on_one_figure_are_known_by_their_bounds():
    found = quick(fs.load("minimal"), "pool.opening", [TARGET, "P(pool.depleted) <= 1%"], hold_lending=True)
    html = found._repr_html_()
    assert "P(pool.depleted) &lt;= 5 % there" in html
    assert "<th>P(pool.depleted) &lt;= 1 %</th>" in html


def test_the_assumption_that_makes_an_end_impossible_is_left_out_and_named(tmp_path):
    """At its kinder ends PD is 1 % and a lack of bridges alone 5 % × 40 %: that can't be."""
    text = {
        "extends": "minimal",
        "segments": {
            "small_firms": {
                "pd": {"value": 0.03, "low": 0.01, "high": 0.06, "source": "assumption"},
                "renew": 0.9,
                "pd_includes_liquidity": True,
                "short": 0.1,
                "default_if_unserved": {"value": 0.08, "low": 0.02, "high": 0.2, "source": "assumption"},
            }
        },
        "instruments": {"pool": {"opening": 2e7}},
    }
    (tmp_path / "own.yaml").write_text(json.dumps(text), encoding="utf-8")
    found = fs.size(
        fs.load(tmp_path / "own.yaml"), "pool.opening", TARGET, hold_lending=True, paths=2048, precision=0.5,
        within=(1e6, 1e9), threads=2,
    )  # fmt: skip
    (reading,) = found.readings
    ends = {one.name: end for one, end in found.ends.better}
    assert ends["segments.small_firms.pd"] == "low"
    assert ends["segments.small_firms.default_if_unserved"] == "high"
    better, worse = reading.extremes
    assert better.left_out == ("segments.small_firms.default_if_unserved",)
    assert better.found.value < reading.found.value < worse.found.value
    assert (worse.left_out, worse.refused) == ((), None)
    html = found._repr_html_()
    assert "that the scenario can be run: segments.small_firms.default_if_unserved." in html
    assert "the scenario can&#x27;t be run" not in html


def test_arguments_are_called_as_where_they_are_written(capsys):
    base = fs.load("minimal")
    with pytest.raises(InputError) as caught:
        quick(base, "pool.openin", TARGET)
    assert caught.value.text().startswith("vary: pool.openin: there is no openin")
    with pytest.raises(UsageError) as caught:
        quick(base, "pool.opening", "P(pool.depleted) < 1")
    assert caught.value.text().startswith("target = ")
    for options, said in (
        (["--vary", "pool.openin", "--target", TARGET], "--vary: pool.openin: there is no"),
        (["--vary", "run.seed", "--target", TARGET], "--vary = 'run.seed': paths and seed"),
        (["--vary", "pool.opening", "--target", "P(pool.depleted) < 1"], "--target = 'P(pool.depleted) < 1'"),
        (["--vary", "pool.opening", "--target", TARGET, "--within", "3"], "--within = '3': a range"),
    ):
        assert main(["size", "minimal", *options]) == 2
        assert capsys.readouterr().err.startswith(said)


def test_a_value_that_can_not_be_run_is_named():
    with pytest.raises(ScenarioError, match=r"with window\.months at 4: has 3 amounts for 1 policy year"):
        quick(fs.load("minimal"), "window.months", TARGET)


def test_the_picture_has_the_answers_number_and_no_negative_probability(sized):
    figure = sized.plot.figure().figure
    texts = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    assert "answer: lending follows: " in texts
    assert " (" in texts
    assert figure.axes[0].get_ylim()[0] == 0.0
    chinese = sized.plot.figure(lang="zh").figure.axes[0]
    assert chinese.get_xlabel().endswith("元）")


def test_chinese_has_no_blank_between_its_signs(sized):
    lines = [*question_lines(sized, "zh"), *notes(sized, "zh")]
    assert not [line for line in lines if re.search("[\u4e00-\u9fff（）] [\u4e00-\u9fff（）]", line)]


def test_where_an_answer_is_not_the_only_one_is_said(sized):
    reading = sized.readings[0]

    def said(missed, again):
        found = replace(reading.found, unique=False, missed=missed, again=again)
        return " ".join(notes(replace(sized_data(sized), readings=(replace(reading, found=found),)), "en"))

    assert "Not unique: met at every tried value from 9.20 yuan on; missed e.g. at 8.20 yuan" in said(
        8.2, 9.2
    )
    assert "Not unique: missed again beyond the answer, e.g. at 8.20 yuan" in said(8.2, None)


def sized_data(sized):
    return SizeData(**{field.name: getattr(sized, field.name) for field in fields(SizeData)})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_unit_that_a_key_can_have_is_written_in_both_languages(lang):
    found = {q.unit: q for q in vars(units).values() if isinstance(q, Quantity)}
    assert len(found) > 10
    for quantity in found.values():
        number = NumberAt("a.b", 2, quantity, Bounds(), None, None, "", "", "", "b", ("a", "b"))
        warning = range_warning(Variation(number, 3.0, 4.0), lang)
        assert "leaves out the present value" in warning if lang == "en" else "不含现值" in warning
