"""Budgets and what draws on them, from a scenario's text to its figures, by hand arithmetic in both engines.

The window is 2015-01 to 2016-12.  Firms that are ``sound`` never default and repay after twelve months.
"""

from __future__ import annotations

from typing import Any

import pytest

from fundsim import core, reference
from fundsim.lowering import lower

from .by_hand import OnePath, one_path, whole, written

pytestmark = pytest.mark.parametrize("engine", [reference.engine, core.engine], ids=["reference", "core"])

SURE = 1 - 1e-12
"""A yearly rate at which every firm moves."""
AMPLE = {2015: 1e6, 2016: 1e6}


def approx(value):
    """Amounts to a ten-thousandth of a fen."""
    return pytest.approx(value, abs=1e-6)


def by_year(amounts: dict[int, float]) -> list[dict[str, float]]:
    """Return amounts by budget year as a file writes them."""
    return [{"year": year, "amount": amount} for year, amount in amounts.items()]


def budget(line: dict[int, float], *, levels: dict[str, Any] | None = None, **terms: Any) -> dict[str, Any]:
    """Return a budget with one line, ``purse``, paid by the city unless other levels are given."""
    given = levels or {"city": {"amounts": by_year(line)}}
    return {"budget": {"levels": given, "lines": {"purse": {"amounts": by_year(line), **terms}}}}


def run(folder, engine, instruments: dict[str, Any], blocks: dict[str, Any] | None = None) -> OnePath:
    """Run a scenario with these instruments."""
    return one_path(
        lower(written(folder, whole({}, **{"instruments": instruments, **(blocks or {})}))), engine
    )


def loans(*granted: tuple[str, float], **terms: Any) -> dict[str, Any]:
    """Return bank loans to sound firms, granted in given months."""
    schedule = [{"date": date, "amount": amount} for date, amount in granted]
    return {"kind": "bank_loan", "borrowers": {"sound": 1.0}, "demand": {"schedule": schedule}, **terms}


def spent(name: str, **terms: Any) -> dict[str, Any]:
    """Return an expense of 100 in a month of 2015."""
    return {"kind": "expense", "payments": [{"date": name, "amount": 100}], **terms}


def paid_in_months(path: OnePath, payment: str) -> dict[int, float]:
    """Return month → what was paid in it."""
    series = [0.0, *path.months[f"payment/{payment}/paid"]]
    gained = {month: series[month + 1] - series[month] for month in range(len(series) - 1)}
    return {month: round(amount, 6) for month, amount in gained.items() if amount > 1e-9}


INTEREST = {
    "kind": "subsidy",
    "of": ["loans"],
    "base": "interest",
    "share": 0.5,
    "ceiling": 0.05,
    "floor": 0.01,
}
"""Half of the four points between floor and ceiling, of loans at 6 %."""


# Subsidies


def test_half_of_the_rate_between_floor_and_ceiling_is_paid_on_what_performs(tmp_path, engine):
    """1000 granted in January perform at the start of February … next January: 12 × 1000 × 2 % ÷ 12."""
    t = run(tmp_path, engine, {"loans": loans(("2015-01", 1000)), "interest": INTEREST})
    assert t.metric("interest.paid") == approx(20)
    assert t.metric("interest.accrued", 12) == approx(11 * 1000 * 0.02 / 12)
    assert paid_in_months(t, "interest") == dict.fromkeys(range(1, 13), approx(20 / 12))
    assert t.metric("scheme.fiscal_cost") == t.metric("scheme.fiscal_outlay") == approx(20)


