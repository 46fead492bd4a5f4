"""The idle culler of JupyterHub stops servers that nobody uses, and only those. The proxy alone tells it who uses which."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from harness.command import HUB6_PYTHON
from harness.hub import HubSetup, RealHub
from harness.person import Person
from harness.processes import MARK, ManagedProcess
from harness.waiting import wait_until

pytestmark = pytest.mark.hub

# The hub reads the proxy's table every two seconds: many such looks fit in here, and hundreds of the people's doings.
IDLE_SECONDS = 20

CULLER_TOKEN = secrets.token_hex(16)

# What the culler's own documentation gives it.
CULLER_SCOPES = ["list:users", "read:users:activity", "read:servers", "delete:servers"]


@pytest.fixture
def hub() -> Iterator[RealHub]:
    setup = HubSetup("culling", more_config=[
        f"c.JupyterHub.services.append({{'name': 'culler', 'api_token': '{CULLER_TOKEN}'}})",
        f"c.JupyterHub.load_roles.append({{'name': 'culler', 'services': ['culler'], 'scopes': {CULLER_SCOPES!r}}})",
        # Servers tell the hub of their activity, too: these when they start and never again, so that only the proxy does.
        "c.Spawner.environment['JUPYTERHUB_ACTIVITY_INTERVAL'] = '86400'",
    ])
    with RealHub(setup) as running:
        yield running


@pytest.fixture
def start_culler(hub: RealHub) -> Iterator[Callable[[], ManagedProcess]]:
    """Starts the real culler, as a service that looks after itself."""
    started: list[ManagedProcess] = []

    def start() -> ManagedProcess:
        # Not among what the hub has started: it ends by itself, before the hub.
        env = {key: value for key, value in os.environ.items() if key != MARK}
        env |= {"JUPYTERHUB_API_URL": f"http://127.0.0.1:{hub.hub_port}/hub/api", "JUPYTERHUB_API_TOKEN": CULLER_TOKEN}
        command = [str(HUB6_PYTHON), "-m", "jupyterhub_idle_culler", f"--timeout={IDLE_SECONDS}", "--cull-every=1"]
        started.append(ManagedProcess("culler", command, hub.folder, env))
        return started[-1]

    yield start
    for culler in started:
        culler.stop()


def come_to_work(hub: RealHub, name: str) -> Person:
    person = Person(hub, name)
    person.log_in()
    person.spawn()
    return person


@contextmanager
def at_work(action: Callable[[], object]) -> Iterator[None]:
    """Somebody does this a few times a second until the block ends. It must not fail even once."""
    leaves = Event()

    def work() -> None:
        while not leaves.wait(0.2):
            action()

    with ThreadPoolExecutor(1) as executor:
        working = executor.submit(work)
        try:
            yield
        finally:
            leaves.set()
    working.result()


def test_only_servers_that_nobody_uses_are_culled(
        hub: RealHub, start_culler: Callable[[], ManagedProcess]) -> None:
    ada, ben = come_to_work(hub, "ada"), come_to_work(hub, "ben")
    kernel = ben.start_kernel()

    def reads_pages() -> None:
        assert ada.server_answers()

    def types_into_a_notebook() -> None:
        assert kernel.run("print(6 * 7)") == "42"

    with at_work(reads_pages), at_work(types_into_a_notebook):
        # Whoever comes last leaves at once. When that is too long ago, the others have been here for even longer.
        cy = come_to_work(hub, "cy")
        started = {name: hub.servers(name)[""]["started"] for name in ("ada", "ben", "cy")}
        assert max(started["ada"], started["ben"]) < started["cy"]
        culler = start_culler()

        def culled(name: str) -> bool:
            culler.check_running()
            return hub.servers(name) == {}

        wait_until("the server that nobody uses is culled", lambda: culled("cy"))

        assert set(hub.routes()) == {"/", "/user/ada/", "/user/ben/"}
        assert cy.session.get(f"{cy.server_url}/api/status").status_code == 424
        for name in ("ada", "ben"):
            assert hub.servers(name)[""]["started"] == started[name]
        log = culler.log_file.read_text()
        assert "Culling server cy " in log
        assert "Culling server ada " not in log and "Culling server ben " not in log

    # What kept them was what they did, and nothing else: the websocket is open still, and quiet.
    wait_until("the others are culled when they do nothing more", lambda: culled("ada") and culled("ben"))
    assert set(hub.routes()) == {"/"}
    kernel.wait_until_cut()
