"""Risk compensation for loans to technology firms (科技金融风险补偿), shared by pool, bank and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from fundsim.instruments.covered_lending import PublicFund
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Kind, Part, joined
from fundsim.instruments.payers import Partner, faults_of_shares, partners_of
from fundsim.instruments.programme import Programme, contract_of, covered, fund_of, lent_by, programme_of
from fundsim.metrics.funds import claims_metrics
from fundsim.metrics.payer_words import TECHNOLOGY_POOL
from fundsim.scenario.term import TermFault, term
from fundsim.scheme.surroundings import CITY

__all__ = ["KIND", "TechnologyPool"]

_NEEDS_A_FUND = (
    "opening",
    "injections",
    "top_up",
    "multiple",
    "deposit_rate",
    "running_cost",
)


class TechnologyPool(PublicFund):
    """Risk compensation for loans to technology firms, shared by pool, bank and others.

    The pool pays its share of each whole loss, partners (a guarantor, an insurer, an appraiser) theirs,
    and the bank bears what is left. One loan is one firm while it lives, so `caps.loan_limit` is the most
    paid on a firm; `caps.year_limit` is the annual ceiling. Some cities keep no ring-fenced deposit and pay
    claims out of the year's budget up to that ceiling: `paid_from: budget`.
    """

    paid_from: Literal["fund", "budget"] = term(
        "fund", meaning="Whether a fund pays, or each year's budget up to caps.year_limit", zh="补偿资金来源"
    )
    partners: Mapping[str, Partner] = term(
        {}, meaning="Who else pays a share of each whole loss, by name", zh="其他分担方"
    )

    def faults_shares(self, context: Any) -> Iterator[TermFault]:
        """Refuse shares of more than the whole."""
        shares = {name: partner.share for name, partner in self.partners.items()}
        yield from faults_of_shares("partners", shares, self.share, "pool and partners")

    def faults_money(self, context: Any) -> Iterator[TermFault]:
        """Warn of a fund without money."""
        if self.paid_from == "fund":
            yield from PublicFund.faults_money(self, context)

    def faults_budget(self, context: Any) -> Iterator[TermFault]:
        """Require a ceiling where the budget pays, and nothing that needs a fund."""
        if self.paid_from == "fund":
            return
        if self.caps.year_limit is None:
            yield TermFault(
                ("caps", "year_limit"),
                "is missing, and a year's budget pays no more than a ceiling",
                "write caps.year_limit",
                "缺少该项，而由预算支付时须有年度上限",
                "请写 caps.year_limit",
            )
        ratio = self.breaker is not None and self.breaker.metric == "compensation_ratio"
        for key in (*(k for k in _NEEDS_A_FUND if getattr(self, k)), *(["breaker"] if ratio else [])):
            yield TermFault(
                (key,),
                "needs a fund, and the budget pays",
                "delete it, or write paid_from: fund",
                "须有专门资金，而此处由预算支付",
                "请删去本项，或写 paid_from: fund",
            )


def _budget(programme: Programme, terms: TechnologyPool) -> Part:
    """Return the city's promise to pay out of each year's budget."""
    contract = contract_of(programme, terms.share, of="original", caps=terms.caps, basis=terms.basis)
    contract = replace(contract, payer=CITY)
    part = Part(contracts=(contract,), metrics=claims_metrics(contract))
    return joined(lent_by(programme), part)


def lower(name: str, terms: TechnologyPool, context: Context) -> Part:
    """Lower the pool: one facility, one contract for the pool and one for each partner."""
    programme = programme_of(name, terms, context)
    if terms.paid_from == "budget":
        fund = _budget(programme, terms)
    else:
        fund = fund_of(programme, money_of(name, terms, context), of="original", called=TECHNOLOGY_POOL)
    return covered(programme, fund, beside=partners_of(programme, terms.partners, "original"))


KIND = Kind(
    name="technology_pool",
    meaning="Risk compensation for technology firms, shared by pool, bank, guarantor and insurer",
    meaning_zh="科技金融风险补偿资金池",
    terms=TechnologyPool,
    lower=lower,
)
