"""Step 8, breakers and lending: who may lend, how much is asked for, how much there is room for.

Counts are whole loans.  Demand keeps the fraction of a loan for next month; what breaker, eligible
firms or capacity refuse lapses.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.compile import kernel
from fundsim.core.funding import charge_fees_on_grant
from fundsim.core.ledger import transfer

__all__ = ["count_outstanding", "lend", "trip_breakers"]

HALF_A_FEN = 0.005
ROUNDING = 1e-9
"""Added before a count is rounded down, so that 60.000 loans never become 59."""


@kernel
def count_outstanding(tables, state, month):
    """Performing principal plus defaulted principal whose claim is not yet due."""
    facilities = tables.facilities
    for f in range(facilities.size):
        total = state.lending.performing[f]
        for t in range(max(0, month - facilities.claim_months[f] + 1), month + 1):
            total += state.defaulted[t, f]
        state.facilities.outstanding[f] = total


@kernel
def breaker_reading(breakers, state, j):
    """Return the metric that a breaker watches; 0 when nothing is out."""
    f = breakers.facility[j]
    if breakers.metric[j] == 2:
        account = breakers.account[j]
        base = state.accounts.paid_in[account]
        paid = state.payers.compensation_year[account]
        if breakers.lifetime[j] == 1:
            paid = state.payers.compensation_life[account]
        return paid / base if base > 0.0 else 0.0
    stock = state.facilities.overdue[f] if breakers.metric[j] == 0 else state.facilities.npl[f]
    out = state.lending.performing[f] + state.facilities.overdue[f]
    return stock / out if out > HALF_A_FEN else 0.0


@kernel
def trip_breakers(tables, state, month):
    """Fire at metric ≥ threshold, lift at metric ≤ reset; ``terminate`` never lifts."""
    breakers = tables.breakers
    for j in range(breakers.size):
        reading = breaker_reading(breakers, state, j)
        if state.switches.tripped[j] == 0 and reading >= breakers.threshold[j]:
            state.switches.tripped[j] = 1
            if state.breakers.fired_month[j] > month:
                state.breakers.fired_month[j] = month
        elif state.switches.tripped[j] == 1 and breakers.for_good[j] == 0 and reading <= breakers.reset[j]:
            state.switches.tripped[j] = 0
        state.breakers.months[j] += state.switches.tripped[j]
        state.lending.no_renewal[breakers.facility[j]] = state.switches.tripped[j] * breakers.stops_renewals[j]


@kernel
def apply_for_loans(tables, state, f, month):
    """Turn a month's demand into whole loans of each class: ``⌊D w/μ + carry + 1e-9⌋``."""
    facilities = tables.facilities
    amount = tables.demand.demand[month, f]
    if not math.isnan(tables.demand.hold[month, f]):
        amount = max(0.0, tables.demand.hold[month, f] - state.facilities.outstanding[f])
    for c in range(facilities.first_class[f], facilities.end_class[f]):
        exact = amount * tables.classes.demand_loans[c] + state.classes.carry[c]
        n = np.int64(math.floor(exact + ROUNDING))
        state.classes.carry[c] = max(0.0, exact - n)
        state.classes.wanted[c] = n
        state.facilities.demand[f] += n * tables.classes.principal[c]


@kernel
def scale(tables, state, c, fraction):
    """Cut a class's wanted loans to ``⌊λ N + 1e-9⌋``; return the principal refused."""
    kept = np.int64(math.floor(fraction * state.classes.wanted[c] + ROUNDING))
    refused = (state.classes.wanted[c] - kept) * tables.classes.principal[c]
    state.classes.wanted[c] = kept
    return refused


@kernel
def refuse_all(tables, state, f):
    """Refuse every application on a facility; return the principal refused."""
    refused = 0.0
    for c in range(tables.facilities.first_class[f], tables.facilities.end_class[f]):
        refused += scale(tables, state, c, 0.0)
    return refused


