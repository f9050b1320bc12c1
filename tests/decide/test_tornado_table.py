"""What a tornado prints, draws and writes, in both languages."""

import csv
import json
import math

import pytest
from matplotlib.patches import Rectangle

import fundsim as fs
from fundsim.api.results import open as open_run
from fundsim.decide.measure import Measure
from fundsim.decide.measured import Measured
from fundsim.decide.paired import Difference
from fundsim.decide.tornado.swings import Effect, Side, Swing
from fundsim.errors import OutputError, ScenarioError, UsageError
from fundsim.report.canvas import BLUE, VERMILLION
from fundsim.report.folding import cells
from fundsim.report.tornado.bars import Drawing
from fundsim.report.tornado.notes import notes
from fundsim.report.tornado.plot import _ways
from fundsim.report.tornado.tables import torn
from fundsim.report.tornado.values import change_text, figure_text, figure_title, input_text, meaning_of
from fundsim.report.units import Scale
from fundsim.scenario.assumptions import Assumption
from fundsim.scenario.numbers import number_at

DUE, DRY = "mean(pool.claims_due)", "P(pool.depleted)"


def assumed(value, low, high):
    return {"value": value, "low": low, "high": high, "source": "assumption"}


@pytest.fixture(scope="module")
def found():
    scenario = fs.load("minimal").set_all(
        [
            ("pool.share", assumed("50%", "25%", "75%")),
            ("small_firms.pd", assumed("3%", "3%", "6%")),
            ("pool.claim_lag", assumed(2, 1, 6)),
        ]
    )
    return fs.tornado(scenario, [DUE, DRY], paths=500, threads=2)


def printed(found, lang, width=200):
    from rich.console import Console  # noqa: PLC0415

    console = Console(width=width, highlight=False)
    with console.capture() as capture:
        console.print(torn(found, lang, plain=True))
    return capture.get().splitlines()


def test_the_tables_in_english(found):
    lines = [" ".join(line.split()) for line in printed(found, "en")]
    assert lines[:6] == [
        "mean(pool.claims_due): 8.3 ± 0.2 million yuan with all assumptions at their values",
        "figures and changes in million yuan",
        "assumption low input high input at low change at high change",
        "small_firms.pd (yearly probability of default) 3 % 6 % 8.3 0 16.3 +7.96 ± 0.18",
        "pool.share (part of the bank's loss that the fund pays) 25 % 75 % "
        "4.16 -4.16 ± 0.12 12.5 +4.16 ± 0.12",
        "no effect seen: 1: pool.claim_lag",
    ]
    assert lines[7] == "P(pool.depleted): 0.00 % (0.00 – 0.74) with all assumptions at their values"
    assert lines[8] == "figures in %, changes in points"
    assert lines[10] == "small_firms.pd (yearly probability of default) 3 % 6 % 0.00 0 3.0 +3.0 ± 0.8"
    assert lines[12] == "no effect seen: 1, none beyond 0.74 points either way: pool.claim_lag"
    assert lines[14:18] == [
        "all together, by effect on mean(pool.claims_due)",
        "metric unit at their values at the ends that lower it change at the ends that raise it change",
        "mean(pool.claims_due) million yuan 8.3 ± 0.2 4.16 ± 0.12 -4.16 ± 0.12 24.4 ± 0.6 +16.1 ± 0.4",
        "P(pool.depleted) % 0.00 (0.00 – 0.74) 0.00 (0.00 – 0.74) 0.0 (-0.7 – 0.7) "
        "18.2 (14.9 – 21.9) +18.2 ± 1.7",
    ]


def test_the_notes_in_both_languages(found):
    assert list(notes(found, "en")) == [
        "Assumptions without a seen effect on mean(pool.claims_due) keep their values there.",
        "Neither end lowers it, so these keep their values there: small_firms.pd.",
        "3 assumptions, each alone at its low and its high; 500 paths each, seed 1, on the same random "
        "numbers; ± is one Monte Carlo standard error, brackets are 95 % intervals; figures at the end of "
        "the run-off unless @window is said.",
        "One assumption at a time hides what they do to each other; errors cover simulation error only, not "
        "doubt about the inputs: fundsim doubt minimal.yaml.",
    ]
    assert list(notes(found, "zh")) == [
        "未见对 mean(pool.claims_due) 有影响的假设在此保持原值。",
        "两端都不使其降低、在此保持原值的假设：small_firms.pd。",
        "共 3 项假设，逐项取低值和高值；每次 500 条路径，种子 1，随机数相同；"
        "± 为一个蒙特卡洛标准误，括号内为 95% 区间；除注明 @window（政策期末）外，各数为清算期末值。",
        "逐项变动看不到各假设之间的相互作用；误差只反映模拟误差，不反映输入参数的不确定性：见 fundsim doubt "
        "minimal.yaml。",
    ]


