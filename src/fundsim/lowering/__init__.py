"""From a scenario's terms to a scheme: the one seam between what is written and what is run."""

from fundsim.lowering.implied import ImpliedPd, implied_pd
from fundsim.lowering.review import review
from fundsim.lowering.scheme import lower
from fundsim.lowering.solved import Solved, solved_values
from fundsim.lowering.surprises import tape_notes

__all__ = ["ImpliedPd", "Solved", "implied_pd", "lower", "review", "solved_values", "tape_notes"]
