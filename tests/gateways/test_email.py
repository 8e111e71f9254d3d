"""E-mail: one contract for the real adapter against a real server and for the local mailbox."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from onboarding import clock
from onboarding.config import Misconfigured, Settings
from onboarding.gateways.email import Email, EmailAttachment, OutgoingEmail, as_mime
from onboarding.gateways.refusals import PermanentRefusal, TemporaryRefusal, UnknownOutcome
from onboarding.gateways.smtp import SmtpEmail
from onboarding.sandbox.mailbox import Mailbox, MailboxEmail
from tests import mail_server
from tests.mail_server import Post

LETTER = OutgoingEmail(
    to="dana@example.com",
    from_name="Ridgeline Roofing",
    reply_to="office@ridgeline.test",
    subject="Your estimate is ready",
    text="Hello Dana,\n.\nÇa va\n",
    html="<p>Hello Dana, ça va</p>",
    message_id="<01h@portal.test>",
)
FROM = "portal@portal.test"


@dataclass
class Carrier:
    """An Email gateway, and what arrived through it."""

    email: Email
    arrived: Callable[[], list[EmailMessage]]

    def send(self, letter: OutgoingEmail) -> None:
        self.email.send(letter, soon())


@pytest.fixture(params=["smtp", "mailbox"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    with ExitStack() as opened:
        if request.param == "smtp":
            post = Post()
            port = opened.enter_context(mail_server.served(post))
            yield Carrier(SmtpEmail(f"smtp://127.0.0.1:{port}", FROM), lambda: post.mails)
        else:
            settings = Settings(data_dir=tmp_path, mail_from=FROM)
            mailbox = Mailbox(settings)
            email = MailboxEmail(settings, mailbox)
            yield Carrier(email, lambda: [a.mail for a in reversed(mailbox.latest("email"))])


def soon() -> float:
    return clock.monotonic() + 10


def test_a_letter_arrives_whole(carrier: Carrier) -> None:
    carrier.send(
        replace(
            LETTER,
            attachments=(EmailAttachment("contract.pdf", "application/pdf", b"%PDF\r\n.\r\n\xff"),),
        )
    )

    (mail,) = carrier.arrived()

    assert str(mail["From"]) == "Ridgeline Roofing via Portal <portal@portal.test>"
    assert str(mail["To"]) == "dana@example.com"
    assert str(mail["Reply-To"]) == "office@ridgeline.test"
    assert str(mail["Subject"]) == "Your estimate is ready"
    assert str(mail["Message-ID"]) == "<01h@portal.test>"
    assert str(mail["Auto-Submitted"]) == "auto-generated"
    assert body(mail, "plain").splitlines() == ["Hello Dana,", ".", "Ça va"]
    assert "ça va" in body(mail, "html")
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "contract.pdf"
    assert attached.get_content() == b"%PDF\r\n.\r\n\xff"


def test_a_letter_bears_the_time_it_was_sent(carrier: Carrier) -> None:
    before = clock.now().replace(microsecond=0)
    carrier.send(LETTER)
    assert before <= carrier.arrived()[0]["Date"].datetime <= clock.now()


def test_each_try_carries_the_same_message_id(carrier: Carrier) -> None:
    carrier.send(LETTER)
    carrier.send(LETTER)
    assert {str(mail["Message-ID"]) for mail in carrier.arrived()} == {LETTER.message_id}


@pytest.mark.parametrize(
    "to",
    [
        *("", "dana", "a@b.c, d@e.f", "a@b.c\r\nBcc: d@e.f", "<a@b.c>", "ä@b.c", "a b@c.d"),
        *("a@b.c\0", 'a"b@c.d', '"a"b"@c.d', "a@b.c\n", "\r\na@b.c", "a@b@c.d", "a@-.d", "a@b..c"),
    ],
)
def test_what_is_not_one_address_is_refused_for_good(carrier: Carrier, to: str) -> None:
    with pytest.raises(PermanentRefusal):
        carrier.send(replace(LETTER, to=to))
    assert carrier.arrived() == []


def test_a_domain_in_another_script_is_reached(carrier: Carrier) -> None:
    carrier.send(replace(LETTER, to="dana@bücher.example"))
    assert str(carrier.arrived()[0]["To"]) == "dana@xn--bcher-kva.example"


def test_nothing_is_handed_over_after_the_deadline(carrier: Carrier) -> None:
    with pytest.raises(TemporaryRefusal):
        carrier.email.send(LETTER, clock.monotonic() - 1)
    assert carrier.arrived() == []


def test_it_says_what_it_reaches(carrier: Carrier) -> None:
    assert carrier.email.check().endswith(".")


HOSTILE = [
    "Roof\r\nBcc: thief@evil.test",
    "Roof\n\nbody",
    "a\0b",
    "a\u2028Bcc: x@y.z\u2029",
    "\x85X: 1",
    "support@paypal.com",
    '"Paypal" <service@paypal.com>, other',
    "Pay\u202egnp.exe",
    "＠paypal．com ＜x＞",
    "x" * 5000,
    "\ud800",
    "=?utf-8?b?Zm9v?=",
    "名前、会社",
    "",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_a_hostile_name_or_subject_adds_nothing(carrier: Carrier, typed: str) -> None:
    letter = replace(LETTER, from_name=typed, subject=typed, text=typed, html=typed)
    carrier.send(letter)
    assert_nothing_added(carrier.arrived()[0])


@given(st.text(max_size=300), st.text(max_size=300))
@example("a\r\nBcc: b@c.d", "a\r\nBcc: b@c.d")
def test_no_text_at_all_adds_a_header_or_a_recipient(name: str, subject: str) -> None:
    letter = replace(LETTER, from_name=name, subject=subject)
    raw = as_mime(letter, FROM).as_bytes(policy=policy.SMTP)
    assert_nothing_added(message_from_bytes(raw, policy=policy.default))


def assert_nothing_added(mail: EmailMessage) -> None:
    expected = "From To Reply-To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type"
    assert sorted(mail.keys()) == sorted(expected.split())
    (sender,) = mail["From"].addresses
    assert sender.addr_spec == FROM
    assert not set(sender.display_name) & set("@＠<>\r\n\0\u2028\u2029\u202e")
    assert sender.display_name.endswith("Portal")
    assert [address.addr_spec for address in mail["To"].addresses] == [LETTER.to]
    assert len(str(mail["Subject"]).splitlines()) <= 1


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


# The real adapter alone: a server's moods.


def test_only_the_intended_person_stands_on_the_envelope() -> None:
    post = Post()
    with mail_server.served(post) as port:
        SmtpEmail(f"smtp://127.0.0.1:{port}", FROM).send(
            replace(LETTER, from_name="a\r\nRCPT TO:<x@y.z>"), soon()
        )
    assert [envelope.rcpt_tos for envelope in post.taken] == [["dana@example.com"]]
    assert post.taken[0].mail_from == FROM


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 No such user", PermanentRefusal),
        ("451 4.7.1 Greylisted", TemporaryRefusal),
        ("421 Too busy", TemporaryRefusal),
    ],
)
@pytest.mark.parametrize("step", ["at_rcpt", "at_data"])
def test_a_servers_no_is_told_apart_from_its_not_now(
    step: str, answer: str, expected: type[Exception]
) -> None:
    post = Post(**{step: answer})
    with mail_server.served(post) as port, pytest.raises(expected, match=answer[:3]):
        SmtpEmail(f"smtp://127.0.0.1:{port}", FROM).send(LETTER, soon())
    assert post.taken == []


def test_nobody_listening_is_a_passing_trouble() -> None:
    with mail_server.scripted(lambda _: None) as port:
        pass
    with pytest.raises(TemporaryRefusal):
        SmtpEmail(f"smtp://127.0.0.1:{port}", FROM).send(LETTER, soon())


def hang(connection: socket.socket) -> None:
    connection.recv(1)


def drip(connection: socket.socket) -> None:
    """Always within the patience of one step, never done."""
    while True:
        connection.sendall(b"2")
        time.sleep(0.05)


def hang_up_at_once(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def close_within_data(connection: socket.socket) -> None:
    converse(connection, until=b"DATA")
    connection.sendall(b"354 go on\r\n")
    connection.recv(20)


@pytest.mark.parametrize("talk", [hang, drip, hang_up_at_once])
def test_a_server_that_never_took_it_is_tried_again(talk: Callable[[socket.socket], None]) -> None:
    with mail_server.scripted(talk) as port:
        email = SmtpEmail(f"smtp://127.0.0.1:{port}", FROM, patience=0.3)
        begun = time.monotonic()
        with pytest.raises(TemporaryRefusal):
            email.send(LETTER, clock.monotonic() + 1)
    assert time.monotonic() - begun < 3


def take_and_vanish(connection: socket.socket) -> None:
    converse(connection, until=b"DATA")
    connection.sendall(b"354 go on\r\n")
    converse(connection, until=b"\r\n.\r\n")


def take_and_say_nothing(connection: socket.socket) -> None:
    take_and_vanish(connection)
    connection.recv(1)


def take_and_drip(connection: socket.socket) -> None:
    take_and_vanish(connection)
    drip(connection)


@pytest.mark.parametrize("talk", [take_and_vanish, take_and_say_nothing, take_and_drip])
def test_silence_after_the_closing_dot_leaves_the_outcome_open(
    talk: Callable[[socket.socket], None],
) -> None:
    with mail_server.scripted(talk) as port:
        email = SmtpEmail(f"smtp://127.0.0.1:{port}", FROM, patience=0.3)
        begun = time.monotonic()
        with pytest.raises(UnknownOutcome):
            email.send(LETTER, clock.monotonic() + 1)
    assert time.monotonic() - begun < 3


def test_a_connection_lost_within_data_never_claims_success() -> None:
    long = replace(
        LETTER, attachments=(EmailAttachment("a.pdf", "application/pdf", b"x" * 8_000_000),)
    )
    with (
        mail_server.scripted(close_within_data) as port,
        pytest.raises((TemporaryRefusal, UnknownOutcome)),
    ):
        SmtpEmail(f"smtp://127.0.0.1:{port}", FROM, patience=2).send(long, soon())


def converse(connection: socket.socket, until: bytes) -> None:
    """Says 250 to every line until one ends as asked."""
    if until == b"DATA":
        connection.sendall(b"220 here\r\n")
    heard = b""
    while until not in heard:
        more = connection.recv(65536)
        if not more:
            return
        heard += more
        if until == b"DATA" and b"DATA" not in heard:
            connection.sendall(b"250 OK\r\n")


# The server's word on a connection that smtps has encrypted before the server knows of it.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_it_signs_in_over_an_encrypted_connection(scheme: str, tmp_path: Path) -> None:
    server, client = mail_server.certificate(tmp_path)
    tls = (
        {"tls_context": server, "require_starttls": True}
        if scheme == "smtp+starttls"
        else {"ssl_context": server}
    )
    post = Post()
    options = {
        "authenticator": mail_server.checks_password,
        "auth_required": True,
        "auth_require_tls": scheme != "smtps",
    }
    with mail_server.served(post, **tls, **options) as port:
        url = f"{scheme}://portal:p%40ss%3Aword%2F%25@localhost:{port}"
        SmtpEmail(url, FROM, tls=client).send(LETTER, soon())
        assert len(post.taken) == 1
        with pytest.raises(TemporaryRefusal, match="sign-in"):
            SmtpEmail(f"{scheme}://portal:wrong@localhost:{port}", FROM, tls=client).send(
                LETTER, soon()
            )
        with pytest.raises(TemporaryRefusal, match="CERTIFICATE_VERIFY_FAILED"):
            SmtpEmail(url, FROM).send(LETTER, soon())
    assert len(post.taken) == 1


def test_encryption_that_was_asked_for_is_not_done_without() -> None:
    post = Post()
    with mail_server.served(post) as port, pytest.raises(TemporaryRefusal):
        SmtpEmail(f"smtp+starttls://127.0.0.1:{port}", FROM).send(LETTER, soon())
    assert post.taken == []


@pytest.mark.parametrize(
    "url", ["http://mail.test", "smtp://", "mail.test:25", "smtp://a:%C3%BF@b.test"]
)
def test_an_address_that_is_no_mail_server_is_named(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpEmail(url, FROM)


def test_production_makes_no_mailbox(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SMTP_URL"):
        Mailbox(Settings(mode="production", data_dir=tmp_path))
