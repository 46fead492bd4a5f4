"""The words a case is written in. A case is data: nothing here opens a socket.

In flags, routes, requests and replies a word in angle brackets stands for something known only when the case runs:
``<A>`` is the port of the upstream called A, ``<public>``, ``<api>``, ``<metrics>`` and ``<redirect>`` are ports of the
proxy, ``<file:server.key>`` is a certificate file, ``<dir>`` a folder of the proxy's own. Observations use the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

TOKEN = "a-token-for-the-table"


# ---- what a client or an upstream does on one connection, step by step

@dataclass(frozen=True)
class Send:
    """Send these bytes."""
    data: bytes | str


@dataclass(frozen=True)
class Answer:
    """Client: read one whole answer and note it. The method decides whether a body is due."""
    to: str = "GET"


@dataclass(frozen=True)
class Head:
    """Client: read the head of an answer only and note it."""


@dataclass(frozen=True)
class Request:
    """Upstream: read one whole request and note it."""


@dataclass(frozen=True)
class RequestHead:
    """Upstream: read the head of a request and note it; its body comes with RequestBody."""


@dataclass(frozen=True)
class RequestBody:
    """Upstream: read the body of the request whose head was read before."""


@dataclass(frozen=True)
class Bytes:
    """Read exactly so many bytes and note them."""
    count: int


@dataclass(frozen=True)
class Rest:
    """Read up to the end of the stream; note the bytes and how it ended."""


@dataclass(frozen=True)
class Hold:
    """Upstream: keep the connection until the case is over."""


@dataclass(frozen=True)
class HalfClose:
    """Send FIN, go on reading."""


@dataclass(frozen=True)
class Close:
    """Close the connection in an orderly way."""


@dataclass(frozen=True)
class Reset:
    """Close the connection with RST."""


@dataclass(frozen=True)
class Tell:
    """Let the other side know that this point is reached."""
    word: str


@dataclass(frozen=True)
class Await:
    """Wait until the other side has reached that point; note it if it never does."""
    word: str


@dataclass(frozen=True)
class Quiet:
    """Client: note that nothing comes and the connection stays, for as long as given."""
    seconds: float


@dataclass(frozen=True)
class Pause:
    """Let time pass. Only where a time limit is the thing that is tested."""
    seconds: float


@dataclass(frozen=True)
class Anew:
    """Client: leave this connection as it is and go on with a new one, to the same listener unless another is given."""
    to: str | None = None


@dataclass(frozen=True)
class Back:
    """Client: go on with the first connection."""


# ---- the other end

@dataclass(frozen=True)
class Upstream:
    """What a server behind the proxy does.

    ``replies`` holds, for the first, second, ... request, either the bytes of an answer or steps; the last one is used
    for all requests that follow. ``on_connect`` are steps done instead, from the accept on.
    """
    replies: tuple = ()
    on_connect: tuple | None = None
    tls: Tls | None = None
    socket_file: bool = False
    ipv6: bool = False


DEAD = "dead"
"""An upstream of this value has a port on which nothing listens."""


@dataclass(frozen=True)
class Tls:
    """One side's TLS settings: file names of harness/certificates.py, and for a server whether it wants a certificate."""
    cert: str | None = None
    key: str | None = None
    ca: str | None = None
    server_name: str | None = None
    versions: tuple[str, str] | None = None
    ciphers: str | None = None
    demand: bool = False


# ---- a case

