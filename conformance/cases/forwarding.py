"""What an upstream receives, and what the client gets back: fields, methods, bodies."""

from functools import partial

from harness.case import (Answer, Await, Case, Close, Head, RequestBody, RequestHead, Send, Tell, Upstream, chunked,
                          get, ok)

Forward = partial(Case, routes={"/": "A"})


def sent(name, request, **more):
    """A request of which only the upstream's side matters."""
    return Forward(name, request, **({"compare": ("upstreams",)} | more))


def came_back(name, reply, request=get("/"), **more):
    """An answer of which only the client's side matters."""
    return Forward(name, request, upstreams={"A": Upstream((reply,))},
                   **({"compare": ("answer", "connection")} | more))


def with_body(name, data, *lines, method="POST", **more):
    """A request with a body framed by its length."""
    data = data.encode() if isinstance(data, str) else data
    return sent(name, get("/", *lines, f"Content-Length: {len(data)}", method=method).encode() + data, **more)


def in_chunks(name, body, *lines, method="POST", **more):
    """A request with a chunked body."""
    return sent(name, get("/", *lines, "Transfer-Encoding: chunked", method=method).encode() + body, **more)


def redirect(name, location, status="302 Found", host="proxy.test:8000", flags=("--auto-rewrite",), **more):
    """A redirect of the upstream, as the client sees it."""
    return came_back(name, ok("", f"Location: {location}", status=status), get("/x", host=host), flags=flags,
                     fields=("location",), compare=("answer",), **more)


