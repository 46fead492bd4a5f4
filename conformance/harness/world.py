"""The surroundings of one running case: what the words in angle brackets stand for, and points reached."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from .certificates import Certificates

_WORD = re.compile(r"<([A-Za-z][\w:.-]*)>")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class World:
    """Names and their values, both ways; events by name. Threads of one case share it."""

    def __init__(self, certificates: Certificates, folder: Path, patience: float):
        self.certificates = certificates
        self.folder = folder
        self.patience = patience
        self.values: dict[str, str] = {}
        self._events: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self.over = threading.Event()

    def event(self, word: str) -> threading.Event:
        """The event of that name, made on first use."""
        with self._lock:
            return self._events.setdefault(word, threading.Event())

    def fill(self, text: str) -> str:
        """The text with words in angle brackets replaced; unknown ones are left as they are."""
        def value(match: re.Match) -> str:
            word = match[1]
            if word.startswith("file:"):
                return str(self.certificates.path(word[5:]))
            if word == "dir":
                return str(self.folder)
            return self.values.get(word, match[0])

        return _WORD.sub(value, text)

    def fill_bytes(self, data: bytes | str) -> bytes:
        """The same for what goes over a socket."""
        if isinstance(data, str):
            data = data.encode()
        return self.fill(data.decode("latin-1")).encode("latin-1")

    def hide(self, text: str) -> str:
        """The text with everything that differs from run to run replaced by words."""
        for name, value in sorted(self.values.items(), key=lambda item: -len(item[1])):
            if value.isdigit():
                text = re.sub(rf"(?<!\d){value}(?!\d)", f"<{name}>", text)
            else:
                text = text.replace(value, f"<{name}>")
        text = text.replace(str(self.certificates.folder), "<files>").replace(str(self.folder), "<dir>")
        return _TIME.sub("<time>", text)
