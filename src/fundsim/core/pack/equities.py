"""Equity funds: from a scheme by name to tables, and their memory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from fundsim.core.pack import equity_tables as t
from fundsim.core.pack.equity_families import pack_family, pack_turns, sub_funds
from fundsim.core.pack.equity_modes import pack_beside, pack_paces, stage_marks
from fundsim.core.pack.equity_tables import Concession, Due, EquityMemory, EquityTables, RootRoom
from fundsim.core.pack.equity_values import pack_deal_laws, pack_shares_raised
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import (
    BetaShare,
    CallOption,
    EquityFund,
    ExcessShare,
    Line,
    Raising,
    Scheme,
    entity,
)
from fundsim.scheme.records import equity_record
from fundsim.scheme.surroundings import FIRMS

__all__ = ["FIRST_DEALS", "equity_memory", "pack_equities"]

NO = -1
FIRST_DEALS = 64
"""Deals of a fund that can be kept at once, to begin with; it doubles as often as that is too few."""
DEEPEST = 50
"""How often an interval is cut in two to separate roots: to a width of about 1e-15."""

VALUES = ("expected_value", "nav", "nav_government", "nav_social", "expected_government", "joint_expected")
RATES = tuple(
    f"irr_{whose}{case}" for whose in ("fund", "government", "social", "treasury") for case in ("", "_case")
)
ALONE = Raising(p_full=1.0, rest=BetaShare(mean=0.0), closings=((0, 1.0),), set_up_months=0)
"""Of a fund without social partners: government commits in its first month, and it is set up."""


def _ends(counts: Sequence[int]) -> tuple[list[int], list[int]]:
    ends = list(accumulate(counts))
    return [end - n for end, n in zip(ends, counts, strict=True)], ends


def _log_law(mean: float, cv: float) -> tuple[float, float]:
    """Return the mean and the standard deviation of a lognormal's logarithm."""
    spread = math.sqrt(math.log1p(cv * cv))
    return (math.log(mean) if mean > 0.0 else 0.0) - 0.5 * spread * spread, spread


def _invested(fund: EquityFund) -> tuple[float, float]:
    """Return what is invested of a yuan of commitments, and by how much less for the fixed cost.

    The same as ``EquityFund.investable``, as the two coefficients of a line.
    """
    years, life, fee = fund.investment / 12.0, fund.life / 12.0, fund.fee_rate
    of_cost = 1.0 + fund.deployment * fee * (life - years)
    return fund.deployment * (1.0 - fee * years) / of_cost, fund.deployment * fund.fund_cost * life / of_cost


def _concession(fund: EquityFund) -> Concession:
    if fund.concession is None:
        return Concession.NOTHING
    return Concession.EXCESS if isinstance(fund.concession, ExcessShare) else Concession.OPTION


