"""What can't be lowered is a fault at its place, all of it at once, and `validate` says so before a run."""

from __future__ import annotations

import pytest

from fundsim.cli import main
from fundsim.errors import ScenarioError
from fundsim.instruments import KINDS
from fundsim.lowering import lower, review
from fundsim.scenario import check_scenario, load

REFUSED = {
    "pool.lender=city": ("pool.lender", "another party is called city"),
    "small_firms.screening={accuracy_ratio: 0.9999999, rejected: 0.9999999}": (
        "small_firms.screening",
        "the screening leaves a default probability of",
    ),
}
T_COPULA = ("economy.t_degrees=3", "small_firms.rho=0")


@pytest.mark.parametrize("override", REFUSED)
def test_validate_refuses_what_can_not_be_lowered(override: str, capsys: pytest.CaptureFixture[str]) -> None:
    key, problem = REFUSED[override]
    assert main(["validate", "minimal", "--set", override, "-q"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("--set:1:")
    assert f"{key}" in line
    assert problem in line


def test_all_that_can_not_be_lowered_is_reported_at_once_with_its_line() -> None:
    scenario = load("minimal", kinds=KINDS, overrides=list(T_COPULA))
    (fault,) = review(scenario)
    assert (fault.file, fault.key) == ("minimal.yaml", "small_firms")
    assert fault.line > 0
    assert "whatever the rho of a step" in fault.problem
    assert "raise t_degrees or rho" in fault.fix
    with pytest.raises(ScenarioError) as caught:
        lower(scenario)
    assert caught.value.faults == (fault,)


@pytest.mark.parametrize(
    "override",
    [
        "small_firms.firms=1e19", "pool.opening=1e16", "small_firms.loan.mean=1e18", "run.paths=1e15",
        "pool.multiple=1e12", "pool.claim_lag=1e9", "pool.recovery.lag_months=1e6",
        "pool.demand.yearly=[1e300, 1, 1]", "pool.opening_stock={loans: 1e15}",
        "small_firms.population={opening: 1e30, entry_annual: 1, exit_annual: [0.1]}",
    ],
)  # fmt: skip
def test_numbers_beyond_what_can_be_computed_with_are_refused_in_words(override: str) -> None:
    faults = [f for f in check_scenario("minimal", kinds=KINDS, overrides=[override])[1] if not f.warning]
    assert len(faults) == 1
    assert "too large" in faults[0].problem or "must be at " in faults[0].problem


def test_more_loans_than_can_be_followed_are_refused() -> None:
    overrides = ["pool.demand.yearly=[1e14, 1, 1]", "pool.opening_stock={amount: 1e15}"]
    faults = [f for f in check_scenario("minimal", kinds=KINDS, overrides=overrides)[1] if not f.warning]
    assert {f.key for f in faults} == {"pool.demand.yearly.0", "pool.opening_stock.amount"}
    assert all("too large: it is " in f.problem for f in faults)


@pytest.mark.parametrize(("cv", "cap"), [(0.97, 6e6), (0.9999, 6.1e6), (2.9, 3e7), (0.031, 3.003e6)])
def test_the_spread_of_sizes_near_their_cap_is_kept(cv: float, cap: float) -> None:
    scenario = load("minimal", kinds=KINDS).set("small_firms.loan", {"cv": cv, "cap": cap, "bands": 8})
    bands = lower(scenario).segments[0].bands
    mean = sum(b.principal * b.probability for b in bands)
    variance = sum((b.principal - mean) ** 2 * b.probability for b in bands)
    assert mean == pytest.approx(3e6, rel=1e-6)
    assert variance**0.5 / mean == pytest.approx(cv, rel=1e-3)
