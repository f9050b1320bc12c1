"""One Chinese term for one thing: the glossary's, wherever the program speaks of it."""

import re
from pathlib import Path

import pytest

import fundsim.cli.run_command
import fundsim.cli.scenario_commands
import fundsim.cli.trace_command
import fundsim.cli.verify_command  # noqa: F401  (commands add their words to the catalogue)
from fundsim.cli import ENTRIES
from fundsim.cli.chinese import CHINESE
from fundsim.instruments import KINDS
from fundsim.lowering import lower
from fundsim.metrics import payer_words as payers
from fundsim.report.texts import _CHINESE
from fundsim.scenario import bundled_names, load
from fundsim.tracing.ledger_words import _LEDGER, EVENTS, PARTIES, STEPS
from fundsim.tracing.ledger_words import KINDS as ENTRY_KINDS

ROOT = Path(__file__).parents[2]

RIVALS = {
    "run_off": ("清偿期", "清偿", "退出期"),
    "window": ("窗口期", "政策窗口"),
    "claims_coverage": ("赔付覆盖率", "补偿覆盖率", "代偿保障率"),
    "claims_due": ("应付赔付", "应赔", "应付补偿", "应付代偿（补偿）"),
    "claims_paid": ("实付代偿", "实付赔付", "实赔", "已付补偿"),
    "unpaid": ("未赔", "欠赔"),
    "pending": ("未决赔付", "未决赔款", "未到期赔付"),
    "above_cap": ("超上限", "超限额"),
    "depleted": ("赔空", "枯竭", "用尽"),
    "outstanding": ("贷款余额", "未偿余额"),
    "lent": ("累计放款", "累计投放"),
    "paid_in": ("实收资本", "累计投入", "实收资金"),
    "multiple": ("杠杆倍数", "杠杆率"),
    "recovery": ("追收", "清收"),
    "segments": ("该类", "类别", "分群"),
    "breaker": ("断路",),
    "lgd": ("违约损失比例",),
    "county_margin": ("县级保证金", "县区保证金"),
    "guarantor": ("担保公司",),
    "reguarantor": ("再担保公司",),
    "compensation_fund": ("代偿补偿资金", "代偿补偿基金", "补偿基金", "再担保及补偿资金", "担保与补偿资金"),
    "margin": ("互助金", "互助资金"),
    "operator": ("处置方", "收储方"),
    "excess": ("超额赔付",),
    "fiscal_cost": ("财政花费", "财政支出成本"),
}
"""Identifier of the glossary → other words for the same thing, which readers would take for another one."""

SAID = {
    "claims_due": "claims_due",
    "claims_paid": "claims_paid",
    "claims_coverage": "claims_coverage",
    "claims_coverage_aggregate": "claims_coverage",
    "claims_unpaid": "unpaid",
    "claims_pending": "pending",
    "claims_above_cap": "above_cap",
    "outstanding": "outstanding",
    "lent": "lent",
    "paid_in": "paid_in",
    "recoveries": "recovery",
    "leverage_flow": "multiple",
    "leverage_stock": "multiple",
    "fiscal_cost": "fiscal_cost",
    "breaker_fired": "breaker",
    "compensation_rate_released": "compensation_rate_released",
    "compensation_rate_outstanding": "compensation_rate_outstanding",
}
"""Last part of a metric's name → the concept that its meaning names."""

OWN_NOUN = {
    "compensation_pool": "资金池",
    "county_margin": "风险保证金",
    "credit_insurance": "政府风险资金",
    "guarantee": "担保机构",
    "ip_pledge": "风险补偿资金",
    "startup_guarantee_loan": "担保基金",
    "talent_loan": "风险补偿资金",
    "technology_pool": "风险补偿资金池",
}
"""Kind → what holds the money that pays."""


def glossary():
    """Return identifier → Chinese, from the words of the trade."""
    table = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## Keys of scenario")[0]
    rows = re.findall(r"(?m)^\| (\S.*?) \| `(\w+)` \|", table)
    return {identifier: chinese for chinese, identifier in rows}


@pytest.fixture(scope="module")
def scenarios():
    return {name: load(name, kinds=KINDS) for name in bundled_names()}


