"""What Jove's sub-commands have to do with the original: its running routes are taken over, its flags are understood."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

from harness.case import TOKEN
from harness.proxy import Process, free_ports

ENVIRONMENT = {"CONFIGPROXY_AUTH_TOKEN": TOKEN}
ROUTES = {
    "/": {"target": "http://127.0.0.1:8081"},
    "/user/zoë x/a%b": {"target": "http://127.0.0.1:9001", "user": "zoë", "server_name": "", "jupyterhub": True},
    "/services/deep/er": {"target": "http://127.0.0.1:9002/base", "odd": {"list": [1, 2.5, None], "text": "\"\\\n"}},
}


@pytest.fixture
def jove(request) -> Path:
    """The command that has sub-commands, beside the one under test."""
    command = request.config.getoption("--jove-command")
    if not command or not Path(command).with_name("jove").exists():
        pytest.skip("the command under test is not Jove's")
    return Path(command).with_name("jove")


class Running:
    """A proxy with its REST API on a port of the loopback interface."""

    def __init__(self, command: str, folder: Path) -> None:
        port, api = free_ports()
        self.api = f"http://127.0.0.1:{api}"
        words = ["--ip", "127.0.0.1", "--port", port, "--api-ip", "127.0.0.1", "--api-port", api]
        self.process = Process(str(command), words, ENVIRONMENT, folder)

    def __enter__(self) -> Running:
        while not self.process.said("Proxy API at"):
            assert self.process.wait(0.05) is None, self.process.text()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.end()

    def ask(self, method: str, path: str, body: object = None) -> str:
        """The body of an answer, which has to be a good one."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, data, {"Authorization": f"token {TOKEN}"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()

    def table(self) -> dict:
        """All routes, without what depends on the time."""
        table = json.loads(self.ask("GET", "/api/routes"))
        for route in table.values():
            del route["last_activity"]
        return table


def run(jove: Path, folder: Path, *words: str) -> Process:
    """One run of a sub-command, to its end."""
    process = Process(str(jove), list(words), ENVIRONMENT, folder)
    process.wait(120)
    return process


def test_the_routes_of_the_original_are_imported(chp_command, jove, tmp_path):
    """All of them with all their fields, over chunked answers; a second run finds nothing left to do."""
    with Running(chp_command, tmp_path) as chp, Running(jove, tmp_path) as new:
        for path, data in ROUTES.items():
            # The original takes a last activity from nobody, and neither may an import try to send one.
            chp.ask("POST", "/api/routes" + urllib.request.pathname2url(path), data | {"last_activity": "2001-01-01"})
        chp_table = chp.table()
        assert chp_table == ROUTES

        first = run(jove, tmp_path, "import", "--to", new.api, chp.api)
        assert first.end() == 0, first.text()
        assert first.said(": 3 copied, 0 replaced, 0 already there, 0 failed$") == "stdout"
        assert new.table() == ROUTES
        second = run(jove, tmp_path, "import", "--to", new.api, chp.api)
        assert second.end() == 0, second.text()
        assert second.said(": 0 copied, 0 replaced, 3 already there, 0 failed$") == "stdout"


def test_targets_that_only_the_original_takes_are_told(chp_command, jove, tmp_path):
    """The rest is copied, and the exit code tells that it is not all."""
    with Running(chp_command, tmp_path) as chp, Running(jove, tmp_path) as new:
        chp.ask("POST", "/api/routes/good", {"target": "http://127.0.0.1:9001"})
        chp.ask("POST", "/api/routes/bad", {"target": "no url"})

        done = run(jove, tmp_path, "import", "--to", new.api, chp.api)
        assert done.end() == 2, done.text()
        assert done.said("^/bad: ") == "stderr"
        assert new.table() == {"/good": {"target": "http://127.0.0.1:9001"}}


def test_every_flag_of_the_original_is_understood(chp_command, jove, tmp_path):
    """As the original's own help lists them, but for those that name files."""
    text = subprocess.run([chp_command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    values = {"--custom-header": "k: v", "--default-target": "http://a", "--error-target": "http://a",
              "--storage-backend": "redis://127.0.0.1:1", "--protocol-rewrite": "https"}
    found = re.findall(r"^\s+(?:-\w, )?(--[\w-]+)( <)?", text, re.M)
    assert len(found) > 45
    words = []
    for flag, has_value in found:
        if flag in ("--version", "--help", "--error-path", "--socket", "--api-socket", "--metrics-socket",
                    "--ssl-key", "--ssl-cert", "--api-ssl-key", "--api-ssl-cert", "--redirect-port") or (
                        re.fullmatch("--.*-(ca|key|cert|dhparam)", flag)):
            continue
        words += [flag, values.get(flag, "1")] if has_value else [flag]
    done = run(jove, tmp_path, "check", "--", "configurable-http-proxy", *words)
    assert done.end() == 0, done.text()
    for word in words:
        assert not word.startswith("--") or done.said(f"^{word}[ :]") == "stdout", word
