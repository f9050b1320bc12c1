"""The table of paths of a folder that doesn't keep all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from fundsim.results.stored import left_out

__all__ = ["PathTable", "path_table"]


class PathTable(pd.DataFrame):
    """One row a path; asked for a column that was left out, it says how to get it.

    What is made of it, by selecting or computing, is a plain DataFrame.
    """

    _metadata = ["_left_out"]  # noqa: RUF012 - how pandas declares attributes that are no columns

    _left_out: frozenset[str] = frozenset()

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            asked = [key] if isinstance(key, str) else list(key) if isinstance(key, list | pd.Index) else []
            for name in asked:
                if name in self._left_out:
                    raise left_out(name) from None
            raise


def path_table(columns: Mapping[str, Any], missing: Collection[str]) -> PathTable:
    """Return the table of the columns that a folder keeps.

    Args:
        columns: Values by key.
        missing: Keys of the columns that it doesn't keep.
    """
    table = PathTable(dict(columns))
    table._left_out = frozenset(missing)
    return table
