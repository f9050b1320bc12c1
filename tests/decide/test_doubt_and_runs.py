"""What a doubt says where draws are refused, events never happen, folders are damaged, pipes are closed."""

import json
import re
import subprocess
import sys

import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.errors import ResultsError, ScenarioError, UsageError
from fundsim.report.doubt.tables import answers
from fundsim.results.in_doubt import read_in_doubt
from fundsim.scenario.assumptions import assumptions

SMALL = """
extends: minimal
segments:
  small_firms:
    pd: { value: 3%, low: 1.5%, high: 5%, source: assumption, note: from three banks }
    rho: { value: 0.08, low: 0.03, high: 0.15, source: assumption, apart: true }
"""
FEW = ("--draws", "45", "--paths", "60", "--threads", "1", "--plots", "none")


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def breaker(reset):
    threshold = {"value": 0.5, "low": 0.2, "high": 0.8, "source": "assumption"}
    return {"metric": "compensation_ratio", "threshold": threshold, "reset": reset, "action": "stop_new"}


def why_refused(scenario, seed):
    """Return why a doubt of two draws is refused; nothing where it is not."""
    try:
        fs.doubt(scenario, draws=2, paths=2, metrics="P(pool.depleted)", threads=1, seed=seed)
    except ScenarioError as error:
        return str(error)
    return ""


def test_answers_say_of_how_many_draws_they_are(place):
    scenario = fs.load("small.yaml").set("pool.breaker", breaker(0.45))
    found = fs.doubt(scenario, draws=60, paths=60, metrics="mean(pool.claims_due)", threads=1)
    left = len(found.kept)
    assert left < 60
    (english,), (chinese,) = answers(found, "en"), answers(found, "zh")
    assert f"over the plausible values that can be run ({left} of 60 draws)" in english
    assert f"60 次抽取中的 {left} 次" in chinese
    assert found.summary.draws == left


def test_a_doubt_without_draws_says_so_and_not_that_the_file_is_wrong(place):
    scenario = fs.load("small.yaml").set("pool.breaker", breaker(0.499))
    # Half of the draws lie below the value, and hence below the reset.
    said = [text for text in (why_refused(scenario, seed) for seed in range(40)) if text]
    assert 5 <= len(said) <= 35
    beginning = r"only [01] of 2 draws can be run, so nothing is known of doubt; draw [01]: "
    assert all(re.match(beginning, text) for text in said)


def test_an_event_that_never_happened_has_no_range(place):
    scenario = fs.load("small.yaml").set("pool.opening", "5亿")
    found = fs.doubt(scenario, draws=45, paths=60, metrics="P(pool.depleted)", threads=1)
    assert "it happened on no path of any draw" in answers(found, "en")[0]
    assert "均未发生" in answers(found, "zh")[0]


def test_a_damaged_doubt_is_named_and_not_shown(place, capsys):
    assert main(["doubt", "small.yaml", *FEW, "-q"]) == 0
    file = place / "results" / "small" / "doubt" / "doubt.json"
    file.write_text(file.read_text(encoding="utf-8").replace("0", "1"), encoding="utf-8")
    with pytest.raises(ResultsError, match="is damaged, was altered or can't be read"):
        read_in_doubt(file.parent)
    assert main(["run", "small.yaml", "--paths", "50", "--threads", "1", "--plots", "none"]) == 0
    said = capsys.readouterr()
    assert "is not shown; run fundsim doubt again" in said.err
    assert "assumptions in doubt too" not in said.out


def test_a_doubt_of_another_scenario_is_refused(place):
    scenario = fs.load("small.yaml")
    doubt = fs.doubt(scenario, draws=45, paths=60, threads=1)
    run = fs.simulate(scenario.set("pool.share", 0.6), paths=60, threads=1)
    with pytest.raises(UsageError, match="about other values or assumptions"):
        run.with_doubt(doubt.summary)
    assert fs.simulate(scenario, paths=60, threads=1).with_doubt(doubt.summary).in_doubt is not None


def test_manifests_keep_ranges_sources_and_notes(place):
    assert main(["run", "small.yaml", "--paths", "50", "--threads", "1", "--plots", "none", "-q"]) == 0
    scenario, again = fs.load("small.yaml"), fs.load("results/small/manifest.json")
    assert assumptions(again) == assumptions(scenario)
    own, kept = (one.origins["segments.small_firms.pd"] for one in (scenario, again))
    assert (kept.source, kept.note) == (own.source, own.note) == (("assumption",), "from three banks")
    assert again.origins["segments.small_firms.rho"].apart
    assert main(["doubt", "small.yaml", *FEW, "-q", "-o", "one"]) == 0
    assert main(["doubt", "one/manifest.json", *FEW, "-q", "-o", "two"]) == 0
    one, two = (json.loads((place / name / "doubt.json").read_text("utf-8")) for name in ("one", "two"))
    assert one["figures"] == two["figures"]


def test_what_is_set_is_no_longer_in_doubt_and_that_is_said(place, capsys):
    assert main(["doubt", "small.yaml", *FEW, "-o", "one", "--set", "small_firms.pd=4%"]) == 0
    assert "set, and no longer in doubt: small_firms.pd" in capsys.readouterr().err


def test_a_range_with_one_end_is_warned_of(place, capsys):
    (place / "half.yaml").write_text(
        "extends: minimal\nsegments: { small_firms: { pd: { value: 3%, low: 1%, source: assumption } } }\n",
        encoding="utf-8",
    )
    assert main(["validate", "half.yaml"]) == 0
    assert "low stands alone, so the value is taken for certain; add high" in capsys.readouterr().err


def test_settings_and_certain_values_are_no_assumptions(place):
    pair = {"keys": ["small_firms.pd", "small_firms.rho"]}
    rho = {"value": 0.2, "low": 0.1, "high": 0.3, "source": "assumption"}
    scenario = fs.load("small.yaml").set("doubt", {"correlation": [{**pair, "rho": rho}]})
    certain = {"value": 0.9, "low": 0.9, "high": 0.9, "source": "assumption"}
    names = [one.short for one in assumptions(scenario.set("small_firms.renew", certain))]
    assert names == ["small_firms.pd", "small_firms.rho"]


def test_a_closed_pipe_loses_no_folder(place):
    script = (
        "import sys; from fundsim.cli import main; sys.stdout.write('x' * 70000); sys.stdout.flush();"
        "sys.exit(main(['sweep', 'minimal', '--vary', 'pool.multiple=5,8', '--paths', '30', '-o', 'out',"
        " '--threads', '1', '--plots', 'none', '-q', '--json']))"
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=place
    ) as running:
        running.stdout.read(70000)
        running.stdout.close()
        assert running.wait() == 1
    assert (place / "out" / "manifest.json").is_file()


def test_a_tornado_of_one_path_is_refused(place):
    with pytest.raises(UsageError, match="a number of paths is 2 or more"):
        fs.tornado(fs.load("small.yaml"), paths=1)
