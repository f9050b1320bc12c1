"""Small schemes with chance, one for each way of borrowing or guaranteeing, for comparison in pairs.

They are as small as the slow engine wants them, and yet every rule of theirs acts on most paths: limits
bind, layers cut, firms run out, recoveries come back along two contracts.  Their metrics are their
records, so that nothing that an engine writes down is left out.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fundsim.metrics.formulas import happened, recorded
from fundsim.scheme import (
    Band,
    BridgeFund,
    Capacity,
    DaysLaw,
    Drawn,
    Economy,
    FeeTier,
    Guarantor,
    Injection,
    Lgd,
    Line,
    Metric,
    ObligorLimit,
    Party,
    Payment,
    Population,
    RecoveryPart,
    RequestSize,
    Scheme,
    Segment,
    Shortage,
    SizeLaw,
    Tape,
    Window,
    record_names,
)
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.bridge_schemes import conserving_fund
from fundsim.verify.schemes import band_weights, cover, lending, opening_loans, world

__all__ = ["chance_schemes", "record_metrics"]

Floats = NDArray[np.float64]


def chance_schemes() -> dict[str, Scheme]:
    """Return the schemes by the feature that they are about, their records as metrics."""
    schemes = {
        "Student-t copula": _student_t(),
        "Amortising loans": _amortising(),
        "Firms that come and go": _population(),
        "Guarantor on net assets": _guarantor(),
        "Loan tape": _tape(),
        "Short firms without a fund": replace(_scheme(SHORT_FIRMS, POOL), bridges=()),
        "Bridge fund": _bridge_fund(),
        "Bridge fund beside a tape": _bridge_fund_of_tape(),
        "Bridge fund asked directly": conserving_fund(warm_up_days=45.0),
    }
    return {name: replace(scheme, metrics=record_metrics(scheme)) for name, scheme in schemes.items()}


def record_metrics(scheme: Scheme) -> tuple[Metric, ...]:
    """Return a metric for each record of a scheme: its value, or whether its month has come.

    Args:
        scheme: any scheme.
    """
    names = record_names(scheme)
    months = set(names.months)
    return tuple(
        Metric(
            own_name=name,
            unit="yes/no" if name in months else "yuan",
            meaning="record of that name",
            meaning_zh="同名记录",
            formula=happened(name) if name in months else recorded(name),
            event=name in months,
        )
        for name in names.all
    )


FIRMS = Segment(
    name="firms",
    sector="trade",
    city_weight=0.6,
    pd_annual=0.08,
    rho=0.2,
    maturity_share=0.3,
    lgd=Lgd(mean=0.5, sd=0.25, factor_correlation=0.2),
    term_months=9,
    rate_annual=0.06,
    bands=(Band(principal=10.0, probability=0.7), Band(principal=40.0, probability=0.3)),
    renew=0.6,
    default_if_not_renewed=0.3,
)

SHORT_FIRMS = replace(
    FIRMS,
    shortage=Shortage(
        probability=0.5,
        rho=0.3,
        trend=0.8,
        default_if_unserved=0.4,
        private_fee_per_day=0.002,
        private_days=DaysLaw(law="empirical", days=(5.0, 25.0), probabilities=(0.7, 0.3)),
    ),
    sizes=SizeLaw(mu=2.5, sigma=0.8, cap=60.0),
)
BRIDGES = BridgeFund(
    name="fund",
    party="fund",
    facilities=("loans",),
    sizes=(RequestSize(up_to=15.0), RequestSize(up_to=math.inf)),
    share_financed=0.9,
    cap_per_firm=35.0,
    own_money_max=0.3,
    queue="fifo_pass",
    deadline_days=4.0,
    days=DaysLaw(law="exponential", mean=12.0, longest=50.0),
    not_renewed=0.12,
    not_renewed_rho=0.2,
    lgd=0.5,
    recovery_lag=2,
    fee=(FeeTier(to_days=7.0, per_day=0.0004), FeeTier(to_days=math.inf, per_day=0.001)),
    fee_free_days=1.0,
    running_cost_annual=4.0,
    running_cost_share=0.1,
    breaker_threshold=0.3,
    breaker_reset=0.15,
    month_end_days=5.0,
    month_end_times=3.0,
)

MONTHS = 24
POOL = Party(name="pool", opening=60.0, public=True)
COVER = cover(0.6, name="cover", claim_lag=2, loan_limit=18.0)


def _scheme(segment: Segment, *parties: Party, lent: float = 60.0, n_opening: int = 20) -> Scheme:
    """Return two years of lending to one segment, covered by a pool with a lag, recovered in two parts."""
    return Scheme(
        window=Window(year=2015, month=1, months=MONTHS, run_off=12),
        economy=Economy(step_months=3, persistence=0.5, sectors=("trade",), sector_correlation=((1.0,),)),
        segments=(segment,),
        parties=world(*parties),
        facilities=(
            lending(
                (lent,) * MONTHS,
                opening=tuple(
                    stock
                    for band in (0, 1)
                    for left in (3, 7)
                    for stock in opening_loans(left, n_opening // 4, band=band)
                ),
                recovery=(RecoveryPart(lag_months=4, share=0.4), RecoveryPart(lag_months=9, share=0.6)),
                recovery_cost=0.1,
                claim_months=2,
                cliff=True,
            ),
        ),
        contracts=(COVER,),
    )


def _student_t() -> Scheme:
    scheme = _scheme(FIRMS, POOL)
    return replace(scheme, economy=replace(scheme.economy, t_degrees=4.0))


def _amortising() -> Scheme:
    shares = tuple(1.0 - month / 9.0 for month in range(9))
    segment = replace(FIRMS, maturity_share=0.0, outstanding_share=shares)
    fee = Payment.fee(facility="loans", payer="firms", payee="pool", rate=0.01, rate_annual=0.02)
    scheme = replace(_scheme(segment, POOL), payments=(fee,))
    contract = replace(COVER, cohort_cap_rate=0.05, basis="principal_and_interest")
    return replace(scheme, contracts=(contract,))


def _tape() -> Scheme:
    """Return forty loans of every size, risk and age beside those that are granted, with layers per loan."""
    rows = np.arange(40)
    risks: Floats = np.linspace(0.01, 0.17, 17)
    losses: Floats = np.linspace(0.3, 0.7, 5)
    sizes: Floats = np.linspace(5.0, 35.0, 11)
    tape = Tape(
        segments=("firms",),
        segment=np.zeros(40, dtype=np.int64),
        principal=sizes[rows % 11],
        months_left=1 + rows % 9,
        pd_annual=risks[rows % 17],
        lgd_mean=losses[rows % 5],
    )
    contract = replace(COVER, loan_attach=2.0, cohort_cap_rate=0.06, basis="principal_and_interest")
    scheme = replace(_scheme(FIRMS, POOL, lent=30.0, n_opening=8), contracts=(contract,))
    return replace(scheme, facilities=(replace(scheme.facilities[0], tape=tape),))


def _with_fund(scheme: Scheme, fund: BridgeFund) -> Scheme:
    """Return the scheme with a fund of some 60 yuan, which a good month of short firms uses up."""
    parties = (*scheme.parties, Party(name="fund", opening=60.0, limited=False, public=True))
    gift = Injection(source="treasury", target="fund", month=12, amount=20.0)
    scheme = replace(scheme, parties=parties, bridges=(fund,), injections=(gift,))
    return replace(scheme, window=with_longest_life(scheme))


def _bridge_fund() -> Scheme:
    """Return a fund whose loans live once at twice the PD."""
    riskier = replace(SHORT_FIRMS, pd_annual=2.0 * SHORT_FIRMS.pd_annual)
    return _with_fund(_scheme(SHORT_FIRMS, POOL), replace(BRIDGES, bridged=(riskier,)))


def _bridge_fund_of_tape() -> Scheme:
    fund = replace(BRIDGES, queue="small_first", recapitalise=True, deadline_days=20.0)
    scheme = _tape()
    return _with_fund(replace(scheme, segments=(replace(SHORT_FIRMS, sizes=None),)), fund)


def _population() -> Scheme:
    population = Population(opening=(12, 10, 30), entry_annual=14.0, exit_annual=(0.3, 0.15, 0.05))
    return _scheme(replace(FIRMS, population=population), POOL, lent=160.0)


def _guarantor() -> Scheme:
    """Return a guarantor that the province covers, with private capital drawn and two limits on lending."""
    guarantee = replace(COVER, name="guarantee", payer="guarantor", share=0.8, loan_limit=float("inf"))
    province = cover(0.4, "province", covers="guarantee", of="original", claim_lag=3, cohort_cap_rate=0.02)
    parties = (Party(name="guarantor", opening=25.0), Party(name="province", opening=100.0))
    fee = Payment.fee(facility="loans", payer="firms", payee="guarantor", rate=0.01, rate_annual=0.01)
    scheme = _scheme(FIRMS, *parties, lent=120.0)
    facility = replace(scheme.facilities[0], capacities=("leverage", "bank_line"))
    return replace(
        scheme,
        facilities=(facility,),
        contracts=(guarantee, province),
        payments=(fee,),
        drawn=(Drawn(name="private", low=0.5, high=2.0),),
        injections=(
            Injection(source="treasury", target="guarantor", month=8, amount=20.0),
            Injection(source="outside", target="guarantor", month=8, amount=20.0, drawn="private"),
        ),
        capacities=(
            Capacity(name="leverage", party="guarantor", basis="net_assets", multiple=6.0),
            Capacity(name="bank_line", party="guarantor", basis="paid_in", multiple=5.0, drawn="private"),
        ),
        guarantors=(
            Guarantor(
                party="guarantor",
                contracts=("guarantee",),
                weights=band_weights(0.36, 0.48),
                fees=(Line(source="firms", target="guarantor", kind="fee"),),
                expected_recovery=0.45,
            ),
        ),
        obligor_limits=(ObligorLimit(facility="loans", party="guarantor", share=0.6, retained=0.48),),
    )
