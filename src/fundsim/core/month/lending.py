"""Step 8, breakers and lending: who may lend, how much is asked for, how much there is room for.

Counts are whole loans.  Demand keeps the fraction of a loan for next month; what breaker, eligible
firms or capacity refuse lapses.
"""

from __future__ import annotations

import math

import numpy as np

from fundsim.core.machine.decorators import kernel, outlined
from fundsim.core.month.funding import charge_on_grant
from fundsim.core.month.guarantors import note_principal
from fundsim.core.month.held import note_lending, take_lending
from fundsim.core.month.ledger import transfer
from fundsim.core.pack.state import Holding
from fundsim.core.pack.tables import BreakerMetric, CapacityBasis
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["count_outstanding", "lend", "note_volume", "trip_breakers"]

ROUNDING = 1e-9
"""Added before a count is rounded down, so that 60.000 loans never become 59."""


@kernel
def count_outstanding(tables, state, month):
    """Performing principal plus defaulted principal whose claim is not yet due."""
    for f in range(tables.facilities.size):
        total = state.lending[f].performing
        for t in range(max(0, month - tables.facilities[f].claim_months + 1), month + 1):
            total += state.defaulted[t, f]
        state.facilities[f].outstanding = total


@kernel
def breaker_reading(breakers, state, j):
    """Return the metric that a breaker watches; 0 when nothing is out."""
    f = breakers[j].facility
    if breakers[j].metric == BreakerMetric.COMPENSATION_RATIO:
        account = breakers[j].account
        base = state.parties[account].paid_in
        paid = state.payers[account].compensation_year
        if breakers[j].lifetime == 1:
            paid = state.payers[account].compensation_life
        return paid / base if base > 0.0 else 0.0
    stock = state.facilities[f].npl
    if breakers[j].metric == BreakerMetric.OVERDUE_RATE:
        stock = state.facilities[f].overdue
    out = state.lending[f].performing + state.facilities[f].overdue
    return stock / out if out > HALF_A_FEN else 0.0


@kernel
def trip_breakers(tables, state, month):
    """Fire at metric ≥ threshold, lift at metric ≤ reset; ``terminate`` never lifts."""
    breakers = tables.breakers
    for j in range(breakers.size):
        reading = breaker_reading(breakers, state, j)
        if state.switches[j].tripped == 0 and reading >= breakers[j].threshold:
            state.switches[j].tripped = 1
            state.breakers[j].fired_month = min(state.breakers[j].fired_month, month)
        elif state.switches[j].tripped == 1 and breakers[j].for_good == 0 and reading <= breakers[j].reset:
            state.switches[j].tripped = 0
        state.breakers[j].months += state.switches[j].tripped
        state.lending[breakers[j].facility].no_renewal = (
            state.switches[j].tripped * breakers[j].stops_renewals
        )


@kernel
def apply_for_loans(tables, state, f, month):
    """Turn a month's demand into whole loans of each class: ``⌊D w/μ + carry + 1e-9⌋``."""
    demand = tables.demand[month, f]
    amount = demand.demand
    if not math.isnan(demand.hold):
        amount = max(0.0, demand.hold - state.facilities[f].outstanding)
    asked = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        loans = tables.classes[c]
        work = state.classes[c]
        exact = amount * loans.demand_loans + work.carry
        n = math.floor(exact + ROUNDING)
        work.carry = max(0.0, exact - n)
        work.wanted = np.int64(n)
        asked += n * loans.principal
    state.facilities[f].demand += asked


@kernel
def scale(tables, state, c, fraction):
    """Cut a class's wanted loans to ``⌊λ N + 1e-9⌋``; return the principal refused."""
    work = state.classes[c]
    kept = np.int64(math.floor(fraction * work.wanted + ROUNDING))
    refused = (work.wanted - kept) * tables.classes[c].principal
    work.wanted = kept
    return refused


@kernel
def scale_facility(tables, state, f, fraction):
    """Cut every class of a facility; return the principal refused."""
    refused = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        refused += scale(tables, state, c, fraction)
    return refused


