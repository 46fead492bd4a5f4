"""Ten people at work on one hub that started its own proxy, then that proxy's death."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psutil
import pytest

from harness.hub import HubSetup, RealHub
from harness.person import Person
from harness.processes import end_all
from harness.waiting import wait_until

pytestmark = pytest.mark.hub

# As JupyterHub keeps them (lower case), with every kind of character that is escaped differently on the way.
NAMES = ["zoe", "50fia", "秀樹", "~testjh", "has@", "a b", "x+y:z!,;=&$", "émile", "o'neil", "per%cent"]

FILE_SIZE = 20 * 1024 * 1024

# More would starve each other on two cores.
SERVERS_AT_A_TIME = 3


@pytest.fixture(scope="module")
def hub() -> Iterator[RealHub]:
    # The hub must not notice by itself that a server has crashed while a test looks at what people then see.
    setup = HubSetup("people", more_config=["c.Spawner.poll_interval = 3600"])
    with RealHub(setup) as running:
        yield running


@pytest.fixture(scope="module")
def days(hub: RealHub) -> Iterator[dict[str, Future[None]]]:
    """Everybody's whole day, a few at a time; each test looks at one of them."""
    with ThreadPoolExecutor(SERVERS_AT_A_TIME) as people:
        yield {name: people.submit(whole_day, hub, name) for name in NAMES}


def whole_day(hub: RealHub, name: str) -> None:
    person = Person(hub, name)
    person.log_in()
    person.spawn()
    try:
        person.file_round_trip(FILE_SIZE)
        kernel = person.start_kernel()
        assert kernel.run("print(2**100)") == "1267650600228229401496703205376"
        kernel.close()
        person.terminal_echo()
    finally:
        person.stop_server()


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_day_at_the_hub(days: dict[str, Future[None]], name: str) -> None:
    days[name].result()


def test_people_get_through_again_after_the_proxy_was_killed(hub: RealHub) -> None:
    people = [Person(hub, name) for name in ("zoe", "秀樹", "a b")]
    kernels = []
    for person in people:
        person.log_in()
        person.spawn()
        kernels.append(person.start_kernel())
        kernels[-1].run(f"remembered = {person.name!r}")

    killed = hub.proxy_process()
    killed.kill()
    for kernel in kernels:
        kernel.wait_until_cut()
    hub.wait_for_another_proxy(killed)

    for person, kernel in zip(people, kernels):
        person.wait_until_through_again()
        # The same kernel, with the same cookies: nobody lost anything but a connection.
        kernel.connect()
        assert kernel.run("print(remembered)") == person.name
        kernel.close()
    for person in people:
        person.stop_server()


def test_a_crashed_server_shows_the_hubs_error_page(hub: RealHub) -> None:
    person = Person(hub, "émile")
    person.log_in()
    person.spawn()
    server = psutil.Process(hub.server_pid(person.name))
    assert server.ppid() == hub.pid
    end_all([*server.children(recursive=True), server])

    answer = person.session.get(f"{person.server_url}/lab")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Service Unavailable" in answer.text and "JupyterHub" in answer.text, answer.text[:2000]


def test_the_proxys_routes_carry_the_activity_of_people(hub: RealHub) -> None:
    person = Person(hub, "50fia")
    person.log_in()
    person.spawn()

    def activity() -> str:
        [route] = [route for route in hub.routes().values() if route["data"].get("user") == person.name]
        return route["data"]["last_activity"]

    before = activity()
    kernel = person.start_kernel()
    kernel.run("print(1)")
    kernel.close()
    wait_until("the route's last activity moves on", lambda: activity() > before)
    person.stop_server()


def test_the_proxy_ends_with_its_hub() -> None:
    with RealHub(HubSetup("ends")) as hub:
        proxy = hub.proxy_process()
    wait_until("the proxy is gone", lambda: not proxy.is_running())
