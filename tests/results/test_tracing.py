"""One path as a dated ledger: its sums are the run's own figures of that path."""

import csv
import io
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from tests.instruments.by_hand import SOUND, pool, whole, written
from tests.laws.schemes import seeded_scheme

import fundsim as fs
from fundsim.core import engine
from fundsim.errors import EngineError
from fundsim.lowering import lower
from fundsim.report.ledger import ledger_csv
from fundsim.scenario import bundled_names
from fundsim.scheme import NOUNS, Breaker, BridgeFund, Nature, Payment, RequestSize, record_names
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import ledger_lines, party_record, records_of
from fundsim.tracing import trace_scheme
from fundsim.tracing.ledger_words import EVENTS, KINDS, STEPS, event_name
from fundsim.tracing.proof import check
from fundsim.tracing.rows import Account, Entry, Event, Trace

SUMS = {"capacity_months", "outstanding_months", "loan_months", "capital_days", "out_days", "stopped_days"}
SUMS |= {"cut_breaker", "cut_obligor", "cut_firms", "cut_capacity", "cut_months"}
"""Stocks summed over time, and months that are counted: what a month adds to them is no event."""
SHOWN_OTHERWISE = {"use_days", "avoided", "avoided_amount", "fees", "recoveries", "running_cost"}
"""Of a bridge fund: a product, an expectation, and money that the ledger has."""
EQUITY_ELSEWHERE = {
    "called_social", "called_government", "invested", "fees", "fees_asked", "proceeds", "ceded", "clawback",
    "distributed_government", "distributed_social", "option_price",
    "called_by_buyers", "distributed_to_buyers", "invested_social", "invested_local", "realised_cost",
    "subsidised", "subsidy_due", "granted", "grants_due", "joined", "joint_cost", "joint_proceeds",
}  # fmt: skip
"""Of an equity fund: money that the ledger has, and parts of it; steps of the waterfall are events."""


def own_records(scheme, seed, path):
    """Return the records at the end of a path as a run without any series has them."""
    row = engine(scheme, ()).run(seed, path, 1).snapshots[0, -1]
    return dict(zip(record_names(scheme).all, row.tolist(), strict=True))


@pytest.mark.parametrize("number", range(40))
def test_entries_sum_to_the_ledger_of_the_run_on_any_scheme(number):
    scheme = seeded_scheme(number)
    traced = trace_scheme(scheme, path=3 * number, seed=11)
    own = own_records(scheme, 11, 3 * number)
    moved = defaultdict(float)
    held = {p.name: p.opening for p in scheme.parties}
    for e in traced.rows:
        moved[e.payer, e.payee, e.kind] += e.amount
        held[e.payer] -= e.amount
        held[e.payee] += e.amount
        for party, balance in ((e.payer, e.payer_balance), (e.payee, e.payee_balance)):
            if balance is not None:
                assert balance == pytest.approx(held[party], abs=1e-3)
                assert balance > -HALF_A_FEN
    for line in ledger_lines(scheme):
        assert moved[line.source, line.target, line.kind] == pytest.approx(own[line.record], abs=HALF_A_FEN)
    for party, balance in held.items():
        assert balance == pytest.approx(own[party_record(party, "balance")], abs=HALF_A_FEN)
    order = [(e.month, e.step) for e in traced.rows]
    assert order == sorted(order)


@pytest.mark.parametrize("number", range(10))
def test_events_sum_to_the_flows_of_the_run_on_any_scheme(number):
    scheme = seeded_scheme(number)
    traced = trace_scheme(scheme, path=number, seed=11)
    own = own_records(scheme, 11, number)
    happened = defaultdict(float)
    for event in traced.happened:
        happened[event.subject, event.what] += event.value
    for name, noun, record, subject in records_of(scheme):
        if record.nature is Nature.FLOW and noun is not Breaker and record.step is not None:
            assert happened[subject, record.name] == pytest.approx(own[name], abs=HALF_A_FEN), name


@pytest.mark.parametrize("name", ["minimal", "taiyuan_2015_2017"])
def test_figures_are_those_of_the_run_with_the_same_seed(name):
    scenario = fs.load(name)
    traced = fs.trace(scenario, path=2, seed=5)
    run = fs.simulate(scenario, paths=3, seed=5, threads=1)
    row = run.paths.iloc[2]
    assert {f.name for f in traced.checked} == set(row.index) - {"path"}
    for figure in traced.checked:
        expected = row[figure.name]
        if np.isnan(expected):
            assert figure.in_run is None, figure.name
            assert figure.by_ledger is None, figure.name
            continue
        assert figure.in_run == expected, figure.name
        assert figure.by_ledger == pytest.approx(figure.in_run, rel=1e-6, abs=HALF_A_FEN), figure.name


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_scenario_can_be_traced_in_words_of_both_languages(name):
    scenario = fs.load(name)
    scheme = lower(scenario)
    assert {line.kind for line in ledger_lines(scheme)} <= set(KINDS)
    traced = fs.trace(scenario, path=0)
    assert {e.what for e in traced.happened} <= set(EVENTS)
    assert {e.step for e in (*traced.rows, *traced.happened)} <= set(STEPS)
    english, chinese = (ledger_csv(traced, lang).splitlines() for lang in ("en", "zh"))
    assert len(english) == len(chinese)
    # Every step and every entry's words differ between the languages.
    assert all(a != b for a, b in zip(english, chinese, strict=True))


