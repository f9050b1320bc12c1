"""An equity fund lowers to the fund that its terms say, by hand."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import pytest

import fundsim as fs
from fundsim.lowering import lower
from fundsim.scheme import (
    BetaShare,
    CallOption,
    Clock,
    ExcessShare,
    Exit,
    Injection,
    Multiple,
    Party,
    Raising,
    Stage,
    Waterfall,
)
from fundsim.scheme.rules import check_scheme

LEAST = {
    "kind": "guide_fund", "opening": 1e8, "ratio": 5, "life": 96, "investment_period": 48,
    "raising": {"p_full": 1}, "deals": {"mean": 1e7}, "stages": {"all": {}}, "liquidation_multiple": 0.5,
}  # fmt: skip
NEVER = Clock(shape=1.0, scale=math.inf)


def scheme_of(folder: Path, change=None, *, kind="guide_fund", others=None, **window):
    fund = {**copy.deepcopy(LEAST), "kind": kind, **(change or {})}
    content = {
        "window": {"start": "2017-03", "months": 36, **window},
        "instruments": {"fund": {key: value for key, value in fund.items() if value is not None}},
        **(others or {}),
    }
    file = folder / "equity.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    scheme = lower(fs.load(file))
    check_scheme(scheme)
    return scheme


def fund_of(folder: Path, change=None, **others):
    (fund,) = scheme_of(folder, change, **others).equity_funds
    return fund


def test_the_least_that_is_written_has_the_defaults_of_the_definitions(tmp_path):
    scheme = scheme_of(tmp_path)
    (fund,) = scheme.equity_funds
    assert (fund.start, fund.life, fund.extension, fund.investment) == (0, 96, 0, 48)
    assert (fund.planned, fund.social_target) == (1e8, 5e8)
    assert fund.raising == Raising(p_full=1.0, rest=BetaShare(mean=0.0))
    assert fund.raising.closings == ((0, 1.0),)
    assert fund.raising.set_up_months == 12
    assert fund.call_shortfall == BetaShare(mean=0.0)
    assert (fund.deployment, fund.deal_size, fund.deal_cv) == (1.0, 1e7, 0.0)
    assert (fund.sector, fund.city_weight) == (None, 1.0)
    assert (fund.waterfall, fund.concession, fund.mark) == (Waterfall(), None, "cost")
    (stage,) = fund.stages
    assert (stage.name, stage.share, stage.exit, stage.failure) == ("all", 1.0, NEVER, NEVER)
    assert scheme.parties[3:] == (
        Party(name="fund"),
        Party(name="fund.custody", opening=1e8, public=True),
        Party(name="fund.partners", limited=False),
        Party(name="fund.manager", limited=False),
    )
    assert (fund.treasury, fund.custody, fund.partners, fund.manager) == (
        "city", "fund.custody", "fund.partners", "fund.manager",
    )  # fmt: skip


def test_appropriations_go_into_custody_and_are_part_of_the_planned_money(tmp_path):
    scheme = scheme_of(tmp_path, {"injections": [{"date": "2018-01", "amount": "0.5亿"}]})
    assert scheme.injections == (Injection(source="city", target="fund.custody", month=10, amount=5e7),)
    assert (scheme.equity_funds[0].planned, scheme.equity_funds[0].social_target) == (1.5e8, 7.5e8)


@pytest.mark.parametrize(
    ("ratio", "reading", "social"),
    [(5, "gov_to_social", 5e8), (5, "fund_to_gov", 4e8), (0.5, "gov_to_social", 5e7)],
)
def test_a_ratio_is_of_social_money_or_of_the_whole_fund(tmp_path, ratio, reading, social):
    assert fund_of(tmp_path, {"ratio": ratio, "ratio_reading": reading}).social_target == social


@pytest.mark.parametrize("reading", ["gov_to_social", "fund_to_gov"])
def test_without_social_partners_there_is_no_raising_under_either_reading(tmp_path, reading):
    change = {"ratio": 0, "ratio_reading": reading, "call_shortfall": 0.1, "government_first": True}
    fund = fund_of(tmp_path, change)
    assert (fund.social_target, fund.raising, fund.government_first) == (0.0, None, False)
    assert fund.call_shortfall == BetaShare(mean=0.0)


def test_every_other_term_is_the_fund_s(tmp_path):
    fund = fund_of(
        tmp_path,
        {
            "start": "2018-03", "life": "7年", "extension": 24, "investment_period": "4年",
            "raising": {
                "p_full": 0.26, "mean": 0.2, "sd": 0.1, "rho": 0.3, "minimum_first_close": 0.1,
                "set_up_months": 9, "closings": [{"month": 3, "share": 0.6}, {"month": 15, "share": 0.4}],
            },
            "call_shortfall": {"mean": 0.1, "sd": 0.05}, "government_first": True, "deployment": 0.65,
            "deals": {"mean": "1500万", "cv": 0.8}, "exit_beta": 0.4, "failure_beta": 0.3, "exit_rho": 0.2,
            "recycling": 0.1, "fee_rate": "2%", "fund_cost": "50万", "mark": "expected",
            "reinvestment": {"multiple": 1.2, "local_share": 0.6}, "tolerated_loss": 0.4,
        },
    )  # fmt: skip
    assert (fund.start, fund.life, fund.extension, fund.investment, fund.last) == (12, 84, 24, 48, 119)
    assert fund.raising == Raising(
        p_full=0.26, rest=BetaShare(mean=0.2, sd=0.1), rho=0.3, closings=((3, 0.6), (15, 0.4)),
        minimum_first_close=0.1, set_up_months=9,
    )  # fmt: skip
    assert (fund.call_shortfall, fund.government_first) == (BetaShare(mean=0.1, sd=0.05), True)
    assert (fund.deployment, fund.deal_size, fund.deal_cv) == (0.65, 1.5e7, 0.8)
    assert (fund.exit_beta, fund.failure_beta, fund.exit_rho) == (0.4, 0.3, 0.2)
    assert (fund.recycling, fund.fee_rate, fund.fund_cost) == (0.1, 0.02, 5e5)
    assert (fund.mark, fund.local_share) == ("expected", 0.6)


def test_a_fixed_share_of_calls_fails_or_a_law_of_it(tmp_path):
    assert fund_of(tmp_path, {"call_shortfall": "10%"}).call_shortfall == BetaShare(mean=0.1, sd=0.0)


def test_a_stage_has_two_clocks_and_categories_of_exits_from_bad_times_to_good(tmp_path):
    stages = {
        "seed": {
            "share": 0.4, "exit": {"shape": 1.5, "scale": 7}, "failure": {"scale": 6},
            "exits": [
                {"probability": 0.5, "buy_back": {"rate": 0.08, "collectability": 0.5}},
                {"probability": 0.3, "multiple": 1.8},
                {"probability": 0.2, "multiple": {"mean": 4, "cv": 1}},
            ],
        },
        "growth": {
            "share": 0.6, "failure": {"scale": 12}, "exit": {"scale": 5},
            "exits": [{"name": "listing", "probability": 1, "multiple": 2}],
        },
    }  # fmt: skip
    seed, growth = fund_of(tmp_path, {"stages": stages}).stages
    assert seed == Stage(
        name="seed", share=0.4, exit=Clock(shape=1.5, scale=7.0), failure=Clock(shape=1.0, scale=6.0),
        exits=(
            Exit(name="exit_1", probability=0.5,
                 multiple=Multiple(law="buy_back", rate=0.08, collectability=0.5)),
            Exit(name="exit_2", probability=0.3, multiple=Multiple(law="fixed", value=1.8)),
            Exit(name="exit_3", probability=0.2, multiple=Multiple(law="lognormal", value=4.0, cv=1.0)),
        ),
    )  # fmt: skip
    assert (growth.exit, growth.failure, growth.share) == (
        Clock(shape=1.0, scale=5.0), Clock(shape=1.0, scale=12.0), 0.6,
    )  # fmt: skip
    assert [one.name for one in growth.exits] == ["listing"]


def test_the_waterfall_is_what_its_steps_say(tmp_path):
    steps = [
        {"step": "contributions"}, {"step": "hurdle", "rate": "8%"},
        {"step": "catch_up", "share": 1}, {"step": "carry", "share": 0.2},
    ]  # fmt: skip
    whole = fund_of(tmp_path, {"waterfall": steps, "clawback": True}).waterfall
    assert whole == Waterfall(hurdle=0.08, catch_up=1.0, carry=0.2, clawback=True)
    assert fund_of(tmp_path, {"waterfall": [*steps[:2], steps[3]]}).waterfall == Waterfall(
        hurdle=0.08, carry=0.2
    )
    assert fund_of(tmp_path, {"waterfall": steps[:1]}).waterfall == Waterfall()


@pytest.mark.parametrize(
    ("written", "law"),
    [
        ({"mode": "none"}, None),
        ({"mode": "excess_share", "share": 0.3}, ExcessShare(share=0.3)),
        ({"mode": "all_gains"}, ExcessShare(share=1.0)),
        (
            {"mode": "call_option", "years": 3, "benchmark": 0.04, "option_mark": 1.2},
            CallOption(years=3, benchmark=0.04, option_mark=1.2),
        ),
    ],
)
def test_a_concession_is_one_of_four(tmp_path, written, law):
    assert fund_of(tmp_path, {"concession": written}).concession == law


def test_the_scheme_lives_as_long_as_the_fund_and_lending_keeps_its_own_end(tmp_path):
    window = scheme_of(tmp_path, {"start": "2018-03", "extension": 24}).window
    assert (window.months, window.total, window.waiting) == (36, 12 + 96 + 24, 0)
    pool = {
        "kind": "compensation_pool", "opening": 1e7, "share": 0.5, "trigger": {"npl": True},
        "borrowers": {"trade": 1}, "demand": {"yearly": [1e7] * 3},
    }  # fmt: skip
    segment = {"city_weight": 1, "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": {"mean": 1e6}}
    others = {"segments": {"trade": segment}, "instruments": {"fund": LEAST, "pool": pool}}
    window = scheme_of(tmp_path, others=others).window
    assert (window.total, window.waiting) == (96, 15)


def test_a_sector_moves_a_sector_fund_even_if_no_segment_has_it(tmp_path):
    scheme = scheme_of(tmp_path, {"sector": "energy"}, kind="sector_fund")
    assert scheme.economy.sectors == ("energy",)
    assert (scheme.equity_funds[0].sector, scheme.equity_funds[0].city_weight) == ("energy", 0.6)
    alone = scheme_of(tmp_path, {"sector": "energy", "city_weight": 1}, kind="sector_fund")
    assert (alone.economy.sectors, alone.equity_funds[0].sector) == ((), None)


def test_sectors_of_funds_and_segments_are_correlated_together(tmp_path):
    segment = {"sector": "trade", "pd": 0.03, "rho": 0.1, "lgd": 0.5, "loan": {"mean": 1e6}}
    pool = {
        "kind": "compensation_pool", "opening": 1e7, "share": 0.5, "trigger": {"npl": True},
        "borrowers": {"shops": 1}, "demand": {"yearly": [1e7] * 3},
    }  # fmt: skip
    others = {
        "segments": {"shops": segment},
        "economy": {"sector_correlation": [{"between": ["energy", "trade"], "correlation": 0.4}]},
        "instruments": {"fund": {**LEAST, "kind": "sector_fund", "sector": "energy"}, "pool": pool},
    }
    economy = scheme_of(tmp_path, others=others).economy
    assert economy.sectors == ("energy", "trade")
    assert economy.sector_correlation == ((1.0, 0.4), (0.4, 1.0))


def test_a_start_up_fund_has_no_social_partners_unless_a_ratio_is_written(tmp_path):
    alone = fund_of(tmp_path, {"ratio": None, "raising": None}, kind="startup_equity_fund")
    assert (alone.social_target, alone.raising) == (0.0, None)
    assert fund_of(tmp_path, {"ratio": 2}, kind="startup_equity_fund").social_target == 2e8
