"""What is installed: the font and its licence travel with the program."""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_the_font_its_licence_and_the_bundled_scenarios(tmp_path):
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        licence = next(name for name in names if name.endswith("licenses/src/fundsim/report/fonts/OFL.txt"))
        assert "SIL OPEN FONT LICENSE Version 1.1" in archive.read(licence).decode("utf-8")
        schema = archive.read("fundsim/docs/reference/scenario.schema.json")
        line = archive.read("fundsim/bundled/minimal.zh.yaml").decode("utf-8").split("\n")[0]
        font = archive.read("fundsim/report/fonts/NotoSansSC-subset.ttf")
    assert font == (ROOT / "src" / "fundsim" / "report" / "fonts" / "NotoSansSC-subset.ttf").read_bytes()
    assert "fundsim/report/fonts/OFL.txt" in names
    assert {"fundsim/report/document/page.html", "fundsim/report/document/page.css"} <= set(names)
    assert "fundsim/bundled/minimal.yaml" in names
    assert "fundsim/bundled/textbook/unequal_layers.csv" in names  # the tape beside its scenario
    # The first line of a bundled scenario, which `fundsim new` follows, holds in what is installed.
    assert line.endswith("$schema=../docs/reference/scenario.schema.json")
    assert schema == (ROOT / "docs" / "reference" / "scenario.schema.json").read_bytes()
