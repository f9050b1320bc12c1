"""Terms of how an equity fund's money is shared out: steps of the waterfall, concession, local investment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from fundsim.scenario.term import Item, Term, TermFault, exact, idle, term
from fundsim.scheme import CallOption, ExcessShare, Waterfall
from fundsim.units import AnnualRate, Count, Multiple, Share

__all__ = ["ConcessionTerms", "Reinvestment", "WaterfallStep", "faults_of_waterfall", "waterfall_of"]

ORDER = ("contributions", "hurdle", "catch_up", "carry")
NEEDED = {"contributions": None, "hurdle": "rate", "catch_up": "share", "carry": "share"}
"""Step → the key that says how much."""


class WaterfallStep(Item):
    """One step of the waterfall."""

    step: Literal["contributions", "hurdle", "catch_up", "carry"] = term(
        meaning="Contributions back to partners (contributions); their hurdle; the manager's catch-up until "
        "its carry is complete; carry on the rest",
        zh="步骤（contributions 返还出资，hurdle 门槛收益，catch_up 管理人追补，carry 业绩报酬）",
    )
    rate: AnnualRate | None = term(
        None, gt=0, meaning="Yearly return of the hurdle, compounded", zh="门槛年收益率"
    )
    share: Share | None = term(
        None,
        gt=0,
        meaning="The manager's part: of each yuan while it catches up, or of the profits (carry)",
        zh="管理人比例",
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require what belongs to the step, and nothing else."""
        needed = NEEDED[self.step]
        for key in ("rate", "share"):
            given = getattr(self, key) is not None
            if given and key != needed:
                yield TermFault(
                    (key,),
                    f"does not belong to a step that is {self.step}",
                    "delete it",
                    f"不属于步骤 {self.step}",
                    "请删除",
                )
            elif key == needed and not given:
                yield TermFault(
                    (key,),
                    f"is missing: a step that is {self.step} needs it",
                    f"write {key}",
                    f"缺少该项：步骤 {self.step} 需要它",
                    f"请写 {key}",
                )


def faults_of_waterfall(steps: Sequence[WaterfallStep], *, clawback: bool) -> Iterator[TermFault]:
    """Require steps in their order, and a catch-up that completes a carry."""
    names = [step.step for step in steps]
    if steps and names[0] != "contributions":
        yield TermFault(
            ("waterfall", 0, "step"),
            "is not contributions: partners get their money back first",
            "begin with {step: contributions}",
            "第一步须为 contributions，先返还出资",
            "请以 {step: contributions} 开头",
        )
    for index, name in enumerate(names[1:], 1):
        before = names[index - 1]
        if ORDER.index(name) <= ORDER.index(before):
            yield TermFault(
                ("waterfall", index, "step"),
                f"{name} can't come after {before}",
                f"keep the order {', '.join(ORDER)}, each once",
                f"{name} 不能在 {before} 之后",
                f"请按 {'、'.join(ORDER)} 的顺序，每步一次",
            )
    carry = _share(steps, "carry")
    catch_up = _share(steps, "catch_up")
    if carry >= 1.0:
        yield TermFault(
            ("waterfall", names.index("carry"), "share"),
            "leaves nothing to partners",
            "write less than 1",
            "没有给出资人留下任何收益",
            "请写小于 1 的数",
        )
    if "catch_up" in names and "carry" not in names:
        yield TermFault(
            ("waterfall", names.index("catch_up")),
            "is a catch-up without a carry to catch up with",
            "add {step: carry, share: …}, or delete it",
            "有追补而没有业绩报酬",
            "请添加 {step: carry, share: …}，或删除本步",
        )
    elif 0.0 < catch_up <= carry < 1.0:
        yield TermFault(
            ("waterfall", names.index("catch_up"), "share"),
            f"does not exceed the carry ({exact(carry)}), which it would never complete",
            f"write more than {exact(carry)}, such as 1",
            f"不大于业绩报酬比例（{exact(carry)}），永远追补不完",
            f"请写大于 {exact(carry)} 的数，如 1",
        )
    yield from _idle_steps(names, clawback=clawback)


def _idle_steps(names: Sequence[str], *, clawback: bool) -> Iterator[TermFault]:
    """Warn of steps that change nothing."""
    if "hurdle" in names and "carry" not in names:
        yield _idle_step(
            names.index("hurdle"), "without a carry partners take all", "没有业绩报酬，全部归出资人"
        )
    if "catch_up" in names and "carry" in names and "hurdle" not in names:
        yield _idle_step(
            names.index("catch_up"),
            "without a hurdle the carry is complete from the first yuan of profit",
            "没有门槛收益，业绩报酬自始即足额",
        )
    if clawback and "carry" not in names:
        yield idle("clawback", "the manager has no carry to give back", "管理人没有业绩报酬可回拨")


