"""Targets of scenarios that are compared: met path by path, with paired differences."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import fundsim as fs
from fundsim.cli import main
from fundsim.report.compare.tables import compared, html
from fundsim.report.compare.targets import compared_targets

PATHS = 400
SCENARIO = {
    "window": {"start": "2015-01", "months": 24},
    "targets": {
        "listed": {"metric": "listing.number_paid@window", "at_least": 3, "title": "Listings",
                   "title_zh": "挂牌企业"},
        "served": {"metric": "listing.paid_share", "at_least": "90%", "heading": "benefit"},
        "rent": {"metric": "rent.paid.2016", "at_least": 150},
    },
    "instruments": {
        "listing": {"kind": "award", "amount": 50, "happens": {"yearly": [1, 2]}},
        "rent": {"kind": "expense", "payments": [{"date": "2016-06", "amount": 200}]},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    file = tmp_path_factory.mktemp("targets") / "plan.yaml"
    file.write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    return fs.load(file)


@pytest.fixture(scope="module")
def harder(base):
    """More firms are listed, more are asked for, and the rent falls short of what is asked for."""
    more = base.set("listing.happens.yearly", [2, 2]).set("targets.listed.at_least", 4)
    return more.set("targets.rent.at_least", 250)


@pytest.fixture(scope="module")
def found(base, harder):
    return fs.compare(base, harder, paths=PATHS, threads=1)


@pytest.fixture(scope="module")
def kept(base, harder):
    """Return target → paths that meet it, of both scenarios, worked out from their runs."""
    both = []
    for scenario, listed, rent in ((base, 3, 150), (harder, 4, 250)):
        run = fs.simulate(scenario, paths=PATHS, threads=1, metrics="*")
        met = {
            "listed": run.values("listing.number_paid@window") >= listed,
            "served": run.values("listing.paid_share") >= 0.9,
            "rent": run.values("rent.paid.2016") >= rent,
        }
        both.append({name: one.astype(float) for name, one in met.items()})
    return both


def of(comparison, name):
    return next(one for one in comparison.targets_met.each if one.about.name == name)


@pytest.mark.parametrize("name", ["listed", "served", "rent"])
def test_each_target_is_met_as_often_as_path_by_path(found, kept, name):
    first, other = of(found, name).cells
    mine, theirs = (one[name] for one in kept)
    assert (first.figure.p, other.figure.p) == (mine.mean(), theirs.mean())
    assert first.difference is None
    assert other.difference.value == pytest.approx(theirs.mean() - mine.mean())
    assert other.difference.se == pytest.approx(np.std(theirs - mine) / math.sqrt(PATHS))


def test_a_certain_target_that_is_asked_too_much_of_is_lost_on_every_path(found):
    """200 are paid: at least 150 is met on every path, at least 250 on none."""
    first, other = of(found, "rent").cells
    assert (first.figure.p, other.figure.p, other.difference.value) == (1.0, 0.0, -1.0)
    assert [met.bound for met in of(found, "rent").mets] == [150.0, 250.0]


def test_the_number_met_and_all_together_are_those_of_the_paths(found, kept):
    number, every = found.targets_met.number, found.targets_met.every
    sums = [sum(one.values()) for one in kept]
    assert [cell.figure.value for cell in number] == [pytest.approx(one.mean()) for one in sums]
    assert number[1].figure.se == pytest.approx(np.std(sums[1], ddof=1) / math.sqrt(PATHS))
    assert number[1].difference.value == pytest.approx((sums[1] - sums[0]).mean())
    error = np.std(sums[1] - sums[0], ddof=1) / math.sqrt(PATHS)
    assert number[1].difference.se == pytest.approx(error)
    alls = [np.min(list(one.values()), axis=0) for one in kept]
    assert [cell.figure.p for cell in every] == [one.mean() for one in alls]
    assert every[0].figure.p > 0.5
    assert every[1].difference.value == -every[0].figure.p
    assert found.targets_met.of == (3, 3)


def test_identical_scenarios_differ_by_exactly_nothing(base):
    same = fs.compare(base, base.set("title", "Another name"), paths=50, threads=1).targets_met
    cells = [one.cells[1] for one in same.each] + [same.number[1], same.every[1]]
    assert len(cells) == 5
    assert {(c.difference.value, c.difference.se, c.difference.ci95) for c in cells} == {
        (0.0, 0.0, (0.0, 0.0))
    }


def test_the_table_has_a_bound_for_each_scenario_where_they_differ(found):
    targets, number = compared_targets(found, "en")
    assert targets.headings[:3] == ("target", "planned", "A")
    rows = {row.cells[0].partition("\n")[0]: row for row in targets.rows}
    assert rows["Listings"].cells[0] == "Listings\nlisting.number_paid@window"
    assert rows["Listings"].cells[1] == "A ≥ 3, B ≥ 4 events"
    assert rows["served"].cells[1] == "≥ 90 %"
    assert rows["rent"].cells[0].endswith("\nrent.paid.2016")
    assert rows["rent"].cells[6] == "-100.0"
    assert [row.group for row in targets.rows] == ["output", "output", "benefit", ""]
    (row,) = number.rows
    assert row.cells[0] == "mean number, of 3"
    assert "挂牌企业" in html(found, "zh")
    assert "全部目标同时达成" in html(found, "zh")


def test_the_frame_and_the_folder_have_all_of_it(found, tmp_path):
    table = found.targets
    assert len(table) == 2 * (3 + 1 + 1)
    row = table[(table["name"] == "rent") & (table["side"] == "B")].iloc[0]
    assert (row["at_least"], row["value"], row["difference"]) == (250.0, 0.0, -1.0)
    number = table[(table["what"] == "number") & (table["side"] == "B")].iloc[0]
    assert number["difference"] == found.targets_met.number[1].difference.value
    folder = found.save(tmp_path / "out", plots="none")
    lines = (folder / "targets.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(table) + 1
    plain = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))["targets"]
    rent = plain["each"][2]
    assert (rent["name"], rent["values"][1]["at_least"]) == ("rent", 250.0)
    assert rent["values"][1]["difference"]["value"] == -1.0
    assert [value["of"] for value in plain["number"]] == [3, 3]
    assert plain["all"][0]["difference"] is None


def test_a_scenario_without_the_target_says_so(base, tmp_path):
    file = tmp_path / "fewer.yaml"
    content = {**SCENARIO, "targets": {"served": SCENARIO["targets"]["served"]}}
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    fewer = fs.load(file)
    found = fs.compare(base, fewer, paths=50, threads=1)
    assert of(found, "rent").cells[1].lack == "no_target"
    assert "B has no target listed, rent." in html(found)
    assert found.targets_met.of == (3, 1)
    assert found.targets_met.every[1].figure == of(found, "served").cells[1].figure
    assert compared_targets(found, "en")[1].rows[0].cells[0] == "mean number, of A 3, B 1"
    alone = fs.compare(fewer, fewer, paths=20, threads=1).targets_met
    assert ([one.about.name for one in alone.each], alone.every, alone.number) == (["served"], (), ())


def test_folders_without_the_values_by_path_have_no_difference(base, harder, tmp_path):
    runs = [fs.simulate(one, paths=PATHS, threads=1) for one in (base, harder)]
    opened = [fs.open(run.save(tmp_path / str(n), plots="none")) for n, run in enumerate(runs)]
    found = fs.compare(*opened)
    first, other = of(found, "listed").cells
    assert (first.lack, other.lack, other.difference) == ("not_by_path", "not_by_path", None)
    whole = fs.compare(*runs).targets_met
    number = found.targets_met.number[1]
    assert number.figure.value == pytest.approx(whole.number[1].figure.value)
    assert math.isnan(number.figure.se)
    assert number.difference is None
    assert "listing.number_paid@window" in html(found)


def test_scenarios_without_targets_have_no_table():
    minimal = fs.load("minimal")
    found = fs.compare(minimal, minimal, paths=20, threads=1)
    assert [sheet.rows for sheet in compared_targets(found, "en")] == [(), ()]
    assert len(found.targets) == 0
    assert found.to_json()["targets"] == {"each": [], "all": None, "number": None}
    assert len(compared(found, "en").sheets) == 2


def test_compare_prints_the_targets(base, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    file = tmp_path / "plan.yaml"
    file.write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    call = ["compare", str(file), "--set", "targets.rent.at_least=250", "--paths", "50"]
    assert main(call) == 0
    out = capsys.readouterr().out
    assert "rent.paid.2016\n  planned A ≥ 150, B ≥ 250 yuan\n  A 100" in out
    assert "mean number, of 3" in out
    assert max(map(len, out.splitlines())) <= 80
