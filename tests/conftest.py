"""What every test can rely on, and the seconds that each folder takes."""

from collections import defaultdict
from pathlib import PurePosixPath

import pytest

LONG = 10.0
"""A test that takes longer [s] is to be marked ``long``."""


@pytest.fixture(autouse=True)
def no_given_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are as wide as their content, whatever the terminal that runs the tests says of itself."""
    monkeypatch.delenv("COLUMNS", raising=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the seconds that the tests of each folder took, all processes together, and the slowest tests."""
    by_folder: dict[str, float] = defaultdict(float)
    by_test: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                by_folder[str(PurePosixPath(report.nodeid.split("::")[0]).parent)] += report.duration
                by_test[report.nodeid] += report.duration
    if len(by_test) < 1000:
        return  # a few files, not the suite
    terminalreporter.section("seconds by folder")
    for folder, seconds in sorted(by_folder.items(), key=lambda item: -item[1]):
        terminalreporter.line(f"{seconds:8.1f}  {folder}")
    slow = {test: seconds for test, seconds in by_test.items() if seconds > LONG}
    terminalreporter.section(f"tests over {LONG:.0f} seconds: {len(slow)}")
    for test, seconds in sorted(slow.items(), key=lambda item: -item[1]):
        terminalreporter.line(f"{seconds:8.1f}  {test}")
