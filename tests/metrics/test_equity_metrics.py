"""Figures of an equity fund from its records, by hand arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fundsim.metrics.equity import EquityFacts, equity_metrics
from fundsim.metrics.formulas import recorded
from fundsim.metrics.program import evaluate
from fundsim.scheme import Aggregate, IrrCase
from fundsim.scheme.equity_records import EQUITY_RECORDS

WHOLE = {
    "partners": True, "fees": True, "carry": True, "ceding": True, "option": True, "recycling": True,
    "reinvestment": 1.5, "tolerated_loss": 0.25,
}  # fmt: skip
NOTHING = {
    "partners": False, "fees": False, "carry": False, "ceding": False, "option": False, "recycling": False,
    "reinvestment": None, "tolerated_loss": None,
}  # fmt: skip

RECORDS = {
    "committed_social": 300.0, "committed_government": 60.0,
    "called_social": 200.0, "called_government": 40.0, "called_by_buyers": 5.0,
    "invested": 210.0, "invested_social": 168.0, "invested_local": 60.0,
    "distributed_government": 50.0, "distributed_social": 230.0, "distributed_to_buyers": 12.0,
    "ceded": 3.0, "option_price": 4.0, "option_cost": 6.0,
    "nav_government": 0.0, "nav_social": 20.0,
    "realised_cost": 180.0, "proceeds": 126.0, "lost": 90.0,
    "to_catch_up": 2.0, "to_carry": 7.0, "clawback": 1.5,
    "sold_month": 47.0, "set_up_month": 6.0, "not_set_up_month": math.inf,
    "irr_government": 0.05, "irr_government_case": float(IrrCase.ONE),
}  # fmt: skip
"""A fund with 100 yuan of government's planned money, and 500 of social money sought."""


def facts(**changes):
    return EquityFacts(name="fund", custody="fund.custody", planned=100.0, **{**WHOLE, **changes})


def figure(name, records=RECORDS, fund=None, **changes):
    """Return the value of one figure of one path."""
    (one,) = [m for m in equity_metrics(fund or facts()) if m.name == f"fund.{name}"]
    known = {**{record.name: 0.0 for record in EQUITY_RECORDS}, **records, **changes}
    values = {f"equity/fund/{what}": np.array([value]) for what, value in known.items()}
    values |= {
        "party/fund.custody/balance": np.array([48.0]),
        "party/fund.custody/paid_in": np.array([100.0]),
    }
    if isinstance(one, Aggregate):
        return float(evaluate(one.numerator, values)[0]) / float(evaluate(one.denominator, values)[0])
    return float(evaluate(one.formula, values)[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # 1 : 5 on planned money, and on government's own of that kind
        ("mobilised_ratio_committed", 3.0),
        ("mobilised_ratio", 2.0),
        ("mobilised_ratio_invested", 1.68),
        ("magnification_committed", 3.6),
        ("magnification", 2.4),
        ("magnification_invested", 2.1),
        ("mobilised_ratio_committed_own", 5.0),
        ("mobilised_ratio_own", 5.0),
        ("mobilised_ratio_invested_own", 4.0),
        ("magnification_own", 6.0),
        ("magnification_invested_own", 5.0),
        ("called_share", 240.0 / 360.0),
        ("idle_cash", 48.0),
        ("idle_share", 0.48),
        ("paid_in", 100.0),
        ("set_up_month", 7.0),
        ("not_set_up", 0.0),
        # returns: of all partners, of government after concession and sale, of social partners
        ("called", 240.0),
        ("distributed", 280.0),
        ("net_flow", 40.0),
        ("dpi", 280.0 / 240.0),
        ("tvpi", 300.0 / 240.0),
        ("government.distributed", 50.0 - 3.0 + 4.0),
        ("government.net_flow", 11.0),
        ("government.dpi", 51.0 / 40.0),
        ("government.tvpi", 51.0 / 40.0),
        ("social.distributed", 233.0),
        ("social.net_flow", 233.0 - 204.0),
        ("social.dpi", 233.0 / 204.0),
        ("social.tvpi", 253.0 / 204.0),
        ("dpi_aggregate", 280.0 / 240.0),
        ("government.principal_back", 1.0),
        ("government.not_called", 0.0),
        ("government.irr", 0.05),
        # losses, carry, concession, policy
        ("loss_ratio", 54.0 / 180.0),
        ("loss_ratio_gross", 0.5),
        ("loss_above_tolerated", 1.0),
        ("carry", 7.5),
        ("concession_cost", 3.0 + 6.0),
        ("concession_realised", 3.0 + 12.0 - 5.0 - 4.0),
        ("stake_sold", 1.0),
        ("stake_sold_month", 48.0),
        ("local_ratio", 1.5),
        ("reinvestment_met", 1.0),
    ],
)
def test_a_figure_is_what_its_records_say(name, value):
    assert figure(name) == pytest.approx(value, rel=1e-14, abs=1e-14)


