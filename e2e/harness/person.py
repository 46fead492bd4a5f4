"""A person who uses a hub as a browser does: with cookies, XSRF tokens, redirects and websockets."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import random
import re
import uuid
from urllib.parse import quote, urlsplit

import requests
import websocket

from harness.hub import PASSWORD, RealHub
from harness.waiting import GaveUp, PATIENCE_SECONDS, wait_until

_FORM_TOKEN = re.compile(r'name="_xsrf"\s+value="([^"]*)"')


class Person:
    """One browser session of one user."""

    def __init__(self, hub: RealHub, name: str) -> None:
        self.hub = hub
        self.name = name
        self.session = hub.transport.session()
        self.server_url = hub.user_url(name)
        self._hub_api_user = f"{hub.hub_url}/api/users/{quote(name, safe='@~')}"

    # Signing in and starting a server

    def log_in(self) -> None:
        """Fills in the login form and ends on the hub's home page."""
        login = f"{self.hub.hub_url}/login?next={quote(urlsplit(self.hub.hub_url).path + '/home')}"
        form = _ok(self.session.get(login))
        token = html.unescape(_FORM_TOKEN.search(form.text).group(1))
        home = _ok(self.session.post(login, data={"username": self.name, "password": PASSWORD, "_xsrf": token}))
        assert urlsplit(home.url).path.endswith("/hub/home"), f"{self.name}: login ended on {home.url}"
        assert self.session.cookies, f"{self.name}: no cookies after the login"

    def spawn(self) -> None:
        """Asks for a server, follows its progress as the waiting page does, and opens its first page."""
        # A Jupyter server hangs while it starts now and then, which the hub sees without the proxy and people try again.
        for attempt in range(3):
            pending = _ok(self.session.get(f"{self.hub.hub_url}/spawn"))
            assert "/hub/spawn-pending/" in pending.url, f"{self.name}: spawn ended on {pending.url}"
            failure = self._follow_progress()
            if failure is None:
                break
            print(f"{self.name}: attempt {attempt + 1}: {failure}")
            assert "didn't respond" in failure, f"{self.name}: the spawn failed: {failure}"
        assert failure is None, f"{self.name}: no server after three attempts"
        lab = _ok(self.session.get(f"{self.server_url}/lab"))
        # Reaching it takes the hub's OAuth pages and back, all through the proxy.
        assert lab.url.startswith(f"{self.server_url}/lab"), f"{self.name}: the server's page ended on {lab.url}"
        assert 'id="jupyter-config-data"' in lab.text, f"{self.name}: this is no JupyterLab:\n{lab.text[:2000]}"

    def _follow_progress(self) -> str | None:
        """Reads the server-sent events of the spawn until the server is ready; returns why when it will not be."""
        events = []
        with self.session.get(f"{self._hub_api_user}/server/progress", stream=True,
                              params={"_xsrf": self._xsrf_for(self.hub.hub_url)}) as stream:
            _ok(stream)
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            for line in stream.iter_lines():
                if not line.startswith(b"data:"):
                    continue
                events.append(json.loads(line.removeprefix(b"data:")))
                if events[-1].get("ready"):
                    return None
                if events[-1].get("failed"):
                    return events[-1]["message"]
        raise AssertionError(f"{self.name}: the progress ended before the server was ready: {events}")

    def stop_server(self) -> None:
        """Stops the server; afterwards its address leads to the hub."""
        response = self.session.delete(
            f"{self._hub_api_user}/server", headers={"X-XSRFToken": self._xsrf_for(self.hub.hub_url)})
        assert response.status_code in (202, 204), f"{self.name}: stop answered {_describe(response)}"
        wait_until(f"{self.name}'s server is gone", lambda: self.hub_model()["servers"] == {})
        answer = self.session.get(f"{self.server_url}/api/status", allow_redirects=True)
        assert answer.status_code == 424, f"{self.name}: a stopped server answered {_describe(answer)}"

    def hub_model(self) -> dict:
        """What the hub says about this user."""
        return _ok(self.session.get(
            self._hub_api_user, headers={"X-XSRFToken": self._xsrf_for(self.hub.hub_url)})).json()

    # Files

    def upload(self, file_name: str, content: bytes) -> None:
        body = {"type": "file", "format": "base64", "content": base64.b64encode(content).decode()}
        answer = self._server("PUT", f"api/contents/{quote(file_name)}", json=body)
        assert answer.status_code == 201, f"{self.name}: upload answered {_describe(answer)}"

    def download(self, file_name: str) -> bytes:
        """Gets the file as the browser's download does, piece by piece."""
        with self._server("GET", f"files/{quote(file_name)}", stream=True) as answer:
            return b"".join(_ok(answer).iter_content(1 << 16))

    def download_as_json(self, file_name: str) -> bytes:
        """Gets the file as the contents API gives it: one large JSON document."""
        model = _ok(self._server("GET", f"api/contents/{quote(file_name)}?type=file&format=base64&content=1")).json()
        return base64.b64decode(model["content"])

    def file_round_trip(self, size: int) -> None:
        """Uploads and downloads one file both ways and compares what arrived, on disk as well."""
        file_name = f"Messwerte ü +{size}.bin"
        content = random.Random(self.name).randbytes(size)
        expected = hashlib.sha256(content).hexdigest()
        self.upload(file_name, content)
        on_disk = (self.hub.home_of(self.name) / file_name).read_bytes()
        arrived = {
            "on disk": on_disk,
            "downloaded": self.download(file_name),
            "from the contents API": self.download_as_json(file_name),
        }
        for where, data in arrived.items():
            assert len(data) == size, f"{self.name}: {len(data)} bytes {where}, {size} sent"
            assert hashlib.sha256(data).hexdigest() == expected, f"{self.name}: other content {where}"

    # Kernels and terminals

    def start_kernel(self) -> Kernel:
        model = _ok(self._server("POST", "api/kernels", json={"name": "python3"})).json()
        return Kernel(self, model["id"])

    def terminal_echo(self) -> None:
        """Opens a terminal and reads back what a command in it prints."""
        name = _ok(self._server("POST", "api/terminals")).json()["name"]
        terminal = self.websocket(f"terminals/websocket/{name}")
        try:
            # The shell computes the number, so that the echo of the typed line cannot be taken for the answer.
            terminal.send(json.dumps(["stdin", "echo terminal-$((6*7))\r"]))
            seen = ""
            while "terminal-42" not in seen:
                kind, *payload = json.loads(terminal.recv())
                if kind == "stdout":
                    seen += payload[0]
        finally:
            terminal.close()

    def server_answers(self) -> bool:
        """Tells whether this session gets through to the user's own server."""
        return self._server("GET", "api/status", allow_redirects=False).status_code == 200

    def wait_until_through_again(self) -> None:
        """Returns when the server answers this session, as it did before something broke in between."""
        wait_until(f"{self.name} gets through again", self.server_answers, ignoring=(requests.RequestException,))

    def websocket(self, path: str) -> websocket.WebSocket:
        return self.hub.transport.websocket(f"{self.server_url}/{path}", self.session)

    def _server(self, method: str, path: str, **options: object) -> requests.Response:
        return self.session.request(
            method, f"{self.server_url}/{path}",
            headers={"X-XSRFToken": self._xsrf_for(self.server_url)}, **options)

    def _xsrf_for(self, url: str) -> str:
        """The XSRF cookie that a page at this address would read: of several, the one with the longest path."""
        path = urlsplit(url).path + "/"
        host = urlsplit(url).hostname
        candidates = [
            cookie for cookie in self.session.cookies
            if cookie.name == "_xsrf" and path.startswith(cookie.path)
            and (host == cookie.domain or host + ".local" == cookie.domain or host.endswith(cookie.domain))
        ]
        assert candidates, f"{self.name}: no XSRF cookie for {url}, only {list(self.session.cookies)}"
        return max(candidates, key=lambda cookie: len(cookie.path)).value


