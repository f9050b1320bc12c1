"""What a guarantor reports beside its lending: claims layer by layer, solvency, stacked leverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from fundsim.instruments.formulas import (
    happened,
    metric,
    minus,
    month_number,
    plus,
    principal_lent,
    ratio,
    recorded,
    total,
)
from fundsim.instruments.fund_metrics import (
    claims_metrics,
    compensation_metrics,
    leverage_metrics,
    payer_metrics,
)
from fundsim.instruments.guarantee_capital import DrawnMultiple
from fundsim.instruments.guarantee_terms import Guarantee, direct
from fundsim.instruments.lending_metrics import breaker_metrics, lending_metrics
from fundsim.instruments.part import FIRMS
from fundsim.instruments.payer_words import COMPENSATION_FUND, GUARANTOR, REGUARANTOR
from fundsim.scheme import Aggregate, Contract, Facility, Metric, Records, Segment
from fundsim.scheme.metrics import Formula, safe_ratio
from fundsim.scheme.records import (
    contract_record,
    drawn_record,
    facility_record,
    guarantor_record,
    party_record,
)

__all__ = ["guarantee_metrics"]

Metrics = tuple[Metric | Aggregate, ...]


def guarantee_metrics(
    name: str,
    terms: Guarantee,
    facility: Facility,
    contracts: tuple[Contract, ...],
    segments: Mapping[str, Segment],
) -> Metrics:
    """Return all metrics of a guarantor; ``contracts`` are its own, its layers' and the fund's."""
    own, *upstream = contracts
    paid_in = recorded(party_record(name, "paid_in"))
    private = _private(name) if terms.private_capital is not None else None
    public = paid_in if private is None else minus(paid_in, private)
    lent = principal_lent(facility)
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    lending = lending_metrics(name, facility, contracts, segments)
    if terms.bank_line is None:
        # Without a line only leverage on net assets limits lending, which bounds liability, not loans.
        lending = tuple(m for m in lending if m.name != f"{name}.capacity_used")
    return (
        *lending,
        *claims_metrics(name, own),
        *(_renamed(m) for m in payer_metrics(name, own, GUARANTOR)),
        *compensation_metrics(name, facility, own),
        *leverage_metrics(name, lent, outstanding, public),
        *_solvency_metrics(name),
        *_income_metrics(name, terms, contracts),
        *_stack_metrics(name, terms, lent, outstanding, public, private),
        *(m for contract in upstream for m in _layer_metrics(terms, contract, contracts)),
        *(breaker_metrics(name) if terms.breaker else ()),
    )


_OWN_WORDS = {
    "balance": ("Money of the guarantor at the date", "担保机构货币资金"),
    "paid_in": ("Capital paid in, public and private", "实缴资本（财政与社会）"),
    "depleted": (
        "Failure of the guarantor to pay; whether, up to the date, it left a claim unpaid for lack of money",
        "担保机构无力代偿（出现未付代偿）",
    ),
    "depletion_month": (
        "Month in which the guarantor first left a claim unpaid, counted from 1; missing where it never did",
        "担保机构首次无力代偿月份",
    ),
    "depleted_by_month": (
        "Probability that the guarantor has left a claim unpaid up to the month",
        "截至当月担保机构无力代偿的概率",
    ),
}


def _renamed(one: Metric) -> Metric:
    """Return a metric of a payer in a guarantor's words: it is no pool, and its money is its capital."""
    words = _OWN_WORDS.get(one.name.rpartition(".")[2])
    return one if words is None else replace(one, meaning=words[0], meaning_zh=words[1])


def _private(name: str) -> Formula:
    """Return the private capital paid in: what the investors' account has been debited."""
    balance = recorded(party_record(f"{name}.investors", "balance"))
    return lambda r: -balance(r)


