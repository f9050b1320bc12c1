"""Identities of an equity fund: its accounts, its deals, its waterfall, and what government never loses."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import CallOption, EquityFund, ExcessShare, Nature, Scheme
from fundsim.scheme.records import ledger_lines, party_record

from .amounts import HALF_A_FEN, near, never_below, rising
from .equity_kin import check_beside, check_pace, check_parent, received
from .histories import History

__all__ = ["check_equity"]

Records = dict[str, np.ndarray]


def check_equity(scheme: Scheme, h: History) -> None:
    """Check the accounts of a history and every fund by its identities, at every month's end of every path.

    Raises:
        AssertionError: one does not hold.
    """
    check_accounts(scheme, h)
    for fund in scheme.equity_funds:
        natures = (Nature.FLOW, Nature.STOCK, Nature.MONTH)
        f = {what: h[EquityFund.record(fund.name, what)] for what in EquityFund.names(*natures)}
        for account in ("party", "custody"):
            f[account] = h[party_record(getattr(fund, account), "balance")]
        f["paid_in"] = h[party_record(fund.custody, "paid_in")]
        f["returned"] = f["proceeds"] + f["subsidised"]
        if fund.is_parent(scheme):
            f["returned"] = sum(received(h, sub) for sub in fund.subs(scheme))
        check_lines(scheme, fund, h, f)
        check_money(fund, f)
        if fund.parent is None:
            check_custody(scheme, fund, h, f)
        check_commitments(fund, f)
        check_waterfall(fund, f)
        check_concession(fund, f)
        check_values(fund, f)
        check_life(scheme, fund, f)
        if fund.is_parent(scheme):
            check_parent(scheme, h, fund, f)
        elif fund.pacing is not None:
            check_pace(fund, f)
        else:
            check_deals(fund, f)
        check_beside(scheme, h, fund, f)
        # All funds of the same partners are on one line.
        funds = [g for g in scheme.equity_funds if (g.partners, g.treasury) == (fund.partners, fund.treasury)]
        prices = h.total(*(EquityFund.record(g.name, "option_price") for g in funds))
        assert near(h[f"flow/{fund.partners}>{fund.treasury}/equity_option"], prices)


def check_accounts(scheme: Scheme, h: History) -> None:
    """Check that every account is opening money, what came in and what went out; no limited one below 0."""
    lines = ledger_lines(scheme)
    for party in scheme.parties:
        into = h.total(*(line.record for line in lines if line.target == party.name))
        out = h.total(*(line.record for line in lines if line.source == party.name))
        balance = h[party_record(party.name, "balance")]
        assert near(party.opening + into - out, balance), party.name
        assert not party.limited or never_below(balance), party.name


def check_lines(scheme: Scheme, fund: EquityFund, h: History, f: Records) -> None:
    """What it counts is what the ledger has moved."""

    def moved(source: str, target: str, kind: str) -> np.ndarray:
        return h[f"flow/{source}>{target}/equity_{kind}"]

    assert near(moved(fund.custody, fund.party, "call"), f["called_government"])
    assert near(moved(fund.partners, fund.party, "call"), f["called_social"])
    assert near(moved(fund.party, fund.manager, "fee"), f["fees"])
    if not fund.is_parent(scheme):
        assert near(moved(fund.party, "firms", "deal"), f["invested"])
        assert near(moved("firms", fund.party, "exit"), f["proceeds"])
    assert near(moved(fund.manager, fund.party, "clawback"), f["clawback"])
    assert near(moved(fund.party, fund.manager, "carry"), f["to_catch_up"] + f["to_carry"])
    assert near(moved(fund.party, fund.partners, "concession"), f["ceded"])
    assert near(moved(fund.party, fund.treasury, "distribution"), f["distributed_government"] - f["ceded"])
    assert near(moved(fund.party, fund.partners, "distribution"), f["distributed_social"])


def check_money(fund: EquityFund, f: Records) -> None:
    """All that came in is in fees, deals, distributions or in hand."""
    came_in = f["called_government"] + f["called_social"] + f["returned"]
    partners = f["to_contributions"] + f["to_hurdle"] + f["to_partners"]
    carry = f["to_catch_up"] + f["to_carry"]
    assert near(f["party"], came_in - f["fees"] - f["invested"] - partners - carry)
    assert near(partners + f["clawback"], f["distributed_government"] + f["distributed_social"])
    assert never_below(f["fees_asked"], f["fees"])
    assert never_below(f["recycled"], f["party"])
    commitments = f["committed_government"] + f["committed_social"]
    assert never_below(fund.recycling * commitments, f["recycled"])


def check_custody(scheme: Scheme, fund: EquityFund, h: History, f: Records) -> None:
    """Nothing is paid in after the window, and nothing lies idle once the fund can ask for no more."""
    months = scheme.window.months
    back = h[f"flow/{fund.custody}>{fund.treasury}/equity_custody"]
    assert near(f["custody"], f["paid_in"] - f["called_government"] - back)
    assert near(f["paid_in"][:, months - 1 :], f["paid_in"][:, months - 1 : months])
    t = np.arange(f["custody"].shape[1])
    over = (t >= fund.last) | (f["not_set_up_month"] <= t) | (f["sold_month"] <= t)
    assert near(f["custody"][over], 0.0)


def check_commitments(fund: EquityFund, f: Records) -> None:
    """Nobody pays more than he committed, and government matches what social partners commit."""
    assert never_below(f["committed_government"], f["called_government"] + f["called_by_buyers"])
    own = f["called_social"] - f["called_by_buyers"]
    assert never_below(f["committed_social"], own + f["failed_calls"])
    assert never_below(f["called_social"], f["called_by_buyers"])
    if fund.social_target > 0.0:
        assert near(f["committed_social"] * fund.planned / fund.social_target, f["committed_government"])
        assert never_below(f["raised_share"] * fund.social_target, f["committed_social"])
        assert ((f["raised_share"] >= 0.0) & (f["raised_share"] <= 1.0)).all()
        if not fund.government_first:
            matched = own * fund.planned / fund.social_target
            assert never_below(matched, f["called_government"] + f["called_by_buyers"])
    never = f["set_up"] == 0.0
    for what in ("called_social", "called_government", "fees_asked", "n_deals", "option_price"):
        assert (f[what][never] == 0.0).all(), what
    assert (np.isfinite(f["set_up_month"]) == (f["set_up"] == 1.0)).all()
    assert (np.isfinite(f["set_up_month"]) != np.isfinite(f["not_set_up_month"]))[:, -1].all()


def check_deals(fund: EquityFund, f: Records) -> None:
    ended = f["n_failed"] + f["n_exited"] + f["n_liquidated"]
    assert (f["n_deals"] == ended + f["n_unsold"]).all()
    assert near(f["invested"], f["realised_cost"] + f["unsold_cost"])
    assert never_below(f["invested"], f["invested_social"])
    assert never_below(f["invested"], f["invested_local"])
    if fund.local_share == 1.0:
        assert near(f["invested"], f["invested_local"])
    assert never_below(f["lost"], f["realised_cost"] - f["proceeds"])
    assert never_below(f["realised_cost"], f["lost"])


def check_waterfall(fund: EquityFund, f: Records) -> None:
    """Contributions are back, and the hurdle is paid, in every month in which the manager takes carry."""
    calls = f["called_government"] + f["called_social"]
    carry = f["to_catch_up"] + f["to_carry"]
    assert never_below(f["hurdle_owed"])
    taken = np.diff(carry, axis=1, prepend=0.0) > HALF_A_FEN
    assert near(calls[taken], f["to_contributions"][taken])
    assert near(f["hurdle_owed"][taken], 0.0)
    assert never_below(calls, f["to_contributions"])
    assert never_below(f["hurdle_owed"] + f["clawback"], calls - f["to_contributions"])
    if fund.waterfall.hurdle == 0.0:
        assert near(f["to_hurdle"], 0.0)
    distributed = f["to_contributions"] + f["to_hurdle"] + f["to_partners"] + carry
    share = fund.waterfall.carry
    if fund.waterfall.clawback and fund.last < calls.shape[1]:
        at = fund.last
        gains = np.maximum(0.0, distributed[:, at] - calls[:, at])
        assert never_below(share * gains, (carry - f["clawback"])[:, at])
    else:
        assert near(f["clawback"], 0.0)


def check_concession(fund: EquityFund, f: Records) -> None:
    """Government's principal is never ceded: what it keeps is all that it received, or all that it paid."""
    kept = f["distributed_government"] - f["ceded"]
    paid = f["called_government"][:, -1:]
    assert never_below(kept, np.minimum(f["distributed_government"] - f["clawback"], paid))
    if not isinstance(fund.concession, ExcessShare):
        assert near(f["ceded"], 0.0)
    else:
        above = np.maximum(0.0, f["distributed_government"] - paid)
        assert never_below(fund.concession.share * above, f["ceded"])
    if not isinstance(fund.concession, CallOption):
        assert np.isinf(f["sold_month"]).all()
    sold = np.isfinite(f["sold_month"])
    for what in ("called_by_buyers", "distributed_to_buyers", "option_price", "option_cost"):
        assert (f[what][~sold] == 0.0).all(), what
    # Bought where it is worth more than it costs; from then on it is no longer government's.
    assert (f["option_cost"][sold] > HALF_A_FEN).all()
    assert (f["nav_government"][sold] == 0.0).all()
    for what in ("called_government", "distributed_government"):
        assert (np.diff(f[what], axis=1)[sold[:, :-1]] == 0.0).all(), what


