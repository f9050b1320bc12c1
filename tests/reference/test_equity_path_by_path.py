"""Both engines draw the same for equity funds, so they agree path by path, fund by fund, month by month."""

import numpy as np
import pytest
from tests.laws.equity import seeded

from fundsim import core, reference
from fundsim.scheme import IrrCase, record_names
from fundsim.scheme.records import equity_record

PATHS = 3
EXACT = 1e-9
"""Largest difference, of amounts as a share of all that is planned: what sums and beta laws leave."""
LEAST_CALLED = 1.0
"""Yuan below which flows of half a fen, which count as none, make up a rate of return."""


def of_funds(scheme):
    """Return the records of equity funds, and of the lines and accounts that are theirs alone."""
    names = record_names(scheme)
    accounts = tuple(
        f"party/{name}/"
        for f in scheme.equity_funds
        for name in (f.party, f.custody, *(money.account for money in f.beside))
    )
    kept = [
        name
        for name in names.all
        if name.startswith(("equity/", *accounts)) or (name.startswith("flow/") and "/equity_" in name)
    ]
    monthly = tuple(name for name in kept if name not in names.at_snapshots)
    return monthly, tuple(kept)


def scale_of(scheme, name):
    """Return what a record's differences are measured by: all that is planned, or 1 for what is no amount."""
    no_amount = ("n_", "irr_", "set_up", "raised_share", "sold_month", "not_set_up", "unpaid_month")
    if name.rsplit("/", 1)[1].startswith(no_amount):
        return 1.0
    return sum(fund.planned + fund.social_target for fund in scheme.equity_funds)


def differences(left, right, scale):
    """Return by how much two arrays differ, 0 where both are no number or the same infinity."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(left - right) / scale
    apart = np.where((left == right) | (np.isnan(left) & np.isnan(right)), 0.0, apart)
    return np.where(np.isnan(apart), np.inf, apart)


def check(seed, paths=PATHS):
    scheme = seeded(seed)
    monthly, kept = of_funds(scheme)
    ours = core.engine(scheme, monthly, kept).run(seed, 0, paths)
    theirs = reference.engine(scheme, monthly, kept).run(seed, 0, paths)
    for column, name in enumerate(monthly):
        apart = differences(ours.series[:, :, column], theirs.series[:, :, column], scale_of(scheme, name))
        assert apart.max() < EXACT, (seed, name, np.unravel_index(apart.argmax(), apart.shape))
    tiny = tiny_funds(scheme, kept, ours.snapshots)
    for column, name in enumerate(kept):
        apart = differences(
            ours.snapshots[:, :, column], theirs.snapshots[:, :, column], scale_of(scheme, name)
        )
        for fund, paths_without in tiny.items():
            if name.startswith(f"equity/{fund}/irr_"):
                apart[paths_without] = 0.0
        assert apart.max() < EXACT, (seed, name, np.unravel_index(apart.argmax(), apart.shape))
    return ours.snapshots, kept


def tiny_funds(scheme, kept, snapshots):
    """Return fund → the paths on which next to nothing is called."""
    found = {}
    for fund in scheme.equity_funds:
        columns = [
            kept.index(equity_record(fund.name, name)) for name in ("called_government", "called_social")
        ]
        found[fund.name] = snapshots[:, -1, columns].min(axis=1) < LEAST_CALLED
    return found


@pytest.mark.parametrize("start", range(0, 80, 20))
def test_both_engines_agree_path_by_path_on_random_schemes(start):
    cases = set()
    for seed in range(start, start + 20):
        snapshots, kept = check(seed)
        cases |= {
            case
            for column, name in enumerate(kept)
            if name.endswith("irr_fund_case")
            for case in snapshots[:, :, column].ravel().tolist()
        }
    assert {IrrCase.ONE, IrrCase.AMBIGUOUS, IrrCase.NONE, IrrCase.NOT_CALLED} <= cases


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("start", range(80, 1080, 100))
def test_both_engines_agree_path_by_path_on_a_thousand_random_schemes(start):
    for seed in range(start, start + 100):
        check(seed)
