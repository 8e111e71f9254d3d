"""Texts: one contract for the Twilio adapter against a real HTTP server and for the local phone."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from onboarding import clock
from onboarding.config import Settings
from onboarding.gateways import twilio
from onboarding.gateways.refusals import PermanentRefusal, TemporaryRefusal, UnknownOutcome
from onboarding.gateways.sms import OutgoingSms, Sms, segments
from onboarding.gateways.twilio import TwilioSms
from onboarding.sandbox.mailbox import Mailbox, MailboxSms
from tests import twilio_server
from tests.twilio_server import ACCOUNT, NUMBER, TOKEN, Exchange

TEXT = OutgoingSms("+15035550188", "Ridgeline Roofing: 12 ½ € “hello”", "01delivery")


@dataclass
class Carrier:
    """An Sms gateway, and the words that arrived through it."""

    sms: Sms
    arrived: Callable[[], list[str]]


@pytest.fixture(params=["twilio", "phone"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    with ExitStack() as opened:
        if request.param == "twilio":
            exchange = Exchange()
            url = opened.enter_context(twilio_server.served(exchange))
            yield Carrier(adapter(url), lambda: [text["body"] for text in exchange.texts])
        else:
            settings = Settings(data_dir=tmp_path)
            mailbox = Mailbox(settings)
            sms = MailboxSms(settings, mailbox)
            yield Carrier(sms, lambda: [a.text for a in reversed(mailbox.latest("sms"))])


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def sms(exchange: Exchange) -> Iterator[TwilioSms]:
    with twilio_server.served(exchange) as url:
        yield adapter(url)


def adapter(url: str, **options: str) -> TwilioSms:
    return TwilioSms(ACCOUNT, TOKEN, NUMBER, base_url=url, patience=0.5, **options)


def soon() -> float:
    return clock.monotonic() + 10


def test_a_text_arrives_as_it_was_written(carrier: Carrier) -> None:
    accepted = carrier.sms.send(TEXT, soon())
    assert accepted.provider_id
    assert carrier.arrived() == [TEXT.text]


def test_what_was_sent_is_found_again(carrier: Carrier) -> None:
    before = clock.now()
    accepted = carrier.sms.send(TEXT, soon())
    (found,) = carrier.sms.look_up(TEXT, before)
    assert found.provider_id == accepted.provider_id


@pytest.mark.parametrize(
    "other",
    [
        OutgoingSms("+15035550199", TEXT.text, "another number"),
        OutgoingSms(TEXT.to, "other words", "other words"),
    ],
)
def test_somebody_elses_text_is_not_taken_for_it(carrier: Carrier, other: OutgoingSms) -> None:
    carrier.sms.send(other, soon())
    assert list(carrier.sms.look_up(TEXT, clock.now() - timedelta(minutes=1))) == []


def test_an_older_text_is_not_taken_for_it(carrier: Carrier) -> None:
    carrier.sms.send(TEXT, soon())
    assert list(carrier.sms.look_up(TEXT, clock.now() + timedelta(minutes=5))) == []


def test_nothing_is_handed_over_after_the_deadline(carrier: Carrier) -> None:
    with pytest.raises(TemporaryRefusal):
        carrier.sms.send(TEXT, clock.monotonic() - 1)
    assert carrier.arrived() == []


def test_it_says_what_it_reaches(carrier: Carrier) -> None:
    assert carrier.sms.check().endswith(".")


def test_the_local_phone_takes_phone_numbers_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(PermanentRefusal, match="21211"):
        MailboxSms(settings, Mailbox(settings)).send(OutgoingSms("555-0188", "x", "y"), soon())


# The Twilio adapter alone.


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("400", PermanentRefusal),
        ("400 stopped", PermanentRefusal),
        ("400 full", TemporaryRefusal),
        ("401", TemporaryRefusal),
        ("429", TemporaryRefusal),
        ("503", TemporaryRefusal),
        ("500", UnknownOutcome),
        ("500 after", UnknownOutcome),
        ("half", UnknownOutcome),
        ("silence after", UnknownOutcome),
    ],
)
def test_each_answer_is_understood(
    sms: TwilioSms, exchange: Exchange, mood: str, expected: type[Exception]
) -> None:
    exchange.moods = [mood]
    with pytest.raises(expected):
        sms.send(TEXT, soon())


def test_too_many_requests_waits_as_long_as_it_is_told(sms: TwilioSms, exchange: Exchange) -> None:
    exchange.moods = ["429"]
    with pytest.raises(TemporaryRefusal) as refusal:
        sms.send(TEXT, soon())
    assert refusal.value.retry_after == 7


def test_nobody_listening_was_certainly_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(TemporaryRefusal):
        adapter(f"http://127.0.0.1:{port}").send(TEXT, soon())
    with pytest.raises(TemporaryRefusal):
        adapter("http://nowhere.invalid").send(TEXT, soon())


def test_a_text_lost_in_silence_is_found_on_a_later_page(
    sms: TwilioSms, exchange: Exchange
) -> None:
    exchange.page_size = 2
    exchange.moods = ["silence after"]
    since = clock.now()
    with pytest.raises(UnknownOutcome):
        sms.send(TEXT, soon())
    for number in range(5):
        sms.send(OutgoingSms(TEXT.to, f"another, {number}", "x"), soon())
    assert [found.provider_id for found in sms.look_up(TEXT, since)] == [exchange.texts[0]["sid"]]


def test_a_trial_accounts_line_does_not_hide_a_text(sms: TwilioSms, exchange: Exchange) -> None:
    sms.send(TEXT, soon())
    exchange.texts[0]["body"] = f"Sent from your Twilio trial account - {TEXT.text}"
    assert len(sms.look_up(TEXT, clock.now() - timedelta(minutes=1))) == 1


def test_a_look_up_that_fails_claims_nothing(sms: TwilioSms, exchange: Exchange) -> None:
    exchange.is_down_for_reading = True
    with pytest.raises(TemporaryRefusal):
        sms.look_up(TEXT, clock.now())


def test_receipts_are_asked_for_with_the_texts_own_mark(exchange: Exchange) -> None:
    with twilio_server.served(exchange) as url:
        address = "https://portal.test/webhooks/twilio/status"
        adapter(url, status_url=address).send(TEXT, soon())
        adapter(url).send(TEXT, soon())
    asked = [text["callback"] for text in exchange.texts]
    assert asked == [f"{address}?delivery=01delivery", None]


def test_a_wrong_token_is_said_by_the_doctor(exchange: Exchange) -> None:
    with twilio_server.served(exchange) as url, pytest.raises(TemporaryRefusal, match="20003"):
        TwilioSms(ACCOUNT, "wrong", NUMBER, base_url=url).check()


def test_twilios_own_example_of_a_signature() -> None:
    """From https://www.twilio.com/docs/usage/security, with the token of that page."""
    form = {
        "CallSid": ["CA1234567890ABCDE"],
        "Caller": ["+14158675310"],
        "Digits": ["1234"],
        "From": ["+14158675310"],
        "To": ["+18005551212"],
    }
    address = "https://example.com/myapp.php?foo=1&bar=2"
    assert twilio.signature("12345", address, form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_a_signature_is_believed_only_for_what_it_signed() -> None:
    form = {"MessageSid": ["SM1"], "MessageStatus": ["delivered"]}
    good = twilio.signature(TOKEN, "https://portal.test/x", form)
    assert twilio.is_signed(TOKEN, "https://portal.test/x", form, good)
    assert not twilio.is_signed(TOKEN, "https://portal.test/y", form, good)
    assert not twilio.is_signed(TOKEN, "https://portal.test/x", form | {"A": ["b"]}, good)
    assert not twilio.is_signed("other", "https://portal.test/x", form, good)
    assert not twilio.is_signed("", "https://portal.test/x", form, twilio.signature("", "x", {}))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        *[("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ñ" * 160, 1)],
        *[("“" + "a" * 69, 1), ("“" + "a" * 70, 2), ("😀" * 35, 1), ("😀" * 36, 2)],
    ],
)
def test_a_text_is_counted_in_parts_as_it_is_paid_for(text: str, count: int) -> None:
    assert segments(text) == count
