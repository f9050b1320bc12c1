"""Whom a figure is about: instruments, segments and counties by the titles that the scenario gives them."""

import io

import pytest
from rich.console import Console

from fundsim.report.table import headline, html
from fundsim.report.titles import labelled, part_title, titled
from fundsim.scheme import Metric

RESOLVED = {
    "segments": {
        "trade": {"title": "Wholesale and retail", "title_zh": "批发零售业"},
        "crafts": {"title": None, "title_zh": None},
        "science": {"title": "Technology firms", "title_zh": None},
    },
    "instruments": {
        "pool": {
            "title": "Loan pool",
            "title_zh": "助保贷资金池",
            "borrowers": {"trade": 0.5, "crafts": 0.5},
            "margin": {"rate": 0.03, "trade": {"title": "No name of a part"}},
        },
        "margins": {
            "counties": {
                "yingze": {"title": "Yingze", "title_zh": "迎泽区"},
                "gaoxin": {"title": "High-tech zone", "title_zh": "高新区"},
            },
        },
    },
}


@pytest.mark.parametrize(
    ("metric", "lang", "told"),
    [
        ("pool.trade.lent", "en", "Wholesale and retail"),
        ("pool.trade.lent", "zh", "批发零售业"),
        ("pool.trade.lent.2016", "zh", "批发零售业"),
        ("pool.crafts.lent", "zh", "crafts"),
        ("pool.science.lent", "zh", "Technology firms"),
        ("margins.gaoxin.balance", "zh", "高新区"),
        ("scheme.trade.population", "zh", "批发零售业"),
        ("pool.gaoxin.balance", "zh", ""),
        ("pool.margin.claims_due", "en", ""),
        ("pool.lent.2016", "en", ""),
        ("pool.trade", "en", ""),
    ],
)
def test_a_part_has_its_title_in_the_language_or_else_its_name(metric, lang, told):
    assert part_title(RESOLVED, metric, lang) == told


def test_a_picture_s_title_tells_instrument_and_part():
    assert titled(RESOLVED, "pool.trade.lent", "Lent", "en") == "Loan pool, Wholesale and retail: Lent"
    assert titled(RESOLVED, "pool.crafts.lent", "放款", "zh") == "助保贷资金池 · crafts：放款"
    assert titled(RESOLVED, "pool.lent", "Lent", "en") == "Loan pool: Lent"
    assert titled(RESOLVED, "margins.gaoxin.lent", "Lent", "en") == "High-tech zone: Lent"
    assert titled({}, "pool.trade.lent", "Lent", "en") == "Lent"


def test_a_label_tells_no_title_that_its_name_says_already():
    assert labelled(RESOLVED, "margins.yingze.lent", "margins.yingze.lent", "en") == "margins.yingze.lent"
    assert labelled(RESOLVED, "margins.yingze.lent", "放款", "zh") == "迎泽区：放款"
    assert (
        labelled(RESOLVED, "pool.crafts.lent", "pool.crafts.lent@window", "en") == "pool.crafts.lent@window"
    )


@pytest.fixture
def by_segment(kit, run):
    """Return a run with a figure and an event of each segment."""
    figures = {
        "lent": lambda r: r["party/bank/balance"] * 1e6,
        "hit": lambda r: r["party/bank/balance"] % 2.0,
    }
    metrics = tuple(
        Metric(
            name=f"pool.{segment}.{what}",
            unit="yes/no" if what == "hit" else "yuan",
            meaning="Principal lent to the segment",
            meaning_zh="该类企业累计发放贷款",
            formula=formula,
            event=what == "hit",
            headline=True,
        )
        for segment in ("trade", "crafts")
        for what, formula in figures.items()
    )
    results = run(20, scheme=kit.make_scheme(metrics=metrics))
    results.manifest = dict(results.manifest) | {"scenario": {"name": "toy", "resolved": RESOLVED}}
    return results


def printed(results, lang):
    console = Console(file=io.StringIO(), width=200)
    console.print(headline(results, lang, plain=True))
    return [line.strip() for line in console.file.getvalue().splitlines()]


def starting(lines, text):
    return [line for line in lines if line.startswith(text)]


def test_tables_tell_the_segment_s_title_beside_the_name(by_segment):
    english, chinese = printed(by_segment, "en"), printed(by_segment, "zh")
    assert len(starting(english, "pool.trade.lent (Wholesale and retail)  ")) == 1
    assert len(starting(english, "pool.trade.hit (Wholesale and retail)  ")) == 1
    assert len(starting(english, "pool.crafts.lent  ")) == 1
    assert len(starting(chinese, "批发零售业：该类企业累计发放贷款 pool.trade.lent  ")) == 1
    assert len(starting(chinese, "该类企业累计发放贷款 pool.crafts.lent  ")) == 1
    assert "<td>pool.trade.lent (Wholesale and retail)</td>" in html(by_segment)


def test_pictures_tell_the_segment_s_title_in_their_language(by_segment):
    def title(metric, lang):
        figure = by_segment.plot.distribution(metric, lang=lang).figure
        return "".join(text.get_text() for text in figure.texts[:2])

    assert title("pool.trade.lent", "en").startswith("Loan pool, Wholesale and retail: Principal lent")
    assert title("pool.trade.lent", "zh").startswith("助保贷资金池 · 批发零售业：该类企业累计发放贷款")
    assert title("pool.crafts.lent", "zh").startswith("助保贷资金池 · crafts：该类企业累计发放贷款")
