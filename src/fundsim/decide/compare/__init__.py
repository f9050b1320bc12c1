"""Scenarios compared on the same paths, with paired differences."""
