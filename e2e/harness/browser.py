"""A real browser without a screen."""

from __future__ import annotations

import shutil
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from harness.command import OUTPUT_ROOT, prerequisite
from harness.processes import note_log_file
from harness.waiting import wait_until

_CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1400,900",
    # Nothing of the browser itself may look for anything outside this machine.
    "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--no-proxy-server",
]


class Browser:
    """A headless Chromium, asked for things on the page until they are there."""

    def __init__(self, profile: Path, *more_flags: str) -> None:
        chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
        prerequisite(chromium is not None and driver is not None, "Debian's packages chromium and chromium-driver")
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for flag in [*_CHROMIUM_FLAGS, *more_flags, f"--user-data-dir={profile}"]:
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
