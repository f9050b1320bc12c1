"""Every text can be drawn in both languages, on any machine, with the font that is shipped."""

import ast
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text

import fundsim as fs
from fundsim.errors import UsageError
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.report import texts
from fundsim.report.canvas import canvas, wrapped
from fundsim.report.caption import Caption
from fundsim.report.distribution import distribution_picture
from fundsim.report.typeface import FONT, drawable, set_in_type
from fundsim.results.statistics import describe
from fundsim.scenario import bundled_names

REPORT = Path(texts.__file__).parent


def _all_meanings():
    for kind in KINDS.values():
        yield kind.meaning_zh
    for name in bundled_names():
        scenario = fs.load(name)
        yield scenario.terms.title_zh or ""
        for terms in scenario.terms.instruments.values():
            yield getattr(terms, "title_zh", None) or ""
        for metric in lower(scenario).metrics:
            yield metric.meaning_zh
            yield metric.meaning


def test_the_font_draws_every_text_that_a_reader_can_meet():
    written = [*_all_meanings(), *texts._CHINESE, *texts._CHINESE.values()]
    assert len(written) > 200
    lacking = {sign for text in written for sign in text if drawable(sign) != sign}
    assert lacking == set()


@pytest.mark.parametrize("sign", list("−±×÷≤≥≈√∞–—…·‰％％，。；：？！（）《》“”、￥元ρφμσΦΣ½²³①㎡"))
def test_the_font_has_the_signs_of_the_trade(sign):
    assert drawable(sign) == sign


def test_the_font_has_names_of_places_and_rare_characters():
    assert drawable("太原晋祠泺源潞州漯河濮阳亳州衢州儋州邕江") == "太原晋祠泺源潞州漯河濮阳亳州衢州儋州邕江"


def test_every_text_of_the_pictures_has_its_chinese():
    said = set()
    for source in REPORT.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if name == "word" or (
                name == "text" and getattr(getattr(function, "value", None), "id", "") == "caption"
            ):
                said.add(node.args[0].value)
    assert "share of paths [%]" in said
    assert said - set(texts._CHINESE) == set()


def test_a_chinese_text_takes_the_same_values_as_the_english():
    assert len(texts._CHINESE) > 20
    for english, chinese in texts._CHINESE.items():
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", chinese)), english


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_all_pictures_are_drawn_in_the_shipped_font_without_a_missing_glyph(results, lang, tmp_path):
    # Matplotlib warns of a missing glyph, and warnings are errors here.
    written = results.plot.write_all(tmp_path, lang=lang)
    assert len(written) >= 4
    figure = results.plot.distribution("zhubaodai.default_rate", lang=lang).figure
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    assert len(texts) > 10
    assert {text.get_fontproperties().get_file() for text in texts} == {str(FONT)}


def test_chinese_pictures_speak_chinese_but_for_names(results):
    figure = results.plot.fan("zhubaodai.balance", lang="zh").figure
    reported = " ".join(text.get_text() for text in figure.findobj(Text))
    for name in ("zhubaodai.balance", "fundsim", "toy", "core"):
        reported = reported.replace(name, "")
    assert re.findall(r"[A-Za-z]{3,}", reported) == []
    assert "均值" in reported


def test_a_name_that_no_font_has_and_a_dollar_sign_are_drawn_as_they_stand():
    values = np.arange(50.0)
    caption = Caption("$x$ \U0001f600 costs $5", "m", "q", "yuan", "source", "zh")
    picture = distribution_picture(values, describe(values), caption)
    assert picture.figure.texts[0].get_text() == "$x$ □ costs $5"
    assert not any(text.get_parse_math() for text in picture.figure.texts)
    assert picture._repr_png_().startswith(b"\x89PNG")


def test_negative_numbers_have_a_minus_sign(results):

    values = -np.linspace(1.0, 5.0, 200) * 1e7
    picture = distribution_picture(values, describe(values), Caption("t", "m", "q", "yuan", "s"))
    axes = picture.figure.axes[0]
    assert next(t.get_text() for t in axes.get_xticklabels()).startswith("−")
    assert "mean −30.0" in picture.figure.texts[2].get_text()


def test_long_lines_are_broken_and_no_line_begins_with_a_closing_sign():
    text = "财政成本（净支出）：" * 12
    lines = wrapped(text, 10.0, 200.0)
    assert "".join(lines) == text
    assert all(10.0 * len(line) <= 230.0 for line in lines)
    assert not [line for line in lines if line[0] in "，。；：）"]


def test_long_texts_stay_inside_the_picture_and_apart():
    for sign in ("字", "word "):
        figure, axes = canvas(sign * 40, (sign * 60, sign * 30), (sign * 80, sign * 60))
        set_in_type(figure)
        boxes = [text.get_window_extent() for text in figure.texts]
        width, height = figure.get_size_inches() * figure.dpi
        assert all(box.x0 >= 0 and box.x1 <= width and box.y0 >= -1 and box.y1 <= height for box in boxes)
        assert all(a.y0 >= b.y1 - 1.0 or b.y0 >= a.y1 - 1.0 for a in boxes for b in boxes if a is not b)
        assert axes.get_position().height > 0.3


@pytest.mark.parametrize("form", ["svg", "pdf"])
def test_vector_pictures_are_the_same_bytes_each_time(results, tmp_path, form):
    before = dict(mpl.rcParams)
    first, second = (
        results.plot.fan("zhubaodai.balance", lang="zh").save(tmp_path / f"{n}.{form}").read_bytes()
        for n in "ab"
    )
    assert first == second
    assert first.startswith({"svg": b"<?xml", "pdf": b"%PDF"}[form])
    assert dict(mpl.rcParams) == before


def test_an_unknown_format_is_reported(results, tmp_path):
    with pytest.raises(UsageError, match="png, svg, pdf, not gif"):
        results.plot.fan("zhubaodai.balance").save(tmp_path / "x.gif")
