"""The planted bugs: what each means, where it is planted, and the test that caught it first."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BUGS", "Bug", "Edit"]


@dataclass(frozen=True)
class Edit:
    """Another text in one definition of the package, wherever its file lies.

    Attributes:
        definition: function, ``Class.method`` or constant of a module; one module alone has it.
        old: text that stands once in the definition.
        new: what replaces it.
        module: end of the module's dotted path, where several modules have a definition of that name.
    """

    definition: str
    old: str
    new: str
    module: str = ""


@dataclass(frozen=True)
class Bug:
    """A mistake of the kind that a model makes without crashing.

    Attributes:
        number: counts from 1, without gaps.
        meaning: what is wrong with the figures.
        edits: what plants it.
        caught_by: the test that failed first, below ``tests/``.
    """

    number: int
    meaning: str
    edits: tuple[Edit, ...]
    caught_by: str


BUGS = (
    Bug(
        1,
        "The yearly PD is 5 % higher than stated.",
        (Edit("pd_of_loans", "pd = stated_pd(terms)", "pd = min(1.05 * stated_pd(terms), 1.0 - 1e-10)"),),
        "lowering/test_economy.py::test_a_yearly_factor_keeps_rho_and_pd",
    ),
    Bug(
        2,
        "The asset correlation is higher by 0.02.",
        (
            Edit(
                "lower_segment",
                "rho=terms.rho if law is None else law.rho,",
                "rho=(terms.rho if law is None else law.rho) + 0.02,",
            ),
        ),
        "lowering/test_economy.py::test_rho_horizon_step_leaves_rho_as_it_is_written",
    ),
    Bug(
        3,
        "A high index is bad instead of a low one.",
        (
            Edit(
                "hazard_of_step",
                "normal_hazard(threshold - sensitivity * x)",
                "normal_hazard(threshold + sensitivity * x)",
            ),
        ),
        "reference/test_core_closed_forms.py"
        "::test_survival_over_life_is_the_same_on_every_path_whatever_strikes_at_maturity[0.0]",
    ),
    Bug(
        4,
        "Loans granted or renewed are exposed a month later.",
        (Edit("begin_lives", "column, month + 1, loans.term", "column, month + 2, loans.term"),),
        "instruments/test_compensation_pool.py::test_recoveries_restore_a_cap_on_net_payments_only[gross-100]",
    ),
    Bug(
        5,
        "Claims fall due a month later.",
        (
            Edit(
                "pack_contracts",
                "delay=[c.delay(contracts) for c in contracts]",
                "delay=[c.delay(contracts) + 1 for c in contracts]",
            ),
        ),
        "instruments/test_compensation_pool.py"
        "::test_half_of_the_loss_is_paid_three_months_and_two_after_the_default",
    ),
    Bug(
        6,
        "Injections arrive a month later.",
        (Edit("_funding", "month=[i.month for i in injections]", "month=[i.month + 1 for i in injections]"),),
        "instruments/test_compensation_pool.py::test_arrears_that_are_carried_are_paid_when_money_comes",
    ),
    Bug(
        7,
        "Recoveries arrive a month later.",
        (Edit("_recovery_parts", "= part.lag_months, part.share", "= part.lag_months + 1, part.share"),),
        "instruments/test_compensation_pool.py"
        "::test_a_recovery_leaves_its_cost_first_and_comes_back_by_the_share_paid",
    ),
    Bug(
        8,
        "The payer gets its share of a recovery twice.",
        (
            Edit(
                "share_recovery",
                "transfer(tables.lines, state, contracts[k].recovery_line, handed)",
                "transfer(tables.lines, state, contracts[k].recovery_line, handed)\n"
                "            transfer(tables.lines, state, contracts[k].recovery_line, handed)",
            ),
        ),
        "instruments/test_compensation_pool.py"
        "::test_a_recovery_leaves_its_cost_first_and_comes_back_by_the_share_paid",
    ),
    Bug(
        9,
        "A recovery is split by what was paid of the gross loss, "
        "not of the basis that earlier recoveries left.",
        (
            Edit(
                "pay",
                "amount / state.claims[t, q].basis",
                "amount / state.insured[t, contract.insured_batch + cohort].loss",
                module="month.claims",
            ),
        ),
        "instruments/test_amortising.py"
        "::test_a_linear_loan_that_defaults_in_its_third_month_loses_half_of_its_principal",
    ),
    Bug(
        10,
        "A lending limit on the balance reads the balance at the end of the month before.",
        (
            Edit(
                "base_of",
                "max(0.0, account.balance - ",
                "max(0.0, state.payers[capacity.account].held - ",
                module="month.lending",
            ),
            Edit(
                "simulate_month",
                "in_window = month < tables.window.months",
                "in_window = month < tables.window.months\n"
                "    for a in range(state.parties.size):\n"
                "        state.payers[a].held = state.parties[a].balance",
            ),
            Edit("PAYER_WORK", "compensation_year", "compensation_year held"),
        ),
        "reference/test_core_closed_forms.py"
        "::test_the_single_pool_is_depleted_as_often_as_other_programs_say",
    ),
    Bug(
        11,
        "A renewal counts as a newly reached firm.",
        (Edit("book_renewal", "book.n_renewed += n", "book.n_new += n\n    book.n_renewed += n"),),
        "instruments/test_compensation_pool.py::test_renewed_loans_are_lent_again_and_reach_no_new_firm",
    ),
    Bug(
        12,
        "A share is taken of the original loss where the contract says of the uncovered one.",
        (Edit("pack_contracts", 'c.of == "original" for c in', "True for c in"),),
        "instruments/test_compensation_pool.py"
        "::test_the_margin_pays_first_then_the_pool_half_of_the_rest_then_the_bank",
    ),
    Bug(
        13,
        "Recoveries restore caps on gross payments.",
        (Edit("pack_contracts", "c.cap_on_net for c in", "True for c in"),),
        "instruments/test_compensation_pool.py::test_recoveries_restore_a_cap_on_net_payments_only[gross-100]",
    ),
    Bug(
        14,
        "What a pool can’t pay is carried where it should lapse.",
        (
            Edit("_pack_groups", "any(c.carry for c in scheme.contracts[a:b]) for a, b", "True for a, b"),
            Edit("pack_contracts", "c.carry for c in", "True for c in"),
        ),
        "instruments/test_compensation_pool.py"
        "::test_a_recovery_on_a_claim_that_was_paid_in_part_comes_back_in_that_part",
    ),
    Bug(
        15,
        "The month in which a vintage defaults is picked uniformly, not by its hazard.",
        (
            Edit(
                "spread_by_month",
                "(now - state.economy[row + j + 1, s].survival) / (now - end)",
                "1.0 / (months - j) + 0.0 * (now - end)",
            ),
            Edit(
                "spread_by_loan",
                "state.economy[row + i, s].survival > level",
                "begin - width * i / months > level",
            ),
        ),
        "instruments/test_amortising.py"
        "::test_a_linear_loan_that_defaults_in_its_third_month_loses_half_of_its_principal",
    ),
    Bug(
        16,
        "No part of the hazard is held back for maturity.",
        (Edit("_segments", "s.maturity_share for s in", "0.0 for s in"),),
        "instruments/test_compensation_pool.py"
        "::test_half_of_the_loss_is_paid_three_months_and_two_after_the_default",
    ),
    Bug(
        17,
        "The mean loss given default is higher by 0.02.",
        (
            Edit(
                "lower_loss",
                "mean=loss.mean, sd=loss.sd, factor_correlation=loss.factor_correlation if",
                "mean=loss.mean + 0.02, sd=loss.sd, factor_correlation=loss.factor_correlation if",
            ),
        ),
        "instruments/test_amortising.py"
        "::test_a_linear_loan_that_defaults_in_its_third_month_loses_half_of_its_principal",
    ),
    Bug(
        18,
        "A fan chart shows the next larger value for each quantile.",
        (Edit("_by_month", "ascending[: len(ascending)", "ascending[1 : len(ascending)"),),
        "results/test_collect.py::test_fan_means_take_every_path_and_quantiles_the_first_65536",
    ),
    Bug(
        19,
        "The standard error of a mean is not divided by √n.",
        (Edit("_mean_with_error", "Estimate(mean, sd / math.sqrt(n))", "Estimate(mean, sd)"),),
        "statistical/test_intervals.py::test_intervals_of_the_mean_cover_the_truth[loss rate]",
    ),
    Bug(
        20,
        "A path begins with part of what the last path of its thread left in memory.",
        (
            Edit(
                "reset",
                "fill(state.zeroed, 0.0)",
                "fill(state.zeroed[: state.zeroed.size - state.insured.size], 0.0)",
            ),
        ),
        "closed_form/test_mixtures.py::test_both_engines_agree_with_the_exact_mixtures[core-40000]",
    ),
    Bug(
        21,
        "A Student-t copula has half of its degrees of freedom.",
        (
            Edit(
                "_quantile",
                "stdtrit(economy.t_degrees, ",
                "stdtrit(0.5 * economy.t_degrees, ",
                module="pack.economy",
            ),
            Edit("_mixing_nodes", "tabulate_root(degrees)", "tabulate_root(0.5 * degrees)"),
        ),
        "closed_form/test_loan_tapes.py::test_a_tape_of_like_loans_has_the_law_of_the_class[a t copula]",
    ),
    Bug(
        22,
        "A reguarantee falls due together with the guarantee that it covers.",
        (
            Edit(
                "pack_contracts",
                "delay=[c.delay(contracts) for c in contracts]",
                "delay=[c.chain(contracts)[-1].delay(contracts) for c in contracts]",
            ),
        ),
        "instruments/test_guarantee.py"
        "::test_reguarantors_refund_their_share_after_their_lag_and_the_guarantor_waits[core]",
    ),
    Bug(
        23,
        "A guarantor’s liability counts principal without its weights.",
        (
            Edit(
                "note_principal",
                "stake.performing += tables.weights[w].weight * amount",
                "stake.performing += amount",
            ),
            Edit(
                "note_default",
                ".defaulted += tables.weights[w].weight * amount",
                ".defaulted += amount",
            ),
        ),
        "instruments/test_guarantee.py"
        "::test_liability_is_weighted_and_leverage_is_what_of_it_stands_on_a_yuan[core]",
    ),
    Bug(
        24,
        "A cohort’s cap is a rate on what the facility has outstanding, "
        "not on what was granted to the cohort.",
        (
            Edit(
                "left_of_cohort",
                "state.volume[tables.facilities[contract.facility].first_batch + cohort]",
                "state.lending[contract.facility].performing",
            ),
        ),
        "instruments/test_amortising.py::test_cohorts_are_kept_apart_by_the_year_of_grant_of_each_vintage",
    ),
    Bug(
        25,
        "A contract's exposure has only one policy year's limit, "
        "whatever years claims can still fall due in.",
        (
            Edit(
                "years_left",
                "left = ((month + contract.contract_months) // 12 + 1 - first) * contract.year_limit",
                "left = contract.year_limit",
            ),
        ),
        "instruments/test_contingent_by_hand.py"
        "::test_the_limits_of_all_years_in_which_claims_can_fall_due_add_up[core]",
    ),
    Bug(
        26,
        "Losses given default are higher in good times, not in bad ones.",
        (Edit("recovery_rates", "* eta - systematic", "* eta + systematic"),),
        "lowering/test_losses.py::test_simulated_losses_have_the_stated_mean[year-None]",
    ),
    Bug(
        27,
        "The innovation of a factor’s step is √(1 − φ), not √(1 − φ²).",
        (Edit("pack_economy", "1.0 - persistence * persistence", "1.0 - persistence"),),
        "lowering/test_losses.py::test_simulated_losses_have_the_stated_mean[quarter-None]",
    ),
    Bug(
        28,
        "Interest is earned on what costs and fees leave: payments are made in the opposite order.",
        (Edit("in_order", "BASES.index(payment.base)", "-BASES.index(payment.base)"),),
        "reference/test_payments_by_hand.py"
        "::test_a_month_pays_fees_then_interest_then_costs_in_whatever_order_they_are_written[core-order0]",
    ),
    Bug(
        29,
        "Lending goes on after its life, as long as any other noun lives.",
        (Edit("simulate_month", "lending = month < tables.window.lending", "lending = True"),),
        "laws/test_lives.py::test_a_longer_life_beside_it_changes_no_bit_of_lending",
    ),
    Bug(
        30,
        "A limited payer of a fee or of interest pays what it doesn't hold.",
        (Edit("payable", "if lines[line].limited == 1:", "if lines[line].limited > 1:", module="ledger"),),
        "reference/test_payments_by_hand.py::test_a_limited_payer_of_a_fee_pays_no_more_than_it_holds[core]",
    ),
    Bug(
        31,
        "A bridge loan counts as paid back a day early: money that is still out is lent again.",
        (Edit("begin_use", "work.clock + request.days", "work.clock + max(0.0, request.days - 1.0)"),),
        "reference/test_bridges_by_hand.py"
        "::test_a_bridge_comes_back_with_its_fee_and_the_loan_is_renewed[core]",
    ),
    Bug(
        32,
        "A bridge loan is free of charge for a day less than is stated.",
        (
            Edit(
                "fee_of",
                "max(begin, terms.fee_free)",
                "max(begin, terms.fee_free - 1.0)",
                module="core.bridge.fund",
            ),
        ),
        "reference/test_bridges_by_hand.py"
        "::test_a_bridge_comes_back_with_its_fee_and_the_loan_is_renewed[core]",
    ),
    Bug(
        33,
        "A request passes one that came before it and doesn't fit, though the queue is fifo.",
        (
            Edit("next_in_queue", "== Queue.FIFO_PASS", "!= Queue.SMALL_FIRST"),
            Edit("arrive", "work.n_waiting == 0 or fund.terms[0].queue != Queue.FIFO", "True"),
        ),
        "reference/test_bridges_by_hand.py::test_a_blocked_head_is_passed_or_not[core-fifo-served0-waiting0]",
    ),
    Bug(
        34,
        "What comes back of a bridge loan that the bank did not follow comes a month later.",
        (Edit("fall_overdue", "fund.terms[0].recovery_lag", "fund.terms[0].recovery_lag + 1"),),
        "reference/test_bridges_by_hand.py"
        "::test_what_the_bank_does_not_lend_again_is_overdue_and_a_part_comes_back[core]",
    ),
    Bug(
        35,
        "A private bridge changes the risk of the next life like one of the fund.",
        (
            Edit(
                "settle_class",
                "bridge.private[c], tables.classes[c].plain",
                "bridge.private[c], tables.bridges.classes[c].relend",
            ),
        ),
        "reference/test_bridges_by_hand.py::test_private_bridges_leave_the_risk_as_it_is[core]",
    ),
    Bug(
        36,
        "The hurdle of an equity fund accrues a twelfth of its yearly rate each month.",
        (
            Edit(
                "_funds",
                "(1.0 + f.waterfall.hurdle) ** (1.0 / 12.0)",
                "1.0 + f.waterfall.hurdle / 12.0",
                module="core.pack.equities",
            ),
        ),
        "closed_form/test_equity_funds.py"
        "::test_a_hurdle_that_is_owed_goes_on_growing_after_the_contributions_are_back",
    ),
    Bug(
        37,
        "The manager of an equity fund has carry before partners have their contributions back.",
        (
            Edit(
                "steps",
                "min(amount, work.hurdle)",
                "min(amount, max(0.0, work.hurdle - work.contributed))",
                module="core.equity.waterfall",
            ),
        ),
        "closed_form/test_equity_funds.py"
        "::test_the_european_waterfall_of_8_and_20_per_cent[120.0-1.0-100.0-20.0-0.0-0.0-0.0]",
    ),
    Bug(
        38,
        "A bad market makes the deals of an equity fund exit earlier.",
        (
            Edit(
                "ring_clocks",
                "math.exp(terms.exit_beta * index",
                "math.exp(-terms.exit_beta * index",
                module="core.equity.deals",
            ),
        ),
        "reference/test_equity_deals_by_hand.py::test_a_bad_market_delays_exits_and_hastens_failures[core]",
    ),
    Bug(
        39,
        "Where lending is held, renewals stop when the scheme's own breaker says so.",
        (Edit("take_lending", "held.stopped[row, month, f]", "state.lending[f].no_renewal"),),
        "instruments/test_lending_held.py"
        "::test_renewals_stop_where_a_breaker_of_the_other_run_stopped_them[core]",
    ),
    Bug(
        40,
        "The interval of a size ends where the figure is on its bound, not where it can't be on it.",
        (Edit("_by_count", "clopper_pearson(k, n)", "(k / n, k / n)", module="size.judged"),),
        "decide/test_target.py::test_a_probability_is_judged_by_its_exact_interval",
    ),
    Bug(
        41,
        "A parent calls its partners before it uses recycled money.",
        (
            Edit(
                "pay_by_parent",
                "min(wanted, work.recycled)",
                "min(max(0.0, wanted - room_left(parent, work.recycled)), work.recycled)",
            ),
        ),
        "reference/test_equity_families_by_hand.py::test_a_parent_recycles_what_its_sub_funds_distribute[core]",
    ),
    Bug(
        42,
        "A co-investment brings the proceeds of the whole deal.",
        (
            Edit(
                "leave_deal",
                "deal.joined * (proceeds / deal.cost)",
                "proceeds",
                module="core.equity.beside",
            ),
        ),
        "reference/test_equity_modes_by_hand.py::test_a_joined_deal_brings_the_deals_multiple[core]",
    ),
    Bug(
        43,
        "A paced fund distributes at the rate of the year before.",
        (
            Edit(
                "pack_paces",
                "pacing.distributed(year, f.life // 12)",
                "pacing.distributed(year - 1, f.life // 12)",
            ),
        ),
        "reference/test_equity_pacing_by_hand.py::test_the_twelve_years_of_takahashi_and_alexander[core]",
    ),
    Bug(
        44,
        "At a year's end a budget line's unspent money lapses before the arrears are paid.",
        (
            Edit(
                "pay_lines",
                "pay_what_is_owed(tables, state, line)\n"
                "            note_owed(tables, state, line)\n"
                "            lapse(tables, state, j, month)",
                "lapse(tables, state, j, month)\n"
                "            pay_what_is_owed(tables, state, line)\n"
                "            note_owed(tables, state, line)",
            ),
            Edit("lapse", "unspent -= owed_by(tables, state, line)", "unspent -= 0.0", module="budget.lapse"),
        ),
        "reference/test_budget_payments_by_hand.py"
        "::test_money_that_comes_late_in_the_year_pays_arrears_before_it_lapses[core]",
    ),
    Bug(
        45,
        "A cap by year on a payment from a budget line never starts again.",
        (Edit("let_fall_due", "if month % YEAR == 0:", "if month == 0:"),),
        "reference/test_budget_payments_by_hand.py::test_a_cap_by_year_starts_again_each_year[core]",
    ),
    Bug(
        46,
        "A subsidy on a bank's increment counts the increase of the scheme's loans alone.",
        (
            Edit("open_books", "total = state.bank_books[k].own", "total = 0.0", module="budget.bank_books"),
            Edit("grow_books", "total = figures.own", "total = 0.0"),
        ),
        "reference/test_budget_payments_by_hand.py"
        "::test_an_increment_falls_due_at_the_years_end_and_is_paid_in_month_two_of_the_next_year[core]",
    ),
    Bug(
        47,
        "The error of a figure in doubt takes the paths of all draws for independent.",
        (
            Edit(
                "Components.error",
                "self.rows / self.n_draws + self.columns / self.n_paths - self.rest / cells",
                "(self.assumptions + self.chance) / cells",
            ),
        ),
        "decide/test_two_way.py::test_a_table_of_two_draws_and_two_paths_by_hand",
    ),
    Bug(
        48,
        "Low and high of an assumption lie one standard deviation from its value.",
        (Edit("Range.at", "reach * score / Z95", "reach * score"),),
        "decide/test_plausible.py::test_the_value_is_the_median_and_low_and_high_the_outer_twentieths",
    ),
    Bug(
        49,
        "Variants of a scenario are simulated on other paths than the first of them.",
        (Edit("Variants._simulate", "seed=self.seed,", "seed=self.seed + (self.effort.paths > 0),"),),
        "decide/test_doubt.py::test_a_draw_has_the_bits_of_a_run_with_its_values",
    ),
)
