"""Who borrows, in the SimPy engine, by hand arithmetic: populations, amortising loans, loan tapes."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from fundsim.reference import engine
from fundsim.scheme import (
    Band,
    Economy,
    MarginRefund,
    Party,
    Payment,
    Population,
    RecoveryPart,
    Scheme,
    Tape,
    Window,
    record_names,
)
from fundsim.verify.schemes import cover, lending, opening_loans, segment, world

from . import reading

final = partial(reading.final, engine)
series = partial(reading.series, engine)
MONTHS = 24
Z_LIMIT = 4.9

FIRMS = replace(segment(pd_annual=0.0, rho=0.0, principal=100.0, lgd=0.4), term_months=4, rate_annual=0.12)
QUARTERS = (1.0, 0.75, 0.5, 0.25)
AMORTISING = replace(FIRMS, outstanding_share=QUARTERS)
RENEWED = replace(AMORTISING, renew=1.0, default_if_not_renewed=1.0)


def scheme(firms, *, lent=None, window=MONTHS, run_off=6, parties=(), economy=None, facility=None, **terms):
    """One facility of one segment; ``lent`` maps months to demand."""
    demand = tuple((lent or {}).get(month, 0.0) for month in range(window))
    return Scheme(
        window=Window(year=2015, month=1, months=window, run_off=run_off),
        economy=economy or Economy(step_months=12, persistence=0.0),
        segments=(firms,),
        parties=world(*parties),
        facilities=(lending(demand, **(facility or {})),),
        **terms,
    )


def opening(months_left, n_loans=1):
    return {"opening": opening_loans(months_left, n_loans)}


# Amortising loans


def test_an_amortising_loan_repays_by_its_schedule():
    built = scheme(AMORTISING, lent={2: 200.0})
    # Granted at the end of month 2; its months of life are 3, 4, 5, 6.
    assert series(built, "book/loans/firms/performing")[1:8] == [0.0, 200.0, 150.0, 100.0, 50.0, 0.0, 0.0]
    assert series(built, "flow/firms>bank/repayment")[2:7] == [0.0, 50.0, 100.0, 150.0, 200.0]
    assert series(built, "book/loans/firms/n_performing")[2:7] == [2.0, 2.0, 2.0, 2.0, 0.0]
    assert final(built)["book/loans/firms/matured"] == 200.0


def test_an_opening_loan_owes_what_its_months_left_say():
    built = scheme(AMORTISING, facility=opening(3, n_loans=2))
    assert series(built, "book/loans/firms/performing")[:4] == [100.0, 50.0, 0.0, 0.0]
    assert final(built)["book/loans/firms/matured"] == 150.0


def test_a_renewal_follows_on_the_last_instalment_and_lends_the_whole_anew():
    built = scheme(RENEWED, lent={2: 100.0}, window=8, run_off=8)
    # Renewed in month 6, whose fourth month is 10, in the run-off: repaid for good.
    assert series(built, "book/loans/firms/performing")[4:12] == [
        50.0,
        25.0,
        100.0,
        75.0,
        50.0,
        25.0,
        0.0,
        0.0,
    ]
    assert series(built, "flow/bank>firms/loan")[5:7] == [100.0, 200.0]
    got = final(built)
    assert (got["book/loans/firms/lent_new"], got["book/loans/firms/lent_renewed"]) == (100.0, 100.0)
    assert (got["book/loans/firms/matured"], got["flow/firms>bank/repayment"]) == (200.0, 200.0)


def test_a_default_leaves_what_was_outstanding_in_its_month():
    # Renewals are forbidden in the run-off: the loan fails in its last month, with a quarter still owed.
    facility = {"cliff": True, "recovery": (RecoveryPart(lag_months=1, share=1.0),)}
    contract = cover(0.5, basis="principal_and_interest", trigger_months=2)
    parties = (Party(name="pool", opening=100.0),)
    built = scheme(
        RENEWED,
        lent={2: 100.0},
        window=4,
        run_off=8,
        facility=facility,
        parties=parties,
        contracts=(contract,),
    )
    got = final(built)
    assert got["book/loans/firms/defaulted"] == got["book/loans/firms/defaulted_at_cliff"] == 25.0
    assert got["book/loans/firms/recoverable"] == pytest.approx(15.0)
    # Due two months later: 25.5 with interest, less the 15 that have come back.
    assert got["contract/pool/due"] == pytest.approx(0.5 * (25.0 * 1.02 - 15.0))


def test_an_amortising_loan_may_fail_in_every_month_of_its_life():
    # Half of the firms fail each month: exposure 100, 75, 50, 25 with probability 1/2, 1/4, 1/8, 1/16.
    built = scheme(
        replace(AMORTISING, pd_annual=1.0 - 0.5**12), facility=opening(4, n_loans=4000), window=6, run_off=0
    )
    got = final(built)
    mean = 100.0 / 2 + 75.0 / 4 + 50.0 / 8 + 25.0 / 16
    second = 100.0**2 / 2 + 75.0**2 / 4 + 50.0**2 / 8 + 25.0**2 / 16
    error = math.sqrt((second - mean * mean) * 4000)
    assert abs(got["book/loans/firms/defaulted"] - 4000 * mean) < Z_LIMIT * error


def test_the_volume_of_the_opening_cohort_is_what_was_outstanding():
    doomed = replace(RENEWED, bands=(Band(principal=100.0, probability=1.0),))
    contract = cover(1.0, cohort_cap_rate=0.2)
    built = scheme(
        doomed,
        facility={"cliff": True, **opening(3)},
        window=1,
        run_off=6,
        parties=(Party(name="pool", opening=100.0),),
        contracts=(contract,),
    )
    got = final(built)
    # 75 were outstanding before month 0; 25 are lost.
    assert (got["contract/pool/due"], got["contract/pool/paid"]) == (25.0, 15.0)


def test_annual_fees_of_an_amortising_loan_follow_what_is_outstanding():
    fee = Payment.fee(facility="loans", payer="firms", payee="pool", rate=0.01, rate_annual=0.12)
    built = scheme(RENEWED, lent={2: 100.0}, window=8, parties=(Party(name="pool"),), payments=(fee,))
    # 1 % + 1 % a month of 1 + 0.75 + 0.5 + 0.25 of the principal, at the grant and at the renewal.
    assert series(built, "party/pool/balance")[2:7] == pytest.approx([3.5, 3.5, 3.5, 3.5, 7.0])


def test_margin_goes_back_at_the_last_instalment_by_the_principal_as_granted():
    refund = MarginRefund(facility="loans", party="margin", payee="firms", rate=0.05)
    built = scheme(
        AMORTISING,
        lent={0: 300.0, 2: 100.0},
        parties=(Party(name="margin", opening=16.0),),
        margin_refunds=(refund,),
    )
    refunds = series(built, "flow/margin>firms/margin_refund")
    # Live contributions are 20 in month 4, of which 16 are there; then the last 4 of 5.
    assert refunds[3:7] == pytest.approx([0.0, 12.0, 12.0, 16.0])


# Populations


def with_population(**terms):
    terms = {"opening": (30,), "entry_annual": 0.0, "exit_annual": (0.0,), **terms}
    return replace(FIRMS, population=Population(**terms), term_months=6)


def test_eligible_firms_that_neither_come_nor_go_limit_new_loans_as_a_fixed_number_does():
    built = scheme(with_population(), lent={0: 2000.0, 1: 2000.0, 6: 2500.0})
    lent = series(built, "book/loans/firms/n_new")
    assert (lent[0], lent[1], lent[6]) == (20.0, 30.0, 50.0)
    assert set(series(built, "segment/firms/population")) == {30.0}


def test_firms_grow_a_year_older_every_twelve_months_and_leave_by_their_age():
    population = {"opening": (5, 7, 11), "exit_annual": (0.0, 0.0, 1.0)}
    built = scheme(with_population(**population), window=30, run_off=0)
    # Those of two years leave in month 0, those of one year in month 12, the youngest in month 24.
    left = series(built, "segment/firms/exited")
    assert (left[0], left[11], left[12], left[23], left[24], left[29]) == (11.0, 11.0, 18.0, 18.0, 23.0, 23.0)
    assert series(built, "segment/firms/population")[-1] == 0.0


def test_entries_are_poisson_and_exits_binomial_at_a_twelfth_of_the_year():
    population = {"opening": (4000,), "entry_annual": 1200.0, "exit_annual": (0.3,)}
    built = scheme(with_population(**population), window=12, run_off=0)
    got = final(built)
    # Of the opening firms 30 % leave; of those that enter in month t, 0.7^((11 − t)/12) stay.
    expected = 4000 * 0.7 + sum(100.0 * 0.7 ** ((11 - t) / 12) for t in range(12))
    variance = 4000 * 0.7 * 0.3 + sum(100.0 * 0.7 ** ((11 - t) / 12) for t in range(12))
    assert abs(got["segment/firms/population"] - expected) < Z_LIMIT * math.sqrt(variance)
    assert abs(got["segment/firms/entered"] - 1200.0) < Z_LIMIT * math.sqrt(1200.0)
    assert (
        got["segment/firms/population"] == 4000 + got["segment/firms/entered"] - got["segment/firms/exited"]
    )


def test_a_firm_that_leaves_keeps_its_loan():
    built = scheme(
        with_population(exit_annual=(1.0,), opening=(0, 30)[:1], entry_annual=0.0), lent={0: 900.0}
    )
    assert series(built, "book/loans/firms/n_new")[-1] == 0.0
    gone = with_population(opening=(30, 0), exit_annual=(0.0, 1.0))
    built = scheme(replace(gone, term_months=20), lent={0: 2500.0, 12: 500.0})
    # All thirty leave in month 12: nothing new is lent, and the 25 loans run on to month 20.
    assert series(built, "book/loans/firms/n_performing")[11:21] == [25.0] * 9 + [0.0]
    assert series(built, "facility/loans/refused_firms")[12] == 500.0


# Loan tapes


def tape(principal, months_left, pd=0.0, lgd=0.4):
    n = len(principal)
    return Tape(
        segments=("firms",),
        segment=np.zeros(n, dtype=np.int64),
        principal=np.array(principal, dtype=float),
        months_left=np.array(months_left, dtype=np.int64),
        pd_annual=np.broadcast_to(np.asarray(pd, dtype=float), n).copy(),
        lgd_mean=np.broadcast_to(np.asarray(lgd, dtype=float), n).copy(),
    )


CERTAIN = 1.0 - 1e-13
AT_MATURITY = replace(FIRMS, maturity_share=1.0, term_months=12, renew=1.0)


def test_each_row_of_a_tape_is_a_loan_of_its_own():
    rows = tape([100.0, 30.0, 7.0], [3, 3, 5], pd=[CERTAIN, 0.0, CERTAIN], lgd=[0.5, 0.9, 0.2])
    built = scheme(AT_MATURITY, facility={"tape": rows}, window=12)
    assert series(built, "book/loans/firms/performing")[1:6] == [137.0, 37.0, 37.0, 30.0, 30.0]
    got = final(built)
    assert (got["book/loans/firms/n_defaulted"], got["book/loans/firms/defaulted"]) == (2.0, 107.0)
    assert got["book/loans/firms/recoverable"] == pytest.approx(50.0 + 5.6)
    # The second is renewed in month 2 for twelve months, and repaid in the run-off.
    assert (got["book/loans/firms/n_renewed"], got["book/loans/firms/lent_renewed"]) == (1.0, 30.0)
    assert series(built, "book/loans/firms/n_performing")[13:15] == [1.0, 0.0]


def test_layers_act_on_each_loan_of_a_tape():
    rows = tape([100.0, 30.0, 7.0], [2, 2, 2], pd=CERTAIN)
    contract = cover(1.0, loan_attach=10.0, loan_limit=50.0)
    built = scheme(
        AT_MATURITY,
        facility={"tape": rows},
        parties=(Party(name="pool", opening=1000.0),),
        contracts=(contract,),
    )
    assert final(built)["contract/pool/paid"] == pytest.approx(50.0 + 20.0 + 0.0)


def test_a_tape_loan_belongs_to_the_opening_cohort_and_renewed_to_that_of_its_renewal():
    # Both fail at the end of their term, the second after one renewal: in months 1 and 2 + 12.
    doomed_later = replace(AT_MATURITY, default_if_not_renewed=1.0)
    rows = tape([100.0, 50.0], [2, 3], pd=[CERTAIN, 0.0])
    contract = cover(1.0, cohort_cap_rate=0.4)
    built = scheme(
        doomed_later,
        facility={"tape": rows, "cliff": True},
        window=12,
        parties=(Party(name="pool", opening=1000.0),),
        contracts=(contract,),
    )
    # The opening cohort's volume is 150, of the renewal's 50.
    assert series(built, "contract/pool/paid")[1:3] == pytest.approx([60.0, 60.0])
    assert final(built)["contract/pool/paid"] == pytest.approx(60.0 + 20.0)


def test_tape_loans_stand_beside_the_opening_loans_of_the_law():
    rows = tape([25.0], [4])
    built = scheme(FIRMS, facility={"tape": rows, **opening(4, n_loans=3)})
    assert series(built, "book/loans/firms/performing")[:5] == [325.0, 325.0, 325.0, 0.0, 0.0]
    assert final(built)["book/loans/firms/matured"] == 325.0


def test_a_tape_of_a_thousand_loans_has_the_moments_of_its_rows():
    generator = np.random.default_rng(3)
    principal = generator.lognormal(3.0, 1.0, 1000)
    pd = generator.uniform(0.01, 0.2, 1000)
    rows = tape(principal, np.full(1000, 12), pd=pd)
    built = scheme(replace(FIRMS, term_months=12), facility={"tape": rows}, window=12, run_off=0)
    block = engine(built, ()).run(1, 0, 12)
    lost = block.snapshots[:, -1, record_names(built).all.index("book/loans/firms/defaulted")]
    sd = math.sqrt(float((principal**2 * pd * (1.0 - pd)).sum()))
    assert abs(lost.mean() - float((principal * pd).sum())) < Z_LIMIT * sd / math.sqrt(12)
