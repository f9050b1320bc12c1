"""What an equity fund has counted on one path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["EquityBooks"]


@dataclass(slots=True)
class EquityBooks:
    """Records of a fund, by their names; what partners committed and paid stands in its ``Calls`` [yuan]."""

    raised_share: float
    fees: float = 0.0
    fees_asked: float = 0.0
    n_deals: int = 0
    invested: float = 0.0
    invested_social: float = 0.0
    invested_local: float = 0.0
    recycled: float = 0.0
    n_failed: int = 0
    n_exited: int = 0
    n_liquidated: int = 0
    realised_cost: float = 0.0
    proceeds: float = 0.0
    lost: float = 0.0
    to_contributions: float = 0.0
    to_hurdle: float = 0.0
    to_catch_up: float = 0.0
    to_carry: float = 0.0
    to_partners: float = 0.0
    clawback: float = 0.0
    distributed_government: float = 0.0
    distributed_social: float = 0.0
    distributed_to_buyers: float = 0.0
    ceded: float = 0.0
    option_price: float = 0.0
    option_cost: float = 0.0
    committed_down: float = 0.0
    subsidised: float = 0.0
    subsidy_due: float = 0.0
    granted: float = 0.0
    grants_due: float = 0.0
    n_joined: int = 0
    joined: float = 0.0
    joint_cost: float = 0.0
    joint_proceeds: float = 0.0
    set_up: bool = False
    hurdle_owed: float = 0.0
    n_unsold: int = 0
    unsold_cost: float = 0.0
    expected_value: float = 0.0
    joint_expected: float = 0.0
    nav: float = 0.0
    nav_government: float = 0.0
    nav_social: float = 0.0
    expected_government: float = 0.0
    set_up_month: float = math.inf
    not_set_up_month: float = math.inf
    sold_month: float = math.inf
    rates: dict[int, Callable[[], Mapping[str, float]]] = field(default_factory=dict)
    """Month → what finds its records of internal rates of return, which exist at its end only."""
