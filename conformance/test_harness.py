"""What the harness itself must not get wrong: cases run side by side in one process."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from harness.case import Await, Upstream
from harness.upstream import Server
from harness.world import World


def _until(condition) -> None:
    late = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < late, "waited in vain"
        time.sleep(0.01)


def test_a_socket_is_closed_by_the_thread_that_uses_it():
    """Were it closed under that thread, the next socket of another case would get its number, and its bytes be stolen."""
    world = World(None, Path(), 30)
    server = Server("A")
    server.serve(Upstream(on_connect=(Await("its turn"),)), world, None)
    with socket.create_connection(("127.0.0.1", int(server.value)), timeout=30) as client:
        _until(lambda: server._connections)
        (connection,) = server._connections.values()
        server.drop_connections()
        assert client.recv(1) == b""
        assert connection.sock.fileno() >= 0
        world.event("its turn").set()
        _until(lambda: connection.sock.fileno() < 0)


def test_a_closed_server_takes_no_connection():
    """And its thread, which waits for one, closes the listening socket."""
    server = Server("A")
    server.serve(Upstream(), World(None, Path(), 30), None)
    server.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(server.value)), timeout=30)
    _until(lambda: server.sock.fileno() < 0)
