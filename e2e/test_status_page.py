"""The status page of the REST API in a real browser."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from harness.browser import Browser
from harness.command import E2E_ROOT, OUTPUT_ROOT
from harness.external import ChartProxy
from harness.waiting import wait_until

pytestmark = pytest.mark.browser

SCREENSHOT = OUTPUT_ROOT / "status-page.png"
TLS = E2E_ROOT.parent / "proxy-core" / "src" / "test" / "resources" / "tls" / "openssl"
HOSTILE = "/user/<img src=x onerror=\"document.title='broken'\"></th><script>document.title='broken'</script>"


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """Where the test's logs and files stay after the run."""
    return OUTPUT_ROOT / request.node.name


@pytest.fixture
def proxy(folder: Path) -> Iterator[ChartProxy]:
    started = ChartProxy(folder)
    yield started
    started.process.stop()


class Upstream:
    """A server whose answers come when the test wants it."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        gate = self.gate

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if "slow" in self.path:
                    gate.wait(600)
                body = b"x" * 200_000
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    started = Upstream()
    yield started
    started.close()


def add_routes(proxy: ChartProxy, routes: dict[str, str]) -> None:
    """Over one connection: there may be many."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.address.api_port, timeout=60)
    for path, target in routes.items():
        connection.request("POST", "/api/routes" + quote(path), json.dumps({"target": target}),
                           {"Authorization": f"token {proxy.address.token}"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 201, path
    connection.close()


def visit(browser: Browser, proxy: ChartProxy, scheme: str = "http") -> None:
    """Opens the page and shows the token."""
    browser.driver.get(f"{scheme}://127.0.0.1:{proxy.address.api_port}/")
    sign_in(browser, proxy.address.token)
    browser.see("the routes", "#routes-count", " of ")


def sign_in(browser: Browser, token: str) -> None:
    browser.see("the form for the token", "#token").send_keys(token, Keys.ENTER)


def rows(browser: Browser) -> list[list[str]]:
    """The table of routes, as it is to be read."""
    return browser.driver.execute_script(
        "return [...document.querySelectorAll('#routes tr')].map(row => [...row.children].map(cell => cell.textContent))")


def polls(browser: Browser) -> int:
    """How often the page has asked since it was opened."""
    return browser.driver.execute_script(
        "return performance.getEntriesByType('resource').filter(each => each.name.endsWith('/api/status')).length")


def complaints(browser: Browser) -> list[str]:
    """What the browser did not run or load since the page's policy forbids it, and scripts that broke."""
    return [entry["message"] for entry in browser.driver.get_log("browser")
            if "Security Policy" in entry["message"] or "Uncaught" in entry["message"]]


def test_the_token_is_asked_for_once(browser: Browser, proxy: ChartProxy) -> None:
    add_routes(proxy, {"/user/ada": "http://127.0.0.1:1"})
    browser.driver.get(f"http://127.0.0.1:{proxy.address.api_port}/")
    browser.see("the form for the token", "#token")
    assert not browser.driver.find_element(By.ID, "content").is_displayed()

    sign_in(browser, "wrong")
    browser.see("what is wrong", "#state", "This token is not valid.")
    assert browser.driver.execute_script("return sessionStorage.length") == 0
    sign_in(browser, proxy.address.token)
    browser.see("the route", "#routes th", "/user/ada")
    browser.see("its version", "#facts", "Jove ")
    browser.see("the limits", "#limits", "upstream sockets")
    assert browser.driver.execute_script("return localStorage.length") == 0

    browser.driver.refresh()
    browser.see("the route", "#routes th", "/user/ada")
    assert not browser.driver.find_element(By.ID, "sign-in").is_displayed()
    browser.click("the button that forgets", "#forget")
    browser.see("the form for the token", "#token")
    assert browser.driver.execute_script("return sessionStorage.length") == 0
    assert complaints(browser) == []


def test_names_of_routes_are_text(browser: Browser, proxy: ChartProxy) -> None:
    hostile_target = "http://127.0.0.1:1/<script>document.title='broken'</script>"
    add_routes(proxy, {HOSTILE: hostile_target, "/user/__proto__": "http://127.0.0.1:1", "/user/\u202eabc": "http://127.0.0.1:1"})
    visit(browser, proxy)

    shown = {row[0]: row[1] for row in rows(browser)}
    assert set(shown) == set(proxy.table()) >= {"/user/__proto__", "/user/\u202eabc"}
    assert [name for name in shown if "<img src=x onerror=" in name] != []
    assert shown == {path: route["target"] for path, route in proxy.table().items()}
    inside = "return document.querySelectorAll('main img, main script, main a, main iframe').length"
    assert browser.driver.execute_script(inside) == 0
    assert browser.driver.title == "Jove: status"
    assert complaints(browser) == []


def test_the_policy_runs_no_script_of_another(browser: Browser, proxy: ChartProxy) -> None:
    """Even if a name ever came into the page as HTML."""
    visit(browser, proxy)
    browser.driver.execute_script("document.getElementById('facts').innerHTML = arguments[0]", HOSTILE)
    wait_until("the browser says what it did not run", lambda: complaints(browser) != [])
    assert browser.driver.title == "Jove: status"


def test_ten_thousand_routes_can_be_searched(browser: Browser, proxy: ChartProxy) -> None:
    add_routes(proxy, {f"/user/u{i:05}": f"http://10.0.0.{i % 250}:8888" for i in range(10_000)})
    visit(browser, proxy)

    browser.see("how many there are", "#routes-count", "10,001 of 10,001 routes, the first 200 are shown")
    assert len(rows(browser)) == 200
    search = browser.driver.find_element(By.ID, "search")
    search.send_keys("u0998")
    browser.see("how many were found", "#routes-count", "10 of 10,001 routes")
    assert [row[0] for row in rows(browser)] == [f"/user/u{i:05}" for i in range(9980, 9990)]
    search.send_keys(Keys.BACKSPACE * 5, "10.0.0.249:8888")
    browser.see("how many were found by target", "#routes-count", "40 of 10,001 routes")


def test_sockets_and_traffic_are_shown(browser: Browser, proxy: ChartProxy, upstream: Upstream) -> None:
    add_routes(proxy, {f"/user/{name}": upstream.url for name in
                       ("ada", "ben", "cleo", "dora", "emil", "fay", "gus", "hana", "ivo", "june", "kim", "lea")})
    waiting = [http.client.HTTPConnection("127.0.0.1", proxy.address.port, timeout=600) for _ in range(3)]
    for connection in waiting:
        connection.request("GET", "/user/ada/slow")
    # The screen of a laptop, for the picture in the documents.
    browser.driver.set_window_size(1280, 1050)
    visit(browser, proxy)
    browser.driver.find_element(By.ID, "order").send_keys("m")

    def of_ada() -> str:
        return next(row[3] for row in rows(browser) if row[0] == "/user/ada")

    # A client and an upstream for each request.
    wait_until("the sockets of the route are shown", lambda: of_ada() == "6", ignoring=(StopIteration,))
    wait_until("the phase of the sockets is shown",
               lambda: ["awaiting response", "3"] in [row[:2] for row in _table(browser, "phases")])
    session = requests.Session()
    session.trust_env = False

    def a_line_is_drawn() -> bool:
        for name in ("ben", "cleo", "dora"):
            assert session.get(f"http://127.0.0.1:{proxy.address.port}/user/{name}/", timeout=60).status_code == 200
        text = browser.driver.execute_script("return document.querySelector('#charts svg polyline').getAttribute('points')")
        heights = {float(point.split(",")[1]) for point in (text or "").split()}
        return len(heights) > 8
    wait_until("the chart of bytes has a line that moves", a_line_is_drawn)
    label = browser.driver.find_element(By.CSS_SELECTOR, "#charts svg").get_attribute("aria-label")
    assert label.startswith("To clients: now ")
    browser.driver.save_screenshot(str(SCREENSHOT))
    upstream.gate.set()
    for connection in waiting:
        connection.getresponse().read()
        connection.close()
    wait_until("the sockets are gone from the page", lambda: of_ada() == "0", ignoring=(StopIteration,))
    session.close()


def _table(browser: Browser, body: str) -> list[list[str]]:
    return browser.driver.execute_script(
        "return [...document.getElementById(arguments[0]).rows].map(row => [...row.cells].map(cell => cell.textContent))", body)


def test_it_can_be_read_on_a_phone_and_in_the_dark(browser: Browser, proxy: ChartProxy) -> None:
    add_routes(proxy, {"/user/" + "long" * 30: "http://a-very-long-name-of-a-server.namespace.svc.cluster.local:8888"})
    visit(browser, proxy)
    body = "return getComputedStyle(document.body).backgroundColor"
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "light"}]})
    light = browser.driver.execute_script(body)
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    assert browser.driver.execute_script(body) != light

    for width in (320, 390, 800, 1400):
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 844, "deviceScaleFactor": 2, "mobile": width < 500})
        wide = browser.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} pixels wide on a screen of {width}"
        outside = browser.driver.execute_script("""
            return [...document.querySelectorAll('#routes th, #routes td')].filter(cell => {
                const place = cell.getBoundingClientRect();
                return place.right > innerWidth + 1 || place.width < 1;
            }).length""")
        assert outside == 0, f"{outside} cells of the table of routes cannot be seen on a screen of {width}"
        browser.driver.save_screenshot(str(OUTPUT_ROOT / f"status-page-{width}.png"))