def _solvency_metrics(name: str) -> Metrics:
    """Return the guarantor's prudential books."""

    def book(what: str) -> Formula:
        return recorded(guarantor_record(name, what))

    insolvent = guarantor_record(name, "insolvent_month")
    net_assets, liability = book("net_assets"), book("liability")

    def leverage(r: Records) -> np.ndarray:
        assets = net_assets(r)
        return safe_ratio(liability(r), np.where(assets > 0.0, assets, 0.0), np.nan)

    return (
        metric(
            f"{name}.net_assets",
            "yuan",
            "Money and expected recoveries less unearned premium, compensation reserve and arrears",
            "净资产",
            net_assets,
            "yearly series headline",
        ),
        metric(
            f"{name}.liability",
            "yuan",
            "Guaranteed loans outstanding, the retained part, weighted",
            "担保责任余额（加权）",
            liability,
            "yearly series",
        ),
        metric(
            f"{name}.leverage",
            "times",
            "Liability ÷ net assets; missing where net assets are zero or below",
            "担保放大倍数（责任余额÷净资产）",
            leverage,
            "yearly headline",
        ),
        metric(
            f"{name}.receivable",
            "yuan",
            "Recoveries expected on what was paid and not refunded",
            "应收代偿款（预期可追回）",
            book("receivable"),
        ),
        metric(
            f"{name}.unearned_premium",
            "yuan",
            "Reserve against fees not yet earned",
            "未到期责任准备金",
            book("unearned"),
        ),
        metric(f"{name}.reserve", "yuan", "Compensation reserve", "担保赔偿准备金", book("reserve")),
        metric(
            f"{name}.insolvent",
            "yes/no",
            "Insolvency of the guarantor; whether net assets were below zero at some month's end",
            "担保机构资不抵债（某月末净资产为负）",
            happened(insolvent),
            "event headline",
        ),
        metric(
            f"{name}.insolvency_month",
            "months",
            "First month with net assets below zero, counted from 1; missing where there was none",
            "担保机构首次资不抵债月份",
            month_number(insolvent),
        ),
    )


def _waiting(contract: Contract, covered: Contract) -> Formula:
    """Return what a covered party has paid and not yet had back.

    Pending is share × basis of all defaults whose claim on the layer is not yet due; those on which the
    covered party has not paid either are the layer's share of that party's own pending claims.
    """
    pending = recorded(contract_record(contract.name, "pending"))
    unpaid = recorded(contract_record(covered.name, "pending"))
    return lambda r: np.maximum(pending(r) - contract.share * unpaid(r), 0.0)


def _income_metrics(name: str, terms: Guarantee, contracts: tuple[Contract, ...]) -> Metrics:
    """Return fees, what came back from others, and capital."""
    metrics = []
    if terms.fee:
        metrics.append(
            metric(
                f"{name}.fees",
                "yuan",
                "Guarantee fees that firms paid",
                "担保费收入",
                recorded(f"flow/{FIRMS}>{name}/fee"),
                "yearly",
            )
        )
    paying = [
        f"flow/{name}>{name}.{k}/reguarantee_fee" for k, v in direct(terms.reguarantee).items() if v.fee
    ]
    if paying:
        metrics.append(
            metric(
                f"{name}.reguarantee_fees",
                "yuan",
                "Fees that the guarantor paid its reguarantors",
                "再担保费支出",
                total(paying),
                "yearly",
            )
        )
    covering = [contract for contract in contracts if contract.covers == name]
    if covering:
        paid = recorded(contract_record(name, "paid"))
        refunded = total([contract_record(contract.name, "paid") for contract in covering])
        metrics += [
            metric(
                f"{name}.refunded",
                "yuan",
                "What reguarantors and the compensation fund refunded",
                "再担保和担保风险补偿资金返还额",
                refunded,
                "yearly",
            ),
            metric(
                f"{name}.claims_net",
                "yuan",
                "Claims paid less what reguarantors and the compensation fund refunded",
                "净代偿额（扣除再担保和担保风险补偿资金返还）",
                minus(paid, refunded),
                "yearly",
            ),
        ]
    layers = [contract for contract in covering if contract.payer != f"{name}.compensation_fund"]
    if layers:
        metrics.append(
            metric(
                f"{name}.waiting",
                "yuan",
                "Paid by the guarantor and not yet due from its reguarantors, before caps",
                "已代偿待再担保返还额",
                plus(*(_waiting(contract, contracts[0]) for contract in layers)),
            )
        )
    return tuple(metrics)


def _stack_metrics(
    name: str, terms: Guarantee, lent: Formula, outstanding: Formula, public: Formula, private: Formula | None
) -> Iterator[Metric]:
    """Yield leverage layer by layer: public money → capital → bank line → loans.

    The product of the layers is ``leverage_stock`` with loans outstanding, ``leverage_flow`` with loans lent.
    """
    capital = recorded(party_record(name, "paid_in"))
    yield metric(
        f"{name}.public_capital", "yuan", "Public money paid in", "财政实缴资本", public, "yearly layer"
    )
    if private is not None:
        yield from _private_capital(name, capital, public, private)
    if terms.bank_line is None:
        yield from _loans_on(name, lent, outstanding, capital, "capital", "资本")
    else:
        line = _bank_line(name, terms.bank_line.multiple, capital)
        yield from _bank_line_metrics(name, line, capital)
        yield from _loans_on(name, lent, outstanding, line, "bank line", "银行授信")


