"""Identities of a parent and its sub-funds, of money beside a fund, and of a fund that is paced."""

from __future__ import annotations

import math

import numpy as np

from fundsim.scheme import EquityFund, Scheme
from fundsim.scheme.equity_modes import BesideMoney
from fundsim.scheme.records import party_record

from .amounts import near, never_below
from .histories import History

__all__ = ["check_beside", "check_pace", "check_parent", "received"]

Records = dict[str, np.ndarray]


def _of(h: History, fund: EquityFund, what: str) -> np.ndarray:
    return h[EquityFund.record(fund.name, what)]


def received(h: History, fund: EquityFund) -> np.ndarray:
    """Return what a fund's government, or its parent, has had of it."""
    kept = _of(h, fund, "distributed_government") - _of(h, fund, "ceded")
    return kept + _of(h, fund, "option_price")


def check_parent(scheme: Scheme, h: History, fund: EquityFund, f: Records) -> None:
    """A parent's deals are its sub-funds: what it pays, what it has of them, what they are worth."""
    subs = fund.subs(scheme)
    t = np.arange(f["party"].shape[1])
    zero = np.zeros_like(f["party"])
    n_deals, ended, live = zero.copy(), zero.copy(), zero.copy()
    cost, returned, lost, unsold = zero.copy(), zero.copy(), zero.copy(), zero.copy()
    invested, marked, expected, committed = zero.copy(), zero.copy(), zero.copy(), zero.copy()
    for sub in subs:
        paid, got = _of(h, sub, "called_government"), received(h, sub)
        is_set_up, over = _of(h, sub, "set_up") == 1.0, t >= sub.last
        n_deals += is_set_up
        ended += is_set_up & over
        live += is_set_up & ~over
        cost += np.where(is_set_up & over, paid, 0.0)
        returned += np.where(is_set_up & over, got, 0.0)
        lost += np.where(is_set_up & over, np.maximum(0.0, paid - got), 0.0)
        unsold += np.where(is_set_up & ~over, np.maximum(0.0, paid - got), 0.0)
        invested += paid
        marked += _of(h, sub, "nav_government")
        expected += _of(h, sub, "expected_government")
        committed += _of(h, sub, "committed_government")
        _check_beginning(sub, h, f)
    assert (f["n_deals"] == n_deals).all()
    assert (f["n_exited"] == ended).all()
    assert (f["n_unsold"] == live).all()
    assert (f["n_failed"] + f["n_liquidated"] == 0.0).all()
    assert near(f["realised_cost"], cost)
    assert near(f["proceeds"], returned)
    assert near(f["lost"], lost)
    assert near(f["unsold_cost"], unsold)
    assert near(f["invested"], invested)
    assert near(f["expected_value"], expected)
    assert near(f["nav"], f["party"] + marked)
    assert never_below(f["committed_down"], committed)
    share = f["raised_share"] if fund.raising is not None else 1.0
    most = np.vectorize(fund.investable)(share * (fund.planned + fund.social_target) + zero)
    assert never_below(most, f["committed_down"])
    own = f["called_government"] + f["called_social"] - f["fees"]
    # Recycled money is used before a call, so what lies there is no more than what came back.
    assert never_below(own + f["recycled"], f["invested"])


def _check_beginning(sub: EquityFund, h: History, parent: Records) -> None:
    """A sub-fund has what its parent commits in its first month, or is not set up in that month."""
    down = parent["committed_down"]
    before = down[:, sub.start - 1] if sub.start > 0 else np.zeros(down.shape[0])
    at_once = _of(h, sub, "not_set_up_month")[:, -1] == sub.start
    without = (parent["set_up"][:, sub.start] == 0.0) | (down[:, sub.start] - before < 0.005)
    assert at_once[without].all()
    assert never_below(sub.planned, _of(h, sub, "committed_government")[:, -1])
    assert np.isnan(h.snapshots[EquityFund.record(sub.name, "irr_treasury")]).all()


