"""From a scenario's terms to a scheme: the one seam between what is written and what is run."""

from fundsim.lowering.scheme import implied_pd, lower, refusals_of

__all__ = ["implied_pd", "lower", "refusals_of"]
