"""Every failure has a page for people, and one that we caused has a reference in the log."""

import logging
import re

import pytest
from flask import abort

from onboarding.web import access, errors
from tests.house import House

UNSAID = re.compile(r"\b(invalid|error|traceback|exception|oops|went wrong)\b|!", re.IGNORECASE)


@pytest.fixture
def broken(house: House) -> House:
    """A house with doors that fail."""
    app = house.app
    app._got_first_request = False

    def fail() -> str:
        raise RuntimeError("the card number is 4242")

    def stop(status: int) -> str:
        abort(status, "for machines: <b>detail</b>")

    def conflict() -> str:
        raise errors.Conflict("A new version has arrived. Please look at that one.")

    def too_often() -> str:
        raise errors.Throttled("Too many tries. Wait a quarter of an hour.", 900)

    app.add_url_rule("/crm/broken", "broken", access.public(fail))
    app.add_url_rule("/crm/stopped/<int:status>", "stopped", access.public(stop))
    app.add_url_rule("/crm/conflict", "conflict", access.public(conflict))
    app.add_url_rule("/crm/often", "often", access.public(too_often))
    return house


def words(page: str) -> str:
    """What a person reads: no tags, no attributes."""
    body = page[page.index("<body") :]
    return re.sub(r"<[^>]+>", " ", body)


def test_a_fault_of_ours_shows_a_reference_that_is_in_the_log(
    broken: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = broken.client().get("/crm/broken")
    assert answer.status_code == 500
    [logged] = [record for record in caplog.records if "unexpected failure" in record.message]
    reference = str(logged.args[0]) if isinstance(logged.args, tuple) else ""
    assert re.fullmatch(r"[0-9A-Z]{8}", reference)
    assert reference in answer.text
    assert logged.exc_info is not None


def test_a_fault_of_ours_gives_nothing_away(broken: House) -> None:
    text = broken.client().get("/crm/broken").text
    for inside in ("4242", "RuntimeError", "Traceback", "onboarding/", ".py"):
        assert inside not in text


def test_two_faults_have_two_references(broken: House) -> None:
    pages = [broken.client().get("/crm/broken").text for _ in range(2)]
    assert pages[0] != pages[1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 415, 418, 429, 503])
def test_each_failure_has_a_page_with_a_way_on(broken: House, status: int) -> None:
    answer = broken.client().get(f"/crm/stopped/{status}")
    assert answer.status_code == status
    assert "<h1" in answer.text
    assert 'href="/crm/pipeline"' in answer.text
    assert "for machines" not in answer.text
    assert not UNSAID.search(words(answer.text))


@pytest.mark.parametrize(
    ("path", "way_on"),
    [("/crm/nowhere", "/crm/pipeline"), ("/portal/nowhere/x/y", "/portal/next"),
     ("/support/nowhere", "/support"), ("/nowhere", "/")],
)  # fmt: skip
def test_the_way_on_stays_on_the_side_one_is_on(house: House, path: str, way_on: str) -> None:
    answer = house.client().get(path)
    assert answer.status_code == 404
    assert f'href="{way_on}"' in answer.text


def test_what_changed_in_the_meantime_is_said_in_its_own_words(broken: House) -> None:
    answer = broken.client().get("/crm/conflict")
    assert answer.status_code == 409
    assert "A new version has arrived. Please look at that one." in answer.text


def test_too_often_says_how_long_to_wait(broken: House) -> None:
    answer = broken.client().get("/crm/often")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Wait a quarter of an hour" in answer.text


def test_htmx_gets_the_sentence_alone(broken: House) -> None:
    answer = broken.client().get("/crm/conflict", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert answer.text.strip().startswith('<div id="sentence">')


def test_a_form_that_is_far_too_large_is_told_so(house: House) -> None:
    answer = house.client().post("/crm/sign-in", data={"email": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_page_that_breaks_its_own_frame_still_says_something(
    broken: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    template = broken.app.jinja_env.get_template("errors/sentence.html")
    monkeypatch.setattr(template, "root_render_func", None)
    monkeypatch.setitem(broken.app.jinja_env.cache, _key_of(broken, template), template)
    answer = broken.client().get("/crm/broken")
    assert answer.status_code == 500
    assert "It is our fault" in answer.text


def _key_of(house: House, template: object) -> object:
    cache = house.app.jinja_env.cache or {}
    return next(key for key in cache if cache[key] is template)
