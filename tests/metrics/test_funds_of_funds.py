"""Figures of parents, sub-funds, paced funds and money beside a fund from records, by hand arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fundsim.metrics.equity import EquityFacts, equity_metrics
from fundsim.metrics.program import evaluate
from fundsim.scheme import Aggregate
from fundsim.scheme.equity_records import EQUITY_RECORDS

PLAIN = {
    "partners": True, "fees": True, "carry": True, "ceding": False, "option": False, "recycling": False,
    "reinvestment": None, "tolerated_loss": None,
}  # fmt: skip
PARENT = EquityFacts(name="city", custody="city.custody", planned=100.0, subs=("angels", "growth"), **PLAIN)
SUB = EquityFacts(
    name="angels", custody="city", treasury="city", planned=40.0, sub_of="city",
    **{**PLAIN, "ceding": True, "option": True, "reinvestment": 1.5, "tolerated_loss": 0.2},
)  # fmt: skip
PACED = EquityFacts(name="paced", custody="paced.custody", planned=50.0, paced=True, **PLAIN)
BESIDE = EquityFacts(
    name="fund", custody="fund.custody", planned=50.0, joint=True, subsidy=True, protection=True,
    accounts=("fund.joint", "fund.subsidy", "fund.grants"), **PLAIN,
)  # fmt: skip

RECORDS = {
    # The parent has 50 yuan of social partners and 100 of government's, of which a half is called.
    "city": {
        "committed_social": 50.0, "committed_government": 100.0,
        "called_social": 25.0, "called_government": 50.0,
        "n_deals": 2.0, "invested": 60.0, "invested_social": 20.0, "committed_down": 120.0,
        "n_exited": 1.0, "realised_cost": 20.0, "proceeds": 15.0,
        "fees": 3.0, "to_carry": 1.0, "clawback": 0.5,
        "distributed_government": 30.0,
    },
    "angels": {
        "committed_social": 80.0, "called_social": 40.0, "called_government": 20.0, "invested": 54.0,
        "invested_social": 36.0, "n_deals": 5.0, "n_failed": 2.0, "n_exited": 1.0, "n_unsold": 2.0,
        "realised_cost": 30.0, "proceeds": 21.0, "lost": 18.0, "fees": 2.0, "to_catch_up": 0.25,
        "set_up_month": 9.0, "not_set_up_month": math.inf, "distributed_government": 24.0, "ceded": 1.0,
        "called_by_buyers": 3.0, "option_price": 2.0, "invested_local": 29.0,
    },
    "growth": {
        "committed_social": 100.0, "called_social": 60.0, "called_government": 40.0, "invested": 90.0,
        "invested_social": 54.0, "n_deals": 3.0, "n_unsold": 3.0, "fees": 4.0, "not_set_up_month": 12.0,
    },
    "fund": {
        "n_joined": 4.0, "joined": 8.0, "joint_cost": 5.0, "joint_proceeds": 6.0, "joint_expected": 2.5,
        "subsidised": 3.0, "subsidy_due": 4.0, "granted": 1.0, "grants_due": 1.0,
        "invested": 60.0, "lost": 12.0,
        "distributed_government": 10.0,
    },
    "paced": {
        "called_social": 10.0, "called_government": 10.0, "invested": 20.0, "proceeds": 7.0, "nav": 15.0,
    },
}  # fmt: skip
BALANCES = {
    "party/city.custody/balance": 50.0, "party/city.custody/paid_in": 100.0,
    "party/fund.custody/balance": 9.0, "party/fund.custody/paid_in": 50.0,
    "party/paced.custody/balance": 0.0, "party/paced.custody/paid_in": 50.0,
    "party/fund.joint/balance": 2.0, "party/fund.joint/paid_in": 20.0,
    "party/fund.subsidy/balance": 0.0, "party/fund.subsidy/paid_in": 3.0,
    "party/fund.grants/balance": 1.5, "party/fund.grants/paid_in": 2.5,
    "flow/city.custody>city/equity_custody": 4.0, "flow/paced.custody>city/equity_custody": 0.0,
    "flow/fund.custody>city/equity_custody": 5.0, "flow/fund.joint>city/equity_back": 10.0,
    "flow/fund.subsidy>city/equity_back": 0.0, "flow/fund.grants>city/equity_back": 0.25,
}  # fmt: skip


def figure(fund, name, **changes):
    """Return one figure of a fund of one path, some records of the fund changed."""
    (one,) = [m for m in equity_metrics(fund) if m.name == f"{fund.name}.{name}"]
    assert not isinstance(one, Aggregate)
    values = {name: np.array([value]) for name, value in BALANCES.items()}
    for subject, own in RECORDS.items():
        known = {**{record.name: 0.0 for record in EQUITY_RECORDS}, **own}
        known |= changes if subject == fund.name else {}
        values |= {f"equity/{subject}/{what}": np.array([value]) for what, value in known.items()}
    return float(evaluate(one.formula, values)[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # by itself
        ("mobilised_ratio_committed", 0.5),
        ("mobilised_ratio", 0.25),
        ("mobilised_ratio_invested", 0.2),
        ("sub_funds", 2.0),
        ("sub_funds_ended", 1.0),
        ("committed_down", 120.0),
        ("invested", 60.0),
        ("loss_ratio", 0.25),
        ("idle_cash", 50.0),
        # looking through: 50 + 80 + 100 of social money; of what is called 25 + 40 + 60
        ("look_through.mobilised_ratio_committed", 2.3),
        ("look_through.mobilised_ratio", 1.25),
        ("look_through.mobilised_ratio_own", 2.5),
        ("look_through.magnification_committed", 3.3),
        ("look_through.magnification", 1.75),
        ("look_through.magnification_own", 3.5),
        # Sub-funds invested 144, 90 of them their partners'; of the parent's 54 a third is social.
        ("look_through.invested", 144.0),
        ("look_through.mobilised_ratio_invested", 1.08),
        ("look_through.magnification_invested", 1.44),
        ("look_through.mobilised_ratio_invested_own", 3.0),
        ("look_through.social_share", 0.75),
        ("look_through.deals", 8.0),
        ("look_through.deals_failed", 2.0),
        ("look_through.deals_exited", 1.0),
        ("look_through.deals_unsold", 5.0),
        ("look_through.loss_ratio", 0.3),
        ("look_through.loss_ratio_gross", 0.6),
        ("look_through.fees", 9.0),
        ("look_through.fees_share", 9.0 / 175.0),
        ("look_through.carry", 0.75),
        ("look_through.sub_funds_not_set_up", 1.0),
        # the treasury
        ("treasury.received", 34.0),
        ("treasury.earned", 30.0),
        ("treasury.unused", 4.0),
    ],
)
def test_a_parent_is_reported_by_itself_and_looking_through(name, value):
    assert figure(PARENT, name) == pytest.approx(value, rel=1e-14)


def test_nothing_called_at_the_parent_makes_nothing_of_its_part_social():
    assert figure(
        PARENT, "look_through.mobilised_ratio_invested", called_social=0.0, called_government=0.0
    ) == (pytest.approx(0.9))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parent.called", 20.0),
        ("parent.distributed", 24.0 - 1.0 + 2.0),
        ("parent.dpi", 25.0 / 20.0),
        ("parent.principal_back", 1.0),
        ("mobilised_ratio_committed", 2.0),
        ("mobilised_ratio", 1.0),
        ("committed_parent", 0.0),
        ("local_ratio", 1.45),
        ("reinvestment_met", 0.0),
        ("loss_ratio", 0.3),
        ("loss_above_tolerated", 1.0),
        ("not_set_up", 0.0),
        ("stake_sold_month", 1.0),
    ],
)
def test_a_sub_fund_has_its_parent_in_the_place_of_government(name, value):
    assert figure(SUB, name) == pytest.approx(value, rel=1e-14)


def test_words_and_names_of_a_sub_fund_say_whose_money_it_is():
    found = equity_metrics(SUB)
    for one in found:
        assert "overnment" not in one.meaning + one.name, one.name
        assert "政府" not in one.meaning_zh, one.name
        assert "custody" not in one.meaning, one.name
    names = {one.name for one in found}
    assert not [name for name in names if "treasury" in name or "idle" in name or "paid_in" in name]
    assert {"angels.parent.irr", "angels.social.irr", "angels.not_set_up", "angels.committed_parent"} <= names
    assert not [one.name for one in found if getattr(one, "bad", None)]


def test_government_stands_in_the_table_of_dependence_with_what_it_has_back_and_its_net_flow():
    bad = {one.name: one.bad for one in equity_metrics(PARENT) if getattr(one, "bad", None)}
    assert bad == {"city.government.distributed": "low", "city.government.net_flow": "low"}


def test_a_paced_fund_reports_no_deals_and_no_losses():
    names = {one.own_name for one in equity_metrics(PACED)}
    assert not [name for name in names if "deal" in name or "loss" in name or "local" in name]
    assert not [name for name in names if name.endswith(("_invested", "_invested_own"))]
    assert {"mobilised_ratio", "invested", "proceeds", "fund_nav", "dpi", "irr"} <= names
    assert figure(PACED, "invested") == 20.0
    assert figure(PACED, "fund_nav") == 15.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("co_investment.deals", 4.0),
        ("co_investment.invested", 8.0),
        ("co_investment.realised_cost", 5.0),
        ("co_investment.proceeds", 6.0),
        ("co_investment.multiple", 1.2),
        ("co_investment.expected_value", 2.5),
        ("co_investment.balance", 2.0),
        ("co_investment.paid_in", 20.0),
        ("risk_subsidy.paid", 3.0),
        ("risk_subsidy.due", 4.0),
        ("risk_subsidy.refused", 1.0),
        ("risk_subsidy.coverage", 0.75),
        ("risk_subsidy.paid_by_invested", 0.05),
        ("risk_subsidy.paid_by_lost", 0.25),
        ("risk_subsidy.balance", 0.0),
        ("protection.paid", 1.0),
        ("protection.refused", 0.0),
        ("protection.coverage", 1.0),
        ("protection.balance", 1.5),
        ("protection.paid_in", 2.5),
        ("treasury.earned", 16.0),
        ("treasury.unused", 15.25),
        ("treasury.received", 31.25),
    ],
)
def test_money_beside_a_fund(name, value):
    assert figure(BESIDE, name) == pytest.approx(value, rel=1e-14)


def test_where_nothing_fell_due_all_of_it_was_paid_and_without_an_end_there_is_no_multiple():
    assert figure(BESIDE, "risk_subsidy.coverage", subsidy_due=0.0, subsidised=0.0) == 1.0
    assert figure(BESIDE, "risk_subsidy.refused", subsidy_due=0.0, subsidised=0.0) == 0.0
    assert math.isnan(figure(BESIDE, "co_investment.multiple", joint_cost=0.0, joint_proceeds=0.0))


@pytest.mark.parametrize("fund", [PARENT, SUB, PACED, BESIDE], ids=lambda fund: fund.name)
def test_names_are_unique_and_every_figure_has_words_in_both_languages(fund):
    found = equity_metrics(fund)
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert one.meaning[0].isupper()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.meaning_zh)
