"""What entries and events are called, in English and Chinese."""

from __future__ import annotations

from typing import Literal, NamedTuple

from fundsim.scheme import NOUNS, Noun, Record

__all__ = [
    "EVENTS",
    "KINDS",
    "PARTIES",
    "STEPS",
    "EventWords",
    "event_name",
    "kind_words",
    "ledger_words",
    "party_words",
]

Language = Literal["en", "zh"]

STEPS = {
    0: ("opening", "期初"),
    1: ("population", "企业进出"),
    2: ("appropriations", "拨款注资"),
    3: ("recoveries", "追偿到账"),
    4: ("defaults", "违约"),
    5: ("maturities", "到期与还款"),
    6: ("claims", "代偿"),
    7: ("fees, interest, equity", "费用、利息与股权"),
    8: ("new lending, budget payments", "熔断、放款与预算支付"),
    9: ("closing", "期末"),
}
"""Steps of the calendar month in their order; 0 stands for the opening and 9 for the closing."""

KINDS = {kind: words for noun in NOUNS for kind, words in noun.kinds.items()}
"""Kinds of the ledger's lines, as their nouns name them; another kind is shown by its own name."""

PARTIES = {
    "city": ("the city", "市财政"),
    "firms": ("firms", "企业"),
    "outside": ("outside payees", "其他收款方"),
    "banks": ("banks", "银行"),
}
"""Parties of every scheme; the others are shown by their names in the scenario."""


class EventWords(NamedTuple):
    """How a record that moves no money is shown."""

    step: int
    unit: str
    english: str
    chinese: str
    before: frozenset[str] = frozenset()
    """Kinds of the subject's payments before which it stands; none: at the beginning of its step."""

    def text(self, lang: Language) -> str:
        """Return the words in a language."""
        return self.chinese if lang == "zh" else self.english


def event_name(noun: type[Noun], record: Record) -> str:
    """Return what a record's events are called: its name, unless an earlier noun calls something else so.

    >>> from fundsim.scheme import BudgetLine, EquityFund
    >>> [event_name(noun, r) for noun in (EquityFund, BudgetLine) for r in noun.records if r.name == "lost"]
    ['lost', 'line.lost']
    """
    first = next(r for n in NOUNS for r in n.records if r.step is not None and r.name == record.name)
    same = (first.step, first.english) == (record.step, record.english)
    return record.name if same else f"{noun.prefix}.{record.name}"


EVENTS = {
    **{
        event_name(noun, record): EventWords(
            record.step, record.unit, record.english, record.chinese, record.before
        )
        for noun in NOUNS
        for record in noun.records
        if record.step is not None
    },
    "fired": EventWords(8, "yes/no", "the breaker fires", "熔断触发"),
    "lifted": EventWords(8, "yes/no", "the breaker is lifted", "熔断解除"),
    "n_opening": EventWords(0, "loans", "loans on the books", "期初存量笔数"),
    "opening": EventWords(0, "yuan", "principal outstanding", "期初在贷余额"),
    "asks": EventWords(5, "yuan", "asks for a bridge", "申请转贷"),
    "served": EventWords(5, "yuan", "is served", "获批"),
    "unserved": EventWords(5, "yuan", "leaves unserved", "到期未获批"),
    "returns": EventWords(5, "yuan", "brings the money back: the bank has lent again", "归还（银行已续贷）"),
    "pays_fee": EventWords(5, "yuan", "pays its fee", "支付费用"),
    "falls_overdue": EventWords(5, "yuan", "is overdue: the bank has not lent again", "逾期（银行未续贷）"),
    "drawn": EventWords(0, "times", "multiple drawn for this path", "本路径抽取的倍数"),
}
"""What a trace lists: records that grow at a step, and what it finds by looking at several months."""


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
