"""The claims desk: it opens batches, settles what falls due, and shares recoveries edge by edge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from fundsim.reference.books import Default, Portfolio
from fundsim.reference.claims import Batch, Claim, Cover, due_lag
from fundsim.reference.clock import Clock, Process, Stage
from fundsim.reference.ledger import Ledger
from fundsim.scheme import Contract, RecoveryPart, Scheme

__all__ = ["ClaimsDesk", "Desk", "claims_desks", "contract_depth"]

HALF_A_FEN = 0.005
"""A month's unpaid claims above this make a payer depleted [yuan]."""


class Desk:
    """One payer's contracts of one depth: all that falls due there in a month is paid pro rata."""

    def __init__(self, payer: str, covers: list[Cover]) -> None:
        self.payer = payer
        self.covers = covers

    def settle(self, month: int, volumes: dict[str, dict[int, float]], ledger: Ledger) -> float:
        """Pay arrears, then what falls due; return what falls due and stays unpaid [yuan].

        Args:
            month: the present month.
            volumes: facility → cohort → principal granted to date [yuan].
            ledger: the path's ledger.
        """
        self._pay_arrears(month, ledger)
        at_desk = []
        for cover in self.covers:
            claims = [claim for claim in cover.claims if claim.due_month == month]
            _assess(cover, claims, month, volumes[cover.contract.facility])
            at_desk += claims
        wanted = sum(claim.within_caps for claim in at_desk)
        ratio = _ratio(ledger.payable(self.payer), wanted)
        unpaid = 0.0
        for claim in at_desk:
            claim.at_desk = False
            paid = _pay(claim, ratio * claim.within_caps, month, ledger)
            unpaid += _leave_unpaid(claim, claim.within_caps - paid)
        return unpaid

    def _pay_arrears(self, month: int, ledger: Ledger) -> None:
        """Pay carried claims, oldest first; those of one month pro rata."""
        by_month: dict[int, list[Claim]] = defaultdict(list)
        for cover in self.covers:
            for claim in cover.claims:
                if claim.arrears > 0.0:
                    by_month[claim.due_month].append(claim)
        for due_month in sorted(by_month):
            open_claims = by_month[due_month]
            ratio = _ratio(ledger.payable(self.payer), sum(claim.arrears for claim in open_claims))
            for claim in open_claims:
                paid = _pay(claim, ratio * claim.arrears, month, ledger)
                claim.arrears -= paid
                claim.cover.unpaid -= paid


def _ratio(available: float, wanted: float) -> float:
    """Return the part of what is wanted that is there, at most 1."""
    return available / wanted if wanted > available else 1.0


def _assess(cover: Cover, claims: list[Claim], month: int, volume: dict[int, float]) -> None:
    """Fix basis, due and within-caps of the claims of one contract that fall due in one month.

    The cumulative attachment takes the first yuan of all raw claims, the yearly one the first of what
    passes it in the policy year; caps then leave what they have room for.  Batches that meet one layer
    in a month share it pro rata.
    """
    contract, year = cover.contract, month // 12
    for claim in claims:
        claim.basis = 0.0 if contract.net else claim.net_basis()
    raw = {claim: claim.raw() for claim in claims}
    total = sum(raw.values())
    over_life = _increment_above(contract.attach, cover.claimed, total)
    above = _increment_above(contract.year_attach, cover.claimed_in[year], over_life)
    cover.claimed += total
    cover.claimed_in[year] += over_life
    passed = above / total if total > 0.0 else 0.0
    due = {claim: passed * amount for claim, amount in raw.items()}
    room = min(cover.room_for_life(), cover.room_in_year(year))
    capped = _cap_cohorts(cover, claims, due, volume)
    ratio = _ratio(room, sum(capped.values()))
    for claim in claims:
        claim.within_caps = ratio * capped[claim]
        claim.at_desk = True
        cover.due += due[claim]
        cover.above_cap += due[claim] - claim.within_caps


