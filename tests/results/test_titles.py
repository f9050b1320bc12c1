"""Whom a figure is about: instruments, segments and counties by the titles that the scenario gives them."""

import io

import pytest
from rich.console import Console

import fundsim as fs
from fundsim.cli import main
from fundsim.metrics.counties import _any_of
from fundsim.metrics.formulas import happened, recorded, scaled
from fundsim.report.ledger import ledger_csv
from fundsim.report.table import headline, html
from fundsim.report.titles import labelled, part_title, party_title, probability_of, segment_title, titled
from fundsim.scheme import About, Metric
from fundsim.tracing import trace

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
    ("about", "lang", "reported"),
    [
        (About("pool", "trade"), "en", "Wholesale and retail"),
        (About("pool", "trade"), "zh", "批发零售业"),
        (About("pool", "crafts"), "zh", "crafts"),
        (About("pool", "science"), "zh", "Technology firms"),
        (About("margins", "gaoxin"), "zh", "高新区"),
        (About("scheme", "trade"), "zh", "批发零售业"),
        (About("pool", "gaoxin"), "zh", ""),
        (About("pool", "margin"), "en", ""),
        (About("pool"), "en", ""),
        (About("trade"), "en", ""),
    ],
)
def test_a_part_has_its_title_in_the_language_or_else_its_name(about, lang, reported):
    assert part_title(RESOLVED, about, lang) == reported


def test_a_picture_s_title_shows_instrument_and_part():
    assert titled(RESOLVED, About("pool", "trade"), "Lent", "en") == "Loan pool, Wholesale and retail: Lent"
    assert titled(RESOLVED, About("pool", "crafts"), "放款", "zh") == "助保贷资金池 · crafts：放款"
    assert titled(RESOLVED, About("pool"), "Lent", "en") == "Loan pool: Lent"
    assert titled(RESOLVED, About("margins", "gaoxin"), "Lent", "en") == "High-tech zone: Lent"
    assert titled({}, About("pool", "trade"), "Lent", "en") == "Lent"


def test_a_label_shows_no_title_that_its_name_says_already():
    yingze, crafts = About("margins", "yingze"), About("pool", "crafts")
    assert labelled(RESOLVED, yingze, "margins.yingze.lent", "en") == "margins.yingze.lent"
    assert labelled(RESOLVED, yingze, "放款", "zh") == "迎泽区：放款"
    assert labelled(RESOLVED, crafts, "pool.crafts.lent@window", "en") == "pool.crafts.lent@window"