@outlined
def limit_to_firms(tables, state):
    """New loans of a segment never exceed its eligible firms less those that have a loan."""
    classes = tables.classes
    for s in range(tables.segments.size):
        firms = tables.segments[s].firms
        if tables.segments[s].population >= 0:
            firms = np.int64(state.populations[tables.segments[s].population].population)
        if firms < 0:
            continue
        asked = 0
        for c in range(classes.size):
            if classes[c].segment == s:
                asked += state.classes[c].wanted
        room = max(0, firms - state.active[s])
        if asked > room:
            for c in range(classes.size):
                if classes[c].segment == s:
                    refused = scale(tables, state, c, room / asked)
                    state.facilities[classes[c].facility].refused_firms += refused


@kernel
def base_of(capacity, state):
    """Return the base of a lending limit: paid_in, balance less arrears, or net assets."""
    if capacity.basis == CapacityBasis.NET_ASSETS:
        return state.guarantors[capacity.guarantor].net_assets
    account = state.parties[capacity.account]
    if capacity.basis == CapacityBasis.BALANCE:
        return max(0.0, account.balance - state.payers[capacity.account].arrears)
    return account.paid_in


@kernel
def ceiling_of(capacity, state):
    """Return multiple × base, the multiple drawn for the path if it is a drawn one."""
    ceiling = capacity.multiple * base_of(capacity, state)
    return ceiling * state.drawn[capacity.drawn].value if capacity.drawn >= 0 else ceiling


@kernel
def wanted_on(tables, state, f):
    """Return the principal still wanted on a facility [yuan]."""
    asked = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        asked += state.classes[c].wanted * tables.classes[c].principal
    return asked


@outlined
def weighted_on(tables, state, f, g):
    """Return the principal still wanted on a facility, as it would count in a guarantor's liability."""
    asked = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        amount = state.classes[c].wanted * tables.classes[c].principal
        for w in range(tables.classes[c].first_weight, tables.classes[c].end_weight):
            if tables.stakes[tables.weights[w].stake].guarantor == g:
                asked += tables.weights[w].weight * amount
    return asked


@kernel
def limit_to_capacity(tables, state):
    """Exposure of the facilities on one limit ≤ multiple × base, pro rata to demand; limit after limit."""
    for j in range(tables.capacities.size):
        capacity = tables.capacities[j]
        ceiling = ceiling_of(capacity, state)
        weighted = capacity.basis == CapacityBasis.NET_ASSETS
        room = ceiling - state.guarantors[capacity.guarantor].liability if weighted else ceiling
        asked = 0.0
        for m in range(capacity.first_member, capacity.end_member):
            f = tables.members[m]
            if weighted:
                asked += weighted_on(tables, state, f, capacity.guarantor)
            else:
                room -= state.facilities[f].outstanding
                state.lending[f].ceiling = min(state.lending[f].ceiling, ceiling)
                asked += wanted_on(tables, state, f)
        if asked > 0.0 and asked > room:
            fraction = max(0.0, room) / asked
            for m in range(capacity.first_member, capacity.end_member):
                f = tables.members[m]
                state.facilities[f].refused_capacity += scale_facility(tables, state, f, fraction)


@outlined
def find_ceilings(tables, state):
    """Find each facility's smallest ceiling without cutting anything."""
    for j in range(tables.capacities.size):
        capacity = tables.capacities[j]
        if capacity.basis != CapacityBasis.NET_ASSETS:
            ceiling = ceiling_of(capacity, state)
            for m in range(capacity.first_member, capacity.end_member):
                f = tables.members[m]
                state.lending[f].ceiling = min(state.lending[f].ceiling, ceiling)


@kernel
def count_ceilings(state):
    """Add the month's smallest ceiling of each facility that has one."""
    for f in range(state.lending.size):
        if state.lending[f].ceiling < math.inf:
            state.facilities[f].capacity_months += state.lending[f].ceiling


