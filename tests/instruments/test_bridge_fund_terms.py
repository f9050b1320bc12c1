"""A bridge fund lowers to the fund that its terms say, by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

import fundsim as fs
from fundsim.instruments.days import law_of_days, mean_days
from fundsim.lowering import lower
from fundsim.metrics.program import evaluate
from fundsim.scenario.terms import LawOfDays
from fundsim.scheme import DaysLaw, FeeTier, Injection, Party, RequestSize, record_names

WAN = 1e4
LOAN = {"mean": 300 * WAN}
SEGMENT = {"city_weight": 1, "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": LOAN}
PRIVATE = {"private_days": {"law": "fixed", "mean": 10}}
SHORT = {"short": 0.2, "default_if_unserved": 0.25, "private_fee_per_day": 0.001}
POOL = {
    "kind": "compensation_pool", "opening": 1e7, "share": 0.5, "trigger": {"npl": True},
    "borrowers": {"trade": 0.5, "crafts": 0.5}, "demand": {"yearly": [1e8, 1e8]},
}  # fmt: skip
COUNTIES = {
    "kind": "county_margin", "share": 0.5, "trigger": {"npl": True}, "borrowers": {"trade": 1},
    "demand": {"yearly": [1e8, 1e8]},
    "counties": {"east": {"match": 1, "amount": 1e6}, "west": {"match": 1, "amount": 1e6}},
}  # fmt: skip
FUND = {"kind": "bridge_fund", "serves": ["pool"], "opening": 1e7, "days": {"law": "fixed", "mean": 10}}
DIRECT = {
    "kind": "bridge_fund", "opening": 1e7, "days": {"law": "fixed", "mean": 10},
    "requests": {"per_day": 2, "sizes": [{"amount": 5e6, "weight": 1}, {"amount": 2e6, "weight": 3}]},
}  # fmt: skip


def scenario(folder: Path, fund=None, *, segment=None, instruments=None, **window):
    content = {
        "window": {"start": "2015-03", "months": 24, **window},
        "economy": {"step": "year", "persistence": 0},
        "segments": {"trade": {**SEGMENT, **SHORT, **(segment or {})}, "crafts": SEGMENT},
        # The fund stands before those whom it serves.
        "instruments": {"fund": fund or FUND, **(instruments or {"pool": POOL})},
    }
    file = folder / "bridge.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return fs.load(file)


def fund_of(folder: Path, change=None, base=FUND, **others):
    (fund,) = lower(scenario(folder, {**base, **(change or {})}, **others)).bridges
    return fund


def test_the_least_that_is_written_has_the_defaults_of_the_definitions(tmp_path):
    scheme = lower(scenario(tmp_path))
    (fund,) = scheme.bridges
    assert fund.facilities == ("pool",)
    assert fund.requests is None
    assert fund.days == DaysLaw(law="fixed", mean=10.0)
    assert (fund.share_financed, fund.cap_per_firm, fund.own_money_max) == (1.0, math.inf, None)
    assert (fund.queue, fund.deadline_days, fund.not_renewed) == ("fifo", 3.0, 0.0)
    assert (fund.fee, fund.breaker_threshold, fund.bridged) == ((), math.inf, ())
    assert [size.up_to for size in fund.sizes] == [1e6, 2e6, 5e6, 1e7, math.inf]
    assert Party(name="fund", opening=1e7, limited=False, public=True) in scheme.parties


def test_working_days_are_seven_fifths_of_calendar_days_and_the_fee_a_day_is_not(tmp_path):
    fund = fund_of(
        tmp_path,
        {
            "days_unit": "working", "longest_days": 20, "deadline_days": 5, "fee_free_days": 2.5,
            "fee": [{"to_days": 10, "per_day": "0.2‰"}, {"per_day": "0.4‰"}],
        },
    )  # fmt: skip
    assert fund.days == DaysLaw(law="fixed", mean=14.0, longest=28.0)
    assert (fund.deadline_days, fund.fee_free_days) == (7.0, 3.5)
    assert fund.fee == (FeeTier(to_days=14.0, per_day=0.0002), FeeTier(to_days=math.inf, per_day=0.0004))


def test_every_other_term_is_the_fund_s(tmp_path):
    fund = fund_of(
        tmp_path,
        {
            "share_financed": 0.8, "cap_per_firm": "500万", "own_money_max": 0.5, "queue": "small_first",
            "not_renewed": 0.02, "not_renewed_rho": 0.2, "lgd": 0.3, "recovery_lag": 6,
            "fee": [{"per_day": 0.0003}], "recapitalise": True, "running_cost": "20万",
            "running_cost_share": 0.1, "breaker": {"threshold": 0.4, "reset": 0.1},
            "month_end": {"days": 5, "times": 3}, "report_sizes": ["100万"],
        },
    )  # fmt: skip
    assert (fund.share_financed, fund.cap_per_firm, fund.own_money_max) == (0.8, 5e6, 0.5)
    assert fund.queue == "small_first"
    assert (fund.not_renewed, fund.not_renewed_rho, fund.lgd, fund.recovery_lag) == (0.02, 0.2, 0.3, 6)
    assert (fund.recapitalise, fund.running_cost_annual, fund.running_cost_share) == (True, 2e5, 0.1)
    assert (fund.breaker_threshold, fund.breaker_reset) == (0.4, 0.1)
    assert (fund.month_end_days, fund.month_end_times) == (5.0, 3.0)
    assert fund.sizes == (RequestSize(up_to=1e6), RequestSize(up_to=math.inf))


def test_money_paid_in_comes_from_the_city(tmp_path):
    fund = {**FUND, "injections": [{"date": "2016-01", "amount": "300万"}]}
    scheme = lower(scenario(tmp_path, fund))
    assert scheme.injections == (Injection(source="city", target="fund", month=10, amount=3e6),)


def test_requests_of_its_own_are_a_law_of_amounts_and_seasons_of_mean_one(tmp_path):
    seasons = [3] + [1] * 11
    requests = {**DIRECT["requests"], "seasonality": seasons, "warm_up_days": 90}
    scheme = lower(scenario(tmp_path, {**DIRECT, "requests": requests}, segment=PRIVATE))
    (fund,) = scheme.bridges
    assert fund.facilities == ()
    assert (fund.requests.amounts, fund.requests.probabilities) == ((2e6, 5e6), (0.75, 0.25))
    assert fund.requests.seasonality == pytest.approx([3 * 12 / 14] + [12 / 14] * 11)
    assert (fund.requests.per_day, fund.requests.warm_up_days) == (2.0, 90.0)
    assert [size.up_to for size in fund.sizes] == [2e6, math.inf]
    parts = {m.part for m in scheme.metrics if m.instrument == "fund"}
    assert parts == {"", "of_200wan", "of_500wan"}


def test_a_fund_may_serve_all_counties_or_some(tmp_path):
    both = {"margins": COUNTIES, "pool": POOL}
    every = fund_of(tmp_path, {"serves": ["margins"]}, instruments=both, segment=PRIVATE)
    assert every.facilities == ("margins.east", "margins.west")
    chosen = fund_of(tmp_path, {"serves": ["margins.west", "pool"]}, instruments=both, segment=PRIVATE)
    assert chosen.facilities == ("margins.west", "pool")


def test_a_bridged_loan_lives_with_a_multiple_of_the_stated_pd(tmp_path):
    """Of trade alone, whose firms may ask; the liquidity part is taken off the multiple."""
    (bridged,) = fund_of(tmp_path, {"evergreening": 2.0}).bridged
    assert bridged.name == "trade"
    assert bridged.pd_annual == 0.06
    (bridged,) = fund_of(
        tmp_path, {"evergreening": 3.0}, segment={"short": 0.04, "pd_includes_liquidity": True}
    ).bridged
    assert bridged.pd_annual == pytest.approx((0.09 - 0.01) / 0.99, rel=1e-12)
    (bridged,) = fund_of(tmp_path, {"evergreening": 50.0}).bridged
    assert 1 - 1e-11 < bridged.pd_annual < 1


def test_the_scheme_lives_as_long_as_the_fund(tmp_path):
    """Window 24 months, a wait of 1 and a use of 119 days (4 months), and 9 months until the recovery."""
    change = {"days": {"law": "fixed", "mean": 119}, "not_renewed": 0.1, "lgd": 0.5, "recovery_lag": 9}
    fund = {**FUND, **change, "deadline_days": 1}
    scheme = lower(scenario(tmp_path, fund, run_off=2))
    assert scheme.bridges[0].end(scheme) == 24 + 4 + 9
    assert scheme.window.total == 38
    assert scheme.window.waiting == 2


def test_lending_goes_on_until_the_last_request_has_left(tmp_path):
    segment = {"loan": {**LOAN, "term_months": 1}}
    pool = {**POOL, "borrowers": {"trade": 1}, "trigger": {"overdue_days": 0}}
    scheme = lower(
        scenario(tmp_path, {**FUND, "deadline_days": 100}, segment=segment, instruments={"pool": pool})
    )
    assert scheme.window.waiting == 4


LAWS = {
    "fixed": ({"law": "fixed", "mean": 10}, 7.0, 7.0),
    "exponential": ({"law": "exponential", "mean": 10}, 7.0, 10 * (1 - math.exp(-0.7))),
    "empirical": (
        {"law": "empirical", "values": [{"days": 4, "weight": 1}, {"days": 9, "weight": 3}]}, 8.0, 7.0,
    ),
    "without a cut": ({"law": "lognormal", "mean": 10, "cv": 0.7}, math.inf, 10.0),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWS)
def test_means_of_laws_that_are_cut(name):
    terms, longest, mean = LAWS[name]
    law = law_of_days(LawOfDays.model_validate(terms, strict=False), longest=longest)
    assert mean_days(law) == pytest.approx(mean, rel=1e-12)


def test_the_mean_of_a_lognormal_law_that_is_cut_is_its_integral():
    law = DaysLaw(law="lognormal", mean=10.0, cv=0.7, longest=12.0)
    sigma = math.sqrt(math.log1p(0.49))
    score = ndtri((np.arange(100_000) + 0.5) / 100_000)  # equally likely parts of the law
    draws = 10 * np.exp(-0.5 * sigma**2 + sigma * score)
    assert mean_days(law) == pytest.approx(np.minimum(draws, 12.0).mean(), rel=1e-4)


def values(scheme, records):
    """Return what the metrics of a scheme are for one path with these records; all others are 0."""
    row = {name: np.array([records.get(name, 0.0)]) for name in record_names(scheme).all}
    return {m.name: float(evaluate(m.formula, row)[0]) for m in scheme.metrics if hasattr(m, "formula")}


def test_metrics_are_the_records_worked_out_by_hand(tmp_path):
    """Fees of 4,000; lent 12 million of which private bridges would have cost 1 % but for a quarter."""
    scheme = lower(scenario(tmp_path, {**FUND, "running_cost": 1e4}))
    of = {
        "n_requests": 10, "n_served": 6, "n_refused": 2, "lent": 12e6, "refused": 8e6,
        "waiting_days_served": 3, "waiting_days": 9, "capital": 1e7, "out": 4e6, "capital_days": 7.3e9,
        "out_days": 3.65e9, "use_days": 9e7, "ended": 1e7, "fees": 4000, "avoided_amount": 3e6,
        "became_overdue": 1e6,
    }  # fmt: skip
    records = {f"bridge/fund/{name}": value for name, value in of.items()}
    records |= {
        "flow/firms>fund/bridge_fee": 4000, "flow/firms>fund/bridge_recovery": 2e5,
        "flow/fund>outside/bridge_cost": 1e4, "flow/fund>firms/bridge_loan": 12e6,
        "flow/firms>fund/bridge_return": 7e6, "bridge_size/fund/2/n_requests": 4,
        "bridge_size/fund/2/n_refused": 1, "book/pool/trade/n_defaulted_unserved": 3,
        "book/pool/crafts/n_defaulted_unserved": 99,
    }  # fmt: skip
    found = values(scheme, records)
    assert found["fund.refused_share"] == 0.25
    assert found["fund.refused_amount_share"] == 0.4
    assert found["fund.any_refused"] == 1
    assert found["fund.waiting_days_served"] == 0.5
    assert found["fund.waiting_days"] == 9 / 8
    assert found["fund.idle_capital"] == 6e6
    assert found["fund.utilisation"] == 0.5
    assert found["fund.turns"] == pytest.approx(365 * 12e6 / 7.3e9)
    assert found["fund.mean_use_days"] == 9.0
    assert found["fund.to_500wan.refused_share"] == 0.25
    assert found["fund.cost_avoided"] == pytest.approx(0.01 * 9e6 - 4000)
    assert found["fund.defaults_unserved"] == found["pool.defaults_unserved"] == 3
    assert found["scheme.fiscal_cost"] == 1e6 + 1e4 - 4000 - 2e5


def test_defaults_after_a_bridge_are_reported_where_a_bridge_changes_the_risk(tmp_path):
    names = {m.name for m in lower(scenario(tmp_path)).metrics}
    assert "fund.defaults_after_bridge" not in names
    assert "fund.stopped" not in names
    change = {
        "evergreening": 2, "breaker": {"threshold": 0.4}, "not_renewed": 0.1, "lgd": 0, "recovery_lag": 1
    }  # fmt: skip
    names = {m.name for m in lower(scenario(tmp_path, {**FUND, **change})).metrics}
    assert {"fund.defaults_after_bridge", "fund.stopped", "fund.stopped_month"} <= names


def test_costs_avoided_have_no_formula_where_firms_would_pay_different_ones(tmp_path):
    pool = {**POOL, "borrowers": {"trade": 0.5, "second": 0.5}}
    scenario(tmp_path)
    content = json.loads((tmp_path / "bridge.yaml").read_text("utf-8"))
    content["segments"]["second"] = {**SEGMENT, **SHORT, "private_fee_per_day": 0.002}
    content["instruments"]["pool"] = pool
    (tmp_path / "two.yaml").write_text(json.dumps(content), "utf-8")
    assert "fund.cost_avoided" not in {m.name for m in lower(fs.load(tmp_path / "two.yaml")).metrics}


def test_a_fund_of_design_alone_reports_its_cost_to_the_public(tmp_path):
    content = {
        "window": {"start": "2015-01", "months": 12},
        "instruments": {"fund": {**DIRECT, "injections": [{"date": "2015-02", "amount": 1e6}]}},
    }
    (tmp_path / "alone.yaml").write_text(json.dumps(content), "utf-8")
    scheme = lower(fs.load(tmp_path / "alone.yaml"))
    names = {m.name for m in scheme.metrics}
    assert {"scheme.fiscal_cost", "scheme.fiscal_outlay", "fund.refused_share_aggregate"} <= names
    assert not scheme.facilities
    assert values(scheme, {"flow/city>fund/injection": 1e6})["scheme.fiscal_outlay"] == 1e6


def test_short_firms_without_a_fund_are_reported_by_those_that_lend_to_them(tmp_path):
    lenders = {"pool": POOL, "margins": COUNTIES}
    found = lower(scenario(tmp_path, DIRECT, segment=PRIVATE, instruments=lenders))
    records = {"book/pool/trade/n_short": 5.0, "book/margins.east/trade/n_short": 2.0}
    records["book/margins.west/trade/n_short"] = 1.0
    got = values(found, records)
    assert (got["pool.short"], got["margins.short"]) == (5.0, 3.0)
    names = {m.name for m in lower(fs.load("minimal")).metrics}
    assert "pool.short" not in names
