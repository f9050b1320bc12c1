"""Laws of budgets in each engine, path by path, each with the conditions under which it holds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.budgets import ENGINES

from fundsim.core import engine
from fundsim.scheme import (
    Appropriation,
    BudgetLine,
    Injection,
    Level,
    LinePayment,
    Nature,
    Party,
    Scheme,
    record_names,
)
from fundsim.scheme.budget import MONTHS
from fundsim.scheme.records import party_record
from fundsim.scheme.rules import with_longest_life

from .bridging import in_window
from .budget_books import check_budget
from .budgets import budget_scheme, seeded, with_budget
from .choices import Drawn, Seeded
from .histories import history
from .schemes import law, schemes, seeded_scheme

FLOWS = LinePayment.names(Nature.FLOW)


@st.composite
def budget_schemes(draw):
    """Return any scheme with a budget."""
    return budget_scheme(Drawn(draw))


@pytest.fixture(params=sorted(ENGINES))
def lived(request):
    """Return what runs paths of a scheme in one engine, and gives their history."""
    return partial(history, run_by=ENGINES[request.param])


@pytest.mark.parametrize("engine", sorted(ENGINES))
@law(25)
@given(scheme=budget_schemes())
def test_books_balance_to_a_fen_on_every_path_of_any_budget(engine, scheme):
    check_budget(scheme, history(scheme, paths=2, run_by=ENGINES[engine]))


@pytest.mark.parametrize("start", [0, 30])
def test_books_balance_to_a_fen_on_seeded_budgets(lived, start):
    for seed in range(start, start + 30):
        scheme = seeded(seed)
        check_budget(scheme, lived(scheme, paths=1, first=17 * seed))


def test_seeded_budgets_meet_every_rule():
    """What the laws are checked on has losses, lapses, arrears, caps, refusals and all else."""
    met: dict[tuple[str, str], bool] = {}
    for seed in range(60):
        scheme = seeded(seed)
        h = history(scheme, paths=1)
        for line in scheme.budget_lines:
            for what in BudgetLine.names(Nature.FLOW):
                seen = h[BudgetLine.record(line.name, what)].max() > 0.0
                met["line", what] = met.get(("line", what), False) or seen
        for payment in scheme.line_payments:
            for what in (*FLOWS, "owed"):
                seen = h[LinePayment.record(payment.name, what)].max() > 0.0
                met[payment.base, what] = met.get((payment.base, what), False) or seen
    no_events = {
        (base, what)
        for base in ("performing", "granted", "fixed", "dated", "increment")
        for what in ("n_paid", "n_refused")
    }
    assert {which for which, seen in met.items() if not seen} == no_events


# Who pays


def paid_by_lines(scheme: Scheme, more: float) -> Scheme:
    """Return the scheme with the injections of its window paid by a line instead of by the treasury.

    Certain appropriations, of what the injections of each budget year can come to and so much more.
    """
    highest = {d.name: d.high for d in scheme.drawn}
    moved = [i for i in scheme.injections if i.source == "treasury" and i.month < scheme.window.months]
    amounts = tuple(
        fsum(i.amount * highest.get(i.drawn, 1.0) for i in moved if i.month // MONTHS == year) + more
        for year in range(-(-scheme.window.months // MONTHS))
    )
    line = BudgetLine(
        name="purse", party="budget.purse", appropriations=(Appropriation(level="city", amounts=amounts),)
    )
    return replace(
        scheme,
        parties=(
            *scheme.parties,
            Party(name="city", limited=False, public=True),
            Party(name="budget.purse", public=True),
        ),
        levels=(Level(name="city"),),
        budget_lines=(line,),
        injections=tuple(replace(i, source="budget.purse") if i in moved else i for i in scheme.injections),
    )


PAYERS = ("treasury", "city", "budget.purse")


def of_payers(record: str) -> bool:
    """Whether a record says who pays: the balance of a payer, or a flow from it."""
    whose = {party_record(name, "balance") for name in PAYERS}
    return record in whose or record.startswith(tuple(f"flow/{name}>" for name in PAYERS))


def differing(h, other):
    """Return the records of one history that another one has in another way, but for who pays."""
    return [
        record
        for what in ("months", "snapshots")
        for record, values in getattr(h, what).items()
        if not of_payers(record) and not np.array_equal(values, getattr(other, what)[record], equal_nan=True)
    ]


@pytest.mark.parametrize("engine", sorted(ENGINES))
@law(8)
@given(scheme=schemes(), more=st.sampled_from([0.0, 1234.5]))
def test_certain_appropriations_with_enough_money_give_the_bits_of_a_scheme_without_a_budget(
    engine, scheme, more
):
    """But for who pays: sums of amounts to a fen may miss their total by a little, and nobody notices."""
    run = partial(history, paths=2, run_by=ENGINES[engine])
    assert differing(run(scheme), run(paid_by_lines(scheme, more))) == []


def test_some_of_these_schemes_have_injections():
    found = [seeded_scheme(seed) for seed in range(30)]
    assert sum(bool(paid_by_lines(scheme, 0.0).injections) for scheme in found) > 10
    assert sum(any(i.drawn for i in scheme.injections) for scheme in found) > 2


# What else is in the scheme


@law(10)
@given(schemes(), st.integers(0, 10**6))
def test_a_budget_beside_it_changes_no_bit_of_lending(scheme, seed):
    """Where lines pay nothing into funds: only treasuries and firms are the richer or the poorer for it.

    In the core alone, because moves on a ladder shift the draws of loans in the reference engine.
    """
    both = replace(with_budget(Seeded(seed), scheme, certain=False), injections=scheme.injections)
    alone, together = history(in_window(scheme, both.window)), history(both)
    free = {party_record(name, "balance") for name in ("firms", "treasury")}
    for record in alone.snapshots:
        if record not in free:
            one, other = alone.snapshots[record], together.snapshots[record]
            assert np.array_equal(one, other, equal_nan=True), record


def test_a_line_beside_another_changes_no_bit_of_it(lived):
    met = 0
    for seed in range(40):
        scheme = seeded(seed)
        first = scheme.budget_lines[0]
        if scheme.injections or len(scheme.budget_lines) == 1:
            scheme = replace(scheme, injections=())
        own = tuple(p for p in scheme.line_payments if p.line == first.name)
        alone = replace(scheme, budget_lines=(first,), line_payments=own)
        one, other = lived(in_window(alone, scheme.window), paths=1), lived(scheme, paths=1)
        records = [BudgetLine.record(first.name, what) for what in BudgetLine.names(Nature.FLOW)]
        records += [LinePayment.record(p.name, what) for p in own for what in (*FLOWS, "owed")]
        assert [name for name in records if not np.array_equal(one[name], other[name])] == []
        met += len(scheme.budget_lines) > 1 and any(other[name].max() > 0.0 for name in records)
    assert met > 10


def test_a_thousand_times_the_money_is_a_thousand_times_of_everything(lived):
    """But for what half a fen decides."""
    times = 1024.0
    for seed in range(0, 40, 2):
        scheme = replace(seeded(seed), facilities=(), segments=(), equity_funds=())
        elsewhere = ("book/", "equity/")
        payments = [p for p in scheme.line_payments if not p.rates]
        kept = tuple(p for p in payments if not any(e.startswith(elsewhere) for e in p.events))
        books = tuple(replace(book, facilities=()) for book in scheme.bank_books)
        scheme = replace(scheme, line_payments=kept, bank_books=books)
        big = replace(
            scheme,
            parties=tuple(replace(p, opening=times * p.opening) for p in scheme.parties),
            injections=tuple(replace(i, amount=times * i.amount) for i in scheme.injections),
            budget_lines=tuple(
                replace(
                    line,
                    appropriations=tuple(
                        replace(one, amounts=tuple(times * a for a in one.amounts))
                        for one in line.appropriations
                    ),
                )
                for line in scheme.budget_lines
            ),
            bank_books=tuple(replace(book, opening=times * book.opening) for book in books),
            line_payments=tuple(
                replace(
                    p,
                    amount=times * p.amount,
                    dates=tuple((month, times * amount) for month, amount in p.dates),
                    cap_year=times * p.cap_year,
                    cap_total=times * p.cap_total,
                )
                for p in kept
            ),
        )
        one, other = lived(scheme, paths=1), lived(big, paths=1)
        for payment in kept:
            for what in (*FLOWS, "owed"):
                name = LinePayment.record(payment.name, what)
                factor = 1.0 if what.startswith("n_") else times
                assert np.allclose(other[name], factor * one[name], rtol=1e-9, atol=0.02 * factor), name


def test_a_scheme_that_lives_longer_leaves_a_budget_as_it_was(lived):
    """Records hold after the last line's end."""
    for seed in range(16):
        scheme = seeded(seed)
        months = scheme.window.total
        far = Injection(source="treasury", target="later", month=months + 20, amount=1.0)
        longer = replace(
            scheme, parties=(*scheme.parties, Party(name="later")), injections=(*scheme.injections, far)
        )
        longer = in_window(longer, with_longest_life(longer))
        one, other = lived(scheme, paths=1), lived(longer, paths=1)
        for record, values in one.months.items():
            if record.startswith(("line/", "payment/", "level/", "ladder/", "happening/", "bank_book/")):
                assert np.array_equal(values, other[record][:, :months]), (seed, record)
                assert (other[record][:, months:] == values[:, -1:]).all(), (seed, record)


