"""The demo's mailbox page: what was sent stands there, can be followed, and can do no harm."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import html

from onboarding import clock, gateways
from onboarding.gateways.email import EmailAttachment, OutgoingEmail
from onboarding.gateways.sms import OutgoingSms
from tests.house import House

LINK = "http://localhost/i/abc-DEF_123"
LETTER = f"""<!doctype html>
<html lang="en"><head><title>Your estimate is ready</title></head>
<body><main><h1>Your estimate</h1><a href="{LINK}">Open</a></main></body></html>"""


@pytest.fixture
def visitor(house: House) -> Iterator[FlaskClient]:
    return house.client()


def mailed(subject: str = "Your estimate is ready") -> None:
    letter = OutgoingEmail(
        to="dana@example.com",
        from_name="Ridgeline Roofing",
        reply_to="office@ridgeline.test",
        subject=subject,
        text=f"Open it: {LINK}.",
        html=LETTER,
        message_id="<1@portal.test>",
        attachments=(EmailAttachment("Contract.pdf", "application/pdf", b"%PDF-1.7"),),
    )
    gateways.current().email.send(letter, clock.monotonic() + 5)


def texted(words: str, to: str = "+15035550188") -> None:
    gateways.current().sms.send(OutgoingSms(to, words, "x"), clock.monotonic() + 5)


def test_an_empty_mailbox_says_what_to_do(visitor: FlaskClient) -> None:
    page = visitor.get("/sandbox/mailbox")
    assert page.status_code == 200
    assert "Send a Portal Invite" in page.text


def test_the_newest_letter_is_open_and_its_link_can_be_followed(visitor: FlaskClient) -> None:
    mailed("An older one")
    mailed()
    page = html.fromstring(visitor.get("/sandbox/mailbox").text)
    assert page.find_class("letter")[0].find(".//h2").text == "Your estimate is ready"
    subjects = [row.text_content() for row in page.find_class("letters")[0].iter("li")]
    assert ["Your estimate" in subjects[0], "An older one" in subjects[1]] == [True, True]
    text = page.find_class("letter-text")[0]
    assert [link.get("href") for link in text.iter("a")] == [LINK]

    frame = page.find_class("letter-page")[0]
    inside = visitor.get(frame.get("src"))
    assert html.fromstring(inside.text).find(".//a").get("href") == LINK


def test_a_letter_may_show_itself_and_do_nothing_else(visitor: FlaskClient) -> None:
    mailed()
    page = html.fromstring(visitor.get("/sandbox/mailbox").text)
    assert "allow-scripts" not in page.find_class("letter-page")[0].get("sandbox")
    policy = visitor.get("/sandbox/mailbox/1/html").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert " sandbox " in policy
    assert "frame-ancestors 'self'" in policy


def test_words_that_look_like_html_stay_words(visitor: FlaskClient) -> None:
    mailed("<script>alert(1)</script>")
    texted('<img src=x onerror=alert(1)> https://portal.test/"><script>')
    page = visitor.get("/sandbox/mailbox").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert '"><script>' not in page


def test_a_phone_shows_its_texts_the_newest_first(visitor: FlaskClient) -> None:
    texted(f"First: {LINK}")
    texted("For somebody else", to="+15035550199")
    texted("Second")
    page = html.fromstring(visitor.get("/sandbox/mailbox").text)
    phones = page.find_class("phone")
    assert [phone.find("h3").text for phone in phones] == ["(503) 555-0188", "(503) 555-0199"]
    assert [text.find("p").text_content() for text in phones[0].find_class("sms")] == [
        "Second",
        f"First: {LINK}",
    ]
    assert phones[0].find(".//a").get("href") == LINK


def test_a_poll_is_answered_only_when_something_came(visitor: FlaskClient) -> None:
    mailed()
    page = html.fromstring(visitor.get("/sandbox/mailbox").text)
    poll = page.get_element_by_id("arrivals").get("data-hx-get")
    assert visitor.get(poll).status_code == 204
    texted("News")
    answer = visitor.get(poll)
    assert answer.status_code == 200
    fragment = html.fromstring(answer.text)
    assert fragment.get("id") == "arrivals"
    assert "News" in fragment.text_content()
    assert next(fragment.iter("a")).get("aria-current") == "page"
    assert visitor.get(fragment.get("data-hx-get")).status_code == 204


def test_an_attached_file_can_be_fetched(visitor: FlaskClient) -> None:
    mailed()
    file = visitor.get("/sandbox/mailbox/1/files/0")
    assert (file.data, file.mimetype) == (b"%PDF-1.7", "application/pdf")
    assert file.headers["Content-Disposition"] == "attachment; filename=Contract.pdf"
    assert visitor.get("/sandbox/mailbox/1/files/1").status_code == 404


@pytest.mark.parametrize("path", ["/99", "/99/html", "/99/files/0", "/1/html"])
def test_what_is_not_there_is_not_found(visitor: FlaskClient, path: str) -> None:
    texted("A text has no page of its own")
    assert visitor.get(f"/sandbox/mailbox{path}").status_code == 404


def test_the_page_says_loudly_that_it_is_a_sandbox(visitor: FlaskClient) -> None:
    assert "ribbon" in visitor.get("/sandbox/mailbox").text
