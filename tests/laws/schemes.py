"""Random schemes over every feature that a scheme can have, small enough to run in milliseconds."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from fundsim.scheme import Scheme

from .choices import Choices, Drawn, Seeded, chance
from .equity import with_equity
from .lending_schemes import lending_scheme


def law(max_examples: int):
    """Return hypothesis' settings of a law: always the same examples, no clock, no files."""
    return settings(max_examples=max_examples, derandomize=True, database=None, deadline=None)


@st.composite
def schemes(draw) -> Scheme:
    """Return any scheme."""
    return random_scheme(Drawn(draw))


@st.composite
def lending_schemes(draw) -> Scheme:
    """Return any scheme without equity funds."""
    return lending_scheme(Drawn(draw))


@st.composite
def calm_schemes(draw) -> Scheme:
    """Return a scheme in which lending depends on nothing but demand: no limit and no breaker.

    What pools hold and pay then moves nobody's loans.
    """
    return calm(random_scheme(Drawn(draw)))


def calm(scheme: Scheme) -> Scheme:
    """Return the scheme without lending limits and breakers, and with demand by amount alone.

    Demand that holds a level reads the outstanding stock, which contracts don't touch, and stays.
    """
    facilities = tuple(replace(f, capacities=()) for f in scheme.facilities)
    return replace(scheme, facilities=facilities, capacities=(), obligor_limits=(), breakers=())


def seeded_scheme(seed: int) -> Scheme:
    """Return the scheme of a seed."""
    return random_scheme(Seeded(seed))


def random_scheme(choose: Choices) -> Scheme:
    """Return a scheme made of choices: of lending, and every fourth of equity funds too."""
    scheme = lending_scheme(choose)
    return with_equity(choose, scheme) if chance(choose, 25) else scheme