def test_what_was_never_called_has_no_multiples_and_no_principal():
    none = {"called_social": 0.0, "called_government": 0.0, "distributed_government": 0.0, "invested": 0.0}
    nothing = {**RECORDS, **none, "distributed_social": 0.0, "realised_cost": 0.0, "proceeds": 0.0}
    for name in ("dpi", "tvpi", "government.dpi", "government.principal_back", "reinvestment_met",
                 "mobilised_ratio_own", "loss_ratio"):  # fmt: skip
        assert math.isnan(figure(name, nothing)), name
    assert figure("government.not_called", nothing) == 1.0
    assert figure("loss_above_tolerated", nothing) == 0.0
    assert figure("mobilised_ratio", nothing) == 0.0
    assert math.isnan(figure("called_share", nothing, committed_social=0.0, committed_government=0.0))


def test_principal_is_back_from_half_a_fen_below_on():
    """Government paid 40 on calls and had 50 − 3 + 4 = 51; with 11 less it has just its principal."""
    assert figure("government.principal_back", distributed_government=39.0) == 1.0
    assert figure("government.principal_back", distributed_government=38.996) == 1.0
    assert figure("government.principal_back", distributed_government=38.99) == 0.0


def test_local_investment_is_met_from_half_a_fen_below_on():
    assert figure("reinvestment_met", invested_local=59.996) == 1.0
    assert figure("reinvestment_met", invested_local=59.99) == 0.0


def test_a_profit_is_no_loss_and_losers_still_lost():
    assert figure("loss_ratio", proceeds=200.0) == 0.0
    assert figure("loss_ratio_gross", proceeds=200.0) == 0.5
    assert figure("loss_above_tolerated", proceeds=200.0) == 0.0
    assert figure("loss_above_tolerated", proceeds=135.0) == 0.0  # exactly a quarter is tolerated


@pytest.mark.parametrize("case", list(IrrCase))
def test_how_a_rate_was_found_is_an_event_of_the_paths_with_calls(case):
    def expected(code):
        return pytest.approx(np.nan if case == IrrCase.NOT_CALLED else float(code == case), nan_ok=True)

    names = {IrrCase.AMBIGUOUS: "irr_ambiguous", IrrCase.NONE: "irr_none", IrrCase.CAPPED: "irr_capped"}
    for code, name in names.items():
        assert figure(f"government.{name}", irr_government_case=float(case)) == expected(code)
        assert figure(f"treasury.{name}", irr_treasury_case=float(case)) == expected(code)
        assert figure(name, irr_fund_case=float(case)) == expected(code)
        assert figure(f"social.{name}", irr_social_case=float(case)) == expected(code)


def test_a_fund_that_was_not_set_up_is_one_whose_month_is_set():
    assert figure("not_set_up", not_set_up_month=12.0) == 1.0


def test_a_fund_reports_only_what_it_has():
    names = {m.name for m in equity_metrics(facts(**NOTHING))}
    lacking = ("mobilised", "social", "not_set_up", "fees", "carry", "clawback", "conce", "ceded", "stake",
               "recycled", "local", "reinvestment", "tolerated", "raised")  # fmt: skip
    assert not [name for name in names for word in lacking if word in name]
    assert {"fund.dpi", "fund.government.irr", "fund.treasury.irr", "fund.loss_ratio"} <= names
    alone = facts(**NOTHING)
    assert figure("called_share", fund=alone) == pytest.approx(40.0 / 60.0)
    assert figure("government.dpi", fund=alone) == pytest.approx(50.0 / 40.0)


def test_names_are_unique_and_every_figure_has_words_in_both_languages():
    found = equity_metrics(facts())
    assert len({m.name for m in found}) == len(found)
    for one in found:
        assert one.meaning[0].isupper()
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.meaning_zh)


def test_the_fan_charts_are_of_records_that_exist_month_by_month():
    at_dates = {r.name for r in EQUITY_RECORDS if r.nature.value in ("snapshot", "path value")}
    for one in equity_metrics(facts()):
        if getattr(one, "series", False):
            read = {record.rsplit("/", 1)[-1] for record in one.formula.records}
            assert not read & at_dates
    assert [m.name for m in equity_metrics(facts()) if getattr(m, "picture", None) == "mobilised"] == [
        "fund.mobilised_ratio_committed", "fund.mobilised_ratio", "fund.mobilised_ratio_invested",
    ]  # fmt: skip


def test_the_bare_ratio_is_that_of_money_called():
    (bare,) = [m for m in equity_metrics(facts()) if m.name == "fund.mobilised_ratio"]
    assert recorded("equity/fund/called_social") in bare.formula.operands
