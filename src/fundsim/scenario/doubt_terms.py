"""How assumptions go together where all of them are in doubt at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from fundsim.scenario.term import Item, Term, TermFault, term
from fundsim.units import Correlation

__all__ = ["DoubtTerms", "JoinedKeys"]


class JoinedKeys(Item):
    """Two assumptions that go together."""

    names_parts: ClassVar[bool] = False

    keys: tuple[str, str] = term(
        meaning="Keys of two assumptions, with * for the name where several segments or instruments share "
        "one, such as segments.*.pd",
        zh="两项假设的键；多个分组或工具共用时名称写作 *，如 segments.*.pd",
    )
    rho: Correlation = term(
        gt=-1, lt=1, meaning="Correlation of their normal scores", zh="正态得分的相关系数"
    )

    def faults(self, context: Any) -> Iterator[TermFault]:
        """Require two keys that differ."""
        if self.keys[0] == self.keys[1]:
            yield TermFault(
                ("keys", 1), "the same key twice", "name another assumption",
                "同一个键写了两次", "请写另一项假设",
            )  # fmt: skip


class DoubtTerms(Term):
    """What ``fundsim doubt`` knows beside low and high of each assumption."""

    correlation: tuple[JoinedKeys, ...] = term(
        (), meaning="Assumptions that go together; all others are independent", zh="相互关联的假设"
    )
