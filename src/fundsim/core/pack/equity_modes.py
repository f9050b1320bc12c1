"""Money beside an equity fund, and rates in place of deals, as tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fundsim.core.pack import equity_tables as t
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import EquityFund, Line
from fundsim.scheme.equity_modes import BesideMoney
from fundsim.scheme.surroundings import FIRMS

__all__ = ["pack_beside", "pack_paces", "stage_marks"]

NO = -1


def pack_paces(funds: Sequence[EquityFund]) -> Any:
    """Return the rates of each year of the funds that have them."""
    paced = [(fund, fund.pacing) for fund in funds if fund.pacing is not None]
    years = [(fund, pacing, year) for fund, pacing in paced for year in range(1, fund.life // 12 + 1)]
    return table(
        t.PACE,
        called=[pacing.called(year) for _, pacing, year in years],
        distributed=[pacing.distributed(year, f.life // 12) for f, pacing, year in years],
    )


def stage_marks(funds: Sequence[EquityFund]) -> dict[str, list[bool]]:
    """Return of each stage whether its deals bring subsidies and grants."""
    stages = [(fund, stage.name) for fund in funds for stage in fund.stages]
    return {
        "subsidised": [f.subsidy is not None and name in f.subsidy.stages for f, name in stages],
        "protected": [f.protection is not None and name in f.protection.stages for f, name in stages],
    }


def _row(fund: EquityFund, line: Mapping[Line, int], account: Mapping[str, int]) -> dict[str, float]:
    def at(source: str, target: str, kind: str) -> int:
        return line[Line(source=source, target=target, kind=kind)]

    def common(name: str, money: BesideMoney | None) -> dict[str, float]:
        if money is None:
            return {f"{name}_{what}": NO for what in ("account", "line", "back_line", "until")}
        return {
            f"{name}_account": account[money.account],
            f"{name}_back_line": at(money.account, money.treasury, "equity_back"),
            f"{name}_until": money.last_age(fund.investment, fund.last - fund.start),
        }

    joint, subsidy, protection = fund.joint, fund.subsidy, fund.protection
    row = {
        **common("joint", joint),
        **common("subsidy", subsidy),
        **common("grant", protection),
        "joint_exit_line": NO,
        "joint_share": 0.0,
        "joint_cap": math.inf,
        "subsidy_share": 0.0,
        "subsidy_cap": math.inf,
        "on_loss": 0,
        "grant_before": 0.0,
        "grant_after": 0.0,
    }
    if joint is not None:
        row["joint_line"] = at(joint.account, FIRMS, "equity_joining")
        row["joint_exit_line"] = at(FIRMS, joint.treasury, "equity_joint_exit")
        row["joint_share"], row["joint_cap"] = joint.share, joint.cap
    if subsidy is not None:
        row["subsidy_line"] = at(subsidy.account, fund.party, "equity_subsidy")
        row["subsidy_share"], row["subsidy_cap"] = subsidy.share, subsidy.cap
        row["on_loss"] = subsidy.base == "loss"
    if protection is not None:
        row["grant_line"] = at(protection.account, FIRMS, "equity_grant")
        row["grant_before"], row["grant_after"] = protection.before, protection.after
    return row


def pack_beside(funds: Sequence[EquityFund], line: Mapping[Line, int], account: Mapping[str, int]) -> Any:
    """Return the money beside the funds, a row for each fund that has any."""
    rows = [_row(fund, line, account) for fund in funds if fund.beside]
    return table(t.BESIDE, **{name: [row[name] for row in rows] for name in t.BESIDE.names or ()})
