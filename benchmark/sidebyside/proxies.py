"""The backend and the proxies in front of it, all with the same duties.

Each proxy keeps its connections to the backend alive, adds X-Forwarded-For, -Proto, -Port and -Host, writes no access
log, works with one event loop and knows a default target and 100 routes.
"""

from __future__ import annotations

import http.client
import json
import secrets
from pathlib import Path

from .processes import HOST, Deadline, Failed, Process, free_ports

ROUTES = [f"/user/user{number:03d}" for number in range(100)]
PATH = f"{ROUTES[42]}/api/status"
# The backend answers this path with what it sees of the request, so that `check_duties` can compare the proxies.
SEEN_PATH = f"{ROUTES[42]}/seen"
BODY = '{"started": true, "connections": 1, "kernels": 1}'

_NGINX = """\
daemon off;
worker_processes 1;
error_log stderr error;
pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    default_type application/json;
    # nginx closes a connection after 1000 requests unless told otherwise; the others do not.
    keepalive_requests 1000000000;
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
}}
"""

_BACKEND = """\
    server {{
        listen {host}:{port} backlog=1024;
        location / {{ return 200 '{body}'; }}
        location = {seen} {{
            return 200 '{{"for": "$http_x_forwarded_for", "proto": "$http_x_forwarded_proto", "port": "$http_x_forwarded_port", "host": "$http_x_forwarded_host", "connection": $connection}}';
        }}
    }}
"""

_PROXY = """\
    upstream backend {{
        server {host}:{backend};
        keepalive 256;
        keepalive_requests 1000000000;
    }}
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Port $server_port;
    proxy_set_header X-Forwarded-Host $http_host;
    server {{
        listen {host}:{port} backlog=1024;
        location / {{ proxy_pass http://backend; }}
{locations}
    }}
"""


def _nginx_command(folder: Path, http: str) -> list[str]:
    folder.mkdir()
    # Started by root, the worker is another user, who must get at the folder.
    folder.chmod(0o755)
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, http=http))
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(configuration)]


class Backend:
    """A second nginx with a small fixed answer."""

    def __init__(self, folder: Path, cores: set[int], deadline: Deadline):
        [self.port] = free_ports(1)
        http = _BACKEND.format(host=HOST, port=self.port, body=BODY, seen=SEEN_PATH)
        self.process = Process("backend", _nginx_command(folder / "backend", http), folder / "backend.log", cores)
        try:
            self.process.wait_until_accepting([self.port], deadline)
        except BaseException:
            self.process.end()
            raise


class NginxProxy:
    """nginx, the measure for the others. It has no API: its routes are in its configuration."""

    name = "nginx"

    def __init__(self, folder: Path, backend_port: int):
        self._folder, self._backend_port = folder, backend_port
        self._starts = 0

    def start(self, cores: set[int] | None) -> tuple[Process, list[int]]:
        """Starts the proxy. Returns its process and its ports, the public one first."""
        [port] = free_ports(1)
        self._starts += 1
        locations = "\n".join(f"        location {route}/ {{ proxy_pass http://backend; }}" for route in ROUTES)
        http = _PROXY.format(host=HOST, backend=self._backend_port, port=port, locations=locations)
        folder = self._folder / f"nginx-{self._starts}"
        return Process(self.name, _nginx_command(folder, http), self._folder / "nginx.log", cores), [port]

    def add_routes(self, ports: list[int]) -> None:
        """Nothing to do: the configuration has them."""


class HubProxy:
    """Jove or configurable-http-proxy: the same flags and the same API."""

    def __init__(self, name: str, command: list[str], folder: Path, backend_port: int):
        self.name = name
        self._command, self._folder, self._backend_port = command, folder, backend_port
        self._token = secrets.token_hex(16)

    def start(self, cores: set[int] | None) -> tuple[Process, list[int]]:
        """Starts the proxy. Returns its process and its ports, the public one first."""
        port, api_port = free_ports(2)
        command = [*self._command, f"--ip={HOST}", f"--port={port}", f"--api-ip={HOST}", f"--api-port={api_port}",
                   f"--default-target=http://{HOST}:{self._backend_port}"]
        process = Process(self.name, command, self._folder / f"{self.name}.log", cores,
                          {"CONFIGPROXY_AUTH_TOKEN": self._token})
        return process, [port, api_port]

    def add_routes(self, ports: list[int]) -> None:
        connection = http.client.HTTPConnection(HOST, ports[1], timeout=10)
        for route in ROUTES:
            connection.request("POST", f"/api/routes{route}",
                               json.dumps({"target": f"http://{HOST}:{self._backend_port}"}),
                               {"Authorization": f"token {self._token}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 201:
                raise Failed(f"{self.name} answers {answer.status} to a new route")
        connection.close()


def check_duties(name: str, port: int) -> None:
    """Fails unless the proxy adds all headers and uses one backend connection for two requests."""
    client = http.client.HTTPConnection(HOST, port, timeout=10)
    connections = set()
    for _ in range(2):
        client.request("GET", SEEN_PATH)
        answer = client.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise Failed(f"{name} answers {answer.status}")
        seen = json.loads(text)
        connections.add(seen.pop("connection"))
        expected = {"for": HOST, "proto": "http", "port": str(port), "host": f"{HOST}:{port}"}
        if seen != expected:
            raise Failed(f"{name} does not do what the others do: it forwards {seen}, expected {expected}")
    client.close()
    if len(connections) != 1:
        raise Failed(f"{name} does not keep its connection to the backend alive")
