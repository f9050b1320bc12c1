"""Two loans on a tape, followed by hand."""

from dataclasses import replace

import numpy as np
import pytest
from tests.laws.histories import history
from tests.laws.tapes import tape_of_rows

from fundsim.scheme import (
    Breaker,
    Contract,
    Economy,
    MarginRefund,
    Party,
    Payment,
    RecoveryPart,
    Scheme,
    Window,
)
from fundsim.verify.schemes import lending, segment, world

NEVER, SURELY = 1e-14, 1.0 - 1e-16
"""A PD that no draw meets, and one whose hazard of a year, 36.7, outlasts no clock."""


def scheme(rows, **changes):
    """Return a bank with a tape, a pool that pays half of each loss two months later, and all held back."""
    firms = replace(
        segment(pd_annual=0.5, rho=0.0, principal=1.0, lgd=0.4, maturity_share=1.0),
        term_months=6, rate_annual=0.12, renew=1.0, default_if_not_renewed=1.0,
    )  # fmt: skip
    segment_changes = {k: changes.pop(k) for k in ("renew", "maturity_share") if k in changes}
    facility = lending(
        (0.0,) * 12, tape=tape_of_rows([("firms", *row) for row in rows]),
        recovery=(RecoveryPart(lag_months=1, share=1.0),), cliff=changes.pop("cliff", False),
    )  # fmt: skip
    whole = Scheme(
        window=Window(year=2015, month=1, months=12, run_off=9),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(replace(firms, **segment_changes),),
        parties=world(Party(name="pool", opening=1000.0, public=True)),
        facilities=(facility,),
        contracts=(Contract(name="pool", facility="loans", payer="pool", share=0.5, claim_lag=2),),
    )
    return replace(whole, **changes)


def monthly(h, name):
    """Return a record of the only path, month by month."""
    return h[name][0]


def steps(h, name):
    """Return month → change of a cumulative record, where there is one."""
    changes = np.diff(monthly(h, name), prepend=0.0)
    return {int(month): pytest.approx(changes[month]) for month in np.flatnonzero(changes)}


BOOK = "book/loans/firms/"


def test_one_loan_defaults_at_its_maturity_and_the_other_goes_on():
    """100 with four of six months left defaults in month 3; 60 matures in months 0, 6, 12, and leaves."""
    h = history(scheme([(100.0, 4, SURELY, 0.7), (60.0, 1, NEVER, 0.7)]), paths=1)
    assert monthly(h, BOOK + "performing")[[0, 2, 3, 11, 12]].tolist() == [160.0, 160.0, 60.0, 60.0, 0.0]
    assert steps(h, BOOK + "defaulted") == {3: 100.0}
    assert steps(h, BOOK + "recoverable") == {3: 30.0}
    assert steps(h, BOOK + "lent_renewed") == {0: 60.0, 6: 60.0}
    assert steps(h, BOOK + "n_renewed") == {0: 1.0, 6: 1.0}
    assert steps(h, BOOK + "matured") == {0: 60.0, 6: 60.0, 12: 60.0}
    # Of the loss of 100 a recovery of 30 comes in month 4, so that half of 70 is due in month 5.
    assert steps(h, "contract/pool/paid") == {5: 35.0}
    assert steps(h, "flow/firms>bank/repayment") == {12: 60.0}


def test_without_renewals_loans_leave_at_their_first_maturity():
    h = history(scheme([(100.0, 4, NEVER, 0.7), (60.0, 1, NEVER, 0.7)], renew=0.0), paths=1)
    assert steps(h, BOOK + "matured") == {0: 60.0, 3: 100.0}
    assert monthly(h, BOOK + "n_performing")[[0, 2, 3]].tolist() == [1.0, 1.0, 0.0]


def test_at_the_cliff_loans_that_would_have_been_renewed_default():
    h = history(scheme([(100.0, 4, NEVER, 0.7), (60.0, 1, NEVER, 0.6)], cliff=True), paths=1)
    # The window ends with month 11; then 60 matures in month 12 and 100 in month 15.
    assert steps(h, BOOK + "defaulted_at_cliff") == {12: 60.0, 15: 100.0}
    assert steps(h, BOOK + "recoverable") == {12: 24.0, 15: 30.0}
    assert steps(h, BOOK + "n_renewed") == {0: 1.0, 3: 1.0, 6: 1.0, 9: 1.0}


