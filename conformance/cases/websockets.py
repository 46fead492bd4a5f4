"""Upgrades: the handshake, the bytes after it, and all the ways in which they end."""

from functools import partial

from harness.case import (DEAD, SWITCH, UPGRADE, Anew, Answer, Await, Back, Bytes, Case, Close, HalfClose, Head, Hold, Quiet,
                          RequestHead, Reset, Rest, Send, Tell, Upstream, api, chunked, get, ok)

Socket = partial(Case, routes={"/": "A"}, request_fields=())
OPEN = get("/ws", *UPGRADE)
STAYS = Upstream(((Send(SWITCH), Hold()),))


def opened(name, talk, steps, **more):
    """After the handshake: what the client does, what the upstream does."""
    return Socket(name, talk=(Send(OPEN), Head(), *talk),
                  **({"upstreams": {"A": Upstream(((Send(SWITCH), *steps),))}} | more))


def refused(name, reply, request=OPEN, **more):
    """An upgrade that is answered with something else than 101."""
    reply = reply if isinstance(reply, tuple) else (reply,)
    return Socket(name, talk=(Send(request), Answer()), **({"upstreams": {"A": Upstream(reply)},
                                                             "compare": ("answer",)} | more))


def failed(name, request=OPEN, **more):
    """An upgrade that the proxy itself refuses."""
    return Socket(name, talk=(Send(request), Answer(), Rest()), **({"chp_patience": 6, "compare": ("answer", "upstreams")} | more))