def check_values(fund: EquityFund, f: Records) -> None:
    if fund.stages:
        whole = f["party"] + (f["unsold_cost"] if fund.mark == "cost" else f["expected_value"])
        assert near(f["nav"], whole)
    assert never_below(f["nav"], f["nav_government"] + f["nav_social"])
    for what in ("nav_government", "nav_social", "expected_government", "expected_value"):
        assert never_below(f[what]), what
    for side in ("government", "social"):
        # Who paid nothing owns nothing.
        nobody = (f[f"called_{side}"] == 0.0) & np.isinf(f["sold_month"])
        assert near(f[f"nav_{side}"][nobody], 0.0), side


def check_life(scheme: Scheme, fund: EquityFund, f: Records) -> None:
    """Nothing happens before its first month and after its last, but that custody moves."""
    for what in EquityFund.names(Nature.FLOW):
        assert rising(f[what]), what
        assert (f[what][:, : fund.start] == 0.0).all(), what
        after = f[what][:, fund.last :]
        assert (after == after[:, :1]).all(), what
    assert near(f["party"][:, fund.last :], 0.0)
    assert (f["n_unsold"][:, fund.last :] == 0.0).all()
    if fund.stages:
        assert (f["n_deals"][:, fund.start + fund.investment - 1 :] == f["n_deals"][:, -1:]).all()
    owed_after_life = f["fees_asked"][:, min(fund.start + fund.life, scheme.window.total) - 1 :]
    assert (owed_after_life == owed_after_life[:, :1]).all()
