"""Figures at all values of one key or two."""