CASES = [
    # ---- the handshake
    Socket("the request of a handshake",
           talk=(Send(get("/ws?x=1", *UPGRADE, "Origin: http://o.test", "Cookie: c=1")), Head()), upstreams={"A": STAYS},
           request_fields=None, hop_fields=("connection",), compare=("upstreams",)),
    Socket("the answer of a handshake", talk=(Send(OPEN), Head()), upstreams={"A": STAYS}, compare=("answer",)),
    Socket("a handshake keeps the case of names", talk=(Send(OPEN), Head()), upstreams={"A": STAYS}, compare=("answer",),
           keep_case=True, differs="field-case"),
    Socket("subprotocols and extensions", talk=(
        Send(get("/ws", *UPGRADE, "Sec-WebSocket-Protocol: v1.kernel, v2", "Sec-WebSocket-Extensions: permessage-deflate")),
        Head()), request_fields=("sec-websocket-protocol", "sec-websocket-extensions"), upstreams={"A": Upstream(((
            Send(SWITCH[:-2] + b"Sec-WebSocket-Protocol: v2\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"
                 b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n"), Hold()),))}),
    Socket("forwarded fields of a handshake", talk=(Send(get("/ws", *UPGRADE, "X-Forwarded-For: 192.0.2.1",
                                                             "X-Forwarded-Proto: https", host="example.org:8000")), Head()),
           upstreams={"A": STAYS}, request_fields=("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto",
                                                   "x-forwarded-host")),
    Socket("--no-x-forward", talk=(Send(OPEN), Head()), upstreams={"A": STAYS}, flags=("--no-x-forward",),
           request_fields=("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")),
    Socket("--custom-header", talk=(Send(OPEN), Head()), upstreams={"A": STAYS}, request_fields=("x-one",),
           flags=("--custom-header", "X-One: 1")),
    Socket("--change-origin", talk=(Send(OPEN), Head()), upstreams={"A": STAYS}, request_fields=("host",),
           flags=("--change-origin",)),
    Socket("--no-include-prefix", talk=(Send(get("/user/x/ws?y", *UPGRADE)), Head()), routes={"/user/x": "A"},
           upstreams={"A": STAYS}, flags=("--no-include-prefix",)),
    Socket("a target with a path", talk=(Send(OPEN), Head()), routes={"/": "http://127.0.0.1:<A>/base/"},
           upstreams={"A": STAYS}),
    Socket("by host", talk=(Send(OPEN), Head()), routes={"/": "B", "/example.org": "A"}, upstreams={"A": STAYS},
           flags=("--host-routing",)),
    Socket("a target on a unix socket", talk=(Send(OPEN), Head(), Send("hello"), Bytes(2)), routes={"/": "http+unix://<A>"},
           upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),), socket_file=True)}),
    *[Socket(f"an upgrade written {what}", talk=(Send(get("/ws", *lines, "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13")),
                                                 Head()), upstreams={"A": STAYS})
      for what, lines in (("in capitals", ("CONNECTION: UPGRADE", "UPGRADE: WEBSOCKET")),
                          ("with keep-alive", ("Connection: keep-alive, Upgrade", "Upgrade: websocket")),
                          ("in the other order", ("Upgrade: websocket", "Connection: Upgrade")))],
    Socket("an upgrade without a key", talk=(Send(get("/ws", "Connection: Upgrade", "Upgrade: websocket")), Head()),
           upstreams={"A": STAYS}),
    # ---- bytes
    opened("bytes go both ways", (Send("hello"), Bytes(2), Send("again"), Bytes(3)),
           (Bytes(5), Send("hi"), Bytes(5), Send("bye"), Hold())),
    opened("the upstream speaks first", (Bytes(7), Send("hello"), Bytes(2)), (Send("welcome"), Bytes(5), Send("hi"), Hold())),
    Socket("bytes right behind the 101", talk=(Send(OPEN), Head(), Bytes(7)), compare=("answer",),
           upstreams={"A": Upstream(((Send(SWITCH + b"welcome"), Hold()),))}),
    Socket("bytes right behind the request", talk=(Send(OPEN.encode() + b"hello"), Head(), Bytes(2)), chp_patience=6,
           upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}, differs="early-bytes"),
    Socket("bytes between the request and the 101", talk=(
        Send(OPEN), Await("the request is there"), Send("hello"), Tell("the bytes are sent"), Head(), Bytes(2)),
        chp_patience=6, upstreams={"A": Upstream(on_connect=(
            RequestHead(), Tell("the request is there"), Await("the bytes are sent"), Send(SWITCH), Bytes(5), Send("hi"),
            Hold()))}, differs="early-bytes"),
    opened("all bytes are passed as they are", (Send(bytes(range(256))), Bytes(256)),
           (Bytes(256), Send(bytes(range(255, -1, -1))), Hold())),
    opened("a megabyte each way", (Send(b"0123456789abcdef" * 65536), Bytes(1_048_576)),
           (Bytes(1_048_576), Send(b"fedcba9876543210" * 65536), Hold())),
    # ---- the end
    opened("the client leaves", (Send("bye"), Close()), (Rest(),)),
    opened("the client resets", (Send("bye"), Await("the bytes are there"), Reset()), (Bytes(3), Tell("the bytes are there"),
                                                                                       Rest())),
    opened("the client stops sending", (Send("bye"), HalfClose(), Rest()), (Bytes(3), Rest())),
    opened("the upstream leaves", (Rest(),), (Send("bye"), Close())),
    opened("the upstream stops sending", (Rest(),), (Send("bye"), HalfClose(), Rest())),
    opened("the upstream resets", (Bytes(3), Tell("the bytes are there"), Rest()),
           (Send("bye"), Await("the bytes are there"), Reset()), differs="tunnel-reset"),
    opened("an open websocket stays quiet", (Quiet(0.5), Send("hello"), Bytes(2)), (Bytes(5), Send("hi"), Hold())),
    Socket("a route that goes leaves the websocket alone", talk=(
        Send(OPEN), Head(), Anew("api"), Send(api("DELETE", "/api/routes/")), Answer("DELETE"), Back(), Send("hello"),
        Bytes(2)), upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}, framing=False),
    Socket("a route that moves leaves the websocket alone", talk=(
        Send(OPEN), Head(), Anew("api"), Send(api("POST", "/api/routes/", '{"target": "http://127.0.0.1:<B>"}')),
        Answer("POST"), Back(), Send("hello"), Bytes(2)), framing=False,
        upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}),
    # ---- refusals of the upstream
    refused("403 with a body", ok("not you", "Content-Type: text/plain", "X-A: 1", status="403 Forbidden")),
    refused("404 without a body", ok("", status="404 Not Found")),
    refused("200 instead of 101", ok("no websocket here", "Content-Type: text/html")),
    refused("a redirect", ok("", "Location: http://127.0.0.1:<A>/login", status="302 Found")),
    refused("a redirect is rewritten", ok("", "Location: http://127.0.0.1:<A>/login", status="302 Found"),
            get("/ws", *UPGRADE, host="proxy.test:8000"), flags=("--auto-rewrite",)),
    refused("a chunked refusal", b"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked("not ", "you"),
            framing=True),
    refused("a refusal up to the end of the connection", ((Send("HTTP/1.1 403 Forbidden\r\n\r\nnot you"), Close()),),
            framing=False),
    refused("several cookies in a refusal", ok("", "Set-Cookie: a=1", "Set-Cookie: b=2", status="403 Forbidden")),
    refused("a large refusal", ok("0123456789abcdef" * 65536, status="403 Forbidden")),
    # ---- refusals of the proxy
    failed("nothing listens", upstreams={"A": DEAD}, differs="websocket-error-line"),
    failed("no route", routes={}, differs="websocket-no-route"),
    failed("an upstream that closes without a word", upstreams={"A": Upstream(((Close(),),))},
           compare=("answer",), differs="websocket-error-line"),
    failed("an upstream that resets without a word", upstreams={"A": Upstream(((Reset(),),))},
           compare=("answer",), differs="websocket-error-line"),
    failed("an upstream that does not speak HTTP", upstreams={"A": Upstream(((Send("nonsense\r\n\r\n"), Close()),))},
           compare=("answer",), differs="websocket-error-line"),
    failed("a path that cannot be decoded", get("/%", *UPGRADE), compare=("answer",), differs="websocket-bad-path"),
    failed("a page is not sent to websockets", routes={}, flags=("--error-path", "<dir>/errors"),
           given={"404.html": "a page"}, differs="websocket-no-route"),
    # ---- the client goes first
    Socket("the client leaves before the 101", talk=(Send(OPEN), Await("the request is there"), Close()),
           upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the request is there"), Rest()))}, chp_patience=6,
           differs="abandoned-upgrade"),
    Socket("the client resets before the 101", talk=(Send(OPEN), Await("the request is there"), Reset()),
           upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the request is there"), Rest()))}, chp_patience=6,
           differs="abandoned-upgrade"),
    # ---- upgrades that are none
    refused("an upgrade to h2c", ok("plain"), get("/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
                                                   "HTTP2-Settings: AAMAAABkAAQAAP__"), compare=("answer", "upstreams"),
            differs="other-upgrades"),
    refused("an upgrade to TLS", ok("plain"), get("/", "Connection: Upgrade", "Upgrade: TLS/1.0"),
            compare=("answer", "upstreams"), differs="other-upgrades"),
    refused("a POST with an upgrade", ok("plain"), get("/", *UPGRADE, "Content-Length: 5", method="POST") + "hello",
            compare=("answer", "upstreams"), differs="other-upgrades"),
    refused("Upgrade without Connection", ok("plain"), get("/", "Upgrade: websocket"), compare=("answer", "upstreams")),
    refused("Connection without Upgrade", ok("plain"), get("/", "Connection: Upgrade"), compare=("answer", "upstreams")),
    # ---- activity
    *[Case(f"activity: {what}", talk=(Send(OPEN), Head(), *talk), routes={"/": "B", "/ws": "A"}, activity="/ws", compare=(),
           upstreams={"A": Upstream(((Send(SWITCH), *steps),))})
      for what, talk, steps in (("an open websocket does not count", (), (Hold(),)),
                                ("bytes of the client count", (Send("hello"), Bytes(2)), (Bytes(5), Send("hi"), Hold())),
                                ("bytes of the server do not count", (Bytes(2),), (Send("hi"), Hold())))],
    Case("activity: a refused websocket does not count", talk=(Send(OPEN), Answer()), routes={"/ws": "A"}, activity="/ws",
         compare=(), upstreams={"A": Upstream((ok("", status="403 Forbidden"),))}),
]
