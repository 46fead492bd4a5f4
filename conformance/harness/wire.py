"""HTTP/1 as bytes on a socket: reading with a deadline, and messages as they were sent.

No HTTP library is used: a library hides exactly the things the table is about (order and case of
header fields, framing, what happens on the connection after a message).
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field


class Silent(Exception):
    """The peer sent nothing more before the deadline."""


class Ended(Exception):
    """The peer closed its side in an orderly way."""


class Broken(Exception):
    """The connection was reset."""


class Stream:
    """The bytes that arrive on one socket. Used by one thread at a time."""

    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.rest = b""

    def _fill(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Silent
        self.sock.settimeout(left)
        try:
            piece = self.sock.recv(65536)
        except TimeoutError:
            raise Silent from None
        except OSError as problem:
            # A TLS peer that leaves without its closing alert looks like an end, not like a reset.
            if type(problem).__name__ in ("SSLEOFError", "SSLZeroReturnError"):
                raise Ended from None
            raise Broken from None
        if not piece:
            raise Ended
        self.rest += piece

    def until(self, mark: bytes, deadline: float) -> bytes:
        """Everything up to and including the mark."""
        searched = 0
        while True:
            found = self.rest.find(mark, max(0, searched - len(mark)))
            if found >= 0:
                taken, self.rest = self.rest[: found + len(mark)], self.rest[found + len(mark) :]
                return taken
            searched = len(self.rest)
            self._fill(deadline)

    def exactly(self, count: int, deadline: float) -> bytes:
        """So many bytes, no fewer."""
        while len(self.rest) < count:
            self._fill(deadline)
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken

    def everything(self, deadline: float) -> tuple[bytes, str]:
        """All bytes up to the end of the stream, and how it ended: closed, reset or silent."""
        try:
            while True:
                self._fill(deadline)
        except Ended:
            how = "closed"
        except Broken:
            how = "reset"
        except Silent:
            how = "silent"
        taken, self.rest = self.rest, b""
        return taken, how

    def send(self, data: bytes, deadline: float) -> None:
        """Sends all bytes; raises Broken when the peer no longer takes them."""
        self.sock.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            self.sock.sendall(data)
        except TimeoutError:
            raise Silent from None
        except OSError:
            raise Broken from None


@dataclass
class Message:
    """One request or one answer as it came over the wire."""

    start: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    framing: str = "no body"
    body: bytes = b""
    trailers: list[tuple[str, str]] = field(default_factory=list)
    damage: str = ""

    def values(self, name: str) -> list[str]:
        """All values of a field, whatever the case of its name."""
        return [value for key, value in self.fields if key.lower() == name]

    @property
    def status(self) -> int:
        """The status code of an answer; 0 when the status line holds none."""
        words = self.start.split(" ")
        return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0

    @property
    def keeps_open(self) -> bool:
        """Whether the sender says that the connection can carry another message."""
        said = ",".join(self.values("connection")).lower()
        if self.framing == "until close" or "close" in said:
            return False
        return not self.start.startswith("HTTP/1.0") or "keep-alive" in said


def _fields(block: str) -> list[tuple[str, str]]:
    result = []
    for line in block.split("\r\n"):
        if line:
            name, _, value = line.partition(":")
            result.append((name, value.strip(" \t")))
    return result


def read_head(stream: Stream, deadline: float) -> Message:
    """A start line and its header fields."""
    head = stream.until(b"\r\n\r\n", deadline).decode("latin-1")
    start, _, block = head.partition("\r\n")
    return Message(start, _fields(block))


def read_body(stream: Stream, message: Message, deadline: float, bodiless: bool, answer: bool) -> None:
    """Reads the body that the head announces. What is missing is told in the message's damage."""
    coding = ",".join(message.values("transfer-encoding")).lower()
    lengths = message.values("content-length")
    if bodiless:
        message.framing = "no body"
        return
    try:
        if coding.endswith("chunked"):
            message.framing = "chunked"
            while True:
                size = int(stream.until(b"\r\n", deadline).split(b";")[0], 16)
                if size == 0:
                    break
                while size:
                    piece = stream.exactly(min(size, max(1, len(stream.rest))), deadline)
                    message.body += piece
                    size -= len(piece)
                stream.exactly(2, deadline)
            while (line := stream.until(b"\r\n", deadline)) != b"\r\n":
                message.trailers += _fields(line.decode("latin-1"))
        elif lengths:
            message.framing = f"length {lengths[0]}"
            size = int(lengths[0])
            while size:
                piece = stream.exactly(min(size, max(1, len(stream.rest))), deadline)
                message.body += piece
                size -= len(piece)
        elif answer:
            message.framing = "until close"
            message.body, how = stream.everything(deadline)
            if how != "closed":
                message.damage = how
    except Ended:
        message.damage = "closed"
    except Broken:
        message.damage = "reset"
    except Silent:
        message.damage = "silent"


def read_request(stream: Stream, deadline: float) -> Message:
    """A whole request."""
    message = read_head(stream, deadline)
    read_body(stream, message, deadline, bodiless=False, answer=False)
    return message


def read_answer(stream: Stream, deadline: float, method: str) -> Message:
    """A whole answer to a request of that method; an interim answer and a 101 have no body."""
    message = read_head(stream, deadline)
    bodiless = method == "HEAD" or message.status in (204, 304) or 100 <= message.status < 200
    read_body(stream, message, deadline, bodiless=bodiless, answer=True)
    return message