@kernel
def remember_refusals(state, f):
    """Keep what was refused on a facility before this month."""
    state.lending[f].by_breaker = state.facilities[f].refused_breaker
    state.lending[f].by_obligor = state.facilities[f].refused_obligor
    state.lending[f].by_firms = state.facilities[f].refused_firms
    state.lending[f].by_capacity = state.facilities[f].refused_capacity


@kernel
def count_cuts(state, f):
    """Count a month for each reason for which a loan of a facility was refused in it, and for any."""
    figures = state.facilities[f]
    before = state.lending[f]
    cut = 0.0
    if figures.refused_breaker > before.by_breaker:
        figures.cut_breaker += 1.0
        cut = 1.0
    if figures.refused_obligor > before.by_obligor:
        figures.cut_obligor += 1.0
        cut = 1.0
    if figures.refused_firms > before.by_firms:
        figures.cut_firms += 1.0
        cut = 1.0
    if figures.refused_capacity > before.by_capacity:
        figures.cut_capacity += 1.0
        cut = 1.0
    figures.cut_months += cut


@outlined
def limit_to_obligors(tables, state):
    """Refuse loans of which a guarantor would retain more than a share of its net assets."""
    for j in range(tables.obligors.size):
        limit = tables.obligors[j]
        most = limit.share * state.guarantors[limit.guarantor].net_assets
        facility = tables.facilities[limit.facility]
        for c in range(facility.first_class, facility.end_class):
            if limit.retained * tables.classes[c].principal > most:
                state.facilities[limit.facility].refused_obligor += scale(tables, state, c, 0.0)


@kernel
def grant(tables, state, f):
    """Lend what is left of the applications on a facility; charge fees on it."""
    granted = 0.0
    granted_years = 0.0
    for c in range(tables.facilities[f].first_class, tables.facilities[f].end_class):
        n = state.classes[c].wanted
        if n > 0:
            loans = tables.classes[c]
            book = state.books[loans.book]
            amount = n * loans.principal
            state.classes[c].fresh += n
            state.active[loans.borrowers] += n
            book.n_new += n
            book.lent_new += amount
            book.n_performing += n
            book.performing += amount
            note_principal(tables, state, c, n, amount)
            granted += amount
            granted_years += amount * loans.loan_months / 12.0
    state.lending[f].granted = granted
    if granted > 0.0:
        state.lending[f].performing += granted
        state.facilities[f].outstanding += granted
        transfer(tables.lines, state, tables.facilities[f].loan_line, granted)
        charge_on_grant(tables.funding, tables.lines, state, f, granted, granted_years)


@kernel
def note_volume(tables, state, f, month, amount):
    """Add what a facility grants or renews to the volume of the present cohort, where cohorts are apart."""
    facility = tables.facilities[f]
    if amount > 0.0 and facility.end_batch - facility.first_batch > 1:
        state.volume[facility.first_batch + 1 + month // 12] += amount


@kernel
def decide(tables, state, month):
    """Demand, then what breakers, obligor limits, firms and capacity leave of it."""
    for f in range(tables.facilities.size):
        remember_refusals(state, f)
        apply_for_loans(tables, state, f, month)
        breaker = tables.facilities[f].breaker
        if breaker >= 0 and state.switches[breaker].tripped == 1:
            state.facilities[f].refused_breaker += scale_facility(tables, state, f, 0.0)
    if tables.obligors.size > 0:
        limit_to_obligors(tables, state)
    if tables.window.limited_firms == 1:
        limit_to_firms(tables, state)
    limit_to_capacity(tables, state)
    for f in range(tables.facilities.size):
        count_cuts(state, f)


@kernel
def lend(tables, state, month):
    """New loans of a month: those that the scheme decides on, or those that another run has granted."""
    for f in range(tables.facilities.size):
        state.lending[f].ceiling = math.inf
    if state.held.mode[0] == Holding.GIVEN:
        take_lending(tables, state, month)
        find_ceilings(tables, state)
    else:
        decide(tables, state, month)
        if state.held.mode[0] == Holding.NOTED:
            note_lending(tables, state, month)
    count_ceilings(state)
    for f in range(tables.facilities.size):
        grant(tables, state, f)
        note_volume(tables, state, f, month, state.lending[f].granted)
