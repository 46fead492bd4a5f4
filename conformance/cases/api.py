"""The REST API: methods, tokens, bodies, paths, the routing table."""

from functools import partial

from harness.case import DEAD, TOKEN, Answer, Anew, Case, Send, Upstream, api, chunked, get, ok

Api = partial(Case, to="api", framing=False, compare=("answer", "connection"))
ROUTE = '{"target": "http://127.0.0.1:<A>"}'
X = {"/x": "A"}


def adds(name, path, data=ROUTE, **more):
    """A POST, and the table afterwards."""
    return Api(name, api("POST", path, data), table=True, upstreams={"A": Upstream()}, **more)


CASES = [
    # ---- reading
    Api("an empty table is an empty object", api("GET", "/api/routes"), body="json"),
    Api("the table with a slash at the end", api("GET", "/api/routes/"), body="json", routes=X),
    Api("the whole table", api("GET", "/api/routes"), body="json",
        routes={"/": "A", "/user/zoe": {"target": "A", "user": "zoe", "server_name": "", "jupyterhub": True}}),
    Api("the table with an unknown query", api("GET", "/api/routes?x=1"), body="json", routes=X),
    Api("one route", api("GET", "/api/routes/x"), body="json", routes={"/x": {"target": "A", "user": "x"}}),
    Api("one route with a slash at the end", api("GET", "/api/routes/x/"), body="json", routes=X),
    Api("one route with an escape", api("GET", "/api/routes/%78"), body="json", routes=X),
    Api("a route that is not there", api("GET", "/api/routes/y"), routes=X),
    Api("a child of a route is not the route", api("GET", "/api/routes/x/y"), routes=X),
    Api("the parent of a route is not the route", api("GET", "/api/routes/x"), routes={"/x/y": "A"}),
    Api("a route named like a property of objects", api("GET", "/api/routes/constructor")),
    Api("the default target is the route /", api("GET", "/api/routes"), body="json",
        flags=("--default-target", "http://127.0.0.1:<D>"), fresh=True),
    Api("the default target can be replaced", api("POST", "/api/routes/", '{"target": "http://127.0.0.1:<A>", "hub": true}'),
        flags=("--default-target", "http://127.0.0.1:<D>"), table=True, fresh=True),
    Api("the default target can be deleted", api("DELETE", "/api/routes/"),
        flags=("--default-target=http://127.0.0.1:<D>",), table=True, fresh=True),
    # ---- reading by age
    Api("inactive_since in the future lists all", api("GET", "/api/routes?inactive_since=2999-01-01T00:00:00.000Z"),
        body="json", routes=X),
    Api("inactive_since in the past lists nothing", api("GET", "/api/routes?inactive_since=2001-01-01T00:00:00.000Z"),
        body="json", routes=X),
    Api("inactiveSince is the newer name", api("GET", "/api/routes?inactiveSince=2999-01-01T00:00:00Z"),
        body="json", routes=X),
    Api("the newer name wins", api("GET", "/api/routes?inactive_since=2999-01-01&inactiveSince=2001-01-01"),
        body="json", routes=X),
    Api("inactive_since as a date", api("GET", "/api/routes?inactive_since=2999-01-01"), body="json", routes=X),
    Api("inactive_since without a zone", api("GET", "/api/routes?inactive_since=2999-01-01T00:00:00"),
        body="json", routes=X),
    Api("inactive_since with an offset", api("GET", "/api/routes?inactive_since=2999-01-01T00:00:00%2B02:00"),
        body="json", routes=X),
    Api("inactive_since that is no time", api("GET", "/api/routes?inactive_since=yesterday"), routes=X),
    Api("inactive_since that is empty", api("GET", "/api/routes?inactive_since="), body="json", routes=X),
    Api("inactive_since on one route is ignored", api("GET", "/api/routes/x?inactive_since=yesterday"),
        body="json", routes=X),
    # ---- adding
    adds("a route is added", "/api/routes/x"),
    adds("a route without a path is /", "/api/routes"),
    adds("a route with an empty path is /", "/api/routes/"),
    adds("one slash at the end is cut", "/api/routes/x/"),
    adds("only one slash at the end is cut", "/api/routes/x//", fresh=True),
    adds("slashes inside stay", "/api/routes/x//y", fresh=True),
    adds("a query is no part of the path", "/api/routes/x?y=1"),
    adds("an escaped space", "/api/routes/user/a%20b"),
    adds("a name in UTF-8", "/api/routes/user/%E7%A7%80%E6%A8%B9"),
    adds("tilde and at", "/api/routes/user/~Test@Lab"),
    adds("tilde and at escaped", "/api/routes/user/%7ETest%40Lab"),
    adds("characters the newer hub does not escape", "/api/routes/user/x+y:z!,;=&$"),
    adds("the same characters escaped", "/api/routes/user/x%2By%3Az%21%2C%3B%3D%26%24%25"),
    adds("an escaped slash parts segments", "/api/routes/user/a%2Fb"),
    adds("dot segments are resolved", "/api/routes/a/../b/./c"),
    adds("escaped dot segments are resolved", "/api/routes/a/%2e%2e/b"),
    adds("dot segments cannot leave the API", "/api/routes/../routes/b"),
    adds("upper and lower case differ", "/api/routes/User/Zoe"),
    adds("the base URL of the hub's own tests", "/api/routes/@/space%20word"),
    adds("brackets and bars in a path", "/api/routes/x[1]|y"),
    adds("a host as the first segment", "/api/routes/river.example.org/user/river", flags=("--host-routing",)),
    adds("the root has no host", "/api/routes/", flags=("--host-routing",)),
    Api("a route is replaced whole", api("POST", "/api/routes/x", '{"target": "http://127.0.0.1:<A>", "b": 2}'),
        routes={"/x": {"target": "B", "a": 1}}, table=True, upstreams={"A": Upstream()}),
    adds("keys of every type come back", "/api/routes/x",
         '{"target": "http://127.0.0.1:<A>", "n": null, "t": true, "i": 12, "f": 1.5, "s": "\\u79c0\\u6a39 \\"q\\"", '
         '"l": [1, [], {}], "o": {"deep": {"er": []}}, "": "empty"}'),
    adds("raw UTF-8 in a body", "/api/routes/x", '{"target": "http://127.0.0.1:<A>", "user": "秀樹"}'),
    adds("a last_activity that was sent is overwritten", "/api/routes/x",
         '{"last_activity": "2001-01-01", "target": "http://127.0.0.1:<A>"}'),
    adds("a target with a path and a query", "/api/routes/x", '{"target": "http://127.0.0.1:<A>/base/?q=1"}'),
    adds("an https target", "/api/routes/x", '{"target": "https://127.0.0.1:<A>"}'),
    adds("a unix socket as a target", "/api/routes/x", '{"target": "http+unix://%2Fno%2Fwhere.sock"}'),
    adds("a unix socket in the older spelling", "/api/routes/x", '{"target": "unix+http://%2Fno%2Fwhere.sock"}'),
    adds("a target that is no URL", "/api/routes/x", '{"target": "not a url"}', body="none", differs="api-target-checked"),
    adds("a target with an unknown scheme", "/api/routes/x", '{"target": "gopher://127.0.0.1:70"}',
         body="none", differs="api-target-checked"),
    # ---- bodies
    adds("no target", "/api/routes/x", '{"user": "x"}'),
    adds("a target that is a number", "/api/routes/x", '{"target": 8888}'),
    adds("a target that is null", "/api/routes/x", '{"target": null}'),
    adds("a body that is a list", "/api/routes/x", '[]'),
    adds("a body that is a string", "/api/routes/x", '"http://127.0.0.1:1"'),
    adds("a body that is null", "/api/routes/x", 'null'),
    adds("a body that is no JSON", "/api/routes/x", '{"target": ', body="none"),
    adds("a body that is empty", "/api/routes/x", '', body="none"),
    Api("no body at all", api("POST", "/api/routes/x"), body="none", table=True),
    *[Api(f"JSON sent as {kind}", api("POST", "/api/routes/x", ROUTE, f"Content-Type: {kind}"), table=True,
          upstreams={"A": Upstream()})
      for kind in ("application/x-www-form-urlencoded", "text/plain; charset=utf-8", "application/json")],
    Api("a chunked body", "POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN +
        '\r\nTransfer-Encoding: chunked\r\n\r\n' + chunked('{"targ', 'et": "http://a.test:1"', '}').decode(), table=True),
    Api("a character cut in two by chunks", ("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nAuthorization: token " + TOKEN +
        '\r\nTransfer-Encoding: chunked\r\n\r\n').encode() +
        chunked(b'{"target": "http://a.test", "u": "\xc3', b'\xa9"}'), table=True,
        differs="api-split-characters"),
    Api("a body after 100 Continue", talk=(
        Send("POST /api/routes/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 27\r\n"
             f"Authorization: token {TOKEN}\r\n\r\n"),
        Send('{"target": "http://a.test"}'), Answer()), table=True),
    Api("a body of 900 kB", api("POST", "/api/routes/x",
                                '{"target": "http://a.test", "pad": "' + "x" * 900_000 + '"}')),
    Api("a body above 1 MiB", api("POST", "/api/routes/x",
                                  '{"target": "http://a.test", "pad": "' + "x" * 1_100_000 + '"}'),
        compare=("answer",), body="none", differs="api-body-limit"),
    # ---- deleting
    Api("a route is deleted", api("DELETE", "/api/routes/x"), routes=X, table=True),
    Api("a route is deleted with a slash at the end", api("DELETE", "/api/routes/x/"), routes=X, table=True),
    Api("a route is deleted by another spelling", api("DELETE", "/api/routes/user/has%40"),
        routes={"/user/has@": "A"}, table=True),
    Api("children stay when a route is deleted", api("DELETE", "/api/routes/x"), routes={"/x": "A", "/x/y": "A"},
        table=True),
    Api("a route that is not there cannot be deleted", api("DELETE", "/api/routes/y"), routes=X, table=True),
    Api("deleting with an empty body announced", api("DELETE", "/api/routes/x", None, "Content-Length: 0"), routes=X,
        table=True),
    Api("deleting with a body", api("DELETE", "/api/routes/x", "{}"), routes=X, table=True),
    Api("deleting without a path", api("DELETE", "/api/routes"), routes={"/": "A"}, table=True, fresh=True,
        chp_patience=1, differs="api-delete-without-path"),
    Api("deleting with two slashes at the end", api("DELETE", "/api/routes/x//"), routes={"/x/": "A"}, table=True,
        fresh=True, differs="api-delete-slashes"),
    # ---- methods and paths
    *[Api(f"{method} is not allowed", api(method, "/api/routes/x", "{}" if method in ("PUT", "PATCH") else None),
          routes=X, table=True, fields=("content-type",)) for method in ("PUT", "PATCH", "OPTIONS", "HEAD")],
    Api("a method that is not allowed needs no token", api("PUT", "/api/routes/x", "{}", token=None),
        fields=("content-type",)),
    Api("what is allowed is told", api("PUT", "/api/routes", "{}"), fields=("allow",), differs="api-allow"),
    Api("the list of sockets is for who knows the token", api("GET", "/api/connections", token="wrong"), body="none",
        compare=("answer",), differs="api-connections"),
    Api("the list of sockets can only be read", api("POST", "/api/connections", "{}"), fields=("allow",),
        compare=("answer",), differs="api-connections"),
    Api("the log level is for who knows the token", api("GET", "/api/log-level", token="wrong"), body="none",
        compare=("answer",), differs="api-log-level"),
    Api("the log level can be read", api("GET", "/api/log-level"), body="json", compare=("answer",),
        differs="api-log-level"),
    *[Api(f"nothing is at {path}", api("GET", path, token=None))
      for path in ("/", "/api", "/api/", "/api/routesx", "/routes", "/api/route", "/API/ROUTES", "/metrics")],
    Api("posting to an unknown path", api("POST", "/nothing", "{}", token=None)),
    Api("a path in absolute form", api("GET", "http://api/api/routes"), body="json", routes=X),
    Api("a path with dots", api("GET", "/other/../api/routes"), body="json", routes=X),
    Api("a bad escape in a GET", api("GET", "/api/routes/%zz"), compare=("answer",), body="none", chp_patience=1,
        differs="api-bad-escape"),
    Api("a bad escape in a POST", api("POST", "/api/routes/%zz", ROUTE), compare=("answer",), body="none",
        chp_patience=1, upstreams={"A": Upstream()}, differs="api-bad-escape"),
    Api("a bad escape in a DELETE", api("DELETE", "/api/routes/a%"), compare=("answer",), body="none", chp_patience=1,
        differs="api-bad-escape"),
    Api("an escape that is no UTF-8", api("GET", "/api/routes/%C3%28"), compare=("answer",), body="none",
        chp_patience=1, differs="api-bad-escape"),
    # ---- tokens
    *[Api(f"reading with {what}", api("GET", "/api/routes", None, *lines, token=None), routes=X, body=body)
      for what, lines, body in (
          ("no token", (), "text"),
          ("a wrong token", ("Authorization: token wrong",), "text"),
          ("a part of the token", (f"Authorization: token {TOKEN[:-1]}",), "text"),
          ("more than the token", (f"Authorization: token {TOKEN}x",), "text"),
          ("the scheme in upper case", (f"Authorization: TOKEN {TOKEN}",), "text"),
          ("no scheme", (f"Authorization: {TOKEN}",), "text"),
          ("two spaces", (f"Authorization: token   {TOKEN}",), "json"),
          ("words after the token", (f"Authorization: token {TOKEN} and more",), "json"),
          ("words before the scheme", (f"Authorization: Bearer token {TOKEN}",), "json"),
          ("the field in lower case", (f"authorization: token {TOKEN}",), "json"))],
    Api("reading with Bearer", api("GET", "/api/routes", None, f"Authorization: Bearer {TOKEN}", token=None), routes=X,
        body="json", differs="api-bearer"),
    Api("adding with a wrong token", api("POST", "/api/routes/y", '{"target": "http://a.test"}', token="wrong"),
        table=True),
    Api("deleting with a wrong token", api("DELETE", "/api/routes/x", token="wrong"), routes=X, table=True),
    Api("the token comes before the body", api("POST", "/api/routes/y", "no JSON", token="wrong"), body="none",
        compare=("answer",), differs="api-token-first"),
    Api("an API without a token", api("GET", "/api/routes", token=None), env={"CONFIGPROXY_AUTH_TOKEN": ""}, routes=X,
        body="json"),
    Api("an API without a token takes any", api("POST", "/api/routes/y", '{"target": "http://a.test"}', token="any"),
        env={"CONFIGPROXY_AUTH_TOKEN": ""}, table=True),
    # ---- connections
    Api("the connection is closed when asked for", api("GET", "/api/routes", None, "Connection: close"), body="json"),
    Api("HTTP/1.0 is closed after the answer", f"GET /api/routes HTTP/1.0\r\nAuthorization: token {TOKEN}\r\n\r\n",
        body="json"),
    Api("several calls on one connection", talk=(
        Send(api("GET", "/api/routes/x")), Answer(), Send(api("DELETE", "/api/routes/x")), Answer(),
        Send(api("GET", "/api/routes/x")), Answer()), routes={"/x": "A"}, body="json"),
    Api("reads sent at once are answered in order", talk=(
        Send(api("GET", "/api/routes/x") + api("GET", "/api/routes/y") + api("GET", "/nothing")),
        Answer(), Answer(), Answer()), routes={"/x": "A"}, body="json"),
    Api("writes sent at once are done in order", talk=(
        Send(api("POST", "/api/routes/y", '{"target": "http://a.test"}') + api("DELETE", "/api/routes/y") +
             api("GET", "/api/routes/y")), Answer(), Answer(), Answer()), table=True, differs="api-writes-in-order"),
    Api("a write is seen by the next request", talk=(
        Send(api("POST", "/api/routes/y", ROUTE)), Answer(), Anew("public"), Send(get("/y/1")), Answer(),
        Anew("api"), Send(api("DELETE", "/api/routes/y")), Answer(), Anew("public"), Send(get("/y/2")), Answer()),
        upstreams={"A": Upstream((ok("from A"),))}, body="page", compare=("answer", "connection", "upstreams")),
    Api("the API on a unix socket", api("GET", "/api/routes"), flags=("--api-socket", "<dir>/api.sock"), body="json",
        routes=X),
    # ---- activity
    *[Case(f"activity: {what}", request, routes={"/x": "A"}, activity="/x", upstreams={"A": upstream},
           compare=(), body="none")
      for what, request, upstream in (
          ("an answer of 200", get("/x"), Upstream((ok("hello"),))),
          ("an answer of 204", get("/x"), Upstream((b"HTTP/1.1 204 No Content\r\n\r\n",))),
          ("an answer of 302", get("/x"), Upstream((ok("", "Location: /y", status="302 Found"),))),
          ("an answer of 304", get("/x"), Upstream((b"HTTP/1.1 304 Not Modified\r\n\r\n",))),
          ("an answer of 404", get("/x"), Upstream((ok("", status="404 Not Found"),))),
          ("an answer of 500", get("/x"), Upstream((ok("", status="500 Internal Server Error"),))),
          ("a body refused with 403", "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody",
           Upstream((ok("", status="403 Forbidden"),))),
          ("a request of another route", get("/y"), Upstream()),
          ("nothing listens behind it", get("/x"), DEAD),
          ("a body for nothing that listens", "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody", DEAD))],
    Case("activity: reading the route does not count", api("GET", "/api/routes/x"), to="api", routes={"/x": "A"},
         activity="/x", compare=()),
]
