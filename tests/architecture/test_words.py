"""The package is written in plain modern English: the words that have gone do not come back."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

import fundsim

SOURCE = Path(fundsim.__file__).parent

GONE = {
    "afresh": "again",
    "anew": "again",
    "lest": "so that … not",
    "mend": "fix",
    "mended": "fixed",
    "mending": "fixing",
    "mends": "fixes",
    "nought": "zero",
    "tell": "report, show, say, distinguish",
    "telling": "reporting, showing",
    "tells": "reports, shows, says",
    "thereof": "of it",
    "told": "reported, shown, said",
    "whoever": "anyone who, the one that",
    "whomever": "anyone whom",
}
"""Word → what to write instead."""

PHRASES = {
    "as it were": "leave it out",
    "be it": "whether it is",
    "for want of": "for lack of",
    "of its own accord": "by itself",
    "save for": "except for",
}
"""Phrase → what to write instead."""

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
AGAINST = re.compile(
    r"\b(?:hold|holds|held|holding)(?:\s+(?!and\b|or\b)[\w'-]+){0,6}?\s+against\b", re.IGNORECASE
)


def faults(file: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the word and what to write instead, for names, texts and comments."""
    with file.open("rb") as lines:
        for token in tokenize.tokenize(lines.readline):
            if token.type not in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT):
                continue
            for at, word, instead in _gone(token.string):
                yield token.start[0] + token.string.count("\n", 0, at), word, instead


def _gone(text: str) -> Iterator[tuple[int, str, str]]:
    for found in WORD.finditer(text):
        if found[0].lower() in GONE:
            yield found.start(), found[0], GONE[found[0].lower()]
    for phrase, instead in PHRASES.items():
        for found in re.finditer(r"\b" + phrase.replace(" ", r"\s+") + r"\b", text, re.IGNORECASE):
            yield found.start(), phrase, instead
    for found in AGAINST.finditer(text):
        yield found.start(), " ".join(found[0].split()), "check … against"


def test_the_package_has_no_word_that_has_gone():
    files = sorted(SOURCE.rglob("*.py"))
    assert len(files) > 200
    found = [
        f"{file.relative_to(SOURCE)}:{line}: {word}; write: {instead}"
        for file in files
        for line, word, instead in faults(file)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("x = 1\ntold_by = 2\n", 2, "told"),
        ("def _tell_all():\n    pass\n", 1, "tell"),
        ("class EventsTold:\n    pass\n", 1, "Told"),
        ("MOST_TOLD = 20\n", 1, "TOLD"),
        ('"""First line.\n\nWhoever asks is answered.\n"""\n', 3, "Whoever"),
        ("x = f'how to mend {1}'\n", 1, "mend"),
        ("x = 1  # hold each clock\n", 1, None),
        ("# It tells nothing.\n", 1, "tells"),
        ("x = 'They are held against it.'\n", 1, "held against"),
        (
            '"""Hold the clocks that were found\nagainst the hazards."""\n',
            1,
            "Hold the clocks that were found against",
        ),
        ("x = 'unpaid for\\\n want of money'\n", 1, None),
        ("x = '''unpaid for\n want of money'''\n", 1, "for want of"),
        ("x = 'stellar recommendations, hotels, amended'\n", 1, None),
    ],
)
def test_a_word_that_has_gone_is_found_where_it_stands(tmp_path, text, line, word):
    file = tmp_path / "planted.py"
    file.write_text(text, encoding="utf-8")
    assert [(at, what) for at, what, _ in faults(file)] == ([(line, word)] if word else [])
