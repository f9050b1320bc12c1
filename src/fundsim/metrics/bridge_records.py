"""The metrics of a bridge fund that are records as they stand, of the fund or of those whom it serves."""

from __future__ import annotations

from fundsim.metrics.rows import RecordRow

__all__ = ["AFTER_BRIDGE", "BREAKER", "ELIGIBILITY", "FIRMS", "FUND"]

FUND = (
    RecordRow("requests", "requests", "n_requests", "Number of requests", "申请笔数", "yearly headline"),
    RecordRow("requested", "yuan", "requested", "Amount of the requests", "申请金额", "yearly series"),
    RecordRow("served", "requests", "n_served", "Number of requests served", "获批笔数"),
    RecordRow("lent", "yuan", "lent", "Money lent, the amount of all requests served", "累计发放转贷资金",
              "yearly series headline"),
    RecordRow("refused", "requests", "n_refused", "Number of requests that left unserved", "未获批笔数",
              "yearly series"),
    RecordRow("refused_amount", "yuan", "refused", "Amount of the requests that left unserved", "未获批金额",
              "yearly series bad_when_high"),
    RecordRow("waiting", "requests", "n_waiting", "Number of requests that wait at the date", "排队申请笔数",
              "series"),
    RecordRow("capital", "yuan", "capital",
              "Capital at the date: money paid in less losses, overdue and running cost beyond fees",
              "本金（扣除损失、逾期及费用不足部分）", "yearly series"),
    RecordRow("out", "yuan", "out", "Money out at the date", "在用资金", "yearly series fan"),
    RecordRow("peak_out", "yuan", "peak_out", "Most money out to date", "在用资金峰值", ""),
    RecordRow("uses", "requests", "n_out", "Number of uses that run at the date", "在用笔数", "series"),
    RecordRow("capital_days", "yuan-days", "capital_days", "Capital, summed over the days to date",
              "本金按天累计"),
    RecordRow("out_days", "yuan-days", "out_days", "Money out, summed over the days to date",
              "在用资金按天累计"),
    RecordRow("fees", "yuan", "fees", "Fees received", "费用收入"),
    RecordRow("fees_kept", "yuan", "fees_kept", "Fees kept beyond the running cost, at the date", "结余费用",
              ""),
    RecordRow("recapitalised", "yuan", "recapitalised", "Fees that became capital", "转增本金的费用"),
    RecordRow("running_cost", "yuan", "running_cost", "Running cost paid", "管理费用支出"),
    RecordRow("cost_from_capital", "yuan", "cost_from_capital",
              "Part of the running cost that fees did not meet", "费用不足、由本金支付的管理费用"),
    RecordRow("not_renewed", "requests", "n_overdue",
              "Number of uses after which the bank did not lend again", "银行未续贷笔数"),
    RecordRow("not_renewed_amount", "yuan", "became_overdue",
              "Amount of the uses after which the bank did not lend again", "银行未续贷金额"),
    RecordRow("overdue", "yuan", "overdue", "Money not paid back and not yet recovered, at the date",
              "逾期余额", "yearly series"),
    RecordRow("losses", "yuan", "losses", "Money lost where the bank did not lend again", "资金损失",
              "yearly series headline"),
    RecordRow("recoveries", "yuan", "recoveries", "Money recovered where the bank did not lend again",
              "逾期追偿"),
)  # fmt: skip
ELIGIBILITY = (
    RecordRow("ineligible", "requests", "n_ineligible",
              "Number of short firms that could not ask, since they have not enough money of their own; "
              "these are no requests", "自筹资金不足、不能申请的企业户数（不计入申请）"),
    RecordRow("ineligible_amount", "yuan", "ineligible", "What these firms would have asked for",
              "自筹资金不足企业的资金需求"),
)  # fmt: skip
BREAKER = (
    RecordRow("stopped_days", "days", "stopped_days", "Days on which the breaker stopped service",
              "熔断持续天数"),
)  # fmt: skip
FIRMS = (
    RecordRow("defaults_avoided", "loans", "avoided",
              "Defaults avoided, expected by formula: requests served × default_if_unserved; to see what the "
              "fund really changes, compare runs with and without it",
              "预期避免的违约笔数（公式：获批笔数×未获转贷违约率）；实际效果请比较有无转贷资金的两次运行",
              "yearly headline"),
    RecordRow("defaults_avoided_amount", "yuan", "avoided_amount",
              "Amount of the defaults avoided, expected by formula: money lent × default_if_unserved",
              "预期避免的违约金额（公式）"),
    RecordRow("defaults_unserved", "loans", "n_defaulted_unserved",
              "Defaults for lack of a bridge, of the firms that the fund serves", "因未获转贷而违约的笔数",
              in_books=True),
    RecordRow("defaults_unserved_amount", "yuan", "defaulted_unserved",
              "Principal of the defaults for lack of a bridge", "因未获转贷而违约的本金", in_books=True),
    RecordRow("private_bridges", "loans", "n_private",
              "Firms that the fund did not serve and that found a private bridge",
              "使用民间过桥资金的企业户数", in_books=True),
    RecordRow("private_cost", "yuan", "private_cost", "What private bridges cost these firms", "民间过桥费用",
              in_books=True),
    RecordRow("loans_bridged", "loans", "n_bridged", "Loans renewed after a bridge of the fund",
              "经转贷续贷的笔数", in_books=True),
)  # fmt: skip
AFTER_BRIDGE = (
    RecordRow("defaults_after_bridge", "loans", "n_defaulted_after_bridge",
              "Defaults in the life that follows a bridge of the fund", "转贷后一期内违约的笔数",
              in_books=True),
    RecordRow("defaults_after_bridge_amount", "yuan", "defaulted_after_bridge",
              "Principal of the defaults in the life that follows a bridge of the fund",
              "转贷后一期内违约的本金", in_books=True),
)  # fmt: skip
