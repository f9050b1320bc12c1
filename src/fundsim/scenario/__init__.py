"""The scenario language: YAML with units in, a frozen typed scenario out.

``load`` reads a file and what it extends, checks everything in one pass, and returns a
:class:`Scenario`; all faults arrive together in one :class:`fundsim.errors.ScenarioError`.
"""

from fundsim.scenario.term import Term, TermFault, term
from fundsim.scenario.terms import ScenarioTerms

__all__ = ["ScenarioTerms", "Term", "TermFault", "term"]
