"""Starting a proxy command, talking to its listeners, ending it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .case import TOKEN, Tls, api
from .certificates import Certificates
from .upstream import Server
from .wire import Broken, Ended, Message, Silent, Stream, read_answer
from .world import World

START_SECONDS = 120
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotStarted(Exception):
    """The command did not open its listeners."""


def _has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
    return True


try:
    HAS_IPV6 = _has_ipv6()
except OSError:
    HAS_IPV6 = False

_port_lock = threading.Lock()
_next_port = 12000 + os.getpid() % 15000


def _is_free(port: int) -> bool:
    wanted = [(socket.AF_INET, "127.0.0.1")] + [(socket.AF_INET6, "::1")] * HAS_IPV6
    for family, host in wanted:
        with socket.socket(family) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def free_ports() -> tuple[str, str]:
    """Two neighbouring ports below the range from which the kernel takes ports by itself: nobody takes them meanwhile."""
    global _next_port
    with _port_lock:
        while True:
            _next_port = _next_port + 2 if _next_port < 31000 else 12000
            if _is_free(_next_port) and _is_free(_next_port + 1):
                return str(_next_port), str(_next_port + 1)


def free_port() -> str:
    """One such port."""
    return free_ports()[0]


@dataclass(frozen=True)
class Address:
    """Where a listener is: a port of a loopback address, or a socket file."""
    port: int = 0
    path: str = ""
    host: str = "127.0.0.1"

    def connect(self, seconds: float = 30) -> socket.socket:
        """A connection to it."""
        if self.path:
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(seconds)
            try:
                sock.connect(self.path)
            except OSError:
                sock.close()
                raise
            return sock
        sock = socket.create_connection((self.host, self.port), timeout=seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def accepts(self) -> bool:
        """Whether somebody listens there."""
        try:
            self.connect(2).close()
        except OSError:
            return False
        return True


def client_context(tls: Tls, certificates: Certificates) -> ssl.SSLContext:
    """The TLS settings of a client. Without an authority the server's certificate is not checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if tls.ca:
        context.load_verify_locations(certificates.path(tls.ca))
        context.verify_mode = ssl.CERT_REQUIRED
    if tls.cert:
        context.load_cert_chain(certificates.path(tls.cert), certificates.path(tls.key))
    if tls.versions:
        context.minimum_version, context.maximum_version = (ssl.TLSVersion[v] for v in tls.versions)
        if tls.versions[0] in ("TLSv1", "TLSv1_1"):
            context.set_ciphers("ALL:@SECLEVEL=0")
    if tls.ciphers:
        context.set_ciphers(tls.ciphers)
    return context


