"""Usage errors in both languages: every one that can be provoked, with sound punctuation."""

import re
import shlex

import click
import pytest

from fundsim.cli import ENTRIES, _group, main
from fundsim.cli.console import Session
from fundsim.cli.frame import language_of
from fundsim.cli.usage import usage_message

CALLS = """
rum
--pahts 3
run
run x --pahts 3
run x --pat 3
run x --p 3
run x --see 3
run x --paths many
run x --paths 1.5
run x --paths 0
run x --paths
run x --paths=
run x --seed -1
run x --seed 99999999999999999999999
run x --engine warp
run x --engine cor
run x --plots gif
run x y
run x y z
run x -o
run x --replace=3
run x -z
run x -qz
--lang fr
--lang
run x --lang fr
list foo
list metric
list metrics a b
list instruments x
trace x
trace x --path -1
trace x --path
trace x --path a
verify x
validate
compare
compare x y --metrik z
compare x y --paths 0
compare x y --threads many
compare x y --plots gif
compare x y --metric
diff
diff a b --sett x=1
diff a b c
schema x
show
show a b
--json=3
--quiet=yes rum
--version=2
--
-- rum
-- --rum
run x --set
Run
--help=2
run x --threads 0
run --
-
run x --path 3
run x -o a -o
run x --metrics
--jsn
--qiet list
--no-such-thing
run x --output
run x --out o
run x --seed 1 --seed 2
size x --vary a --vary b --target c
trace x --path 1 --path 2
verify --al
verify --quik
report
report x --pdf
report x y
report x -o
""".strip().splitlines()

ENGLISH = re.compile(r"[A-Za-z]{2,}")
NAMES = {"SCENARIO", "TOPIC", "FUNDSIM", "LANG", "KEY", "VALUE", "A", "B", "FILE", "DIR"}


def message(args, lang, capsys):
    """Return the line that says what is wrong, after checking status and silence on stdout."""
    assert main(["--lang", lang, *shlex.split(args)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = [line for line in err.splitlines() if line.startswith(("Error: ", "错误："))]
    return line


@pytest.mark.parametrize("call", CALLS)
def test_every_usage_error_is_chinese_in_chinese(call, capsys):
    line = message(call, "zh", capsys)
    assert line.startswith("错误：")
    known = NAMES | set(ENGLISH.findall(call)) | set(ENTRIES)
    known |= set(ENGLISH.findall("core reference png svg pdf none en zh instruments metrics scenarios"))
    options = set(ENGLISH.findall(" ".join(re.findall(r"--[a-z-]+", line))))
    assert set(ENGLISH.findall(line)) <= known | options
    assert not re.search(r"[。？] |[();:?]|,(?!\d{3})|。。|？。| $|\.$", line), line
    assert line[-1] in "。？"


@pytest.mark.parametrize("call", CALLS)
def test_every_usage_error_is_one_plain_sentence_in_english(call, capsys):
    line = message(call, "en", capsys)
    assert line.startswith("Error: ")
    assert line.replace("2万", "").isascii()  # an example of how Chinese counts are written
    assert line[-1] in ".?"
    assert "one of:" not in line
    assert "range." not in line
    assert not re.search(r"\((Did|Possible)|\)\.?$|\.\.$| ,|  ", line), line


@pytest.mark.parametrize(
    ("call", "english", "chinese"),
    [
        (
            "run x --pahts 3",
            "Did you mean '--paths', '--plots' or '--dask'?",
            "是否想写 --paths、--plots 或 --dask？",
        ),
        (
            "run x --see 3",
            "No such option '--see'. Did you mean '--seed'?",
            "没有选项 --see。是否想写 --seed？",
        ),
        ("run x --engine cor", "Did you mean 'core'?", "（core、reference）。是否想写 core？"),
        ("list metric", "Invalid value for 'TOPIC': 'metric' is not one of", "TOPIC 的值无效"),
        ("--lang fr", "'--lang' (or FUNDSIM_LANG)", "--lang（或环境变量 FUNDSIM_LANG）的值无效"),
        ("run x y z", "unexpected extra arguments: y z.", "多余的参数：y z。"),
        ("-- --rum", "No such command '--rum'", "没有命令 '--rum'"),
    ],
)
def test_hints_name_what_may_be_meant(call, english, chinese, capsys):
    assert english in message(call, "en", capsys)
    assert chinese in message(call, "zh", capsys)


def test_three_options_that_may_be_meant_are_a_list_with_an_or():
    error = click.NoSuchOption("--parts", possibilities=["--paths", "--part", "--ports"])
    assert usage_message(error, "en").endswith("Did you mean '--part', '--ports' or '--paths'?")
    assert usage_message(error, "zh").endswith("是否想写 --part、--ports 或 --paths？")


def test_what_click_says_in_words_unknown_to_us_stays_as_it_is():
    assert usage_message(click.UsageError("Something new."), "zh") == "Something new."


def test_a_language_that_there_is_not_is_refused_in_the_one_said_before():
    assert language_of(["--lang", "zh", "--lang", "fr"], {}) == "zh"
    assert language_of(["--lang", "fr"], {"FUNDSIM_LANG": "zh"}) == "zh"
    assert language_of(["--lang=fr"], {"FUNDSIM_LANG": "fr"}) == "en"


@pytest.mark.parametrize("command", [name for name in ENTRIES if name != "schema"])
def test_an_option_of_one_value_given_twice_is_refused(command, capsys):
    """Whichever option it is, in short or long form; flags and options that may be repeated are free."""
    group = _group(Session())
    loaded = group.get_command(click.Context(group), command)
    single = [p for p in loaded.params if isinstance(p, click.Option) and not (p.multiple or p.is_flag)]
    for option in single:
        values = ["1", "2"][: option.nargs]
        call = [command, "x", option.opts[0], *values, option.opts[-1], *values]
        assert main(call) == 2
        takes = "one value" if option.nargs == 1 else "2 values"
        assert f"'{max(option.opts, key=len)}' takes {takes}" in capsys.readouterr().err
    assert {max(option.opts, key=len) for option in single} >= {"--lang"}
