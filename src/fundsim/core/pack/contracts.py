"""The order in which contracts are settled, and where their batches are kept."""

from __future__ import annotations

import math
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import groupby, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fundsim.core.pack import tables as t
from fundsim.core.pack.limits import guaranteed_by, stakes_of
from fundsim.core.pack.record_arrays import table
from fundsim.scheme import Contract, Line, Scheme

__all__ = ["PackedContracts", "in_settlement_order", "pack_contracts"]


class PackedContracts(NamedTuple):
    """The tables of contracts and of groups, and where the batches of each lender begin."""

    contracts: Any
    groups: Any
    first_batch: NDArray[np.int64]


def _insured(contract: Contract) -> tuple[str, str | None]:
    return contract.facility, contract.covers


def in_settlement_order(scheme: Scheme) -> Scheme:
    """Return the scheme with its contracts in the order in which they are settled.

    Depth by depth; inside a depth a payer stands after the payers of all earlier contracts of its
    insureds, because what they pay decides what is uncovered.  The contracts of one payer at one
    depth stand together: they are paid pro rata.

    Raises:
        ValueError: contracts cover each other, or payers wait for each other, in a circle.
    """
    depth = {c.name: c.depth(scheme.contracts) for c in scheme.contracts}
    ordered: list[Contract] = []
    for level in sorted(set(depth.values())):
        here = [c for c in scheme.contracts if depth[c.name] == level]
        order: TopologicalSorter[str] = TopologicalSorter()
        for position, contract in enumerate(here):
            order.add(contract.payer)
            for earlier in here[:position]:
                if _insured(earlier) == _insured(contract) and earlier.payer != contract.payer:
                    order.add(contract.payer, earlier.payer)
        try:
            payers = list(order.static_order())
        except CycleError as error:
            circle = " > ".join(reversed(error.args[1]))
            raise ValueError(f"payers wait for each other: {circle}") from None
        ordered += [c for payer in payers for c in here if c.payer == payer]
    return replace(scheme, contracts=tuple(ordered))


def _groups(scheme: Scheme) -> list[tuple[str, int]]:
    """Return (payer, number of contracts) of each run of contracts that are paid together."""
    depth = {c.name: c.depth(scheme.contracts) for c in scheme.contracts}
    runs = groupby(scheme.contracts, key=lambda c: (depth[c.name], c.payer))
    return [(payer, len(list(members))) for (_, payer), members in runs]


def _keeps_cohorts_apart(contracts: list[Contract]) -> bool:
    """Return whether the cohorts of a facility can fare differently within one month.

    They do under a cohort cap; under a layer per loan, which cuts another part of each batch, as its loans
    are, and so shares its recovery otherwise; where arrears are carried, because each recovery relieves a
    batch's own and leaves another part of them; and where a net contract, which claims by the LGD of each
    batch, stands beside another one.  Else the sum over cohorts is the same whether or not they are kept
    apart.
    """
    if any(c.carry for c in contracts):
        return True
    if any(c.cohort_cap_rate < math.inf or _per_loan(c) for c in contracts):
        return True
    return len(contracts) > 1 and any(c.net for c in contracts)


