"""Did you mean …?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

__all__ = ["folded", "nearest", "plain", "same", "simple"]

LONGEST = 80
"""Nobody means a word by a text that is longer."""
_PUNCTUATION = str.maketrans("“”‘’。、【】《》", "\"\"''.,[]<>")


def plain(text: str) -> str:
    """Return text with full-width characters and Chinese punctuation made ASCII.

    >>> plain("（４０％）")
    '(40%)'
    """
    return unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)


def folded(text: str) -> str:
    """Return a form that texts have in common which differ in case, width or spaces only.

    >>> folded("Pool") == folded("ｐｏｏｌ"), folded("Straße") == folded("STRASSE")
    (True, True)
    """
    once = unicodedata.normalize("NFKC", text).casefold()
    # A dotless i is an I in upper case, and so on: what any system may take for one.
    return " ".join(unicodedata.normalize("NFKC", once.upper().casefold()).split())


def nearest(word: str, known: Iterable[str], terms_zh: Mapping[str, str] | None = None) -> str | None:
    """Return the known word that was probably meant, or None.

    Case, hyphens, spaces and full-width letters are forgiven first, then a missing half (``term`` for
    ``term_months``); ``terms_zh`` maps a Chinese term to the word that it stands for.

    >>> nearest("mutiple", ["multiple", "opening"]), nearest("Maturity-Share", ["maturity_share"])
    ('multiple', 'maturity_share')
    """
    if len(word) > LONGEST:
        return None
    words = list(known)
    exact = same(word, words, terms_zh)
    if exact is not None:
        return exact
    by_simple = {simple(candidate): candidate for candidate in words}
    short = simple(word)
    longer = [known for known in by_simple if known.startswith(f"{short}_") or known.endswith(f"_{short}")]
    if len(longer) == 1:
        return by_simple[longer[0]]
    found = get_close_matches(short, by_simple, n=1, cutoff=0.65)
    if not found and terms_zh:
        close = get_close_matches(plain(word), terms_zh, n=1, cutoff=0.65)
        return terms_zh[close[0]] if close else None
    return by_simple[found[0]] if found else None


def same(word: str, known: Iterable[str], terms_zh: Mapping[str, str] | None = None) -> str | None:
    """Return the known word that differs in case, hyphens, spaces and width only, or its Chinese term.

    >>> same("Maturity-Share", ["maturity_share"])
    'maturity_share'
    """
    if len(word) > LONGEST:
        return None
    by_simple = {simple(candidate): candidate for candidate in known}
    return by_simple.get(simple(word)) or (terms_zh or {}).get(plain(word))


def simple(word: str) -> str:
    """Return a word in small letters and normal width, with underscores for hyphens and spaces.

    >>> simple("Run-Off ")
    'run_off'
    """
    return plain(word).strip().lower().replace("-", "_").replace(" ", "_")
