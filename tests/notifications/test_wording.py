"""Every message of the product, in both languages: complete, escaped, readable, short as a text."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from lxml import html as lxml_html

from onboarding import clock, colors, config
from onboarding.config import Settings
from onboarding.gateways.sms import segments
from onboarding.notifications import contrast, wording, wording_cards, wording_contracts
from onboarding.notifications.models import Channel, Purpose
from onboarding.notifications.wording import Company, Letter

URL = "https://portal.example.com/i/" + "x" * 43
COMPANY = Company(
    name="Ridgeline Roofing",
    phone="+15035550142",
    license_number="CCB 214887",
    reply_to="office@ridgeline.test",
    color="#1f5c49",
    slug="ridgeline",
    postal_address="1420 Alder St\nPortland, OR 97205",
)
CUSTOMER = {"company": COMPANY, "url": URL, "first_name": "Dana"}
MEMBER = {"company": COMPANY, "url": URL, "customer_name": "Dana W.", "job_title": "New roof"}
PROOF = wording_contracts.Proof(sealed_sha256="ab" * 32, chain_head="cd" * 32)
CANCELLED = {
    "contract_title": "Service agreement",
    "at": clock.now(),
    "zone": "America/Los_Angeles",
    "refund_by": clock.today("America/Los_Angeles"),
}

SAMPLES: list[Letter] = [
    wording.InviteMessage(
        **CUSTOMER,
        job_title="New roof",
        sender_name="Maria Lindqvist",
        expires_at=clock.now() + timedelta(hours=72),
        zone="America/Los_Angeles",
    ),
    wording.InviteSignInMessage(**CUSTOMER, job_title="New roof", sender_name="Maria"),
    wording.RevisedEstimateMessage(
        **CUSTOMER, job_title="New roof", version=2, total_cents=1_845_000, currency="USD"
    ),
    wording.MagicLinkMessage(**CUSTOMER, code="042137", minutes=15),
    wording.CodeMessage(company=COMPANY, code="042137", minutes=10, host="portal.example.com"),
    wording.SignInChangedMessage(company=COMPANY, first_name="Dana", what="phone"),
    wording.MemberResetMessage(company=COMPANY, url=URL, name="Maria", minutes=1),
    wording.MemberInviteMessage(company=COMPANY, url=URL, sender_name="Maria", days=7),
    wording.SignUpMessage(url=URL, name="Maria", company_name="Ridgeline Roofing", hours=24),
    wording.SignUpKnownMessage(url=URL),
    wording.EstimateRejectedMessage(**MEMBER, version=1, reason="Too dear.\nSorry."),
    wording.QuestionAskedMessage(**MEMBER, question="Which\n\nshingles?", about="Shingles"),
    wording.ChangesAskedMessage(**MEMBER, wish="Darker gutters, please"),
    wording.MessageAnsweredMessage(**CUSTOMER, answer="Architectural ones."),
    wording.NewLinkWantedMessage(**MEMBER, link_state="revoked"),
    wording_contracts.OnboardingCompletedCustomerMessage(
        **CUSTOMER, job_title="New roof", has_pdf=True
    ),
    wording_contracts.OnboardingCompletedContractorMessage(
        **MEMBER, total_cents=1_845_000, currency="USD", has_pdf=False
    ),
    wording_contracts.ContractCopyCustomerMessage(
        **CUSTOMER, job_title="New roof", has_pdf=True, proof=PROOF
    ),
    wording_contracts.ContractCopyContractorMessage(**MEMBER, proof=PROOF),
    wording_contracts.ContractCancelledCustomerMessage(
        **CUSTOMER, job_title="New roof", **CANCELLED
    ),
    wording_contracts.ContractCancelledContractorMessage(**MEMBER, **CANCELLED),
    wording_contracts.PaperWantedMessage(**MEMBER, is_signed=True),
    wording.DeliveryFailedMessage(
        **MEMBER, channel=Channel.SMS, to="+15035550188", answer="Twilio 30003"
    ),
    wording_cards.AutoPayOnMessage(
        **CUSTOMER,
        card="Visa ending in 4242",
        expires="12/30",
        auto_pay_since=clock.now(),
        agreed="Ridgeline may charge the card.\nTurn it off at any time.",
    ),
    wording_cards.CardRemovedMessage(**CUSTOMER, card="Visa ending in 4242"),
    wording_cards.CardExpiredMessage(**CUSTOMER, card="Visa ending in 4242", ended_auto_pay=True),
    wording_cards.CardsLockedMessage(**MEMBER, declines=10),
    wording.SupportLinkMessage(
        url=URL,
        agent_name="Sam",
        person_name="Dana W.",
        contractor_name="Ridgeline Roofing",
        reason="Cannot find the contract",
        minutes=10,
    ),
    wording.ReminderMessage(
        **CUSTOMER,
        step="account",
        job_title="New roof",
        expires_at=clock.now() + timedelta(hours=20),
        zone="America/Los_Angeles",
    ),
    wording.TextsStoppedMessage(company=COMPANY),
    wording.TextsStartedMessage(company=COMPANY),
    wording.TextHelpMessage(company=COMPANY),
]
NAMES = [letter.purpose.value for letter in SAMPLES]
TEXTED = {"invite", "invite_sign_in", "revised_estimate", "code", "message_answered"} | {
    "onboarding_completed_customer",
    "contract_copy_customer",
    "contract_cancelled_customer",
    "sign_in_changed",
    "reminder",
    "texts_stopped",
    "texts_started",
    "text_help",
}
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} %(x)s "q"\r\nBcc: a@b.c\u2028'


@pytest.fixture(autouse=True)
def installation() -> Iterator[None]:
    config.use(Settings(postal_address="1 Platform Way\nSalem, OR 97301"))
    return None


def test_every_purpose_has_its_sample() -> None:
    # A trial is another message's words, sent to the company itself.
    assert {*NAMES, Purpose.TRIAL} == {purpose.value for purpose in Purpose}


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("letter", SAMPLES, ids=NAMES)
def test_every_message_says_who_what_and_where_to_go(letter: Letter, language: str) -> None:
    message = wording.render(letter, language)
    page = lxml_html.fromstring(message.html)
    assert message.subject
    assert page.get("lang") == language
    assert [heading.text_content() for heading in page.iter("h1")] != [""]
    assert not list(page.iter("img", "script", "link", "form"))
    links = [link.get("href") for link in page.iter("a") if not link.get("href").startswith("tel:")]
    for part in (message.text, " ".join(page.text_content().split())):
        assert letter.company.name in part
        assert ("CCB 214887" in part) == bool(letter.company.license_number)
        assert ("(503) 555-0142" in part) == bool(letter.company.phone)
        assert ("Alder St" if letter.company is COMPANY else "Platform Way") in part
        assert letter.url in part
    # The button, and the same address in letters.
    assert links == [letter.url] * 2 if letter.url else links == []


@pytest.mark.parametrize("letter", SAMPLES, ids=NAMES)
def test_what_is_texted_fits_one_text(letter: Letter) -> None:
    message = wording.render(letter, "en")
    assert (message.sms is not None) == (letter.purpose.value in TEXTED)
    if message.sms is not None:
        assert segments(message.sms) == 1
        assert message.sms.isascii()
        assert COMPANY.name in message.sms


def test_a_phone_can_fill_in_the_code_by_itself() -> None:
    """The last line as https://wicg.github.io/sms-one-time-codes/ wants it."""
    code = next(letter for letter in SAMPLES if letter.purpose is Purpose.CODE)
    assert (wording.render(code, "en").sms or "").splitlines()[-1] == "@portal.example.com #042137"


