"""Fixtures and reports shared by all end-to-end tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.command import OUTPUT_ROOT, named_command
from harness.container import IMAGE
from harness.processes import log_files, tail


def pytest_report_header(config: pytest.Config) -> str:
    if config.getoption("markexpr") == "container":
        return f"image under test: {IMAGE}"
    return f"proxy command under test: {' '.join(named_command())}"


def pytest_sessionstart() -> None:
    shutil.rmtree(OUTPUT_ROOT, ignore_errors=True)
    OUTPUT_ROOT.mkdir()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Shows the end of every log of this test's file beside a failure."""
    report = (yield).get_result()
    if report.failed:
        for log in log_files():
            report.sections.append((f"end of {log.relative_to(OUTPUT_ROOT)}", tail(log)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, value in report.user_properties:
            if name == "summary" and report.when == "call":
                terminalreporter.write_line(value)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator["Browser"]:
    """Chromium with a profile of its own, which ends with the test."""
    # Only here: the part with containers does without what drives a browser.
    from harness.browser import Browser

    browser = Browser(tmp_path / "profile")
    yield browser
    browser.driver.quit()
