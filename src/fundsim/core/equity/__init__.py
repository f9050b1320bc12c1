"""Equity funds: raising, calls, deals, waterfall, concession, value and rate of return, month by month."""