CASES = [
    # ---- options of one route
    Forward("a route whose prefix is stripped", get("/app/x?y=1"), compare=("upstreams",),
            routes={"/app": {"target": "A", "jove": {"stripPrefix": True}}}, request_fields=("host",),
            differs="api-route-options"),
    Forward("a route that sets and removes headers", get("/", "X-Role: admin", "X-Gone: 1"), compare=("upstreams",),
            routes={"/": {"target": "A", "jove": {"requestHeaders": {"X-Role": "reader", "X-Gone": None}}}},
            request_fields=("x-role", "x-gone"), differs="api-route-options"),
    # ---- X-Forwarded-*
    sent("forwarded fields are added", get("/")),
    sent("the forwarded port is the Host's", get("/", host="example.org:8443")),
    sent("forwarded fields are appended", get("/", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Port: 443",
                                              "X-Forwarded-Proto: https")),
    sent("a forwarded host stays", get("/", "X-Forwarded-Host: outer.test")),
    sent("repeated forwarded fields become one list", get("/", "X-Forwarded-For: 192.0.2.1", "Accept: a/b",
                                                          "X-Forwarded-For: 192.0.2.2"), request_fields=("x-forwarded-for",)),
    sent("an empty forwarded field", get("/", "X-Forwarded-For: "), request_fields=("x-forwarded-for",)),
    sent("the port of an IPv6 host", get("/", host="[::1]:8000"), request_fields=("x-forwarded-port",),
         differs="forwarded-port-ipv6"),
    sent("the port of an IPv6 host without one", get("/", host="[::1]"), request_fields=("x-forwarded-port",),
         differs="forwarded-port-ipv6"),
    sent("without a Host the port is the scheme's", "GET / HTTP/1.0\r\n\r\n",
         request_fields=("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")),
    sent("other forwarding fields pass", get("/", "Forwarded: for=192.0.2.1", "Via: 1.1 outer", "X-Scheme: https",
                                             "X-Real-IP: 192.0.2.1", "X-Request-ID: 7")),
    sent("--no-x-forward adds nothing", get("/", "X-Forwarded-For: 192.0.2.1"), flags=("--no-x-forward",)),
    sent("over IPv4 where both versions are heard", get("/"), flags=("--ip=",), request_fields=("x-forwarded-for",),
         differs="forwarded-for-mapped"),
    sent("over a unix socket nobody is named", get("/", host="example.org:8000"), flags=("--socket", "<dir>/public.sock"),
         differs="forwarded-for-unix"),
    sent("over a unix socket the client's list stays", get("/", "X-Forwarded-For: 192.0.2.1"),
         flags=("--socket", "<dir>/public.sock"), request_fields=("x-forwarded-for",), differs="forwarded-for-unix"),
    # ---- own fields
    sent("--custom-header adds fields", get("/"), flags=("--custom-header", "X-One: 1", "--custom-header=X-Two:2 : 3"),
         request_fields=("x-one", "x-two")),
    sent("--custom-header replaces a client's field", get("/", "x-ONE: theirs"), flags=("--custom-header", "X-One: ours"),
         request_fields=("x-one",)),
    sent("the last --custom-header of a name wins", get("/"),
         flags=("--custom-header", "X-One: 1", "--custom-header", "X-One: 2"), request_fields=("x-one",)),
    sent("--custom-header without a value", get("/"), flags=("--custom-header", "X-One:"), request_fields=("x-one",)),
    sent("--custom-header can replace the Host", get("/"), flags=("--custom-header", "Host: inner.test"),
         request_fields=("host",)),
    sent("--change-origin names the target", get("/"), flags=("--change-origin",)),
    sent("--change-origin and a default port", get("/"), routes={"/": "http://127.0.0.1:<A>/base"},
         flags=("--change-origin",), request_fields=("host",)),
    # ---- redirects
    *[redirect(f"--auto-rewrite: {status}", "http://127.0.0.1:<A>/next?x=1#y", status)
      for status in ("201 Created", "301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect",
                     "308 Permanent Redirect", "200 OK", "300 Multiple Choices")],
    redirect("--auto-rewrite: another port", "http://127.0.0.1:1/next"),
    redirect("--auto-rewrite: another host", "http://elsewhere.test:<A>/next"),
    redirect("--auto-rewrite: a path only", "/next?x"),
    redirect("--auto-rewrite: a relative path", "next"),
    redirect("--auto-rewrite: a Host without a port", "http://127.0.0.1:<A>/next", host="proxy.test",
             differs="rewrite-without-port"),
    redirect("--auto-rewrite: an IPv6 Host", "http://127.0.0.1:<A>/next", host="[::1]:8000"),
    redirect("no rewriting without a flag", "http://127.0.0.1:<A>/next", flags=()),
    redirect("--protocol-rewrite", "http://127.0.0.1:<A>/next", flags=("--protocol-rewrite", "https")),
    redirect("--protocol-rewrite: another host", "http://elsewhere.test/next", flags=("--protocol-rewrite", "https")),
    redirect("--protocol-rewrite: 303", "http://127.0.0.1:<A>/next", "303 See Other",
             flags=("--protocol-rewrite", "https")),
    redirect("both rewrites", "http://127.0.0.1:<A>/next", flags=("--protocol-rewrite", "https", "--auto-rewrite")),
    # ---- fields of requests
    sent("fields keep their order", get("/", "B: 1", "A: 2", "Cookie: c=1", "C: 3", "User-Agent: u", "Accept: */*")),
    sent("fields keep their case", get("/", "X-MiXeD: 1", "accept-ENCODING: gzip"), keep_case=True,
         request_fields=("x-mixed", "accept-encoding"), differs="field-case"),
    sent("an empty value", get("/", "X-Empty:", "X-Blank:   ")),
    sent("blanks around a value", get("/", "X-A:\t  b c \t ")),
    sent("no blank before a value", get("/", "X-A:b")),
    sent("bytes above 127 in a value", "GET / HTTP/1.1\r\nHost: h\r\nX-A: caf\xe9\r\n\r\n".encode("latin-1")),
    sent("odd names", get("/", "x_y: 1", "x.y: 2", "!#$%&'*+-.^_`|~: 3")),
    sent("a repeated field", get("/", "X-A: 1", "X-B: 2", "X-A: 3"), differs="repeated-fields"),
    sent("repeated cookies", get("/", "Cookie: a=1", "Cookie: b=2"), request_fields=("cookie",),
         differs="repeated-fields"),
    sent("a large field", get("/", "Cookie: " + "c" * 15000)),
    sent("a long path", get("/" + "p" * 7000 + "?" + "q" * 7000)),
    sent("credentials pass", get("/", "Authorization: token abc", "Cookie: a=1; b=2", "Proxy-Authorization: x")),
    sent("ranges and conditions pass", get("/", "Range: bytes=0-1", "If-None-Match: \"x\"",
                                           "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT")),
    sent("hop-by-hop fields of the client end here",
         get("/", "Connection: keep-alive, X-Secret", "X-Secret: 1", "Keep-Alive: timeout=9", "Proxy-Connection: keep-alive",
             "TE: trailers"), hop_fields=("keep-alive", "proxy-connection", "te"), differs="hop-by-hop"),
    sent("the field Trailer ends here", get("/", "Trailer: X-T")),
    # ---- methods
    *[sent(f"the method {method}", get("/x", method=method))
      for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "SEARCH",
                     "REPORT", "M-SEARCH")],
    sent("OPTIONS for the whole server", get("*", method="OPTIONS")),
    # ---- bodies of requests
    with_body("a body with a length", "hello"),
    with_body("a body of a PUT", "hello", "Content-Type: text/plain", method="PUT"),
    with_body("a body of a GET", "hello", method="GET"),
    with_body("a body of a DELETE", "hello", method="DELETE"),
    with_body("an empty body", ""),
    with_body("a body of all bytes", bytes(range(256))),
    with_body("a body of 1 MB", b"0123456789abcdef" * 65536),
    in_chunks("a chunked body", chunked("hel", "lo")),
    in_chunks("a chunked body that is empty", chunked()),
    in_chunks("a chunked body of a GET", chunked("hello"), method="GET"),
    in_chunks("chunks with extensions", b"3;x=y\r\nabc\r\n0\r\n\r\n"),
    in_chunks("chunk sizes in capitals and with zeros", b"00A\r\n0123456789\r\n000\r\n\r\n"),
    in_chunks("a chunked body of a DELETE", chunked("hello"), method="DELETE", fresh=True,
              differs="chunked-delete"),
    in_chunks("a chunked body of an OPTIONS", chunked("hello"), method="OPTIONS", fresh=True,
              differs="chunked-delete"),
    in_chunks("trailers of a request", chunked("hello", trailers=("X-Sum: 5",)), "Trailer: X-Sum", differs="trailers"),
    in_chunks("a chunked body of 1 MB", chunked(*[b"0123456789abcdef" * 4096] * 16)),
    Forward("the upstream gets a body while it is sent", talk=(
        Send(get("/", "Content-Length: 10", method="POST") + "first"), Await("the first half is there"), Send("after"),
        Answer()), upstreams={"A": Upstream(on_connect=(
            RequestHead(), Tell("the first half is there"), RequestBody(), Send(ok("thanks"))))}),
    # ---- 100 Continue
    Forward("100 Continue comes before the body", talk=(
        Send(get("/", "Expect: 100-continue", "Content-Length: 5", method="POST")), Head(), Send("hello"), Answer()),
        request_fields=("expect",)),
    Forward("an upstream that answers instead of 100", talk=(
        Send(get("/", "Expect: 100-continue", "Content-Length: 5", method="POST")), Head(), Send("hello"), Answer()),
        upstreams={"A": Upstream((ok("no", status="413 Too Large"),))}, request_fields=("expect",)),
    # ---- answers
    came_back("an answer with a length", ok("hello", "Content-Type: text/plain", "X-A: 1")),
    came_back("an answer without a type", ok("hello")),
    came_back("an empty answer", ok("")),
    came_back("the reason is passed on", ok("x", status="200 Fine By Me")),
    came_back("no reason", b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx"),
    *[came_back(f"the status {status}", ok("x", status=status))
      for status in ("202 Accepted", "207 Multi-Status", "299 Odd", "401 Unauthorized", "418 I'm a teapot",
                     "429 Too Many Requests", "502 Bad Gateway", "504 Gateway Timeout", "599 Odd")],
    came_back("a chunked answer", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked("hel", "lo")),
    came_back("a chunked answer that is empty", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(),
              framing=False),
    came_back("an answer up to the end of the connection",
              (Send("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nhello"), Close())),
    came_back("an answer of HTTP/1.0", (Send("HTTP/1.0 200 OK\r\n\r\nhello"), Close())),
    came_back("an answer of HTTP/1.0 with a length", (Send("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"), Close())),
    came_back("204 has no body", b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n"),
    came_back("304 has no body", b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n"),
    came_back("304 keeps its length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n"),
    came_back("HEAD keeps the length", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", get("/", method="HEAD")),
    came_back("HEAD without a length", b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n", get("/", method="HEAD")),
    came_back("HEAD of a chunked answer", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
              get("/", method="HEAD")),
    came_back("205 with an empty body", ok("", status="205 Reset Content")),
    came_back("an answer of 2 MB", ok("0123456789abcdef" * 131072)),
    came_back("a coded answer is not touched", b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x00"),
    came_back("trailers of an answer", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n" +
              chunked("hello", trailers=("X-Sum: 5",)), differs="trailers"),
    came_back("fields of an answer keep their order", ok("", "B: 1", "A: 2", "Server: s", "C: 3", "Vary: *")),
    came_back("fields of an answer keep their case", ok("", "X-MiXeD: 1", "content-TYPE: a/b"), keep_case=True,
              differs="field-case"),
    came_back("several cookies stay several", ok("", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=2", "X-A: 1")),
    came_back("a repeated field of an answer", ok("", "X-A: 1", "X-B: 2", "X-A: 3"), differs="repeated-fields"),
    came_back("bytes above 127 in an answer's field", b"HTTP/1.1 200 OK\r\nX-A: caf\xe9\r\nContent-Length: 0\r\n\r\n"),
    came_back("a large field of an answer", ok("", "X-A: " + "a" * 15000)),
    came_back("a date of the upstream stays", ok("", "Date: Mon, 01 Jan 2024 00:00:00 GMT"), fields=("date",)),
    came_back("an upstream's Retry-After stays", ok("", "Retry-After: 7", status="503 Service Unavailable"),
              fields=("retry-after",)),
    came_back("hop-by-hop fields of the upstream end here",
              ok("", "Connection: keep-alive, X-Secret", "X-Secret: 1", "Keep-Alive: timeout=9",
                 "Proxy-Connection: keep-alive"), fields=("x-secret", "proxy-connection"), differs="hop-by-hop"),
    came_back("an upstream that closes after its answer",
              (Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"), Close()),
              differs="connection-close"),
    came_back("103 Early Hints", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("hi"), differs="informational"),
    came_back("102 Processing", b"HTTP/1.1 102 Processing\r\n\r\n" + ok("hi"), differs="informational"),
    came_back("103 Early Hints for HTTP/1.0", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("hi"),
              "GET / HTTP/1.0\r\nHost: h\r\n\r\n"),
    came_back("100 Continue unasked", b"HTTP/1.1 100 Continue\r\n\r\n" + ok("hi")),
    Forward("the client gets an answer while it is sent", talk=(Send(get("/")), Head(), Tell("the head is there")),
            compare=("answer", "upstreams"), chp_patience=6, differs="early-head",
            upstreams={"A": Upstream(((Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), Await("the head is there"),
                                       Send("hello")),))}),
    Forward("the client gets the first part before the second", talk=(
        Send(get("/")), Head(), Tell("the head is there"), Await("all is sent")), compare=("answer", "upstreams"),
        upstreams={"A": Upstream(((Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst"), Await("the head is there"),
                                   Send("after"), Tell("all is sent")),))}),
    # ---- connections
    came_back("the answer says that the connection stays", ok("hi"), fields=("connection",)),
    came_back("the client asks to close", ok("hi"), get("/", "Connection: close"), fields=("connection",)),
    came_back("the client asks to stay", ok("hi"), get("/", "Connection: keep-alive"), fields=("connection",)),
    came_back("HTTP/1.0 is closed", ok("hi"), "GET / HTTP/1.0\r\nHost: h\r\n\r\n", fields=("connection",)),
    came_back("HTTP/1.0 stays when asked", ok("hi"), "GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
              fields=("connection",)),
    came_back("HTTP/1.0 gets no chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked("hel", "lo"),
              "GET / HTTP/1.0\r\nHost: h\r\n\r\n"),
    sent("a client's close is its own matter", get("/", "Connection: close"), request_fields=("connection",),
         differs="connection-close"),
    Forward("upstream connections are used again", talk=(
        Send(get("/1")), Answer(), Send(get("/2")), Answer()), request_fields=(), count_connections=True,
        compare=("upstreams",), fresh=True),
    Forward("requests of one connection", talk=(
        Send(get("/1")), Answer(), Send(get("/2", method="HEAD")), Answer("HEAD"), Send(get("/3")), Answer()),
        request_fields=()),
    Forward("requests of one connection to several upstreams", talk=(
        Send(get("/a")), Answer(), Send(get("/b")), Answer(), Send(get("/a")), Answer()), request_fields=(),
        routes={"/a": "A", "/b": "B"}),
    Forward("requests sent at once", talk=(Send(get("/1") + get("/2") + get("/3")), Answer(), Answer(), Answer()),
            upstreams={"A": Upstream((ok("one"),))}, compare=("answer", "connection")),
    Forward("a body and the next request sent at once", talk=(
        Send(get("/1", "Content-Length: 5", method="POST") + "hello" + get("/2")), Answer(), Answer()),
        compare=("answer", "connection")),
]
