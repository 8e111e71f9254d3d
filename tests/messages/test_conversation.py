"""Asking in place, answering from the CRM, hearing of it while the page is open."""

import pytest

from onboarding import clock, tokens
from onboarding.database import read
from onboarding.messages import actions, queries
from onboarding.messages.actions import Words
from tests.estimates.job import SHINGLES, Job, customers_browser, members_browser, signed_in
from tests.estimates.pages import found, text_of, words

HTMX = {"HX-Request": "true"}


def questions(job: Job) -> str:
    return f"/portal/estimate/{job.estimate.id}/questions"


def said(job: Job) -> list[str]:
    return [message.body for message in queries.thread(read(job.company.id), job.contact.id)]


def reply(job: Job, body: str = "Slate gray.", line_key: str = ""):
    words_ = Words(body, tokens.new_id(), line_key)
    return actions.answer(job.estimate.onboarding_id, words_, job.member)


def test_a_question_opens_in_its_place_on_the_line(sent: Job):
    browser = customers_browser(sent)
    page = browser.get(f"/portal/estimate/{sent.estimate.id}")
    (link,) = found(page, f"#line-{SHINGLES} .line-ask")
    form = browser.get(link.get("href"), headers=HTMX)
    assert found(form, f"#ask-{SHINGLES} form")
    assert not found(form, "h1"), "only the fragment"
    assert "Ask about Architectural shingles" in words(browser.get(link.get("href")))


def test_a_question_sent_in_place_stands_on_its_line(sent: Job):
    data = {"body": "Which color?", "line_key": SHINGLES, "once_key": tokens.new_id()}
    browser = customers_browser(sent)
    answer = browser.post(questions(sent), data=data, headers=HTMX)
    assert "Which color?" in text_of(found(answer, f"#asked-{SHINGLES}")[0])
    assert found(answer, "#ear[data-hx-get]"), "the page now listens for the answer"
    browser.post(questions(sent), data=data, headers=HTMX)
    assert said(sent) == ["Which color?"]


def test_without_scripting_one_is_back_at_the_line(sent: Job):
    data = {"body": "Which color?", "line_key": SHINGLES, "once_key": tokens.new_id()}
    answer = customers_browser(sent).post(questions(sent), data=data)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"#asked-{SHINGLES}")


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("  ", "Write your question first."),
        ("x" * 10_000, "This is too long: use at most 5000 characters."),
    ],
)
def test_an_unfit_question_is_kept_and_says_why(sent: Job, headers, body, sentence):
    data = {"body": body, "line_key": SHINGLES, "once_key": tokens.new_id()}
    answer = customers_browser(sent).post(questions(sent), data=data, headers=headers)
    assert answer.status_code == 422
    assert text_of(found(answer, f"#question-{SHINGLES}-error")[0]) == sentence
    assert found(answer, f"#question-{SHINGLES}")[0].text.strip() == body.strip()
    assert said(sent) == []


def test_a_wish_for_changes_says_what_about(sent: Job):
    where = f"/portal/estimate/{sent.estimate.id}/change-requests"
    browser = customers_browser(sent)
    page = browser.get(where)
    offered = [option.text for option in found(page, "#about option")]
    assert offered[:2] == ["The price", "The timing"]
    assert "Architectural shingles" in offered
    data = {
        "about": f"line:{SHINGLES}",
        "body": "A lighter shingle",
        "once_key": tokens.new_id(),
    }
    assert browser.post(where, data=data | {"body": ""}).status_code == 422
    answer = browser.post(where, data=data, headers=HTMX)
    assert "Ridgeline Roofing has your wish" in words(answer)
    assert "A lighter shingle" in text_of(found(answer, f"#asked-{SHINGLES}")[0])
    assert sent.onboarding.has_change_request
    (message,) = queries.thread(read(sent.company.id), sent.contact.id)
    assert (message.kind, message.about, message.line_key) == ("changes", "line", SHINGLES)


@pytest.mark.parametrize("about", ["", "nonsense", "line:zzz", "line:" + "z" * 900])
def test_an_unknown_subject_is_about_the_whole(sent: Job, about):
    where = f"/portal/estimate/{sent.estimate.id}/change-requests"
    data = {"about": about, "body": "Cheaper", "once_key": tokens.new_id()}
    assert customers_browser(sent).post(where, data=data).status_code == 303
    (message,) = queries.thread(read(sent.company.id), sent.contact.id)
    assert message.line_key is None


def test_the_answer_arrives_on_the_open_page_and_nothing_arrives_twice(sent: Job):
    browser = customers_browser(sent)
    data = {"body": "Which color?", "line_key": SHINGLES, "once_key": tokens.new_id()}
    page = browser.post(questions(sent), data=data, headers=HTMX)
    ear = found(page, "#ear")[0].get("data-hx-get")
    assert browser.get(ear, headers=HTMX).status_code == 204
    reply(sent, "Slate gray.", SHINGLES)
    news = browser.get(ear, headers=HTMX)
    assert "Slate gray." in text_of(found(news, f"#asked-{SHINGLES}")[0])
    assert browser.get(found(news, "#ear")[0].get("data-hx-get")).status_code == 204


def test_a_poll_of_nobody_stops(sent: Job):
    client = sent.house.client()
    for path in (
        f"/portal/estimate/{sent.estimate.id}/talk/poll",
        "/portal/messages/poll",
        f"/crm/contacts/{sent.contact.id}/messages/poll",
    ):
        assert client.get(path).status_code == 286