@pytest.fixture
def by_segment(kit, run):
    """Return a run with a figure and an event of each segment."""
    figures = {
        "lent": scaled(recorded(kit.MONTH), 1e6),
        "hit": happened(kit.UNPAID_MONTH),
    }
    metrics = tuple(
        Metric(
            instrument="pool",
            part=segment,
            own_name=what,
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


def test_tables_show_the_segment_s_title_beside_the_name(by_segment):
    english, chinese = printed(by_segment, "en"), printed(by_segment, "zh")
    assert len(starting(english, "pool.trade.lent (Wholesale and retail)  ")) == 1
    assert len(starting(english, "pool.trade.hit (Wholesale and retail)  ")) == 1
    assert len(starting(english, "pool.crafts.lent  ")) == 1
    assert len(starting(chinese, "批发零售业：该类企业累计发放贷款 pool.trade.lent  ")) == 1
    assert len(starting(chinese, "该类企业累计发放贷款 pool.crafts.lent  ")) == 1
    assert "<td>pool.trade.lent (Wholesale and retail)</td>" in html(by_segment)


def test_pictures_show_the_segment_s_title_in_their_language(by_segment):
    def title(metric, lang):
        figure = by_segment.plot.distribution(metric, lang=lang).figure
        return "".join(text.get_text() for text in figure.texts[:2])

    assert title("pool.trade.lent", "en").startswith("Loan pool, Wholesale and retail: Principal lent")
    assert title("pool.trade.lent", "zh").startswith("助保贷资金池 · 批发零售业：该类企业累计发放贷款")
    assert title("pool.crafts.lent", "zh").startswith("助保贷资金池 · crafts：该类企业累计发放贷款")


@pytest.mark.parametrize(
    ("party", "english", "chinese"),
    [
        ("pool", "Loan pool", "助保贷资金池"),
        ("pool.bank", "Loan pool, bank", "助保贷资金池 · 合作银行"),
        ("pool.margin", "Loan pool, mutual-help money", "助保贷资金池 · 助保金"),
        ("pool/trade", "Loan pool, Wholesale and retail", "助保贷资金池 · 批发零售业"),
        ("margins.gaoxin", "margins, High-tech zone", "margins · 高新区"),
        ("margins.bank.gaoxin", "margins, bank, High-tech zone", "margins · 合作银行 · 高新区"),
        ("ccb", "ccb", "ccb"),
        ("pool.other", "Loan pool, other", "助保贷资金池 · other"),
    ],
)
def test_parties_are_called_by_titles_and_by_what_they_are(party, english, chinese):
    assert party_title(RESOLVED, party, "en") == english
    assert party_title(RESOLVED, party, "zh") == chinese


def test_instruments_of_one_title_are_distinguished_by_their_names():
    twins = {"instruments": {"a": {"title": "Pool"}, "b": {"title": "Pool"}}}
    assert party_title(twins, "a.bank", "en") == "Pool (a), bank"


@pytest.mark.parametrize(
    ("meaning", "lang", "reported"),
    [
        ("Depletion of the pool; whether it was short", "en", "Probability of depletion of the pool"),
        ("Whether, up to the date, it was short", "en", "Probability that, up to the date, it was short"),
        ("Whether the breaker fired", "en", "Probability that the breaker fired"),
        ("the pool was short", "en", "Probability: the pool was short"),
        ("Probability of a loss", "en", "Probability of a loss"),
        ("资金池耗尽（出现未付代偿）", "zh", "资金池耗尽的概率"),
        ("是否触发熔断", "zh", "触发熔断的概率"),
        ("资金池耗尽的概率", "zh", "资金池耗尽的概率"),
    ],
)
def test_a_probability_is_a_noun_and_no_question(meaning, lang, reported):
    assert probability_of(meaning, lang) == reported


def test_events_of_tables_are_probabilities_in_chinese(by_segment):
    lines = printed(by_segment, "zh")
    assert len(starting(lines, "批发零售业：该类企业累计发放贷款的概率 pool.trade.hit  ")) == 1


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (1, "the county's margin", "县区风险保证金"),
        (2, "any of the two counties' margins", "两个县区中任一风险保证金"),
        (10, "any of the ten counties' margins", "十个县区中任一风险保证金"),
        (14, "any of the fourteen counties' margins", "十四个县区中任一风险保证金"),
        (20, "any of the twenty counties' margins", "二十个县区中任一风险保证金"),
        (47, "any of the 47 counties' margins", "47 个县区中任一风险保证金"),
    ],
)
def test_counties_are_counted_in_words(count, english, chinese):
    assert _any_of(count) == (english, chinese)


def texts(picture):
    axes = picture.figure.axes[0]
    return [t.get_text() for t in picture.figure.texts], axes.yaxis.label.get_text()


def test_the_title_of_county_depletion_says_that_any_of_the_fourteen_counts():
    results = fs.simulate(fs.load("taiyuan_2015_2017"), paths=60, seed=1, metrics=["county_margins.*"])
    english = "depletion of any of the fourteen counties' margins"
    chinese = "十四个县区中任一风险保证金耗尽的"
    for lang, title, label in (
        ("en", f"Probability of {english}", "cumulative probability [%]"),
        ("zh", f"{chinese}概率", "累计概率（%）"),
    ):
        written, axis = texts(results.plot.depletion("county_margins.depleted", lang=lang))
        joint = "" if lang == "zh" else " "
        assert title in joint.join(written[:3])
        assert joint.join(axis.splitlines()) == label


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_name_of_a_segment_stands_where_its_title_could(lang, capsys):
    scenario = fs.load("taiyuan_2015_2017")
    rows = ledger_csv(trace(scenario, path=1), lang).splitlines()
    moved = [line.split(",")[2:4] for line in rows if line[:2].isdigit()]
    ids = {"zhubaodai", "county_margins", "guarantee", *scenario.terms.segments, "yingze", "gaoxin"}
    assert len(moved) > 1000
    assert not {cell for row in moved for cell in row if ids & set(cell.replace("/", ".").split("."))}
    assert main(["list", "metrics", "taiyuan_2015_2017", "--lang", lang]) == 0
    shop, county = {"en": ("Wholesale", "Yingze"), "zh": ("批发零售业", "迎泽区")}[lang]
    lines = capsys.readouterr().out.splitlines()
    assert all(shop in line for line in lines if line.startswith("zhubaodai.trade."))
    assert all(county in line for line in lines if line.startswith("county_margins.yingze."))


def test_a_segment_without_a_title_is_called_by_its_name():
    assert segment_title(RESOLVED, "trade", "zh") == "批发零售业"
    assert segment_title(RESOLVED, "science", "zh") == "Technology firms"
    assert segment_title(RESOLVED, "crafts", "en") == segment_title({}, "crafts", "en") == "crafts"
