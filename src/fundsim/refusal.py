"""The error that refuses a value of a scenario, in both languages."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

__all__ = ["refusal"]


def refusal(
    problem: str, fix: str, problem_zh: str, fix_zh: str, meant: str | None = None
) -> PydanticCustomError:
    """Return the error that a validator raises to refuse a value, in both languages.

    ``meant`` is the text that ``fix`` proposes: a field with narrower bounds may refuse that too.
    """
    # The texts travel in the context because pydantic would read braces in a template as fields.
    context = {"problem": problem, "fix": fix, "problem_zh": problem_zh, "fix_zh": fix_zh}
    if meant is not None:
        context["meant"] = meant
    return PydanticCustomError("fundsim", "{problem}; {fix}", context)
