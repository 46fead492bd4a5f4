"""A pytest plugin under which JupyterHub's own tests stay on this machine and leave nothing behind."""

from __future__ import annotations

import ctypes
import socket

import psutil

_PR_SET_CHILD_SUBREAPER = 36

_resolve = socket.getaddrinfo


def _resolve_local_names(host, *args, **kwargs):
    """Finds every name below `localhost` on this machine, as the standard asks, whatever the resolver knows."""
    if isinstance(host, str) and host.endswith(".localhost"):
        host = "127.0.0.1"
    return _resolve(host, *args, **kwargs)


def pytest_configure() -> None:
    socket.getaddrinfo = _resolve_local_names
    # A test connects to the machine by its name; that must not be a way off the loopback device.
    socket.gethostname = lambda: "localhost"
    # Servers that a test forgets become our children when their parents end, so that we can find them.
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "cannot adopt orphaned processes")


def pytest_unconfigure() -> None:
    leftovers = psutil.Process().children(recursive=True)
    for process in leftovers:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(leftovers, timeout=30)
