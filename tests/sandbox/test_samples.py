"""Every message of the product can be seen, in both languages, before anybody has sent one."""

import pytest
from flask.testing import FlaskClient
from lxml import html

from onboarding.notifications import wording
from onboarding.notifications.models import Purpose
from onboarding.sandbox.samples import AS_TEXT_ALONE, sample, samples
from tests.house import House


@pytest.fixture
def visitor(house: House) -> FlaskClient:
    return house.client()


def test_every_purpose_has_its_sample_once(house: House) -> None:
    found = [letter.purpose for letters in samples().values() for letter in letters]
    assert sorted(found) == sorted(Purpose)


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_each_stands_there_as_mail_as_words_and_as_a_text(
    house: House, visitor: FlaskClient, language: str
) -> None:
    # A mail is written for mail programs: it is not read as a page of ours.
    mail_program = FlaskClient(house.app, house.app.response_class)
    for purpose in Purpose:
        letter = sample(purpose)
        assert letter is not None
        message = wording.render(letter, language)
        answer = visitor.get(f"/sandbox/mailbox/samples?message={purpose}&in={language}")
        read = html.fromstring(answer.text)
        subject = read.xpath("//article//h2")[0]
        assert (subject.text_content(), subject.get("lang")) == (message.subject, language)
        frames = read.xpath("//iframe")
        assert bool(frames) != (purpose in AS_TEXT_ALONE)
        if frames:
            mail = mail_program.get(frames[0].get("src"))
            assert f'<html lang="{language}"' in mail.text
            assert "sandbox" in mail.headers["Content-Security-Policy"]
            assert read.xpath("//pre")[0].text_content() == message.text.lstrip("\n")
        texts = [text.text_content() for text in read.xpath("//li[@class='sms']/p")]
        assert texts == ([message.sms] if message.sms else [])


def test_the_mailbox_leads_there_and_the_page_to_every_other_sample(visitor: FlaskClient) -> None:
    mailbox = html.fromstring(visitor.get("/sandbox/mailbox").text)
    assert mailbox.xpath("//a[@href='/sandbox/mailbox/samples']")
    page = html.fromstring(visitor.get("/sandbox/mailbox/samples").text)
    links = [link.get("href") for link in page.xpath("//nav[@class='letters']//a")]
    assert len(links) == len(Purpose)
    assert {visitor.get(link).status_code for link in links[:3]} == {200}


def test_what_is_no_message_is_not_found(visitor: FlaskClient) -> None:
    assert visitor.get("/sandbox/mailbox/samples?message=ransom").status_code == 404
    assert visitor.get("/sandbox/mailbox/samples/ransom").status_code == 404


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_mail_is_cut_off_by_a_mail_program(house: House, language: str) -> None:
    """Gmail shows the first 102 KB of a mail, and Outlook obeys tables and attributes alone."""
    for letters in samples().values():
        for letter in letters:
            written = wording.render(letter, language).html
            assert len(written.encode()) < 30_000
            page = html.fromstring(written)
            for button in page.xpath("//td[@class='button']"):
                assert button.get("bgcolor")
            assert all(table.get("role") == "presentation" for table in page.iter("table"))
            assert page.xpath("//meta[@name='color-scheme']")
            assert "<!--[if mso" in written
