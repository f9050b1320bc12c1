"""Slips of the keyboard that break the syntax: recognised, reported, and repaired in memory.

Each rule looks at one line and proposes another; the reader takes the first proposal that lets the
parser get further.  A repaired line never changes a result: the file stays refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import key_text, shown
from fundsim.scenario.spelling import plain
from fundsim.slips import meant_proportion

__all__ = ["Patched", "Repair", "plain_words", "repairs"]

_LONGEST_LINE = 2_000
_KEY = r"[^\W\d][\w.-]*"
_HEAD = re.compile(rf"^(?P<indent>[ ]*(?:- +)*)(?P<key>{_KEY})(?P<rest>.*)$")


class Patched:
    """A text with repaired lines; columns are given as in the original."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._inserted: dict[int, tuple[int, int]] = {}

    @property
    def text(self) -> str:
        """The text as repaired so far."""
        return "\n".join(self.lines)

    def with_line(self, number: int, line: str) -> Patched:
        """Return a copy whose line ``number`` (from 1) is another."""
        copy = Patched("")
        copy.lines = list(self.lines)
        before = copy.lines[number - 1]
        copy.lines[number - 1] = line
        copy._inserted = dict(self._inserted)
        common = next((i for i, (a, b) in enumerate(zip(before, line, strict=False)) if a != b), len(before))
        copy._inserted[number] = (common + 1, len(line) - len(before))
        return copy

    def is_repaired(self, line: int) -> bool:
        """Return whether a line is another than in the original."""
        return line in self._inserted

    def become(self, other: Patched) -> None:
        """Take over the lines of another."""
        self.lines, self._inserted = other.lines, other._inserted

    def column(self, line: int, column: int) -> int:
        """Return the original column of a column of the repaired text."""
        start, width = self._inserted.get(line, (0, 0))
        return max(1, column - width) if width and column > start else column


@dataclass(frozen=True, slots=True)
class Repair:
    """A proposal: the text with one line repaired, and what to report."""

    patched: Patched
    line: int
    column: int
    key: str
    written: str | None
    message: Message


_Proposal = tuple[str, int, Message]
"""The repaired line, the column of the slip, what to report."""
_Rule = Callable[[Patched, int], _Proposal | None]


def repairs(patched: Patched, failure: yaml.MarkedYAMLError) -> Iterator[Repair]:
    """Yield proposals for the line of a failure, the line before it, and where it began."""
    for number in _suspects(patched, failure):
        for rule in _RULES:
            proposal = rule(patched, number)
            if proposal is not None:
                line, column, message = proposal
                key, written = _key_and_value(patched, number)
                yield Repair(patched.with_line(number, line), number, column, key, written, message)


def _key_and_value(patched: Patched, number: int) -> tuple[str, str | None]:
    """Return the dotted path of a line, read off the indentation, and the value written there."""
    line = patched.lines[number - 1].replace("\t", "  ")
    head = _HEAD.match(line)
    if not head:
        return "", shown(line.strip()) or None
    path, indent = [head["key"]], len(head["indent"])
    for above in reversed(patched.lines[: number - 1]):
        parent = _HEAD.match(above)
        if parent and len(parent["indent"]) < indent and parent["rest"].startswith((":", "：")):
            path.insert(0, parent["key"])
            indent = len(parent["indent"])
    value = shown(head["rest"].lstrip(" :：=").rstrip())
    return key_text(tuple(path)), value or None


def _suspects(patched: Patched, failure: yaml.MarkedYAMLError) -> list[int]:
    marks = [mark.line + 1 for mark in (failure.problem_mark, failure.context_mark) if mark]
    numbers = []
    for number in marks:
        inside = min(number, len(patched.lines))
        numbers += [inside, _line_before(patched, inside)]
    # Nobody types a line of thousands of characters, and the rules would take long over it.
    return [n for n in dict.fromkeys(numbers) if n >= 1 and len(patched.lines[n - 1]) <= _LONGEST_LINE]