@pytest.mark.parametrize(
    ("terms", "yearly"),
    [
        ({"ceiling": 0.08}, 0.5 * (0.06 - 0.01)),
        ({"ceiling": None}, 0.5 * (0.06 - 0.01)),
        ({"floor": 0}, 0.5 * 0.05),
        ({"base": "principal", "share": None, "ceiling": None, "floor": 0, "rate": 0.03}, 0.03),
    ],
    ids=["a ceiling above the rate", "no ceiling", "no floor", "of principal"],
)
def test_the_rate_of_a_subsidy(tmp_path, engine, terms, yearly):
    subsidy = {key: value for key, value in {**INTEREST, **terms}.items() if value is not None}
    t = run(tmp_path, engine, {"loans": loans(("2015-01", 1000)), "interest": subsidy})
    assert t.metric("interest.paid") == approx(1000 * yearly)


def test_firms_that_default_have_no_subsidy_and_other_segments_have_none(tmp_path, engine):
    """1000 sound and 1000 doomed: the doomed ones default at maturity, and perform until then."""
    both = {**loans(("2015-01", 2000)), "borrowers": {"sound": 0.5, "doomed": 0.5}}
    for segments, paid in (([], 40), (["sound"], 20), (["doomed"], 20)):
        t = run(tmp_path, engine, {"loans": both, "interest": {**INTEREST, "segments": segments}})
        assert t.metric("interest.paid") == approx(paid)


@pytest.mark.parametrize(("renew", "paid"), [(0, 8), (1, 16)], ids=["repaid", "renewed"])
def test_half_of_the_guarantee_fee_is_paid_with_each_grant(tmp_path, engine, renew, paid):
    """2 % of the 800 guaranteed for a year, in January 2015, and again in 2016 where loans are renewed."""
    segments = whole({})["segments"]
    segments["sound"] = {**segments["sound"], "renew": renew}
    guarantor = {
        **loans(("2015-01", 1000)), "kind": "guarantee", "opening": 1000, "share": 0.8, "fee": 0.02,
        "obligor_share": None, "trigger": {"overdue_days": 90},
    }  # fmt: skip
    fees = {"kind": "subsidy", "of": ["guarantor"], "base": "guarantee_fee", "share": 0.5}
    t = run(tmp_path, engine, {"guarantor": guarantor, "fees": fees}, {"segments": segments})
    assert t.metric("fees.paid") == approx(paid)
    assert paid_in_months(t, "fees") == dict.fromkeys((0, 12)[: 1 + renew], approx(8))


def test_a_cap_cuts_what_falls_due_and_never_makes_it_up(tmp_path, engine):
    """11 of the twelve months fall into 2015: 18.33 of which 5 are within the cap; 1.67 in 2016."""
    t = run(tmp_path, engine, {"loans": loans(("2015-01", 1000)), "interest": {**INTEREST, "cap_year": 5}})
    assert t.metric("interest.paid", 12) == approx(5)
    assert t.metric("interest.paid") == t.metric("interest.accrued") == approx(5 + 20 / 12)
    assert t.metric("interest.capped") == approx(11 * 20 / 12 - 5)


def test_a_line_without_money_refuses_or_owes_what_falls_due(tmp_path, engine):
    """15 in 2015 last for nine months; what is refused is gone, what is owed is paid in January 2016."""
    lent = {"loans": loans(("2015-01", 1000))}
    plan = budget({2015: 15, 2016: 100})
    refused = run(tmp_path, engine, {**lent, "interest": {**INTEREST, "line": "purse"}}, plan)
    assert refused.metric("interest.paid", 12) == approx(15)
    assert refused.metric("interest.refused") == approx(11 * 20 / 12 - 15)
    assert refused.metric("interest.paid") == approx(15 + 20 / 12)
    assert refused.metric("interest.exhausted") == refused.metric("budget.exhausted") == 1.0
    assert refused.metric("interest.paid_share") == approx((15 + 20 / 12) / 20)
    owed = run(
        tmp_path, engine, {**lent, "interest": {**INTEREST, "line": "purse", "unpaid": "arrears"}}, plan
    )
    assert owed.metric("interest.owed", 12) == approx(11 * 20 / 12 - 15)
    assert paid_in_months(owed, "interest")[12] == approx(11 * 20 / 12 - 15 + 20 / 12)
    assert owed.metric("interest.paid") == approx(20)
    assert owed.metric("interest.exhausted") == 0.0


