"""Identities of guarantors' books, of limits that read them, and of drawn multiples."""

from __future__ import annotations

import math

import numpy as np

from fundsim.scheme import Capacity, Contract, Guarantor, Scheme
from fundsim.scheme.records import (
    book_record,
    contract_record,
    drawn_record,
    facility_record,
    guarantor_record,
    party_record,
)

from .amounts import HALF_A_FEN, near
from .histories import History


def check_guarantors(scheme: Scheme, h: History) -> None:
    """Hold guarantors' books, drawn multiples and what is left of caps to their rules."""
    for guarantor in scheme.guarantors:
        check_net_assets(scheme, h, guarantor)
        check_premium(h, guarantor)
        check_reserve(h, guarantor)
        check_liability(scheme, h, guarantor)
        check_receivable(scheme, h, guarantor)
    for limit in scheme.capacities:
        check_leverage(scheme, h, limit)
    limited = {limit.facility for limit in scheme.obligor_limits}
    for facility in scheme.facilities:
        if facility.name not in limited:
            assert h[facility_record(facility.name, "refused_obligor")].max() == 0.0
    check_drawn(scheme, h)
    check_caps_left(scheme, h)


def of_guarantor(h: History, guarantor: Guarantor, what: str) -> np.ndarray:
    return h[guarantor_record(guarantor.party, what)]


def check_net_assets(scheme: Scheme, h: History, guarantor: Guarantor) -> None:
    carrying = [c for c in scheme.contracts if c.payer == guarantor.party and c.carry]
    arrears = h.total(*(contract_record(c.name, "unpaid") for c in carrying))
    net = of_guarantor(h, guarantor, "net_assets")
    own = h[party_record(guarantor.party, "balance")] + of_guarantor(h, guarantor, "receivable")
    owed = of_guarantor(h, guarantor, "unearned") + of_guarantor(h, guarantor, "reserve") + arrears
    assert near(net, own - owed), guarantor.party
    below = net < -HALF_A_FEN
    first = np.where(below.any(axis=1), below.argmax(axis=1), np.inf)
    assert (h.final(guarantor_record(guarantor.party, "insolvent_month")) == first).all(), guarantor.party


def check_premium(h: History, guarantor: Guarantor) -> None:
    received = h.total(*(line.record for line in guarantor.fees))
    before = np.pad(received, ((0, 0), (12, 0)))[:, : received.shape[1]]
    unearned = of_guarantor(h, guarantor, "unearned")
    assert near(unearned, guarantor.unearned_share * (received - before)), guarantor.party


def check_reserve(h: History, guarantor: Guarantor) -> None:
    liability, reserve = of_guarantor(h, guarantor, "liability"), of_guarantor(h, guarantor, "reserve")
    expected = np.zeros(liability.shape[0])
    for month in range(liability.shape[1]):
        if month % 12 == 11:
            grown = expected + guarantor.reserve_rate * liability[:, month]
            expected = np.minimum(grown, guarantor.reserve_cap * liability[:, month])
        assert near(reserve[:, month], expected), guarantor.party


def check_liability(scheme: Scheme, h: History, guarantor: Guarantor) -> None:
    """It lies between the smallest and the largest weight of what is outstanding, and ends with it."""
    low, high = h.total(), h.total()
    for facility in scheme.facilities:
        weights = [w.weight for w in guarantor.weights if w.facility == facility.name]
        out = h[facility_record(facility.name, "outstanding")]
        low = low + min(weights, default=0.0) * out
        high = high + max(weights, default=0.0) * out
    liability = of_guarantor(h, guarantor, "liability")
    assert (liability > low - HALF_A_FEN).all(), guarantor.party
    assert (liability < high + HALF_A_FEN).all(), guarantor.party


def check_receivable(scheme: Scheme, h: History, guarantor: Guarantor) -> None:
    """It is at most what is expected back of what was paid and not refunded, and never below zero."""
    covering = [c for c in scheme.contracts if c.covers in guarantor.contracts]
    covers = [c.name for c in covering]
    paid = h.total(*(contract_record(name, "paid") for name in guarantor.contracts))
    refunded = h.total(*(contract_record(name, "paid") for name in covers))
    receivable = of_guarantor(h, guarantor, "receivable")
    # A cover that pays its arrears after the next cover has stepped in may refund more than was paid.
    last = {c.covers: c for c in covering}
    if all(c is last[c.covers] for c in covering if c.carry):
        assert (receivable > -HALF_A_FEN).all(), guarantor.party
        most = guarantor.expected_recovery * (paid - refunded)
        assert (receivable < most + HALF_A_FEN).all(), guarantor.party


