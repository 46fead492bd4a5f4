"""JupyterLab in a real browser: signing in, writing a cell, seeing its output, saving."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from harness.browser import Browser
from harness.command import OUTPUT_ROOT
from harness.hub import PASSWORD, HubSetup, RealHub
from harness.waiting import wait_until

pytestmark = pytest.mark.browser

SCREENSHOT = OUTPUT_ROOT / "jupyterlab.png"
SCREENSHOT_OF_FAILURE = OUTPUT_ROOT / "jupyterlab-failure.png"


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