# Awards


def ladder(**terms: Any) -> dict[str, Any]:
    """Return a ladder of two tiers on which every firm moves up each June; nobody fails a review."""
    tiers = {
        "special": {"opening": 4, "rate": SURE},
        "giant": {"opening": 0, "below": "special", "rate": SURE},
    }
    return {"kind": "firm_ladder", "candidates": 10, "recognition_month": 6, "tiers": tiers, **terms}


def giants(on: str, tier: str = "giant", **terms: Any) -> dict[str, Any]:
    """Return an award of 100 for firms recognised in a tier."""
    return {
        "kind": "award",
        "amount": 100,
        "recognition": {"ladder": "ladder", "tier": tier, "when": on},
        **terms,
    }


def test_firms_that_enter_a_tier_have_the_award(tmp_path, engine):
    """The four of the start in June 2015, the ten that came up behind them in June 2016."""
    t = run(tmp_path, engine, {"ladder": ladder(), "giants": giants("entry")})
    assert paid_in_months(t, "giants") == {5: 400.0, 17: 1000.0}
    assert t.metric("giants.number_paid") == 14
    assert [t.metric("ladder.giant.firms", months) for months in (12, 24)] == [4, 14]
    assert [t.metric("ladder.firms", months) for months in (12, 24)] == [14, 24]


@pytest.mark.parametrize(("on", "paid"), [("entry", 0), ("renewal", 600), ("both", 600)])
def test_firms_whose_recognition_is_renewed_have_the_award(tmp_path, engine, on, paid):
    """Nine firms, three of each age: three are reviewed each year, and nobody moves."""
    tiers = {"special": {"opening": 9, "rate": 0}}
    t = run(tmp_path, engine, {"ladder": ladder(tiers=tiers, candidates=0), "giants": giants(on, "special")})
    assert t.metric("giants.paid") == approx(paid)
    assert t.metric("ladder.special.renewed") == 6


def test_awards_are_paid_whole_as_far_as_the_line_goes(tmp_path, engine):
    """250 pay two of four awards of 100; the other 50 lapse at the year's end."""
    plan = budget({2015: 250, 2016: 0})
    t = run(tmp_path, engine, {"ladder": ladder(), "giants": giants("entry", line="purse")}, plan)
    assert (t.metric("giants.number_paid", 12), t.metric("giants.number_refused", 12)) == (2, 2)
    assert t.metric("giants.refused") == approx(200 + 1000)
    assert t.metric("budget.lapsed") == approx(50)
    assert t.metric("budget.purse.balance", 12) == approx(0)


def test_a_part_of_the_events_counts_where_firms_must_be_resident(tmp_path, engine):
    """60 % of 100 for each of four and ten firms, paid in parts: 250 pay 240."""
    award = giants("entry", resident_share=0.6, line="purse")
    t = run(tmp_path, engine, {"ladder": ladder(), "giants": award}, budget({2015: 250, 2016: 500}))
    assert paid_in_months(t, "giants") == {5: approx(240), 17: approx(500)}
    assert t.metric("giants.refused") == approx(100)
    assert t.metric("giants.number_paid") == approx(4 + 500 / 60)


def test_each_new_loan_has_an_award_and_a_renewal_has_none(tmp_path, engine):
    segments = whole({})["segments"]
    segments["sound"] = {**segments["sound"], "renew": 1}
    award = {"kind": "award", "amount": 7, "loans_of": ["loans"]}
    t = run(tmp_path, engine, {"loans": loans(("2015-03", 300)), "award": award}, {"segments": segments})
    assert paid_in_months(t, "award") == {2: 21.0}


# Compensation of banks


