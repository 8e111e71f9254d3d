"""Takes the README's pictures from a running demo: `.venv/bin/python -m scripts.pictures`.

Needs what the tests need (scripts/setup-tests).
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from onboarding.config import read_settings
from onboarding.sandbox.mailbox import Mailbox
from tests.browser.chromium import desktop, launched, phone

ADDRESS = "http://127.0.0.1:8466"
PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CUSTOMER = "Sofia Andrade"


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, "DATA_DIR": folder, "BASE_URL": ADDRESS}
        demo = subprocess.Popen([sys.executable, "app.py"], env=surroundings)
        try:
            _wait()
            with sync_playwright() as driver, launched(driver) as browser:
                with desktop(browser, device_scale_factor=2) as office:
                    _sign_in(office)
                    _take(office, "pipeline")
                    _send_invite(office)
                with phone(browser) as customer:
                    customer.goto(_link(surroundings))
                    _take(customer, "landing")
                    customer.get_by_role("button", name="Get started").click()
                    customer.get_by_role("button", name="Continue with").click()
                    customer.get_by_role("button", name="Continue to the estimate").click()
                    _take(customer, "estimate")
        finally:
            demo.terminate()
            demo.wait()


def _wait() -> None:
    for _ in range(300):
        try:
            urlopen(f"{ADDRESS}/healthz").close()  # noqa: S310 (our own demo, on loopback)
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The demo did not start.")


def _sign_in(page: Page) -> None:
    page.goto(f"{ADDRESS}/crm/sign-in")
    page.get_by_label("E-mail").fill("maria@example.com")
    page.get_by_label("Password").fill("ridgeline")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Pipeline").wait_for()


def _send_invite(page: Page) -> None:
    page.get_by_role("link", name=CUSTOMER).click()
    page.get_by_role("link", name="Send Portal Invite").click()
    page.get_by_role("checkbox", name="E-mail").check()
    page.get_by_role("button", name="Send Portal Invite").click()
    page.get_by_role("heading", name=CUSTOMER).wait_for()


def _link(surroundings: dict[str, str]) -> str:
    mailbox = Mailbox(read_settings(surroundings))
    for _ in range(100):
        newest = mailbox.latest("email", most=1)[0]
        mail = message_from_bytes(newest.content, policy=policy.default)
        found = re.search(rf"{ADDRESS}/i/\S+", mail.get_body(("plain",)).get_content())
        if found:
            return found.group(0)
        time.sleep(0.1)
    sys.exit("The invite did not arrive.")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
