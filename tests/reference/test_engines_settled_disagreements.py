"""Cases on which the two engines once differed, each by hand arithmetic and for both."""

from dataclasses import replace

import pytest

from fundsim.scheme import (
    Borrowers,
    Economy,
    Party,
    Scheme,
    Window,
)
from fundsim.verify.sampling import prepare
from fundsim.verify.schemes import cover, lending, opening_loans, segment, world

from .reading import series

CERTAIN = 1.0 - 1e-13


def loans_of(name, **terms):
    """Loans of 100 for three months, without risk unless it strikes at maturity."""
    safe = segment(pd_annual=0.0, rho=0.0, principal=100.0, lgd=1.0)
    return replace(safe, **{"name": name, "term_months": 3, **terms})


def opening_stock(firms, *, t_degrees=None):
    """Return one year of ten opening loans of a segment that mature in month 2."""
    return Scheme(
        window=Window(year=2015, month=1, months=12, run_off=0),
        economy=Economy(step_months=12, persistence=0.0, t_degrees=t_degrees),
        segments=(firms,),
        parties=world(),
        facilities=(
            lending(
                (0.0,) * 12,
                borrowers=(Borrowers(segment=firms.name, share=1.0),),
                opening=opening_loans(3, 10, segment=firms.name),
            ),
        ),
    )


@pytest.mark.parametrize("engine", ["core", "reference"])
def test_a_renewal_counts_in_its_cohorts_volume_from_its_own_month_on(engine):
    """Renewals are of step 5, claims of step 6: a cap of 20 % on 300 new and 400 renewed is 140."""
    sound = loans_of("sound", renew=1.0)
    doomed = loans_of("doomed", pd_annual=CERTAIN, maturity_share=1.0, term_months=11)
    months = 12
    scheme = Scheme(
        window=Window(year=2015, month=1, months=months, run_off=0),
        economy=Economy(step_months=12, persistence=0.0),
        segments=(sound, doomed),
        parties=world(Party(name="pool", opening=1000.0)),
        facilities=(
            lending(
                (300.0,) + (0.0,) * (months - 1),
                borrowers=(Borrowers(segment="sound", share=0.0), Borrowers(segment="doomed", share=1.0)),
                opening=opening_loans(3, 1, segment="sound"),
            ),
        ),
        contracts=(cover(1.0, cohort_cap_rate=0.2),),
    )
    # Granted at the end of month 0, they fail in month 11; the sound loan is renewed in months 2, 5, 8, 11.
    assert series(prepare(engine), scheme, "contract/pool/paid")[11] == pytest.approx(0.2 * (300.0 + 400.0))


@pytest.mark.parametrize("engine", ["core", "reference"])
@pytest.mark.parametrize("t_degrees", [None, 2.5, 30.0])
def test_a_segment_without_risk_never_defaults_under_any_copula(engine, t_degrees):
    scheme = opening_stock(loans_of("safe"), t_degrees=t_degrees)
    assert series(prepare(engine), scheme, "book/loans/safe/n_defaulted")[-1] == 0.0


@pytest.mark.parametrize("engine", ["core", "reference"])
@pytest.mark.parametrize("maturity_share", [0.0, 1.0])
def test_a_certain_default_stays_certain_where_its_hazard_is_beyond_all_numbers(engine, maturity_share):
    """Under 2.5 degrees of freedom the threshold of a PD of 1 − 1e-15 is 877,000, its hazard 10¹¹."""
    doomed = loans_of("doomed", pd_annual=1.0 - 1e-15, maturity_share=maturity_share)
    scheme = opening_stock(doomed, t_degrees=2.5)
    expected = [0.0, 0.0, 10.0] if maturity_share else [10.0] * 3
    assert series(prepare(engine), scheme, "book/loans/doomed/n_defaulted")[:3] == expected


@pytest.mark.parametrize("engine", ["core", "reference"])
def test_a_layer_per_loan_meets_each_loans_own_interest(engine):
    """Claims of 100, and of 100 with half a year at 24 %: a limit of 105 a loan leaves 100 and 105."""
    plain = loans_of("plain", pd_annual=CERTAIN, maturity_share=1.0)
    dear = loans_of("dear", pd_annual=CERTAIN, maturity_share=1.0, rate_annual=0.24)
    one = opening_stock(plain)
    (facility,) = one.facilities
    scheme = replace(
        one,
        segments=(plain, dear),
        parties=world(Party(name="pool", opening=1000.0)),
        facilities=(
            replace(
                facility,
                borrowers=tuple(Borrowers(segment=name, share=0.5) for name in ("plain", "dear")),
                opening=(*opening_loans(3, 1, segment="plain"), *opening_loans(3, 1, segment="dear")),
            ),
        ),
        contracts=(cover(1.0, basis="principal_and_interest", trigger_months=6, loan_limit=105.0),),
    )
    assert series(prepare(engine), scheme, "contract/pool/paid")[8] == pytest.approx(205.0)
