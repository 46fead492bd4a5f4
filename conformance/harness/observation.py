"""Writing down what was seen, so that two proxies, and a proxy and a record, can be compared as text."""

from __future__ import annotations

import hashlib
import json
import re

from .case import Case
from .wire import Message
from .world import World

# Said by the framing line, or without a meaning for the receiver, or a hint that a proxy may add to its own answers.
_NOT_END_TO_END = {"date", "keep-alive", "connection", "transfer-encoding", "content-length", "proxy-connection", "te",
                   "trailer"}
_HINTS = re.compile(r"retry-after$|x-jove-")


def shown(data: bytes, world: World) -> list[str]:
    """Bytes as lines of text; long ones by size and digest."""
    if not data:
        return []
    if len(data) > 600:
        return [f"  | {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:16]}"]
    text = data.decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
    return [f"  | {line}" for line in world.hide(text).split("\n")]


def shown_json(data: bytes, world: World) -> list[str]:
    """A JSON body as its value, whatever the order of keys."""
    if not data:
        return []
    try:
        value = json.loads(data)
    except ValueError:
        return shown(data, world)
    if isinstance(value, dict) and value and all(isinstance(v, dict) for v in value.values()):
        lines = [f"  | {json.dumps(k, ensure_ascii=False)}: {json.dumps(v, ensure_ascii=False, sort_keys=True)}"
                 for k, v in sorted(value.items())]
    else:
        lines = [f"  | {json.dumps(value, ensure_ascii=False, sort_keys=True)}"]
    return [world.hide(line) for line in lines]


def shown_metrics(data: bytes) -> list[str]:
    """Of a metrics page: types and label names of CHP's own series, and which process series there are."""
    text = data.decode()
    own = r"(api_route_\w+|find_target_for_req|last_activity_updating|requests_\w+)"
    lines = {match[0] for match in re.finditer(rf"^# TYPE {own} \w+$", text, re.M)}
    for match in re.finditer(rf"^{own}(?:_sum|_count)?(?:\{{[^}}]*\}})? \S+$", text, re.M):
        lines.add(match[0].rpartition(" ")[0])
    lines |= {f"{name} is there" for name in ("process_cpu_seconds_total", "process_start_time_seconds",
                                              "process_resident_memory_bytes", "process_open_fds", "process_max_fds")
              if re.search(rf"^{name} ", text, re.M)}
    return [f"  | {line}" for line in sorted(lines)]


def shortened(text: str) -> str:
    """A long value by size and digest."""
    if len(text) <= 400:
        return text
    return f"{text[:20]}… {len(text)} characters, sha256 {hashlib.sha256(text.encode()).hexdigest()[:16]}"


class Writer:
    """Turns messages into lines, as the case wants them compared."""

    def __init__(self, case: Case, world: World):
        self.case = case
        self.world = world

    def _name(self, name: str) -> str:
        return name if self.case.keep_case else name.lower()

    def _value(self, value: str) -> str:
        return shortened(self.world.hide(value))

    def answer(self, message: Message, whole: bool = True) -> list[str]:
        """An answer as the client saw it. Without `whole` only the head was read."""
        case = self.case
        start = message.start.removeprefix("HTTP/1.1 ").removeprefix("HTTP/1.0 ")
        lines = [f"answer: {self._value(start)}"]
        for name, value in message.fields:
            key = name.lower()
            wanted = key in case.fields if case.fields is not None else (
                key not in _NOT_END_TO_END and not _HINTS.match(key))
            if wanted:
                lines.append(f"  {self._name(name)}: {self._value(value)}")
        if not whole or 100 <= message.status < 200:
            return lines
        framing = message.framing
        if framing == "no body" and message.values("content-length"):
            framing = f"no body, content-length {message.values('content-length')[0]}"
        told = [framing] if case.framing else []
        if "connection" in case.compare:
            told.append("stays open" if message.keeps_open else "will close")
        if told:
            lines.append(f"  [{'; '.join(told)}]")
        lines += self._body(message)
        lines += [f"  trailer {self._name(name)}: {self._value(value)}" for name, value in message.trailers]
        if message.damage:
            lines.append({"silent": "  broken off: nothing more came, and no end"}.get(
                message.damage, "  broken off: the connection ended"))
        return lines

    def _body(self, message: Message) -> list[str]:
        kind = self.case.body
        if kind == "none":
            return []
        if kind == "json":
            return shown_json(message.body, self.world)
        if kind == "metrics":
            return shown_metrics(message.body)
        if kind == "page":
            page = message.body.lower()
            html = ",".join(message.values("content-type")).startswith("text/html")
            if html and page.lstrip().startswith(b"<!doctype html") and b"</html>" in page:
                return ["  | a built-in page"]
        return shown(message.body, self.world)

    def request(self, message: Message, connection: int) -> list[str]:
        """A request as an upstream received it."""
        case = self.case
        lines = [self._value(message.start) + (f"  (connection {connection})" if case.count_connections else "")]
        for name, value in message.fields:
            key = name.lower()
            wanted = key in case.request_fields if case.request_fields is not None else key not in _NOT_END_TO_END
            if wanted or key in case.hop_fields:
                lines.append(f"  {self._name(name)}: {self._value(value)}")
        lines.append(f"  [{message.framing}]")
        lines += shown(message.body, self.world)
        lines += [f"  trailer {self._name(name)}: {self._value(value)}" for name, value in message.trailers]
        if message.damage:
            lines.append("  broken off")
        return lines