def test_the_keyboard_is_enough(browser: Browser, proxy: ChartProxy) -> None:
    browser.driver.get(f"http://127.0.0.1:{proxy.address.api_port}/")
    browser.see("the form for the token", "#token")
    focused = "return document.activeElement.id"
    wait_until("the field for the token has the focus", lambda: browser.driver.execute_script(focused) == "token")
    browser.press(proxy.address.token, Keys.ENTER)
    browser.see("the routes", "#routes-count", "1 of 1 routes")
    reached = []
    for _ in range(20):
        browser.press(Keys.TAB)
        reached.append(browser.driver.execute_script(
            "const at = document.activeElement; return at.id || at.getAttribute('aria-labelledby')"))
    assert {"forget", "search", "order", "routes-heading", "sockets-heading"} <= set(reached)
    unnamed = browser.driver.execute_script("""
        return [...document.querySelectorAll('input, select, meter, svg, [tabindex]')].filter(
            each => !each.labels?.length && !each.getAttribute('aria-label') && !each.getAttribute('aria-labelledby')).length""")
    assert unnamed == 0


def test_a_tab_that_is_not_seen_asks_nothing(browser: Browser, proxy: ChartProxy) -> None:
    visit(browser, proxy)
    wait_until("the page asks again", lambda: polls(browser) >= 2)
    hide = "Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});" \
           "document.dispatchEvent(new Event('visibilitychange'))"
    browser.driver.execute_script(hide, True)
    seen = browser.driver.execute_async_script("""
        const asked = () => performance.getEntriesByType('resource').length, done = arguments[0];
        // What was under way may still end.
        setTimeout(() => { const before = asked(); setTimeout(() => done(asked() - before), 5000); }, 1000);""")
    assert seen == 0
    before = polls(browser)
    browser.driver.execute_script(hide, False)
    wait_until("the page asks again when it is seen", lambda: polls(browser) > before)


