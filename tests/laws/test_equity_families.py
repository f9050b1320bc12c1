"""Laws of parents and their sub-funds in each engine."""

from dataclasses import replace

import numpy as np
import pytest
from tests.reference.equity_funds import ENGINES

from fundsim.scheme import EquityFund, Injection, Nature, Party, Waterfall

from .equity import seeded
from .histories import history

MONTHLY = EquityFund.names(Nature.FLOW, Nature.STOCK, Nature.MONTH)
RATES = tuple(f"irr_{side}{case}" for side in ("fund", "government", "social") for case in ("", "_case"))
SCALE = 1e-9


def alone_and_with_a_parent(scheme):
    """Return a scheme of its first fund without kin, whose money is there from its start, and with a parent.

    The parent has no partners, fees or waterfall: its government is the fund's.
    """
    fund = next(f for f in scheme.equity_funds if f.parent is None and not f.is_parent(scheme))
    here = {fund.party, fund.custody, *(money.account for money in fund.beside)}
    rest = tuple(i for i in scheme.injections if i.target in here and i.target != fund.custody)
    ample = Injection(source="treasury", target=fund.custody, month=fund.start, amount=fund.planned)
    alone = replace(
        scheme,
        parties=tuple(replace(p, opening=0.0) if p.name == fund.custody else p for p in scheme.parties),
        injections=(*rest, ample),
        equity_funds=(fund,),
    )
    parent = EquityFund(
        name="the parent",
        party="the parent",
        custody=fund.custody,
        treasury=fund.treasury,
        partners=fund.partners,
        manager=fund.manager,
        start=fund.start,
        life=fund.life,
        extension=fund.extension,
        investment=fund.life,
        planned=fund.planned,
        social_target=0.0,
        deployment=1.0,
    )
    sub = replace(fund, parent=parent.name, custody=parent.party, treasury=parent.party)
    family = replace(alone, parties=(*alone.parties, Party(name=parent.party)), equity_funds=(sub, parent))
    return alone, family, fund, parent


def near(a, b, scale):
    """Return whether values are the same, both without a number included."""
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        return bool((same | (np.abs(a - b) <= SCALE * scale)).all())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_parent_of_one_fund_and_nothing_else_leaves_any_fund_as_it_is_alone(engine):
    """And has all that its government has: calls, distributions, rates of return, those of custody too."""
    paced = 0
    for seed in range(30):
        alone, family, fund, parent = alone_and_with_a_parent(seeded(seed))
        one, both = (history(s, paths=2, run_by=ENGINES[engine]) for s in (alone, family))
        scale = fund.planned + fund.social_target
        for what in MONTHLY:
            name = EquityFund.record(fund.name, what)
            assert near(one[name], both[name], scale), (seed, what)
        above = {what: both[EquityFund.record(parent.name, what)] for what in MONTHLY}
        own = {what: one[EquityFund.record(fund.name, what)] for what in MONTHLY}
        had = own["distributed_government"] - own["ceded"] + own["option_price"]
        assert near(above["called_government"], own["called_government"], scale), seed
        assert near(above["distributed_government"], had, scale), seed
        assert near(above["nav_government"], own["nav_government"], scale), seed
        assert near(above["expected_government"], own["expected_government"], scale), seed
        for what in RATES:
            name = EquityFund.record(fund.name, what)
            assert near(one.snapshots[name], both.snapshots[name], 1e3), (seed, what)
        upper, lower = (
            h.final(EquityFund.record(f.name, "irr_government")) for h, f in ((both, parent), (one, fund))
        )
        assert near(upper, lower, 1e3), seed
        if not np.isfinite(own["sold_month"]).any() and (own["set_up"][:, -1] == 1.0).all():
            # Else the fund's custody gives back what the parent keeps longer.
            upper, lower = (
                h.final(EquityFund.record(f.name, "irr_treasury")) for h, f in ((both, parent), (one, fund))
            )
            assert near(upper, lower, 1e3), seed
        paced += fund.pacing is not None
    assert paced > 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_waterfall_above_is_a_waterfall_of_what_the_sub_fund_brings(engine):
    """All of a hurdle and a carry that the parent has come out of its partners' distributions, to a fen."""
    met = 0
    for seed in range(30):
        _, family, _, parent = alone_and_with_a_parent(seeded(seed))
        steps = Waterfall(hurdle=0.06, catch_up=1.0, carry=0.2, clawback=True)
        sub = family.equity_funds[0]
        upper = replace(family, equity_funds=(sub, replace(parent, waterfall=steps)))
        plain, carried = (history(s, paths=2, run_by=ENGINES[engine]) for s in (family, upper))
        total = plain[EquityFund.record(parent.name, "distributed_government")]
        left = carried[EquityFund.record(parent.name, "distributed_government")]
        taken, kept, given_back = (
            carried[EquityFund.record(parent.name, what)] for what in ("to_catch_up", "to_carry", "clawback")
        )
        carry = taken + kept - given_back
        assert np.abs(total - left - carry).max() < 0.005
        paid = plain[EquityFund.record(parent.name, "called_government")]
        assert (carry <= 0.2 * np.maximum(0.0, total - paid) + 0.005)[:, -1].all()
        met += bool((carry > 1.0).any())
        assert all(
            np.array_equal(plain[name], carried[name])
            for name in (EquityFund.record(sub.name, what) for what in MONTHLY)
        )
    assert met > 3
