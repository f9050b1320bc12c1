"""Every bad file is reported at the right line, in the right words, and with the right hint (R15)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fundsim.errors import Fault
from fundsim.scenario import check_scenario

from . import key_cases, text_cases, value_cases
from .good import GOOD, Case
from .kinds import KINDS

CLASSES: dict[str, Callable[[], Iterator[Case]]] = {
    generator.__name__: generator
    for generator in (
        key_cases.misspelt_keys,
        key_cases.keys_in_another_style,
        key_cases.unknown_keys,
        key_cases.missing_keys,
        value_cases.out_of_range,
        value_cases.percent_slips,
        value_cases.wrong_types,
        value_cases.wrong_choices,
        value_cases.wrong_months,
        value_cases.full_width,
        key_cases.unknown_names,
        value_cases.rules_across_keys,
        text_cases.tabs,
        text_cases.indentation,
        text_cases.open_quotes_and_brackets,
        text_cases.colons,
        text_cases.duplicates,
        text_cases.tags_anchors_aliases,
        text_cases.encodings,
        text_cases.limits_and_shapes,
        text_cases.value_forms,
        text_cases.inheritance,
    )
}
CASES = [(name, case) for name, generator in CLASSES.items() for case in generator()]

FORM = re.compile(r"[^:]+\.yaml:\d+:\d+: (\S[^\n]*: )?[^\n]+; [^\n]+")


def faults_of(case: Case, folder: Path) -> list[Fault]:
    """Return what is reported of a case; warnings are left out."""
    for name, text in case.beside.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "bad.yaml"
    path.write_bytes(case.text if isinstance(case.text, bytes) else case.text.encode("utf-8"))
    scenario, faults = check_scenario(path, kinds=KINDS)
    errors = [fault for fault in faults if not fault.warning]
    assert (scenario is None) == bool(errors)
    return errors


def reported_at_line(case: Case, faults: list[Fault]) -> list[Fault]:
    """Return the faults at the expected line that say the expected words."""
    return [f for f in faults if f.line == case.line and case.says in f.text()]


def hinted(case: Case, faults: list[Fault]) -> bool:
    """Return whether "did you mean" offers what was meant, at the expected line."""
    wanted = f"did you mean {case.hint}?"
    quoted = (f'did you mean "{case.hint}"?', f"did you mean '{case.hint}'?")
    return any(f.line == case.line and (wanted in f.fix or any(q in f.fix for q in quoted)) for f in faults)


def test_the_good_file_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "good.yaml"
    path.write_text(GOOD, encoding="utf-8")
    scenario, faults = check_scenario(path, kinds=KINDS)
    assert scenario is not None
    assert faults == []


def test_there_are_enough_cases_in_enough_classes() -> None:
    assert len(CLASSES) >= 20
    assert len(CASES) >= 400
    assert len({(name, case.label) for name, case in CASES}) == len(CASES)
    assert all(sum(name == group for name, _ in CASES) >= 15 for group in CLASSES)


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Fault]]:
    """What is reported of each case, by class and label."""
    folder = tmp_path_factory.mktemp("bad")
    return {(group, case.label): faults_of(case, folder) for group, case in CASES}


@pytest.mark.parametrize("group", CLASSES)
def test_every_file_of_a_class_is_refused_in_the_agreed_form(
    group: str, reported: dict[tuple[str, str], list[Fault]]
) -> None:
    cases = CLASSES[group]()
    assert cases
    for case in cases:
        faults = reported[group, case.label]
        assert faults, f"{case.label}: nothing reported"
        keys = [(f.file, f.line, f.column, f.key, f.problem) for f in faults]
        assert len(keys) == len(set(keys)), f"{case.label}: reported twice"
        own = [f.line for f in faults if f.file.endswith("bad.yaml")]
        assert own == sorted(own), f"{case.label}: out of order"
        for fault in faults:
            assert FORM.fullmatch(fault.text()), fault.text()
            assert re.search("[\u4e00-\u9fff]", fault.problem_zh), fault
            assert re.search("[\u4e00-\u9fff]", fault.fix_zh), fault


def test_line_and_words_are_right_in_99_and_hints_in_90_percent(
    reported: dict[tuple[str, str], list[Fault]],
) -> None:
    hints = [(group, case) for group, case in CASES if case.hint is not None]
    wrong = [
        f"{g} / {c.label}: {reported[g, c.label][:3]}"
        for g, c in CASES
        if not reported_at_line(c, reported[g, c.label])
    ]
    unhinted = [
        f"{g} / {c.label}: {reported[g, c.label][:3]}"
        for g, c in hints
        if not hinted(c, reported[g, c.label])
    ]
    print(  # noqa: T201 - the figures of R15, shown by `pytest -s`
        f"\nR15: {len(CASES)} files in {len(CLASSES)} classes; right line and words in "
        f"{len(CASES) - len(wrong)} ({1 - len(wrong) / len(CASES):.1%}); right hint in "
        f"{len(hints) - len(unhinted)} of {len(hints)} ({1 - len(unhinted) / len(hints):.1%})"
    )
    assert len(wrong) <= 0.01 * len(CASES), "\n".join(wrong)
    assert len(unhinted) <= 0.10 * len(hints), "\n".join(unhinted)
    print("\n".join(wrong + unhinted))  # noqa: T201
