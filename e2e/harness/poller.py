"""Pages that ask their server all the time, whatever happens to the proxy in between."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from requests.cookies import get_cookie_header

from harness.person import Person
from harness.waiting import wait_until

_PAUSE_SECONDS = 0.03
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """What came back for one request; no status where nobody answered."""

    url: str
    asked_at: float
    ended_at: float
    status: int | None
    location: str = ""


class Poller:
    """Asks for one page of a person's server, each time once and by a new connection. Used as a context manager."""

    def __init__(self, person: Person, path: str) -> None:
        self._url = f"{person.server_url}/{path}"
        cookies = get_cookie_header(person.session.cookies, requests.Request("GET", self._url).prepare())
        self._headers = {"Cookie": cookies, "Connection": "close"}
        self._answers: list[Answer] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._poll, name=f"poll {path}", daemon=True)

    def __enter__(self) -> Poller:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _poll(self) -> None:
        while not self._stopped.wait(_PAUSE_SECONDS):
            answer = self._ask()
            with self._lock:
                self._answers.append(answer)

    def _ask(self) -> Answer:
        asked_at = time.monotonic()
        address = urlsplit(self._url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=_PATIENCE_SECONDS)
        try:
            connection.request("GET", address.path, headers=self._headers)
            response = connection.getresponse()
            response.read()
            return Answer(self._url, asked_at, time.monotonic(), response.status, response.headers.get("Location", ""))
        except (OSError, http.client.HTTPException):
            return Answer(self._url, asked_at, time.monotonic(), None)
        finally:
            connection.close()

    def since(self, moment: float) -> list[Answer]:
        """What came of everything that was asked since then."""
        with self._lock:
            return [answer for answer in self._answers if answer.asked_at >= moment]

    def answered_since(self, moment: float) -> list[Answer]:
        return [answer for answer in self.since(moment) if answer.status is not None]

    def wait_for_silence(self, moment: float) -> None:
        """Returns when some requests since then were not answered."""
        wait_until(f"nobody answers {self._url}",
                   lambda: len(self.since(moment)) - len(self.answered_since(moment)) >= 3)

    def wait_for_answers(self, moment: float, number: int) -> None:
        """Returns when so many requests since then were answered, however."""
        wait_until(f"{self._url} is answered", lambda: len(self.answered_since(moment)) >= number)
