"""Amounts of money as people write them, in 万 and 亿, with every digit: what messages quote."""

from __future__ import annotations

from decimal import Context, Decimal

__all__ = ["amount_text"]

_EXACT = Context(prec=10_000)
_SCALES = ((12, "万亿"), (8, "亿"), (4, "万"))
"""Powers of ten from which an amount is written in a unit."""


def amount_text(yuan: float) -> str:
    """Return an amount as a scenario may give it; written so, it is the same amount.

    No digit is rounded away, so two amounts that differ never look the same.  What was computed is rounded
    to a fen, or to a yuan, by the caller.

    Args:
        yuan: the amount [yuan].

    >>> amount_text(2_871_000_000.0), amount_text(1_000_000.0), amount_text(9_999.5), amount_text(0.0)
    ('28.71亿', '100万', '9999.5', '0')
    >>> amount_text(100_000_000.01)
    '1.0000000001亿'
    """
    if 0.0 < abs(yuan) < 0.01:
        return repr(float(yuan))
    exact = Decimal(repr(float(yuan)))
    power, unit = next(((p, unit) for p, unit in _SCALES if abs(exact) >= 10**p), (0, ""))
    scaled = exact.scaleb(-power, _EXACT).normalize(_EXACT)
    return f"{scaled:f}{unit}"