@kernel
def limit_to_firms(tables, state):
    """New loans of a segment never exceed its eligible firms less those that have a loan."""
    classes = tables.classes
    for s in range(tables.segments.size):
        if tables.segments.firms[s] < 0:
            continue
        asked = 0
        for c in range(classes.size):
            if classes.segment[c] == s:
                asked += state.classes.wanted[c]
        room = max(0, tables.segments.firms[s] - state.active[s])
        if asked > room:
            for c in range(classes.size):
                if classes.segment[c] == s:
                    refused = scale(tables, state, c, room / asked)
                    state.facilities.refused_firms[classes.facility[c]] += refused


@kernel
def base_of(tables, state, j):
    """Return the base of a lending limit: paid_in, or balance less arrears."""
    account = tables.capacities.account[j]
    if tables.capacities.on_balance[j] == 1:
        return max(0.0, state.accounts.balance[account] - state.payers.arrears[account])
    return state.accounts.paid_in[account]


@kernel
def limit_to_capacity(tables, state):
    """Σ outstanding of the facilities on one base ≤ multiple × base, pro rata to demand."""
    facilities = tables.facilities
    for j in range(tables.capacities.size):
        ceiling = tables.capacities.multiple[j] * base_of(tables, state, j)
        room = ceiling
        asked = 0.0
        for f in range(facilities.size):
            if facilities.capacity[f] == j:
                room -= state.facilities.outstanding[f]
                state.facilities.capacity_months[f] += ceiling
                for c in range(facilities.first_class[f], facilities.end_class[f]):
                    asked += state.classes.wanted[c] * tables.classes.principal[c]
        if asked > room:
            fraction = max(0.0, room) / asked
            for f in range(facilities.size):
                if facilities.capacity[f] == j:
                    for c in range(facilities.first_class[f], facilities.end_class[f]):
                        state.facilities.refused_capacity[f] += scale(tables, state, c, fraction)


@kernel
def grant(tables, state, f):
    """Lend what is left of the applications on a facility; charge fees on it."""
    classes = tables.classes
    granted = 0.0
    granted_years = 0.0
    for c in range(tables.facilities.first_class[f], tables.facilities.end_class[f]):
        n = state.classes.wanted[c]
        if n > 0:
            amount = n * classes.principal[c]
            b = classes.book[c]
            state.classes.fresh[c] += n
            state.active[classes.segment[c]] += n
            state.books.n_new[b] += n
            state.books.lent_new[b] += amount
            state.books.n_performing[b] += n
            state.books.performing[b] += amount
            granted += amount
            granted_years += amount * classes.term[c] / 12.0
    state.lending.granted[f] = granted
    if granted > 0.0:
        state.lending.performing[f] += granted
        state.facilities.outstanding[f] += granted
        transfer(tables.lines, state, tables.facilities.loan_line[f], granted)
        charge_fees_on_grant(tables.funding, tables.lines, state, f, granted, granted_years)


@kernel
def note_volume(tables, state, month):
    """Add what was granted and renewed this month to the volume of its cohort."""
    for f in range(tables.facilities.size):
        first = tables.facilities.first_batch[f]
        if tables.facilities.end_batch[f] - first > 1:
            state.volume[first + 1 + month // 12] += state.lending.renewed[f] + state.lending.granted[f]


@kernel
def lend(tables, state, month):
    """Demand, then what breakers, eligible firms and capacity leave of it, then the loans."""
    n_facilities = tables.facilities.size
    for f in range(n_facilities):
        apply_for_loans(tables, state, f, month)
        breaker = tables.facilities.breaker[f]
        if breaker >= 0 and state.switches.tripped[breaker] == 1:
            state.facilities.refused_breaker[f] += refuse_all(tables, state, f)
    if tables.window.limited_firms == 1:
        limit_to_firms(tables, state)
    limit_to_capacity(tables, state)
    for f in range(n_facilities):
        grant(tables, state, f)
    note_volume(tables, state, month)