def test_a_token_that_is_not_valid_any_more_is_asked_for_again(browser: Browser, proxy: ChartProxy, folder: Path) -> None:
    token_file = folder / "token"
    token_file.write_text(proxy.address.token)
    proxy.process.stop()
    proxy.start(more_env={"CONFIGPROXY_AUTH_TOKEN": "", "CONFIGPROXY_AUTH_TOKEN_FILE": str(token_file)})
    visit(browser, proxy)
    token_file.write_text("another")
    os.kill(proxy.process.pid, signal.SIGHUP)

    browser.see("why it asks", "#state", "This token is not valid.")
    browser.see("the form for the token", "#token")
    assert rows(browser) == []
    stopped_at = polls(browser)
    seen = browser.driver.execute_async_script("""
        const done = arguments[0];
        setTimeout(() => done(performance.getEntriesByType('resource').filter(
            each => each.name.endsWith('/api/status')).length), 5000);""")
    assert seen == stopped_at
    sign_in(browser, "another")
    browser.see("the routes", "#routes-count", "1 of 1 routes")


def test_a_proxy_that_comes_back_is_shown_again(browser: Browser, proxy: ChartProxy) -> None:
    visit(browser, proxy)
    proxy.process.stop()
    browser.see("that nobody answers", "#state.bad", "No answer")
    proxy.start()
    browser.see("the new process", "#state:not(.bad)", "Updated ")
    assert browser.driver.find_element(By.ID, "content").is_displayed()


def test_a_rest_api_with_tls_has_the_page_too(folder: Path, tmp_path: Path) -> None:
    proxy = ChartProxy(folder, [f"--api-ssl-key={TLS / 'server.key'}", f"--api-ssl-cert={TLS / 'server.crt'}"])
    try:
        # The certificate is one of the tests' own.
        browser = Browser(tmp_path / "profile", "--ignore-certificate-errors")
        try:
            visit(browser, proxy, "https")
            assert [row[0] for row in rows(browser)] == ["/"]
            assert complaints(browser) == []
        finally:
            browser.driver.quit()
    finally:
        proxy.process.stop()


def test_an_open_rest_api_asks_for_no_token(browser: Browser, proxy: ChartProxy) -> None:
    proxy.process.stop()
    proxy.start(more_env={"CONFIGPROXY_AUTH_TOKEN": ""})
    browser.driver.get(f"http://127.0.0.1:{proxy.address.api_port}/")
    browser.see("the routes", "#routes-count", "1 of 1 routes")
    assert not browser.driver.find_element(By.ID, "sign-in").is_displayed()


def test_looking_does_not_confirm_restored_routes(browser: Browser, folder: Path) -> None:
    state = folder / "state"
    proxy = ChartProxy(folder, [f"--state-dir={state}"])
    try:
        add_routes(proxy, {"/user/ada": "http://127.0.0.1:1"})
        proxy.kill()
        proxy.start([f"--state-dir={state}"])
        visit(browser, proxy)
        browser.see("that the hub has not looked", "#health", "1 not confirmed by the hub")
        asked = polls(browser)
        wait_until("the page has asked for the status again", lambda: polls(browser) > asked + 1)
        browser.see("when the hub looked", "#health", "has not read the routes yet")
    finally:
        proxy.process.stop()
