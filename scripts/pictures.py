"""Pictures for README and guide, from a running demo: `.venv/bin/python -m scripts.pictures`.

Needs what the tests need (scripts/setup-tests).
"""

import math
import os
import re
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
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
                with desktop(browser, device_scale_factor=1.5) as office:
                    _office(office)
                with phone(browser) as reader:
                    _mails(reader, ("invite", "magic_link"))
                with phone(browser, dark=True) as reader:
                    _mails(reader, ("reminder", "onboarding_completed_customer"))
                with phone(browser) as customer:
                    _customer(customer, _link(surroundings))
        finally:
            demo.terminate()
            demo.wait()


def _office(page: Page) -> None:
    _sign_in(page)
    _take(page, "pipeline")
    page.goto(f"{ADDRESS}/crm/contacts")
    _take(page, "contacts")
    page.get_by_role("link", name=CUSTOMER).first.click()
    page.locator("#papers").get_by_role("link", name="Edit").click()
    _take(page, "estimate-builder")
    page.get_by_role("link", name="Contract", exact=True).click()
    _take(page, "contract")
    page.goto(f"{ADDRESS}/crm/pipeline")
    _send_invite(page)
    _take(page, "record")
    page.goto(f"{ADDRESS}/crm/notifications")
    _take(page, "notifications")


def _customer(page: Page, link: str) -> None:
    page.goto(link)
    _take(page, "landing")
    page.get_by_role("button", name="Get started").click()
    page.get_by_role("button", name="Continue with").click()
    page.get_by_role("button", name="Continue to the estimate").click()
    _take(page, "estimate")
    page.get_by_role("button", name="Approve").first.click()
    page.get_by_role("heading", name="Agree to sign").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the PDF").or_(
            page.get_by_role("button", name="Open the PDF")
        ).first.click()
    opened.value.close()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and go on").click()
    page.get_by_role("heading", name="Sign your contract").wait_for()
    _draw(page)
    _take(page, "signature")
    page.get_by_role("button", name="Sign contract").click()
    page.get_by_role("button", name="Add card").click()
    page.get_by_role("button", name="Visa").first.click()
    page.get_by_role("heading", name="everything").wait_for()
    _take(page, "done")


def _mails(page: Page, purposes: tuple[str, ...]) -> None:
    """Messages with sample data, as a phone shows them."""
    for purpose in purposes:
        sample = page.request.get(f"{ADDRESS}/sandbox/mailbox/samples/{purpose}?in=en")
        page.set_content(sample.text())
        _take(page, f"mail-{purpose.replace('_', '-')}")


def _draw(page: Page) -> None:
    """A name's worth of ink, up and down along the line."""
    box = page.locator("[data-sign-canvas]").bounding_box()
    if box is None:
        sys.exit("There is nothing to draw on.")
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    for step in range(40):
        swing = 0.28 * math.sin(step * 1.3) * (1 - step / 55)
        across = 0.1 + 0.018 * step
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * (0.55 + swing))
    page.mouse.up()


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
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main()
