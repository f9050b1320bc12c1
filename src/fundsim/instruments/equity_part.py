"""How the terms of an equity fund become the fund of a scheme, its parties, and its money."""

from __future__ import annotations

from fundsim.instruments.equity_money import RaisingTerms
from fundsim.instruments.equity_sharing import waterfall_of
from fundsim.instruments.equity_terms import EquityTerms
from fundsim.instruments.funding import money_of
from fundsim.instruments.part import Context, Part
from fundsim.metrics.equity import EquityFacts, equity_metrics
from fundsim.scheme import BetaShare, EquityFund, Party, Raising
from fundsim.scheme.surroundings import CITY

__all__ = ["equity_part"]


def equity_part(name: str, terms: EquityTerms, context: Context) -> Part:
    """Lower a fund: its account, custody, partners, manager, appropriations, and the fund."""
    fund = _fund(name, terms, context)
    money = money_of(fund.custody, terms, context)
    return Part(
        parties=(
            Party(name=fund.party),
            Party(name=fund.custody, opening=money.opening, public=True),
            Party(name=fund.partners, limited=False),
            Party(name=fund.manager, limited=False),
        ),
        injections=money.injections,
        equity_funds=(fund,),
        metrics=equity_metrics(_facts(fund, terms)),
    )


def _fund(name: str, terms: EquityTerms, context: Context) -> EquityFund:
    social, failing = terms.ratio > 0, terms.failing_calls
    return EquityFund(
        name=name,
        party=name,
        custody=f"{name}.custody",
        treasury=CITY,
        partners=f"{name}.partners",
        manager=f"{name}.manager",
        start=terms.start_month(context.window),
        life=terms.life,
        extension=terms.extension,
        investment=terms.investment_period,
        planned=terms.planned,
        social_target=terms.social_ratio * terms.planned,
        raising=_raising(terms.raising) if social and terms.raising is not None else None,
        call_shortfall=BetaShare(mean=failing.mean, sd=failing.sd) if social else BetaShare(mean=0.0),
        government_first=terms.government_first and social,
        deployment=terms.deployment,
        deal_size=terms.deals.mean,
        deal_cv=terms.deals.cv,
        stages=tuple(stage.law(stage_name) for stage_name, stage in terms.stages.items()),
        city_weight=terms.city_weight,
        sector=terms.sector if terms.city_weight < 1 else None,
        exit_beta=terms.exit_beta,
        failure_beta=terms.failure_beta,
        exit_rho=terms.exit_rho,
        recycling=terms.recycling,
        liquidation_multiple=terms.liquidation_multiple,
        fee_rate=terms.fee_rate,
        fund_cost=terms.fund_cost,
        waterfall=waterfall_of(terms.waterfall, clawback=terms.clawback),
        concession=terms.concession.law,
        mark=terms.mark,
        local_share=0.0 if terms.reinvestment is None else terms.reinvestment.local_share,
    )


def _raising(terms: RaisingTerms) -> Raising:
    return Raising(
        p_full=terms.p_full,
        rest=BetaShare(mean=terms.mean or 0.0, sd=terms.sd),
        rho=terms.rho,
        closings=tuple((closing.month, closing.share) for closing in terms.schedule),
        minimum_first_close=terms.minimum_first_close,
        set_up_months=terms.set_up_months,
    )


def _facts(fund: EquityFund, terms: EquityTerms) -> EquityFacts:
    """Return what the fund's metrics depend on."""
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
        reinvestment=None if terms.reinvestment is None else terms.reinvestment.multiple,
        tolerated_loss=terms.tolerated_loss,
    )
