"""Short firms and their loans, with a bridge fund and without, by hand arithmetic, in both engines."""

import math
from dataclasses import replace
from functools import partial

import pytest

from fundsim.scheme import (
    Breaker,
    DaysLaw,
    DirectRequests,
    Drawn,
    Economy,
    FeeTier,
    Injection,
    Lgd,
    Party,
    Shortage,
    TopUp,
)
from fundsim.verify.schemes import world

from .bridging import (
    ALWAYS_SHORT,
    APRIL,
    AT_MONTHS_END,
    AT_MONTHS_START,
    MONTHS,
    SOUND,
    bridge_fund,
    due,
    lived_in,
)

approx = pytest.approx


@pytest.fixture(params=["core", "reference"])
def lived(request):
    """Return what runs a path in one engine, and reads its records month by month."""
    return partial(lived_in, request.param)


FLAT = (FeeTier(to_days=math.inf, per_day=0.002),)


# The queue


@pytest.mark.parametrize(
    ("queue", "served", "waiting"),
    [("fifo", [1, 2], [2, 0]), ("fifo_pass", [2, 2], [1, 0]), ("small_first", [2, 2], [1, 0])],
)
def test_a_blocked_head_is_passed_or_not(lived, queue, served, waiting):
    """400 of 550 are out for 180 days; in June 400 are asked for and wait 80 days, in July 100."""
    days = DaysLaw(law="fixed", mean=180.0)
    fund = bridge_fund(**AT_MONTHS_START, queue=queue, deadline_days=80.0, days=days)
    got = lived(due(0, band=1), due(3, band=1), due(4), fund=fund, capital=550.0)
    # By the end of July and of August: the head leaves after 171 days, and nothing is back before day 180.
    assert got["n_served"][4:6] == served
    assert got["n_waiting"][4:6] == waiting
    assert got["n_refused"][4:6] == [0.0, 1.0]


# Served and re-lent


def test_a_bridge_comes_back_with_its_fee_and_the_loan_is_renewed(lived):
    """Of 12 days 2 are free, 3 cost 0.1 % each and 7 cost 0.2 %: 1.7 on each 100."""
    tiers = (FeeTier(to_days=5.0, per_day=0.001), FeeTier(to_days=math.inf, per_day=0.002))
    fund = bridge_fund(**AT_MONTHS_START, days=DaysLaw(law="fixed", mean=12.0), fee=tiers, fee_free_days=2.0)
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=0.25))
    got = lived(due(0, n=2), fund=fund, firms=firms)
    assert [got[what][0] for what in ("n_short", "n_requests", "n_served", "n_returned", "n_bridged")] == [
        2
    ] * 5
    assert [got[what][0] for what in ("short", "requested", "lent", "ended", "peak_out")] == [200.0] * 5
    assert (got["n_renewed"][0], got["lent_renewed"][0], got["n_performing"][0]) == (2.0, 200.0, 2.0)
    assert got["fees"][0] == got["fees_kept"][0] == approx(3.4)
    assert (got["out"][0], got["capital"][0]) == (0.0, 1000.0)
    assert (got["avoided"][0], got["avoided_amount"][0]) == (0.5, 50.0)
    assert got["use_days"][0] == approx(2400.0)
    assert got["out_days"][0] == approx(2400.0)
    assert got["capital_days"][MONTHS - 1] == approx(365.0 * 1000.0)
    assert got["flow/fund>firms/bridge_loan"][0] == got["flow/firms>fund/bridge_return"][0] == approx(200.0)
    assert got["flow/firms>fund/bridge_fee"][0] == approx(3.4)
    assert got["party/fund/balance"][0] == approx(1003.4)
    assert got["defaulted"][MONTHS - 1] == 0.0