def _idle_step(index: int, why: str, why_zh: str) -> TermFault:
    path = ("waterfall", index)
    return TermFault(
        path, f"has no effect: {why}", "delete the step", f"不起作用：{why_zh}", "请删去本步", warning=True
    )


def _share(steps: Sequence[WaterfallStep], name: str) -> float:
    return next((one.share or 0.0 for one in steps if one.step == name), 0.0)


def waterfall_of(steps: Sequence[WaterfallStep], *, clawback: bool) -> Waterfall:
    """Return the waterfall of the scheme; without steps partners take all."""
    return Waterfall(
        hurdle=next((one.rate or 0.0 for one in steps if one.step == "hurdle"), 0.0),
        catch_up=_share(steps, "catch_up"),
        carry=_share(steps, "carry"),
        clawback=clawback,
    )


MODES = {
    "share": "excess_share",
    "years": "call_option",
    "benchmark": "call_option",
    "option_mark": "call_option",
}
"""Key of a concession → the mode to which it belongs."""


class ConcessionTerms(Term):
    """What government cedes to social partners of its gains (让利); its principal is never ceded."""

    mode: Literal["none", "excess_share", "all_gains", "call_option"] = term(
        "none",
        meaning="Nothing (none); a share of what government receives above its base (excess_share); all of "
        "it (all_gains); or a right to buy government's stake at cost (call_option)",
        zh="让利方式（none 无，excess_share 超额收益分成，all_gains 全部收益，call_option 按成本受让）",
    )
    share: Share | None = term(None, gt=0, meaning="Part of the gains that is ceded", zh="让利比例")
    years: Count | None = term(
        None,
        ge=1,
        le=15,
        unit="years",
        meaning="Years of the fund in which the stake is sold at cost; tested at their end and each year "
        "after, then with interest",
        zh="按成本受让年限",
    )
    benchmark: AnnualRate | None = term(
        None, meaning="Yearly interest on the cost after these years", zh="其后的基准利率"
    )
    option_mark: Multiple = term(
        1.0,
        le=100,
        unit="yuan per yuan of cost",
        meaning="Value of unsold deals by which partners decide whether to buy",
        zh="受让判断所用估值倍数",
    )

    def faults_mode(self, context: Any) -> Iterator[TermFault]:
        """Require a mode where anything else of a concession is written."""
        if not self._without_mode:
            return
        given = [key for key in MODES if key in self.model_fields_set]
        key, mode = given[0], MODES[given[0]]
        yield TermFault(
            ("mode",),
            f"is missing: {key} is there, and without a mode nothing is ceded",
            f"write mode: {mode}",
            f"缺少该项：有 {key} 而没有让利方式，则不让利",
            f"请写 mode: {mode}",
        )

    @property
    def _without_mode(self) -> bool:
        # Read, so that a mode that could not be is not called missing.
        return self.mode == "none" and not {"mode"} & self.model_fields_set and bool(self.model_fields_set)

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require what belongs to the mode; what belongs to another does nothing: modes can be tried."""
        if self._without_mode:
            return
        needed = {"excess_share": ("share",), "call_option": ("years", "benchmark")}.get(self.mode, ())
        for key in ("share", "years", "benchmark"):
            given = getattr(self, key) is not None
            if given and key not in needed:
                yield idle(
                    key, f"it is not of a concession that is {self.mode}", f"不属于让利方式 {self.mode}"
                )
            elif key in needed and not given:
                yield TermFault(
                    (key,),
                    f"is missing: a concession that is {self.mode} needs it",
                    f"write {key}",
                    f"缺少该项：让利方式 {self.mode} 需要它",
                    f"请写 {key}",
                )
        if self.mode != "call_option" and self.option_mark != 1.0:
            yield idle("option_mark", "no stake is sold", "没有份额转让")

    @property
    def law(self) -> ExcessShare | CallOption | None:
        """The concession of the scheme."""
        if self.mode == "none":
            return None
        if self.mode == "call_option":
            return CallOption(
                years=self.years or 1, benchmark=self.benchmark or 0.0, option_mark=self.option_mark
            )
        return ExcessShare(share=1.0 if self.mode == "all_gains" else self.share or 0.0)


class Reinvestment(Term):
    """What must be invested in the city (返投), and how likely a deal is local."""

    multiple: Multiple = term(
        le=100, meaning="Cost of local deals that is asked, per yuan called of government", zh="返投倍数"
    )
    local_share: Share = term(meaning="Probability that a deal is local", zh="本地项目概率")
