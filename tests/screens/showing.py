"""Pages of the town in Chromium, without a server between: each request of the browser is answered
by the application itself, with the cookies of the one who looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from playwright.sync_api import Page, Route

from tests.guards.route_table import ROWS
from tests.guards.visitors import address, browser, doors, resident_of, rightful
from tests.screens.catalogue import Screen
from tests.town import Town

HOST = "http://localhost"
# What juts out of the window, but for what scrolls inside itself on purpose.
JUTTING = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll('body *')]
      .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.offsetParent)
      .map((part) => part.outerHTML.slice(0, 120)).slice(0, 3)
  : []"""
_kept: dict[str, tuple[int, dict[str, str], bytes]] = {}


@contextmanager
def shown(page: Page, town: Town, screen: Screen, language: str = "en") -> Iterator[int]:
    """The page stands there until left; its status."""
    try:
        yield _open(page, town, screen, language)
    finally:
        page.goto("about:blank")
        page.unroute_all()


def _open(page: Page, town: Town, screen: Screen, language: str) -> int:
    row = ROWS[screen.door]
    door = next(each for each in doors(town.app) if each.name == screen.door)
    who = "visit" if screen.in_visit else rightful(door, row)
    client = browser(town, who, door, screen.stage)
    if language != "en":
        client.post("/portal/language", data={"language": language})
    one = resident_of(town, screen.stage)
    path = address(town, door, one)
    answered_by(page, client, path if not door.is_safe else "", language)
    answer = page.goto(HOST + path)
    assert answer is not None
    return answer.status


def answered_by(page: Page, client: FlaskClient, posted: str = "", language: str = "en") -> None:
    """The page's requests go to `client`; the one for `posted` goes there as an empty form."""

    def answer(route: Route) -> None:
        asked = route.request
        parts = urlsplit(asked.url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if path not in _kept:
            method = "POST" if path == posted and asked.is_navigation_request() else asked.method
            given = client.open(
                path,
                method=method,
                data=asked.post_data_buffer,
                headers={"Accept-Language": language, **_sent(asked.headers)},
                follow_redirects=asked.is_navigation_request(),
            )
            found = given.status_code, dict(given.headers), given.data
            given.close()
            if not path.startswith("/assets/"):
                return _give(route, *found)
            _kept[path] = found
        return _give(route, *_kept[path])

    page.route(f"{HOST}/**", answer)


def _sent(headers: dict[str, str]) -> dict[str, str]:
    passed = ("hx-request", "hx-target", "hx-trigger", "content-type", "accept")
    return {name: value for name, value in headers.items() if name in passed}


def _give(route: Route, status: int, headers: dict[str, str], body: bytes) -> None:
    plain = {k: v for k, v in headers.items() if k.lower() not in ("content-length", "set-cookie")}
    route.fulfill(status=status, headers=plain, body=body)