def test_a_use_across_the_months_end_stays_out_and_its_loan_is_renewed_when_it_ends(lived):
    """Due on the last of March, back on the tenth of April; the next year's loan falls due in April."""
    got = lived(due(0), fund=bridge_fund(**AT_MONTHS_END))
    assert got["out"][:2] == [100.0, 0.0]
    assert got["n_renewed"][:2] == [0.0, 1.0]
    assert got["facility/loans/outstanding"][:2] == [100.0, 100.0]
    assert got["flow/fund>firms/bridge_loan"][0] == 100.0
    assert got["flow/firms>fund/bridge_return"][:2] == [0.0, 100.0]
    assert got["party/fund/balance"][:2] == [900.0, 1000.0]
    # Renewed in month 1 for twelve months: in month 13, after the window, it is repaid.
    assert got["n_performing"][11:14] == [1.0, 1.0, 0.0]


def test_a_request_is_cut_to_the_share_financed_and_to_the_cap(lived):
    fund = bridge_fund(**AT_MONTHS_START, share_financed=0.8, cap_per_firm=150.0, own_money_max=0.7)
    got = lived(due(0), due(0, band=1), fund=fund)
    assert got["requested"][0] == approx(80.0 + 150.0)
    assert got["short"][0] == 500.0
    assert [got[f"bridge_size/fund/{k}/requested"][0] for k in (0, 1)] == approx([230.0, 0.0])


def test_a_firm_that_would_have_to_pay_too_much_itself_is_not_eligible(lived):
    """Of 100 the firm would pay 20, which is more than a tenth; it fails in the month of maturity."""
    fund = bridge_fund(**AT_MONTHS_END, share_financed=0.8, own_money_max=0.1)
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=1.0))
    got = lived(due(0), fund=fund, firms=firms)
    assert (got["n_ineligible"][0], got["ineligible"][0], got["n_requests"][-1]) == (1.0, 80.0, 0.0)
    assert (got["n_defaulted"][0], got["n_defaulted_unserved"][0], got["n_refused"][-1]) == (1.0, 1.0, 0.0)
    just = lived(due(0), fund=replace(fund, own_money_max=0.2), firms=firms)
    assert (just["n_ineligible"][-1], just["n_served"][0]) == (0.0, 1.0)


# Unserved


def test_an_unserved_firm_defaults_in_the_month_of_its_deadline(lived):
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=1.0))
    got = lived(due(0), fund=bridge_fund(**AT_MONTHS_END), capital=99.0, firms=firms)
    assert (got["n_requests"][0], got["n_waiting"][0], got["n_refused"][0]) == (1.0, 1.0, 0.0)
    assert (got["n_waiting"][1], got["n_refused"][1], got["refused"][1]) == (0.0, 1.0, 100.0)
    assert (got["waiting_days"][1], got["waiting_days_served"][1]) == (approx(3.0), 0.0)
    assert got["bridge_size/fund/0/n_refused"][:2] == [0.0, 1.0]
    assert got["n_defaulted"][:2] == got["n_defaulted_unserved"][:2] == [0.0, 1.0]
    assert got["defaulted_unserved"][-1] == got["defaulted"][-1] == 100.0


@pytest.mark.parametrize(("private_days", "cost"), [(DaysLaw(law="fixed", mean=8.0), 6.4), (None, 8.0)])
def test_an_unserved_firm_may_find_a_private_bridge(lived, private_days, cost):
    """For 8 days of its own law, or the fund's 10, at 1 % a day on the request of 80."""
    private = replace(ALWAYS_SHORT, private_fee_per_day=0.01, private_days=private_days)
    fund = bridge_fund(**AT_MONTHS_END, share_financed=0.8)
    got = lived(due(0), fund=fund, capital=79.0, firms=replace(SOUND, shortage=private))
    assert got["n_private"][:2] == got["n_renewed"][:2] == [0.0, 1.0]
    assert got["private_cost"][:2] == [0.0, approx(cost)]
    assert (got["n_bridged"][-1], got["defaulted"][-1]) == (0.0, 0.0)


