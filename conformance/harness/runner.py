"""Running one case against one proxy: the result is the observation, as text."""

from __future__ import annotations

import re
import socket
import time

from . import case as words
from .case import Case
from .observation import Writer, shown
from .proxy import Proxy
from .upstream import DEFAULT, Server, end, reset, start
from .wire import Broken, Ended, Silent, Stream, read_answer, read_head
from .world import World

PATIENCE = 30.0
NO_ANSWER = "no answer in time"
ENDED = "the connection ended without an answer"

# A request that every proxy answers at once: proves that a connection can be used again.
_PROBES = {
    "public": "GET /_chp_healthz HTTP/1.1\r\nHost: probe\r\n\r\n",
    "api": "GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n",
    "metrics": "GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n",
    "redirect": "GET /probe HTTP/1.1\r\nHost: probe\r\n\r\n",
}


class Client:
    """The client's part of a case."""

    def __init__(self, case: Case, proxy: Proxy, world: World, writer: Writer):
        self.case, self.proxy, self.world, self.writer = case, proxy, world, writer
        self.lines: list[str] = []
        self.connection: list[str] = []
        self.listener = case.to
        self.open: list[socket.socket] = []
        self.streams: list[Stream] = []
        self.stream: Stream | None = None
        self.last = None

    def play(self) -> None:
        """Does what the case says and notes what comes back."""
        steps = self.case.talk
        if not steps:
            method = (self.case.send if isinstance(self.case.send, str) else
                      self.case.send.decode("latin-1")).split(" ")[0]
            steps = (words.Send(self.case.send), words.Answer(method))
        began = time.monotonic()
        try:
            self._connect(self.listener)
            for step in steps:
                self._step(step)
        except Silent:
            rest = self.stream.rest
            self.lines += [NO_ANSWER, *shown(rest, self.world)]
            self.last = None
        except (Ended, Broken):
            self.lines += [ENDED, *shown(self.stream.rest, self.world)]
            self.last = None
        except OSError:
            # Whether TLS fails in the handshake or with the first answer depends on its version.
            self.lines.append(ENDED if self.case.tls else "no connection")
            self.last = None
        if self.case.not_before is not None and time.monotonic() - began < self.case.not_before:
            self.lines.append(f"too early: before {self.case.not_before} s")
        if self.last is not None and isinstance(steps[-1], words.Answer) and "connection" in self.case.compare:
            self._after_the_answer()

    def _connect(self, listener: str) -> None:
        self.listener = listener
        sock = self.proxy.connect(listener, self.case.tls)
        self.open.append(sock)
        self.stream = Stream(sock)
        self.streams.append(self.stream)

    def _step(self, step) -> None:
        stream, late = self.stream, time.monotonic() + self.world.patience
        match step:
            case words.Send(data):
                try:
                    stream.send(self.world.fill_bytes(data), late)
                except Broken:
                    # The proxy may answer and close before it has read everything; the answer is what counts.
                    self.world.event("the proxy takes no more").set()
            case words.Answer(method):
                while True:
                    self.last = read_answer(stream, late, method)
                    self.lines += self.writer.answer(self.last)
                    if self.last.status == 101 or not 100 <= self.last.status < 200:
                        break
            case words.Head():
                self.last = read_head(stream, late)
                self.lines += self.writer.answer(self.last, whole=False)
            case words.Bytes(count):
                self.lines += ["bytes:", *shown(stream.exactly(count, late), self.world)]
            case words.Rest():
                data, how = stream.everything(late)
                self.lines += ["bytes:", *shown(data, self.world)] if data else []
                self.lines.append("no end" if how == "silent" else "ended")
            case words.Quiet(seconds):
                data, how = stream.everything(time.monotonic() + seconds)
                self.lines += shown(data, self.world)
                self.lines.append("quiet" if how == "silent" else "ended")
            case words.HalfClose():
                self.stream.sock.shutdown(socket.SHUT_WR)
            case words.Close():
                end(stream.sock)
            case words.Reset():
                reset(stream.sock)
            case words.Await(word):
                if not self.world.event(word).wait(self.world.patience):
                    self.lines.append(f"waited in vain: {word}")
            case words.Tell(word):
                self.world.event(word).set()
            case words.Pause(seconds):
                time.sleep(seconds)
            case words.Back():
                self.stream = self.streams[0]
            case words.Anew(listener):
                self._connect(listener or self.listener)
            case _:
                raise TypeError(step)

    def _after_the_answer(self) -> None:
        """What becomes of the connection: proved by another request, or by its end."""
        late = time.monotonic() + self.world.patience
        if self.last.keeps_open:
            try:
                self.stream.send(_PROBES[self.listener].encode(), late)
                read_answer(self.stream, late, "GET")
                self.connection.append("connection: takes another request")
            except Silent:
                self.connection.append("connection: open, but takes no other request")
            except (Ended, Broken):
                self.connection.append("connection: ended, though the answer said otherwise")
        else:
            data, how = self.stream.everything(late)
            self.connection.append("connection: left open, though the answer said otherwise" if how == "silent"
                                   else "connection: closed")
            if data:
                self.connection += ["and after the answer:", *shown(data, self.world)]

    def leave(self) -> None:
        """Closes what is still open."""
        for sock in self.open:
            end(sock)


