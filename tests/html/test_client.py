"""A page with a fault fails the test that fetched it."""

import pytest
from flask import Flask

from tests.html.client import ReadingClient

PAGE = '<!doctype html><html lang="en"><head><title>{0}</title></head><body>{1}</body></html>'
PAGES = {
    "good": PAGE.format("Sign in", "<h1>Sign in</h1>"),
    "fragment": '<p id="answer">Sent</p>',
    "empty": "",
    "broken": PAGE.format("Sign in", "<h1>Sign in</h1><p></div>"),
    "nameless": PAGE.format("Sign in", '<h1>Sign in</h1><input name="code">'),
    "fragment-broken": '<ul id="answer"><p>Sent</p></ul>',
}


@pytest.fixture
def client() -> ReadingClient:
    app = Flask(__name__)
    app.test_client_class = ReadingClient
    app.add_url_rule("/<name>", "page", lambda name: PAGES[name])
    app.add_url_rule("/file/<name>", "file", lambda name: (PAGES[name], {"Content-Type": "text/x"}))
    return app.test_client()


@pytest.mark.parametrize("name", ["good", "fragment", "empty"])
def test_a_good_page_passes(client, name):
    assert client.get(f"/{name}").text == PAGES[name]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("broken", "Stray end tag"),
        ("nameless", "'code' has no label"),
        ("fragment-broken", "not allowed as child"),
    ],
)
def test_a_fault_on_a_page_fails_the_test(client, name, fault):
    with pytest.raises(AssertionError, match=fault):
        client.get(f"/{name}")


def test_what_is_not_html_is_not_read(client):
    assert client.get("/file/broken").status_code == 200
