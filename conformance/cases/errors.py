"""Answers that the proxy itself makes: built-in pages, pages from files, pages from another server."""

from functools import partial

from harness.case import DEAD, UPGRADE, Answer, Case, Close, Send, Upstream, chunked, get, ok

Error = partial(Case, framing=False)
FILES = ("--error-path", "<dir>/errors")
TARGET = ("--error-target", "http://127.0.0.1:<E>/hub/error")
PAGE = ok("<h1>sorry</h1>", "Content-Type: text/html; charset=utf-8", "Set-Cookie: a=1", "Location: /elsewhere",
          "X-Jupyterhub-Version: 5", "Content-Security-Policy: none")


def page(name, request=get("/x"), **more):
    """An error with a page of a file."""
    return Error(name, request, flags=FILES, **({"compare": ("answer", "connection")} | more))


def asked(name, request=get("/x"), reply=PAGE, **more):
    """An error with a page of another server; each has a proxy of its own, so that no page is known before."""
    upstreams = {"E": Upstream((reply,)) if reply is not None else DEAD} | more.pop("others", {})
    return Error(name, None if "talk" in more else request, **({"flags": TARGET, "fresh": True, "upstreams": upstreams} | more))


CASES = [
    # ---- built-in pages
    Error("nothing is at this URL", get("/x"), body="page"),
    Error("nothing is at this URL for a POST", get("/x", "Content-Length: 2", method="POST") + "hi", body="page"),
    Error("nothing is at this URL for a HEAD", get("/x", method="HEAD"), body="page", fields=("content-type",)),
    Error("nothing is at this URL for a client that wants JSON", get("/api/x", "Accept: application/json"), body="page"),
    Error("nothing listens", get("/x"), routes={"/": "A"}, upstreams={"A": DEAD}, body="page"),
    Error("nothing is at the socket", get("/x"), routes={"/": "http+unix://%2Fno%2Fwhere.sock"}, body="page"),
    Error("the name of the target is unknown", get("/x"), routes={"/": "http://no-such-host.invalid:1"}, body="page"),
    Error("an error on a connection that is to be closed", get("/x", "Connection: close"), body="page"),
    Error("an error for HTTP/1.0", "GET /x HTTP/1.0\r\nHost: h\r\n\r\n", body="page"),
    Error("errors one after the other", talk=(Send(get("/a")), Answer(), Send(get("/b")), Answer()), body="page"),
    Error("an error does not end the next request", talk=(Send(get("/dead")), Answer(), Send(get("/live")), Answer()),
          routes={"/dead": "D", "/live": "L"}, upstreams={"D": DEAD}, body="page", request_fields=()),
    Error("a dead target is asked for again and again", talk=(Send(get("/x")), Answer()) * 6, routes={"/": "A"},
          upstreams={"A": DEAD}, fresh=True, body="page", fields=("retry-after",), compare=("answer",), differs="breaker"),
    Error("a target that the command line cannot use", get("/x"), flags=("--default-target", "http://hub:$(HUB_PORT)"),
          body="none", fields=(), compare=("answer", "connection"), fresh=True),
    # ---- pages of files
    page("the page of the status", given={"404.html": "<h1>not here</h1>", "error.html": "<h1>other</h1>"}),
    page("the page is read anew each time", given={"404.html": "<h1>another text</h1>"}),
    page("the page for all others", given={"503.html": "<h1>down</h1>", "error.html": "<h1>other</h1>"}),
    page("no page at all", given={}, body="none", fields=()),
    page("the page of a dead target", routes={"/": "A"}, upstreams={"A": DEAD}, given={"503.html": "down for lunch"}),
    page("a page in UTF-8", given={"404.html": "<h1>nicht verfügbar 秀樹</h1>"}),
    page("an empty page", given={"404.html": ""}),
    page("a large page", given={"404.html": "<p>x</p>" * 50_000}),
    page("a page for HEAD", get("/x", method="HEAD"), given={"404.html": "<h1>not here</h1>"}),
    page("a path that cannot be decoded has a page", get("/%"), given={"400.html": "bad path", "500.html": "bad proxy"},
         differs="routing-bad-escape"),
    # ---- pages of another server
    asked("the other server is asked for 404"),
    asked("the other server is asked for 503", routes={"/": "A"}, others={"A": DEAD}),
    asked("the whole URL is told", get("/dead/x%20y?q=1&z=a%2Fb+c"), routes={"/dead": "A"}, others={"A": DEAD}),
    asked("a URL in UTF-8 and quotes is told", get("/%E7%A7%80/'x'*~(!)@:;,=$")),
    asked("without the prefix the rest is told", get("/user/x/y?z=1"), routes={"/user/x": "A"},
          flags=(*TARGET, "--no-include-prefix"), others={"A": DEAD}),
    asked("a slash at the end of the error target", flags=("--error-target=http://127.0.0.1:<E>/hub/error/",)),
    asked("an error target without a path", flags=("--error-target", "http://127.0.0.1:<E>")),
    asked("an error target with a query", flags=("--error-target", "http://127.0.0.1:<E>/hub/error?k=v"),
          differs="error-target-query"),
    asked("neither method nor body nor fields are passed on",
          get("/x", "Cookie: secret=1", "Authorization: token x", "Accept: text/html", "Content-Length: 2",
              method="POST") + "hi"),
    asked("a HEAD is asked for by GET", get("/x", method="HEAD")),
    asked("a coded page", reply=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
          b"Content-Length: 3\r\n\r\n\x1f\x8b\x00"),
    asked("a chunked page", reply=b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" +
          chunked("sor", "ry")),
    asked("a page up to the end of the connection", reply=(
        Send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nsorry"), Close())),
    asked("a page without a type", reply=ok("sorry")),
    asked("the original status is kept", reply=ok("sorry", "Content-Type: text/plain", status="201 Created")),
    asked("the other server redirects", reply=ok("", "Location: /jup/hub/error/404", status="302 Found"), body="page",
          differs="error-target-fails"),
    asked("the other server fails", reply=ok("oops", "Content-Type: text/plain", status="500 Internal Server Error"),
          body="page", differs="error-target-fails"),
    asked("nothing listens there", reply=None, body="page", differs="error-target-fails"),
    asked("the other server closes without a word", reply=(Close(),), body="page", compare=("answer", "connection"),
          differs="error-target-fails"),
    asked("the other server never answers", reply=(), body="page", compare=("answer",), chp_patience=1,
          differs="error-target-slow"),
    asked("the same page twice", talk=(Send(get("/x")), Answer(), Send(get("/x")), Answer()),
          differs="error-pages-kept"),
    asked("errors while the other server fails", reply=ok("oops", status="500 Internal Server Error"),
          talk=(Send(get("/x")), Answer(), Send(get("/y")), Answer()), compare=("upstreams",), differs="error-pages-few"),
    asked("pages of different statuses", talk=(Send(get("/x")), Answer(), Send(get("/dead")), Answer()),
          routes={"/dead": "A"}, others={"A": DEAD}),
    asked("a failed websocket does not ask", get("/dead", *UPGRADE), routes={"/dead": "A"}, others={"A": DEAD},
          compare=("upstreams",)),
    asked("an error target on a unix socket", reply=None, flags=("--error-target", "http+unix://%2Fno%2Fwhere.sock/e"),
          upstreams={}, body="page", differs="error-target-fails"),
    asked("an upstream's own error is not replaced", routes={"/": "A"},
          others={"A": Upstream((ok("my own", status="503 Service Unavailable"),))}, request_fields=()),
]
