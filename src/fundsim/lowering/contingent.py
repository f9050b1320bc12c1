"""What public payers may still have to pay at the window's end: contingent exposure.

* Contractual: the most that the contracts can ask.  Along the contracts of each insured, in their order,
  ``min(share × uncovered, cap left)``; of all contracts of one payer together no more than its balance.
  Nothing is committed beyond that, since no money is paid in after the window.  The basis is everything
  outstanding as if all of it defaulted without recovery; an upstream contract's basis is what the one that
  it covers is exposed to.  Layers on single loans lower it further and are left out.
* Expected and unexpected: mean, and 99 % quantile − mean, of the claims within caps that fall due in the
  run-off.  Both are named figures of that law.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fundsim.instruments.formulas import minus, total
from fundsim.scheme import Contract, Facility, LawFigure, Metric, Records, Scheme
from fundsim.scheme.metrics import Formula
from fundsim.scheme.records import book_record, contract_record, facility_record, party_record

__all__ = ["contingent_metrics"]

Values = np.ndarray


def contingent_metrics(scheme: Scheme) -> tuple[Metric | LawFigure, ...]:
    """Return the contingent exposure of public payers, instrument by instrument and in all."""
    public = {p.name for p in scheme.parties if p.public}
    paying = [contract for contract in scheme.contracts if contract.payer in public]
    if not paying:
        return ()
    exposure = _exposures(scheme)
    grouped: dict[str, list[Contract]] = {}
    for contract in paying:
        grouped.setdefault(contract.name.partition(".")[0], []).append(contract)
    grouped["scheme"] = paying
    found = [
        m for name, contracts in grouped.items() for m in _metrics(name, tuple(contracts), exposure, scheme)
    ]
    return (*found, _incurred(paying))


def _incurred(contracts: list[Contract]) -> Metric:
    return Metric(
        name="scheme.claims_incurred",
        unit="yuan",
        meaning="Public payers' share of defaults to date whose claim is not yet due, filed or not",
        meaning_zh="公共资金未决代偿额（含已发生未报告）",
        formula=total([contract_record(c.name, "pending") for c in contracts]),
        yearly=True,
    )


def _metrics(
    name: str,
    contracts: tuple[Contract, ...],
    exposure: Callable[[Records], dict[str, Values]],
    scheme: Scheme,
) -> tuple[Metric | LawFigure, ...]:
    limited = {p.name for p in scheme.parties if p.limited}

    def contractual(r: Records) -> Values:
        claims = exposure(r)
        owed: dict[str, Values] = {}
        for contract in contracts:
            owed[contract.payer] = owed.get(contract.payer, 0.0) + claims[contract.name]
        parts = [
            np.minimum(amount, r[party_record(payer, "balance")]) if payer in limited else amount
            for payer, amount in owed.items()
        ]
        return np.asarray(np.sum(parts, axis=0))

    everywhere, everywhere_zh = ("; all instruments", "，全部工具") if name == "scheme" else ("", "")
    claims = Metric(
        name=f"{name}.contingent_claims",
        unit="yuan",
        meaning=f"Claims within caps on public payers that fall due after the window{everywhere}",
        meaning_zh=f"政策期后到期的应付代偿（上限之内）{everywhere_zh}",
        formula=_claims(contracts),
        after_window=True,
    )
    return (
        Metric(
            name=f"{name}.contingent_contractual",
            unit="yuan",
            meaning=f"The most that public payers' contracts can still ask at the date{everywhere}",
            meaning_zh=f"或有负债（合同口径，余额与上限之内）{everywhere_zh}",
            formula=contractual,
        ),
        claims,
        LawFigure(
            name=f"{name}.contingent_expected",
            meaning=f"Expected contingent exposure: mean of the claims after the window{everywhere}",
            meaning_zh=f"预期或有负债（政策期后应付代偿的均值）{everywhere_zh}",
            metric=claims,
            figure="expected",
        ),
        LawFigure(
            name=f"{name}.contingent_unexpected",
            meaning="Unexpected contingent exposure: 99 % quantile less mean of the claims after the window"
            + everywhere,
            meaning_zh=f"非预期或有负债（政策期后应付代偿的 99% 分位减均值）{everywhere_zh}",
            metric=claims,
            figure="unexpected",
        ),
    )


def _claims(contracts: tuple[Contract, ...]) -> Formula:
    due = total([contract_record(c.name, "due") for c in contracts])
    return minus(due, total([contract_record(c.name, "above_cap") for c in contracts]))


def _exposures(scheme: Scheme) -> Callable[[Records], dict[str, Values]]:
    """Return the formula of what each contract may be asked, before its payer's balance."""
    facilities = {f.name: f for f in scheme.facilities}
    limited = {p.name for p in scheme.parties if p.limited}
    ordered = sorted(scheme.contracts, key=lambda c: _depth(scheme, c))

    def exposures(r: Records) -> dict[str, Values]:
        asked: dict[str, Values] = {}
        basis: dict[tuple[str, str | None], Values] = {}
        uncovered: dict[tuple[str, str | None], Values] = {}
        for contract in ordered:
            insured = (contract.facility, contract.covers)
            if insured not in basis:
                whole = (
                    _outstanding(facilities[contract.facility], contract, scheme, r)
                    if contract.covers is None
                    else asked[contract.covers]
                )
                basis[insured] = uncovered[insured] = whole
            left = uncovered[insured]
            claim = contract.share * left
            if contract.of == "original":
                claim = np.minimum(contract.share * basis[insured], left)
            claim = np.minimum(claim, r[contract_record(contract.name, "cap_left")])
            if contract.payer in limited:
                claim = np.minimum(claim, r[party_record(contract.payer, "balance")])
            asked[contract.name] = claim
            uncovered[insured] = left - claim
        return asked

    return exposures


def _depth(scheme: Scheme, contract: Contract) -> int:
    by_name = {c.name: c for c in scheme.contracts}
    depth = 0
    while contract.covers is not None:
        contract = by_name[contract.covers]
        depth += 1
    return depth


def _outstanding(facility: Facility, contract: Contract, scheme: Scheme, r: Records) -> Values:
    """Return the basis of a lender's contracts if all that is outstanding defaulted."""
    outstanding = r[facility_record(facility.name, "outstanding")]
    if contract.basis == "principal":
        return outstanding
    rates = {s.name: s.rate_annual for s in scheme.segments}
    interest = sum(
        rates[b.segment] * r[book_record(facility.name, b.segment, "performing")] for b in facility.borrowers
    )
    # Interest of what has defaulted already is taken at the rate of the segments by their shares.
    mean_rate = sum(rates[b.segment] * b.share for b in facility.borrowers)
    mean_rate /= sum(b.share for b in facility.borrowers)
    performing = total([book_record(facility.name, b.segment, "performing") for b in facility.borrowers])(r)
    interest = interest + mean_rate * (outstanding - performing)
    return np.asarray(outstanding + contract.trigger_months / 12.0 * interest)
