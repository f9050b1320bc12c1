"""Who else bears a loss: partners beside a fund, and other levels of government behind it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Literal

from fundsim.instruments.cover import Caps
from fundsim.instruments.part import Part, joined
from fundsim.instruments.programme import Programme, contract_of
from fundsim.metrics.partners import level_metrics, partner_metrics
from fundsim.metrics.payer_words import PARTNER, PayerWords
from fundsim.scenario.term import Term, TermFault, term
from fundsim.scheme import Contract, Party, Payment
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import AnnualRate, Money, Months, Share

__all__ = [
    "Level",
    "Partner",
    "faults_of_shares",
    "levels_of",
    "partners_of",
]


class Partner(Term):
    """Somebody else who pays the bank a share of its losses: a guarantor, an insurer, an appraiser."""

    share: Share = term(gt=0, meaning="Part of the loss that it pays", zh="分担比例")
    money: Money | None = term(
        None, meaning="Money that it can pay with; left out, it is never short", zh="可用资金"
    )
    fee: AnnualRate = term(0.0, meaning="Fee of the borrower per yuan lent and year", zh="费率")
    caps: Caps = term(Caps(), meaning="Limits on what it pays", zh="赔付上限")
    public: bool = term(False, meaning="Whether its money is public", zh="是否财政资金")


class Level(Term):
    """Another level of government that returns to the fund a part of what the fund paid."""

    share: Share = term(gt=0, meaning="Part of each payment of the fund that it bears", zh="承担比例")
    lag: Months = term(0, le=60, meaning="Months from the payment to the return", zh="结算时滞")


def faults_of_shares(key: str, shares: Mapping[str, float], own: float, whose: str) -> Iterator[TermFault]:
    """Refuse shares that, with the fund's own, cover more than the whole loss."""
    total = math.fsum([own, *shares.values()])
    if total > 1.0 + 1e-9:
        yield TermFault(
            (key,),
            f"{whose} cover {total:g} of a loss between them",
            "let them cover 100% or less",
            f"合计承担损失的 {total:g}，超过全部损失",
            "请使合计不超过 100%",
        )


def partners_of(
    programme: Programme,
    partners: Mapping[str, Partner],
    of: Literal["uncovered", "original"],
    called: PayerWords = PARTNER,
) -> Part:
    """Return the partners of a programme as parties ``<programme>.<partner>``, in the order given."""
    return joined(*(_partner(programme, key, partner, of, called) for key, partner in partners.items()))


def _partner(
    programme: Programme,
    key: str,
    partner: Partner,
    of: Literal["uncovered", "original"],
    called: PayerWords,
) -> Part:
    name = f"{programme.name}.{key}"
    contract = contract_of(programme, partner.share, part=key, of=of, caps=partner.caps)
    party = Party(
        name=name, opening=partner.money or 0.0, limited=partner.money is not None, public=partner.public
    )
    fee = Payment.fee(facility=programme.name, payer=FIRMS, payee=name, rate_annual=partner.fee)
    return Part(
        parties=(party,),
        contracts=(contract,),
        payments=(fee,) if partner.fee else (),
        metrics=partner_metrics(
            contract, called, has_money=partner.money is not None, has_fee=partner.fee > 0.0
        ),
    )


def levels_of(programme: Programme, levels: Mapping[str, Level]) -> Part:
    """Return the levels of government that return to the fund a part of what it paid.

    Each bears its share of the whole payment, no matter who else pays.
    """
    contracts = tuple(
        Contract(
            name=f"{programme.name}.{key}",
            instrument=programme.facility.instrument,
            part=key,
            facility=programme.name,
            payer=f"{programme.name}.{key}",
            covers=programme.name,
            share=level.share,
            of="original",
            claim_lag=level.lag,
        )
        for key, level in levels.items()
    )
    return Part(
        parties=tuple(Party(name=c.payer, limited=False, public=True) for c in contracts),
        contracts=contracts,
        metrics=tuple(m for c in contracts for m in level_metrics(c)),
    )
