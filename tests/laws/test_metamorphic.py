"""What must stay, grow or fall when a scheme is changed, each law with the conditions under which it holds.

The core's random numbers are common to a scheme and its variant, so most laws hold path by path, many of
them bit by bit.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundsim.scheme import (
    Band,
    Breaker,
    BridgeFund,
    Contract,
    DirectRequests,
    Injection,
    Lgd,
    MarginRefund,
    Party,
    RecoveryPart,
    RequestSize,
    Scheme,
    Tape,
    TopUp,
)
from fundsim.scheme.records import contract_record
from fundsim.scheme.rules import with_longest_life
from fundsim.verify.schemes import static_pool

from .amounts import HALF_A_FEN, near, never_below
from .bridging import without_bridges
from .equity import without_equity
from .histories import History, history
from .schemes import calm, calm_schemes, law, schemes, seeded_scheme

RICH = Party(name="epsilon", opening=1e9)


def assert_same(left: History, right: History, *, exactly: bool = True, but: str | None = None) -> None:
    """Demand that every record that both histories have is the same, to the bit or to a fen.

    Records of the kind ``but`` are left out.
    """
    shared = left.snapshots.keys() & right.snapshots.keys()
    assert shared
    for record in sorted(name for name in shared if name.rsplit("/", 1)[-1] != but):
        a, b = left.snapshots[record], right.snapshots[record]
        if exactly:
            assert np.array_equal(a, b, equal_nan=True), record
        else:
            finite = np.isfinite(a)
            assert np.array_equal(a[~finite], b[~finite], equal_nan=True), record
            assert np.isfinite(b[finite]).all(), record
            assert np.allclose(a[finite], b[finite], rtol=1e-9, atol=HALF_A_FEN), record


def simple(scheme: Scheme, **terms: object) -> Scheme:
    """Return a calm scheme whose every facility has one cover, by alpha, and no other rule of cash."""
    covers = tuple(
        Contract(name=f.name, facility=f.name, payer="alpha", **{"share": 0.5, "claim_lag": 2, **terms})
        for f in scheme.facilities
    )
    return replace(
        calm(scheme), guarantors=(), contracts=covers,
        top_ups=(), payments=(), margin_refunds=(),
    )  # fmt: skip


def with_party(scheme: Scheme, name: str, **changes: object) -> Scheme:
    """Return the scheme with one party changed."""
    parties = tuple(replace(p, **changes) if p.name == name else p for p in scheme.parties)
    return replace(scheme, parties=parties)


def with_segments(scheme: Scheme, **changes: object) -> Scheme:
    """Return the scheme with all segments changed; those that follow a bridge keep their own risk."""
    common = {key: value for key, value in changes.items() if key not in {"pd_annual", "rho", "threshold"}}
    funds = tuple(replace(f, bridged=tuple(replace(s, **common) for s in f.bridged)) for f in scheme.bridges)
    return replace(scheme, segments=tuple(replace(s, **changes) for s in scheme.segments), bridges=funds)


def with_tapes(scheme: Scheme, **columns: float) -> Scheme:
    """Return the scheme with one value for all loans of a tape in some columns."""
    facilities = []
    for f in scheme.facilities:
        if f.tape is not None:
            values = {column: np.full(f.tape.n_loans, value) for column, value in columns.items()}
            f = replace(f, tape=replace(f.tape, **values))  # noqa: PLW2901
        facilities.append(f)
    return replace(scheme, facilities=tuple(facilities))


def unsolved(scheme: Scheme) -> Scheme:
    """Return the scheme with the threshold of the yearly PD, and the segment's ρ, for all loans."""
    facilities = tuple(
        f if f.tape is None else replace(f, tape=replace(f.tape, threshold=None, rho=None))
        for f in scheme.facilities
    )
    return replace(with_segments(scheme, threshold=None), facilities=facilities)


def with_pd(scheme: Scheme, pd_annual: float) -> Scheme:
    """Return the scheme with one PD for all loans."""
    return with_tapes(with_segments(unsolved(scheme), pd_annual=pd_annual), pd_annual=pd_annual)


def with_lgd(scheme: Scheme, mean: float) -> Scheme:
    """Return the scheme with one fixed loss given default for all loans."""
    return with_tapes(with_segments(scheme, lgd=Lgd(mean=mean)), lgd_mean=mean)


