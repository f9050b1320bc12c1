"""A whole scenario to a whole scheme."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from fundsim.instruments import KINDS, Context, Kind, Part, joined
from fundsim.lowering.bridging import refuse_private_bridges
from fundsim.lowering.budget import budget_part, with_unlimited_line
from fundsim.lowering.economy import Factors
from fundsim.lowering.losses import with_tape_losses
from fundsim.lowering.refusals import Refusals, Refused
from fundsim.lowering.segments import STEP_MONTHS, factors_of_economy, laws_of_tape, lower_segment
from fundsim.lowering.targets import targets_of
from fundsim.metrics.budget import budget_metrics
from fundsim.metrics.contingent import contingent_metrics
from fundsim.metrics.segments import segment_metrics
from fundsim.metrics.whole import scheme_metrics
from fundsim.scenario import Scenario, ScenarioTerms, Term
from fundsim.scheme import Economy, Elements, Facility, Party, Scheme, Segment, Window
from fundsim.scheme.rules import with_longest_life
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.scheme.surroundings import BANKS, CITY, FIRMS, OUTSIDE

__all__ = ["lower"]

SURROUNDINGS = (
    Party(name=CITY, limited=False, public=True),
    Party(name=FIRMS, limited=False),
    Party(name=OUTSIDE, limited=False),
)


def _sectors(terms: ScenarioTerms) -> tuple[str, ...]:
    """Return the sectors whose factors move something: loans of segments, or deals of equity funds."""
    return tuple(sorted({one.sector for one in terms.of_sectors if one.city_weight < 1.0}))


def _correlation(terms: ScenarioTerms, sectors: tuple[str, ...]) -> tuple[tuple[float, ...], ...]:
    given = terms.economy.sector_correlation
    if isinstance(given, float):
        return tuple(tuple(1.0 if a == b else given for b in sectors) for a in sectors)
    pairs = {frozenset(pair.between): pair.correlation for pair in given}
    return tuple(
        tuple(1.0 if a == b else pairs.get(frozenset((a, b)), 0.0) for b in sectors) for a in sectors
    )


def _economy(terms: ScenarioTerms, window: Window, persistence: float) -> Economy:
    shift = [0.0] * window.total
    fixed = [math.nan] * window.total
    for stress in terms.economy.stress:
        first = stress.from_.months_since(terms.window.start)
        last = stress.to.months_since(terms.window.start)
        for month in range(max(0, first), min(last + 1, window.total)):
            if stress.fix is not None:
                fixed[month] = stress.fix
            elif stress.shift is not None:
                shift[month] += stress.shift
    sectors = _sectors(terms)
    return Economy(
        step_months=STEP_MONTHS[terms.economy.step],
        persistence=persistence,
        sectors=sectors,
        sector_correlation=_correlation(terms, sectors),
        start=terms.economy.start,
        t_degrees=terms.economy.t_degrees,
        shift=tuple(shift) if any(shift) else (),
        fixed=tuple(fixed) if not all(map(math.isnan, fixed)) else (),
    )


def _run_off(whole: Part, segments: Mapping[str, Segment]) -> int:
    """Return what the longest loan, claim and recovery of a facility need after the window.

    A firm that waits for a bridge when the window ends may default later than the last loan falls due.
    """
    longest = 0
    for facility in whole.facilities:
        term = max(segments[b.segment].term_months for b in facility.borrowers)
        waits = (fund.deadline_days for fund in whole.bridges if facility.name in fund.facilities)
        term = max(term, math.ceil(max(waits, default=0.0) / DAYS_PER_MONTH))
        contracts = whole.contracts
        claim = max((c.delay(contracts) for c in contracts if c.facility == facility.name), default=0)
        recovery = max((part.lag_months for part in facility.recovery), default=0)
        longest = max(longest, term + claim + recovery)
    return longest


def _merge(parties: dict[str, Party], part: Part, lender: str | None) -> None:
    """Add the parties of an instrument to those that there are; a bank may serve several instruments."""
    for party in part.parties:
        if parties.setdefault(party.name, party) != party:
            own = party.name == lender
            raise Refused(
                f"two different parties are called {party.name}",
                "choose another lender" if own else "rename the instrument or its lender",
                f"有两个不同的主体都叫 {party.name}",
                "请更改合作银行名称" if own else "请更改工具名称或合作银行名称",
                at=("lender",) if own else (),
            )


def _context(terms: ScenarioTerms, segments: Mapping[str, Segment], factors: Factors) -> Context:
    def riskier(name: str, times: float) -> Segment:
        try:
            return lower_segment(name, terms.segments[name], factors, times)
        except Refused as refused:
            problem, fix, problem_zh, fix_zh = refused.message
            raise Refused(
                f"of loans of {name} with {times:g} × the PD: {problem}",
                f"write another evergreening; or {fix}",
                f"{name} 的贷款违约概率乘以 {times:g} 后：{problem_zh}",
                f"请修改 evergreening；或{fix_zh.removeprefix('请')}",
                at=("evergreening",),
            ) from refused

    return Context(
        window=terms.window,
        segments=segments,
        regime_year=terms.regime_year,
        liquidity={name: s.liquidity_pd(s.loan.term_months) for name, s in terms.segments.items()},
        subs=_subs(terms),
        riskier=riskier,
    )


def _subs(terms: ScenarioTerms) -> dict[str, tuple[str, ...]]:
    """Return instrument → those that name it as their parent."""
    parents = {name: getattr(one, "parent", None) for name, one in terms.instruments.items()}
    named = dict.fromkeys(parent for parent in parents.values() if parent is not None)
    return {parent: tuple(name for name, one in parents.items() if one == parent) for parent in named}


def _instruments(
    scenario: Scenario, kinds: Mapping[str, Kind], context: Context, refusals: Refusals
) -> dict[str, Part]:
    """Return the part of each instrument that can be lowered, in the order of the scenario.

    Kinds that need what others lend come after these, and only if all of these could be lowered.
    """
    terms = scenario.terms
    lenders = {name: one for name, one in terms.instruments.items() if not _is_after(scenario, name, kinds)}
    parts = _lowered(scenario, lenders, kinds, context, refusals)
    if len(parts) == len(lenders):
        others = {name: one for name, one in terms.instruments.items() if name not in lenders}
        lent = joined(*parts.values())
        context = replace(context, facilities=lent.facilities, payments=lent.payments)
        parts |= _lowered(scenario, others, kinds, context, refusals)
    return {name: parts[name] for name in terms.instruments if name in parts}


def _is_after(scenario: Scenario, name: str, kinds: Mapping[str, Kind]) -> bool:
    return kinds[scenario.kinds[name]].after_lending


def _lowered(
    scenario: Scenario,
    instruments: Mapping[str, Term],
    kinds: Mapping[str, Kind],
    context: Context,
    refusals: Refusals,
) -> dict[str, Part]:
    terms = scenario.terms
    factors = factors_of_economy(terms.economy)
    parts = {}
    for name, instrument in instruments.items():
        with refusals.of("instruments", name):
            part = kinds[scenario.kinds[name]].lower(name, instrument, context)
            risky = [_with_tape_risks(f, terms, factors) for f in part.facilities]
            facilities = tuple(with_tape_losses(f, terms.segments, factors) for f in risky)
            parts[name] = replace(part, facilities=facilities)
    return parts


def lower(scenario: Scenario, kinds: Mapping[str, Kind] = KINDS) -> Scheme:
    """Lower a scenario: the only way from what is written to what is run.

    Args:
        scenario: a loaded scenario.
        kinds: the registry with which it was loaded.

    Raises:
        ScenarioError: something that the scenario says can't be lowered; it has the place of each.
    """
    terms = scenario.terms
    factors = factors_of_economy(terms.economy)
    refusals = Refusals(scenario)
    segments: dict[str, Segment] = {}
    for name, segment in terms.segments.items():
        with refusals.of("segments", name):
            segments[name] = lower_segment(name, segment, factors)
    refusals.raise_any()
    context = _context(terms, segments, factors)
    parts = _instruments(scenario, kinds, context, refusals)
    parties = {party.name: party for party in SURROUNDINGS}
    if any(part.bank_books for part in parts.values()):
        parties[BANKS] = Party(name=BANKS, limited=False)
    for name, part in parts.items():
        with refusals.of("instruments", name):
            _merge(parties, part, getattr(terms.instruments[name], "lender", None))
    refusals.raise_any()
    for party in budget_part(terms.budget, terms.window).parties:
        parties.setdefault(party.name, party)
    whole = joined(budget_part(terms.budget, terms.window), *parts.values())
    whole = with_unlimited_line(whole)
    refuse_private_bridges(terms, whole, refusals)
    refusals.raise_any()
    run_off = terms.window.run_off
    window = Window(
        year=terms.window.start.year,
        month=terms.window.start.month,
        months=terms.window.months,
        run_off=_run_off(whole, segments) if run_off is None else run_off,
    )
    used = {b.segment for f in whole.facilities for b in f.borrowers}
    elements: dict[str, Any] = {field.name: getattr(whole, field.name) for field in fields(Elements)}
    scheme = Scheme(
        window=window,
        economy=_economy(terms, window, factors.persistence),
        segments=tuple(s for name, s in segments.items() if name in used),
        **elements | {"parties": tuple(parties.values())},
    )
    window = with_longest_life(scheme)
    scheme = replace(scheme, window=window, economy=_economy(terms, window, factors.persistence))
    scheme = _with_metrics(scheme, whole.metrics)
    targets = targets_of(terms.targets, scheme, refusals)
    refusals.raise_any()
    return replace(scheme, targets=targets)


def _with_tape_risks(facility: Facility, terms: ScenarioTerms, factors: Factors) -> Facility:
    """Return a facility whose tape has the threshold and the ρ of a factor's step for each loan.

    Raises:
        Refused: a loan's PD can't be kept under the t copula.
    """
    tape = facility.tape
    if tape is None or not factors.solved:
        return facility
    threshold, rho = np.empty(tape.n_loans), np.empty(tape.n_loans)
    for position, name in enumerate(tape.segments):
        mine = tape.segment == position
        if mine.any():
            laws = laws_of_tape(name, tape.pd_annual[mine], terms.segments[name].rho, factors)
            threshold[mine], rho[mine] = laws
    for column in (threshold, rho):
        column.flags.writeable = False
    return replace(facility, tape=replace(tape, threshold=threshold, rho=rho))


def _with_metrics(scheme: Scheme, metrics: tuple[Any, ...]) -> Scheme:
    own = {metric.name for metric in metrics}
    return replace(
        scheme,
        metrics=(
            *metrics,
            *segment_metrics(scheme, own),
            *contingent_metrics(scheme),
            *budget_metrics(scheme),
            *scheme_metrics(scheme),
        ),
    )