def test_a_short_firm_without_a_fund_meets_its_fate_in_the_month_of_maturity(lived):
    private = Shortage(probability=1.0, private_fee_per_day=0.01, private_days=DaysLaw(law="fixed", mean=8.0))
    found = lived(due(0), due(3, band=1), firms=replace(SOUND, shortage=private))
    assert (found["n_short"][3], found["short"][3]) == (2.0, 500.0)
    assert found["private_cost"][:4] == approx([8.0, 8.0, 8.0, 40.0])
    assert found["n_renewed"][3] == found["n_private"][3] == 2.0
    lost = lived(
        due(0), due(3, band=1), firms=replace(SOUND, shortage=replace(private, default_if_unserved=1.0))
    )
    assert lost["defaulted"][:4] == lost["defaulted_unserved"][:4] == [100.0, 100.0, 100.0, 500.0]
    assert lost["n_private"][-1] == 0.0


def test_private_bridges_that_cost_something_need_a_law_of_days(lived):
    private = Shortage(probability=1.0, private_fee_per_day=0.01)
    with pytest.raises(ValueError, match="no law of days"):
        lived(due(0), firms=replace(SOUND, shortage=private))


@pytest.mark.parametrize(("cliff", "fate"), [(False, "defaulted_unserved"), (True, "defaulted_at_cliff")])
def test_after_the_window_a_short_firm_fails_or_repays_but_is_not_bridged(lived, cliff, fate):
    """Renewed in month 6, due again in month 18.  Under the cliff nobody is found to be short there."""
    firms = replace(
        SOUND, renew=1.0, default_if_not_renewed=1.0, shortage=replace(ALWAYS_SHORT, default_if_unserved=1.0)
    )
    fund = bridge_fund(**AT_MONTHS_START)
    got = lived(due(6), fund=fund, firms=firms, facility={"cliff": cliff})
    assert got["n_short"][-1] == (1.0 if cliff else 2.0)
    assert (got["n_requests"][-1], got["n_bridged"][-1]) == (1.0, 1.0)
    assert got[fate][16:19] == [0.0, 0.0, 100.0]
    assert got[fate][-1] == 100.0
    assert got["defaulted"][-1] == 100.0
    sound = replace(firms, shortage=ALWAYS_SHORT, default_if_not_renewed=0.0)
    repaid = lived(due(6), fund=fund, firms=sound, facility={"cliff": cliff})
    assert (repaid["defaulted"][-1], repaid["n_performing"][-1]) == (0.0, 0.0)


def test_where_a_breaker_forbids_renewals_nobody_is_found_to_be_short(lived):
    stop = Breaker(
        name="stop", facility="loans", metric="overdue_rate", threshold=0.0, reset=-1.0, action="terminate"
    )
    firms = replace(SOUND, renew=1.0, default_if_not_renewed=1.0)
    got = lived(due(0), due(1), fund=bridge_fund(), firms=firms, breakers=(stop,))
    assert got["n_short"][:12] == [1.0] * 12
    assert got["defaulted_at_stop"][:2] == [0.0, 100.0]


def test_firms_that_are_not_short_are_renewed_or_repay(lived):
    """The trend of 0 leaves nobody short in the second policy year."""
    rare = replace(SOUND, renew=1.0, shortage=replace(ALWAYS_SHORT, trend=0.0))
    got = lived(due(0), fund=bridge_fund(**AT_MONTHS_START), firms=rare, months=24)
    assert (got["n_short"][-1], got["n_renewed"][12], got["n_bridged"][-1]) == (1.0, 2.0, 1.0)


# Not re-lent