@pytest.mark.parametrize("line", [None, "purse"])
def test_compensation_is_a_part_of_what_own_and_scheme_loans_grew_by(tmp_path, engine, line):
    """1000 grow to 1100 and 1210; 500 of the scheme stand at the end of 2015 and are repaid in January 2016.

    1 % of 1600 − 1000 is paid in March 2016; 1210 is less than 1600, so that nothing follows.
    """
    terms = {"line": line} if line else {}
    bank = {"opening": 1000, "growth": 0.1, "instruments": ["loans"]}
    plan = budget(AMPLE, unspent="carry_over") if line else {}
    compensation = {"kind": "incremental_compensation", "rate": 0.01, "banks": {"rural": bank}, **terms}
    t = run(tmp_path, engine, {"loans": loans(("2015-01", 500)), "compensation": compensation}, plan)
    assert paid_in_months(t, "compensation.rural") == {14: approx(6)}
    assert (t.metric("compensation.accrued", 12), t.metric("compensation.owed", 12)) == (approx(6), approx(6))
    alone = {**compensation, "banks": {"rural": {"opening": 1000, "growth": 0.1}}}
    assert paid_in_months(run(tmp_path, engine, {"compensation": alone}, plan), "compensation.rural") == {
        14: approx(1),
        26: approx(1.1),
    }


# Appropriations


def test_money_that_comes_late_finds_some_payments_refused_and_others_waiting(tmp_path, engine):
    """The city pays in April: February's 100 are refused or wait, May's are paid."""
    city = {"city": {"amounts": by_year({2015: 300, 2016: 0}), "delay_months": 3}}
    plan = budget({2015: 300, 2016: 0}, levels=city)
    early = {
        "refused": spent("2015-02", line="purse"),
        "waits": spent("2015-02", line="purse", unpaid="arrears"),
    }
    t = run(tmp_path, engine, {**early, "on_time": spent("2015-05", line="purse")}, plan)
    assert paid_in_months(t, "refused") == {}
    assert paid_in_months(t, "waits") == {3: 100.0}
    assert paid_in_months(t, "on_time") == {4: 100.0}
    assert t.metric("budget.lapsed") == approx(100)


@pytest.mark.parametrize(("unpaid", "second"), [("lost", 60), ("next_year", 84)])
def test_what_a_level_leaves_unpaid_is_lost_or_due_again(tmp_path, engine, unpaid, second):
    """60 of 100; then 60 of 100, or of the 140 that are due then."""
    plan = budget({2015: 100, 2016: 100}, levels={
        "city": {"amounts": by_year({2015: 100, 2016: 100}), "paid": {"mean": 0.6}, "unpaid": unpaid}
    })  # fmt: skip
    t = run(tmp_path, engine, {"all": {"kind": "expense", "line": "purse", "annual": 1200}}, plan)
    assert t.metric("budget.appropriated", 12) == approx(60)
    assert t.metric("budget.appropriated") == t.metric("budget.spent") == approx(60 + second)
    assert t.metric("budget.appropriations_due") == approx(200)
    assert t.metric("budget.appropriations_lost") == approx(200 - 60 - second)


def test_a_level_that_matches_pays_the_part_that_the_other_pays(tmp_path, engine):
    levels = {
        "city": {"amounts": by_year({2015: 100}), "paid": {"mean": 0.6}},
        "counties": {"amounts": by_year({2015: 300}), "matches": "city"},
    }
    shares = {"city": 0.25, "counties": 0.75}
    plan = budget({2015: 400}, levels=levels, shares=shares)
    t = run(tmp_path, engine, {"all": {"kind": "expense", "line": "purse", "annual": 1200}}, plan)
    assert t.metric("budget.appropriated") == approx(0.6 * 400)
    assert t.metric("budget.appropriations_lost") == approx(0.4 * 400)


