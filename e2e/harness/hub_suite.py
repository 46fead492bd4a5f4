"""Runs JupyterHub's own tests with the command under test, and compares each outcome with the original proxy's."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from harness.command import E2E_ROOT, HUB4_PYTHON, HUB6_PYTHON, OUTPUT_ROOT, put_on_path
from harness.ports import free_port
from harness.processes import ManagedProcess, tail

SUITE_ROOT = E2E_ROOT / "hub_suite"

# A healthy run takes about a minute.
_SUITE_SECONDS = 540.0


@dataclass(frozen=True)
class Suite:
    """Test modules of one JupyterHub, run in one way."""

    name: str
    python: Path
    settings: str
    modules: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)

    @property
    def expectation_file(self) -> Path:
        return SUITE_ROOT / f"outcomes-{self.name}.txt"

    def site_packages(self) -> Path:
        return next((self.python.parent.parent / "lib").glob("python3*/site-packages"))


SUITES = {
    suite.name: suite
    for suite in (
        Suite("hub6", HUB6_PYTHON, "hub6.ini", (
            "test_proxy", "test_internal_ssl_connections", "test_internal_ssl_connections_external_authorities",
            "test_named_servers", "test_services", "test_unix_socket")),
        Suite("hub6-host-routing", HUB6_PYTHON, "hub6.ini", ("test_proxy", "test_services"),
              {"JUPYTERHUB_TEST_SUBDOMAIN_HOST": "http://hub.localhost:{port}"}),
        # Its certificates are of the older kind: version 1 with extensions.
        Suite("hub4", HUB4_PYTHON, "hub4.ini", (
            "test_proxy", "test_internal_ssl_connections", "test_named_servers", "test_services")),
    )
}


@dataclass(frozen=True)
class Outcome:
    """How one test ended: passed, failed or skipped; and, of the expected ones that fail, why."""

    kind: str
    reason: str = ""


@dataclass
class Run:
    """The outcomes of one run by test id, and the log to look into."""

    outcomes: dict[str, Outcome]
    log_file: Path


def run(suite: Suite) -> Run:
    """Runs the whole suite; what failed unexpectedly is run once more, since these tests also depend on speed."""
    first = _run_tests(suite, "first", [f"jupyterhub/tests/{module}.py" for module in suite.modules])
    again = [test for test in differences(suite, first) if first.outcomes.get(test, Outcome("missing")).kind == "failed"]
    if not again:
        return first
    second = _run_tests(suite, "again", again)
    return Run({**first.outcomes, **second.outcomes}, second.log_file)


def _run_tests(suite: Suite, attempt: str, tests: list[str]) -> Run:
    folder = OUTPUT_ROOT / f"suite-{suite.name}-{attempt}"
    folder.mkdir(parents=True)
    report = folder / "report.xml"
    process = ManagedProcess("pytest", [
        str(suite.python), "-m", "pytest", "-c", str(SUITE_ROOT / suite.settings),
        "--rootdir", str(suite.site_packages()), f"--junitxml={report}", f"--basetemp={folder}/tmp",
        "-p", "no:cacheprovider", "-p", "hub_suite_plugin", "-ra",
        *(str(suite.site_packages() / test) for test in tests),
    ], folder, _environment(suite, folder))
    try:
        process.wait(_SUITE_SECONDS)
    finally:
        process.stop()
    if not report.exists():
        raise AssertionError(f"JupyterHub's tests did not run:\n{tail(process.log_file)}")
    return Run(_outcomes(report), process.log_file)


def _environment(suite: Suite, folder: Path) -> dict[str, str]:
    path = os.pathsep.join([str(put_on_path(folder / "bin")), str(suite.python.parent), os.environ["PATH"]])
    own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "CONFIGPROXY"))}
    extra = {name: value.format(port=free_port()) for name, value in suite.env.items()}
    return {**own, "PATH": path, "PYTHONPATH": str(SUITE_ROOT), "LANG": "C.UTF-8", "HOME": str(folder), **extra}


def _outcomes(report: Path) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        test = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}"
        kinds = {child.tag for child in case}
        if kinds & {"failure", "error"}:
            outcomes[test] = Outcome("failed")
        elif test not in outcomes:
            outcomes[test] = Outcome("skipped" if "skipped" in kinds else "passed")
    return outcomes


def expected(suite: Suite) -> dict[str, Outcome]:
    """Reads what the original proxy was seen to do."""
    outcomes = {}
    for line in suite.expectation_file.read_text().splitlines():
        if line and not line.startswith("#"):
            kind, test, *reason = line.split("\t")
            outcomes[test] = Outcome(kind, *reason)
    return outcomes


def differences(suite: Suite, run: Run) -> dict[str, str]:
    """Every test that did not end as with the original proxy, with a sentence about it."""
    wanted, seen = expected(suite), run.outcomes
    found = {}
    for test in sorted(wanted.keys() | seen.keys()):
        if test not in seen:
            found[test] = "did not run"
        elif test not in wanted:
            found[test] = f"{seen[test].kind}, and is not in the list"
        elif wanted[test].kind != seen[test].kind:
            found[test] = f"{seen[test].kind}; with the original proxy it {wanted[test].kind}"
    return found


def record(suite: Suite) -> None:
    """Writes down what the command under test does, which must be the original proxy. Reasons are kept."""
    known = expected(suite) if suite.expectation_file.exists() else {}
    lines = [
        "# How each of JupyterHub's own tests ends with configurable-http-proxy 5.3.0. Columns: outcome, test, and of",
        "# a test that fails with the original too, the reason. Written by `e2e/run record`; the reasons by hand.",
    ]
    first = _run_tests(suite, "record", [f"jupyterhub/tests/{module}.py" for module in suite.modules])
    for test, outcome in sorted(first.outcomes.items()):
        columns = [outcome.kind, test]
        if outcome.kind == "failed":
            columns.append(known.get(test, Outcome("")).reason or "REASON MISSING")
        lines.append("\t".join(columns))
    suite.expectation_file.write_text("\n".join(lines) + "\n")


def main() -> None:
    shutil.rmtree(OUTPUT_ROOT, ignore_errors=True)
    for suite in SUITES.values():
        record(suite)
        print(f"wrote {suite.expectation_file}")


if __name__ == "__main__":
    main()
