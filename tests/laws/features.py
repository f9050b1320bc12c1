"""Student-t copulas, firms that come and go, tapes and further rules of cash for the random schemes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fundsim.scheme import (
    Drawn,
    MarginRefund,
    Payment,
    Population,
    Scheme,
    Segment,
    Tape,
    TopUp,
)

from .choices import Choices, amount, chance, pick, share
from .tapes import tape_of_rows

__all__ = ["featured"]

MATCH = "match"
"""Name of the drawn multiple of treasury money, and kind of the injections that it multiplies."""


def featured(choose: Choices, scheme: Scheme, payers: tuple[str, ...]) -> Scheme:
    """Return the scheme with any of the features of this module.

    Args:
        choose: where choices come from.
        scheme: a scheme without any of these; its guarantors are final, because they weigh no tape.
        payers: parties that may be topped up, earn interest and hold margins.
    """
    if chance(choose, 35):
        degrees = amount(choose, 2.1, 12.0)
        scheme = replace(scheme, economy=replace(scheme.economy, t_degrees=degrees))
    scheme = replace(scheme, segments=tuple(_populated(choose, s) for s in scheme.segments))
    scheme = _solved(choose, _taped(choose, scheme))
    scheme = _matched(choose, scheme)
    return _with_more_cash_rules(choose, scheme, payers)


def _populated(choose: Choices, segment: Segment) -> Segment:
    """Let firms enter, age and leave, in place of a fixed number of them."""
    if not chance(choose, 35):
        return segment
    ages = choose.whole(1, 4)
    population = Population(
        opening=tuple(choose.whole(0, 40) for _ in range(ages)),
        entry_annual=amount(choose, 0, 60),
        exit_annual=tuple(pick(choose, (0.0, 1.0, share(choose))) for _ in range(ages)),
    )
    return replace(segment, firms=None, population=population)


def _solved(choose: Choices, scheme: Scheme) -> Scheme:
    """Give segments, and each loan of a tape, a threshold and a ρ of the factor's step, as lowering does."""
    if not scheme.economy.step_months or not chance(choose, 40):
        return scheme
    segments = tuple(replace(s, threshold=-3.0 * share(choose)) for s in scheme.segments)
    facilities = tuple(
        f if f.tape is None else replace(f, tape=_solved_tape(choose, f.tape)) for f in scheme.facilities
    )
    return replace(scheme, segments=segments, facilities=facilities)


def _solved_tape(choose: Choices, tape: Tape) -> Tape:
    return replace(
        tape,
        threshold=np.array([-3.0 * share(choose) for _ in range(tape.n_loans)]),
        rho=np.array([share(choose, 0.0, 0.5) for _ in range(tape.n_loans)]),
    )


def _taped(choose: Choices, scheme: Scheme) -> Scheme:
    """Put some facilities' further opening loans on tapes, where a tape may stand."""
    if not scheme.economy.step_months:
        return scheme
    weighed = {w.facility for g in scheme.guarantors for w in g.weights}
    bullets = [s for s in scheme.segments if not s.outstanding_share]
    facilities = tuple(
        replace(f, tape=_tape(choose, bullets))
        if bullets and f.name not in weighed and chance(choose, 40)
        else f
        for f in scheme.facilities
    )
    return replace(scheme, facilities=facilities)


def _tape(choose: Choices, segments: list[Segment]) -> Tape:
    rows = []
    for _ in range(choose.whole(1, 12)):
        segment = pick(choose, segments)
        left = choose.whole(1, segment.term_months)
        risk, loss = share(choose, 0.001, 0.9), share(choose, 0.2, 0.8)
        rows.append((segment.name, amount(choose, 5, 500), left, risk, loss))
    return tape_of_rows(rows)


def _matched(choose: Choices, scheme: Scheme) -> Scheme:
    """Let the treasury's dated payments depend on a drawn multiple of their own."""
    if not scheme.injections or not chance(choose, 30):
        return scheme
    injections = tuple(
        i if i.drawn or chance(choose, 40) else replace(i, kind=MATCH, drawn=MATCH) for i in scheme.injections
    )
    low = share(choose)
    drawn = Drawn(name=MATCH, low=low, high=low + share(choose, 0.0, 2.0))
    return replace(scheme, injections=injections, drawn=(*scheme.drawn, drawn))


def _with_more_cash_rules(choose: Choices, scheme: Scheme, payers: tuple[str, ...]) -> Scheme:
    """Add a second rule of each kind: other parties, another facility, a fee that a third party pays."""
    last = scheme.facilities[-1].name
    if chance(choose, 25):
        payee = pick(choose, payers)
        fee = Payment.fee(facility=last, payer="treasury", payee=payee, rate_annual=0.02, kind="subsidy")
        scheme = replace(scheme, payments=(*scheme.payments, fee))
    if chance(choose, 25):
        rate = share(choose, 0.0, 0.1)
        refund = MarginRefund(facility=last, party="delta", payee="firms", rate=rate)
        scheme = replace(scheme, margin_refunds=(*scheme.margin_refunds, refund))
    if chance(choose, 25):
        below = amount(choose, 0, 300)
        rule = TopUp(source="treasury", target="gamma", below=below, to=below + amount(choose, 0, 300))
        scheme = replace(scheme, top_ups=(*scheme.top_ups, rule))
    if chance(choose, 25):
        party, rate = pick(choose, payers[1:]), share(choose, 0.0, 0.05)
        earning = Payment.interest(party=party, payer="second_bank", rate_annual=rate)
        scheme = replace(scheme, payments=(*scheme.payments, earning))
    return scheme