@pytest.fixture(scope="module")
def metrics(scenarios):
    """Return (kind of the instrument, metric) of all bundled scenarios."""
    return [
        (scenario.kinds.get(metric.instrument), metric)
        for scenario in scenarios.values()
        for metric in lower(scenario).metrics
    ]


def titles(terms):
    """Yield the Chinese titles anywhere in resolved terms."""
    if isinstance(terms, dict):
        if isinstance(terms.get("title_zh"), str):
            yield terms["title_zh"]
        for value in terms.values():
            yield from titles(value)


@pytest.fixture(scope="module")
def said(scenarios, metrics):
    """Return (where it stands, Chinese text) of all that the program and its Chinese page say."""
    words = [
        *(("metric " + m.name, m.meaning_zh) for _, m in metrics),
        *(("report", text) for text in _CHINESE.values()),
        *(("command line", text) for text in CHINESE.values()),
        *(("command " + name, entry.summary_zh) for name, entry in ENTRIES.items()),
        *(("kind " + name, kind.meaning_zh) for name, kind in KINDS.items()),
        *(("ledger", text) for text in _LEDGER.values()),
        *(("ledger", zh) for _, zh in (*STEPS.values(), *ENTRY_KINDS.values(), *PARTIES.values())),
        *(("ledger", event.chinese) for event in EVENTS.values()),
        *(("payer", p.chinese) for p in vars(payers).values() if isinstance(p, payers.PayerWords)),
        ("README.zh.md", (ROOT / "README.zh.md").read_text(encoding="utf-8")),
        ("docs/glossary.md", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")),
    ]
    for name, scenario in scenarios.items():
        words += [("scenario " + name, title) for title in titles(scenario.resolved())]
    return words


def test_every_concept_with_rivals_is_in_the_glossary():
    known = glossary()
    assert set(RIVALS) | set(SAID.values()) <= set(known)
    for identifier, rivals in RIVALS.items():
        assert not [rival for rival in rivals if rival in known[identifier]], identifier


@pytest.mark.parametrize("identifier", sorted(RIVALS))
def test_no_other_word_is_used_for_what_the_glossary_names(identifier, said):
    found = [(where, text) for where, text in said for rival in RIVALS[identifier] if rival in text]
    assert found == []


def test_a_metric_is_called_by_the_glossary_s_term(metrics):
    known = glossary()
    wrong = {
        (metric.name, metric.meaning_zh)
        for _, metric in metrics
        if (concept := SAID.get(metric.own_name)) is not None
        # A multiple of layers, and what guarantees capital, have words of their own before the term.
        and known[concept] not in metric.meaning_zh
        and not (concept == "paid_in" and "实缴" in metric.meaning_zh)
        and ".stack." not in metric.name
    }
    assert wrong == set()


@pytest.mark.parametrize("kind", sorted(OWN_NOUN))
def test_what_pays_is_called_what_it_is(kind, metrics):
    own = {m.name: m.meaning_zh for k, m in metrics if k == kind}
    depleted = [text for name, text in own.items() if name.count(".") == 1 and name.endswith(".depleted")]
    assert depleted
    assert all(OWN_NOUN[kind] in text for text in depleted)
    strangers = {noun for noun in OWN_NOUN.values() if noun not in OWN_NOUN[kind]} - {"担保机构"}
    if kind == "guarantee":
        strangers -= {"风险补偿资金"}  # its compensation fund
        strangers |= {"资金池"}
    assert not [text for text in own.values() for noun in strangers if noun in text]


def test_the_guarantor_s_compensation_fund_is_no_pool(metrics):
    texts = {(m.meaning, m.meaning_zh) for _, m in metrics if ".compensation_fund." in m.name}
    assert len(texts) > 10
    for english, chinese in texts:
        assert "pool" not in english
        assert "资金池" not in chinese
        assert glossary()["compensation_fund"] in chinese


def test_no_probability_is_headed_by_a_question(metrics):
    for _, metric in metrics:
        if getattr(metric, "event", False) or metric.name.endswith("depleted_by_month"):
            assert "是否" not in metric.meaning_zh
            assert not metric.meaning.startswith("Whether")
