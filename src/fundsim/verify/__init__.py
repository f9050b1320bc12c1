"""Closed forms, published figures and the two engines, checked against each other."""
