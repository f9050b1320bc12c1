"""What a bridge fund reports by the size of the requests."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import ratio, recorded
from fundsim.scheme import About, Aggregate, Metric
from fundsim.scheme.records import bridge_size_record

__all__ = ["SizeWords", "size_metrics", "size_words"]

WAN = 1e4


@dataclass(frozen=True, slots=True)
class SizeWords:
    """What requests of one size are called."""

    part: str
    """Part of the instrument in the names of metrics."""
    english: str
    chinese: str


def size_words(ends: Sequence[float], amounts: Sequence[float] = ()) -> tuple[SizeWords, ...]:
    """Return what sizes of requests are called.

    Args:
        ends: amounts [yuan] up to which requests are reported together, ascending, the last infinity.
        amounts: all amounts of requests, where they are known.

    >>> [words.part for words in size_words((1e6, 2e6, math.inf))]
    ['to_100wan', 'to_200wan', 'above_200wan']
    >>> [words.chinese for words in size_words((2e6, math.inf), amounts=(2e6, 5e6))]
    ['200万元', '500万元']
    """
    found = []
    before = 0.0
    for end in ends:
        own = [amount for amount in amounts if before < amount <= end]
        found.append(_exactly(own[0]) if len(own) == 1 else _between(before, end))
        before = end
    return tuple(found)


def _exactly(amount: float) -> SizeWords:
    return SizeWords(f"of_{_name(amount)}", f"of {amount:,.0f} yuan", _chinese(amount))


def _between(low: float, high: float) -> SizeWords:
    if math.isinf(high):
        return SizeWords(f"above_{_name(low)}", f"above {low:,.0f} yuan", f"{_chinese(low)}以上")
    if low == 0.0:
        return SizeWords(f"to_{_name(high)}", f"of up to {high:,.0f} yuan", f"{_chinese(high)}及以下")
    english = f"above {low:,.0f} and up to {high:,.0f} yuan"
    return SizeWords(f"to_{_name(high)}", english, f"{_chinese(low)}以上至{_chinese(high)}")


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


def size_metrics(fund: str, sizes: Sequence[SizeWords]) -> Iterator[Metric | Aggregate]:
    """Yield requests and refusals of a fund by size; nothing where there is one size."""
    if len(sizes) < 2:
        return
    for position, words in enumerate(sizes):
        about = About(fund, words.part)
        english, chinese = words.english, words.chinese
        n_requests, n_refused, requested, refused = (
            recorded(bridge_size_record(fund, position, what))
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
                     f"Refusal rate of requests {english}; refusals ÷ requests by number, on the path",
                     f"{chinese}的拒贷率（未获批笔数÷申请笔数，逐路径）",
                     ratio(n_refused, n_requests), "size")  # fmt: skip
        yield Aggregate(
            instrument=about.instrument,
            part=about.part,
            own_name="refused_share_aggregate",
            unit="share",
            meaning=f"Refusal rate of requests {english}; refusals ÷ requests by number, over all paths",
            meaning_zh=f"{chinese}的拒贷率（未获批笔数÷申请笔数，总数）",
            numerator=n_refused,
            denominator=n_requests,
        )