@pytest.mark.parametrize(("last_of_march", "april", "broken"), [(8.0, -8.0, 1.0), (-8.0, 8.0, 0.0)])
def test_banks_break_their_word_by_the_index_of_the_month_in_which_a_use_ends(
    lived, last_of_march, april, broken
):
    economy = Economy(step_months=12, persistence=0.0, fixed=(last_of_march, *[april] * 25))
    fund = bridge_fund(**AT_MONTHS_END, not_renewed=0.5, not_renewed_rho=0.9)
    assert lived(due(0), fund=fund, economy=economy)["n_overdue"][1] == broken


def test_firms_are_short_by_the_index_of_the_month_of_maturity(lived):
    economy = Economy(step_months=12, persistence=0.0, fixed=(8.0, -8.0, *[8.0] * 24))
    firms = replace(SOUND, renew=1.0, shortage=Shortage(probability=0.5, rho=0.9))
    got = lived(due(0), due(1), due(2), fund=bridge_fund(), firms=firms, economy=economy)
    assert got["n_short"][:3] == [0.0, 1.0, 1.0]
    assert got["n_renewed"][3] == 3.0


def test_what_the_bank_does_not_lend_again_is_overdue_and_a_part_comes_back(lived):
    """The bank is repaid; the fund has 100 overdue in months 0 and 1, then 60 back and 40 lost."""
    fund = bridge_fund(**AT_MONTHS_START, not_renewed=1.0, lgd=0.4, recovery_lag=2, fee=FLAT)
    got = lived(due(0), fund=fund)
    assert got["overdue"][:3] == [100.0, 100.0, 0.0]
    assert got["capital"][:3] == [900.0, 900.0, 960.0]
    assert got["out"][0] == 0.0
    assert (got["n_overdue"][0], got["became_overdue"][0], got["ended"][0]) == (1.0, 100.0, 100.0)
    assert (got["losses"][2], got["recoveries"][2], got["losses"][1]) == (40.0, 60.0, 0.0)
    assert got["flow/firms>fund/bridge_recovery"][:3] == [0.0, 0.0, 60.0]
    assert got["party/fund/balance"][:3] == [900.0, 900.0, 960.0]
    assert (got["fees"][-1], got["n_returned"][-1]) == (0.0, 0.0)
    # For the bank the loan is repaid.
    assert (got["n_performing"][0], got["matured"][0], got["n_renewed"][-1]) == (0.0, 100.0, 0.0)
    assert got["flow/firms>bank/repayment"][0] == 100.0
    assert got["defaulted"][-1] == 0.0


# Costs and fees


def test_running_cost_comes_from_fees_first_and_then_from_capital(lived):
    """Fees of 4 in month 0; 10 a month and half of the fees are spent."""
    fund = bridge_fund(**AT_MONTHS_START, fee=FLAT, running_cost_annual=120.0, running_cost_share=0.5)
    got = lived(due(0, n=2), fund=fund)
    assert got["running_cost"][:2] == approx([12.0, 22.0])
    assert got["cost_from_capital"][:2] == approx([8.0, 18.0])
    assert got["capital"][:2] == approx([992.0, 982.0])
    assert got["fees_kept"][0] == 0.0
    assert got["flow/fund>outside/bridge_cost"][:2] == approx([12.0, 22.0])
    assert got["party/fund/balance"][:2] == approx([992.0, 982.0])


def test_fees_that_are_not_spent_are_kept_for_later_months(lived):
    """Fees of 40, cost of 10 a month: the fifth month meets the capital."""
    fund = bridge_fund(
        **AT_MONTHS_START, fee=(FeeTier(to_days=math.inf, per_day=0.02),), running_cost_annual=120.0
    )
    got = lived(due(0, n=2), fund=fund)
    assert got["fees_kept"][:5] == approx([30.0, 20.0, 10.0, 0.0, 0.0])
    assert got["capital"][3:5] == approx([1000.0, 990.0])


