"""A proxy that lives apart from its hub, as in Kubernetes."""

from __future__ import annotations

import os
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from harness.command import proxy_command
from harness.hub import ExternalProxy
from harness.ports import free_port
from harness.processes import ManagedProcess
from harness.waiting import wait_until


class ApartProxy(ABC):
    """A proxy that a hub reaches by its ports alone: where it listens, what it is started with, and what it answers."""

    def __init__(self) -> None:
        self.address = ExternalProxy(free_port(), free_port(), free_port(), secrets.token_hex(32))

    @abstractmethod
    def kill(self) -> None:
        """Ends it as a crash would; returns when it is gone."""

    @abstractmethod
    def check_running(self) -> None:
        """Fails with the end of its log if it has ended by itself."""

    def chart_arguments(self) -> list[str]:
        """What the Helm chart of JupyterHub starts a proxy with."""
        hub = f"http://127.0.0.1:{self.address.hub_port}"
        # Empty addresses mean all of them, as in a pod.
        return ["--ip=", "--api-ip=", f"--api-port={self.address.api_port}", f"--default-target={hub}",
                f"--error-target={hub}/hub/error", f"--port={self.address.port}"]

    def wait_until_healthy(self) -> None:
        wait_until("the probes find the proxy healthy", self.healthy, ignoring=(requests.RequestException,))

    def healthy(self) -> bool:
        self.check_running()
        return self.get("/_chp_healthz").status_code == 200

    def get(self, path: str) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"http://127.0.0.1:{self.address.port}{path}", timeout=60)

    def table(self, query: str = "") -> dict[str, dict]:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"http://127.0.0.1:{self.address.api_port}/api/routes{query}", timeout=60,
                                 headers={"Authorization": f"token {self.address.token}"})
        answer.raise_for_status()
        return answer.json()

    def unconfirmed(self) -> set[str]:
        """The routes that were restored and that the hub has not confirmed."""
        return {path for path, route in self.table("?state").items()
                if not route.get("jove_state", {"confirmed": True})["confirmed"]}


class ChartProxy(ApartProxy):
    """The command under test, with the chart's arguments, and more if a test has some."""

    def __init__(self, folder: Path, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.start(more, more_env)

    def start(self, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        """Starts it and returns when it says that it is healthy."""
        self.launch(more, more_env)
        self.wait_until_healthy()

    def launch(self, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        """Starts it and waits for nothing."""
        env = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": self.address.token, **(more_env or {})}
        self.process = ManagedProcess(
            "proxy", [*proxy_command(), *self.chart_arguments(), *more], self._folder, env)

    def kill(self) -> None:
        self.process.kill()

    def check_running(self) -> None:
        self.process.check_running()
