"""``docs/validation.md``: the report on the model that a reviewer wants, with this run's outcomes in it."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version

from fundsim.verify.outcomes import outcome_sections, table
from fundsim.verify.report import SEED, Report
from fundsim.verify.stated_years import stated_year_section

__all__ = ["validation_report"]

LIBRARIES = ("fundsim", "numpy", "scipy", "numba", "simpy")

INTRODUCTION = """\
# Validation of the model

Made by `fundsim verify --write docs/validation.md`. Its order follows the model-risk guidance of the US
bank supervisors (SR 26-2 of April 2026, before it SR 11-7): what the model is for, whether its theory is
sound, what data it rests on, what it can't do, how its outcomes compare with what is known, and how they
move with its inputs. fundsim's users are not bound by that guidance; it is the clearest list of what a
reviewer asks.

## 1. Purpose

fundsim answers how a city's financing schemes for small firms may turn out: the distribution of defaults,
of claims against a compensation pool and of their coverage, of lending and of fiscal cost, over a policy
window and its run-off. It is meant for sizing pools, comparing terms before they are agreed, and stating
contingent cost. It is not meant for granting or pricing a single loan, nor as an accounting estimate of
impairment.

## 2. Theory

- Defaults: conditional on a city factor and sector factors they are independent, with Vasicek's conditional
  PD (1987, 2002) at the factor's own step, or that of a Student-t copula; factors are AR(1) in the year.
  Given the factors, counts are binomial, not expectations, and the loans of a tape default one by one, each
  with its own PD. A static economy joins default times by the copula (Li 2000).
- Loss given default: fixed, or beta with a Gaussian score that may load on the factor.
- Firms: a fixed number, or a population that firms enter (Poisson) and leave by age (binomial).
- Cash: a monthly calendar with nine steps in a fixed order; each payment is one line of a ledger that must
  close.
- Cover: contracts are walked insured by insured and depth by depth; recoveries go back edge by edge.
- Guarantors: prudential net assets, less reserves, bound a weighted liability.
- Bridge funds: a queue in continuous time. Firms that are short at maturity ask on a day of the month, wait
  until their deadline at most, and use the money for days of any law. Such a fund is held to Erlang's B, to
  Kaufman's and Roberts's recursion for requests of several sizes, to queues with patience, and, where it
  never runs dry, to the Poisson law of what is out while requests cluster at quarters' ends. Its money
  must be conserved on every path.

Rules on which readers could differ are fixed in `docs/definitions.md`. The model exists twice: a compiled
core, which every command runs, and a SimPy engine in which each loan, claim and recovery is a process. They
share the lowered scheme and the random numbers that belong to a path as a whole (factors, mixing variables,
drawn multiples), and no line of code.

## 3. Data

Amounts come from the published plans that a scenario cites. Default rates, recoveries, correlations and the
behaviour of borrowers are assumptions; each carries its source, and `fundsim show --source` prints them. No
default history of a Chinese city's pool is public in a form that would allow a back-test of the whole
model. What can be checked without it is checked here: that the programs compute what the theory says.

## 4. Limits

- One city factor, correlated sectors and, if wanted, the mixing variable of a Student-t copula stand for all
  dependence. Chains of mutual guarantees among firms, and a bank that changes its behaviour after losses, are
  outside.
- Correlation is the least known input and drives the tail: section 6 shows by how much.
- The PD of a segment, or of a loan of a tape, moves with the factors only; there is no seasoning and no
  migration.
- A loan is a firm; a firm with loans on two facilities counts twice. That a firm leaves a population means no
  default and no repayment.
- Months are the finest step of lending. Money that moves inside a month is booked at the month's steps. A
  bridge fund alone lives in days; it knows no holidays, and the day on which a loan falls due is drawn.
- Whether a bank lends again after a bridge, and what becomes of a firm that no bridge serves, are
  probabilities that move with the economy. No published record of a fund says how they did in a bad year.
- Rounding demand to whole loans makes a scheme with very few loans depend on how segments are split.
- Probabilities below about 10 / paths can't be distinguished from zero; every reported figure carries its
  error.
"""

OUTCOMES = """\
## 5. Outcomes

Figures without chance must agree within a stated tolerance. Sampled ones must have |z| ≤ 4.9, a false alarm
of 1e-6 each. *Caught* is the smallest difference that this very comparison would have found with 90 %
probability, 6.18 standard errors; the house rule wants 0.1 standard deviations of a metric, and of a
probability 5 % or half a point, the larger (one point where the SimPy engine runs). `weak` means that a
comparison agreed with less power: *caught ÷ wanted* is above 1. Scenarios with a budget, whole plans as
a rule, are compared in pairs on fewer paths than the others, so that most of their comparisons are weak.

Every failure and every weak comparison is below. `fundsim verify --json` gives each check as an object: case,
figure, expected, got, error, the smallest difference caught and the one wanted.
"""

QUICK_RUN = """\
A full run takes ten times as many paths, and more than thirty times as many where the engines are compared in
pairs. A quick run finds gross faults in minutes; most of its pairs are weak for lack of paths alone.
"""

MONITORING = """\
## 7. Upkeep

`fundsim verify` runs in full before every release and replaces this page; `fundsim verify --quick` runs
with every change. A change of a rule changes `docs/definitions.md`, both engines and the hand arithmetic of
the tests, each written from the rule. A user who has default records of a scheme should compare them with
the distribution of `default_rate` before relying on the tail, and report the assumption that they would
change.
"""


def validation_report(report: Report) -> str:
    """Return the validation report in Markdown.

    Args:
        report: a finished run.
    """
    return "\n".join([INTRODUCTION, OUTCOMES, *_outcomes(report), *_sensitivity(report), MONITORING])


def _outcomes(report: Report) -> Iterable[str]:
    n, failed, weak = len(report.checks), len(report.failed), len(report.weak)
    made_with = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    kind = "quick run" if report.quick else "full run"
    today = datetime.now(UTC).date().isoformat()
    yield (
        f"{kind.capitalize()} of {today}, seed {SEED}, Python {platform.python_version()}, {made_with}: "
        f"**{n} checks, {n - failed} passed, {weak} of them weak, {failed} failed.**\n"
    )
    if report.quick:
        yield QUICK_RUN
    yield from outcome_sections(report.checks)
    yield from stated_year_section()


def _sensitivity(report: Report) -> Iterable[str]:
    yield "## 6. Sensitivity\n"
    yield (
        "The single-pool job, one input changed at a time on the same random numbers. It shows which "
        "inputs must be right, and that faults of a few per cent of an input are visible.\n"
    )
    rows = [
        (
            shift.change,
            f"{100 * shift.depleted:+.2f} ± {196 * shift.depleted_se:.2f}",
            f"{100 * shift.coverage:+.3f} ± {196 * shift.coverage_se:.3f}",
        )
        for shift in report.shifts
    ]
    headings = ("change", "P(depleted) [points, 95 %]", "mean claims coverage [points, 95 %]")
    yield from table(headings, rows)