class Process:
    """A running command: its output is collected by two threads. Not shared between cases that run at a time."""

    def __init__(self, command: str, args: list[str], env: dict[str, str], folder: Path):
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CONFIGPROXY_", "JOVE_", "NODE_"))}
        self.output: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.child = subprocess.Popen([command, *args], env=inherited | env, cwd=folder, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._readers = [threading.Thread(target=self._collect, args=(name,), daemon=True) for name in self.output]
        for reader in self._readers:
            reader.start()

    def _collect(self, name: str) -> None:
        for line in getattr(self.child, name):
            self.output[name].append(_ANSI.sub("", line.decode(errors="replace")).rstrip("\n"))

    def said(self, pattern: str) -> str | None:
        """The stream on which a matching line was printed."""
        for name, lines in self.output.items():
            if any(re.search(pattern, line) for line in list(lines)):
                return name
        return None

    def text(self) -> str:
        """All output, for messages to a person."""
        return "\n".join(f"{name}: {line}" for name, lines in self.output.items() for line in lines[-40:])

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None while it runs on."""
        try:
            code = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        for reader in self._readers:
            reader.join(10)
        return code

    def end(self, number: int = signal.SIGTERM) -> int:
        """Ends it, gently first."""
        if self.child.poll() is None:
            self.child.send_signal(number)
        code = self.wait(20)
        if code is None:
            self.child.kill()
            code = self.wait(20)
        self.child.stdout.close()
        self.child.stderr.close()
        return code


class Proxy:
    """A proxy with its listeners, routes and the upstreams whose ports its flags name."""

    def __init__(self, command: str, flags: tuple[str, ...], env: dict, certificates: Certificates, folder: Path,
                 standing: dict[str, bool]):
        self.command, self.flags, self.env = command, flags, env
        self.certificates = certificates
        self.folder = folder
        self.standing = {name: Server(name, listens=listens) for name, listens in standing.items()}
        self.values = {name: server.value for name, server in self.standing.items()}
        self.process: Process | None = None

    def start(self) -> None:
        """Starts the command and waits until every listener accepts."""
        values = dict(self.values)
        flags, env = self.flags, {"CONFIGPROXY_AUTH_TOKEN": TOKEN} | self.env
        for name in ("public", "api", "metrics", "redirect"):
            values[name] = free_port()
        world = World(self.certificates, self.folder, 0)
        world.values = values
        own = []
        if not any(flag.startswith("--socket") for flag in flags):
            own += ["--ip", "127.0.0.1", "--port", values["public"]]
        if not any(flag.startswith("--api-socket") for flag in flags):
            own += ["--api-ip", "127.0.0.1", "--api-port", values["api"]]
        words = [world.fill(flag) for flag in flags]
        self.values = values
        self.addresses = {name: Address(port=int(values[name])) for name in ("public", "api")}
        for word, following in zip(words, [*words[1:], ""]):
            flag, _, value = word.partition("=")
            value = value or following
            if flag in ("--socket", "--api-socket", "--metrics-socket"):
                self.addresses[{"--socket": "public", "--api-socket": "api"}.get(flag, "metrics")] = Address(path=value)
            elif flag in ("--metrics-port", "--redirect-port"):
                self.addresses[flag[2:-5]] = Address(port=int(value))
        self.process = Process(self.command, own + words, {k: world.fill(v) for k, v in env.items()}, self.folder)
        late = time.monotonic() + START_SECONDS
        while not all(address.accepts() for address in self.addresses.values()):
            if self.process.child.poll() is not None or time.monotonic() > late:
                raise NotStarted(self.process.text())
            time.sleep(0.03)

    def connect(self, listener: str, tls: Tls | None) -> socket.socket:
        """A connection to a listener."""
        sock = self.addresses[listener].connect()
        if tls is None:
            return sock
        try:
            return client_context(tls, self.certificates).wrap_socket(sock, server_hostname=tls.server_name)
        except BaseException:
            sock.close()
            raise

    def api_tls(self) -> Tls | None:
        """What the harness itself needs to reach the API."""
        return Tls(cert="client.crt", key="client.key") if "--api-ssl-key" in self.flags else None

    def ask(self, method: str, path: str, body: str | None = None, listener: str = "api") -> Message:
        """One call by the harness itself, on a connection of its own."""
        late = time.monotonic() + 60
        with self.connect(listener, self.api_tls() if listener == "api" else None) as sock:
            stream = Stream(sock)
            stream.send(api(method, path, body, "Connection: close"), late)
            return read_answer(stream, late, method)

    def table(self) -> dict:
        """The routing table."""
        return json.loads(self.ask("GET", "/api/routes").body)

    def set_routes(self, routes: dict[str, dict]) -> None:
        """Adds these routes."""
        for path, data in routes.items():
            answer = self.ask("POST", "/api/routes" + quote(path, safe="/%@~"), json.dumps(data))
            if answer.status != 201:
                raise AssertionError(f"the route {path} was not accepted: {answer.start}")

    def clear_routes(self) -> bool:
        """Removes all routes; false when some stay, and the proxy cannot be used for another case."""
        for path in self.table():
            self.ask("DELETE", "/api/routes" + quote(path, safe="/@~"))
        return not self.table()

    def runs(self) -> bool:
        """Whether its process has not ended."""
        return self.process is not None and self.process.child.poll() is None

    def usable(self) -> bool:
        """Whether it can serve another case."""
        try:
            return self.runs() and self.clear_routes()
        except (OSError, ValueError, Silent, Ended, Broken):
            return False

    def stop(self) -> None:
        """Ends everything."""
        if self.process:
            self.process.end()
        for server in self.standing.values():
            server.close()
