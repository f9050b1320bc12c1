"""From a scenario's terms to a scheme: the one seam between what is written and what is run."""

from fundsim.lowering.implied import ImpliedPd, implied_pd
from fundsim.lowering.scheme import lower, refusals_of

__all__ = ["ImpliedPd", "implied_pd", "lower", "refusals_of"]