def _targets(case: Case, world: World) -> dict[str, dict]:
    routes = {}
    for path, target in case.routes.items():
        data = dict(target) if isinstance(target, dict) else {"target": target}
        if re.fullmatch(r"[A-Z]\w*", data["target"]):
            data["target"] = f"http://127.0.0.1:<{data['target']}>"
        data["target"] = world.fill(data["target"])
        routes[world.fill(path)] = data
    return routes


def _write_files(case: Case, proxy: Proxy) -> None:
    folder = proxy.folder / "errors"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in case.given.items():
        (folder / name).write_text(text)


def _names(case: Case, proxy: Proxy) -> list[str]:
    """The upstreams of the case: those with a script, and those only named in routes."""
    named = list(case.upstreams)
    for target in case.routes.values():
        text = target["target"] if isinstance(target, dict) else target
        named += re.findall(r"<([A-Z]\w*)>", text) + re.findall(r"^[A-Z]\w*$", text)
    sent = [case.send] + [step.data for step in case.talk if isinstance(step, words.Send)]
    for data in sent:
        if data:
            text = data if isinstance(data, str) else data.decode("latin-1")
            named += re.findall(r"<([A-Z]\w*)>", text)
    return [name for name in dict.fromkeys(named) if name not in proxy.standing]


def run(case: Case, proxy: Proxy, is_chp: bool, expected: str | None) -> str:
    """Runs the case on a proxy that has been started and holds no routes but its default one."""
    patience = case.chp_patience if is_chp and case.chp_patience else PATIENCE
    world = World(proxy.certificates, proxy.folder, patience)
    world.values = dict(proxy.values)
    writer = Writer(case, world)
    servers: dict[str, Server] = {}
    client = Client(case, proxy, world, writer)
    try:
        for name, server in proxy.standing.items():
            server.serve(case.upstreams.get(name, DEFAULT), world, writer)
            servers[name] = server
        for name in _names(case, proxy):
            servers[name] = start(name, case.upstreams.get(name, DEFAULT), world, writer)
            world.values[name] = servers[name].value
        _write_files(case, proxy)
        proxy.set_routes(_targets(case, world))
        lines: list[str] = []
        if case.activity:
            lines = _activity(case, proxy, client)
        elif case.metrics:
            lines = _metrics(proxy, client, expected)
        else:
            client.play()
        # A step of an upstream may take as long as the patience allows, and began before.
        late = time.monotonic() + patience + 5
        while not all(server.settled() for server in servers.values()) and time.monotonic() < late:
            time.sleep(0.01)
        result = []
        if "answer" in case.compare:
            result += client.lines
        if "connection" in case.compare:
            result += client.connection
        if "upstreams" in case.compare:
            for name, server in sorted(servers.items()):
                for note in server.notes:
                    result += [f"{name} got: {note[0]}", *note[1:]]
        if case.table:
            result.append("table:")
            result += _table(proxy, world)
        return "\n".join(line.rstrip() for line in result + lines)
    finally:
        world.over.set()
        client.leave()
        for name, server in servers.items():
            if name in proxy.standing:
                server.drop_connections()
            else:
                server.close()


def _table(proxy: Proxy, world: World) -> list[str]:
    import json

    return [world.hide(f"  {path}: {json.dumps(data, ensure_ascii=False, sort_keys=True)}")
            for path, data in sorted(proxy.table().items())]


def _activity(case: Case, proxy: Proxy, client: Client) -> list[str]:
    """Whether the talk moved the route's activity. Another route's activity is the clock: once it has moved before and
    after the talk, the route's would have too, however coarse the proxy's clock."""
    with_marker = Server("marker")
    clock_world = World(proxy.certificates, proxy.folder, PATIENCE)
    with_marker.serve(DEFAULT, clock_world, client.writer)
    try:
        proxy.set_routes({"/the-clock": {"target": f"http://127.0.0.1:{with_marker.value}"}})

        def tick() -> None:
            before = proxy.table()["/the-clock"]["last_activity"]
            late = time.monotonic() + PATIENCE
            while proxy.table()["/the-clock"]["last_activity"] <= before:
                proxy.ask("GET", "/the-clock", listener="public")
                if time.monotonic() > late:
                    raise AssertionError("activity is never moved by an answered request")
                time.sleep(0.02)

        before = proxy.table()[case.activity]["last_activity"]
        tick()
        client.play()
        tick()
        moved = proxy.table()[case.activity]["last_activity"] > before
        return [f"activity: {'moved' if moved else 'did not move'}"]
    finally:
        with_marker.close()


_SERIES = re.compile(r"^((?:api_route_\w+|requests_\w+)(?:\{[^}]*\})?|find_target_for_req_count"
                     r"|last_activity_updating_count) (\S+)$", re.M)


def _scrape(proxy: Proxy) -> dict[str, float]:
    page = proxy.ask("GET", "/metrics", listener="metrics").body.decode()
    return {name: float(value) for name, value in _SERIES.findall(page)}


def _metrics(proxy: Proxy, client: Client, expected: str | None) -> list[str]:
    """Which series the talk moved, and by how much. A proxy with several threads may count a moment later."""
    before = _scrape(proxy)
    client.play()
    late = time.monotonic() + 30
    seen: list[str] = []
    while True:
        after = _scrape(proxy)
        last, seen = seen, [f"metrics: {name} +{value - before.get(name, 0):g}"
                            for name, value in sorted(after.items()) if value != before.get(name, 0)]
        done = all(line in expected for line in seen) and len(seen) == expected.count("metrics: ") if expected else (
            seen == last)
        if done or time.monotonic() > late:
            return seen or ["metrics: nothing moved"]
        time.sleep(0.1)