def test_every_flow_that_is_no_money_has_its_words():
    flows = {name for noun in NOUNS if noun is not Breaker for name in noun.names(Nature.FLOW)}
    assert flows - set(EVENTS) == SUMS | SHOWN_OTHERWISE | EQUITY_ELSEWHERE | {"n_paid"}
    listed_by_size = {record.name for record in RequestSize.records}
    assert listed_by_size <= set(BridgeFund.names(Nature.FLOW))
    for words in EVENTS.values():
        assert words.english.isascii()
        assert not words.chinese.isascii()
    assert all(not zh.isascii() for _, zh in (*KINDS.values(), *STEPS.values()))


def test_records_of_different_nouns_with_one_name_keep_their_own_words():
    """What an equity fund lost on deals is no appropriation that was lost."""
    named: dict[str, set[tuple[int, str]]] = {}
    for noun in NOUNS:
        for record in noun.records:
            if record.step is not None:
                named.setdefault(event_name(noun, record), set()).add((record.step, record.english))
    assert {name for name, words in named.items() if len(words) > 1} == set()
    assert EVENTS["lost"].step == 7
    assert EVENTS["line.lost"].step == 2


def renewing(tmp_path, **loan):
    """Return a scheme of one sound loan of 1,200 that is renewed every four months, and fees on it."""
    terms = {"mean": 1200, "term_months": 4, "rate": 0.06, **loan}
    firms = {**SOUND, "renew": 1, "loan": terms}
    demand = {"schedule": [{"date": "2015-01", "amount": 1200}]}
    instrument = pool(borrowers={"firms": 1.0}, demand=demand)
    del instrument["opening_stock"]
    scheme = lower(written(tmp_path, whole(instrument, segments={"firms": firms})))
    fee = Payment.fee(facility="pool", payer="firms", payee="pool", rate=0.01)
    return replace(scheme, payments=(fee,))


def entries_of(traced, kind):
    return [(e.date, e.step, e.amount) for e in traced.rows if e.kind == kind]


def test_fees_stand_at_the_step_of_grant_and_of_renewal(tmp_path):
    """12 on the grant at step 8 of January, 12 on each renewal at step 7 of May, September and so on."""
    traced = trace_scheme(renewing(tmp_path), path=0, seed=1)
    fees = entries_of(traced, "fee")
    assert fees == [
        ("2015-01", 8, 12.0), ("2015-05", 7, 12.0), ("2015-09", 7, 12.0),
        ("2016-01", 7, 12.0), ("2016-05", 7, 12.0), ("2016-09", 7, 12.0),
    ]  # fmt: skip
    assert entries_of(traced, "loan") == [("2015-01", 8, 1200.0)]
    balances = [e.payee_balance for e in traced.rows if e.kind == "fee"]
    assert balances == [1012, 1024, 1036, 1048, 1060, 1072]


def test_an_amortising_loan_is_repaid_and_paid_out_anew_at_step_5(tmp_path):
    traced = trace_scheme(renewing(tmp_path, repayment="linear"), path=0, seed=1)
    assert entries_of(traced, "loan")[:2] == [("2015-01", 8, 1200.0), ("2015-05", 5, 1200.0)]
    assert entries_of(traced, "repayment")[:4] == [(f"2015-0{m}", 5, 300.0) for m in (2, 3, 4, 5)]


def test_opening_loans_are_reported_before_the_first_month(tmp_path):
    firms = {**SOUND, "loan": {"mean": 1200, "term_months": 4, "rate": 0.06, "repayment": "linear"}}
    stock = {"loans": 3, "months_left": 2}
    terms = pool(borrowers={"firms": 1.0}, opening_stock=stock)
    traced = fs.trace(written(tmp_path, whole(terms, segments={"firms": firms})), path=0)
    before = [(e.subject, e.what, e.value) for e in traced.happened if e.month < 0]
    assert before == [("pool/firms", "n_opening", 3), ("pool/firms", "opening", 1800.0)]
    (pool_account,) = [a for a in traced.proof if a.party == "pool"]
    assert pool_account.opening == 1000


def test_a_ledger_that_misses_the_run_is_refused():
    traced = trace_scheme(seeded_scheme(1), path=0, seed=1)
    (first, *others) = traced.proof
    with pytest.raises(EngineError, match=f"the ledger of {first.party} ends at"):
        check([replace(first, closing=first.in_run + 0.01), *others], ())
    figure = next(f for f in fs.trace(fs.load("minimal"), path=0).checked if f.in_run)
    with pytest.raises(EngineError, match="by the ledger"):
        check((), [replace(figure, by_ledger=figure.in_run * 1.01)])
    with pytest.raises(EngineError, match="by the ledger"):
        check((), [replace(figure, by_ledger=None)])