def _private_capital(name: str, capital: Formula, public: Formula, private: Formula) -> Iterator[Metric]:
    yield metric(
        f"{name}.private_capital",
        "yuan",
        "Private capital attracted",
        "吸引社会资本",
        private,
        "yearly headline",
    )
    yield metric(
        f"{name}.stack.capital",
        "times",
        "Capital, public and private ÷ public money in it",
        "第一层放大：资本÷财政资金",
        ratio(capital, public),
        "headline",
    )


def _bank_line_metrics(name: str, line: Formula, capital: Formula) -> Iterator[Metric]:
    yield metric(
        f"{name}.bank_line",
        "yuan",
        "Credit line of the banks",
        "银行授信额度",
        line,
        "yearly headline layer",
    )
    yield metric(
        f"{name}.stack.bank_line",
        "times",
        "Bank line ÷ capital",
        "第二层放大：银行授信÷资本",
        ratio(line, capital),
        "headline",
    )


def _loans_on(
    name: str, lent: Formula, outstanding: Formula, base: Formula, under: str, under_zh: str
) -> Iterator[Metric]:
    """Yield the last layer: loans as a multiple of what carries them."""
    yield metric(
        f"{name}.stack.outstanding",
        "times",
        f"Loans outstanding ÷ {under}",
        f"末层放大：在贷余额÷{under_zh}",
        ratio(outstanding, base),
        "headline",
    )
    yield metric(
        f"{name}.stack.lent",
        "times",
        f"Principal lent to date, renewals included ÷ {under}",
        f"末层放大：累计发放÷{under_zh}",
        ratio(lent, base),
        "headline",
    )


def _bank_line(name: str, multiple: float | DrawnMultiple, capital: Formula) -> Formula:
    if isinstance(multiple, DrawnMultiple):
        drawn = recorded(drawn_record(f"{name}.bank_line"))
        return lambda r: drawn(r) * capital(r)
    return lambda r: multiple * capital(r)


def _layer_metrics(terms: Guarantee, contract: Contract, contracts: tuple[Contract, ...]) -> Metrics:
    """Return claims, waiting, fees and money of one layer, or of the compensation fund."""
    part = contract.name
    (covered,) = [c for c in contracts if c.name == contract.covers]
    _, _, layer = part.rpartition(".")
    payer = COMPENSATION_FUND if layer == "compensation_fund" else REGUARANTOR
    claims = tuple(
        replace(m, headline=False) if isinstance(m, Aggregate) else replace(m, headline=False, picture=None)
        for m in claims_metrics(part, contract, payer)
    )
    money = tuple(
        replace(m, headline=m.name == f"{part}.depleted", picture=None)
        for m in payer_metrics(part, contract, payer)
        if m.name != f"{part}.stock_coverage"
    )
    if layer == "compensation_fund":
        return (*(_net_pending(m, contract, contracts) for m in claims), *money)
    metrics: list[Metric | Aggregate] = list(claims)
    metrics.append(
        metric(
            f"{part}.waiting",
            "yuan",
            "Paid by the covered party and not yet due from this layer, before caps",
            "已代偿待本层返还额",
            _waiting(contract, covered),
        )
    )
    if terms.reguarantee[layer].fee:
        metrics.append(
            metric(
                f"{part}.fees",
                "yuan",
                "Reguarantee fees taken in",
                "再担保费收入",
                recorded(f"flow/{covered.payer}>{contract.payer}/reguarantee_fee"),
                "yearly",
            )
        )
    if terms.reguarantee[layer].money is not None:
        metrics += money
    return tuple(metrics)


def _net_pending(
    one: Metric | Aggregate, fund: Contract, contracts: tuple[Contract, ...]
) -> Metric | Aggregate:
    """Return a metric of the fund; what reguarantors will take is not pending with the fund."""
    if not isinstance(one, Metric) or one.name != f"{fund.name}.claims_pending":
        return one
    kept = 1.0 - sum(c.share for c in contracts if c.covers == fund.covers and c is not fund)
    return replace(one, formula=lambda r: kept * one.formula(r))
