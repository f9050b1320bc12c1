"""What holds in every month of every path of an equity fund, to half a fen."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import EquityFund, ExcessShare, Scheme
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import equity_record, ledger_lines, party_record

from .histories import History

__all__ = ["check_equity"]


def check_equity(scheme: Scheme, h: History) -> None:
    """Check all funds of a scheme: no money is lost, and no limit is passed."""
    for party in scheme.parties:
        check_ledger(scheme, h, party.name, party.opening)
    for fund in scheme.equity_funds:
        check_money(fund, h)
        check_calls(fund, h)
        check_deals(fund, h)
        check_waterfall(fund, h)
        check_concession(fund, h)
        check_value(fund, h)


def of(fund: EquityFund, h: History, *names: str) -> np.ndarray:
    """Return the sum of records of a fund, shape (paths, months)."""
    return h.total(*(equity_record(fund.name, name) for name in names))


def line(fund: EquityFund, h: History, source: str, target: str, kind: str) -> np.ndarray:
    return h[f"flow/{source}>{target}/{kind}"]


def same(left: np.ndarray | float, right: np.ndarray | float) -> None:
    assert np.abs(left - right).max(initial=0.0) < HALF_A_FEN


def at_most(left: np.ndarray | float, right: np.ndarray | float) -> None:
    assert np.max(left - right, initial=-1.0) < HALF_A_FEN


def check_ledger(scheme: Scheme, h: History, party: str, opening: float) -> None:
    """Opening + received − paid = balance."""
    lines = ledger_lines(scheme)
    received = h.total(*(one.record for one in lines if one.target == party))
    paid = h.total(*(one.record for one in lines if one.source == party))
    same(opening + received - paid, h[party_record(party, "balance")])


def check_money(fund: EquityFund, h: History) -> None:
    """What the lines of the ledger move is what the records say; the fund ends empty."""
    balance = h[party_record(fund.party, "balance")]
    custody = h[party_record(fund.custody, "balance")]
    calls = of(fund, h, "called_government", "called_social")
    distributed = of(
        fund, h, "to_contributions", "to_hurdle", "to_catch_up", "to_carry", "to_partners", "clawback"
    )
    same(balance, calls + of(fund, h, "proceeds", "clawback") - of(fund, h, "fees", "invested") - distributed)
    at_most(-balance, 0.0)
    at_most(-custody, 0.0)
    at_most(balance, of(fund, h, "recycled"))
    same(balance[:, fund.last :], 0.0)
    called = line(fund, h, fund.custody, fund.party, "equity_call")
    back = line(fund, h, fund.custody, fund.treasury, "equity_custody")
    same(called, of(fund, h, "called_government"))
    same(h[party_record(fund.custody, "paid_in")], called + back + custody)
    same(custody[:, max(fund.last, h.scheme.window.months - 1) :], 0.0)


def check_calls(fund: EquityFund, h: History) -> None:
    """Nobody pays more than it committed; matched calls are matched; who is not set up calls nothing."""
    social = of(fund, h, "called_social") - of(fund, h, "called_by_buyers")
    public = of(fund, h, "called_government", "called_by_buyers")
    failed = of(fund, h, "failed_calls")
    committed = of(fund, h, "committed_social", "committed_government")
    at_most(public, of(fund, h, "committed_government"))
    at_most(social + failed, of(fund, h, "committed_social"))
    at_most(social + public + failed, committed)
    at_most(of(fund, h, "fees"), of(fund, h, "fees_asked"))
    if fund.social_target and not fund.government_first:
        at_most(public, fund.planned / fund.social_target * social)
    raised = of(fund, h, "raised_share")
    at_most(committed, np.where(fund.social_target > 0.0, raised, 1.0) * (fund.planned + fund.social_target))
    never = ~np.isfinite(of(fund, h, "set_up_month"))
    assert not (social + public)[never].any()
    given_up = np.isfinite(of(fund, h, "not_set_up_month"))[:, -1]
    assert (given_up == never[:, -1]).all()


def check_deals(fund: EquityFund, h: History) -> None:
    """Every deal ends once; cost is realised or unsold; social and local parts are parts."""
    same(of(fund, h, "n_deals"), of(fund, h, "n_failed", "n_exited", "n_liquidated", "n_unsold"))
    same(of(fund, h, "invested"), of(fund, h, "realised_cost", "unsold_cost"))
    same(of(fund, h, "n_unsold")[:, fund.last :], 0.0)
    at_most(of(fund, h, "invested_social"), of(fund, h, "invested"))
    at_most(of(fund, h, "invested_local"), of(fund, h, "invested"))
    at_most(of(fund, h, "realised_cost") - of(fund, h, "proceeds"), of(fund, h, "lost"))
    kept = fund.recycling * of(fund, h, "committed_social", "committed_government")
    at_most(of(fund, h, "recycled"), kept)


def check_waterfall(fund: EquityFund, h: History) -> None:
    """Partners and manager have all that is distributed; carry is no more than its share once clawed back."""
    calls = of(fund, h, "called_government", "called_social")
    carry = of(fund, h, "to_catch_up", "to_carry")
    partners = of(fund, h, "to_contributions", "to_hurdle", "to_partners", "clawback")
    same(partners, of(fund, h, "distributed_government", "distributed_social"))
    same(carry, line(fund, h, fund.party, fund.manager, "equity_carry"))
    at_most(of(fund, h, "to_contributions"), calls)
    owed = of(fund, h, "hurdle_owed")
    at_most(-owed, 0.0)
    # Nothing reaches the manager before partners have their contributions back.
    first = np.argmax(carry > HALF_A_FEN, axis=1)
    for path, month in enumerate(first):
        if carry[path, month] > HALF_A_FEN:
            at_most(calls[path, month], partners[path, month])
    if fund.waterfall.clawback:
        kept = (carry - of(fund, h, "clawback"))[:, fund.last]
        gains = (partners + carry - of(fund, h, "clawback") - calls)[:, fund.last]
        at_most(kept, fund.waterfall.carry * np.maximum(0.0, gains))


def check_concession(fund: EquityFund, h: History) -> None:
    """Government's principal is never ceded, and what is ceded is at most the stated share of its gains."""
    received = of(fund, h, "distributed_government")
    ceded = of(fund, h, "ceded")
    same(line(fund, h, fund.party, fund.treasury, "equity_distribution"), received - ceded)
    last = fund.last
    gains = np.maximum(0.0, received - of(fund, h, "called_government"))[:, last]
    share = fund.concession.share if isinstance(fund.concession, ExcessShare) else 0.0
    at_most(ceded[:, last], share * gains)
    sold = of(fund, h, "sold_month")[:, -1]
    for path in np.flatnonzero(np.isfinite(sold)):
        after = slice(int(sold[path]), None)
        assert np.ptp(received[path, after]) == 0.0
        assert np.ptp(of(fund, h, "called_government")[path, after]) == 0.0
        assert (of(fund, h, "nav_government")[path, after] == 0.0).all()
        assert (of(fund, h, "option_cost")[path, after] > 0.0).all()


def check_value(fund: EquityFund, h: History) -> None:
    """Partners have no more than the whole value; what is sold has none."""
    nav = of(fund, h, "nav")
    at_most(of(fund, h, "nav_government", "nav_social"), nav)
    at_most(
        of(fund, h, "expected_government"),
        of(fund, h, "expected_value") + h[party_record(fund.party, "balance")],
    )
    same(nav[:, fund.last :], 0.0)
    if fund.mark == "cost":
        same(nav, of(fund, h, "unsold_cost") + h[party_record(fund.party, "balance")])
