"""Decisions: several scenarios on common random numbers, and what can be said of their differences."""
