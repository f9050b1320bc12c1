"""What public payers may still have to pay at the window's end: contingent exposure.

* Contractual: the most that they can be asked for (``exposure``), within the money that they can come to
  have (``payable``).  What a payer pays after the window is no more on any path.
* Expected and unexpected: mean, and 99 % quantile − mean, of the claims within caps that fall due in the
  run-off.  Both are named figures of that law.

An instrument's figures add its payers, each by itself.  The scheme's are consolidated, as its fiscal cost is:
a payment counts with the public's part of the payer less the public's part of the insured, so that a yuan
counts once; what adds each payer by itself stands beside as ``…_gross``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from fundsim.metrics.exposure import asked_of_contracts
from fundsim.metrics.formulas import (
    ZERO,
    largest,
    minus,
    product,
    recorded,
    smallest,
    sum_of,
    total,
    where_positive,
)
from fundsim.metrics.payable import payable_by_payers
from fundsim.metrics.public import public_parts
from fundsim.scheme import Contract, Formula, LawFigure, Metric, Scheme
from fundsim.scheme.records import contract_record

__all__ = ["contingent_metrics"]

_AmountOf = Callable[[Contract], Formula]


def contingent_metrics(scheme: Scheme) -> tuple[Metric | LawFigure, ...]:
    """Return the contingent exposure of public payers, instrument by instrument and in all."""
    public = {p.name for p in scheme.parties if p.public}
    paying = tuple(contract for contract in scheme.contracts if contract.payer in public)
    if not paying:
        return ()
    by_instrument: dict[str, list[Contract]] = {}
    for contract in paying:
        by_instrument.setdefault(contract.about.instrument, []).append(contract)
    exposure = _Exposure(scheme)
    each, each_zh = "; each public payer by itself", "，各财政出资方分别计算"
    instruments = (
        _Figures(
            instrument=name,
            suffix="",
            of=each if len({c.payer for c in contracts}) > 1 else "",
            of_zh=each_zh if len({c.payer for c in contracts}) > 1 else "",
            contractual=exposure.gross(contracts),
            claims=_claims(contracts),
        )
        for name, contracts in by_instrument.items()
    )
    once, once_zh = "; all instruments, a yuan counted once", "，全部工具，合并抵销后"
    whole = (
        _Figures("scheme", "", once, once_zh, exposure.consolidated(paying), exposure.once(paying, _within)),
        _Figures(
            "scheme",
            "_gross",
            f"; all instruments{each}",
            f"，全部工具{each_zh}",
            exposure.gross(paying),
            _claims(paying),
        ),
    )
    incurred = total([contract_record(c.name, "pending") for c in paying])
    return (
        *(m for figures in (*instruments, *whole) for m in figures.metrics()),
        _incurred("", once, once_zh, exposure.once(paying, _pending)),
        _incurred("_gross", f"; all instruments{each}", f"，全部工具{each_zh}", incurred),
    )


def _incurred(suffix: str, of: str, of_zh: str, formula: Formula) -> Metric:
    return Metric(
        instrument="scheme",
        own_name=f"claims_incurred{suffix}",
        unit="yuan",
        meaning=f"Public payers' share of defaults to date whose claim is not yet due, filed or not{of}",
        meaning_zh=f"公共资金未决代偿额（含已发生未报告）{of_zh}",
        formula=formula,
        yearly=True,
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """The contingent figures of an instrument, or of the whole scheme."""

    instrument: str
    suffix: str
    of: str
    """Words for meanings that say what is added up."""
    of_zh: str
    contractual: Formula
    claims: Formula

    def metrics(self) -> Iterator[Metric | LawFigure]:
        """Yield the contractual exposure, the claims after the window, and the two figures of their law."""
        yield Metric(
            instrument=self.instrument,
            own_name=f"contingent_contractual{self.suffix}",
            unit="yuan",
            meaning="The most that public payers can still be asked for and pay after the date" + self.of,
            meaning_zh=f"或有负债（合同口径：今后最多应付且付得出的金额）{self.of_zh}",
            formula=self.contractual,
        )
        claims = Metric(
            instrument=self.instrument,
            own_name=f"contingent_claims{self.suffix}",
            unit="yuan",
            meaning=f"Claims within caps on public payers that fall due after the window{self.of}",
            meaning_zh=f"政策期后到期的应付代偿（上限之内）{self.of_zh}",
            formula=self.claims,
            after_window=True,
        )
        yield claims
        yield LawFigure(
            instrument=self.instrument,
            own_name=f"contingent_expected{self.suffix}",
            meaning=f"Expected contingent exposure: mean of the claims after the window{self.of}",
            meaning_zh=f"预期或有负债（政策期后应付代偿的均值）{self.of_zh}",
            metric=claims,
            figure="expected",
        )
        yield LawFigure(
            instrument=self.instrument,
            own_name=f"contingent_unexpected{self.suffix}",
            meaning="Unexpected contingent exposure: 99 % quantile less mean of the claims after the window"
            + self.of,
            meaning_zh=f"非预期或有负债（政策期后应付代偿的 99% 分位减均值）{self.of_zh}",
            metric=claims,
            figure="unexpected",
        )


def _within(contract: Contract) -> Formula:
    """Return what fell due on a contract within its caps."""
    due, above = (recorded(contract_record(contract.name, what)) for what in ("due", "above_cap"))
    return minus(due, above)


def _pending(contract: Contract) -> Formula:
    return recorded(contract_record(contract.name, "pending"))


def _claims(contracts: Sequence[Contract]) -> Formula:
    due, above = (total([contract_record(c.name, what) for c in contracts]) for what in ("due", "above_cap"))
    return minus(due, above)


class _Exposure:
    """What payers can be asked for and can pay, each by itself or consolidated."""

    def __init__(self, scheme: Scheme) -> None:
        self._asked = asked_of_contracts(scheme)
        self._payable = payable_by_payers(scheme, self._asked)
        self._parts = public_parts(scheme)
        lenders = {f.name: f.lender for f in scheme.facilities}
        payers = {c.name: c.payer for c in scheme.contracts}
        self._insured = {
            c.name: lenders[c.facility] if c.covers is None else payers[c.covers] for c in scheme.contracts
        }

    def _weight(self, contract: Contract) -> Formula:
        """Return the public's part of a contract's payer less that of its insured."""
        insured = self._parts.get(self._insured[contract.name])
        own = self._parts[contract.payer]
        return own if insured is None else minus(own, insured)

    def gross(self, contracts: Iterable[Contract]) -> Formula:
        """Return the most that the payers of contracts can pay on them, each payer by itself."""
        return sum_of(
            smallest(sum_of(self._asked[c.name] for c in own), self._payable[payer])
            for payer, own in _by_payer(contracts).items()
        )

    def consolidated(self, contracts: Iterable[Contract]) -> Formula:
        """Return the most public money that can leave on contracts, payments among the public netted."""
        return sum_of(self._netted(payer, own) for payer, own in _by_payer(contracts).items())

    def _netted(self, payer: str, contracts: Sequence[Contract]) -> Formula:
        """Return the most public money that can leave on the contracts of one payer."""
        weights = [largest(self._weight(c), ZERO) for c in contracts]
        asked = (self._asked[c.name] for c in contracts)
        parts = sum_of(product(weight, most) for weight, most in zip(weights, asked, strict=True))
        heaviest = largest(*weights)
        # A payer whose payments all go to the public counts nothing, whatever it can pay.
        within = product(heaviest, where_positive(heaviest, self._payable[payer]))
        return smallest(parts, within)

    def once(self, contracts: Iterable[Contract], amount_of: _AmountOf) -> Formula:
        """Return the sum of an amount of contracts, each with its weight."""
        return sum_of(product(self._weight(c), amount_of(c)) for c in contracts)


def _by_payer(contracts: Iterable[Contract]) -> dict[str, list[Contract]]:
    found: dict[str, list[Contract]] = {}
    for contract in contracts:
        found.setdefault(contract.payer, []).append(contract)
    return found
