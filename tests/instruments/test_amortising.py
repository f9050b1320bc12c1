"""Amortising loans by hand arithmetic: what is left of them when they default, and the money on the way.

The factor is +30 standard deviations where nobody defaults and −30 where everybody does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import MarginRefund, OpeningLoans, Party, Payment, Scheme

from .by_hand import OnePath, one_path, pool, whole, written

LOAN = {"mean": 1200, "term_months": 4, "rate": 0.06, "repayment": "linear"}
FIRMS = {"city_weight": 1, "pd": 0.5, "rho": 0.5, "lgd": 0.4, "loan": LOAN}
ONE_LOAN = {"schedule": [{"date": "2015-01", "amount": 1200}]}


def lowered(folder, instrument=(), worst=(), **segment) -> Scheme:
    """Return two years of one pool in which the months of ``worst`` make all loans default."""
    terms = {
        "borrowers": {"firms": 1.0},
        "demand": ONE_LOAN,
        "opening_stock": None,
        "trigger": {"overdue_days": 30},
        "claim_lag": 0,
        "recovery": {"lag_months": 2},
    }
    content = whole(
        {k: v for k, v in pool(**terms | dict(instrument)).items() if v is not None},
        economy={"step": "month", "rho_horizon": "step"},
        segments={"firms": FIRMS | segment},
    )
    scheme = lower(written(folder, content))
    fixed = tuple(-30.0 if month in worst else 30.0 for month in range(scheme.window.total))
    return replace(scheme, economy=replace(scheme.economy, fixed=fixed))


def path(t: OnePath, record: str, months: int = 8) -> list[float]:
    """Return a record's first month-ends to the fen."""
    return np.round(t.months[record][:months], 2).tolist()


BOOK = "book/pool/firms/"


def test_a_linear_loan_that_defaults_in_its_third_month_loses_half_of_its_principal(tmp_path):
    """1,200 granted at the end of month 0 owe 1,200, 900, 600 in months 1, 2, 3; 600 default.

    The claim of month 4 is half of 600 and one month's interest, 603/2; of the 360 recovered in month 5
    the pool has the half that it paid.
    """
    t = one_path(lowered(tmp_path, {"basis": "principal_and_interest"}, worst=[3]))
    assert path(t, BOOK + "performing") == [1200, 900, 600, 0, 0, 0, 0, 0]
    assert path(t, BOOK + "matured") == [0, 300, 600, 600, 600, 600, 600, 600]
    assert path(t, BOOK + "defaulted") == [0, 0, 0, 600, 600, 600, 600, 600]
    assert t.end(BOOK + "n_defaulted") == 1
    assert path(t, BOOK + "recoverable")[3] == 360
    assert path(t, "flow/pool.bank>firms/loan") == [1200] * 8
    assert path(t, "flow/firms>pool.bank/repayment") == [0, 300, 600, 600, 600, 600, 600, 600]
    assert path(t, "facility/pool/outstanding") == [1200, 900, 600, 600, 0, 0, 0, 0]
    assert path(t, "facility/pool/overdue") == [0, 0, 0, 600, 600, 0, 0, 0]
    assert path(t, "contract/pool/due") == [0, 0, 0, 0, 301.5, 301.5, 301.5, 301.5]
    assert path(t, "party/pool/balance") == [1000, 1000, 1000, 1000, 698.5, 878.5, 878.5, 878.5]
    assert path(t, "flow/firms>pool.bank/recovery")[4:6] == [0, 360]


def test_a_linear_loan_that_nobody_disturbs_is_repaid_in_equal_parts(tmp_path):
    t = one_path(lowered(tmp_path))
    assert path(t, BOOK + "performing") == [1200, 900, 600, 300, 0, 0, 0, 0]
    assert path(t, BOOK + "n_performing") == [1, 1, 1, 1, 0, 0, 0, 0]
    assert path(t, "flow/firms>pool.bank/repayment") == [0, 300, 600, 900, 1200, 1200, 1200, 1200]


@pytest.mark.parametrize(("month", "left"), [(0, 600.0), (1, 300.0)])
def test_an_opening_loan_with_two_months_left_has_repaid_half_before_the_start(tmp_path, month, left):
    stock = {"demand": {"schedule": [{"date": "2015-01", "amount": 0}]}}
    scheme = lowered(tmp_path, {**stock, "opening_stock": {"loans": 3, "months_left": 2}}, worst=[month])
    t = one_path(scheme)
    assert t.end(BOOK + "defaulted") == 3 * left
    assert path(t, "flow/firms>pool.bank/repayment")[-1] == 3 * (600 - left)


