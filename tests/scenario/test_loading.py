"""Loading, overriding, and what a loaded scenario promises."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import fundsim.scenario
from fundsim.errors import FundsimError, InputError, ScenarioError
from fundsim.scenario import Term, TermFault, check_scenario, load, term
from fundsim.units import Share

from .conftest import Load, Write
from .kinds import BASE, KINDS, Kind


def test_a_scenario_is_frozen_and_survives_a_pickle(load_text: Load) -> None:
    scenario = load_text()
    with pytest.raises(AttributeError):
        scenario.terms = scenario.terms  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        scenario.terms.window.months = 1
    with pytest.raises(TypeError):
        scenario.origins["name"] = None  # type: ignore[index]
    copy = pickle.loads(pickle.dumps(scenario))  # noqa: S301
    assert copy == scenario
    assert copy.origins == scenario.origins
    assert copy.set("zhubaodai.multiple", 3).sha256 == scenario.set("zhubaodai.multiple", 3).sha256


def test_set_returns_another_scenario(load_text: Load) -> None:
    scenario = load_text()
    other = scenario.set("zhubaodai.multiple", 8)
    assert scenario.terms.instruments["zhubaodai"].multiple == 10
    assert other.terms.instruments["zhubaodai"].multiple == 8
    assert other.set("instruments.zhubaodai.multiple", 10.0) == scenario
    assert scenario.set("trade.pd", "4%").terms.segments["trade"].pd == 0.04
    by_name = scenario.set("zhubaodai.injections.second.amount", 1)
    assert [i.amount for i in by_name.terms.instruments["zhubaodai"].injections] == [4e7, 1]
    by_position = scenario.set("zhubaodai.injections.0.date", "2015-07")
    assert str(by_position.terms.instruments["zhubaodai"].injections[0].date) == "2015-07"
    in_list = scenario.set("zhubaodai.yearly.1", "1亿")
    assert in_list.terms.instruments["zhubaodai"].yearly == (1e9, 1e8)
    sourced = scenario.set("zhubaodai.yearly.0", {"value": "2亿", "source": "a guess"})
    assert sourced.origins["instruments.zhubaodai.yearly.0"].source == ("a guess",)
    assert scenario.set("trade.lgd", 0.4).terms.segments["trade"].loss.mean == 0.4
    assert scenario.set("window", {"months": 12}).terms.window.months == 12


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("zhubaodai.multipel", 8, "did you mean multiple"),
        ("zhubaoda.multiple", 8, "did you mean zhubaodai"),
        ("zhubaodai.multiple", 0, "must be more than 0"),
        ("zhubaodai.injections.third.amount", 1, "there is no item third"),
        ("trade.pd", object(), "can't hold such a value"),
        ("", 1, "no such key"),
        ("zhubaodai.yearly.7", 1, "no item 7"),
        ("trade.pd.low", 0.01, "can't be set by itself"),
        ("trade.source", "A5", "can't be set by itself"),
        ("trade.rho.mean", 1, "a single value is expected"),
    ],
)
def test_set_refuses_what_the_file_could_not_say(load_text: Load, key: str, value: object, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        load_text().set(key, value)


def test_overrides_are_read_as_yaml_and_reported_by_their_number(reported: Callable[..., list[str]]) -> None:
    lines = reported(BASE, "zhubaodai.multiple=8", "trade.pd=40", "zhubaodai.share", "tradee.pd=1%")
    assert lines == [
        '--set:2:10: trade.pd = 40: a yearly rate lies in 0 … 1; write 0.40 or "40%"',
        "--set:3:1: zhubaodai.share: no value; write --set KEY=VALUE",
        "--set:4:1: tradee.pd: there is no such key; did you mean trade?",
    ]


def test_a_name_that_is_segment_and_instrument_must_be_distinguished(load_text: Load) -> None:
    both = BASE.replace("zhubaodai:", "trade:")
    with pytest.raises(ScenarioError, match="a segment and an instrument alike"):
        load_text(both).set("trade.pd", 0.04)
    assert load_text(both).set("segments.trade.pd", 0.04).terms.segments["trade"].pd == 0.04


def test_the_digest_follows_the_content_and_not_its_order_or_form(load_text: Load) -> None:
    one = load_text()
    lines = BASE.replace("300万", "3e6").replace("rho: 0.1", "rho: {value: 10%, source: A5}")
    head, tail = lines.split("window:")
    start, rest = tail.split("\n", 1)
    turned = f"window:{start}\n{head}{rest}"
    assert load_text(turned).sha256 == one.sha256
    assert load_text(BASE.replace("0.1\n", "0.11\n")).sha256 != one.sha256


def test_resolved_holds_defaults_and_yuan_and_an_origin_for_each_value(load_text: Load) -> None:
    scenario = load_text()
    resolved = scenario.resolved()
    assert resolved["segments"]["trade"]["loan"]["mean"] == 3e6
    assert resolved["window"] == {"start": "2015-01", "months": 36, "run_off": None}
    assert resolved["instruments"]["zhubaodai"]["kind"] == "pool"
    assert scenario.origins["window.months"].is_default
    assert scenario.origins["instruments.zhubaodai.opening"].source == ("A5",)


class Guarded(Term):
    """A kind whose rules read one another's fields."""

    first: Share = term(meaning="First", zh="甲")
    second: Share = term(meaning="Second", zh="乙")

    def faults(self, context: Any) -> Iterator[TermFault]:
        if self.first + self.second > 1:
            yield TermFault(("second",), "too much", "write less", "过多", "请减少")

    def faults_window(self, context: Any) -> Iterator[TermFault]:
        if context.window.months < 36:
            yield TermFault(("first",), "too short a window", "lengthen it", "过短", "请延长")


