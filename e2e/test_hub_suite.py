"""JupyterHub's own tests of its proxy end with the command under test as they do with the original."""

from __future__ import annotations

from collections import Counter

import pytest

from harness import hub_suite
from harness.command import prerequisite

pytestmark = pytest.mark.hub_suite


@pytest.mark.parametrize("name", hub_suite.SUITES)
def test_jupyterhubs_own_tests(name: str, record_property: pytest.RecordProperty) -> None:
    suite = hub_suite.SUITES[name]
    prerequisite(suite.python.exists(), f"the environment {suite.python}, which e2e/run makes")
    run = hub_suite.run(suite)
    counts = Counter(outcome.kind for outcome in run.outcomes.values())
    record_property("summary", f"{name}: of JupyterHub's tests "
                               + ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    different = hub_suite.differences(suite, run)
    assert not different, "\n".join(
        [f"{test}: {sentence}" for test, sentence in different.items()]
        + ["", run.log_file.read_text(errors="replace")[-20_000:]])
