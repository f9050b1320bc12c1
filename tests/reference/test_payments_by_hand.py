"""The one rule of payments, in both engines, by hand arithmetic."""

from dataclasses import replace

import pytest

from fundsim.scheme import Injection, Party, Payment, TopUp, check_scheme

from .guaranteed import ENGINES, MONTHS, SOUND, asking, lending, month_ends, scheme

approx = pytest.approx

FEE = Payment.fee(facility="loans", payer="firms", payee="fund", rate=0.01)
INTEREST = Payment.interest(party="fund", payer="bank", rate_annual=0.12)
COST = Payment.running_cost(party="fund", payee="outside", amount_annual=1200.0)


@pytest.fixture(params=sorted(ENGINES))
def run(request):
    """Return a function that records one path of a scheme month by month, by each engine in turn."""
    return lambda built: month_ends(request.param, built)


def fund(opening, *payments, facility=None, **more):
    """Return a scheme with a limited party called fund, and these payments."""
    parties = (Party(name="fund", opening=opening), *more.pop("others", ()))
    return scheme(facility or lending(), others=parties, guarantors=(), payments=payments, **more)


@pytest.mark.parametrize("order", [(FEE, INTEREST, COST), (COST, INTEREST, FEE), (INTEREST, COST, FEE)])
def test_a_month_pays_fees_then_interest_then_costs_in_whatever_order_they_are_written(run, order):
    """Loans of 16,000 granted in month 0 are renewed in month 24: the fee of 160 earns interest at once."""
    always = replace(SOUND, renew=1.0)
    facility = lending(demand=asking(m0=16_000.0))
    got = run(fund(0.0, *order, facility=facility, segments=(always, replace(always, name="doomed"))))
    balance = got["party/fund/balance"]
    # Month 0: nothing held at step 7, so nothing earned and nothing paid; the fee comes at step 8.
    assert balance[:3] == approx([160.0, 160.0 * 1.01 - 100.0, 0.0])
    assert balance[24] == approx(160.0 * 1.01 - 100.0)
    assert got["flow/bank>fund/interest"][24] == approx(1.6 + 0.616 + 1.6)


def test_a_limited_payer_of_a_fee_pays_no_more_than_it_holds(run):
    """On 10,000 granted in month 3 a fee of 3 % is 300: the fund holds 40."""
    fee = Payment.fee(facility="loans", payer="fund", payee="outside", rate=0.03)
    got = run(fund(40.0, fee, facility=lending(demand=asking(m3=10_000.0))))
    assert got["party/fund/balance"][2:4] == [40.0, 0.0]
    assert got["flow/fund>outside/fee"][-1] == 40.0


def test_a_limited_payer_of_interest_pays_no_more_than_it_holds(run):
    """A deposit of 5,000 earns 50 a month from a bank that holds 120."""
    deposit = Payment.interest(party="fund", payer="small_bank", rate_annual=0.12)
    got = run(fund(5000.0, deposit, others=(Party(name="small_bank", opening=120.0),)))
    paid = got["flow/small_bank>fund/interest"]
    assert paid[:3] == approx([50.0, 100.5, 120.0])
    assert got["party/small_bank/balance"][2:] == approx([0.0] * (MONTHS - 2))


def test_a_limited_source_injects_and_tops_up_no_more_than_it_holds(run):
    """A purse of 100 owes 70 in month 1 and would fill the fund up to 200."""
    paid = Injection(source="purse", target="fund", month=1, amount=70.0)
    filled = TopUp(source="purse", target="fund", below=150.0, to=200.0)
    purse = (Party(name="purse", opening=100.0),)
    got = run(fund(140.0, others=purse, injections=(paid,), top_ups=(filled,)))
    assert got["party/fund/balance"][:2] == [200.0, 240.0]
    assert got["party/purse/balance"][:2] == [40.0, 0.0]
    assert got["party/fund/paid_in"][-1] == 240.0


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (replace(FEE, of="elsewhere"), "no such base: granted of elsewhere"),
        (replace(INTEREST, of="nobody"), "no such base: balance of nobody"),
        (replace(COST, of="fund"), "no such base: fixed of fund"),
        (replace(FEE, amount_annual=1.0), "a granted base has no amount_annual"),
        (replace(INTEREST, rate=0.1), "a balance base has no rate"),
        (replace(COST, rate_annual=0.1), "a fixed base has no rate_annual"),
    ],
)
def test_terms_that_a_base_does_not_have_are_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        check_scheme(fund(0.0, wrong))
