"""How a client's bytes reach the proxy's public side, whatever host the URL names.

The same client code is used over TCP, over a unix socket, with host names that no resolver knows, and over TLS:
only the dialling differs.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import requests
import websocket
from requests.adapters import HTTPAdapter
from requests.cookies import get_cookie_header
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.retry import Retry

_CONNECT_SECONDS = 30.0
# Silence on an open connection, not total time; jupyter servers on a busy machine can take long to answer.
_SILENCE_SECONDS = 120.0

Dial = Callable[[], socket.socket]


def tcp(port: int) -> Dial:
    """Dials 127.0.0.1, so that URLs may name any host."""
    return lambda: socket.create_connection(("127.0.0.1", port), timeout=_CONNECT_SECONDS)


def unix(path: Path) -> Dial:
    """Dials a unix socket."""

    def dial() -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_CONNECT_SECONDS)
        try:
            connection.connect(str(path))
        except OSError:
            connection.close()
            raise
        return connection

    return dial


class Transport:
    """Opens HTTP sessions and websockets through one dialler, trusting one certificate authority for TLS."""

    def __init__(self, dial: Dial, ca_file: Path | None = None) -> None:
        self._dial = dial
        self._ca_file = ca_file

    def session(self) -> requests.Session:
        session = _PatientSession()
        # No settings of the machine (proxies, .netrc) take part.
        session.trust_env = False
        if self._ca_file is not None:
            session.verify = str(self._ca_file)
        adapter = _DialingAdapter(self._dial)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    def websocket(self, url: str, session: requests.Session) -> websocket.WebSocket:
        """Opens a websocket as a browser with the session's cookies would. `url` is the http(s) form."""
        parts = urlsplit(url)
        connection = self._dial()
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=self._ca_file)
            connection = context.wrap_socket(connection, server_hostname=parts.hostname)
        connection.settimeout(_SILENCE_SECONDS)
        cookies = get_cookie_header(session.cookies, requests.Request("GET", url).prepare())
        return websocket.create_connection(
            "ws" + url.removeprefix("http"), socket=connection, timeout=_SILENCE_SECONDS,
            cookie=cookies, origin=f"{parts.scheme}://{parts.netloc}",
        )


class _PatientSession(requests.Session):
    """A session in which no request can wait for ever."""

    def request(self, *args: object, **kwargs: object) -> requests.Response:
        kwargs.setdefault("timeout", (_CONNECT_SECONDS, _SILENCE_SECONDS))
        return super().request(*args, **kwargs)


class _DialingAdapter(HTTPAdapter):
    """An adapter of `requests` that connects with a dialler instead of by the URL's host and port."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        # A server may close an idle connection just as a request goes out; a GET is then sent once more.
        super().__init__(max_retries=Retry(total=1, connect=0, status=0, redirect=0, allowed_methods={"GET"}))

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:
        dial = self._dial

        class DialedConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return dial()

        class DialedTlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return dial()

        class DialedPool(HTTPConnectionPool):
            ConnectionCls = DialedConnection

        class DialedTlsPool(HTTPSConnectionPool):
            ConnectionCls = DialedTlsConnection

        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": DialedPool, "https": DialedTlsPool}
