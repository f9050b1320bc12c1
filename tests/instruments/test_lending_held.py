"""New lending held as another run granted it, and months in which lending was cut, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from tests.laws.tapes import tape_of_rows

from fundsim.core import engine as core
from fundsim.lowering import lower
from fundsim.reference import engine as reference
from fundsim.scheme import record_names

from .by_hand import DOOMED, SOUND, pool, whole, written

ENGINES = {"core": core, "reference": reference}


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    return ENGINES[request.param]


def scheme(folder, changes=(), **terms):
    """Return a pool of 1,000 whose banks lend ten times as much, and whose sound firms ask for it at once."""
    instrument = pool(
        borrowers={"sound": 1.0},
        multiple=10,
        capacity_base="paid_in",
        demand={"schedule": [{"date": "2015-01", "amount": 12000}, {"date": "2015-03", "amount": 500}]},
        **terms,
    )
    del instrument["opening_stock"]
    scenario = written(folder, whole(instrument))
    for key, value in changes:
        scenario = scenario.set(key, value)
    return lower(scenario)


def months_of(engine, built, held=None):
    names = record_names(built)
    monthly = names.flows + names.stocks + names.months
    block = engine(built, monthly).run(1, 0, 1, held)
    return {name: block.series[0, :, j].tolist() for j, name in enumerate(monthly)}


def lending_of(engine, built):
    return engine(built, ()).new_lending(1, 0, 1)


def test_loans_are_those_of_the_other_run_whatever_the_limit(engine, tmp_path):
    """1,000 carry 100 loans of 100; 400 would carry 40.  Held, 100 are out, and 2.5 times the limit."""
    base, small = scheme(tmp_path), scheme(tmp_path, [("pool.opening", 400)])
    free, held = months_of(engine, small), months_of(engine, small, lending_of(engine, base))
    assert months_of(engine, base)["book/pool/sound/lent_new"][:3] == [10000.0, 10000.0, 10000.0]
    assert free["book/pool/sound/lent_new"][:3] == [4000.0] * 3
    assert held["book/pool/sound/lent_new"][:3] == [10000.0] * 3
    assert held["facility/pool/demand"][2] == 10000.0
    assert held["facility/pool/refused_capacity"][-1] == held["facility/pool/cut_capacity"][-1] == 0.0
    assert free["facility/pool/refused_capacity"][2] == 8000.0 + 500.0
    assert held["facility/pool/capacity_months"][23] == 24 * 4000.0
    assert held["party/pool/balance"][0] == 400.0


def test_months_in_which_lending_was_cut_count_by_reason(engine, tmp_path):
    """The limit cuts the demand of both months; eligible firms the first only, for only ten apply later."""
    got = months_of(engine, scheme(tmp_path))
    assert got["facility/pool/cut_capacity"][:4] == [1.0, 1.0, 2.0, 2.0]
    few = months_of(engine, scheme(tmp_path, [("sound.firms", 105), ("pool.opening", 5000)]))
    assert few["book/pool/sound/n_new"][:3] == [105.0] * 3
    assert few["facility/pool/cut_firms"][:4] == [1.0, 1.0, 2.0, 2.0]
    assert few["facility/pool/cut_capacity"][-1] == 0.0
    assert few["facility/pool/cut_months"][:4] == got["facility/pool/cut_months"][:4] == [1.0, 1.0, 2.0, 2.0]
    wide = months_of(engine, scheme(tmp_path, [("pool.opening", 5000)]))
    assert [wide[f"facility/pool/cut_{why}"][-1] for why in ("firms", "capacity", "breaker", "obligor")] == [
        0
    ] * 4


BREAKER = {"metric": "compensation_ratio", "threshold": 0.3, "reset": 0.1, "lifetime": True}


def with_breaker(folder, changes=()):
    """Ten doomed and ten sound loans of 100 mature in month 2.  The doomed cost a pool of 1,000 500 in
    month 7, a ratio of 0.5; the sound, renewed, mature in month 14 again."""
    instrument = pool(
        borrowers={"doomed": 0.5, "sound": 0.5},
        opening_stock={"loans": 20, "months_left": 3},
        breaker={**BREAKER, "action": "stop_new_and_renewals"},
    )
    scenario = written(folder, whole(instrument, segments={"sound": {**SOUND, "renew": 1}, "doomed": DOOMED}))
    for key, value in changes:
        scenario = scenario.set(key, value)
    return lower(scenario)


def test_renewals_stop_where_a_breaker_of_the_other_run_stopped_them(engine, tmp_path):
    """The pool of 10,000 has a ratio of 0.05: alone it renews the loans of month 14, held it does not."""
    base, large = with_breaker(tmp_path), with_breaker(tmp_path, [("pool.opening", 10000)])
    first, free = months_of(engine, base), months_of(engine, large)
    held = months_of(engine, large, lending_of(engine, base))
    assert first["breaker/pool/months"][23] == 24 - 7
    assert (first["book/pool/sound/n_renewed"][14], free["book/pool/sound/n_renewed"][14]) == (10.0, 20.0)
    assert held["book/pool/sound/n_renewed"][14] == 10.0
    assert held["breaker/pool/months"][23] == free["breaker/pool/months"][23] == 0.0


def test_a_breaker_that_fires_only_here_stops_nothing(engine, tmp_path):
    base, large = with_breaker(tmp_path), with_breaker(tmp_path, [("pool.opening", 10000)])
    held = months_of(engine, base, lending_of(engine, large))
    assert held["breaker/pool/months"][23] == 24 - 7
    assert held["book/pool/sound/n_renewed"][14] == 20.0


def test_lending_of_other_paths_or_classes_is_refused(engine, tmp_path):
    base = scheme(tmp_path)
    prepared = engine(base, ())
    given = prepared.new_lending(1, 0, 2)
    for first, count in ((1, 2), (0, 1)):
        with pytest.raises(ValueError, match="other paths, months or classes"):
            prepared.run(1, first, count, given)
    other = engine(scheme(tmp_path, [("sound.loan", {"cv": 0.5})]), ())
    with pytest.raises(ValueError, match="other paths, months or classes"):
        other.run(1, 0, 2, given)


def test_loans_of_a_tape_are_the_schemes_own(engine, tmp_path):
    """Both of them: the tape stays, and new loans beside it are those of the other run."""
    base = scheme(tmp_path)
    (facility,) = base.facilities
    taped = replace(
        base, facilities=(replace(facility, tape=tape_of_rows([("sound", 500.0, 6, 1e-12, 0.6)] * 2)),)
    )
    (capacity,) = taped.capacities
    small = replace(taped, capacities=(replace(capacity, multiple=4.0),))
    held = months_of(engine, small, lending_of(engine, taped))
    assert months_of(engine, taped)["book/pool/sound/lent_new"][0] == 9000.0
    assert months_of(engine, small)["book/pool/sound/lent_new"][0] == 3000.0
    assert held["book/pool/sound/lent_new"][0] == 9000.0
    assert held["facility/pool/outstanding"][0] == 10000.0
    assert np.isclose(held["facility/pool/outstanding"][5], 9000.0)
