"""The scenario that ``fundsim new`` writes: a bundled one with comments, whose schema an editor finds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from fundsim.scenario.files import bundled_file

__all__ = ["STARTERS", "Starter", "starter"]

STARTERS = {"en": "minimal", "zh": "minimal.zh"}
"""Language of the comments → bundled scenario."""
_SCHEMA_LINE = re.compile(r"\A# yaml-language-server: \$schema=(\S+)\n")


@dataclass(frozen=True, slots=True)
class Starter:
    """A scenario file to start from."""

    text: str
    schema: str
    """``file:`` URI of the schema that the first line names."""


def starter(lang: Literal["en", "zh"]) -> Starter:
    """Return the scenario to start from, with comments in a language.

    A bundled file names its schema from where it lies.  A copy names the same schema by its ``file:`` URI,
    which holds wherever on the machine the copy is moved, without a network (decision 0027).

    Raises:
        FileNotFoundError: the installation has no bundled scenarios, or no schema.
    """
    path = bundled_file(STARTERS[lang])
    text = path.read_text(encoding="utf-8")
    line = _SCHEMA_LINE.match(text)
    if line is None:
        raise FileNotFoundError(f"{path.name} names no schema")
    schema = (path.parent / line[1]).resolve(strict=True).as_uri()
    return Starter(f"{text[: line.start(1)]}{schema}{text[line.end(1) :]}", schema)
