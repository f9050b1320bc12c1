"""What a guarantor reports beside its lending: claims layer by layer, solvency, stacked leverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    ZERO,
    happened,
    largest,
    minus,
    month_number,
    plus,
    principal_lent,
    product,
    ratio,
    recorded,
    scaled,
    total,
    where_positive,
)
from fundsim.metrics.funds import (
    claims_metrics,
    compensation_metrics,
    leverage_metrics,
    payer_metrics,
)
from fundsim.metrics.lending import breaker_metrics, lending_metrics
from fundsim.metrics.payer_words import COMPENSATION_FUND, GUARANTOR, REGUARANTOR
from fundsim.scheme import (
    About,
    Aggregate,
    Contract,
    Elements,
    Formula,
    Metric,
    Segment,
)
from fundsim.scheme.records import (
    contract_record,
    drawn_record,
    facility_record,
    guarantor_record,
    party_record,
)
from fundsim.scheme.surroundings import FIRMS

__all__ = ["REGUARANTEE_FEE", "guarantee_metrics"]

REGUARANTEE_FEE = "reguarantee_fee"
"""Kind of the fees that a guarantor or a layer pays to those who cover it."""

Metrics = tuple[Metric | Aggregate, ...]


def guarantee_metrics(
    whole: Elements, segments: Mapping[str, Segment], *, investors: str, line: str, fund: str
) -> Metrics:
    """Return all metrics of a guarantor.

    Args:
        whole: the guarantor in the nouns of a scheme; its own contract is the first, those of its layers and
            of its fund follow.
        segments: segments by name.
        investors: name of the party that gives private capital, if there is one.
        line: name of the banks' limit on capital, if there is one.
        fund: name of the contract of the compensation fund, if there is one.
    """
    (facility,) = whole.facilities
    own, *upstream = whole.contracts
    about = own.about
    paid_in = recorded(party_record(own.payer, "paid_in"))
    private = _private(investors) if investors in {p.name for p in whole.parties} else None
    public = paid_in if private is None else minus(paid_in, private)
    lent = principal_lent(facility)
    outstanding = recorded(facility_record(facility.name, "outstanding"))
    bank_line = _bank_line(whole, line, paid_in)
    lending = lending_metrics(facility, whole.contracts, segments)
    if bank_line is None:
        # Without a line only leverage on net assets limits lending, which bounds liability, not loans.
        lending = tuple(m for m in lending if m.own_name != "capacity_used")
    return (
        *lending,
        *claims_metrics(own),
        *(_renamed(m) for m in payer_metrics(own, GUARANTOR)),
        *compensation_metrics(facility, own),
        *leverage_metrics(about, lent, outstanding, public),
        *_solvency_metrics(about, own.payer),
        *_income_metrics(own, whole, fund),
        *_stack_metrics(about, paid_in, bank_line, (lent, outstanding), public, private),
        *(m for contract in upstream for m in _layer_metrics(contract, whole, is_fund=contract.name == fund)),
        *(m for breaker in whole.breakers for m in breaker_metrics(facility, breaker.name)),
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
    words = _OWN_WORDS.get(one.own_name)
    return one if words is None else replace(one, meaning=words[0], meaning_zh=words[1])


def _private(investors: str) -> Formula:
    """Return the private capital paid in: what the investors' account has been debited."""
    return scaled(recorded(party_record(investors, "balance")), -1.0)


