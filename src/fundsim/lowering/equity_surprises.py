"""What is legal in equity funds and yet surprising."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fundsim.amounts import amount_text
from fundsim.scenario import ScenarioTerms
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Key
from fundsim.scenario.spelling import nearest
from fundsim.scheme import EquityFund, Scheme

__all__ = ["equity_surprises"]

Found = tuple[Key, Message]


def equity_surprises(terms: ScenarioTerms, scheme: Scheme) -> Iterator[Found]:
    """Yield the warnings that equity funds deserve.

    Args:
        terms: what the scenario says.
        scheme: what it was lowered to.
    """
    funds = scheme.equity_funds
    for fund in funds:
        yield from _commitments(fund, scheme)
        yield from _late_subs(fund, scheme, terms)
        yield from _never_called(fund)
    sectors = {fund.name: fund.sector for fund in funds if fund.sector is not None}
    for name in sectors:
        yield from _sector(name, sectors, terms)


def _commitments(parent: EquityFund, scheme: Scheme) -> Iterator[Found]:
    """Warn of a sub-fund that gets less than it asks even if its parent raises all."""
    left = parent.investable(parent.planned + parent.social_target)
    # In the order in which they are committed to; those of one month in the order of the scheme.
    for sub in sorted(parent.subs(scheme), key=lambda fund: fund.start):
        if sub.planned > left * (1.0 + 1e-9):
            text = amount_text(round(left, 2))
            yield (
                ("instruments", sub.name, "commitment"),
                (
                    f"is more than {parent.name} can commit: of what it may invest, at most "
                    f"{text} yuan are left",
                    "write less, or more money of the parent",
                    f"超过母基金 {parent.name} 可认缴的金额：其可投资额最多只余 {text}元",
                    "请写更小的金额，或增加母基金的资金",
                ),
            )
            return
        left -= sub.planned


def _late_subs(parent: EquityFund, scheme: Scheme, terms: ScenarioTerms) -> Iterator[Found]:
    """Warn of a sub-fund that its parent commits to when the parent's investment period has ended."""
    end = parent.start + parent.investment
    for sub in parent.subs(scheme):
        if sub.start >= end:
            last = terms.window.start.plus(end - 1)
            yield (
                ("instruments", sub.name, "start"),
                (
                    f"is after the investment period of its parent {parent.name}, whose last month is {last}"
                    ": the parent commits to it all the same",
                    f"write {last} or earlier, or a longer investment_period of {parent.name}",
                    f"晚于母基金 {parent.name} 投资期的最后一个月（{last}），母基金仍会向其认缴",
                    f"请写不晚于 {last} 的年月，或延长 {parent.name} 的 investment_period",
                ),
            )


def _never_called(fund: EquityFund) -> Iterator[Found]:
    """Warn of rates of call that are 0 in every year of the fund's life."""
    if fund.pacing is None:
        return
    years = range(1, max(1, fund.life // 12) + 1)
    if not any(fund.pacing.called(year) for year in years):
        yield (
            ("instruments", fund.name, "pacing", "calls"),
            (
                "call nothing in any year of the fund's life: nothing is invested, and its money only goes "
                "back",
                "write the part of the uncalled commitments that is called in each year, such as 25%",
                "在存续期内各年均为 0：不会缴款和投资，资金只会原样退回",
                "请写各年缴款占未缴认缴额的比例，如 25%",
            ),
        )


def _sector(name: str, sectors: Mapping[str, str], terms: ScenarioTerms) -> Iterator[Found]:
    """Warn of a sector that nothing else has, where others have sectors: it may be misspelt."""
    own = sectors[name]
    of_segments = {s.sector for s in terms.segments.values() if s.sector is not None and s.city_weight < 1.0}
    others = of_segments | {sector for fund, sector in sectors.items() if fund != name}
    pairs = terms.economy.sector_correlation
    paired = set() if isinstance(pairs, float) else {side for pair in pairs for side in pair.between}
    if own in others | paired:
        return
    meant = nearest(own, sorted(others))
    if meant is None and not of_segments:
        return
    known = sorted(of_segments)
    fix, fix_zh = f"did you mean {meant}?", f"是否想写 {meant}？"
    if meant is None:
        fix = f"write a sector of the segments ({', '.join(known)}), or take it as it is"
        fix_zh = f"请写分组所属的行业（{'、'.join(known)}），或保持不变"
    yield (
        ("instruments", name, "sector"),
        (
            "no segment has this sector: what moves the fund beside the city moves no loan",
            fix,
            "没有分组属于该行业：除城市因子外，影响基金的因子不影响贷款",
            fix_zh,
        ),
    )