def test_records_of_a_budget_exist_at_every_months_end():
    names = record_names(seeded(1))
    assert not [name for name in names.at_snapshots if name.startswith(("line/", "payment/", "level/"))]


# The same bits

PATHS = 19


@law(15)
@given(budget_schemes(), st.integers(0, PATHS - 1), st.integers(0, 2**63 - 1))
def test_blocks_other_paths_and_seeds_change_no_bit_of_a_budget(scheme, path, seed):
    names = record_names(scheme)
    series = names.flows + names.stocks + names.months
    whole = engine(scheme, series).run(seed, 0, PATHS)
    prepared = engine(scheme, series)
    spans = [(first, min(5, PATHS - first)) for first in range(0, PATHS, 5)]
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda span: prepared.run(seed, *span), spans))
    for what in ("snapshots", "series"):
        together = np.concatenate([getattr(part, what) for part in parts])
        assert np.array_equal(together, getattr(whole, what), equal_nan=True), what
    prepared.run(seed ^ 1, path, 3)
    again = prepared.run(seed, path, 1).series[0]
    assert np.array_equal(again, whole.series[path], equal_nan=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_books_balance_to_a_fen_on_five_thousand_budgets():
    for seed in range(1000, 6000):
        scheme = seeded(seed)
        check_budget(scheme, history(scheme, paths=2))
