"""The parties around every instrument."""

__all__ = ["CITY", "FIRMS", "OUTSIDE"]

CITY = "city"
"""The city's treasury: where appropriations come from."""
FIRMS = "firms"
"""The borrowers, all together."""
OUTSIDE = "outside"
"""Others who are paid: courts, agents, staff."""
