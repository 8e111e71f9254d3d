"""The demo's local mailbox and phone: e-mails and texts kept in a file instead of being sent.

They take and refuse what the real ones take and refuse, so that a page seen in the demo is the page
seen in production. Production refuses to make them.
"""

import email
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from onboarding import clock, tokens
from onboarding.config import Misconfigured, Settings
from onboarding.gateways.email import Accepted, OutgoingEmail, as_mime, envelope
from onboarding.gateways.refusals import PermanentRefusal, TemporaryRefusal
from onboarding.gateways.sms import OutgoingSms

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_TABLE = """
create table if not exists arrivals (
  number integer primary key autoincrement,
  channel text not null, recipient text not null, sender text not null,
  content blob not null, provider_id text not null, at text not null
);
create index if not exists arrivals_recipient on arrivals (channel, recipient, number);
"""


@dataclass(frozen=True)
class Arrival:
    """One e-mail (`content` as it went over the wire) or text (UTF-8) in the local mailbox."""

    number: int
    channel: str
    recipient: str
    sender: str
    content: bytes
    provider_id: str
    at: datetime

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def mail(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=policy.default)

    @property
    def head(self) -> EmailMessage:
        """The headers alone: a list of mails need not read what is attached to each."""
        headers = _BLANK_LINE.split(self.content, maxsplit=1)[0]
        return email.message_from_bytes(headers, policy=policy.default)


class Mailbox:
    """The file. Any process of the demo may write to it and read from it."""

    def __init__(self, settings: Settings) -> None:
        if settings.is_production:
            raise Misconfigured(
                ["The local mailbox is for the demo only: set SMTP_URL and TWILIO_ACCOUNT_SID."]
            )
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._path: Path = settings.data_dir / "mailbox.db"
        with self._open() as db:
            db.execute("pragma journal_mode=wal")
            db.executescript(_TABLE)

    def keep(self, channel: str, recipient: str, sender: str, content: bytes, mark: str) -> None:
        with self._open() as db, db:
            db.execute(
                "insert into arrivals (channel, recipient, sender, content, provider_id, at)"
                " values (?, ?, ?, ?, ?, ?)",
                (channel, recipient, sender, content, mark, clock.now().isoformat()),
            )

    def latest(self, channel: str, most: int = 40) -> Sequence[Arrival]:
        """The newest first."""
        return self._found("channel = ? order by number desc limit ?", channel, most)

    def one(self, number: int) -> Arrival | None:
        found = self._found("number = ?", number)
        return found[0] if found else None

    def newest_number(self) -> int:
        with self._open() as db:
            number: int | None = db.execute("select max(number) from arrivals").fetchone()[0]
            return number or 0

    def texts_to(self, number: str, since: datetime) -> Sequence[Arrival]:
        return [
            arrival
            for arrival in self._found("channel = 'sms' and recipient = ? order by number", number)
            if arrival.at >= since
        ]

    def _found(self, condition: str, *values: object) -> Sequence[Arrival]:
        columns = "number, channel, recipient, sender, content, provider_id, at"
        with self._open() as db:
            # Only the sentences above come here, and every value is bound.
            rows = db.execute(f"select {columns} from arrivals where {condition}", values)  # noqa: S608
            return [_read(*row) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=30)) as db:
            yield db


class MailboxEmail:
    """The local stand-in for a mail server."""

    def __init__(self, settings: Settings, mailbox: Mailbox) -> None:
        self._mail_from = settings.mail_from
        self._mailbox = mailbox

    def send(self, email: OutgoingEmail, deadline: float) -> Accepted:
        content = as_mime(email, self._mail_from).as_bytes(policy=policy.SMTP)
        _refuse_late(deadline)
        self._mailbox.keep("email", envelope(email.to), self._mail_from, content, email.message_id)
        return Accepted(None, "Kept in the local mailbox.", is_delivered=True)

    def check(self) -> str:
        return f"E-mail stays in the local mailbox, {self._mailbox.newest_number()} so far."


class MailboxSms:
    """The local stand-in for Twilio and a phone."""

    def __init__(self, settings: Settings, mailbox: Mailbox) -> None:
        self._sender = settings.twilio_from or "Portal"
        self._mailbox = mailbox

    def send(self, sms: OutgoingSms, deadline: float) -> Accepted:
        if not _E164.fullmatch(sms.to):
            raise PermanentRefusal("Twilio 21211: this is not a phone number.")
        _refuse_late(deadline)
        mark = f"SM{tokens.new_id()}"
        self._mailbox.keep("sms", sms.to, self._sender, sms.text.encode(), mark)
        return Accepted(mark, "Kept on the local phone.", is_delivered=True)

    def look_up(self, sms: OutgoingSms, since: datetime) -> Sequence[Accepted]:
        return [
            Accepted(text.provider_id, "Found on the local phone.", is_delivered=True)
            for text in reversed(self._mailbox.texts_to(sms.to, since))
            if text.text == sms.text
        ]

    def check(self) -> str:
        return "Texts stay on the local phone."


def _read(
    number: int, channel: str, recipient: str, sender: str, content: bytes, mark: str, at: str
) -> Arrival:
    arrived = datetime.fromisoformat(at)
    return Arrival(number, channel, recipient, sender, content, mark, arrived)


def _refuse_late(deadline: float) -> None:
    if clock.monotonic() >= deadline:
        raise TemporaryRefusal("There was no time left to hand the message over.")
