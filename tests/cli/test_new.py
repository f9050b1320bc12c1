"""``fundsim new``: the file, its schema line, what is said and what is refused."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import jsonschema
import pytest
import yaml

import fundsim as fs
from fundsim.cli import main
from fundsim.scenario import starter as starter_module
from fundsim.scenario.files import bundled_file

HAN = re.compile("[\u4e00-\u9fff]")
# As the YAML language server of the editors reads it.
MODELINE = re.compile(r"^#\s+yaml-language-server\s*:.*?\$schema=(\S+)")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def schema_of(file: Path) -> dict[str, object]:
    """Follow the first line of a file to its schema, without a network."""
    line = MODELINE.match(file.read_text(encoding="utf-8").split("\n")[0])
    assert line is not None
    address = urlparse(line[1])
    assert (address.scheme, address.netloc) == ("file", "")
    found: dict[str, object] = json.loads(Path(url2pathname(address.path)).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_new_file_is_the_minimal_scenario_and_its_line_leads_to_a_schema_that_it_fits(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "--lang", lang, "-o", "mine.yaml"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
    assert capsys.readouterr().out == ""
    text = Path("mine.yaml").read_text(encoding="utf-8")
    rest = text.partition("\n")[2]
    bundled = bundled_file("minimal.zh" if lang == "zh" else "minimal").read_text(encoding="utf-8")
    assert rest == bundled.partition("\n")[2]
    assert bool(HAN.search(text.split("\n")[2])) == (lang == "zh")
    validator = jsonschema.Draft202012Validator(schema_of(Path("mine.yaml")))
    content = yaml.safe_load(text)
    validator.validate(content)
    content["instruments"]["pool"]["sharee"] = 1
    assert not validator.is_valid(content)
    assert fs.load("mine.yaml").resolved() | {"name": ""} == fs.load("minimal").resolved() | {"name": ""}


def test_the_line_holds_wherever_the_file_is_copied(tmp_path: Path) -> None:
    assert main(["new", "-q"]) == 0
    away = tmp_path / "a folder" / "深处"
    away.mkdir(parents=True)
    shutil.copy("my_scenario.yaml", away / "copy.yaml")
    assert schema_of(away / "copy.yaml") == schema_of(Path("my_scenario.yaml"))


def test_a_folder_with_blanks_and_chinese_signs_becomes_one_word_of_the_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "程序 files"
    (home / "scenarios").mkdir(parents=True)
    (home / "docs" / "reference").mkdir(parents=True)
    shutil.copy(bundled_file("minimal"), home / "scenarios")
    (home / "docs" / "reference" / "scenario.schema.json").write_text('{"title": "here"}', encoding="utf-8")
    monkeypatch.setattr(starter_module, "bundled_file", lambda name: home / "scenarios" / f"{name}.yaml")
    assert main(["new"]) == 0
    assert schema_of(Path("my_scenario.yaml")) == {"title": "here"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            "scenario written to my_scenario.yaml; open it in a text editor, change its values, then\n"
            "  fundsim validate my_scenario.yaml   names every fault and how to fix it\n"
            "  fundsim run my_scenario.yaml        simulates it\n",
        ),
        (
            "zh",
            "情景已写入 my_scenario.yaml；请用文本编辑器打开，改好数值后运行\n"
            "  fundsim validate my_scenario.yaml --lang zh   检查，列出错误和改法\n"
            "  fundsim run my_scenario.yaml --lang zh        模拟\n",
        ),
    ],
)
def test_the_next_steps_are_said_and_work(lang: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "--lang", lang]) == 0
    assert capsys.readouterr() == ("", said)
    for command in re.findall(r"fundsim (\w+ \S+)", said)[:1]:
        assert main([*command.split(), "--lang", lang]) == 0
    assert capsys.readouterr().err.rstrip("\n") in ("my_scenario.yaml: sound", "my_scenario.yaml：无误")


def test_a_name_with_a_blank_is_quoted_for_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "-o", "my pool.yaml"]) == 0
    assert '  fundsim run "my pool.yaml" ' in capsys.readouterr().err


def test_json_and_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "--json", "-q"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    said = json.loads(out)
    assert said["file"] == "my_scenario.yaml"
    assert Path("my_scenario.yaml").read_text(encoding="utf-8").split("\n")[0].endswith("=" + said["schema"])


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "mine.yaml already exists; choose another file with -o, or --replace it"),
        ("zh", "mine.yaml 已存在；请用 -o 换一个文件，或用 --replace 替换"),
    ],
)
def test_a_file_that_exists_is_replaced_only_on_demand(
    lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf-8")
    command = ["new", "-o", "mine.yaml", "--lang", lang]
    assert main(command) == 2
    assert said in capsys.readouterr().err
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine"
    assert main([*command, "--replace"]) == 0
    assert "compensation_pool" in Path("mine.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "mine.txt: a scenario is a YAML file; give a name that ends in .yaml"),
        ("zh", "mine.txt：情景是 YAML 文件；请写以 .yaml 结尾的文件名"),
    ],
)
def test_another_ending_is_refused(
    lang: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "-o", "mine.txt", "--lang", lang]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", fails)
    assert main(["new"]) == 1
    assert "the file is not written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