@dataclass(frozen=True)
class Case:
    """One row of the table: a proxy with some flags and routes, what is sent to it, what is watched."""

    name: str
    send: bytes | str | None = None
    talk: tuple = ()
    to: str = "public"
    tls: Tls | None = None
    flags: tuple[str, ...] = ()
    env: dict = field(default_factory=dict)
    routes: dict = field(default_factory=dict)
    upstreams: dict = field(default_factory=dict)
    # Files in the folder <dir>/errors: name -> text. The folder holds only these.
    given: dict = field(default_factory=dict)
    # The id of a deliberate difference, a row of docs/compatibility.md.
    differs: str | None = None
    # How many seconds CHP gets before "no answer" is its observation; only for cases in which it never answers.
    chp_patience: float | None = None
    # A proxy of its own: the case leaves something behind, or needs that nothing was there before.
    fresh: bool = False
    # Which parts are compared: answer, connection, upstreams.
    compare: tuple[str, ...] = ("answer", "connection", "upstreams")
    # Body of the answer: text as it is, json as a value, page as "a built-in page", none not looked at.
    body: str = "text"
    # Header fields: end-to-end all but the ones that say nothing; or only the named ones.
    fields: tuple[str, ...] | None = None
    # The same for requests that upstreams received: all, or only the named ones.
    request_fields: tuple[str, ...] | None = None
    # Whether names of fields are written as sent, not in lower case.
    keep_case: bool = False
    # Whether "length" and "chunked" are told apart in answers.
    framing: bool = True
    # Which hop-by-hop fields of upstream requests to write down beside the end-to-end ones.
    hop_fields: tuple[str, ...] = ()
    # Note which connection each upstream request came on.
    count_connections: bool = False
    # Note the routing table afterwards.
    table: bool = False
    # Note whether the last activity of this route moved.
    activity: str | None = None
    # Note which metrics moved.
    metrics: bool = False
    # The answer must not come before so many seconds.
    not_before: float | None = None


@dataclass(frozen=True)
class Command:
    """One run of the command itself: arguments, environment, how it ends, which words it prints."""

    name: str
    args: tuple[str, ...] = ()
    env: dict = field(default_factory=dict)
    # Regular expressions: lines to wait for; each is noted with the stream it was printed on.
    says: tuple[str, ...] = ()
    # The same for lines that come with the requests or with the signal.
    after: tuple[str, ...] = ()
    # Lines that must not be printed at all.
    never: tuple[str, ...] = ()
    # None: the command ends by itself. Otherwise it is sent this signal once `when` holds.
    signal: str | None = "TERM"
    # Names of listeners that must accept before the signal is sent; others are noted as closed.
    accepts: tuple[str, ...] = ()
    # Listeners on which nothing must be listening when `accepts` holds.
    refuses: tuple[str, ...] = ()
    # Requests made while it runs: (listener, request); only the status is noted.
    asks: tuple = ()
    # A request to the proxy that is in hand when the signal comes: whoever has taken `other` answers it only afterwards.
    in_hand: str | None = None
    # Files whose content is noted while it runs and whose presence is noted afterwards.
    files: tuple[str, ...] = ()
    # Ports or socket files that somebody else has taken before the start.
    taken: tuple[str, ...] = ()
    # Socket files left behind by nobody: bound, never listening.
    stale: tuple[str, ...] = ()
    # Files to write before the start: name -> text.
    given: dict = field(default_factory=dict)
    differs: str | None = None
    # Seconds after which "still runs" is CHP's observation, when Jove ends by itself.
    chp_patience: float | None = None


def get(path: str, *lines: str, host: str = "example.org", method: str = "GET", version: str = "1.1") -> str:
    """A request without a body."""
    head = [f"{method} {path} HTTP/{version}"] + ([f"Host: {host}"] if host is not None else []) + list(lines)
    return "\r\n".join(head) + "\r\n\r\n"


def api(method: str, path: str, body: str | bytes | None = None, *lines: str, token: str | None = TOKEN) -> bytes:
    """A request to the REST API."""
    head = [f"{method} {path} HTTP/1.1", "Host: api"]
    if token is not None:
        head.append(f"Authorization: token {token}")
    head += lines
    if isinstance(body, str):
        body = body.encode()
    if body is not None:
        # A port of an upstream always has five digits: the kernel chooses it from a range above 32,000.
        head.append(f"Content-Length: {len(re.sub(rb'<[A-Z][a-z]*>', b'54321', body))}")
    return ("\r\n".join(head) + "\r\n\r\n").encode() + (body or b"")


def ok(body: str = "", *lines: str, status: str = "200 OK") -> bytes:
    """An answer of an upstream, framed by its length."""
    data = body.encode()
    head = [f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(data)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + data


def chunked(*pieces: bytes | str, trailers: tuple[str, ...] = ()) -> bytes:
    """A body in chunks, one a piece."""
    body = b""
    for piece in pieces:
        data = piece.encode() if isinstance(piece, str) else piece
        body += b"%x\r\n%s\r\n" % (len(data), data)
    return body + b"0\r\n" + "".join(f"{line}\r\n" for line in trailers).encode() + b"\r\n"


UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")

SWITCH = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
