"""What the logs say of an address that lets somebody in: that it was asked for, not its secret."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from onboarding import create_app, tokens
from onboarding.config import Settings
from onboarding.web.masking import CARRIES_SECRET, masked
from tests.browser.live import eventually
from tests.house import House

ROOT = Path(__file__).parents[2]
SECRET = tokens.new_secret()
ADDRESSES = [
    ("GET", f"/i/{SECRET}"),
    ("GET", f"//i//{SECRET}"),
    ("GET", f"/i/{SECRET}?from=mail"),
    ("GET", f"/i/{SECRET}/no-such-page"),
    ("POST", f"/i/{SECRET}/start"),
    ("POST", f"/i/{SECRET}/new-link"),
    ("GET", f"/portal/link/{SECRET}"),
    ("POST", f"/portal/link/{SECRET}"),
    ("GET", f"/support/visit/{SECRET}"),
    ("GET", f"/crm/new-password/{SECRET}"),
    ("GET", f"/crm/join/{SECRET}"),
    ("POST", f"/crm/sign-up/{SECRET}"),
    ("GET", f"/reminders/{SECRET}"),
    ("GET", f"/portal/card/return?session_id={SECRET}"),
]
COMBINED = '%(h)s "%(r)s" %(s)s "%(f)s" %(U)s %({raw_uri}e)s'


def ask_all(base: str) -> None:
    for method, path in ADDRESSES:
        whence = {"Referer": f"{base}{path}"}
        requests.request(method, f"{base}{path}", headers=whence, timeout=20, allow_redirects=False)
    encoded = f"{base}/portal%2Flink%2F{SECRET}"
    requests.get(encoded, timeout=20, allow_redirects=False)


@pytest.mark.parametrize("served_by", ["gunicorn", "flask"])
def test_no_request_log_has_a_secret_in_it(settings: Settings, served_by: str, tmp_path: Path):
    """As in production, with its access log switched on; and as a developer serves it."""
    log = tmp_path / "log"
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    commands = {
        "gunicorn": [
            "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--worker-class=gthread", "--threads=2",
            "--no-control-socket", "--access-logfile=-", f"--access-logformat={COMBINED}",
            "--log-level=debug", "app:app",
        ],
        "flask": ["-m", "flask", "--app", "app", "run", f"--port={port}"],
    }  # fmt: skip
    environment = {
        **os.environ, "APP_MODE": "demo", "BASE_URL": base, "DATA_DIR": str(tmp_path),
        "DATABASE_URL": settings.database_url, "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    with log.open("w") as written:
        server = subprocess.Popen(
            [sys.executable, *commands[served_by]],
            cwd=ROOT, env=environment, stdout=written, stderr=written,
        )  # fmt: skip
        try:
            eventually(lambda: _answers(base, server), "the server", within=60)
            ask_all(base)
        finally:
            server.terminate()
            server.wait(timeout=30)
    said = log.read_text()
    for prefix in CARRIES_SECRET:
        assert f" {prefix}[secret]" in said, said
    assert "/start" in said
    assert SECRET not in said, re.findall(f".*{SECRET}.*", said)


def _answers(base: str, server: "subprocess.Popen[bytes]") -> bool | None:
    assert server.poll() is None, "the server did not start"
    try:
        return requests.get(f"{base}/healthz", timeout=20).ok or None
    except requests.ConnectionError:
        time.sleep(0.2)
        return None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_a_failure_on_such_a_page_is_logged_without_its_secret(
    settings: Settings, caplog: pytest.LogCaptureFixture
):
    app = create_app(settings)

    def fails(secret: str) -> str:
        raise LookupError(f"no luck at /i/{secret}")

    app.view_functions["invites.show"] = _marked_as(app.view_functions["invites.show"], fails)
    answer = app.test_client().get(f"/i/{SECRET}")
    assert answer.status_code == 500
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    line = logging.Formatter().format(record)
    assert "unexpected failure" in line
    assert "no luck at /i/[secret]" in line
    assert SECRET not in line


def _marked_as(view: object, other: object) -> object:
    other.access = view.access
    return other


def test_every_address_with_a_secret_in_it_is_known_here(house: House):
    for rule in house.app.url_map.iter_rules():
        secret = {"secret", "token", "code", "key"} & rule.arguments
        # The key of a message says which of the nine it is.
        if secret and not rule.rule.startswith("/crm/settings/messages/<key>/"):
            before = rule.rule.partition(f"<{secret.pop()}>")[0]
            assert before in CARRIES_SECRET, f"{rule.rule}: name it in onboarding/web/masking.py"


@pytest.mark.parametrize(
    "harmless",
    [
        "GET /portal/estimate/01hv/approval HTTP/1.1",
        "GET /crm/invites/ HTTP/1.1",
        f"GET /assets/customer.{quote('a b')}.css",
    ],
)
def test_other_lines_stay_as_they_are(harmless: str):
    assert masked(harmless) == harmless


def test_what_follows_the_secret_stays():
    assert masked(f'"GET /i/{SECRET}/start?x=1 HTTP/1.1" 303') == (
        '"GET /i/[secret]/start?x=1 HTTP/1.1" 303'
    )
