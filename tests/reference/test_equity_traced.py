"""The ledger of a path with equity funds adds up to the balances and records of each engine."""

import pytest
from tests.laws.equity import seeded

from fundsim import core
from fundsim.scheme import CallOption, Waterfall
from fundsim.scheme.money import HALF_A_FEN
from fundsim.tracing import trace_scheme

from .equity_funds import ENGINES, SEED, equity_fund, path_with, scheme, sold


@pytest.fixture(params=ENGINES)
def traced(request, monkeypatch):
    """Return what traces a path of a scheme in one engine."""
    monkeypatch.setattr(core, "engine", ENGINES[request.param])
    return trace_scheme


def entries(trace, month):
    """Return (payer, payee, kind, amount) of the entries of a month, in order."""
    rows = trace.entries[trace.entries.month == month]
    return [tuple(row) for row in rows[["payer", "payee", "kind", "amount"]].itertuples(index=False)]


def events(trace, month):
    """Return what happened → its value in a month."""
    rows = trace.events[trace.events.month == month]
    return dict(zip(rows.what, rows.value, strict=True))


def test_a_trace_lists_what_a_fund_does_in_the_order_of_its_month(traced):
    """A deal of 1,000 in month 0, fees of 50 and later of 10; of 1,500 in month 12 carry is 0.2 × 340."""
    fund = equity_fund(
        investment=2, life=24, fee_rate=0.12, stages=sold(1.5, after=12), waterfall=Waterfall(carry=0.2)
    )
    trace = traced(scheme(fund), path=path_with(fund, 1, 0), seed=SEED)
    assert entries(trace, 0) == [
        ("treasury", "custody", "injection", 1000.0),
        ("custody", "fund", "equity_call", 200.0),
        ("partners", "fund", "equity_call", 800.0),
        ("fund", "firms", "equity_deal", 1000.0),
    ]
    assert entries(trace, 12) == [
        ("custody", "fund", "equity_call", 2.0),
        ("partners", "fund", "equity_call", 8.0),
        ("fund", "manager", "equity_fee", 10.0),
        ("firms", "fund", "equity_exit", 1500.0),
        ("fund", "treasury", "equity_distribution", 286.4),
        ("fund", "partners", "equity_distribution", 1145.6),
        ("fund", "manager", "equity_carry", 68.0),
    ]
    assert entries(trace, 23) == [("custody", "treasury", "equity_custody", 768.0)]
    # What the ledger does not say already.
    committed = {"committed_social": 4000.0, "committed_government": 1000.0}
    assert {**committed, "n_deals": 1.0, "set_up_month": 1.0}.items() <= events(trace, 0).items()
    steps = {"to_contributions": 1160.0, "to_carry": 68.0, "to_partners": 272.0}
    assert {**steps, "n_exited": 1.0}.items() <= events(trace, 12).items()
    assert not {"to_hurdle", "to_catch_up", "n_failed", "n_liquidated"} & events(trace, 12).keys()


def test_a_trace_shows_the_sale_of_the_stake(traced):
    fund = equity_fund(concession=CallOption(years=1, benchmark=0.0, option_mark=1.5))
    trace = traced(scheme(fund), path=path_with(fund, 1, 0, 0), seed=SEED)
    assert entries(trace, 11) == [
        ("partners", "treasury", "equity_option", 200.0),
        ("custody", "treasury", "equity_custody", 800.0),
    ]
    assert events(trace, 11) == {"option_cost": 100.0, "sold_month": 1.0}


@pytest.mark.parametrize("seed", range(12))
def test_the_trace_of_any_scheme_adds_up_and_nobody_pays_what_he_has_not(traced, seed):
    """``trace_scheme`` itself compares its sums with the run's balances and figures."""
    built = seeded(seed)
    trace = traced(built, path=seed, seed=SEED)
    mine = {party for fund in built.equity_funds for party in (fund.party, fund.custody)}
    paid = trace.entries[trace.entries.payer.isin(mine)]
    assert (paid.payer_balance > -HALF_A_FEN).all()
    accounts = trace.accounts.set_index("party")
    for party in mine:
        assert accounts.closing[party] == pytest.approx(accounts.in_run[party], abs=HALF_A_FEN)
