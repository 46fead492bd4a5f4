"""JupyterLab in a real browser: signing in, writing a cell, seeing its output, saving."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from harness.command import OUTPUT_ROOT, prerequisite
from harness.hub import PASSWORD, HubSetup, RealHub
from harness.processes import note_log_file
from harness.waiting import wait_until

pytestmark = pytest.mark.browser

SCREENSHOT = OUTPUT_ROOT / "jupyterlab.png"
SCREENSHOT_OF_FAILURE = OUTPUT_ROOT / "jupyterlab-failure.png"

_CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,900",
    # Nothing of the browser itself may look for anything outside this machine.
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--no-proxy-server",
]


class Browser:
    """A headless Chromium, asked for things on the page until they are there."""

    def __init__(self, profile: Path) -> None:
        chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        prerequisite(chromium is not None and driver is not None, "Debian's packages chromium and chromium-driver")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in [*_CHROMIUM_FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        log_file = OUTPUT_ROOT / "chromedriver.log"
        note_log_file(log_file)
        self.driver = webdriver.Chrome(
            options=options, service=webdriver.ChromeService(driver, log_output=str(log_file)))
        self.driver.set_page_load_timeout(180)

    def see(self, what: str, selector: str, text: str = "") -> WebElement:
        """Waits until an element that matches is visible and, if asked for, holds the text."""

        def visible() -> WebElement | None:
            for element in self.driver.find_elements(By.CSS_SELECTOR, selector):
                if element.is_displayed() and text in element.text:
                    return element
            return None

        # JupyterLab replaces elements while it starts; one that vanishes meanwhile is looked for again.
        return wait_until(f"the browser shows {what}", visible, ignoring=(WebDriverException,))

    def click(self, what: str, selector: str, text: str = "") -> None:
        """Waits for an element and clicks it as soon as nothing covers it."""

        def clicked() -> bool:
            self.see(what, selector, text).click()
            return True

        wait_until(f"the browser lets {what} be clicked", clicked, ignoring=(WebDriverException,))

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def press_with(self, modifier: str, key: str) -> None:
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    browser = Browser(tmp_path / "profile")
    yield browser
    browser.driver.quit()


def test_a_cell_typed_in_jupyterlab_shows_its_output(browser: Browser) -> None:
    with RealHub(HubSetup("browser")) as hub:
        try:
            write_and_run_a_cell(browser, hub)
        except BaseException:
            browser.driver.save_screenshot(str(SCREENSHOT_OF_FAILURE))
            raise
        browser.driver.save_screenshot(str(SCREENSHOT))


def write_and_run_a_cell(browser: Browser, hub: RealHub) -> None:
    browser.driver.get(f"{hub.origin}/")
    browser.see("the login form", "#username_input").send_keys("zoe")
    browser.see("the login form", "#password_input").send_keys(PASSWORD)
    browser.click("the sign-in button", "#login_submit")

    # The hub's waiting page leads to JupyterLab when the server is up.
    browser.click("the launcher's notebook card", ".jp-LauncherCard[data-category='Notebook']", "Python 3")
    browser.see("an idle kernel", ".jp-StatusBar-TextItem, .jp-StatusBar-Widget", "Python 3 (ipykernel) | Idle")

    browser.click("the first cell", ".jp-Notebook .jp-Cell .cm-content")
    browser.press("import os; print('computed', 2**100, os.getcwd())")
    browser.press_with(Keys.SHIFT, Keys.ENTER)
    browser.see("the cell's output", ".jp-OutputArea-output", "computed 1267650600228229401496703205376")

    browser.press_with(Keys.CONTROL, "s")
    # A notebook that has never been saved asks for its name first.
    browser.click("the button that keeps the name", ".jp-Dialog .jp-mod-accept")
    saved = hub.home_of("zoe") / "Untitled.ipynb"
    wait_until("the notebook with its output is on the disk", lambda: _printed(saved))
    assert _printed(saved) == f"computed 1267650600228229401496703205376 {saved.parent}\n"


def _printed(notebook: Path) -> str:
    try:
        cells = json.loads(notebook.read_text())["cells"]
    except (FileNotFoundError, json.JSONDecodeError):
        return ""
    return "".join(text for cell in cells for output in cell.get("outputs", []) for text in output.get("text", []))
