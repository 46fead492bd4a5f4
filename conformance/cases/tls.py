"""TLS on every side: listeners, clients' certificates, targets, and the redirect from plain HTTP."""

from functools import partial

from harness.case import (SWITCH, UPGRADE, Answer, Bytes, Case, Close, Head, Hold, Send, Tls, Upstream, api, get, ok)

KEY = ("--ssl-key", "<file:server.key>", "--ssl-cert", "<file:server.crt>")
API_KEY = ("--api-ssl-key", "<file:server.key>", "--api-ssl-cert", "<file:server.crt>")
CLIENT_CA = ("--client-ssl-ca", "<file:ca.crt>")
CLIENT = (*CLIENT_CA, "--client-ssl-key", "<file:client.key>", "--client-ssl-cert", "<file:client.crt>")

ANY = Tls(ca="ca.crt", server_name="localhost")
KNOWN = Tls(ca="ca.crt", cert="client.crt", key="client.key")
STRANGER = Tls(ca="ca.crt", cert="stranger.crt", key="stranger.key")

Secure = partial(Case, routes={"/": "A"}, tls=ANY, request_fields=())
Behind = partial(Case, framing=False, fields=(), request_fields=(), body="page")
SERVER = Tls(cert="server.crt", key="server.key")
DEMANDING = Tls(cert="server.crt", key="server.key", ca="ca.crt", demand=True)
ELSEWHERE = Tls(cert="elsewhere.crt", key="elsewhere.key")


def reaches(name, send=get("/_chp_healthz"), **more):
    """A request that needs no route: whether the client gets through at all."""
    return Case(name, send, compare=("answer",), framing=False, **more)


def behind(name, server, host="localhost", flags=CLIENT_CA, target="https://127.0.0.1:<A>", **more):
    """A request to an https target."""
    return Behind(name, get("/x", host=host), routes={"/": target}, flags=flags,
                  upstreams={"A": Upstream((ok("behind TLS"),), tls=server)}, **({"compare": ("answer", "upstreams")} | more))


def redirect(name, request, *flags, **more):
    """A request to the redirect listener."""
    return Case(name, request, to="redirect", flags=(*KEY, "--redirect-port", "<redirect>", *flags), framing=False,
                **({"compare": ("answer", "connection")} | more))


