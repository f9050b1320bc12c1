"""Both engines against queueing theory, and identities of a bridge fund's money."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from fundsim.scheme import DaysLaw, Shortage, record_names
from fundsim.scheme.shortage import DAYS_PER_MONTH
from fundsim.verify.bridge_schemes import (
    FUND,
    conserving_fund,
    liquidity_pool,
    mixed_fund,
    patient_fund,
    short_stock,
    sure_of_money,
)
from fundsim.verify.cases import Sampled
from fundsim.verify.closed_forms import finite_pool
from fundsim.verify.judge import Check, Subject, compare_exact, compare_sample
from fundsim.verify.mixtures import hold_to_law
from fundsim.verify.queue_cases import (
    LAWS_OF_TEN_DAYS,
    MIXED_FUNDS,
    PATIENT_QUEUES,
    STEADY_DAYS,
    PatientQueue,
)
from fundsim.verify.queue_forms import kaufman_roberts, mean_out
from fundsim.verify.sampling import EngineName, Floats, Sampler, prepare

__all__ = ["bridge_checks"]

FEN = 0.01
SEASONS = (0.5, 1.0, 1.5, 0.8, 1.2, 1.6, 0.7, 0.9, 1.3, 0.6, 0.8, 1.1)
"""Weights of the calendar months, of mean 1."""
SHORT = Shortage(probability=0.1, rho=0.12, trend=0.5)
N_FIRMS = 200
PD_WITH_LIQUIDITY = 0.08


def bridge_checks(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Yield the checks of one engine.

    Args:
        engine: which.
        sampler: runs the paths.
        paths: how many, each of three months after a warm-up; a hundred at most where an identity must
            hold on each.
    """
    for law in LAWS_OF_TEN_DAYS:
        yield from _equal_requests(engine, sampler, paths, law)
    yield from _mixed_requests(engine, sampler, paths)
    for queue in PATIENT_QUEUES:
        name = f"M/M/{queue.places}+D, {queue.per_day:g} a day, {queue.patience:g} days' patience"
        days = DaysLaw(law="exponential", mean=queue.mean_days)
        yield from _patient_requests(engine, sampler, paths, (name, "its integral, exact", queue, days))
    steady = DaysLaw(law="fixed", mean=STEADY_DAYS.mean_days)
    other = ("M/D/40+D, 3 days' patience", "200,000,000 customers of another program", STEADY_DAYS, steady)
    yield from _patient_requests(engine, sampler, paths, other)
    for law in LAWS_OF_TEN_DAYS[:3]:
        yield from _clustered_requests(engine, sampler, paths, (law, 3))
    yield from _clustered_requests(engine, sampler, paths, (LAWS_OF_TEN_DAYS[0], 4))
    for month in (5, 17):
        yield from _short_firms(engine, sampler, paths, month)
    for term_months in (12, 6):
        yield from _liquidity(engine, sampler, paths, term_months)
    yield from _money_is_conserved(engine, sampler.seed, min(paths, 100))


def _part(part: Floats, whole: Floats, expected: float) -> Floats:
    """Return values whose mean is Σ part ÷ Σ whole to first order: its linear part at what is expected."""
    return expected + (part - expected * whole) / float(whole.mean())


def _equal_requests(engine: EngineName, sampler: Sampler, paths: int, law: DaysLaw) -> Iterator[Check]:
    """Hold a fund of six places in which nobody waits to Erlang's B, and its uses to the turns identity."""
    fund = MIXED_FUNDS[2]
    scheme = mixed_fund(fund, law)
    names = ("n_requests", "n_refused", "out_days", "capital_days", "lent", "ended", "use_days")
    got = sampler.at_window(engine, scheme, paths, *(f"{FUND}/{name}" for name in names))
    asked, refused, out, capital, lent, ended, used = got.values()

    def subject(figure: str, source: str = "Erlang 1917, exact") -> Subject:
        return Subject(f"Erlang B, {law.law} days", figure, engine, source)

    (size,) = fund.sizes
    yield compare_sample(subject("part refused"), _part(refused, asked, size.refused), expected=size.refused)
    in_use = fund.mean_out / fund.capacity
    yield compare_sample(subject("utilisation"), _part(out, capital, in_use), expected=in_use)
    # Σ lent × (Σ use_days ÷ Σ ended) = Σ out_days, but for what is out at both ends of the window; both sides
    # are divided by the capital, so that they are turns.
    mean_days = float(used.sum() / ended.sum())
    turns = 365.0 / float(capital.mean()) * (lent + (used - mean_days * ended) / mean_days - out / mean_days)
    identity = "365 × utilisation ÷ mean days of use"
    yield compare_sample(subject("turns less what they should be", identity), turns, expected=0.0)


