"""What each assumption does to figures at its low and at its high, and which of them do most."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.together import End
from fundsim.errors import ScenarioError
from fundsim.scenario import Scenario
from fundsim.scenario.assumptions import Assumption
from fundsim.scenario.numbers import NumberAt
from fundsim.scheme import Aggregate, LawFigure, Metric

__all__ = ["ENDS", "Bar", "Effect", "Outcome", "Ranking", "Side", "Swing", "Together", "TornadoData"]

ENDS: tuple[End, End] = ("low", "high")
DUST = 1e-12
"""A difference below this part of the figure comes from rounding."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A figure of a variant, and what it is less the figure of the scenario as it is."""

    measured: Measured
    difference: Difference

    @property
    def size(self) -> float:
        """Magnitude of the difference; 0 where no path has a value."""
        value = self.difference.value
        return 0.0 if math.isnan(value) else abs(value)

    @property
    def seen(self) -> bool:
        """Whether the figure surely differs: the difference's 95 % interval leaves out 0, or is not known."""
        if self.size <= DUST * abs(self.measured.value) or not self.size:
            return False
        low, high = self.difference.ci95
        return not low <= 0.0 <= high


Outcome = Effect | ScenarioError
"""What a variant does to a figure, or the faults that keep it from being run."""


@dataclass(frozen=True, slots=True)
class Side:
    """An assumption at one end of its range."""

    end: End
    as_is: bool
    """Whether the end is the value that the scenario has anyway: nothing is simulated then."""
    outcomes: tuple[Outcome, ...]
    """One a figure."""


@dataclass(frozen=True, slots=True)
class Swing:
    """An assumption at both ends of its range, all others at their values."""

    assumption: Assumption
    numbers: tuple[NumberAt, ...]
    """Of each of its members: value, unit and meaning."""
    low: Side
    high: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both ends, the low one first."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Bar:
    """What an assumption does to one figure."""

    swing: Swing
    low: Outcome
    high: Outcome

    @property
    def effects(self) -> tuple[tuple[End, Effect], ...]:
        """The ends at which the figure is known, with what they do."""
        both = zip(ENDS, (self.low, self.high), strict=True)
        return tuple((end, found) for end, found in both if isinstance(found, Effect))

    @property
    def size(self) -> float:
        """The larger of its effects' magnitudes."""
        return max((effect.size for _, effect in self.effects), default=0.0)

    @property
    def seen(self) -> bool:
        """Whether the figure surely differs at an end."""
        return any(effect.seen for _, effect in self.effects)

    def end_that(self, raises: bool) -> End | None:
        """Return the end that lowers the figure most, or raises it; None where neither does."""
        sign = 1.0 if raises else -1.0
        moves = [(sign * e.difference.value, end) for end, e in self.effects if e.size]
        best = max(moves, default=(0.0, None), key=lambda move: move[0])
        return best[1] if best[0] > 0.0 else None


@dataclass(frozen=True, slots=True)
class Ranking:
    """The assumptions by what they do to one figure."""

    seen: tuple[Bar, ...]
    """Those with an effect, the largest first."""
    unseen: tuple[Bar, ...]
    """Those of which these paths show none, the largest first."""
    refused: tuple[Bar, ...]
    """Those that can stand at neither end."""

    def of(self, bar: Bar) -> int | None:
        """Return the rank of an assumption, from 1 on; None where no effect is seen."""
        names = [one.swing.assumption.name for one in self.seen]
        name = bar.swing.assumption.name
        return names.index(name) + 1 if name in names else None


@dataclass(frozen=True, slots=True)
class Together:
    """All assumptions that move the first figure, each at the end that lowers it, or that raises it."""

    raises: bool
    at: tuple[tuple[Assumption, End], ...]
    """Assumptions with their ends, those with the largest effects first."""
    kept: tuple[Assumption, ...]
    """Assumptions that keep their value, because neither end moves the figure this way."""
    left_out: tuple[Assumption, ...]
    """Assumptions that keep their value, because the scenario is impossible with all of them."""
    fault: ScenarioError | None
    """Why not all go together."""
    outcomes: tuple[Outcome, ...]
    """One a figure."""


@dataclass(frozen=True, eq=False, kw_only=True)
class TornadoData:
    """What each assumption of a scenario does to some figures."""

    scenario: Scenario
    measures: tuple[Measure, ...]
    described: tuple[Metric | Aggregate | LawFigure, ...]
    """What the scheme says of the metric of each figure."""
    base: tuple[Measured, ...]
    """The figures with all assumptions at their values."""
    swings: tuple[Swing, ...]
    """One an assumption, in the order of the scenario's terms."""
    together: tuple[Together, ...]
    """All at the ends that lower the first figure, then all at those that raise it; none where no
    assumption is seen to move it."""
    paths: int
    seed: int
    engine: str
    simulated: int
    """Paths that were simulated in all."""

    def bars(self, at: int) -> tuple[Bar, ...]:
        """Return what each assumption does to a figure, in the order of the scenario's terms."""
        return tuple(Bar(s, s.low.outcomes[at], s.high.outcomes[at]) for s in self.swings)

    def ranking(self, at: int) -> Ranking:
        """Return the assumptions by what they do to a figure; it depends on no other figure."""
        ordered = sorted(self.bars(at), key=lambda bar: -bar.size)
        known = [bar for bar in ordered if bar.effects]
        return Ranking(
            tuple(bar for bar in known if bar.seen),
            tuple(bar for bar in known if not bar.seen),
            tuple(bar for bar in ordered if not bar.effects),
        )

    def refused(self, at: int) -> Iterator[tuple[Swing, End, ScenarioError]]:
        """Yield the ends at which a figure can't be had, with the faults."""
        for swing in self.swings:
            for side in swing.sides:
                outcome = side.outcomes[at]
                if isinstance(outcome, ScenarioError):
                    yield swing, side.end, outcome
