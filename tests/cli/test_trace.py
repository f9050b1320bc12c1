"""``fundsim trace``: what is printed, written and refused."""

import json

import pytest

from fundsim.cli import main


def test_a_path_is_printed_with_its_proof(capsys):
    assert main(["trace", "minimal", "--path", "2", "--seed", "7"]) == 0
    out, err = capsys.readouterr()
    assert "minimal: path 2 of seed 7" in out
    assert "loans paid out" in out
    assert "opening + received − paid = closing for every party, and every figure is the run's" in out
    assert err == ""


def test_the_ledger_speaks_chinese(capsys):
    assert main(["trace", "minimal", "--path", "2", "--lang", "zh"]) == 0
    out, _ = capsys.readouterr()
    assert "发放贷款" in out
    assert "核对无误" in out


def test_json_holds_all_four_parts(capsys):
    assert main(["trace", "minimal", "--path", "2", "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)
    assert reported["scenario"] == "minimal"
    assert reported["path"] == 2
    assert min(len(reported[part]) for part in ("entries", "events", "accounts", "figures")) > 0


def test_quiet_prints_nothing_and_writes_the_file(capsys, tmp_path):
    file = tmp_path / "new" / "ledger.csv"
    assert main(["trace", "minimal", "--path", "2", "-q", "-o", str(file)]) == 0
    assert capsys.readouterr() == ("", "")
    assert file.read_bytes().startswith(b"\xef\xbb\xbfmonth,step")
    assert [p.name for p in file.parent.iterdir()] == ["ledger.csv"]


def test_a_file_that_exists_is_replaced_only_on_demand(capsys, tmp_path):
    file = tmp_path / "ledger.csv"
    file.write_text("mine")
    command = ["trace", "minimal", "--path", "2", "-o", str(file)]
    assert main(command) == 2
    assert "already exists; choose another file with -o, or --replace it" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert main([*command, "--replace", "--lang", "zh"]) == 0
    out, err = capsys.readouterr()
    assert "新发放贷款本金" in file.read_text(encoding="utf-8-sig")
    assert "台账期末余额" in out
    assert "新发放贷款本金" not in out
    assert "台账已写入" in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["minimal"], "Missing option '--path'"),
        (
            ["minimal", "--path", "-1"],
            "'-1': the number of a path is 0 or more; write a whole number from 0 on",
        ),
        (["minimal", "--path", "1", "-o", "ledger.xlsx"], "give a name that ends in .csv"),
        (["no_such_scenario", "--path", "1"], "no_such_scenario"),
        (["minimal", "--path", "1", "--set", "pool.multiple=-1"], "pool.multiple = -1"),
    ],
)
def test_bad_input_is_reported_and_nothing_is_written(arguments, complaint, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["trace", *arguments]) == 2
    assert complaint in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_value_set_on_the_command_line_is_traced(capsys):
    assert main(["trace", "minimal", "--path", "2", "--json", "--set", "pool.opening=12345678"]) == 0
    accounts = {a["party"]: a for a in json.loads(capsys.readouterr().out)["accounts"]}
    assert accounts["pool"]["opening"] == 12345678
