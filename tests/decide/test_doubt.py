"""Figures in doubt: the oracle by quadrature, the bits of single runs, refused draws, the folder."""

import json
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import stats
from tests.decide.test_size_on_workers import AtOnce

import fundsim as fs
from fundsim.cli import main
from fundsim.decide.doubt.plain import ranked
from fundsim.decide.doubt.plausible import plausible
from fundsim.errors import ResultsError, ScenarioError, UsageError
from fundsim.report.doubt.tables import answers
from fundsim.results.in_doubt import read_in_doubt
from fundsim.scenario.assumptions import assumptions, digest_in_doubt

LIMIT = """
extends: textbook/vasicek_limit
segments:
  firms:
    rho: 0.08
    pd: { value: 3%, low: 1.5%, high: 5%, source: assumption }
instruments:
  pool: { opening: 12万 }
"""
DEPLETED = "P(pool.depleted)"


def loaded(tmp_path, text):
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return fs.load(file)


@pytest.fixture(scope="module")
def limit(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("limit"), LIMIT)


@pytest.fixture(scope="module")
def pool():
    return fs.load(
        "minimal",
        {
            "small_firms.pd": {"value": 0.03, "low": 0.015, "high": 0.05, "source": "assumption"},
            "small_firms.rho": {"value": 0.08, "low": 0.03, "high": 0.15, "source": "assumption"},
            "small_firms.renew": {"value": 0.9, "low": 0.8, "high": 0.95, "source": "assumption"},
            "pool.claim_lag": {"value": 2, "low": 1, "high": 6, "source": "assumption"},
        },
    )


@pytest.fixture(scope="module")
def doubted(pool):
    metrics = ["mean(pool.claims_due)", DEPLETED, "q99(pool.claims_due)", "pool.claims_coverage_aggregate"]
    return fs.doubt(pool, draws=60, paths=600, metrics=metrics, seed=3, threads=2)


def test_the_pool_of_the_quadrature_oracle_is_found_by_simulation(limit):
    """Claims exceed 60 % of the pool with 0.3849 % plugged in, and with 0.8786 % over plausible PDs."""
    found = fs.doubt(limit, draws=500, paths=2500, metrics=DEPLETED, seed=2, threads=2)
    (one,) = found.figures
    assert one.plugged_in.ci95[0] < 0.003849 < one.plugged_in.ci95[1]
    assert abs(one.predictive - 0.008786) < 3.5 * one.predictive_se
    assert 0.0005 < one.predictive_se < 0.0025
    assert one.shares.shares[0].value > 0.8  # the PD is the only assumption
    (pd,) = (plausible(limit, each) for each in assumptions(limit))
    (key,) = pd.ranges
    drawn = [key.at(float(score)) for score in found.scores[:, 0]]
    exact = stats.norm.cdf((stats.norm.ppf(drawn) - math.sqrt(0.92) * stats.norm.ppf(0.12)) / math.sqrt(0.08))
    # Draw by draw on the same paths: the chance of paths is common, that of draws is gone.
    assert np.corrcoef(exact, one.by_draw)[0, 1] > 0.98
    assert one.by_draw.mean() - exact.mean() == pytest.approx(0.0, abs=4.0 * exact.mean() / math.sqrt(20))


def test_a_draw_has_the_bits_of_a_run_with_its_values(doubted, pool):
    pairs = [
        pair
        for one, score in zip(doubted.inquiry.assumptions, doubted.scores[7], strict=True)
        for pair in one.at(float(score))
    ]
    run = fs.simulate(pool.set_all(pairs), paths=600, seed=3, threads=1).figures
    key = "run_off"
    mean, event, quantile, ratio = (one.by_draw[7] for one in doubted.figures)
    assert mean == run.metrics["pool.claims_due", key].mean.value
    assert event == run.probabilities["pool.depleted", key].p
    assert quantile == run.metrics["pool.claims_due", key].quantiles["0.99"].value
    assert ratio == run.aggregates["pool.claims_coverage_aggregate", key].value


def test_plugged_in_is_the_run_of_the_scenario_itself(doubted, pool):
    run = fs.simulate(pool, paths=600, seed=3, threads=1).figures
    plugged = doubted.figures[0].plugged_in
    assert (plugged.value, plugged.se) == tuple(
        getattr(run.metrics["pool.claims_due", "run_off"].mean, part) for part in ("value", "se")
    )


