"""What a bridge fund reports by the size of the requests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import ratio, recorded
from fundsim.scheme import About, Aggregate, BridgeFund, Metric, RequestSize

__all__ = ["SizeWords", "size_metrics", "size_words"]

WAN = 1e4


@dataclass(frozen=True, slots=True)
class SizeWords:
    """What requests of one size are called."""

    part: str
    """Part of the instrument in the names of metrics."""
    english: str
    chinese: str


def size_words(fund: BridgeFund) -> tuple[SizeWords, ...]:
    """Return what the sizes of a fund are called, in their order.

    >>> from fundsim.scheme import DaysLaw
    >>> ends = (1e6, 2e6, math.inf)
    >>> sizes = tuple(RequestSize(up_to=end) for end in ends)
    >>> fund = BridgeFund(name="fund", party="fund", sizes=sizes, days=DaysLaw(law="fixed", mean=9.0))
    >>> [words.part for words in size_words(fund)]
    ['to_100wan', 'to_200wan', 'above_200wan']
    >>> size_words(fund)[2].chinese
    '200万元以上'
    """
    found = []
    before = 0.0
    for size in fund.sizes:
        only = _only_amount(fund, before, size.up_to)
        if only is not None:
            found.append(SizeWords(f"of_{_name(only)}", f"of {only:,.0f} yuan", f"{_chinese(only)}"))
        elif math.isinf(size.up_to):
            found.append(
                SizeWords(f"above_{_name(before)}", f"above {before:,.0f} yuan", f"{_chinese(before)}以上")
            )
        else:
            english, chinese = f"of up to {size.up_to:,.0f} yuan", f"{_chinese(size.up_to)}及以下"
            if before > 0.0:
                english = f"above {before:,.0f} and up to {size.up_to:,.0f} yuan"
                chinese = f"{_chinese(before)}以上至{_chinese(size.up_to)}"
            found.append(SizeWords(f"to_{_name(size.up_to)}", english, chinese))
        before = size.up_to
    return tuple(found)


def _only_amount(fund: BridgeFund, above: float, up_to: float) -> float | None:
    """Return the amount of all requests of a size, if they have one."""
    if fund.requests is None:
        return None
    amounts = [amount for amount in fund.requests.amounts if above < amount <= up_to]
    return amounts[0] if len(amounts) == 1 else None


def _name(amount: float) -> str:
    """Return an amount as a part of a name: in units of 10,000 yuan where it is whole in these."""
    whole = round(amount / WAN)
    if abs(amount - WAN * whole) < 0.005:
        return f"{whole}wan"
    yuan, fen = divmod(round(100 * amount), 100)
    return f"{yuan}yuan{fen:02d}" if fen else f"{yuan}yuan"


def _chinese(amount: float) -> str:
    whole = round(amount / WAN)
    return (
        f"{whole:g}万元"
        if abs(amount - WAN * whole) < 0.005
        else f"{amount:,.2f}".rstrip("0").rstrip(".") + "元"
    )


def size_metrics(fund: BridgeFund) -> Iterator[Metric | Aggregate]:
    """Yield requests and refusals by size; nothing where there is one size."""
    if len(fund.sizes) < 2:
        return
    for position, words in enumerate(size_words(fund)):
        about = About(fund.name, words.part)
        english, chinese = words.english, words.chinese
        n_requests, n_refused, requested, refused = (
            recorded(RequestSize.record(f"{fund.name}/{position}", what))
            for what in ("n_requests", "n_refused", "requested", "refused")
        )
        yield metric(about, "requests", "requests", f"Number of requests {english}", f"{chinese}的申请笔数",
                     n_requests, "yearly")  # fmt: skip
        yield metric(about, "requested", "yuan", f"Amount of the requests {english}", f"{chinese}的申请金额",
                     requested, "yearly")  # fmt: skip
        yield metric(about, "refused", "requests", f"Number of requests {english} that left unserved",
                     f"{chinese}的未获批笔数", n_refused, "yearly")  # fmt: skip
        yield metric(about, "refused_amount", "yuan", f"Amount of the requests {english} that left unserved",
                     f"{chinese}的未获批金额", refused, "yearly")  # fmt: skip
        yield metric(about, "refused_share", "share",
                     f"Refusals ÷ requests {english}, by number, on the path; missing where there are none",
                     f"{chinese}的拒贷率（未获批笔数÷申请笔数，逐路径）",
                     ratio(n_refused, n_requests), "size")  # fmt: skip
        yield Aggregate(
            instrument=about.instrument,
            part=about.part,
            own_name="refused_share_aggregate",
            unit="share",
            meaning=f"Refusals ÷ requests {english}, by number, both summed over all paths",
            meaning_zh=f"{chinese}的拒贷率（未获批笔数÷申请笔数，总数）",
            numerator=n_refused,
            denominator=n_requests,
        )
