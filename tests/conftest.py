"""What every test can rely on."""

import pytest


@pytest.fixture(autouse=True)
def no_given_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as their content, whatever the terminal that runs the tests says of itself."""
    monkeypatch.delenv("COLUMNS", raising=False)