def check_leverage(scheme: Scheme, h: History, limit: Capacity) -> None:
    """After lending, the liability is within multiple × net assets.

    Net assets before lending are those of the month's end before the reserve grew, less what fees on new
    loans brought since.
    """
    if limit.basis != "net_assets":
        return
    (guarantor,) = (g for g in scheme.guarantors if g.party == limit.party)
    sharing = {f.name for f in scheme.facilities if limit.name in f.capacities}
    assert {w.facility for w in guarantor.weights} == sharing
    reserve = of_guarantor(h, guarantor, "reserve")
    grown = np.diff(reserve, axis=1, prepend=0.0)
    most = np.maximum(0.0, of_guarantor(h, guarantor, "net_assets") + grown)
    multiple = limit.multiple * (1.0 if limit.drawn is None else h[drawn_record(limit.drawn)])
    lent = h.total(
        *(book_record(f.name, b.segment, "lent_new") for f in scheme.facilities if f.name in sharing
          for b in f.borrowers)
    )  # fmt: skip
    grew = np.diff(lent, axis=1, prepend=0.0) > 0.0
    ceiling = multiple * most * (1.0 + 1e-6) + HALF_A_FEN
    assert (of_guarantor(h, guarantor, "liability")[grew] <= ceiling[grew]).all(), limit.name


def check_drawn(scheme: Scheme, h: History) -> None:
    for drawn in scheme.drawn:
        value = h[drawn_record(drawn.name)]
        assert (value == value[:, :1]).all()
        assert (value >= drawn.low).all()
        assert (value <= drawn.high).all()
        dated = [i for i in scheme.injections if i.drawn == drawn.name]
        given = sum(
            np.where(np.arange(value.shape[1]) >= i.month, i.amount, 0.0) for i in dated
        )  # shape (months,)
        assert near(h.total(*{f"flow/{i.source}>{i.target}/{i.kind}" for i in dated}), given * value)


def check_caps_left(scheme: Scheme, h: History) -> None:
    """What is left of the caps of years and life is the caps less what was paid, at every snapshot."""
    for contract in scheme.contracts:
        left = h.snapshots[contract_record(contract.name, "cap_left")]
        if contract.cap_on_net:
            assert (left >= 0.0).all()
            continue
        paid = h[contract_record(contract.name, "paid")]
        for row, elapsed in enumerate(scheme.window.snapshots):
            if elapsed > scheme.window.lending:
                break
            year = years_left(scheme, contract, paid, elapsed)
            most = np.minimum(year, contract.limit - paid[:, elapsed - 1])
            if math.isinf(contract.cohort_cap_rate):
                finite = np.isfinite(most)
                assert (np.isfinite(left[:, row]) == finite).all(), contract.name
                assert near(left[finite, row], most[finite]), contract.name
            else:
                assert (left[:, row] <= most + HALF_A_FEN).all(), contract.name
                assert np.isfinite(left[:, row]).all(), contract.name


def years_left(scheme: Scheme, contract: Contract, paid: np.ndarray, elapsed: int) -> np.ndarray:
    """Return the yearly limits still left up to the contract's last claim: month by month, each year once."""
    (facility,) = (f for f in scheme.facilities if f.name == contract.facility)
    delay, link = 0, contract
    while link is not None:
        delay += link.trigger_months + link.claim_lag
        link = next((c for c in scheme.contracts if c.name == link.covers), None)
    names = {b.segment for b in facility.borrowers}
    term = max(s.term_months for s in scheme.segments if s.name in names)
    years = {month // 12 for month in range(elapsed, elapsed + term + delay)}
    left = np.full(len(paid), len(years) * contract.year_limit)
    if elapsed % 12:
        begin = elapsed - elapsed % 12
        left -= paid[:, elapsed - 1] - (paid[:, begin - 1] if begin else 0.0)
    return left
