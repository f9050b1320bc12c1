"""What entries and events are called, in English and Chinese."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["EVENTS", "KINDS", "PARTIES", "STEPS", "EventWords", "kind_words", "ledger_words", "party_words"]

Language = Literal["en", "zh"]

STEPS = {
    0: ("opening", "期初"),
    1: ("population", "企业进出"),
    2: ("appropriations", "拨款注资"),
    3: ("recoveries", "追偿到账"),
    4: ("defaults", "违约"),
    5: ("maturities", "到期与还款"),
    6: ("claims", "代偿"),
    7: ("fees and interest", "费用与利息"),
    8: ("new lending", "熔断与放款"),
    9: ("closing", "期末"),
}
"""Steps of the calendar month in their order; 0 stands for the opening and 9 for the closing."""

KINDS = {
    "loan": ("loans paid out", "发放贷款"),
    "repayment": ("principal repaid", "归还贷款本金"),
    "recovery": ("recovered from defaulted firms", "追偿回收"),
    "recovery_cost": ("cost of recovery", "追偿费用"),
    "recovery_share": ("share of a recovery handed on", "追偿款分配"),
    "claim": ("claims paid", "代偿"),
    "injection": ("money paid in", "注资"),
    "match": ("matching money paid in", "配套注资"),
    "top_up": ("topped up by rule", "自动补足"),
    "interest": ("interest on the balance", "存款利息"),
    "running_cost": ("running cost", "管理费用"),
    "fee": ("fees", "费用"),
    "premium": ("insurance premium", "保费"),
    "reguarantee_fee": ("reguarantee fee", "再担保费"),
    "margin": ("margin paid in by firms", "企业缴纳助保金"),
    "margin_refund": ("margin given back", "退还助保金"),
}
"""Kinds of the ledger's lines; a kind that is not here is shown by its own name."""

PARTIES = {
    "city": ("the city", "市财政"),
    "firms": ("firms", "借款企业"),
    "outside": ("outside payees", "其他收款方"),
}
"""Parties of every scheme; the others are shown by their names in the scenario."""


class EventWords(NamedTuple):
    """How a record that moves no money is shown."""

    step: int
    unit: str
    english: str
    chinese: str

    def text(self, lang: Language) -> str:
        """Return the words in a language."""
        return self.chinese if lang == "zh" else self.english


EVENTS = {
    "n_new": EventWords(8, "loans", "loans granted to new borrowers", "新发放贷款笔数"),
    "lent_new": EventWords(8, "yuan", "principal granted to new borrowers", "新发放贷款本金"),
    "n_renewed": EventWords(5, "loans", "loans renewed", "续贷笔数"),
    "lent_renewed": EventWords(5, "yuan", "principal renewed", "续贷本金"),
    "n_defaulted": EventWords(4, "loans", "loans defaulted", "违约笔数"),
    "defaulted": EventWords(4, "yuan", "principal outstanding on defaults", "违约本金"),
    "defaulted_at_cliff": EventWords(
        5, "yuan", "of it, renewals that ended with the window", "其中：政策到期停止续贷所致"
    ),
    "defaulted_at_stop": EventWords(
        5, "yuan", "of it, renewals that a breaker forbade", "其中：熔断停止续贷所致"
    ),
    "matured": EventWords(5, "yuan", "principal that fell due and did not default", "到期未违约本金"),
    "recoverable": EventWords(4, "yuan", "of the defaults, to be recovered later", "违约贷款中预计可追回额"),
    "collected": EventWords(
        3, "yuan", "recovered on defaults, before costs", "违约贷款追偿回收额（未扣费用）"
    ),
    "demand": EventWords(8, "yuan", "new loans applied for", "新增贷款申请"),
    "refused_breaker": EventWords(8, "yuan", "refused: breaker", "未获批：熔断"),
    "refused_firms": EventWords(8, "yuan", "refused: no eligible firm left", "未获批：合格企业不足"),
    "refused_capacity": EventWords(8, "yuan", "refused: lending limit", "未获批：额度不足"),
    "refused_obligor": EventWords(8, "yuan", "refused: single-obligor limit", "未获批：单户集中度限额"),
    "due": EventWords(6, "yuan", "claims that fell due", "应付代偿"),
    "paid": EventWords(6, "yuan", "claims paid", "已付代偿"),
    "above_cap": EventWords(6, "yuan", "claims cut by a cap", "超出上限的代偿"),
    "unpaid": EventWords(6, "yuan", "claims unpaid for lack of money", "未付代偿（余额不足）"),
    "relieved": EventWords(3, "yuan", "unpaid claims that a recovery took away", "追偿冲减的未付代偿"),
    "recovered": EventWords(3, "yuan", "recoveries handed to the payer", "追偿分回"),
    "entered": EventWords(1, "firms", "firms that became eligible", "新增合格企业"),
    "exited": EventWords(1, "firms", "firms that ceased to be eligible", "退出合格企业"),
    "fired": EventWords(8, "yes/no", "the breaker fires", "熔断触发"),
    "lifted": EventWords(8, "yes/no", "the breaker is lifted", "熔断解除"),
    "unpaid_month": EventWords(6, "yes/no", "leaves a claim unpaid for the first time", "首次出现未付代偿"),
    "insolvent_month": EventWords(
        8, "yes/no", "net assets are negative for the first time", "净资产首次为负"
    ),
    "n_opening": EventWords(0, "loans", "loans on the books", "期初存量笔数"),
    "opening": EventWords(0, "yuan", "principal outstanding", "期初在贷余额"),
    "drawn": EventWords(0, "times", "multiple drawn for this path", "本路径抽取的倍数"),
}


_LEDGER = {
    "month": "月份",
    "step": "环节",
    "payer, or what it is about": "付款方（或事项主体）",
    "payee": "收款方",
    "entry": "摘要",
    "amount": "金额或数量",
    "unit": "单位",
    "balances after it": "其后余额",
    "payer's balance after it": "付款方其后余额",
    "payee's balance after it": "收款方其后余额",
    "party": "主体",
    "opening": "期初",
    "received": "收入合计",
    "paid": "支出合计",
    "closing": "期末",
    "closing by the ledger": "台账期末余额",
    "balance in the run": "运行结果余额",
    "balance": "余额",
    "figure": "指标",
    "meaning": "含义",
    "by the ledger": "台账合计",
    "in the run": "运行结果",
    "opening + received − paid = closing for every party, and every figure is the run's": (
        "核对无误：每个主体期初 + 收入 − 支出 = 期末，各项指标与运行结果一致"
    ),
    "{scenario}: path {path} of seed {seed}": "{scenario}：种子 {seed} 的第 {path} 号路径",
}


def ledger_words(english: str, lang: Language) -> str:
    """Return a heading or another word of the ledger itself.

    Raises:
        KeyError: there is no Chinese for it.
    """
    return english if lang == "en" else _LEDGER[english]


def kind_words(kind: str, lang: Language) -> str:
    """Return what a kind of entry is called."""
    plain = kind.replace("_", " ")
    return KINDS.get(kind, (plain, plain))[lang == "zh"]


def party_words(party: str, lang: Language) -> str:
    """Return what a party is called."""
    return PARTIES.get(party, (party, party))[lang == "zh"]
