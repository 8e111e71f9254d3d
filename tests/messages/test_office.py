"""The office's side: what is unread stands beside the navigation on every screen, an answer is
written on the record, and what was settled on the phone is marked done."""

import re

from onboarding.messages import actions
from onboarding.messages.actions import Words
from tests.deal import Deal, deal, now
from tests.house import House
from tests.pipeline.test_stuck_first import counted

ASKED = Words("Is the flashing included?", "once-1")


def unread(page: str) -> str:
    found = re.search(r'id="unread"[^>]*>(\d*)', page)
    assert found
    return found[1]


def asked(house: House) -> Deal:
    found = deal(house)
    actions.ask(found.estimate.onboarding_id, ASKED, found.customer)
    return found


def test_what_nobody_has_read_is_counted_on_every_screen(everywhere: House) -> None:
    found = asked(everywhere)
    browser = found.members_browser()
    for place in ("/crm/pipeline", "/crm/contacts", "/crm/insights"):
        assert unread(browser.get(place).text) == "1"
    browser.post(f"/crm/contacts/{found.contact.id}/messages/seen")
    assert unread(browser.get("/crm/pipeline").text) == ""


def test_a_question_comes_to_every_open_screen_with_the_next_poll(house: House) -> None:
    found = deal(house)
    browser = found.members_browser()
    revision = found.onboarding.revision
    actions.ask(found.estimate.onboarding_id, ASKED, found.customer)
    board = browser.get(f"/crm/pipeline/poll?revision={revision}").text
    assert unread(board) == "1"
    assert "Question" in board[board.index(f'id="pcard-{found.estimate.onboarding_id}"') :]
    record = browser.get(f"/crm/contacts/{found.contact.id}/poll?revision={revision}").text
    assert unread(record) == "1"


def test_when_one_member_reads_the_others_count_goes_down(house: House) -> None:
    found = asked(house)
    browser = found.members_browser()
    revision = found.onboarding.revision
    actions.see(found.contact.id, found.member)
    news = browser.get(f"/crm/pipeline/poll?revision={revision}").text
    assert unread(news) == ""
    actions.see(found.contact.id, found.member)
    later = re.search(r"poll\?revision=(\d+)", news)
    assert later
    assert browser.get(f"/crm/pipeline/poll?revision={later[1]}").status_code == 204


def test_an_answer_is_written_on_the_record(house: House) -> None:
    found = asked(house)
    browser = found.members_browser()
    page = browser.get(f"/crm/contacts/{found.contact.id}").text
    assert "Is the flashing included?" in page[page.index('id="messages"') :]
    answered = browser.post(
        f"/crm/contacts/{found.contact.id}/messages",
        data={"body": "Yes, all of it.", "once_key": "once-2"},
        headers={"HX-Request": "true"},
    )
    assert "Yes, all of it." in answered.text
    assert not found.onboarding.has_question
    told = found.browser().get("/portal/messages").text
    assert "Yes, all of it." in told


def test_the_customer_sees_the_answer_arrive_where_they_asked(house: House) -> None:
    found = asked(house)
    words = Words("Yes, all of it.", "once-3")
    actions.answer(found.estimate.onboarding_id, words, found.member)
    place = f"/portal/estimate/{found.estimate.id}/talk/poll?count=1"
    answer = found.browser().get(place, headers={"HX-Request": "true"})
    assert "Yes, all of it." in answer.text
    assert "There is something new in your questions." in answer.text


def test_what_was_settled_on_the_phone_is_marked_done_once(everywhere: House) -> None:
    found = asked(everywhere)
    browser = found.members_browser()
    page = browser.get(f"/crm/contacts/{found.contact.id}/messages").text
    assert "Mark done" in page
    for _ in range(2):
        browser.post(f"/crm/contacts/{found.contact.id}/messages/done")
    onboarding = found.onboarding
    assert (onboarding.has_question, onboarding.stuck_from) == (False, None)
    assert found.events().count("message.done") == 1
    page = browser.get(f"/crm/contacts/{found.contact.id}/messages").text
    assert "Mark done" not in page


def test_the_record_costs_sixteen_statements_at_most(house: House) -> None:
    found = asked(house)
    found.signed()
    browser = found.members_browser()
    place = f"/crm/contacts/{found.contact.id}"
    browser.get(place)  # the first look of a session notes that it was seen
    first = counted(browser.get, place)
    for number in range(4):
        words = Words(f"And line {number}?", f"once-more-{number}")
        actions.ask(found.estimate.onboarding_id, words, found.customer)
    assert counted(browser.get, place) == first <= 16
    assert now(found.company.id)
