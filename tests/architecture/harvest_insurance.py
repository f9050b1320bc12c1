"""Harvest-loan insurance (农业贷款保证保险): a kind of instrument that the package does not have.

An insurer pays the bank a share of each lost principal, up to a yearly limit, for a premium on the
principal of every grant and renewal.  It is one file: terms, how they lower, metrics.
"""

from __future__ import annotations

from collections.abc import Mapping

from fundsim.instruments import Context, Kind, Part
from fundsim.instruments.lending import Demand, OpeningStock, borrowers_of, demand_of
from fundsim.instruments.opening import opening_of
from fundsim.metrics.declared import metric
from fundsim.metrics.formulas import recorded
from fundsim.metrics.funds import claims_metrics
from fundsim.metrics.lending import lending_metrics
from fundsim.scenario.term import Term, term
from fundsim.scheme import Contract, Facility, Party, Payment
from fundsim.scheme.surroundings import FIRMS
from fundsim.units import Money, Months, Share


class HarvestInsurance(Term):
    """Terms of the policy."""

    share: Share = term(meaning="Part of each loss that the insurer pays", zh="赔付比例")
    premium: Share = term(meaning="Premium per yuan lent, at each grant and renewal", zh="保费率")
    year_limit: Money = term(gt=0, meaning="Most that the insurer pays in a policy year", zh="年度赔付限额")
    waiting_months: Months = term(3, meaning="Months from default to payment", zh="等待期")
    borrowers: Mapping[str, Share] = term(min_length=1, meaning="Who is insured", zh="投保企业构成")
    demand: Demand = term(meaning="What firms apply for", zh="贷款需求")
    opening_stock: OpeningStock | None = term(None, meaning="Loans at the start", zh="期初存量贷款")


def lower(name: str, terms: HarvestInsurance, context: Context) -> Part:
    """Lower a policy: one facility, one contract, an insurer that is never short of money."""
    bank, insurer = f"{name}.bank", f"{name}.insurer"
    facility = Facility(
        name=name,
        lender=bank,
        borrowers=borrowers_of(terms.borrowers),
        demand=demand_of(terms.demand, context),
        opening=opening_of(terms.opening_stock, terms.borrowers, context).loans,
        claim_months=terms.waiting_months,
    )
    contract = Contract(
        name=name,
        facility=name,
        payer=insurer,
        share=terms.share,
        trigger_months=terms.waiting_months,
        year_limit=terms.year_limit,
    )
    premium = Payment.fee(facility=name, payer=FIRMS, payee=insurer, rate=terms.premium, kind="premium")
    return Part(
        parties=(Party(name=bank, limited=False), Party(name=insurer, limited=False)),
        facilities=(facility,),
        contracts=(contract,),
        payments=(premium,),
        metrics=(
            *lending_metrics(facility, (contract,), context.segments),
            *claims_metrics(contract),
            metric(
                contract.about,
                "premiums",
                "yuan",
                "Premiums that firms paid",
                "保费收入",
                recorded(f"flow/{FIRMS}>{insurer}/premium"),
            ),
        ),
    )


KIND = Kind(
    name="harvest_insurance",
    meaning="Harvest-loan insurance with a yearly limit",
    meaning_zh="农业贷款保证保险",
    terms=HarvestInsurance,
    lower=lower,
)
