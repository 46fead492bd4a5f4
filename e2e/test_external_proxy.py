"""The Kubernetes way: proxy and hub live apart, and each outlives the other."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from harness.command import OUTPUT_ROOT, proxy_command
from harness.hub import ExternalProxy, HubSetup, RealHub
from harness.person import Person
from harness.ports import free_port
from harness.processes import ManagedProcess
from harness.waiting import wait_until

pytestmark = pytest.mark.hub


class ChartProxy:
    """A proxy started with the arguments that the Helm chart of JupyterHub gives it."""

    def __init__(self, folder: Path) -> None:
        self.address = ExternalProxy(free_port(), free_port(), free_port(), secrets.token_hex(32))
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        hub = f"http://127.0.0.1:{self.address.hub_port}"
        # Empty addresses mean all of them, as in a pod.
        arguments = [
            "--ip=", "--api-ip=", f"--api-port={self.address.api_port}", f"--default-target={hub}",
            f"--error-target={hub}/hub/error", f"--port={self.address.port}",
        ]
        env = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": self.address.token}
        self.process = ManagedProcess("proxy", [*proxy_command(), *arguments], self._folder, env)
        wait_until("the probes find the proxy healthy", self.healthy, ignoring=(requests.RequestException,))

    def healthy(self) -> bool:
        self.process.check_running()
        return self.get("/_chp_healthz").status_code == 200

    def get(self, path: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{self.address.port}{path}", timeout=60)

    def table(self) -> dict[str, dict]:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"http://127.0.0.1:{self.address.api_port}/api/routes", timeout=60,
                                 headers={"Authorization": f"token {self.address.token}"})
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def proxy() -> Iterator[ChartProxy]:
    proxy = ChartProxy(OUTPUT_ROOT / "external-proxy")
    yield proxy
    proxy.process.stop()


def test_proxy_and_hub_outlive_each_other(proxy: ChartProxy) -> None:
    # Before there is a hub: healthy for the kubelet, honest to people.
    assert proxy.get("/").status_code == 503
    assert list(proxy.table()) == ["/"]

    # User servers are pods of their own and go on when the hub ends.
    setup = HubSetup("external-hub", external_proxy=proxy.address,
                     more_config=["c.JupyterHub.cleanup_servers = False"])
    hub = RealHub(setup)
    try:
        hub.start()
        person = Person(hub, "zoe")
        person.log_in()
        person.spawn()
        kernel = person.start_kernel()
        kernel.run("remembered = 1")

        hub.crash()
        # Nobody but the hub is gone: the websocket that was open still works, and so do new requests.
        assert kernel.run("print(remembered)") == "1"
        assert person.server_answers()
        assert "/user/zoe" in proxy.table()
        assert proxy.get("/hub/home").status_code == 503

        hub.start()
        assert person.server_answers()
        assert kernel.run("remembered += 1; print(remembered)") == "2"

        proxy.process.kill()
        kernel.wait_until_cut()
        proxy.start()
        # The hub finds out when it next asks for the table, and fills it.
        person.wait_until_through_again()
        kernel.connect()
        assert kernel.run("print(remembered)") == "2"
        kernel.close()
        person.stop_server()
        assert "/user/zoe" not in proxy.table()
    finally:
        hub.stop()
