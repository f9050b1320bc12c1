"""The scenario language: YAML with units in, a frozen typed scenario out.

``load`` reads a file and what it extends, checks everything in one pass, and returns a
:class:`Scenario`; all faults arrive together in one :class:`fundsim.errors.ScenarioError`.
Nothing here imports numpy or an instrument: the kinds are handed to ``load``.
"""

from fundsim.scenario.files import bundled_names
from fundsim.scenario.scenario import Origin, Scenario, check_scenario, load
from fundsim.scenario.term import Item, Term, TermFault, term, unknown_name
from fundsim.scenario.terms import ScenarioTerms

__all__ = [
    "Item",
    "Origin",
    "Scenario",
    "ScenarioTerms",
    "Term",
    "TermFault",
    "bundled_names",
    "check_scenario",
    "load",
    "term",
    "unknown_name",
]