class Kernel:
    """A running kernel of a person's server, spoken to over one websocket at a time."""

    def __init__(self, person: Person, kernel_id: str) -> None:
        self._person = person
        self._path = f"api/kernels/{kernel_id}/channels"
        self._session_id = uuid.uuid4().hex
        self.connect()

    def connect(self) -> None:
        self._socket = self._person.websocket(f"{self._path}?session_id={self._session_id}")

    def close(self) -> None:
        self._socket.close()

    def run(self, code: str) -> str:
        """Runs code and returns what it printed."""
        request = self._execute_request(code)
        self._socket.send(json.dumps(request))
        printed = ""
        while True:
            message = json.loads(self._socket.recv())
            if message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                printed += content["text"]
            elif kind == "error":
                raise AssertionError(f"{self._person.name}: {code!r} raised {content['ename']}: {content['evalue']}")
            elif kind == "status" and content["execution_state"] == "idle":
                return printed.strip()

    def wait_until_cut(self) -> None:
        """Reads until the connection breaks, which it must."""
        self._socket.settimeout(PATIENCE_SECONDS)
        try:
            while self._socket.recv():
                pass
        except websocket.WebSocketTimeoutException:
            raise GaveUp(f"{self._person.name}: the websocket outlived its proxy") from None
        except (OSError, websocket.WebSocketException):
            pass

    def _execute_request(self, code: str) -> dict:
        return {
            "header": {"msg_id": uuid.uuid4().hex, "username": self._person.name, "session": self._session_id,
                       "msg_type": "execute_request", "version": "5.3"},
            "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                        "allow_stdin": False, "stop_on_error": True},
        }


def _ok(response: requests.Response) -> requests.Response:
    assert response.ok, _describe(response)
    return response


def _describe(response: requests.Response) -> str:
    return f"{response.request.method} {response.url}: {response.status_code} {response.text[:1000]}"