def check_beside(scheme: Scheme, h: History, fund: EquityFund, f: Records) -> None:
    """Accounts beside a fund pay what falls due as far as they go, and are empty when nothing more can."""
    t = np.arange(f["party"].shape[1])
    for money in fund.beside:
        until = fund.start + money.last_age(fund.investment, fund.last - fund.start)
        over = (t >= until) | (f["not_set_up_month"] <= t)
        assert near(h[party_record(money.account, "balance")][over], 0.0)
    all_stages = {stage.name for stage in fund.stages}
    if fund.joint is None:
        assert all(
            (f[what] == 0.0).all() for what in ("n_joined", "joined", "joint_proceeds", "joint_expected")
        )
    else:
        _check_joint(scheme, h, fund, f)
    if fund.subsidy is None:
        assert (f["subsidy_due"] == 0.0).all()
    else:
        base = f["lost"] if fund.subsidy.base == "loss" else f["invested"]
        assert never_below(fund.subsidy.share * base, f["subsidy_due"])
        if fund.subsidy.stages == all_stages and math.isinf(fund.subsidy.cap):
            assert near(fund.subsidy.share * base, f["subsidy_due"])
        assert near(h[f"flow/{fund.subsidy.account}>{fund.party}/equity_subsidy"], f["subsidised"])
    _check_paid(h, fund.subsidy, f["subsidy_due"], f["subsidised"])
    if fund.protection is None:
        assert (f["grants_due"] == 0.0).all()
    else:
        before, after = fund.protection.before, fund.protection.after
        assert never_below((before + after) * f["n_deals"], f["grants_due"])
        if fund.protection.stages == all_stages:
            assert never_below(f["grants_due"], before * f["n_deals"])
        assert near(h[f"flow/{fund.protection.account}>firms/equity_grant"], f["granted"])
    _check_paid(h, fund.protection, f["grants_due"], f["granted"])


def _check_paid(h: History, money: BesideMoney | None, due: np.ndarray, paid: np.ndarray) -> None:
    """What is refused in a month is refused because the account is empty."""
    assert never_below(due, paid)
    if money is not None:
        refused = np.diff(due - paid, axis=1, prepend=0.0) > 0.005
        assert near(h[party_record(money.account, "balance")][refused], 0.0)


def _check_joint(scheme: Scheme, h: History, fund: EquityFund, f: Records) -> None:
    joint = fund.joint
    assert near(h[f"flow/{joint.account}>firms/equity_joining"], f["joined"])
    funds = [g for g in scheme.equity_funds if g.joint is not None and g.joint.treasury == joint.treasury]
    together = h.total(*(EquityFund.record(g.name, "joint_proceeds") for g in funds))
    assert near(h[f"flow/firms>{joint.treasury}/equity_joint_exit"], together)
    assert never_below(f["n_deals"], f["n_joined"])
    assert never_below(joint.share * f["invested"], f["joined"])
    assert never_below(joint.cap * f["n_joined"] if math.isfinite(joint.cap) else f["joined"], f["joined"])
    assert never_below(f["joined"], f["joint_cost"])
    assert near(f["joined"][:, fund.last :], f["joint_cost"][:, fund.last :])
    # Where nothing was cut, it has of each deal what it paid of it.
    whole = np.abs(f["joined"] - joint.share * f["invested"]).max(axis=1) < 1e-6
    for own, of_fund in (
        ("joint_cost", "realised_cost"),
        ("joint_proceeds", "proceeds"),
        ("joint_expected", "expected_value"),
    ):
        assert near(f[own][whole], joint.share * f[of_fund][whole]), own


def check_pace(fund: EquityFund, f: Records) -> None:
    """A paced fund distributes its rate of grown value in the last month of each year, and nothing else."""
    rates = fund.pacing
    nav, moved = f["unsold_cost"], {}
    for what in ("invested", "proceeds"):
        moved[what] = np.diff(f[what], axis=1, prepend=0.0)
    years = fund.life // 12
    ends = [fund.start + 12 * year - 1 for year in range(1, years + 1)]
    before = np.zeros(nav.shape[0])
    for year, month in enumerate(ends, start=1):
        grown = before * (1.0 + rates.growth)
        assert near(moved["proceeds"][:, month], rates.distributed(year, years) * grown)
        assert near(nav[:, month], grown + moved["invested"][:, month] - moved["proceeds"][:, month])
        before = nav[:, month]
    quiet = np.setdiff1d(np.arange(nav.shape[1]), ends)
    assert all((moved[what][:, quiet] == 0.0).all() for what in moved)
    calls = np.diff(f["called_government"] + f["called_social"], axis=1, prepend=0.0)
    assert near(calls, moved["invested"])
    assert near(f["expected_value"], nav)
    for what in ("n_deals", "realised_cost", "lost", "fees_asked"):
        assert (f[what] == 0.0).all(), what
