"""Both engines on schemes in which nothing is left to chance: every record, every month, to a fen."""

from dataclasses import replace

import pytest

from fundsim.lowering.repayment import outstanding_share
from fundsim.scheme import Economy, Scheme, Segment
from fundsim.verify.certain import certain_scheme
from fundsim.verify.pairs import largest_difference


# The last one carries arrears that two parts of a recovery relieve, on loans of two cohorts.
@pytest.mark.parametrize("number", [*range(120), 341])
def test_engines_agree_to_a_fen_on_a_scheme_without_chance(number):
    difference, record = largest_difference(certain_scheme(number), seed=1)
    assert difference < 0.01, record


def repaid_by_month(number: int, deviations: float) -> Scheme:
    """Return a certain scheme whose sound and brittle firms repay by month and all default in some months.

    The factor lies so many standard deviations below 0 in every seventh month and above it in the others.
    """
    scheme = certain_scheme(number)

    def amortising(segment: Segment) -> Segment:
        if segment.name == "doomed":
            return segment
        kind = "linear" if segment.name == "brittle" else "annuity"
        shares = outstanding_share(kind, segment.term_months, 0.12)
        repaid = {"maturity_share": 0.0, "shortage": None}
        return replace(segment, outstanding_share=shares, pd_annual=0.5, rho=0.5, **repaid)

    fixed = tuple(-deviations if month % 7 == 5 else deviations for month in range(scheme.window.total))
    return replace(
        scheme,
        segments=tuple(amortising(s) for s in scheme.segments),
        bridges=(),
        # Loans of a tape are repaid at maturity.
        facilities=tuple(replace(f, tape=None) for f in scheme.facilities),
        economy=Economy(step_months=1, persistence=0.0, fixed=fixed),
    )


@pytest.mark.parametrize("number", range(40))
def test_engines_agree_to_a_fen_on_loans_repaid_month_by_month(number):
    difference, record = largest_difference(repaid_by_month(number, 8.0), seed=1)
    assert difference < 0.01, record


@pytest.mark.parametrize("number", range(10))
def test_engines_agree_to_a_fen_when_a_survival_curve_ends_below_the_smallest_number(number):
    """Two such shocks leave exp(−900) of the first loans; later loans live their own lives."""
    difference, record = largest_difference(repaid_by_month(number, 30.0), seed=1)
    assert difference < 0.01, record