def open_handed(scheme: Scheme, **changes: object) -> Scheme:
    """Return a scheme whose new loans don't follow its old ones: no renewals, eligible firms and levels."""
    still = {"renew": 0.0, "default_if_not_renewed": 0.0, "firms": None, "population": None}
    facilities = tuple(replace(f, demand=replace(f.demand, hold=())) for f in scheme.facilities)
    return replace(with_segments(without_bridges(scheme), **still, **changes), facilities=facilities)


def defaults(scheme: Scheme) -> np.ndarray:
    """Return the numbers of defaults of 400 paths."""
    h = history(scheme, paths=400)
    return sum(v[:, -1] for name, v in h.snapshots.items() if name.endswith("/n_defaulted"))


def paid(h: History, what: str = "paid") -> np.ndarray:
    """Return what all contracts paid (or were due …), shape (paths, months)."""
    return h.total(*(contract_record(c.name, what) for c in h.scheme.contracts))


# Contracts


@law(30)
@given(schemes())
def test_a_contract_of_share_0_changes_nothing(scheme):
    facility = scheme.facilities[0].name
    net = any(c.net for c in scheme.contracts if c.facility == facility and c.covers is None)
    idle = Contract(name="idle", facility=facility, payer="epsilon", share=0.0, net=net)
    more = replace(scheme, parties=(*scheme.parties, RICH), contracts=(*scheme.contracts, idle))
    h = history(more)
    # Cohorts may be kept apart, and sums differ in the last bit.
    assert_same(history(scheme), h, exactly=False)
    assert h.final("contract/idle/due").max() == 0.0


@law(30)
@given(calm_schemes(), st.sampled_from([0.25, 0.5, 0.8, 1.0]), st.booleans())
def test_two_contracts_of_half_the_share_of_the_original_loss_are_one_contract(scheme, share, carry):
    """Of one payer and at one time; halves of the *uncovered* loss would be less than the whole."""
    one = simple(scheme, share=share, of="original", carry=carry)
    halves = tuple(
        replace(c, name=f"{c.name}{half}", share=share / 2) for c in one.contracts for half in ("a", "b")
    )
    whole, split = history(one), history(replace(one, contracts=halves))
    for what in ("due", "paid", "unpaid", "recovered", "relieved"):
        assert near(paid(whole, what), paid(split, what)), what
    assert near(whole["party/alpha/balance"], split["party/alpha/balance"])


@law(25)
@given(calm_schemes())
def test_claims_are_in_proportion_to_the_share_when_nothing_comes_back(scheme):
    scheme = simple(scheme, share=0.25)
    scheme = replace(scheme, facilities=tuple(replace(f, recovery=()) for f in scheme.facilities))
    double = replace(scheme, contracts=tuple(replace(c, share=0.5) for c in scheme.contracts))
    assert np.array_equal(2.0 * paid(history(scheme), "due"), paid(history(double), "due"))


@law(25)
@given(schemes())
def test_a_limit_that_is_never_reached_is_no_limit(scheme):
    """For caps of life and year; a cohort cap needs fixed LGD, see below."""
    contracts = tuple(replace(c, limit=math.inf, carry=False) for c in scheme.contracts)
    scheme = replace(scheme, contracts=contracts)
    far = replace(scheme, contracts=tuple(replace(c, limit=1e12) for c in contracts))
    assert_same(history(scheme), history(far), exactly=False, but="cap_left")


@law(25)
@given(calm_schemes())
def test_a_cohort_cap_above_all_claims_is_no_cap(scheme):
    """With a fixed LGD: a random one is drawn cohort by cohort."""
    scheme = simple(with_lgd(scheme, 0.6))
    capped = replace(scheme, contracts=tuple(replace(c, cohort_cap_rate=9.0) for c in scheme.contracts))
    assert_same(history(scheme), history(capped), exactly=False, but="cap_left")


@law(25)
@given(schemes())
def test_reinsurance_that_always_pays_leaves_the_first_payer_better_off_and_the_bank_as_it_was(scheme):
    scheme = simple(scheme)
    scheme = with_party(scheme, "alpha", opening=1e8)
    covers = tuple(
        replace(c, name=f"{c.name}.up", payer="epsilon", covers=c.name, share=0.4, claim_lag=1)
        for c in scheme.contracts
    )
    alone = history(scheme)
    insured = history(
        replace(scheme, parties=(*scheme.parties, RICH), contracts=(*scheme.contracts, *covers))
    )
    for lender in ("bank", "second_bank"):
        assert np.array_equal(alone[f"party/{lender}/balance"], insured[f"party/{lender}/balance"])
    assert never_below(insured["party/alpha/balance"], alone["party/alpha/balance"])


