"""What was probably meant by a text that is no number or no month: for hints, never for reading.

Each function yields texts that might have been meant; the caller offers one only if it can be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

__all__ = [
    "foreign_currency",
    "meant_month",
    "meant_numbers",
    "meant_proportion",
    "other_time",
    "without_currency",
]

_YUAN = r"(?i:cn)?¥|人民币|(?i:cny|rmb|yuan)|[元圆块]"
_FOREIGN = (
    r"(?i:\b(?:us|hk|nt|au|a|ca|c|sg|s|nz|mop))?\$|[€£₤₩₹₽฿₫₱₪]|(?i:\bjp)¥"
    r"|[美欧港日韩台澳加]元|[日韩]圆|[港台]币|新台币|新加坡元|新币|澳门[元币]|美[金刀]|英镑|円|卢[布比]|泰铢|法郎"
    r"|(?i:(?<![a-z])(?:usd|eur|hkd|gbp|jpy|krw|twd|ntd|mop|sgd|aud|cad|nzd|chf|rub|inr|thb|dollars?|euros?"
    r"|pounds?|yen)(?![a-z]))"
)
# ¥ is the sign of the yen as well; in a Chinese scenario it is the yuan's.
_CURRENCY = re.compile(f"{_FOREIGN}|{_YUAN}")
_OTHER_CURRENCY = re.compile(_FOREIGN)
_TRADITIONAL = str.maketrans("萬億圓倍個幣鎊銖盧", "万亿元倍个币镑铢卢")
_SCALES = (
    (r"(?:thousand|k)", "千"),
    (r"(?:million|mio|mn|mm|m)", "百万"),
    (r"(?:trillion|tn)", "万亿"),
    (r"(?:w|wan)", "万"),
)
_ENDINGS = (
    (r"(?:months?|mths?|mo|m|月|期)", "个月"),
    (r"(?:years?|yrs?|y)", "年"),
    (r"(?:percent|per cent|pct|百分点)", "%"),
    (r"(?:permille|per mille)", "‰"),
    (r"(?:times|fold|X)", "倍"),
)
_MULTIPLIED = (
    (r"(?:billion|bn|b)", 10, "亿"),
    (r"(?:bps?|basis points?|个?基点)", Decimal("0.01"), "%"),
    (r"(?:quarters?|个?季度?)", 3, "个月"),
)
"""Endings that stand for a number of another ending."""
_OTHER_TIMES = (
    (r"(?:days?|d|天|日)", "days", "天"),
    (r"(?:weeks?|wks?|w|周|星期|个星期)", "weeks", "周"),
)
_MONTHS = {
    word: number
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"), start=1)
    for word in (name, name[:3], name[:4])
}  # fmt: skip


def without_currency(text: str) -> str | None:
    """Return a text without the signs and names of currencies, or None if it has none.

    >>> without_currency("￥1亿"), without_currency("CNY 300万"), without_currency("1亿")
    ('1亿', '300万', None)
    """
    plain = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL)
    bare = _CURRENCY.sub(" ", plain)
    return " ".join(bare.split()).replace(" 亿", "亿").replace(" 万", "万") if bare != plain else None


def foreign_currency(text: str) -> str | None:
    """Return the sign or name of a currency other than the yuan in a text with digits, or None.

    >>> foreign_currency("0.3 USD"), foreign_currency("300万美元"), foreign_currency("＄300")
    ('USD', '美元', '$')
    >>> foreign_currency("¥300"), foreign_currency("300元"), foreign_currency("USD")
    (None, None, None)
    """
    plain = unicodedata.normalize("NFKC", text).translate(_TRADITIONAL)
    found = _OTHER_CURRENCY.search(plain)
    return found[0] if found and any(sign.isdigit() for sign in plain) else None


def meant_proportion(text: str) -> str | None:
    """Return the number behind a proportion to one, as plans write it, or None.

    >>> meant_proportion("1:5"), meant_proportion("1 ： 1.5"), meant_proportion("2:5")
    ('5', '1.5', None)
    """
    found = re.fullmatch(r"1\s*[:∶比]\s*(\d+(?:\.\d+)?)", unicodedata.normalize("NFKC", text).strip())
    return found[1] if found else None


def other_time(text: str) -> tuple[str, str] | None:
    """Return the unit of a time that is not given in months, in English and Chinese, or None.

    >>> other_time("90天"), other_time("12 weeks"), other_time("3个月")
    (('days', '天'), ('weeks', '周'), None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern, unit, unit_zh in _OTHER_TIMES:
        if re.fullmatch(rf"(?i:[-+~≈约<>=≤≥]*\s*[0-9][0-9., ]*\s*{pattern})", plain):
            return unit, unit_zh
    return None


def meant_numbers(text: str, dropped: str = "") -> Iterator[str]:
    """Yield other ways to write a number that may be what a text means.

    ``dropped`` is a regular expression of the endings that the number may lose and still mean the same.

    >>> next(meant_numbers("1.5 million")), next(meant_numbers("400m"))
    ('1.5百万', '4亿')
    >>> list(meant_numbers("0,4"))
    ['0.4']
    >>> list(meant_numbers("90天")), list(meant_numbers("90天", "天|日"))
    ([], ['90'])
    """
    visible = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    changed = unicodedata.normalize("NFKC", visible).translate(_TRADITIONAL).strip()
    yield from _with_ending(changed, dropped)
    yield from _without_marks(changed)
    if re.fullmatch(r"[-+]?\d+,\d{1,2}\D*", changed):  # a decimal comma
        yield changed.replace(",", ".")
    if re.fullmatch(r"[-+]?[\d.]+(_\d+)+\D*", changed):
        yield changed.replace("_", "")
    compound = re.fullmatch(r"(\d+)亿(\d{1,4})(千万|万)?", changed)
    if compound:
        scale = {"千万": 10**7, "万": 10**4, None: 10**7}[compound[3]]
        yield f"{(int(compound[1]) * 10**8 + int(compound[2]) * scale) / 1e8:.10g}亿"
    ended = re.fullmatch(r"(.*\d.*?)(?:以上|左右|上下|多|约|(?<=元)[整正])", changed)
    if ended:
        yield ended[1].rstrip()
    if re.fullmatch(r"[~≈约<>=≤≥]+\s*\S+", changed):
        yield changed.lstrip("~≈约<>=≤≥ ")
    if re.fullmatch(r"[-+\d.,]+(?:\s+[^\d\s.]+)+", changed):
        yield "".join(changed.split())
    if changed != text.strip():
        yield changed


def _with_ending(text: str, dropped: str) -> Iterator[str]:
    """Yield a number with the ending that a scenario has for its own one, or without it."""
    for pattern, ending in (*_SCALES, *_ENDINGS, *([(f"(?:{dropped})", "")] if dropped else [])):
        found = _ended(text, pattern)
        if found:
            if ending == "百万":
                yield from _in_hundreds_of_millions(found)
            yield f"{found}{ending}"
    for pattern, factor, ending in _MULTIPLIED:
        digits = _ended(text, pattern).replace(",", "").replace(" ", "")
        if re.fullmatch(r"[-+]?[0-9]{1,30}(?:\.[0-9]{1,30})?", digits):
            yield f"{(Decimal(digits) * factor).normalize():f}{ending}"


def _in_hundreds_of_millions(digits: str) -> Iterator[str]:
    """Yield so many millions, a hundred or more, as an amount in 亿: nobody writes 400百万."""
    plain = digits.replace(",", "").replace(" ", "")
    if re.fullmatch(r"[-+]?[0-9]{3,30}(?:\.[0-9]{1,30})?", plain):
        yield f"{(Decimal(plain) / 100).normalize():f}亿"


def _ended(text: str, pattern: str) -> str:
    """Return what stands before an ending, if it may be a number."""
    found = re.fullmatch(rf"(?i:([-+\d., ]*\d)\s*{pattern})", text)
    return found[1].strip() if found else ""


def _without_marks(text: str) -> Iterator[str]:
    """Yield a number in groups of three without marks that only other countries use."""
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:['’]\d{3})+(?:\.\d+)?\D*", text):
        yield re.sub("['’]", "", text)
    if re.fullmatch(r"[-+]?[1-9]\d{0,2}(?:\.\d{3}){2,}(?:,\d+)?[^\d.,]*", text) or re.fullmatch(
        r"[-+]?[1-9]\d{0,2}\.\d{3},\d+[^\d.,]*", text
    ):
        yield text.replace(".", "").replace(",", ".")


def meant_month(text: str) -> str | None:
    """Return the month that a text probably means, as a scenario writes it.

    >>> meant_month("2015.10"), meant_month("2015/3/31"), meant_month("Oct 2015"), meant_month("2015Q2")
    ('2015-10', '2015-03', '2015-10', None)
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("\"'")
    found = (
        re.match(r"(?P<y>\d{4})\s*[-/._年\s]\s*(?P<m>\d{1,2})\s*月?(?P<rest>.*)$", plain)
        or re.match(r"(?P<y>\d{4})(?P<m>\d{2})(?P<rest>(?:\d{2})?)$", plain)
        or re.match(r"(?P<m>\d{1,2})\s*[-/.月]\s*(?P<y>\d{4})(?P<rest>)年?$", plain)
    )
    if found and re.fullmatch(r"|\d{2}|\s*[-/._]?\s*\d{1,2}[日号]?(?:[T\s][\d:.Z+]*)?", found["rest"]):
        return _month(int(found["y"]), int(found["m"]))
    words = re.findall(r"[A-Za-z]+", plain)
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", plain)
    if len(words) == 1 and len(years) == 1 and words[0].lower() in _MONTHS:
        return _month(int(years[0]), _MONTHS[words[0].lower()])
    return None


def _month(year: int, month: int) -> str | None:
    return f"{year:04d}-{month:02d}" if 1900 <= year <= 2200 and 1 <= month <= 12 else None