def test_rules_that_do_not_read_a_bad_field_are_reported_in_the_same_pass(write: Write) -> None:
    text = "window: {start: 2015-01, months: 12}\ninstruments: {g: {kind: guarded, first: 40, second: 0.9}}\n"
    _, faults = check_scenario(write(text, "g.yaml"), kinds={"guarded": Kind(Guarded)})
    problems = [fault.problem for fault in faults if not fault.warning]
    assert sorted(problems) == ["a share lies in 0 … 1", "too short a window"]


def test_a_rule_that_fails_in_a_sound_scenario_is_a_bug_and_raised(write: Write) -> None:
    class Broken(Guarded):
        def faults_broken(self, context: Any) -> Iterator[TermFault]:
            yield context.nothing_of_the_kind

    text = "window: {start: 2015-01}\ninstruments: {g: {kind: broken, first: 0.4, second: 0.5}}\n"
    with pytest.raises(AttributeError):
        check_scenario(write(text, "g.yaml"), kinds={"broken": Kind(Broken)})


def test_words_of_the_language_can_be_no_field() -> None:
    with pytest.raises(TypeError, match="low"):
        type("Bad", (Term,), {"__annotations__": {"low": float}, "__module__": __name__})


def test_the_tree_of_errors_is_as_drawn() -> None:
    assert issubclass(ScenarioError, InputError)
    assert issubclass(InputError, FundsimError)
    assert InputError.exit_status == 2
    assert FundsimError.exit_status == 1
    error = InputError("no", "不")
    assert (error.text("en"), error.text("zh")) == ("no", "不")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert copy.faults == error.faults
    assert copy.text("zh") == "不"


def test_a_bundled_name_is_found_and_a_misspelt_one_is_hinted() -> None:
    with pytest.raises(ScenarioError, match="did you mean minimal"):
        load("minimol", kinds=KINDS)


def test_importing_the_language_loads_no_heavy_module() -> None:
    code = (
        "import sys, fundsim.scenario, fundsim.scenario.schema, fundsim.scenario.explain\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'numba', 'matplotlib', 'simpy', 'pyarrow'} & set(sys.modules)\n"
        "sys.exit(1 if heavy else 0)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_the_loader_is_given_the_kinds_and_imports_no_instrument() -> None:
    folder = Path(str(fundsim.scenario.__file__)).parent
    texts = {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
    assert "build.py" in texts
    assert [name for name, text in texts.items() if "from fundsim.instruments" in text] == []
