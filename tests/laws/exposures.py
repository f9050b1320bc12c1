"""What public payers pay after the window, path by path, beside what they could be asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from fundsim.core import engine
from fundsim.metrics.contingent import contingent_metrics
from fundsim.metrics.exposure import asked_of_contracts
from fundsim.metrics.payable import payable_by_payers
from fundsim.metrics.program import Program, evaluate
from fundsim.scheme import Injection, Metric, Party, Payment, Scheme, record_names
from fundsim.scheme.records import contract_record, party_record

from .amounts import HALF_A_FEN
from .choices import Choices, Seeded, amount, chance, pick, share
from .lending_schemes import lending_scheme


def exposed_scheme(seed: int) -> Scheme:
    """Return a random scheme with private payers, private capital and money that earns interest."""
    choose = Seeded(seed)
    return exposed(choose, lending_scheme(choose))


def exposed(choose: Choices, scheme: Scheme) -> Scheme:
    """Return a scheme with some payers private, some with private capital, and longer run-offs."""
    # Private capital comes from investors of its own, one for each party.
    mixed = {name for name in ("alpha", "beta", "gamma") if chance(choose, 30)}
    private = {name for name in ("gamma", "delta") if name not in mixed and chance(choose, 30)}
    # A treasury that only pays in would, were it private, be an investor.
    public = {p.name for p in scheme.parties if p.public} - private | {"treasury"}
    parties = tuple(replace(p, public=p.name in public) for p in scheme.parties)
    given = tuple(
        replace(i, source=f"{i.target}.investors") if i.source == "bank" else i for i in scheme.injections
    )
    capital = tuple(
        Injection(
            source=f"{name}.investors",
            target=name,
            month=choose.whole(0, scheme.window.months - 1),
            amount=amount(choose, 50, 900),
        )
        for name in sorted(mixed)
    )
    injections = (*given, *capital)
    names = sorted({i.source for i in injections if i.source.endswith(".investors")})
    investors = tuple(Party(name=name, limited=False) for name in names)
    interest = tuple(
        Payment.interest(party=name, payer="bank", rate_annual=share(choose, 0.0, 0.2), kind="yield")
        for name in ("beta", "delta")
        if chance(choose, 30)
    )
    run_off = pick(choose, (scheme.window.run_off, 36))
    return replace(
        scheme,
        window=replace(scheme.window, run_off=run_off),
        economy=replace(scheme.economy, shift=(), fixed=()),  # which have the length of the run
        parties=(*parties, *investors),
        injections=injections,
        payments=(*scheme.payments, *interest),
    )


@dataclass(frozen=True)
class Exposure:
    """Payments after the window and what they are bounded by; shape (paths,) each."""

    scheme: Scheme
    window: dict[str, np.ndarray]
    run_off: dict[str, np.ndarray]

    def paid(self, contract: str) -> np.ndarray:
        """Return what a contract paid after the window."""
        record = contract_record(contract, "paid")
        return self.run_off[record] - self.window[record]

    def metric(self, name: str) -> np.ndarray:
        """Return a contingent metric at the window's end."""
        (found,) = (m for m in contingent_metrics(self.scheme) if m.name == name and isinstance(m, Metric))
        return evaluate(found.formula, self.window)

    def public_part(self, party: str | None) -> np.ndarray:
        """Return the public's part of a party, worked out here from the capital that came in."""
        paths = len(next(iter(self.window.values())))
        known = {p.name: p for p in self.scheme.parties}
        if party not in known or not known[party].public:
            return np.zeros(paths)
        if f"{party}.investors" not in known:
            return np.ones(paths)
        private = -self.window[party_record(f"{party}.investors", "balance")]
        paid_in = self.window[party_record(party, "paid_in")]
        return np.where(paid_in > 0.0, 1.0 - private / np.where(paid_in > 0.0, paid_in, 1.0), 1.0)


def exposure_of(scheme: Scheme, seed: int, paths: int) -> Exposure:
    """Run a scheme and return what it paid after the window."""
    names = record_names(scheme).all
    block = engine(scheme).run(seed, 0, paths)
    rows = (block.snapshots[:, scheme.window.snapshots.index(scheme.window.months)], block.snapshots[:, -1])
    window, run_off = ({name: row[:, j] for j, name in enumerate(names)} for row in rows)
    return Exposure(scheme, window, run_off)


def check_exposures(scheme: Scheme, seed: int, paths: int) -> float:
    """Check every bound on every path; return the largest payment after the window."""
    e = exposure_of(scheme, seed, paths)
    most_asked = asked_of_contracts(scheme)
    most_payable = payable_by_payers(scheme, most_asked)
    values = dict(Program([*most_asked.values(), *most_payable.values()]).values(e.window))
    asked = {contract: values[formula] for contract, formula in most_asked.items()}
    payable = {payer: values[formula] for payer, formula in most_payable.items()}
    largest = 0.0
    by_payer: dict[str, np.ndarray] = {}
    lenders = {f.name: f.lender for f in scheme.facilities}
    payers = {c.name: c.payer for c in scheme.contracts}
    public = {p.name for p in scheme.parties if p.public}
    once = np.zeros(paths)
    for c in scheme.contracts:
        paid = e.paid(c.name)
        largest = max(largest, float(paid.max()))
        assert (paid <= bound(asked[c.name])).all(), c.name
        by_payer[c.payer] = by_payer.get(c.payer, 0.0) + paid
        if c.payer in public:
            insured = lenders[c.facility] if c.covers is None else payers[c.covers]
            once += (e.public_part(c.payer) - e.public_part(insured)) * paid
    gross = np.zeros(paths)
    for payer, paid in by_payer.items():
        assert (paid <= bound(payable[payer])).all(), payer
        if payer in public:
            gross += paid
    if not public & by_payer.keys():
        return largest
    whole, netted = (e.metric(f"scheme.contingent_contractual{s}") for s in ("_gross", ""))
    assert (gross <= bound(whole)).all(), "gross"
    assert (once <= bound(netted)).all(), "consolidated"
    assert (netted <= bound(whole)).all(), "consolidated above gross"
    return largest


def bound(values: np.ndarray) -> np.ndarray:
    """Return a bound with room for rounding."""
    return values * (1.0 + 1e-9) + HALF_A_FEN
