"""Identities of the SimPy engine's books, to a fen, at every month's end of many random schemes."""

from dataclasses import replace

import numpy as np
import pytest

from fundsim.reference import engine
from fundsim.scheme import Lgd, record_names
from fundsim.scheme.records import book_record, contract_record, facility_record, ledger_lines
from fundsim.verify.certain import certain_scheme
from fundsim.verify.schemes import single_pool

FEN = 0.01


def histories(scheme, paths=1, first=0):
    """Month-end values of every record that has them, each of shape (paths, months)."""
    names = record_names(scheme)
    recorded = names.flows + names.stocks + names.months
    block = engine(scheme, recorded).run(20150101, first, paths)
    return {name: block.series[:, :, column] for column, name in enumerate(recorded)}


def with_chance(scheme):
    """The same scheme under an economy that matters, with random loss given default."""
    segments = tuple(
        replace(
            s,
            pd_annual=0.2,
            rho=0.15,
            maturity_share=0.0 if s.outstanding_share else 0.4,
            lgd=Lgd(mean=0.5, sd=0.2, factor_correlation=0.2),
            renew=0.7,
            default_if_not_renewed=0.3,
        )
        for s in scheme.segments
    )
    economy = replace(scheme.economy, step_months=3, persistence=0.5)
    return replace(scheme, segments=segments, economy=economy)


def check_books(scheme, paths=1):
    h = histories(scheme, paths)
    lines = ledger_lines(scheme)
    for party in scheme.parties:
        into = sum(h[line.record] for line in lines if line.target == party.name)
        out = sum(h[line.record] for line in lines if line.source == party.name)
        assert np.abs(party.opening + into - out - h[f"party/{party.name}/balance"]).max() < FEN
        if party.limited:
            assert h[f"party/{party.name}/balance"].min() > -FEN
    for contract in scheme.contracts:
        due, paid, above, unpaid, relieved, back = (
            h[contract_record(contract.name, what)]
            for what in ("due", "paid", "above_cap", "unpaid", "relieved", "recovered")
        )
        assert np.abs(due - paid - above - unpaid - relieved).max() < FEN
        assert min(above.min(), unpaid.min(), relieved.min(), (paid - back).min()) > -FEN
    check_loans(scheme, h)
    check_loss_split(scheme, h)


def owed_at_start(facility, terms):
    """What the opening loans of a segment owe before month 0, those of a tape included."""
    shares = terms.outstanding_share or (1.0,) * terms.term_months
    mine = [o for o in facility.opening if o.segment == terms.name]
    owed = sum(
        o.n_loans * terms.bands[o.band].principal * shares[terms.term_months - o.months_left] for o in mine
    )
    if facility.tape is not None and terms.name in facility.tape.segments:
        row = facility.tape.segments.index(terms.name)
        owed += facility.tape.principal[facility.tape.segment == row].sum()
    return owed


def check_loans(scheme, h):
    for facility in scheme.facilities:
        books = [b.segment for b in facility.borrowers]
        for segment in books:
            terms = next(s for s in scheme.segments if s.name == segment)
            stock = owed_at_start(facility, terms)
            flow = {
                what: h[book_record(facility.name, segment, what)]
                for what in ("lent_new", "lent_renewed", "defaulted", "matured", "performing")
            }
            lent = stock + flow["lent_new"] + flow["lent_renewed"]
            assert np.abs(lent - flow["defaulted"] - flow["matured"] - flow["performing"]).max() < FEN
        lent_new = sum(h[book_record(facility.name, s, "lent_new")] for s in books)
        refused = sum(
            h[facility_record(facility.name, f"refused_{why}")]
            for why in ("breaker", "obligor", "firms", "capacity")
        )
        assert np.abs(h[facility_record(facility.name, "demand")] - lent_new - refused).max() < FEN


def check_loss_split(scheme, h):
    """Net outlays of all parties are the gross losses less recoveries net of costs, none negative.

    Nobody gains by a default, unless interest is covered too, arrears come in after a later contract has
    paid for them, or a net contract stands beside a gross one, to which alone recoveries return.
    """
    defaulted = sum(
        h[book_record(f.name, b.segment, "defaulted")] for f in scheme.facilities for b in f.borrowers
    )
    recovered = h["flow/firms>bank/recovery"] - h.get("flow/bank>outside/recovery_cost", 0.0)
    net = {party.name: 0.0 for party in scheme.parties}
    net["bank"] = defaulted - recovered
    lines = {line for line in ledger_lines(scheme) if line.kind in {"claim", "recovery_share"}}
    for line in lines:
        net[line.source] = net[line.source] + h[line.record]
        net[line.target] = net[line.target] - h[line.record]
    assert np.abs(sum(net.values()) - (defaulted - recovered)).max() < FEN
    if not any(c.basis != "principal" or c.carry or c.net for c in scheme.contracts):
        assert min(np.min(outlay) for outlay in net.values()) > -FEN


@pytest.mark.parametrize("number", range(60))
def test_books_balance_on_schemes_without_chance(number):
    check_books(certain_scheme(number))


@pytest.mark.parametrize("number", range(100, 120))
def test_books_balance_on_schemes_with_chance(number):
    check_books(with_chance(certain_scheme(number)), paths=3)


def test_the_random_schemes_meet_what_they_are_meant_to_meet():
    seen = set()
    for number in range(60):
        scheme = certain_scheme(number)
        last = {name: values[0, -1] for name, values in histories(scheme).items()}
        kinds = ("above_cap", "unpaid", "relieved", "recovered", "refused_breaker", "refused_firms")
        kinds += ("refused_capacity", "defaulted_at_cliff", "defaulted_at_stop", "margin_refund", "top_up")
        seen |= {kind for kind in kinds for name, value in last.items() if name.endswith(kind) and value > 1}
    assert len(seen) == len(kinds)


def test_a_path_is_the_same_alone_and_among_others():
    together = engine(single_pool(), ("party/pool/balance",)).run(3, 0, 4)
    alone = engine(single_pool(), ("party/pool/balance",)).run(3, 2, 1)
    assert (alone.snapshots[0] == together.snapshots[2]).all()
    assert (alone.series[0] == together.series[2]).all()
    assert not (together.snapshots[1] == together.snapshots[2]).all()
