"""Hubs set up in the less common ways: one host name per user, unix sockets, TLS between all parts."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.hub import HubSetup, RealHub
from harness.person import Person

pytestmark = pytest.mark.hub

FILE_SIZE = 2 * 1024 * 1024


def use_everything(hub: RealHub, name: str) -> Person:
    """Lets one person use every kind of request that a server sees; the server is left running."""
    person = Person(hub, name)
    person.log_in()
    person.spawn()
    person.file_round_trip(FILE_SIZE)
    kernel = person.start_kernel()
    assert kernel.run("print(2**100)") == "1267650600228229401496703205376"
    kernel.close()
    person.terminal_echo()
    return person


def test_every_user_has_an_own_host_name() -> None:
    with RealHub(HubSetup("host-routing", domain="hub.localhost")) as hub:
        assert "--host-routing" in hub.proxy_process().cmdline()
        zoe = use_everything(hub, "zoe")
        assert zoe.server_url.startswith("http://zoe.hub.localhost:")
        assert "zoe.hub.localhost/user/zoe/" in hub.routes()

        # The same path under another person's host name is not hers: it belongs to the hub.
        elsewhere = hub.user_url("adam").removesuffix("/user/adam") + "/user/zoe/api/status"
        answer = zoe.session.get(elsewhere, allow_redirects=False)
        assert answer.status_code == 302 and "/hub/" in answer.headers["Location"], f"{answer} {answer.headers}"
        zoe.stop_server()
        assert "zoe.hub.localhost/user/zoe/" not in hub.routes()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's name: the kernel takes 107 bytes in all."""
    folder = Path(tempfile.mkdtemp(prefix="e2e-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_the_proxy_listens_on_unix_sockets(short_folder: Path) -> None:
    with RealHub(HubSetup("unix-sockets", base_path="/jup/", sockets_in=short_folder)) as hub:
        arguments = hub.proxy_process().cmdline()
        for option, name in (("--socket", "public.sock"), ("--api-socket", "api.sock")):
            path = short_folder / name
            assert arguments[arguments.index(option) + 1] == str(path)
            assert stat.S_ISSOCK(path.stat().st_mode)
        person = use_everything(hub, "has@")

        # A new proxy takes the places of the sockets that the killed one left behind.
        kernel = person.start_kernel()
        kernel.run("remembered = 7")
        killed = hub.proxy_process()
        killed.kill()
        kernel.wait_until_cut()
        hub.wait_for_another_proxy(killed)
        person.wait_until_through_again()
        kernel.connect()
        assert kernel.run("print(remembered)") == "7"
        kernel.close()
        person.stop_server()


def test_every_part_speaks_tls_to_every_other() -> None:
    with RealHub(HubSetup("internal-ssl", internal_ssl=True)) as hub:
        arguments = hub.proxy_process().cmdline()
        for option in ("--ssl-key", "--api-ssl-request-cert", "--client-ssl-ca"):
            assert option in arguments
        person = use_everything(hub, "zoe")
        targets = [route["target"] for route in hub.routes().values()]
        assert len(targets) == 2 and all(target.startswith("https://") for target in targets), targets
        person.stop_server()
