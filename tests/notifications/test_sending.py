"""Sending: every fault of a carrier ends in a state that is true.

Nothing goes out twice but an e-mail that may have been lost, and that under the same Message-ID.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from onboarding import clock
from onboarding.database import transaction
from onboarding.gateways.smtp import SmtpEmail
from onboarding.gateways.twilio import TwilioSms
from onboarding.notifications import sending, states
from onboarding.notifications.models import Channel, Delivery, DeliveryState, Failure
from onboarding.notifications.payload import Attachment
from tests import mail_server, twilio_server
from tests.mail_server import Post
from tests.notifications.conftest import EVERYONE, PostOffice, text
from tests.twilio_server import ACCOUNT, NUMBER, TOKEN, Exchange

LATER = timedelta(hours=2)
CODE = {"is_code": True}


class Carriers:
    """A mail server and a Twilio in this process, and the post office that sends through them."""

    def __init__(self, office: PostOffice, opened: ExitStack) -> None:
        self.office = office
        self.post = Post()
        self.exchange = Exchange()
        self.port = opened.enter_context(mail_server.served(self.post))
        self.twilio_url = opened.enter_context(twilio_server.served(self.exchange))
        self.use()

    def use(self, port: int | None = None) -> None:
        self.office.carry(
            email=SmtpEmail(f"smtp://127.0.0.1:{port or self.port}", "p@portal.test", patience=0.4),
            sms=TwilioSms(ACCOUNT, TOKEN, NUMBER, base_url=self.twilio_url, patience=0.4),
        )

    def stands(self, delivery: Delivery) -> tuple[str, str | None]:
        now = self.office.now(delivery)
        return now.state, now.failure

    @property
    def texted(self) -> list[str]:
        return [sent["body"] for sent in self.exchange.texts]


@pytest.fixture
def carriers(post_office: PostOffice) -> Iterator[Carriers]:
    with ExitStack() as opened:
        yield Carriers(post_office, opened)


def sweep_later(by: timedelta = LATER) -> None:
    with clock.shifted(by):
        sending.sweep()


def test_what_was_taken_is_sent_and_not_yet_delivered(carriers: Carriers) -> None:
    mail, sms = carriers.office.send(), carriers.office.send(**text())
    sending.sweep()
    assert carriers.stands(mail) == carriers.stands(sms) == (DeliveryState.SENT, None)
    assert carriers.office.now(mail).answer == "250 OK queued as 4711"
    assert carriers.office.now(sms).provider_id == carriers.exchange.texts[0]["sid"]
    assert carriers.post.message_ids == [mail.message_id]


def test_a_passing_refusal_is_shown_and_tried_again(carriers: Carriers) -> None:
    carriers.post.at_data = "451 4.7.1 Greylisted"
    mail = carriers.office.send()
    sending.sweep()
    waiting = carriers.office.now(mail)
    assert (waiting.state, waiting.is_delayed) == (DeliveryState.QUEUED, True)
    assert "Greylisted" in waiting.answer
    assert waiting.next_attempt_at > clock.now()
    sending.sweep()
    assert carriers.office.now(mail).attempts == 1

    carriers.post.at_data = ""
    sweep_later()
    assert carriers.stands(mail) == (DeliveryState.SENT, None)
    assert carriers.post.message_ids == [mail.message_id]


@pytest.mark.parametrize(("at_rcpt", "at_data"), [("550 No such user", ""), ("", "554 Spam")])
def test_a_final_refusal_is_given_up_at_once(
    carriers: Carriers, at_rcpt: str, at_data: str
) -> None:
    carriers.post.at_rcpt, carriers.post.at_data = at_rcpt, at_data
    mail = carriers.office.send()
    sending.sweep()
    assert carriers.stands(mail) == (DeliveryState.FAILED, Failure.REFUSED)
    assert (at_rcpt or at_data) in carriers.office.now(mail).answer
    assert carriers.office.now(mail).failed_at


def test_a_server_that_stays_away_is_given_up_visibly(carriers: Carriers) -> None:
    with mail_server.scripted(lambda _: None) as gone:
        pass
    carriers.use(gone)
    mail = carriers.office.send()
    for attempt in range(states.MOST_TRIES):
        assert carriers.office.now(mail).state == DeliveryState.QUEUED
        sweep_later(LATER * attempt)
    assert carriers.stands(mail) == (DeliveryState.FAILED, Failure.EXHAUSTED)
    assert carriers.office.now(mail).attempts == states.MOST_TRIES


def test_what_expired_on_its_way_is_not_sent(carriers: Carriers) -> None:
    carriers.post.at_data = "421 Too busy"
    mail = carriers.office.send(not_after=clock.now() + timedelta(hours=1))
    sending.sweep()
    carriers.post.at_data = ""
    sweep_later()
    assert carriers.stands(mail) == (DeliveryState.FAILED, Failure.EXPIRED)
    assert carriers.post.mails == []


def take_and_vanish(post: Post) -> Callable[[socket.socket], None]:
    """A server that takes the message, notes it, and is gone before it says so."""

    def talk(connection: socket.socket) -> None:
        heard = b""
        connection.sendall(b"220 here\r\n")
        while b"\r\n.\r\n" not in heard:
            more = connection.recv(65536)
            if not more:
                return
            heard += more
            if b"DATA\r\n" not in heard:
                connection.sendall(b"250 OK\r\n")
            elif heard.endswith(b"DATA\r\n"):
                connection.sendall(b"354 go on\r\n")
        envelope = mail_server.Envelope()
        envelope.original_content = heard.partition(b"DATA\r\n")[2]
        post.taken.append(envelope)

    return talk


def test_an_email_of_unknown_fate_is_repeated_under_the_same_message_id(
    carriers: Carriers,
) -> None:
    mail = carriers.office.send()
    with mail_server.scripted(take_and_vanish(carriers.post)) as vanishing:
        carriers.use(vanishing)
        sending.sweep()
    carriers.use()
    assert carriers.office.now(mail).unsettled_since
    sweep_later()
    assert carriers.post.message_ids == [mail.message_id, mail.message_id]
    assert carriers.stands(mail) == (DeliveryState.SENT, None)


def test_a_code_by_email_of_unknown_fate_is_never_repeated(carriers: Carriers) -> None:
    mail = carriers.office.send(**CODE)
    with mail_server.scripted(take_and_vanish(carriers.post)) as vanishing:
        carriers.use(vanishing)
        sending.sweep()
    assert carriers.stands(mail) == (DeliveryState.FAILED, Failure.UNKNOWN)
    carriers.use()
    sweep_later()
    assert carriers.post.message_ids == [mail.message_id]
    assert carriers.stands(mail) == (DeliveryState.FAILED, Failure.UNKNOWN)


@pytest.mark.parametrize("fields", [{}, CODE])
@pytest.mark.parametrize("mood", ["silence after", "500 after", "half"])
def test_a_text_of_unknown_fate_is_found_and_not_repeated(
    carriers: Carriers, mood: str, fields: dict[str, bool]
) -> None:
    carriers.exchange.moods = [mood]
    sms = carriers.office.send(**text(**fields))
    sending.sweep()
    assert carriers.stands(sms) == (DeliveryState.QUEUED, None)
    sweep_later()
    assert carriers.stands(sms) == (DeliveryState.SENT, None)
    assert carriers.office.now(sms).provider_id == carriers.exchange.texts[0]["sid"]
    assert len(carriers.texted) == 1


def test_a_text_that_is_not_found_goes_out_then(carriers: Carriers) -> None:
    carriers.exchange.moods = ["500"]
    sms = carriers.office.send(**text())
    sending.sweep()
    sweep_later()
    assert (len(carriers.texted), carriers.stands(sms)) == (1, (DeliveryState.SENT, None))


def test_a_code_that_is_not_found_is_not_sent_again(carriers: Carriers) -> None:
    carriers.exchange.moods = ["500"]
    sms = carriers.office.send(**text(**CODE))
    sending.sweep()
    sweep_later()
    assert carriers.texted == []
    assert carriers.stands(sms) == (DeliveryState.FAILED, Failure.UNKNOWN)


def test_a_code_that_was_refused_for_a_passing_reason_is_tried_again(carriers: Carriers) -> None:
    carriers.exchange.moods = ["429"]
    sms = carriers.office.send(**text(**CODE))
    sending.sweep()
    waiting = carriers.office.now(sms)
    assert waiting.next_attempt_at >= clock.now() + timedelta(seconds=6)
    sweep_later()
    assert (len(carriers.texted), carriers.stands(sms)) == (1, (DeliveryState.SENT, None))


def test_nothing_is_sent_while_the_provider_cannot_be_asked(carriers: Carriers) -> None:
    carriers.exchange.moods = ["silence after"]
    sms = carriers.office.send(**text())
    sending.sweep()
    carriers.exchange.is_down_for_reading = True
    sweep_later()
    assert (len(carriers.texted), carriers.stands(sms)) == (1, (DeliveryState.QUEUED, None))
    carriers.exchange.is_down_for_reading = False
    sweep_later(2 * LATER)
    assert (len(carriers.texted), carriers.stands(sms)) == (1, (DeliveryState.SENT, None))


def test_the_same_words_sent_before_are_not_taken_for_the_lost_ones(carriers: Carriers) -> None:
    first = carriers.office.send(**text())
    sending.sweep()
    carriers.exchange.moods = ["500"]
    second = carriers.office.send(**text())
    sending.sweep()
    sweep_later()
    assert len(carriers.texted) == 2
    ids = {carriers.office.now(sms).provider_id for sms in (first, second)}
    assert ids == {sent["sid"] for sent in carriers.exchange.texts}


@pytest.mark.parametrize(
    ("mood", "state", "failure"),
    [
        ("400", DeliveryState.FAILED, Failure.REFUSED),
        ("400 stopped", DeliveryState.OPTED_OUT, None),
        ("429", DeliveryState.QUEUED, None),
        ("503", DeliveryState.QUEUED, None),
        ("401", DeliveryState.QUEUED, None),
    ],
)
def test_twilios_answers_are_told_apart(
    carriers: Carriers, mood: str, state: str, failure: str | None
) -> None:
    carriers.exchange.moods = [mood]
    sms = carriers.office.send(**text())
    sending.sweep()
    assert carriers.stands(sms) == (state, failure)
    assert carriers.texted == []


def test_a_file_that_is_not_there_yet_is_waited_for(carriers: Carriers) -> None:
    mail = carriers.office.send(attachments=(Attachment("a.pdf", "application/pdf", "0" * 64),))
    sending.sweep()
    assert carriers.stands(mail) == (DeliveryState.QUEUED, None)
    assert "a.pdf" in carriers.office.now(mail).answer


def test_a_code_overtakes_everything_else(carriers: Carriers) -> None:
    for _ in range(3):
        carriers.office.send()
    code = carriers.office.send(**CODE)
    sending.sweep()
    assert carriers.post.message_ids[0] == code.message_id


# Crashes and other workers, on both databases.


@pytest.mark.parametrize("fields", [{}, CODE, text(), text(**CODE)])
def test_a_worker_that_dies_after_its_claim_loses_nothing(
    either_office: PostOffice, fields: dict[str, object]
) -> None:
    sent = either_office.send(**fields)
    assert sending.claim()
    sending.sweep()
    assert either_office.now(sent).state == DeliveryState.SENDING
    sweep_later(sending.LEASE + timedelta(seconds=1))
    expected = DeliveryState.FAILED if "is_code" in fields else DeliveryState.DELIVERED
    assert either_office.now(sent).state == expected


def test_a_worker_that_was_frozen_past_its_lease_marks_nothing(either_office: PostOffice) -> None:
    sent = either_office.send(to="nobody at all")
    frozen = sending.claim()
    assert frozen is not None
    report = sending.attempt(frozen)
    with clock.shifted(sending.LEASE * 2):
        taken = sending.claim()
        assert taken is not None
        assert not sending.mark(frozen, report)
        assert either_office.now(sent).state == DeliveryState.SENDING
        assert sending.mark(taken, sending.attempt(taken))
    assert either_office.now(sent).state == DeliveryState.FAILED


def test_workers_share_the_work_and_send_nothing_twice(either_office: PostOffice) -> None:
    queued = [either_office.send(to=f"person{number}@example.com") for number in range(60)]
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        while sending.sweep():
            pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    arrived = Counter(str(a.mail["Message-ID"]) for a in either_office.mailbox.latest("email", 99))
    assert arrived == Counter(delivery.message_id for delivery in queued)
    with transaction(EVERYONE) as db:
        assert set(db.scalars(select(Delivery.attempts))) == {1}


@pytest.mark.parametrize("moment", ["before it was taken", "after it was taken"])
@pytest.mark.parametrize("is_code", [False, True])
def test_a_worker_killed_over_a_mail_leaves_it_to_the_next(
    carriers: Carriers, moment: str, is_code: bool, tmp_path: Path
) -> None:
    """The server itself kills the worker: at RCPT, or once it has the whole message."""
    mail = carriers.office.send(is_code=is_code)
    process = start_worker(carriers, tmp_path, waits_for_kill=moment)
    assert process.wait(30) == -signal.SIGKILL
    assert carriers.office.now(mail).state == DeliveryState.SENDING

    sweep_later(sending.LEASE * 2)

    was_taken = moment.startswith("after")
    expected = was_taken + (not is_code)
    assert carriers.post.message_ids == [mail.message_id] * expected
    state = DeliveryState.FAILED if is_code else DeliveryState.SENT
    assert carriers.office.now(mail).state == state


@pytest.mark.parametrize("fields", [{}, CODE])
def test_a_worker_killed_over_a_text_leaves_it_to_be_looked_up(
    carriers: Carriers, fields: dict[str, bool], tmp_path: Path
) -> None:
    carriers.exchange.moods = ["silence after"]
    sms = carriers.office.send(**text(**fields))
    process = start_worker(carriers, tmp_path)
    while not carriers.texted:
        assert process.poll() is None
    process.kill()
    process.wait(30)

    sweep_later(sending.LEASE * 2)

    assert len(carriers.texted) == 1
    assert carriers.stands(sms) == (DeliveryState.SENT, None)


def start_worker(
    carriers: Carriers, folder: Path, waits_for_kill: str = ""
) -> "subprocess.Popen[bytes]":
    started: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        if started and started[0].poll() is None:
            os.kill(started[0].pid, signal.SIGKILL)
            started[0].wait(30)

    if waits_for_kill.startswith("before"):
        carriers.post.before_rcpt = kill
    elif waits_for_kill:
        carriers.post.before_answer = kill
    arguments = [
        *(str(folder), carriers.office.settings.database_url),
        *(f"smtp://127.0.0.1:{carriers.port}", carriers.twilio_url),
    ]
    command = [sys.executable, "-m", "tests.notifications.worker", *arguments]
    started.append(subprocess.Popen(command, cwd=Path(__file__).parents[2]))
    return started[0]


def test_a_text_and_a_letter_are_not_confused(carriers: Carriers) -> None:
    carriers.office.send(channel=Channel.EMAIL)
    carriers.office.send(**text())
    sending.sweep()
    assert (len(carriers.post.mails), carriers.texted) == (1, ["Text 271828"])
