"""From a scenario's terms to a scheme: the one seam between what is written and what is run."""

from fundsim.lowering.implied import ImpliedPd, implied_pd
from fundsim.lowering.review import review
from fundsim.lowering.scheme import lower
from fundsim.lowering.surprises import tape_notes

__all__ = ["ImpliedPd", "implied_pd", "lower", "review", "tape_notes"]
