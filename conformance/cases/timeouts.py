"""Time limits. The only area in which time passes on purpose."""

from functools import partial

from harness.case import (SWITCH, UPGRADE, Answer, Bytes, Case, Head, Hold, Pause, Quiet, Rest, Send, Upstream, get, ok)

Limit = partial(Case, routes={"/": "A"}, request_fields=(), framing=False, compare=("answer",))
SILENT = {"A": Upstream(((),))}
DRIPS = {"A": Upstream(((Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1"), Pause(2), Send("2"), Pause(2), Send("3"),
                         Pause(2), Send("4")),))}
ECHO = {"A": Upstream(((Send(SWITCH), Bytes(5), Send("hi"), Hold()),))}
OPEN = (Send(get("/ws", *UPGRADE)), Head(), Quiet(4), Send("hello"), Bytes(2))

CASES = [
    Limit("--timeout drops a client without an answer", get("/"), flags=("--timeout", "1000"), upstreams=SILENT,
          not_before=0.9),
    Limit("--proxy-timeout answers 503", get("/"), flags=("--proxy-timeout", "1000"), upstreams=SILENT, body="page",
          not_before=0.9, compare=("answer", "connection")),
    Limit("--proxy-timeout for a POST", get("/", "Content-Length: 2", method="POST") + "hi",
          flags=("--proxy-timeout", "1000"), upstreams=SILENT, body="page", not_before=0.9),
    Limit("the shorter of both limits acts", get("/"), flags=("--timeout", "20000", "--proxy-timeout", "1000"),
          upstreams=SILENT, body="page", not_before=0.9),
    Limit("--proxy-timeout counts silence", get("/"), flags=("--proxy-timeout", "5000"), upstreams=DRIPS, not_before=5.9),
    Limit("--timeout counts silence", get("/"), flags=("--timeout", "5000"), upstreams=DRIPS, not_before=5.9),
    Limit("--timeout leaves websockets alone", talk=OPEN, flags=("--timeout", "3000"), upstreams=ECHO, fields=()),
    Limit("--proxy-timeout leaves websockets alone", talk=OPEN, flags=("--proxy-timeout", "3000"), upstreams=ECHO,
          fields=()),
    Limit("--proxy-timeout does not bound an upgrade that is answered in time", talk=OPEN,
          flags=("--proxy-timeout", "20000"), upstreams=ECHO, fields=()),
    Limit("an answer in time", get("/"), flags=("--timeout", "20000", "--proxy-timeout", "20000"),
          upstreams={"A": Upstream(((Pause(1), Send(ok("late"))),))}),
    Limit("an idle connection is closed after five seconds", talk=(Send(get("/")), Answer(), Rest()), not_before=4.5),
    Limit("--keep-alive-timeout closes idle connections earlier", talk=(Send(get("/")), Answer(), Rest()),
          flags=("--keep-alive-timeout", "1500"), not_before=1.4),
    Limit("--keep-alive-timeout does not end a slow answer", get("/"), flags=("--keep-alive-timeout", "500"),
          upstreams={"A": Upstream(((Pause(1.5), Send(ok("late"))),))}),
    Limit("--keep-alive-timeout keeps idle connections longer", talk=(
        Send(get("/")), Answer(), Quiet(6), Send(get("/")), Answer()), flags=("--keep-alive-timeout=60000",)),
    Limit("the keep-alive time is told", get("/_chp_healthz"), flags=("--keep-alive-timeout", "7000"),
          fields=("connection", "keep-alive")),
    Limit("the keep-alive time is told by default", get("/_chp_healthz"), fields=("connection", "keep-alive")),
]
