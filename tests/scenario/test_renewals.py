"""``renew_rho`` in a scenario: bounds, a warning where it does nothing, and what becomes of it."""

import json

import pytest

from fundsim.errors import ScenarioError
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.scenario import load

FIRMS = {"city_weight": 1, "pd": 0.04, "rho": 0.08, "lgd": 0.5, "loan": {"mean": 100}}
POOL = {
    "kind": "compensation_pool",
    "opening": 1000,
    "share": 0.5,
    "trigger": {"overdue_days": 90},
    "borrowers": {"firms": 1.0},
    "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
}


def loaded(folder, step="month", **firms):
    content = {
        "window": {"start": "2015-01", "months": 12},
        "economy": {"step": step},
        "segments": {"firms": {**FIRMS, **firms}},
        "instruments": {"pool": POOL},
    }
    file = folder / "renewals.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")
    return load(file, kinds=KINDS)


def test_renewals_move_as_written_and_are_fixed_unless_asked(tmp_path):
    for step in ("month", "quarter", "year"):
        (firms,) = lower(loaded(tmp_path, step, renew=0.8, renew_rho=0.3)).segments
        assert (firms.renew, firms.renew_rho) == (0.8, 0.3)  # not solved for the step
    (firms,) = lower(loaded(tmp_path, renew=0.8)).segments
    assert firms.renew_rho == 0.0


@pytest.mark.parametrize("value", [1, 1.5, -0.1, "many"])
def test_a_share_of_all_or_outside_zero_to_one_is_refused(tmp_path, value):
    with pytest.raises(ScenarioError) as raised:
        loaded(tmp_path, renew=0.8, renew_rho=value)
    (fault,) = raised.value.faults
    assert fault.key == "firms.renew_rho"
    assert fault.line > 0


@pytest.mark.parametrize("renew", [0, 1])
def test_it_warns_where_none_or_all_are_renewed_anyway(tmp_path, renew):
    found = loaded(tmp_path, renew=renew, renew_rho=0.3).warnings
    (warning,) = [fault for fault in found if fault.key == "firms.renew_rho"]
    assert "has no effect" in warning.text("en")
    assert "不起作用" in warning.text("zh")


def test_a_static_economy_refuses_renewals_that_move_as_it_refuses_others(tmp_path):
    with pytest.raises(ScenarioError) as raised:
        loaded(tmp_path, "static", renew=0.8, renew_rho=0.3)
    (fault,) = raised.value.faults
    assert fault.key == "firms.renew"