def test_an_opening_amount_is_what_is_outstanding_and_buys_as_many_loans(tmp_path):
    """Linear over 4 months: 1,200, 900, 600 and 300 are left with 4, 3, 2 and 1 months to go."""
    quiet = {"demand": {"schedule": [{"date": "2015-01", "amount": 0}]}}
    one = lowered(tmp_path, {**quiet, "opening_stock": {"amount": 6000, "months_left": 2}})
    assert one.facilities[0].opening == (OpeningLoans(segment="firms", band=0, months_left=2, n_loans=10),)
    even = lowered(tmp_path, {**quiet, "opening_stock": {"amount": 30_000}})
    assert [(o.months_left, o.n_loans) for o in even.facilities[0].opening] == [(r, 10) for r in (1, 2, 3, 4)]
    assert even.segments[0].bands[0].principal == 1200
    assert path(one_path(even), BOOK + "performing")[:4] == [18_000, 9_000, 3_000, 0]


def test_a_renewal_pays_the_whole_principal_out_again(tmp_path):
    """The loan of month 0 is renewed at the ends of months 4 and 8, and so on until the window ends."""
    t = one_path(lowered(tmp_path, renew=1.0))
    assert path(t, BOOK + "performing") == [1200, 900, 600, 300, 1200, 900, 600, 300]
    assert path(t, "flow/pool.bank>firms/loan") == [1200] * 4 + [2400] * 4
    assert path(t, "flow/firms>pool.bank/repayment") == [0, 300, 600, 900, 1200, 1500, 1800, 2100]
    assert path(t, BOOK + "lent_renewed") == [0] * 4 + [1200] * 4
    assert t.end(BOOK + "n_new") == 1
    assert t.end(BOOK + "n_renewed") == 5
    assert t.end(BOOK + "performing") == 0
    assert t.end("flow/firms>pool.bank/repayment") == t.end("flow/pool.bank>firms/loan") == 7200


def test_a_firm_whose_renewal_is_forbidden_owes_its_last_instalment_only(tmp_path):
    """The renewal of month 20 has its last month in the run-off, in month 24: a quarter is left."""
    scheme = lowered(tmp_path, {"after_window": "cliff"}, renew=1.0, default_if_not_renewed=1.0)
    t = one_path(scheme)
    assert t.end(BOOK + "defaulted_at_cliff") == t.end(BOOK + "defaulted") == 300
    assert t.end(BOOK + "n_defaulted") == 1


def test_margin_is_kept_on_the_whole_principal_until_a_loan_is_repaid_for_good(tmp_path):
    """Two firms pay in 2 % of 1,200; one loan has owed 900 for a month when the other is granted.

    Nothing is refunded with the instalments; the first firm has its 24 back in month 4 and the second in
    month 5.
    """
    demand = {"schedule": [{"date": f"2015-0{month}", "amount": 1200} for month in (1, 2)]}
    t = one_path(lowered(tmp_path, {"demand": demand, "margin": {"rate": 0.02}}))
    assert path(t, "party/pool.margin/balance") == [24, 48, 48, 48, 24, 0, 0, 0]


def test_a_margin_that_has_paid_gives_back_what_is_left_in_proportion_to_contributions(tmp_path):
    """48 in the margin, contributions of 2 × 24 alive: after 12 are gone each firm has 18 of its 24 back."""
    demand = {"schedule": [{"date": f"2015-0{month}", "amount": 1200} for month in (1, 2)]}
    scheme = lowered(tmp_path, {"demand": demand, "margin": {"rate": 0.02, "opening": 0}})
    drain = Payment.fee(facility="pool", payer="pool.margin", payee="firms", rate=0.005, kind="drain")
    t = one_path(replace(scheme, payments=(*scheme.payments, drain)))
    assert path(t, "party/pool.margin/balance") == [18, 36, 36, 36, 18, 0, 0, 0]


def test_opening_margin_is_the_rate_on_the_loans_as_granted(tmp_path):
    stock = {"loans": 5, "months_left": 1}
    scheme = lowered(tmp_path, {"opening_stock": stock, "margin": {"rate": 0.02}})
    assert next(p.opening for p in scheme.parties if p.name == "pool.margin") == 5 * 24


def test_a_yearly_fee_is_charged_on_what_the_loan_will_owe(tmp_path):
    """Σ s_a/12 = (1 + ¾ + ½ + ¼)/12 years on 1,200, at the grant and at the renewals."""
    scheme = lowered(tmp_path, renew=1.0)
    fee = Payment.fee(facility="pool", payer="firms", payee="pool.bank", rate_annual=0.012)
    t = one_path(replace(scheme, payments=(fee,)))
    assert path(t, "flow/firms>pool.bank/fee") == [3.0] * 4 + [6.0] * 4


