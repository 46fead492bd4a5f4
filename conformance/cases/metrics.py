"""The metrics page, and which request moves which series."""

from functools import partial

from harness.case import DEAD, SWITCH, UPGRADE, Answer, Bytes, Case, Head, Hold, Rest, Send, Upstream, api, get, ok

FLAGS = ("--metrics-port", "<metrics>", "--metrics-ip", "127.0.0.1")
Page = partial(Case, to="metrics", flags=FLAGS, framing=False, compare=("answer", "connection"))
Moves = partial(Case, flags=FLAGS, metrics=True, compare=(), routes={"/": "A"})
ApiMoves = partial(Moves, to="api")
OPEN = Send(get("/ws", *UPGRADE))

CASES = [
    # ---- the page
    Page("the page", get("/metrics"), body="metrics", fresh=True),
    Page("a HEAD of the page", get("/metrics", method="HEAD")),
    Page("another format for who asks for it", get("/metrics", "Accept: application/openmetrics-text; version=1.0.0"),
         body="none", differs="metrics-openmetrics"),
    Page("the text format for everybody else", get("/metrics", "Accept: text/html, */*;q=0.8"), body="none"),
    Page("a query makes it another path", get("/metrics?x=1")),
    Page("a slash makes it another path", get("/metrics/")),
    Page("the root", get("/")),
    Page("the API is not here", api("GET", "/api/routes")),
    Page("a POST", get("/metrics", "Content-Length: 2", method="POST") + "hi", body="none"),
    Page("the page on a unix socket", get("/metrics"), flags=("--metrics-socket", "<dir>/m.sock"), body="none"),
    # ---- the API's counters
    ApiMoves("reading the table", api("GET", "/api/routes")),
    ApiMoves("reading one route", api("GET", "/api/routes/x")),
    ApiMoves("reading by age", api("GET", "/api/routes?inactive_since=2001-01-01")),
    ApiMoves("reading by a bad age", api("GET", "/api/routes?inactive_since=x")),
    ApiMoves("adding a route", api("POST", "/api/routes/x", '{"target": "http://a.test"}')),
    ApiMoves("adding nothing", api("POST", "/api/routes/x", '{}')),
    ApiMoves("deleting a route", api("DELETE", "/api/routes/")),
    ApiMoves("deleting what is not there", api("DELETE", "/api/routes/x")),
    ApiMoves("no token", api("GET", "/api/routes", token=None)),
    ApiMoves("a method that is not allowed", api("PUT", "/api/routes", "{}")),
    ApiMoves("an unknown path", api("GET", "/nothing")),
    # ---- the proxy's counters
    Moves("a request", get("/x")),
    Moves("two requests", talk=(Send(get("/1")), Answer(), Send(get("/2")), Answer())),
    Moves("an upstream's 404", get("/x"), upstreams={"A": Upstream((ok("", status="404 Not Found"),))}),
    Moves("an upstream's 302", get("/x"), upstreams={"A": Upstream((ok("", "Location: /y", status="302 Found"),))}),
    Moves("no route", get("/x"), routes={}),
    Moves("nothing listens", get("/x"), upstreams={"A": DEAD}),
    Moves("the health check", get("/_chp_healthz")),
    Moves("a request with a body", get("/x", "Content-Length: 5", method="POST") + "hello"),
    Moves("a malformed request", talk=(Send("nonsense\r\n\r\n"), Answer())),
    Moves("an open websocket", talk=(OPEN, Head()), upstreams={"A": Upstream(((Send(SWITCH), Hold()),))}),
    Moves("bytes of a websocket", talk=(OPEN, Head(), Send("hello"), Bytes(2)),
          upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}),
    Moves("a refused websocket", talk=(OPEN, Answer()), upstreams={"A": Upstream((ok("", status="403 Forbidden"),))}),
    Moves("a websocket to nothing that listens", talk=(OPEN, Answer(), Rest()), upstreams={"A": DEAD}),
    Moves("reading the metrics", get("/metrics"), to="metrics"),
]
