"""The Kubernetes way: proxy and hub live apart, and each outlives the other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.command import OUTPUT_ROOT
from harness.external import ChartProxy
from harness.hub import HubSetup, RealHub
from harness.person import Person

pytestmark = pytest.mark.hub


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
