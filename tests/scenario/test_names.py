"""Names become columns, parties and files: what can't be all three is refused where it stands."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import fundsim as fs
from fundsim.errors import ScenarioError
from fundsim.lowering import lower
from fundsim.results.folder import LONGEST_NAME
from fundsim.scenario import bundled_names
from fundsim.scenario.names import OWN_INSTRUMENTS

SEGMENT = "{city_weight: 1, pd: 3%, rho: 0.12, lgd: 55%, loan: {mean: 100万}, source: assumption}"
POOL = (
    "kind: KIND, opening: 1亿, share: 50%, trigger: {overdue_days: 0}, demand: {yearly: [1亿]}, "
    "recovery: {lag_months: 12}, source: assumption"
)


def scenario(
    segments: tuple[str, ...] = ("trade",),
    instruments: tuple[str, ...] = ("pool",),
    more: tuple[str, ...] = ("",),
    kind: str = "compensation_pool",
    sectors: tuple[str, ...] = (),
) -> str:
    lines = ["window: {start: 2015-01, months: 12}", "segments:"]
    for number, name in enumerate(segments):
        text = SEGMENT
        if sectors:
            text = text.replace("city_weight: 1,", f"city_weight: 0.5, sector: {sectors[number]},")
        lines.append(f"  {name}: {text}")
    lines.append("instruments:")
    share = 1 / len(segments)
    borrowers = ", ".join(f"{name}: {share!r}" for name in segments)
    for number, name in enumerate(instruments):
        extra = more[number] if number < len(more) else ""
        lines.append(f"  {name}: {{{POOL.replace('KIND', kind)}, borrowers: {{{borrowers}}}{extra}}}")
    return "\n".join(lines) + "\n"


def faults(text: str, folder: Path) -> list[tuple[int, str]]:
    path = folder / "s.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        fs.load(path)
    except ScenarioError as error:
        for fault in error.faults:
            assert fault.problem_zh != fault.problem
        return [(fault.line, f"{fault.key}: {fault.problem}") for fault in error.faults]
    return []


ALIKE = "in upper and lower case only"
PARTNERS = ", partners: {{{}: {{share: 10%}}, {}: {{share: 10%}}}}"
CASES = [
    (scenario(instruments=("Pool", "pool")), 6, f"pool: differs from Pool on line 5 {ALIKE}"),
    (scenario(segments=("trade", "TRADE")), 4, f"TRADE: differs from trade on line 3 {ALIKE}"),
    (scenario(segments=("straße", "STRASSE")), 4, f"STRASSE: differs from straße on line 3 {ALIKE}"),
    (scenario(segments=("ıx", "Ix")), 4, f"Ix: differs from ıx on line 3 {ALIKE}"),
    (scenario(instruments=("p" * 65,)), 5, "a name has at most 64 characters, and this one 65"),
    (scenario(segments=("企" * 65,)), 3, "a name has at most 64 characters, and this one 65"),
    *[
        (scenario(instruments=(name,)), 5, f"Windows keeps the name {name} for a device")
        for name in ("con", "NUL", "Aux", "prn", "com1", "LPT9")
    ],
    (scenario(segments=("Nul",)), 3, "Windows keeps the name Nul for a device"),
    *[
        (scenario(instruments=(name,)), 5, f"the program itself uses the name {name}")
        for name in (*sorted(OWN_INSTRUMENTS - {"budget"}), "Scheme")  # budget is a key of the language
    ],
    *[
        (scenario(segments=(name, "trade")), 3, f"the program itself uses the name {name}")
        for name in ("bank", "margin", "Margin")
    ],
    (scenario(instruments=("a", "b"), more=(", lender: ICBC", ", lender: icbc")), 6, "differs from ICBC"),
    (
        scenario(instruments=("a", "b"), more=(", lender: 工商 银行", ", lender: 工商  银行")),
        6,
        "differs from",
    ),
    (scenario(more=(", lender: Firms",)), 5, "another party is called Firms"),
    (scenario(instruments=("a", "b"), more=(", lender: B",)), 5, "another party is called B"),
    (scenario(instruments=("a", "b"), more=(", lender: b.bank",)), 5, "another party is called b.bank"),
    (scenario(more=(", lender: " + "L" * 65,)), 5, "a name has at most 64 characters"),
    (scenario(more=(', lender: "a\\tb"',)), 5, "a name is one line of letters"),
    (
        scenario(("a", "b"), sectors=("Retail", "retail")),
        4,
        f"b.sector: differs from Retail on line 3 {ALIKE}",
    ),
    (
        scenario(kind="technology_pool", more=(PARTNERS.format("Ab", "aB"),)),
        5,
        f"pool.partners.aB: differs from Ab on line 5 {ALIKE}",
    ),
    (scenario(kind="technology_pool", more=(PARTNERS.format("a.b", "c"),)), 5, "letters, digits and _ only"),
    (scenario(kind="technology_pool", more=(PARTNERS.format("bank", "c"),)), 5, "uses the name bank"),
    (scenario(kind="technology_pool", more=(PARTNERS.format("x" * 65, "c"),)), 5, "at most 64 characters"),
    (
        scenario(("trade", "farms"), kind="technology_pool", more=(PARTNERS.format("Trade", "c"),)),
        6,
        "pool.partners.Trade: the segment trade on line 3 has this name too",
    ),
]


@pytest.mark.parametrize(("text", "line", "reported"), CASES)
def test_a_name_that_cannot_be_used_is_one_fault_where_it_stands(
    tmp_path: Path, text: str, line: int, reported: str
) -> None:
    found = faults(text, tmp_path)
    assert len(found) == 1, found
    assert found[0][0] == line
    assert reported in found[0][1]


def test_an_heir_that_misspells_a_name_in_its_case_is_shown_the_other_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(scenario(), encoding="utf-8")
    text = "extends: base.yaml\n" + scenario(instruments=("Pool",)).partition("segments:")[0].replace(
        "window: {start: 2015-01, months: 12}\n", ""
    )
    text += "instruments:\n" + scenario(instruments=("Pool",)).partition("instruments:\n")[2]
    assert faults(text, tmp_path) == [
        (3, f"Pool: differs from pool on line 5 of {tmp_path}/base.yaml {ALIKE}")
    ]


def test_every_name_that_the_program_gives_a_part_is_kept_for_it() -> None:
    """Whatever the bundled scenarios make of an instrument's name and a word is such a word."""
    seen: set[str] = set()
    for name in bundled_names():
        loaded = fs.load(name)
        scheme = lower(loaded)
        names = [m.name for m in scheme.metrics if m.name.count(".") > 1]
        names += [one.name for part in (scheme.parties, scheme.contracts, scheme.facilities) for one in part]
        for one in names:
            instrument, _, rest = one.partition(".")
            part = rest.partition(".")[0]
            if not part or instrument not in loaded.kinds or part in loaded.terms.segments:
                continue
            terms = loaded.terms.instruments[instrument]
            if loaded.kinds[instrument] == "bridge_fund":
                continue  # it names its sizes, and a user names no part of it
            chosen = {key for value in vars(terms).values() if isinstance(value, dict) for key in value}
            if part not in chosen:
                assert part in terms.own_parts, one
                seen.add(part)
    assert {"bank", "compensation_fund", "counties", "insurer", "margin", "operator", "stack"} <= seen


