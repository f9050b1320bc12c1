"""The sentences before a run's table: each is printed for figures that bear it out, and for no others."""

import re
from types import SimpleNamespace

import pytest

import fundsim as fs
from fundsim.report.answers import answers
from fundsim.report.table import headline
from fundsim.results.statistics import Distribution, Estimate, Probability, Quantile
from fundsim.results.targets import Met

RESOLVED = {
    "instruments": {
        "pool": {"title": "The pool", "title_zh": "资金池"},
        "backup": {"title": "The backup", "title_zh": "后备池"},
        "third": {"title": "The third", "title_zh": "第三池"},
        "bridge": {"title": "The bridge fund", "title_zh": "转贷资金"},
        "fund": {"title": "The fund", "title_zh": "引导基金"},
        "second": {"title": "The second fund", "title_zh": "第二基金"},
    },
    "targets": {
        "lent": {"title": "Loans “granted”", "title_zh": "贷款“发放”"},
        "cost": {"title": "Cost", "title_zh": "成本"},
    },
}


def event(p, low, high, n=1000):
    return Probability(p, (low, high), n, 0.0)


def law(mean, se=0.0, p95=None, p99=None):
    """Return a law of the few figures that the sentences read."""
    levels = {"0.001": mean, "0.95": mean if p95 is None else p95, "0.99": mean if p99 is None else p99}
    levels["0.999"] = levels["0.99"]
    quantiles = {level: Quantile(value, (value - 2 * se, value + 2 * se)) for level, value in levels.items()}
    return Distribution(1000, 0.0, Estimate(mean, se), Estimate(0.0, 0.0), quantiles, {})


def met(name, p, low, high):
    return Met(
        name=name, metric="x", horizon="run_off", unit="yuan", heading="output", at_least=True, bound=1.0,
        expected=Estimate(1.0, 0.1), p=event(p, low, high),
    )  # fmt: skip


def a_run(events=None, laws=None, targets=(), n_paths=1000):
    """Return what the sentences read of a run, with figures of our own."""
    events, laws = events or {}, laws or {}
    names = [*events, *(name for name in laws if not name[-4:].isdigit())]
    metrics = [
        {"name": name, "instrument": name.split(".")[0], "own_name": name.split(".")[-1], "headline": True,
         "part": ".".join(name.split(".")[1:-1]), "event": name in events, "unit": "yuan"}
        for name in names
    ]  # fmt: skip
    figures = SimpleNamespace(
        metrics={(name, "run_off"): one for name, one in laws.items()},
        probabilities={(name, "run_off"): one for name, one in events.items()},
        aggregates={},
        targets=tuple(targets),
        units=dict.fromkeys(laws, "yuan"),
    )
    manifest = {"metrics": metrics, "scenario": {"resolved": RESOLVED}, "window": {"month": 1}}
    return SimpleNamespace(figures=figures, manifest=manifest, n_paths=n_paths)


def both(**figures):
    run = a_run(**figures)
    return answers(run, "en"), answers(run, "zh")


@pytest.mark.parametrize(
    ("chance", "english", "chinese"),
    [
        (
            event(0.0, 0.0, 0.003),
            "The pool runs dry on none of the 1,000 paths (95 % interval of the probability: 0.00 – 0.30 %).",
            "资金池在全部 1,000 条路径上均未耗尽（耗尽概率的 95% 置信区间 0.00 – 0.30%）。",
        ),
        (
            event(0.03, 0.02, 0.05),
            "The pool seldom runs dry: probability 3.0 % (95 % interval 2.0 – 5.0 %).",
            "资金池很少耗尽：耗尽概率 3.0%（95% 置信区间 2.0 – 5.0%）。",
        ),
        (  # its interval reaches beyond 5 %
            event(0.03, 0.02, 0.051),
            "The pool may run dry: probability 3.0 % (95 % interval 2.0 – 5.1 %).",
            "资金池有可能耗尽：耗尽概率 3.0%（95% 置信区间 2.0 – 5.1%）。",
        ),
        (  # its interval begins below a half
            event(0.55, 0.49, 0.61),
            "The pool may run dry: probability 55 % (95 % interval 49 – 61 %).",
            "资金池有可能耗尽：耗尽概率 55%（95% 置信区间 49 – 61%）。",
        ),
        (
            event(0.6, 0.51, 0.69),
            "The pool runs dry more often than not: probability 60 % (95 % interval 51 – 69 %).",
            "资金池多半会耗尽：耗尽概率 60%（95% 置信区间 51 – 69%）。",
        ),
        (
            event(1.0, 0.997, 1.0),
            "The pool runs dry on all 1,000 paths (95 % interval of the probability: 99.70 – 100.00 %).",
            "资金池在全部 1,000 条路径上均耗尽（耗尽概率的 95% 置信区间 99.70 – 100.00%）。",
        ),
    ],
)
def test_whether_a_pool_holds_is_said_as_its_interval_allows(chance, english, chinese):
    assert both(events={"pool.depleted": chance}) == ([english], [chinese])