def test_a_breaker_that_stops_renewals_makes_the_next_maturity_a_default():
    """The default of month 0 trips the breaker at step 8; renewals stop from month 1."""
    rows = [(100.0, 1, SURELY, 0.7), (60.0, 1, NEVER, 0.7), (40.0, 2, NEVER, 0.7)]
    breaker = Breaker(
        name="stop", facility="loans", metric="overdue_rate", threshold=0.3, reset=0.0,
        action="stop_new_and_renewals",
    )  # fmt: skip
    h = history(scheme(rows, breakers=(breaker,)), paths=1)
    assert steps(h, BOOK + "lent_renewed")[0] == 60.0
    assert steps(h, BOOK + "defaulted_at_stop")[1] == 40.0


def test_fees_of_a_renewal_and_the_margin_of_a_loan_that_leaves_are_paid():
    rows = [(100.0, 4, NEVER, 0.7), (60.0, 1, NEVER, 0.7)]
    fee = Payment.fee(facility="loans", payer="firms", payee="bank", rate_annual=0.02)
    refund = MarginRefund(facility="loans", party="pool", payee="firms", rate=0.05)
    h = history(scheme(rows, payments=(fee,), margin_refunds=(refund,)), paths=1)
    # 2 % a year for six months of 60, 100, 60, 100.
    assert steps(h, "flow/firms>bank/fee") == {0: 0.6, 3: 1.0, 6: 0.6, 9: 1.0}
    assert steps(h, "flow/pool>firms/margin_refund") == {12: 3.0, 15: 5.0}


@pytest.mark.parametrize(
    ("attach", "limit", "paid"), [(0.0, 40.0, 70.0), (20.0, 1e9, 40.0), (45.0, 3.0, 3.0)]
)
def test_a_layer_per_loan_looks_at_each_loan_of_a_tape(attach, limit, paid):
    """Claims of half of 100 and half of 60 in one batch: min(max(50 − attach, 0), limit) + …"""
    whole = scheme([(100.0, 4, SURELY, 1.0), (60.0, 4, SURELY, 1.0)])
    contract = replace(whole.contracts[0], loan_attach=attach, loan_limit=limit)
    h = history(replace(whole, contracts=(contract,)), paths=1)
    assert steps(h, "contract/pool/paid") == {5: paid}


def test_interest_on_a_loan_of_a_tape_counts_where_the_basis_has_it():
    whole = scheme([(100.0, 4, SURELY, 1.0), (60.0, 4, NEVER, 1.0)])
    contract = replace(whole.contracts[0], basis="principal_and_interest", trigger_months=2, claim_lag=0)
    # Half of 100 and two months at 1 %.
    assert steps(history(replace(whole, contracts=(contract,)), paths=1), "contract/pool/paid") == {5: 51.0}
    layered = replace(contract, loan_limit=50.5)
    assert steps(history(replace(whole, contracts=(layered,)), paths=1), "contract/pool/paid") == {5: 50.5}


def test_a_cap_on_a_cohort_knows_the_loans_of_a_tape_and_their_renewals():
    """The opening cohort is 160; renewed in month 3 the surviving 60 belong to the first policy year."""
    rows = [(100.0, 4, SURELY, 1.0), (60.0, 4, NEVER, 1.0)]
    whole = scheme(rows)
    contract = replace(whole.contracts[0], cohort_cap_rate=0.25)
    h = history(replace(whole, contracts=(contract,)), paths=1)
    assert steps(h, "contract/pool/due") == {5: 50.0}
    assert steps(h, "contract/pool/paid") == {5: 40.0}
    whole = scheme(rows, cliff=True)
    h = history(replace(whole, contracts=(replace(contract, claim_lag=0),)), paths=1)
    # In month 15 the 60 default: their cohort's volume is 120, two renewals, so that the cap is 30.
    assert steps(h, "contract/pool/paid") == {3: 40.0, 15: 30.0}
