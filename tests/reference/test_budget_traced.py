"""The ledger of a path with a budget adds up to the balances and records of each engine."""

import pytest
from tests.laws.budgets import seeded

from fundsim import core
from fundsim.scheme import BankBook
from fundsim.scheme.money import HALF_A_FEN
from fundsim.tracing import trace_scheme

from .budgets import ACCOUNT, ENGINES, SEED, dated, half, injection, line, payment, scheme


@pytest.fixture(params=ENGINES)
def traced(request, monkeypatch):
    """Return what traces a path of a scheme in one engine."""
    monkeypatch.setattr(core, "engine", ENGINES[request.param])
    return trace_scheme


def entries(trace, month):
    """Return (step, payer, payee, kind, amount) of the entries of a month, in order."""
    rows = trace.entries[trace.entries.month == month]
    columns = ["step", "payer", "payee", "kind", "amount"]
    return [tuple(row) for row in rows[columns].itertuples(index=False)]


def events(trace, month):
    """Return what happened → its value in a month."""
    rows = trace.events[trace.events.month == month]
    return dict(zip(rows.what, rows.value, strict=True))


def test_a_trace_lists_what_a_line_does_in_the_order_of_its_month(traced):
    """Half of 200 comes in month 0; 70 of the 80 of rent find money, and 30 go into the fund before that."""
    rent = dated(m0=80.0, m12=20.0)
    book = BankBook(name="bank", opening=1000.0, growth=0.1)
    rise = payment("increment", book="bank", book_rate=0.05)
    match = injection(0, 10.0, source="treasury", kind="match", follows=True)
    built = scheme(half(), line(200.0, 100.0), injection(0, 30.0), match, rent, rise, bank_books=(book,))
    trace = traced(built, path=0, seed=SEED)
    assert entries(trace, 0) == [
        (2, "city", ACCOUNT, "appropriation", 100.0),
        (2, ACCOUNT, "fund", "injection", 30.0),
        (2, "treasury", "fund", "match", 10.0),
        (8, ACCOUNT, "firms", "expense", 70.0),
    ]
    assert entries(trace, 12) == [
        (2, "city", ACCOUNT, "appropriation", 50.0),
        (8, ACCOUNT, "firms", "expense", 20.0),
    ]
    assert entries(trace, 14) == [(8, ACCOUNT, "firms", "subsidy", 5.0)]
    # In month 23 the 5.50 of the second increase are kept; they are paid in month 26.
    assert entries(trace, 23) == [(8, ACCOUNT, "city", "lapse", 19.5)]
    assert entries(trace, 26) == [(8, ACCOUNT, "firms", "subsidy", 5.5)]
    assert {"line.lost": 100.0, "payment.refused": 10.0}.items() <= events(trace, 0).items()
    assert {"increase": 100.0, "payment.due": 5.0}.items() <= events(trace, 11).items()


@pytest.mark.parametrize("seed", range(12))
def test_the_trace_of_any_budget_adds_up_and_nobody_pays_what_he_has_not(traced, seed):
    """``trace_scheme`` itself compares its sums with the run's balances and figures."""
    built = seeded(seed)
    trace = traced(built, path=seed, seed=SEED)
    mine = {one.party for one in built.budget_lines if one.appropriations}
    paid = trace.entries[trace.entries.payer.isin(mine)]
    assert (paid.payer_balance > -HALF_A_FEN).all()
    accounts = trace.accounts.set_index("party")
    for party in mine:
        assert accounts.closing[party] == pytest.approx(accounts.in_run[party], abs=HALF_A_FEN)
