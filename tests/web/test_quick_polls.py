"""An idle poll never reaches the application, and nobody can tell but by the clock."""

import inspect
from collections.abc import Iterator

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient

from onboarding.contractors.models import Revision
from onboarding.database import Everyone, transaction
from onboarding.web.quick_polls import QuickPolls
from tests.house import House

POLL = "/crm/pipeline/poll"


@pytest.fixture
def board(house: House) -> FlaskClient:
    """A member's browser, on a board at revision 7."""
    company, owner = house.company()
    with transaction(Everyone("a test's own board")) as db:
        db.add(Revision(contractor_id=company.id, number=7))
    browser = house.client()
    house.sign_in_member(browser, owner)
    return browser


@pytest.fixture
def reached(house: House, board: FlaskClient) -> Iterator[list[str]]:
    """The addresses that the application itself was asked for since signing in."""
    asked: list[str] = []

    def note(_: Flask, **__: object) -> None:
        asked.append(request.path)

    with request_started.connected_to(note, house.app):
        yield asked


def test_an_idle_poll_is_answered_in_front(board, reached):
    assert board.get(f"{POLL}?revision=7").status_code == 204
    assert board.get(f"{POLL}?status=Invited&revision=8").status_code == 204
    assert reached == []


def test_news_come_from_the_application(board, reached):
    assert board.get(f"{POLL}?revision=6").status_code == 200
    assert reached == [POLL]


def test_its_answer_looks_like_the_applications_own(house, board):
    quick = board.get(f"{POLL}?revision=7")
    front = inspect.unwrap(house.app.wsgi_app)
    assert isinstance(front, QuickPolls)
    front.quick.clear()
    own = board.get(f"{POLL}?revision=7")
    assert own.status_code == quick.status_code == 204
    for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"):
        assert own.headers[name] == quick.headers[name]


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (f"{POLL}?revision=7", {"Cookie": "crm=s." + "x" * 43}, 303),
        (f"{POLL}?revision=7", {"Cookie": ""}, 303),
        (f"{POLL}?revision=7", {"Host": "elsewhere.test"}, 400),
        (f"{POLL}?revision=" + "9" * 400, {}, None),
        (POLL, {}, 200),
        (f"{POLL}?revision=-1", {}, 200),
    ],
)
def test_whatever_is_not_plainly_idle_goes_on(house, board, reached, address, headers, status):
    browser = house.app.test_client(use_cookies=False) if "Cookie" in headers else board
    answer = browser.get(address, headers=headers)
    assert reached == [POLL]
    assert status is None or answer.status_code == status


def test_whoever_signed_out_is_idle_no_more(board):
    cookie = board.get_cookie("crm")
    board.post("/crm/sign-out")
    board.set_cookie("crm", cookie.value)
    assert board.get(f"{POLL}?revision=7").status_code == 303
