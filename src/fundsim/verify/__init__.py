"""Closed forms, published figures and the two engines, held against each other."""