def test_of_several_the_likeliest_is_named_and_the_likeliest_of_the_others():
    never, rare, likely = event(0.0, 0.0, 0.003), event(0.02, 0.01, 0.04), event(0.3, 0.28, 0.32)
    three = {"pool.depleted": rare, "backup.depleted": likely, "third.depleted": never}
    (english,), (chinese,) = both(events=three)
    assert english == (
        "The backup may run dry: probability 30.0 % (95 % interval 28.0 – 32.0 %); of 2 others the most "
        "likely to do so is The pool: 2.0 % (1.0 – 4.0 %)."
    )
    assert chinese == (
        "后备池有可能耗尽：耗尽概率 30.0%（95% 置信区间 28.0 – 32.0%）；"
        "其余 2 个中最可能耗尽的是资金池：2.0%（1.0 – 4.0%）。"
    )
    two = {"pool.depleted": rare, "backup.depleted": likely}
    assert both(events=two)[0][0].endswith("; The pool: 2.0 % (1.0 – 4.0 %).")
    assert both(events=two)[1][0].endswith("；资金池：2.0%（1.0 – 4.0%）。")
    others_never = {"pool.depleted": never, "backup.depleted": likely, "third.depleted": never}
    assert both(events=others_never)[0][0].endswith("; none of 2 others does.")
    assert both(events=others_never)[1][0].endswith("；其余 2 个均未耗尽。")
    one_never = {"pool.depleted": never, "backup.depleted": likely}
    assert both(events=one_never)[0][0].endswith("; The pool does not.")
    assert both(events=one_never)[1][0].endswith("；资金池未耗尽。")


def test_where_none_of_several_runs_dry_one_sentence_says_so():
    never = event(0.0, 0.0, 0.003)
    (english,), (chinese,) = both(events={"pool.depleted": never, "backup.depleted": never})
    assert english == (
        "None of 2 pools, funds and guarantors runs dry on any of the 1,000 paths (95 % interval of each "
        "probability: 0.00 – 0.30 %)."
    )
    assert chinese == (
        "2 个资金池、基金和担保机构在全部 1,000 条路径上均未耗尽"
        "（各自耗尽概率的 95% 置信区间 0.00 – 0.30%）。"
    )


YEARS = {
    "scheme.fiscal_cost.2016": law(4e6, 1e5, 9e6, 12e6),
    "scheme.fiscal_cost.2017": law(6e6, 1e5, 8e6, 9e6),
}


def test_the_cost_is_said_in_the_mean_and_in_the_year_that_costs_most_in_bad_times():
    english, chinese = both(laws={"scheme.fiscal_cost": law(1e7, 2e5), **YEARS})
    assert english == [
        "The fiscal cost is 10.0 ± 0.2 million yuan in total; the year with the highest cost in bad times is "
        "2016: 4.00 on average, at least 9.00 in 1 of 20 cases (p95) and at least 12.00 million yuan in 1 of "
        "100 (p99)."
    ]
    assert chinese == [
        "财政成本合计 1,000 ± 20 万元；坏年景下成本最高的是 2016 年：平均 400，"
        "每 20 次有 1 次不低于 900（p95），"
        "每 100 次有 1 次不低于 1,200 万元（p99）。"
    ]


def test_a_gain_is_no_cost_and_years_that_cost_nothing_are_not_named():
    gain = {"scheme.fiscal_cost": law(-3e6, 2e5), "scheme.fiscal_cost.2017": law(-3e6, 2e5, -2e6, -1e6)}
    assert both(laws=gain) == (
        ["Public money gains 3.0 ± 0.2 million yuan in total: the fiscal cost is negative."],
        ["财政资金合计净收益 300 ± 20 万元（财政成本为负）。"],
    )
    assert both(laws={"scheme.fiscal_cost": law(0.0)}) == (
        ["The fiscal cost is zero on every path."],
        ["全部路径上财政成本均为零。"],
    )
    assert both(laws={"scheme.fiscal_cost": law(1e7, 2e5)})[0] == [
        "The fiscal cost is 10.0 ± 0.2 million yuan in total."
    ]


@pytest.mark.parametrize(
    ("together", "english", "chinese"),
    [
        ((1.0, 0.997, 1.0), "All 2 targets are met on every path.", "2 项目标在全部路径上同时达成。"),
        (
            (0.0, 0.0, 0.003),
            "The 2 targets are met together on no path; the least likely is “Loans ‘granted’”: 25.0 %.",
            "2 项目标在任何路径上均未同时达成；最难达成的是“贷款‘发放’”：25.0%。",
        ),
        (
            (0.2, 0.18, 0.22),
            "The 2 targets are met together with probability 20.0 % (95 % interval 18.0 – 22.0 %); the least "
            "likely is “Loans ‘granted’”: 25.0 %.",
            "2 项目标同时达成的概率为 20.0%（95% 置信区间 18.0 – 22.0%）；最难达成的是“贷款‘发放’”：25.0%。",
        ),
    ],
)
def test_targets_are_said_together_with_the_hardest(together, english, chinese):
    each = (met("cost", 0.9, 0.88, 0.92), met("lent", 0.25, 0.23, 0.27))
    assert both(targets=(*each, met("", *together))) == ([english], [chinese])