def _solvency_metrics(about: About, party: str) -> Metrics:
    """Return the guarantor's prudential books."""

    def book(what: str) -> Formula:
        return recorded(guarantor_record(party, what))

    insolvent = guarantor_record(party, "insolvent_month")
    net_assets, liability = book("net_assets"), book("liability")
    return (
        metric(
            about,
            "net_assets",
            "yuan",
            "Money and expected recoveries less unearned premium, compensation reserve and arrears",
            "净资产",
            net_assets,
            "yearly series headline",
        ),
        metric(
            about,
            "liability",
            "yuan",
            "Guaranteed loans outstanding, the retained part, weighted",
            "担保责任余额（加权）",
            liability,
            "yearly series",
        ),
        metric(
            about,
            "leverage",
            "times",
            "Liability ÷ net assets; missing where net assets are zero or below",
            "担保放大倍数（责任余额÷净资产）",
            ratio(liability, where_positive(net_assets, net_assets)),
            "yearly headline",
        ),
        metric(
            about,
            "receivable",
            "yuan",
            "Recoveries expected on what was paid and not refunded",
            "应收代偿款（预期可追回）",
            book("receivable"),
        ),
        metric(
            about,
            "unearned_premium",
            "yuan",
            "Reserve against fees not yet earned",
            "未到期责任准备金",
            book("unearned"),
        ),
        metric(about, "reserve", "yuan", "Compensation reserve", "担保赔偿准备金", book("reserve")),
        metric(
            about,
            "insolvent",
            "yes/no",
            "Insolvency of the guarantor; whether net assets were below zero at some month's end",
            "担保机构资不抵债（某月末净资产为负）",
            happened(insolvent),
            "event headline",
        ),
        metric(
            about,
            "insolvency_month",
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
    return largest(minus(pending, scaled(unpaid, contract.share)), ZERO)


def _income_metrics(own: Contract, whole: Elements, fund: str) -> Iterator[Metric]:
    """Yield fees, what came back from others, and what is still to come."""
    about, party = own.about, own.payer
    if any(fee.payee == party and fee.kind == "fee" for fee in whole.payments):
        yield metric(
            about,
            "fees",
            "yuan",
            "Guarantee fees that firms paid",
            "担保费收入",
            recorded(f"flow/{FIRMS}>{party}/fee"),
            "yearly",
        )
    paying = _reguarantee_fees(whole, payer=party)
    if paying:
        yield metric(
            about,
            "reguarantee_fees",
            "yuan",
            "Fees that the guarantor paid its reguarantors",
            "再担保费支出",
            total(paying),
            "yearly",
        )
    covering = [contract for contract in whole.contracts if contract.covers == own.name]
    if covering:
        yield from _refunds(about, own, covering)
    layers = [contract for contract in covering if contract.name != fund]
    if layers:
        yield metric(
            about,
            "waiting",
            "yuan",
            "Paid by the guarantor and not yet due from its reguarantors, before caps",
            "已代偿待再担保返还额",
            plus(*(_waiting(contract, own) for contract in layers)),
        )


def _reguarantee_fees(whole: Elements, *, payer: str | None = None, payee: str | None = None) -> list[str]:
    """Return the records of the fees that a party pays, or takes in, for reguarantees."""
    return [
        f"flow/{fee.payer}>{fee.payee}/{fee.kind}"
        for fee in whole.payments
        if fee.kind == REGUARANTEE_FEE and payer in (None, fee.payer) and payee in (None, fee.payee)
    ]


def _refunds(about: About, own: Contract, covering: Sequence[Contract]) -> Iterator[Metric]:
    paid = recorded(contract_record(own.name, "paid"))
    refunded = total([contract_record(contract.name, "paid") for contract in covering])
    yield metric(
        about,
        "refunded",
        "yuan",
        "What reguarantors and the compensation fund refunded",
        "再担保和担保风险补偿资金返还额",
        refunded,
        "yearly",
    )
    yield metric(
        about,
        "claims_net",
        "yuan",
        "Claims paid less what reguarantors and the compensation fund refunded",
        "净代偿额（扣除再担保和担保风险补偿资金返还）",
        minus(paid, refunded),
        "yearly",
    )


def _stack_metrics(
    about: About,
    capital: Formula,
    line: Formula | None,
    loans: tuple[Formula, Formula],
    public: Formula,
    private: Formula | None,
) -> Iterator[Metric]:
    """Yield leverage layer by layer: public money → capital → bank line → loans.

    The product of the layers is ``leverage_stock`` with loans outstanding, ``leverage_flow`` with loans lent.

    Args:
        about: the guarantor.
        capital: capital paid in.
        line: credit line of the banks, if there is one.
        loans: principal lent, and loans outstanding.
        public: public capital.
        private: private capital, if there is any.
    """
    stack = About(about.instrument, "stack")
    yield metric(
        about, "public_capital", "yuan", "Public money paid in", "财政实缴资本", public, "yearly layer"
    )
    if private is not None:
        yield from _private_capital(about, stack, capital, public, private)
    if line is None:
        yield from _loans_on(stack, *loans, capital, "capital", "资本")
    else:
        yield from _bank_line_metrics(about, stack, line, capital)
        yield from _loans_on(stack, *loans, line, "bank line", "银行授信")


def _private_capital(
    about: About, stack: About, capital: Formula, public: Formula, private: Formula
) -> Iterator[Metric]:
    yield metric(
        about,
        "private_capital",
        "yuan",
        "Private capital attracted",
        "吸引社会资本",
        private,
        "yearly headline",
    )
    yield metric(
        stack,
        "capital",
        "times",
        "Capital, public and private ÷ public money in it",
        "第一层放大：资本÷财政资金",
        ratio(capital, public),
        "headline",
    )


def _bank_line_metrics(about: About, stack: About, line: Formula, capital: Formula) -> Iterator[Metric]:
    yield metric(
        about,
        "bank_line",
        "yuan",
        "Credit line of the banks",
        "银行授信额度",
        line,
        "yearly headline layer",
    )
    yield metric(
        stack,
        "bank_line",
        "times",
        "Bank line ÷ capital",
        "第二层放大：银行授信÷资本",
        ratio(line, capital),
        "headline",
    )


def _loans_on(
    about: About, lent: Formula, outstanding: Formula, base: Formula, under: str, under_zh: str
) -> Iterator[Metric]:
    """Yield the last layer: loans as a multiple of what carries them."""
    yield metric(
        about,
        "outstanding",
        "times",
        f"Loans outstanding ÷ {under}",
        f"末层放大：在贷余额÷{under_zh}",
        ratio(outstanding, base),
        "headline",
    )
    yield metric(
        about,
        "lent",
        "times",
        f"Principal lent to date, renewals included ÷ {under}",
        f"末层放大：累计发放÷{under_zh}",
        ratio(lent, base),
        "headline",
    )


def _bank_line(whole: Elements, name: str, capital: Formula) -> Formula | None:
    """Return the credit line of the banks, if there is a limit of that name."""
    for limit in whole.capacities:
        if limit.name == name and limit.drawn is not None:
            return product(recorded(drawn_record(limit.drawn)), capital)
        if limit.name == name:
            return scaled(capital, limit.multiple)
    return None


def _layer_metrics(contract: Contract, whole: Elements, *, is_fund: bool) -> Iterator[Metric | Aggregate]:
    """Yield claims, waiting, fees and money of one layer, or of the compensation fund."""
    about = contract.about
    (covered,) = [c for c in whole.contracts if c.name == contract.covers]
    payer = COMPENSATION_FUND if is_fund else REGUARANTOR
    claims = tuple(
        replace(m, headline=False) if isinstance(m, Aggregate) else replace(m, headline=False, picture=None)
        for m in claims_metrics(contract, payer)
    )
    money = tuple(
        replace(m, headline=m.own_name == "depleted", picture=None)
        for m in payer_metrics(contract, payer)
        if m.own_name != "stock_coverage"
    )
    if is_fund:
        yield from (_net_pending(m, contract, whole.contracts) for m in claims)
        yield from money
        return
    yield from claims
    yield metric(
        about,
        "waiting",
        "yuan",
        "Paid by the covered party and not yet due from this layer, before caps",
        "已代偿待本层返还额",
        _waiting(contract, covered),
    )
    fees = _reguarantee_fees(whole, payee=contract.payer)
    if fees:
        yield metric(
            about,
            "fees",
            "yuan",
            "Reguarantee fees taken in",
            "再担保费收入",
            total(fees),
            "yearly",
        )
    if any(party.limited for party in whole.parties if party.name == contract.payer):
        yield from money


def _net_pending(
    one: Metric | Aggregate, fund: Contract, contracts: tuple[Contract, ...]
) -> Metric | Aggregate:
    """Return a metric of the fund; what reguarantors will take is not pending with the fund."""
    if not isinstance(one, Metric) or one.own_name != "claims_pending":
        return one
    kept = 1.0 - sum(c.share for c in contracts if c.covers == fund.covers and c is not fund)
    return replace(one, formula=scaled(one.formula, kept))
