"""Identities of a bridge fund: its cash and capital, its requests and uses, and the loans that it bridges."""

from __future__ import annotations

import numpy as np

from fundsim.scheme import BridgeFund, Nature, Scheme
from fundsim.scheme.records import book_record, party_record

from .amounts import near, never_below, rising
from .histories import History

__all__ = ["check_bridges"]


def check_bridges(scheme: Scheme, h: History) -> None:
    """Hold every fund of a history to its identities, at every month's end of every path."""
    for fund in scheme.bridges:
        records = BridgeFund.names(Nature.FLOW, Nature.STOCK)
        f = {what: h[f"bridge/{fund.name}/{what}"] for what in records}
        f["balance"] = h[party_record(fund.party, "balance")]
        f["paid_in"] = h[party_record(fund.party, "paid_in")]
        warm = fund.requests is not None and fund.requests.warm_up_days > 0.0
        check_money(f, warm=warm)
        check_requests(f, warm=warm)
        check_lines(fund, h, f)
        check_sizes(fund, h, f)
        check_loans(scheme, fund, h, f)
        for what in BridgeFund.names(Nature.FLOW):
            # A running cost that nobody pays for can leave less than no capital.
            assert rising(f[what]) or (what == "capital_days" and f["capital"].min() < 0.0), what


def same_always(values: np.ndarray, *, warm: bool) -> bool:
    """Whether values are 0, or with a warm-up, of which nothing is counted, what it left."""
    return near(values, values[:, :1] if warm else 0.0)


def check_money(f: dict[str, np.ndarray], *, warm: bool) -> None:
    assert near(f["balance"], f["capital"] + f["fees_kept"] - f["out"])
    lost = f["losses"] + f["overdue"] + f["cost_from_capital"] - f["recapitalised"]
    assert same_always(f["capital"] + lost - f["paid_in"], warm=warm)
    assert same_always(f["became_overdue"] - f["overdue"] - f["losses"] - f["recoveries"], warm=warm)
    assert same_always(f["lent"] - f["ended"] - f["out"], warm=warm)
    spent = f["running_cost"] - f["cost_from_capital"] + f["recapitalised"]
    assert same_always(f["fees"] - spent - f["fees_kept"], warm=warm)
    assert all(never_below(f[what]) for what in ("out", "overdue", "fees_kept"))
    assert never_below(f["peak_out"], f["out"])


def check_requests(f: dict[str, np.ndarray], *, warm: bool) -> None:
    waits = f["n_requests"] - f["n_served"] - f["n_refused"] - f["n_waiting"]
    uses = f["n_served"] - f["n_returned"] - f["n_overdue"] - f["n_out"]
    for left in (waits, uses):
        assert (left == (left[:, :1] if warm else 0.0)).all()
    if not warm:
        assert never_below(f["n_requests"], f["n_queued"])
        assert never_below(f["requested"], f["lent"] + f["refused"])
        assert never_below(f["n_queued"], f["n_refused"] + f["n_waiting"])
    assert never_below(f["waiting_days"], f["waiting_days_served"])
    assert ((f["n_waiting"] >= 0.0) & (f["n_out"] >= 0.0)).all()


def check_lines(fund: BridgeFund, h: History, f: dict[str, np.ndarray]) -> None:
    """What it counts is what the ledger has moved."""
    lent, back = f"flow/{fund.party}>firms/", f"flow/firms>{fund.party}/"
    assert near(h[f"{lent}bridge_loan"], f["lent"])
    assert near(h[f"{back}bridge_return"], f["ended"] - f["became_overdue"])
    assert near(h[f"{back}bridge_fee"], f["fees"])
    assert near(h[f"{back}bridge_recovery"], f["recoveries"])
    assert near(h[f"flow/{fund.party}>outside/bridge_cost"], f["running_cost"])


def check_sizes(fund: BridgeFund, h: History, f: dict[str, np.ndarray]) -> None:
    for what in ("n_requests", "requested", "n_refused", "refused"):
        parts = (f"bridge_size/{fund.name}/{k}/{what}" for k in range(len(fund.sizes)))
        assert near(h.total(*parts), f[what]), what


def check_loans(scheme: Scheme, fund: BridgeFund, h: History, f: dict[str, np.ndarray]) -> None:
    """Each short firm asked, or was not eligible; each use that came back renewed a loan."""
    if fund.requests is not None:
        return
    books = [(x.name, b.segment) for x in scheme.facilities if x.name in fund.facilities for b in x.borrowers]

    def of_books(what: str) -> np.ndarray:
        return h.total(*(book_record(*book, what) for book in books))

    months = scheme.window.months
    assert (of_books("n_short") == f["n_requests"] + f["n_ineligible"])[:, :months].all()
    # Loans that are renewed after the window count in its last month.
    bridged = of_books("n_bridged")
    assert (bridged[:, : months - 1] == f["n_returned"][:, : months - 1]).all()
    assert (bridged[:, -1] == f["n_returned"][:, -1])[f["n_out"][:, -1] == 0.0].all()
    assert (f["avoided"] <= f["n_served"] * (1.0 + 1e-12)).all()
