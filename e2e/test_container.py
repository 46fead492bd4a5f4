"""The image in front of a hub, in a container that runs, dies and comes back as in Zero to JupyterHub's pod.

The hub is configured as that chart does it and lives outside of the container, and so do people's servers. Nobody but the
engine starts the proxy again. The tests follow one another on one hub.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from harness.command import OUTPUT_ROOT
from harness.container import ContainerProxy, require_engine_and_image
from harness.hub import HubSetup, RealHub
from harness.office import Office
from harness.waiting import wait_until

pytestmark = pytest.mark.container

NAMES = ["zoe", "has@"]
MEGABYTE = 1024 * 1024

# As the chart sets it. Nothing here shortens it: what people see of it is what is measured.
HUB_LOOKS_EVERY_SECONDS = 60
# How far the hub's next look must be away for a test of what happens before it, which takes a quarter of that.
ENOUGH_SECONDS = 12


@pytest.fixture(scope="module")
def proxy() -> Iterator[ContainerProxy]:
    require_engine_and_image()
    proxy = ContainerProxy(OUTPUT_ROOT / "container")
    try:
        # Nothing is said about where to keep routes: the image itself does.
        proxy.start()
        yield proxy
    finally:
        proxy.remove()


@pytest.fixture(scope="module")
def office(proxy: ContainerProxy) -> Iterator[Office]:
    hub = RealHub(HubSetup("container-hub", external_proxy=proxy.address, more_config=[
        f"c.JupyterHub.last_activity_interval = {HUB_LOOKS_EVERY_SECONDS}",
        "c.JupyterHub.cleanup_servers = False",
        # Tells how often the hub has looked.
        "c.JupyterHub.authenticate_prometheus = False",
    ]))
    office = Office(proxy, hub)
    try:
        office.open(NAMES)
        yield office
    finally:
        hub.stop()


def test_people_work(office: Office) -> None:
    for person, kernel in zip(office.people, office.kernels):
        person.file_round_trip(2 * MEGABYTE)
        person.terminal_echo()
        assert kernel.run("print(remembered)") == person.name


def test_nobody_notices_that_the_container_was_killed(
        proxy: ContainerProxy, office: Office, record_property: Callable[[str, object], None]) -> None:
    comeback = office.crash()

    assert comeback.refusals() == []
    office.reconnect()
    # By the engine and not by anybody else, from what it had kept and not from what the hub told it.
    assert proxy.restarts() == 1
    assert "Restored " in proxy.log()
    assert {f"/user/{name}" for name in NAMES} <= proxy.unconfirmed()
    for person in office.people:
        person.file_round_trip(MEGABYTE)
    gaps = [seconds * 1000 for seconds in comeback.gaps().values()]
    record_property("summary", f"with routes in /dev/shm: {min(gaps):.0f} ms from the kill to the first 200,"
                               f" {max(gaps):.0f} ms until each page had one; {len(comeback.answers)} answers, all 200")


def test_without_the_kept_routes_everybody_notices(
        proxy: ContainerProxy, office: Office, record_property: Callable[[str, object], None]) -> None:
    proxy.start({"JOVE_STATE_DIR": "none"})
    office.hub.check_routes()
    for person in office.people:
        person.wait_until_through_again()
    office.reconnect()
    office.hub.wait_until_no_look_is_near(HUB_LOOKS_EVERY_SECONDS, ENOUGH_SECONDS)
    looks = office.hub.looks()

    comeback = office.crash()

    assert proxy.restarts() == 1
    # This is what the test before must be able to see.
    assert comeback.gaps() == {}
    assert {answer.status for answer in comeback.answers} & {302, 404, 424, 503}
    assert office.hub.looks() == looks

    # Nobody asks the hub for anything: it comes by itself, and with it people get through.
    for person in office.people:
        person.wait_until_through_again()
    gap = (time.monotonic() - comeback.killed_at) * 1000
    wait_until("it was a look of the hub", lambda: office.hub.looks() == looks + 1)
    office.reconnect()
    record_property("summary", f"without: {gap:.0f} ms until the hub's next look had brought everybody back;"
                               f" {len(comeback.answers)} answers before, none 200")
    for person in office.people:
        person.stop_server()
