"""What no account of an equity fund's plan can have."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LEFT_OUT"]

LEFT_OUT: Mapping[str, tuple[str, str, str, str]] = {
    "top_up": (
        "would pay more than government's plan whenever money is called",
        "write injections",
        "缴款后余额即下降，会不断触发补足，超出政府计划出资",
        "请写 injections",
    )
}
"""Key → why these terms don't offer it and what to write, in both languages: what ``Term.left_out`` takes."""