def test_surplus_fees_become_capital_with_recapitalise(lived):
    fund = bridge_fund(**AT_MONTHS_START, fee=FLAT, running_cost_annual=12.0, recapitalise=True)
    got = lived(due(0, n=2), fund=fund)
    assert (got["capital"][0], got["fees_kept"][0], got["recapitalised"][0]) == approx((1003.0, 0.0, 3.0))
    assert got["capital"][1] == approx(1002.0)


# The window's end


END = {"start": APRIL, "months": MONTHS}
"""The last month is March, with a request on its last day."""
FORTY_DAYS = DaysLaw(law="fixed", mean=40.0)


def test_a_loan_bridged_beyond_the_window_counts_as_renewed_in_its_last_month(lived):
    """Lent on day 365, back on day 405 with 8 of fees, in month 13."""
    got = lived(due(11), fund=bridge_fund(**AT_MONTHS_END, days=FORTY_DAYS, fee=FLAT), **END)
    assert got["n_renewed"][10:12] == [0.0, 1.0]
    assert got["n_bridged"][10:12] == [0.0, 1.0]
    assert got["n_performing"][11:25] == [1.0] * 12 + [0.0, 0.0]
    assert got["out"][11:14] == [100.0, 100.0, 0.0]
    assert got["fees"][11:14] == approx([0.0, 0.0, 8.0])
    assert got["flow/firms>fund/bridge_return"][11:14] == [0.0, 0.0, 100.0]
    assert got["party/fund/balance"][11:14] == approx([900.0, 900.0, 1008.0])


def test_a_loan_not_lent_again_beyond_the_window_is_repaid_when_that_is_settled(lived):
    fund = bridge_fund(**AT_MONTHS_END, days=FORTY_DAYS, not_renewed=1.0, lgd=1.0)
    got = lived(due(11), fund=fund, **END)
    assert got["n_performing"][11:14] == [1.0, 1.0, 0.0]
    assert got["matured"][11:14] == [0.0, 0.0, 100.0]
    assert got["overdue"][12:15] == [0.0, 100.0, 0.0]
    assert got["capital"][12:15] == [1000.0, 900.0, 900.0]
    assert got["losses"][13:15] == [0.0, 100.0]


@pytest.mark.parametrize("fails", [0.0, 1.0])
def test_a_firm_still_unserved_beyond_the_window_fails_at_its_deadline_or_was_renewed_in_the_window(
    lived, fails
):
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=fails))
    fund = bridge_fund(**AT_MONTHS_END, deadline_days=40.0)
    got = lived(due(11), fund=fund, capital=99.0, firms=firms, **END)
    assert got["n_refused"][11:14] == [0.0, 0.0, 1.0]
    assert got["n_waiting"][11:14] == [1.0, 1.0, 0.0]
    assert got["n_defaulted"][11:14] == [0.0, 0.0, fails]
    assert got["n_private"][11] == got["n_renewed"][11] == 1.0 - fails


def test_an_injection_dated_after_the_window_serves_who_still_waits(lived):
    """50, and 2 × 30 at the start of month 12: known in the window's last month, when the loan is renewed."""
    paid = Injection(source="treasury", target="fund", month=12, amount=30.0, drawn="twice")
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=1.0))
    got = lived(
        due(11),
        fund=bridge_fund(**AT_MONTHS_END, deadline_days=5.0),
        capital=50.0,
        firms=firms,
        injections=(paid,),
        drawn=(Drawn(name="twice", low=2.0, high=2.0),),
        **END,
    )
    assert got["n_served"][11:13] == [0.0, 1.0]
    assert got["n_bridged"][11] == 1.0
    assert got["capital"][11:13] == [50.0, 110.0]
    assert got["party/fund/paid_in"][11:13] == [50.0, 110.0]
    assert got["flow/fund>firms/bridge_loan"][11:13] == [0.0, 100.0]


