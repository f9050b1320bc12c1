"""How the terms of an equity fund become the fund of a scheme, its parties, and its money."""

from __future__ import annotations

from typing import Any

from fundsim.instruments.equity_investing import InvestingTerms
from fundsim.instruments.equity_money import RaisingTerms
from fundsim.instruments.equity_pacing import pacing_of
from fundsim.instruments.equity_parent import ParentTerms
from fundsim.instruments.equity_sharing import waterfall_of
from fundsim.instruments.equity_terms import EquityTerms
from fundsim.instruments.funding import injections_of, money_of
from fundsim.instruments.part import Context, Part
from fundsim.metrics.equity import EquityFacts, equity_metrics
from fundsim.scheme import BetaShare, EquityFund, Injection, Party, Raising
from fundsim.scheme.surroundings import CITY

__all__ = ["equity_part", "parent_part"]

BESIDE = {
    "co_investment": ("joint", "co_investment"),
    "risk_subsidy": ("subsidy", "risk_subsidy"),
    "investment_protection": ("protection", "protection"),
}
"""Key of the money beside a fund → its field in the noun, and the name of its account after the fund's."""
NO_DEALS: dict[str, Any] = {"deployment": 1.0, "deal_size": 0.0, "stages": ()}


def equity_part(name: str, terms: InvestingTerms, context: Context) -> Part:
    """Lower a fund that invests in firms: its accounts, partners, manager, appropriations, and the fund."""
    accounts: list[Party] = []
    paid_in: list[Injection] = []
    beside: dict[str, Any] = {}
    for key, money in terms.beside.items():
        field, suffix = BESIDE[key]
        account = f"{name}.{suffix}"
        beside[field] = money.noun(account, tuple(terms.stages))
        accounts.append(Party(name=account, opening=money.opening, public=True))
        paid_in += injections_of(account, money, context)
    pacing = terms.pacing
    fund = EquityFund(
        **_shared(name, terms, context),
        **(_deals(terms) if pacing is None else {**NO_DEALS, "pacing": pacing_of(pacing)}),
        **beside,
        parent=terms.parent,
    )
    return _part(fund, terms, context, tuple(accounts), tuple(paid_in))


def parent_part(name: str, terms: ParentTerms, context: Context) -> Part:
    """Lower a parent fund: its accounts, partners, manager, appropriations, and the fund."""
    fund = EquityFund(**_shared(name, terms, context), **{**NO_DEALS, "deployment": terms.deployment})
    return _part(fund, terms, context, (), ())


def _part(
    fund: EquityFund,
    terms: EquityTerms,
    context: Context,
    accounts: tuple[Party, ...],
    paid_in: tuple[Injection, ...],
) -> Part:
    """Return a fund with its parties; custody of its own has a fund without a parent only."""
    money = money_of(fund.custody, terms, context)
    custody = Party(name=fund.custody, opening=money.opening, public=True)
    return Part(
        parties=(
            Party(name=fund.party),
            *((custody,) if fund.parent is None else ()),
            Party(name=fund.partners, limited=False),
            Party(name=fund.manager, limited=False),
            *accounts,
        ),
        injections=(*money.injections, *paid_in),
        equity_funds=(fund,),
        metrics=equity_metrics(_facts(fund, terms, context)),
    )


def _shared(name: str, terms: EquityTerms, context: Context) -> dict[str, Any]:
    """Return what every equity fund has."""
    social, failing = terms.ratio > 0, terms.failing_calls
    parent = getattr(terms, "parent", None)
    return {
        "name": name,
        "party": name,
        "custody": f"{name}.custody" if parent is None else parent,
        "treasury": CITY if parent is None else parent,
        "partners": f"{name}.partners",
        "manager": f"{name}.manager",
        "start": terms.start_month(context.window),
        "life": terms.life,
        "extension": terms.extension,
        "investment": terms.investing,
        "planned": terms.planned,
        "social_target": terms.social_ratio * terms.planned,
        "raising": _raising(terms.raising) if social and terms.raising is not None else None,
        "call_shortfall": BetaShare(mean=failing.mean, sd=failing.sd) if social else BetaShare(mean=0.0),
        "government_first": terms.government_first and social,
        "recycling": terms.recycling,
        "fee_rate": terms.fee_rate,
        "fund_cost": terms.fund_cost,
        "waterfall": waterfall_of(terms.waterfall, clawback=terms.clawback),
        "concession": terms.concession.law,
    }


def _deals(terms: InvestingTerms) -> dict[str, Any]:
    """Return what a fund with deals has; the loader has seen to it that nothing is missing."""
    assert terms.deals is not None  # noqa: S101
    assert terms.liquidation_multiple is not None  # noqa: S101
    return {
        "deployment": terms.deployment,
        "deal_size": terms.deals.mean,
        "deal_cv": terms.deals.cv,
        "stages": tuple(stage.law(stage_name) for stage_name, stage in terms.stages.items()),
        "city_weight": terms.city_weight,
        "sector": terms.sector if terms.city_weight < 1 else None,
        "exit_beta": terms.exit_beta,
        "failure_beta": terms.failure_beta,
        "exit_rho": terms.exit_rho,
        "liquidation_multiple": terms.liquidation_multiple,
        "mark": terms.mark,
        "local_share": 0.0 if terms.reinvestment is None else terms.reinvestment.local_share,
    }


def _raising(terms: RaisingTerms) -> Raising:
    return Raising(
        p_full=terms.p_full,
        rest=BetaShare(mean=terms.mean or 0.0, sd=terms.sd),
        rho=terms.rho,
        closings=tuple((closing.month, closing.share) for closing in terms.schedule),
        minimum_first_close=terms.minimum_first_close,
        set_up_months=terms.set_up_months,
    )


def _facts(fund: EquityFund, terms: EquityTerms, context: Context) -> EquityFacts:
    """Return what the fund's metrics depend on."""
    reinvestment = terms.reinvestment if isinstance(terms, InvestingTerms) else None
    return EquityFacts(
        name=fund.name,
        custody=fund.custody,
        planned=fund.planned,
        partners=fund.social_target > 0.0,
        fees=fund.fee_rate > 0.0 or fund.fund_cost > 0.0,
        carry=fund.waterfall.carry > 0.0,
        ceding=fund.concession is not None,
        option=terms.concession.mode == "call_option",
        recycling=fund.recycling > 0.0,
        reinvestment=None if reinvestment is None else reinvestment.multiple,
        tolerated_loss=terms.tolerated_loss if isinstance(terms, InvestingTerms) else None,
        sub_of=fund.parent,
        subs=context.subs.get(fund.name, ()),
        paced=fund.pacing is not None,
        joint=fund.joint is not None,
        subsidy=fund.subsidy is not None,
        protection=fund.protection is not None,
        accounts=tuple(money.account for money in fund.beside),
    )