@law(25)
@given(calm_schemes(), st.integers(1, 6))
def test_a_later_claim_is_the_same_claim_when_nothing_comes_back_before(scheme, later):
    scheme = simple(scheme, claim_lag=0)
    scheme = replace(
        with_party(scheme, "alpha", limited=False),
        facilities=tuple(replace(f, recovery=()) for f in scheme.facilities),
    )
    delayed = replace(scheme, contracts=tuple(replace(c, claim_lag=later) for c in scheme.contracts))
    lending = scheme.window.lending
    at_once, late = (paid(history(s).until(lending)) for s in (scheme, delayed))
    assert near(at_once[:, :-later], late[:, later:])
    assert (late[:, :later] == 0.0).all()


# Money


@law(30)
@given(calm_schemes(), st.floats(0.0, 5000.0))
def test_a_larger_pool_never_leaves_more_unpaid_with_lending_held_fixed(scheme, more):
    scheme = simple(scheme)
    opening = next(p.opening for p in scheme.parties if p.name == "alpha")
    small = history(scheme)
    large = history(with_party(scheme, "alpha", opening=opening + more))
    assert never_below(paid(small, "unpaid"), paid(large, "unpaid"))
    assert (small.final("party/alpha/unpaid_month") <= large.final("party/alpha/unpaid_month")).all()
    assert never_below(large["party/alpha/balance"], small["party/alpha/balance"])


@law(25)
@given(calm_schemes())
def test_a_top_up_never_hastens_depletion_with_lending_held_fixed(scheme):
    scheme = simple(scheme)
    rule = TopUp(source="treasury", target="alpha", below=300.0, to=600.0, year_limit=900.0)
    without, with_it = history(scheme), history(replace(scheme, top_ups=(rule,)))
    assert (without.final("party/alpha/unpaid_month") <= with_it.final("party/alpha/unpaid_month")).all()
    assert never_below(with_it["party/alpha/balance"], without["party/alpha/balance"])


@law(30)
@given(schemes(), st.floats(0.0, 1e5))
def test_what_pools_hold_moves_nobodys_loans_without_limits_and_breakers(scheme, opening):
    scheme = calm(scheme)
    before, after = history(scheme), history(with_party(scheme, "alpha", opening=opening))
    for record in before.matching("book/"):
        assert np.array_equal(before[record], after[record]), record


@law(25)
@given(schemes(), st.floats(1.0, 1e4))
def test_an_injection_in_two_parts_is_one_injection(scheme, amount):
    def with_parts(*parts: float) -> History:
        injections = tuple(Injection(source="treasury", target="beta", month=4, amount=p) for p in parts)
        return history(replace(scheme, injections=(*scheme.injections, *injections)))

    assert_same(with_parts(2 * amount), with_parts(amount, amount), exactly=False)


@law(20)
@given(schemes())
def test_money_paid_in_at_the_start_is_an_injection_of_the_first_month(scheme):
    scheme = replace(scheme, injections=())
    opening = next(p.opening for p in scheme.parties if p.name == "delta")
    gift = Injection(source="treasury", target="delta", month=0, amount=opening)
    later = replace(with_party(scheme, "delta", opening=0.0), injections=(gift,))
    left, right = history(scheme), history(later)
    for record in left.snapshots.keys() - {"party/treasury/balance"}:
        assert np.array_equal(left.snapshots[record], right.snapshots[record], equal_nan=True), record


def scaled(thing, factor: float):
    """Return a scheme (or part of one) in another currency: every amount of money times a factor."""
    money = {
        Band: {"principal"},
        Party: {"opening"},
        Injection: {"amount"},
        TopUp: {"below", "to", "year_limit"},
        Tape: {"principal"},
        Contract: {"loan_attach", "loan_limit", "year_attach", "year_limit", "attach", "limit"},
        BridgeFund: {"cap_per_firm", "running_cost_annual"},
        RequestSize: {"up_to"},
    }.get(type(thing), set())
    changes = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.name in money or field.name == "amount_annual":
            changes[field.name] = factor * value
        elif field.name in {"monthly", "hold", "amounts"}:
            changes[field.name] = tuple(factor * amount for amount in value)
        elif is_dataclass(value):
            changes[field.name] = scaled(value, factor)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[field.name] = tuple(scaled(item, factor) for item in value)
    return replace(thing, **changes)


UNSCALED = {
    "loan_months", "avoided", "waiting_days", "waiting_days_served", "stopped_days", "stopped_month",
    "cut_breaker", "cut_obligor", "cut_firms", "cut_capacity", "cut_months",
}  # fmt: skip
"""Records that are no amounts of money."""


