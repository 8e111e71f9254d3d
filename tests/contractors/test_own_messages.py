"""A company says its messages in its own words: the link, the code and the terms stay, and no text
breaks a message or runs anything."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select

from onboarding import database
from onboarding.contractors import message_words
from onboarding.contractors.letterhead import letterhead
from onboarding.contractors.models import Contractor
from onboarding.database import read
from onboarding.gateways.sms import segments
from onboarding.notifications import own_words, wording
from onboarding.notifications.models import Delivery
from onboarding.notifications.own_words import KINDS, PLACEHOLDERS, Kind
from onboarding.notifications.payload import unsealed
from onboarding.notifications.typesetting import Parts
from tests.deal import deal
from tests.house import House

PAGE = "/crm/settings/messages/invite/en"
OURS = {
    "subject": "{first_name}, {job_title}: our price",
    "opening": "We measured on Tuesday.\r\n\r\n{sender_name} is glad to help.",
    "sms": "{company_name} here, {first_name}: {link}",
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></td></table><style>*{display:none}</style>",
    "{{ 7*7 }} {% include 'layout.html' %} {# x #}",
    "%(company)s %s {0.__class__} {company_name.__class__}",
    "Subject\r\nBcc: everybody@example.test",
    "\u202egnp.exe\u2028\u0000\x07",
    '#eval(1) #import "x" $x$ \\u{41}',
]


@pytest.fixture
def owner(house: House):
    company, member = house.company()
    return company, member, house.sign_in_member(house.client(), member)


def kept(company: Contractor) -> Contractor:
    database.end_reads()
    return read(company.id).get_one(Contractor, company.id)


def queued(company: Contractor) -> list[Delivery]:
    database.end_reads()
    return list(read(company.id).scalars(select(Delivery).order_by(Delivery.id)))


def invitation(company: Contractor, language: str = "en"):
    letter = message_words._LETTERS["invite"](
        KINDS["invite"], letterhead(kept(company)), "Maria Lindqvist"
    )
    return wording.render(letter, language)


def test_the_words_as_shipped_are_what_goes_out_with_their_names_filled_in(owner):
    """So an editor that is opened and saved changes no message."""
    company, _, _ = owner
    for kind in KINDS.values():
        for language in wording.LANGUAGES:
            says_the_same(company, kind, language)


def says_the_same(company: Contractor, kind: Kind, language: str) -> None:
    ours = message_words.shipped(kind, language)
    plain = message_words.example(company, kind, language, Parts())
    spelled = message_words.example(company, kind, language, ours)
    assert spelled == plain
    names = set(re.findall(r"\{(\w+)\}", " ".join((ours.subject, ours.opening))))
    assert names <= set(kind.names)
    assert names <= PLACEHOLDERS.keys()
    assert {"company_name", "link"} <= set(re.findall(r"\{(\w+)\}", ours.sms))


def test_the_owners_lines_reach_the_customer_and_the_rest_stays(owner):
    company, _, browser = owner
    before = invitation(company)
    assert browser.post(PAGE, data=OURS).status_code == 303
    after = invitation(company)
    assert after.subject == "Dana, Roof replacement: our price"
    assert "We measured on Tuesday.\n\nMaria Lindqvist is glad to help." in after.text
    assert "Hello Dana," in after.text
    assert "has put together" not in after.text
    assert after.sms.startswith(f"{company.name} here, Dana: http")
    for stays in ("See your estimate", "This link is for you alone.", company.name):
        assert stays in before.text
        assert stays in after.text
    assert invitation(company, "es") == invitation(company, "es")
    assert "our price" not in invitation(company, "es").subject


def test_what_is_sent_to_a_real_customer_has_the_owners_subject(house: House):
    found = deal(house)
    browser = found.members_browser()
    browser.post("/crm/settings/messages/message_answered/en", data={
        "subject": "{company_name} wrote back", "opening": "Here is what we think:",
        "sms": "{company_name} wrote back: {link}",
    })  # fmt: skip
    asked = found.browser().post(
        "/portal/messages", data={"body": "Which color?", "once_key": "k" * 26}
    )
    assert asked.status_code in (200, 303)
    browser.post(
        f"/crm/contacts/{found.contact.id}/messages",
        data={"body": "Charcoal.", "line_key": "", "once_key": "m" * 26},
    )
    subjects = [one.subject for one in queued(found.company)]
    assert f"{found.company.name} wrote back" in subjects


def test_reset_brings_back_the_shipped_words_and_nothing_else_goes(owner):
    company, _, browser = owner
    browser.post(PAGE, data=OURS)
    browser.post("/crm/settings/messages/invite/es", data=OURS)
    for _ in range(2):
        browser.post(f"{PAGE}/reset")
    assert "our price" not in invitation(company).subject
    assert "our price" in invitation(company, "es").subject
    assert list(kept(company).own_words["invite"]) == ["es"]
    assert "Back to our words" not in browser.get(PAGE).text


def test_saving_the_shipped_words_keeps_none_so_they_change_with_the_product(owner):
    company, _, browser = owner
    ours = message_words.shipped(KINDS["invite"], "en")
    form = {"subject": ours.subject, "opening": ours.opening, "sms": ours.sms}
    assert browser.post(PAGE, data=form).status_code == 303
    assert kept(company).own_words == {}


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("subject", "", "Enter a subject."),
        ("subject", "Dear {custmer}", "{custmer} is not one of the placeholders."),
        ("opening", "{{ job_title }}", "Write {job_title} with one brace on each side."),
        ("opening", "Your link: {link}", "{link} is not one of the placeholders."),
        ("opening", "See https://evil.example", "Leave web addresses out"),
        ("subject", "Visit evil-roofs.com", "Leave web addresses out"),
        ("sms", "Hello {link}", "Leave {company_name} in"),
        ("sms", "{company_name} says hello", "Leave {link} in"),
        ("sms", "{company_name} {link} " + "x" * 240, "This is too long"),
    ],
)
def test_what_cannot_go_out_is_said_beside_its_field_and_nothing_is_lost(
    owner, part: str, typed: str, said: str
):
    company, _, browser = owner
    answer = browser.post(PAGE, data=OURS | {part: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert kept(company).own_words == {}
    page = lxml_html.fromstring(answer.data)
    held = page.get_element_by_id(part)
    assert (held.get("value") or held.text or "").strip() == typed.strip()


def test_a_hostile_line_stays_words_in_mail_and_text(owner):
    """Kept past the form, as by an older version of it."""
    company, _, _ = owner
    for kind in KINDS.values():
        for typed in HOSTILE:
            stays_words(company, kind, typed)


def stays_words(company: Contractor, kind: Kind, typed: str) -> None:
    told = Parts(f"A {typed} B", f"A {typed} B", f"A {typed} B")
    plain = lxml_html.fromstring(message_words.example(company, kind, "en", Parts()).html)
    message = message_words.example(company, kind, "en", told)
    page = lxml_html.fromstring(message.html)
    for tag in ("script", "img", "style", "table", "a", "link"):
        assert len(list(page.iter(tag))) == len(list(plain.iter(tag)))
    assert len(message.subject.splitlines()) == 1
    assert len((message.sms or "").splitlines()) == 1
    assert "49" not in message.subject + (message.sms or "")
    assert "\u202e" not in message.text + message.html


def test_what_is_filled_in_is_never_read_again_nor_as_long_as_it_likes(owner):
    company, _, _ = owner
    for value in (*HOSTILE, "{link} {total}", "x" * 5000):
        is_filled_in_once(company, value)


def is_filled_in_once(company: Contractor, value: str) -> None:
    kept_words = {
        "invite": {"en": {"subject": "{job_title}!", "sms": "{company_name} {job_title} {link}"}}
    }
    letter = message_words._LETTERS["invite"](
        KINDS["invite"], replace(letterhead(company), own_words=kept_words), "Maria"
    )
    message = wording.render(replace(letter, job_title=value), "en")
    assert len(message.subject) <= 200
    assert segments(message.sms or "") <= 3
    assert (message.sms or "").endswith(letter.url)
    assert (message.sms or "").count(letter.url) == 1


def test_the_preview_follows_what_is_typed_and_keeps_nothing(owner):
    company, _, browser = owner
    typed = OURS | {"sms": "{company_name} " + "…é" * 40 + " 😀 {link}"}
    answer = browser.post(f"{PAGE}/preview", data=typed, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith("<section")
    assert "Dana, Roof replacement: our price" in answer.text
    assert re.search(r"sent and paid for as [2-9] texts", answer.text)
    frame = re.findall(r'<iframe src="([^"]+)"', answer.text)[0]
    letter = FlaskClient.open(browser, frame)  # written for programs that read mail
    assert "We measured on Tuesday." in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]
    assert kept(company).own_words == {}
    assert browser.get(frame[:-4] + "AAAA").status_code == 404


def test_a_test_goes_to_the_owner_alone_and_once(owner):
    company, member, browser = owner
    for _ in range(2):
        answer = browser.post(f"{PAGE}/test", data=OURS | {"by": "email"})
        assert f"A test is on its way to {member.email}." in answer.text
    browser.post(f"{PAGE}/test", data=OURS | {"by": "sms"})
    mail, text = queued(company)
    assert (mail.to, mail.purpose, mail.subject) == (
        member.email, "trial", "Dana, Roof replacement: our price",
    )  # fmt: skip
    assert (text.to, text.channel) == (company.phone, "sms")
    assert "our price" in mail.subject
    assert "here, Dana" in unsealed(text.payload).text
    assert kept(company).own_words == {}


def test_tests_have_an_end(owner):
    _, _, browser = owner
    said = [
        browser.post(f"{PAGE}/test", data=OURS | {"subject": f"Number {number}"}).status_code
        for number in range(message_words._MOST_TESTS + 1)
    ]
    assert set(said[:-1]) == {200}
    assert said[-1] == 429


def test_there_is_no_such_message_and_no_such_language(owner):
    _, _, browser = owner
    for place in ("code/en", "invite/fr", "nothing/en"):
        assert browser.get(f"/crm/settings/messages/{place}").status_code == 404


def test_the_list_says_which_words_are_the_companys_own(owner):
    _, _, browser = owner
    assert "Yours" not in browser.get("/crm/settings/messages").text
    browser.post(PAGE, data=OURS)
    page = browser.get("/crm/settings/messages").text
    assert page.count("Yours") == 1


def test_own_words_are_kept_by_key_language_and_part_and_nothing_empty_is():
    begun = own_words.kept_with({}, "invite", "en", Parts(subject="A"))
    both = own_words.kept_with(begun, "invite", "es", Parts(sms="B"))
    assert both == {"invite": {"en": {"subject": "A"}, "es": {"sms": "B"}}}
    assert own_words.kept_with(both, "invite", "en", Parts()) == {"invite": {"es": {"sms": "B"}}}
    assert own_words.kept_with(begun, "invite", "en", Parts()) == {}
