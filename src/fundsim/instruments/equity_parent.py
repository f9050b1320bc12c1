"""Terms of a parent fund (母基金), and what a fund and its parent must have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from fundsim.instruments.equity_limits import LEFT_OUT
from fundsim.instruments.equity_terms import EquityTerms
from fundsim.scenario.term import Term, TermFault, term, unknown_name
from fundsim.units import AnnualRate, Months, Multiple

__all__ = ["ParentTerms", "faults_of_sub"]

_NO_DEALS = (
    "a parent makes no deals of its own",
    "write it in its sub-funds",
    "母基金自身不投项目",
    "请写在子基金中",
)
_NO_SUB = (
    "a parent is nobody's sub-fund",
    "delete it, or choose kind guide_fund",
    "母基金不能是其他基金的子基金",
    "请删去，或改用 guide_fund",
)
_OF_DEALS = (
    "deals", "stages", "pacing", "liquidation_multiple", "mark", "sector", "city_weight", "exit_beta",
    "failure_beta", "exit_rho", "reinvestment", "tolerated_loss", "co_investment", "risk_subsidy",
    "investment_protection",
)  # fmt: skip


class ParentTerms(EquityTerms):
    """Terms of a fund whose investments are commitments to other funds."""

    left_out: ClassVar[Mapping[str, tuple[str, str, str, str]]] = {
        **LEFT_OUT,
        **dict.fromkeys(_OF_DEALS, _NO_DEALS),
        **dict.fromkeys(("parent", "commitment"), _NO_SUB),
    }

    ratio: Multiple = term(
        0.0,
        le=100,
        meaning="Social money that is sought at the parent itself (1 : 5 is 5); 0: none",
        zh="放大倍数（母基金层面，1:5 写 5）",
    )
    investment_period: Months = term(
        ge=1, le=180, meaning="Investment period, from the fund's start", zh="投资期"
    )
    extension: Months = term(
        0, le=120, meaning="Extension in which sub-funds may still live; no fees", zh="延长期"
    )
    fee_rate: AnnualRate = term(
        0.0,
        le=0.2,
        meaning="Management fee, on commitments in the investment period, then on what was paid into "
        "sub-funds that have not ended, less what came back",
        zh="管理费率",
    )

    def faults_subs(self, context: Any) -> Iterator[TermFault]:
        """Require a sub-fund."""
        instruments = context.instruments
        names = [name for name, one in instruments.items() if one is self]
        if names and not any(_may_have(one, names[0], instruments) for one in instruments.values()):
            yield TermFault(
                (),
                "has no sub-fund: a parent makes no deals of its own",
                f"write parent: {names[0]} and a commitment in another equity fund",
                "没有子基金，而母基金自身不投项目",
                f"请在其他股权基金中写 parent: {names[0]} 与 commitment",
            )

    def has_sound_time(self, context: Any) -> bool:
        """Whether its own start, periods and closings are sound: if not, lives of sub-funds wait for them."""
        rules = [self.faults_time, self.faults_investment, self.faults_closings]
        if self.raising is not None:
            rules += [self.raising.faults_closings, self.raising.faults_set_up]
        return not any(True for rule in rules for _ in rule(context))


def _may_have(instrument: Any, parent: str, instruments: Mapping[str, Any]) -> bool:
    """Return whether an instrument is a parent's sub-fund, or is meant to be and its parent is at fault."""
    if not isinstance(instrument, Term):
        raise AttributeError("this instrument could not be read")
    if "parent" not in type(instrument).model_fields:
        return False
    named, commitment = (getattr(instrument, key) for key in ("parent", "commitment"))
    if named is None:
        return commitment is not None
    return named == parent or not isinstance(instruments.get(named), ParentTerms)


def faults_of_sub(sub: EquityTerms, parent: str, context: Any) -> Iterator[TermFault]:
    """Require a parent that is one, and a life within its.

    Args:
        sub: the terms of the sub-fund.
        parent: the name that it gives as its parent.
        context: the scenario around it.
    """
    instruments = context.instruments
    parents = [name for name, one in instruments.items() if isinstance(one, ParentTerms)]
    if parent not in instruments:
        yield unknown_name(("parent",), parent, parents, "parent fund", "母基金")
        return
    other = instruments[parent]
    if not isinstance(other, Term):
        raise AttributeError("the parent could not be read")
    if isinstance(other, ParentTerms):
        if other.has_sound_time(context) and not any(True for _ in sub.faults_time(context)):
            yield from _faults_of_lives(sub, parent, other, context.window)
    elif other is sub:
        yield _no_parent("is the fund itself", "为基金自身", parents)
    elif parents or _first_naming(parent, instruments) is sub:
        yield _no_parent(
            f"{parent} is not of kind parent_fund", f"{parent} 不是母基金（parent_fund）", parents
        )


def _first_naming(parent: str, instruments: Mapping[str, Any]) -> Any:
    """Return the first fund that names another one as its parent: its wrong kind is reported there, once."""
    return next(
        one
        for name, one in instruments.items()
        if name != parent and isinstance(one, Term) and one.__dict__.get("parent") == parent
    )


def _no_parent(problem: str, problem_zh: str, parents: Sequence[str]) -> TermFault:
    fix, fix_zh = "choose that kind there, or add a fund of it", "请将其改为 parent_fund，或添加该类工具"
    if parents:
        fix, fix_zh = f"write one of {', '.join(parents)}", f"请写其中之一：{'、'.join(parents)}"
    return TermFault(("parent",), problem, fix, problem_zh, fix_zh)


def _faults_of_lives(sub: EquityTerms, name: str, parent: ParentTerms, window: Any) -> Iterator[TermFault]:
    first, own = parent.start_month(window), sub.start_month(window)
    ready = first + parent.first_set_up
    earliest = window.start.plus(ready)
    if own < first:
        yield TermFault(
            ("start",),
            f"is before the start of its parent {name} ({window.start.plus(first)})",
            f"write {earliest} or later",
            f"早于母基金 {name} 的起始年月（{window.start.plus(first)}）",
            f"请写 {earliest} 或之后的年月",
        )
    elif own < ready:
        yield TermFault(
            ("start",),
            f"is before its parent {name} can be set up ({earliest}): the sub-fund would never be",
            f"write {earliest} or later",
            f"早于母基金 {name} 最早设立的年月（{earliest}），子基金将不可能设立",
            f"请写 {earliest} 或之后的年月",
        )
    # If its start is at fault, its life is judged from the start that is proposed.
    own = max(own, ready)
    end, own_end = (one + terms.life + terms.extension for one, terms in ((first, parent), (own, sub)))
    if own_end > end:
        room = max(0, end - own - sub.extension)
        yield TermFault(
            ("life",),
            f"outlives its parent {name}, which ends {own_end - end} months earlier",
            f"write {room} or less, or a longer life of {name}",
            f"长于母基金 {name} 的存续期，母基金早 {own_end - end} 个月到期",
            f"请写不大于 {room} 的数，或延长 {name} 的 life",
        )