@law(40)
@given(schemes(), st.sampled_from([2.0, 8.0, 0.5]))
def test_another_currency_is_exact_for_powers_of_two(scheme, factor):
    # Logarithms of sizes; and what half a fen decides in an equity fund, which has a law of its own.
    scheme = without_equity(with_segments(scheme, sizes=None))
    left, right = history(scheme), history(scaled(scheme, factor))
    for record in left.snapshots:
        kind, last = record.split("/", 1)[0], record.rsplit("/", 1)[-1]
        counts = kind in {"breaker", "drawn", "segment"} or last.startswith("n_") or last in UNSCALED
        if last in {"unpaid_month", "insolvent_month"}:
            continue  # both are defined by half a fen, in whatever currency
        expected = left.snapshots[record] * (1.0 if counts else factor)
        assert np.array_equal(expected, right.snapshots[record]), record


# Loans


@law(25)
@given(schemes())
def test_what_is_lost_on_a_default_decides_nobodys_default_without_limits_and_breakers(scheme):
    scheme = calm(scheme)
    mild = history(with_lgd(scheme, 0.25))
    harsh = history(with_lgd(scheme, 0.625))
    for record in mild.matching("book/"):
        if record.endswith("/recoverable"):
            assert np.array_equal(mild[record], 2.0 * harsh[record]), record
        else:
            assert np.array_equal(mild[record], harsh[record]), record


@law(25)
@given(st.integers(1, 12), st.floats(0.01, 0.5), st.floats(0.0, 0.4), st.integers(0, 10**6))
def test_a_higher_pd_takes_away_no_default_of_a_small_stock(n_loans, pd, rho, first):
    """Path by path: of up to twelve loans one uniform decides how many default, whatever the PD."""
    micro = replace(
        seeded_scheme(0).segments[0],
        pd_annual=pd,
        threshold=None,
        rho=rho,
        sector=None,
        city_weight=1.0,
        maturity_share=0.0,
        term_months=12,
    )
    scheme = replace(
        static_pool(n_loans=n_loans, pd_annual=pd, rho=rho), segments=(replace(micro, name="firms"),)
    )
    micro = scheme.segments[0]
    riskier = replace(scheme, segments=(replace(micro, pd_annual=min(0.99, 1.3 * pd)),))
    record = "book/loans/firms/n_defaulted"
    low = history(scheme, paths=40, first=first).final(record)
    high = history(riskier, paths=40, first=first).final(record)
    assert (high >= low).all()


@law(12)
@given(calm_schemes())
def test_a_higher_pd_raises_the_expected_number_of_defaults(scheme):
    """Of loans that are not lent to in proportion to the survivors: without limits, levels and renewals."""
    scheme = open_handed(scheme)
    low, high = defaults(with_pd(scheme, 0.05)), defaults(with_pd(scheme, 0.2))
    assert (high - low).mean() >= 0.0
    assert (high - low).mean() > 0.0 or high.max() == 0.0


@law(12)
@given(calm_schemes())
def test_a_stress_never_lowers_the_expected_number_of_defaults(scheme):
    scheme = open_handed(scheme, rho=0.2)
    scheme = replace(scheme, economy=replace(scheme.economy, fixed=(), shift=()))
    stressed = replace(scheme, economy=replace(scheme.economy, shift=(-2.0,) * scheme.window.total))
    assert (defaults(stressed) - defaults(scheme)).mean() >= 0.0