@pytest.mark.parametrize(
    ("alone", "english", "chinese"),
    [
        ((1.0, 0.997, 1.0), "The target “Cost” is met on every path.", "目标“成本”在全部路径上达成。"),
        ((0.0, 0.0, 0.003), "The target “Cost” is met on no path.", "目标“成本”在任何路径上均未达成。"),
        (
            (0.9, 0.88, 0.92),
            "The target “Cost” is met with probability 90.0 % (95 % interval 88.0 – 92.0 %).",
            "目标“成本”达成的概率为 90.0%（95% 置信区间 88.0 – 92.0%）。",
        ),
    ],
)
def test_a_target_alone_is_named(alone, english, chinese):
    assert both(targets=(met("cost", *alone),)) == ([english], [chinese])


def test_a_bridge_fund_says_how_much_it_refuses():
    laws = {"bridge.refused_share": law(0.02, 0.001)}
    some = {"bridge.any_refused": event(0.5, 0.47, 0.53)}
    assert both(events=some, laws=laws) == (
        [
            "The bridge fund refuses 2.00 ± 0.10 % of the requests on average; the probability that it "
            "refuses any is 50.0 % (95 % interval 47.0 – 53.0 %)."
        ],
        ["转贷资金平均拒绝 2.00 ± 0.10% 的申请，出现拒绝的概率为 50.0%（95% 置信区间 47.0 – 53.0%）。"],
    )
    none = {"bridge.any_refused": event(0.0, 0.0, 0.003)}
    assert both(events=none, laws={"bridge.refused_share": law(0.0)}) == (
        ["The bridge fund refuses no request on any of the 1,000 paths."],
        ["转贷资金在全部 1,000 条路径上未拒绝任何申请。"],
    )


def test_equity_funds_say_how_likely_the_governments_money_comes_back():
    one = {"fund.government.principal_back": event(0.3, 0.28, 0.32)}
    assert both(events=one) == (
        [
            "The fund returns the government's money in full with probability 30.0 % (95 % interval 28.0 – "
            "32.0 %)."
        ],
        ["引导基金全额收回政府出资的概率为 30.0%（95% 置信区间 28.0 – 32.0%）。"],
    )
    two = {**one, "second.government.principal_back": event(0.1, 0.08, 0.12)}
    assert both(events=two) == (
        [
            "Of 2 equity funds, each returns the government's money in full with probability 10.0 % (The "
            "second fund) to 30.0 % (The fund)."
        ],
        ["2 只股权基金全额收回政府出资的概率为 10.0%（第二基金）至 30.0%（引导基金）。"],
    )


def test_there_are_four_sentences_at_most_and_none_of_one_path_or_of_nothing():
    events = {
        "pool.depleted": event(0.3, 0.28, 0.32),
        "bridge.any_refused": event(0.5, 0.47, 0.53),
        "fund.government.principal_back": event(0.3, 0.28, 0.32),
    }
    laws = {"bridge.refused_share": law(0.02, 0.001), "scheme.fiscal_cost": law(1e7, 2e5), **YEARS}
    found, _ = both(events=events, laws=laws, targets=(met("cost", 0.9, 0.88, 0.92),))
    assert [sentence.split()[1] for sentence in found] == ["pool", "bridge", "fiscal", "target"]
    without = {name: one for name, one in events.items() if name != "pool.depleted"}
    found, _ = both(events=without, laws=laws, targets=(met("cost", 0.9, 0.88, 0.92),))
    assert [" ".join(sentence.split()[:3]) for sentence in found] == [
        "The bridge fund", "The fund returns", "The fiscal cost", "The target “Cost”",
    ]  # fmt: skip
    assert both(events=events, laws=laws, n_paths=1) == ([], [])
    assert both() == ([], [])


@pytest.mark.parametrize(
    "name", ["minimal", "examples/city_bridge_fund", "examples/guide_fund", "examples/budget"]
)
def test_the_answer_comes_first_whatever_the_scheme_is_made_of(name):
    run = fs.simulate(fs.load(name), paths=50, seed=1, threads=1)
    for lang in ("en", "zh"):
        found = answers(run, lang)
        assert 1 <= len(found) <= 4
        assert headline(run, lang).opening == "\n".join(found)
        assert not [line for line in found if "nan" in line or "{" in line]
    said = re.search(r"fiscal cost is ([\d.,]+) ± ([\d.,]+) million", " ".join(answers(run, "en")))
    mean = run.distribution("scheme.fiscal_cost").mean
    assert float(said[1].replace(",", "")) == pytest.approx(mean.value / 1e6, abs=0.6 * mean.se / 1e6)
