"""A proxy that lives apart from its hub, as in Kubernetes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from harness.command import proxy_command
from harness.hub import ExternalProxy
from harness.ports import free_port
from harness.processes import ManagedProcess
from harness.waiting import wait_until


class ChartProxy:
    """A proxy started with the arguments that the Helm chart of JupyterHub gives it, and more if a test has some."""

    def __init__(self, folder: Path, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        self.address = ExternalProxy(free_port(), free_port(), free_port(), secrets.token_hex(32))
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.start(more, more_env)

    def start(self, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        """Starts it and returns when it says that it is healthy."""
        self.launch(more, more_env)
        wait_until("the probes find the proxy healthy", self.healthy, ignoring=(requests.RequestException,))

    def launch(self, more: Sequence[str] = (), more_env: Mapping[str, str] | None = None) -> None:
        """Starts it and waits for nothing."""
        hub = f"http://127.0.0.1:{self.address.hub_port}"
        # Empty addresses mean all of them, as in a pod.
        arguments = [
            "--ip=", "--api-ip=", f"--api-port={self.address.api_port}", f"--default-target={hub}",
            f"--error-target={hub}/hub/error", f"--port={self.address.port}", *more,
        ]
        env = {**os.environ, "CONFIGPROXY_AUTH_TOKEN": self.address.token, **(more_env or {})}
        self.process = ManagedProcess("proxy", [*proxy_command(), *arguments], self._folder, env)

    def healthy(self) -> bool:
        self.process.check_running()
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
