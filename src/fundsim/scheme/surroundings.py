"""The parties around every instrument."""

__all__ = ["BANKS", "BUDGET", "CITY", "FIRMS", "OUTSIDE", "level_party", "line_party"]

CITY = "city"
"""The city's treasury: where appropriations come from."""
FIRMS = "firms"
"""The borrowers, all together."""
OUTSIDE = "outside"
"""Others who are paid: courts, agents, staff."""
BANKS = "banks"
"""Banks that are paid for what they lend, all together."""
BUDGET = "budget"
"""What the accounts of a budget's lines and of its levels are named after."""


def line_party(line: str) -> str:
    """Return the account of a budget line.

    >>> line_party("pools")
    'budget.pools'
    """
    return f"{BUDGET}.{line}"


def level_party(level: str) -> str:
    """Return the treasury of a level of government; the city's is the city's everywhere.

    >>> level_party("city"), level_party("province")
    ('city', 'budget.province')
    """
    return CITY if level == CITY else f"{BUDGET}.{level}"
