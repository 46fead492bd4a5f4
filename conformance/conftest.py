"""Options of the run, and the one place where cases are started: all selected ones, in the background, at once."""

from __future__ import annotations

import signal

import pytest

from harness import table
from harness.proxy import HAS_IPV6

NO_IPV6 = pytest.mark.skip(reason="this machine has no address ::1")


def pytest_addoption(parser):
    parser.addoption("--only", choices=("chp", "jove"), help="run the table against one proxy only")
    parser.addoption("--chp-command", help="the original command")
    parser.addoption("--jove-command", help="the command under test")
    parser.addoption("--case", default="", help="only the cases in whose 'area: name' this text occurs")
    parser.addoption("--record", action="store_true", help="write down what CHP does instead of checking it")


def pytest_configure():
    """In the background of a shell SIGINT is ignored, and so it would be in every process that the table starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def proxies(config) -> dict[str, str]:
    """The commands to run, by name."""
    given = {name: config.getoption(f"--{name}-command") for name in ("chp", "jove")}
    only = config.getoption("--only")
    return {name: command for name, command in given.items() if command and only in (None, name)}


def pytest_generate_tests(metafunc):
    if "row" in metafunc.fixturenames:
        rows = [row for row in table.load() if metafunc.config.getoption("--case") in row.key]
        metafunc.parametrize("proxy,row", [
            pytest.param(name, row, id=f"{name} {row.key}", marks=[NO_IPV6] if row.needs_ipv6 and not HAS_IPV6 else [])
            for row in rows for name in proxies(metafunc.config)])


@pytest.fixture(scope="session")
def observations(request):
    """The observations of all selected cases."""
    wanted: dict[str, list[table.Row]] = {}
    for item in request.session.items:
        if hasattr(item, "callspec") and "row" in item.callspec.params and not item.get_closest_marker("skip"):
            wanted.setdefault(item.callspec.params["proxy"], []).append(item.callspec.params["row"])
    found = table.Observations(wanted, proxies(request.config))
    yield found
    found.close()


@pytest.fixture(scope="session")
def recorder(request):
    """Where observations go with --record; None otherwise."""
    if not request.config.getoption("--record"):
        yield None
        return
    sections = {area: table.read_expected(area) for area in table.AREAS}
    yield sections
    order = {area: [row.case.name for row in table.load() if row.area == area] for area in table.AREAS}
    for area, names in order.items():
        table.write_expected(area, {name: sections[area][name] for name in names if name in sections[area]})


@pytest.fixture(scope="session")
def chp_command(request):
    """The original command."""
    command = request.config.getoption("--chp-command")
    if not command:
        pytest.skip("the original command is not given")
    return command
