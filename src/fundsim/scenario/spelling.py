"""Did you mean …?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

__all__ = ["nearest", "plain"]

_PUNCTUATION = str.maketrans("“”‘’。、【】《》", "\"\"''.,[]<>")


def plain(text: str) -> str:
    """Return text with full-width characters and Chinese punctuation made ASCII.

    >>> plain("（４０％）")
    '(40%)'
    """
    return unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)


def nearest(word: str, known: Iterable[str], terms_zh: Mapping[str, str] | None = None) -> str | None:
    """Return the known word that was probably meant, or None.

    Case, hyphens, spaces and full-width letters are forgiven first, then a missing half (``term`` for
    ``term_months``); ``terms_zh`` maps a Chinese term to the word that it stands for.

    >>> nearest("mutiple", ["multiple", "opening"]), nearest("Maturity-Share", ["maturity_share"])
    ('multiple', 'maturity_share')
    """
    if len(word) > 80:
        return None
    words = list(known)
    by_simple = {_simple(candidate): candidate for candidate in words}
    simple = _simple(word)
    if simple in by_simple:
        return by_simple[simple]
    if terms_zh and plain(word) in terms_zh:
        return terms_zh[plain(word)]
    longer = [known for known in by_simple if known.startswith(f"{simple}_") or known.endswith(f"_{simple}")]
    if len(longer) == 1:
        return by_simple[longer[0]]
    found = get_close_matches(simple, by_simple, n=1, cutoff=0.6)
    if not found and terms_zh:
        close = get_close_matches(plain(word), terms_zh, n=1, cutoff=0.6)
        return terms_zh[close[0]] if close else None
    return by_simple[found[0]] if found else None


def _simple(word: str) -> str:
    return plain(word).strip().lower().replace("-", "_").replace(" ", "_")
