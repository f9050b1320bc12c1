"""Each noun has its own life: one that lives longer changes no record of those whose life is over."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundsim import core, reference
from fundsim.scheme import Injection, Scheme, check_scheme, record_names
from fundsim.scheme.records import last_months, party_record
from fundsim.scheme.rules import with_longest_life

from .bridging import in_window
from .histories import history
from .schemes import law, schemes, seeded_scheme

PAID_LATE = 777.0


def longer(scheme: Scheme, months: int) -> Scheme:
    """Return the scheme with an injection so many months after the end of its lending."""
    late = Injection(
        source="treasury", target="alpha", month=scheme.window.total - 1 + months, amount=PAID_LATE
    )
    scheme = replace(scheme, injections=(*scheme.injections, late))
    return in_window(scheme, with_longest_life(scheme))


@law(40)
@given(schemes(), st.integers(1, 40))
def test_a_longer_life_beside_it_changes_no_bit_of_lending(scheme, months):
    extended = longer(scheme, months)
    assert extended.window.lending == scheme.window.lending
    assert extended.window.total == scheme.window.total + months
    alone, together = history(scheme), history(extended)
    lending = scheme.window.total
    parties = [party_record(p, b) for p in ("alpha", "treasury") for b in ("balance", "paid_in")]
    mine = {"flow/treasury>alpha/injection", *parties}
    # The end of a bridge fund's life, later than lending's, is a snapshot of the shorter run alone.
    later = together.scheme.window.snapshots
    shared = [at for at in scheme.window.snapshots if at in later]
    here, there = ([found.index(at) for at in shared] for found in (scheme.window.snapshots, later))
    for record, values in alone.snapshots.items():
        assert np.array_equal(values[:, here], together.snapshots[record][:, there], equal_nan=True), record
    for record, values in alone.months.items():
        assert np.array_equal(values, together.months[record][:, :lending]), record
        after = together.months[record][:, lending:]
        if record not in mine:
            assert np.array_equal(after, np.repeat(values[:, -1:], months, axis=1)), record
    # The late money arrives, and nothing else moves.
    for balance, sign in (
        (party_record("alpha", "balance"), 1.0),
        (party_record("treasury", "balance"), -1.0),
    ):
        gained = together.months[balance][:, -1] - alone.months[balance][:, -1]
        assert gained == pytest.approx(sign * PAID_LATE)


@pytest.mark.parametrize("seed", range(12))
def test_both_engines_hold_records_after_the_life_of_their_noun(seed):
    scheme = longer(seeded_scheme(seed), 17)
    names = record_names(scheme)
    ended = last_months(scheme)
    series = tuple(name for name in (*names.flows, *names.stocks) if name in ended)
    assert series
    for engine in (core.engine, reference.engine):
        block = engine(scheme, series, names.all).run(5, 0, 2)
        for j, name in enumerate(series):
            held = block.series[:, ended[name] :, j]
            assert held.shape[1] > 1 or ended[name] == scheme.window.total - 1, name
            assert (held == held[:, :1]).all(), name
        for j, name in enumerate(names.all):
            rows = [k for k, at in enumerate(scheme.window.snapshots) if at > ended.get(name, math.inf)]
            if rows:
                values = block.snapshots[:, rows, j]
                assert np.array_equal(values, np.repeat(values[:, :1], len(rows), axis=1), equal_nan=True), (
                    name
                )


def test_a_life_that_the_calendar_cuts_short_is_refused():
    scheme = seeded_scheme(0)
    late = Injection(source="treasury", target="alpha", month=scheme.window.total + 3, amount=1.0)
    with pytest.raises(ValueError, match=f"lives until month {scheme.window.total + 3}"):
        check_scheme(replace(scheme, injections=(late,)))
    beyond = replace(scheme.window, lending_run_off=scheme.window.run_off + 1)
    with pytest.raises(ValueError, match="loans run"):
        check_scheme(replace(scheme, window=beyond))