def test_a_poll_is_for_ones_own_estimate_only(sent: Job):
    other = customers_browser(sent.neighbor())
    assert other.get(f"/portal/estimate/{sent.estimate.id}/talk/poll?count=9").status_code == 286
    _, stranger = sent.house.company("Bluebird Bath")
    member = signed_in(sent, "crm", stranger.id)
    assert member.get(f"/crm/contacts/{sent.contact.id}/messages/poll").status_code == 286


def test_polling_does_not_prolong_a_session(sent: Job):
    from datetime import timedelta

    browser = customers_browser(sent)
    with clock.shifted(timedelta(hours=11)):
        assert browser.get("/portal/messages/poll?count=0").status_code == 204
    with clock.shifted(timedelta(hours=13)):
        assert browser.get("/portal/messages/poll?count=0").status_code == 286


def test_member_and_customer_talk_on_their_own_pages(sent: Job):
    customer, member = customers_browser(sent), members_browser(sent)
    customer.post("/portal/messages", data={"body": "When?", "once_key": tokens.new_id()})
    listed = member.get("/crm/messages")
    assert "Dana Whitfield · Roof replacement" in words(listed)
    assert found(listed, ".is-unread")
    where = f"/crm/contacts/{sent.contact.id}/messages"
    page = member.get(where)
    assert "When?" in words(page)
    poll = found(page, "#thread")[0].get("data-hx-get")
    assert member.get(poll).status_code == 204
    answer = member.post(where, data={"body": "On Monday.", "once_key": tokens.new_id()})
    assert answer.status_code == 303
    assert "On Monday." in words(member.get(poll))
    assert "On Monday." in words(customer.get("/portal/messages"))
    assert not sent.onboarding.has_question


def test_the_answer_is_about_the_question_it_answers(sent: Job):
    browser = customers_browser(sent)
    data = {"body": "Which color?", "line_key": SHINGLES, "once_key": tokens.new_id()}
    browser.post(questions(sent), data=data)
    member = members_browser(sent)
    where = f"/crm/contacts/{sent.contact.id}/messages"
    page = member.get(where)
    (first, *_others) = found(page, "#line_key option")
    assert first.text == "Architectural shingles"
    data = {"body": "Slate.", "line_key": first.get("value"), "once_key": tokens.new_id()}
    fragment = member.post(where, data=data, headers=HTMX)
    assert found(fragment, "#conversation")
    shown = browser.get(f"/portal/estimate/{sent.estimate.id}")
    assert "Slate." in text_of(found(shown, f"#asked-{SHINGLES}")[0])


def test_an_empty_answer_is_not_sent(sent: Job):
    where = f"/crm/contacts/{sent.contact.id}/messages"
    answer = members_browser(sent).post(where, data={"body": "", "once_key": tokens.new_id()})
    assert answer.status_code == 422
    assert "Write your answer first." in words(answer)
    empty = customers_browser(sent).post("/portal/messages", data={"body": ""})
    assert empty.status_code == 422


def test_looking_is_written_by_a_press_and_not_by_the_page(sent: Job):
    reply(sent)
    browser = customers_browser(sent)
    page = browser.get(f"/portal/estimate/{sent.estimate.id}")
    assert "Messages · 1" in words(page)
    browser.get("/portal/messages")
    assert queries.unread_for_customer(read(sent.company.id), sent.contact.id) == 1
    assert browser.post("/portal/messages/seen", headers=HTMX).status_code == 204
    assert queries.unread_for_customer(read(sent.company.id), sent.contact.id) == 0
    actions.write(sent.estimate.onboarding_id, Words("Thanks", tokens.new_id()), sent.customer)
    seen = members_browser(sent).post(f"/crm/contacts/{sent.contact.id}/messages/seen")
    assert seen.status_code == 303
    assert queries.conversations(read(sent.company.id))[0].unread == 0


def test_a_stranger_reads_and_asks_nothing(sent: Job):
    reply(sent, "For Dana only")
    other = customers_browser(sent.neighbor())
    assert other.get(questions(sent)).status_code == 404
    data = {"body": "Mine", "once_key": tokens.new_id(), "about": "price"}
    assert other.post(questions(sent), data=data).status_code == 404
    changes = f"/portal/estimate/{sent.estimate.id}/change-requests"
    assert other.post(changes, data=data).status_code == other.get(changes).status_code == 404
    assert "For Dana only" not in words(other.get("/portal/messages"))
    _, stranger = sent.house.company("Bluebird Bath")
    member = signed_in(sent, "crm", stranger.id)
    where = f"/crm/contacts/{sent.contact.id}/messages"
    assert member.get(where).status_code == 404
    assert member.post(where, data=data).status_code == 404


def test_nothing_said_yet_is_a_page_too(sent: Job):
    assert "No messages yet" in words(members_browser(sent).get("/crm/messages"))
    assert "Nothing has been said yet." in words(customers_browser(sent).get("/portal/messages"))


def test_an_answer_on_the_estimate_counts_as_seen_once_it_comes_into_view(sent: Job):
    reply(sent, line_key=SHINGLES)
    page = customers_browser(sent).get(f"/portal/estimate/{sent.estimate.id}")
    (answer,) = found(page, f"#asked-{SHINGLES} .said")
    assert answer.get("data-hx-post") == "/portal/messages/seen"
    assert answer.get("data-hx-trigger").startswith("intersect once")
    preview = members_browser(sent).get(f"/crm/estimates/{sent.estimate.id}/preview")
    assert not found(preview, "[data-hx-post]")