def test_the_tables_in_chinese(found):
    lines = [" ".join(line.split()) for line in printed(found, "zh")]
    assert lines[:5] == [
        "贷款风险补偿资金池：应付代偿额，均值 mean(pool.claims_due)：全部假设取原值时为 832 ± 24 万元",
        "数值和变动的单位：万元",
        "假设 低值 高值 取低值时 变动 取高值时 变动",
        "年违约概率 small_firms.pd 3% 6% 832 0 1,628 +796 ± 18",
        "风险分担比例 pool.share 25% 75% 416 -416 ± 12 1,248 +416 ± 12",
    ]
    assert "未见影响：1 项：pool.claim_lag" in lines
    assert "未见影响：1 项（变动均不超过 ±0.74 百分点）：pool.claim_lag" in lines
    assert "全部假设同取一端（按对 mean(pool.claims_due) 的影响）" in lines


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [20, 40, 80])
def test_the_tables_fit_any_width(found, lang, width):
    assert [line for line in printed(found, lang, width) if cells(line) > width] == []


def with_values(*members):
    """Return an assumption of several members: key, value of a scenario, low and high."""
    scenario = fs.load("minimal")
    numbers = tuple(number_at(scenario, key) for key, _, _ in members)
    found = Assumption("*.x" if len(members) > 1 else members[0][0], tuple(
        (number.key, low, high) for number, (_, low, high) in zip(numbers, members, strict=True)
    ))  # fmt: skip
    return Swing(found, numbers, Side("low", False, ()), Side("high", False, ()))


@pytest.mark.parametrize(
    ("members", "low", "high", "low_zh"),
    [
        ([("small_firms.pd", 0.02, 0.065)], "2 %", "6.5 %", "2%"),
        ([("pool.claim_lag", 1, 6)], "1 month", "6 months", "1 个月"),
        ([("pool.opening", 0.0, 2.32e9)], "0 million yuan", "2,320 million yuan", "0 亿元"),
        ([("economy.persistence", 0.3, 0.7)], "0.3", "0.7", "0.3"),
        ([("pool.share", 0.02, 0.5), ("small_firms.lgd", 0.0225, 0.5)], "2–2.25 %", "50 %", "2–2.25%"),
        ([("pool.multiple", 5, 12)], "5 times", "12 times", "5 倍"),
    ],
)
def test_inputs_are_written_as_they_were_given_in_one_unit(members, low, high, low_zh):
    swing = with_values(*members)
    assert (input_text(swing, "low", "en"), input_text(swing, "high", "en")) == (low, high)
    assert input_text(swing, "low", "zh") == low_zh


def test_a_meaning_is_cut_to_what_fits_a_picture():
    swing = with_values(("economy.sector_correlation", 0.3, 0.6))
    assert meaning_of(swing, "en") == "Correlation of the sector factors"
    assert meaning_of(swing, "zh") == "行业因子相关系数"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Difference(0.0, 0.0, (0.0, 0.0)), "0"),
        (Difference(0.0, 0.0, (-0.01, 0.01)), "0.0 (-1.0 – 1.0)"),
        (Difference(0.02, 0.004, (0.012, 0.028)), "+2.0 ± 0.4"),
        (Difference(math.nan, math.nan, (math.nan, math.nan)), "–"),
        (Difference(0.02, math.nan, (math.nan, math.nan)), "+2.00 (error unknown)"),
    ],
)
def test_changes_are_written_with_their_errors(change, text):
    outcome = Effect(Measured(0.1, 0.01, (0.08, 0.12), 100), change)
    assert change_text(outcome, Scale(0.01, "%"), "en") == text
    assert change_text(ScenarioError("no", "否"), Scale(0.01, "%"), "en") == "–"


def test_a_figure_has_its_unit_before_its_interval():
    dry = Measure("probability", "", "pool.depleted", "run_off", "share", ())
    figure = Measured(0.0006, 0.0002, (0.0002, 0.0013), 10_000)
    assert figure_text(dry, figure, Scale(0.01, "%"), "en") == "0.06 % (0.02 – 0.13)"
    assert figure_text(dry, figure, Scale(0.01, "%"), "zh") == "0.06% (0.02 – 0.13)"


def test_titles_of_figures(found):
    assert figure_title(found, 0, "en") == (
        "Risk-compensation pool: Claims that fell due, before caps and balance, mean"
    )
    assert figure_title(found, 1, "en") == "Risk-compensation pool: Probability of depletion of the pool"
    assert figure_title(found, 1, "zh") == "贷款风险补偿资金池：资金池耗尽的概率"


def widths(axes, colour):
    return [p.get_width() for p in axes.patches if isinstance(p, Rectangle) and colour in _hex(p)]


