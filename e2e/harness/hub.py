"""A real JupyterHub whose servers are real JupyterLabs, all run by the operating system's one user."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import ssl
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import requests

from harness import transport
from harness.command import E2E_ROOT, HUB6_PYTHON, OUTPUT_ROOT, proxy_command
from harness.ports import free_port
from harness.processes import MARK, ManagedProcess
from harness.waiting import wait_until

PASSWORD = "correct horse battery staple"

_NOT_YET = (OSError, requests.RequestException)


@dataclass
class HubSetup:
    """Everything that differs between the hubs of the tests."""

    name: str
    base_path: str = "/"
    # Set: users are reached under their own host names below this domain.
    domain: str | None = None
    # Proxy and API listen on unix sockets in this folder, whose path must be short.
    sockets_in: Path | None = None
    internal_ssl: bool = False
    # The proxy is started by somebody else, who listens on these ports and knows this token.
    external_proxy: ExternalProxy | None = None
    more_config: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ExternalProxy:
    """Where a proxy listens that the hub did not start."""

    port: int
    api_port: int
    hub_port: int
    token: str


class RealHub:
    """One hub, its folder, and the addresses of everything that belongs to it. Used as a context manager."""

    def __init__(self, setup: HubSetup) -> None:
        self.setup = setup
        self.folder = OUTPUT_ROOT / setup.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.homes = self.folder / "homes"
        self.admin_token = secrets.token_hex(16)
        external = setup.external_proxy
        self.port = external.port if external else free_port()
        self.api_port = external.api_port if external else free_port()
        self.hub_port = external.hub_port if external else free_port()
        self.config_file = self.folder / "jupyterhub_config.py"
        self._certificates: dict[str, Path] = {}
        if setup.internal_ssl:
            self._certificates = _public_certificate(self.folder / "public-certificate")
        self.transport = self._make_transport()
        self._process: ManagedProcess | None = None
        self._mark = uuid.uuid4().hex
        # Kernels talk over unix sockets in here, since their ports might be taken before they listen on them;
        # the kernel allows only a short path.
        self._runtime = Path(tempfile.mkdtemp(prefix="e2e-"))

    # Addresses

    @property
    def origin(self) -> str:
        """Scheme, host and port as people type them."""
        if self.setup.sockets_in is not None:
            return "http://hub.example"
        scheme = "https" if self.setup.internal_ssl else "http"
        return f"{scheme}://{self.setup.domain or '127.0.0.1'}:{self.port}"

    @property
    def hub_url(self) -> str:
        """The public address of the hub itself, without a slash at the end."""
        return f"{self.origin}{self.setup.base_path}hub"

    def user_url(self, name: str) -> str:
        """The public address of a user's default server, without a slash at the end."""
        escaped = quote(name, safe="@~")
        origin = urlsplit(self.origin)
        host = f"{escaped}.{origin.netloc}" if self.setup.domain else origin.netloc
        return f"{origin.scheme}://{host}{self.setup.base_path}user/{escaped}"

    def home_of(self, name: str) -> Path:
        return self.homes / name

    # Life

    def __enter__(self) -> RealHub:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts the hub and returns when its own pages come through the proxy."""
        self.homes.mkdir(exist_ok=True)
        self.config_file.write_text("\n".join(self._config()) + "\n")
        self._process = ManagedProcess(
            "hub", [str(HUB6_PYTHON), "-m", "jupyterhub", "-f", str(self.config_file)], self.folder, self._environment())
        self.wait_until_up()
        self._up_at = time.monotonic()

    def wait_until_up(self) -> None:
        session = self.transport.session()

        def healthy() -> bool:
            self._process.check_running()
            return session.get(f"{self.hub_url}/health").status_code == 200

        wait_until("the hub answers through the proxy", healthy, ignoring=_NOT_YET)

    def stop(self) -> None:
        """Ends the hub, its servers and the proxy it started; also what an earlier crash left running."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        shutil.rmtree(self._runtime, ignore_errors=True)

    def crash(self) -> None:
        """Kills the hub's process alone; user servers and an external proxy go on."""
        self._process.kill()

    @property
    def pid(self) -> int:
        return self._process.pid

    # The hub's proxy process

    def proxy_process(self) -> psutil.Process:
        """The proxy that this hub started and has not replaced, by the pid in the hub's own pid file."""
        pid_file = self.folder / "proxy.pid"

        def own_running_proxy() -> psutil.Process | None:
            process = psutil.Process(int(pid_file.read_text()))
            ours = process.ppid() == self._process.pid and process.status() != psutil.STATUS_ZOMBIE
            return process if ours else None

        return wait_until("the hub runs a proxy", own_running_proxy,
                          ignoring=(FileNotFoundError, ValueError, psutil.NoSuchProcess))

    def wait_for_another_proxy(self, killed: psutil.Process) -> None:
        """Returns when the hub has replaced the proxy that was killed and is reached through the new one."""
        wait_until("the hub starts another proxy", lambda: self.proxy_process().pid != killed.pid)
        self.wait_until_up()

    def routes(self) -> dict[str, dict]:
        """The proxy's table as the hub reads it."""
        return self._as_admin("GET", "proxy").json()

    def check_routes(self) -> None:
        """Has the hub look at the proxy's table now and repair it."""
        self._as_admin("POST", "proxy")

    def looks(self) -> int:
        """How often the hub has compared the proxy's table with its own. Wants `authenticate_prometheus = False`."""
        answer = self.transport.session().get(f"{self.hub_url}/metrics")
        answer.raise_for_status()
        return int(float(re.search(r"^jupyterhub_check_routes_duration_seconds_count (\S+)", answer.text, re.M).group(1)))

    def wait_until_no_look_is_near(self, interval: float, seconds: float) -> None:
        """Returns when the next look that the hub takes by itself, each `interval` since its start, is `seconds` away."""
        if interval - (time.monotonic() - self._up_at) % interval >= seconds:
            return
        looks = self.looks()
        wait_until("the hub looks at the proxy's table by itself", lambda: self.looks() > looks)

    def server_pid(self, name: str) -> int:
        """The pid of a user's default server."""
        return self.servers(name)[""]["state"]["pid"]

    def servers(self, name: str) -> dict[str, dict]:
        """What the hub says about each running server of a user, by its name; the default server has none."""
        return self._as_admin("GET", f"users/{quote(name)}").json()["servers"]

    def last_activity(self, name: str) -> str | None:
        return self._as_admin("GET", f"users/{quote(name)}").json()["last_activity"]

    def _as_admin(self, method: str, path: str) -> requests.Response:
        response = self.transport.session().request(
            method, f"{self.hub_url}/api/{path}", headers={"Authorization": f"token {self.admin_token}"})
        response.raise_for_status()
        return response

    # Configuration

    def _make_transport(self) -> transport.Transport:
        if self.setup.sockets_in is not None:
            return transport.Transport(transport.unix(self.setup.sockets_in / "public.sock"))
        return transport.Transport(transport.tcp(self.port), self._certificates.get("ca"))

    def _environment(self) -> dict[str, str]:
        env = {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": f"{HUB6_PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
            "SHELL": "/bin/sh",
            MARK: self._mark,
        }
        # What a Java or Node command may need to be found or to start.
        kept = ("JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "NODE_PATH", "TMPDIR")
        env.update({key: os.environ[key] for key in kept if key in os.environ})
        env.update({key: value for key, value in os.environ.items() if key.startswith("JOVE_")})
        if self.setup.external_proxy is not None:
            env["CONFIGPROXY_AUTH_TOKEN"] = self.setup.external_proxy.token
        return env

    def _config(self) -> list[str]:
        external = self.setup.external_proxy
        lines = [
            "c = get_config()",
            f"c.JupyterHub.hub_bind_url = '{'https' if self.setup.internal_ssl else 'http'}://127.0.0.1:{self.hub_port}'",
            "c.JupyterHub.authenticator_class = 'dummy'",
            f"c.DummyAuthenticator.password = {PASSWORD!r}",
            "c.Authenticator.allow_all = True",
            f"c.JupyterHub.db_url = 'sqlite:///{self.folder}/hub.sqlite'",
            f"c.JupyterHub.cookie_secret_file = '{self.folder}/cookie_secret'",
            # The hub stores no proxy, so a new one is asked for its table as often as this.
            "c.JupyterHub.last_activity_interval = 2",
            "c.JupyterHub.shutdown_on_logout = False",
            f"c.JupyterHub.services = [{{'name': 'e2e', 'api_token': '{self.admin_token}'}}]",
            "c.JupyterHub.load_roles = [{'name': 'e2e', 'services': ['e2e'],"
            " 'scopes': ['admin:users', 'admin:servers', 'admin:server_state', 'proxy']}]",
            f"import sys; sys.path.insert(0, {str(E2E_ROOT)!r})",
            "from harness.spawner import SafePortSpawner",
            "c.JupyterHub.spawner_class = SafePortSpawner",
            f"c.SimpleLocalProcessSpawner.home_dir_template = '{self.homes}/{{username}}'",
            f"c.Spawner.cmd = ['{HUB6_PYTHON}', '-m', 'jupyterhub.singleuser']",
            # Nothing of a server may look for anything outside this machine.
            "c.Spawner.args = ['--allow-root', '--KernelManager.transport=ipc', '--LabApp.news_url=None', '--LabApp.extension_manager=readonly',"
            " '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate']",
            f"c.Spawner.environment = {{'SHELL': '/bin/sh', 'JUPYTER_PREFER_ENV_PATH': '1', '{MARK}': '{self._mark}',"
            f" 'JUPYTER_RUNTIME_DIR': lambda spawner: '{self._runtime}/' + str(spawner.user.id)}}",
            "c.Spawner.start_timeout = 180",
            "c.Spawner.http_timeout = 60",
            "c.JupyterHub.tornado_settings = {'slow_spawn_timeout': 0}",
        ]
        if self.setup.sockets_in is not None:
            public = quote(str(self.setup.sockets_in / "public.sock"), safe="")
            api = quote(str(self.setup.sockets_in / "api.sock"), safe="")
            lines += [
                f"c.JupyterHub.bind_url = 'http+unix://{public}{self.setup.base_path}'",
                f"c.ConfigurableHTTPProxy.api_url = 'http+unix://{api}'",
            ]
        else:
            public_scheme = api_scheme = "https" if self.setup.internal_ssl else "http"
            lines += [
                f"c.JupyterHub.bind_url = '{public_scheme}://127.0.0.1:{self.port}{self.setup.base_path}'",
                f"c.ConfigurableHTTPProxy.api_url = '{api_scheme}://127.0.0.1:{self.api_port}'",
            ]
        if external is not None:
            lines.append("c.ConfigurableHTTPProxy.should_start = False")
        else:
            lines += [
                f"c.ConfigurableHTTPProxy.command = {proxy_command()!r}",
                f"c.ConfigurableHTTPProxy.pid_file = '{self.folder}/proxy.pid'",
                "c.ConfigurableHTTPProxy.check_running_interval = 1",
                "c.ConfigurableHTTPProxy.debug = True",
            ]
        if self.setup.domain is not None:
            lines.append(f"c.JupyterHub.subdomain_host = 'http://{self.setup.domain}:{self.port}'")
        if self.setup.internal_ssl:
            lines += [
                "c.JupyterHub.internal_ssl = True",
                f"c.JupyterHub.internal_certs_location = '{self.folder}/internal-ssl'",
                f"c.JupyterHub.ssl_key = '{self._certificates['key']}'",
                f"c.JupyterHub.ssl_cert = '{self._certificates['cert']}'",
            ]
        return lines + self.setup.more_config


def _public_certificate(folder: Path) -> dict[str, Path]:
    """Makes a certificate for 127.0.0.1 and the authority that signed it."""
    from certipy import Certipy

    certipy = Certipy(store_dir=str(folder))
    certipy.create_ca("authority", overwrite=True)
    pair = certipy.create_signed_pair("public", "authority", alt_names=["IP:127.0.0.1"], overwrite=True)
    files = {role: Path(path) for role, path in pair["files"].items()}
    ssl.create_default_context(cafile=files["ca"])
    return files
