"""Which upstream gets a request, and what path it is told."""

from functools import partial

from harness.case import Case, Upstream, get, ok

Route = partial(Case, compare=("answer", "upstreams"), request_fields=(), framing=False, fields=())

USERS = {"/": "Hub", "/user/a": "A", "/user/ab": "B", "/user/a/sub": "C"}
HOSTS = {"/": "Hub", "/river.example.org": "A", "/river.example.org/user/x": "B"}


def to(name, path, routes=None, **more):
    """A GET of a path."""
    return Route(name, get(path), routes=USERS if routes is None else routes, **more)


def host(name, value, path="/user/x/y", **more):
    """A GET with a Host, routed by hosts."""
    return Route(name, get(path, host=value), **({"routes": HOSTS, "flags": ("--host-routing",)} | more))


def stripped(name, path, **more):
    """A GET whose prefix is not passed on."""
    return Route(name, get(path), **({"routes": {"/": "Hub", "/user/a": "A"}, "flags": ("--no-include-prefix",)} | more))


CASES = [
    # ---- the longest prefix, segment by segment
    to("the root", "/"),
    to("below the root", "/hub/login"),
    to("the parent of routes", "/user"),
    to("a route itself", "/user/a"),
    to("a route with a slash at the end", "/user/a/"),
    to("below a route", "/user/a/tree/x.ipynb"),
    to("a longer name is another segment", "/user/abc/x"),
    to("of two names the one that is whole", "/user/ab/x"),
    to("a route inside a route", "/user/a/sub/x"),
    to("a segment that only begins like a route", "/user/a/subway"),
    to("upper and lower case differ", "/USER/a/x"),
    to("a query does not route", "/hub?next=/user/a"),
    to("a route and a query", "/user/a?x=1&y=/user/ab"),
    to("a semicolon belongs to its segment", "/user/a;v=1/x"),
    to("nothing matches", "/other", {"/user/a": "A"}, body="page", fields=("content-type",)),
    to("the parent of the only route does not match", "/user", {"/user/a": "A"}, body="page", fields=("content-type",)),
    to("without any route", "/", {}, body="page", fields=("content-type",)),
    # ---- other spellings of the same path
    to("an escaped letter", "/user/%61/x"),
    to("an escaped letter early", "/%75ser/a/x"),
    to("an escaped slash parts segments", "/user/a%2Fsub/x"),
    to("an escaped slash in lower case", "/user%2fa/x"),
    to("dots are resolved", "/user/ab/../a/x"),
    to("a dot is resolved", "/user/./a/./x"),
    to("escaped dots are resolved", "/user/ab/%2e%2E/a/x"),
    to("dots after an escaped slash are not resolved", "/user/a%2F..%2Fab/x"),
    to("dots cannot leave the root", "/../../user/a/x"),
    to("dots at the end", "/user/a/x/.."),
    to("slashes below a route stay", "/user/a//x///y"),
    to("slashes inside a prefix do not match", "/user//a/x"),
    to("a slash at the end stays", "/user/a/x/"),
    to("two slashes at the end stay", "/user/a/x//"),
    to("a path in absolute form", "http://example.org/user/a/x?y=1"),
    to("an absolute form without a path", "http://example.org"),
    to("two slashes before a route", "//user/a/x", differs="routing-double-slash"),
    to("three slashes before a route", "///user/a/x", differs="routing-double-slash"),
    to("two slashes alone", "//", body="none", differs="routing-double-slash"),
    # ---- names users have
    *[to(f"the name {name!r} as {path}", path, {"/": "Hub", route: "A"})
      for name, route, path in (
          ("50fia", "/user/50fia", "/user/50fia/x"),
          ("秀樹", "/user/%E7%A7%80%E6%A8%B9", "/user/%E7%A7%80%E6%A8%B9/x"),
          ("秀樹", "/user/%E7%A7%80%E6%A8%B9", "/user/%e7%a7%80%e6%a8%b9/x"),
          ("~TestJH", "/user/~TestJH", "/user/~TestJH/x"),
          ("~TestJH", "/user/~TestJH", "/user/%7ETestJH/x"),
          ("has@", "/user/has@", "/user/has@/x"),
          ("has@", "/user/has@", "/user/has%40/x"),
          ("a b", "/user/a%20b", "/user/a%20b/x"),
          ("a b", "/user/a%20b", "/user/a+b/x"),
          ("x+y:z!,;=&$%", "/user/x%2By%3Az%21%2C%3B%3D%26%24%25", "/user/x+y:z!,;=&$%25/x"),
          ("x+y:z!,;=&$%", "/user/x%2By%3Az%21%2C%3B%3D%26%24%25", "/user/x%2By%3Az%21%2C%3B%3D%26%24%25/x"),
          ("[1]|y", "/user/[1]|y", "/user/[1]|y/x"),
          ("%41", "/user/%2541", "/user/%2541/x"),
          ("%41", "/user/%2541", "/user/A/x"))],
    to("a base URL with an escaped space", "/@/space%20word/hub/x", {"/@/space%20word": "A"}),
    to("a base URL below the escaped space", "/@/space%20word/user/a/x",
       {"/@/space%20word": "A", "/@/space%20word/user/a": "B"}),
    to("raw UTF-8 in a path", "/user/秀樹/x", {"/": "Hub", "/user/%E7%A7%80%E6%A8%B9": "A"}, body="none"),
    # ---- characters that URLs should not hold
    to("brackets and bars pass", "/user/a/[x]|y?[z]=|"),
    to("a double quote in the path", '/user/a/"x"', differs="routing-raw-characters"),
    to("a back-slash in the path", "/user/a/x\\y", differs="routing-raw-characters"),
    to("angle brackets in the path", "/user/a/<>", differs="routing-raw-characters"),
    to("braces in the path", "/user/a/{x}", differs="routing-raw-characters"),
    to("a quote in the query", "/user/a/x?q=\"y\"&r='z'", differs="routing-raw-characters"),
    to("a fragment is not passed on", "/user/a/x#y"),
    to("an apostrophe in the path", "/user/a/it's"),
    to("a bad escape in the query passes", "/user/a/x?q=%zz%"),
    # ---- paths that cannot be decoded
    *[to(f"the path {path} cannot be decoded", path, {"/": "Hub"}, body="none", differs="routing-bad-escape")
      for path in ("/user/a/%", "/%zz/x", "/user/%C3%28/x", "/user/%E7%A7")],
    # ---- segments named like properties of objects
    *[to(f"the segment {name}", f"/{name}/x", {"/": "Hub"}, body="none", differs="routing-object-names")
      for name in ("constructor", "toString", "hasOwnProperty")],
    to("the segment __proto__", "/__proto__/x", {"/": "Hub"}, body="none", differs="routing-object-names"),
    to("a segment named like a property below a route", "/user/a/valueOf", body="none", differs="routing-object-names"),
    # ---- by host
    host("a host with a route", "river.example.org", "/x"),
    host("a host and a path", "river.example.org"),
    host("a host with a port", "river.example.org:8000"),
    host("an unknown host", "lake.example.org"),
    host("a host is a whole segment", "river.example.org.evil.test"),
    host("a host in capitals", "River.Example.ORG", differs="host-names"),
    host("a host with a dot at the end", "river.example.org.", differs="host-names"),
    host("an IPv6 host", "[::1]:8000", routes={"/": "Hub", "/[::1]": "A"}, differs="host-names"),
    host("an empty host", "", "/x"),
    host("a path cannot choose a host", "lake.example.org", "/river.example.org/user/x"),
    host("dots cannot choose a host", "lake.example.org", "/../river.example.org/user/x"),
    host("by host without any route", "river.example.org", routes={}, body="page"),
    Route("no Host at all", "GET /x HTTP/1.0\r\n\r\n", routes=HOSTS, flags=("--host-routing",)),
    Route("a host does not route without the flag", get("/x", host="river.example.org"), routes=HOSTS),
    # ---- without the prefix
    stripped("the prefix is cut", "/user/a/x/y"),
    stripped("nothing is left of a route itself", "/user/a"),
    stripped("a slash is left", "/user/a/"),
    stripped("a query is left", "/user/a?x=1"),
    stripped("a path and a query are left", "/user/a/x?y=1"),
    stripped("escapes behind the prefix stay", "/user/a/%7Ex%2Fy"),
    stripped("the root has nothing to cut", "/hub/x"),
    stripped("an escaped prefix", "/user/%61/x", differs="prefix-cut"),
    stripped("a name of several bytes", "/user/%E7%A7%80/x", routes={"/user/%E7%A7%80": "A"}, differs="prefix-cut"),
    stripped("an absolute form", "http://example.org/user/a/x", differs="prefix-cut"),
    Route("by host only the path is cut", get("/user/x/y", host="river.example.org"), routes=HOSTS,
          flags=("--host-routing", "--no-include-prefix"), differs="prefix-cut"),
    stripped("a target's path takes the prefix's place", "/user/a/x", routes={"/user/a": "http://127.0.0.1:<A>/base"}),
    # ---- targets with a path
    *[to(f"the target …{tail} and the path {path}", path, {"/x": f"http://127.0.0.1:<A>{tail}"})
      for tail, path in (("/", "/x/y"), ("/base", "/x/y"), ("/base/", "/x/y"), ("/base/", "/x"), ("/base//", "/x/"),
                         ("?k=v", "/x/y"), ("/base?k=v", "/x/y?z=1"), ("/base/%20b", "/x/%20"), ("/b/../c", "/x"))],
    *[Route(f"--no-prepend-path: the target …{tail} and the path {path}", get(path),
            routes={"/x": f"http://127.0.0.1:<A>{tail}"}, flags=("--no-prepend-path",))
      for tail, path in (("/base", "/x/y"), ("/base?k=v", "/x?z=1"))],
    Route("neither path nor prefix", get("/x/y?z=1"), routes={"/x": "http://127.0.0.1:<A>/base"},
          flags=("--no-prepend-path", "--no-include-prefix")),
    # ---- where targets can be
    to("a target by name", "/x", {"/x": "http://localhost:<A>"}),
    to("a target with an IPv6 address", "/x", {"/x": "http://[::1]:<A>"}, upstreams={"A": Upstream(ipv6=True)}),
    to("a target on a unix socket", "/x/y", {"/x": "http+unix://<A>"}, upstreams={"A": Upstream(socket_file=True)}),
    to("a target on a unix socket in the older spelling", "/x/y", {"/x": "unix+http://<A>"},
       upstreams={"A": Upstream(socket_file=True)}),
    to("a target on a unix socket with a path", "/x/y", {"/x": "http+unix://<A>/base"},
       upstreams={"A": Upstream(socket_file=True)}),
    Route("the default target", get("/x"), flags=("--default-target", "http://127.0.0.1:<D>"), fresh=True,
          upstreams={"D": Upstream((ok("by default"),))}),
    Route("the default target with a path", get("/x?y"), flags=("--default-target", "http://127.0.0.1:<D>/base/?k"),
          fresh=True),
    # ---- health
    *[Case(f"health: {name}", request, routes=routes, flags=flags, framing=False,
           compare=("answer", "connection", "upstreams"), request_fields=())
      for name, request, routes, flags in (
          ("a GET", get("/_chp_healthz"), {}, ()),
          ("a HEAD", get("/_chp_healthz", method="HEAD"), {"/": "A"}, ()),
          ("a POST", "POST /_chp_healthz HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi", {"/": "A"}, ()),
          ("asked by a probe", get("/_chp_healthz", "Connection: close", host="10.0.0.1:8000"), {"/": "A"}, ()),
          ("by any host", get("/_chp_healthz", host="river.example.org"), HOSTS, ("--host-routing",)),
          ("a query makes it another path", get("/_chp_healthz?x"), {"/": "A"}, ()),
          ("a slash makes it another path", get("/_chp_healthz/"), {"/": "A"}, ()),
          ("below it", get("/_chp_healthz/x"), {"/": "A"}, ()))],
    # ---- readiness
    *[Case(f"readiness: {name}", request, routes={"/": "A"}, framing=False,
           compare=("answer", "connection", "upstreams"), request_fields=(), differs="ready-path")
      for name, request in (
          ("a GET", get("/_chp_readyz")),
          ("with a query", get("/_chp_readyz?x")),
          ("with a slash", get("/_chp_readyz/")))],
    Case("readiness: below it", get("/_chp_readyz/x"), routes={"/": "A"}, framing=False,
         compare=("answer", "connection", "upstreams"), request_fields=()),
]