def _hex(patch):
    from matplotlib.colors import to_hex  # noqa: PLC0415

    return to_hex(patch.get_facecolor()).upper()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bars_reach_from_the_base_to_both_results(found, lang):
    figure = found.plot.tornado(lang=lang).figure
    bars, band = figure.axes
    divisor = 1e6 if lang == "en" else 1e4
    table = found.table[(found.table.metric == DUE) & found.table["rank"].notna()]
    for end, colour in (("low", BLUE), ("high", VERMILLION)):
        wanted = list(table[table.end == end].difference / divisor)
        assert widths(bars, colour) == pytest.approx(wanted)
    raised = [one.outcomes[0].difference.value / divisor for one in found.together]
    assert widths(band, BLUE) == pytest.approx(raised[:1])
    assert widths(band, VERMILLION) == pytest.approx(raised[1:])
    texts = [text.get_text() for text in bars.texts]
    percent = " %" if lang == "en" else "%"
    assert {f"25{percent}", f"75{percent}", f"3{percent}", f"6{percent}"} <= set(texts)
    assert texts.index("pool.share") > texts.index("small_firms.pd")


def test_a_picture_names_its_figure(found, tmp_path):
    assert found.plot.tornado(DRY).save(tmp_path / "dry.png").stat().st_size > 10_000
    assert found.plot.tornado("pool.depleted").figure.axes[0].get_xlabel() == "P(pool.depleted) [%]"
    with pytest.raises(UsageError, match="is none of mean"):
        found.plot.tornado("P(pool.nothing)")


def test_at_most_twenty_bars_are_drawn_and_the_rest_is_counted(monkeypatch, found):
    monkeypatch.setattr("fundsim.report.tornado.plot.MOST_BARS", 1)
    texts = " ".join(text.get_text() for text in found.plot.tornado().figure.texts)
    assert "Not drawn: 1 with smaller effects, 1 without an effect seen." in texts


@pytest.mark.parametrize(
    ("low", "high", "ways"),
    [(-1.0, 2.0, (-1, 1)), (1.0, -2.0, (1, -1)), (1.0, 2.0, (1, 1)), (0.0, 2.0, (-1, 1)),
     (0.0, -2.0, (1, -1)), (-1.0, None, (-1, 1)), (None, -1.0, (1, -1)), (None, None, (-1, 1))],
)  # fmt: skip
def test_inputs_stand_at_the_side_to_which_the_figure_goes(low, high, ways):
    from fundsim.decide.tornado.swings import Bar  # noqa: PLC0415

    def outcome(value):
        if value is None:
            return ScenarioError("no", "否")
        return Effect(Measured(value, 0.1, (0.0, 1.0), 10), Difference(value, 0.1, (value, value)))

    assert _ways(Bar(with_values(("pool.share", 0.1, 0.2)), outcome(low), outcome(high))) == ways


def test_no_tick_stands_where_a_probability_cannot_be(found):
    axes = found.plot.tornado(DRY).figure.axes[0]
    assert axes.get_xlim()[0] < 0.0  # room for the inputs
    assert min(axes.get_xticks()) >= 0.0
    assert Drawing(axes, Scale(0.01, "%"), 0.0, (0.0, 1.0))._ticks(-50.0, 150.0) == [0.0, 40.0, 80.0]


def test_a_folder_is_written_whole(found, tmp_path):
    folder = found.save(tmp_path / "out", plots="svg")
    assert json.loads((folder / "tornado.json").read_text(encoding="utf-8")) == found.to_json()
    raw = (folder / "tornado.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 1 + len(found.table)
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert [row["assumption"] for row in rows] == list(found.table.assumption)
    assert [float(row["difference"]) for row in rows] == list(found.table.difference)
    assert sorted(p.name for p in (folder / "plots").iterdir()) == ["tornado.1.svg", "tornado.2.svg"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "tornado"
    assert manifest["metrics"] == [DUE, DRY]
    assert manifest["assumptions"][0]["members"] == [
        {"key": "segments.small_firms.pd", "unit": "1/year", "value": 0.03, "low": 0.03, "high": 0.06}
    ]
    assert (manifest["paths"], manifest["seed"], manifest["engine"]) == (500, 1, "core")
    assert manifest["scenario"]["resolved"]["instruments"]["pool"]["share"] == 0.5
    assert set(manifest["files"]) == {
        "tornado.json", "tornado.csv", "plots/tornado.1.svg", "plots/tornado.2.svg", "pages.json",
        *(f"pages/tornado.{at}.{lang}.png" for at in (1, 2) for lang in ("en", "zh")),
    }  # fmt: skip
    with pytest.raises(UsageError, match="already holds"):
        found.save(tmp_path / "out")
    with pytest.raises(UsageError):
        open_run(folder)


def test_nothing_is_left_where_the_disk_is_full(found, tmp_path, monkeypatch):
    def broken(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fundsim.decide.writing.json_bytes", broken)
    with pytest.raises(OutputError, match="the tornado is not saved"):
        found.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_it_shows_itself(found):
    assert repr(found) == f"<Tornado of {DUE}, {DRY}: 3 assumptions, 500 paths each>"
    html = found._repr_html_()
    assert html.count("<table>") == 3
    assert "part of the bank&#x27;s loss" in html
    assert json.loads(json.dumps(found.to_json(), allow_nan=False)) == found.to_json()
