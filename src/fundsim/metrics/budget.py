"""What budget lines report, and what is paid from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import (
    minus,
    number,
    plus,
    ratio,
    recorded,
    sum_of,
    total,
    where_positive,
)
from fundsim.scheme import About, Aggregate, Formula, Metric, Scheme
from fundsim.scheme.money import HALF_A_FEN
from fundsim.scheme.records import ledger_lines, line_record, party_record, payment_record
from fundsim.scheme.surroundings import BUDGET

__all__ = ["PaymentFacts", "budget_metrics", "payment_metrics"]


def _short(amount: Formula) -> Formula:
    """Return 1 where an amount is more than half a fen."""
    return where_positive(minus(amount, number(HALF_A_FEN)), number(1.0))


def budget_metrics(scheme: Scheme) -> tuple[Metric, ...]:
    """Return the metrics of all lines together, ``budget.<metric>``, of each line, and of each level."""
    lines = tuple(line for line in scheme.budget_lines if line.appropriations)
    if not lines:
        return ()
    names = [line.name for line in lines]
    each = tuple(m for name in names for m in _metrics(scheme, [name], About(BUDGET, name)))
    return (*_metrics(scheme, names, About(BUDGET)), *each, *_levels(scheme))


def _levels(scheme: Scheme) -> Iterator[Metric]:
    """Yield what each level paid into all lines, and what came back to it."""
    flows = ledger_lines(scheme)
    for level in scheme.levels:
        about = About(BUDGET, level.name.removeprefix(f"{BUDGET}."))
        paid = [flow.record for flow in flows if flow.source == level.name and flow.kind == "appropriation"]
        back = [flow.record for flow in flows if flow.target == level.name and flow.kind == "lapse"]
        if paid and back:
            yield metric(
                about,
                "appropriated",
                "yuan",
                "Appropriations that the level paid",
                "该层级已拨付资金",
                total(paid),
                "yearly",
            )
            yield metric(
                about,
                "lapsed",
                "yuan",
                "Unspent money given back to the level",
                "交回该层级的结余",
                total(back),
                "yearly",
            )


def _metrics(scheme: Scheme, lines: Sequence[str], about: About) -> Iterator[Metric]:
    """Yield the metrics of some lines together, by their names."""
    accounts = {line.party for line in scheme.budget_lines if line.name in lines}
    flows = ledger_lines(scheme)
    paid_in = [flow.record for flow in flows if flow.target in accounts and flow.kind == "appropriation"]
    spent = [flow.record for flow in flows if flow.source in accounts and flow.kind != "lapse"]
    payments = [p.name for p in scheme.line_payments if p.line in lines]

    def of_lines(what: str) -> Formula:
        return total(line_record(line, what) for line in lines)

    def of_payments(what: str) -> Formula:
        return sum_of(recorded(payment_record(name, what)) for name in payments)

    own = "headline" if not about.part else ""
    bad = "bad_when_high" if not about.part else ""
    balance = total(party_record(account, "balance") for account in sorted(accounts))
    rows: list[Row] = [
        ("appropriated", "Appropriations that were paid", "已拨付预算资金", total(paid_in), f"yearly {own}"),
        ("appropriations_due", "Appropriations planned for the years begun", "计划拨付预算资金",
         of_lines("due"), "yearly"),
        ("appropriations_lost", "Appropriations that will never be paid", "未到位且不再拨付的资金",
         of_lines("lost"), "yearly"),
    ]  # fmt: skip
    if spent:
        rows.append(("spent", "Cash paid to instruments, firms and others", "预算支出（现金）", total(spent),
                     f"yearly {own}"))  # fmt: skip
    rows += [
        ("lapsed", "Unspent money given back to the treasuries", "结余交回财政", of_lines("lapsed"),
         f"yearly {own}"),
        ("balance", "Money in the line at the date", "预算项目余额", balance, "series"),
        ("unfunded", "Injections that the budget could not pay", "预算不足未能注资额", of_lines("unfunded"),
         f"yearly {bad}"),
    ]  # fmt: skip
    short = of_lines("unfunded")
    if payments:
        rows += [
            ("accrued", "Payments that fell due", "应付金额（权责发生制）", of_payments("due"), "yearly"),
            ("refused", "Payments refused for lack of money", "预算不足拒付金额", of_payments("refused"),
             f"yearly {bad}"),
            ("owed", "Payments that fell due and are not yet made, in arrears or waiting for acceptance",
             "应付未付金额（拖欠或待验收）", of_payments("owed"), f"series {own}"),
        ]  # fmt: skip
        short = plus(short, of_payments("refused"))
    yield from _in_yuan(about, rows)
    yield _exhausted(about, short, "Some injection or payment found too little money",
                     "预算不足（有注资或支付未能足额）")  # fmt: skip


Row = tuple[str, str, str, Formula, str]
"""Name, meaning, the same in Chinese, formula, and where it is shown, of an amount."""


def _in_yuan(about: About, rows: Sequence[Row]) -> Iterator[Metric]:
    for own_name, meaning, meaning_zh, formula, shown in rows:
        yield metric(about, own_name, "yuan", meaning, meaning_zh, formula, shown)


def _exhausted(about: About, short: Formula, meaning: str, meaning_zh: str) -> Metric:
    return metric(about, "exhausted", "yes/no", meaning, meaning_zh, _short(short), "event")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """What the metrics of an instrument that pays from a line depend on."""

    name: str
    """Of the instrument."""
    payments: tuple[str, ...]
    """Names of its payments."""
    what: str
    """What is paid, in English, plural."""
    what_zh: str
    capped: bool
    """Whether some payment has a cap."""
    counted: bool
    """Whether events are paid."""


def payment_metrics(facts: PaymentFacts) -> Iterator[Metric | Aggregate]:
    """Yield the metrics of an instrument that pays from a line: due, paid, refused, owed."""
    about = About(facts.name)

    def of(what: str) -> Formula:
        return total(payment_record(name, what) for name in facts.payments)

    what, what_zh = facts.what, facts.what_zh
    rows: list[Row] = [
        ("accrued", f"{what} that fell due, within caps", f"应付{what_zh}", of("due"), "yearly"),
        ("paid", f"{what} that were paid", f"已付{what_zh}", of("paid"), "yearly series headline"),
        ("refused", f"{what} refused for lack of money in the line", f"预算不足拒付的{what_zh}",
         of("refused"), "yearly headline"),
    ]  # fmt: skip
    if facts.capped:
        rows.append(("capped", f"{what} beyond a cap", f"超出上限的{what_zh}", of("capped"), "yearly"))
    rows.append(
        ("owed", f"{what} that fell due and are not yet paid, in arrears or waiting for acceptance",
         f"应付未付的{what_zh}", of("owed"), "series headline")
    )  # fmt: skip
    yield from _in_yuan(about, rows)
    yield metric(
        about,
        "paid_share",
        "share",
        f"{what} paid ÷ due; missing where nothing fell due",
        f"{what_zh}兑付率",
        ratio(of("paid"), of("due")),
        "headline",
    )
    yield Aggregate(
        instrument=facts.name,
        own_name="paid_share_aggregate",
        unit="share",
        meaning=f"Σ {what.lower()} paid ÷ Σ due, over all paths",
        meaning_zh=f"{what_zh}兑付率（全部路径合计）",
        numerator=of("paid"),
        denominator=of("due"),
        headline=True,
    )
    refused = f"Some {what.lower()} were refused for lack of money in the line"
    yield _exhausted(about, of("refused"), refused, f"预算不足（有{what_zh}被拒付）")
    if facts.counted:
        for own_name, done, done_zh, record in (
            ("number_paid", "paid", "", "n_paid"),
            ("number_refused", "refused", "拒付", "n_refused"),
        ):
            yield metric(
                about, own_name, "events", f"Number of {what.lower()} {done}", f"{done_zh}{what_zh}笔数",
                of(record), "yearly",
            )  # fmt: skip
