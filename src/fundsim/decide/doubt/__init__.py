"""Figures when all assumptions are in doubt at once."""