def _mixed_requests(engine: EngineName, sampler: Sampler, paths: int) -> Iterator[Check]:
    """Hold funds asked for several amounts to Kaufman's and Roberts's recursion, size by size."""
    for fund, law in zip(MIXED_FUNDS[:2], ("exponential", "fixed"), strict=True):
        days = DaysLaw(law=law, mean=fund.mean_days)  # type: ignore[arg-type]
        n_sizes = len(fund.sizes)
        counts = [f"bridge_size/fund/{k}/{n}" for k in range(n_sizes) for n in ("n_requests", "n_refused")]
        names = (*counts, f"{FUND}/out_days", f"{FUND}/capital_days")
        got = sampler.at_window(engine, mixed_fund(fund, days), paths, *names)
        loads = [size.per_day * fund.mean_days for size in fund.sizes]
        refused, mean = kaufman_roberts(fund.capacity, [size.units for size in fund.sizes], loads)

        def subject(figure: str, name: str = fund.name) -> Subject:
            return Subject(name, figure, engine, "Kaufman 1981, Roberts 1981, exact")

        for k, size in enumerate(fund.sizes):
            asked, left = (got[f"bridge_size/fund/{k}/{n}"] for n in ("n_requests", "n_refused"))
            expected = float(refused[k])
            figure = subject(f"part refused of {size.units} units")
            yield compare_sample(figure, _part(left, asked, expected), expected=expected)
        in_use = mean / fund.capacity
        values = _part(got[f"{FUND}/out_days"], got[f"{FUND}/capital_days"], in_use)
        yield compare_sample(subject("utilisation"), values, expected=in_use)


def _patient_requests(
    engine: EngineName, sampler: Sampler, paths: int, case: tuple[str, str, PatientQueue, DaysLaw]
) -> Iterator[Check]:
    """Hold a fund for whose money requests wait to what leaves unserved, and what is not served at once."""
    name, source, queue, days = case
    names = [f"{FUND}/{what}" for what in ("n_requests", "n_refused", "n_queued")]
    asked, refused, queued = sampler.final(engine, patient_fund(queue, days), paths, *names).values()
    figures: list[tuple[str, Floats, Sampled]] = [("part refused", refused, queue.refused)]
    if queue.patience > 0.0:
        figures.append(("part not served at once", queued, queue.queued))
    for figure, values, known in figures:
        subject = Subject(name, figure, engine, source)
        part = _part(values, asked, known.value)
        yield compare_sample(subject, part, expected=known.value, expected_se=known.se)


def _clustered_requests(
    engine: EngineName, sampler: Sampler, paths: int, case: tuple[DaysLaw, int]
) -> Iterator[Check]:
    """Hold what is out at the end of a quarter, or a month later, to its Poisson law."""
    law, months = case
    scheme = sure_of_money(law, SEASONS, months)
    (out,) = sampler.at_window(engine, scheme, paths, f"{FUND}/out").values()
    mean = mean_out(months * DAYS_PER_MONTH, law, SEASONS, (5.0, 3.0))

    def subject(figure: str) -> Subject:
        when = {3: "at a quarter's end", 4: "a month later"}[months]
        case = f"Money out {when}, {law.law} days"
        return Subject(case, figure, engine, "∫ λ(t − s) P(D > s) ds, exact")

    yield compare_sample(subject("mean"), out, expected=mean, spread=math.sqrt(mean))
    fourth = mean + 3.0 * mean * mean
    spread = math.sqrt(fourth - mean * mean)
    yield compare_sample(subject("variance"), (out - mean) ** 2, expected=mean, spread=spread)