@pytest.mark.parametrize("letter", SAMPLES, ids=NAMES)
def test_hostile_words_stay_words(letter: Letter) -> None:
    typed = {
        field.name: HOSTILE
        for field in fields(letter)
        if isinstance(getattr(letter, field.name), str)
        and field.name
        not in {"url", "zone", "currency", "channel", "link_state", "host", "code", "what"}
    }
    company = replace(COMPANY, name=HOSTILE, license_number=HOSTILE, phone=HOSTILE, color=HOSTILE)
    message = wording.render(replace(letter, **typed, company=company), "en")
    page = lxml_html.fromstring(message.html)
    assert not list(page.iter("script"))
    assert "49" not in message.text
    assert len(message.subject.splitlines()) == 1
    assert "alert(1)" in page.text_content()
    assert (message.sms or "").count("\n") <= 2


@pytest.mark.parametrize("letter", SAMPLES, ids=NAMES)
def test_very_long_words_do_not_swell_the_subject_or_the_text(letter: Letter) -> None:
    typed = {
        name: "Long " * 2000
        for name in ("job_title", "first_name", "customer_name", "sender_name")
        if hasattr(letter, name)
    }
    long = replace(letter, **typed, company=replace(COMPANY, name="Long " * 2000))
    message = wording.render(long, "en")
    assert len(message.subject) <= 200
    assert segments(message.sms or "") == 1


def test_a_question_keeps_its_lines() -> None:
    asked = next(letter for letter in SAMPLES if letter.purpose is Purpose.QUESTION_ASKED)
    message = wording.render(asked, "en")
    assert "> Which\n> \n> shingles?" in message.text
    assert "Which<br><br>shingles?" in message.html


def test_the_installations_address_stands_where_a_contractor_gave_none() -> None:
    bare = replace(SAMPLES[0], company=replace(COMPANY, postal_address=""))
    assert "1 Platform Way" in wording.render(bare, "en").text


def test_an_unknown_language_is_answered_in_english() -> None:
    assert wording.render(SAMPLES[4], "xx") == wording.render(SAMPLES[4], "en")


def test_a_total_reads_as_money_and_a_moment_as_the_customers_clock() -> None:
    assert "$18,450.00" in wording.render(SAMPLES[2], "en").text
    assert (
        " PST" in wording.render(SAMPLES[0], "en").text
        or " PDT" in wording.render(SAMPLES[0], "en").text
    )


@pytest.mark.parametrize("color", ["#ffffff", "#000000", "#ffe600", "#1f5c49", "#7f7f7f", "red;}"])
def test_any_color_of_a_contractor_can_be_read(color: str) -> None:
    own = contrast.usable(color)
    for ground, towards in ((contrast.PAPER, contrast.INK), (contrast.NIGHT, contrast.WHITE)):
        shown = contrast.readable(own, ground, towards)
        assert colors.contrast(shown, ground) >= 4.5
    # White letters stand on the button: what reads on paper carries them.
    day = contrast.readable(own, contrast.PAPER, contrast.INK)
    assert colors.contrast(contrast.WHITE, day) >= 4.5
    page = wording.render(replace(SAMPLES[0], company=replace(COMPANY, color=color)), "en").html
    assert "red;}" not in page


def test_styles_stand_on_the_elements_and_the_night_in_the_head() -> None:
    page = lxml_html.fromstring(wording.render(SAMPLES[0], "en").html)
    assert "background" in page.find_class("button")[0].get("style")
    (sheet,) = page.iter("style")
    assert sheet.text_content().strip().startswith("@media (prefers-color-scheme: dark)")
