"""The calendar month of a month's number."""

from __future__ import annotations

from fundsim.scheme import Scheme

__all__ = ["date_of"]


def date_of(scheme: Scheme, month: int) -> str:
    """Return the calendar month of a month's number.

    >>> from fundsim.scheme import Economy, Window
    >>> window = Window(year=2015, month=11, months=12, run_off=0)
    >>> date_of(Scheme(window=window, economy=Economy(step_months=1, persistence=0.0)), 3)
    '2016-02'
    """
    since = scheme.window.month - 1 + month
    return f"{scheme.window.year + since // 12}-{since % 12 + 1:02d}"