def _short_firms(engine: EngineName, sampler: Sampler, paths: int, month: int) -> Iterator[Check]:
    """Hold the number of short firms to its law: given the index they are short independently."""
    scheme = short_stock(N_FIRMS, month + 1, SHORT)
    (short,) = sampler.final(engine, scheme, paths, "book/loans/firms/n_short").values()
    probability = SHORT.in_year(month // 12)
    law = finite_pool(N_FIRMS, probability, SHORT.rho)

    def subject(figure: str) -> Subject:
        case = f"{N_FIRMS} firms in policy year {month // 12 + 1}, short with {probability:g}"
        return Subject(case, figure, engine, "probit, exact")

    yield from hold_to_law(subject, short, law, law.quantile(0.99))


def _liquidity(engine: EngineName, sampler: Sampler, paths: int, term_months: int) -> Iterator[Check]:
    """Hold the defaults of a year without a fund to a PD that includes those for lack of a bridge."""
    scheme = liquidity_pool(PD_WITH_LIQUIDITY, term_months)
    names = ("n_defaulted", "n_defaulted_unserved")
    got = sampler.final(engine, scheme, paths, *(f"book/pool/firms/{name}" for name in names))
    defaulted, unserved = (values / 100.0 for values in got.values())

    def subject(figure: str) -> Subject:
        case = f"PD that includes liquidity, loans of {term_months} months"
        return Subject(case, figure, engine, "the stated PD, exact")

    yield compare_sample(subject("default rate of a year"), defaulted, expected=PD_WITH_LIQUIDITY)
    if term_months == 12:
        # (1 − p)(1 − s d) = 1 − P, s d = 0.03: of 1 − p sound firms s d default.
        expected = 0.03 * (1.0 - PD_WITH_LIQUIDITY) / (1.0 - 0.03)
        yield compare_sample(subject("of it for lack of a bridge"), unserved, expected=expected)


def _money_is_conserved(engine: EngineName, seed: int, paths: int) -> Iterator[Check]:
    """Hold a fund's cash and its capital to their definitions, at every month's end of every path."""
    for warm_up in (0.0, 90.0):
        scheme = conserving_fund(warm_up_days=warm_up)
        names = record_names(scheme)
        series = tuple(n for n in (*names.flows, *names.stocks) if n.startswith((FUND, "party/fund/")))
        months = prepare(engine)(scheme, series, ()).run(seed, 0, paths).series
        got = {name.rsplit("/", 1)[1]: months[:, :, k] for k, name in enumerate(series)}
        yield from _identities(engine, got, warm_up)


def _identities(engine: EngineName, got: dict[str, Floats], warm_up: float) -> Iterator[Check]:
    case = f"Every path of a fund, {warm_up:g} days of warm-up" if warm_up else "Every path of a fund"

    def worst(figure: str, error: Floats) -> Check:
        subject = Subject(case, figure, engine, "its definition, to a fen")
        return compare_exact(subject, expected=0.0, got=float(np.abs(error).max()), tolerance=FEN)

    cash = got["capital"] + got["fees_kept"] - got["out"]
    yield worst("cash less (capital + fees kept − out)", got["balance"] - cash)
    lost = got["losses"] + got["overdue"] + got["cost_from_capital"] - got["recapitalised"]
    before = got["capital"] + lost - got["paid_in"]
    # A warm-up leaves its own losses in the opening: what is left of it is the same in all months.
    yield worst("capital less its parts", before - (before[:, :1] if warm_up else 0.0))
    served = got["n_requests"] - got["n_refused"] - got["n_waiting"] - got["n_served"]
    yield worst("requests less what became of them", served - (served[:, :1] if warm_up else 0.0))
    ends = got["n_returned"] + got["n_overdue"] + got["n_out"] - got["n_served"]
    yield worst("requests served less what became of them", ends - (ends[:, :1] if warm_up else 0.0))