@law(25)
@given(schemes())
def test_an_opening_stock_named_in_two_parts_is_one_stock(scheme):
    def doubled(parts: int) -> Scheme:
        facilities = tuple(
            replace(
                f,
                opening=tuple(
                    replace(o, n_loans=2 * o.n_loans // parts) for o in f.opening for _ in range(parts)
                ),
            )
            for f in scheme.facilities
        )
        return replace(scheme, facilities=facilities)

    assert_same(history(doubled(1)), history(doubled(2)), exactly=False)


@law(20)
@given(calm_schemes())
def test_without_correlation_the_step_of_the_factor_does_not_matter(scheme):
    scheme = with_segments(unsolved(without_bridges(scheme)), rho=0.0, renew=0.0)
    # A Student-t copula correlates defaults by its g alone, a new one each step.
    scheme = replace(scheme, economy=replace(scheme.economy, step_months=12, t_degrees=None))
    yearly = history(scheme)
    for step in (3, 1):
        other = history(replace(scheme, economy=replace(scheme.economy, step_months=step)))
        for record in yearly.matching("book/"):
            if not record.endswith("recoverable"):  # a random LGD follows the factor
                assert near(yearly[record], other[record]), record


@law(25)
@given(schemes(), st.floats(0.1, 0.9))
def test_a_recovery_in_two_parts_of_one_month_is_one_recovery(scheme, part):
    """Arrears are relieved in proportion to what is left, so with them only what comes back is the same."""
    carried = any(c.carry for c in scheme.contracts)
    if carried:
        scheme = calm(scheme)

    def with_parts(*shares: float) -> History:
        recovery = tuple(RecoveryPart(lag_months=7, share=s) for s in shares)
        return history(
            replace(scheme, facilities=tuple(replace(f, recovery=recovery) for f in scheme.facilities))
        )

    whole, split = with_parts(1.0), with_parts(part, 1.0 - part)
    if not carried:
        assert_same(whole, split, exactly=False)
    for lender in {f.lender for f in scheme.facilities}:
        record = f"flow/firms>{lender}/recovery"
        assert near(whole[record], split[record])


# Rules that stay idle


@law(25)
@given(schemes())
def test_a_breaker_that_never_fires_changes_nothing(scheme):
    scheme = replace(scheme, breakers=())
    idle = tuple(
        Breaker(
            name=f"{f.name}.idle",
            facility=f.name,
            metric="compensation_ratio",
            threshold=1e12,
            reset=0.0,
            action="terminate",
            party="alpha",
        )
        for f in scheme.facilities
    )
    assert_same(history(scheme), history(replace(scheme, breakers=idle)))


@law(20)
@given(schemes())
def test_a_margin_of_rate_0_changes_nothing(scheme):
    refund = MarginRefund(facility=scheme.facilities[0].name, party="delta", payee="firms", rate=0.0)
    scheme = replace(scheme, margin_refunds=())
    assert_same(history(scheme), history(replace(scheme, margin_refunds=(refund,))))


def _all_year(requests: DirectRequests | None) -> DirectRequests | None:
    return requests and replace(requests, seasonality=())


@law(20)
@given(schemes())
def test_the_calendar_year_and_month_of_the_start_change_nothing(scheme):
    """But for what clusters at quarters' ends and in seasons."""
    even = (replace(f, month_end_days=0.0, requests=_all_year(f.requests)) for f in scheme.bridges)
    scheme = replace(scheme, bridges=tuple(even))
    moved = replace(scheme.window, year=2031, month=9)
    assert_same(history(scheme), history(replace(scheme, window=moved)))


# Names and places


def turned(scheme: Scheme) -> Scheme:
    """Return the scheme with what has a name in the opposite order."""
    return replace(
        scheme,
        parties=scheme.parties[::-1],
        segments=scheme.segments[::-1],
        facilities=scheme.facilities[::-1],
        injections=scheme.injections[::-1],
        breakers=scheme.breakers[::-1],
    )


@law(25)
@given(schemes())
def test_the_order_in_which_facilities_parties_and_segments_are_named_does_not_matter(scheme):
    """Facilities that share one limit add their demand in another order: to a fen, not to the bit."""
    assert_same(history(scheme), history(turned(scheme)), exactly=False)


@pytest.mark.parametrize("seed", [83, 226, 1071, 1438])
def test_short_firms_of_a_tape_have_draws_that_no_other_tape_moves(seed):
    """Two tapes each, in one order and in the other."""
    scheme = seeded_scheme(seed)
    assert sum(f.tape is not None for f in scheme.facilities) > 1
    assert_same(history(scheme), history(turned(scheme)), exactly=False)


@law(25)
@given(schemes(), st.integers(1, 24))
def test_a_longer_run_off_gives_the_same_story_until_then(scheme, more):
    """Once every life ends inside the run-off: a life is drawn as far as the simulated months reach."""
    longest = max(s.term_months for s in scheme.segments)
    economy = replace(scheme.economy, shift=(), fixed=())
    window = replace(scheme.window, run_off=longest, lending_run_off=None)
    scheme = replace(scheme, economy=economy, window=window)
    longer = replace(scheme, window=replace(window, run_off=longest + more))
    scheme = replace(scheme, window=with_longest_life(scheme))
    longer = replace(longer, window=with_longest_life(longer))
    short, long = history(scheme), history(longer)
    lending = scheme.window.lending  # a fund may live longer, and then lending lives on in one of them
    for record, values in short.months.items():
        if not record.endswith("_month"):
            assert np.array_equal(values[:, :lending], long[record][:, :lending]), record
