"""Servers behind the proxy: they do exactly what a case says, byte for byte, and note what they receive."""

from __future__ import annotations

import os
import socket
import ssl
import struct
import threading
import time
from urllib.parse import quote

from . import case as words
from .observation import Writer, shown
from .wire import Broken, Ended, Silent, Stream, read_body, read_head, read_request
from .world import World

DEFAULT = words.Upstream()


def reset(sock: socket.socket) -> None:
    """Closes with RST."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def end(sock: socket.socket) -> None:
    """Closes a socket that no other thread uses."""
    hang_up(sock)
    sock.close()


def hang_up(sock: socket.socket) -> None:
    """Ends the connection of another thread, or its listening, and wakes it. Only that thread may close the socket: it
    may be on its way into a call with the number of the file, which the next socket of the process would get at once.
    TLS above all keeps the number to itself, and read what was sent to, and wrote to, the connection of another case."""
    try:
        # Not the method of a TLS socket, which would take TLS off under the other thread.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        pass


def server_context(tls: words.Tls, world: World) -> ssl.SSLContext:
    """The TLS settings of a server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(world.certificates.path(tls.cert), world.certificates.path(tls.key))
    if tls.demand:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(world.certificates.path(tls.ca))
    return context


class Server:
    """One upstream. Its listener outlives a case when flags of the proxy name its port."""

    def __init__(self, name: str, listens: bool = True, ipv6: bool = False, socket_path: str | None = None):
        self.name = name
        if socket_path:
            if os.path.exists(socket_path):
                os.unlink(socket_path)
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.bind(socket_path)
            self.value = quote(socket_path, safe="")
        else:
            self.sock = socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET)
            self.sock.bind(("::1" if ipv6 else "127.0.0.1", 0))
            self.value = str(self.sock.getsockname()[1])
        self.listens = listens
        self._lock = threading.Lock()
        self._connections: dict[int, _Connection] = {}
        self.script = DEFAULT
        self.world: World | None = None
        self.writer: Writer | None = None
        self.notes: list[list[str]] = []
        self.requests = 0
        self.accepted = 0
        if listens:
            self.sock.listen(64)
            threading.Thread(target=self._accept, daemon=True).start()

    def serve(self, script: words.Upstream, world: World, writer: Writer) -> None:
        """From now on does what this script says and notes for this case."""
        with self._lock:
            self.script, self.world, self.writer = script, world, writer
            self.notes, self.requests, self.accepted = [], 0, 0

    def note(self, lines: list[str]) -> None:
        """Adds to what was seen in this case."""
        with self._lock:
            self.notes.append(lines)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.sock.accept()
            except OSError:
                self.sock.close()
                return
            with self._lock:
                self.accepted += 1
                connection = _Connection(self, sock, self.accepted)
                self._connections[id(connection)] = connection
            threading.Thread(target=connection.run, daemon=True).start()

    def forget(self, connection: _Connection) -> None:
        """The connection is over."""
        with self._lock:
            self._connections.pop(id(connection), None)

    def settled(self) -> bool:
        """Whether no connection is in the middle of a step."""
        with self._lock:
            return all(connection.at_rest for connection in self._connections.values())

    def drop_connections(self) -> None:
        """Ends what is left of the case, not the listener."""
        with self._lock:
            left = list(self._connections.values())
        for connection in left:
            hang_up(connection.sock)

    def close(self) -> None:
        """Ends listener and connections. The threads that use their sockets close them."""
        if self.listens:
            hang_up(self.sock)
        else:
            self.sock.close()
        self.drop_connections()