def test_what_is_predicted_is_the_figure_of_all_draws_paths(doubted, pool):
    mean, event, quantile, _ = doubted.figures
    assert mean.predictive == pytest.approx(mean.by_draw.mean(), rel=1e-12)
    assert event.predictive == pytest.approx(event.by_draw.mean(), rel=1e-12)
    assert quantile.low.value < quantile.predictive < quantile.by_draw.max()
    assert mean.low.value == sorted(mean.by_draw)[2]  # the third of 60
    assert mean.high.value == sorted(mean.by_draw)[56]


def test_only_means_and_probabilities_have_a_share_of_variance(doubted):
    shares = [one.from_assumptions for one in doubted.figures]
    assert 0.0 < shares[0] < 1.0
    assert 0.0 < shares[1] < 1.0
    assert all(map(math.isnan, shares[2:]))


def test_neither_threads_nor_workers_change_a_figure(doubted, pool):
    asked = {"draws": 60, "paths": 600, "seed": 3, "metrics": [m.measured for m in doubted.inquiry.measures]}
    here = doubted.to_json()
    assert fs.doubt(pool, threads=1, **asked).to_json() == here
    assert fs.doubt(pool, threads=3, executor=AtOnce(), **asked).to_json() == here
    with ThreadPoolExecutor(3) as executor:
        assert fs.doubt(pool, threads=3, executor=executor, **asked).to_json() == here


def test_more_draws_keep_the_first_ones(pool, doubted):
    more = fs.doubt(pool, draws=70, paths=600, metrics="mean(pool.claims_due)", seed=3, threads=2)
    assert np.array_equal(more.figures[0].by_draw[:60], doubted.figures[0].by_draw)


def test_draws_that_joint_rules_refuse_are_counted_and_named(pool):
    text = {"value": 0.5, "low": 0.2, "high": 0.8, "source": "assumption"}
    breaker = {"metric": "compensation_ratio", "threshold": text, "reset": 0.45, "action": "stop_new"}
    scenario = pool.set("pool.breaker", breaker)
    found = fs.doubt(scenario, draws=60, paths=50, metrics=DEPLETED, threads=1)
    (threshold,) = (one for one in found.inquiry.assumptions if one.name.endswith("threshold"))
    at = [one.name for one in found.inquiry.assumptions].index(threshold.name)
    refused = [draw for draw in range(60) if threshold.ranges[0].at(found.scores[draw, at]) <= 0.45]
    assert sorted(found.refused) == refused
    assert 5 < len(refused) < 55
    assert len(found.figures[0].by_draw) == 60 - len(refused)
    assert list(found.draws["can_be_run"]) == [draw not in refused for draw in range(60)]
    closing = found._repr_html_()
    assert f"{len(refused)} of 60 draws can&#x27;t be run" in closing
    assert f"draw {refused[0]}" in closing
    assert found.to_json()["refused"][0]["draw"] == refused[0]


def test_drivers_stand_in_the_order_of_what_they_explain(doubted):
    table = doubted.drivers
    first = table[table.metric == "mean(pool.claims_due)"]
    assert list(first.rank_share) == sorted(first.rank_share, reverse=True)
    assert first.assumption.iloc[0] == "segments.small_firms.pd"
    assert bool(first.raises.iloc[0])
    assert ranked(doubted.figures[0], 4)[0] == 0


def test_answers_name_value_doubt_range_and_drivers(doubted):
    english, chinese = answers(doubted, "en")[0], answers(doubted, "zh")[0]
    assert "with all assumptions at their values" in english
    assert "small_firms.pd" in english
    assert "十次抽取中有九次在" in chinese


def test_a_scenario_without_assumptions_is_refused():
    with pytest.raises(ScenarioError, match="no assumption carries low and high"):
        fs.doubt(fs.load("minimal"))


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"draws": 1}, "a number of draws is 2 or more"),
        ({"paths": 1}, "paths = 1"),
        ({"metrics": "mean(pool.claim)"}, "no metric is called pool.claim"),
        ({"metrics": "P(pool.claims_due)"}, "is no event"),
        ({"draws": "many"}, "not text"),
    ],
)
def test_what_can_not_be_asked_is_refused(pool, options, fault):
    with pytest.raises(UsageError, match=fault):
        fs.doubt(pool, **options)