def _cohorts(scheme: Scheme) -> list[int]:
    """Return the number of cohorts that each facility keeps apart."""
    years = -(-scheme.window.months // 12)
    of_facility = [[c for c in scheme.contracts if c.facility == f.name] for f in scheme.facilities]
    return [1 + years if _keeps_cohorts_apart(contracts) else 1 for contracts in of_facility]


def _per_loan(contract: Contract) -> bool:
    return contract.loan_attach > 0.0 or contract.loan_limit < math.inf


def _layered(contract: Contract) -> bool:
    limits = (contract.year_limit, contract.limit, contract.cohort_cap_rate)
    return contract.year_attach > 0.0 or contract.attach > 0.0 or min(limits) < math.inf


def _interest_months(contract: Contract) -> int:
    return contract.trigger_months if contract.basis == "principal_and_interest" else 0


class _Batches(NamedTuple):
    """Where the batches of lenders and claims lie."""

    first: NDArray[np.int64]
    """(f + 1): first batch of each facility's lender, and how many batches lenders have."""
    n_cohorts: list[int]
    """(k): cohorts of each contract's facility."""
    claims: list[int]
    """(k): first claim batch of each contract."""


def _batches(scheme: Scheme) -> _Batches:
    cohorts = _cohorts(scheme)
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    first = np.concatenate([[0], np.cumsum(cohorts)]).astype(np.int64)
    n_cohorts = [cohorts[facility[c.facility]] for c in scheme.contracts]
    return _Batches(first, n_cohorts, [sum(n_cohorts[:k]) for k in range(len(n_cohorts))])


def _contract_months(scheme: Scheme, by_name: dict[str, Contract]) -> list[int]:
    """Return, by contract, the months after a date in which its last claim falls due, nothing being lent."""
    terms = {s.name: s.term_months for s in scheme.segments}
    longest = {f.name: max(terms[b.segment] for b in f.borrowers) for f in scheme.facilities}
    return [longest[c.facility] + c.delay(scheme.contracts) for c in scheme.contracts]


def _payer_months(scheme: Scheme, last_claims: list[int]) -> list[int]:
    """Return, by contract, the months after a date in which the last claim on its payer may be paid."""
    found: dict[str, int] = {}
    for contract, months in zip(scheme.contracts, last_claims, strict=True):
        waits = scheme.window.waiting if contract.carry else 0
        found[contract.payer] = max(found.get(contract.payer, 0), months, waits)
    return [found[c.payer] for c in scheme.contracts]


def _pack_groups(scheme: Scheme, account: dict[str, int]) -> Any:
    groups = _groups(scheme)
    starts = np.cumsum([0, *(size for _, size in groups)]).astype(np.int64)
    limited = {p.name: p.limited for p in scheme.parties}
    return table(
        t.GROUP,
        first=starts[:-1],
        end=starts[1:],
        payer=[account[payer] for payer, _ in groups],
        limited=[limited[payer] for payer, _ in groups],
        carries=[any(c.carry for c in scheme.contracts[a:b]) for a, b in pairwise(starts)],
    )


def pack_contracts(scheme: Scheme, line: dict[Line, int], account: dict[str, int]) -> PackedContracts:
    """Pack the contracts of a scheme, which stand in the order of settlement."""
    contracts = scheme.contracts
    by_name = {c.name: c for c in contracts}
    row = {c.name: position for position, c in enumerate(contracts)}
    facility = {f.name: position for position, f in enumerate(scheme.facilities)}
    batches = _batches(scheme)
    n_lender_batches = int(batches.first[-1])
    insured = [
        scheme.facilities[facility[c.facility]].lender if c.covers is None else by_name[c.covers].payer
        for c in contracts
    ]
    insured_batch = [
        int(batches.first[facility[c.facility]])
        if c.covers is None
        else n_lender_batches + batches.claims[row[c.covers]]
        for c in contracts
    ]
    claim_lines = [
        Line(source=c.payer, target=party, kind="claim") for c, party in zip(contracts, insured, strict=True)
    ]
    recovery_lines = [
        Line(source=party, target=c.payer, kind="recovery_share")
        for c, party in zip(contracts, insured, strict=True)
    ]
    stakes = stakes_of(scheme)
    outlays = [guaranteed_by(scheme, c) for c in contracts]
    last_claims = _contract_months(scheme, by_name)
    packed = table(
        t.CONTRACT,
        facility=[facility[c.facility] for c in contracts],
        covers=[-1 if c.covers is None else row[c.covers] for c in contracts],
        payer=[account[c.payer] for c in contracts],
        of_original=[c.of == "original" for c in contracts],
        net=[c.net for c in contracts],
        delay=[c.delay(contracts) for c in contracts],
        insured_batch=insured_batch,
        own_batch=[n_lender_batches + first for first in batches.claims],
        claim_batch=batches.claims,
        n_cohorts=batches.n_cohorts,
        claim_line=[line[entry] for entry in claim_lines],
        recovery_line=[line[entry] for entry in recovery_lines],
        layered=[_layered(c) for c in contracts],
        per_loan=[_per_loan(c) for c in contracts],
        cap_on_net=[c.cap_on_net for c in contracts],
        carry=[c.carry for c in contracts],
        share=[c.share for c in contracts],
        interest_months=[_interest_months(c) for c in contracts],
        loan_attach=[c.loan_attach for c in contracts],
        loan_limit=[c.loan_limit for c in contracts],
        year_attach=[c.year_attach for c in contracts],
        year_limit=[c.year_limit for c in contracts],
        attach=[c.attach for c in contracts],
        limit=[c.limit for c in contracts],
        cohort_cap_rate=[c.cohort_cap_rate for c in contracts],
        stake=[-1 if stake is None else stakes.index(stake) for stake, _ in outlays],
        outlay_sign=[sign for _, sign in outlays],
        contract_months=last_claims,
        payer_months=_payer_months(scheme, last_claims),
    )
    return PackedContracts(packed, _pack_groups(scheme, account), batches.first)