def test_a_partner_may_be_called_what_another_kind_of_instrument_calls_its_own(tmp_path: Path) -> None:
    text = scenario(kind="technology_pool", more=(PARTNERS.format("insurer", "stack"),))
    assert faults(text, tmp_path) == []


letters = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Lt", "Nd"]) | st.just("_"), min_size=1, max_size=70
)
picked = st.sampled_from(
    ["pool", "Pool", "池", "con", "scheme", "x" * 64, "企" * 64, "stack", "𝒳", "ǆ", "ŉ", "ς", "Σ"]
)
names = letters | picked


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(names, names, names, names)
@example("企" * 64, "业" * 64, "池" * 64, "塘" * 64)
@example("𐐀" * 64, "𐐨" * 63, "𐐀" * 62, "a")
@example("ς", "Σ", "a", "b")
def test_names_that_are_sound_run_and_are_saved(one: str, two: str, three: str, four: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        path = folder / "s.yaml"
        text = scenario((f'"{one}"', f'"{two}"'), (f'"{three}"', f'"{four}"'))
        path.write_text(text.replace("\\", "\\\\"), encoding="utf-8")
        try:
            loaded = fs.load(path)
        except ScenarioError:
            return
        results = fs.simulate(loaded, paths=2)
        columns = [key.casefold() for key in results.column_keys]
        assert len(set(columns)) == len(columns)
        results.save(folder / "out", plots="none")
        pictures = [name for name, _ in results.plot._standard("en")]
        assert pictures
        _assert_files_fit(folder, results, pictures)
        opened = fs.open(folder / "out")
        assert set(opened.column_keys) | set(opened.left_out) == set(results.column_keys)
        assert opened.column_keys
        assert (
            fs.load(folder / "out" / "manifest.json").resolved()["instruments"]
            == loaded.resolved()["instruments"]
        )


def _assert_files_fit(folder: Path, results: fs.Results, pictures: list[str]) -> None:
    """Make an empty file for each picture, which is what a name has to stand."""
    from fundsim.results.folder import file_name  # noqa: PLC0415

    files = [file_name(name, ".png") for name in pictures]
    assert len({name.casefold() for name in files}) == len(files)
    for name in files:
        (folder / "out" / "plots" / name).write_bytes(b"")
        assert len(name.encode()) <= LONGEST_NAME


def test_the_longest_names_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(scenario(("企" * 64, "业" * 64), ("池" * 64,)), encoding="utf-8")
    results = fs.simulate(fs.load(path), paths=20)
    results.save(tmp_path / "out", plots="svg")
    drawn = [picture.name for picture in (tmp_path / "out" / "plots").iterdir()]
    assert len(drawn) + len(results.plot.says_nothing()) >= 5
    assert any(name.endswith(".balance.fan.svg") for name in drawn)