def _funds(scheme: Scheme, line: Mapping[Line, int], account: Mapping[str, int]) -> Any:
    funds = scheme.equity_funds
    raising = [fund.raising or ALONE for fund in funds]
    first_closing, end_closing = _ends([len(r.closings) for r in raising])
    first_stage, end_stage = _ends([len(fund.stages) for fund in funds])
    sector = {name: 1 + j for j, name in enumerate(scheme.economy.sectors)}
    sizes = [_log_law(fund.deal_size, fund.deal_cv) for fund in funds]

    def line_of(fund: EquityFund, source: str, target: str, kind: str) -> int:
        whose = (name if name == FIRMS else getattr(fund, name) for name in (source, target))
        return line[Line(source=next(whose), target=next(whose), kind=kind)]

    def at(source: str, target: str, kind: str) -> list[int]:
        return [line_of(f, source, target, kind) for f in funds]

    def with_deals(source: str, target: str, kind: str) -> list[int]:
        return [NO if f.is_parent(scheme) else line_of(f, source, target, kind) for f in funds]

    def optional(kind: type[Any], what: str, missing: float) -> list[float]:
        found = [f.concession for f in funds]
        return [getattr(c, what) if isinstance(c, kind) else missing for c in found]

    invested = [_invested(f) for f in funds]
    first_pace, _ = _ends([f.life // 12 if f.pacing is not None else 0 for f in funds])
    beside, _ = _ends([int(bool(f.beside)) for f in funds])
    return table(
        t.EQUITY_FUND,
        custody=[account[f.custody] for f in funds],
        custody_call=at("custody", "party", "equity_call"),
        partners_call=at("partners", "party", "equity_call"),
        fee_line=at("party", "manager", "equity_fee"),
        deal_line=with_deals("party", FIRMS, "equity_deal"),
        exit_line=with_deals(FIRMS, "party", "equity_exit"),
        clawback_line=at("manager", "party", "equity_clawback"),
        treasury_line=at("party", "treasury", "equity_distribution"),
        partners_line=at("party", "partners", "equity_distribution"),
        ceded_line=at("party", "partners", "equity_concession"),
        carry_line=at("party", "manager", "equity_carry"),
        option_line=at("partners", "treasury", "equity_option"),
        custody_line=[
            line_of(f, "custody", "treasury", "equity_custody") if f.parent is None else NO for f in funds
        ],
        begins=[f.start for f in funds],
        investment=[f.investment for f in funds],
        life=[f.life for f in funds],
        last=[f.last - f.start for f in funds],
        end=[f.end(scheme) for f in funds],
        first_closing=first_closing,
        end_closing=end_closing,
        set_up_months=[r.set_up_months for r in raising],
        settled=[max(r.set_up_months, r.closings[-1][0]) for r in raising],
        # Without social partners nobody else is asked.
        government_first=[f.government_first or f.raising is None for f in funds],
        first_stage=first_stage,
        end_stage=end_stage,
        factor=[0 if f.sector is None else sector[f.sector] for f in funds],
        raised_law=[NO if f.raising is None else 2 * j for j, f in enumerate(funds)],
        failed_law=[2 * j + 1 for j in range(len(funds))],
        clawback=[f.waterfall.clawback for f in funds],
        concession=[_concession(f) for f in funds],
        option_first=[12 * int(k) - 1 for k in optional(CallOption, "years", 1)],
        at_cost=[f.mark == "cost" for f in funds],
        **pack_family(scheme),
        first_pace=[at if f.pacing is not None else NO for f, at in zip(funds, first_pace, strict=True)],
        beside=[at if f.beside else NO for f, at in zip(funds, beside, strict=True)],
        planned=[f.planned for f in funds],
        social_target=[f.social_target for f in funds],
        p_full=[r.p_full for r in raising],
        raising_loading=[math.sqrt(r.rho) for r in raising],
        raising_noise=[math.sqrt(1.0 - r.rho) for r in raising],
        least_social=[r.minimum_first_close * f.social_target for f, r in zip(funds, raising, strict=True)],
        social_part=[f.social_target / (f.social_target + f.planned) for f in funds],
        match=[f.planned / f.social_target if f.social_target > 0.0 else 0.0 for f in funds],
        invest_share=[share for share, _ in invested],
        invest_less=[less for _, less in invested],
        fee_monthly=[f.fee_rate / 12.0 for f in funds],
        cost_monthly=[f.fund_cost / 12.0 for f in funds],
        deal_size=[f.deal_size for f in funds],
        size_log=[mu for mu, _ in sizes],
        size_sigma=[sigma for _, sigma in sizes],
        city_loading=[math.sqrt(f.city_weight) for f in funds],
        sector_loading=[math.sqrt(1.0 - f.city_weight) for f in funds],
        exit_beta=[f.exit_beta for f in funds],
        exit_drift=[0.5 * f.exit_beta * f.exit_beta for f in funds],
        failure_beta=[f.failure_beta for f in funds],
        failure_drift=[0.5 * f.failure_beta * f.failure_beta for f in funds],
        exit_loading=[math.sqrt(f.exit_rho) for f in funds],
        exit_noise=[math.sqrt(1.0 - f.exit_rho) for f in funds],
        recycling=[f.recycling for f in funds],
        liquidation=[f.liquidation_multiple for f in funds],
        hurdle_growth=[(1.0 + f.waterfall.hurdle) ** (1.0 / 12.0) for f in funds],
        catch_up=[f.waterfall.catch_up for f in funds],
        carry=[f.waterfall.carry for f in funds],
        ceded_share=optional(ExcessShare, "share", 0.0),
        benchmark_growth=[(1.0 + b) ** (1.0 / 12.0) for b in optional(CallOption, "benchmark", 0.0)],
        option_mark=optional(CallOption, "option_mark", 0.0),
        local_share=[f.local_share for f in funds],
        nav_growth=[1.0 + f.pacing.growth if f.pacing is not None else 1.0 for f in funds],
        entity=[entity(f"equity.{f.name}") for f in funds],
    )


def _stages(funds: Sequence[EquityFund]) -> Any:
    stages = [stage for fund in funds for stage in fund.stages]
    first, end = _ends([len(stage.exits) for stage in stages])
    return table(
        t.STAGE,
        first_exit=first,
        end_exit=end,
        cumulative=[total for fund in funds for total in _cumulated([s.share for s in fund.stages])],
        **stage_marks(funds),
    )


def _exits(funds: Sequence[EquityFund]) -> Any:
    stages = [stage for fund in funds for stage in fund.stages]
    scores = [
        ndtri(min(total, 1.0))
        for stage in stages
        for total in _cumulated([e.probability for e in stage.exits])
    ]
    multiples = [way.multiple for stage in stages for way in stage.exits]
    return table(
        t.EXIT,
        score=scores,
        sigma=[_log_law(1.0, m.cv)[1] if m.law == "lognormal" else 0.0 for m in multiples],
    )


def _cumulated(probabilities: Sequence[float]) -> list[float]:
    """Return the running sums, the last of them out of reach of a uniform."""
    return [*list(accumulate(probabilities))[:-1], math.inf] if probabilities else []


def _due(scheme: Scheme, series: Sequence[str], records: Sequence[str]) -> NDArray[np.int64]:
    """Return what is worked out at each month's end: no more than the records that are wanted need."""
    window = scheme.window
    due = np.zeros((len(scheme.equity_funds), window.total), dtype=np.int64)
    wanted = set(records)
    for j, fund in enumerate(scheme.equity_funds):
        values = {equity_record(fund.name, name) for name in VALUES}
        end = fund.end(scheme)
        if not values.isdisjoint(series):
            due[j, : end + 1] |= Due.VALUE
        elif not values.isdisjoint(wanted):
            due[j, [at - 1 for at in window.snapshots if at <= end]] |= Due.VALUE
            due[j, [fund.last, end]] |= Due.VALUE
        if not wanted.isdisjoint(equity_record(fund.name, name) for name in RATES):
            dates = {fund.last, window.months - 1}
            due[j, [*dates]] |= Due.VALUE | Due.RATE
            due[j, [at + 1 for at in dates if at + 1 not in dates and at < end]] |= Due.NO_RATE
    _add_values_of_subs(scheme, due)
    return due


def _add_values_of_subs(scheme: Scheme, due: NDArray[np.int64]) -> None:
    """Let sub-funds be valued whenever their parent is, and when they end: the values of later months."""
    place = {fund.name: j for j, fund in enumerate(scheme.equity_funds)}
    for j, fund in enumerate(scheme.equity_funds):
        if fund.parent is not None and (wanted := due[place[fund.parent]] & Due.VALUE).any():
            due[j, : fund.end(scheme) + 1] |= wanted[: fund.end(scheme) + 1]
            due[j, [fund.last, fund.end(scheme)]] |= Due.VALUE


def pack_equities(
    scheme: Scheme,
    line: Mapping[Line, int],
    account: Mapping[str, int],
    series: Sequence[str],
    records: Sequence[str],
) -> EquityTables:
    """Return the tables of equity funds."""
    funds = scheme.equity_funds
    longest = max((f.last - f.start + 1 for f in funds), default=0)
    laws = pack_deal_laws([(stage, f.liquidation_multiple) for f in funds for stage in f.stages], longest)
    share_laws, share_nodes = pack_shares_raised(
        [law for f in funds for law in ((f.raising or ALONE).rest, f.call_shortfall)]
    )
    return EquityTables(
        funds=_funds(scheme, line, account),
        turns=pack_turns(scheme),
        subs=sub_funds(scheme),
        paces=pack_paces(funds),
        beside=pack_beside(funds, line, account),
        closings=table(
            t.CLOSING,
            month=[month for f in funds for month, _ in (f.raising or ALONE).closings],
            share=[share for f in funds for _, share in (f.raising or ALONE).closings],
        ),
        stages=_stages(funds),
        exits=_exits(funds),
        hazards=laws.hazards,
        multiples=laws.multiples,
        expected=laws.expected,
        share_laws=share_laws,
        share_nodes=share_nodes,
        due=_due(scheme, series, records),
        active=np.int64(bool(funds)),
    )


def equity_memory(tables: Any, room: int) -> EquityMemory:
    """Return the memory of the funds of one thread.

    Args:
        tables: the packed scheme.
        room: deals of a fund that can be kept at once.
    """
    n = tables.equities.funds.size
    months = int(tables.window.total) if (tables.equities.due & Due.RATE).any() else 0
    depth = DEEPEST if months else 0
    return EquityMemory(
        deals=np.zeros((n, room), dtype=t.DEAL).view(np.recarray),
        roots=RootRoom(
            net=np.zeros(months),
            forward=np.zeros(months),
            backward=np.zeros(months),
            polygons=np.zeros((depth, months)),
            intervals=np.zeros((depth, 2)),
        ),
        full=np.zeros(1, dtype=np.int64),
    )
