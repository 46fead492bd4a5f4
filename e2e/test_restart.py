"""A proxy apart from its hub is killed and started again, and the hub does not look at it for minutes.

What people see of that depends on whether the proxy knows its routes by itself. The tests follow one another on one hub.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
import requests

from harness.command import OUTPUT_ROOT, prerequisite, proxy_command
from harness.external import ChartProxy
from harness.hub import HubSetup, RealHub
from harness.office import Office
from harness.waiting import wait_until

pytestmark = pytest.mark.hub

# Long enough that the hub never comes to help by itself.
HUB_LOOKS_EVERY_SECONDS = 600

# How soon a hub that is asked has put every route back. It takes a fraction of that.
ASKED_HUB_SECONDS = 15.0

NAMES = ["zoe", "has@"]

PROXY_TOKEN = "0123456789abcdef0123456789abcdef"


WITHOUT_MEMORY = ["--state-dir=none"]


@pytest.fixture(scope="module")
def with_memory(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return [f"--state-dir={tmp_path_factory.mktemp('state')}"]


@pytest.fixture(scope="module")
def office(with_memory: list[str]) -> Iterator[Office]:
    described = subprocess.run([*proxy_command(), "--help"], capture_output=True, text=True, timeout=60).stdout
    prerequisite("--state-dir" in described, "a proxy command that can keep its routes")
    proxy = ChartProxy(OUTPUT_ROOT / "restart", with_memory)
    hub = RealHub(HubSetup("restart-hub", external_proxy=proxy.address, more_config=[
        f"c.JupyterHub.last_activity_interval = {HUB_LOOKS_EVERY_SECONDS}",
        f"c.JupyterHub.services.append({{'name': 'proxy', 'api_token': '{PROXY_TOKEN}'}})",
        "c.JupyterHub.load_roles.append({'name': 'proxy', 'services': ['proxy'], 'scopes': ['proxy']})",
    ]))
    office = Office(proxy, hub)
    try:
        office.open(NAMES)
        yield office
    finally:
        hub.stop()
        proxy.process.stop()


def test_nobody_is_turned_away_after_a_crash(office: Office, with_memory: list[str]) -> None:
    comeback = office.crash(lambda: office.proxy.launch(with_memory))

    assert comeback.refusals() == []
    office.reconnect()
    assert office.proxy.get("/_chp_readyz").status_code == 200

    # The hub reads the table, finds it as it should be and leaves it alone: that confirms it.
    assert {f"/user/{name}" for name in NAMES} <= office.proxy.unconfirmed()
    office.hub.check_routes()
    wait_until("the hub's look confirms the restored routes", lambda: office.proxy.unconfirmed() == set())
    assert all(person.server_answers() for person in office.people)


def test_a_proxy_without_memory_turns_everybody_away(office: Office) -> None:
    comeback = office.crash(lambda: office.proxy.launch(WITHOUT_MEMORY))

    # All of them land on the hub, which knows no such pages: this is what the test before must be able to see.
    assert comeback.gaps() == {}
    assert {answer.status for answer in comeback.answers} & {302, 404, 424, 503}
    assert not office.people[0].server_answers()

    office.hub.check_routes()
    for person in office.people:
        person.wait_until_through_again()
    office.reconnect()


def test_a_proxy_without_memory_asks_the_hub(office: Office) -> None:
    asks = {"JOVE_HUB_API_URL": f"http://127.0.0.1:{office.proxy.address.hub_port}/hub/api",
            "JOVE_HUB_API_TOKEN": PROXY_TOKEN}
    office.proxy.kill()
    started = time.monotonic()
    office.proxy.launch(WITHOUT_MEMORY, asks)

    for person in office.people:
        wait_until(f"{person.name} gets through", person.server_answers, ASKED_HUB_SECONDS,
                   ignoring=(requests.RequestException,))
    print(f"people got through {time.monotonic() - started:.1f} s after the start")
    office.reconnect()
    for person in office.people:
        person.stop_server()
