"""Money is conserved on every path of every scheme, and no limit is passed."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from fundsim.core import engine
from fundsim.scheme import Contract
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import contract_record, party_record

from .books import check_books
from .histories import history
from .schemes import law, schemes, seeded_scheme


@law(150)
@given(schemes())
def test_books_balance_to_a_fen_on_every_path_of_any_scheme(scheme):
    check_books(scheme, history(scheme, paths=4))


@pytest.mark.parametrize("start", [0, 100])
def test_books_balance_to_a_fen_on_seeded_schemes(start):
    for seed in range(start, start + 100):
        scheme = seeded_scheme(seed)
        check_books(scheme, history(scheme, paths=2, first=17 * seed))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("start", range(1000, 11_000, 1000))
def test_books_balance_to_a_fen_on_ten_thousand_schemes(start):
    for seed in range(start, start + 1000):
        scheme = seeded_scheme(seed)
        check_books(scheme, history(scheme, paths=2))


@law(60)
@given(schemes())
def test_a_payer_is_depleted_from_the_first_month_in_which_it_leaves_a_claim_unpaid(scheme):
    h = history(scheme)
    for party in scheme.parties:
        mine = [c for c in scheme.contracts if c.payer == party.name]
        if any(c.carry for c in mine):
            continue
        unpaid = h.total(*(contract_record(c.name, "unpaid") for c in mine))
        short = np.diff(unpaid, axis=1, prepend=0.0) > HALF_A_FEN
        first = np.where(short.any(axis=1), short.argmax(axis=1), np.inf)
        # At several depths a payer may be short of less than half a fen at each.
        assert (h.final(party_record(party.name, "unpaid_month")) == first).all()


FEATURES = {
    "Student-t", "population", "amortising", "tape", "drawn", "books", "three limits", "arrears",
    "level", "deep", "short", "bridge", "equity",
}  # fmt: skip


def features(scheme):
    """Return which of the rarer features a scheme has, on any of its parts."""
    found = {
        "Student-t": scheme.economy.t_degrees is not None,
        "population": any(s.population is not None for s in scheme.segments),
        "amortising": any(s.outstanding_share for s in scheme.segments),
        "tape": any(f.tape is not None for f in scheme.facilities),
        "drawn": scheme.drawn,
        "books": scheme.guarantors,
        "three limits": any(len(f.capacities) >= 3 for f in scheme.facilities),
        "arrears": any(c.carry for c in scheme.contracts),
        "level": any(f.demand.hold for f in scheme.facilities),
        "short": any(s.shortage is not None for s in scheme.segments),
        "bridge": scheme.bridges,
        "equity": scheme.equity_funds,
        "deep": any(c.name.count(".") == 3 for c in scheme.contracts),
    }
    return {name for name, there in found.items() if there}


def test_the_random_schemes_meet_what_they_are_meant_to_meet():
    """A law over schemes in which nothing happens would hold for any program."""
    wanted = {
        "above_cap", "unpaid", "relieved", "recovered", "refused_breaker", "refused_firms",
        "refused_capacity", "defaulted_at_cliff", "defaulted_at_stop", "margin_refund", "top_up",
        "interest", "running_cost", "fee", "recovery_cost", "pending", "n_renewed",
        "refused_obligor", "receivable", "unearned", "reserve", "liability", "private", "cap_left",
        "entered", "exited", "population", "match", "subsidy", "n_short", "n_private",
        "private_cost", "n_bridged", "n_defaulted_unserved", "n_defaulted_after_bridge",
        "n_ineligible", "n_queued", "n_refused", "n_overdue", "losses", "recoveries",
        "cost_from_capital", "recapitalised", "stopped_days",
    }  # fmt: skip
    seen = set()
    depths, steps = set(), set()
    together = set()
    for seed in range(80):
        scheme = seeded_scheme(seed)
        h = history(scheme, paths=1)
        seen |= {
            kind for kind in wanted for name, v in h.snapshots.items() if name.endswith(kind) and v.max() > 1
        }
        depths |= {c.name.count(".") for c in scheme.contracts}
        steps.add(scheme.economy.step_months)
        together |= set(itertools.combinations(sorted(features(scheme)), 2))
    assert seen == wanted
    assert together == set(itertools.combinations(sorted(FEATURES), 2))
    assert depths == {1, 2, 3}
    assert steps == {0, 1, 3, 12}


@pytest.mark.parametrize("cap", ["limit", "year_limit", "cohort_cap_rate"])
def test_arrears_under_a_cap_are_refused(cap):
    """Claims that a cap cut when they fell due, and payments years later, would need two readings of it."""
    scheme = seeded_scheme(0)
    contract = Contract(name="both", facility="north", payer="alpha", share=0.5, carry=True)
    contract = replace(contract, **{cap: 0.5})
    with pytest.raises(ValueError, match="both carries arrears, so it can't have a cap"):
        engine(replace(scheme, contracts=(contract,)))


def test_arrears_under_a_cover_are_refused():
    carrying = Contract(name="below", facility="north", payer="alpha", share=0.5, carry=True)
    cover = Contract(name="above", facility="north", payer="beta", share=0.5, covers="below")
    with pytest.raises(ValueError, match="below carries arrears, so it can't be covered"):
        engine(replace(seeded_scheme(0), contracts=(carrying, cover)))


def test_net_and_gross_contracts_of_one_lender_are_refused():
    gross = Contract(name="gross", facility="north", payer="alpha", share=0.5)
    net = Contract(name="net", facility="north", payer="beta", share=0.5, net=True)
    with pytest.raises(ValueError, match="lender of north are net and gross"):
        engine(replace(seeded_scheme(0), contracts=(gross, net)))


def test_contracts_that_cover_each_other_are_refused():
    one = Contract(name="one", facility="north", payer="alpha", share=0.5, covers="two")
    two = Contract(name="two", facility="north", payer="beta", share=0.5, covers="one")
    with pytest.raises(ValueError, match="circle"):
        engine(replace(seeded_scheme(0), contracts=(one, two)))