def _increment_above(attach: float, before: float, amount: float) -> float:
    """Return the part of ``amount`` that lifts a running sum above its attachment."""
    return max(0.0, before + amount - attach) - max(0.0, before - attach)


def _cap_cohorts(
    cover: Cover, claims: list[Claim], due: dict[Claim, float], volume: dict[int, float]
) -> dict[Claim, float]:
    """Cut the dues of each cohort to its cap."""
    capped: dict[Claim, float] = {}
    for cohort in {claim.batch.cohort for claim in claims}:
        of_cohort = [claim for claim in claims if claim.batch.cohort == cohort]
        room = cover.room_of_cohort(cohort, volume.get(cohort, 0.0))
        ratio = _ratio(room, sum(due[claim] for claim in of_cohort))
        capped |= {claim: ratio * due[claim] for claim in of_cohort}
    return capped


def _pay(claim: Claim, amount: float, month: int, ledger: Ledger) -> float:
    paid = ledger.transfer(claim.contract.payer, claim.insured, "claim", amount)
    claim.paid += paid
    claim.cover.paid += paid
    claim.cover.paid_in_year[month // 12] += paid
    claim.cover.paid_on[claim.batch.month] += paid
    return paid


def _leave_unpaid(claim: Claim, amount: float) -> float:
    if claim.contract.carry:
        claim.arrears = amount
    claim.cover.unpaid += amount
    return amount


class ClaimsDesk:
    """All desks of a path in the order in which they settle, and the batches that they know."""

    def __init__(self, scheme: Scheme, clock: Clock, ledger: Ledger) -> None:
        self.clock = clock
        self.ledger = ledger
        self.contracts = {contract.name: contract for contract in scheme.contracts}
        self.lenders = {facility.name: facility.lender for facility in scheme.facilities}
        self.covers = {contract.name: Cover(contract) for contract in scheme.contracts}
        self.desks = [
            Desk(payer, [self.covers[contract.name] for contract in contracts])
            for payer, contracts in claims_desks(scheme.contracts)
        ]
        self.unpaid_month: dict[str, float] = {}

    def open_batches(self, portfolio: Portfolio, month: int) -> None:
        """Start the claims and recoveries of a facility's defaults of this month."""
        by_cohort: dict[int, list[Default]] = defaultdict(list)
        for default in portfolio.defaults_today:
            by_cohort[default.cohort].append(default)
        portfolio.defaults_today.clear()
        for cohort in sorted(by_cohort):
            batch = Batch(portfolio.facility, month, cohort, by_cohort[cohort])
            self._open_claims(batch)
            for part in portfolio.facility.recovery:
                self.clock.start(self._recover(portfolio, batch, part))

    def _open_claims(self, batch: Batch) -> None:
        made: dict[str, Claim] = {}
        of_facility = [c for c in self.contracts.values() if c.facility == batch.facility.name]
        for contract in sorted(of_facility, key=lambda c: contract_depth(c, self.contracts)):
            covers = made[contract.covers] if contract.covers is not None else None
            insured = batch.facility.lender if covers is None else covers.contract.payer
            due_month = batch.month + due_lag(contract, self.contracts)
            made[contract.name] = Claim(self.covers[contract.name], batch, covers, insured, due_month)
        batch.claims = [made[contract.name] for contract in of_facility]
        for claim in batch.claims:
            self.clock.start(self._present(claim))

    def _present(self, claim: Claim) -> Process:
        """A claim: wait until it falls due, then lie on the desk."""
        claim.cover.waiting.append(claim)
        yield self.clock.until(claim.due_month, Stage.CLAIMS)
        claim.cover.waiting.remove(claim)
        claim.cover.claims.append(claim)

    def settle(self, month: int, volumes: dict[str, dict[int, float]]) -> None:
        """Settle all that falls due in a month, desk by desk (step 6)."""
        unpaid: dict[str, float] = defaultdict(float)
        for desk in self.desks:
            unpaid[desk.payer] += desk.settle(month, volumes, self.ledger)
        for payer, amount in unpaid.items():
            if amount > HALF_A_FEN:
                self.unpaid_month.setdefault(payer, float(month))

    def _recover(self, portfolio: Portfolio, batch: Batch, part: RecoveryPart) -> Process:
        """A recovery: wait for its lag, reach the lender, leave its cost, be shared (step 3)."""
        month = batch.month + part.lag_months
        yield self.clock.until(month, Stage.RECOVERIES)
        lender = batch.facility.lender
        gross = part.share * batch.recoverable
        self.ledger.transfer("firms", lender, "recovery", gross)
        portfolio.collected += gross
        cost = batch.facility.recovery_cost * gross
        self.ledger.transfer(lender, "outside", "recovery_cost", cost)
        batch.reached_lender += gross - cost
        self._share_recovery(batch, None, lender, gross - cost, month)

    def _share_recovery(
        self, batch: Batch, covers: Claim | None, insured: str, amount: float, month: int
    ) -> None:
        """Hand each payer of the insured ω of a recovery, ω = paid ÷ basis, and so on upstream.

        Where the payer still owes arrears, the recovery relieves them by arrears ÷ basis of it.
        """
        left = amount
        for claim in batch.contracts_of(covers):
            if claim.basis <= 0.0:
                continue
            relief = min(claim.arrears, claim.arrears / claim.basis * amount)
            handed = min(left, claim.paid - claim.recovered, claim.paid / claim.basis * amount)
            claim.arrears -= relief
            claim.cover.unpaid -= relief
            claim.cover.relieved += relief
            handed = self.ledger.transfer(insured, claim.contract.payer, "recovery_share", handed)
            left -= handed
            claim.recovered += handed
            claim.cover.book_recovery(handed, month // 12)
            self._share_recovery(batch, claim, claim.contract.payer, handed, month)

    def compensation(self, payer: str, year: int | None = None) -> float:
        """Return the gross compensation paid by a party, over life or in one policy year [yuan]."""
        covers = [cover for cover in self.covers.values() if cover.contract.payer == payer]
        if year is None:
            return sum(cover.paid for cover in covers)
        return sum(cover.paid_in_year[year] for cover in covers)

    def owed(self, payer: str) -> float:
        """Return the arrears that a party owes [yuan]."""
        covers = (cover for cover in self.covers.values() if cover.contract.payer == payer)
        return sum(cover.open_arrears for cover in covers)


def contract_depth(contract: Contract, contracts: dict[str, Contract]) -> int:
    """Return 1 for a lender's contract, 2 for one that covers such a contract, and so on."""
    if contract.covers is None:
        return 1
    return 1 + contract_depth(contracts[contract.covers], contracts)


def claims_desks(contracts: tuple[Contract, ...]) -> list[tuple[str, list[Contract]]]:
    """Return payers and their contracts in the order of settlement.

    Depth by depth; inside a depth every earlier contract of an insured is settled before a later one
    of another payer.

    Args:
        contracts: all contracts of a scheme, in listed order.

    Raises:
        ValueError: two payers each come before the other, so that no order exists.
    """
    by_name = {contract.name: contract for contract in contracts}
    by_depth: dict[int, list[Contract]] = defaultdict(list)
    for contract in contracts:
        by_depth[contract_depth(contract, by_name)].append(contract)
    return [
        (payer, [contract for contract in by_depth[depth] if contract.payer == payer])
        for depth in sorted(by_depth)
        for payer in _payers_in_order(by_depth[depth])
    ]


def _payers_in_order(contracts: Iterable[Contract]) -> list[str]:
    graph: TopologicalSorter[str] = TopologicalSorter()
    before: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for contract in contracts:
        earlier = before[contract.facility, contract.covers]
        graph.add(contract.payer, *(payer for payer in earlier if payer != contract.payer))
        earlier.append(contract.payer)
    try:
        return list(graph.static_order())
    except CycleError as error:
        payers = ", ".join(dict.fromkeys(error.args[1]))
        message = f"no order of settlement: {payers} each come before another in some insured's list"
        raise ValueError(message) from error
