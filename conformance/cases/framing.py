"""Requests and answers that are broken, too large or ambiguous."""

from functools import partial

from harness.case import (DEAD, Answer, Await, Bytes, Case, Close, Head, HalfClose, RequestHead, Reset, Rest, Send, Tell, Upstream,
                          chunked, get, ok)

Raw = partial(Case, routes={"/": "A"}, fields=(), request_fields=())


def refused(name, request, **more):
    """A request that must not reach the upstream; what the refusal says does not matter."""
    return Raw(name, talk=(Send(request), Answer()), **({"body": "none", "framing": False} | more))


def taken(name, request, **more):
    """A request that looks odd and is served."""
    return Raw(name, request, **more)


def broken(name, steps, **more):
    """An upstream that answers badly."""
    return Raw(name, get("/"), upstreams={"A": Upstream((steps,))},
               **({"compare": ("answer", "connection"), "body": "page", "framing": False} | more))


POST = "POST / HTTP/1.1\r\nHost: h\r\n"

CASES = [
    # ---- the request line
    taken("a method in lower case", "get / HTTP/1.1\r\nHost: h\r\n\r\n", body="none", differs="methods"),
    taken("a method that nobody knows", get("/", method="BREW"), body="none", differs="methods"),
    refused("a method that is no word", get("/", method="GE(T)")),
    refused("the method CONNECT", "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", differs="methods"),
    refused("no method", "/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    refused("no version and no fields", "GET /\r\n\r\n", differs="http-versions"),
    refused("HTTP/0.9", "GET / HTTP/0.9\r\nHost: h\r\n\r\n", differs="http-versions"),
    refused("HTTP/1.2", "GET / HTTP/1.2\r\nHost: h\r\n\r\n"),
    refused("HTTP/2.0", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", differs="http-versions"),
    refused("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    refused("HTTP/3.0", "GET / HTTP/3.0\r\nHost: h\r\n\r\n"),
    refused("a version that is none", "GET / HTTQ/1.1\r\nHost: h\r\n\r\n"),
    refused("a blank in the path", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"),
    refused("a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n"),
    refused("no path", "GET HTTP/1.1\r\nHost: h\r\n\r\n"),
    refused("a path that does not begin with a slash", "GET x HTTP/1.1\r\nHost: h\r\n\r\n"),
    refused("something that is not HTTP", "\x16\x03\x01\x00\x05hello\r\n\r\n"),
    refused("a word", "hello\r\n\r\n"),
    taken("empty lines before a request", "\r\n\r\n" + get("/")),
    # ---- fields
    refused("no Host", "GET / HTTP/1.1\r\n\r\n"),
    refused("two Hosts", get("/", "Host: b"), differs="two-hosts"),
    refused("two equal Hosts", get("/", "Host: example.org"), differs="two-hosts"),
    taken("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    taken("a Host that is no name", "GET / HTTP/1.1\r\nHost: %2Frun%2Fhub.sock\r\n\r\n"),
    refused("a blank before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n"),
    refused("a blank before a name", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"),
    refused("a line without a colon", get("/", "nonsense")),
    refused("an empty name", get("/", ": x")),
    refused("a name with a blank", get("/", "X Y: z")),
    refused("a name with a bracket", get("/", "X(Y): z")),
    refused("a folded field", get("/", "X-A: 1", "  folded")),
    refused("a NUL in a value", get("/", "X-A: a\x00b")),
    refused("a control character in a value", get("/", "X-A: a\x01b")),
    refused("a bare CR in a value", get("/", "X-A: a\rX-B: b")),
    refused("lines that end with LF", "GET / HTTP/1.1\nHost: h\n\n"),
    refused("one line that ends with LF", "GET / HTTP/1.1\r\nHost: h\nX-A: 1\r\n\r\n"),
    refused("fields above 16 KiB", get("/", "X-A: " + "a" * 17_000)),
    refused("a request line above 16 KiB", get("/" + "a" * 17_000)),
    refused("many fields above 16 KiB", get("/", *[f"X-{n}: {'a' * 100}" for n in range(200)])),
    taken("a hundred fields", get("/", *[f"X-{n}: {n}" for n in range(100)]), compare=("answer", "connection")),
    # ---- lengths
    refused("a length and chunks", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused("chunks and a length", POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
    refused("two lengths", POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
    refused("two equal lengths", POST + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    refused("a list of lengths", POST + "Content-Length: 5, 5\r\n\r\nhello"),
    refused("a negative length", POST + "Content-Length: -1\r\n\r\n"),
    refused("a length with a sign", POST + "Content-Length: +5\r\n\r\nhello"),
    refused("a length in hexadecimal", POST + "Content-Length: 0x5\r\n\r\nhello"),
    refused("a length that is too large", POST + "Content-Length: 99999999999999999999999\r\n\r\nhello"),
    refused("a length that is empty", POST + "Content-Length:\r\n\r\n"),
    refused("chunked is not last", POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
    refused("an unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    refused("chunked twice", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    refused("chunks of HTTP/1.0", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            differs="te-http10"),
    *[refused(f"a chunk size that is {what}", POST + f"Transfer-Encoding: chunked\r\n\r\n{size}\r\nhello\r\n0\r\n\r\n",
              compare=("answer",))
      for what, size in (("no number", "zz"), ("empty", ""), ("negative", "-5"), ("too large", "fffffffffffffffff"),
                         ("written with a prefix", "0x5"))],
    refused("a chunk longer than its size", POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n",
            compare=("answer",)),
    refused("a chunk that ends with LF", POST + "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n", compare=("answer",)),
    Raw("a bad request after a good one", talk=(Send(get("/") + "nonsense\r\n\r\n"), Answer(), Answer()), body="none",
        compare=("answer", "connection"), framing=False, differs="bad-request-in-turn"),
    Raw("a client that leaves in the middle of its body", talk=(
        Send(get("/", "Content-Length: 10", method="POST") + "hello"), Await("the head is there"), Close()),
        upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the head is there"), Rest()))},
        compare=("upstreams",)),
    Raw("a client that leaves while it waits", talk=(Send(get("/")), Await("the head is there"), Close()),
        upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the head is there"), Rest()))},
        compare=("upstreams",)),
    Raw("a client that resets while it waits", talk=(Send(get("/")), Await("the head is there"), Reset()),
        upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the head is there"), Rest()))},
        compare=("upstreams",)),
    Raw("a client that stops sending while it waits", talk=(Send(get("/")), Await("the head is there"), HalfClose(), Rest()),
        upstreams={"A": Upstream(on_connect=(RequestHead(), Tell("the head is there"), Rest()))}),
    # ---- answers
    broken("an upstream that closes without a word", (Close(),)),
    broken("an upstream that resets without a word", (Reset(),)),
    broken("an upstream that stops within the status line", (Send("HTTP/1.1 20"), Close())),
    broken("an upstream that stops within the fields", (Send("HTTP/1.1 200 OK\r\nX-A: 1\r\n"), Close())),
    broken("an upstream that does not speak HTTP", (Send("SSH-2.0-Server\r\n\r\n"), Close())),
    broken("an upstream with a blank in a name", ok("x", "X A: 1")),
    broken("an upstream with a blank before the colon", ok("x", "X-A : 1")),
    broken("an upstream with a bad name", ok("x", "X(A): 1")),
    broken("an upstream with an empty name", ok("x", ": 1")),
    broken("an upstream with a line without a colon", ok("x", "nonsense")),
    broken("an upstream with a bad status", b"HTTP/1.1 9999 No\r\nContent-Length: 0\r\n\r\n"),
    broken("an upstream with a bad length", b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"),
    broken("an upstream with two lengths", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
    broken("an upstream with a length and chunks",
           b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
    broken("an upstream with fields above 16 KiB", ok("x", "X-A: " + "a" * 20_000)),
    broken("an upstream that switches protocols unasked", (
        Send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"), Close()),
        chp_patience=6, differs="unasked-101"),
    broken("a length that is never reached", (
        Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), Close()), chp_patience=6, body="text",
        compare=("answer",), differs="truncated-answer"),
    Raw("a length that is cut by a reset", talk=(Send(get("/")), Head(), Bytes(5), Tell("all is there"), Rest()),
        upstreams={"A": Upstream(((Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"), Await("all is there"),
                                   Reset()),))}, chp_patience=6, compare=("answer",), differs="truncated-answer"),
    broken("chunks that are never ended", (
        Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), Close()), chp_patience=6,
        body="text", compare=("answer",), differs="truncated-answer"),
    broken("chunks that break off with nonsense", (
        Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"), Close()), chp_patience=6,
        body="text", compare=("answer",), differs="truncated-answer"),
    Raw("an upstream that answers before it has the body", talk=(
        Send(get("/", "Content-Length: 10", method="POST") + "hello"), Head()),
        upstreams={"A": Upstream(on_connect=(RequestHead(), Send(ok("no thanks", status="403 Forbidden"))))},
        compare=("answer",)),
    Raw("a pooled connection that ends with the second request", talk=(
        Send(get("/1")), Answer(), Send(get("/2")), Answer()), body="page", framing=False, fresh=True,
        upstreams={"A": Upstream((ok("one"), (Close(),), ok("two")))}, compare=("answer", "upstreams"),
        differs="retry"),
    Raw("a POST is not sent twice", talk=(
        Send(get("/1")), Answer(), Send(get("/2", "Content-Length: 2", method="POST") + "hi"), Answer()), body="page",
        framing=False, fresh=True, upstreams={"A": Upstream((ok("one"), (Close(),), ok("two")))},
        compare=("answer", "upstreams")),
    Raw("nothing listens", get("/"), upstreams={"A": DEAD}, body="page", framing=False, compare=("answer", "connection")),
    Raw("nothing listens and there is a body", get("/", "Content-Length: 5", method="POST") + "hello",
        upstreams={"A": DEAD}, body="page", framing=False, compare=("answer", "connection")),
]
