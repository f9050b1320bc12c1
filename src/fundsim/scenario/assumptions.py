"""What a scenario is not sure of: its values that carry a low and a high, those of one meaning together.

The same key of several segments, or of several instruments, is one assumption: what is not known of one is
not known of the others.  A value that says ``apart: true`` is one by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fundsim.errors import Fault, ScenarioError
from fundsim.scenario.faultlist import Message
from fundsim.scenario.scenario import Origin, Scenario, content_digest
from fundsim.scenario.spelling import nearest

__all__ = ["PLAN", "Assumption", "Joined", "assumptions", "digest_in_doubt", "joined"]

PLAN = "plan"
"""Source of the values that the plan itself lays down: they are decided, not assumed."""
NAMED = ("segments", "instruments")
EVERY = "*"
SETTINGS = ("run.", "doubt.")
"""Blocks that say how to compute, and nothing of the world."""
_TEXTS = ("name", "title", "title_zh", "description", "sources", "run")
"""Entries of a scenario that change no figure on given paths."""
SMALLEST = 1e-9
"""Least eigenvalue of a matrix of correlations."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value with a low and a high, or one key of several segments or instruments, which move together."""

    name: str
    """Its key, with ``*`` for the name where several have it: ``segments.*.pd``."""
    members: tuple[tuple[str, float, float], ...]
    """Key, low and high of each."""
    short: str = ""
    """Its key as users write it: without ``segments.`` or ``instruments.``, unless it is that of several."""

    def at(self, end: str) -> tuple[tuple[str, float], ...]:
        """Return keys and values at the end ``low`` or ``high``."""
        return tuple((key, high if end == "high" else low) for key, low, high in self.members)


def assumptions(scenario: Scenario, *, apart_from: str = "") -> tuple[Assumption, ...]:
    """Return the assumptions of a scenario in the order of its terms.

    A value is one if it carries a low and a high that differ and its source is not the plan.

    Args:
        scenario: the scenario.
        apart_from: key that is no assumption, because it is varied.
    """
    groups: dict[tuple[str, ...], list[tuple[str, float, float]]] = {}
    for key, origin in scenario.origins.items():
        if key == apart_from or not _is_assumption(key, origin):
            continue
        kin = tuple(key.split(".")) if origin.apart else tuple(_of_all(key).split("."))
        low, high = (float("nan") if end is None else end for end in (origin.low, origin.high))
        groups.setdefault(kin, []).append((key, low, high))
    return tuple(
        Assumption(key := ".".join(kin) if len(found) > 1 else found[0][0], tuple(found), _short(key))
        for kin, found in groups.items()
    )


def _is_assumption(key: str, origin: Origin) -> bool:
    """Return whether a value is in doubt: it has a range, is no plan's, and is about the world."""
    if origin.low is None or origin.high is None or origin.low == origin.high:
        return False
    return PLAN not in origin.source and not key.startswith(SETTINGS)


def _short(key: str) -> str:
    group, _, rest = key.partition(".")
    return rest if group in NAMED and not rest.startswith(EVERY) else key


def _of_all(key: str) -> str:
    """Return a key with ``*`` for the name of its segment or instrument."""
    steps = key.split(".")
    return ".".join((steps[0], EVERY, *steps[2:])) if steps[0] in NAMED else key


def digest_in_doubt(scenario: Scenario) -> str:
    """Return a digest of all that figures in doubt depend on [64 hex digits].

    These are the values, the assumptions with their low and high, and how they go together; names, texts,
    paths and seed are not among them.
    """
    values = {key: value for key, value in scenario.resolved().items() if key not in _TEXTS}
    known = [[one.name, *map(list, one.members)] for one in assumptions(scenario)]
    return content_digest({"values": values, "assumptions": known})


@dataclass(frozen=True, slots=True)
class Joined:
    """Two assumptions that go together, by their positions, and the correlation of their normal scores."""

    first: int
    second: int
    rho: float


def joined(scenario: Scenario) -> tuple[Joined, ...]:
    """Return which assumptions of a scenario go together, by their positions in ``assumptions``.

    Raises:
        ScenarioError: what ``doubt.correlation`` names is no assumption, or is joined twice, or the
            correlations can't all hold.
    """
    doubt = scenario.terms.doubt
    if doubt is None:
        return ()
    known = assumptions(scenario)
    faults: list[Fault] = []
    found: dict[tuple[int, int], float] = {}
    for at, one in enumerate(doubt.correlation):
        path = ("doubt", "correlation", at)
        places = [_position(key, known) for key in one.keys]
        for number, (key, place) in enumerate(zip(one.keys, places, strict=True)):
            if place is None:
                faults.append(scenario.fault((*path, "keys", number), _no_assumption(key, known)))
        found_places = [place for place in places if place is not None]
        if len(found_places) < len(places):
            continue
        pair = (min(found_places), max(found_places))
        if pair[0] == pair[1] or pair in found:
            faults.append(scenario.fault((*path, "keys"), _TWICE if pair in found else _ONE))
        found[pair] = one.rho
    if not faults and not _can_hold(len(known), found):
        faults.append(scenario.fault(("doubt", "correlation"), _IMPOSSIBLE))
    if faults:
        raise ScenarioError(faults)
    return tuple(Joined(first, second, rho) for (first, second), rho in found.items())


def _position(key: str, known: tuple[Assumption, ...]) -> int | None:
    """Return which assumption a key means; ``segments.`` and ``instruments.`` may be left out."""
    meant = {key, *(f"{group}.{key}" for group in NAMED)}
    for at, one in enumerate(known):
        members = {member for member, _, _ in one.members}
        if one.name in meant or not members.isdisjoint(meant) or _of_all(one.members[0][0]) in meant:
            return at
    return None


def _can_hold(count: int, found: Mapping[tuple[int, int], float]) -> bool:
    """Return whether correlations belong to some law: whether their matrix is positive definite."""
    matrix = np.eye(count)
    for (first, second), rho in found.items():
        matrix[first, second] = matrix[second, first] = rho
    return bool(np.linalg.eigvalsh(matrix).min() > SMALLEST) if count else True


def _no_assumption(key: str, known: tuple[Assumption, ...]) -> Message:
    keys = [one.name for one in known] + [member for one in known for member, _, _ in one.members]
    hint = nearest(key, dict.fromkeys([*keys, *(each.partition(".")[2] for each in keys)]))
    return (
        f"there is no assumption {key}",
        f"did you mean {hint}?" if hint else "name a key that carries low and high and is no plan's",
        f"没有名为 {key} 的假设",
        f"是否想写 {hint}？" if hint else "请写带有 low 与 high 且非方案规定的键",
    )


_ONE: Message = (
    "both keys mean one assumption, which moves as a whole", "give the values apart: true, or delete this",
    "两个键属于同一项假设，本就同时变动", "请为其写 apart: true，或删除此项",
)  # fmt: skip
_TWICE: Message = (
    "these two are joined already", "delete one of them", "这两项已有关联", "请删去其中之一",
)  # fmt: skip
_IMPOSSIBLE: Message = (
    "these correlations can't all hold at once", "write smaller ones",
    "这些相关系数不可能同时成立", "请减小数值",
)  # fmt: skip