CASES = [
    # ---- the public listener
    Secure("a request over TLS", get("/x"), flags=KEY, request_fields=None),
    Secure("a request over TLS with a port", get("/x", "X-Forwarded-Proto: http", host="h:8443"), flags=KEY,
           request_fields=None),
    Secure("a websocket over TLS", talk=(Send(get("/ws", *UPGRADE)), Head(), Send("hello"), Bytes(2)), flags=KEY,
           request_fields=("x-forwarded-proto", "x-forwarded-port"),
           upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}),
    Secure("two requests on one TLS connection", talk=(Send(get("/1")), Answer(), Send(get("/2")), Answer()), flags=KEY),
    Secure("a megabyte over TLS", get("/x"), flags=KEY, upstreams={"A": Upstream((ok("0123456789abcdef" * 65536),))}),
    reaches("a client without a server name", tls=Tls(ca="ca.crt"), flags=KEY),
    reaches("the API stays plain", api("GET", "/api/routes"), to="api", flags=KEY, body="json"),
    Case("plain HTTP on the TLS port", get("/"), flags=KEY, compare=("answer",), framing=False, body="none"),
    # ---- forms of keys and chains
    *[reaches(f"a key in the form of {name}", tls=ANY, flags=("--ssl-key", f"<file:{file}>", "--ssl-cert",
                                                             "<file:server.crt>"), env=env)
      for name, file, env in (
          ("PKCS#1", "server-pkcs1.key", {}),
          ("encrypted PKCS#8", "server-encrypted.key", {"CONFIGPROXY_SSL_KEY_PASSPHRASE": "open sesame"}),
          ("encrypted PKCS#1", "server-legacy-encrypted.key", {"CONFIGPROXY_SSL_KEY_PASSPHRASE": "open sesame"}))],
    reaches("a key of an elliptic curve", tls=ANY, flags=("--ssl-key=<file:ec.key>", "--ssl-cert=<file:ec.crt>")),
    reaches("a chain with text before it", tls=ANY, flags=("--ssl-key=<file:server.key>", "--ssl-cert=<file:chain.crt>")),
    # ---- protocols and ciphers
    *[reaches(f"{client} with {' '.join(flags) or 'the defaults'}", flags=(*KEY, *flags),
             tls=Tls(versions=(client, client)))
      for client, flags in (("TLSv1_2", ()), ("TLSv1_3", ()), ("TLSv1_2", ("--ssl-protocol", "TLSv1_2")),
                            ("TLSv1_3", ("--ssl-protocol", "TLSv1_2")))],
    reaches("a cipher that is in the list", flags=(*KEY, "--ssl-ciphers", "ECDHE-RSA-AES256-GCM-SHA384"),
           tls=Tls(versions=("TLSv1_2", "TLSv1_2"), ciphers="ECDHE-RSA-AES256-GCM-SHA384")),
    reaches("a cipher that is not in the list", flags=(*KEY, "--ssl-ciphers", "ECDHE-RSA-AES256-GCM-SHA384"),
           tls=Tls(versions=("TLSv1_2", "TLSv1_2"), ciphers="ECDHE-RSA-AES128-GCM-SHA256")),
    reaches("RC4 does no harm", flags=(*KEY, "--ssl-allow-rc4"), tls=ANY),
    reaches("own Diffie-Hellman parameters do no harm", flags=(*KEY, "--ssl-dhparam", "<file:dhparam.pem>"), tls=ANY),
    # ---- clients' certificates on the public listener
    *[reaches(f"{what} with {'both flags' if len(flags) > 1 else flags[0]}", tls=tls,
             flags=(*KEY, "--ssl-ca", "<file:ca.crt>", *flags))
      for flags in (("--ssl-request-cert",), ("--ssl-request-cert", "--ssl-reject-unauthorized"))
      for what, tls in (("a client without a certificate", ANY), ("a known client", KNOWN),
                        ("a stranger", STRANGER))],
    reaches("nobody asks for a certificate", tls=STRANGER, flags=(*KEY, "--ssl-ca", "<file:ca.crt>")),
    reaches("one flag alone asks for nothing", tls=ANY, flags=(*KEY, "--ssl-ca", "<file:ca.crt>",
                                                              "--ssl-reject-unauthorized")),
    # ---- the API listener
    reaches("the API over TLS", api("GET", "/api/routes"), to="api", flags=API_KEY, tls=ANY, body="json"),
    *[reaches(f"the API asked by {what}", api("GET", "/api/routes"), to="api", tls=tls, body="json",
             flags=(*API_KEY, "--api-ssl-ca", "<file:both-ca.crt>" if what == "a second authority's client" else
                    "<file:ca.crt>", "--api-ssl-request-cert", "--api-ssl-reject-unauthorized"))
      for what, tls in (("a client without a certificate", ANY), ("a known client", KNOWN), ("a stranger", STRANGER),
                        ("a second authority's client", STRANGER))],
    reaches("the API's key is encrypted", api("GET", "/api/routes"), to="api", tls=ANY, body="json",
           env={"CONFIGPROXY_API_SSL_KEY_PASSPHRASE": "open sesame"},
           flags=("--api-ssl-key", "<file:server-encrypted.key>", "--api-ssl-cert", "<file:server.crt>")),
    # ---- https targets
    behind("a target with a good certificate", SERVER),
    behind("a target with a good certificate and a path", SERVER, target="https://127.0.0.1:<A>/base"),
    behind("a target by name", SERVER, target="https://localhost:<A>"),
    behind("a target that wants a certificate", DEMANDING, flags=CLIENT),
    behind("a target that wants a certificate and gets none", DEMANDING),
    behind("a target of an unknown authority", SERVER, flags=()),
    behind("the flags about requests change nothing", SERVER,
           flags=(*CLIENT, "--client-ssl-request-cert", "--client-ssl-reject-unauthorized")),
    behind("a target's name is checked, not the client's Host", SERVER, host="example.org", differs="target-name"),
    behind("a Host cannot make a wrong certificate right", ELSEWHERE, host="elsewhere.test", differs="target-name"),
    behind("a target with another's certificate", ELSEWHERE, host="localhost"),
    behind("--insecure", SERVER, flags=("--insecure",), differs="insecure"),
    behind("--insecure and another's certificate", ELSEWHERE, flags=("--insecure",), differs="insecure"),
    Behind("a plain target called https", get("/x"), routes={"/": "https://127.0.0.1:<A>"}, compare=("answer",),
           upstreams={"A": Upstream(on_connect=(Bytes(5), Send("nonsense"), Close()))}),
    Behind("an https target called plain", get("/x"), routes={"/": "A"}, compare=("answer",),
           upstreams={"A": Upstream((ok("behind TLS"),), tls=SERVER)}),
    Case("a websocket to an https target", talk=(Send(get("/ws", *UPGRADE, host="localhost")), Head(), Send("hello"), Bytes(2)),
         flags=CLIENT, routes={"/": "https://127.0.0.1:<A>"}, request_fields=("x-forwarded-proto",), fields=(),
         upstreams={"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),), tls=DEMANDING)}),
    Behind("an https error target", get("/x", host="localhost"), flags=(*CLIENT, "--error-target", "https://127.0.0.1:<E>/err"),
           upstreams={"E": Upstream((ok("sorry"),), tls=DEMANDING)}, body="text", fresh=True),
    # ---- from plain HTTP to TLS
    redirect("a path and a query go along", get("/a%20b?x=1", host="proxy.test")),
    redirect("the port is replaced", get("/", host="proxy.test:80")),
    redirect("another port than the own", get("/", host="proxy.test:80"), "--redirect-to", "8443"),
    redirect("the standard port is not written", get("/", host="proxy.test"), "--redirect-to", "443",
             differs="redirect-standard-port"),
    redirect("an IPv6 host", get("/x", host="[::1]"), differs="redirect-ipv6"),
    redirect("an IPv6 host and port", get("/x", host="[::1]:8000"), differs="redirect-ipv6"),
    redirect("no Host", "GET /x HTTP/1.0\r\n\r\n", body="none"),
    redirect("a POST", get("/x", "Content-Length: 2", method="POST") + "hi"),
    redirect("a HEAD", get("/x", method="HEAD")),
    redirect("a websocket", get("/x", *UPGRADE), compare=("answer",)),
    redirect("the health path is redirected", get("/_chp_healthz")),
    redirect("an absolute form", get("http://proxy.test/x", host="proxy.test"), differs="redirect-absolute"),
    redirect("two slashes", get("//elsewhere.test/x", host="proxy.test")),
]