def test_a_line_after_acceptance_pays_past_the_window_what_fell_due_in_it(tmp_path, engine):
    """What fell due in 2016 is paid in March 2017, two months after the window."""
    plan = budget({2015: 100, 2016: 100}, after_acceptance=True)
    works = {"works": {"kind": "expense", "line": "purse", "payments": [
        {"date": "2015-07", "amount": 60}, {"date": "2016-07", "amount": 100}
    ]}}  # fmt: skip
    t = run(tmp_path, engine, works, plan)
    assert paid_in_months(t, "works") == {14: 60.0, 26: 100.0}
    assert (t.metric("works.accrued", 24), t.metric("works.paid", 24)) == (approx(160), approx(60))
    assert (t.metric("works.owed", 24), t.metric("works.owed")) == (approx(100), approx(0))
    assert t.metric("budget.lapsed") == approx(40)
    assert t.metric("scheme.fiscal_cost", 24) == approx(60)
    assert t.metric("scheme.fiscal_cost") == approx(160)


def test_two_rules_share_a_line_as_it_says(tmp_path, engine):
    """100 for two payments of 100: the first listed has all, or each has half."""
    both = {"first": spent("2015-02", line="purse"), "second": spent("2015-02", line="purse")}
    for order, paid in (("listed", (100, 0)), ("pro_rata", (50, 50))):
        t = run(tmp_path, engine, both, budget({2015: 100, 2016: 0}, order=order))
        assert (t.metric("first.paid"), t.metric("second.paid")) == (approx(paid[0]), approx(paid[1]))
        assert t.metric("budget.refused") == approx(100)


# The whole


def test_outlay_is_what_leaves_the_lines_and_cost_what_does_not_stay_in_a_fund(tmp_path, engine):
    """A pool is given 100 of the 150 that it is to have, 20 are spent, 30 lapse: 120 of outlay, 20 of cost.

    The centre's half and the city's are treated alike, and nothing is lent.
    """
    levels = {name: {"amounts": by_year({2015: 75, 2016: 75})} for name in ("central", "city")}
    lines = {
        "funds": {"amounts": by_year({2015: 100, 2016: 100})},
        "works": {"amounts": by_year({2015: 50, 2016: 50})},
    }
    pool = {
        **loans(("2015-01", 0)), "kind": "compensation_pool", "line": "funds", "share": 0.5,
        "trigger": {"npl": True}, "injections": [{"date": "2015-03", "amount": 150}],
    }  # fmt: skip
    works = {"kind": "expense", "line": "works", "payments": [{"date": "2015-03", "amount": 20}]}
    t = run(tmp_path, engine, {"pool": pool, "works": works}, {"budget": {"levels": levels, "lines": lines}})
    figures = {
        "scheme.fiscal_outlay": 120, "scheme.fiscal_cost": 20, "budget.spent": 120, "budget.unfunded": 50,
        "budget.funds.unfunded": 50, "budget.works.spent": 20, "budget.appropriated": 300,
        "budget.lapsed": 180, "budget.works.lapsed": 80, "budget.balance": 0, "budget.exhausted": 1,
        "budget.funds.exhausted": 1, "budget.works.exhausted": 0, "budget.accrued": 20, "budget.owed": 0,
        "pool.balance": 100,
    }  # fmt: skip
    assert {name: t.metric(name) for name in figures} == approx(figures)
    assert t.metric("budget.balance", 12) == approx(0)


def test_what_is_carried_over_stays_public_money_until_the_line_ends(tmp_path, engine):
    works = {"works": {"kind": "expense", "line": "purse", "payments": [{"date": "2016-07", "amount": 130}]}}
    for unspent, paid in (("carry_over", 130), ("lapse", 100)):
        t = run(tmp_path, engine, works, budget({2015: 100, 2016: 100}, unspent=unspent))
        assert t.metric("budget.balance", 12) == approx(100 if unspent == "carry_over" else 0)
        assert t.metric("works.paid") == t.metric("scheme.fiscal_cost") == approx(paid)
        assert t.metric("scheme.fiscal_cost", 12) == approx(0)
        assert t.metric("budget.lapsed") == approx(200 - paid)
