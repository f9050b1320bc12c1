"""What is legal in a budget and what it pays for, and yet surprising."""

from __future__ import annotations

from collections.abc import Iterator

from fundsim.scenario.faultlist import Message
from fundsim.scenario.nodes import Key
from fundsim.scheme import Scheme

__all__ = ["budget_surprises", "target_surprises"]


def budget_surprises(scheme: Scheme) -> Iterator[tuple[Key, Message]]:
    """Yield subsidies that pay nothing: no firm pays such a fee, or the floor is no less than the rates."""
    for payment in scheme.line_payments:
        if payment.rates and not any(one.rate or one.rate_annual for one in payment.rates):
            path = ("instruments", payment.name)
            if payment.base == "granted":
                yield (
                    path,
                    (
                        "pays nothing: firms pay no fee or premium on these loans",
                        "name loans that have fees, or leave it out",
                        "不会产生任何补贴：这些贷款没有由企业支付的担保费或保费",
                        "请写有费用的贷款，或删去本项",
                    ),
                )
            else:
                yield (
                    path,
                    (
                        "pays nothing: its floor is no less than the rate of these loans",
                        "write a smaller floor, or leave it out",
                        "不会产生任何补贴：企业自担利率不低于贷款利率",
                        "请把 floor 写小，或删去本项",
                    ),
                )


def target_surprises(scheme: Scheme) -> Iterator[tuple[Key, Message]]:
    """Yield targets at the window's end on what is paid, where lines also pay after it."""
    for target in scheme.targets:
        if target.left_out:
            later = f"{target.metric}@run_off"
            yield (
                ("targets", target.name, "metric"),
                (
                    f"leaves out payments after the window ({', '.join(target.left_out)})",
                    f"write {later}, which counts all that comes later, or keep it if only payments within "
                    "the window are meant",
                    f"不含政策期后支付的资金（{'、'.join(target.left_out)}）",
                    f"请写 {later}（计入政策期后的全部收支）；若只计政策期内的支付，可保持不变",
                ),
            )
