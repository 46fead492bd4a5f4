"""Free ports that stay free until somebody listens on them."""

from __future__ import annotations

import random
import socket
import threading

# Below the kernel's range for outgoing connections, so that no connection of another process can take a
# port between the moment it is chosen and the moment the server listens on it.
_LOWEST, _HIGHEST = 15_000, 30_000

_given: set[int] = set()
_lock = threading.Lock()


def free_port() -> int:
    """Returns a port on which nobody listens and which this process has not given out before."""
    with _lock:
        for _ in range(500):
            port = random.randint(_LOWEST, _HIGHEST)
            if port in _given:
                continue
            with socket.socket() as probe:
                try:
                    # The wildcard address: a proxy told to listen on every address needs all of them.
                    probe.bind(("0.0.0.0", port))
                except OSError:
                    continue
            _given.add(port)
            return port
    raise RuntimeError(f"no free port between {_LOWEST} and {_HIGHEST}")
