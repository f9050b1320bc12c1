"""A noun from outside the package: its own files, and the lines by which the package learns of it.

An endowment pays its party an amount in each month of its life, but stops for good when the payer holds less
than a floor.  It lives longer than lending.
"""

from __future__ import annotations

SCHEME = '''
"""Endowments: a steady payment that stops for good."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fundsim.scheme.noun import Entry, Line, Nature, Noun, Record, Words

if TYPE_CHECKING:
    from fundsim.scheme.scheme import Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Endowment(Noun):
    """At step 2 up to month ``last`` ``payer`` pays ``payee`` an amount, until it holds less than a floor."""

    name: str
    payer: str
    payee: str
    amount: float
    floor: float
    last: int

    place: ClassVar[str] = "endowments"
    prefix: ClassVar[str] = "endowment"
    records: ClassVar[tuple[Record, ...]] = (
        Record(
            name="n_paid", nature=Nature.FLOW, unit="months", step=2, english="instalments", chinese="期数"
        ),
        Record(name="stopped", nature=Nature.STOCK, unit="yes/no", english="has stopped", chinese="停止"),
        Record(
            name="stop_month", nature=Nature.MONTH, unit="yes/no", step=2, start=math.inf,
            english="stops for good", chinese="永久停止",
        ),
    )
    kinds: ClassVar[Mapping[str, Words]] = {"endowment": ("endowment", "捐赠")}

    def entries(self, scheme: Scheme) -> Iterator[Entry]:
        """Yield its payments."""
        yield Entry(line=Line(source=self.payer, target=self.payee, kind="endowment"), steps=(2,))

    def faults(self, scheme: Scheme) -> Iterator[str]:
        """Yield an amount below zero."""
        if self.amount < 0.0:
            yield f"endowment {self.name} pays less than nothing"

    def end(self, scheme: Scheme) -> int:
        """Return its last month."""
        return self.last
'''

PACK = '''
"""Endowments as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fundsim.core.pack.record_types import record
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import Line, Scheme

if TYPE_CHECKING:
    from fundsim.core.pack.nouns import Rows

ENDOWMENT = record("line last", "amount floor")
WORK = record("off")


def pack(scheme: Scheme, rows: Rows) -> Any:
    """Return the endowments."""
    own = scheme.endowments
    return table(
        ENDOWMENT,
        line=[rows.line[Line(source=e.payer, target=e.payee, kind="endowment")] for e in own],
        last=[e.last for e in own],
        amount=[e.amount for e in own],
        floor=[e.floor for e in own],
    )
'''

KERNEL = '''
"""Step 2: endowments."""

from __future__ import annotations

from fundsim.core.machine.decorators import kernel
from fundsim.core.month.ledger import transfer


@kernel
def endow(tables, state, month):
    """Pay the endowments of a month."""
    for j in range(tables.endowments.size):
        own = tables.endowments[j]
        if month > own.last or state.endowments_work[j].off == 1:
            continue
        if state.parties[tables.lines[own.line].source].balance < own.floor:
            state.endowments_work[j].off = 1
            state.endowments[j].stopped = 1.0
            state.endowments[j].stop_month = month
        else:
            transfer(tables.lines, state, own.line, own.amount)
            state.endowments[j].n_paid += 1.0
'''

DESK = '''
"""Endowments in the second engine."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from fundsim.reference.clock import Stage
from fundsim.scheme.endowments import Endowment


class EndowmentDesk:
    """Pays the endowments of a path."""

    def __init__(self, city) -> None:
        self._ledger = city.ledger
        self._paid: dict[Endowment, int] = dict.fromkeys(city.scheme.endowments, 0)
        self._stopped: dict[Endowment, int] = {}

    @property
    def acts(self) -> Mapping[Stage, Callable[[int], None]]:
        """What it does at the stages of a month."""
        return {Stage.APPROPRIATIONS: self.pay}

    @property
    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Record → what reads it now."""
        found: dict[str, Callable[[], float]] = {}
        for one in self._paid:
            found[Endowment.record(one.name, "n_paid")] = lambda one=one: float(self._paid[one])
            found[Endowment.record(one.name, "stopped")] = lambda one=one: float(one in self._stopped)
            found[Endowment.record(one.name, "stop_month")] = lambda one=one: float(
                self._stopped.get(one, math.inf)
            )
        return found

    def pay(self, month: int) -> None:
        """Pay what is due in a month."""
        for one in self._paid:
            if month > one.last or one in self._stopped:
                continue
            if self._ledger.balance[one.payer] < one.floor:
                self._stopped[one] = month
            else:
                self._ledger.transfer(one.payer, one.payee, "endowment", one.amount)
                self._paid[one] += 1
'''

FILES = {
    "scheme/endowments.py": SCHEME,
    "core/pack/endowments.py": PACK,
    "core/month/endowments.py": KERNEL,
    "reference/endowments.py": DESK,
}
"""Its own files."""

LINES = (
    ("scheme/nouns.py", "    LinePayment,\n)", "    Endowment,\n"),
    (
        "scheme/scheme.py",
        "    margin_refunds: tuple[MarginRefund, ...] = ()\n",
        "    endowments: tuple[Endowment, ...] = ()\n",
    ),
    (
        "core/pack/nouns.py",
        '    "top_ups": Owned(top_ups.pack, top_ups.WORK),\n',
        '    "endowments": Owned(endowments.pack, endowments.WORK),\n',
    ),
    (
        "core/path.py",
        "        top_up(tables, state)\n",
        "    endow(tables, state, month)\n",
    ),
    ("reference/nouns.py", "    BudgetDesk,\n", "    EndowmentDesk,\n"),
)
"""(file, text after which the list goes on, line): the list of nouns, the scheme's field, the packing, and
the two calendars."""

IMPORTS = {
    "scheme/nouns.py": "from fundsim.scheme.endowments import Endowment",
    "scheme/scheme.py": "from fundsim.scheme.endowments import Endowment",
    "core/pack/nouns.py": "from fundsim.core.pack import endowments",
    "core/path.py": "from fundsim.core.month.endowments import endow",
    "reference/nouns.py": "from fundsim.reference.endowments import EndowmentDesk",
}
