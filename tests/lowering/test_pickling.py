"""A lowered scheme can go to another process: it is the same there, and so are its metrics."""

import pickle
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

import fundsim as fs
from fundsim.lowering import lower
from fundsim.metrics.program import Program
from fundsim.scenario import bundled_names
from fundsim.scheme import Aggregate, LawFigure, Metric, Tape, record_names


def formulas_of(scheme):
    """Return every formula of a scheme's metrics, in order."""
    found = []
    for one in scheme.metrics:
        if isinstance(one, Aggregate):
            found += [one.numerator, one.denominator]
        elif isinstance(one, Metric):
            found.append(one.formula)
    return found


def values_of(scheme):
    """Return the bits of all formulas on made-up records: zero, large, infinite where months are."""
    names = record_names(scheme)
    draws = np.random.default_rng(7)
    records = {name: draws.gamma(0.3, 1e6, 5) * draws.integers(0, 2, 5) for name in names.all}
    records |= {name: np.where(draws.random(5) < 0.5, np.inf, 3.0) for name in names.months}
    with np.errstate(all="ignore"):
        values = dict(Program(formulas_of(scheme)).values(records))
    return [values[formula].tobytes() for formula in formulas_of(scheme)]


def without_tapes(scheme):
    return replace(scheme, facilities=tuple(replace(f, tape=None) for f in scheme.facilities))


@pytest.mark.parametrize("name", bundled_names())
def test_a_lowered_scheme_is_the_same_after_pickling(name):
    scheme = lower(fs.load(name))
    again = pickle.loads(pickle.dumps(scheme))  # noqa: S301 - our own bytes
    assert without_tapes(again) == without_tapes(scheme)
    for ours, theirs in zip(scheme.facilities, again.facilities, strict=True):
        assert (ours.tape is None) == (theirs.tape is None)
        for column in fields(Tape) if ours.tape is not None else ():
            assert np.array_equal(getattr(ours.tape, column.name), getattr(theirs.tape, column.name))
    assert again.metrics == scheme.metrics
    assert any(isinstance(one, LawFigure) for one in again.metrics) or len(again.metrics) > 10
    assert formulas_of(again) == formulas_of(scheme)
    assert values_of(again) == values_of(scheme)


def test_a_pickled_scheme_is_the_same_in_a_process_that_never_lowered_it(tmp_path):
    scheme = lower(fs.load("taiyuan_2015_2017"))
    file = tmp_path / "scheme"
    file.write_bytes(pickle.dumps(scheme))
    script = (
        f"import pickle; scheme = pickle.loads(open({str(file)!r}, 'rb').read())\n"
        "print(len(scheme.metrics)); print('\\n'.join(str(m.formula) for m in scheme.metrics "
        "if hasattr(m, 'formula')))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-X", "utf8", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    texts = [str(one.formula) for one in scheme.metrics if isinstance(one, Metric)]
    assert done.stdout.splitlines() == [str(len(scheme.metrics)), *texts]
