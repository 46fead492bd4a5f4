"""How the hubs of the tests start servers. Loaded by the hub's own process."""

from __future__ import annotations

from jupyterhub.spawner import SimpleLocalProcessSpawner

from harness.ports import free_port


class SafePortSpawner(SimpleLocalProcessSpawner):
    """Starts every server as the operating system's one user, on a port that no outgoing connection can take first."""

    async def start(self) -> tuple[str, int]:
        self.port = free_port()
        return await super().start()