def test_a_layer_per_loan_looks_at_what_each_loan_owes(tmp_path):
    """Loans of months 0 and 1 default in month 3 owing 600 and 900; half is 300 and 450, cut to 400."""
    demand = {"schedule": [{"date": f"2015-0{month}", "amount": 1200} for month in (1, 2)]}
    t = one_path(lowered(tmp_path, {"demand": demand, "caps": {"loan_limit": 400}}, worst=[3]))
    assert t.end("contract/pool/due") == 700
    t = one_path(lowered(tmp_path, {"demand": demand, "caps": {"loan_attach": 400}}, worst=[3]))
    assert t.end("contract/pool/due") == 50


def test_cohorts_are_kept_apart_by_the_year_of_grant_of_each_vintage(tmp_path):
    """A loan of December owes 900 in month 13, one of January 1,200: 450 and 600 are claimed.

    Each cohort's 1,200 granted at 40 % cap it at 480: the second is cut, the first is not.
    """
    demand = {"schedule": [{"date": date, "amount": 1200} for date in ("2015-12", "2016-01")]}
    t = one_path(lowered(tmp_path, {"demand": demand, "caps": {"cohort_rate": 0.4}}, worst=[13]))
    assert t.end(BOOK + "defaulted") == 2100
    assert t.end("contract/pool/due") == 1050
    assert t.end("contract/pool/paid") == 450 + 480


def test_the_cap_of_the_opening_cohort_reads_what_was_outstanding_at_the_start(tmp_path):
    """Two months left: 600 of 1,200 are outstanding, and 40 % of 600 cap the claim of 300."""
    stock = {
        "demand": {"schedule": [{"date": "2015-01", "amount": 0}]},
        "opening_stock": {"loans": 1, "months_left": 2},
    }
    t = one_path(lowered(tmp_path, {**stock, "caps": {"cohort_rate": 0.4}}, worst=[0]))
    assert t.end("contract/pool/due") == 300
    assert t.end("contract/pool/paid") == 240


def test_bullet_and_amortising_loans_share_a_facility_and_its_refunds(tmp_path):
    """A margin on both: live contributions count the amortising loan as granted."""
    scheme = lowered(tmp_path)
    (firms,) = scheme.segments
    (facility,) = scheme.facilities
    bullet = replace(firms, name="bullet", outstanding_share=(), term_months=2)
    both = replace(
        facility,
        borrowers=tuple(
            replace(facility.borrowers[0], segment=name, share=0.5) for name in ("firms", "bullet")
        ),
        demand=replace(facility.demand, monthly=(2400.0, *facility.demand.monthly[1:])),
    )
    margin = Party(name="margin", opening=36.0)
    refund = MarginRefund(facility="pool", party="margin", payee="firms", rate=0.02)
    t = one_path(
        replace(
            scheme,
            segments=(firms, bullet),
            facilities=(both,),
            parties=(*scheme.parties, margin),
            margin_refunds=(refund,),
        )
    )
    # The bullet of 1,200 is repaid in month 2: 24 × 36/48; the linear loan in month 4: the other 18.
    assert path(t, "party/margin/balance") == [36, 36, 18, 18, 0, 0, 0, 0]


@pytest.mark.parametrize(("term", "rate"), [(1, 0.06), (12, 0.06), (60, 0.0435), (120, 0.24)])
def test_an_annuity_pays_the_same_amount_every_month(term, rate):
    """Interest and repayment sum to the payment i/(1 − (1 + i)^−n) that textbooks give."""
    shares = (*outstanding_share("annuity", term, rate), 0.0)
    monthly = rate / 12
    payment = monthly / (1 - (1 + monthly) ** -term)
    paid = [shares[a] * monthly + shares[a] - shares[a + 1] for a in range(term)]
    assert paid == pytest.approx([payment] * term, rel=1e-10)
    assert shares[0] == 1.0


def test_an_annuity_without_interest_is_linear_and_nearly_so_at_a_tiny_rate():
    assert (
        outstanding_share("annuity", 5, 0.0)
        == outstanding_share("linear", 5, 0.0)
        == (1.0, 0.8, 0.6, 0.4, 0.2)
    )
    assert outstanding_share("annuity", 5, 1e-9) == pytest.approx((1.0, 0.8, 0.6, 0.4, 0.2), abs=1e-9)


def test_a_bullet_loan_has_no_shares():
    assert outstanding_share("bullet", 12, 0.06) == ()


def test_a_hazard_held_back_for_maturity_is_refused_beside_instalments(tmp_path):
    with pytest.raises(ScenarioError) as refused:
        lowered(tmp_path, maturity_share=0.5)
    assert "firms.maturity_share = 0.5: must be 0 where loans are repaid month by month" in str(refused.value)
    assert "write 0, or loan.repayment" in str(refused.value)
