"""The built image, in a container that runs as one of Zero to JupyterHub's pods does.

Docker has no pods; what one is made of it has: a sandbox that outlives the container of the proxy and holds its network and
/dev/shm, and an engine that starts the container again when it dies.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil
import pytest

from harness.external import ApartProxy
from harness.ports import free_port
from harness.processes import note_log_file, tail
from harness.waiting import wait_until

IMAGE = os.environ.get("E2E_IMAGE") or "jove:local"

_ENGINE_SECONDS = 120.0

# The chart's container security context, with a limit of memory and a root that cannot be written to. Probes come from
# outside, as those of a kubelet do.
_AS_IN_A_POD = [
    "--user=65534:65534", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only",
    "--memory=192m", "--memory-swap=192m", "--pids-limit=200", "--no-healthcheck",
]


def docker(*words: str, env: Mapping[str, str] | None = None) -> str:
    """Runs a command of the engine's client and returns what it printed."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=_ENGINE_SECONDS,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise AssertionError(f"docker {words[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip()


def require_engine_and_image() -> None:
    """Fails, wherever it runs, when no container can be started from the image or none can be killed."""
    trouble = None
    if not _answers("version"):
        trouble = "no container engine answers (expected: start this by e2e/run-container)"
    elif not _answers("image", "inspect", IMAGE):
        trouble = (f"the engine has no image {IMAGE} (expected: e2e/run-container --build, or docker/build on that engine,"
                   " or another image in E2E_IMAGE)")
    elif os.geteuid() != 0:
        trouble = f"this is user {os.geteuid()} (expected: root, who may kill a container's process)"
    if trouble:
        pytest.fail(trouble, pytrace=False)


def _answers(*words: str) -> bool:
    try:
        docker(*words)
        return True
    except (OSError, AssertionError):
        return False


class ContainerProxy(ApartProxy):
    """The image under test in its pod. Hub and people reach it at ports of 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self._log_file = folder / "container.log"
        self._container: str | None = None
        # A pod's sandbox does nothing but be there. No image is sure to exist but the one under test, so that one has to do
        # nothing: it is told to keep no routes, and no one asks at its ports. The network is the one that the hub is in.
        self._sandbox = docker(
            "run", "--detach", "--network=host", "--ipc=shareable", *_AS_IN_A_POD, "--env=JOVE_STATE_DIR=none", IMAGE,
            "--ip=127.0.0.1", f"--port={free_port()}", "--api-ip=127.0.0.1", f"--api-port={free_port()}")

    def start(self, env: Mapping[str, str] | None = None) -> None:
        """Starts the proxy's container in place of the one before, and returns when the probes find it healthy."""
        self._remove_container()
        env = {"CONFIGPROXY_AUTH_TOKEN": self.address.token, **(env or {})}
        self._container = docker(
            "run", "--detach", "--restart=always", f"--network=container:{self._sandbox}", f"--ipc=container:{self._sandbox}",
            *_AS_IN_A_POD, *(f"--env={name}" for name in env), "--log-driver=json-file",
            "--entrypoint=configurable-http-proxy", IMAGE, *self.chart_arguments(), env=env)
        # The engine's own file while the container is there, so that a test that fails can show its end.
        self._log_file.unlink(missing_ok=True)
        self._log_file.symlink_to(self._inspect("{{.LogPath}}"))
        note_log_file(self._log_file)
        self.wait_until_healthy()

    def kill(self) -> None:
        """Kills the proxy's process, as the kernel does when memory runs out.

        The engine must not be asked for it: a container that `docker kill` has ended is meant to stay so.
        """
        process = psutil.Process(int(self._inspect("{{.State.Pid}}")))
        assert self._container in Path(f"/proc/{process.pid}/cgroup").read_text(), f"{process} is not the container's"
        process.kill()
        wait_until("the killed proxy is gone", lambda: not process.is_running())

    def restarts(self) -> int:
        """How often the engine has started the container again."""
        return int(self._inspect("{{.RestartCount}}"))

    def log(self) -> str:
        return self._log_file.read_text(errors="replace")

    def check_running(self) -> None:
        assert self._inspect("{{.State.Running}}") == "true", f"the container does not run:\n{tail(self._log_file)}"

    def remove(self) -> None:
        """Ends the pod."""
        self._remove_container()
        docker("rm", "--force", self._sandbox)

    def _remove_container(self) -> None:
        if self._container is None:
            return
        log = self.log()
        docker("rm", "--force", self._container)
        self._container = None
        self._log_file.unlink()
        self._log_file.write_text(log)

    def _inspect(self, template: str) -> str:
        return docker("container", "inspect", f"--format={template}", self._container)