class _Connection:
    """One accepted connection and the thread that plays the script on it."""

    def __init__(self, server: Server, sock: socket.socket, number: int):
        self.server = server
        self.sock = sock
        self.number = number
        self.at_rest = False
        self.half_read = None

    def run(self) -> None:
        server, script, world = self.server, self.server.script, self.server.world
        try:
            if script.tls:
                self.sock.settimeout(30)
                self.sock = server_context(script.tls, world).wrap_socket(self.sock, server_side=True)
                peer = self.sock.getpeercert()
                if peer:
                    server.note([f"a client certificate for {dict(x[0] for x in peer['subject'])['commonName']}"])
            self.stream = Stream(self.sock)
            if script.on_connect is not None and not self._play(script.on_connect):
                return
            while True:
                # Waiting for a request is rest, even when bytes that begin none have come.
                self.at_rest = True
                self._wait_for_bytes()
                message = read_head(self.stream, time.monotonic() + 60)
                self.at_rest = False
                read_body(self.stream, message, time.monotonic() + 60, bodiless=False, answer=False)
                script, world = server.script, server.world
                if world is None or world.over.is_set():
                    return
                server.note(server.writer.request(message, self.number))
                with server._lock:
                    turn, server.requests = server.requests, server.requests + 1
                replies = script.replies or (words.ok(f"this is {server.name}"),)
                reply = replies[min(turn, len(replies) - 1)]
                if not self._play(reply if isinstance(reply, tuple) else (words.Send(reply),)):
                    return
        except (Silent, Ended, Broken, OSError, ValueError):
            pass
        finally:
            self.at_rest = True
            server.forget(self)
            self.sock.close()

    def _wait_for_bytes(self) -> None:
        """Waits without a limit: a pooled connection may be idle for long."""
        if not self.stream.rest:
            self.sock.settimeout(None)
            self.stream.rest = self.sock.recv(65536)
            if not self.stream.rest:
                raise Ended

    def _hold(self) -> bool:
        self.at_rest = True
        self.server.world.over.wait()
        return False

    def _play(self, steps: tuple) -> bool:
        """Plays the steps; false when the connection is over."""
        server, world, stream = self.server, self.server.world, self.stream
        for step in steps:
            late = time.monotonic() + world.patience
            match step:
                case words.Send(data):
                    stream.send(world.fill_bytes(data), late)
                case words.Request():
                    server.note(server.writer.request(read_request(stream, late), self.number))
                case words.RequestHead():
                    self.half_read = read_head(stream, late)
                    server.note(["head: " + world.hide(self.half_read.start)])
                case words.RequestBody():
                    read_body(stream, self.half_read, late, bodiless=False, answer=False)
                    server.note(server.writer.request(self.half_read, self.number))
                case words.Bytes(count):
                    try:
                        server.note(["bytes:", *shown(stream.exactly(count, late), world)])
                    except (Silent, Ended, Broken) as problem:
                        server.note([f"bytes that never came ({type(problem).__name__.lower()})"])
                        return self._hold()
                case words.Rest():
                    data, how = stream.everything(late)
                    server.note([*(["bytes:", *shown(data, world)] if data else []),
                                 "no end" if how == "silent" else "ended"])
                    return False
                case words.Hold():
                    return self._hold()
                case words.Await(word):
                    # Longer than the client waits: when both wait in vain, it is the client that gives up first.
                    if not world.event(word).wait(world.patience + 3):
                        server.note([f"waited in vain: {word}"])
                case words.Tell(word):
                    world.event(word).set()
                case words.Pause(seconds):
                    world.over.wait(seconds)
                case words.HalfClose():
                    self.sock.shutdown(socket.SHUT_WR)
                case words.Close():
                    end(self.sock)
                    return False
                case words.Reset():
                    reset(self.sock)
                    return False
                case _:
                    raise TypeError(step)
        return True


def start(name: str, script, world: World, writer: Writer) -> Server:
    """An upstream for one case."""
    if script == words.DEAD:
        return Server(name, listens=False)
    path = os.path.join(world.folder, f"{name}.sock") if script.socket_file else None
    server = Server(name, ipv6=script.ipv6, socket_path=path)
    server.serve(script, world, writer)
    return server
