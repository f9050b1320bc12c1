"""What is legal and yet surprising in bridge funds and short firms: fees, limits, requests too large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from fundsim.amounts import amount_text
from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Key
from fundsim.scheme import BridgeFund, Scheme, Segment
from fundsim.scheme.money import HALF_A_FEN

__all__ = ["bridge_surprises"]

DEAR = 0.01
"""A fee a day from this on was probably meant in per cent; private bridges cost 0.1 to 0.3 % a day."""


def bridge_surprises(
    instruments: Mapping[str, Any], segments: Mapping[str, Any], scheme: Scheme
) -> Iterator[tuple[Key, Message]]:
    """Yield the warnings that bridge funds and short firms deserve.

    Args:
        instruments: terms by name.
        segments: terms by name.
        scheme: the lowered scheme.
    """
    for name, segment in segments.items():
        yield from _dear(("segments", name, "private_fee_per_day"), segment.private_fee_per_day)
    for fund in scheme.bridges:
        path = ("instruments", fund.name)
        for index, tier in enumerate(instruments[fund.name].fee):
            yield from _dear((*path, "fee", index, "per_day"), tier.per_day)
        yield from _limit_for_few(path, fund, scheme)
        yield from _beyond_the_fund(path, fund, scheme)


def _dear(path: Key, per_day: float) -> Iterator[tuple[Key, Message]]:
    if per_day >= DEAR:
        yield (
            path,
            (
                f"is {100 * per_day:g} % a day, {36500 * per_day:,.0f} % a year",
                f"did you mean {per_day:g}%?",
                f"为每天 {100 * per_day:g}%，每年 {36500 * per_day:,.0f}%",
                f"是否想写 {per_day:g}%？",
            ),
        )


def _limit_for_few(path: Key, fund: BridgeFund, scheme: Scheme) -> Iterator[tuple[Key, Message]]:
    """Warn of a limit that makes firms ineligible, where nothing says what they can pay themselves."""
    if math.isinf(fund.cap_per_firm) or fund.own_money_max is not None:
        return
    most = fund.cap_per_firm / fund.share_financed
    asking = {b.segment for f in scheme.facilities if f.name in fund.facilities for b in f.borrowers}
    text = amount_text(round(most, 2))
    if any(_largest(s) > most + HALF_A_FEN for s in scheme.segments if s.name in asking and s.shortage):
        yield (
            (*path, "cap_per_firm"),
            (
                f"leaves out every firm whose loan is larger than {text} yuan: it could not pay the "
                "rest itself, because own_money_max is 1 − share_financed",
                "write own_money_max, the part of its loan that a firm can pay",
                f"会排除贷款超过 {text}元的企业：own_money_max 默认为 1 − share_financed，"
                "其余部分企业无法自筹",
                "请写 own_money_max（企业可自筹的比例）",
            ),
        )


def _largest(segment: Segment) -> float:
    """Return the largest loan of a segment, infinity where there is no limit [yuan]."""
    return max(b.principal for b in segment.bands) if segment.sizes is None else segment.sizes.cap


def _beyond_the_fund(path: Key, fund: BridgeFund, scheme: Scheme) -> Iterator[tuple[Key, Message]]:
    """Warn of requests that are larger than all the money that the fund ever has."""
    if fund.requests is None or fund.recapitalise:
        return
    money = next(p.opening for p in scheme.parties if p.name == fund.party)
    money += math.fsum(i.amount for i in scheme.injections if i.target == fund.party)
    largest = max(fund.requests.amounts)
    if largest > money + HALF_A_FEN:
        asked, held = amount_text(largest), amount_text(round(money, 2))
        yield (
            (*path, "requests", "sizes"),
            (
                f"has requests of {asked} yuan, and the fund never has more than {held} yuan: "
                "they are never served",
                "write smaller amounts, or give the fund more money",
                f"有 {asked}元的申请，而资金最多只有 {held}元，永远无法满足",
                "请减小申请金额，或增加资金",
            ),
        )
