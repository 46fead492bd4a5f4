"""A proxy apart from its hub is killed and started again, and the hub does not look at it for minutes.

What people see of that depends on whether the proxy knows its routes by itself. The tests follow one another on one hub.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from harness.command import OUTPUT_ROOT, prerequisite, proxy_command
from harness.external import ChartProxy
from harness.hub import HubSetup, RealHub
from harness.person import Kernel, Person
from harness.poller import Answer, Poller
from harness.waiting import wait_until

pytestmark = pytest.mark.hub

# Long enough that the hub never comes to help by itself.
HUB_LOOKS_EVERY_SECONDS = 600

# How soon a hub that is asked has put every route back. It takes a fraction of that.
ASKED_HUB_SECONDS = 15.0

NAMES = ["zoe", "has@"]

PROXY_TOKEN = "0123456789abcdef0123456789abcdef"


@dataclass
class Office:
    """A hub, a proxy of its own, and people who have been at work for a while."""

    proxy: ChartProxy
    hub: RealHub
    state: Path
    people: list[Person] = field(default_factory=list)
    kernels: list[Kernel] = field(default_factory=list)

    def without_memory(self) -> list[str]:
        return ["--state-dir=none"]

    def with_memory(self) -> list[str]:
        return [f"--state-dir={self.state}"]

    def kill_and_start_again(self, arguments: list[str], env: dict[str, str] | None = None) -> list[Answer]:
        """Lets people's pages poll while the proxy dies and comes back; returns how the new one answered them."""
        with ExitStack() as polling:
            pollers = [polling.enter_context(Poller(person, page))
                       for person in self.people for page in ("api/status", "lab")]
            started = time.monotonic()
            for poller in pollers:
                poller.wait_for_answers(started, 2)
            self.proxy.process.kill()
            killed = time.monotonic()
            for poller in pollers:
                poller.wait_for_silence(killed)
            self.proxy.launch(arguments, env)
            for poller in pollers:
                poller.wait_for_answers(killed, 10)
            first = min(answer.asked_at for poller in pollers for answer in poller.answered_since(killed))
            # Whoever came before the first who was answered came too early; since then somebody listens.
            return sorted((answer for poller in pollers for answer in poller.since(first)),
                          key=lambda answer: answer.asked_at)

    def unconfirmed(self) -> set[str]:
        """The routes that were restored and that the hub has not confirmed."""
        return {path for path, route in self.proxy.table("?state").items()
                if not route.get("jove_state", {"confirmed": True})["confirmed"]}

    def reconnect(self) -> None:
        """Everybody's kernel is still there, with what it knew."""
        for person, kernel in zip(self.people, self.kernels):
            kernel.wait_until_cut()
            kernel.connect()
            assert kernel.run("print(remembered)") == person.name


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    described = subprocess.run([*proxy_command(), "--help"], capture_output=True, text=True, timeout=60).stdout
    prerequisite("--state-dir" in described, "a proxy command that can keep its routes")
    state = tmp_path_factory.mktemp("state")
    proxy = ChartProxy(OUTPUT_ROOT / "restart", [f"--state-dir={state}"])
    hub = RealHub(HubSetup("restart-hub", external_proxy=proxy.address, more_config=[
        f"c.JupyterHub.last_activity_interval = {HUB_LOOKS_EVERY_SECONDS}",
        f"c.JupyterHub.services.append({{'name': 'proxy', 'api_token': '{PROXY_TOKEN}'}})",
        "c.JupyterHub.load_roles.append({'name': 'proxy', 'services': ['proxy'], 'scopes': ['proxy']})",
    ]))
    try:
        hub.start()
        office = Office(proxy, hub, state)
        for name in NAMES:
            person = Person(hub, name)
            person.log_in()
            person.spawn()
            kernel = person.start_kernel()
            kernel.run(f"remembered = {name!r}")
            office.people.append(person)
            office.kernels.append(kernel)
        yield office
    finally:
        hub.stop()
        proxy.process.stop()


def test_nobody_is_turned_away_after_a_crash(office: Office) -> None:
    answers = office.kill_and_start_again(office.with_memory())

    assert [answer for answer in answers if answer.status != 200] == []
    office.reconnect()
    assert office.proxy.get("/_chp_readyz").status_code == 200

    # The hub reads the table, finds it as it should be and leaves it alone: that confirms it.
    assert {f"/user/{name}" for name in NAMES} <= office.unconfirmed()
    office.hub.check_routes()
    wait_until("the hub's look confirms the restored routes", lambda: office.unconfirmed() == set())
    assert all(person.server_answers() for person in office.people)


def test_a_proxy_without_memory_turns_everybody_away(office: Office) -> None:
    answers = office.kill_and_start_again(office.without_memory())

    # All of them land on the hub, which knows no such pages: this is what the test before must be able to see.
    assert [answer for answer in answers if answer.status == 200] == []
    assert {answer.status for answer in answers} & {302, 404, 424, 503}
    assert not office.people[0].server_answers()

    office.hub.check_routes()
    for person in office.people:
        person.wait_until_through_again()
    office.reconnect()


def test_a_proxy_without_memory_asks_the_hub(office: Office) -> None:
    asks = {"JOVE_HUB_API_URL": f"http://127.0.0.1:{office.proxy.address.hub_port}/hub/api",
            "JOVE_HUB_API_TOKEN": PROXY_TOKEN}
    office.proxy.process.kill()
    started = time.monotonic()
    office.proxy.launch(office.without_memory(), asks)

    for person in office.people:
        wait_until(f"{person.name} gets through", person.server_answers, ASKED_HUB_SECONDS,
                   ignoring=(requests.RequestException,))
    print(f"people got through {time.monotonic() - started:.1f} s after the start")
    office.reconnect()
    for person in office.people:
        person.stop_server()