def test_a_trace_shows_itself_as_tables():
    traced = fs.trace(fs.load("minimal"), path=1)
    assert list(traced.entries.columns[:7]) == ["month", "date", "step", "payer", "payee", "kind", "amount"]
    assert len(traced.entries) == len(traced.rows)
    assert len(traced.events) == len(traced.happened)
    difference = traced.accounts.eval("opening + received - paid - closing").abs().max()
    assert difference < 1e-6
    assert (traced.figures.by_ledger.notna() == traced.figures.in_run.notna()).all()
    assert repr(traced).startswith("<Trace of minimal, seed 1, path 1: ")


def test_the_csv_has_every_row_and_sums_to_the_closing_section():
    traced = fs.trace(fs.load("minimal"), path=1)
    rows = list(csv.reader(io.StringIO(ledger_csv(traced, "en"))))
    assert rows[0][:7] == ["month", "step", "payer, or what it is about", "payee", "entry", "amount", "unit"]
    entries = [row for row in rows[1:] if row[3]]
    assert len(entries) == len(traced.rows)
    bank = "Risk-compensation pool, bank"  # as the scenario's title has it
    received = sum(float(row[5]) for row in entries if row[3] == bank)
    (closing,) = [row for row in rows if row[0] == "closing" and row[2] == bank and row[4] == "received"]
    assert received == pytest.approx(float(closing[5]), abs=HALF_A_FEN)


def a_sale_of(fund, month=12):
    """Return entries and events of a month in which a fund sells a deal, and another fund pays it some."""

    def entry(payer, payee, kind, amount, held=None):
        return Entry(month, "2016-01", 7, payer, payee, kind, amount, held, None)

    def event(what, value, subject=fund):
        return Event(month, "2016-01", 7, subject, what, value, EVENTS[what].unit)

    entries = (
        entry("partners", "other", "equity_call", 5.0),
        entry("other", fund, "equity_distribution", 1.0),
        entry("firms", fund, "equity_exit", 150.0),
        entry(fund, "city", "equity_distribution", 30.0, 120.0),
        entry(fund, "partners", "equity_distribution", 100.0, 20.0),
        entry(fund, "manager", "equity_carry", 20.0, 0.004),
    )
    steps = (event("to_contributions", 100.0), event("to_carry", 20.0), event("to_partners", 30.0))
    return entries, (event("n_exited", 1.0), *steps)


def test_the_steps_of_a_waterfall_stand_between_the_proceeds_and_what_it_pays():
    entries, events = a_sale_of("fund")
    traced = Trace("x", 1, 1, entries, events, (), ())
    rows = list(csv.reader(io.StringIO(ledger_csv(traced, "en"))))[1:]
    assert [row[4] for row in rows] == [
        "deals sold or bought back, or sub-funds that ended",
        "called by the equity fund",
        "distributed by the equity fund",
        "proceeds of the fund's deals",
        "distributed to partners: contributions back",
        "distributed to the manager: carry after the catch-up",
        "distributed to partners: their part of the rest",
        "distributed by the equity fund",
        "distributed by the equity fund",
        "carry of the fund manager",
    ]
    assert rows[2][2] == "other"  # what another fund distributes to this one is not yet its own sharing


def test_steps_of_a_waterfall_without_a_payment_are_listed_all_the_same():
    entries, events = a_sale_of("fund")
    rows = ledger_csv(Trace("x", 1, 1, entries[:3], events, (), ()), "en").splitlines()
    assert [("waterfall" in row or "distributed to" in row) for row in rows[-3:]] == [True] * 3
    assert len(rows) == 1 + 3 + 4


def test_a_balance_below_a_fen_is_shown_as_nothing():
    entries, events = a_sale_of("fund")
    dust = (Account("fund", True, 0.0, 150.0, 149.996, 0.004, -0.004),)
    traced = Trace("x", 1, 1, entries, events, dust, ())
    rows = list(csv.reader(io.StringIO(ledger_csv(traced, "en"))))
    assert [row[7] for row in rows if row[4] == "carry of the fund manager"] == ["0.0"]
    assert [row[7] for row in rows if row[5] == "100.0" and row[3]] == ["20.0"]
    closing = [row[5] for row in rows if row[0] == "closing" and row[4].startswith(("closing", "balance"))]
    assert closing == ["0.0", "0.0"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_the_csv_is_taken_for_a_formula(sign):
    traced = fs.trace(fs.load("minimal"), path=1)
    (entry, *others) = traced.rows
    traced = replace(traced, rows=(replace(entry, payer=f"{sign}1+1"), *others))
    rows = list(csv.reader(io.StringIO(ledger_csv(traced, "en"))))
    assert any(row[2] == f"'{sign}1+1" for row in rows)
    assert not any(row[2].startswith(sign) for row in rows)