def test_capital_follows_injections_and_top_ups_of_the_window(lived):
    """To 300 in month 0, by a rule, and to 350 in month 2."""
    rule = TopUp(source="treasury", target="fund", below=200.0, to=300.0)
    paid = Injection(source="treasury", target="fund", month=2, amount=50.0)
    got = lived(fund=bridge_fund(), capital=100.0, top_ups=(rule,), injections=(paid,))
    assert got["capital"][:3] == [300.0, 300.0, 350.0]


# Evergreening


def test_a_bridged_loan_has_another_risk_for_one_life(lived):
    """Half of 40 loans fail in the life after the bridge; their next life has no risk again."""
    firms = replace(SOUND, maturity_share=1.0, renew=1.0, shortage=replace(ALWAYS_SHORT, trend=0.0))
    worse = replace(firms, pd_annual=0.5, lgd=Lgd(mean=0.3))
    fund = bridge_fund(**AT_MONTHS_START, bridged=(worse,))
    got = lived(due(0, n=40), fund=fund, firms=firms, months=36, capital=1e6)
    failed = got["n_defaulted"][12]
    assert 5 < failed < 35
    assert got["n_defaulted"][11] == 0.0
    assert got["n_defaulted"][-1] == got["n_defaulted_after_bridge"][-1] == failed
    assert got["defaulted_after_bridge"][-1] == 100.0 * failed
    assert got["recoverable"][-1] == approx(70.0 * failed)
    assert got["n_renewed"][24] == 40.0 + 2.0 * (40.0 - failed)


def test_private_bridges_leave_the_risk_as_it_is(lived):
    firms = replace(SOUND, maturity_share=1.0)
    doomed = replace(firms, pd_annual=1.0 - 1e-13)
    fund = bridge_fund(**AT_MONTHS_START, bridged=(doomed,))
    assert lived(due(0), fund=fund, firms=firms, months=24)["n_defaulted_after_bridge"][-1] == 1.0
    private = lived(due(0), fund=fund, firms=firms, months=24, capital=0.0)
    assert (private["n_private"][-1], private["n_defaulted"][-1]) == (2.0, 0.0)


def test_a_default_for_lack_of_a_bridge_after_a_bridged_life_counts_in_both(lived):
    firms = replace(SOUND, shortage=replace(ALWAYS_SHORT, default_if_unserved=1.0))
    fund = bridge_fund(**AT_MONTHS_START, not_renewed=0.0, bridged=(replace(firms, pd_annual=1e-12),))
    cost = {"running_cost_annual": 960.0}
    got = lived(due(0), fund=replace(fund, **cost), firms=firms, months=24)
    # Bridged in month 0; in month 12 no more than 40 of the capital of 1000 are left.
    assert got["n_defaulted_unserved"][12] == got["n_defaulted_after_bridge"][12] == 1.0


@pytest.mark.parametrize(
    ("after", "complaint"),
    [
        (SOUND, "no other risk"),
        (replace(SOUND, name="others"), "no other risk"),
        (replace(SOUND, pd_annual=0.2, term_months=6), "differs in more than its risk"),
    ],
)
def test_a_life_after_a_bridge_has_another_risk_and_nothing_else(lived, after, complaint):
    with pytest.raises(ValueError, match=complaint):
        lived(due(0), fund=bridge_fund(bridged=(after,)))


def test_an_account_belongs_to_one_fund_and_is_paid_in_whole_after_the_window(lived):
    other = bridge_fund(
        name="other",
        facilities=(),
        requests=DirectRequests(per_day=1.0, amounts=(1.0,), probabilities=(1.0,)),
    )
    with pytest.raises(ValueError, match="account of two bridge funds"):
        lived(due(0), bridges=(bridge_fund(), other))
    late = Injection(source="pool", target="fund", month=MONTHS + 1, amount=5.0)
    parties = world(Party(name="fund", opening=100.0, limited=False), Party(name="pool", opening=1.0))
    with pytest.raises(ValueError, match="may lack what it pays in"):
        lived(due(0), fund=bridge_fund(), injections=(late,), parties=parties)
