"""The two devices that browser tests hold, on a page of their own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser import chromium

PAGE = b"""<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<title>Door</title><link rel="icon" href="data:,"><h1>Door</h1><button>Knock</button>
<p id="answer"></p><p id="plain">Plain</p>
<script>
document.getElementById('plain').remove()
const say = word => document.getElementById('answer').textContent = word
document.querySelector('button').addEventListener('pointerup', event => say(event.pointerType))
</script>"""
BROKEN = PAGE.replace(b"const say", b"nothing.at.all\nconst say")


class Door(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/strict":
            self.send_header("Content-Security-Policy", "script-src 'none'")
        self.end_headers()
        self.wfile.write(BROKEN if self.path == "/broken" else PAGE)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_customer_touches_a_phone(browser, address):
    with chromium.phone(browser) as page:
        page.goto(address)
        page.get_by_role("button", name="Knock").tap()
        assert page.locator("#answer").inner_text() == "touch"
        assert page.evaluate("[innerWidth, innerHeight]") == [390, 844]
        assert "Mobile" in page.evaluate("navigator.userAgent")


def test_a_contractor_clicks_on_a_desktop(browser, address):
    with chromium.desktop(browser) as page:
        page.goto(address)
        page.get_by_role("button", name="Knock").click()
        assert page.locator("#answer").inner_text() == "mouse"
        assert page.evaluate("[innerWidth, innerHeight]") == [1280, 800]


def test_with_scripting_off_the_plain_page_is_there(browser, address):
    with chromium.phone(browser, javascript=False) as page:
        page.goto(address)
        assert page.get_by_text("Plain").is_visible()
    with chromium.phone(browser) as page:
        page.goto(address)
        assert page.get_by_text("Plain").count() == 0


def test_dark_spanish_and_still(browser, address):
    with chromium.phone(browser, dark=True, locale="es-MX") as page:
        page.goto(address)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
        assert page.evaluate("navigator.language") == "es-MX"


@pytest.mark.parametrize(
    ("path", "named"), [("/broken", "nothing"), ("/strict", "Content Security")]
)
def test_a_complaint_of_the_page_fails_the_test(browser, address, path, named):
    with pytest.raises(AssertionError, match=named), chromium.desktop(browser) as page:
        page.goto(address + path)


def test_a_complaint_that_was_meant_is_taken(browser, address):
    with chromium.desktop(browser) as page:
        page.goto(f"{address}/broken")
        assert len(chromium.complaints(page)) == 1
        chromium.complaints(page).clear()


def test_only_root_goes_without_the_sandbox(monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000)
    assert "--no-sandbox" not in chromium.arguments()
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0)
    assert "--no-sandbox" in chromium.arguments()


def test_without_chromium_the_reason_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(chromium.NoChromium, match="apt install chromium"):
        chromium.program()
