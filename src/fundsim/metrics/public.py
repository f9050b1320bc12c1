"""What of a party is public: all of a public party, and σ of one that has private capital in it."""

from __future__ import annotations

from fundsim.metrics.formulas import number, plus, ratio, recorded
from fundsim.scheme import Formula, Scheme
from fundsim.scheme.records import ledger_lines, party_record

__all__ = ["investors_of", "public_parts"]


def investors_of(scheme: Scheme) -> dict[str, str]:
    """Return public party → the party whose only business is to give it private capital."""
    public = {p.name for p in scheme.parties if p.public}
    found = {i.target: i.source for i in scheme.injections if i.target in public and i.source not in public}
    lines = ledger_lines(scheme)
    return {
        party: investor
        for party, investor in found.items()
        if all(line.target == party for line in lines if investor in (line.source, line.target))
    }


def public_parts(scheme: Scheme) -> dict[str, Formula]:
    """Return public party → the part of it that the public owns, a value a path.

    Of a party with private capital in it that is the public's part of the capital paid in at the date: all of
    it as long as none is.  Investors start at zero and only pay in, so what they have paid is their debit.
    """
    mixed = investors_of(scheme)
    return {p.name: _part(p.name, mixed.get(p.name)) for p in scheme.parties if p.public}


def _part(party: str, investor: str | None) -> Formula:
    if investor is None:
        return number(1.0)
    paid_in = recorded(party_record(party, "paid_in"))
    return ratio(plus(paid_in, recorded(party_record(investor, "balance"))), paid_in, 1.0)
