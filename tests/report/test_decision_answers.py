"""The sentences of decisions are chosen by the figures: what each must say, and what it must not."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

import pytest

import fundsim as fs
from fundsim.decide.compare.cells import Cell
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.size.sizing import Extreme, SizeData
from fundsim.decide.sweep.frontier import Frontier, Place
from fundsim.decide.sweep.sweeping import SweepData
from fundsim.decide.tornado.swings import Effect, TornadoData
from fundsim.errors import Fault, ScenarioError
from fundsim.report.compare.answer import answers as compared
from fundsim.report.compare.answer import is_sure
from fundsim.report.doubt.pages import pages_of as pages_of_doubt
from fundsim.report.doubt.tables import answers as doubted
from fundsim.report.size.answer import answers as sized
from fundsim.report.sweep.answer import answers as swept
from fundsim.report.tornado.answer import answers as torn

from .decisions import made, scenario

LANGUAGES = ("en", "zh")


def data_of(kind: str, of: type) -> Any:
    found = made(kind)
    return of(**{field.name: getattr(found, field.name) for field in fields(of)})


# how large


def size_with(outcome: str = "found", **changes: Any) -> SizeData:
    data = data_of("size", SizeData)
    one = data.readings[0]
    verdict = changes.pop("verdict", one.found.verdict)
    found = replace(one.found, outcome=outcome, verdict=verdict)
    return replace(data, readings=(replace(one, found=found, **changes),))


def test_a_size_that_was_found_has_its_interval_and_its_confirmation():
    data = size_with()
    found = data.readings[0].found
    english, chinese = sized(data, "en"), sized(data, "zh")
    assert english[0].startswith("The smallest pool.opening that meets P(pool.depleted) <= 5 % is ")
    assert f"{found.low / 1e6:.1f}"[:3] in english[0]
    assert f"{found.high / 1e6:.1f}"[:3] in english[0]
    assert chinese[0].startswith("满足 P(pool.depleted) <= 5% 的最小 pool.opening 为 ")
    assert english[1].startswith("Fresh paths of seed 2 agree: there P(pool.depleted) is ")
    assert chinese[1].startswith("以种子 2 的新路径核对，结果一致：P(pool.depleted) 为 ")
    assert english[-1] == "pool.opening is 30.0 million yuan now."
    assert not any("lending follows" in text for text in english)


def test_fresh_paths_that_contradict_are_said_to():
    one = size_with().readings[0]
    judged = tuple(replace(figure, possible=False) for figure in one.fresh.figures)
    data = size_with(fresh=replace(one.fresh, figures=judged))
    assert sized(data, "en")[1].startswith("Fresh paths of seed 2 contradict it")
    assert "结果不一致" in sized(data, "zh")[1]
    assert not any("agree" in text for text in sized(data, "en"))


@pytest.mark.parametrize(
    ("outcome", "english", "chinese"),
    [
        ("every", "Every value of pool.opening from ", "的每个取值都满足"),
        ("none", "No value of pool.opening from ", "没有取值满足"),
        ("edge", "the edge of the range of pool.opening", "范围边缘"),
        ("unresolved", "It is undecided on these paths", "无法判定"),
    ],
)
def test_a_size_that_was_not_found_is_not_given_as_an_answer(outcome, english, chinese):
    data = size_with(outcome)
    assert english in sized(data, "en")[0]
    assert chinese in sized(data, "zh")[0]
    for lang in LANGUAGES:
        assert not any(
            "smallest pool.opening that" in text or "的最小 " in text for text in sized(data, lang)
        )
        confirmed = any("resh paths" in text or "新路径" in text for text in sized(data, lang))
        assert confirmed == (outcome in ("every", "edge"))


def test_a_figure_without_any_value_meets_nothing():
    one = size_with().readings[0]
    nothing = tuple(replace(figure, value=math.nan) for figure in one.found.verdict.figures)
    data = size_with("none", verdict=replace(one.found.verdict, figures=nothing))
    assert sized(data, "en")[0].startswith("No path has a value of the figure at any value of pool.opening")
    assert "nearest" not in sized(data, "en")[0]


def test_how_often_capacity_binds_is_said_as_it_is():
    lending = size_with().readings[0].lending
    never = size_with(lending=replace(lending, cut_months=0.0, refused_share=0.0))
    often = size_with(lending=replace(lending, cut_months=0.25, refused_share=0.125))
    unknown = size_with(lending=replace(lending, cut_months=0.25, refused_share=math.nan))
    assert "No lending limit cuts a loan on any path at this value." in sized(never, "en")
    assert (
        "At this value lending limits cut lending in 25.00 % of the months, and refuse 12.50 % of what is "
        "asked for."
    ) in sized(often, "en")
    assert "取该值时，额度在 25.00% 的月份削减放贷，拒绝了申请额的 12.50%。" in sized(often, "zh")
    assert not any("imit" in text for text in sized(unknown, "en"))
    held = replace(often, readings=(replace(often.readings[0], held=True),))
    assert not any("imit" in text for text in sized(held, "en"))


def test_readings_are_named_where_there_are_two_and_ends_where_they_are_known():
    data = size_with()
    one = data.readings[0]
    ends = (Extreme(worse=True, found=one.found), Extreme(worse=False, found=None))
    both = replace(data, readings=(replace(one, extremes=ends), replace(one, held=True)))
    said = sized(both, "en")
    assert said[0].endswith("(lending follows).")
    assert sum(text.endswith("(lending held).") for text in said) == 2
    assert sum(text.startswith("With all assumptions at their worse ends: ") for text in said) == 1
    assert not any("better ends" in text for text in said)


# what moves it


def with_effects(low: Difference, high: Difference) -> TornadoData:
    """Return a tornado whose first assumption has these effects, the others none."""
    data = data_of("tornado", TornadoData)
    base = data.base[0]
    still = Difference(0.0, 0.0, (0.0, 0.0))
    swings = []
    for at, swing in enumerate(data.swings):
        changes = (low, high) if at == 0 else (still, still)
        sides = [
            replace(
                side, outcomes=(Effect(replace(base, value=base.value + one.value), one), *side.outcomes[1:])
            )
            for side, one in zip(swing.sides, changes, strict=True)
        ]
        swings.append(replace(swing, low=sides[0], high=sides[1]))
    return replace(data, swings=tuple(swings), together=())


UP, DOWN = Difference(2e6, 1e5, (1.8e6, 2.2e6)), Difference(-1e6, 1e5, (-1.2e6, -0.8e6))
UNSURE = Difference(5e6, 4e6, (-3e6, 13e6))


def test_what_moves_a_figure_most_up_and_down_is_named_with_its_input():
    data = data_of("tornado", TornadoData)
    said = torn(data, "en")
    assert said[0].startswith("mean(pool.claims_due) is 8.")
    assert said[0].endswith("at their values.")
    assert said[1].startswith(
        "What raises it most is small_firms.pd (yearly probability of default) at 6 %: by +"
    )
    assert said[2].startswith(
        "What lowers it most is pool.share (part of the bank's loss that the fund pays) at 25 %"
    )
    assert said[3].startswith("With all of them at the ends that raise it, it is ")
    assert said[4].startswith("With all of them at the ends that lower it, it is ")
    chinese = torn(data, "zh")
    assert chinese[1].startswith("使其上升最多的是年违约概率 small_firms.pd 取 6%：变动 +")
    assert len(chinese) == len(said) == 5


def test_the_largest_effect_in_each_way_is_that_of_the_figures():
    data = data_of("tornado", TornadoData)
    effects = [
        (effect.difference.value, bar.swing.assumption.name)
        for bar in data.bars(0) for _, effect in bar.effects if effect.seen
    ]  # fmt: skip
    assert max(effects)[1].endswith("small_firms.pd")
    assert min(effects)[1].endswith("pool.share")


def test_an_effect_that_is_not_seen_is_not_the_largest():
    said = torn(with_effects(DOWN, UNSURE), "en")
    assert said[1] == "No single assumption is seen to raise it."
    assert said[2].startswith("What lowers it most is ")
    assert "-1.0" in said[2]
    said = torn(with_effects(UP, UNSURE), "zh")
    assert said[1].startswith("使其上升最多的是")
    assert said[2] == "未见任何单个假设使其下降。"


def test_without_any_effect_nothing_is_said_to_move_it():
    said = torn(with_effects(UNSURE, UNSURE), "en")
    assert said[1] == "No assumption is seen to move mean(pool.claims_due) on these paths."
    assert said[2].startswith("P(pool.depleted) is 0.0 % (0.0 – 1.2) with all assumptions at their values")
    assert said[3].startswith("What raises it most is small_firms.pd")
    assert said[4] == "No single assumption is seen to lower it."
    assert len(said) == 5
    still = Difference(0.0, 0.0, (0.0, 0.0))
    data = with_effects(still, still)
    alone = replace(data, measures=data.measures[:1], described=data.described[:1], base=data.base[:1])
    assert torn(alone, "en")[1:] == ["No assumption is seen to move mean(pool.claims_due) on these paths."]


def test_what_can_t_go_together_is_counted():
    data = data_of("tornado", TornadoData)
    together = tuple(
        replace(one, left_out=(data.swings[0].assumption,) if one.raises else ()) for one in data.together
    )
    said = torn(replace(data, together=together), "en")
    assert said[3].endswith("; 1 can't stand there with the others.")
    assert "can't" not in said[4]


# what if


def sweep_with(values: list[float], changes: list[Difference | None], width: float = 0.01) -> SweepData:
    """Return a sweep of one figure at three values."""
    data = data_of("sweep", SweepData)
    cells = []
    for cell, value, change in zip(data.cells, values, changes, strict=True):
        figure = Measured(value, width / 2, (value - width, value + width), 300)
        cells.append(replace(cell, figures=(figure,), differences=() if change is None else (change,)))
    question = replace(
        data.question, measures=data.question.measures[:1], described=data.question.described[:1]
    )
    return replace(data, question=question, cells=tuple(cells), frontier=None)


LESS, LITTLE = Difference(-0.2, 0.01, (-0.22, -0.18)), Difference(-0.001, 0.01, (-0.02, 0.02))


def test_the_lowest_and_the_highest_are_named():
    (text,) = swept(sweep_with([0.3, 0.2, 0.1], [None, LESS, LESS]), "en")
    assert text.startswith("P(pool.depleted) is lowest at pool.opening = 30 million yuan, 10.0 ")
    assert "and highest at pool.opening = 4 million yuan, 30.0 " in text
    assert "overlap" not in text
    (text,) = swept(sweep_with([0.3, 0.2, 0.1], [None, LESS, LESS]), "zh")
    assert "在 pool.opening = 3,000 万元处最低" in text
    assert "重叠" not in text


def test_what_is_not_surely_apart_is_not_said_to_be():
    more = Difference(0.2, 0.01, (0.18, 0.22))
    wide = sweep_with([0.3, 0.52, 0.5], [None, more, more], width=0.3)
    assert "overlap" not in swept(wide, "en")[0]  # the lowest is the first, and the difference is sure
    wide = sweep_with([0.3, 0.1, 0.31], [None, LESS, LITTLE], width=0.3)
    assert swept(wide, "en")[0].endswith("; their 95 % intervals overlap.")
    flat = swept(sweep_with([0.3, 0.299, 0.301], [None, LITTLE, LITTLE]), "en")[0]
    assert "nowhere does it surely differ from that at pool.opening = 4 million yuan" in flat
    assert "lowest" not in flat


def test_a_figure_that_never_changes_or_has_no_value():
    still = Difference(0.0, 0.0, (0.0, 0.0))
    assert swept(sweep_with([0.3, 0.3, 0.3], [None, still, still]), "en")[0].endswith(
        " at all values that were tried."
    )
    nothing = [math.nan] * 3
    assert swept(sweep_with(nothing, [None, still, still]), "en") == [
        "No path has a value of P(pool.depleted) at any value that was tried."
    ]
    one = swept(sweep_with([math.nan, 0.3, math.nan], [None, still, still]), "en")[0]
    assert one.startswith("P(pool.depleted) is 30.0 ")
    assert "at pool.opening = 8 million yuan, and no path has a value of it elsewhere" in one


def test_cells_that_can_t_be_run_are_counted():
    data = sweep_with([0.3, 0.2, 0.1], [None, LESS, LESS])
    fault = ScenarioError(
        [Fault("set", 1, 1, "", None, "impossible", "set another", "不可能", "请改为其他值")]
    )
    cells = (*data.cells[:2], replace(data.cells[2], figures=(), differences=(), error=fault))
    said = swept(replace(data, cells=cells), "en")
    assert said[-1] == "The scenario can't be run in 1 of 3 cells."
    assert "highest at pool.opening = 4 million yuan" in said[0]
    assert "lowest at pool.opening = 8 million yuan" in said[0]


def test_the_frontier_is_said_as_far_as_it_is_sure():
    data = data_of("grid", SweepData)
    goals = data.frontier.goals

    def said(*standings: str) -> list[str]:
        places = tuple(Place(one, 0 if one == "dominated" else None) for one in standings)
        found = swept(replace(data, frontier=Frontier(goals, places)), "en")
        return [text for text in found if "frontier" in text]

    (text,) = said("frontier", "dominated", "undecided", "undecided")
    assert text == (
        "On the frontier of min P(pool.depleted) and min mean(scheme.fiscal_cost): pool.opening = 4 million "
        "yuan, pool.share = 50 %; of 2 more these paths don't decide it."
    )
    (text,) = said(*["undecided"] * 4)
    assert text.startswith("No cell is surely on the frontier of ")
    (text,) = said(*["frontier"] * 4)
    assert "decide" not in text
    assert not [one for one in swept(data_of("sweep", SweepData), "en") if "frontier" in one]


# several scenarios


def test_sure_differences_are_said_and_only_those():
    data = made("comparison")
    for lang in LANGUAGES:
        said = compared(data, lang)
        for at, side in ((1, "B"), (2, "C")):
            sure = [figure for figure in data.figures if is_sure(figure, at)]
            stated = [text for text in said if f" in {side} and " in text or f"：{side} 为 " in text]
            assert len(stated) == min(len(sure), 4)
            for text in stated:
                assert any(figure.name in text for figure in sure)


def comparison_with(*changes: Difference | None) -> Any:
    """Return a comparison of two scenarios whose figures have these differences."""
    data = fs.compare(scenario(), scenario().set("pool.multiple", 5), paths=50, seed=1)
    figures = []
    for figure, change in zip(data.figures, changes, strict=False):
        cells = (figure.cells[0], Cell(figure.cells[0].figure, change))
        figures.append(replace(figure, cells=cells))
    data.figures = tuple(figures)
    return data


def test_a_difference_that_is_not_sure_is_not_said():
    unsure = Difference(9e6, 8e6, (-6e6, 24e6))
    said = compared(comparison_with(unsure, unsure), "en")
    assert said == ["None of 2 figures of B surely differs from A's."]
    assert compared(comparison_with(unsure, unsure), "zh") == ["B 的 2 项指标与 A 均无确定的差异。"]
    assert compared(comparison_with(None, None), "en") == ["No difference of B from A is known."]
    nan = Difference(math.nan, math.nan, (math.nan, math.nan))
    assert compared(comparison_with(nan), "en") == ["No difference of B from A is known."]


def test_the_largest_come_first_and_the_others_are_counted():
    steps = [Difference(size, size / 100, (0.98 * size, 1.02 * size)) for size in (1, 5, 2, 9, 3, 7)]
    data = comparison_with(*steps)
    data.figures = tuple(replace(figure, unit="yuan", event=False) for figure in data.figures)
    same = data.figures[0].cells[0].figure
    data.figures = tuple(
        replace(figure, name=f"m{at}", horizon="run_off", cells=(Cell(same, None), Cell(same, change)))
        for at, (figure, change) in enumerate(zip(data.figures, steps, strict=False))
    )
    said = compared(data, "en")
    assert [text.partition(":")[0] for text in said[:4]] == ["m3", "m5", "m1", "m4"]
    assert said[4] == f"Further figures of B that surely differ from A's: 2 of {len(data.figures)}."


def test_one_path_and_the_same_inputs():
    base = scenario()
    one = fs.compare(base, base.set("pool.multiple", 5), paths=1, seed=1)
    assert compared(one, "en") == ["One path has no errors: it can't be said which differences are sure."]
    said = compared(fs.compare(base, base, paths=20, seed=1), "en")
    assert said[0] == "B has the same inputs as A."
    assert said[1].startswith("None of ")


def test_targets_are_said_where_there_are_any():
    base = fs.load("jinan_2024_2027")
    data = fs.compare(base, base, paths=20, seed=1)
    every = data.targets_met.every
    first, second = every[0].figure, every[1].figure
    sure = Difference(0.2, 0.01, (0.18, 0.22))
    doubtful = Difference(0.2, 0.2, (-0.2, 0.6))
    for change, wanted in ((sure, "; the difference is +20 percentage points"), (doubtful, "is not sure.")):
        data.targets_met = replace(data.targets_met, every=(Cell(first, None), Cell(second, change)))
        (text,) = [one for one in compared(data, "en") if "targets" in one]
        assert text.startswith(
            f"All {data.targets_met.of[1]} targets of B are met together with probability "
        )
        assert wanted in text or wanted.replace("20", "20.0") in text
    assert not [one for one in compared(made("comparison"), "en") if "target" in one]


# how sure


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_doubt_begins_with_its_answers(lang):
    data = made("doubt")
    pages = pages_of_doubt(data, lang)
    assert pages.answers == doubted(data, lang)
    assert len(pages.sureness) == 2
    assert ("simulation error only" in pages.sureness[0]) == (lang == "en")