def test_a_folder_holds_everything_and_is_read_back(doubted, tmp_path):
    folder = doubted.save(tmp_path / "doubt", plots="none")
    assert sorted(one.name for one in folder.iterdir()) == [
        "doubt.csv", "doubt.json", "draws.csv", "drivers.csv", "manifest.json", "pages.json",
        "plots",
    ]  # fmt: skip
    known = read_in_doubt(folder)
    assert known == doubted.summary
    assert known.digest == digest_in_doubt(doubted.scenario)
    assert set(known.figures) == {
        (name, "run_off") for name in ("pool.claims_due", "pool.depleted", "pool.claims_coverage_aggregate")
    }
    assert len((folder / "draws.csv").read_text(encoding="utf-8-sig").splitlines()) == 61
    with pytest.raises(UsageError, match="holds a doubt, not a run"):
        fs.open(folder)
    altered = json.loads((folder / "doubt.json").read_text(encoding="utf-8"))
    altered["figures"][0]["predictive"]["value"] = 1.0
    (folder / "doubt.json").write_text(json.dumps(altered), encoding="utf-8")
    with pytest.raises(ResultsError, match="damaged"):
        read_in_doubt(folder)
    assert read_in_doubt(tmp_path / "none") is None


def test_pictures_of_each_figure_are_written(doubted, tmp_path):
    names = [path.name for path in doubted.plot.write_all(tmp_path, lang="zh", form="svg")]
    assert names == [f"{kind}.{at}.svg" for at in range(1, 5) for kind in ("range", "drivers")]
    assert all((tmp_path / name).read_bytes().startswith(b"<?xml") for name in names)
    with pytest.raises(UsageError, match="there are 4 figures"):
        doubted.plot.range(4)


def test_results_show_a_doubt_beside_their_own_errors(doubted, pool, tmp_path):
    results = fs.simulate(pool, paths=300, seed=1, threads=1)
    assert "fundsim doubt adds doubt about the inputs" in results._repr_html_()
    both = results.with_doubt(doubted.summary)
    assert "assumptions in doubt too" in both._repr_html_()
    assert "60 draws" in both._repr_html_()
    saved = both.save(tmp_path / "run", plots="none")
    assert fs.open(saved).in_doubt == doubted.summary
    assert results.in_doubt is None


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(
        "extends: minimal\nsegments:\n  small_firms:\n"
        "    pd: { value: 3%, low: 1.5%, high: 5%, source: assumption }\n",
        encoding="utf-8",
    )
    return tmp_path


def test_a_run_finds_the_doubt_of_its_scenario_and_keeps_it(place, capsys):
    options = ("--draws", "40", "--paths", "200", "--threads", "1", "--plots", "none")
    assert main(["doubt", "small.yaml", *options]) == 0
    assert "with all assumptions at their values" in capsys.readouterr().out
    run = ("run", "small.yaml", "--paths", "200", "--threads", "1", "--plots", "none")
    assert main([*run]) == 0  # the folder holds nothing but the doubt
    assert "assumptions in doubt too" in capsys.readouterr().out
    assert main([*run]) == 2
    assert "already holds a finished run" in capsys.readouterr().err
    assert main([*run, "--replace"]) == 0
    assert "assumptions in doubt too" in capsys.readouterr().out
    assert read_in_doubt(place / "results" / "small" / "doubt") is not None
    assert main([*run, "--replace", "--set", "pool.multiple=9"]) == 0
    said = capsys.readouterr()
    assert "assumptions in doubt too" not in said.out
    assert "is about other values or assumptions" in said.err
    assert main(["doubt", "small.yaml", *options]) == 2


def test_a_folder_with_anything_beside_the_doubt_is_not_taken(place, capsys):
    folder = place / "results" / "small"
    (folder / "doubt").mkdir(parents=True)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["run", "small.yaml", "--paths", "100", "--replace"]) == 2
    assert "holds files that are no fundsim run" in capsys.readouterr().err
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_the_command_speaks_chinese_and_json(place, capsys):
    options = ("--draws", "40", "--paths", "100", "--threads", "1", "--plots", "none", "-o", "out")
    assert main(["doubt", "small.yaml", *options, "--lang", "zh"]) == 0
    assert "计入假设的不确定性" in capsys.readouterr().out
    assert main(["doubt", "small.yaml", *options, "--replace", "--json", "-q"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["draws"] == 40
    assert plain["figures"][0]["figure"] == "P(pool.depleted)"
