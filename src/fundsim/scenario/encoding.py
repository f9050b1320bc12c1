"""From the bytes of a file to text, and what can be wrong on the way."""

from __future__ import annotations

import codecs
import re

from fundsim.scenario.faultlist import FaultList
from fundsim.scenario.filekind import other_kind
from fundsim.scenario.nodes import Place, shown

__all__ = ["MAX_BYTES", "decode", "first_control", "gb18030_text", "has_controls", "text_of", "unknown_bytes"]

MAX_BYTES = 1 << 20
"""Largest scenario file [bytes]."""

_LEAST_COMMON = 0.8
"""Part of the signs of a text that GB 2312 has if the text is Chinese."""
_UTF16 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_COLOUR = re.compile("\x1b\\[[0-9;]*[A-Za-z]")
"""What sets a terminal's colours."""
_IN_INDENTATION = re.compile(f"(?m)^(?P<indent> *)(?:{_COLOUR.pattern}|{_CONTROL.pattern})+")


def decode(data: bytes, file: str, faults: FaultList) -> str | None:
    """Return the text of a scenario file, or None when nothing can be made of it.

    UTF-8 with or without a byte order mark is right.  GB18030 is reported and still read, so
    that the file's other faults are reported with it.  Control characters are reported and made blanks.
    """
    other = other_kind(data, file)
    if other is not None:
        _whole(faults, file, *other)
        return None
    if len(data) > MAX_BYTES:
        _whole(faults, file, "the file is larger than 1 MiB", "split it and use extends",
               "文件超过 1 MiB", "请拆分文件并使用 extends")  # fmt: skip
        return None
    return text_of(data, file, faults)


def text_of(data: bytes, file: str, faults: FaultList) -> str | None:
    """Return the text of a file of any size, as ``decode`` does."""
    if data.startswith(_UTF16) or data[:64].count(0) > 8:
        _whole(faults, file, "the file is saved as UTF-16, not UTF-8", "save it as UTF-8",
               "文件以 UTF-16 而非 UTF-8 保存", "请另存为 UTF-8")  # fmt: skip
        return None
    if 0 in data:
        place = _place(data, data.index(0), file)
        message = ("a NUL byte", "this is no text file; save it as UTF-8 text",
                   "含有 NUL 字节", "这不是文本文件；请另存为 UTF-8 文本")  # fmt: skip
        faults.add(place, "", None, message)
        return None
    text = _text(data, file, faults)
    if text is None:
        return None
    return _without_controls(text.replace("\r\n", "\n").replace("\r", "\n"), file, faults)


def gb18030_text(data: bytes) -> str | None:
    """Return the text of a table that is plainly Chinese in GB18030, None for any other.

    Most of its signs must be those of everyday Chinese (GB 2312): other encodings, read so, give rare ones.
    """
    if data.startswith(_UTF16) or 0 in data or _is_utf8(data) or _is_mostly_utf8(data):
        return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    signs = "".join(c for c in text if not c.isascii())
    common = len(signs.encode("gb2312", errors="ignore")) / 2
    return text if common >= _LEAST_COMMON * len(signs) else None


def unknown_bytes(data: bytes) -> tuple[int, int] | None:
    """Return line and column of the first byte of a text that is not UTF-8, None if there is none."""
    if data.startswith(_UTF16) or 0 in data:
        return None
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(data, error.start, "")
        return place.line, place.column
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes, file: str, faults: FaultList) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place(data, error.start, file)
    text = "" if _is_mostly_utf8(data) else data.decode("gb18030", errors="ignore")
    if any("\u4e00" <= c <= "\u9fff" for c in text):
        message = ("the file is saved as GB18030 (ANSI on Chinese Windows), not UTF-8", "save it as UTF-8",
                   "文件以 GB18030（中文 Windows 的 ANSI）而非 UTF-8 保存", "请另存为 UTF-8")  # fmt: skip
        faults.add(place, "", None, message)
        return text
    message = ("bytes that are not UTF-8", "save the file as UTF-8", "含有非 UTF-8 的字节", "请另存为 UTF-8")
    faults.add(place, "", None, message)
    return None


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether a file is damaged UTF-8: GB18030 has next to no valid sequence of it."""
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    return sum(not c.isascii() for c in text) - bad > bad


def first_control(text: str) -> str | None:
    """Return the first control character of a text, NUL included; None if it has none."""
    found = _CONTROL.search(text)
    return "\0" if "\0" in text else found[0] if found else None


def has_controls(text: str) -> bool:
    """Return whether a text has control characters, as no scenario file may have."""
    return _CONTROL.search(text) is not None


def _without_controls(text: str, file: str, faults: FaultList) -> str:
    if not _CONTROL.search(text):
        return text
    # What a terminal's colours leave behind goes whole, and nothing that could move an indentation stays.
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        found = _CONTROL.search(line)
        if found:
            message = (f"a control character ({shown(found[0])})", "delete it",
                       f"含有控制字符（{shown(found[0])}）", "请删除")  # fmt: skip
            faults.add(Place(file, number, found.start() + 1), "", None, message)
    text = _IN_INDENTATION.sub(lambda found: found["indent"], text)
    return _CONTROL.sub(" ", _COLOUR.sub(lambda found: " " * len(found[0]), text))


def _place(data: bytes, index: int, file: str) -> Place:
    before = data[:index]
    line_start = before.rfind(b"\n") + 1
    column = len(before[line_start:].decode("utf-8", errors="replace")) + 1
    return Place(file, before.count(b"\n") + 1, column)


def _whole(faults: FaultList, file: str, *message: str) -> None:
    problem, fix, problem_zh, fix_zh = message
    faults.add(Place(file, 1, 1), "", None, (problem, fix, problem_zh, fix_zh))