def _line_before(patched: Patched, number: int) -> int:
    for before in range(number - 1, 0, -1):
        if patched.lines[before - 1].strip():
            return before
    return 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _tab(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    space = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" not in space:
        return None
    before = _line_before(patched, number)
    above = patched.lines[before - 1] if before else ""
    width = _indent(above) + (2 if above.rstrip().endswith(":") else 0)
    message = ("a tab in the indentation", "indent with spaces", "缩进中有制表符", "请用空格缩进")
    return " " * width + line.lstrip(" \t"), space.index("\t") + 1, message


def _full_width_colon(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    found = re.match(rf"^[ ]*(?:- +)*(?P<key>{_KEY})(?P<colon>[：︰﹕∶])[ 　]*", line)
    if not found:
        return None
    repaired = f"{line[: found.start('colon')]}: {line[found.end() :]}".rstrip()
    message = (f"a full-width colon {found['colon']}", "did you mean ':'?",
               f"使用了全角冒号 {found['colon']}", "是否想写 ':'？")  # fmt: skip
    return repaired, found.start("colon") + 1, message


def _full_width_marks(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    body = line.split(" #")[0]
    found = re.search(r"[，［］｛｝【】“”‘’＂＇－＃％＆＊！｜＞＠]", body)
    if not found or plain(body) == body:
        return None
    message = (f"a full-width character {found[0]}", f"did you mean '{plain(found[0])}'?",
               f"使用了全角字符 {found[0]}", f"是否想写 '{plain(found[0])}'？")  # fmt: skip
    return plain(body), found.start() + 1, message


def _space_after_colon(patched: Patched, number: int) -> _Proposal | None:
    head = _HEAD.match(patched.lines[number - 1])
    if not head or not re.match(r":[^\s:]", head["rest"]):
        return None
    repaired = f"{head['indent']}{head['key']}: {head['rest'][1:]}"
    message = ("no space after the colon", f"write '{head['key']}: …'",
               "冒号后缺少空格", f"请写 '{head['key']}: …'")  # fmt: skip
    return repaired, head.end("key") + 1, message


def _missing_colon(patched: Patched, number: int) -> _Proposal | None:
    head = _HEAD.match(patched.lines[number - 1])
    if not head or not re.match(r"[ =]*([ =]\S.*)?$", head["rest"]) or ": " in head["rest"]:
        return None
    value = head["rest"].lstrip(" =")
    repaired = f"{head['indent']}{head['key']}: {value}".rstrip()
    message = ("no colon after the key", f"write '{head['key']}: …'",
               "键后缺少冒号", f"请写 '{head['key']}: …'")  # fmt: skip
    return repaired, head.end("key") + 1, message


def _open_quote(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    body = re.sub(r"\s+#.*$", "", line)
    found = re.search(r"[:\-\[,{]\s+(?P<quote>['\"])(?P<text>[^'\"]*)$", body)
    if not found:
        return None
    message = ("a quote that is not closed", f"end the text with {found['quote']}",
               "引号未闭合", f"请以 {found['quote']} 结束文字")  # fmt: skip
    return body + found["quote"], found.start("quote") + 1, message


def _open_bracket(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    body = re.sub(r"\s+#.*$", "", line).rstrip()
    open_at = [i for i, c in enumerate(body) if c in "[{"]
    closed = sum(c in "]}" for c in body)
    if len(open_at) <= closed:
        return None
    column = open_at[len(open_at) - closed - 1]
    closing = "]" if body[column] == "[" else "}"
    message = ("a bracket that is not closed", f"end it with {closing}", "括号未闭合", f"请以 {closing} 结束")
    return body.rstrip(", ") + closing, column + 1, message


def _stray_bracket(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    body = re.sub(r"\s+#.*$", "", line).rstrip()
    if not body.endswith(("]", "}")) or body.count("[") + body.count("{") >= body.count("]") + body.count(
        "}"
    ):
        return None
    message = ("a bracket that was never opened", f"delete {body[-1]}",
               "括号多余", f"请删除 {body[-1]}")  # fmt: skip
    return body[:-1], len(body), message


def _unquoted(patched: Patched, number: int) -> _Proposal | None:
    head = _HEAD.match(patched.lines[number - 1])
    value = head and re.fullmatch(r": +(?P<text>[^'\"\[{#|>\s].*?)\s*", head["rest"])
    if not head or not value or not (re.search(r":(\s|$)", value["text"]) or value["text"][0] in "%@`*&!,]}"):
        return None
    text = value["text"].replace("'", "''")
    repaired = f"{head['indent']}{head['key']}: '{text}'"
    message = ("a text that YAML can't read without quotes", "put the text in quotes",
               "这段文字须加引号才能读取", "请给文字加引号")  # fmt: skip
    number_meant = meant_proportion(value["text"])
    if number_meant:
        repaired = f"{head['indent']}{head['key']}: {number_meant}"
        message = ("a proportion, which YAML can't read", f"write {number_meant}, or put a text in quotes",
                   "比例写法无法读取", f"请写 {number_meant}；若为文字请加引号")  # fmt: skip
    return repaired, head.end("key") + value.start("text") + 1, message


def _after_quote(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    found = re.match(
        rf"^(?P<head>[ ]*(?:- +)*{_KEY}: +)(?P<quote>['\"])(?P<a>[^'\"]*)(?P=quote)(?P<b>[^#]*\S)\s*$", line
    )
    if not found:
        return None
    text = (found["a"] + found["b"]).replace("'", "").replace('"', "")
    message = ("text after the closing quote", "put all of it inside the quotes",
               "引号之后还有文字", "请把全部文字放入引号内")  # fmt: skip
    return f"{found['head']}'{text}'", found.start("b") + 1, message


def _indentation(patched: Patched, number: int) -> _Proposal | None:
    line = patched.lines[number - 1]
    before = _line_before(patched, number)
    if not before or not line.strip():
        return None
    levels = {_indent(patched.lines[n - 1]) for n in range(1, number) if patched.lines[n - 1].strip()}
    mine = _indent(line)
    if mine in levels and mine <= _indent(patched.lines[before - 1]):
        return None
    above = _indent(patched.lines[before - 1])
    width = above if mine > above else min(levels, key=lambda level: (abs(level - mine), -level))
    message = ("the indentation fits no line above", f"indent by {width} spaces, as the lines of its block",
               "缩进与上文各行都不一致", f"请缩进 {width} 个空格，与同组各行一致")  # fmt: skip
    return " " * width + line.lstrip(" "), mine + 1, message


_RULES: tuple[_Rule, ...] = (
    _tab,
    _full_width_colon,
    _full_width_marks,
    _space_after_colon,
    _open_quote,
    _open_bracket,
    _stray_bracket,
    _after_quote,
    _indentation,
    _unquoted,
    _missing_colon,
)

_WORDS: tuple[tuple[str, Message], ...] = (
    ("cannot start any token", (
        "a character that can't stand here", "put the text in quotes",
        "此处不能出现该字符", "请给文字加引号")),
    ("mapping values are not allowed", (
        "a colon where no key can stand", "check the indentation, or put the text in quotes",
        "此处不能出现冒号", "请检查缩进，或给文字加引号")),
    ("could not find expected ':'", (
        "a line without a colon", "write 'key: value'",
        "该行缺少冒号", "请写 '键: 值'")),
    ("unexpected end of stream", (
        "a quote that is not closed", "close the quote",
        "引号未闭合", "请补上引号")),
    ("',' or ']'", ("a bracket that is not closed", "end it with ]", "括号未闭合", "请以 ] 结束")),
    ("',' or '}'", ("a bracket that is not closed", "end it with }", "括号未闭合", "请以 } 结束")),
    ("expected key", (
        "the indentation fits no line above", "indent as the lines of its block",
        "缩进与上文各行都不一致", "请与同组各行的缩进一致")),
    ("'-' indicator", (
        "a key in the middle of a list", "begin the line with '- ', or indent it otherwise",
        "列表中间出现了键", "请以 '- ' 开头，或调整缩进")),
    ("node content", (
        "a bracket or mark without a value", "write a value",
        "括号或符号处缺少值", "请写一个值")),
    ("unknown escape", (
        "a backslash in double quotes that means nothing", "use single quotes",
        "双引号内的反斜杠无效", "请改用单引号")),
    ("maximum nesting depth", (
        "nested deeper than 32 levels", "make it flatter",
        "嵌套超过 32 层", "请减少层数")),
    ("a tab character", (
        "a tab in the indentation", "indent with spaces",
        "缩进中有制表符", "请用空格缩进")),
)  # fmt: skip


def plain_words(failure: yaml.MarkedYAMLError) -> Message:
    """Return what to say of a fault of syntax that no rule repairs."""
    problem = failure.problem or ""
    for words, message in _WORDS:
        if words in problem:
            return message
    return (
        f"this is no YAML: {shown(problem)}",
        "write 'key: value' lines, indented with spaces",
        f"不是 YAML：{shown(problem)}",
        "请写 '键: 值' 的行，用空格缩进",
    )
